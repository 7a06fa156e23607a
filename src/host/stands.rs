//! Whether something stands at a path of the host.

use std::fs::Metadata;

use super::{Host, HostPath};

impl Host {
    /// Whether anything stands at `path`.
    pub fn exists(&self, path: &HostPath) -> bool {
        self.asked(path.as_str());
        self.is_read(path.as_str()) || path.under(&self.root).symlink_metadata().is_ok()
    }

    /// Whether a file stands at `path`, given as text; no path outside the host is one.
    pub fn exists_file(&self, path: &str) -> bool {
        self.asked(path);
        self.is_read(path) || HostPath::new(path).is_ok_and(|path| self.is(&path, Metadata::is_file))
    }

    /// Whether a directory stands at `path`; the root when empty.
    pub fn exists_dir(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.asked(path);
        path.is_empty() || HostPath::new(path).is_ok_and(|path| self.is(&path, Metadata::is_dir))
    }

    /// Whether what stands at `path`, or what a symbolic link there leads to, is of this kind.
    fn is(&self, path: &HostPath, kind: fn(&Metadata) -> bool) -> bool {
        let full = path.under(&self.root);
        match full.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => {
                // What it leads to may come and go without its directory.
                if let Some(trace) = &self.trace {
                    trace.read(path.as_str());
                }
                self.through_link();
                full.metadata().is_ok_and(|metadata| kind(&metadata))
            }
            Ok(metadata) => kind(&metadata),
            Err(_) => false,
        }
    }
}
