//! Lists directories of the host and looks up single entries, through the cache in [`dirs`](super::dirs).

use std::panic::resume_unwind;
use std::sync::Arc;

use tenon_text::diag::Error;
use tenon_text::disk;
use tenon_text::names::in_dir;

use super::Host;
use super::dirs::{EntryKind, Listing, lock};

/// Fewest paths for which threads pay.
const MANY: usize = 1000;

impl Host {
    /// The entries of the directory at `path` (the root when empty), even if a symbolic link leads out of the host; `None` if
    /// there is no such directory. Names that are not Unicode are left out.
    pub(super) fn listing(&self, path: &str) -> Option<Arc<Listing>> {
        if let Some(known) = lock(&self.dirs.listed).get(path) {
            return known.clone();
        }
        let found = self.list(path).map(Arc::new);
        if self.dirs.keeps {
            lock(&self.dirs.listed).insert(path.to_owned(), found.clone());
        }
        found
    }

    fn list(&self, path: &str) -> Option<Listing> {
        let listed = self.root.list(path);
        let listed = listed.unwrap_or_else(|error| {
            self.unreadable.add(path, &error);
            None
        });
        let added = self.replaced_in(path);
        if listed.is_none() && added.is_empty() {
            return None;
        }
        let mut names = listed.unwrap_or_default();
        names.extend(added);
        // The sort is stable: what is on disk stays what it is there.
        names.sort_by(|a, b| a.0.cmp(&b.0));
        names.dedup_by(|later, first| later.0 == first.0);
        Some(names)
    }

    /// The entries that the replaced texts give the directory at `path`.
    fn replaced_in(&self, path: &str) -> Listing {
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let below = self.replaced.range(prefix.clone()..);
        let below = below.map_while(|(path, _)| path.strip_prefix(&prefix));
        let mut out: Listing = below
            .map(|rest| match rest.split_once('/') {
                Some((dir, _)) => (dir.to_owned(), EntryKind::Dir),
                None => (rest.to_owned(), EntryKind::File),
            })
            .collect();
        out.dedup();
        out
    }

    /// The entries of the directory at `path` (the root when empty), if it lies inside the host.
    pub(super) fn listing_inside(&self, path: &str) -> Option<Arc<Listing>> {
        if !self.is_plain_dir(path) {
            let (above, _) = in_dir(path);
            if self.kind(path)? == EntryKind::File && self.is_plain_dir(above) {
                return None;
            }
            // A symbolic link may lead out of the host.
            let real = match self.at(path).canonicalize() {
                Err(error) if !disk::is_absent(&error) => {
                    self.unreadable.add(path, &error);
                    return None;
                }
                Err(_) => {
                    self.doubt_link(path, "to nothing");
                    return None;
                }
                Ok(real) => real,
            };
            if !real.starts_with(&self.root.path) {
                self.doubt_link(path, "out of the host");
                return None;
            }
        }
        self.listing(path)
    }

    /// Records that a symbolic link keeps the directory at `path` from being looked into. Builds leave such links in the root.
    fn doubt_link(&self, path: &str, leads: &str) {
        if path.contains('/')
            && self.kind(path) == Some(EntryKind::Other)
            && !disk::is_file(&self.at(path)).unwrap_or(false)
        {
            let error = Error::new(format!("`{path}` is a symbolic link {leads}"));
            let error =
                error.help("put the directory itself there: tenon neither reads nor writes through it");
            self.doubt_because(path, Some(error));
        }
    }

    /// Whether `path` (the root when empty) is a directory that is reached through no symbolic link.
    pub(super) fn is_plain_dir(&self, path: &str) -> bool {
        if path.is_empty() || lock(&self.dirs.plain).contains(path) {
            return true;
        }
        let (above, _) = in_dir(path);
        if !self.is_plain_dir(above) || self.kind(path) != Some(EntryKind::Dir) {
            return false;
        }
        if self.dirs.keeps {
            lock(&self.dirs.plain).insert(path.to_owned());
        }
        true
    }

    /// Looks up many paths in parallel and caches their entries.
    pub(super) fn prefetch<'p>(&self, paths: impl ExactSizeIterator<Item = &'p str>) {
        if paths.len() < MANY || !self.dirs.keeps {
            return;
        }
        let paths: Vec<&str> = paths.filter(|path| self.dirs.known(path).is_none()).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let root = &self.root;
        let look_up =
            |paths: &[&str]| -> Vec<Option<EntryKind>> { paths.iter().map(|path| root.kind(path)).collect() };
        let found: Vec<Vec<Option<EntryKind>>> = std::thread::scope(|scope| {
            let shares = paths.chunks(paths.len().div_ceil(threads).max(1));
            let running: Vec<_> = shares.map(|share| scope.spawn(move || look_up(share))).collect();
            running
                .into_iter()
                .map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        });
        let mut entries = lock(&self.dirs.entries);
        let found = paths.into_iter().zip(found.into_iter().flatten());
        entries.extend(found.map(|(path, kind)| (path.to_owned(), kind)));
    }

    /// The type of the entry at `path`, links not followed; `None` if nothing exists there.
    pub(super) fn kind(&self, path: &str) -> Option<EntryKind> {
        let on_disk = self.kind_on_disk(path);
        if on_disk.is_some() || self.replaced.is_empty() {
            return on_disk;
        }
        if self.replaced.contains_key(path) {
            return Some(EntryKind::File);
        }
        (!self.replaced_in(path).is_empty()).then_some(EntryKind::Dir)
    }

    fn kind_on_disk(&self, path: &str) -> Option<EntryKind> {
        if let Some(known) = self.dirs.known(path) {
            return known;
        }
        if let Some(dir) = self.dirs.directory_to_list(path)
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
                assert_eq!(read(&still), read(&plain.afresh(&plain.replaced)), "{path}");
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

    #[test]
    fn a_text_in_place_of_a_file_makes_its_directories() {
        let texts = ["p/a/x.json", "p/b/x.json"].map(|path| (path.to_owned(), "{}".into()));
        let host =
            Host::empty(std::path::Path::new("/dev/null/host")).afresh(&std::sync::Arc::new(texts.into()));
        for host in [host.still(), host] {
            let found: Vec<String> = host
                .glob("p/{name}/x.json")
                .into_iter()
                .map(|found| found.path)
                .collect();
            assert_eq!(found, ["p/a/x.json", "p/b/x.json"]);
            assert_eq!(host.names("p"), ["a", "b"]);
            assert_eq!(host.files_below("", &["json"], 16), ["p/a/x.json", "p/b/x.json"]);
            assert!(host.exists_dir("p/a") && !host.exists_dir("p/c") && !host.exists_file("p/a"));
        }
    }

    #[test]
    fn a_text_behind_a_link_opens_no_way_out_of_the_host() {
        let dir = tempfile::tempdir().unwrap();
        symlink("/etc", dir.path().join("out")).unwrap();
        let texts = [("out/open.ts".to_owned(), "x".into())];
        let host = Host::open(dir.path())
            .unwrap()
            .afresh(&std::sync::Arc::new(texts.into()));
        for host in [host.still(), host] {
            let error = host.read(&HostPath::new("out/hostname").unwrap()).unwrap_err();
            assert!(error.message().contains("out of the host"), "{error}");
            assert!(host.names("out").is_empty());
        }
    }
}
