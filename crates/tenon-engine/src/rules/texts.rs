//! The texts that one room reads.

use std::sync::Arc;

use crate::host::Host;
use tenon_syntax::Source;
use tenon_syntax::kept::Kept;
use tenon_text::diag::Result;
use tenon_text::format::split_bom;

/// Texts of the host without byte-order marks.
pub struct Texts<'r> {
    host: &'r Host,
    /// What is kept of texts that others have in common with this room.
    pub kept: &'r Kept,
}

impl<'r> Texts<'r> {
    /// The texts of `host`, which reads each once.
    pub fn new(host: &'r Host, kept: &'r Kept) -> Self {
        Self { host, kept }
    }

    /// The text of a file, if there is one.
    pub fn get(&self, path: &str) -> Result<Option<Arc<str>>> {
        Ok(self.host.inspect(path)?.map(|text| match split_bom(&text) {
            (true, body) => Arc::from(body),
            (false, _) => text,
        }))
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
