//! What was looked at in a host, so that it can be told later, without reading anything, that it has not changed. What was
//! found absent is known by the directory it would be in.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::stamp::{Print, Printer, Stamps};
use tenon_text::names::in_dir;

/// Paths that were looked at, relative to the host.
#[derive(Debug, Default)]
pub struct Trace {
    paths: RefCell<BTreeSet<String>>,
    /// Whether something was looked at through a symbolic link.
    through_links: Cell<bool>,
    /// Where the paths are written in the end.
    ledger: Option<Arc<Ledger>>,
}

/// What was looked at in several readings of one host.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<BTreeSet<String>>);

impl Ledger {
    /// Everything that was written into it; nothing while something may still be.
    pub fn paths(self: Arc<Self>) -> Option<BTreeSet<String>> {
        Arc::into_inner(self)?.0.into_inner().ok()
    }
}

/// The paths of a trace, relative to the host, as they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Files that were read, and directories that were listed or in which something was looked for.
    pub paths: BTreeSet<String>,
    /// Whether something was looked at through a symbolic link: then it may be another path that was meant.
    pub through_links: bool,
}

impl Trace {
    /// One that ends up in `ledger`.
    pub fn of(ledger: &Arc<Ledger>) -> Self {
        let mut out = Self::default();
        out.ledger = Some(Arc::clone(ledger));
        out
    }

    /// The paths so far.
    pub fn touched(&self) -> Touched {
        Touched {
            paths: self.paths.borrow().clone(),
            through_links: self.through_links.get(),
        }
    }

    /// Notes that the text of `path` was read.
    pub fn read(&self, path: &str) {
        self.listed(path);
    }

    /// Notes that it was asked whether something stands at `path`.
    pub fn asked(&self, path: &str) {
        let (dir, _) = in_dir(path);
        self.listed(dir);
    }

    /// Notes that the directory `dir` was listed.
    pub fn listed(&self, dir: &str) {
        let mut paths = self.paths.borrow_mut();
        if !paths.contains(dir) {
            paths.insert(dir.to_owned());
        }
    }

    /// Whether something was looked at through a symbolic link.
    pub fn saw_links(&self) -> bool {
        self.through_links.get()
    }

    /// Notes that something was looked at through a symbolic link.
    pub fn through_link(&self) {
        self.through_links.set(true);
    }

    /// The paths, those that are not there replaced by the nearest directory that is, and what they look like.
    pub fn seen(&self, stamps: &Stamps) -> Option<(Vec<String>, Print)> {
        standing(self.paths.borrow().iter().map(String::as_str), stamps)
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(ledger) = &self.ledger
            && let Ok(mut known) = ledger.0.lock()
        {
            known.append(self.paths.get_mut());
        }
    }
}

/// Those of `paths` that are there, sorted, each that is not replaced by the nearest directory that is, and what they look
/// like; nothing if there is not even the host.
pub fn standing<'p>(paths: impl Iterator<Item = &'p str>, stamps: &Stamps) -> Option<(Vec<String>, Print)> {
    let mut out = std::collections::BTreeMap::new();
    for mut path in paths {
        while !out.contains_key(path) {
            match stamps.of(path) {
                Some(stamp) => {
                    out.insert(path, stamp);
                }
                None if path.is_empty() => return None,
                None => path = in_dir(path).0,
            }
        }
    }
    let mut printer = Printer::default();
    out.values().for_each(|stamp| printer.add(*stamp));
    let paths = out.into_keys().map(str::to_owned).collect();
    Some((paths, printer.print()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::Host;
    use super::*;

    /// What is seen while `look` looks at a host with a file `dir/a` and a link `link` to `far/b`.
    fn seen(look: impl Fn(&Host)) -> impl Fn() -> Option<(Vec<String>, Print)> {
        let dir = tempfile::tempdir().unwrap();
        for path in ["dir/a", "far/b"] {
            std::fs::create_dir_all(dir.path().join(path).parent().unwrap()).unwrap();
            std::fs::write(dir.path().join(path), path).unwrap();
        }
        symlink("far/b", dir.path().join("link")).unwrap();
        let ledger = Arc::<Ledger>::default();
        let host = Host::empty(dir.path()).noting(Some(&ledger)).beside();
        look(&host);
        drop(host);
        let paths = ledger.paths().unwrap();
        move || {
            let stamps = Host::empty(dir.path()).stamps().unwrap();
            standing(paths.iter().map(String::as_str), &stamps)
        }
    }

    #[test]
    fn what_is_not_there_is_known_by_the_nearest_directory() {
        let look = seen(|host| {
            assert!(!host.exists_file("dir/none/x.ts"));
            assert!(host.files_below("dir/no/where", &["ts"], 9).is_empty());
        });
        assert_eq!(look().unwrap().0, ["dir"]);
    }

    #[test]
    fn what_a_link_leads_to_is_known_with_it() {
        let asked = |host: &Host| assert!(host.exists_file("link"));
        assert_eq!(seen(asked)().unwrap().0, ["", "link"]);
        let read = |host: &Host| assert!(tenon_syntax::Source::text(host, "link").is_some());
        assert_eq!(seen(read)().unwrap().0, ["link"]);
    }

    #[test]
    fn a_change_shows_also_behind_a_link() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("real"), "1").unwrap();
        symlink("real", dir.path().join("link")).unwrap();
        let stamps = Host::empty(dir.path()).stamps().unwrap();
        let look = || standing(["link"].into_iter(), &stamps).unwrap().1.digest;
        let before = look();
        assert_eq!(look(), before);
        std::fs::write(dir.path().join("real"), "22").unwrap();
        let after = look();
        assert_ne!(after, before);
        std::fs::remove_file(dir.path().join("real")).unwrap();
        assert_ne!(look(), after);
    }
}
