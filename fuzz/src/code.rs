//! Code: what is edited parses no worse, and nothing else of it changes.

use crate::input::Input;
use tenon_syntax::entry::{self, Document, Example, Hole, Part, Spelling, Syntax};
use tenon_syntax::language::Lang;
use tenon_syntax::languages::ALL;
use tenon_syntax::list::{List, ListRule, Look, New, check_edit, insert};
use tenon_syntax::list_remove::remove;
use tenon_syntax::rule::Rule;
use tenon_syntax::tree::error_count;
use tenon_text::diag::{Span, apply_edits};
use tenon_text::format::BOM;

/// How many syntax errors `text` has.
pub fn errors(grammar: Lang, text: &str) -> usize {
    error_count(&grammar.parse(text))
}

/// Whether `text` is not of its language. Besides syntax errors that is what tree-sitter lets pass and no compiler does.
pub fn broken(grammar: Lang, text: &str) -> bool {
    let tree = grammar.parse(text);
    // A byte order mark is taken off before anything looks at a text.
    if error_count(&tree) > 0 || text.starts_with(BOM) {
        return true;
    }
    let root = tree.root();
    let all: Vec<_> = root.children().collect();
    match grammar.name() {
        // A NUL ends a statement there.
        "go" if text.contains('\0') => true,
        // Two statements on a line, and nothing in between.
        "go" | "python" => all.windows(2).any(|pair| {
            let between = &text[pair[0].range().end..pair[1].range().start];
            let whole = text[..pair[0].range().end].ends_with(['\n', ';']);
            let comment = pair.iter().any(|node| node.kind() == "comment");
            !whole && !comment && !between.contains(['\n', ';'])
        }),
        // A statement where only items may stand.
        "rust" => all.iter().any(|node| node.kind() == "expression_statement"),
        // `#!` in a line that is not the first.
        _ => all
            .iter()
            .any(|node| node.kind() == "hash_bang_line" && node.range().start > 0),
    }
}

/// That `span` is one of `text`.
pub fn inside(text: &str, span: Span) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
}

fn table(text: &str) -> toml::Table {
    text.parse().expect("the rule is TOML")
}

