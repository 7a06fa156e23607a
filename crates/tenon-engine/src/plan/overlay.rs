//! [`Overlay`]: the host as a plan will leave it. Writes are kept in memory; reads fall through to the host.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::host::{Host, HostPath};
use tenon_syntax::Source;
use tenon_text::diag::{Draft, Error, Result, TextEdit};
use tenon_text::format::same_but_for_line_ends;

use super::change::{Change, Plan, PlanError};

/// A file that the plan creates or modifies.
struct Written {
    text: String,
    /// Whether the plan creates this file.
    own: bool,
    executable: bool,
}

/// The host and the changes that a plan makes to it.
pub struct Overlay<'a> {
    host: &'a Host,
    written: BTreeMap<HostPath, Written>,
    deleted: BTreeSet<HostPath>,
    /// Files that were changed by edits alone.
    drafts: BTreeMap<HostPath, Draft>,
    /// Created files and their directories by folded path, to find names that differ only in spelling.
    spelt: BTreeMap<String, HostPath>,
    /// What a person should know of what was not changed.
    notes: Vec<String>,
}

impl<'a> Overlay<'a> {
    /// An overlay without changes.
    pub fn new(host: &'a Host) -> Self {
        Self {
            host,
            written: BTreeMap::new(),
            deleted: BTreeSet::new(),
            drafts: BTreeMap::new(),
            spelt: BTreeMap::new(),
            notes: vec![],
        }
    }

    /// Notes what a person should know of what was not changed.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// What was noted.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The text of the file at `path`, with the changes so far.
    pub fn read(&self, path: &HostPath) -> Result<Option<Arc<str>>> {
        if self.deleted.contains(path) {
            return Ok(None);
        }
        match self.written.get(path) {
            Some(written) => Ok(Some(Arc::from(written.text.as_str()))),
            None => self.host.read(path),
        }
    }

