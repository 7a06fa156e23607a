//! How Go is parsed, and its words.

use crate::tree::{Grammar, Notation};
use tenon_text::format::Indent;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "go",
    extensions: &["go"],
    parser: || tree_sitter_go::LANGUAGE.into(),
    variable: 'µ',
    both_quotes: false,
    call_within: Some(("func _() { ", " }")),
    notation: Notation {
        comment: "//",
        quotes: &["\"", "'", "`"],
        raw_quote: Some("`"),
        char_quote: None,
        indent: Indent::Tab,
        tuples: false,
        last_comma: "([{",
        grouping: &["const", "type", "var"],
        columns: true,
        block_values: false,
        comma_fields: false,
        declares: &["var", ":="],
        block_end: None,
        name_values: false,
        import_calls: &[],
        word_lists: &[],
        angle_types: false,
    },
    above: &["//"],
    reserved: "break case chan const continue default defer else fallthrough for func go goto if import interface main \
         map package range return select struct switch type var",
    newer: &[
        // 1.26: `new` takes a value.
        (r"\bnew\(", "neu("),
        (
            r"\bneu(\(\s*(?:\[|\*|map\[|chan\b|<-|struct\b|interface\b|func\b))",
            "new$1",
        ),
        (r"\bnew(\(\s*(?:map)?\[[^(){}\n]*\{)", "neu$1"),
    ],
};
