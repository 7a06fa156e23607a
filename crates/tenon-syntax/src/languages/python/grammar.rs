//! How Python 3 is parsed, and its words.

use crate::tree::{Grammar, Notation};
use tenon_text::format::Indent;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "python",
    extensions: &["py", "pyi"],
    parser: || tree_sitter_python::LANGUAGE.into(),
    variable: 'µ',
    both_quotes: true,
    call_within: None,
    notation: Notation {
        comment: "#",
        quotes: &["\"\"\"", "'''", "\"", "'"],
        raw_quote: None,
        char_quote: None,
        indent: Indent::Spaces(4),
        tuples: true,
        last_comma: "([{",
        grouping: &[],
        columns: false,
        block_values: false,
        comma_fields: false,
        declares: &[],
        block_end: None,
        name_values: false,
        import_calls: &[],
        word_lists: &[],
        angle_types: false,
    },
    above: &["#"],
    reserved: "and as assert async await break class continue def del elif else except false finally for from global if \
         import in is lambda main match none nonlocal not object or pass raise return self super true try type \
         while with yield",
    newer: &[
        // 3.13: defaults of type parameters.
        (r"\b((?:class|def|type)\s+\w+\[[^\]=\n]*)=", "$1|"),
        // 3.15: lazy imports, and comprehensions that unpack.
        (r"(?m)^lazy\s+(import|from)\b", "$1"),
        (r"([\[{(]\s*)\*\*(\w[^\[\]{}()]*\sfor\s)", "$1-+$2"),
        (r"([\[{(]\s*)\*(\w[^\[\]{}()]*\sfor\s)", "$1-$2"),
    ],
};
