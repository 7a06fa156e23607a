//! Directories as they are listed: what stands in one, told without asking for each name.
//!
//! A host in which nothing changes while it is looked at keeps what it listed, and which directories no symbolic link
//! leads through.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use tenon_text::disk;
use tenon_text::names::in_dir;

use super::{Host, lock};

/// When so many names of one directory were asked for one by one, it is listed: what is asked next is known then.
const LISTED_AFTER: usize = 5;

/// From how many paths on it is worth while to look at them by all cores.
const MANY: usize = 1000;

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link, or what is neither.
    Other,
}

/// The names in a directory, sorted, each with what it is.
pub type Names = Vec<(String, Kind)>;

/// What is known of the directories of a host.
#[derive(Default)]
pub struct Dirs {
    /// Whether what was listed is kept.
    pub keeps: bool,
    /// Directories that are reached through no symbolic link.
    plain: Mutex<HashSet<String>>,
    listed: Mutex<HashMap<String, Option<Arc<Names>>>>,
    /// What was asked for one by one.
    kinds: Mutex<HashMap<String, Option<Kind>>>,
    /// How many names were asked for one by one, by directory.
    counts: Mutex<HashMap<String, usize>>,
}

impl Dirs {
    /// Every path that was listed or asked for, and whether something stood there.
    pub fn looked_at(&self) -> BTreeMap<String, bool> {
        let (listed, kinds) = (lock(&self.listed), lock(&self.kinds));
        let listed = listed.iter().map(|(path, names)| (path.clone(), names.is_some()));
        let asked = kinds.iter().map(|(path, kind)| (path.clone(), kind.is_some()));
        listed.chain(asked).collect()
    }

    /// Keeps what stands at `path`.
    pub fn asked(&self, path: &str, kind: Option<Kind>) {
        if self.keeps {
            lock(&self.kinds).insert(path.to_owned(), kind);
        }
    }

    /// What stands at `path`, as far as its directory was listed or it was asked for; nothing within if there is no such name.
    pub fn known(&self, path: &str) -> Option<Option<Kind>> {
        if !self.keeps {
            return None;
        }
        let (dir, name) = in_dir(path);
        if matches!(name, "" | "." | "..") {
            return None;
        }
        let listed = lock(&self.listed).get(dir).cloned().flatten();
        let Some(names) = listed else {
            let known = lock(&self.kinds).get(path).copied();
            // Below a file, and below nothing, nothing stands.
            let is_below = |dir| matches!(self.known(dir), Some(None | Some(Kind::File)));
            return known.or_else(|| is_below(dir).then_some(None));
        };
        let at = names.binary_search_by(|(known, _)| known.as_str().cmp(name));
        match at {
            Ok(at) => Some(Some(names[at].1)),
            // There a file may be found by another spelling of its name.
            Err(_) if cfg!(any(windows, target_vendor = "apple")) => None,
            Err(_) => Some(None),
        }
    }

    /// Counts that a name of the directory of `path` is asked for; the directory, if it is time to list it. One of installed
    /// packages may hold thousands.
    fn is_asked_again<'p>(&self, path: &'p str) -> Option<&'p str> {
        if !self.keeps {
            return None;
        }
        let (dir, _) = in_dir(path);
        let mut counts = lock(&self.counts);
        match counts.get_mut(dir) {
            Some(times) => {
                *times += 1;
                let is_own = || dir.split('/').all(|name| name != "node_modules");
                (*times == LISTED_AFTER && is_own()).then_some(dir)
            }
            None => {
                counts.insert(dir.to_owned(), 1);
                None
            }
        }
    }
}

impl Host {
    /// What the directory at `path` (the root when empty) lists, wherever it leads; nothing if there is none. Names that are
    /// not Unicode are left out.
    pub(super) fn listing(&self, path: &str) -> Option<Arc<Names>> {
        if let Some(known) = lock(&self.dirs.listed).get(path) {
            return known.clone();
        }
        let found = self.list(path).map(Arc::new);
        if self.dirs.keeps {
            lock(&self.dirs.listed).insert(path.to_owned(), found.clone());
        }
        found
    }

    fn list(&self, path: &str) -> Option<Names> {
        let listed = self.root.list(path);
        let mut names = listed.unwrap_or_else(|error| {
            self.unknown.add(path, &error);
            None
        })?;
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Some(names)
    }

    /// What the directory at `path` (the root when empty) lists, if it is a part of the host.
    pub(super) fn names_on_disk(&self, path: &str) -> Option<Arc<Names>> {
        if !self.is_plain_dir(path) {
            let (above, _) = in_dir(path);
            if self.kind(path)? == Kind::File && self.is_plain_dir(above) {
                return None;
            }
            // What a symbolic link leads to may be no part of it.
            let real = match self.at(path).canonicalize() {
                Err(error) if !disk::is_absent(&error) => {
                    self.unknown.add(path, &error);
                    return None;
                }
                real => real.ok()?,
            };
            if !real.starts_with(&self.root.path) {
                return None;
            }
        }
        self.listing(path)
    }

