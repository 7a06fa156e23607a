//! What `tenon init` writes: the settings that pin the pack, and the steps in which the check runs by itself.
//!
//! In: the host and what is wanted. Out: a plan. Files that are there are edited, never written anew, and what calls
//! the check already is left alone, so a second run changes nothing.

mod ci;
mod hooks;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::host::{Host, HostPath};
use crate::settings;
use tenon_text::diag::{Error, Result, apply_edits};
use tenon_text::manifest::{self, ManifestFormat, NewEntry, Order};

use super::build::Planned;
use super::overlay::Overlay;

/// The command that every step runs.
const COMMAND: &str = "tenon validate-structure";

/// The repository of this program, from its manifest.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The version that the steps use: this one.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A place in which the check can run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A workflow of GitHub.
    Github,
    /// A job of GitLab.
    Gitlab,
    /// A hook of the program called pre-commit.
    PreCommit,
    /// A command of lefthook.
    Lefthook,
    /// A line of husky's script.
    Husky,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 5] = [
        Self::Github,
        Self::Gitlab,
        Self::PreCommit,
        Self::Lefthook,
        Self::Husky,
    ];

    /// The flag that asks for it, and its value.
    pub fn flag(self) -> (&'static str, &'static str) {
        match self {
            Self::Github => ("ci", "github"),
            Self::Gitlab => ("ci", "gitlab"),
            Self::PreCommit => ("hook", "pre-commit"),
            Self::Lefthook => ("hook", "lefthook"),
            Self::Husky => ("hook", "husky"),
        }
    }

    /// What it is, for people who choose.
    pub fn title(self) -> &'static str {
        match self {
            Self::Github => "GitHub: a workflow",
            Self::Gitlab => "GitLab: a job",
            Self::PreCommit => "pre-commit: a hook",
            Self::Lefthook => "lefthook: a command before each commit",
            Self::Husky => "husky: a line before each commit",
        }
    }

    /// What of `host` says that it uses this.
    pub fn sign(self, host: &Host) -> Option<String> {
        let there = |path: &str| HostPath::new(path).is_ok_and(|path| host.exists(&path));
        let first = |paths: &[&str]| {
            let found = paths.iter().find(|path| there(path));
            found.map(|path| (*path).to_owned())
        };
        match self {
            Self::Github => first(&[".github"]),
            Self::Gitlab => first(&[ci::GITLAB]),
            Self::PreCommit => first(&[hooks::PRE_COMMIT]),
            Self::Lefthook => first(&hooks::LEFTHOOK),
            Self::Husky => first(&[".husky"]),
        }
    }
}

/// The pack that the settings are to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Its name, or its folder relative to the host's root.
    pub pack: String,
    /// Its version; none for a folder, which is versioned with the host.
    pub version: Option<String>,
}

/// Plans the settings and `steps`. Nothing is written.
///
/// # Errors
/// If a file that has to be changed cannot be, with what to do by hand.
pub fn init(host: &Host, pin: &Pin, steps: &BTreeSet<Step>) -> Result<Planned> {
    let mut overlay = Overlay::new(host);
    let mut next = Vec::new();
    settings_file(&mut overlay, pin)?;
    attributes(host, &mut overlay)?;
    for step in steps {
        match step {
            Step::Github => ci::github(host, &mut overlay)?,
            Step::Gitlab => ci::gitlab(&mut overlay)?,
            Step::PreCommit => hooks::pre_commit(&mut overlay, &mut next)?,
            Step::Lefthook => hooks::lefthook(&mut overlay, &mut next)?,
            Step::Husky => hooks::husky(host, &mut overlay, &mut next)?,
        }
    }
    if !steps.is_empty() && !host.exists(&HostPath::new(".git")?) {
        next.push("this is not the root of a git repository: move what was made there".to_owned());
    }
    let plan = overlay.into_plan("init".to_owned())?;
    Ok(Planned { plan, next })
}

/// Whether `step` runs the check in `host` already.
pub fn is_done(host: &Host, pin: &Pin, step: Step) -> bool {
    init(host, pin, &BTreeSet::from([step])).is_ok_and(|planned| {
        let mut paths = planned.plan.changes.keys();
        paths.all(|path| [settings::FILE, ATTRIBUTES].contains(&path.as_str()))
    })
}

