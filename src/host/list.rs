//! Directories as they are listed: what stands in one, told without asking for each name.
//!
//! A host in which nothing changes while it is looked at keeps what it listed, and which directories no symbolic link
//! leads through.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use crate::lang::fast::Fast;

use super::Host;

/// How many directories are remembered as plain for the hosts of one thread.
const MAX_PLAIN: usize = 4096;

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link, or what is neither.
    Other,
}

/// The names in a directory, sorted, each with what it is.
pub type Names = Vec<(String, Kind)>;

/// Directories that are reached through no symbolic link, shared by hosts that look at the same tree.
pub type Plain = Arc<Mutex<HashSet<String, Fast>>>;

/// What is known of the directories of a host.
#[derive(Default)]
pub struct Dirs {
    /// Whether what was listed is kept.
    pub keeps: bool,
    /// Directories that are reached through no symbolic link.
    pub plain: Plain,
    listed: RefCell<HashMap<String, Option<Arc<Names>>, Fast>>,
}

impl Dirs {
    /// What stands at `path`, as far as its directory was listed; nothing within if there is no such name.
    pub fn known(&self, path: &str) -> Option<Option<Kind>> {
        if !self.keeps {
            return None;
        }
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        if matches!(name, "" | "." | "..") {
            return None;
        }
        let listed = self.listed.borrow();
        let names = listed.get(dir)?.as_ref()?;
        let at = names.binary_search_by(|(known, _)| known.as_str().cmp(name));
        match at {
            Ok(at) => Some(Some(names[at].1)),
            // There a file may be found by another spelling of its name.
            Err(_) if cfg!(any(windows, target_vendor = "apple")) => None,
            Err(_) => Some(None),
        }
    }
}

impl Host {
    /// What the directory at `path` (the root when empty) lists, wherever it leads; nothing if there is none. Names that are
    /// not Unicode are left out.
    pub(super) fn listing(&self, path: &str) -> Option<Arc<Names>> {
        if let Some(known) = self.dirs.listed.borrow().get(path) {
            return known.clone();
        }
        let found = self.list(path).map(Arc::new);
        if self.dirs.keeps {
            let mut listed = self.dirs.listed.borrow_mut();
            listed.insert(path.to_owned(), found.clone());
        }
        found
    }

    fn list(&self, path: &str) -> Option<Names> {
        let entries = std::fs::read_dir(self.at(path)).ok()?;
        let mut names: Names = entries
            .flatten()
            .filter_map(|entry| {
                let kind = match entry.file_type() {
                    Ok(kind) if kind.is_file() => Kind::File,
                    Ok(kind) if kind.is_dir() => Kind::Dir,
                    _ => Kind::Other,
                };
                Some((entry.file_name().into_string().ok()?, kind))
            })
            .collect();
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Some(names)
    }

    /// What the directory at `path` (the root when empty) lists, if it is a part of the host.
    pub(super) fn names_on_disk(&self, path: &str) -> Option<Arc<Names>> {
        if let Some(trace) = &self.trace {
            trace.listed(path);
        }
        if !self.is_plain_dir(path) {
            let above = path.rsplit_once('/').map_or("", |(above, _)| above);
            if self.kind(path)? == Kind::File && self.is_plain_dir(above) {
                return None;
            }
            // What a symbolic link leads to may be no part of it.
            self.lose_trace();
            let real = self.at(path).canonicalize().ok()?;
            if !real.starts_with(&self.root) {
                return None;
            }
        }
        self.listing(path)
    }

    /// Whether a directory stands at `path` (the root when empty) to which no symbolic link leads.
    pub(super) fn is_plain_dir(&self, path: &str) -> bool {
        let is_known = |plain: &Plain| plain.lock().is_ok_and(|plain| plain.contains(path));
        if path.is_empty() || is_known(&self.dirs.plain) {
            return true;
        }
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        if !self.is_plain_dir(above) || self.kind(path) != Some(Kind::Dir) {
            return false;
        }
        if let Ok(mut plain) = self.dirs.plain.lock() {
            if plain.len() >= MAX_PLAIN {
                plain.clear();
            }
            plain.insert(path.to_owned());
        }
        true
    }

    /// What stands at `path` itself; nothing if nothing does.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        if let Some(known) = self.dirs.known(path) {
            return known;
        }
        let metadata = self.at(path).symlink_metadata().ok()?;
        Some(match metadata.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Dir,
            _ => Kind::Other,
        })
    }
}
