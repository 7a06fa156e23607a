//! Finds the manifest in which a workspace lists its member packages.

use crate::host::HostPath;
use tenon_syntax::workspace::{WORKSPACE_FILES, WorkspaceFile, member_patterns};
use tenon_text::diag::{Error, Result};
use tenon_text::manifest::ManifestFormat;

use super::overlay::Overlay;

/// A list of workspace members.
pub struct MemberList {
    /// The manifest.
    pub file: HostPath,
    /// Its format.
    pub format: ManifestFormat,
    /// The list in it.
    pub pointer: &'static str,
}

/// The list to which `dir` must be added; `None` if a pattern covers it already, or if the host is no workspace.
pub fn place(overlay: &Overlay<'_>, dir: &str) -> Result<Option<MemberList>> {
    for WorkspaceFile {
        file: workspace,
        member,
        by_hand,
        ..
    } in WORKSPACE_FILES
    {
        let file = HostPath::new(workspace)?;
        if !overlay.exists(&file) || !overlay.exists(&HostPath::new(&format!("{dir}/{member}"))?) {
            continue;
        }
        let text = overlay.read(&file)?.unwrap_or_default();
        let Some(members) = member_patterns(&text, workspace)? else {
            continue;
        };
        if members.covers(dir) {
            return Ok(None);
        }
        let Some((pointer, format)) = members.pointer.zip(ManifestFormat::of_path(workspace)) else {
            return Err(Error::new(format!(
                "`{dir}` is not in `{workspace}`, which cannot be edited here"
            ))
            .help(format!("write `{by_hand}{dir}` there, then run again")));
        };
        return Ok(Some(MemberList {
            file,
            format,
            pointer,
        }));
    }
    Ok(None)
}
