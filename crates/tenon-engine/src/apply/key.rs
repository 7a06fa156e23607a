//! [`SecretKey`]: seals journals with HMAC-SHA256, so that this program recognises those that it wrote for this user on this machine.
//! A repository may contain a `.tenon` of its own, but no journal with a valid seal.
//!
//! The key is 32 random bytes in a file below the user's state directory that only its owner can read. It is made at the first
//! write, atomically: a temporary file is made durable and then renamed.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::sys;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

/// The name of the file with the key.
const FILE: &str = "key";
/// The help when the key cannot be kept.
const HELP: &str = "tenon keeps a secret there by which it knows its own history: set `XDG_STATE_HOME` or `HOME` to a directory that can be written to";
/// Length of the key in bytes.
const LENGTH: usize = 32;

/// The secret key of a user.
pub struct SecretKey([u8; LENGTH]);

impl SecretKey {
    /// The key of this user; `None` if it was not made yet, or if the user has no state directory.
    ///
    /// # Errors
    /// If the file is no key, or cannot be read.
    pub fn read() -> Result<Option<Self>> {
        match place() {
            Some(dir) => read(&dir.join(FILE)),
            None => Ok(None),
        }
    }

    /// The key of this user, made if there is none. It is then durable.
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

    /// Whether `seal` is the seal of `bytes`, compared in constant time.
    pub fn fits(&self, seal: &[u8], bytes: &[u8]) -> bool {
        self.mac(bytes).verify_slice(seal).is_ok()
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // HMAC pads a shorter key to one block with zeros.
        let mut block = [0; 64];
        block[..LENGTH].copy_from_slice(&self.0);
        let mut mac: Hmac<Sha256> = Mac::new(&block.into());
        mac.update(bytes);
        mac
    }
}

/// The directory of the key.
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

/// The directory of the key in tests, never the user's.
#[cfg(test)]
fn place() -> Option<PathBuf> {
    match std::env::var_os("TENON_TEST_STATE") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => Some(std::env::current_exe().ok()?.with_file_name("tenon-test-state")),
    }
}

fn read(path: &Path) -> Result<Option<SecretKey>> {
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
    Ok(Some(SecretKey(bytes.try_into().map_err(|_| damaged())?)))
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
        // Another run was faster: its key is used.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(sys::failed("write", path)(error.error)),
    }
    made.push(dir.to_path_buf());
    sys::sync_all(&made)
}

/// Makes `dir` and the directories above it. Returns the directories in which one was made.
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