    /// Whether a directory stands at `path` (the root when empty) to which no symbolic link leads.
    pub(super) fn is_plain_dir(&self, path: &str) -> bool {
        if path.is_empty() || lock(&self.dirs.plain).contains(path) {
            return true;
        }
        let (above, _) = in_dir(path);
        if !self.is_plain_dir(above) || self.kind(path) != Some(Kind::Dir) {
            return false;
        }
        if self.dirs.keeps {
            lock(&self.dirs.plain).insert(path.to_owned());
        }
        true
    }

    /// Looks at many paths that will be asked for, by all cores.
    pub(super) fn foresee<'p>(&self, paths: impl ExactSizeIterator<Item = &'p str>) {
        if paths.len() < MANY || !self.dirs.keeps {
            return;
        }
        let paths: Vec<&str> = paths.filter(|path| self.dirs.known(path).is_none()).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let root = &self.root;
        let look =
            |paths: &[&str]| -> Vec<Option<Kind>> { paths.iter().map(|path| root.kind(path)).collect() };
        let found: Vec<Vec<Option<Kind>>> = std::thread::scope(|scope| {
            let shares = paths.chunks(paths.len().div_ceil(threads).max(1));
            let running: Vec<_> = shares.map(|share| scope.spawn(move || look(share))).collect();
            running
                .into_iter()
                .map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        });
        let mut kinds = lock(&self.dirs.kinds);
        let found = paths.into_iter().zip(found.into_iter().flatten());
        kinds.extend(found.map(|(path, kind)| (path.to_owned(), kind)));
    }

    /// What stands at `path` itself; nothing if nothing does.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        if let Some(known) = self.dirs.known(path) {
            return known;
        }
        if let Some(dir) = self.dirs.is_asked_again(path)
            && self.listing(dir).is_some()
            && let Some(known) = self.dirs.known(path)
        {
            return known;
        }
        let kind = self.root.kind(path);
        self.dirs.asked(path, kind);
        kind
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::host::HostPath;

    #[test]
    fn many_paths_are_looked_at_at_once_and_each_for_itself() {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..MANY + 7 {
            let at = dir.path().join(format!("{n}"));
            std::fs::create_dir(&at).unwrap();
            if n % 3 == 0 {
                std::fs::write(at.join("x"), "").unwrap();
            }
        }
        let plain = Host::open(dir.path()).unwrap();
        let found = plain.still().glob("{n}/x");
        assert_eq!(found.len(), (MANY + 7).div_ceil(3));
        assert_eq!(found, plain.glob("{n}/x"));
    }

    #[test]
    fn what_is_kept_says_what_the_system_says() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        std::fs::create_dir_all(at("a/b/c")).unwrap();
        std::fs::write(at("a/b/x.ts"), "x").unwrap();
        std::fs::write(at("a/y.ts"), "y").unwrap();
        symlink("b", at("a/in")).unwrap();
        symlink("b/x.ts", at("a/to.ts")).unwrap();
        symlink("none", at("a/gone")).unwrap();
        symlink("/etc", at("a/out")).unwrap();
        let plain = Host::open(dir.path()).unwrap();
        let still = plain.still();
        let paths = [
            "a",
            "a/b",
            "a/b/c",
            "a/b/x.ts",
            "a/y.ts",
            "a/in",
            "a/in/x.ts",
            "a/to.ts",
            "a/gone",
            "a/out",
            "a/out/hostname",
            "a/none",
            "a/b/none.ts",
            "a/y.ts/z",
            "none/x",
        ];
        // Before anything was listed, and after all was.
        for _ in 0..2 {
            for path in paths {
                let host_path = HostPath::new(path).unwrap();
                assert_eq!(still.exists_file(path), plain.exists_file(path), "{path}");
                assert_eq!(still.exists_dir(path), plain.exists_dir(path), "{path}");
                assert_eq!(still.exists(&host_path), plain.exists(&host_path), "{path}");
                let read = |host: &Host| match host.still().read(&host_path) {
                    Ok(text) => format!("{text:?}"),
                    Err(error) => error.message().to_owned(),
                };
                assert_eq!(read(&still), read(&plain.afresh(&plain.instead)), "{path}");
                assert_eq!(
                    still.read_bytes(&host_path).ok(),
                    plain.read_bytes(&host_path).ok(),
                    "{path}"
                );
            }
            for path in paths.iter().chain(&[""]) {
                assert_eq!(still.names(path), plain.names(path), "{path}");
                let walked = |host: &Host| host.files_below(path, &["ts"], 16);
                assert_eq!(walked(&still), walked(&plain), "{path}");
            }
            for pattern in [
                "a/{name}/x.ts",
                "a/*",
                "a/*/*",
                "*/b/*.ts",
                "a/y.ts/*",
                "a/none/*",
            ] {
                assert_eq!(still.glob(pattern), plain.glob(pattern), "{pattern}");
            }
        }
        assert!(still.names("a/out").is_empty());
        assert_eq!(still.files_below("a", &["ts"], 16), ["a/b/x.ts", "a/y.ts"]);
    }
}
