//! Code: what is edited parses no worse, and nothing else of it changes.

use crate::input::Input;
use tenon_syntax::entry::{self, Document, Example, Hole, Part, Spelling, Syntax};
use tenon_syntax::language::Lang;
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
    let (Ok(all), Ok(first)) = (rule.find_all(&root), rule.find(&root)) else {
        return;
    };
    assert_eq!(first.is_some(), !all.is_empty());
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
