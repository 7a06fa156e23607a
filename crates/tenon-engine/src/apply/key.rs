//! The secret by which this program knows what it wrote itself, for this user, on this machine. A repository may bring a `.tenon`
//! of its own; it cannot bring a journal that this secret seals.
//!
//! Knows where the user's state lies, and HMAC-SHA256. Must not know journals. In: bytes. Out: their seal, or whether a seal
//! is theirs. The secret is 32 random bytes in a file for its owner only, made when something is written for the first time: in a
//! file beside it, which is durable before it gets its name, so that the secret is there whole or not at all.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::sys;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

/// The name of its file.
const FILE: &str = "key";
/// What to do where it cannot be kept.
const HELP: &str = "tenon keeps a secret there by which it knows its own history: set `XDG_STATE_HOME` or `HOME` to a directory that can be written to";
/// How long it is, in bytes.
const LENGTH: usize = 32;

/// The secret.
pub struct Key([u8; LENGTH]);

impl Key {
    /// The secret of this user; nothing if it was not made yet, or if there is no place for it.
    ///
    /// # Errors
    /// If what stands in its place is no secret, or cannot be read.
    pub fn read() -> Result<Option<Self>> {
        match place() {
            Some(dir) => read(&dir.join(FILE)),
            None => Ok(None),
        }
    }

    /// The secret of this user, made if need be. It is durable then.
    ///
    /// # Errors
    /// Those of [`Key::read`]; if it cannot be made.
    pub fn read_or_make() -> Result<Self> {
        let dir = place()
            .ok_or_else(|| Error::new("there is no directory for the state of this user").help(HELP))?;
        let path = dir.join(FILE);
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        make(&dir, &path).map_err(|error| error.help(HELP))?;
        read(&path)?
            .ok_or_else(|| Error::new(format!("`{}` vanished", path.display())).help("run the command again"))
    }

    /// The seal of `bytes`, in hexadecimal.
    pub fn seal(&self, bytes: &[u8]) -> String {
        let seal = self.mac(bytes).finalize().into_bytes();
        seal.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `seal` is that of `bytes`. Takes as long for one that nearly is.
    pub fn fits(&self, seal: &[u8], bytes: &[u8]) -> bool {
        self.mac(bytes).verify_slice(seal).is_ok()
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // A key is one block; a shorter one is filled up with zeros.
        let mut block = [0; 64];
        block[..LENGTH].copy_from_slice(&self.0);
        let mut mac: Hmac<Sha256> = Mac::new(&block.into());
        mac.update(bytes);
        mac
    }
}

/// The directory of the secret.
#[cfg(not(test))]
fn place() -> Option<PathBuf> {
    let set = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = match set.filter(|dir| dir.is_absolute()) {
        Some(state) => state,
        None => std::env::home_dir()
            .filter(|home| home.is_absolute())?
            .join(".local/state"),
    };
    Some(state.join("tenon"))
}

/// The directory of the secret of tests: never the user's.
#[cfg(test)]
fn place() -> Option<PathBuf> {
    match std::env::var_os("TENON_TEST_STATE") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => Some(std::env::current_exe().ok()?.with_file_name("tenon-test-state")),
    }
}

fn read(path: &Path) -> Result<Option<Key>> {
    let damaged = || {
        Error::new(format!("`{}` is not the secret that tenon keeps there", path.display()))
            .help("delete it: a new one is made, and steps that were written with the old one can no longer be undone")
    };
    let help = |error: Error| error.help(HELP);
    let Some(file) = sys::open_regular(path).map_err(help)? else {
        return if sys::stat(path).map_err(help)?.is_some() {
            Err(damaged())
        } else {
            Ok(None)
        };
    };
    let mut bytes = Vec::with_capacity(LENGTH + 1);
    file.take(LENGTH as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(sys::failed("read", path))?;
    Ok(Some(Key(bytes.try_into().map_err(|_| damaged())?)))
}

fn make(dir: &Path, path: &Path) -> Result<()> {
    let mut made = make_dirs(dir)?;
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new("the system gives no random bytes").because(error))?;
    let mut file = tempfile::Builder::new()
        .prefix("key-")
        .tempfile_in(dir)
        .map_err(sys::failed("write into", dir))?;
    file.write_all(&bytes).map_err(sys::failed("write", path))?;
    sys::sync(file.as_file(), path)?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        // Another run was faster: its secret is as good.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(sys::failed("write", path)(error.error)),
    }
    made.push(dir.to_path_buf());
    sys::sync_all(&made)
}

/// Makes `dir` and those above it. Gives the directories that hold a new one.
fn make_dirs(dir: &Path) -> Result<Vec<PathBuf>> {
    let is_there = |dir: &Path| matches!(disk::is_dir(dir), Ok(true));
    let missing: Vec<&Path> = dir.ancestors().take_while(|dir| !is_there(dir)).collect();
    let mut changed = vec![];
    for dir in missing.into_iter().rev() {
        match sys::make_private_dir(dir) {
            Err(_) if is_there(dir) => {}
            other => other?,
        }
        changed.extend(dir.parent().map(Path::to_path_buf));
    }
    Ok(changed)
}
