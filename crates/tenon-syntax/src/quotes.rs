//! String literals in the quotes that a file has, in a language where `'a'` and `"a"` are the same string.

use std::ops::Range;

use crate::style::usual_quote;
use crate::tree::{Grammar, Node};

/// What says in some language, in some quotes, that a value is put into the string.
const PUT_IN: [&str; 3] = ["#{", "#@", "#$"];

/// The marks around a string that may have either quotes: on one line, with nothing in it that quotes decide about.
fn marks(source: &str, string: &Node<'_>) -> Option<[Range<usize>; 2]> {
    let (open, close) = (string.child(0)?.range(), string.children().last()?.range());
    let inner = source.get(open.end..close.start)?;
    let is_quoted = close.len() == 1 && source[open.clone()].ends_with(['\'', '"']);
    let is_plain = !inner.contains(['\'', '"', '\\']) && !PUT_IN.iter().any(|mark| inner.contains(mark));
    (is_quoted && is_plain).then(|| [open.end - 1..open.end, close])
}

/// The marks around the strings of `source` that may have either quotes. What stands in another string is left out.
fn plain(grammar: &'static Grammar, source: &str) -> Vec<[Range<usize>; 2]> {
    let tree = grammar.parse(source);
    let root = tree.root();
    let strings = root.dfs().filter(|node| node.kind() == "string");
    let is_inner = |node: &Node<'_>| node.ancestors().any(|above| above.kind() == "string");
    strings
        .filter(|node| !is_inner(node))
        .filter_map(|node| marks(source, &node))
        .collect()
}

/// `snippet` in the quotes that most strings of `file` have; as it is, if there are as many of either.
pub fn like(grammar: &'static Grammar, snippet: &str, file: &str) -> String {
    match usual(grammar, file) {
        Some(quote) => requoted(grammar, snippet, quote),
        None => snippet.to_owned(),
    }
}

/// The quotes that most strings of `source` have; nothing if there are as many of either.
pub fn usual(grammar: &'static Grammar, source: &str) -> Option<char> {
    let all = plain(grammar, source);
    usual_quote(
        all.iter()
            .filter_map(|[open, _]| source[open.clone()].chars().next()),
    )
}

/// `source` with its strings in `quote`, but for those that hold a quote or a backslash, and those over several lines.
pub fn requoted(grammar: &'static Grammar, source: &str, quote: char) -> String {
    let mut out = source.to_owned();
    for mark in plain(grammar, source).into_iter().flatten() {
        out.replace_range(mark, quote.encode_utf8(&mut [0; 4]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::ALL;

    #[test]
    fn strings_take_the_quotes_of_the_file() {
        let of = |name: &str| ALL.into_iter().find(|known| known.name() == name).unwrap();
        let like = |name: &str, snippet: &str, file: &str| like(of(name).grammar(), snippet, file);
        let file = "\"\"\"Doc.\"\"\"\nA = \"a\"\nB = [\"b\", 'c']\n";
        assert_eq!(usual(of("python").grammar(), file), Some('"'));
        for (snippet, after) in [
            ("x('y', f'z', 'it\"s')", "x(\"y\", f\"z\", 'it\"s')"),
            ("x(f'{y('z')}', '''a''')", "x(f'{y('z')}', '''a''')"),
        ] {
            assert_eq!(like("python", snippet, file), after);
        }
        assert_eq!(like("python", "x('y')", "a = 1\n"), "x('y')");
        let file = "a \"b #{c}\", \"d\\n\", 'e'\n";
        let after = like("ruby", "x \"y\", \"#{z}\", '#@w', %q(v)", file);
        assert_eq!(after, "x 'y', \"#{z}\", '#@w', %q(v)");
        let after = like("ruby", "x '#@w', '#w'", "a \"b\"\n");
        assert_eq!(after, "x '#@w', \"#w\"");
    }
}
