//! Where sources stand: directories below which files are called as code names them, in each module of a host; paths that are relative.

use crate::Source;

/// How many directories deep they are looked for, and in how many.
const MAX_DEPTH: usize = 6;
const MAX_DIRS: usize = 4000;

/// `dir/name`, also where one of the two is empty.
pub fn joined(dir: &str, name: &str) -> String {
    match (dir, name) {
        ("", name) | (name, "") => name.to_owned(),
        (dir, name) => format!("{dir}/{name}"),
    }
}

/// `dir` and `relative` as one path without `.` and `..`; nothing if it leads out of the host.
pub fn normalised(dir: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The directories called `name`, the outermost first, of which `depth` are looked through from the root downwards. Nothing is looked for in
/// them, nor in directories that are called as one of `skipped` or have a dot in their names.
pub fn dirs_called(source: &dyn Source, name: &str, depth: usize, skipped: &[&str]) -> Vec<String> {
    let (mut out, mut looked) = (vec![], 0);
    let mut level = vec![String::new()];
    for _ in 0..depth {
        let mut next = vec![];
        for dir in &level {
            looked += 1;
            if looked > MAX_DIRS {
                break;
            }
            for below in source.names(dir) {
                let path = joined(dir, &below);
                if below == name {
                    out.extend(Some(path).filter(|path| source.is_dir(path)));
                } else if !below.contains('.') && !skipped.contains(&&*below) {
                    next.push(path);
                }
            }
        }
        level = next;
    }
    out
}

/// The directories `src/SET/NAME` of all modules, the set `main` first; `src` itself where there are none.
pub fn source_roots(source: &dyn Source, name: &str, skipped: &[&str]) -> Vec<String> {
    let mut out = vec![];
    for src in dirs_called(source, "src", MAX_DEPTH, skipped) {
        let mut sets = source.names(&src);
        sets.sort_by_key(|set| (set != "main", set.clone()));
        let sets = sets.iter().map(|set| format!("{src}/{set}/{name}"));
        let before = out.len();
        out.extend(sets.filter(|set| source.is_dir(set)));
        if out.len() == before {
            out.push(src);
        }
    }
    out
}
