//! A snippet in the quotes of the file that receives it.

use super::grammar::GRAMMAR;
use crate::style::usual_quote;
use crate::tree::Node;

/// The quotes that most strings of `source` have; nothing if there are as many of either.
pub fn habit(source: &str) -> Option<char> {
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    let starts = root.dfs().filter(|node| node.kind() == "string_start");
    usual_quote(starts.filter_map(|start| {
        let text = start.text();
        let mut mark = text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).chars();
        // Three are those of texts over several lines.
        mark.next().filter(|_| mark.next().is_none())
    }))
}

/// `snippet` in the quotes of `file`; a file that shows no preference leaves it as it is.
pub fn like(snippet: &str, file: &str) -> String {
    match habit(file) {
        Some(quote) => requoted(snippet, quote),
        None => snippet.to_owned(),
    }
}

/// `source` with its strings in `quote`, but for those that hold a quote or a backslash, and those over several lines.
pub fn requoted(source: &str, quote: char) -> String {
    let tree = GRAMMAR.parse(source);
    let mut out = source.to_owned();
    let root = tree.root();
    let strings: Vec<Node<'_>> = root.dfs().filter(|node| node.kind() == "string").collect();
    for string in strings {
        let (Some(start), Some(end)) = (string.child(0), string.children().last()) else {
            continue;
        };
        let marks = start.text();
        let is_plain = end.text().len() == 1 && marks.ends_with(['\'', '"']);
        let inner = &source[start.range().end..end.range().start];
        if !is_plain || inner.contains(['\'', '"', '\\']) {
            continue;
        }
        let mark = quote.to_string();
        out.replace_range(start.range().end - 1..start.range().end, &mark);
        out.replace_range(end.range(), &mark);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_take_the_quotes_of_the_file() {
        let file = "\"\"\"Doc.\"\"\"\nA = \"a\"\nB = [\"b\", 'c']\n";
        assert_eq!(habit(file), Some('"'));
        assert_eq!(like("x('y', f'z', 'it\"s')", file), "x(\"y\", f\"z\", 'it\"s')");
        assert_eq!(like("x('y')", "a = 1\n"), "x('y')");
    }
}
