//! The file system calls of `apply`, with errors that name the path: modes, durability, moves between file systems.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use tenon_text::diag::{Error, Result};
use tenon_text::disk;

/// Largest file that is read, in bytes: a step keeps all old contents in one file.
const MAX_READ: u64 = 1 << 30;

/// How many threads wait for the disk at once. Simultaneous calls share one commit of the file system's journal.
const SYNC_THREADS: usize = 8;
/// The bits of a mode that are kept and set.
#[cfg(unix)]
const PERMISSIONS: u32 = 0o777;
#[cfg(not(unix))]
const PERMISSIONS: u32 = 0o666;

/// What exists at a path; links are not followed.
#[derive(Debug)]
pub enum Content {
    /// Nothing.
    Absent,
    /// A regular file with these bytes.
    File(Vec<u8>),
    /// A directory, a link, a device.
    Other,
}

/// Turns a failure to `verb` the file at `path` into an error.
pub fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |error| {
        let refusal = Error::new(format!("cannot {verb} `{}`", path.display())).because(&error);
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                refusal.help("free some disk space and run the command again")
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                refusal.help("make it writable for you and run the command again")
            }
            _ => refusal,
        }
    }
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Metadata of the path itself; `None` when nothing is there.
pub fn stat(path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("look at", path)(error)),
    }
}

/// Whether a real directory is there. A link or a file at its place is an error: state is never kept elsewhere.
pub fn is_dir(path: &Path) -> Result<bool> {
    match stat(path)? {
        None => Ok(false),
        Some(metadata) if metadata.is_dir() => Ok(true),
        Some(_) => Err(Error::new(format!("`{}` is not a directory", path.display()))
            .help("tenon keeps its state there; move it away and run the command again")),
    }
}

/// What exists at `path`.
pub fn content(path: &Path) -> Result<Content> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => disk::read_itself(path, MAX_READ)
            .map(Content::File)
            .map_err(failed("read", path)),
        Ok(_) => Ok(Content::Other),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Content::Absent)
        }
        Err(error) => Err(failed("look at", path)(error)),
    }
}

/// Opens the regular file at `path` for reading; `None` if there is no such file. Follows no link and never blocks.
pub fn open_regular(path: &Path) -> Result<Option<File>> {
    if !stat(path)?.is_some_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let file = open_itself(path).map_err(failed("read", path))?;
    let is_file = file.metadata().map_err(failed("look at", path))?.is_file();
    Ok(is_file.then_some(file))
}

/// Opens the entry at `path`; a link is not followed.
fn open_itself(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    options.open(path)
}

/// The permission bits of a file: those for its owner, its group and others, and no others.
pub fn mode(metadata: &Metadata) -> u32 {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & PERMISSIONS;
    #[cfg(not(unix))]
    return if metadata.permissions().readonly() {
        0o444
    } else {
        0o644
    };
}

/// Whether a file has no other hard link, and no permission beyond `mode`.
pub fn is_plain(metadata: &Metadata, mode: u32) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        metadata.nlink() == 1 && metadata.mode() & 0o7777 & !(mode & PERMISSIONS) == 0
    }
    #[cfg(not(unix))]
    {
        let _ = (metadata, mode);
        true
    }
}

/// Sets the permission bits of an open file or directory, whatever the umask is; `path` is what it is called. Which user or
/// group it runs as is not among them: what the system gave it of that, it keeps.
pub fn set_mode(file: &File, path: &Path, mode: u32) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let now = file
            .metadata()
            .map_err(failed("look at", path))?
            .permissions()
            .mode();
        let mode = (now & 0o7000) | (mode & PERMISSIONS);
        file.set_permissions(PermissionsExt::from_mode(mode))
            .map_err(failed("set the mode of", path))?;
    }
    #[cfg(not(unix))]
    let _ = (file, path, mode);
    Ok(())
}

/// Makes a directory, or takes one that is there, and gives it these permission bits.
pub fn make_dir(path: &Path, mode: u32) -> Result<()> {
    if !stat(path)?.is_some_and(|metadata| metadata.is_dir()) {
        make_private_dir(path)?;
    }
    set_dir_mode(path, mode)
}

