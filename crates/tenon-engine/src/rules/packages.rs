//! What packages are called.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::host::{Host, HostPath};
use tenon_text::diag::Result;
use tenon_text::manifest::{self, ManifestFormat};

/// The packages of a workspace.
#[derive(Default)]
pub struct Packages {
    /// Their names.
    pub names: BTreeSet<String>,
    /// Manifests that cannot be read or parsed: what they name is unknown.
    pub unread: Vec<String>,
}

impl Packages {
    /// Adds the package that has the manifest at `path`.
    pub fn add(&mut self, host: &Host, path: &str) {
        match package_name(host, path) {
            Ok(name) => self.names.extend(name),
            Err(_) => self.unread.push(path.to_owned()),
        }
    }
}

/// The name that the manifest at `path` gives its package; nothing if there is none.
fn package_name(host: &Host, path: &str) -> Result<Option<String>> {
    let (Some(text), Some(format)) = (host.read(&HostPath::new(path)?)?, ManifestFormat::of_path(path))
    else {
        return Ok(None);
    };
    let manifest = manifest::read(&text, format, path)?;
    let name = ["/name", "/package/name", "/project/name"]
        .iter()
        .find_map(|pointer| manifest.pointer(pointer));
    Ok(name.and_then(Value::as_str).map(str::to_owned))
}
