//! Programming languages: outlines of source files, imports, contracts, stubs, lists in code, and patterns.
//!
//! Functions over text. What they need of other files comes through [`Source`]; nothing here opens a file, and no framework is known.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod build;
pub mod class;
pub mod contract;
pub mod declared;
pub mod entry;
pub mod generics;
pub mod head;
pub mod imports;
pub mod language;
pub mod languages;
pub mod quotes;
mod recent;
pub mod roots;
pub mod rule;
pub mod sources;
pub mod stub;
pub mod style;
pub mod tree;
pub mod workspace;

use std::sync::Arc;

/// Read access to the files of a host, as far as a language needs it to follow imports.
///
/// Paths are relative to the host's root, `/`-separated and normalised.
pub trait Source {
    /// The text of a file; `None` if there is no such file or it cannot be read as text.
    fn text(&self, path: &str) -> Option<Arc<str>>;

    /// The text of a file that is only read for what it says of others, like a compiler's configuration.
    fn configuration(&self, path: &str) -> Option<Arc<str>> {
        self.text(path)
    }

    /// Notes that a file was needed and is not understood: whoever goes on without it need not say so.
    fn doubt(&self, path: &str) {
        let _ = path;
    }

    /// Whether a file exists at `path`.
    fn exists(&self, path: &str) -> bool {
        self.text(path).is_some()
    }

    /// Whether a directory exists at `path`.
    fn is_dir(&self, path: &str) -> bool {
        !self.names(path).is_empty()
    }

    /// The names in the directory at `path` (the root when empty); none where directories cannot be listed.
    fn names(&self, path: &str) -> Vec<String> {
        let _ = path;
        vec![]
    }
}
