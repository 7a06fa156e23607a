//! How Ruby is parsed, and its words.

use crate::tree::{Grammar, Notation};
use tenon_text::format::Indent;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "ruby",
    extensions: &["rb", "rake", "gemspec", "ru"],
    parser: || tree_sitter_ruby::LANGUAGE.into(),
    variable: 'µ',
    both_quotes: true,
    call_within: None,
    notation: Notation {
        comment: "#",
        quotes: &["\"", "'", "`"],
        raw_quote: None,
        char_quote: None,
        indent: Indent::Spaces(2),
        tuples: false,
        last_comma: "([{",
        grouping: &[],
        columns: false,
        block_values: false,
        comma_fields: false,
        declares: &[],
        block_end: Some("end"),
        name_values: true,
        import_calls: &["autoload", "load", "require", "require_relative"],
        word_lists: &["%w", "%W", "%i", "%I"],
        angle_types: false,
    },
    above: &["#"],
    reserved: "BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next nil \
         not or redo rescue retry return self super then true undef unless until when while yield",
    newer: &[(r"\n[ \t]([ \t]*)(&&|\|\||and\b|or\b)", " $2\n$1")], // 4.0: an operator ahead of its line
};
