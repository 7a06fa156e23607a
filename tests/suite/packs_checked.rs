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

/// `with` a second kind in the pack, which begins with this.
#[track_caller]
fn another(lines: &str, expected: impl IntoData) {
    let first = "[kind.unit]\n";
    says(first, &format!("[kind.shelf]\n{lines}\n{first}"), expected);
}

#[test]
fn a_kind_shares_with_one_of_the_pack() {
    another(
        "summary = \"A shelf\"\nlike = \"unti\"\n",
        str![[r#"
error: there is no kind `unti`
  --> pack.toml:47:8
help: did you mean `unit`?

"#]],
    );
    another(
        "summary = \"A shelf\"\nlike = \"unit\"\nonly = [\"jops\"]\n",
        str![[r#"
error: there is no option, site or folder of templates of `unit` called `jops`
  --> pack.toml:48:9
help: did you mean `jobs`?

"#]],
    );
    another(
        "summary = \"A shelf\"\nlike = \"unit\"\nexcept = [\"jobs\", \"unitt\"]\n",
        str![[r#"
error: there is no option, site or folder of templates of `unit` called `unitt`
  --> pack.toml:48:19
help: did you mean `units`?

"#]],
    );
    says(
        "expect = \"unique\"",
        "expect = \"unique\"\nalso-for = [\"unti\"]",
        str![[r#"
error: there is no kind `unti`
  --> pack.toml:173:13
help: did you mean `unit`?

"#]],
    );
}

#[test]
fn a_kind_says_what_it_is_in_a_line() {
    says(
        "summary = \"A unit of the shop\"\n",
        "",
        str![[r#"
error: the kind `unit` has no `summary`
  --> pack.toml:45:1
help: say in one line what it is: `summary = "…"`

"#]],
    );
    another(
        "next = [\"look at it\"]\n",
        str![[r#"
error: the kind `shelf` has no `summary`
  --> pack.toml:45:1
help: say in one line what it is: `summary = "…"`

"#]],
    );
}

#[test]
fn an_answer_is_read_back_from_one_source() {
    says(
        "read = { files = \"{{home}}/src/jobs/{id}/*.ts\" }",
        "read = { files = \"{{home}}/src/jobs/{id}/*.ts\", each = \"jops\" }",
        str![[r#"
error: there is no option of `unit` called `jops`
  --> pack.toml:55:56
help: did you mean `jobs`?

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ site = \"serving\", files = \"a/{id}\" }",
        str![[r#"
error: how `serve` is read back needs exactly one source
  --> pack.toml:61:8
help: give it one of `files`, `find`, `pointer`, `containing`, `site`

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ site = \"serve\" }",
        str![[r#"
error: there is no site of kind `slot` called `serve`
  --> pack.toml:61:17
help: the pack has: serving

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ find = { pattern = \"a($B)\" } }",
        str![[r#"
error: how `serve` is read back has no `file`
  --> pack.toml:61:8
help: add `file = …`

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ file = \"a.ts\", find = { pattern = \"a($B)\" }, var = \"C\" }",
        str![[r#"
error: there is no variable in `find` called `C`
  --> pack.toml:61:61
help: did you mean `B`?

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ file = \"a.ts\", find = { pattern = \"a($B)\" }, var = \"B\", regex = \"^b(\" }",
        str![[r#"
error: `^b(` is not a regular expression
  --> pack.toml:61:74
  because: unclosed group
help: a backslash is written twice between double quotes

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ file = \"a.ts\", find = { pattern = \"a($B)\" }, var = \"B\", regex = \"^b\" }",
        str![[r#"
error: `^b` has no group
  --> pack.toml:61:74
help: put what is the answer into parentheses

"#]],
    );
    says(
        "{ site = \"serving\" }",
        "{ file = \"a.ts\", find = { kind = \"no_such_kind\", has = { pattern = \"$B\" } }, var = \"B\" }",
        str![[r#"
error: the rule cannot be compiled
  --> pack.toml:61:32
  because: Rule contains invalid kind matcher.
  because: Invalid Kind
  because: Kind `no_such_kind` is invalid.
help: kinds are those of the language's tree-sitter grammar, patterns are code of the language

"#]],
    );
}

#[test]
fn a_rule_of_a_pack_has_what_its_kind_needs_and_nothing_else() {
    says(
        "export = \"Service\"\ncontract",
        "contract",
        str![[r#"
error: `expect = "class"` has no `export`
  --> pack.toml:144:10
help: add `export = …`

"#]],
    );
    says(
        "counter\"\nwhy",
        "counter\"\nvalue = \"x\"\nwhy",
        str![[r#"
error: `expect = "unique"` does nothing with `value`
  --> pack.toml:172:10
help: it takes: pointer

"#]],
    );
    says(
        "contract = \"service\"\ndecorators",
        "contract = \"servce\"\ndecorators",
        str![[r#"
error: there is no contract `servce`
  --> pack.toml:148:12
help: did you mean `service`?

"#]],
    );
    says(
        "api = \"kit\"\ntakes",
        "api = \"kid\"\ntakes",
        str![[r#"
error: there is no api `kid`
  --> pack.toml:157:7
help: did you mean `kit`?

"#]],
    );
    says(
        "site = \"config\"",
        "site = \"serving\"",
        str![[r#"
error: there is no site with entries called `serving`
  --> pack.toml:160:8
help: the pack has: jobs, config, units

"#]],
    );
    says(
        "takes = \"{}.Service\"",
        "takes = \"Service\"",
        str![[r#"
error: `Service` does not say where the name stands
  --> pack.toml:158:9
help: write `{}` once, in place of the name: `{}.Service`

"#]],
    );
    says(
        "local = [\"^@shop/\"]",
        "local = [\"^@shop/(\"]",
        str![[r#"
error: `^@shop/(` is not a regular expression
  --> pack.toml:190:10
  because: unclosed group
help: a backslash is written twice between double quotes

"#]],
    );
    says(
        "each = \"jobs\"\nfile = \"{{home}}/src/jobs/{{job.id}}/index.ts\"\nexport = \"Service\"\ncontract",
        "each = \"job\"\nfile = \"{{home}}/src/jobs/{{job.id}}/index.ts\"\nexport = \"Service\"\ncontract",
        str![[r#"
error: there is no option or fact table `job`
  --> pack.toml:145:8
help: did you mean `jobs`?

"#]],
    );
    says(
        "expect = \"entry-points\"",
        "expect = \"entry-point\"",
        str![[r#"
error: `entry-point` is not a choice here
  --> pack.toml:178:10
help: did you mean `entry-points`?

"#]],
    );
}

#[test]
fn a_required_file_is_one_of_its_folder() {
    says(
        "\"{{job.id}}.service.ts\" =",
        "\"{{job.id}}.servce.ts\" =",
        str![[r#"
error: there is no template that makes the file `{{job.id}}.servce.ts`
  --> pack.toml:78:26
help: did you mean `{{job.id}}.service.ts`?

"#]],
    );
}

#[test]
fn what_a_site_says_to_checks_does_something() {
    says(
        "value = \"*\"\n",
        "value = \"*\"\nexact = true\n",
        str![[r#"
error: the site `dependency` does nothing with `exact`
  --> pack.toml:116:1
help: its kind has no such key: see docs/packs.md

"#]],
    );
    says(
        "closed = true",
        "closed = true\nalso = [\"helpers\"]",
        str![[r#"
error: there is no `rest` of a `read` that is called `helpers`
  --> pack.toml:106:9
help: the pack has none

"#]],
    );
    says(
        "var = \"KEY\"\nis",
        "var = \"KEYS\"\nis",
        str![[r#"
error: there is no variable in `find` called `KEYS`
  --> pack.toml:134:7
help: did you mean `KEY`?

"#]],
    );
    says(
        "var = \"KEY\"\nis = \"{{camel job.name}}\"",
        "var = \"KEY\"",
        str![[r#"
error: the field `KEY` of the site `serving` expects nothing
  --> pack.toml:134:7
help: give it `is`, `declared-in` or `exported-in`

"#]],
    );
    says(
        "find = { pattern = \"Config.$KEY\" }",
        "find = { patern = \"Config.$KEY\" }",
        str![[r#"
error: `patern` is not a key of a rule
  --> pack.toml:133:8
  because: in a field of the site `serving`
help: did you mean `pattern`?

"#]],
    );
}

#[test]
fn templates_are_read_when_the_pack_is_loaded() {
    says(
        "is = \"{{camel job.name}}",
        "is = \"{{camel job.name",
        str![[r#"
error: the template cannot be read
  --> pack.toml:135:6
  because: invalid handlebars syntax: expected identifier, helper_parameter, or trailing_tilde_to_omit_whitespace
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
    says(
        "why = \"the store imports `@shop/{{name}}`\"",
        "why = \"the store imports {{#if}}\"",
        str![[r#"
error: the template cannot be read
  --> pack.toml:183:7
  because: invalid handlebars syntax: expected escape, expression, html_expression, decorator_expression, partial_expression, invert_tag, invert_chain_tag, helper_block_start, helper_block_end, decorator_block_start, partial_block_start, raw_block_start, hbs_comment, or hbs_comment_compact
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
    says(
        "expect = \"unique\"",
        "expect = \"unique\"\nwhen = \"(not\"",
        str![[r#"
error: the template cannot be read
  --> pack.toml:173:8
  because: invalid handlebars syntax: expected identifier or helper_parameter
help: `{{` opens an expression; write `\{{` where the text itself has two braces

"#]],
    );
}
