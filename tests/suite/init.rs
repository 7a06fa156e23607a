//! `tenon init`: the settings, steps of CI and hooks.

use std::fs;

use snapbox::str;

use crate::support::hosts::{made, workshop, workshop_pack};
use crate::support::sandbox::{Sandbox, assert_same};

const ALL: [&str; 5] = [
    "init",
    "--ci",
    "github,gitlab",
    "--hook=pre-commit,lefthook",
    "--hook=husky",
];

/// A host that has nothing of it.
fn bare() -> Sandbox {
    let host = made();
    host.remove("tenon.toml");
    fs::create_dir(host.at(".git")).unwrap();
    host
}

#[test]
fn without_a_terminal_only_the_settings_are_written_and_the_flags_are_named() {
    let host = bare();
    host.write(".gitlab-ci.yml", "a:\n  script: [b]\n");
    host.done(&["init"])
        .prints(str![[r#"
create .gitattributes
create tenon.toml

"#]])
        .says(str![[r#"
`.gitlab-ci.yml` exists: `--ci gitlab` adds the check there
2 files created

"#]]);
    assert_eq!(
        host.read("tenon.toml"),
        "# What tenon knows of this repository.\npack = \"o2s\"\npack-version = \"1.0.0\"\n"
    );
    host.done(&["list"]);
}

#[test]
fn a_second_run_has_nothing_to_do_and_undo_takes_all_of_it_back() {
    let host = bare();
    let before = host.tree();
    host.done(&ALL);
    for path in [
        ".github/workflows/tenon.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
        "lefthook.yml",
        ".husky/pre-commit",
    ] {
        assert!(host.read(path).contains("tenon validate-structure"), "{path}");
    }
    host.done(&ALL).prints("").says(str![[r#"
nothing to do: everything is there already

"#]]);
    host.done(&["init", "--check"]).says(str![[r#"
nothing to do: everything is there already

"#]]);
    host.done(&["undo"]);
    if host.exists(".tenon") {
        host.remove(".tenon");
    }
    assert_same(&before, &host.tree());
}

#[test]
fn a_dry_run_shows_what_is_added_and_writes_nothing() {
    let host = bare();
    host.write(
        ".gitlab-ci.yml",
        "# ours\nstages: [build, lint]\n\nbuild:\n  stage: build # first\n  script: [make]\n",
    );
    let before = host.tree();
    host.done(&["init", "--ci", "gitlab", "--dry-run"])
        .prints(str![[r#"
+ .gitattributes +1
~ .gitlab-ci.yml +17 -0
+ tenon.toml +3

--- a/.gitlab-ci.yml
+++ b/.gitlab-ci.yml
@@ -4,3 +4,20 @@
 build:
   stage: build # first
   script: [make]
+tenon:
+  stage: lint
+  image:
+    name: ghcr.io/tenon-rs/tenon:0.1.0
+    entrypoint:
+      - ''
+  variables:
+    GIT_DEPTH: '0'
+  script:
+    - tenon validate-structure --output gitlab=gl-code-quality-report.json ${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--changed-since=$CI_MERGE_REQUEST_DIFF_BASE_SHA}
+  artifacts:
+    when: always
+    reports:
+      codequality: gl-code-quality-report.json
+  rules:
+    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
+    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

2 files to create, 1 file to change

"#]]);
    assert_same(&before, &host.tree());
    assert_eq!(host.run(&["init", "--ci", "gitlab", "--check"]).code, 1);
    assert_same(&before, &host.tree());
}

#[test]
fn files_that_are_there_keep_every_other_byte() {
    let host = bare();
    let own = "# ours\r\nrepos:\r\n-   repo: local   # kept\r\n    hooks:\r\n    -   id: x\r\n        name: x\r\n        entry: x\r\n        language: system\r\n";
    host.write(".pre-commit-config.yaml", own);
    host.write(
        "lefthook.yml",
        "pre-commit:\n  jobs:\n    - run: a # kept\npre-push:\n  jobs: []\n",
    );
    host.write(".husky/pre-commit", "npm test");
    host.chmod(".husky/pre-commit", 0o644);
    host.done(&["init", "--hook", "pre-commit,lefthook,husky"]);
    let after = host.read(".pre-commit-config.yaml");
    assert!(
        after.starts_with(own) && after.ends_with("always_run: true\r\n"),
        "{after}"
    );
    assert_eq!(
        host.read("lefthook.yml"),
        "pre-commit:\n  jobs:\n    - run: a # kept\n    - name: tenon\n      run: tenon validate-structure\npre-push:\n  jobs: []\n"
    );
    assert_eq!(
        host.read(".husky/pre-commit"),
        "npm test\ntenon validate-structure\n"
    );
}

#[test]
fn what_calls_the_check_already_is_left_alone() {
    let host = bare();
    host.write(
        ".github/workflows/all.yaml",
        "jobs:\n  a:\n    steps:\n      - run: tenon check --format github\n",
    );
    host.write(
        ".gitlab-ci.yml",
        "include: !reference [x]\na:\n  script: [tenon validate-structure]\n",
    );
    host.done(&["init"]);
    host.done(&["init", "--ci", "github,gitlab"]).says(str![[r#"
nothing to do: everything is there already

"#]]);
}

#[test]
fn what_cannot_be_edited_is_refused_with_what_to_write_by_hand() {
    let host = bare();
    host.write(".gitlab-ci.yml", "- a\n- b\n");
    let ran = host.refused(&["init", "--ci", "gitlab"]);
    assert!(ran.err.contains("--> .gitlab-ci.yml:1:"), "{}", ran.err);
    assert!(
        ran.err
            .contains("help: or write this there yourself, at its top level: \"tenon\": {"),
        "{}",
        ran.err
    );
    host.write(".husky/pre-commit", "npm test\nexit 0\n");
    host.refused(&["init", "--hook", "husky"]).says(str![[r#"
error: `.husky/pre-commit` ends with `exit` or `exec`: a line behind it would never run
  --> .husky/pre-commit
help: add `tenon validate-structure` there yourself

"#]]);
}

#[test]
fn a_pack_in_a_folder_is_pinned_by_its_path_from_the_root() {
    let host = workshop();
    workshop_pack(&host.root);
    host.done(&["init", "--pack", "./workshop"]);
    assert!(host.read("tenon.toml").ends_with("pack = \"./workshop\"\n"));
    host.done(&["list"]);

    let host = workshop();
    let ran = host.refused(&["init", "--pack", "../workshop"]);
    assert!(ran.err.contains("is not a path in the host"), "{}", ran.err);

    let host = workshop();
    fs::create_dir(host.at("units")).unwrap();
    let ran = host.run_in("units", &["init", "--pack", "../../workshop"]);
    ran.is_one_error();
    assert!(!host.exists("tenon.toml"));
}

#[test]
fn settings_without_a_pack_get_one_before_their_tables() {
    let host = made();
    host.write(
        "tenon.toml",
        "# ours\n[rules.missing-part]\nseverity = \"note\"\n",
    );
    host.done(&["init"]);
    host.done(&["list"]);
    assert_eq!(
        host.read("tenon.toml"),
        "pack = \"o2s\"\npack-version = \"1.0.0\"\n\n# ours\n[rules.missing-part]\nseverity = \"note\"\n"
    );
}

#[test]
fn outside_the_root_of_a_repository_it_says_so() {
    let host = bare();
    host.remove(".git");
    let ran = host.done(&["init", "--ci", "github"]);
    assert!(
        ran.err.contains("this is not the root of a git repository"),
        "{}",
        ran.err
    );
}

#[test]
fn a_section_of_agents_md_is_written_kept_up_to_date_and_removed_again() {
    let host = bare();
    host.write("AGENTS.md", "# Rules\n\nBe kind.\n");
    let before = host.read("AGENTS.md");
    host.done(&["init", "--agents"]);
    let text = host.read("AGENTS.md");
    assert!(text.starts_with(&before), "{text}");
    for line in [
        "`tenon new-integration NAME --modules A,B --yes`",
        "`tenon validate-structure --format json`",
    ] {
        assert!(text.contains(line), "{text}");
    }
    // The command that the section names works as it stands there.
    host.done(&["new-integration", "acme", "--modules", "cms,cache", "--yes"]);
    host.done(&["validate-structure", "--format", "json"]);
    let ran = host.done(&["init", "--agents"]);
    assert!(ran.err.contains("nothing to do"), "{}", ran.err);

    host.write(
        "AGENTS.md",
        text.replace("--modules A,B", "--old A,B") + "\nMore.\n",
    );
    let ran = host.run(&["update", "--check"]);
    ran.exits(1).prints("section AGENTS.md\n");
    host.done(&["update"]);
    assert_eq!(host.read("AGENTS.md"), format!("{text}\nMore.\n"));
    host.done(&["init", "--no-agents"]);
    assert_eq!(host.read("AGENTS.md"), format!("{before}\nMore.\n"));
    let ran = host.done(&["update"]);
    assert!(ran.err.contains("nothing to do"), "{}", ran.err);
}

#[test]
fn an_agents_md_of_its_own_goes_with_its_section_and_a_torn_one_is_refused() {
    let host = bare();
    host.done(&["init"]);
    host.done(&["init", "--agents"]);
    assert!(host.read("AGENTS.md").starts_with("<!-- tenon: begin"));
    host.done(&["init", "--no-agents"]);
    assert!(!host.exists("AGENTS.md"));
    host.write("AGENTS.md", "a\n<!-- tenon: begin -->\nb\n");
    for flag in ["--agents", "--no-agents"] {
        let ran = host.refused(&["init", flag]);
        assert!(ran.err.contains("without `<!-- tenon: end -->`"), "{}", ran.err);
    }
}
