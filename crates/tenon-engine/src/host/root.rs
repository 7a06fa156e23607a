//! The root directory of a host and the system calls below it. A host that does not change while it is read keeps the directory
//! open, so that the system need not resolve the path of the root for each call.

use std::fs::File;
use std::io::Result;
use std::path::{Path, PathBuf};

use tenon_text::disk;

use super::dirs::{EntryKind, Listing};

/// The root directory of a host.
pub struct Root {
    /// Its path.
    pub path: PathBuf,
    handle: system::DirHandle,
}

impl Root {
    /// The directory at `path`, resolved anew for each call.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            handle: system::DirHandle::default(),
        }
    }

    /// The same directory, kept open: it stays this one even if it is replaced on disk.
    pub fn held(&self) -> Self {
        Self {
            path: self.path.clone(),
            handle: system::hold(&self.path),
        }
    }

    /// The absolute path of `path` (the root when empty).
    pub fn at(&self, path: &str) -> PathBuf {
        if path.is_empty() {
            self.path.clone()
        } else {
            self.path.join(path)
        }
    }

    /// Opens the file at `path`, for [`disk::read_file`] to read.
    ///
    /// # Errors
    /// Those of the system.
    pub fn open(&self, path: &str) -> Result<File> {
        system::open(&self.handle, path).unwrap_or_else(|| disk::open(&self.at(path)))
    }

    /// The type of the entry at `path`, links not followed; `None` if it does not exist. An entry that cannot be looked up is
    /// [`EntryKind::Other`]: reading it gives the reason.
    pub fn kind(&self, path: &str) -> Option<EntryKind> {
        match self.kind_or_error(path) {
            Ok(kind) => Some(kind),
            Err(error) => (!disk::is_absent(&error)).then_some(EntryKind::Other),
        }
    }

    fn kind_or_error(&self, path: &str) -> Result<EntryKind> {
        system::kind(&self.handle, path).unwrap_or_else(|| {
            let found = self.at(path).symlink_metadata()?.file_type();
            Ok(if found.is_file() {
                EntryKind::File
            } else if found.is_dir() {
                EntryKind::Dir
            } else {
                EntryKind::Other
            })
        })
    }

    /// The entries of the directory at `path` (the root when empty), unsorted; `None` if there is no such directory. Names that
    /// are not Unicode are left out.
    ///
    /// # Errors
    /// If there is one and it cannot be listed.
    pub fn list(&self, path: &str) -> Result<Option<Listing>> {
        match system::list(&self.handle, path).map_or_else(|| portable(&self.at(path)), Ok) {
            Ok(names) => Ok(Some(names)),
            Err(error) if disk::is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The entries of a directory, listed by the standard library.
fn portable(path: &Path) -> Result<Listing> {
    let mut names = Listing::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_file() => EntryKind::File,
            Ok(kind) if kind.is_dir() => EntryKind::Dir,
            _ => EntryKind::Other,
        };
        names.extend(entry.file_name().into_string().ok().map(|name| (name, kind)));
    }
    Ok(names)
}

/// On other systems the root is not kept open.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io::Result;
    use std::path::Path;

    use super::{EntryKind, Listing};

    pub type DirHandle = ();

    pub fn hold(_: &Path) -> DirHandle {}

    pub fn open(_: &DirHandle, _: &str) -> Option<Result<File>> {
        None
    }

    pub fn kind(_: &DirHandle, _: &str) -> Option<Result<EntryKind>> {
        None
    }

    pub fn list(_: &DirHandle, _: &str) -> Option<Listing> {
        None
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::Result;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir, open as open_at_path, openat, statat};

    use super::{EntryKind, Listing};

    pub type DirHandle = Option<OwnedFd>;

    /// Size of the buffer for names, in bytes; the longest name takes 280.
    const ROOM: usize = 8 * 1024;

    pub fn hold(path: &Path) -> DirHandle {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        open_at_path(path, flags, Mode::empty()).ok()
    }

    pub fn open(handle: &DirHandle, path: &str) -> Option<Result<File>> {
        let opened = openat(
            handle.as_ref()?,
            path,
            tenon_text::disk::flags(false),
            Mode::empty(),
        );
        Some(opened.map(File::from).map_err(Into::into))
    }

    pub fn kind(handle: &DirHandle, path: &str) -> Option<Result<EntryKind>> {
        let path = if path.is_empty() { "." } else { path };
        let found = statat(handle.as_ref()?, path, AtFlags::SYMLINK_NOFOLLOW);
        let found = found.map(|stat| of(FileType::from_raw_mode(stat.st_mode)));
        Some(found.map_err(Into::into))
    }

    fn of(kind: FileType) -> EntryKind {
        match kind {
            FileType::RegularFile => EntryKind::File,
            FileType::Directory => EntryKind::Dir,
            _ => EntryKind::Other,
        }
    }

    /// `None` on any failure: the standard library then tries, and reports the error.
    pub fn list(handle: &DirHandle, path: &str) -> Option<Listing> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let path = if path.is_empty() { "." } else { path };
        let dir = openat(handle.as_ref()?, path, flags, Mode::empty()).ok()?;
        let mut room = [MaybeUninit::uninit(); ROOM];
        let mut entries = RawDir::new(&dir, &mut room);
        let mut names = Listing::new();
        while let Some(entry) = entries.next() {
            let entry = entry.ok()?;
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            let kind = match entry.file_type() {
                // Some file systems do not give the type.
                FileType::Unknown => statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW)
                    .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode)),
                known => known,
            };
            if !matches!(name, "." | "..") {
                names.push((name.to_owned(), of(kind)));
            }
        }
        Some(names)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_held_is_what_the_standard_library_sees() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        // More names than there is room for at once, long ones and one that is no text.
        for n in 0..300 {
            std::fs::write(at(&format!("{n}-{}", "x".repeat(n % 240))), n.to_string()).unwrap();
        }
        std::fs::create_dir_all(at("dir/in")).unwrap();
        symlink("dir", at("link")).unwrap();
        std::fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"\xff")), "").unwrap();
        let anew = Root::new(dir.path().to_path_buf());
        let held = anew.held();
        let sorted = |names: Result<Option<Listing>>| {
            let mut names = names.unwrap()?;
            names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            Some(names)
        };
        assert_eq!(sorted(held.list("")).unwrap().len(), 302);
        for path in ["", "dir", "dir/in", "link", "none", "0-", "0-/x", "1-x"] {
            assert_eq!(sorted(held.list(path)), sorted(anew.list(path)), "{path}");
            let kinds = [&held, &anew].map(|root| root.kind_or_error(path).map_err(|error| error.kind()));
            assert_eq!(kinds[0], kinds[1], "{path}");
            let texts = [&held, &anew].map(|root| root.open(path).and_then(std::io::read_to_string).ok());
            assert_eq!(texts[0], texts[1], "{path}");
        }
    }
}
