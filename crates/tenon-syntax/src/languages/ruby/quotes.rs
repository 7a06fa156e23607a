//! String literals, and a snippet in the quotes of the file that receives it.

use crate::style::usual_quote;
use crate::tree::Node;

use super::grammar::GRAMMAR;

/// What a string literal says, if nothing in it is worked out or escaped.
pub fn plain(node: &Node<'_>) -> Option<String> {
    let mut parts = node.children().filter(|child| child.is_named());
    match (parts.next(), parts.next()) {
        _ if node.kind() != "string" => None,
        (None, _) => Some(String::new()),
        (Some(only), None) if only.kind() == "string_content" => Some(only.text().into_owned()),
        _ => None,
    }
}

/// The quotes that most plain strings of `source` have; nothing if there are as many of either.
pub fn habit(source: &str) -> Option<char> {
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    let strings = root.dfs().filter(|node| plain(node).is_some());
    usual_quote(strings.filter_map(|string| string.text().chars().next()))
}

/// `snippet` in the quotes of `file`, but for strings that hold a quote, a backslash or `#`; a file that shows no preference leaves
/// it as it is.
pub fn like(snippet: &str, file: &str) -> String {
    let mut out = snippet.to_owned();
    let Some(quote) = habit(file) else { return out };
    let mark = quote.to_string();
    let tree = GRAMMAR.parse(snippet);
    for string in tree.root().dfs() {
        let range = string.range();
        let is_quoted = snippet[range.clone()].starts_with(['\'', '"']);
        let is_plain = |text: String| !text.contains(['\'', '"', '\\', '#']);
        if is_quoted && plain(&string).is_some_and(is_plain) {
            out.replace_range(range.start..range.start + 1, &mark);
            out.replace_range(range.end - 1..range.end, &mark);
        }
    }
    out
}
