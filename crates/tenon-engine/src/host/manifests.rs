//! Manifests that many members ask for: each is parsed once, as long as the host's texts are cached.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use tenon_text::diag::Result;
use tenon_text::manifest::Parsed;

use super::dirs::lock;

/// A manifest, which is parsed by whoever asks first; nothing if there is no such file.
type Entry = Arc<OnceLock<Result<Option<Arc<Parsed>>>>>;

/// What was parsed so far, by path.
#[derive(Default)]
pub(super) struct Manifests(Mutex<HashMap<String, Entry>>);

impl Manifests {
    /// The manifest at `path`, which `parse` parses if nobody asked before.
    ///
    /// # Errors
    /// Those of `parse`.
    pub fn get(
        &self,
        path: &str,
        parse: impl FnOnce() -> Result<Option<Arc<Parsed>>>,
    ) -> Result<Option<Arc<Parsed>>> {
        let entry = Arc::clone(lock(&self.0).entry(path.to_owned()).or_default());
        entry.get_or_init(parse).clone()
    }
}
