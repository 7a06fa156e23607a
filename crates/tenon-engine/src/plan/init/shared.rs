//! Helpers for the steps of `tenon init`: edits of manifests, and whether a file runs the check already.

use serde_json::Value;

use crate::host::HostPath;
use tenon_text::diag::{Error, Result, apply_edits};
use tenon_text::manifest::{self, ManifestFormat, NewEntry, Order};

use super::super::overlay::Overlay;

/// The command that runs the check.
pub(super) const COMMAND: &str = "tenon validate-structure";

/// The repository of this program, from its manifest.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The version of this program, which CI installs.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Adds an entry to a manifest, which is created if it does not exist.
pub(super) fn insert(
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
    // In TOML a key appended at the end would belong to the last table.
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

/// The help with the text to write by hand.
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

/// Whether a text runs the check already, directly or through an action of this program; comments do not count.
pub(super) fn calls_the_check(text: &str) -> bool {
    let action = format!("{}@", slug());
    let marks = [COMMAND, "tenon check", action.as_str(), REPOSITORY];
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with('#'))
        .any(|line| marks.iter().any(|mark| line.contains(mark)))
}

/// `owner/name` of this program's repository.
pub(super) fn slug() -> &'static str {
    let mut slashes = REPOSITORY.match_indices('/').map(|(at, _)| at);
    slashes.nth(2).map_or(REPOSITORY, |at| &REPOSITORY[at + 1..])
}

/// The error for a file that must be edited by hand.
pub(super) fn by_a_person(path: &HostPath, why: &str, line: &str) -> Error {
    Error::new(format!("`{path}` {why}"))
        .in_file(path.as_str())
        .help(format!("add `{line}` there yourself"))
}
