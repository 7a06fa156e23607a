//! `tenon new-integration`: what it prints, what it exits with, what it leaves.

use snapbox::str;

use crate::support::hosts::{
    self, APP_CONFIG, BAYS_LISTED, CONFIGS, MODELS, SNAPSHOT_WARNING, bays, framework, made, workshop,
};
use crate::support::sandbox::{Sandbox, assert_same, expect, visible};

const PACK: [&str; 2] = ["--pack", "../workshop"];

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, &PACK].concat()
}

#[test]
fn a_unit_is_made_and_wired_and_the_next_steps_are_told() {
    let host = workshop();
    let ran = host.run(&with(&["new-integration", "saw", "--label", "cuts", "--main"]));
    ran.exits(0)
        .prints(str![[r#"
change src/main.ts
change src/units.ts
create tenon.lock
create units/saw/src/saw.ts
create units/saw/unit.json
change workshop.json

"#]])
        .says(str![[r#"
3 files created, 3 files changed
next:
  use saw

"#]]);
    assert_eq!(
        host.read("units/saw/unit.json"),
        "{\n  \"name\": \"saw\",\n  \"label\": \"cuts\"\n}\n"
    );
    assert_eq!(
        host.read("units/saw/src/saw.ts"),
        "export const saw = \"cuts\";\n"
    );
    assert_eq!(
        host.read("src/units.ts"),
        "export * as Saw from './saw';\nexport * as Vice from './vice';\n"
    );
    assert_eq!(
        host.read("src/main.ts"),
        "import { run } from 'unit-saw';\n\nrun();\n"
    );
    assert_eq!(
        host.read("workshop.json"),
        "{\n  \"name\": \"bench\",\n  \"units\": {\n    \"saw\": \"units/saw\"\n  }\n}\n"
    );
    expect(
        &host.read("tenon.lock"),
        str![[r##"
# Written by tenon: what it made in this repository. Commit this file.
version = 1
pack.workshop = "2abf74b606ab7ff17e95ad870ea509a50c6c69af0ec9cdfacfd922088ed936f0"

made.integration.saw.pack = "workshop 0.1.0"
made.integration.saw.digest = "2abf74b606ab7ff1"
made.integration.saw.answers.label = ["cuts"]
made.integration.saw.answers.main = true
made.integration.saw.files."units/saw/src/saw.ts" = "e8e259022718887dc14890579e2f89af"
made.integration.saw.files."units/saw/unit.json" = "ecdbbffc46fa64c8d5642611f5ad61fe"
made.integration.saw.sites."list src/units.ts Saw" = "entry"
made.integration.saw.sites."main src/main.ts" = "unit-vice"
made.integration.saw.sites."manifest workshop.json saw" = "entry"

"##]],
    );
}

#[test]
fn a_dry_run_shows_the_tree_and_the_diff_and_writes_nothing() {
    let host = workshop();
    let before = host.tree();
    let ran = host.run(&with(&["new-integration", "saw", "--main", "--dry-run"]));
    ran.exits(0).says("").prints(str![[r#"
src/
  ~ main.ts +1 -1
  ~ units.ts +1 -0
+ tenon.lock +13
units/
  saw/
    src/
      + saw.ts +1
    + unit.json +4
~ workshop.json +3 -1

--- a/src/main.ts
+++ b/src/main.ts
@@ -1,3 +1,3 @@
-import { run } from 'unit-vice';
+import { run } from 'unit-saw';
 
 run();

--- a/src/units.ts
+++ b/src/units.ts
@@ -1 +1,2 @@
+export * as Saw from './saw';
 export * as Vice from './vice';

--- a/workshop.json
+++ b/workshop.json
@@ -1,4 +1,6 @@
 {
   "name": "bench",
-  "units": {}
+  "units": {
+    "saw": "units/saw"
+  }
 }

3 files to create, 3 files to change

"#]]);
    assert_same(&before, &host.tree());
}

#[test]
fn a_check_exits_1_while_something_would_change_and_0_after() {
    let host = workshop();
    let before = host.tree();
    let check = with(&["new-integration", "saw", "--label", "cuts", "--check"]);
    let ran = host.run(&check);
    assert!(ran.exits(1).out.contains("+ unit.json"), "{}", ran.out);
    assert_same(&before, &host.tree());
    host.done(&with(&["new-integration", "saw", "--label", "cuts"]));
    let after = host.tree();
    host.run(&check)
        .exits(0)
        .prints("")
        .says("nothing to do: everything is there already\n");
    assert_same(&after, &host.tree());
}

#[test]
fn a_second_identical_run_changes_no_byte() {
    let host = workshop();
    host.done(&with(&["new-integration", "saw", "--label", "cuts", "--main"]));
    let after = host.tree();
    let ran = host.run(&with(&["new-integration", "saw", "--label", "cuts", "--main"]));
    ran.exits(0)
        .prints("")
        .says("nothing to do: everything is there already\n");
    assert_same(&after, &host.tree());
}

#[test]
fn a_second_run_takes_the_answers_from_the_record() {
    let host = workshop();
    host.done(&with(&["new-integration", "saw", "--label", "cuts", "--main"]));
    let after = host.tree();
    host.run(&with(&["new-integration", "saw"]))
        .exits(0)
        .prints("")
        .says("nothing to do: everything is there already\n");
    host.run(&with(&["new-integration", "saw", "--no-input"]))
        .exits(0)
        .prints("");
    assert_same(&after, &host.tree());
}

#[test]
fn other_answers_than_recorded_are_refused() {
    let host = workshop();
    host.done(&with(&["new-integration", "saw", "--label", "cuts"]));
    host.refused(&with(&["new-integration", "saw", "--label", "bends"]))
        .says(str![[r#"
error: `saw` exists already, made with another answer to `--label`
help: its files are yours now: change them by hand, or undo the step with `tenon undo` first

"#]]);
}

#[test]
fn what_people_did_with_their_files_since_is_no_conflict_and_stays() {
    let host = workshop();
    host.done(&with(&["new-integration", "saw", "--label", "cuts"]));
    host.write("units/saw/src/saw.ts", "mine now\n");
    let before = host.tree();
    host.run(&with(&["new-integration", "saw"]))
        .exits(0)
        .prints("")
        .says("nothing to do: everything is there already\n");
    assert_same(&before, &host.tree());
}

#[test]
fn all_files_that_stand_in_the_way_are_named() {
    let host = made();
    let package = "packages/integrations/acme";
    for file in ["README.md", "tsconfig.json", "src/integration.ts"] {
        host.write(&format!("{package}/{file}"), "mine\n");
    }
    let ran = host.refused(&["new-integration", "acme", "--modules", "cms"]);
    ran.says(str![[r#"
error: 3 files exist already and they say something else
  because: packages/integrations/acme/README.md
  because: packages/integrations/acme/src/integration.ts
  because: packages/integrations/acme/tsconfig.json
help: nothing was changed; choose another name, or move these files away first

"#]]);
    let dry = host.run(&["new-integration", "acme", "--modules", "cms", "--dry-run"]);
    dry.is_one_error();
}

#[test]
fn a_file_that_stands_in_the_way_is_a_conflict() {
    let host = workshop();
    host.write("units/saw/src/saw.ts", "mine\n");
    let ran = host.refused(&with(&["new-integration", "saw"]));
    ran.says(str![[r#"
error: 1 file exists already and it says something else
  because: units/saw/src/saw.ts
help: nothing was changed; choose another name, or move these files away first

"#]]);
}

#[test]
fn json_is_versioned_and_holds_the_whole_plan() {
    let host = workshop();
    let dry = host.done(&with(&[
        "new-integration",
        "saw",
        "--dry-run",
        "--format",
        "json",
    ]));
    let value: serde_json::Value = serde_json::from_str(&dry.out).unwrap();
    assert_eq!((&value["version"], &value["dryRun"]), (&1.into(), &true.into()));
    let ran = host.done(&with(&["new-integration", "saw", "--format=json"]));
    assert_eq!(ran.err, "");
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&value["version"], &value["dryRun"]), (&1.into(), &false.into()));
    assert_eq!(value["title"], "new integration saw");
    assert_eq!(value["next"], serde_json::json!(["use saw"]));
    let files: Vec<(&str, &str)> = value["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["change"].as_str().unwrap(), file["path"].as_str().unwrap()))
        .collect();
    assert_eq!(
        files,
        [
            ("change", "src/units.ts"),
            ("create", "tenon.lock"),
            ("create", "units/saw/src/saw.ts"),
            ("create", "units/saw/unit.json"),
            ("change", "workshop.json"),
        ]
    );
    let again = host.done(&with(&["new-integration", "saw", "--format", "json"]));
    let value: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(value["files"], serde_json::json!([]));
}

#[test]
fn quiet_prints_nothing_on_success() {
    let host = framework();
    for args in [
        &["new-integration", "saw", "--modules", "cms"][..],
        &["check"],
        &["check", "--fix"],
        &["update"],
        &["update", "--check"],
        &["init"],
        &["remove-integration", "saw"],
        &["undo"],
        &["undo", "--to", "1"],
        &["pack", "new", "made", "--language", "go"],
        &["pack", "check", "made"],
    ] {
        let ran = host.done(&[args, &["-q"]].concat());
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""), "{args:?}");
    }
    // What was asked for is printed, and so is an error.
    let ran = host.done(&["new-integration", "saw", "--modules", "cms", "-qn"]);
    assert!(
        ran.out.contains("integration.ts") && ran.err.is_empty(),
        "{}",
        ran.out
    );
    assert!(!host.exists("packages/integrations/saw"));
    assert!(host.refused(&["undo", "-q"]).err.contains("nothing to undo"));
}

#[test]
fn colours_are_printed_when_they_are_asked_for_and_only_then() {
    let host = workshop();
    let args = with(&["new-integration", "saw", "--dry-run", "--color", "always"]);
    let output = host.command(&args).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\u{1b}["));
    let args = with(&["new-integration", "saw", "--dry-run"]);
    let output = host.command(&args).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\u{1b}["));
    let output = host
        .command(&args)
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    host.ran(output).exits(0);
}

#[test]
fn without_standard_input_and_output_it_works_or_says_what_is_missing() {
    let host = workshop();
    let closed = |line: &str| {
        let mut shell = std::process::Command::new("sh");
        shell
            .args(["-c", line, "sh", env!("CARGO_BIN_EXE_tenon")])
            .current_dir(&host.root)
            .env_clear();
        host.ran(shell.output().unwrap())
    };
    let ran = closed("\"$1\" new-integration --pack ../workshop <&-");
    ran.is_one_error().says(str![[r#"
error: the name is missing
help: give it: `tenon new integration NAME`

"#]]);
    closed("\"$1\" new-integration saw --pack ../workshop <&-").exits(0);
    closed("\"$1\" new-integration plane --pack ../workshop <&- >&- 2>&-").exits(0);
    assert!(host.exists("units/saw/unit.json") && host.exists("units/plane/unit.json"));
}

#[test]
fn an_integration_of_the_made_host_is_taken_from_the_snapshot_with_a_warning() {
    let host = made();
    let ran = host.run(&[
        "new-integration",
        "acme",
        "--modules",
        "tickets,search",
        "--activate",
        "tickets",
    ]);
    ran.exits(0);
    assert!(ran.err.starts_with(SNAPSHOT_WARNING), "{}", ran.err);
    let service = host.read("packages/integrations/acme/src/modules/tickets/tickets.service.ts");
    assert!(service.contains("getTicketList("), "{service}");
    let again = host.run(&["new-integration", "acme"]);
    again.exits(0).prints("").says(format!(
        "{SNAPSHOT_WARNING}nothing to do: everything is there already\n"
    ));
}

#[test]
fn contracts_are_read_from_the_framework_in_the_host() {
    let host = framework();
    let ran = host.run(&["new-integration", "acme", "--modules", "sails,tickets"]);
    ran.exits(0);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    let service = host.read("packages/integrations/acme/src/modules/sails/sails.service.ts");
    assert!(
        service.contains("hoist(_count?: number): Promise<void>"),
        "{service}"
    );
    let service = host.read("packages/integrations/acme/src/modules/tickets/tickets.service.ts");
    let stub =
        "getTicket(_options: Tickets.Request.GetTicketParams): Observable<Tickets.Model.Ticket | undefined>";
    assert!(service.contains(stub), "{service}");
}

#[test]
fn activation_wires_the_module_in_and_undo_gives_every_byte_back() {
    let host = framework();
    let before = host.tree();
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "cms,tickets",
        "--activate",
        "tickets",
    ]);
    let models = host.read("packages/configs/integrations/src/models/tickets.ts");
    assert!(
        models.starts_with("import { Config, Integration } from '@o2s/integrations.acme/integration';\n"),
        "{models}"
    );
    assert!(
        host.read(MODELS)
            .contains("export * as Tickets from './tickets';\n")
    );
    assert!(host.read(CONFIGS).contains("\"@o2s/integrations.acme\": \"*\""));
    assert!(
        host.read(APP_CONFIG)
            .contains("tickets: Tickets.TicketsIntegrationConfig,")
    );
    assert!(host.read(hosts::APP_MODULE).contains("TicketsBaseModule,"));
    assert!(
        !host.read(APP_CONFIG).contains("CMS"),
        "cms was not to be activated"
    );
    let undo = host.done(&["undo"]);
    assert!(
        undo.out
            .contains("delete packages/integrations/acme/package.json\n"),
        "{}",
        undo.out
    );
    assert_same(&before, &host.tree());
}

#[test]
fn activating_from_another_integration_switches_and_undo_switches_back() {
    let host = framework();
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
    ]);
    let first = host.tree();
    host.done(&[
        "new-integration",
        "other",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
    ]);
    let models = host.read("packages/configs/integrations/src/models/tickets.ts");
    assert!(
        models.contains("'@o2s/integrations.other/integration'"),
        "{models}"
    );
    assert!(!models.contains("acme"), "{models}");
    host.done(&["undo"]);
    let mut now = host.tree();
    // The step that is still there keeps its own record.
    now.retain(|path, _| !path.starts_with(".tenon"));
    let mut first = first;
    first.retain(|path, _| !path.starts_with(".tenon"));
    assert_same(&first, &now);
}

#[test]
fn undo_lists_shows_and_takes_back_down_to_a_step() {
    let host = workshop();
    let before = host.tree();
    for name in ["saw", "plane", "rasp"] {
        host.done(&with(&["new-integration", name]));
    }
    let ran = host.done(&["undo", "--list"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    for (line, (number, name)) in lines.iter().zip([(3, "rasp"), (2, "plane"), (1, "saw")]) {
        let (start, rest) = line.split_at(6);
        let (when, rest) = rest.split_at(19);
        assert_eq!(start.trim(), number.to_string());
        assert!(when.starts_with("20") && when.matches(':').count() == 2, "{line}");
        assert_eq!(rest, format!("  new integration {name} (5 files)"));
    }
    assert_eq!((lines.len(), ran.err.as_str()), (3, ""));
    let three = host.tree();
    host.run(&["undo", "--dry-run"]).exits(0).prints(str![[r#"
src/
  ~ units.ts +0 -1
~ tenon.lock +0 -9
units/
  rasp/
    src/
      - rasp.ts -1
    - unit.json -4
~ workshop.json +0 -1

--- a/src/units.ts
+++ b/src/units.ts
@@ -1,4 +1,3 @@
 export * as Plane from './plane';
-export * as Rasp from './rasp';
 export * as Saw from './saw';
 export * as Vice from './vice';

--- a/units/rasp/src/rasp.ts
+++ /dev/null
@@ -1 +0,0 @@
-export const rasp = "";

--- a/units/rasp/unit.json
+++ /dev/null
@@ -1,4 +0,0 @@
-{
-  "name": "rasp",
-  "label": ""
-}

--- a/workshop.json
+++ b/workshop.json
@@ -2,7 +2,6 @@
   "name": "bench",
   "units": {
     "plane": "units/plane",
-    "rasp": "units/rasp",
     "saw": "units/saw"
   }
 }

3 files to change, 2 files to delete

"#]]);
    assert_same(&three, &host.tree());
    host.refused(&["undo", "--to", "9"]).says(str![[r#"
error: there is no step 9
help: see `tenon undo --list`

"#]]);
    host.done(&["undo", "--to", "2"]);
    assert!(host.exists("units/saw") && !host.exists("units/plane") && !host.exists("units/rasp"));
    host.done(&["undo"]);
    assert_same(&before, &host.tree());
    host.refused(&["undo"]).says(str![[r#"
error: there is nothing to undo here
help: steps are kept in the host they changed: go there, or name it with `--host DIR`

"#]]);
}

#[test]
fn undo_refuses_to_take_back_what_was_changed_since() {
    let host = workshop();
    host.done(&with(&["new-integration", "saw"]));
    host.write("units/saw/src/saw.ts", "mine now\n");
    host.refused(&["undo"]).says(str![[r#"
error: cannot undo `new integration saw`: `units/saw/src/saw.ts` changed since
help: undo by hand, or put `units/saw/src/saw.ts` back to what the step left and run the command again
help: `--partial` undoes everything else

"#]]);
}

#[test]
fn undo_keeps_what_was_changed_elsewhere_and_leaves_what_it_is_told_to() {
    let host = workshop();
    let before = visible(&host.root);
    host.done(&with(&["new-integration", "saw"]));
    let units = host.read("src/units.ts");
    host.write("src/units.ts", format!("// ours\n{units}"));
    host.done(&["undo"]);
    assert_eq!(
        host.read("src/units.ts"),
        "// ours\nexport * as Vice from './vice';\n"
    );
    host.write("src/units.ts", "export * as Vice from './vice';\n");
    assert_same(&before, &visible(&host.root));
    host.done(&with(&["new-integration", "saw"]));
    host.write("units/saw/src/saw.ts", "mine now\n");
    host.run(&["undo", "--partial"]).exits(0).says(str![[r#"
warning: `units/saw/src/saw.ts` stays: it was changed since
2 files changed, 2 files deleted

"#]]);
    assert_eq!(host.read("units/saw/src/saw.ts"), "mine now\n");
    host.remove("units");
    assert!(!host.exists("tenon.lock"));
    let mut before = before;
    before.retain(|path, _| !path.starts_with("units"));
    assert_same(&before, &visible(&host.root));
}

#[test]
fn the_list_says_what_stands_where() {
    let host = framework();
    host.run(&["list"]).exits(0).prints("").says(str![[r#"
there is no integration yet: `tenon new-integration NAME` makes one

"#]]);
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "cms,tickets",
        "--activate",
        "tickets",
    ]);
    host.write("packages/integrations/hand/package.json", "{}\n");
    host.run(&["list"]).exits(0).says("").prints(str![[r#"
acme  tenon    active: tickets  config: cms, tickets  modules-index: CMS, Tickets  methods: 0 of 2 (2 stubs)
hand  by hand  findings: 5 errors

"#]]);
    let json = host.done(&["list", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(
        value["integrations"][0]["sites"]["active"],
        serde_json::json!(["tickets"])
    );
    let acme = &value["integrations"][0];
    assert_eq!(
        (&acme["registered"], &acme["contracts"][0]["stubbed"]),
        (&true.into(), &1.into())
    );
    assert_eq!(value["integrations"][1]["madeBy"], serde_json::Value::Null);

    // One method is written, another goes; an entry goes.
    let service = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";
    host.replace(
        service,
        "throw new NotImplementedException();",
        "return of(undefined);",
    );
    let cms = "packages/integrations/acme/src/modules/cms/cms.service.ts";
    host.replace(cms, "getPage(", "getOther(");
    host.replace("packages/integrations/acme/src/modules/index.ts", "CMS", "Other");
    let ran = host.run(&["list", "--output", "json=list.json", "--output", "html=list.html"]);
    let line = ran.exits(0).out.lines().next().unwrap();
    assert!(line.contains("methods: 1 of 2 (1 missing)"), "{line}");
    assert!(line.contains("not listed in: modules-index"), "{line}");
    let value: serde_json::Value = serde_json::from_str(&host.read("list.json")).unwrap();
    let state = |at: usize| &value["integrations"][0]["contracts"][at]["methods"][0]["state"];
    assert_eq!((state(0), state(1)), (&"missing".into(), &"implemented".into()));
    assert!(host.read("list.html").starts_with("<!doctype html>"));
    assert!(
        host.done(&["list", "--format", "md"])
            .out
            .contains("| **acme** | tenon | no: modules-index |")
    );
    assert_eq!(host.done(&["list", "--format", "text"]).out, ran.out);
    host.refused(&["list", "--output", "htm=x"]).says(str![[r#"
error: `--output htm=x` is not a format of this command
help: did you mean `html`?

"#]]);
}

#[test]
fn the_host_is_found_from_a_directory_in_it_and_by_its_flag() {
    let host = framework();
    host.run_in(
        "packages/configs/integrations/src",
        &["new-integration", "acme", "--modules", "cms"],
    )
    .exits(0);
    assert!(host.exists("packages/integrations/acme/package.json"));
    let elsewhere = Sandbox::empty();
    let ran = elsewhere.run(&["list", "--host", host.root.to_str().unwrap()]);
    assert!(ran.exits(0).out.starts_with("acme"), "{}", ran.out);
}

#[test]
fn a_host_is_made_once() {
    let place = Sandbox::empty();
    place.done(&["new", "host", "shop", "--pack", "o2s"]);
    place
        .refused(&["new", "host", "shop", "--pack", "o2s"])
        .says(str![[r#"
error: `shop` exists already and is not empty
help: choose another name

"#]]);
    place.refused(&["new", "host", "../shop", "--pack", "o2s"]);
}

#[test]
fn an_entry_that_begins_otherwise_is_left_alone_and_that_is_said() {
    let depot = "export const bays = {\n  one: open('one'),\n  two: null,\n};\n";
    let host = bays(depot, BAYS_LISTED);
    host.write("bays/one/index.ts", "export {};\n");
    let said = host.done(&["new", "bay", "two"]).err;
    assert!(
        said.contains("depot.ts:3:3: this begins as the entry of `two` for the site `list` does and goes on otherwise: nothing was added there"),
        "{said}"
    );
    assert_eq!(host.read("depot.ts"), depot);
    let said = host.done(&["new", "bay", "three"]).err;
    assert!(!said.contains("begins as"), "{said}");
    assert!(host.read("depot.ts").contains("three: open('three')"));
}
