//! How TypeScript and JavaScript, without JSX is parsed, and its words.

use crate::tree::{Grammar, Notation};
use tenon_text::format::Indent;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "typescript",
    extensions: &["ts", "mts", "cts", "js", "mjs", "cjs"],
    parser: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    variable: '$',
    both_quotes: true,
    call_within: None,
    notation: Notation {
        comment: "//",
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
        declares: &["const", "let", "var"],
        block_end: None,
        name_values: false,
        import_calls: &[],
        word_lists: &[],
        angle_types: true,
    },
    above: &["//"],
    reserved: "abstract any as async await boolean break case catch class const constructor continue debugger declare \
         default delete do else enum export extends false finally for from function get global if implements \
         import in instanceof interface is let main module namespace never new null number object override \
         package private protected prototype public readonly require return self set static string super switch \
         symbol this throw true try type typeof undefined union unknown var void while with yield",
    newer: &[
        // 4.7: variance both ways.
        (r"([<,]\s*)in\s+out\s", "$1"),
        // 5.0: exports of types alone. 5.9: deferred imports.
        (r"\b(export|import)\s+(?:type|defer)(\s+\*)", "$1$2"),
    ],
};
