//! The texts that one context reads.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use crate::host::{Host, HostPath};
use tenon_syntax::Source;
use tenon_text::diag::Result;
use tenon_text::format::split_bom;

/// Texts of the host without byte-order marks.
pub struct Texts<'r> {
    host: &'r Host,
    /// The files whose texts were asked for.
    read: RefCell<HashSet<String>>,
}

impl<'r> Texts<'r> {
    /// The texts of `host`.
    pub fn new(host: &'r Host) -> Self {
        Self {
            host,
            read: RefCell::default(),
        }
    }

    /// The host.
    pub fn host(&self) -> &'r Host {
        self.host
    }

    /// How many files were read here.
    pub fn count(&self) -> usize {
        self.read.borrow().len()
    }

    /// The text of a file, if there is one.
    pub fn get(&self, path: &str) -> Result<Option<Arc<str>>> {
        let path = HostPath::new(path)?;
        let Some(text) = self.host.read(&path)? else {
            return Ok(None);
        };
        if !self.read.borrow().contains(path.as_str()) {
            self.read.borrow_mut().insert(path.as_str().to_owned());
        }
        Ok(Some(match split_bom(&text) {
            (true, body) => Arc::from(body),
            (false, _) => text,
        }))
    }
}

impl Source for Texts<'_> {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.get(path).ok().flatten()
    }

    fn configuration(&self, path: &str) -> Option<Arc<str>> {
        self.host.text(path)
    }

    fn doubt(&self, path: &str) {
        self.host.doubt(path);
    }

    fn exists(&self, path: &str) -> bool {
        self.host.exists_file(path)
    }

    fn is_dir(&self, path: &str) -> bool {
        self.host.exists_dir(path)
    }

    fn names(&self, path: &str) -> Vec<String> {
        self.host.names(path)
    }
}
