//! Who is a member of the workspace, by what its manifests say.

use crate::host::{Host, HostPath};
use tenon_syntax::workspace::{Members, WORKSPACE_FILES, WorkspaceFile, member_patterns};
use tenon_text::diag::{Error, Result};

/// The workspace manifests of a host.
#[derive(Debug)]
pub struct Workspace {
    /// What each says.
    manifests: Vec<(&'static WorkspaceFile, Members)>,
    /// Workspace manifests that cannot be read, and why: who is a member is then unknown.
    pub unread: Vec<(String, Error)>,
}

impl Workspace {
    /// Those of `host`.
    pub fn of(host: &Host) -> Result<Self> {
        let (mut manifests, mut unread) = (Vec::new(), Vec::new());
        for known in WORKSPACE_FILES {
            let text = host.read(&HostPath::new(known.file)?);
            let members = text.and_then(|text| match text {
                Some(text) => member_patterns(&text, known.file),
                None => Ok(None),
            });
            match members {
                Ok(members) => manifests.extend(members.map(|members| (known, members))),
                Err(error) => unread.push((known.file.to_owned(), error)),
            }
        }
        Ok(Self { manifests, unread })
    }

    /// The manifest of the workspace that lists members such as `dir`, by the manifest that it has; nothing if none does. `is_there` says
    /// whether a file is there.
    pub fn list(
        &self,
        dir: &str,
        is_there: impl Fn(&str) -> bool,
    ) -> Option<(&'static WorkspaceFile, &Members)> {
        let mut manifests = self.manifests.iter();
        let list = manifests.find(|(known, _)| is_there(&format!("{dir}/{}", known.member)));
        list.map(|(known, members)| (*known, members))
    }

    /// The file that should list `dir`, by the manifest that it has; nothing if it has none.
    pub fn lists(dir: &str, is_there: impl Fn(&str) -> bool) -> Option<&'static str> {
        let mut known = WORKSPACE_FILES.iter().rev();
        let of = known.find(|known| is_there(&format!("{dir}/{}", known.member)));
        of.map(|known| known.file)
    }

    /// Whether a package whose manifest were at `path` would be a member of the workspace.
    pub fn takes_in(&self, path: &str) -> bool {
        path.rsplit_once('/').is_some_and(|(dir, own)| {
            let mut members = self.manifests.iter();
            members.any(|(of, members)| of.member == own && members.covers(dir))
        })
    }

    /// Patterns of the manifests of all members.
    pub fn manifests(&self) -> impl Iterator<Item = String> + '_ {
        self.manifests.iter().flat_map(|(known, members)| {
            let own = known.member;
            let more = members.more.iter().map(|(_, pattern)| pattern);
            let dirs = members.patterns.iter().chain(more);
            let dirs = dirs.map(|dir| dir.trim_start_matches("./").trim_end_matches('/'));
            dirs.map(move |dir| format!("{dir}/{own}"))
        })
    }

    /// The directories that workspace manifests list by their names, each with its manifest, where it stands in there, and
    /// the manifest that it must have itself.
    pub fn listed(&self) -> Vec<(&'static str, &'static str, String, &'static str)> {
        let mut out = Vec::new();
        for (known, members) in &self.manifests {
            let Some(pointer) = members.pointer.filter(|pointer| pointer.starts_with('/')) else {
                continue;
            };
            for pattern in &members.patterns {
                if !pattern.contains(['*', '?', '[', '{', '!']) {
                    out.push((known.file, pointer, pattern.clone(), known.member));
                }
            }
        }
        out
    }
}
