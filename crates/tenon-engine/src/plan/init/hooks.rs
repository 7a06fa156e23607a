//! Adds the check to commit hooks of pre-commit, lefthook and husky. Each runs the `tenon` on the path.

use serde_json::json;

use crate::host::{Host, HostPath};
use tenon_text::diag::Result;
use tenon_text::format::Format;
use tenon_text::manifest::{ManifestFormat, NewEntry, entries};

use super::super::overlay::Overlay;
use super::shared::{COMMAND, by_a_person, calls_the_check, insert};

/// pre-commit's file.
pub const PRE_COMMIT: &str = ".pre-commit-config.yaml";

/// Where lefthook looks for its settings, the first of them that is there.
pub const LEFTHOOK: [&str; 12] = [
    "lefthook.yml",
    "lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".lefthook.toml",
    ".lefthook.json",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
    ".config/lefthook.toml",
    ".config/lefthook.json",
];

const HUSKY: &str = ".husky/pre-commit";

/// Adds a local hook.
pub fn pre_commit(overlay: &mut Overlay<'_>, next: &mut Vec<String>) -> Result<()> {
    let path = HostPath::new(PRE_COMMIT)?;
    if calls_the_check(&overlay.read(&path)?.unwrap_or_default()) {
        return Ok(());
    }
    let hook = json!({
        "repo": "local",
        "hooks": [{
            "id": "tenon",
            "name": COMMAND,
            "entry": COMMAND,
            "language": "system",
            "pass_filenames": false,
            // Taking a file away can break the structure too, and then no file is passed.
            "always_run": true,
        }],
    });
    insert(
        overlay,
        &path,
        ManifestFormat::Yaml,
        "/repos",
        &NewEntry::Item(hook),
    )?;
    next.push("pre-commit install".to_owned());
    Ok(())
}

/// Adds a command, or a job where the settings have jobs.
pub fn lefthook(overlay: &mut Overlay<'_>, next: &mut Vec<String>) -> Result<()> {
    let mut path = HostPath::new(LEFTHOOK[0])?;
    for name in LEFTHOOK {
        let there = HostPath::new(name)?;
        if overlay.exists(&there) {
            path = there;
            break;
        }
    }
    let text = overlay.read(&path)?.unwrap_or_default();
    if calls_the_check(&text) {
        return Ok(());
    }
    let format = ManifestFormat::of_path(path.as_str()).unwrap_or(ManifestFormat::Yaml);
    let jobs = "/pre-commit/jobs";
    let has_jobs = !text.is_empty() && entries(&text, format, path.as_str(), jobs)?.is_some();
    if has_jobs {
        let job = json!({ "name": "tenon", "run": COMMAND });
        insert(overlay, &path, format, jobs, &NewEntry::Item(job))?;
    } else {
        let command = NewEntry::Key("tenon".to_owned(), json!({ "run": COMMAND }));
        insert(overlay, &path, format, "/pre-commit/commands", &command)?;
    }
    next.push("lefthook install".to_owned());
    Ok(())
}

/// Adds a line to the script.
pub fn husky(host: &Host, overlay: &mut Overlay<'_>, next: &mut Vec<String>) -> Result<()> {
    let path = HostPath::new(HUSKY)?;
    match overlay.read(&path)? {
        None => overlay.create(path, format!("{COMMAND}\n"), true)?,
        Some(text) if calls_the_check(&text) => return Ok(()),
        Some(text) => {
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let last = lines.rfind(|line| !line.starts_with('#'));
            let ends = |line: &str| {
                let first = line.split_whitespace().next();
                matches!(first, Some("exit" | "exec"))
            };
            if last.is_some_and(ends) {
                return Err(by_a_person(
                    &path,
                    "ends with `exit` or `exec`: a line behind it would never run",
                    COMMAND,
                ));
            }
            let eol = Format::detect(&text).eol.as_str();
            let gap = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                eol
            };
            overlay.edit(&path, format!("{text}{gap}{COMMAND}{eol}"));
        }
    }
    if !host.exists(&HostPath::new(".husky/_")?) {
        next.push("npx husky".to_owned());
    }
    Ok(())
}
