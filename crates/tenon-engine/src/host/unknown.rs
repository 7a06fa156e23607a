//! What could not be looked at. It counts neither as there nor as absent: who draws conclusions from a host asks for it
//! in the end, and tells it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::Host;
use tenon_text::diag::{Error, Result};

/// Paths that could not be looked at, each with the system's reason; shared by hosts that are made of one another.
#[derive(Clone, Debug, Default)]
pub struct Unknown {
    /// Of these it is not known what stands there.
    looked: Paths,
    /// These are files, of which it is not known what they say. Who reads one is told; not everybody cares.
    read: Paths,
}

/// Paths and reasons.
type Paths = Arc<Mutex<BTreeMap<String, String>>>;

impl Unknown {
    /// Notes that `path` (the root when empty) could not be looked at.
    pub fn add(&self, path: &str, why: &std::io::Error) {
        add(&self.looked, path, why);
    }

    /// Notes that the file at `path` could not be read.
    pub fn add_unread(&self, path: &str, why: &std::io::Error) {
        add(&self.read, path, why);
    }
}

fn add(paths: &Paths, path: &str, why: &std::io::Error) {
    if let Ok(mut all) = paths.lock() {
        all.entry(path.to_owned()).or_insert_with(|| why.to_string());
    }
}

/// An error for the first of `paths`.
fn first(paths: &Paths) -> Result<()> {
    let all = paths.lock();
    let error = all.ok().and_then(|all| {
        let (path, why) = all.first_key_value()?;
        Some(unknown(path, why))
    });
    error.map_or(Ok(()), Err)
}

impl Host {
    /// The paths that could not be looked at so far, each with an error that says why; from then on they are forgotten.
    pub fn take_unknown(&self) -> Vec<(String, Error)> {
        let taken = self
            .unknown
            .looked
            .lock()
            .map(|mut all| std::mem::take(&mut *all));
        let all = taken.unwrap_or_default().into_iter();
        all.map(|(path, why)| {
            let error = unknown(&path, &why);
            (path, error)
        })
        .collect()
    }

    /// That everything which was asked for could be looked at.
    ///
    /// # Errors
    /// If something could not: what follows from the host is then not known.
    pub fn all_known(&self) -> Result<()> {
        first(&self.unknown.looked)
    }

    /// That everything which was asked for could be looked at, and every file which was asked for could be read.
    ///
    /// # Errors
    /// If something could not.
    pub fn all_read(&self) -> Result<()> {
        self.all_known()?;
        first(&self.unknown.read)
    }
}

fn unknown(path: &str, why: &str) -> Error {
    let path = if path.is_empty() { "." } else { path };
    Error::new(format!("`{}` cannot be looked at", path.escape_debug()))
        .because(why)
        .help("make it readable, then run the command again")
}

#[cfg(test)]
mod tests {
    use super::super::HostPath;
    use super::*;

    #[test]
    fn what_cannot_be_looked_at_is_told_and_not_taken_for_absent() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a"), "a").unwrap();
        let host = Host::open(dir.path()).unwrap();
        std::os::unix::fs::symlink("loop", dir.path().join("loop")).unwrap();
        let anew = Host::open(dir.path()).unwrap();
        for host in [host.still(), anew] {
            let paths = |host: &Host| -> Vec<String> {
                let all = host.take_unknown().into_iter();
                all.map(|(path, _)| path).collect()
            };
            assert!(host.exists_file("a") && !host.exists_file("none") && !host.exists_dir("a/none"));
            assert!(host.names("none").is_empty() && host.names("a").is_empty());
            assert!(host.all_known().is_ok());
            assert!(host.exists(&HostPath::new("loop/x").unwrap()));
            assert!(host.read(&HostPath::new("loop/x").unwrap()).is_err());
            assert!(host.all_known().is_ok() && host.all_read().is_err());
            assert!(host.exists_file("loop/x"));
            assert!(host.afresh(&Arc::default()).all_known().is_err());
            assert_eq!(paths(&host), ["loop/x"]);
            assert!(host.files_below("loop", &["ts"], 9).is_empty());
            assert_eq!(paths(&host), ["loop"]);
            assert!(host.names("loop").is_empty());
            assert_eq!(paths(&host), ["loop"]);
            assert!(host.all_known().is_ok());
        }
    }
}
