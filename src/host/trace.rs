//! What was looked at in a host, so that it can be told later, without reading anything, that it has not changed. What was
//! found absent is known by the directory it would be in.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::stamp::{Print, Printer, Stamps};

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
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        self.listed(dir);
    }

    /// Notes that the directory `dir` was listed.
    pub fn listed(&self, dir: &str) {
        let mut paths = self.paths.borrow_mut();
        if !paths.contains(dir) {
            paths.insert(dir.to_owned());
        }
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
                None => path = path.rsplit_once('/').map_or("", |(dir, _)| dir),
            }
        }
    }
    let mut printer = Printer::default();
    out.values().for_each(|stamp| printer.add(*stamp));
    let paths = out.into_keys().map(str::to_owned).collect();
    Some((paths, printer.print()))
}
