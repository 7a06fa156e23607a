//! Where a host may have members: directories whose children look alike, and files that name most of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use tenon_engine::host::Host;
use tenon_syntax::entry::learn::NameIndex;
use tenon_text::names::{extension, in_dir};

use crate::members::{Home, NAME, is_name};
use crate::shared;

/// Fewer children show no shape.
const LEAST: usize = 4;
/// The most directories whose names are looked for.
const MAX_HOMES: usize = 200;
/// The most that are shown.
const MAX_SHOWN: usize = 12;

/// A place where members may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The place as a pattern: `plugins/{name}`.
    pub place: String,
    /// The names of what stands there.
    pub members: Vec<String>,
    /// The files that name at least half of them, and how many they name; most first.
    pub listed_in: Vec<(String, usize)>,
}

/// The places in `host` where members may be, those that most files speak of first.
pub fn candidates(host: &Host) -> Vec<Candidate> {
    let all = shared::files(host);
    let mut found = homes(&all);
    found.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    found.truncate(MAX_HOMES);
    // All names are looked for at once.
    let names: BTreeSet<&str> = found
        .iter()
        .flat_map(|(_, names)| names.iter().map(String::as_str))
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    let index = NameIndex::new(names.iter().copied());
    let keys: Vec<BTreeSet<usize>> = found
        .iter()
        .map(|(_, names)| names.iter().filter_map(|name| index.member(name)).collect())
        .collect();
    let mut out: Vec<Candidate> = found
        .iter()
        .map(|(home, names)| Candidate {
            place: home.pattern(),
            members: names.clone(),
            listed_in: vec![],
        })
        .collect();
    let paths: Vec<&String> = all.iter().filter(|path| shared::is_written(path)).collect();
    for (path, _, named) in shared::named(host, &paths, &index) {
        for ((candidate, keys), (home, _)) in out.iter_mut().zip(&keys).zip(&found) {
            let count = named.intersection(keys).count();
            if count * 2 >= keys.len() && keys.len() >= LEAST && home.name_of(path).is_none() {
                candidate.listed_in.push((path.to_owned(), count));
            }
        }
    }
    out.retain(|candidate| !candidate.listed_in.is_empty());
    for candidate in &mut out {
        candidate
            .listed_in
            .sort_by_key(|(path, count)| (std::cmp::Reverse(*count), path.clone()));
    }
    out.sort_by_key(|candidate| {
        std::cmp::Reverse((candidate.listed_in.len().min(5), candidate.members.len()))
    });
    out.truncate(MAX_SHOWN);
    out
}

/// The directories whose children look alike, with the names of these.
fn homes(all: &[String]) -> Vec<(Home, Vec<String>)> {
    let mut dirs: BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    let mut files: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for path in all {
        let (dir, name) = in_dir(path);
        if let Some(extension) = extension(name) {
            let stem = &name[..name.len() - extension.len() - 1];
            files.entry((dir, extension)).or_default().insert(stem);
        }
        let mut parent = dir;
        let mut depth = 0;
        while !parent.is_empty() && depth < 4 {
            let (above, child) = in_dir(parent);
            let rest = &path[parent.len() + 1..];
            if rest.matches('/').count() < 2 {
                dirs.entry(above)
                    .or_default()
                    .entry(child)
                    .or_default()
                    .insert(rest.replace(child, NAME));
            }
            parent = above;
            depth += 1;
        }
    }
    let mut out = Vec::new();
    for (dir, children) in &dirs {
        let before = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let mut prefixes: BTreeSet<&str> = BTreeSet::from([""]);
        prefixes.extend(
            children
                .keys()
                .filter_map(|name| name.find('-').map(|at| &name[..=at])),
        );
        for prefix in prefixes {
            let alike: BTreeMap<&str, &BTreeSet<String>> = children
                .iter()
                .filter_map(|(name, files)| Some((name.strip_prefix(prefix)?, files)))
                .collect();
            let names = of_one_shape(&alike);
            if names.len() >= LEAST {
                out.push((
                    Home {
                        before: format!("{before}{prefix}"),
                        behind: String::new(),
                        is_file: false,
                    },
                    names,
                ));
            }
        }
    }
    for ((dir, extension), stems) in files {
        let names: Vec<String> = stems
            .into_iter()
            .filter(|stem| is_name(stem))
            .map(str::to_owned)
            .collect();
        if names.len() >= LEAST {
            let before = if dir.is_empty() {
                String::new()
            } else {
                format!("{dir}/")
            };
            out.push((
                Home {
                    before,
                    behind: format!(".{extension}"),
                    is_file: true,
                },
                names,
            ));
        }
    }
    out
}

/// The names of the children that have a file which at least half of them have.
fn of_one_shape(children: &BTreeMap<&str, &BTreeSet<String>>) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for files in children.values() {
        for file in *files {
            *counts.entry(file).or_default() += 1;
        }
    }
    let half = children.len().div_ceil(2);
    let is_usual = |files: &BTreeSet<String>| files.iter().any(|file| counts[file] >= half);
    let alike = children
        .iter()
        .filter(|(name, files)| is_name(name) && is_usual(files));
    alike.map(|(name, _)| (*name).to_owned()).collect()
}
