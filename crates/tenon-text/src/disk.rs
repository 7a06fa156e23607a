//! Reading from disk. What is no regular file is not opened, no more of a file is read than it may have, and an error is
//! never taken for an absence: a pipe or a device in the place of a file neither blocks the program nor feeds it for ever.
//!
//! Knows files and directories, nothing of hosts or packs. In: paths and bounds. Out: bytes, what stands at a path, or the
//! system's error. Every read of the program goes through here; `clippy.toml` forbids the ways round it.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Largest text that is read, in bytes: a file of a host, answers, a baseline.
pub const MAX_TEXT: u64 = 32 * 1024 * 1024;

/// Room for a file before its length is known, in bytes.
const FIRST_ROOM: usize = 8 * 1024;

/// Whether the error says that nothing stands at a path, rather than that it cannot be known.
pub fn is_absent(error: &Error) -> bool {
    matches!(
        error.kind(),
        // A name that is too long, or that the system cannot have, is nobody's.
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename | ErrorKind::InvalidInput
    )
}

fn unless_absent(found: Result<Metadata>) -> Result<Option<Metadata>> {
    match found {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What `path` leads to, symbolic links followed; nothing if nothing is there.
///
/// # Errors
/// If the system cannot say.
pub fn stat(path: &Path) -> Result<Option<Metadata>> {
    unless_absent(std::fs::metadata(path))
}

/// What stands at `path` itself; nothing if nothing does.
///
/// # Errors
/// If the system cannot say.
pub fn stat_itself(path: &Path) -> Result<Option<Metadata>> {
    unless_absent(std::fs::symlink_metadata(path))
}

/// Whether `path` leads to a regular file.
///
/// # Errors
/// If the system cannot say.
pub fn is_file(path: &Path) -> Result<bool> {
    Ok(stat(path)?.is_some_and(|found| found.is_file()))
}

/// Whether `path` leads to a directory.
///
/// # Errors
/// If the system cannot say.
pub fn is_dir(path: &Path) -> Result<bool> {
    Ok(stat(path)?.is_some_and(|found| found.is_dir()))
}

/// The bytes of the regular file that `path` leads to, symbolic links followed.
///
/// # Errors
/// If it is no regular file, if it has more than `max` bytes ([`ErrorKind::FileTooLarge`]), or those of the system.
pub fn read(path: &Path, max: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_file(open(path)?, max, &mut bytes)?;
    Ok(bytes)
}

/// The same for text.
///
/// # Errors
/// Those of [`read`], and if it is not UTF-8.
pub fn read_text(path: &Path, max: u64) -> Result<String> {
    String::from_utf8(read(path, max)?).map_err(|error| {
        Error::new(
            ErrorKind::InvalidData,
            format!("it is not UTF-8: {}", error.utf8_error()),
        )
    })
}

/// The bytes of the regular file that stands at `path` itself; no symbolic link is followed there.
///
/// # Errors
/// Those of [`read`], and if a symbolic link stands there.
pub fn read_itself(path: &Path, max: u64) -> Result<Vec<u8>> {
    regular(&std::fs::symlink_metadata(path)?)?;
    let mut bytes = Vec::new();
    read_file(opened(path, false)?, max, &mut bytes)?;
    Ok(bytes)
}

/// Opens the regular file that `path` leads to. What it is is asked before: opening a device may already do something.
///
/// # Errors
/// If it is no regular file, or those of the system.
pub fn open(path: &Path) -> Result<File> {
    regular(&std::fs::metadata(path)?)?;
    opened(path, true)
}

fn opened(path: &Path, follow: bool) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags(follow).bits().cast_signed());
    #[cfg(not(unix))]
    let _ = follow;
    options.open(path)
}

/// How a file is opened: never waiting for whoever writes into a pipe that has taken its place.
#[cfg(unix)]
pub fn flags(follow: bool) -> rustix::fs::OFlags {
    use rustix::fs::OFlags;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    if follow { flags } else { flags | OFlags::NOFOLLOW }
}

/// Puts the bytes of an open file behind those of `bytes`. What was opened is asked once more: something else may have
/// taken the place of a file that was looked at.
///
/// # Errors
/// Those of [`read`]. Of a file that is too large at most one byte too many is read.
pub fn read_file(file: File, max: u64, bytes: &mut Vec<u8>) -> Result<()> {
    let found = file.metadata()?;
    regular(&found)?;
    if found.len() > max {
        return Err(ErrorKind::FileTooLarge.into());
    }
    // With room for one byte more the end is found without growing; `take` keeps the file from being asked for its length
    // once more.
    let room = usize::try_from(found.len()).unwrap_or(0).saturating_add(1);
    bytes.reserve(room.max(FIRST_ROOM));
    let length = file.take(max.saturating_add(1)).read_to_end(bytes)?;
    if length as u64 > max {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(())
}

/// An error unless it is a regular file.
fn regular(found: &Metadata) -> Result<()> {
    if found.is_file() {
        return Ok(());
    }
    let what = if found.is_dir() {
        "a directory"
    } else if found.is_symlink() {
        "a symbolic link"
    } else {
        "a pipe, a socket or a device"
    };
    Err(Error::other(format!("it is not a regular file but {what}")))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn only_regular_files_are_opened() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("file"), "text").unwrap();
        symlink("file", at("link")).unwrap();
        std::fs::create_dir(at("dir")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.unwrap().success());
        for (name, to) in [
            ("zero", "/dev/zero"),
            ("stdin", "/dev/stdin"),
            ("to-pipe", "pipe"),
        ] {
            symlink(to, at(name)).unwrap();
        }
        assert_eq!(read(&at("file"), 4).unwrap(), b"text");
        assert_eq!(read_text(&at("link"), 4).unwrap(), "text");
        assert_eq!(read_itself(&at("file"), 4).unwrap(), b"text");
        assert!(read_itself(&at("link"), 4).is_err());
        for name in ["dir", "socket", "pipe", "zero", "to-pipe"] {
            let error = read(&at(name), 4).unwrap_err().to_string();
            assert!(error.contains("not a regular file"), "{name}: {error}");
            assert!(read_itself(&at(name), 4).is_err(), "{name}");
        }
        // What stands in the place of a file that was looked at is not read either.
        let pipe = opened(&at("pipe"), true).unwrap();
        assert!(read_file(pipe, 4, &mut vec![]).is_err());
    }

    #[test]
    fn no_more_is_read_than_may_be() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
        // Of these the system says that they are empty.
        let endless = Path::new("/proc/self/maps");
        assert_eq!(read(endless, 16).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn an_error_is_no_absence() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        symlink("loop", at("loop")).unwrap();
        std::fs::write(at("file"), "").unwrap();
        assert!(stat(&at("loop")).is_err());
        assert!(is_file(&at("loop/x")).is_err() && is_dir(&at("loop/x")).is_err());
        for absent in ["none", "file/x", &"x".repeat(300)] {
            assert!(stat(&at(absent)).unwrap().is_none(), "{absent}");
        }
        assert!(stat_itself(&at("loop")).unwrap().is_some());
    }
}
