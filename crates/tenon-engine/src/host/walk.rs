//! What lies below a directory of the host.

use super::list::Kind;
use super::{Host, HostPath};
use tenon_text::names::extension;

/// Whether a name, or a path, is one of those that are meant.
type IsWanted<'w> = dyn Fn(&str) -> bool + 'w;

impl Host {
    /// The files below the directory `dir` whose names end in one of `extensions`, sorted, at most `depth` directories
    /// down. Symbolic links are passed over, and so are names that patterns pass over.
    pub fn files_below(&self, dir: &str, extensions: &[&str], depth: usize) -> Vec<String> {
        let wanted = |path: &str| extension(path).is_some_and(|extension| extensions.contains(&extension));
        self.walk(dir, depth, &is_visible, &wanted)
    }

    /// All files below the directory `dir` (the root when empty), sorted: hidden ones too, but nothing of what version control,
    /// package managers and compilers keep there, and nothing that git ignores. Symbolic links are passed over.
    pub fn all_below(&self, dir: &str) -> Vec<String> {
        let kept = self.kept.get_or_init(|| super::git::kept(&self.root.path));
        let is_kept = |path: &str| kept.as_ref().is_none_or(|kept| kept.contains(path));
        self.walk(dir, usize::MAX, &is_source, &is_kept)
    }

    fn walk(&self, dir: &str, depth: usize, enters: &IsWanted<'_>, wanted: &IsWanted<'_>) -> Vec<String> {
        let mut out = Vec::new();
        match HostPath::new(dir) {
            Ok(dir) => self.walk_into(dir.as_str(), depth, (enters, wanted), &mut out),
            Err(_) if dir.is_empty() => self.walk_into("", depth, (enters, wanted), &mut out),
            Err(_) => return vec![],
        }
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

    fn walk_into(
        &self,
        dir: &str,
        depth: usize,
        which: (&IsWanted<'_>, &IsWanted<'_>),
        out: &mut Vec<String>,
    ) {
        let Some(names) = self.listing(dir) else { return };
        let Some(deeper) = depth.checked_sub(1) else {
            return;
        };
        let (enters, wanted) = which;
        for (name, kind) in names.iter().filter(|(name, _)| enters(name)) {
            let path = match dir {
                "" => name.clone(),
                dir => format!("{dir}/{name}"),
            };
            match kind {
                Kind::Dir => self.walk_into(&path, deeper, which, out),
                Kind::File if wanted(&path) => out.push(path),
                Kind::File | Kind::Other => {}
            }
        }
    }

    /// How long a file is, in bytes; nothing if there is none.
    pub fn size(&self, path: &HostPath) -> Option<u64> {
        let at = path.under(&self.root.path);
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
