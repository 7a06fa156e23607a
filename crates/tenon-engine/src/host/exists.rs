//! Tells whether a file or a directory exists in the host.

use std::fs::Metadata;

use super::dirs::EntryKind;
use super::reader::{is_called_like_a_file, is_called_like_a_manifest};
use super::{Host, HostPath};
use tenon_text::disk;

impl Host {
    /// Whether anything exists at `path`: a file, a directory or a link.
    pub fn exists(&self, path: &HostPath) -> bool {
        self.is_read(path.as_str()) || self.kind(path.as_str()).is_some()
    }

    /// Whether `path` is a file inside the host; links are followed.
    pub fn exists_file(&self, path: &str) -> bool {
        self.is_read(path)
            || HostPath::checked(path).is_some_and(|path| self.is(&path, EntryKind::File, Metadata::is_file))
    }

    /// Whether `path` (the root when empty) is a directory; links are followed.
    pub fn exists_dir(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty()
            || HostPath::checked(path).is_some_and(|path| self.is(&path, EntryKind::Dir, Metadata::is_dir))
    }

    /// Whether what stands at `path` lies outside of the host when symbolic links are followed.
    pub(super) fn leads_out(&self, path: &str) -> bool {
        let real = self.at(path).canonicalize();
        real.is_ok_and(|real| !real.starts_with(&self.root.path))
    }

    /// Whether the entry at `path`, or the target of a link there, is of this kind. An entry that cannot be looked up counts as
    /// one and is recorded for [`Host::take_unknown`].
    fn is(&self, path: &str, kind: EntryKind, leads_to: fn(&Metadata) -> bool) -> bool {
        match self.kind(path) {
            Some(EntryKind::Other) => {
                self.dirs.asked(path, Some(EntryKind::Other));
                // Its target may change while its directory does not.
                match disk::stat(&self.at(path)) {
                    Ok(found) => {
                        let is_file = found.as_ref().is_some_and(Metadata::is_file);
                        let is_dir = found.as_ref().is_some_and(Metadata::is_dir);
                        // A pipe, or a link to nothing, in the place of a file.
                        let is_neither = kind == EntryKind::File && !is_file && !is_dir;
                        if (is_file && self.leads_out(path)) || (is_neither && is_called_like_a_file(path)) {
                            self.doubt(path);
                        }
                        found.is_some_and(|found| leads_to(&found))
                    }
                    Err(error) => {
                        self.unreadable.add(path, &error);
                        true
                    }
                }
            }
            known => {
                let is_dir = known == Some(EntryKind::Dir);
                if is_dir && kind == EntryKind::File && is_called_like_a_manifest(path) {
                    self.doubt(path);
                }
                known == Some(kind)
            }
        }
    }
}
