//! Each case: a list before, an entry, the list after. Only the inserted bytes differ.

use super::*;
use crate::{go::Go, typescript::TypeScript};
use tenon_text::diag::apply_edits;

const GO: Lang = Lang(&Go);
const TYPESCRIPT: Lang = Lang(&TypeScript);

fn rule(text: &str) -> Rule {
    Rule::compile(TYPESCRIPT, &text.parse::<toml::Table>().unwrap()).unwrap()
}

fn exports() -> ListRule {
    ListRule {
        containers: vec![],
        target: None,
        entry: rule("pattern = \"export * as $NS from '$PATH'\""),
        name_in: None,
        var: "NS".into(),
        language: TYPESCRIPT,
        follow: false,
        several: false,
        last: false,
        after: Some(rule("kind = 'import_statement'")),
        before: None,
        follows: None,
        precedes: None,
    }
}

fn object() -> ListRule {
    ListRule {
        containers: vec![rule("pattern = 'const Config: $T = $LIST'")],
        target: Some("LIST".into()),
        entry: rule("pattern = { context = '({ $KEY: $VALUE })', selector = 'pair' }"),
        name_in: None,
        var: "KEY".into(),
        language: TYPESCRIPT,
        follow: false,
        several: false,
        last: false,
        after: None,
        before: None,
        follows: None,
        precedes: None,
    }
}

fn array() -> ListRule {
    ListRule {
        containers: vec![rule(
            "pattern = { context = '({ imports: $LIST })', selector = 'pair' }",
        )],
        target: Some("LIST".into()),
        entry: rule("pattern = '$NAME'"),
        name_in: None,
        var: "NAME".into(),
        language: TYPESCRIPT,
        follow: false,
        several: false,
        last: false,
        after: None,
        before: None,
        follows: None,
        precedes: None,
    }
}

/// An entry that goes where the list says.
fn plain<'a>(name: &'a str, text: &'a str) -> New<'a> {
    New {
        name,
        text,
        ahead_of: "",
    }
}

fn added(rule: &ListRule, source: &str, name: &str, entry: &str) -> String {
    let tree = TYPESCRIPT.parse(source);
    let list = rule.find(&tree).ok().unwrap();
    let eol = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let unit = if source.contains("\n\t") { "\t" } else { "  " };
    let edit = insert(source, rule, &list, plain(name, entry), Look { unit, eol });
    let after = apply_edits(source, &[edit]).unwrap();
    check_edit(TYPESCRIPT, "x.ts", 0, &after).unwrap();
    let tree = TYPESCRIPT.parse(&after);
    let names: Vec<String> = rule
        .find(&tree)
        .ok()
        .unwrap()
        .entries()
        .iter()
        .map(|e| e.name.clone())
        .collect();
    assert!(
        names.iter().any(|n| n == name),
        "{name} is in {names:?} of\n{after}"
    );
    after
}

#[test]
fn statements_go_last_where_the_list_is_unsorted() {
    let source = "export * as B from './b';\nexport * as A from './a'; // first\n\nconst x = 1;\n";
    let after = added(&exports(), source, "C", "export * as C from './c';");
    assert_eq!(
        after,
        "export * as B from './b';\nexport * as A from './a'; // first\nexport * as C from './c';\n\nconst x = 1;\n"
    );
}

#[test]
fn statements_go_in_place_where_the_list_is_sorted() {
    let source = "export * as A from './a';\r\nexport * as D from './d';";
    assert_eq!(
        added(&exports(), source, "C", "export * as C from './c';"),
        "export * as A from './a';\r\nexport * as C from './c';\r\nexport * as D from './d';"
    );
    assert_eq!(
        added(
            &exports(),
            "export * as B from './b';\nexport * as D from './d';\n",
            "A",
            "export * as A from './a';"
        ),
        "export * as A from './a';\nexport * as B from './b';\nexport * as D from './d';\n"
    );
}

#[test]
fn the_first_statement_makes_the_file_or_follows_its_anchor() {
    assert_eq!(
        added(&exports(), "", "A", "export * as A from './a';"),
        "export * as A from './a';\n"
    );
    assert_eq!(
        added(
            &exports(),
            "import x from 'x';\n",
            "A",
            "export * as A from './a';"
        ),
        "import x from 'x';\n\nexport * as A from './a';\n"
    );
    assert_eq!(
        added(&exports(), "const a = 1", "A", "export * as A from './a';"),
        "const a = 1\nexport * as A from './a';"
    );
}