/// Gives the directory at `path` these permission bits.
pub fn set_dir_mode(path: &Path, mode: u32) -> Result<()> {
    if cfg!(unix) && stat(path)?.is_some_and(|metadata| self::mode(&metadata) != mode & PERMISSIONS) {
        let dir = open_itself(path).map_err(failed("set the mode of", path))?;
        if dir.metadata().map_err(failed("look at", path))?.is_dir() {
            set_mode(&dir, path, mode)?;
        }
    }
    Ok(())
}

/// Gives the open `file` the owner and group in `like`, as far as the system lets this user.
pub fn set_owner_like(file: &File, like: &Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let Ok(now) = file.metadata() else {
            return;
        };
        if (now.uid(), now.gid()) != (like.uid(), like.gid())
            && fchown(file, Some(like.uid()), Some(like.gid())).is_err()
        {
            let _ = fchown(file, None, Some(like.gid()));
        }
    }
    #[cfg(not(unix))]
    let _ = (file, like);
}

/// Writes a file that must not exist yet; the kernel takes the umask from `mode`. Not yet durable.
pub fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(failed("create", path))?;
    file.write_all(bytes).map_err(failed("write", path))?;
    Ok(file)
}

/// Makes a directory that only this user can look into: what is kept there may come from private files.
pub fn make_private_dir(path: &Path) -> Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed("create", path))
}

/// Makes the bytes of one open file durable.
pub fn sync(file: &File, path: &Path) -> Result<()> {
    file.sync_all().map_err(failed("write", path))
}

/// Makes all `paths` durable: the bytes of files, the names in directories.
pub fn sync_all(paths: &[PathBuf]) -> Result<()> {
    let sync_some = |paths: &[PathBuf]| paths.iter().try_for_each(|path| sync_path(path));
    if paths.len() < 3 {
        return sync_some(paths);
    }
    let share = paths.len().div_ceil(SYNC_THREADS);
    std::thread::scope(|scope| {
        let workers: Vec<_> = paths
            .chunks(share)
            .map(|chunk| scope.spawn(move || sync_some(chunk)))
            .collect();
        let results: Vec<Result<()>> = workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|_| Err(Error::new("a writing thread panicked")))
            })
            .collect();
        results.into_iter().collect()
    })
}

/// One path. File systems that cannot do it for directories are left alone.
fn sync_path(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.read(true);
    if !cfg!(unix) {
        if stat(path)?.is_some_and(|found| found.is_dir()) {
            return Ok(());
        }
        options.write(true);
    }
    match options.open(path).and_then(|file| file.sync_all()) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        other => other.map_err(failed("write", path)),
    }
}

/// Moves the file `from` to `to`, replacing it atomically. Between file systems it is first copied to `spare`, beside `to`.
pub fn move_file(from: &Path, to: &Path, spare: &Path) -> Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {}
        other => return other.map_err(failed("write", to)),
    }
    let bytes = disk::read_itself(from, MAX_READ).map_err(failed("read", from))?;
    let metadata = fs::symlink_metadata(from).map_err(failed("look at", from))?;
    let file = write_new(spare, &bytes, 0o600)?;
    set_owner_like(&file, &metadata);
    set_mode(&file, spare, mode(&metadata))?;
    sync(&file, spare)?;
    fs::rename(spare, to).map_err(failed("write", to))?;
    fs::remove_file(from).map_err(failed("delete", from))
}

/// Deletes a file, if it exists.
pub fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other.map_err(failed("delete", path)),
    }
}

/// Deletes a directory, if it exists and is empty.
pub fn remove_dir_if_empty(path: &Path) -> Result<()> {
    use ErrorKind::{DirectoryNotEmpty, NotADirectory, NotFound};
    match fs::remove_dir(path) {
        Err(error) if matches!(error.kind(), NotFound | DirectoryNotEmpty | NotADirectory) => Ok(()),
        other => other.map_err(failed("delete", path)),
    }
}
