//! Lists the files below a directory of the host.

use std::collections::BTreeSet;
use std::fs::Metadata;

use super::dirs::{EntryKind, lock};
use super::{Host, HostPath};
use tenon_syntax::languages::is_derived;
use tenon_text::disk;
use tenon_text::names::{extension, in_dir};

/// Selects paths.
type IsWanted<'w> = dyn Fn(&str) -> bool + 'w;

impl Host {
    /// The files below the directory `dir` whose names end in one of `extensions`, sorted, at most `depth` directories
    /// down. Symbolic links are left out, and so are names that no pattern matches; what is no file, or lies outside of the host, is recorded
    /// like what cannot be read.
    pub fn files_below(&self, dir: &str, extensions: &[&str], depth: usize) -> Vec<String> {
        let wanted = |path: &str| extension(path).is_some_and(|extension| extensions.contains(&extension));
        let enters = |path: &str| {
            let is_seen = is_visible(in_dir(path).1);
            if is_seen && wanted(path) && self.kind(path) == Some(EntryKind::Other) {
                self.exists_file(path);
            }
            is_seen
        };
        self.walk(dir, depth, &enters, &wanted)
    }

    /// All files below the directory `dir` (the root when empty), sorted. Hidden files are included; files that git ignores, and
    /// those of version control, package managers and compilers, are not. Symbolic links are left out.
    pub fn all_below(&self, dir: &str) -> Vec<String> {
        let in_git = self.in_git.get_or_init(|| super::git::tracked(&self.root.path));
        let is_in_git = |path: &str| in_git.as_ref().is_none_or(|files| files.contains(path));
        // Ignored directories are not entered: the user may have no right to read them.
        let holds_files = |dir: &str| {
            let below = format!("{dir}/");
            let first_below = |files: &BTreeSet<String>| {
                let mut from = files.range(below.clone()..);
                from.next().is_some_and(|path| path.starts_with(&below))
            };
            in_git.as_ref().is_none_or(first_below)
        };
        let enters = |path: &str| is_source(in_dir(path).1) && (is_in_git(path) || holds_files(path));
        self.walk(dir, usize::MAX, &enters, &is_in_git)
    }

    /// The paths that patterns and walks left out so far because their names cannot be part of a [`HostPath`].
    pub fn passed_over(&self) -> Vec<String> {
        lock(&self.unnameable).iter().cloned().collect()
    }

    /// Whether `path`, found on disk, is a [`HostPath`]; one that is not is recorded.
    pub(super) fn can_be_named(&self, path: &str) -> bool {
        let can = HostPath::checked(path).is_some();
        if !can {
            lock(&self.unnameable).insert(path.to_owned());
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
                EntryKind::Dir if self.can_be_named(&path) => self.walk_into(&path, deeper, which, out),
                EntryKind::File if wanted(&path) && self.can_be_named(&path) => out.push(path),
                EntryKind::Dir | EntryKind::File | EntryKind::Other => {}
            }
        }
    }

    /// The size of a file in bytes; `None` if there is no such file.
    pub fn size(&self, path: &HostPath) -> Option<u64> {
        let found = disk::stat_itself(&path.under(&self.root.path));
        let found = found.unwrap_or_else(|error| {
            self.unreadable.add(path.as_str(), &error);
            None
        });
        found.filter(Metadata::is_file).map(|found| found.len())
    }
}

/// Whether patterns and walks may match a name.
pub(super) fn is_visible(name: &str) -> bool {
    !name.starts_with('.') && !is_derived(name)
}

/// Whether a name may be that of a source: not one of a directory of version control, package managers, compilers or this
/// program.
fn is_source(name: &str) -> bool {
    !matches!(name, ".git" | ".hg" | ".svn" | ".jj" | ".tenon") && !is_derived(name)
}
