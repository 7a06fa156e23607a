//! How Rust is parsed, and its words.

use crate::tree::Grammar;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "rust",
    extensions: &["rs"],
    parser: || tree_sitter_rust::LANGUAGE.into(),
    variable: 'µ',
    both_quotes: false,
    call_within: None,
    above: &["//", "#["],
    reserved: "abstract as async await break case const continue crate default do dyn else enum extern false final fn \
         for if impl in let loop main match mod move mut new override pub ref return self static string struct \
         super trait true try type typeof union unsafe use where while yield",
};
