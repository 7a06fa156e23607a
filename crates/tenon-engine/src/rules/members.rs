//! Who is a member of the workspace, by what its manifests say.

use crate::host::{Host, HostPath};
use tenon_syntax::workspace::{Members, WORKSPACE_FILES, WorkspaceFile, member_patterns};
use tenon_text::diag::{Error, Result};

/// The workspace manifests of a host.
#[derive(Debug)]
pub struct Workspace {
    /// What each says, with the manifest that its members have.
    manifests: Vec<(&'static str, Members)>,
    /// Workspace manifests that cannot be read, and why: who is a member is then unknown.
    pub unread: Vec<(String, Error)>,
}

impl Workspace {
    /// Those of `host`.
    pub fn of(host: &Host) -> Result<Self> {
        let (mut manifests, mut unread) = (Vec::new(), Vec::new());
        for WorkspaceFile {
            file: workspace,
            member,
            ..
        } in WORKSPACE_FILES
        {
            let text = host.read(&HostPath::new(workspace)?);
            let members = text.and_then(|text| match text {
                Some(text) => member_patterns(&text, workspace),
                None => Ok(None),
            });
            match members {
                Ok(members) => manifests.extend(members.map(|members| (*member, members))),
                Err(error) => unread.push(((*workspace).to_owned(), error)),
            }
        }
        Ok(Self { manifests, unread })
    }

    /// Whether a manifest of the workspace takes `dir` in; nothing if none lists members with such a manifest as `dir` has. `is_there` says
    /// whether a file is there.
    pub fn has(&self, dir: &str, is_there: impl Fn(&str) -> bool) -> Option<bool> {
        let mut manifests = self.manifests.iter();
        let list = manifests.find(|(own, _)| is_there(&format!("{dir}/{own}")));
        list.map(|(_, members)| members.covers(dir))
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
            members.any(|(of, members)| *of == own && members.covers(dir))
        })
    }

    /// Patterns of the manifests of all members.
    pub fn manifests(&self) -> impl Iterator<Item = String> + '_ {
        self.manifests.iter().flat_map(|(own, members)| {
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
        for (own, members) in &self.manifests {
            let workspace = WORKSPACE_FILES
                .iter()
                .find(|known| known.member == *own)
                .map_or("", |known| known.file);
            // Of two that go with one kind of members the first that lists any is meant.
            let is_it = |name: &&str| {
                members.pointer.is_some_and(|pointer| pointer.starts_with('/')) && !name.is_empty()
            };
            let Some(pointer) = members.pointer.filter(|_| is_it(&workspace)) else {
                continue;
            };
            for pattern in &members.patterns {
                if !pattern.contains(['*', '?', '[', '{', '!']) {
                    out.push((workspace, pointer, pattern.clone(), *own));
                }
            }
        }
        out
    }
}
