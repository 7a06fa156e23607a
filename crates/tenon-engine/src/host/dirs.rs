//! The cache of directory listings of a host that does not change while it is read.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use tenon_syntax::fast::Fast;
use tenon_text::names::in_dir;

/// After so many single lookups in one directory it is listed, so that later lookups need no system call.
const LISTED_AFTER: usize = 5;

/// The type of a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link, a device, or an entry that cannot be looked up.
    Other,
}

/// The entries of a directory: names and their types, sorted by name.
pub type Listing = Vec<(String, EntryKind)>;

/// Directories that are reached through no symbolic link. Hosts made from one another share the set.
pub type PlainDirs = Arc<Mutex<HashSet<String, Fast>>>;

/// Caches what is known of the directories of a host.
#[derive(Default)]
pub struct DirCache {
    /// Whether entries are cached: only in a host that does not change while it is read.
    pub keeps: bool,
    /// Directories that are reached through no symbolic link.
    pub plain: PlainDirs,
    /// Complete listings; `None` for what is no directory.
    pub listed: RefCell<HashMap<String, Option<Arc<Listing>>, Fast>>,
    /// Entries that were looked up one by one.
    pub entries: RefCell<HashMap<String, Option<EntryKind>, Fast>>,
    /// How many entries of a directory were looked up one by one.
    lookups: RefCell<HashMap<String, usize, Fast>>,
}

impl DirCache {
    /// The cached entry at `path`: `None` if it is not cached, `Some(None)` if it does not exist.
    pub fn known(&self, path: &str) -> Option<Option<EntryKind>> {
        if !self.keeps {
            return None;
        }
        let (dir, name) = in_dir(path);
        if matches!(name, "" | "." | "..") {
            return None;
        }
        let listed = self.listed.borrow();
        let Some(names) = listed.get(dir).and_then(Option::as_ref) else {
            let known = self.entries.borrow().get(path).copied();
            // Nothing can exist below a file or below an absent directory.
            let is_below = |dir| matches!(self.known(dir), Some(None | Some(EntryKind::File)));
            return known.or_else(|| is_below(dir).then_some(None));
        };
        let at = names.binary_search_by(|(known, _)| known.as_str().cmp(name));
        match at {
            Ok(at) => Some(Some(names[at].1)),
            // File systems there may find a file under another spelling.
            Err(_) if cfg!(any(windows, target_vendor = "apple")) => None,
            Err(_) => Some(None),
        }
    }

    /// Counts a single lookup of `path`; returns its directory if listing it is now cheaper. A directory of installed packages
    /// is never listed for this, as it may hold thousands.
    pub fn directory_to_list<'p>(&self, path: &'p str) -> Option<&'p str> {
        if !self.keeps {
            return None;
        }
        let (dir, _) = in_dir(path);
        let mut lookups = self.lookups.borrow_mut();
        match lookups.get_mut(dir) {
            Some(times) => {
                *times += 1;
                let is_own = || dir.split('/').all(|name| name != "node_modules");
                (*times == LISTED_AFTER && is_own()).then_some(dir)
            }
            None => {
                lookups.insert(dir.to_owned(), 1);
                None
            }
        }
    }
}