#[test]
fn an_empty_object_opens() {
    assert_eq!(
        added(
            &object(),
            "export const Config: T = {};\n",
            "a",
            "a: {\n  b: 1,\n}"
        ),
        "export const Config: T = {\n  a: {\n    b: 1,\n  },\n};\n"
    );
}

#[test]
fn an_object_keeps_its_comma_style_and_comments() {
    assert_eq!(
        added(
            &object(),
            "const Config: T = {\n\ta: 1, // one\n\tb: 2 // two\n};\n",
            "c",
            "c: 3"
        ),
        "const Config: T = {\n\ta: 1, // one\n\tb: 2, // two\n\tc: 3\n};\n"
    );
    assert_eq!(
        added(
            &object(),
            "const Config: T = {\n  b: 1,\n  a: 2, // two\n  // end\n};\n",
            "c",
            "c: 3"
        ),
        "const Config: T = {\n  b: 1,\n  a: 2, // two\n  c: 3,\n  // end\n};\n"
    );
    assert_eq!(
        added(&object(), "const Config: T = { b: 1, a: 2 };\n", "c", "c: 3"),
        "const Config: T = { b: 1, a: 2, c: 3 };\n"
    );
}

#[test]
fn a_sorted_object_stays_sorted() {
    assert_eq!(
        added(
            &object(),
            "const Config: T = {\n  a: 1,\n  c: 2,\n};\n",
            "b",
            "b: 3"
        ),
        "const Config: T = {\n  a: 1,\n  b: 3,\n  c: 2,\n};\n"
    );
    assert_eq!(
        added(
            &object(),
            "const Config: T = {\n  b: 1,\n  c: 2,\n};\n",
            "a",
            "a: 3"
        ),
        "const Config: T = {\n  a: 3,\n  b: 1,\n  c: 2,\n};\n"
    );
}

#[test]
fn arrays_of_every_shape() {
    assert_eq!(
        added(&array(), "x({ imports: [] });\n", "A", "A"),
        "x({ imports: [A] });\n"
    );
    assert_eq!(
        added(&array(), "x({ imports: [B] });\n", "A", "A"),
        "x({ imports: [B, A] });\n"
    );
    assert_eq!(
        added(
            &array(),
            "x({\r\n  imports: [\r\n    B,\r\n    A,\r\n  ],\r\n});\r\n",
            "C",
            "C"
        ),
        "x({\r\n  imports: [\r\n    B,\r\n    A,\r\n    C,\r\n  ],\r\n});\r\n"
    );
    assert_eq!(
        added(
            &array(),
            "x({\n  imports: [\n    // none yet\n  ],\n});\n",
            "C",
            "C"
        ),
        "x({\n  imports: [\n    // none yet\n    C,\n  ],\n});\n"
    );
}

#[test]
fn two_places_are_named_and_none_is_said() {
    let tree = TYPESCRIPT.parse("const Config: T = {};\n{ const Config: T = {}; }\n");
    match object().find(&tree) {
        Err(NotFound::Ambiguous(places)) => {
            assert_eq!(places.iter().map(|p| p.line).collect::<Vec<_>>(), [1, 2])
        }
        _ => panic!("two lists match"),
    }
    let tree = TYPESCRIPT.parse("const Other = 1;\n");
    assert!(matches!(object().find(&tree), Err(NotFound::Nowhere)));
}

#[test]
fn an_entry_goes_before_the_one_that_it_names() {
    let said = |source: &str, rule: &ListRule, ahead_of: &str| {
        let tree = TYPESCRIPT.parse(source);
        let list = rule.find(&tree).ok().unwrap();
        let new = New {
            ahead_of,
            ..plain(
                "D",
                if rule.target.is_some() {
                    "D"
                } else {
                    "export * as D from './d';"
                },
            )
        };
        let look = Look {
            unit: "  ",
            eol: "\n",
        };
        apply_edits(source, &[insert(source, rule, &list, new, look)]).unwrap()
    };
    let items = "x({\n  imports: [\n    C,\n    A,\n    B,\n  ],\n});\n";
    for (ahead_of, after) in [
        ("A", "C,\n    D,\n    A,\n    B,"),
        ("C", "D,\n    C,\n    A,\n    B,"),
        ("gone", "C,\n    A,\n    B,\n    D,"),
        ("", "C,\n    A,\n    B,\n    D,"),
    ] {
        assert_eq!(
            said(items, &array(), ahead_of),
            format!("x({{\n  imports: [\n    {after}\n  ],\n}});\n")
        );
    }
    assert_eq!(
        said("x({ imports: [C, A] });", &array(), "A"),
        "x({ imports: [C, D, A] });"
    );
    let statements = "export * as C from './c';\nexport * as A from './a';\n";
    assert_eq!(
        said(statements, &exports(), "A"),
        "export * as C from './c';\nexport * as D from './d';\nexport * as A from './a';\n"
    );
    let last = ListRule {
        last: true,
        ..exports()
    };
    assert_eq!(
        said(statements, &last, "C"),
        "export * as D from './d';\nexport * as C from './c';\nexport * as A from './a';\n"
    );
}