    /// Whether a file exists at `path`, with the changes so far.
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
                .filter(|path| matches_pattern(path.as_str(), pattern))
                .cloned(),
        );
        found.retain(|path| !self.deleted.contains(path));
        found.sort();
        found.dedup();
        found
    }

    /// The files that are deleted.
    pub fn deleted(&self) -> BTreeSet<String> {
        self.deleted.iter().map(ToString::to_string).collect()
    }

    /// Deletes a file of the host.
    pub fn delete(&mut self, path: HostPath) {
        self.written.remove(&path);
        self.deleted.insert(path);
    }

    /// Creates a file.
    ///
    /// # Errors
    /// If the plan has a file at that path already, or at one that some file systems treat as the same.
    pub fn create(&mut self, path: HostPath, text: String, executable: bool) -> Result<()> {
        if !path.is_composed() {
            return Err(Error::new(format!(
                "the name of `{path}` has an accent as a character of its own"
            ))
            .because("on some file systems it is the same as the name with an accented letter")
            .help("write the letter and its accent as one character"));
        }
        if self.written.contains_key(&path) {
            return Err(Error::new(format!("two files of the pack are both `{path}`"))
                .because(format!("the other one is `{path}`")));
        }
        for part in path.ancestors().iter().chain([&path]) {
            let spelt = self.spelt.entry(part.folded()).or_insert_with(|| part.clone());
            if spelt != part {
                return Err(Error::new(format!("two paths of the pack are both `{part}`"))
                    .because(format!("the other one is `{spelt}`"))
                    .because("on some file systems both names are the same"));
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

    /// Edits the text of a file, as [`Overlay::read`] gives it.
    ///
    /// # Errors
    /// If it cannot be read, or the edits do not fit it.
    pub fn apply(&mut self, path: &HostPath, edits: &[TextEdit]) -> Result<()> {
        let mut draft = match self.drafts.remove(path) {
            Some(draft) => draft,
            None => Draft::of(self.read(path)?.unwrap_or_default()),
        };
        draft.apply(edits)?;
        self.edit(path, draft.text().to_owned());
        self.drafts.insert(path.clone(), draft);
        Ok(())
    }

    /// The files that were changed by edits alone, with the edits.
    pub fn drafts(&self) -> &BTreeMap<HostPath, Draft> {
        &self.drafts
    }

    /// Sets the text of a file that exists or that the plan creates.
    pub fn edit(&mut self, path: &HostPath, text: String) {
        self.drafts.remove(path);
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

    /// The files that the plan creates, with their texts.
    pub fn own(&self) -> impl Iterator<Item = (&HostPath, &str)> {
        self.written
            .iter()
            .filter(|(_, written)| written.own)
            .map(|(path, written)| (path, written.text.as_str()))
    }

    /// Whether any change differs from the host.
    pub fn differs(&self) -> Result<bool> {
        if !self.deleted.is_empty() {
            return Ok(true);
        }
        for (path, written) in &self.written {
            let after = written.text.as_bytes();
            match self.host.read_bytes(path)? {
                Some(before) if *before == *after || written.own && is_same_text(&before, after) => {}
                _ => return Ok(true),
            }
        }
        Ok(false)
    }

    /// The existing files that the plan modifies, with their texts before and after.
    pub fn edited(&self) -> Result<Vec<(HostPath, Arc<str>, String)>> {
        let mut out = Vec::new();
        for (path, written) in self.written.iter().filter(|(_, written)| !written.own) {
            if let Some(before) = self.host.read(path)? {
                out.push((path.clone(), before, written.text.clone()));
            }
        }
        Ok(out)
    }

    /// The plan: all files that differ from the host.
    ///
    /// # Errors
    /// [`PlanError::Conflict`] if files that would be created exist with other texts; otherwise if the host cannot be read.
    pub fn into_plan(self, title: String) -> std::result::Result<Plan, PlanError> {
        let mut plan = Plan {
            title,
            changes: BTreeMap::new(),
        };
        let mut conflicts = Vec::new();
        // Conclusions from absent files are only safe if everything could be read.
        self.host.all_read()?;
        for path in self.deleted.iter().chain(self.written.keys()) {
            path.check_writable()?;
        }
        for path in self.deleted {
            if let Some(before) = self.host.read_bytes(&path)? {
                plan.changes.insert(path, Change::Delete { before });
            }
        }
        for (path, written) in self.written {
            let after = written.text.into_bytes();
            // The plan must have the text that was read while it was made, not the present one, as the writer compares it.
            let before = match self.host.read(&path) {
                Ok(text) => text.map(|text| text.as_bytes().to_vec()),
                // The existing file need not be text.
                Err(_) if written.own => self.host.read_bytes(&path)?,
                Err(error) => return Err(error.into()),
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
                // Line ends are those of the checkout.
                Some(before) if written.own && is_same_text(&before, &after) => {}
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
        let help = "nothing was changed; choose another name, or move these files away first";
        Err(PlanError::Conflict(error.help(help)))
    }
}

/// Whether both are texts that differ at most in the ends of their lines.
fn is_same_text(before: &[u8], after: &[u8]) -> bool {
    let texts = std::str::from_utf8(before)
        .ok()
        .zip(std::str::from_utf8(after).ok());
    texts.is_some_and(|(before, after)| same_but_for_line_ends(before, after))
}

/// The plan that writes one file, replacing an existing one.
pub fn rewrite(host: &Host, path: HostPath, text: String, title: String) -> Result<Plan> {
    let mut overlay = Overlay::new(host);
    if overlay.exists(&path) {
        overlay.edit(&path, text);
    } else {
        overlay.create(path, text, false)?;
    }
    Ok(overlay.into_plan(title)?)
}

/// Whether `path` matches `pattern`, segment by segment; `*` stands for any text in one name.
fn matches_pattern(path: &str, pattern: &str) -> bool {
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
        self.host.names(path)
    }

    fn is_dir(&self, path: &str) -> bool {
        let is_below = |written: &HostPath| {
            let rest = written.as_str().strip_prefix(path);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.host.exists_dir(path) || self.written.keys().any(is_below)
    }
}
