//! What the last commits that added one member changed beside its own files.

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::host::{Host, additions, found_by};

use crate::members::Members;
use crate::own_files::OwnFile;

/// How many commits are looked at.
const COMMITS: usize = 60;
/// How many of those that added one member count: what people did long ago they may not do today.
const RECENT: usize = 10;
/// A commit that changes more does other things as well.
const MAX_FILES: usize = 200;
/// A file that this many of a hundred additions change is a place where members are added, even if few are there yet; one that fewer
/// change is not.
const USUAL: usize = 50;
/// The share of members that must have an entry in such a file for it to be learnt, in percent.
const FEW: usize = 12;
/// The same where no history tells.
const THIRD: usize = 34;
/// Fewer show nothing.
const LEAST: usize = 3;

/// The commits that added one member.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Their ids.
    commits: Vec<String>,
    /// The members that they added.
    pub members: Vec<usize>,
    /// In how many of them a file was changed that was there before.
    changed: BTreeMap<String, usize>,
    /// For files that most of the commits did not change: before how many of the commits the file existed.
    there: BTreeMap<String, usize>,
}

impl History {
    /// Reads the history of `host`, if it has one.
    pub fn read(host: &Host, found: &Members, own: &[OwnFile]) -> Self {
        let before = found.home.before.as_str();
        let dir = before.rfind('/').map_or("", |at| &before[..at]);
        let mut out = Self::default();
        for (id, commit) in additions(host.root(), dir, COMMITS) {
            let new: BTreeSet<&str> = commit
                .iter()
                .filter(|file| file.is_new)
                .map(|file| file.path.as_str())
                .collect();
            let owners: BTreeSet<usize> = new.iter().filter_map(|path| found.owner(path)).collect();
            // It adds a member if at least half of the usual files of that are new.
            let adds = |member: &&usize| {
                let mine = own
                    .iter()
                    .filter(|file| !file.is_elsewhere)
                    .filter_map(|file| file.members.get(*member));
                let (mut all, mut added) = (0, 0);
                for path in mine {
                    all += 1;
                    added += usize::from(new.contains(path.as_str()));
                }
                added * 2 >= all.max(1)
            };
            let added: Vec<usize> = owners.iter().filter(adds).copied().collect();
            let [member] = added.as_slice() else { continue };
            if commit.len() > MAX_FILES || out.members.contains(member) {
                continue;
            }
            out.members.push(*member);
            out.commits.push(id);
            for file in commit.iter().filter(|file| !file.is_new) {
                *out.changed.entry(file.path.clone()).or_default() += 1;
            }
            if out.commits.len() >= RECENT {
                break;
            }
        }
        out
    }

    /// Finds out since when these files are there: commits before that tell nothing of them.
    pub fn watch(&mut self, host: &Host, paths: &[&str]) {
        let is_often = |path: &&&str| self.changes(path) * 100 >= self.commits.len() * USUAL;
        let rare: Vec<&str> = paths.iter().filter(|path| !is_often(path)).copied().collect();
        if self.commits.len() < LEAST || rare.is_empty() {
            return;
        }
        let counts = found_by(host.root(), &self.commits, &rare).unwrap_or_default();
        self.there = rare.into_iter().map(str::to_owned).zip(counts).collect();
    }

    /// How many of the commits found the file there.
    pub fn there(&self, path: &str) -> usize {
        self.there.get(path).copied().unwrap_or(self.commits.len())
    }

    fn changes(&self, path: &str) -> usize {
        self.changed.get(path).copied().unwrap_or_default()
    }

    /// How many of a hundred additions changed the file; nothing if there are too few to tell.
    pub fn share(&self, path: &str) -> Option<usize> {
        let there = self.there(path);
        (there >= LEAST).then(|| self.changes(path) * 100 / there)
    }

    /// How many of `total` members must have an entry in the file for it to be usual; nothing if people who add a member leave the file
    /// alone.
    pub fn enough(&self, path: &str, total: usize) -> Option<usize> {
        let percent = match self.share(path) {
            Some(share) if share < USUAL => return None,
            Some(_) => FEW,
            None => THIRD,
        };
        Some((total * percent).div_ceil(100).max(2))
    }
}
