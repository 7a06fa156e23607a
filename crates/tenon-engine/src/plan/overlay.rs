//! The host as it will be: reads fall through to the host, writes stay in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::host::{Host, HostPath};
use tenon_syntax::Source;
use tenon_text::diag::{Error, Result};

use super::change::{Change, Plan};

/// A file that the plan writes.
struct Written {
    text: String,
    /// Whether the plan makes this file, or only changes one that people own.
    own: bool,
    executable: bool,
}

/// The host and, over it, what the plan has written so far.
pub struct Overlay<'a> {
    host: &'a Host,
    written: BTreeMap<HostPath, Written>,
    deleted: BTreeSet<HostPath>,
    /// How files that are made and their directories are spelt, by their folded paths.
    spelt: BTreeMap<String, HostPath>,
}

impl<'a> Overlay<'a> {
    /// Nothing is written yet.
    pub fn new(host: &'a Host) -> Self {
        Self {
            host,
            written: BTreeMap::new(),
            deleted: BTreeSet::new(),
            spelt: BTreeMap::new(),
        }
    }

    /// The text that stands at `path` now.
    pub fn read(&self, path: &HostPath) -> Result<Option<Arc<str>>> {
        if self.deleted.contains(path) {
            return Ok(None);
        }
        match self.written.get(path) {
            Some(written) => Ok(Some(Arc::from(written.text.as_str()))),
            None => self.host.read(path),
        }
    }

    /// Whether anything stands at `path`.
    pub fn exists(&self, path: &HostPath) -> bool {
        !self.deleted.contains(path) && (self.written.contains_key(path) || self.host.exists(path))
    }

    /// The files that match `pattern`, of the host and of the plan.
    pub fn glob(&self, pattern: &str) -> Vec<HostPath> {
        let mut found: Vec<HostPath> = self
            .host
            .glob(pattern)
            .iter()
            .filter_map(|found| HostPath::new(&found.path).ok())
            .collect();
        found.extend(
            self.written
                .keys()
                .filter(|path| fits(path.as_str(), pattern))
                .cloned(),
        );
        found.retain(|path| !self.deleted.contains(path));
        found.sort();
        found.dedup();
        found
    }

    /// The files that are taken away.
    pub fn deleted(&self) -> BTreeSet<String> {
        self.deleted.iter().map(ToString::to_string).collect()
    }

    /// Takes a file of the host away.
    pub fn delete(&mut self, path: HostPath) {
        self.written.remove(&path);
        self.deleted.insert(path);
    }

    /// Makes a file. Two files at one path, or at paths that some file systems hold for one, are refused.
    pub fn create(&mut self, path: HostPath, text: String, executable: bool) -> Result<()> {
        if !path.is_composed() {
            return Err(Error::new(format!(
                "the name of `{path}` has an accent that stands by itself"
            ))
            .because("some file systems hold it and the same name with a letter that has the accent for one")
            .help("write the letter with its accent as one character"));
        }
        if self.written.contains_key(&path) {
            return Err(Error::new(format!("two parts of the pack are both `{path}`"))
                .because(format!("the other one is `{path}`")));
        }
        for part in path.ancestors().iter().chain([&path]) {
            let spelt = self.spelt.entry(part.folded()).or_insert_with(|| part.clone());
            if spelt != part {
                return Err(Error::new(format!("two parts of the pack are both `{part}`"))
                    .because(format!("the other one is `{spelt}`"))
                    .because("some file systems hold the two names for one"));
            }
        }
        self.written.insert(
            path,
            Written {
                text,
                own: true,
                executable,
            },
        );
        Ok(())
    }

    /// Changes the text of a file that exists or that the plan makes.
    pub fn edit(&mut self, path: &HostPath, text: String) {
        match self.written.get_mut(path) {
            Some(written) => written.text = text,
            None => {
                self.spelt.entry(path.folded()).or_insert_with(|| path.clone());
                self.written.insert(
                    path.clone(),
                    Written {
                        text,
                        own: false,
                        executable: false,
                    },
                );
            }
        }
    }

    /// Files that the plan makes, with their texts.
    pub fn own(&self) -> impl Iterator<Item = (&HostPath, &str)> {
        self.written
            .iter()
            .filter(|(_, written)| written.own)
            .map(|(path, written)| (path, written.text.as_str()))
    }

