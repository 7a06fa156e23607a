//! Entries of lists of statements: where a new one goes among the statements of a block or a file.

use super::{List, ListRule, Look, New, laid_out, sorted_place};
use crate::language::Lang;
use crate::tree::Node;
use tenon_text::diag::TextEdit;
use tenon_text::format::{indent_at, line_end, line_start};

/// Inserts `new` into a list of statements.
pub(super) fn insert(
    source: &str,
    rule: &ListRule,
    list: &List<'_>,
    new: New<'_>,
    look: Look<'_>,
) -> TextEdit {
    let eol = look.eol;
    let (name, entry) = (new.name, new.text);
    let after = |at: usize, indent: &str, blank: bool| {
        let end = line_end(source, at);
        let gap = if blank { eol } else { "" };
        TextEdit::insert(end, format!("{eol}{gap}{}", laid_out(entry, indent, eol)))
    };
    let before = |at: usize, indent: &str, blank: bool| {
        let gap = if blank { eol } else { "" };
        TextEdit::insert(
            line_start(source, at),
            format!("{}{eol}{gap}", laid_out(entry, indent, eol)),
        )
    };
    if let Some(last) = list.follows.iter().max_by_key(|span| span.end) {
        return after(last.end, indent_at(source, last.start), false);
    }
    if let Some(first) = list.precedes.iter().min_by_key(|span| span.start) {
        return before(first.start, indent_at(source, first.start), false);
    }
    let entries = &list.entries;
    if let (Some(last), None) = (list.last, new.index_of_next(entries)) {
        return after(last.end, indent_at(source, last.start), entry.contains('\n'));
    }
    if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
        let spread = entries
            .windows(2)
            .all(|pair| source[pair[0].span.end..pair[1].span.start].matches('\n').count() > 1);
        // One neighbour shows no habit; then a statement over several lines stands by itself.
        let indented = list.node.kind() == "block" && !source[list.node.range().start..].starts_with('{');
        let blank = match entries.len() {
            1 => entry.contains('\n') && !indented,
            _ => spread,
        };
        return match new.index_of_next(entries).or(sorted_place(entries, name)) {
            Some(0) => before(first.span.start, indent_at(source, first.span.start), blank),
            Some(at) => {
                let previous = &entries[at - 1];
                after(previous.span.end, indent_at(source, previous.span.start), blank)
            }
            None => after(last.span.end, indent_at(source, last.span.start), blank),
        };
    }
    if let Some(anchor) = rule
        .after
        .as_ref()
        .and_then(|rule| rule.find_all(&list.node).pop())
    {
        let range = anchor.node().range();
        return after(range.end, indent_at(source, range.start), true);
    }
    if let Some(anchor) = rule.before.as_ref().and_then(|rule| rule.find(&list.node)) {
        let start = above_comments(source, anchor.node().range().start, rule.language);
        return before(start, indent_at(source, start), true);
    }
    first(source, list, entry, look)
}

/// The first entry of a list that has nothing to stand beside: at its end.
fn first(source: &str, list: &List<'_>, entry: &str, look: Look<'_>) -> TextEdit {
    let eol = look.eol;
    let range = list.node.range();
    if list.node.kind() == "statement_list" {
        let text = laid_out(entry, indent_at(source, range.start), eol);
        // The line end that ends the last statement may belong to it.
        let end = range.start + source[range].trim_end().len();
        return TextEdit::insert(line_end(source, end), format!("{eol}{eol}{text}"));
    }
    if list.node.parent().is_some() && !source[range.start..].starts_with(['{', '(']) {
        return insert_into_suite(source, list, entry, eol);
    }
    if list.node.parent().is_some() {
        // A block with brackets: before the closing one.
        let inner = format!("{}{}", indent_at(source, range.start), look.unit);
        let body = &source[range.start + 1..range.end - 1];
        let at = range.start + 1 + body.trim_end().len();
        let close = if body.contains('\n') {
            String::new()
        } else {
            format!("{eol}{}", indent_at(source, range.start))
        };
        return TextEdit::insert(at, format!("{eol}{}{close}", laid_out(entry, &inner, eol)));
    }
    // A file: at its end, with a final line end if it is empty or has one.
    let text = source.trim_end();
    if text.is_empty() {
        TextEdit::insert(source.len(), format!("{}{eol}", laid_out(entry, "", eol)))
    } else {
        TextEdit::insert(text.len(), format!("{eol}{}", laid_out(entry, "", eol)))
    }
}

/// The beginning of what stands at `at`: that of the comment lines directly above it, if there are any.
fn above_comments(source: &str, at: usize, language: Lang) -> usize {
    let mut start = line_start(source, at);
    while start > 0 {
        let above = line_start(source, start - 1);
        let line = source[above..start].trim_start();
        if !language.grammar().above.iter().any(|mark| line.starts_with(mark)) {
            break;
        }
        start = above;
    }
    let line = &source[start..];
    start + (line.len() - line.trim_start_matches([' ', '\t']).len())
}

/// A block that is told by its indentation: behind its last statement, in place of one that says that there is none.
fn insert_into_suite(source: &str, list: &List<'_>, entry: &str, eol: &str) -> TextEdit {
    let range = list.node.range();
    let indent = indent_at(source, range.start);
    let statements: Vec<Node<'_>> = (list.node.children())
        .filter(|child| child.is_named() && child.kind() != "comment")
        .collect();
    let text = laid_out(entry, indent, eol);
    match statements.last() {
        Some(last) if last.kind() == "pass_statement" => TextEdit::replace(last.range(), text.trim_start()),
        Some(last) => {
            let is_doc = last.kind() == "expression_statement"
                && last.child(0).is_some_and(|child| child.kind() == "string");
            let gap = if is_doc { "" } else { eol };
            TextEdit::insert(line_end(source, last.range().end), format!("{eol}{gap}{text}"))
        }
        None => TextEdit::insert(range.end, format!("{eol}{text}")),
    }
}