fn settings_file(overlay: &mut Overlay<'_>, pin: &Pin) -> Result<()> {
    let path = HostPath::new(settings::FILE)?;
    let keys = [("pack", Some(&pin.pack)), ("pack-version", pin.version.as_ref())];
    let Some(text) = overlay.read(&path)? else {
        let mut text = "# What tenon knows of this repository.\n".to_owned();
        for (key, value) in keys {
            if let Some(value) = value {
                let value = toml_edit::Value::from(value.as_str()).to_string();
                text.push_str(&format!("{key} = {}\n", value.trim()));
            }
        }
        return overlay.create(path, text, false);
    };
    // Whoever names a pack there decided on the version as well.
    if settings::Settings::parse(&text)?.pack.is_some() {
        return Ok(());
    }
    for (key, value) in keys {
        if let Some(value) = value {
            let entry = NewEntry::Key(key.to_owned(), Value::from(value.as_str()));
            insert(overlay, &path, ManifestFormat::Toml, "", &entry)?;
        }
    }
    Ok(())
}

/// Where git is told how files are merged.
const ATTRIBUTES: &str = ".gitattributes";

/// Two branches that each make something add lines at one place of the record: both stay.
fn attributes(host: &Host, overlay: &mut Overlay<'_>) -> Result<()> {
    if !host.exists(&HostPath::new(".git")?) {
        return Ok(());
    }
    let path = HostPath::new(ATTRIBUTES)?;
    let line = format!("{} merge=union", super::record::FILE);
    let Some(text) = overlay.read(&path)? else {
        return overlay.create(path, format!("{line}\n"), false);
    };
    let mut lines = text.lines();
    if lines.any(|own| own.split_whitespace().next() == Some(super::record::FILE)) {
        return Ok(());
    }
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        eol
    };
    overlay.edit(&path, format!("{text}{gap}{line}{eol}"));
    Ok(())
}

/// Adds an entry to a manifest, which is made if it is not there.
fn insert(
    overlay: &mut Overlay<'_>,
    path: &HostPath,
    format: ManifestFormat,
    pointer: &str,
    entry: &NewEntry,
) -> Result<()> {
    let before = overlay.read(path)?;
    let text = match &before {
        Some(text) => text.to_string(),
        None => match format {
            ManifestFormat::Json => "{}\n".to_owned(),
            _ => "# Made by `tenon init`; yours to change.\n".to_owned(),
        },
    };
    // In TOML what is appended at the top level would belong to the last table.
    let order = match format {
        ManifestFormat::Toml => Order::Auto,
        _ => Order::Append,
    };
    let inserted = manifest::insert(&text, format, path.as_str(), pointer, entry, &order)
        .map_err(|error| error.help(by_hand(pointer, entry)))?;
    let after = apply_edits(&text, &inserted.edits)?;
    match before {
        Some(_) => overlay.edit(path, after),
        None => overlay.create(path.clone(), after, false)?,
    }
    Ok(())
}

/// What a person has to write, where it could not be inserted.
fn by_hand(pointer: &str, entry: &NewEntry) -> String {
    let what = match entry {
        NewEntry::Item(value) => value.to_string(),
        NewEntry::Key(name, value) => format!("{}: {value}", Value::from(name.as_str())),
    };
    let place = if pointer.is_empty() {
        "at its top level".to_owned()
    } else {
        format!("at `{}`", pointer.trim_start_matches('/').replace('/', "."))
    };
    format!("or write this there yourself, {place}: {what}")
}

/// Whether a text calls the check already, by itself or through what this program publishes; comments do not count.
fn calls_the_check(text: &str) -> bool {
    let action = format!("{}@", slug());
    let marks = [COMMAND, "tenon check", action.as_str(), REPOSITORY];
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with('#'))
        .any(|line| marks.iter().any(|mark| line.contains(mark)))
}

/// `owner/name` of this program's repository.
fn slug() -> &'static str {
    let mut slashes = REPOSITORY.match_indices('/').map(|(at, _)| at);
    slashes.nth(2).map_or(REPOSITORY, |at| &REPOSITORY[at + 1..])
}

/// A file that has to be changed by a person.
fn by_a_person(path: &HostPath, why: &str, line: &str) -> Error {
    Error::new(format!("`{path}` {why}"))
        .in_file(path.as_str())
        .help(format!("add `{line}` there yourself"))
}
