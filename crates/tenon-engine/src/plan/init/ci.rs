//! Adds the check to CI: a GitHub workflow, a GitLab job.

use serde_json::{Value, json};

use crate::host::{Host, HostPath};
use tenon_text::diag::Result;
use tenon_text::manifest::{self, ManifestFormat, NewEntry};

use super::super::overlay::Overlay;
use super::shared::{COMMAND, VERSION, calls_the_check, insert, slug};

const WORKFLOW: &str = include_str!("github.yml");
const WORKFLOW_PATH: &str = ".github/workflows/tenon.yml";

/// GitLab's file.
pub const GITLAB: &str = ".gitlab-ci.yml";

/// Adds a workflow, unless one runs the check.
pub fn github(host: &Host, overlay: &mut Overlay<'_>) -> Result<()> {
    for found in host.glob(".github/workflows/*") {
        let is_workflow = ManifestFormat::of_path(&found.path) == Some(ManifestFormat::Yaml);
        if is_workflow
            && let Some(text) = host.read(&HostPath::new(&found.path)?)?
            && calls_the_check(&text)
        {
            return Ok(());
        }
    }
    let branches = match default_branch(host)? {
        Some(branch) => branch,
        None => "main, master".to_owned(),
    };
    let text = WORKFLOW
        .replace("__BRANCHES__", &branches)
        .replace("__ACTION__", slug())
        .replace("__VERSION__", VERSION);
    overlay.create(HostPath::new(WORKFLOW_PATH)?, text, false)
}

/// The branch that a clone checks out, if git noted it and it is a plain word.
fn default_branch(host: &Host) -> Result<Option<String>> {
    let head = HostPath::new(".git/refs/remotes/origin/HEAD")?;
    if !host.exists_file(head.as_str()) {
        return Ok(None);
    }
    let text = host.read(&head)?.unwrap_or_default();
    let branch = text.trim().strip_prefix("ref: refs/remotes/origin/");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    Ok(branch
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain))
        .map(str::to_owned))
}

/// Adds a job, unless one runs the check.
pub fn gitlab(overlay: &mut Overlay<'_>) -> Result<()> {
    let path = HostPath::new(GITLAB)?;
    let text = overlay.read(&path)?.unwrap_or_default();
    if calls_the_check(&text) {
        return Ok(());
    }
    let stages = manifest::read(&text, ManifestFormat::Yaml, GITLAB)
        .ok()
        .and_then(|file| file.get("stages").cloned());
    let entry = NewEntry::Key("tenon".to_owned(), job(stages.as_ref()));
    insert(overlay, &path, ManifestFormat::Yaml, "", &entry)
}

/// The job. In a pipeline without the stage `test`, where jobs are by default, it has to name one.
fn job(stages: Option<&Value>) -> Value {
    const LIKELY: [&str; 5] = ["lint", "check", "checks", "validate", "verify"];
    let report = "gl-code-quality-report.json";
    let stages: Vec<&str> = stages
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let stage = if stages.is_empty() || stages.contains(&"test") {
        None
    } else {
        let likely = stages.iter().find(|stage| LIKELY.contains(stage));
        Some(*likely.unwrap_or(&stages[0]))
    };
    let mut job = json!({
        "stage": stage,
        // The image's own entry point is the program; a job needs a shell.
        "image": { "name": format!("ghcr.io/{}:{VERSION}", slug()), "entrypoint": [""] },
        "variables": { "GIT_DEPTH": "0" },
        "script": [
            format!("{COMMAND} --output gitlab={report} ${{CI_MERGE_REQUEST_DIFF_BASE_SHA:+--changed-since=$CI_MERGE_REQUEST_DIFF_BASE_SHA}}"),
        ],
        "artifacts": { "when": "always", "reports": { "codequality": report } },
        "rules": [
            { "if": "$CI_PIPELINE_SOURCE == \"merge_request_event\"" },
            { "if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" },
        ],
    });
    if stage.is_none()
        && let Some(job) = job.as_object_mut()
    {
        job.shift_remove("stage");
    }
    job
}
