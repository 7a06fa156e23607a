//! Hosts in which something is broken: one sentence, at its place, and nothing is written.

use snapbox::str;

use crate::support::hosts::{APP_CONFIG, APP_MODULE, CONFIGS, MODELS, framework, workshop};
use crate::support::sandbox::assert_same;

const ACTIVATE: [&str; 6] = [
    "new-integration",
    "acme",
    "--modules",
    "tickets",
    "--activate",
    "tickets",
];
const TICKETS: &str = "packages/configs/integrations/src/models/tickets.ts";
const UNIT: [&str; 5] = ["new-integration", "saw", "--main", "--pack", "../workshop"];

#[test]
fn a_broken_manifest_at_the_root_is_an_error_at_its_line() {
    let host = framework();
    host.write(
        "package.json",
        "{\n    \"name\": \"shop\",\n    \"workspaces\": [\n",
    );
    host.refused(&ACTIVATE).says(str![[r#"
error: not valid JSON: unterminated array
  --> package.json:3:19
help: fix it there, then run the command again

"#]]);
}

#[test]
fn a_broken_manifest_of_the_configs_package_is_an_error_at_its_line() {
    let host = framework();
    host.write(CONFIGS, "{\n    \"name\": oops\n}\n");
    host.refused(&ACTIVATE).says(str![[r#"
error: not valid JSON: unexpected word
  --> packages/configs/integrations/package.json:2:13
help: fix it there, then run the command again

"#]]);
    host.write(CONFIGS, "[]\n");
    host.refused(&ACTIVATE).says(str![[r#"
error: the document is an array, not an object
  --> packages/configs/integrations/package.json:1:1
help: fix it there, then run the command again

"#]]);
    host.write(CONFIGS, "{ \"dependencies\": [] }\n");
    host.refused(&ACTIVATE).says(str![[r#"
error: `/dependencies` is an array, not an object
  --> packages/configs/integrations/package.json:1:19
help: fix it there, then run the command again

"#]]);
    host.write(CONFIGS, "");
    host.refused(&ACTIVATE).says(str![[r#"
error: the file holds no JSON value
  --> packages/configs/integrations/package.json:1:1
help: fix it there, then run the command again

"#]]);
}

#[test]
fn a_models_file_whose_import_was_changed_by_hand_is_refused_with_the_line_to_write() {
    let host = framework();
    host.write(
        TICKETS,
        "import { Config } from '../../mine';\n\nexport const x = Config;\n",
    );
    host.refused(&ACTIVATE).says(str![[r#"
error: `packages/configs/integrations/src/models/tickets.ts` has no place for the site `active`: nothing there matches
  --> packages/configs/integrations/src/models/tickets.ts
help: nothing was changed; write this there by hand, then run again:
import { Config, Integration } from '@o2s/integrations.acme/integration';

"#]]);
}

#[test]
fn two_places_for_one_entry_are_refused_with_their_lines() {
    let host = framework();
    let line = "import { Config, Integration } from '@o2s/integrations.other/integration';\n";
    host.write(
        TICKETS,
        format!("{line}{}", line.replace("Config, Integration", "Config as A")),
    );
    host.refused(&ACTIVATE).says(str![[r#"
error: `packages/configs/integrations/src/models/tickets.ts` has 2 places for the site `active`: lines 1, 2
  --> packages/configs/integrations/src/models/tickets.ts
help: nothing was changed; write this there by hand, then run again:
import { Config, Integration } from '@o2s/integrations.acme/integration';

"#]]);
}

#[test]
fn a_list_that_is_not_where_it_was_is_refused_with_the_entry_to_write() {
    let host = framework();
    host.write(APP_CONFIG, "export const AppConfig = load();\n");
    host.refused(&ACTIVATE).says(str![[r#"
error: `apps/api-harmonization/src/app.config.ts` has no `const AppConfig = { integrations: {} }`
  --> apps/api-harmonization/src/app.config.ts
help: nothing was changed; write this by hand, then run again:
import { Tickets } from '@o2s/configs.integrations';
tickets: Tickets.TicketsIntegrationConfig

"#]]);
}

#[test]
fn a_read_only_file_is_refused() {
    for file in [CONFIGS, MODELS, APP_CONFIG, APP_MODULE] {
        let host = framework();
        host.chmod(file, 0o444);
        let ran = host.refused(&ACTIVATE);
        assert!(
            ran.err.starts_with(&format!("error: `{file}` is read-only\n")),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_read_only_directory_is_refused() {
    for dir in [
        "packages/integrations",
        "packages/configs/integrations/src/models",
        ".",
    ] {
        let host = framework();
        std::fs::create_dir_all(host.at("packages/integrations")).unwrap();
        host.chmod(dir, 0o555);
        let ran = host.refused(&ACTIVATE);
        assert!(ran.err.contains("is read-only"), "{dir}: {}", ran.err);
        host.chmod(dir, 0o755);
    }
}

#[test]
fn a_directory_where_a_file_should_be_is_refused() {
    for file in [
        CONFIGS,
        MODELS,
        "tenon.lock",
        "packages/integrations/acme/package.json",
        "packages/integrations/acme/src/integration.ts",
    ] {
        let host = framework();
        if host.exists(file) {
            host.remove(file);
        }
        std::fs::create_dir_all(host.at(file)).unwrap();
        host.refused(&ACTIVATE);
    }
}

#[test]
fn a_file_where_a_directory_should_be_is_refused() {
    let host = framework();
    host.write("packages/integrations", "a file\n");
    host.refused(&ACTIVATE).says(str![[r#"
error: `packages/integrations/acme/.gitignore` cannot be written: `packages/integrations` is not a directory
  --> packages/integrations/acme/.gitignore
help: move that file away or choose another path

"#]]);
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    for file in [
        CONFIGS,
        MODELS,
        APP_CONFIG,
        APP_MODULE,
        "package.json",
        "tenon.lock",
        "tenon.toml",
    ] {
        let host = framework();
        host.write(file, b"{\n \"a\": \"caf\xe9\" }\n");
        let ran = host.refused(&ACTIVATE);
        assert!(
            ran.err
                .starts_with(&format!("error: `{file}` is not UTF-8: byte ")),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_file_of_33_mib_is_refused() {
    let host = framework();
    host.write(MODELS, vec![b' '; 33 * 1024 * 1024]);
    host.refused(&ACTIVATE).says(str![[r#"
error: `packages/configs/integrations/src/models/index.ts` is larger than 32 MiB
help: tenon reads no larger files: make it smaller

"#]]);
}

#[test]
fn a_missing_file_that_is_needed_is_refused() {
    let host = workshop();
    host.remove("src/units.ts");
    host.refused(&UNIT).says(str![[r#"
error: there is no file `src/units.ts`
help: the pack has the site `list` there; restore the file, or check `--host`

"#]]);
}

#[test]
fn control_characters_in_a_host_file_reach_no_terminal() {
    let host = workshop();
    host.replace(
        "src/units.ts",
        "export",
        "// \u{1b}]0;owned\u{7}\u{1b}[2J\nexport",
    );
    let ran = host.done(&[&UNIT[..], &["--dry-run"]].concat());
    assert!(ran.out.contains("\\u{1b}]0;owned\\u{7}"), "{}", ran.out);
    host.write("tenon.lock", "version = 1\n\u{1b}[31m\n");
    host.refused(&UNIT);
}

#[test]
fn a_record_in_which_two_branches_met_is_an_error_at_its_line() {
    let host = workshop();
    host.done(&UNIT);
    host.replace("tenon.lock", "made", "<<<<<<< ours\nmade");
    host.refused(&UNIT).says(str![[r#"
error: the record cannot be read
  --> tenon.lock:2:6
  because: key with no value, expected `=`
help: restore `tenon.lock` from version control; if two branches met in it, keep the lines of both

"#]]);
    host.refused(&["list", "--pack", "../workshop"]);
    host.write("tenon.lock", "version = 7\n");
    host.refused(&UNIT).says(str![[r#"
error: `tenon.lock` has version 7, and this program knows 1
help: use a newer tenon

"#]]);
}

#[test]
fn damaged_state_is_told_and_nothing_is_made_worse() {
    let host = workshop();
    host.done(&UNIT);
    let journal = ".tenon/history/0001/journal";
    let good = host.read(journal);
    for bad in [
        "",
        "{",
        "[]",
        "{}",
        &good.replace("sha256", "sha257"),
        &good[..good.len() / 2],
    ] {
        host.write(journal, bad);
        let said = host.refused(&["undo"]).err;
        assert!(
            said.contains("`.tenon/history/0001` was not written here by this program"),
            "{said}"
        );
        assert!(host.done(&["undo", "--list"]).err.contains("it cannot be undone"));
    }
    // What new steps need is not damaged.
    host.done(&["new-integration", "rasp", "--pack", "../workshop"]);
    host.write(journal, &good);
    host.done(&["undo", "--to", "1"]);
    assert!(!host.exists("units") && !host.exists(".tenon"));
}

#[test]
fn a_journal_that_points_out_of_the_host_is_refused() {
    let host = workshop();
    host.write("../secret.txt", "secret\n");
    host.done(&UNIT);
    let journal = ".tenon/history/0001/journal";
    host.replace(journal, "units/saw/unit.json", "../secret.txt");
    let before = host.tree();
    host.run(&["undo"]).is_one_error();
    assert_same(&before, &host.tree());
    assert_eq!(host.read("../secret.txt"), "secret\n");
}

#[test]
fn state_that_is_no_directory_is_refused() {
    let host = workshop();
    host.write(".tenon", "a file\n");
    host.refused(&UNIT).says(str![[r#"
error: `HOST/.tenon` is not a directory
help: tenon keeps its state there; move it away and run the command again

"#]]);
    host.remove(".tenon");
    host.write("../elsewhere/keep", "");
    host.link(".tenon", "../elsewhere");
    host.refused(&UNIT);
    assert_eq!(std::fs::read_dir(host.at("../elsewhere")).unwrap().count(), 1);
}
