//! Paths of the host that could not be read. They count neither as present nor as absent: who draws conclusions from a host
//! asks for them at the end and reports them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tenon_text::diag::{Error, Result};

/// Paths that could not be read, each with the reason that the system gave. Hosts made from one another share them.
#[derive(Clone, Debug, Default)]
pub struct Unreadable {
    /// Of these it is unknown whether they exist.
    entries: Paths,
    /// Files whose content is unknown. Who reads one gets the error; callers may ignore it.
    contents: Paths,
}

/// Paths and reasons.
type Paths = Arc<Mutex<BTreeMap<String, String>>>;

impl Unreadable {
    /// Records that `path` (the root when empty) could not be looked up.
    pub fn add(&self, path: &str, why: &std::io::Error) {
        add(&self.entries, path, why);
    }

    /// Records that the content of the file at `path` could not be read.
    pub fn add_content(&self, path: &str, why: &std::io::Error) {
        add(&self.contents, path, why);
    }

    /// Removes and returns the paths that could not be looked up, each with an error that says why.
    pub fn take_entries(&self) -> Vec<(String, Error)> {
        let taken = self.entries.lock().map(|mut all| std::mem::take(&mut *all));
        let all = taken.unwrap_or_default().into_iter();
        all.map(|(path, why)| {
            let error = unreadable(&path, &why);
            (path, error)
        })
        .collect()
    }

    /// Checks that every path could be looked up.
    ///
    /// # Errors
    /// For the first that could not.
    pub fn no_entries(&self) -> Result<()> {
        first(&self.entries)
    }

    /// Checks that every file could be read.
    ///
    /// # Errors
    /// For the first that could not.
    pub fn no_contents(&self) -> Result<()> {
        first(&self.contents)
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
        Some(unreadable(path, why))
    });
    error.map_or(Ok(()), Err)
}

fn unreadable(path: &str, why: &str) -> Error {
    let path = if path.is_empty() { "." } else { path };
    Error::new(format!("`{}` cannot be looked at", path.escape_debug()))
        .because(why)
        .help("make it readable, then run the command again")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Host, HostPath};

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
