//! Manifests that many members ask for: each is parsed once, as long as the host's texts are cached.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use tenon_text::diag::Result;
use tenon_text::format::split_bom;
use tenon_text::manifest::{ManifestFormat, Parsed};

use super::dirs::lock;
use super::{Host, HostPath};

/// A manifest, which is parsed by whoever asks first; nothing if there is no such file.
type Entry = Arc<OnceLock<Result<Option<Arc<Parsed>>>>>;

/// What was parsed so far, by path.
#[derive(Default)]
pub(super) struct Manifests(Mutex<HashMap<String, Entry>>);

impl Host {
    /// The manifest at `path`, without its byte-order mark; `None` if there is no such file. What one member alone asks for is better
    /// parsed by itself: it is kept here.
    ///
    /// # Errors
    /// If it cannot be read, or is not valid.
    pub fn manifest(&self, path: &HostPath, format: ManifestFormat) -> Result<Option<Arc<Parsed>>> {
        let entry = Arc::clone(
            lock(&self.manifests.0)
                .entry(path.as_str().to_owned())
                .or_default(),
        );
        let parsed = entry.get_or_init(|| {
            let text = self.read(path)?;
            let parse = |text: Arc<str>| Parsed::parse(split_bom(&text).1, format, path.as_str());
            Ok(text.map(parse).transpose()?.map(Arc::new))
        });
        parsed.clone()
    }
}
