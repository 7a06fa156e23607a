//! How Go is parsed, and its words.

use crate::tree::Grammar;

/// The grammar.
pub static GRAMMAR: Grammar = Grammar {
    name: "go",
    extensions: &["go"],
    parser: || tree_sitter_go::LANGUAGE.into(),
    variable: 'µ',
    both_quotes: false,
    call_within: Some(("func _() { ", " }")),
    above: &["//"],
    reserved: "break case chan const continue default defer else fallthrough for func go goto if import interface main \
         map package range return select struct switch type var",
};