    /// Whether anything that was written differs from the host.
    pub fn differs(&self) -> Result<bool> {
        if !self.deleted.is_empty() {
            return Ok(true);
        }
        for (path, written) in &self.written {
            if self.host.read_bytes(path)?.as_deref() != Some(written.text.as_bytes()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Files that the plan changes and does not make: the text before, and after.
    pub fn edited(&self) -> Result<Vec<(HostPath, Arc<str>, String)>> {
        let mut out = Vec::new();
        for (path, written) in self.written.iter().filter(|(_, written)| !written.own) {
            if let Some(before) = self.host.read(path)? {
                out.push((path.clone(), before, written.text.clone()));
            }
        }
        Ok(out)
    }

    /// The plan: what differs from the host.
    ///
    /// An error names every file that the plan would make and that exists with another text.
    pub fn into_plan(self, title: String) -> Result<Plan> {
        let mut plan = Plan {
            title,
            changes: BTreeMap::new(),
        };
        let mut conflicts = Vec::new();
        // What was taken for absent, or to say nothing, may be there and say something.
        self.host.all_read()?;
        for path in self.deleted.iter().chain(self.written.keys()) {
            path.is_written()?;
        }
        for path in self.deleted {
            if let Some(before) = self.host.read_bytes(&path)? {
                plan.changes.insert(path, Change::Delete { before });
            }
        }
        for (path, written) in self.written {
            let after = written.text.into_bytes();
            // What the plan was made from must be what is checked before writing: the text that was read then (or
            // that nothing was there), not what stands there by now.
            let before = match self.host.read(&path) {
                Ok(text) => text.map(|text| text.as_bytes().to_vec()),
                // What is in the way of a new file need not be text.
                Err(_) if written.own => self.host.read_bytes(&path)?,
                Err(error) => return Err(error),
            };
            match before {
                None => {
                    plan.changes.insert(
                        path,
                        Change::Create {
                            after,
                            executable: written.executable,
                        },
                    );
                }
                Some(before) if before == after => {}
                Some(_) if written.own => conflicts.push(path.to_string()),
                Some(before) => {
                    plan.changes.insert(path, Change::Modify { before, after });
                }
            }
        }
        if conflicts.is_empty() {
            return Ok(plan);
        }
        let (count, them) = match conflicts.len() {
            1 => ("1 file exists".to_owned(), "it says"),
            n => (format!("{n} files exist"), "they say"),
        };
        let mut error = Error::new(format!("{count} already and {them} something else"));
        for path in conflicts.iter().take(20) {
            error = error.because(path);
        }
        if conflicts.len() > 20 {
            error = error.because(format!("and {} more", conflicts.len() - 20));
        }
        Err(error.help("nothing was changed; choose another name, or move these files away first"))
    }
}

/// The plan that gives one file this text, whatever stands there.
pub fn rewrite(host: &Host, path: HostPath, text: String, title: String) -> Result<Plan> {
    let mut overlay = Overlay::new(host);
    if overlay.exists(&path) {
        overlay.edit(&path, text);
    } else {
        overlay.create(path, text, false)?;
    }
    overlay.into_plan(title)
}

/// Whether `path` matches `pattern`, segment by segment; `*` stands for any text in one name.
fn fits(path: &str, pattern: &str) -> bool {
    let (mut names, mut segments) = (path.split('/'), pattern.split('/'));
    loop {
        match (names.next(), segments.next()) {
            (None, None) => return true,
            (Some(name), Some(segment)) => {
                let fits = match segment.split_once('*') {
                    None => name == segment,
                    Some((before, after)) => {
                        name.len() >= before.len() + after.len()
                            && name.starts_with(before)
                            && name.ends_with(after)
                    }
                };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

impl Source for Overlay<'_> {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.read(&HostPath::new(path).ok()?).ok().flatten()
    }

    fn names(&self, path: &str) -> Vec<String> {
        let mut names = self.host.names(path);
        for written in self.written.keys() {
            let below = match path {
                "" => Some(written.as_str()),
                path => written
                    .as_str()
                    .strip_prefix(path)
                    .and_then(|rest| rest.strip_prefix('/')),
            };
            let name = below.and_then(|below| below.split('/').next());
            if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
                names.push(name.to_owned());
            }
        }
        names
    }
}
