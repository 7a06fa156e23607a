//! How Java is parsed, and its words.

use crate::tree::{Grammar, Notation};
use tenon_text::format::Indent;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "java",
    extensions: &["java"],
    parser: || tree_sitter_java::LANGUAGE.into(),
    variable: '$',
    both_quotes: false,
    call_within: None,
    notation: Notation {
        comment: "//",
        quotes: &["\"\"\"", "\"", "'"],
        raw_quote: None,
        char_quote: Some("'"),
        indent: Indent::Spaces(4),
        tuples: false,
        last_comma: "{",
        grouping: &[],
        columns: false,
        block_values: false,
        comma_fields: false,
        declares: &["var"],
        block_end: None,
        name_values: false,
        import_calls: &[],
        word_lists: &[],
        angle_types: true,
    },
    above: &["//", "/*", "*", "@"],
    reserved: "abstract assert boolean break byte case catch char class const continue default do double else enum \
         extends false final finally float for goto if implements import instanceof int interface long native new \
         null package private protected public record return short static strictfp super switch synchronized this \
         throw throws transient true try var void volatile while yield",
    // 25: `import module`; statements ahead of `super(…)` and `this(…)`.
    newer: &[
        (r"\bimport\s+module\b", "import"),
        (r"\bsuper\(", "_uper("),
        (r"\bthis\(", "_his("),
    ],
};
