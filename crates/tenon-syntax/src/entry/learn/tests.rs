//! What is proposed for files of several languages.

use super::super::{Document, Syntax};
use super::{NameIndex, propose};

const NAMES: [&str; 5] = ["amber", "cobalt-blue", "indigo", "ochre", "umber"];

fn pascal(name: &str) -> String {
    tenon_text::names::CASES
        .iter()
        .find(|(case, _)| *case == "pascal")
        .unwrap()
        .1(name)
}

/// The entries that are proposed for the file, with how many members have each.
fn proposed(path: &str, text: &str) -> Vec<(String, usize)> {
    let names: Vec<String> = NAMES.map(str::to_owned).into();
    let index = NameIndex::new(NAMES);
    let doc = Document::new(text, Syntax::of(path));
    let all = propose(&doc, &names, &index, 3).into_iter();
    all.map(|proposal| (proposal.template.clone(), proposal.members().len()))
        .collect()
}

#[track_caller]
fn one(path: &str, text: &str, template: &str, members: usize) {
    assert_eq!(proposed(path, text), [(template.to_owned(), members)], "{text}");
}

fn each(line: &dyn Fn(&str) -> String) -> String {
    NAMES.map(line).concat()
}

#[test]
fn a_field_has_its_comment_and_a_spelling_in_each_hole() {
    let fields = each(&|name| {
        let flat = name.replace('-', "");
        format!(
            "\t// {0} is for {name}\n\t{0} *{flat}.Options `yaml:\"{name},omitempty\"`\n\n",
            pascal(name)
        )
    });
    one(
        "a.go",
        &format!("package a\n\ntype Config struct {{\n\tVerbose bool\n\n{fields}}}\n"),
        "// {{pascal name}} is for {{name}}\n{{pascal name}} *{{flat name}}.Options `yaml:\"{{name}},omitempty\"`",
        5,
    );
}

#[test]
fn what_differs_between_brackets_is_left_out_as_a_whole() {
    let text = format!(
        "package a\n\nvar all = []Case{{\n{}}}\n",
        NAMES
            .iter()
            .zip([
                "Url: \"x\"",
                "Url: \"y\", Port: 1",
                "Token: \"t\"",
                "Key: 2",
                "User: \"u\", Host: \"h\""
            ])
            .map(|(name, options)| format!("\t{{Name: \"{name}\", Options: Options{{{options}}}}},\n"))
            .collect::<String>()
    );
    one("a.go", &text, "{Name: \"{{name}}\", Options: Options{}}", 5);
}

#[test]
fn a_value_that_differs_has_the_most_frequent_one() {
    let versions = ["0.1.0", "0.2.0", "0.1.0", "1.0.0", "0.3.1"];
    let pairs: Vec<String> = NAMES
        .iter()
        .zip(versions)
        .map(|(name, version)| format!("  \"packages/{name}\": \"{version}\""))
        .collect();
    one(
        "a.json",
        &format!("{{\n{}\n}}\n", pairs.join(",\n")),
        "\"packages/{{name}}\": \"{{#_}}0.1.0{{/_}}\"",
        5,
    );
}

#[test]
fn an_item_of_yaml_ends_with_its_quote() {
    let items = each(&|name| format!("  - kind: {name}\n    remote: \"Test{}:\"\n", pascal(name)));
    one(
        "a.yml",
        &format!("all:\n{items}"),
        "- kind: {{name}}\n  remote: \"Test{{pascal name}}:\"",
        5,
    );
}

#[test]
fn a_row_of_a_table_leaves_sentences_open() {
    let says = [
        "sends mail",
        "rings a bell",
        "writes a line",
        "calls",
        "does nothing",
    ];
    let rows: String = NAMES
        .iter()
        .zip(says)
        .map(|(name, says)| format!("| [{}](docs/{name}.md) | {says} |\n", pascal(name)))
        .collect();
    one(
        "a.md",
        &format!("# A\n\n| name | what |\n|---|---|\n{rows}"),
        "| [{{pascal name}}](docs/{{name}}.md) | {{_}} |",
        5,
    );
}

#[test]
fn a_section_has_the_lines_that_most_have() {
    let more = ["Needs a token.\n\n", "", "", "Only for sailors.\n\n", ""];
    let sections: String = NAMES
        .iter()
        .zip(more)
        .map(|(name, more)| format!("## Setting up {0}\n\n{more}Set `{name}.url`.\n\n", pascal(name)))
        .collect();
    one(
        "a.md",
        &format!("# A\n\n{sections}"),
        "## Setting up {{pascal name}}\n{{#_}}\n\nSet `{{name}}.url`.\n{{/_}}",
        5,
    );
}

#[test]
fn templates_of_others_stay_as_they_are() {
    let lines = each(&|name| format!("{{{{< plugin name=\"{}\" link=\"/{name}/\" >}}}}\n", pascal(name)));
    one(
        "a.md",
        &lines,
        "\\{{< plugin name=\"{{pascal name}}\" link=\"/{{name}}/\" >}}",
        5,
    );
}

#[test]
fn half_words_are_not_proposed() {
    // What a member depends on is no list of members.
    let versions = ["v1.2.3", "v0.4.0", "v2.0.1", "v1.9.0", "v3.1.4"];
    let lines: String = NAMES
        .iter()
        .zip(versions)
        .zip(["a", "b/c", "d", "e", "f"])
        .map(|((name, version), path)| format!("\tgithub.com/{name}/{path} {version}\n"))
        .collect();
    assert_eq!(proposed("go.mod", &format!("require (\n{lines})\n")), []);
    // Prose that speaks of members.
    let prose =
        "We like amber.\n\nSome like cobalt-blue more.\n\nThen indigo came.\n\nAnd ochre, and umber.\n";
    assert_eq!(proposed("a.md", prose), []);
}
