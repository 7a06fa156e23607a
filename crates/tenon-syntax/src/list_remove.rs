//! Taking an entry out of a list in source code, so that the list closes up as a person would leave it.

use super::list::{Entry, List};
use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{line_end, line_start};

/// Removes the entry `index` of `list`, which was found in `source`: with its separator, and with its line if nothing
/// else stands there.
///
/// Of an entry that is a statement, what stands before it from `start` on goes too.
pub fn remove(source: &str, list: &List<'_>, index: usize, start: usize) -> Option<TextEdit> {
    let entry = list.entries().get(index)?;
    let items = list.items();
    Some(match items.iter().position(|item| *item == entry.span) {
        Some(_) if list.brackets() && items.len() == 1 => only_item(source, list, entry),
        Some(at) if list.brackets() => item(source, list, &items, at),
        _ => statement(
            source,
            Span::new(start.min(entry.span.start), entry.span.end),
            list,
        ),
    })
}

/// Whole lines, from the first of `span` to the last, with the line end behind them; nothing if something else stands
/// on them.
fn lines(source: &str, span: Span, list: &List<'_>) -> Option<Span> {
    let (start, end) = (line_start(source, span.start), line_end(source, span.end));
    let before = source[start..span.start].trim();
    let after = source[span.end..end].trim();
    let alone = before.is_empty()
        && (after.is_empty()
            || after == ";"
            || list
                .language()
                .grammar()
                .above
                .iter()
                .any(|mark| after.starts_with(mark)));
    let next = end + source[end..].find('\n').map_or(0, |at| at + 1);
    alone.then(|| Span::new(start, next))
}

fn statement(source: &str, entry: Span, list: &List<'_>) -> TextEdit {
    let Some(mut span) = lines(source, entry, list) else {
        return TextEdit::replace(entry, "");
    };
    // Between two blank lines, or between one and the end of the file or either end of a block, one goes too.
    let above = source[..span.start].trim_end_matches([' ', '\t']);
    let blank_above = above.ends_with("\n\n") || above.ends_with("\n\r\n");
    let rest = &source[span.end..];
    let first = rest.split_inclusive('\n').next().unwrap_or_default();
    // What is first in a block has no blank line above it.
    let opens = above.trim_end().ends_with(['{', '(']);
    if (blank_above || opens) && !first.is_empty() && first.trim().is_empty() {
        span.end += first.len();
    } else if blank_above && (rest.is_empty() || first.trim_start().starts_with(['}', ')', ']'])) {
        span.start = above.trim_end_matches(['\n', '\r']).len()
            + source[above.trim_end_matches(['\n', '\r']).len()..]
                .find('\n')
                .map_or(0, |at| at + 1);
    }
    // A file without a final line end keeps having none.
    if rest.is_empty() && !source.ends_with('\n') {
        let kept = &source[..span.start];
        let kept = kept.strip_suffix('\n').unwrap_or(kept);
        span.start = kept.strip_suffix('\r').unwrap_or(kept).len();
    }
    TextEdit::replace(span, "")
}

/// The only item goes: nothing stays between the brackets but comments.
fn only_item(source: &str, list: &List<'_>, entry: &Entry) -> TextEdit {
    let inside = Span::new(list.span().start + 1, list.span().end.saturating_sub(1));
    let before = &source[inside.start..entry.span.start];
    let after = source[entry.span.end..inside.end].trim_start();
    let after = after.strip_prefix(',').unwrap_or(after);
    if before.trim().is_empty() && after.trim().is_empty() {
        return TextEdit::replace(inside, "");
    }
    item(source, list, &[entry.span], 0)
}

