//! From a module specifier to a file: relative paths, aliases, a package's own name. Reads nothing but whether
//! files exist.

use crate::Source;
use tenon_text::names::in_dir;

/// Where a specifier leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A file of the package.
    File(String),
    /// Another package.
    External,
    /// A file that should be there and is not.
    Missing,
}

/// The rules of one package.
pub(super) struct Resolver {
    /// The entry file.
    pub entry: String,
    /// The name under which others import the entry.
    pub specifier: String,
    /// Prefixes that stand for folders.
    pub aliases: Vec<(String, String)>,
}

impl Resolver {
    /// Whether `specifier` leads to another package wherever it stands.
    pub fn is_elsewhere(&self, specifier: &str) -> bool {
        specifier != self.specifier
            && !specifier.starts_with('.')
            && !self
                .aliases
                .iter()
                .any(|(prefix, _)| specifier.starts_with(prefix.as_str()))
    }

    /// Where `specifier`, written in the file `from`, leads.
    pub fn resolve(&self, source: &dyn Source, from: &str, specifier: &str) -> Target {
        if specifier == self.specifier {
            return Target::File(self.entry.clone());
        }
        if specifier == "."
            || specifier == ".."
            || specifier.starts_with("./")
            || specifier.starts_with("../")
        {
            let (dir, _) = in_dir(from);
            return match join(dir, specifier) {
                Some(path) => file_at(source, &path).map_or(Target::Missing, Target::File),
                None => Target::Missing,
            };
        }
        for (prefix, folder) in &self.aliases {
            if let Some(rest) = specifier.strip_prefix(prefix.as_str()) {
                let path = join(folder.trim_end_matches('/'), rest);
                if let Some(file) = path.and_then(|path| file_at(source, &path)) {
                    return Target::File(file);
                }
            }
        }
        Target::External
    }
}

/// `dir` and `relative` as one normalised path; `None` if it leads out of the root.
fn join(dir: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file that the extensionless (or `.js`) `path` stands for.
fn file_at(source: &dyn Source, path: &str) -> Option<String> {
    let scripts = [
        (".js", [".ts", ".d.ts", ".tsx"]),
        (".mjs", [".mts", ".d.mts", ".ts"]),
        (".cjs", [".cts", ".d.cts", ".ts"]),
    ];
    let mut tried = String::with_capacity(path.len() + 16);
    let mut is_there = |stem: &str, with: &str| {
        tried.clear();
        tried.push_str(stem);
        tried.push_str(with);
        source.exists(&tried).then(|| tried.clone())
    };
    for (extension, instead) in scripts {
        if let Some(stem) = path.strip_suffix(extension) {
            let found = instead.iter().find_map(|with| is_there(stem, with));
            if found.is_some() {
                return found;
            }
        }
    }
    let is_file = [".ts", ".tsx", ".mts", ".cts"]
        .iter()
        .any(|extension| path.ends_with(extension));
    if is_file && source.exists(path) {
        return Some(path.to_owned());
    }
    if path.is_empty() {
        return ["index.ts", "index.d.ts", "index.tsx"]
            .iter()
            .find_map(|name| is_there("", name));
    }
    [".ts", ".d.ts", ".tsx", "/index.ts", "/index.d.ts", "/index.tsx"]
        .iter()
        .find_map(|with| is_there(path, with))
}
