//! `tenon learn`: packs from hosts that have members, in several languages; what is then made, found and removed.

use crate::support::sandbox::{Sandbox, assert_same, git, program};

const NAMES: [&str; 6] = ["amber", "cobalt", "indigo", "ochre", "sienna", "umber"];

fn pascal(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

/// A host in Go: plugins with a file and a test each, named by a registry, a struct, a manual, a workflow and a list of owners. `umber` is
/// missing in the workflow.
fn notifier() -> Sandbox {
    let host = Sandbox::empty();
    let each = |line: &dyn Fn(&str) -> String| NAMES.map(line).concat();
    for name in NAMES {
        let title = pascal(name);
        host.write(
            &format!("plugins/{name}/{name}.go"),
            format!("package {name}\n\n// Plugin sends to {title}.\ntype Plugin struct{{}}\n\n// Name tells which it is.\nfunc (Plugin) Name() string {{ return \"{name}\" }}\n"),
        );
        host.write(
            &format!("plugins/{name}/{name}_test.go"),
            format!("package {name}\n\nimport \"testing\"\n\nfunc TestName(t *testing.T) {{\n\tif (Plugin{{}}).Name() != \"{name}\" {{\n\t\tt.Fail()\n\t}}\n}}\n"),
        );
        host.write(
            &format!("docs/plugins/{name}.md"),
            format!("# {title}\n\nSends to {title}.\n"),
        );
    }
    host.write("plugins/internal/http/http.go", "package http\n");
    host.write("go.mod", "module example.com/notifier\n\ngo 1.22\n");
    host.write(
        "registry/all.go",
        format!(
            "package registry\n\nimport (\n{})\n\n// All are the plugins.\nvar All = map[string]Plugin{{\n{}}}\n\n// They fit.\nvar (\n{})\n",
            each(&|name| format!("\t\"example.com/notifier/plugins/{name}\"\n")),
            each(&|name| format!("\t\"{name}\": {name}.Plugin{{}},\n")),
            each(&|name| format!("\t_ Sender = (*{name}.Plugin)(nil)\n")),
        ),
    );
    host.write(
        "config/config.go",
        format!(
            "package config\n\n// Config is what a person sets.\ntype Config struct {{\n\tVerbose bool\n\n{}}}\n",
            each(&|name| format!("\t// {0} is for {name}\n\t{0} *{name}.Options `yaml:\"{name},omitempty\"`\n\n", pascal(name)))
                .trim_end()
                .to_owned()
                + "\n",
        ),
    );
    host.write(
        "README.md",
        format!(
            "# Notifier\n\n## Plugins\n\n{}\n## Use\n\nRun it.\n\n{}",
            each(&|name| format!("- [{}](docs/plugins/{name}.md)\n", pascal(name))),
            each(&|name| format!(
                "### Setting up {0}\n\n| key | meaning |\n|---|---|\n| `{name}.url` | where {0} is |\n\n",
                pascal(name)
            ))
            .trim_end()
            .to_owned()
                + "\n",
        ),
    );
    host.write(
        ".github/workflows/test.yml",
        format!(
            "on: push\njobs:\n  test:\n    strategy:\n      matrix:\n        plugin:\n{}    steps:\n      - run: go test ./plugins/${{{{ matrix.plugin }}}}\n",
            NAMES[..5].iter().map(|name| format!("          - {name}\n")).collect::<String>(),
        ),
    );
    host.write(
        "owners.json",
        format!(
            "{{\n{}\n}}\n",
            each(&|name| format!("  \"plugins/{name}\": {{ \"owners\": [\"{name}-team\"] }},\n"))
                .trim_end()
                .trim_end_matches(','),
        ),
    );
    // What only one of them names is no list.
    host.write("notes.txt", "amber was the first\n");
    host
}

#[test]
fn what_members_have_in_common_becomes_a_pack_that_makes_finds_and_removes() {
    let host = notifier();
    let before = host.tree();
    let learnt = host.done(&["learn", "plugins", "--yes"]);
    for said in [
        "6 members at plugins/{name}: amber, cobalt, indigo, ochre, sienna, umber",
        "beside them, and no members: internal",
        "6 of 6  plugins/{name}/{{name}}_test.go",
        "6 of 6  docs/plugins/{{name}}.md",
        "5 of 6  .github/workflows/test.yml",
        "umber: not in .github/workflows/test.yml",
    ] {
        assert!(learnt.err.contains(said), "{said}\n{}", learnt.err);
    }
    let pack = host.read("tenon-pack/pack.toml");
    for said in [
        "home = \"plugins/{{name}}\"",
        "entry = '\"example.com/notifier/plugins/{{name}}\"'",
        "entry = '\"{{name}}\": {{name}}.Plugin{}'",
        "entry = '''\n// {{pascal name}} is for {{name}}\n{{pascal name}} *{{name}}.Options `yaml:\"{{name}},omitempty\"`'''",
        "entry = \"- [{{pascal name}}](docs/plugins/{{name}}.md)\"",
        "# 5 of 6; not: umber",
        "except = [\"umber\"]",
    ] {
        assert!(pack.contains(said), "{said}\n{pack}");
    }
    // What was learnt is in order, and stays so when a member is made.
    host.done(&["pack", "check", "tenon-pack"]);
    host.done(&["check"]);
    let with_pack = host.tree();
    host.done(&["new", "plugin", "mauve", "--yes"]);
    host.done(&["check"]);
    let has = |path: &str, text: &str| {
        let said = host.read(path);
        assert!(said.contains(text), "{path} has not\n{text}\nbut\n{said}");
    };
    has(
        "plugins/mauve/mauve.go",
        "package mauve\n\n// Plugin sends to Mauve.\n",
    );
    has("plugins/mauve/mauve_test.go", "!= \"mauve\"");
    has("docs/plugins/mauve.md", "# Mauve\n");
    has(
        "registry/all.go",
        "plugins/indigo\"\n\t\"example.com/notifier/plugins/mauve\"\n\t\"example.com/notifier/plugins/ochre\"",
    );
    has("registry/all.go", "\t\"mauve\": mauve.Plugin{},\n");
    has("registry/all.go", "\t_ Sender = (*mauve.Plugin)(nil)\n");
    has(
        "config/config.go",
        "\n\n\t// Mauve is for mauve\n\tMauve *mauve.Options `yaml:\"mauve,omitempty\"`\n\n\t// Ochre",
    );
    has(
        "README.md",
        "- [Indigo](docs/plugins/indigo.md)\n- [Mauve](docs/plugins/mauve.md)\n- [Ochre]",
    );
    has(
        "README.md",
        "\n\n### Setting up Mauve\n\n| key | meaning |\n|---|---|\n| `mauve.url` | where Mauve is |\n\n### Setting up Ochre",
    );
    has(
        ".github/workflows/test.yml",
        "          - indigo\n          - mauve\n          - ochre\n",
    );
    has("owners.json", "  \"plugins/mauve\": {");
    // The next one that somebody forgets is found.
    host.replace("registry/all.go", "\t\"mauve\": mauve.Plugin{},\n", "");
    let found = host.run(&["check", "--format", "concise"]);
    assert_eq!(found.code, 1, "{}", found.err);
    assert!(
        found.out.contains("registry/all.go") && found.out.contains("mauve"),
        "{}",
        found.out
    );
    host.done(&["check", "--fix"]);
    host.done(&["check"]);
    host.done(&["remove", "plugin", "mauve", "--yes"]);
    let mut after = host.tree();
    after.retain(|path, _| with_pack.contains_key(path));
    for path in [
        "registry/all.go",
        "config/config.go",
        "README.md",
        "owners.json",
        ".github/workflows/test.yml",
    ] {
        assert_eq!(after.get(path), before.get(path), "{path}");
    }
}

#[test]
fn learning_can_be_undone_and_writes_nothing_when_only_asked() {
    let host = notifier();
    let before = host.tree();
    let shown = host.done(&["learn", "plugins", "--dry-run"]);
    assert!(shown.out.contains("+ pack.toml"), "{}", shown.out);
    let asked = host.run(&["learn", "plugins", "--check"]);
    assert_eq!(asked.code, 1, "{}", asked.err);
    assert_same(&before, &host.tree());
    host.done(&["learn", "plugins", "--yes"]);
    let again = host.refused(&["learn", "plugins", "--yes", "--name", "other"]);
    assert!(again.err.contains("--to"), "{}", again.err);
    host.done(&["undo"]);
    let mut after = host.tree();
    after.retain(|path, _| !path.starts_with(".tenon"));
    assert_same(&before, &after);
}

#[test]
fn what_has_changed_since_goes_together_with_what_people_wrote() {
    let host = notifier();
    assert!(host.refused(&["learn", "--again"]).err.contains("learn it first"));
    host.done(&["learn", "plugins", "--yes"]);
    let same = host.done(&["learn", "--again", "--yes"]);
    assert!(!same.out.contains("change"), "{}", same.out);
    // A person gives a better sentence; another one mends the exception and adds a list.
    host.replace(
        "tenon-pack/pack.toml",
        "summary = \"A plugin\"",
        "summary = \"Where messages go\"",
    );
    host.replace(
        ".github/workflows/test.yml",
        "          - sienna\n",
        "          - sienna\n          - umber\n",
    );
    let list: String = NAMES.map(|name| format!("{name}: ready\n")).concat();
    host.write("status.yml", list);
    let shown = host.done(&["learn", "--again", "--dry-run"]);
    assert!(shown.out.contains("-except = [\"umber\"]"), "{}", shown.out);
    host.done(&["learn", "--again", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    for said in [
        "Where messages go",
        "# 6 of 6\nfile = \".github/workflows/test.yml\"",
        "entry = \"{{name}}: ready\"",
    ] {
        assert!(pack.contains(said), "{said}\n{pack}");
    }
    host.done(&["check"]);
}

const CHANNELS: [&str; 5] = ["garden", "harbour", "market", "office", "tower"];

/// Channels are texts, listed in one file, beside the plugins.
fn with_channels(host: &Sandbox) {
    for name in CHANNELS {
        host.write(
            &format!("channels/{name}.md"),
            format!("# {}\n\nFor {name}.\n", pascal(name)),
        );
    }
    let list: String = CHANNELS.map(|name| format!("{name}: open\n")).concat();
    host.write("channels.yml", list);
}

#[test]
fn a_pack_gets_a_further_kind() {
    let host = notifier();
    with_channels(&host);
    host.done(&["learn", "plugins", "--yes"]);
    host.done(&["pack", "test", "tenon-pack"]);
    let same = host.refused(&["learn", "plugins", "--yes"]);
    assert!(same.err.contains("the kind `plugin` already"), "{}", same.err);
    assert!(
        same.err.contains("--again") && same.err.contains("--to"),
        "{}",
        same.err
    );
    host.done(&["learn", "channels", "--yes"]);
    host.done(&["pack", "check", "tenon-pack", "--host", "."]);
    let tested = host.done(&["pack", "test", "tenon-pack"]);
    assert!(
        tested.err.contains("plugin on tests/members") && tested.err.contains("channel on tests/members"),
        "{}",
        tested.err
    );
    host.done(&["check"]);
    let before = host.tree();
    host.done(&["new", "channel", "mauve", "--yes"]);
    assert!(host.read("channels.yml").contains("mauve: open\n"));
    host.done(&["new", "plugin", "mauve", "--yes"]);
    host.done(&["check"]);
    host.replace("channels.yml", "office: open\n", "");
    let found = host.run(&["check", "--format", "concise"]);
    assert!(
        found
            .exits(1)
            .out
            .contains("`channels.yml` does not list `office`"),
        "{}",
        found.out
    );
    host.done(&["check", "--fix", "--unsafe-fixes"]);
    for kind in ["plugin", "channel"] {
        host.done(&["remove", kind, "mauve", "--yes"]);
    }
    let mut after = host.tree();
    after.retain(|path, _| !path.starts_with(".tenon/") && path != "tenon.lock");
    let mut known = before;
    known.retain(|path, _| !path.starts_with(".tenon/") && path != "tenon.lock");
    assert_same(&known, &after);
    // Each kind is learnt again by itself.
    let unclear = host.refused(&["learn", "--again", "--yes"]);
    assert!(
        unclear.err.contains("name one with `--kind`: plugin, channel"),
        "{}",
        unclear.err
    );
    let nothing = host.refused(&["learn", "--again", "--kind", "station"]);
    assert!(
        nothing.err.contains("nothing was learnt of the kind `station`"),
        "{}",
        nothing.err
    );
    host.replace("channels.yml", "tower: open\n", "");
    host.replace(
        "tenon-pack/pack.toml",
        "summary = \"A channel\"",
        "summary = \"Where people meet\"",
    );
    host.done(&["learn", "--again", "--kind", "channel", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    assert!(
        pack.contains("Where people meet") && pack.contains("4 of 5 are listed there"),
        "{pack}"
    );
    assert!(pack.contains("[kind.plugin]"), "{pack}");
    host.done(&["check"]);
    host.done(&["learn", "--again", "--kind", "plugin", "--yes"]);
    assert_eq!(pack, host.read("tenon-pack/pack.toml"));
}

/// What is there for the plugin `amber` is not there for the topic `amber`.
#[test]
fn kinds_whose_members_have_the_same_names_are_kept_apart() {
    let host = notifier();
    host.done(&["learn", "plugins", "--yes"]);
    for name in NAMES {
        host.write(&format!("topics/{name}.md"), format!("About {name}.\n"));
    }
    let list: String = NAMES.map(|name| format!("{name}: open\n")).concat();
    host.write("topics.yml", list);
    host.done(&["learn", "topics", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    let (_, topic) = pack.split_once("[kind.topic]").unwrap();
    assert_eq!(topic.matches("[kind.topic.site.").count(), 1, "{topic}");
    assert_eq!(topic.matches("templates = ").count(), 1, "{topic}");
    for kind in ["plugin", "topic"] {
        host.done(&["learn", "--again", "--kind", kind, "--yes"]);
        assert_eq!(pack, host.read("tenon-pack/pack.toml"), "{kind}");
    }
    host.done(&["pack", "test", "tenon-pack"]);
}

#[test]
fn a_kind_in_another_language_is_a_pack_of_its_own() {
    let host = notifier();
    for name in NAMES {
        host.write(&format!("tools/{name}.py"), format!("NAME = '{name}'\n"));
    }
    host.done(&["learn", "plugins", "--yes"]);
    let refused = host.refused(&["learn", "tools", "--yes"]);
    assert!(
        refused
            .err
            .contains("is about go, and these members are written in python"),
        "{}",
        refused.err
    );
    host.done(&["learn", "tools", "--yes", "--to", "tool-pack"]);
    host.done(&["check", "--pack", "./tool-pack"]);
}

#[test]
fn who_adds_a_member_is_told_to_run_the_program_that_writes_a_list() {
    let host = notifier();
    let list: String = NAMES.map(|name| format!("plugin {name}\n")).concat();
    let head = "# Generated by tools/names.py; do not edit\n";
    host.write("registry/names.txt", format!("{head}{list}"));
    host.write("tools/names.py", "print('names')\n");
    host.write(
        "Makefile",
        "names:\n\tpython3 tools/names.py > registry/names.txt\n",
    );
    host.done(&["learn", "plugins", "--yes"]);
    let new = host.done(&["new", "plugin", "mauve", "--yes"]);
    let told = "run the program that writes `registry/names.txt`: `python3 tools/names.py > registry/names.txt` in `Makefile:2`";
    assert!(new.err.contains(told), "{}", new.err);
    assert!(host.read("registry/names.txt").contains("plugin mauve\n"));
}

#[test]
fn a_page_whose_name_people_spell_freely_is_an_exception() {
    let host = notifier();
    for name in ["amber", "cobalt", "indigo", "ochre", "sienna"] {
        host.write(&format!("manual/{}.md", pascal(name)), "A page.\n");
    }
    host.write("manual/UmBer.md", "A page.\n");
    host.done(&["learn", "plugins", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    let required = "\"{{pascal name}}.md\" = { why = \"5 of 6 have it\", except = [\"umber\"] }";
    assert!(pack.contains(required), "{pack}");
    host.done(&["check"]);
}

#[test]
fn a_place_that_is_not_there_is_said() {
    let host = notifier();
    let refused = host.refused(&["learn", "plugin", "--yes"]);
    assert!(
        refused.err.contains("there is no file at `plugin`"),
        "{}",
        refused.err
    );
}

/// Services in TypeScript, built on a class of a package that is not installed. No list names them.
#[test]
fn classes_of_packages_that_are_not_there_decorators_and_words_of_manifests_are_learnt() {
    let host = Sandbox::empty();
    host.write(
        "package.json",
        "{ \"private\": true, \"workspaces\": [\"services/*\"] }\n",
    );
    for name in NAMES {
        host.write(
            &format!("services/{name}/package.json"),
            format!(
                "{{\n  \"name\": \"@shop/{name}\",\n  \"license\": \"MIT\",\n  \"sideEffects\": false\n}}\n"
            ),
        );
        host.write(
            &format!("services/{name}/src/service.ts"),
            format!(
                "import {{ Injectable, Jobs }} from '@kit/core';\n\n@Injectable()\nexport class {0}Service extends Jobs.Service {{\n    title() {{\n        return '{name}';\n    }}\n}}\n",
                pascal(name)
            ),
        );
    }
    host.done(&["learn", "services", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    for said in [
        "[host]\nfiles = [\"services/*/package.json\"]",
        "[api.service]\nspecifier = \"@kit/core\"\n\n[contract.service]\napi = \"service\"\nsymbol = \"Jobs.Service\"",
        "export = \"{{pascal name}}Service\"\ncontract = \"service\"\ndecorators = [\"Injectable\"]",
        "\"/license\" = { value = \"MIT\"",
        "\"/sideEffects\" = { value = \"false\"",
    ] {
        assert!(pack.contains(said), "{said}\n{pack}");
    }
    host.done(&["pack", "test", "tenon-pack"]);
    host.done(&["check", "--pack", "./tenon-pack"]);
    let file = "services/amber/src/service.ts";
    let sound = host.read(file);
    for (from, to, says) in [
        ("@Injectable()\n", "", "missing-decorator"),
        (" extends Jobs.Service", "", "wrong-base"),
        ("Jobs.Service", "Jobs.Queue", "wrong-base"),
    ] {
        host.write(file, sound.replace(from, to));
        let found = host.run(&["check", "--format", "concise"]);
        assert!(found.exits(1).out.contains(says), "{from}: {}", found.out);
    }
    host.write(file, sound);
    host.replace("services/amber/package.json", "false", "true");
    let found = host.run(&["check", "--format", "concise"]);
    assert!(found.exits(1).out.contains("mismatched-entry"), "{}", found.out);
}

#[test]
fn the_report_is_for_programs_and_for_reviews_as_well() {
    let host = notifier();
    let ran = host.done(&[
        "learn",
        "plugins/amber",
        "--dry-run",
        "--format",
        "json",
        "--output",
        "markdown=report.md",
    ]);
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["learnt"]["home"], "plugins/{name}");
    let sites = value["learnt"]["sites"].as_array().unwrap();
    let workflow = sites
        .iter()
        .find(|site| site["file"] == ".github/workflows/test.yml")
        .unwrap();
    assert_eq!((&workflow["count"], &workflow["of"]), (&5.into(), &6.into()));
    assert_eq!(workflow["without"][0]["member"], "umber");
    assert_eq!(value["dryRun"], true);
    let report = host.read("report.md");
    assert!(report.starts_with("# 6 members at `plugins/{name}`"), "{report}");
    assert!(
        report.contains("- `umber`: not in .github/workflows/test.yml"),
        "{report}"
    );
    assert!(!host.exists("tenon-pack"));
}

#[test]
fn without_a_place_the_places_are_listed() {
    let host = notifier();
    let ran = host.done(&["learn"]);
    let first = ran.out.lines().next().unwrap_or_default();
    assert!(first.starts_with("plugins/{name} (6 members; "), "{}", ran.out);
    let empty = Sandbox::with(&[("README.md", "# Nothing\n")]);
    let refused = empty.refused(&["learn"]);
    assert!(refused.err.contains("packages/plugin-{name}"), "{}", refused.err);
    let refused = empty.refused(&["learn", "plugins"]);
    assert!(
        refused.err.contains("there is no file at `plugins`"),
        "{}",
        refused.err
    );
}

#[test]
fn members_are_found_by_a_pattern_and_files_are_members_as_well() {
    let host = Sandbox::empty();
    let names = [
        "big_query",
        "clickhouse",
        "drill",
        "elastic_search",
        "hive",
        "presto",
    ];
    for name in names {
        host.write(
            &format!("runner/sources/{name}.py"),
            format!("class {}:\n    name = \"{name}\"\n", pascal(name)),
        );
    }
    host.write("runner/sources/__init__.py", "");
    let list: String = names
        .map(|name| format!("    \"runner.sources.{name}\",\n"))
        .concat();
    host.write(
        "runner/settings.py",
        format!("SOURCES = [\n{list}]\n\nOTHER = [\n    \"a\",\n]\n"),
    );
    let learnt = host.done(&["learn", "runner/sources/{name}.py", "--kind", "source", "--yes"]);
    assert!(
        learnt.err.contains("6 members at runner/sources/{name}.py"),
        "{}",
        learnt.err
    );
    host.done(&["new", "source", "fire_bolt", "--yes"]);
    assert!(
        host.read("runner/settings.py")
            .contains("\"runner.sources.elastic_search\",\n    \"runner.sources.fire_bolt\",\n")
    );
    assert!(
        host.read("runner/sources/fire_bolt.py")
            .contains("name = \"fire_bolt\"")
    );
    host.done(&["check"]);
    host.replace("runner/settings.py", "    \"runner.sources.drill\",\n", "");
    let found = host.run(&["check", "--format", "concise"]);
    assert!(
        found.code == 1 && found.out.contains("drill"),
        "{}{}",
        found.out,
        found.err
    );
}

#[test]
fn packages_whose_names_share_a_beginning_are_members() {
    let host = Sandbox::empty();
    let names = ["amqp", "aws-lambda", "fs", "graphql", "pg"];
    for name in names {
        let class = pascal(name).replace("-l", "L");
        host.write(
            &format!("packages/plugin-{name}/package.json"),
            format!("{{\n  \"name\": \"@shop/plugin-{name}\",\n  \"version\": \"1.0.0\"\n}}\n"),
        );
        host.write(
            &format!("packages/plugin-{name}/src/index.ts"),
            format!("import {{{class}Base}} from '@shop/core';\n\nexport class {class}Plugin extends {class}Base {{}}\n"),
        );
    }
    host.write("packages/core/package.json", "{ \"name\": \"@shop/core\" }\n");
    let camel = |name: &str| pascal(name).replace("-l", "L");
    let imports: String = names
        .map(|name| format!("import {{ {}Plugin }} from '@shop/plugin-{name}';\n", camel(name)))
        .concat();
    let pairs: String = names
        .map(|name| format!("  '@shop/plugin-{name}': {}Plugin,\n", camel(name)))
        .concat();
    host.write(
        "packages/core/src/all.ts",
        format!("{imports}\nexport const all = {{\n{pairs}}};\n"),
    );
    host.done(&["learn", "packages/plugin-{name}", "--yes"]);
    host.done(&["new", "plugin", "kafka-js", "--yes"]);
    let made = host.read("packages/plugin-kafka-js/src/index.ts");
    assert!(
        made.contains("import { KafkaJsBase } from") || made.contains("import {KafkaJsBase} from"),
        "{made}"
    );
    let all = host.read("packages/core/src/all.ts");
    assert!(
        all.contains("import { KafkaJsPlugin } from '@shop/plugin-kafka-js';\n"),
        "{all}"
    );
    assert!(all.contains("  '@shop/plugin-graphql': GraphqlPlugin,\n  '@shop/plugin-kafka-js': KafkaJsPlugin,\n  '@shop/plugin-pg'"), "{all}");
    assert!(
        host.read("packages/plugin-kafka-js/package.json")
            .contains("\"@shop/plugin-kafka-js\"")
    );
    host.done(&["check"]);
}

#[test]
fn a_version_in_an_entry_may_be_any() {
    let host = Sandbox::empty();
    for name in NAMES {
        host.write(
            &format!("plugins/{name}/{name}.py"),
            format!("NAME = \"{name}\"\n"),
        );
        host.write(
            &format!("plugins/{name}/setup.cfg"),
            format!("[metadata]\nname = {name}\n"),
        );
    }
    let list = |version: &str| {
        NAMES
            .map(|name| format!("    \"shop-{name}=={version}\",\n"))
            .concat()
    };
    host.write("all.py", format!("ALL = [\n{}]\n", list("1.4.0")));
    host.done(&["learn", "plugins", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    assert!(pack.contains("shop-{{name}}=={{#_}}1.4.0{{/_}}"), "{pack}");
    host.done(&["new", "plugin", "mauve", "--yes"]);
    assert!(host.read("all.py").contains("\"shop-mauve==1.4.0\""));
    // A release changes all of them.
    let all = host.read("all.py").replace("1.4.0", "1.5.0");
    host.write("all.py", all);
    host.done(&["check"]);
}

#[test]
fn a_library_that_is_called_like_its_member_is_no_example() {
    let host = Sandbox::empty();
    for name in NAMES {
        let more = if name == "ochre" {
            "import ochre\n"
        } else {
            "# It has more to say.\n"
        };
        host.write(
            &format!("plugins/{name}/{name}.py"),
            format!("{more}\nNAME = \"{name}\"\n"),
        );
    }
    let list = NAMES.map(|name| format!("    \"plugins.{name}\",\n")).concat();
    host.write("all.py", format!("ALL = [\n{list}]\n"));
    host.done(&["learn", "plugins", "--yes"]);
    let template = host.read("tenon-pack/files/plugin/{{name}}.py.hbs");
    assert!(!template.contains("import"), "{template}");
}

#[test]
fn the_history_says_which_lists_people_keep() {
    let host = Sandbox::empty();
    git(host.at(".").as_path(), &["init", "-q"]);
    let commit = |message: &str| {
        git(host.at(".").as_path(), &["add", "-A"]);
        git(host.at(".").as_path(), &["commit", "-qm", message]);
    };
    let write = |count: usize, old: usize| {
        for name in &NAMES[..count] {
            host.write(
                &format!("plugins/{name}/{name}.py"),
                format!("NAME = \"{name}\"\n"),
            );
        }
        let list = |count: usize| {
            NAMES[..count]
                .iter()
                .map(|name| format!("    \"plugins.{name}\",\n"))
                .collect::<String>()
        };
        host.write("settings.py", format!("PLUGINS = [\n{}]\n", list(count)));
        // It was written once, and nobody adds to it.
        host.write("benchmark.py", format!("MEASURED = [\n{}]\n", list(old)));
        // Some who add one name it here.
        host.write("people.py", format!("KNOWN = [\n{}]\n", list(count.min(4))));
    };
    write(3, 3);
    commit("first");
    for count in 4..=NAMES.len() {
        write(count, 3);
        commit("one more");
    }
    let learnt = host.done(&["learn", "plugins", "--yes"]);
    assert!(learnt.err.contains("6 of 6  settings.py"), "{}", learnt.err);
    assert!(
        learnt.err.contains("benchmark.py: names 3 members"),
        "{}",
        learnt.err
    );
    let pack = host.read("tenon-pack/pack.toml");
    assert!(!pack.contains("benchmark.py"), "{pack}");
    let made = host.done(&["new", "plugin", "mauve", "--yes"]);
    let said = "see whether `people.py` should name it: it names 4 of 6";
    assert!(made.err.contains(said), "{}", made.err);
}

#[test]
fn commits_from_before_a_list_was_there_do_not_speak_against_it() {
    let host = Sandbox::empty();
    git(host.at(".").as_path(), &["init", "-q"]);
    let commit = || {
        git(host.at(".").as_path(), &["add", "-A"]);
        git(host.at(".").as_path(), &["commit", "-qm", "one more"]);
    };
    let list = |names: &[&str]| -> String {
        let lines: String = names
            .iter()
            .map(|name| format!("    \"plugins.{name}\",\n"))
            .collect();
        format!("PLUGINS = [\n{lines}]\n")
    };
    for (at, name) in NAMES.iter().enumerate() {
        host.write(
            &format!("plugins/{name}/{name}.py"),
            format!("NAME = \"{name}\"\n"),
        );
        host.write("settings.py", list(&NAMES[..=at]));
        commit();
    }
    // The list has moved since the last plugin was added.
    host.remove("settings.py");
    host.write("registry/settings.py", list(&NAMES));
    commit();
    let learnt = host.done(&["learn", "plugins", "--yes"]);
    assert!(
        learnt.err.contains("6 of 6  registry/settings.py"),
        "{}",
        learnt.err
    );
}

#[test]
fn a_folder_of_files_that_are_called_like_the_members_is_where_they_are_registered() {
    let host = Sandbox::empty();
    host.write("go.mod", "module example.com/metrics\n\ngo 1.22\n");
    host.write(
        "CHANGELOG-1.2.md",
        NAMES.map(|name| format!("- {name} is new\n")).concat(),
    );
    for name in NAMES {
        let home = format!("inputs/{name}");
        host.write(&format!("{home}/{name}.go"), format!("package {name}\n"));
        host.write(&format!("{home}/README.md"), format!("# {name}\n"));
        host.write(&format!("{home}/sample.conf"), format!("[{name}]\n"));
        host.write(
            &format!("inputs/all/{name}.go"),
            format!("package all\n\nimport _ \"example.com/metrics/inputs/{name}\"\n"),
        );
    }
    let learnt = host.done(&["learn", "inputs", "--yes"]);
    for said in [
        "beside them, and no members: all",
        "6 of 6  inputs/all/{{name}}.go",
    ] {
        assert!(learnt.err.contains(said), "{said}\n{}", learnt.err);
    }
    // What is known by one file alone would be gone with it, and nobody would say so.
    let pack = host.read("tenon-pack/pack.toml");
    assert!(
        pack.contains("known-by = [\"README.md\", \"sample.conf\"]"),
        "{pack}"
    );
    assert!(pack.contains("files = [\"inputs/*/"), "{pack}");
    assert!(!pack.contains("CHANGELOG"), "{pack}");
    host.done(&["pack", "test", "tenon-pack"]);
    host.done(&["check"]);
    host.remove("inputs/amber/README.md");
    host.run(&["check"]).exits(1);
}

#[test]
fn files_that_some_members_have_become_an_option() {
    let host = notifier();
    for name in ["tan", "teal", "violet"] {
        let path = format!("plugins/{name}/{name}.go");
        host.write(&path, format!("package {name}\n"));
        host.write(
            &format!("plugins/{name}/{name}_test.go"),
            format!("package {name}\n"),
        );
        let all = format!("import (\n\t\"example.com/notifier/plugins/{name}\"\n");
        host.replace("registry/all.go", "import (\n", &all);
    }
    for name in &NAMES[..4] {
        for file in ["limits", "limits_test"] {
            let path = format!("plugins/{name}/{file}.go");
            host.write(&path, format!("package {name}\n"));
        }
    }
    host.done(&["learn", "plugins", "--yes"]);
    let pack = host.read("tenon-pack/pack.toml");
    for said in [
        "[kind.plugin.option.with-limits]\n# 4 of 9\nkind = \"flag\"",
        "prompt = \"Should it have `limits.go` and `limits_test.go`?\"",
        "read = [\n    { files = \"{{home}}/limits.go\" },\n    { files = \"{{home}}/limits_test.go\" },\n]",
        "when = \"with-limits\"",
    ] {
        assert!(pack.contains(said), "{said}\n{pack}");
    }
    host.done(&["pack", "check", "tenon-pack"]);
    host.done(&["pack", "test", "tenon-pack"]);
    host.done(&["check"]);
    host.done(&["new", "plugin", "mauve", "--yes"]);
    assert!(!host.at("plugins/mauve/limits.go").exists());
    host.done(&["new", "plugin", "olive", "--with-limits", "--yes"]);
    assert_eq!(host.read("plugins/olive/limits_test.go"), "package olive\n");
    host.done(&["check"]);
    // Who has the one has the other.
    host.remove("plugins/amber/limits_test.go");
    let found = host.run(&["check", "--format", "concise"]);
    found.exits(1);
    assert!(found.out.contains("limits_test.go"), "{}", found.out);
    assert!(found.out.contains("missing-part"), "{}", found.out);
}

#[test]
fn a_hostile_host_is_survived() {
    let host = notifier();
    host.write(
        "broken.json",
        "{ \"amber\": [\"cobalt\", \"indigo\", \"ochre\", \"sienna\", \"umber\"",
    );
    host.write("binary.dat", [0_u8, 159, 146, 150]);
    host.write(
        "plugins/amber/{{#each}}.go",
        "package amber // {{{{#if}}}} {{> me}}\n",
    );
    host.link("plugins/loop", "..");
    host.write("lines.txt", NAMES.join(" {{name}} ").repeat(2000));
    host.write(
        "deep.md",
        format!("{}amber cobalt indigo ochre\n", "#".repeat(5000)),
    );
    host.done(&["learn", "plugins", "--yes"]);
    host.done(&["check"]);
    host.done(&["new", "plugin", "mauve", "--yes"]);
}

#[test]
fn a_member_that_does_not_parse_is_no_example() {
    let host = notifier();
    host.write("plugins/umber/umber.go", "package umber\n\nfunc broken( {\n");
    host.done(&["learn", "plugins", "--yes"]);
    host.done(&["check"]);
    host.done(&["new", "plugin", "mauve", "--yes"]);
    let made = host.read("plugins/mauve/mauve.go");
    assert!(made.contains("type Plugin struct{}"), "{made}");
}

#[test]
fn a_list_that_says_one_thing_twice_is_left_to_people_and_the_other_list_of_the_file_is_learnt() {
    let host = notifier();
    let twice: String = NAMES
        .iter()
        .chain(&NAMES[..1])
        .map(|name| format!("\t\"plugins/{name}\",\n"))
        .collect();
    host.write(
        "build/build.go",
        format!(
            "package build\n\nvar paths = []string{{\n{twice}}}\n\nvar titles = map[string]string{{\n{}}}\n",
            NAMES
                .map(|name| format!("\t\"{name}\": \"{}\",\n", pascal(name)))
                .concat()
        ),
    );
    let learnt = host.done(&["learn", "plugins", "--yes"]);
    assert!(
        learnt
            .err
            .contains("5 of 6  build/build.go  \"plugins/{{name}}\""),
        "{}",
        learnt.err
    );
    assert!(
        learnt
            .err
            .contains("6 of 6  build/build.go  \"{{name}}\": \"{{pascal name}}\""),
        "{}",
        learnt.err
    );
    host.done(&["check"]);
}

/// A host in Python: a base class whose methods raise, and members that are built on it. `umber` has no `close`.
fn readers() -> Sandbox {
    let host = Sandbox::empty();
    host.write("shop/__init__.py", "");
    host.write(
        "shop/readers/__init__.py",
        "class BaseReader:\n    title = None\n\n    def read(self, query):\n        raise NotImplementedError()\n\n    def close(self):\n        pass\n\n\n\
         def register(reader):\n    pass\n",
    );
    for name in NAMES {
        let title = pascal(name);
        let close = match name {
            "umber" => "",
            _ => "\n    def close(self):\n        self.connection = None\n",
        };
        host.write(
            &format!("shop/readers/{name}.py"),
            format!(
                "from shop.readers import BaseReader, register\n\n\nclass {title}Reader(BaseReader):\n    title = '{title}'\n\n    \
                 def read(self, query):\n        rows = []\n        return rows\n{close}\n\nregister({title}Reader)\n"
            ),
        );
    }
    let each = NAMES.map(|name| format!("    'shop.readers.{name}',\n")).concat();
    host.write("shop/settings.py", format!("READERS = [\n{each}]\n"));
    host
}

#[test]
fn what_members_files_have_in_common_becomes_rules() {
    let host = readers();
    let learnt = host.done(&["learn", "shop/readers", "--yes"]);
    for said in [
        "6 of 6  shop/readers/{name}.py  `{{pascal name}}Reader` as a `readers.BaseReader`",
        "6 of 6  shop/readers/{name}.py  call of `register`",
        "5 of 6  shop/readers/{name}.py  `close`",
        "umber: no `close` in shop/readers/{name}.py",
    ] {
        assert!(learnt.err.contains(said), "{said}\n{}", learnt.err);
    }
    host.done(&["pack", "check", "tenon-pack", "--host", "."]);
    host.done(&["pack", "test", "tenon-pack"]);
    host.done(&["check"]);
    host.done(&["new", "reader", "mauve", "--yes"]);
    host.done(&["check"]);
    let amber = host.read("shop/readers/amber.py");
    for (from, to, says) in [
        ("def read(", "def reads(", "missing-method"),
        ("(BaseReader)", "", "wrong-base"),
        ("register(AmberReader)", "", "missing-code"),
        ("def close(", "def shut(", "missing-code"),
        ("class AmberReader", "class OtherReader", "missing-export"),
        ("title = 'Amber'", "", "missing-code"),
    ] {
        assert!(amber.contains(from), "{from}");
        host.write("shop/readers/amber.py", amber.replace(from, to));
        let found = host.run(&["check", "--format", "concise"]);
        assert!(found.exits(1).out.contains(says), "{from}: {}", found.out);
    }
    host.write("shop/readers/amber.py", amber);
    host.done(&["check"]);
    // What nobody else has may stand there, and a list that had members alone stays so.
    let settings = host.read("shop/settings.py");
    host.write(
        "shop/settings.py",
        settings.replace("]", "    'shop.readers.nothing',\n]"),
    );
    let found = host.run(&["check", "--format", "concise"]);
    assert!(found.exits(1).out.contains("stale-entry"), "{}", found.out);
}

#[test]
fn two_lists_of_one_manifest_are_two_sites() {
    let host = Sandbox::empty();
    host.done(&["new", "host", "platform", "--pack", "cargo", "--quiet"]);
    let root = host.root.join("platform");
    let run = |words: &[&str]| {
        let output = program().args(words).current_dir(&root).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
        said
    };
    for name in NAMES {
        run(&["new-integration", name, "--quiet"]);
    }
    std::fs::remove_file(root.join("tenon.toml")).unwrap();
    let _ = std::fs::remove_file(root.join("tenon.lock"));
    run(&["learn", "integrations", "--yes"]);
    let pack = std::fs::read_to_string(root.join("tenon-pack/pack.toml")).unwrap();
    for said in [
        "in = \"/workspace/members\"\nentry = '\"integrations/{{name}}\"'",
        "entry = '{{name}}-integration = { path = \"integrations/{{name}}\" }'",
        "entry = \"{{name}}-integration.workspace = true\"",
        "contract = \"integrator\"",
        "specifier = \"integration_contract\"",
    ] {
        assert!(pack.contains(said), "{said}\n{pack}");
    }
    run(&["check"]);
    run(&["new", "integration", "mauve", "--yes"]);
    run(&["check"]);
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("    \"integrations/mauve\",\n"), "{manifest}");
    assert!(
        manifest.contains("mauve-integration = { path = \"integrations/mauve\" }\n"),
        "{manifest}"
    );
    let application = std::fs::read_to_string(root.join("crates/controller/Cargo.toml")).unwrap();
    assert!(
        application.contains("mauve-integration.workspace = true\n"),
        "{application}"
    );
    run(&["remove", "integration", "mauve", "--yes"]);
    run(&["check"]);
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("mauve"), "{manifest}");
}

#[test]
fn a_pack_is_learnt_into_the_host_alone() {
    let host = notifier();
    for to in ["/tmp/pack", "../pack", ""] {
        let refused = host.refused(&["learn", "plugins", "--to", to, "--yes"]);
        assert!(
            refused
                .err
                .contains(&format!("`--to {to}` is not a folder of this host")),
            "{}",
            refused.err
        );
        assert!(!host.exists("tenon.toml"));
    }
}

#[test]
fn names_may_begin_with_capitals() {
    let host = Sandbox::empty();
    let titles = NAMES.map(pascal);
    for title in &titles {
        host.write(
            &format!("src/geo/{title}Geocoder.java"),
            format!(
                "package geo;\n\npublic class {title}Geocoder extends Geocoder {{\n    @Override\n    public String name() {{\n        \
                 return \"{title}\";\n    }}\n}}\n"
            ),
        );
    }
    host.write(
        "src/geo/Geocoder.java",
        "package geo;\n\npublic abstract class Geocoder {\n    public abstract String name();\n}\n",
    );
    let cases = titles.clone().map(|title| {
        format!(
            "            case \"{}\":\n                return new {title}Geocoder();\n",
            title.to_lowercase()
        )
    });
    host.write(
        "src/geo/Manager.java",
        format!(
            "package geo;\n\npublic class Manager {{\n    Geocoder make(String type) {{\n        switch (type) {{\n{}            \
             default:\n                return null;\n        }}\n    }}\n}}\n",
            cases.concat()
        ),
    );
    let learnt = host.done(&["learn", "src/geo/{name}Geocoder.java", "--yes"]);
    assert!(!learnt.err.contains("no members"), "{}", learnt.err);
    let pack = host.read("tenon-pack/pack.toml");
    assert!(
        pack.contains("case = \"pascal\"\n") && !pack.contains("irregular"),
        "{pack}"
    );
    assert!(
        pack.contains("symbol = \"Geocoder\"") && !pack.contains("^()$"),
        "{pack}"
    );
    host.done(&["check"]);
    host.refused(&["new", "geo", "mauve", "--yes"]);
    host.done(&["new", "geo", "Mauve", "--yes"]);
    assert!(
        host.read("src/geo/MauveGeocoder.java")
            .contains("class MauveGeocoder extends Geocoder")
    );
    assert!(
        host.read("src/geo/Manager.java")
            .contains("case \"mauve\":\n                return new MauveGeocoder();")
    );
    host.done(&["check"]);
}

#[test]
fn an_entry_goes_into_the_list_of_the_members_and_is_written_as_the_host_writes() {
    let host = Sandbox::empty();
    let each = |line: &dyn Fn(&str) -> String| NAMES.map(line).concat();
    for name in NAMES {
        host.write(
            &format!("senders/{name}/index.ts"),
            format!(
                "import {{ base }} from '../base'\n\nexport class {0}Sender {{\n  readonly id = '{name}'\n  send() {{\n    return base.send(this.id)\n  }}\n}}\n",
                pascal(name)
            )
            .as_str(),
        );
    }
    host.write(
        "senders/base.ts",
        "export const base = { send: (id: string) => id }\n",
    );
    let keys: String = (0..20).map(|key| format!("  Key{key} = 'key{key}',\n")).collect();
    let sender_keys = each(&|name| format!("  {} = '{name}',\n", pascal(name)));
    host.write(
        "senders.ts",
        format!("export enum Keys {{\n{keys}}}\n\nexport enum Senders {{\n{sender_keys}}}\n"),
    );
    host.done(&["learn", "senders", "--yes"]);
    assert!(
        host.read("tenon-pack/pack.toml")
            .contains("in = \"export enum Senders")
    );
    host.done(&["new", "sender", "teal", "--yes"]);
    assert!(
        host.read("senders.ts")
            .contains("  Sienna = 'sienna',\n  Teal = 'teal',\n")
    );
    // Steps, quotes and semicolons are those of the members.
    assert_eq!(
        host.read("senders/teal/index.ts"),
        host.read("senders/amber/index.ts")
            .replace("amber", "teal")
            .replace("Amber", "Teal")
    );
}

#[test]
fn members_that_are_modules_of_one_crate_are_made_with_what_stands_above_their_entries() {
    let host = Sandbox::empty();
    let each = |line: &dyn Fn(&str) -> String| NAMES.map(line).concat();
    for name in NAMES {
        // One of them calls its type otherwise: it is no example for a new one.
        let of = if name == "amber" {
            "Old".to_owned()
        } else {
            pascal(name)
        };
        let more = if name == "amber" {
            ""
        } else {
            "// More is said here.\n"
        };
        host.write(
            &format!("src/parts/{name}.rs"),
            format!(
                "use crate::Named;\n\n{more}#[derive(Default)]\npub struct {of}Part<'a> {{\n    pub text: &'a str,\n}}\n\npub fn run() -> &'static str {{\n    \"{name}\".named()\n}}\n"
            ),
        );
    }
    let modules = each(&|name| format!("pub mod {name};\n"));
    host.write("src/parts/mod.rs", modules);
    let fields = each(&|name| match name {
        "amber" => "    #[rustfmt::skip]\n    amber: parts::amber::OldPart<'a>,\n".to_owned(),
        _ => format!(
            "    #[rustfmt::skip]\n    {name}: parts::{name}::{}Part<'a>,\n",
            pascal(name)
        ),
    });
    host.write(
        "src/lib.rs",
        format!(
            "mod parts;\n\npub trait Named {{\n    fn named(&self) -> &str;\n}}\n\nimpl<T: AsRef<str>> Named for T {{\n    fn named(&self) -> &str {{\n        self.as_ref()\n    }}\n}}\n\npub struct All<'a> {{\n{fields}}}\n"
        ),
    );
    host.write(
        "Cargo.toml",
        "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    host.done(&["learn", "src/parts", "--yes"]);
    // What the crate implements somewhere is no part of its members.
    assert!(!host.read("tenon-pack/pack.toml").contains("impl Named"));
    host.done(&["new", "part", "teal", "--yes"]);
    let lib = host.read("src/lib.rs");
    assert!(
        lib.contains("    #[rustfmt::skip]\n    teal: parts::teal::TealPart<'a>,\n"),
        "{lib}"
    );
    assert!(host.read("src/parts/teal.rs").contains("pub struct TealPart<'a>"));
    host.done(&["remove", "part", "teal", "--yes"]);
    assert!(!host.read("src/lib.rs").contains("teal"));
    assert_eq!(host.read("src/lib.rs").matches("rustfmt::skip").count(), 6);
    host.done(&["check", "--no-cache"]);
}

#[test]
fn what_some_entries_have_more_names_the_member_too() {
    let host = Sandbox::empty();
    let each = |line: &dyn Fn(&str) -> String| NAMES.map(line).concat();
    for name in NAMES {
        host.write(
            &format!("notify/{name}/{name}.go"),
            format!("package {name}\n\n// Config is how it is set.\ntype Config struct{{}}\n\nfunc New() *Config {{ return &Config{{}} }}\n"),
        );
    }
    host.write("go.mod", "module example.com/a\n\ngo 1.22\n");
    // Two stand in the package itself.
    let fields = each(&|name| {
        let of = match name {
            "amber" | "umber" => String::new(),
            _ => format!("{name}."),
        };
        format!("\t{0}Configs []*{of}{0}Config\n", pascal(name))
    });
    host.write(
        "config/config.go",
        format!("package config\n\n// Receiver is all there is.\ntype Receiver struct {{\n{fields}}}\n"),
    );
    host.done(&["learn", "notify", "--yes"]);
    host.done(&["new", "notify", "teal", "--yes"]);
    let config = host.read("config/config.go");
    assert!(config.contains("TealConfigs []*teal.TealConfig"), "{config}");
}
