//! Where answers come from: flags, a file, the record, and nowhere.

use snapbox::str;

use crate::support::hosts::{framework, made, workshop};
use crate::support::sandbox::assert_same;

const SERVICE: &str = "packages/integrations/acme/src/modules/cms/cms.service.ts";

#[test]
fn a_missing_answer_names_the_flag() {
    let host = framework();
    host.refused(&["new-integration", "acme", "--no-input"])
        .says(str![[r#"
error: `--modules` is missing: Which modules does it implement?
help: pass `--modules`, or run on a terminal, without `--yes`, to be asked

"#]]);
    host.refused(&["new-integration", "--no-input"]).says(str![[r#"
error: the name is missing
help: give it: `tenon new integration NAME`

"#]]);
    // Nobody is there to be asked either.
    host.refused(&["new-integration", "acme"]).says(str![[r#"
error: `--modules` is missing: Which modules does it implement?
help: pass `--modules`, or run on a terminal, without `--yes`, to be asked

"#]]);
}

#[test]
fn an_answers_file_answers_and_flags_win_over_it() {
    let host = framework();
    host.write(
        "../answers.toml",
        "name = \"acme\"\nmodules = [\"cms\", \"users\"]\nactivate = \"cms\"\ninject = [\"cms:cache\"]\n",
    );
    host.done(&[
        "new-integration",
        "--answers",
        "../answers.toml",
        "--modules",
        "cms,sails",
    ]);
    assert!(host.exists("packages/integrations/acme/src/modules/sails"));
    assert!(!host.exists("packages/integrations/acme/src/modules/users"));
    assert!(
        host.read(SERVICE).contains("cacheService: Cache.Service"),
        "{}",
        host.read(SERVICE)
    );
    assert!(host.exists("packages/configs/integrations/src/models/cms.ts"));
}

#[test]
fn an_unknown_answer_is_an_error_that_guesses() {
    let host = framework();
    host.write("answers.toml", "modulse = [\"cms\"]\n");
    host.refused(&["new-integration", "acme", "--answers", "answers.toml"])
        .says(str![[r#"
error: `integration` does not ask for `modulse`
  --> answers.toml
help: did you mean `modules`?

"#]]);
    host.write("answers.toml", "colour = \"red\"\n");
    host.refused(&["new-integration", "acme", "--answers", "answers.toml"])
        .says(str![[r#"
error: `integration` does not ask for `colour`
  --> answers.toml
help: it asks for: name, modules, [..]

"#]]);
}

#[test]
fn a_broken_answers_file_is_an_error_at_its_line() {
    let host = framework();
    host.write("answers.toml", "modules = [\"cms\"]\nactivate = [\n");
    host.refused(&["new-integration", "acme", "--answers", "answers.toml"])
        .says(str![[r#"
error: the answers file is not TOML
  --> answers.toml:2:13
  because: unclosed array, expected `]`
help: write `option = "answer"`, `option = ["a", "b"]` or `option = true`

"#]]);
    host.write("answers.toml", "modules = 3\n");
    host.refused(&["new-integration", "acme", "--answers", "answers.toml"])
        .says(str![[r#"
error: `modules` is neither text, a list of texts, nor true or false
  --> answers.toml
help: put quotes round it

"#]]);
    host.write("answers.toml", "modules = [3]\n");
    host.refused(&["new-integration", "acme", "--answers", "answers.toml"])
        .says(str![[r#"
error: `modules` has an item that is not a text
  --> answers.toml
help: put quotes round it

"#]]);
    host.refused(&["new-integration", "acme", "--answers", "none.toml"])
        .says(str![[r#"
error: the answers file `none.toml` cannot be read
  because: No such file or directory (os error 2)
help: give the path of a TOML file with `--answers FILE`

"#]]);
}

#[test]
fn an_unknown_module_is_an_error_that_guesses() {
    let host = framework();
    host.refused(&["new-integration", "acme", "--modules", "tikets"])
        .says(str![[r#"
error: `tikets` is not a choice for `--modules`
help: did you mean `tickets`?

"#]]);
    host.refused(&["new-integration", "acme", "--modules", "weather"])
        .says(str![[r#"
error: `weather` is not a choice for `--modules`
help: choose from: cache, cms, sails, tickets, users

"#]]);
    host.refused(&["new-integration", "acme", "--modules", ""])
        .says(str![[r#"
error: `--modules` is empty: Which modules does it implement?
help: choose from: cache, cms, sails, tickets, users

"#]]);
}

#[test]
fn only_chosen_modules_can_be_activated() {
    let host = framework();
    host.refused(&[
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--activate",
        "tickets",
    ])
    .says(str![[r#"
error: `tickets` is not a choice for `--activate`
help: choose from: cms

"#]]);
}

#[test]
fn an_injection_is_a_pair_of_a_chosen_module_and_a_service() {
    let host = framework();
    host.refused(&["new-integration", "acme", "--modules", "cms", "--inject", "cms"])
        .says(str![[r#"
error: `cms` is not a pair
help: write `--inject LEFT:RIGHT`, several with commas

"#]]);
    host.refused(&[
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--inject",
        "users:cache",
    ])
    .says(str![[r#"
error: `users` is not a choice for `--inject`
help: choose from: cms

"#]]);
    host.refused(&[
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--inject",
        "cms:cash",
    ])
    .says(str![[r#"
error: `cash` is not a choice for `--inject`
help: choose from: cache, cms, sails, tickets, users

"#]]);
}

#[test]
fn modules_are_meant_in_any_case_and_order() {
    let host = framework();
    host.done(&["new-integration", "acme", "--modules", "CMS,Tickets"]);
    let after = host.tree();
    let ran = host.run(&["new-integration", "acme", "--modules", "tickets,cms"]);
    ran.exits(0)
        .prints("")
        .says("nothing to do: everything is there already\n");
    assert_same(&after, &host.tree());
}

#[test]
fn all_stands_for_every_module() {
    let host = made();
    host.done(&["new-integration", "acme", "--modules", "all", "--activate", "all"]);
    let modules = std::fs::read_dir(host.at("packages/integrations/acme/src/modules"))
        .unwrap()
        .count();
    assert_eq!(modules, 18 + 1, "18 modules and their index");
    assert!(host.exists("packages/configs/integrations/src/models/billing-accounts.ts"));
}

#[test]
fn recorded_answers_serve_a_second_run_that_adds_to_them() {
    let host = framework();
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--inject",
        "cms:cache",
    ]);
    host.done(&["new-integration", "acme", "--activate", "cms"]);
    assert!(host.exists("packages/configs/integrations/src/models/cms.ts"));
    assert!(
        host.read("tenon.lock")
            .contains("made.integration.acme.answers.inject = [\"cms:cache\"]\nmade.integration.acme.answers.modules = [\"cms\"]\n")
    );
}

#[test]
fn text_is_pasted_as_a_literal_and_control_characters_are_refused() {
    let host = workshop();
    let pack = ["--pack", "../workshop"];
    let evil = "\"; import('x'); \"\\ ${1} {{name}} </script>";
    host.done(&[&["new-integration", "saw", "--label", evil][..], &pack].concat());
    let value: serde_json::Value = serde_json::from_str(&host.read("units/saw/unit.json")).unwrap();
    assert_eq!(value["label"], evil);
    let code = host.read("units/saw/src/saw.ts");
    let literal = code
        .strip_prefix("export const saw = ")
        .unwrap()
        .strip_suffix(";\n")
        .unwrap();
    assert_eq!(serde_json::from_str::<String>(literal).unwrap(), evil);
    for bad in ["a\u{1b}[2Jb", "a\nb", "a\rb", "a\u{7f}b", "a\u{9b}2Jb"] {
        host.refused(&[&["new-integration", "rasp", "--label", bad][..], &pack].concat());
    }
}

#[test]
fn an_unknown_kind_or_flag_or_command_is_an_error_that_guesses() {
    let host = framework();
    host.refused(&["new", "modul", "acme"]).says(str![[r#"
error: there is no kind `modul`
help: did you mean `module`?
help: usage: tenon new [OPTIONS] [KIND]

"#]]);
    host.refused(&["new-integration", "acme", "--modles", "cms"])
        .says(str![[r#"
error: there is no option `--modles`
help: did you mean `--modules`?
help: usage: tenon new-integration --modules <A,B> <NAME>

"#]]);
    host.refused(&["new-integation", "acme"]).says(str![[r#"
error: there is no command `new-integation`
help: did you mean `new-integration`?
help: usage: tenon [OPTIONS] <COMMAND>

"#]]);
    host.refused(&["list", "--format", "xml"]).says(str![[r#"
error: `--format xml` is not a format of this command
help: its formats: human, json, md, html

"#]]);
    host.refused(&["list", "--color", "pink"]).says(str![[r#"
error: invalid value 'pink' for '--color <WHEN>'
  [possible values: auto, always, never]

For more information, try '--help'.

"#]]);
    host.refused(&["\u{1b}[31mlist"]).says(str![[r#"
error: there is no command `\u{1b}[31mlist`
help: usage: tenon [OPTIONS] <COMMAND>

"#]]);
    host.refused(&["new-integration", "acme", "extra", "--modules", "cms"])
        .says(str![[r#"
error: `extra` is an argument too many
help: usage: tenon new-integration [OPTIONS] [NAME]

"#]]);
}
