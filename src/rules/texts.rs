//! The texts that one room reads, each once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::diag::Result;
use crate::host::{Host, HostPath};
use crate::lang::Source;
use crate::lang::fast::Fast;
use crate::lang::format::split_bom;
use crate::lang::kept::Kept;

/// Texts of the host without byte-order marks.
pub struct Texts<'r> {
    host: &'r Host,
    /// What is kept of texts that others have in common with this room.
    pub kept: &'r Kept,
    /// What was read.
    pub read: RefCell<HashMap<String, Option<Arc<str>>, Fast>>,
}

impl<'r> Texts<'r> {
    /// Nothing is read yet.
    pub fn new(host: &'r Host, kept: &'r Kept) -> Self {
        Self {
            host,
            kept,
            read: RefCell::default(),
        }
    }

    /// The text of a file, if there is one.
    pub fn get(&self, path: &str) -> Result<Option<Arc<str>>> {
        if let Some(known) = self.read.borrow().get(path) {
            return Ok(known.clone());
        }
        let text = self.host.read(&HostPath::new(path)?)?.map(|text| {
            let (bom, body) = split_bom(&text);
            if bom { Arc::from(body) } else { Arc::clone(&text) }
        });
        self.read.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }
}

impl Source for Texts<'_> {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.get(path).ok().flatten()
    }

    fn kept(&self) -> Option<&Kept> {
        Some(self.kept)
    }

    fn exists(&self, path: &str) -> bool {
        self.host.exists_file(path)
    }

    fn names(&self, path: &str) -> Vec<String> {
        self.host.names(path)
    }
}
