//! What packs say in fewer words: values of manifests in a table, contracts and names that are like others, files that are read alike,
//! and variables of the host by their types.

use crate::support::hosts::bays;
use crate::support::sandbox::{Sandbox, git};

const PACK: &str = r#"[pack]
name = "depot"
version = "1.0.0"
summary = "Bays of a depot"
language = "go"

[host]
files = ["depot.json"]

[kind.bay]
summary = "A bay"
home = "bays/{{name}}"
known-by = ["bay.json"]
files = "bay"
required = { "bay.json" = "the depot opens it" }

[kind.bay.option.doors]
kind = "many"
choices = ["north", "south"]
prompt = "Which doors?"
read = { in-files = ["{{home}}/*.go", "{{home}}/doors/*.go"], find = { pattern = "open($DOOR)" }, var = "DOOR", regex = "^\"(.*)\"$" }

[kind.bay.values."{{home}}/bay.json"]
"/id" = { value = "bay-{{name}}", unique = "the depot finds a bay by its id", why = "the signs say so" }

[kind.bay.site.doors]
each = "doors"
kind = "manifest"
file = "depot.json"
pointer = "/doors"
value = "{{name}}-{{door.id}}"
why = "the depot locks its doors"

[kind.bay.site.list]
file = "depot.go"
in = "func open"
entry = "{{_depot}}.Add({{camel name}}({{#_}}{{_log}}{{/_}}))"
names = { depot = "store.Depot", log = "log" }
otherwise = { log = "nil" }
why = "the depot opens it"

[kind.dock]
summary = "A dock"
home = "docks/{{name}}"
known-by = ["dock.json"]
may-be-empty = true
files = "dock"

[kind.dock.values."{{home}}/dock.json"]
"/id" = { value = "dock-{{name}}", unique = "the depot finds a dock by its id", why = "the signs say so", severity = "warning" }
"#;

const GO: &str = "package depot\n\nimport \"x/store\"\n\nfunc open(yard *store.Depot) {\n\tyard.Lock()\n}\n";

fn depot() -> Sandbox {
    let host = Sandbox::with(&[
        ("depot.json", "{\n    \"doors\": []\n}\n"),
        ("depot.go", GO),
        // What makes bays stands beside it.
        (
            "bays.go",
            "package depot\n\nfunc one(log any) any { return log }\n\nfunc two(log any) any { return log }\n",
        ),
        ("tenon.toml", "pack = \"./pack\"\n"),
        ("pack/pack.toml", PACK),
        (
            "pack/files/bay/bay.json.hbs",
            "{\n    \"id\": \"bay-{{name}}\"\n}\n",
        ),
        (
            "pack/files/bay/bay.go.hbs",
            "package bay\n{{#each doors}}\n\nvar _ = open(\"{{this}}\")\n{{/each}}\n",
        ),
        (
            "pack/files/dock/dock.json.hbs",
            "{\n    \"id\": \"dock-{{name}}\"\n}\n",
        ),
    ]);
    host.done(&["new", "bay", "one", "--quiet"]);
    host
}

/// What a check finds, one line each.
fn found(host: &Sandbox) -> Vec<String> {
    let ran = host.run(&["check", "--format", "concise"]);
    let lines = ran.out.lines().filter(|line| line.contains(": "));
    lines.map(str::to_owned).collect()
}

#[test]
fn values_and_rules_have_exceptions() {
    let rule = "\n[[kind.bay.rule]]\nexpect = \"declares\"\nfile = \"{{home}}/*.go\"\ndeclares = [\"Close\"]\nwhy = \"the depot closes it\"\n";
    let host = depot();
    // The record would ask for an update of what the pack made.
    host.remove("tenon.lock");
    host.write("pack/pack.toml", format!("{PACK}{rule}"));
    host.replace("bays/one/bay.json", "bay-one", "gate");
    let all = found(&host);
    assert!(all.iter().any(|line| line.contains("`id` is `gate`")), "{all:?}");
    assert!(
        all.iter().any(|line| line.contains("does not declare `Close`")),
        "{all:?}"
    );
    let value = "why = \"the signs say so\" }";
    let pack = PACK.replacen(value, "why = \"the signs say so\", except = [\"one\"] }", 1);
    host.write("pack/pack.toml", format!("{pack}{rule}except = [\"one\"]\n"));
    assert_eq!(found(&host), [""; 0]);
}

