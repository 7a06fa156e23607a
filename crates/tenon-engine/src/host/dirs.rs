//! The cache of directory listings of a host that does not change while it is read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tenon_syntax::languages::is_derived;
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

/// Caches what is known of the directories of a host.
#[derive(Default)]
pub struct DirCache {
    /// Whether entries are cached: only in a host that does not change while it is read.
    pub keeps: bool,
    /// Directories that are reached through no symbolic link.
    pub plain: Mutex<HashSet<String>>,
    /// Complete listings; `None` for what is no directory.
    pub listed: Mutex<HashMap<String, Option<Arc<Listing>>>>,
    /// Entries that were looked up one by one.
    pub entries: Mutex<HashMap<String, Option<EntryKind>>>,
    /// How many entries of a directory were looked up one by one.
    lookups: Mutex<HashMap<String, usize>>,
}

/// Locks a cache. A thread that panicked has left it intact: each entry is written at once.
pub fn lock<T>(cache: &Mutex<T>) -> MutexGuard<'_, T> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DirCache {
    /// Every path that was listed or looked up, and whether it exists.
    pub fn looked_at(&self) -> BTreeMap<String, bool> {
        let (listed, entries) = (lock(&self.listed), lock(&self.entries));
        let listed = listed.iter().map(|(path, names)| (path.clone(), names.is_some()));
        let entries = entries.iter().map(|(path, kind)| (path.clone(), kind.is_some()));
        listed.chain(entries).collect()
    }

    /// Caches the entry at `path`.
    pub fn asked(&self, path: &str, kind: Option<EntryKind>) {
        if self.keeps {
            lock(&self.entries).insert(path.to_owned(), kind);
        }
    }

    /// The cached entry at `path`: `None` if it is not cached, `Some(None)` if it does not exist.
    pub fn known(&self, path: &str) -> Option<Option<EntryKind>> {
        if !self.keeps {
            return None;
        }
        let (dir, name) = in_dir(path);
        if matches!(name, "" | "." | "..") {
            return None;
        }
        let listed = lock(&self.listed).get(dir).cloned().flatten();
        let Some(names) = listed else {
            let known = lock(&self.entries).get(path).copied();
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
        let mut lookups = lock(&self.lookups);
        match lookups.get_mut(dir) {
            Some(times) => {
                *times += 1;
                let is_own = || !dir.split('/').any(is_derived);
                (*times == LISTED_AFTER && is_own()).then_some(dir)
            }
            None => {
                lookups.insert(dir.to_owned(), 1);
                None
            }
        }
    }
}
