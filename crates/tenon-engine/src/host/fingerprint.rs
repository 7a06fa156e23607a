//! Fingerprints: whether files are as they were, told without reading them.
//!
//! A file is known by its device, inode, size, mode and times of change, a directory by the same: nothing can be added to
//! it, removed from it or renamed in it without changing them. A symbolic link is known by itself and by what it leads to, a path at
//! which nothing stands by that.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::Host;

/// What many paths of a host looked like at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The sum of the hashes of all paths, each with what stood there.
    sum: u64,
    /// How many paths something stood at.
    there: usize,
    /// The latest change of any of them, in nanoseconds since 1970.
    latest: i64,
}

impl Fingerprint {
    /// The latest change of any of the files, in nanoseconds since 1970.
    pub fn latest(&self) -> i64 {
        self.latest
    }

    /// How many of the paths something stood at.
    pub fn there(&self) -> usize {
        self.there
    }

    fn and(self, other: Self) -> Self {
        Self {
            sum: self.sum.wrapping_add(other.sum),
            there: self.there + other.there,
            latest: self.latest.max(other.latest),
        }
    }
}

/// What is known of one file. Times are in nanoseconds since 1970.
#[derive(Hash)]
struct Look {
    device: u64,
    inode: u64,
    size: u64,
    mode: u32,
    modified: i64,
    changed: i64,
}

impl Host {
    /// The fingerprint of `paths`, relative to the host, looked at by all cores; nothing where the system does not tell files
    /// apart so.
    pub fn fingerprint(&self, paths: &[&str]) -> Option<Fingerprint> {
        let root = &system::root(self.root())?;
        let one = |paths: &[&str]| {
            let all = paths.iter().map(|path| of(root, path));
            all.fold(Fingerprint::default(), Fingerprint::and)
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let shares = paths.chunks(paths.len().div_ceil(threads).max(1));
            let running: Vec<_> = shares.map(|share| scope.spawn(move || one(share))).collect();
            // A thread that failed has seen nothing.
            let mut all = running.into_iter().map(|share| share.join().ok());
            all.try_fold(Fingerprint::default(), |sum, share| Some(sum.and(share?)))
        })
    }
}

/// The fingerprint of one path.
fn of(root: &system::Handle, path: &str) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let itself = system::look(root, path, false);
    let target = match &itself {
        Some((_, true)) => system::look(root, path, true),
        _ => None,
    };
    let both = [itself.as_ref(), target.as_ref()];
    let both = both.map(|look| look.map(|(look, _)| look));
    both.hash(&mut hasher);
    let times = both.iter().flatten().map(|look| look.modified.max(look.changed));
    Fingerprint {
        sum: hasher.finish(),
        there: usize::from(itself.is_some()),
        latest: times.max().unwrap_or_default(),
    }
}

#[cfg(unix)]
mod system {
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, FileType, Mode, OFlags, open, statat};

    use super::Look;

    pub type Handle = OwnedFd;

    /// The directory from which everything is looked at; on Linux that takes no right to read it.
    pub fn root(path: &Path) -> Option<Handle> {
        #[cfg(target_os = "linux")]
        let kind = OFlags::PATH;
        #[cfg(not(target_os = "linux"))]
        let kind = OFlags::RDONLY;
        open(path, kind | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
    }

    /// What stands at `path`, and whether that is a symbolic link.
    pub fn look(root: &Handle, path: &str, follow: bool) -> Option<(Look, bool)> {
        let path = if path.is_empty() { "." } else { path };
        let flags = match follow {
            true => AtFlags::empty(),
            false => AtFlags::SYMLINK_NOFOLLOW,
        };
        let stat = statat(root, path, flags).ok()?;
        // The types of the fields differ between systems.
        let nanoseconds = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest);
        #[allow(clippy::unnecessary_cast, clippy::cast_lossless)]
        let look = Look {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            size: stat.st_size as u64,
            mode: stat.st_mode as u32,
            modified: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        };
        let is_link = FileType::from_raw_mode(stat.st_mode) == FileType::Symlink;
        Some((look, is_link))
    }
}

/// Elsewhere the times of a file do not tell every change of it.
#[cfg(not(unix))]
mod system {
    use std::path::Path;

    use super::Look;

    pub type Handle = ();

    pub fn root(_: &Path) -> Option<Handle> {
        None
    }

    pub fn look(_: &Handle, _: &str, _: bool) -> Option<(Look, bool)> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::host::HostPath;

    /// A host with a file `dir/a` and a link `link` to `far/b`.
    fn host() -> (tempfile::TempDir, Host) {
        let dir = tempfile::tempdir().unwrap();
        for path in ["dir/a", "far/b"] {
            std::fs::create_dir_all(dir.path().join(path).parent().unwrap()).unwrap();
            std::fs::write(dir.path().join(path), path).unwrap();
        }
        symlink("far/b", dir.path().join("link")).unwrap();
        let host = Host::open(dir.path()).unwrap().still();
        (dir, host)
    }

    #[test]
    fn a_change_shows_also_behind_a_link_and_where_nothing_stood() {
        let (dir, host) = host();
        let look = || host.fingerprint(&["dir/a", "link", "none"]).unwrap();
        let mut seen = vec![look()];
        assert_eq!(look(), seen[0]);
        assert_eq!(seen[0].there(), 2);
        std::fs::write(dir.path().join("far/b"), "22").unwrap();
        seen.push(look());
        std::fs::remove_file(dir.path().join("far/b")).unwrap();
        seen.push(look());
        std::fs::write(dir.path().join("none"), "").unwrap();
        seen.push(look());
        std::fs::rename(dir.path().join("none"), dir.path().join("dir/a")).unwrap();
        seen.push(look());
        for (at, one) in seen.iter().enumerate() {
            assert!(!seen[..at].contains(one), "{at}");
        }
    }

    #[test]
    fn everything_that_was_asked_was_looked_at() {
        let (dir, host) = host();
        std::fs::write(dir.path().join("dir/bad"), [0xff]).unwrap();
        assert!(host.read(&HostPath::new("dir/bad").unwrap()).is_err());
        assert!(host.exists_file("link") && !host.exists_file("dir/none/x.ts"));
        assert!(host.read(&HostPath::new("dir/a").unwrap()).unwrap().is_some());
        assert!(host.files_below("dir/no/where", &["ts"], 9).is_empty());
        assert_eq!(host.glob("far/*").len(), 1);
        let seen = host.looked_at();
        let there = |path: &str| seen.get(path).copied();
        for path in ["link", "dir/a", "dir/bad", "far"] {
            assert_eq!(there(path), Some(true), "{path} in {seen:?}");
        }
        for path in ["dir/none/x.ts", "dir/no/where"] {
            assert_eq!(there(path), Some(false), "{path} in {seen:?}");
        }
    }
}
