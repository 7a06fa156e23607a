//! Which directory of a host an import path leads to, and which path leads to a directory.
//!
//! From `go.mod` where there is one; in a tree for a GOPATH from what files of the host import each other as.

use crate::Source;
use crate::roots::normalised;
use tenon_text::names::unquoted as without_quotes;

use super::file::File;

/// How many files are read at most to find out what a GOPATH tree is called.
const MAX_READ: usize = 400;
/// How many directories deep they are looked for.
const MAX_DEPTH: usize = 8;

/// The modules of a host: import path and directory, the longest directory first.
#[derive(Clone, Debug, Default)]
pub struct Modules(Vec<(String, String)>);

impl Modules {
    /// The modules that are needed to speak of the directory `dir`.
    pub fn read(source: &dyn Source, dir: &str) -> Self {
        let mut at = dir;
        loop {
            let path = join(at, "go.mod");
            if let Some(text) = source.text(&path) {
                return Self::of_manifest(source, &text, at);
            }
            let Some((above, _)) = at.rsplit_once('/') else {
                if at.is_empty() {
                    break;
                }
                at = "";
                continue;
            };
            at = above;
        }
        Self(
            gopath(source, dir)
                .map(|path| (path, String::new()))
                .into_iter()
                .collect(),
        )
    }

    fn of_manifest(source: &dyn Source, text: &str, dir: &str) -> Self {
        let mut out = vec![];
        let name = text.lines().find_map(|line| line.trim().strip_prefix("module "));
        if let Some(name) = name {
            out.push((unquoted(name), dir.to_owned()));
        }
        // Other modules of the same host, by `replace` with a path.
        for line in text
            .lines()
            .map(|line| line.trim().trim_start_matches("replace "))
        {
            let Some((module, to)) = line.split_once("=>") else {
                continue;
            };
            let to = unquoted(to);
            let Some(module) = module.split_whitespace().next() else {
                continue;
            };
            if let Some(to) = to.starts_with('.').then(|| normalised(dir, &to)).flatten()
                && source.exists(&join(&to, "go.mod"))
            {
                out.push((unquoted(module), to));
            }
        }
        out.sort_by_key(|(_, dir)| std::cmp::Reverse(dir.len()));
        Self(out)
    }

    /// The path under which files import the package in `dir`.
    pub fn path_of(&self, dir: &str) -> Option<String> {
        self.0.iter().find_map(|(path, root)| {
            let below = below(dir, root)?;
            Some(if below.is_empty() {
                path.clone()
            } else {
                format!("{path}/{below}")
            })
        })
    }

    /// The directory of the package at an import path, if it is one of the host, or below `vendor`.
    pub fn dir_of(&self, source: &dyn Source, import: &str) -> Option<String> {
        let own = self
            .0
            .iter()
            .find_map(|(path, root)| Some(join(root, below(import, path)?)));
        own.or_else(|| {
            let roots = self.0.iter().map(|(_, root)| root.as_str());
            let dirs = roots.map(|root| join(root, &format!("vendor/{import}")));
            let mut dirs = dirs.filter(|dir| !source.names(dir).is_empty());
            dirs.next()
        })
    }
}

/// `dir/name`, also for the root.
pub fn join(dir: &str, name: &str) -> String {
    match (dir, name) {
        ("", name) => name.to_owned(),
        (dir, "") => dir.to_owned(),
        (dir, name) => format!("{dir}/{name}"),
    }
}

/// What stands of `path` below `root`.
fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(root)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

fn unquoted(text: &str) -> String {
    let text = text.split("//").next().unwrap_or_default().trim();
    without_quotes(text.split_whitespace().next().unwrap_or_default()).to_owned()
}

/// What a tree without `go.mod` is called: what most of its files put before the directories that they import.
fn gopath(source: &dyn Source, wanted: &str) -> Option<String> {
    let mut votes: Vec<(String, usize)> = vec![];
    let mut dirs = vec![(String::new(), 0)];
    let mut read = 0;
    while let Some((dir, depth)) = dirs.pop() {
        for name in source.names(&dir) {
            let path = join(&dir, &name);
            if let Some(text) = name.ends_with(".go").then(|| source.text(&path)).flatten() {
                read += 1;
                for spec in File::parse(&text).0.imports {
                    if let Some(root) = root_of(source, &spec.path, wanted) {
                        match votes.iter_mut().find(|(known, _)| *known == root) {
                            Some((_, count)) => *count += 1,
                            None => votes.push((root, 1)),
                        }
                    }
                }
            } else if depth < MAX_DEPTH
                && !name.starts_with(['.', '_'])
                && !name.contains('.')
                && name != "vendor"
            {
                dirs.push((path, depth + 1));
            }
            if read > MAX_READ {
                break;
            }
        }
    }
    votes
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(root, _)| root)
}

/// What stands in `import` before the longest end that is a directory of the host with Go files.
fn root_of(source: &dyn Source, import: &str, wanted: &str) -> Option<String> {
    if let Some(root) = import
        .strip_suffix(wanted)
        .and_then(|root| root.strip_suffix('/'))
        && !wanted.is_empty()
    {
        return Some(root.to_owned());
    }
    let has_code = |dir: &str| source.names(dir).iter().any(|name| name.ends_with(".go"));
    let ends = import.match_indices('/').map(|(at, _)| at);
    let mut ends = ends.filter(|at| has_code(&import[at + 1..]));
    let root = &import[..ends.next()?];
    root.contains('.').then(|| root.to_owned())
}
