//! What could not be looked at. It counts neither as there nor as absent: who draws conclusions from a host asks for it
//! in the end, and tells it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::Host;
use crate::diag::{Error, Result};

/// Paths that could not be looked at, each with the system's reason; shared by hosts that are made of one another.
#[derive(Clone, Debug, Default)]
pub struct Unknown(Arc<Mutex<BTreeMap<String, String>>>);

impl Unknown {
    /// Notes that `path` (the root when empty) could not be looked at.
    pub fn add(&self, path: &str, why: &std::io::Error) {
        if let Ok(mut all) = self.0.lock() {
            all.entry(path.to_owned()).or_insert_with(|| why.to_string());
        }
    }
}

impl Host {
    /// The paths that could not be looked at so far, each with an error that says why; from then on they are forgotten.
    pub fn take_unknown(&self) -> Vec<(String, Error)> {
        let taken = self.unknown.0.lock().map(|mut all| std::mem::take(&mut *all));
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
        let all = self.unknown.0.lock();
        let first = all.ok().and_then(|all| {
            let (path, why) = all.first_key_value()?;
            Some(unknown(path, why))
        });
        first.map_or(Ok(()), Err)
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
        for host in [host.still(), host] {
            let paths = |host: &Host| -> Vec<String> {
                let all = host.take_unknown().into_iter();
                all.map(|(path, _)| path).collect()
            };
            assert!(host.exists_file("a") && !host.exists_file("none") && !host.exists_dir("a/none"));
            assert!(host.names("none").is_empty() && host.names("a").is_empty());
            assert!(host.all_known().is_ok());
            assert!(host.exists(&HostPath::new("loop/x").unwrap()));
            assert!(host.read(&HostPath::new("loop/x").unwrap()).is_err());
            assert!(host.exists_file("loop/x"));
            assert!(host.beside().all_known().is_err());
            assert_eq!(paths(&host), ["loop/x"]);
            assert!(host.files_below("loop", &["ts"], 9).is_empty());
            assert_eq!(paths(&host), ["loop"]);
            assert!(host.all_known().is_ok());
        }
    }
}