fn item(source: &str, list: &List<'_>, items: &[Span], at: usize) -> TextEdit {
    let item = items[at];
    let close = list.span().end.saturating_sub(1);
    let until = items.get(at + 1).map_or(close, |next| next.start);
    let comma = source[item.end..until]
        .find(',')
        .map(|comma| item.end + comma + 1);
    let whole = Span::new(item.start, comma.unwrap_or(item.end));
    if let Some(span) = lines(source, whole, list) {
        let previous = at.checked_sub(1).map(|at| items[at]);
        // The last item had no comma behind it: the one before has none either then.
        if let (None, Some(previous)) = (comma, previous)
            && let Some(comma) = source[previous.end..item.start].find(',')
        {
            let comma = previous.end + comma;
            let kept = &source[comma + 1..span.start];
            return TextEdit::replace(comma..span.end, kept);
        }
        return TextEdit::replace(span, "");
    }
    match (items.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => TextEdit::replace(item.start..next.start, ""),
        (None, Some(previous)) => TextEdit::replace(items[previous].end..item.end, ""),
        (None, None) => TextEdit::replace(whole, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::list::ListRule;
    use super::super::rule::Rule;
    use super::*;
    use crate::language::Lang;
    use crate::typescript::TypeScript;
    use tenon_text::diag::apply_edits;

    const TYPESCRIPT: Lang = Lang(&TypeScript);

    fn rule(entry: &str, container: Option<&str>) -> ListRule {
        let compile = |text: &str| Rule::compile(TYPESCRIPT, &text.parse::<toml::Table>().unwrap()).unwrap();
        ListRule {
            containers: container.map(compile).into_iter().collect(),
            target: container.map(|_| "L".to_owned()),
            entry: compile(entry),
            name_in: None,
            var: "N".into(),
            language: TYPESCRIPT,
            follow: false,
            several: false,
            last: false,
            after: None,
            before: None,
            follows: None,
            precedes: None,
        }
    }

    fn without(source: &str, rule: &ListRule, index: usize) -> String {
        let tree = TYPESCRIPT.parse(source);
        let list = rule.find(&tree).ok().unwrap();
        let edit = remove(source, &list, index, usize::MAX).unwrap();
        apply_edits(source, &[edit]).unwrap()
    }

    #[test]
    fn statements_go_with_their_line() {
        let block = "kind = 'statement_block'\npattern = '$L'";
        let inner = rule("pattern = \"export * as $N from '$P'\"", Some(block));
        let rule = rule("pattern = \"export * as $N from '$P'\"", None);
        let source = "export * as A from './a';\nexport * as B from './b'; // b\nexport * as C from './c';\n";
        assert_eq!(
            without(source, &rule, 1),
            "export * as A from './a';\nexport * as C from './c';\n"
        );
        assert_eq!(without("export * as A from './a';", &rule, 0), "");
        assert_eq!(without("a();\r\nexport * as A from './a';", &rule, 0), "a();");
        let spread = "a();\r\n\r\nexport * as A from './a';\r\n\r\nb();\r\n";
        assert_eq!(without(spread, &rule, 0), "a();\r\n\r\nb();\r\n");
        let last = "namespace n {\n  a();\n\n  export * as A from './a';\n}\n";
        assert_eq!(without(last, &inner, 0), "namespace n {\n  a();\n}\n");
    }

    #[test]
    fn items_go_with_their_comma() {
        let rule = rule(
            "kind = 'pair'\nhas = { field = 'key', pattern = '$N' }",
            Some("pattern = 'const L = $L'"),
        );
        for (source, index, after) in [
            ("const L = { a: 1, b: 2, c: 3 };", 1, "const L = { a: 1, c: 3 };"),
            ("const L = { a: 1, b: 2 };", 1, "const L = { a: 1 };"),
            ("const L = { a: 1 };", 0, "const L = {};"),
            ("const L = {\n  a: 1,\n};", 0, "const L = {};"),
            (
                "const L = {\n  // one\n  a: 1,\n};",
                0,
                "const L = {\n  // one\n};",
            ),
            (
                "const L = {\n  a: 1,\n  b: 2, // two\n  c: 3,\n};",
                1,
                "const L = {\n  a: 1,\n  c: 3,\n};",
            ),
            (
                "const L = {\n  a: 1,\n  b: {\n    x: 1,\n  },\n};",
                1,
                "const L = {\n  a: 1,\n};",
            ),
            ("const L = {\n  a: 1,\n  b: 2\n};", 1, "const L = {\n  a: 1\n};"),
        ] {
            assert_eq!(without(source, &rule, index), after);
        }
    }
}