/// A kind of list: its rule, and an entry called `New`.
type Kind = (ListRule, &'static str);

/// The kinds of lists in a language: entries of a file, of a block, between brackets.
fn list_rules(grammar: Lang) -> Vec<Kind> {
    let compile = |text: &str| Rule::compile(grammar, &table(text)).expect("the rule is one");
    let rule = |container: Option<&str>, target: Option<&str>, entry: &str, after: &str| ListRule {
        containers: container.map(compile).into_iter().collect(),
        target: target.map(str::to_owned),
        entry: compile(entry),
        name_in: None,
        var: "N".into(),
        language: grammar,
        follow: grammar.name() == "go",
        several: false,
        last: false,
        after: Some(compile(after)),
        before: None,
        follows: None,
        precedes: None,
    };
    match grammar.name() {
        "typescript" => {
            let import = "kind = 'import_statement'";
            vec![
                (
                    rule(None, None, "pattern = \"export * as $N from '$P'\"", import),
                    "export * as New from './new';",
                ),
                (
                    rule(
                        Some("pattern = 'const L = $L'"),
                        Some("L"),
                        "kind = 'pair'\nhas = { field = 'key', pattern = '$N' }",
                        import,
                    ),
                    "New: 1",
                ),
                (
                    rule(
                        Some("pattern = 'const L = $L'"),
                        Some("L"),
                        "pattern = '$N.f($$$)'",
                        import,
                    ),
                    "New.f(x)",
                ),
                (
                    rule(
                        Some("kind = 'statement_block'\ninside = { kind = 'function_declaration' }"),
                        None,
                        "kind = 'expression_statement'\nhas = { pattern = '$N.f($$$)' }",
                        import,
                    ),
                    "New.f(x);",
                ),
            ]
        }
        "go" => {
            let import = "kind = 'import_declaration'";
            let call = "kind = 'expression_statement'\nhas = { pattern = '$N.Add($$$)' }";
            let block = "kind = 'statement_list'\ninside = { kind = 'block', inside = { kind = 'function_declaration' } }";
            let literal = "kind = 'literal_value'\ninside = { kind = 'composite_literal', inside = { stopBy = 'end', kind = 'var_spec' } }";
            vec![
                (rule(Some(block), None, call, import), "New.Add(x)"),
                (
                    rule(
                        Some(literal),
                        None,
                        "kind = 'literal_element'\nhas = { pattern = '$N.F($$$)' }",
                        import,
                    ),
                    "New.F(x)",
                ),
                (
                    rule(
                        None,
                        None,
                        "kind = 'type_declaration'\nhas = { kind = 'type_spec', has = { field = 'name', pattern = '$N' } }",
                        import,
                    ),
                    "type New struct{}",
                ),
            ]
        }
        "python" => {
            let import = "kind = 'import_statement'";
            let list = "kind = 'assignment'\nhas = { field = 'left', regex = '^L$' }\npattern = '$T = $L'";
            vec![
                (
                    rule(Some(list), Some("L"), "kind = 'string'\npattern = '$N'", import),
                    "\"New\"",
                ),
                (
                    rule(
                        Some("kind = 'block'\ninside = { kind = 'function_definition' }"),
                        None,
                        "kind = 'expression_statement'\nhas = { pattern = '$N.add($$$)' }",
                        import,
                    ),
                    "New.add(x)",
                ),
                (
                    rule(
                        Some(list),
                        Some("L"),
                        "kind = 'pair'\nhas = { field = 'key', pattern = '$N' }",
                        import,
                    ),
                    "New: 1",
                ),
            ]
        }
        _ => {
            let import = "kind = 'use_declaration'";
            vec![
                (
                    rule(
                        None,
                        None,
                        "kind = 'mod_item'\nnot = { has = { kind = 'declaration_list' } }\npattern = 'mod $N;'",
                        import,
                    ),
                    "mod New;",
                ),
                (
                    rule(
                        Some("kind = 'block'\ninside = { kind = 'function_item' }"),
                        None,
                        "kind = 'expression_statement'\nhas = { stopBy = 'end', pattern = '$N::add($$$)' }",
                        import,
                    ),
                    "New::add(x);",
                ),
                (
                    rule(
                        Some("kind = 'array_expression'\ninside = { kind = 'const_item' }"),
                        None,
                        "kind = 'identifier'\npattern = '$N'",
                        import,
                    ),
                    "New",
                ),
            ]
        }
    }
}

thread_local! {
    static RULES: [Vec<Kind>; 4] =
        ALL.map(list_rules);
}

fn names(list: &List<'_>) -> Vec<String> {
    let names = list.entries().iter().map(|entry| entry.name.clone());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Lists: what is inserted is there, the others stay, and it can be taken out again.
pub fn list(data: &[u8]) {
    let mut input = Input::new(data);
    let (grammar, source) = (input.grammar(), input.text());
    let (which, crlf, ahead_of) = (input.number(), input.number() % 2 == 1, input.text());
    if broken(grammar, &source) {
        return;
    }
    let look = Look {
        unit: if grammar.name() == "go" { "\t" } else { "  " },
        eol: if crlf { "\r\n" } else { "\n" },
    };
    RULES.with(|rules| {
        let rules = &rules[ALL.iter().position(|known| *known == grammar).unwrap()];
        let (rule, entry) = &rules[which % rules.len()];
        listed(grammar, &source, rule, entry, &ahead_of, look);
    });
}

fn listed(grammar: Lang, source: &str, rule: &ListRule, entry: &str, ahead_of: &str, look: Look<'_>) {
    let tree = grammar.parse(source);
    let Ok(list) = rule.find(&tree) else { return };
    let mut old = names(&list);
    for entry in list.entries() {
        inside(source, entry.span);
        inside(source, entry.name_span);
    }
    for (at, entry) in list.entries().iter().enumerate() {
        if let Some(edit) = remove(source, &list, at, entry.span.start) {
            let _ = apply_edits(source, &[edit]).unwrap();
        }
    }
    if old.iter().any(|name| name == "New") {
        return;
    }
    let new = New {
        name: "New",
        text: entry,
        ahead_of,
    };
    let edit = insert(source, rule, &list, new, look);
    // The caller refuses this as well.
    if !list.takes(source, &edit) {
        return;
    }
    let after = apply_edits(source, &[edit]).unwrap();
    // The caller refuses what would not parse.
    if check_edit(grammar, "f", 0, &after).is_err() {
        return;
    }
    let tree = grammar.parse(&after);
    let list = rule
        .find(&tree)
        .unwrap_or_else(|_| panic!("the list is gone:\n{source:?}\n{after:?}"));
    let at = list.entries().iter().position(|entry| entry.name == "New");
    let at = at.unwrap_or_else(|| panic!("the entry is not there:\n{source:?}\n{after:?}"));
    old.push("New".into());
    old.sort();
    assert_eq!(old, names(&list), "{source:?}\n{after:?}");
    let edit = remove(&after, &list, at, list.entries()[at].span.start).expect("it is there");
    let without = apply_edits(&after, &[edit]).unwrap();
    if check_edit(grammar, "f", 0, &without).is_err() {
        return;
    }
    let tree = grammar.parse(&without);
    old.retain(|name| name != "New");
    match rule.find(&tree) {
        Ok(list) => assert_eq!(names(&list), old, "{source:?}\n{after:?}\n{without:?}"),
        // Go has no node for the statements of a block that has none.
        Err(_) if grammar.name() == "go" && old.is_empty() => {}
        Err(_) => panic!("the list went too:\n{source:?}\n{after:?}\n{without:?}"),
    }
}

/// Entries by example: what is edited parses no worse, holds one entry more or less, and is as before when that goes again.
pub fn entry(data: &[u8]) {
    let mut input = Input::new(data);
    let (text, which) = (input.text(), input.number());
    let paths = [
        "a.ts", "a.go", "a.py", "a.rs", "a.json", "a.toml", "a.yaml", "a.md", "a.cfg",
    ];
    let path = paths[which % paths.len()];
    let syntax = Syntax::of(path);
    let hole = || {
        Part::Hole(Hole {
            spelling: Spelling::Name,
            id: 0,
        })
    };
    let said = |text: &str| Part::Text(text.to_owned());
    let parts = match which / paths.len() % 3 {
        0 => vec![said("'"), hole(), said("'")],
        1 => vec![hole(), said(": 1")],
        _ => vec![said("- "), hole()],
    };
    let Ok(example) = Example::new(&parts, syntax) else {
        return;
    };
    let document = Document::new(text.as_str(), syntax);
    let found = document.find(&example, None);
    for entry in &found.matches {
        inside(&text, entry.extent);
        if let Ok(edits) = entry::remove(&document, &example, &found.matches, entry, None) {
            let after = Document::new(apply_edits(&text, &edits).unwrap(), syntax);
            assert_eq!(
                after.find(&example, None).matches.len() + 1,
                found.matches.len(),
                "{text:?}"
            );
        }
    }
    let rendered: String = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.as_str(),
            _ => "acme",
        })
        .collect();
    if let Ok(inserted) = entry::insert(&document, &example, &found.matches, None, &rendered) {
        let after = Document::new(apply_edits(&text, &inserted.edits).unwrap(), syntax);
        assert_eq!(
            after.find(&example, None).matches.len(),
            found.matches.len() + 1,
            "{text:?}"
        );
    }
}

