//! Where a directory becomes a member of the workspace: the manifest that lists members, whichever it is.

use crate::diag::Result;
use crate::host::HostPath;
use crate::lang::manifest::{self, ManifestFormat};
use crate::lang::workspace::{self, Family};

use super::overlay::Overlay;

/// The list that a new member is added to.
pub struct Place {
    /// The manifest.
    pub file: HostPath,
    /// Its format.
    pub format: ManifestFormat,
    /// The list in it.
    pub pointer: &'static str,
}

/// The list that `dir` has to be added to; `None` if a pattern covers it already, or if nothing in the host
/// lists members.
pub fn place(overlay: &Overlay<'_>, dir: &str) -> Result<Option<Place>> {
    for list in workspace::LISTS {
        let file = HostPath::new(list.file)?;
        let own = HostPath::new(&format!("{dir}/{}", list.member_file))?;
        if !overlay.exists(&file) || !overlay.exists(&own) {
            continue;
        }
        let text = overlay.read(&file)?.unwrap_or_default();
        let Some(format) = ManifestFormat::of_path(list.file) else { continue };
        let Some(entries) = manifest::entries(&text, format, list.file, list.pointer)? else { continue };
        let patterns: Vec<&str> = entries.iter().filter_map(|entry| entry.value.as_str()).collect();
        if entries.iter().any(|entry| entry.key.is_some()) {
            continue;
        }
        if workspace::covers(list.family, &patterns, dir) {
            return Ok(None);
        }
        return Ok(Some(Place { file, format, pointer: list.pointer }));
    }
    Ok(None)
}

/// Named here so that the list of families stays in one place.
#[allow(dead_code)]
type _Family = Family;
