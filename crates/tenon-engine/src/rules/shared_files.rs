//! What is known of files that many members ask for: each is parsed, and each rule is looked for in it, once in a check.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tenon_text::diag::{Result, Span};
use tenon_text::sections::Sections;

/// A match of a rule.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The node that matched.
    pub span: Span,
    /// What its variable holds, and where; nothing if the rule asks for none, or the match has none.
    pub var: Option<(String, Span)>,
}

/// The matches of a rule in a file; nothing if that is no code, or broken.
pub type Hits = Option<Arc<Vec<Hit>>>;

/// Files that are no one's own.
#[derive(Default)]
pub struct SharedFiles {
    /// The first marker of an unfinished merge.
    markers: Known<String, Option<Span>>,
    /// The first syntax error of a file of code.
    errors: Known<String, Option<Span>>,
    /// Texts, cut into lines.
    sections: Known<String, Option<Arc<Sections>>>,
    /// By the rule (its place in the pack), the variable and the file.
    hits: Known<(usize, String, String), Result<Hits>>,
}

/// Values that are found out by whoever asks first.
struct Known<K, V>(Mutex<HashMap<K, Arc<OnceLock<V>>>>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    fn get(&self, key: K, find: impl FnOnce() -> V) -> V {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Arc::clone(known.entry(key).or_default());
        drop(known);
        entry.get_or_init(find).clone()
    }
}

impl SharedFiles {
    /// The first marker of an unfinished merge in the file at `path`, which `find` looks for.
    pub fn marker(&self, path: &str, find: impl FnOnce() -> Option<Span>) -> Option<Span> {
        self.markers.get(path.to_owned(), find)
    }

    /// The first syntax error of the file at `path`, which `find` looks for.
    pub fn error(&self, path: &str, find: impl FnOnce() -> Option<Span>) -> Option<Span> {
        self.errors.get(path.to_owned(), find)
    }

    /// The lines of the text at `path`, which `read` finds out.
    pub fn sections(
        &self,
        path: &str,
        read: impl FnOnce() -> Option<Arc<Sections>>,
    ) -> Option<Arc<Sections>> {
        self.sections.get(path.to_owned(), read)
    }

    /// The matches of `rule`, with its variable `var`, in the file at `path`, which `find` looks for.
    ///
    /// # Errors
    /// Those of `find`.
    pub fn hits<T>(
        &self,
        rule: &T,
        var: &str,
        path: &str,
        find: impl FnOnce() -> Result<Hits>,
    ) -> Result<Hits> {
        let place = std::ptr::from_ref(rule) as usize;
        self.hits.get((place, var.to_owned(), path.to_owned()), find)
    }
}