/// Rules of packs.
pub fn rule(data: &[u8]) {
    let mut input = Input::new(data);
    let (rule, code, grammar) = (input.text(), input.text(), input.grammar());
    let Ok(table) = rule.parse::<toml::Table>() else {
        return;
    };
    let checked = Rule::check(grammar, &table).is_ok();
    let Ok(rule) = Rule::compile(grammar, &table) else {
        assert!(!checked);
        return;
    };
    let tree = grammar.parse(&code);
    let root = tree.root();
    let all = rule.find_all(&root);
    assert_eq!(rule.find(&root).is_some(), !all.is_empty());
    for found in all.iter().take(20) {
        inside(&code, found.node().range().into());
        let _ = rule.matched(&found.node());
    }
}

/// Snippets in the habits of a file.
pub fn restyle(data: &[u8]) {
    let mut input = Input::new(data);
    let (grammar, snippet, file) = (input.grammar(), input.text(), input.text());
    let once = grammar.like(&snippet, &file);
    let sound = errors(grammar, &snippet) == 0;
    // Where a string of Python ends is read from the tree, which is anything in broken code.
    if sound || grammar.name() != "python" {
        assert_eq!(grammar.like(&once, &file), once, "{snippet:?} {file:?}");
    }
    if sound && !snippet.contains('\r') {
        assert_eq!(errors(grammar, &once), 0, "{snippet:?} {file:?}\n{once:?}");
    }
}
