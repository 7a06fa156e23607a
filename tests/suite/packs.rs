//! Which pack a command takes, and packs that cannot be used.

use snapbox::str;

use crate::support::hosts::{framework, pinned_workshop, workshop};
use crate::support::sandbox::{Sandbox, assert_same, expect};

const ARGS: [&str; 4] = ["new-integration", "saw", "--pack", "../workshop"];

/// The small pack with one change, and what is said to it.
#[track_caller]
fn with(file: &str, from: &str, to: &str) -> String {
    let host = workshop();
    host.replace(&format!("../workshop/{file}"), from, to);
    host.refused(&ARGS).err
}

#[test]
fn a_directory_without_a_framework_is_no_host() {
    let nowhere = Sandbox::with(&[("package.json", "{}\n")]);
    nowhere.refused(&["new-integration", "acme", "--modules", "cms"]).says(str![[r#"
error: no pack recognises `HOST` or a directory above it
  because: `cargo` (Cargo workspaces: integrations as crates that implement the host's traits) looks for `Cargo.toml` and `crates/contract/src/lib.rs` and `crates/controller/Cargo.toml`
  because: `djblets` (Djblets: integrations for Django applications and for their extensions) looks for one of `pyproject.toml`, `setup.py`, `requirements.txt`, `*/settings.py`, `*/settings/*.py`, `*/extension.py`, `src/*/extension.py` that matches `(?i)\b(djblets|reviewboard)\b`
  because: `integration-controller` (integration-controller: Go packages with an integrator and a consumer, registered in main.go) looks for `pkg/integration/types.go` and `pkg/consumer` and `cmd/*/main.go`
  because: `o2s` (Open Self Service: NestJS integrations in an npm workspace) looks for `packages/configs/integrations/package.json` and `packages/configs/integrations/src/models/index.ts`
help: to create one: `tenon new host NAME --pack cargo`
help: to create one: `tenon new extension NAME --pack djblets`
help: to create one: `tenon new host NAME --pack integration-controller`
help: to create one: `tenon new host NAME --pack o2s`
help: go into the host, or name it with `--host DIR`
help: to see what a pack does on a temporary host: `tenon try`

"#]]);
    nowhere.refused(&["list"]);
    nowhere.refused(&["list", "--pack", "o2s"]).says(str![[r#"
error: neither `HOST` nor a directory above it is a host of `o2s`
  because: such a host has `packages/configs/integrations/package.json` and `packages/configs/integrations/src/models/index.ts`
help: go into the host, or name it with `--host DIR`; to create one: `tenon new host NAME --pack o2s`

"#]]);
    nowhere.refused(&["undo"]).says(str![[r#"
error: there is nothing to undo here
help: steps are kept in the host they changed: go there, or name it with `--host DIR`

"#]]);
}

#[test]
fn a_host_that_is_nowhere_or_a_file_is_refused() {
    let host = framework();
    host.refused(&["list", "--host", "nowhere"]).says(str![[r#"
error: there is no directory `nowhere`
  because: No such file or directory (os error 2)
help: give the host with `--host DIR`

"#]]);
    host.refused(&["list", "--host", "package.json"]).says(str![[r#"
error: `package.json` is not a directory
help: give the host with `--host DIR`

"#]]);
    host.refused(&["list", "--host", ""]);
    host.refused(&["new-integration", "acme", "--modules", "cms", "--host", "nowhere"]);
}

#[test]
fn a_pack_that_is_nowhere_is_refused() {
    let host = framework();
    host.refused(&["list", "--pack", "nope"]).says(str![[r#"
error: there is no built-in pack `nope`
help: built in: cargo, djblets, integration-controller, o2s; a folder is given as a path: `./nope`

"#]]);
    host.refused(&["list", "--pack", "o2"]).says(str![[r#"
error: there is no built-in pack `o2`
help: did you mean `o2s`?
help: built in: cargo, djblets, integration-controller, o2s; a folder is given as a path: `./o2`

"#]]);
    host.refused(&["list", "--pack", "./nowhere"]).says(str![[r#"
error: `./nowhere` is not a pack: it has no `pack.toml`
help: give the folder that holds `pack.toml`, or the name of a built-in pack

"#]]);
    host.refused(&["list", "--pack", "packages/configs/"])
        .says(str![[r#"
error: `HOST/packages/configs/` is not a pack: it has no `pack.toml`
help: give the folder that holds `pack.toml`, or the name of a built-in pack

"#]]);
    host.refused(&["list", "--pack", ""]).says(str![[r#"
error: there is no built-in pack ``
help: built in: cargo, djblets, integration-controller, o2s; a folder is given as a path: `./`

"#]]);
}

#[test]
fn the_pack_that_the_host_pins_is_taken() {
    let host = pinned_workshop();
    host.done(&["new-integration", "saw"]);
    host.write("tenon.toml", "pack = \"warkshop\"\n");
    host.refused(&["list"]).says(str![[r#"
error: there is no built-in pack `warkshop`
  --> tenon.toml:1:8
help: built in: cargo, djblets, integration-controller, o2s; a folder is given as a path: `./warkshop`

"#]]);
    host.write("tenon.toml", "pack = 3\n");
    host.refused(&["list"]).says(str![[r#"
error: invalid type: integer `3`, expected a string
  --> tenon.toml:1:8
help: fix it there, then run the command again

"#]]);
    host.write("tenon.toml", "pack = \"o2s\"\n[[\n");
    host.refused(&["list"]).says(str![[r#"
error: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
  --> tenon.toml:2:3
help: fix it there, then run the command again

"#]]);
}

#[test]
fn a_misspelt_key_is_an_error_at_its_place_that_guesses() {
    expect(
        &with("pack.toml", "kind = \"slot\"", "knid = \"slot\""),
        str![[r#"
error: `knid` is not a setting
  --> pack.toml:44:1
help: did you mean `kind`?

"#]],
    );
    expect(
        &with("pack.toml", "[host]", "[hosts]"),
        str![[r#"
error: `hosts` is not a setting
  --> pack.toml:7:2
help: did you mean `host`?

"#]],
    );
    expect(
        &with("pack.toml", "kind = \"slot\"", "kind = \"slat\""),
        str![[r#"
error: `slat` is not a choice here
  --> pack.toml:44:8
help: did you mean `slot`?

"#]],
    );
    expect(
        &with("pack.toml", "version = \"0.1.0\"\n", ""),
        str![[r#"
error: missing field `version`
  --> pack.toml:1:1
help: fix it there, then run the command again

"#]],
    );
    expect(
        &with("pack.toml", "[pack]", "[pack"),
        str![[r#"
error: unclosed table, expected `]`
  --> pack.toml:1:6
help: fix it there, then run the command again

"#]],
    );
}

#[test]
fn a_reference_to_nothing_is_an_error_at_its_place_that_guesses() {
    expect(
        &with(
            "pack.toml",
            "plural = \"units\"",
            "plural = \"units\"\ndistinct-from = [\"unit\"]",
        ),
        str![[r#"
error: there is no fact table `unit`
  --> pack.toml:19:18
help: did you mean `units`?

"#]],
    );
    expect(
        &with("pack.toml", "files = \"unit\"", "files = \"units\""),
        str![[r#"
error: there is no folder of templates `units`
  --> pack.toml:20:9
help: did you mean `unit`?

"#]],
    );
    expect(
        &with(
            "pack.toml",
            "entry = \"import { run } from 'unit-{{name}}';\"\n",
            "",
        ),
        str![[r#"
error: the site `main` has no `entry`
  --> pack.toml:43:1
help: a site of this kind needs it: add `entry = …`

"#]],
    );
}

#[test]
fn a_template_that_cannot_be_read_is_an_error_at_its_place() {
    let file = "files/unit/src/{{name}}.ts.hbs";
    expect(
        &with(file, "{{json label}}", "{{json label"),
        str![[r#"
error: the template cannot be read
  --> files/unit/src/{{name}}.ts.hbs:1:43
  because: invalid handlebars syntax: expected identifier, helper_parameter, or trailing_tilde_to_omit_whitespace
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
    expect(
        &with(file, "{{json label}}", "{{#if label}}"),
        str![[r#"
error: the template cannot be read
  --> files/unit/src/{{name}}.ts.hbs:2:1
  because: invalid handlebars syntax: expected escape, expression, html_expression, decorator_expression, partial_expression, invert_tag, invert_chain_tag, helper_block_start, helper_block_end, decorator_block_start, partial_block_start, raw_block_start, hbs_comment, or hbs_comment_compact
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
}

#[test]
fn a_template_variable_that_nothing_gives_is_an_error_at_its_place() {
    let file = "files/unit/src/{{name}}.ts.hbs";
    expect(
        &with(file, "{{json label}}", "{{json lable}}"),
        str![[r#"
error: no option and no fact gives `lable` here
  --> files/unit/src/{{name}}.ts.hbs:1:31
help: did you mean `label`?

"#]],
    );
    expect(
        &with(file, "{{json label}}", "\n\n  {{lable}}"),
        str![[r#"
error: no option and no fact gives `lable` here
  --> files/unit/src/{{name}}.ts.hbs:3:3
help: did you mean `label`?

"#]],
    );
    expect(
        &with("pack.toml", "key = \"{{name}}\"", "key = \"{{nmae}}\""),
        str![[r#"
error: no option and no fact gives `nmae` here
  --> pack.toml:35:7
help: did you mean `name`?

"#]],
    );
    expect(
        &with(file, "{{json label}}", "{{jsno label}}"),
        str![[r#"
error: there is no helper `jsno`
  --> files/unit/src/{{name}}.ts.hbs:1:31
help: did you mean `json`?

"#]],
    );
}

#[test]
fn a_file_that_would_not_parse_is_never_written() {
    expect(
        &with("files/unit/src/{{name}}.ts.hbs", "= {{json label}};", "= ("),
        str![[r#"
error: the rendered file does not parse
  --> units/saw/src/saw.ts
help: this is a fault of the pack: report it there

"#]],
    );
}

#[test]
fn ids_that_are_no_words_or_taken_are_refused() {
    expect(
        &with("pack.toml", "option.label]", "option.\"la$(bel)\"]"),
        str![[r#"
error: `la$(bel)` cannot be an id
  --> pack.toml:23:1
help: use lower-case words joined by `-`

"#]],
    );
    expect(
        &with("pack.toml", "option.label]", "option.yes]"),
        str![[r#"
error: the option `yes` is taken
  --> pack.toml:23:1
help: choose another: it becomes a flag

"#]],
    );
    // Two of one name are one key of TOML twice.
    expect(
        &with("pack.toml", "option.label]", "option.main]"),
        str![[r#"
error: duplicate key
  --> pack.toml:27:26
help: fix it there, then run the command again

"#]],
    );
}

#[test]
fn a_pack_cannot_write_outside_the_host() {
    for dir in [
        "../units",
        "/tmp/units",
        "units/../../x",
        "units/{{name}}/..",
        "C:/units",
        "units\\\\x",
    ] {
        let said = with(
            "pack.toml",
            "files = \"unit\"",
            &format!("files = {{ templates = \"unit\", in = \"{dir}\" }}"),
        );
        assert!(said.contains("is not a path inside the host"), "{dir}: {said}");
    }
    for file in ["../workshop/pack.toml", "/etc/passwd"] {
        with(
            "pack.toml",
            "file = \"src/units.ts\"",
            &format!("file = \"{file}\""),
        );
    }
}

#[test]
fn a_pack_cannot_write_to_what_is_not_its_own() {
    // Tenon's own state and version control are no part of a host.
    for dir in [".git/hooks", ".tenon/x", "units/.git"] {
        let host = workshop();
        host.replace(
            "../workshop/pack.toml",
            "files = \"unit\"",
            &format!("files = {{ templates = \"unit\", in = \"{dir}\" }}"),
        );
        let before = host.tree();
        let ran = host.run(&ARGS);
        assert!(
            ran.exits(2).err.contains("where tenon does not write"),
            "{dir}: {}",
            ran.err
        );
        assert_same(&before, &host.tree());
    }
}

#[test]
fn a_symbolic_link_in_a_pack_is_refused() {
    let host = workshop();
    host.link("../workshop/files/unit/passwd", "/etc/passwd");
    host.refused(&ARGS).says(str![[r#"
error: `files/unit/passwd` in the pack is a symbolic link
help: packs are plain files: replace the link by what it points to

"#]]);
}

#[test]
fn two_packs_that_fit_are_told_apart_by_the_flag() {
    let host = framework();
    host.remove("tenon.toml");
    host.done(&["list"]);
    host.write("workshop.json", "{}\n");
    crate::support::hosts::workshop_pack(host.outside());
    host.done(&["list", "--pack", "../workshop"]);
}

#[test]
fn everything_that_is_wrong_with_a_pack_is_named_at_once() {
    let host = workshop();
    host.run(&["pack", "check", "../workshop"])
        .exits(0)
        .says(str![[r#"
no problems in workshop 0.1.0

"#]]);
    let pack = host.outside().join("workshop");
    let text = std::fs::read_to_string(pack.join("pack.toml")).unwrap();
    let asked = "\n[kind.integration.option.colour]\nkind = \"text\"\nprompt = \"Which?\"\n\n[kind.integration.site.odd]\nalso-for = [\"integraton\"]\nkind = \"member\"\nvalue = \"units/{{name}}\"\n";
    std::fs::write(pack.join("pack.toml"), text + asked).unwrap();
    std::fs::create_dir_all(pack.join("files/lost")).unwrap();
    std::fs::write(pack.join("files/lost/a.txt.hbs"), "{{#if x}}never closed\n").unwrap();
    host.run(&["pack", "check", "../workshop"])
        .exits(1)
        .says(str![[r#"
error: there is no kind `integraton`
  --> pack.toml:54:13
help: did you mean `integration`?
error: nothing uses the option `colour`
  --> pack.toml:49:1
help: use it in a template, or ask for less
error: no kind has the files of `files/lost`
  --> pack.toml
help: name that folder in `files` of a kind, or delete it
3 problems in workshop 0.1.0

"#]]);
    host.run(&["pack", "check", "../nowhere"]).exits(1);
}