#[test]
fn values_stand_in_a_table_and_are_unique_among_the_kinds_that_say_so() {
    let host = depot();
    assert_eq!(found(&host), [""; 0]);
    host.replace("bays/one/bay.json", "bay-one", "bay-two");
    assert_eq!(found(&host).len(), 1, "{:?}", found(&host));
    assert!(
        found(&host)[0].contains("`id` is `bay-two`, not `bay-one`"),
        "{:?}",
        found(&host)
    );
    host.write("bays/two/bay.json", "{ \"id\": \"bay-two\" }\n");
    let all = found(&host);
    assert!(all.iter().any(|line| line.contains("duplicate-key")), "{all:?}");
}

#[test]
fn an_option_is_read_from_several_patterns_of_files() {
    let host = depot();
    host.write("bays/one/gate.go", "package bay\n\nvar _ = open(\"north\")\n");
    host.write(
        "bays/one/doors/back.go",
        "package doors\n\nvar _ = open(\"south\")\n",
    );
    let all = found(&host);
    for door in ["one-north", "one-south"] {
        assert!(all.iter().any(|line| line.contains(door)), "{door}: {all:?}");
    }
}

#[test]
fn a_name_that_the_host_gives_is_read_where_the_entry_goes() {
    let host = depot();
    assert!(
        host.read("depot.go").contains("\tyard.Add(one(nil))\n"),
        "{}",
        host.read("depot.go")
    );
    // A variable of that name is what is meant.
    host.replace(
        "depot.go",
        "func open(yard *store.Depot)",
        "func open(yard *store.Depot, log Log)",
    );
    host.done(&["new", "bay", "two", "--quiet"]);
    assert!(
        host.read("depot.go").contains("\tyard.Add(two(log))\n"),
        "{}",
        host.read("depot.go")
    );
    assert_eq!(found(&host), [""; 0]);
    let host = depot();
    host.write("depot.go", GO.replace("yard *store.Depot", "yard Yard"));
    let said = host.refused(&["new", "bay", "two"]).err;
    assert!(
        said.contains("no variable is a `store.Depot` where the entry goes"),
        "{said}"
    );
    assert!(said.contains("depot.Add(two("), "{said}");
}

