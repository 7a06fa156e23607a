//! The tools for authors of packs: `pack new`, `pack test`, `pack explain`, `pack schema`.

use std::fs;
use std::path::Path;

use crate::support::fault::copy_tree;
use crate::support::sandbox::Sandbox;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[track_caller]
fn passes(sandbox: &Sandbox, pack: &str) -> String {
    let ran = sandbox.run(&["pack", "test", pack, "--combinations", "6"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    ran.out
}

/// How many breaks were found, as the last line has it.
fn found(out: &str) -> usize {
    let words: Vec<&str> = out.split_whitespace().collect();
    let at = words.iter().rposition(|word| *word == "breaks").unwrap();
    words[at - 1].parse().unwrap()
}

fn built_in(pack: &str) {
    let sandbox = Sandbox::empty();
    let out = passes(&sandbox, pack);
    assert!(found(&out) > 5, "{pack}: {out}");
    assert!(
        sandbox.tree().is_empty(),
        "a trial wrote into the directory of the person"
    );
}

#[test]
fn the_pack_cargo_passes_its_trials() {
    built_in("cargo");
}

#[test]
fn the_pack_djblets_passes_its_trials() {
    built_in("djblets");
}

#[test]
fn the_pack_integration_controller_passes_its_trials() {
    built_in("integration-controller");
}

#[test]
fn the_pack_o2s_passes_its_trials() {
    built_in("o2s");
}

#[test]
fn every_pack_that_is_built_in_has_such_a_test() {
    let dirs = fs::read_dir(Path::new(ROOT).join("templates")).unwrap();
    let source = include_str!("pack_tools.rs");
    for dir in dirs {
        let name = dir.unwrap().file_name().into_string().unwrap();
        assert!(source.contains(&format!("built_in(\"{name}\")")), "{name}");
    }
}

#[test]
fn packs_of_the_docs_pass_their_trials() {
    let sandbox = Sandbox::empty();
    let mut count = 0;
    for dir in fs::read_dir(Path::new(ROOT).join("docs/examples/packs")).unwrap() {
        let dir = dir.unwrap().path();
        passes(&sandbox, dir.to_str().unwrap());
        count += 1;
    }
    assert!(count > 2);
}

#[test]
fn a_new_pack_passes_its_own_tests_in_every_language() {
    let sandbox = Sandbox::empty();
    for language in ["typescript", "go", "java", "python", "rust"] {
        let args = ["pack", "new", language, "--name", "acme", "--language", language];
        let ran = sandbox.run(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let ran = sandbox.run(&["pack", "check", language]);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no problems in acme 0.1.0\n"));
        let out = passes(&sandbox, language);
        assert!(found(&out) > 1, "{language}: {out}");
        let page = sandbox.run(&["pack", "explain", "--markdown", language]);
        assert_eq!(page.code, 0, "{}", page.err);
        for part in [
            "# acme 0.1.0",
            "## tenon new integration NAME",
            "```diff",
            "## What is checked",
            "missing-entry",
        ] {
            assert!(
                page.out.contains(part),
                "{language}: no `{part}` in\n{}",
                page.out
            );
        }
    }
    let again = sandbox.refused(&["pack", "new", "go", "--name", "acme", "--language", "go"]);
    assert!(
        again.err.contains("exists already and is not empty"),
        "{}",
        again.err
    );
    let missing = sandbox.refused(&["pack", "new", "other"]);
    assert!(missing.err.contains("`--language` is missing"), "{}", missing.err);
    let name = sandbox.refused(&["pack", "new", "other", "--name", "A b", "--language", "go"]);
    assert!(name.err.contains("cannot be the name of a pack"), "{}", name.err);
}

/// A starter in TypeScript with one change, and what its trial says.
#[track_caller]
fn broken(file: &str, from: &str, to: &str) -> String {
    let sandbox = Sandbox::empty();
    sandbox.run(&["pack", "new", "acme", "--language", "typescript"]);
    sandbox.replace(&format!("acme/{file}"), from, to);
    let ran = sandbox.run(&["pack", "test", "acme"]);
    assert_eq!(ran.code, 1, "{}\n{}", ran.out, ran.err);
    ran.out
}

#[test]
fn a_trial_says_at_which_step_a_pack_fails() {
    for (file, from, to, says) in [
        // A template that is no code.
        (
            "files/integration/index.ts.hbs",
            "on: {",
            "on: [",
            "in the step `plan`",
        ),
        // A place that the host does not have.
        (
            "pack.toml",
            "in = \"export const integrations = []\"",
            "in = \"export const others = []\"",
            "in the step `plan`",
        ),
        // What is made is not what is expected.
        (
            "files/integration/index.ts.hbs",
            "export const {{camel name}}: Integration",
            "export const other: Integration",
            "does not export `sampleOne`",
        ),
        // What the case shows is not what is made.
        (
            "tests/made/out/src/integrations.ts",
            "[acmeCrm]",
            "[acme]",
            "the result differs from `tests/made/out`",
        ),
        // Nothing would see that the file is gone.
        (
            "pack.toml",
            "known-by = [\"index.ts\", \"{file}.ts\"]",
            "known-by = [\"index.ts\"]",
            "`src/integrations/sample-one/index.ts` gone, which must be there",
        ),
    ] {
        let out = broken(file, from, to);
        assert!(out.contains(says), "`{says}` is not said:\n{out}");
    }
}

#[test]
fn a_case_may_expect_findings_and_refusals() {
    let sandbox = Sandbox::empty();
    sandbox.run(&["pack", "new", "acme", "--language", "typescript"]);
    let made = sandbox.at("acme/tests/made");
    let broken = sandbox.at("acme/tests/broken");
    fs::create_dir(&broken).unwrap();
    fs::create_dir(broken.join("host")).unwrap();
    copy_tree(&made.join("host"), &broken.join("host"));
    sandbox.write(
        "acme/tests/broken/host/src/integrations/acme/index.ts",
        "export const other = 1;\n",
    );
    let case = |text: &str| sandbox.write("acme/tests/broken/case.toml", text);
    case(
        "findings = [\"missing-entry src/integrations.ts:3\", \"missing-export src/integrations/acme/index.ts\"]\n",
    );
    passes(&sandbox, "acme");
    case("findings = [\"missing-entry src/integrations.ts\"]\n");
    let ran = sandbox.run(&["pack", "test", "acme"]);
    assert_eq!(ran.code, 1);
    let says = "not expected: missing-export src/integrations/acme/index.ts";
    assert!(ran.out.contains(says), "{}", ran.out);
    case("kind = \"integration\"\nname = \"acme\"\nrefused = \"exists already\"\n");
    passes(&sandbox, "acme");
    case("kind = \"integration\"\nname = \"nova\"\nrefused = \"exists already\"\n");
    let ran = sandbox.run(&["pack", "test", "acme"]);
    assert!(ran.out.contains("it is not refused"), "{}", ran.out);
    case("knid = \"integration\"\n");
    let ran = sandbox.run(&["pack", "test", "acme"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `kind`?"), "{}", ran.err);
}

#[test]
fn commands_of_a_pack_run_only_when_a_person_says_so() {
    let sandbox = Sandbox::empty();
    sandbox.run(&["pack", "new", "acme", "--language", "typescript"]);
    let text = fs::read_to_string(sandbox.at("acme/pack.toml")).unwrap();
    let verify = |words: &str| {
        let text = format!("{text}\n[[kind.integration.verify]]\nrun = {words}\n");
        fs::write(sandbox.at("acme/pack.toml"), text).unwrap();
    };
    verify("[\"false\"]");
    passes(&sandbox, "acme");
    let ran = sandbox.run(&["pack", "test", "acme", "--run-verify"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("`false` ended with"), "{}", ran.out);
    verify("[\"test\", \"-f\", \"src/integrations/sample-one/index.ts\"]");
    let ran = sandbox.run(&["pack", "test", "acme", "--run-verify"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn a_trial_is_told_as_json() {
    let sandbox = Sandbox::empty();
    sandbox.run(&["pack", "new", "acme", "--language", "typescript"]);
    let ran = sandbox.run(&["pack", "test", "acme", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["pack"], "acme 0.1.0");
    let trials = told["trials"].as_array().unwrap();
    assert!(trials.iter().all(|trial| trial["outcome"] == "passed"), "{told}");
    assert!(trials.iter().any(|trial| trial["breaks"] == 2), "{told}");
}

#[test]
fn the_schema_is_the_published_one() {
    let sandbox = Sandbox::empty();
    let ran = sandbox.run(&["pack", "schema"]);
    let published = fs::read_to_string(Path::new(ROOT).join("docs/schema/pack.schema.json")).unwrap();
    assert_eq!((ran.code, ran.out), (0, published));
}
