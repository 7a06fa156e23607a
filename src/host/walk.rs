//! What lies below a directory of the host.

use std::path::Path;

use super::{Host, HostPath};

impl Host {
    /// The files below the directory `dir` whose names end in one of `extensions`, sorted, at most `depth` directories
    /// down. Symbolic links are passed over, and so are names that patterns pass over.
    pub fn files_below(&self, dir: &str, extensions: &[&str], depth: usize) -> Vec<String> {
        let wanted = |path: &str| {
            let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
            extensions.contains(&extension)
        };
        self.walk(dir, depth, &is_visible, &wanted)
    }

    /// All files below the directory `dir` (the root when empty), sorted: hidden ones too, but nothing of what version control,
    /// package managers and compilers keep there, and nothing that git ignores. Symbolic links are passed over.
    pub fn all_below(&self, dir: &str) -> Vec<String> {
        let kept = self.kept.get_or_init(|| super::git::kept(&self.root));
        let is_kept = |path: &str| kept.as_ref().is_none_or(|kept| kept.contains(path));
        self.walk(dir, usize::MAX, &is_source, &is_kept)
    }

    fn walk(
        &self,
        dir: &str,
        depth: usize,
        enters: &dyn Fn(&str) -> bool,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<String> {
        let at = if dir.is_empty() {
            self.root.clone()
        } else {
            match HostPath::new(dir) {
                Ok(path) => path.under(&self.root),
                Err(_) => return vec![],
            }
        };
        if let Some(trace) = &self.trace {
            // Also where there is no such directory yet.
            trace.listed(dir);
        }
        let walk = walkdir::WalkDir::new(at).max_depth(depth).sort_by_file_name();
        let entries = walk
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name().to_str().is_some_and(enters));
        let mut out: Vec<String> = entries
            .flatten()
            .inspect(|entry| {
                if let (Some(trace), true) = (&self.trace, entry.file_type().is_dir())
                    && let Some(path) = entry.path().strip_prefix(&self.root).ok().and_then(Path::to_str)
                {
                    trace.listed(path);
                }
            })
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| {
                let path = entry.path().strip_prefix(&self.root).ok()?;
                path.to_str().map(str::to_owned)
            })
            .filter(|path| wanted(path))
            .collect();
        let inside = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        for path in self.instead.keys().filter(|path| path.starts_with(&inside)) {
            if wanted(path) && !out.contains(path) {
                out.push(path.clone());
            }
        }
        out
    }

    /// How long a file is, in bytes; nothing if there is none.
    pub fn size(&self, path: &HostPath) -> Option<u64> {
        let at = path.under(&self.root);
        let data = std::fs::symlink_metadata(at).ok()?;
        data.is_file().then_some(data.len())
    }
}

/// Whether patterns and walks see a name.
pub(super) fn is_visible(name: &str) -> bool {
    !name.starts_with('.')
        && !name.chars().any(char::is_control)
        && !matches!(name, "node_modules" | "target" | "vendor")
}

/// Whether a name can be that of something people wrote: not what version control, package managers, compilers and this
/// program keep.
fn is_source(name: &str) -> bool {
    !name.chars().any(char::is_control)
        && !matches!(
            name,
            ".git" | ".hg" | ".svn" | ".jj" | ".tenon" | ".turbo" | ".venv" | "__pycache__"
        )
        && !matches!(name, "node_modules" | "target" | "vendor")
}
