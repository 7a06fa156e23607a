//! What lies below a directory of the host.

use std::collections::BTreeSet;
use std::fs::Metadata;

use super::list::Kind;
use super::{Host, HostPath, lock};
use tenon_text::disk;
use tenon_text::names::{extension, in_dir};

/// Whether a path is one of those that are meant.
type IsWanted<'w> = dyn Fn(&str) -> bool + 'w;

impl Host {
    /// The files below the directory `dir` whose names end in one of `extensions`, sorted, at most `depth` directories
    /// down. Symbolic links are passed over, and so are names that patterns pass over.
    pub fn files_below(&self, dir: &str, extensions: &[&str], depth: usize) -> Vec<String> {
        let wanted = |path: &str| extension(path).is_some_and(|extension| extensions.contains(&extension));
        self.walk(dir, depth, &|path| is_visible(in_dir(path).1), &wanted)
    }

    /// All files below the directory `dir` (the root when empty), sorted: hidden ones too, but nothing of what version control,
    /// package managers and compilers keep there, and nothing that git ignores. Symbolic links are passed over.
    pub fn all_below(&self, dir: &str) -> Vec<String> {
        let kept = self.kept.get_or_init(|| super::git::kept(&self.root.path));
        let is_kept = |path: &str| kept.as_ref().is_none_or(|kept| kept.contains(path));
        // Below what git ignores nothing is asked for: the user need not have a right to look there.
        let holds_kept = |dir: &str| {
            let below = format!("{dir}/");
            let first_below = |kept: &BTreeSet<String>| {
                let mut from = kept.range(below.clone()..);
                from.next().is_some_and(|path| path.starts_with(&below))
            };
            kept.as_ref().is_none_or(first_below)
        };
        let enters = |path: &str| is_source(in_dir(path).1) && (is_kept(path) || holds_kept(path));
        self.walk(dir, usize::MAX, &enters, &is_kept)
    }

    /// What patterns and walks passed over so far, because nothing can be read or written under its name.
    pub fn passed_over(&self) -> Vec<String> {
        lock(&self.passed).iter().cloned().collect()
    }

    /// Whether `path`, found on disk, can be looked at; what cannot is noted.
    pub(super) fn can_be_named(&self, path: &str) -> bool {
        let can = HostPath::checked(path).is_some();
        if !can {
            lock(&self.passed).insert(path.to_owned());
        }
        can
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
        for (name, kind) in names.iter() {
            let path = match dir {
                "" => name.clone(),
                dir => format!("{dir}/{name}"),
            };
            if !enters(&path) {
                continue;
            }
            match kind {
                Kind::Dir if self.can_be_named(&path) => self.walk_into(&path, deeper, which, out),
                Kind::File if wanted(&path) && self.can_be_named(&path) => out.push(path),
                Kind::Dir | Kind::File | Kind::Other => {}
            }
        }
    }

    /// How long a file is, in bytes; nothing if there is none.
    pub fn size(&self, path: &HostPath) -> Option<u64> {
        let found = disk::stat_itself(&path.under(&self.root.path));
        let found = found.unwrap_or_else(|error| {
            self.unknown.add(path.as_str(), &error);
            None
        });
        found.filter(Metadata::is_file).map(|found| found.len())
    }
}

/// Whether patterns and walks see a name.
pub(super) fn is_visible(name: &str) -> bool {
    !name.starts_with('.') && !matches!(name, "node_modules" | "target" | "vendor")
}

/// Whether a name can be that of something people wrote: not what version control, package managers, compilers and this
/// program keep.
fn is_source(name: &str) -> bool {
    !matches!(
        name,
        ".git" | ".hg" | ".svn" | ".jj" | ".tenon" | ".turbo" | ".venv" | "__pycache__"
    ) && !matches!(name, "node_modules" | "target" | "vendor")
}
