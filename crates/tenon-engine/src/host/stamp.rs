//! What files look like from outside: whether one is as it was can be told without reading it.
//!
//! A file is known by its inode, size and times of change, a directory by the same: nothing can be added to it, taken
//! from it or renamed in it without changing them. A symbolic link is known by itself and by what it leads to.

use std::ffi::CStr;
use std::hash::Hasher;
use std::path::Path;

use tenon_syntax::fast::Quick;

/// What stands at a path at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    digest: u64,
    latest: i64,
}

/// What several paths look like at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// Over all of them, in their order.
    pub digest: u64,
    /// The latest change of any of them, in nanoseconds since 1970.
    pub latest: i64,
}

/// Makes a print of stamps.
#[derive(Default)]
pub struct Printer {
    mix: Quick,
    latest: Option<i64>,
}

impl Printer {
    /// Adds the next one.
    pub fn add(&mut self, stamp: Stamp) {
        self.mix.add(stamp.digest);
        self.latest = self.latest.max(Some(stamp.latest));
    }

    /// The print of all that were added.
    pub fn print(&self) -> Print {
        Print {
            digest: self.mix.finish(),
            latest: self.latest.unwrap_or(i64::MIN),
        }
    }
}

/// Looks at files of a host from outside; any number of threads may.
pub struct Stamps {
    root: os::Handle,
}

/// A directory of a host: what is below it is found faster from there.
pub struct Dir {
    handle: os::Handle,
    is_link: bool,
}

impl Stamps {
    /// What looks at the files below `root` from outside; nothing where files cannot be known so.
    pub fn below(root: &Path) -> Option<Self> {
        let root = os::root(root)?;
        Some(Self { root })
    }

    /// What stands at `path`, relative to the host (the host itself when empty); nothing if nothing does.
    pub fn of(&self, path: &str) -> Option<Stamp> {
        os::named(path, |name| stamp(&self.root, name))
    }

    /// The directory `path`, relative to the host.
    pub fn dir(&self, path: &str) -> Option<Dir> {
        os::named(path, |name| {
            let open = |is_link| {
                let handle = os::below(&self.root, name, is_link)?;
                Some(Dir { handle, is_link })
            };
            open(false).or_else(|| open(true))
        })
    }
}

impl Dir {
    /// What the directory itself looks like; nothing if a symbolic link leads to it, which is to be looked at as well.
    pub fn itself(&self) -> Option<Stamp> {
        stamp(&self.handle, c".").filter(|_| !self.is_link)
    }

    /// What stands at `path` below the directory; nothing if nothing does.
    pub fn of(&self, path: &CStr) -> Option<Stamp> {
        stamp(&self.handle, path)
    }
}

/// What is known of one file.
struct Look {
    device: u64,
    inode: u64,
    size: u64,
    mode: u32,
    /// In nanoseconds since 1970.
    modified: i64,
    /// When anything about it last changed.
    changed: i64,
}

impl Look {
    fn add_to(&self, mix: &mut Quick) {
        mix.add(self.device);
        mix.add(self.inode);
        mix.add(self.size);
        mix.add(self.mode.into());
        mix.add(self.modified.cast_unsigned());
        mix.add(self.changed.cast_unsigned());
    }
}

fn stamp(from: &os::Handle, name: &CStr) -> Option<Stamp> {
    let (look, is_link) = os::look(from, name, false)?;
    let mut latest = look.modified.max(look.changed);
    let mut mix = Quick::default();
    look.add_to(&mut mix);
    if is_link {
        let target = os::look(from, name, true).map(|(look, _)| look);
        if let Some(target) = target {
            target.add_to(&mut mix);
            latest = latest.max(target.modified).max(target.changed);
        }
    }
    Some(Stamp {
        digest: mix.finish(),
        latest,
    })
}

#[cfg(unix)]
mod os {
    use std::ffi::CStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, FileType, Mode, OFlags, open, openat, statat};
    use rustix::path::Arg;

    use super::Look;

    pub type Handle = OwnedFd;

    /// To look from, not to read: on Linux that takes no right to read.
    fn flags() -> OFlags {
        #[cfg(target_os = "linux")]
        let kind = OFlags::PATH;
        #[cfg(not(target_os = "linux"))]
        let kind = OFlags::RDONLY;
        kind | OFlags::DIRECTORY | OFlags::CLOEXEC
    }

    pub fn root(path: &Path) -> Option<Handle> {
        open(path, flags(), Mode::empty()).ok()
    }

    pub fn below(from: &Handle, name: &CStr, follow: bool) -> Option<Handle> {
        let how = if follow { OFlags::empty() } else { OFlags::NOFOLLOW };
        openat(from, name, flags() | how, Mode::empty()).ok()
    }

    /// Calls `what` with the name of `path`.
    pub fn named<T>(path: &str, what: impl FnOnce(&CStr) -> Option<T>) -> Option<T> {
        let path = if path.is_empty() { "." } else { path };
        path.into_with_c_str(|name| Ok(what(name))).ok().flatten()
    }

    /// What stands at `name`, and whether that is a symbolic link.
    pub fn look(from: &Handle, name: &CStr, follow: bool) -> Option<(Look, bool)> {
        let flags = if follow {
            AtFlags::empty()
        } else {
            AtFlags::SYMLINK_NOFOLLOW
        };
        let stat = statat(from, name, flags).ok()?;
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

#[cfg(not(unix))]
mod os {
    use std::ffi::CStr;
    use std::path::Path;

    use super::Look;

    pub type Handle = ();

    pub fn root(_: &Path) -> Option<Handle> {
        None
    }

    pub fn below(_: &Handle, _: &CStr, _: bool) -> Option<Handle> {
        None
    }

    pub fn named<T>(_: &str, _: impl FnOnce(&CStr) -> Option<T>) -> Option<T> {
        None
    }

    pub fn look(_: &Handle, _: &CStr, _: bool) -> Option<(Look, bool)> {
        None
    }
}