#[test]
fn a_block_of_imports_has_no_commas() {
    let compile = |text: &str| Rule::compile(GO, &text.parse::<toml::Table>().unwrap()).unwrap();
    let imports = ListRule {
        containers: vec![compile("kind = 'import_spec_list'")],
        target: None,
        entry: compile("kind = 'import_spec'\nhas = { field = 'path', pattern = '$PATH' }"),
        var: "PATH".into(),
        after: None,
        ..exports()
    };
    let look = Look {
        unit: "\t",
        eol: "\n",
    };
    for (before, after) in [
        (
            "package p\n\nimport (\n\t// All.\n\t_ \"x/a\"\n\t_ \"x/c\"\n)\n",
            "package p\n\nimport (\n\t// All.\n\t_ \"x/a\"\n\t_ \"x/b\"\n\t_ \"x/c\"\n)\n",
        ),
        (
            "package p\n\nimport (\n\t// All.\n)\n",
            "package p\n\nimport (\n\t// All.\n\t_ \"x/b\"\n)\n",
        ),
    ] {
        let tree = GO.parse(before);
        let list = imports.find(&tree).ok().unwrap();
        let edit = insert(before, &imports, &list, plain("x/b", "_ \"x/b\""), look);
        let text = apply_edits(before, &[edit]).unwrap();
        assert_eq!(text, after);
        let tree = GO.parse(&text);
        let list = imports.find(&tree).ok().unwrap();
        let index = list
            .entries()
            .iter()
            .position(|entry| entry.name == "x/b")
            .unwrap();
        let edit = crate::list_remove::remove(&text, &list, index, usize::MAX).unwrap();
        assert_eq!(apply_edits(&text, &[edit]).unwrap(), before);
    }
}

#[test]
fn a_block_on_one_line_takes_no_statement() {
    let calls = |source: &str| {
        let rules = ListRule {
            containers: vec![rule("kind = 'statement_block'")],
            entry: rule("kind = 'expression_statement'\nhas = { pattern = '$NS.f()' }"),
            ..exports()
        };
        let tree = TYPESCRIPT.parse(source);
        let list = rules.find(&tree).ok().unwrap();
        let new = New {
            name: "C",
            text: "C.f();",
            ahead_of: "",
        };
        let look = Look {
            unit: "  ",
            eol: "\n",
        };
        list.takes(source, &insert(source, &rules, &list, new, look))
    };
    assert!(calls("function g() {\n  A.f();\n}\n"));
    assert!(calls("function g() {}\n"));
    // It would stand behind the function.
    assert!(!calls("function g() { A.f(); }\n"));
    assert!(!calls("function g() {\n  A.f(); }\n"));
}

#[test]
fn the_first_entry_of_a_go_function_stands_in_it() {
    let go = |text: &str| Rule::compile(GO, &text.parse::<toml::Table>().unwrap()).unwrap();
    let rules = ListRule {
        containers: vec![go("kind = 'statement_list'")],
        entry: go("kind = 'expression_statement'\nhas = { pattern = '$NS.Add($$$)' }"),
        after: None,
        ..exports()
    };
    for source in [
        "package a\n\nfunc f() {\n\tA.Get(1)\n}\n",
        "package a\n\nfunc f() {\n\tA.Get(1) // a\n}\n",
    ] {
        let tree = GO.parse(source);
        let list = rules.find(&tree).ok().unwrap();
        let new = New {
            name: "C",
            text: "C.Add(1)",
            ahead_of: "",
        };
        let look = Look {
            unit: "\t",
            eol: "\n",
        };
        let edit = insert(source, &rules, &list, new, look);
        assert!(list.takes(source, &edit));
        let expected = source.replace("\n}", "\n\n\tC.Add(1)\n}");
        assert_eq!(apply_edits(source, &[edit]).unwrap(), expected);
    }
}
