//! Source roots: directories below which directories are called as packages are, in each module of a host.

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

/// The directories `src/SET/NAME` of all modules, the set `main` first; `src` itself where there are none. Nothing is looked for in
/// directories that are called as one of `skipped`, or have a dot in their names.
pub fn source_roots(source: &dyn Source, name: &str, skipped: &[&str]) -> Vec<String> {
    let (mut out, mut looked) = (vec![], 0);
    let mut level = vec![String::new()];
    for _ in 0..MAX_DEPTH {
        let mut next = vec![];
        for dir in &level {
            looked += 1;
            if looked > MAX_DIRS {
                break;
            }
            for below in source.names(dir) {
                let path = joined(dir, &below);
                if below == "src" {
                    let mut sets = source.names(&path);
                    sets.sort_by_key(|set| (set != "main", set.clone()));
                    let sets = sets.iter().map(|set| format!("{path}/{set}/{name}"));
                    let before = out.len();
                    out.extend(sets.filter(|set| source.is_dir(set)));
                    if out.len() == before {
                        out.push(path);
                    }
                } else if !below.contains('.') && !skipped.contains(&&*below) {
                    next.push(path);
                }
            }
        }
        level = next;
    }
    out
}
