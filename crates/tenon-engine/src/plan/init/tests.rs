//! Tests of the files that `tenon init` writes, read as YAML, and of the examples in this repository.

use std::path::Path;

use serde_json::Value;

use tenon_text::manifest;

use super::shared::{COMMAND, VERSION, calls_the_check, slug};
use super::*;

fn yaml(text: &str) -> Value {
    manifest::read(text, ManifestFormat::Yaml, "x.yml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn host(files: &[(&str, &str)]) -> (tempfile::TempDir, Host) {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let host = Host::open(dir.path()).unwrap();
    (dir, host)
}

/// The text that `steps` give a file.
fn made(files: &[(&str, &str)], steps: &[CheckRunner], path: &str) -> String {
    let (_dir, host) = host(files);
    let pin = Pin {
        pack: "p".into(),
        version: None,
    };
    let planned = init(
        &host,
        &pin,
        &steps.iter().copied().collect(),
        ("", AgentsSection::default()),
    )
    .unwrap();
    match &planned.plan.changes[&HostPath::new(path).unwrap()] {
        super::super::Change::Create { after, .. } | super::super::Change::Modify { after, .. } => {
            String::from_utf8(after.clone()).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_repository_has_an_owner_and_a_name() {
    assert_eq!(slug().split('/').count(), 2, "{}", slug());
}

#[test]
fn the_workflow_calls_the_action_with_inputs_that_it_has() {
    let workflow = yaml(&made(&[], &[CheckRunner::Github], ".github/workflows/tenon.yml"));
    let steps = workflow["jobs"]["validate-structure"]["steps"]
        .as_array()
        .unwrap();
    assert_eq!(steps[0]["with"]["fetch-depth"], 0);
    assert_eq!(steps[1]["uses"], format!("{}@v{VERSION}", slug()));
    let action = yaml(include_str!("../../../../../action.yml"));
    for name in steps[1]["with"].as_object().unwrap().keys() {
        assert!(action["inputs"].get(name).is_some(), "the action has no `{name}`");
    }
}

#[test]
fn the_workflow_names_the_branch_that_clones_check_out() {
    let head = ".git/refs/remotes/origin/HEAD";
    let with = |text: &str| {
        made(
            &[(head, text)],
            &[CheckRunner::Github],
            ".github/workflows/tenon.yml",
        )
    };
    assert!(with("ref: refs/remotes/origin/trunk\n").contains("branches: [trunk]\n"));
    assert!(with("ref: refs/remotes/origin/x]\\n  evil: [\n").contains("branches: [main, master]\n"));
}

#[test]
fn the_job_of_gitlab_is_in_a_stage_that_there_is() {
    let job = |text: &str| {
        yaml(&made(
            &[(".gitlab-ci.yml", text)],
            &[CheckRunner::Gitlab],
            ".gitlab-ci.yml",
        ))["tenon"]
            .clone()
    };
    assert_eq!(job("stages: [build, test]\n").get("stage"), None);
    assert_eq!(job("stages: [build, lint]\n")["stage"], "lint");
    assert_eq!(job("stages: [build, ship]\n")["stage"], "build");
    assert_eq!(
        job("a:\n  script: [b]\n")["artifacts"]["reports"]["codequality"],
        "gl-code-quality-report.json"
    );
}

#[test]
fn comments_do_not_call_the_check() {
    assert!(calls_the_check("  - run: tenon validate-structure --fix\n"));
    assert!(calls_the_check(&format!("- uses: {}@v9\n", slug())));
    assert!(!calls_the_check("# tenon validate-structure\nname: tenon\n"));
}

/// What a composite action has to have, and the programs that it calls.
#[test]
fn the_action_is_whole() {
    let action = yaml(include_str!("../../../../../action.yml"));
    for input in ["version", "args", "changed-since", "sarif"] {
        assert!(action["inputs"][input]["description"].is_string(), "{input}");
    }
    assert_eq!(action["runs"]["using"], "composite");
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(
            step.get("uses").is_some() || step["shell"] == "bash",
            "a step without a shell: {step}"
        );
        let run = step.get("run").and_then(Value::as_str).unwrap_or_default();
        assert!(!run.contains("${{"), "an expression in a script: {run}");
        if let Some(script) = run.strip_prefix("\"$GITHUB_ACTION_PATH/") {
            let script = script.split('"').next().unwrap();
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("../..")
                    .join(script)
                    .is_file(),
                "{script}"
            );
        }
    }
}

#[test]
fn the_hooks_run_the_check_on_the_whole_host() {
    let hooks = yaml(include_str!("../../../../../.pre-commit-hooks.yaml"));
    for hook in hooks.as_array().unwrap() {
        assert_eq!(hook["entry"], COMMAND);
        assert_eq!(hook["pass_filenames"], false);
        assert_eq!(hook["always_run"], true);
    }
}
