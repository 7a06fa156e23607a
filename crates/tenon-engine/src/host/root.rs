//! The directory of a host, as the system knows it. While nothing in a host changes, what is below is found from an open
//! directory: the system then need not look for the host itself each time.

use std::fs::File;
use std::io::Result;
use std::path::{Path, PathBuf};

use tenon_text::disk;

use super::list::{Kind, Names};

/// The directory of a host.
pub struct Root {
    /// Its path.
    pub path: PathBuf,
    handle: system::Handle,
}

impl Root {
    /// The directory at `path`, looked for each time anew.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            handle: system::Handle::default(),
        }
    }

    /// The same directory, held open: it is this one even if another one takes its place.
    pub fn held(&self) -> Self {
        Self {
            path: self.path.clone(),
            handle: system::hold(&self.path),
        }
    }

    /// The path `path` of the host (the root when empty) as the system knows it.
    pub fn at(&self, path: &str) -> PathBuf {
        if path.is_empty() {
            self.path.clone()
        } else {
            self.path.join(path)
        }
    }

    /// Opens what stands at `path`, for [`disk::read_file`] to read.
    ///
    /// # Errors
    /// Those of the system.
    pub fn open(&self, path: &str) -> Result<File> {
        system::open(&self.handle, path).unwrap_or_else(|| disk::open(&self.at(path)))
    }

    /// What stands at `path` itself; nothing if nothing does. What cannot be looked at is neither a file nor a directory:
    /// who reads it is told why.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        match self.kind_or_error(path) {
            Ok(kind) => Some(kind),
            Err(error) => (!disk::is_absent(&error)).then_some(Kind::Other),
        }
    }

    fn kind_or_error(&self, path: &str) -> Result<Kind> {
        system::kind(&self.handle, path).unwrap_or_else(|| {
            let found = self.at(path).symlink_metadata()?.file_type();
            Ok(if found.is_file() {
                Kind::File
            } else if found.is_dir() {
                Kind::Dir
            } else {
                Kind::Other
            })
        })
    }

    /// The names in the directory at `path` (the root when empty), in no order; those that are not Unicode are left out.
    /// Nothing if there is no such directory.
    ///
    /// # Errors
    /// If there is one and it cannot be listed.
    pub fn list(&self, path: &str) -> Result<Option<Names>> {
        match system::list(&self.handle, path).map_or_else(|| portable(&self.at(path)), Ok) {
            Ok(names) => Ok(Some(names)),
            Err(error) if disk::is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What the standard library lists, on every system.
fn portable(path: &Path) -> Result<Names> {
    let mut names = Names::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_file() => Kind::File,
            Ok(kind) if kind.is_dir() => Kind::Dir,
            _ => Kind::Other,
        };
        names.extend(entry.file_name().into_string().ok().map(|name| (name, kind)));
    }
    Ok(names)
}

/// Nothing is held elsewhere.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io::Result;
    use std::path::Path;

    use super::{Kind, Names};

    pub type Handle = ();

    pub fn hold(_: &Path) -> Handle {}

    pub fn open(_: &Handle, _: &str) -> Option<Result<File>> {
        None
    }

    pub fn kind(_: &Handle, _: &str) -> Option<Result<Kind>> {
        None
    }

    pub fn list(_: &Handle, _: &str) -> Option<Names> {
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

    use super::{Kind, Names};

    pub type Handle = Option<OwnedFd>;

    /// Room for names, in bytes; the longest name takes 280.
    const ROOM: usize = 8 * 1024;

    pub fn hold(path: &Path) -> Handle {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        open_at_path(path, flags, Mode::empty()).ok()
    }

    pub fn open(handle: &Handle, path: &str) -> Option<Result<File>> {
        let opened = openat(
            handle.as_ref()?,
            path,
            tenon_text::disk::flags(false),
            Mode::empty(),
        );
        Some(opened.map(File::from).map_err(Into::into))
    }

    pub fn kind(handle: &Handle, path: &str) -> Option<Result<Kind>> {
        let path = if path.is_empty() { "." } else { path };
        let found = statat(handle.as_ref()?, path, AtFlags::SYMLINK_NOFOLLOW);
        let found = found.map(|stat| of(FileType::from_raw_mode(stat.st_mode)));
        Some(found.map_err(Into::into))
    }

    fn of(kind: FileType) -> Kind {
        match kind {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Dir,
            _ => Kind::Other,
        }
    }

    /// Nothing as well where the standard library may know better.
    pub fn list(handle: &Handle, path: &str) -> Option<Names> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let path = if path.is_empty() { "." } else { path };
        let dir = openat(handle.as_ref()?, path, flags, Mode::empty()).ok()?;
        let mut room = [MaybeUninit::uninit(); ROOM];
        let mut entries = RawDir::new(&dir, &mut room);
        let mut names = Names::new();
        while let Some(entry) = entries.next() {
            let entry = entry.ok()?;
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            let kind = match entry.file_type() {
                // There are file systems that do not say.
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
        let sorted = |names: Result<Option<Names>>| {
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
