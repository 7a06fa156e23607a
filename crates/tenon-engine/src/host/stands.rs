//! Whether something stands at a path of the host.

use std::fs::Metadata;

use super::list::Kind;
use super::{Host, HostPath};
use tenon_text::disk;

impl Host {
    /// Whether anything stands at `path`.
    pub fn exists(&self, path: &HostPath) -> bool {
        self.is_read(path.as_str()) || self.kind(path.as_str()).is_some()
    }

    /// Whether a file stands at `path`, given as text; no path outside the host is one.
    pub fn exists_file(&self, path: &str) -> bool {
        self.is_read(path)
            || HostPath::checked(path).is_some_and(|path| self.is(&path, Kind::File, Metadata::is_file))
    }

    /// Whether a directory stands at `path`; the root when empty.
    pub fn exists_dir(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty()
            || HostPath::checked(path).is_some_and(|path| self.is(&path, Kind::Dir, Metadata::is_dir))
    }

    /// Whether what stands at `path` is of this kind, or what a symbolic link there leads to. Of what cannot be looked at
    /// it is not said that it is not: it is noted, for [`Host::take_unknown`].
    fn is(&self, path: &str, kind: Kind, leads_to: fn(&Metadata) -> bool) -> bool {
        match self.kind(path) {
            Some(Kind::Other) => {
                self.dirs.asked(path, Some(Kind::Other));
                // What it leads to may come and go without its directory.
                match disk::stat(&self.at(path)) {
                    Ok(found) => found.is_some_and(|metadata| leads_to(&metadata)),
                    Err(error) => {
                        self.unknown.add(path, &error);
                        true
                    }
                }
            }
            known => known == Some(kind),
        }
    }
}
