//! Packs whose sections about what exists cannot be used: each is refused when the pack is loaded, at its place.

use std::path::Path;

use snapbox::{IntoData, str};

use crate::support::fault::copy_tree;
use crate::support::sandbox::{Sandbox, expect};

/// What is said to the pack of the examples with one change.
#[track_caller]
fn with(from: &str, to: &str) -> String {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let host = Sandbox::copy_of(&rules.join("host"));
    let pack = host.outside().join("pack");
    std::fs::create_dir(&pack).unwrap();
    copy_tree(&rules.join("pack"), &pack);
    host.replace("../pack/pack.toml", from, to);
    host.refused(&["check", "--pack", "../pack"]).err
}

#[track_caller]
fn says(from: &str, to: &str, expected: impl IntoData) {
    expect(&with(from, to), expected);
}

#[test]
fn a_subject_speaks_of_a_generator_and_a_table_of_the_pack() {
    says(
        "generator = \"unit\"",
        "generator = \"unti\"",
        str![[r#"
error: there is no generator `unti`
  --> pack.toml:185:13
help: did you mean `unit`?

"#]],
    );
    says(
        "rows = \"units\"",
        "rows = \"unit\"",
        str![[r#"
error: there is no fact table `unit`
  --> pack.toml:186:8
help: did you mean `units`?

"#]],
    );
}

#[test]
fn an_answer_is_read_back_from_one_source() {
    says(
        "question = \"jobs\"\nfor",
        "question = \"jops\"\nfor",
        str![[r#"
error: there is no question of `unit` called `jops`
  --> pack.toml:190:12
help: did you mean `jobs`?

"#]],
    );
    says(
        "site = \"serving\"\n",
        "site = \"serving\"\nfiles = \"a/{id}\"\n",
        str![[r#"
error: how `serve` is read back needs exactly one source
  --> pack.toml:195:12
help: give it one of `files`, `find`, `pointer`, `containing`, `site`

"#]],
    );
    says(
        "site = \"serving\"\n",
        "site = \"serve\"\n",
        str![[r#"
error: there is no site of kind `slot` called `serve`
  --> pack.toml:197:8
help: the pack has: serving

"#]],
    );
    says(
        "site = \"serving\"\n",
        "find = { pattern = \"a($B)\" }\n",
        str![[r#"
error: how `serve` is read back has no `file`
  --> pack.toml:195:12
help: add `file = …`

"#]],
    );
    says(
        "site = \"serving\"\n",
        "file = \"a.ts\"\nfind = { pattern = \"a($B)\" }\nvar = \"C\"\n",
        str![[r#"
error: there is no variable in `find` called `C`
  --> pack.toml:199:7
help: did you mean `B`?

"#]],
    );
    says(
        "site = \"serving\"\n",
        "file = \"a.ts\"\nfind = { pattern = \"a($B)\" }\nvar = \"B\"\nregex = \"^b(\"\n",
        str![[r#"
error: `^b(` is no regular expression
  --> pack.toml:200:9
  because: unclosed group
help: a backslash is written twice between double quotes

"#]],
    );
    says(
        "site = \"serving\"\n",
        "file = \"a.ts\"\nfind = { pattern = \"a($B)\" }\nvar = \"B\"\nregex = \"^b\"\n",
        str![[r#"
error: `^b` has no group
  --> pack.toml:200:9
help: put what is the answer into parentheses

"#]],
    );
    says(
        "site = \"serving\"\n",
        "file = \"a.ts\"\nfind = { kind = \"no_such_kind\", has = { pattern = \"$B\" } }\nvar = \"B\"\n",
        str![[r#"
error: the rule cannot be compiled
  --> pack.toml:198:8
  because: Rule contains invalid kind matcher.
  because: Invalid Kind
  because: Kind `no_such_kind` is invalid.
help: kinds are those of the language's tree-sitter grammar, patterns are code of the language

"#]],
    );
}

#[test]
fn an_expectation_has_what_its_kind_needs_and_nothing_else() {
    says(
        "export = \"Service\"\ncontract",
        "contract",
        str![[r#"
error: the expectation of kind `class` has no `export`
  --> pack.toml:207:8
help: add `export = …`

"#]],
    );
    says(
        "counter\"\nwhy",
        "counter\"\nvalue = \"x\"\nwhy",
        str![[r#"
error: an expectation of kind `unique` does nothing with `value`
  --> pack.toml:238:8
help: it takes: pointer

"#]],
    );
    says(
        "contract = \"service\"\ndecorators",
        "contract = \"servce\"\ndecorators",
        str![[r#"
error: there is no contract `servce`
  --> pack.toml:212:12
help: did you mean `service`?

"#]],
    );
    says(
        "api = \"kit\"\ntakes",
        "api = \"kid\"\ntakes",
        str![[r#"
error: there is no api `kid`
  --> pack.toml:222:7
help: did you mean `kit`?

"#]],
    );
    says(
        "site = \"config\"",
        "site = \"serving\"",
        str![[r#"
error: there is no site of kind `list` called `serving`
  --> pack.toml:225:8
help: the pack has: jobs, config, units

"#]],
    );
    says(
        "takes = \"{}.Service\"",
        "takes = \"Service\"",
        str![[r#"
error: `Service` does not say where the name stands
  --> pack.toml:223:9
help: write `{}` once, in place of the name: `{}.Service`

"#]],
    );
    says(
        "local = [\"^@shop/\"]",
        "local = [\"^@shop/(\"]",
        str![[r#"
error: `^@shop/(` is no regular expression
  --> pack.toml:259:10
  because: unclosed group
help: a backslash is written twice between double quotes

"#]],
    );
    says(
        "each = \"jobs\"\nfile = \"units/{{name}}/src/jobs/{{job.id}}/index.ts\"\nexport = \"Service\"\ncontract",
        "each = \"job\"\nfile = \"units/{{name}}/src/jobs/{{job.id}}/index.ts\"\nexport = \"Service\"\ncontract",
        str![[r#"
error: there is no question or fact table `job`
  --> pack.toml:209:8
help: did you mean `jobs`?

"#]],
    );
    says(
        "kind = \"entry-points\"",
        "kind = \"entry-point\"",
        str![[r#"
error: `entry-point` is no choice here
  --> pack.toml:245:8
help: did you mean `entry-points`?

"#]],
    );
}

#[test]
fn a_required_file_is_one_of_its_part() {
    says(
        "file = \"{{job.id}}.service.ts\"",
        "file = \"{{job.id}}.servce.ts\"",
        str![[r#"
error: there is no file in the part called `{{job.id}}.servce.ts`
  --> pack.toml:83:8
help: did you mean `{{job.id}}.service.ts`?

"#]],
    );
}

#[test]
fn what_a_site_says_to_checks_does_something() {
    says(
        "leads-to = \"PATH\"",
        "leads-to = \"PAHT\"",
        str![[r#"
error: there is no variable in `entry` called `PAHT`
  --> pack.toml:112:12
help: did you mean `PATH`?

"#]],
    );
    says(
        "value = \"*\"\n",
        "value = \"*\"\nleads-to = \"PATH\"\n",
        str![[r#"
error: the site `dependency` does nothing with `leads-to`
  --> pack.toml:157:6
help: its kind has no such key: see docs/packs.md

"#]],
    );
    says(
        "closed = true",
        "closed = true\nalso = [\"helpers\"]",
        str![[r#"
error: there is no `rest` of an `[[observe]]` that is called `helpers`
  --> pack.toml:129:9
help: the pack has none

"#]],
    );
    says(
        "var = \"UNIT\"",
        "var = \"UNITS\"",
        str![[r#"
error: there is no variable in `find` called `UNITS`
  --> pack.toml:133:7
help: did you mean `UNIT`?

"#]],
    );
    says(
        "var = \"UNIT\"\nis = \"{{name}}\"",
        "var = \"UNIT\"",
        str![[r#"
error: the field `UNIT` of the site `config` expects nothing
  --> pack.toml:133:7
help: give it `is`, `declared-in` or `exported-in`

"#]],
    );
    says(
        "find = { pattern = \"Config.$KEY\" }",
        "find = { patern = \"Config.$KEY\" }",
        str![[r#"
error: `patern` is not a key of a rule
  --> pack.toml:180:8
  because: in a field of the site `serving`
help: did you mean `pattern`?

"#]],
    );
}

#[test]
fn templates_are_read_when_the_pack_is_loaded() {
    says(
        "declared-in = \"units/{{name}}",
        "declared-in = \"units/{{name",
        str![[r#"
error: the template cannot be read
  --> pack.toml:139:15
  because: invalid handlebars syntax: expected path_id
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
    says(
        "why = \"the store imports `@shop/{{name}}`\"",
        "why = \"the store imports {{#if}}\"",
        str![[r#"
error: the template cannot be read
  --> pack.toml:251:7
  because: invalid handlebars syntax: expected escape, expression, html_expression, decorator_expression, partial_expression, invert_tag, invert_chain_tag, helper_block_start, helper_block_end, decorator_block_start, partial_block_start, raw_block_start, hbs_comment, or hbs_comment_compact
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
    says(
        "kind = \"unique\"",
        "kind = \"unique\"\nwhen = \"(not\"",
        str![[r#"
error: the template cannot be read
  --> pack.toml:239:8
  because: invalid handlebars syntax: expected identifier or helper_parameter
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
}
