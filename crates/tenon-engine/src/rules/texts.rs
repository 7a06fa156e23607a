//! The texts that one room reads.

use std::sync::Arc;

use crate::host::Host;
use tenon_syntax::Source;
use tenon_text::diag::Result;
use tenon_text::format::split_bom;

/// Texts of the host without byte-order marks.
pub struct Texts<'r> {
    host: &'r Host,
}

impl<'r> Texts<'r> {
    /// The texts of `host`, which reads each once.
    pub fn new(host: &'r Host) -> Self {
        Self { host }
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

    fn configuration(&self, path: &str) -> Option<Arc<str>> {
        self.host.text(path)
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
