//! How Rust is parsed, and its words.

use crate::tree::{Grammar, Notation};
use tenon_text::format::Indent;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "rust",
    extensions: &["rs"],
    parser: || tree_sitter_rust::LANGUAGE.into(),
    variable: 'µ',
    both_quotes: false,
    call_within: None,
    notation: Notation {
        comment: "//",
        quotes: &["\"", "'", "`"],
        raw_quote: None,
        char_quote: Some("'"),
        indent: Indent::Spaces(4),
        tuples: false,
        last_comma: "([{",
        grouping: &[],
        columns: false,
        block_values: true,
        comma_fields: true,
        declares: &["let"],
        block_end: None,
        name_values: false,
        import_calls: &[],
        word_lists: &[],
        angle_types: true,
    },
    above: &["//", "#["],
    reserved: "abstract as async await break case const continue crate default do dyn else enum extern false final fn \
         for if impl in let loop main match mod move mut new override pub ref return self static string struct \
         super trait true try type typeof union unsafe use where while yield",
    // 1.82: what is safe in an `extern` block.
    newer: &[(r"\bsafe\s+(fn|static)\b", "$1")],
};
