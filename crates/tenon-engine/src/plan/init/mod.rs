//! Plans `tenon init`: the settings that pin the pack, and CI jobs and commit hooks that run the check.
//!
//! Existing files are edited and never replaced, and those that run the check already are left alone, so that a second run changes
//! nothing.

mod agents;
mod ci;
mod hooks;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::host::{Host, HostPath};
use crate::settings;
use tenon_pack::Pack;
use tenon_text::diag::Result;
use tenon_text::manifest::{ManifestFormat, NewEntry};

use super::build::Planned;
use super::change::Plan;
use super::overlay::Overlay;
use shared::insert;

/// A CI service or a hook manager that can run the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckRunner {
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

impl CheckRunner {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Github,
        Self::Gitlab,
        Self::PreCommit,
        Self::Lefthook,
        Self::Husky,
    ];

    /// The flag that selects it, and its value.
    pub fn flag(self) -> (&'static str, &'static str) {
        match self {
            Self::Github => ("ci", "github"),
            Self::Gitlab => ("ci", "gitlab"),
            Self::PreCommit => ("hook", "pre-commit"),
            Self::Lefthook => ("hook", "lefthook"),
            Self::Husky => ("hook", "husky"),
        }
    }

    /// Its description in a menu.
    pub fn title(self) -> &'static str {
        match self {
            Self::Github => "GitHub: a workflow",
            Self::Gitlab => "GitLab: a job",
            Self::PreCommit => "pre-commit: a hook",
            Self::Lefthook => "lefthook: a command before each commit",
            Self::Husky => "husky: a line before each commit",
        }
    }

    /// The file or directory that shows that `host` uses it.
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

/// The pack that the settings name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Its name, or its folder relative to the host's root.
    pub pack: String,
    /// Its version; none for a folder, which is versioned with the host.
    pub version: Option<String>,
}

pub use agents::{AGENTS, AgentsSection};

/// Plans the settings, `runners` and the section of `AGENTS.md`. Writes nothing.
///
/// # Errors
/// If a file cannot be edited, with the text to write by hand.
pub fn init(
    host: &Host,
    pin: &Pin,
    runners: &BTreeSet<CheckRunner>,
    (section, wanted): (&str, AgentsSection),
) -> Result<Planned> {
    let mut overlay = Overlay::new(host);
    let mut next = Vec::new();
    settings_file(&mut overlay, pin)?;
    attributes(host, &mut overlay)?;
    for runner in runners {
        match runner {
            CheckRunner::Github => ci::github(host, &mut overlay)?,
            CheckRunner::Gitlab => ci::gitlab(&mut overlay)?,
            CheckRunner::PreCommit => hooks::pre_commit(&mut overlay, &mut next)?,
            CheckRunner::Lefthook => hooks::lefthook(&mut overlay, &mut next)?,
            CheckRunner::Husky => hooks::husky(host, &mut overlay, &mut next)?,
        }
    }
    agents::agents(&mut overlay, section, wanted)?;
    if !runners.is_empty() && !host.exists(&HostPath::new(".git")?) {
        next.push("this is not the root of a git repository: move what was made there".to_owned());
    }
    let plan = overlay.into_plan("init".to_owned())?;
    Ok(Planned {
        plan,
        next,
        notes: vec![],
    })
}

/// The text of the section of `AGENTS.md` for `pack`.
pub fn agents_section(pack: &Pack) -> String {
    agents::section(pack)
}

/// Whether the host has the section of `AGENTS.md`.
///
/// # Errors
/// If the file cannot be read.
pub fn has_agents(host: &Host) -> Result<bool> {
    agents::has_section(&Overlay::new(host))
}

/// The change that keeps the section of `AGENTS.md` up to date; an empty plan if there is none, or it is.
///
/// # Errors
/// If the file cannot be edited.
pub fn agents_update(host: &Host, pack: &Pack) -> Result<Plan> {
    let mut overlay = Overlay::new(host);
    agents::agents(&mut overlay, &agents::section(pack), AgentsSection::Kept)?;
    Ok(overlay.into_plan("update AGENTS.md".to_owned())?)
}

/// Whether `runner` runs the check in `host` already.
pub fn is_done(host: &Host, pin: &Pin, runner: CheckRunner) -> bool {
    init(
        host,
        pin,
        &BTreeSet::from([runner]),
        ("", AgentsSection::default()),
    )
    .is_ok_and(|planned| {
        let mut paths = planned.plan.changes.keys();
        paths.all(|path| [settings::FILE, ATTRIBUTES, AGENTS].contains(&path.as_str()))
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
    // Settings that name a pack have decided on its version as well.
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

/// The file that tells git how files are merged.
const ATTRIBUTES: &str = ".gitattributes";

/// Configures git to keep the lines of both branches when the record is merged.
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
