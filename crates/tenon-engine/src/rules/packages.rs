//! The packages of a workspace, by the names that their manifests give them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::host::{Host, HostPath};
use tenon_text::manifest::{self, ManifestFormat};

/// What the packages of a workspace are called.
#[derive(Default)]
pub struct Packages {
    /// By the path of its manifest; nothing where that gives none.
    manifests: BTreeMap<String, Option<String>>,
    /// All names, also those that something must have.
    names: BTreeSet<String>,
}

impl Packages {
    /// Those whose manifests stand at `paths` in `host`, and the names `proper`, whatever their manifests say.
    pub fn read(host: &Host, paths: impl Iterator<Item = String>, proper: BTreeSet<String>) -> Self {
        let named = paths.map(|path| (package_name(host, &path), path));
        let manifests = named.map(|(name, path)| (path, name)).collect();
        Self::of(manifests, proper)
    }

    fn of(manifests: BTreeMap<String, Option<String>>, proper: BTreeSet<String>) -> Self {
        let mut names = proper;
        names.extend(manifests.values().flatten().cloned());
        Self { manifests, names }
    }

    /// The names.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The same after the files at `paths` have changed, none of which came or went.
    pub fn after(&self, host: &Host, paths: &BTreeSet<String>, proper: BTreeSet<String>) -> Self {
        let mut manifests = self.manifests.clone();
        for path in paths {
            if let Some(name) = manifests.get_mut(path) {
                *name = package_name(host, path);
            }
        }
        Self::of(manifests, proper)
    }
}

/// The name that the manifest at `path` gives its package.
pub fn package_name(host: &Host, path: &str) -> Option<String> {
    let text = host.read(&HostPath::new(path).ok()?).ok()??;
    let manifest = manifest::read(&text, ManifestFormat::of_path(path)?, path).ok()?;
    let name = ["/name", "/package/name", "/project/name"]
        .iter()
        .find_map(|pointer| manifest.pointer(pointer));
    name.and_then(Value::as_str).map(str::to_owned)
}