#[test]
fn a_name_that_nothing_gives_or_uses_is_told() {
    for (from, to, said) in [
        (
            "depot = \"store.Depot\", ",
            "",
            "nothing gives the name `{{_depot}}` of the site `list`",
        ),
        (
            "otherwise = { log",
            "otherwise = { lag",
            "no entry of the site `list` has the name `{{_lag}}`",
        ),
    ] {
        let host = depot();
        host.replace("pack/pack.toml", from, to);
        let told = host.run(&["pack", "check", "pack"]).err;
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn what_is_like_something_that_is_not_there_is_told() {
    for (text, said) in [
        (
            "[names.a]\nlike = \"b\"\ngiven = [\"x\"]\n",
            "there is no set of names called `b`",
        ),
        (
            "[api.x]\nspecifier = \"x\"\nentry = [\"x.go\"]\n\n[contract.a]\nlike = \"b\"\nsymbol = \"A\"\n",
            "there is no contract `b`",
        ),
    ] {
        let host = depot();
        host.write("pack/pack.toml", format!("{PACK}\n{text}"));
        let told = host.run(&["pack", "check", "pack"]).err;
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn an_entry_in_another_form_is_that_members_whatever_its_import_is_called() {
    let site = r#"
[kind.bay.site.list]
file = "depot.ts"
in = ""
entry = "export const {{pascal name}}Base = {{pascal name}}.register();"
imports = ["import { {{pascal name}} } from '@depot/{{name}}';"]
why = "the depot opens it"

[[kind.bay.site.list.form]]
in = ""
entry = "export const {{pascal name}}ModuleBase = {{pascal name}}Module.register();"
imports = ["import { {{pascal name}} as {{pascal name}}Module } from '@depot/{{name}}';"]
"#;
    let depot = "import { One as OneModule } from '@depot/one';\n\nexport const OneModuleBase = OneModule.register();\n";
    let host = bays(depot, site);
    host.write("bays/one/index.ts", "export {};\n");
    assert_eq!(found(&host), [""; 0]);
}

/// The depot with rules for values and texts.
fn depot_with_rules() -> Sandbox {
    let rules = r###"
[kind.bay.values."{{home}}/plan.json"]
"/next" = { refers-to = "bay", optional = true, why = "trucks drive on to it" }
"/doors/*/side" = { one-of = ["north", "south"], why = "the depot has two sides" }
"/map" = { exists = "{{home}}", optional = true, why = "drivers print it" }
"/depot" = { same-as = "depot.json#/name", optional = true, why = "it stands on the papers" }

[[kind.bay.rule]]
expect = "text"
file = "BAYS.md"
in = "## Bays"
text = "- {{title name}}: {{_}}"
why = "drivers find the bay there"

[[kind.bay.rule]]
expect = "text"
file = "{{home}}/README.md"
in = "## Plan"
same-as = "{{home}}/plan.json"
why = "drivers read the plan there"
"###;
    let host = depot();
    host.remove("tenon.lock");
    host.write("pack/pack.toml", format!("{PACK}{rules}"));
    host.write("depot.json", "{\n    \"name\": \"D\",\n    \"doors\": []\n}\n");
    let plan = "{ \"next\": \"one\", \"doors\": [{ \"side\": \"north\" }], \"depot\": \"D\" }\n";
    host.write("bays/one/plan.json", plan);
    host.write("bays/one/README.md", format!("## Plan\n\n```json\n{plan}```\n"));
    host.write(
        "BAYS.md",
        "# Depot\n\n## Bays\n\n- One: in the north\n\n## More\n",
    );
    host
}

#[test]
fn values_and_texts_are_what_the_pack_says() {
    let host = depot_with_rules();
    assert_eq!(found(&host), [""; 0]);
    let plan = "{ \"next\": \"won\", \"doors\": [{ \"side\": \"east\" }], \"map\": \"map.svg\", \"depot\": \"E\" }\n";
    host.write("bays/one/plan.json", plan);
    host.write("BAYS.md", "# Depot\r\n\r\n## Bays\r\n\r\n## More\r\n");
    assert_eq!(
        found(&host),
        [
            "BAYS.md:3:1: wrong-text: `BAYS.md` does not have `- One:` below `## Bays`",
            "bays/one/README.md:3:1: wrong-text: the block of code is not what `bays/one/plan.json` says",
            "bays/one/plan.json:1:11: wrong-value: `next` names `won`, and there is no such `bay`",
            "bays/one/plan.json:1:38: wrong-value: `doors/0/side` is `east`, which is none of `north`, `south`",
            "bays/one/plan.json:1:56: wrong-value: `map` leads to `bays/one/map.svg`, and nothing is there",
            "bays/one/plan.json:1:76: wrong-value: `depot` is `E`, and `name` of `depot.json` is `D`",
        ]
    );
    // The block is copied from what the file says then: in the next run, as the file changes in the first.
    host.run(&["check", "--unsafe-fixes"]);
    host.run(&["check", "--unsafe-fixes"]);
    let fixed = plan.replace("\"E\"", "\"D\"");
    assert_eq!(host.read("bays/one/plan.json"), fixed);
    assert_eq!(
        host.read("bays/one/README.md"),
        format!("## Plan\n\n```json\n{fixed}```\n")
    );
    assert_eq!(
        host.read("BAYS.md"),
        "# Depot\r\n\r\n## Bays\r\n\r\n- One: \r\n\r\n## More\r\n"
    );
    assert_eq!(found(&host).len(), 3, "{:?}", found(&host));
}

#[test]
fn rules_name_facts_of_the_host() {
    let rules = r###"
[facts.yard]
manifests = ["depot.json"]
pointers = ["/yard"]

[kind.bay.values."{{home}}/bay.json"]
"/id" = { value = "{{facts.yard.sign}}-{{name}}", why = "the signs say so" }
"/side" = { one-of = ["{{facts.yard.side}}"], optional = true, why = "trucks come from there" }

[[kind.bay.rule]]
expect = "text"
file = "BAYS.md"
in = "## {{facts.yard.title}}"
text = "- {{title name}} of {{facts.yard.title}}"
why = "drivers find the bay there"
"###;
    let host = depot();
    host.remove("tenon.lock");
    let pack = PACK.replace(
        "[kind.bay.values.\"{{home}}/bay.json\"]\n\"/id\" = { value = \"bay-{{name}}\", unique = \"the depot finds a bay by its id\", why = \"the signs say so\" }\n",
        "",
    );
    host.write("pack/pack.toml", format!("{pack}{rules}"));
    host.write(
        "depot.json",
        "{ \"yard\": { \"sign\": \"bay\", \"side\": \"north\", \"title\": \"Yard\" }, \"doors\": [] }\n",
    );
    host.write("BAYS.md", "## Yard\n\n- One of Yard\n");
    assert_eq!(found(&host), [""; 0]);
    host.write("bays/one/bay.json", "{ \"id\": \"one\", \"side\": \"east\" }\n");
    host.write("BAYS.md", "## Yard\n\n- One\n");
    assert_eq!(
        found(&host),
        [
            "BAYS.md:1:1: wrong-text: `BAYS.md` does not have `- One of Yard` below `## Yard`",
            "bays/one/bay.json:1:9: mismatched-entry: `id` is `one`, not `bay-one`",
            "bays/one/bay.json:1:24: wrong-value: `side` is `east`, which is none of `north`",
        ]
    );
}

#[test]
fn what_a_pack_says_of_values_and_texts_is_explained_and_counted() {
    let host = depot_with_rules();
    let said = host.done(&["pack", "explain", "pack"]).out;
    for line in [
        "- `bays/{{name}}/plan.json` (value at `/next`: names a `bay`): trucks drive on to it\n",
        "- `BAYS.md` (text: `- {{title name}}: {{_}}` below `## Bays`): drivers find the bay there\n",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let said = host.run(&["pack", "check", "pack", "--host", "."]);
    let all = format!("{}{}", said.out, said.err);
    for line in [
        "rule `value` of `bays/{{name}}/plan.json` at `/doors/*/side`: 1 value",
        "rule `value` of `bays/{{name}}/plan.json` at `/map` sees nothing in this host",
        "rule `text` of `BAYS.md`: 1 file",
    ] {
        assert!(all.contains(line), "{all}");
    }
    host.remove("BAYS.md");
    let said = host.run(&["pack", "check", "pack", "--host", "."]);
    let all = format!("{}{}", said.out, said.err);
    assert!(
        all.contains("rule `text` of `BAYS.md` sees nothing in this host"),
        "{all}"
    );
}

#[test]
fn what_says_nothing_of_a_value_or_a_text_is_told() {
    for (from, to, said) in [
        (
            "refers-to = \"bay\", optional",
            "optional",
            "nothing is said of the value",
        ),
        (
            "refers-to = \"bay\"",
            "refers-to = \"bey\"",
            "there is no kind with members `bey`",
        ),
        (
            "exists = \"{{home}}\"",
            "regex = \"a(b)\"",
            "`regex` does nothing without `refers-to`",
        ),
        (
            "refers-to = \"bay\"",
            "refers-to = \"bay\", regex = \"a\"",
            "`a` has no group",
        ),
        (
            "depot.json#/name",
            "depot.json",
            "`depot.json` does not say where the value stands",
        ),
        ("one-of = [", "one-off = [", "`one-off` is not a setting"),
        (
            "one-of = [\"north\"",
            "one-of = [\"{{nort}}\"",
            "no option and no fact gives `nort` here",
        ),
        (
            "text = \"- {{title name}}: {{_}}\"",
            "language = \"json\"",
            "needs either `text` or `same-as`",
        ),
        (
            "text = \"- {{title name}}: {{_}}\"",
            "text = \" \"",
            "the text is empty",
        ),
        (
            "in = \"## Plan\"",
            "in = \"## Plan\"\ntext = \"a\"",
            "needs either `text` or `same-as`",
        ),
    ] {
        let host = depot_with_rules();
        host.replace("pack/pack.toml", from, to);
        let told = host.run(&["pack", "check", "pack"]).err;
        assert!(
            told.contains(said) && told.contains("pack.toml:"),
            "{from}: {told}"
        );
    }
}

#[test]
fn a_change_of_what_a_rule_looks_at_elsewhere_is_checked() {
    let host = depot_with_rules();
    host.write("bays/two/bay.json", "{ \"id\": \"bay-two\" }\n");
    host.write("bays/one/plan.json", "{ \"next\": \"two\", \"depot\": \"D\" }\n");
    host.write(
        "bays/one/README.md",
        "## Plan\n\n```json\n{ \"next\": \"two\", \"depot\": \"D\" }\n```\n",
    );
    host.write("BAYS.md", "## Bays\n\n- One: a\n- Two: b\n");
    let at = host.at("");
    git(&at, &["init", "-q"]);
    git(&at, &["add", "-A"]);
    git(&at, &["commit", "-q", "-m", "a"]);
    let changed = || {
        let ran = host.run(&["check", "--changed-since", "HEAD", "--format", "concise"]);
        let lines = ran.out.lines().filter(|line| line.contains(": wrong-"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(changed(), [""; 0]);
    host.replace("BAYS.md", "- Two: b\n", "");
    assert_eq!(
        changed(),
        ["BAYS.md:1:1: wrong-text: `BAYS.md` does not have `- Two:` below `## Bays`"]
    );
    git(&at, &["checkout", "-q", "."]);
    host.replace("depot.json", "\"D\"", "\"E\"");
    assert_eq!(
        changed(),
        ["bays/one/plan.json:1:27: wrong-value: `depot` is `D`, and `name` of `depot.json` is `E`"]
    );
    git(&at, &["checkout", "-q", "."]);
    host.remove("bays/two");
    assert_eq!(
        changed(),
        ["bays/one/plan.json:1:11: wrong-value: `next` names `two`, and there is no such `bay`"]
    );
}
