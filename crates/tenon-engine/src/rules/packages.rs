//! What packages are called.

use serde_json::Value;

use crate::host::{Host, HostPath};
use tenon_text::manifest::{self, ManifestFormat};

/// The name that the manifest at `path` gives its package.
pub fn package_name(host: &Host, path: &str) -> Option<String> {
    let text = host.read(&HostPath::new(path).ok()?).ok()??;
    let manifest = manifest::read(&text, ManifestFormat::of_path(path)?, path).ok()?;
    let name = ["/name", "/package/name", "/project/name"]
        .iter()
        .find_map(|pointer| manifest.pointer(pointer));
    name.and_then(Value::as_str).map(str::to_owned)
}
