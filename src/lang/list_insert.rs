//! Putting an entry into a list in source code, as its neighbours are written.

use super::format::{indent_at, line_end, line_start};
use super::list::{Entry, List, ListRule};
use super::tree::{Grammar, Node};
use crate::diag::{Error, Result, Span, TextEdit};

/// Inserts `entry` (no final line end, its lines indented relative to its first) named `name` into the list.
///
/// `source` is the text that `list` was found in; `unit` is one level of the file's indentation, `eol` its
/// line end. The entry lands in order if the list is sorted, else last.
pub fn insert(
    source: &str,
    rule: &ListRule,
    list: &List<'_>,
    name: &str,
    entry: &str,
    look: Look<'_>,
) -> TextEdit {
    if list.brackets {
        insert_item(source, list, name, entry, look)
    } else {
        insert_statement(source, rule, list, name, entry, look)
    }
}

/// How the file is written.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// One level of indentation.
    pub unit: &'a str,
    /// Line end.
    pub eol: &'a str,
}

/// Where in sorted entries `name` belongs; `None` if they are not sorted.
fn sorted_place(entries: &[Entry], name: &str) -> Option<usize> {
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    if names.len() < 2 {
        return None;
    }
    let folded = |text: &str| text.to_lowercase();
    if names.is_sorted() {
        Some(names.partition_point(|n| *n < name))
    } else if names.is_sorted_by_key(|n| folded(n)) {
        Some(names.partition_point(|n| folded(n) < folded(name)))
    } else {
        None
    }
}

/// Gives the lines of `entry` the indentation `indent` and the line ends `eol`.
fn laid_out(entry: &str, indent: &str, eol: &str) -> String {
    let mut out = String::new();
    for (at, line) in entry.lines().enumerate() {
        if at > 0 {
            out.push_str(eol);
        }
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str(line);
        }
    }
    out
}

fn insert_statement(
    source: &str,
    rule: &ListRule,
    list: &List<'_>,
    name: &str,
    entry: &str,
    look: Look<'_>,
) -> TextEdit {
    let eol = look.eol;
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
    if let Some(last) = list.last {
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
        return match sorted_place(entries, name) {
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
        let start = above_comments(source, anchor.node().range().start);
        return before(start, indent_at(source, start), true);
    }
    let range = list.node.range();
    if list.node.kind() == "statement_list" {
        return after(range.end, indent_at(source, range.start), true);
    }
    insert_alone(source, list, entry, look)
}

/// Nothing in the list, and nothing beside it, says where the entry goes.
fn insert_alone(source: &str, list: &List<'_>, entry: &str, look: Look<'_>) -> TextEdit {
    let (range, eol) = (list.node.range(), look.eol);
    if list.node.parent().is_some() && !source[range.start..].starts_with('{') {
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
fn above_comments(source: &str, at: usize) -> usize {
    let mut start = line_start(source, at);
    while start > 0 {
        let above = line_start(source, start - 1);
        let line = source[above..start].trim_start();
        if !line.starts_with("//") && !line.starts_with('#') {
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

fn insert_item(source: &str, list: &List<'_>, name: &str, entry: &str, look: Look<'_>) -> TextEdit {
    let range = list.node.range();
    let eol = look.eol;
    let items = list.items();
    let Some(last) = items.last() else {
        return insert_first_item(source, list, entry, look);
    };
    let open = range.start + 1;
    let multi_line = source[open..items[0].start].contains('\n');
    let place = if list.entries.len() == items.len() {
        sorted_place(&list.entries, name)
    } else {
        None
    };
    // Entries stand together: behind the last of them, whatever follows.
    let last_entry = list
        .entries
        .last()
        .and_then(|entry| items.iter().position(|item| *item == entry.span));
    let index_of = |span: &Span| items.iter().position(|item| item == span);
    let follows = list.follows.iter().filter_map(index_of).max().map(|at| at + 1);
    let precedes = list.precedes.iter().filter_map(index_of).min();
    let at = follows
        .or(precedes)
        .or(place)
        .unwrap_or(last_entry.map_or(items.len(), |at| at + 1));
    if !multi_line {
        return match at {
            0 => TextEdit::insert(items[0].start, format!("{entry}, ")),
            // A tuple of one has a comma behind it, which no longer has to be there.
            1 if items.len() == 1 && source[items[0].end..range.end] == *",)" => {
                TextEdit::replace(items[0].end..range.end - 1, format!(", {entry}"))
            }
            at => TextEdit::insert(items[at - 1].end, format!(", {entry}")),
        };
    }
    let indent = indent_at(source, items[0].start);
    if at == 0 {
        return TextEdit::insert(
            line_start(source, items[0].start),
            format!("{},{eol}", laid_out(entry, indent, eol)),
        );
    }
    let previous = items[at - 1];
    let rest = &source[previous.end..range.end];
    let comma = rest.trim_start().starts_with(',');
    if !comma {
        // The last item, without a trailing comma: it gets one, the new item gets none.
        debug_assert_eq!(previous, *last);
        let line_rest = &source[previous.end..line_end(source, previous.end)];
        if line_rest.trim().is_empty() {
            return TextEdit::insert(previous.end, format!(",{eol}{}", laid_out(entry, indent, eol)));
        }
        let text = format!(",{line_rest}{eol}{}", laid_out(entry, indent, eol));
        return TextEdit::replace(previous.end..previous.end + line_rest.len(), text);
    }
    let after_comma = previous.end + rest.find(',').map_or(0, |comma| comma + 1);
    let next_on_line = items
        .get(at)
        .is_some_and(|next| !source[after_comma..next.start].contains('\n'));
    let end = if next_on_line {
        after_comma
    } else {
        line_end(source, after_comma)
    };
    TextEdit::insert(end, format!("{eol}{},", laid_out(entry, indent, eol)))
}

/// The list has no item yet.
fn insert_first_item(source: &str, list: &List<'_>, entry: &str, look: Look<'_>) -> TextEdit {
    let range = list.node.range();
    let eol = look.eol;
    let body = &source[range.start + 1..range.end - 1];
    let outer = indent_at(source, range.start);
    let inner = format!("{outer}{}", look.unit);
    if body.contains('\n') {
        // Brackets on lines of their own, perhaps with comments between them.
        let at = range.start + 1 + body.trim_end().len();
        return TextEdit::insert(at, format!("{eol}{},", laid_out(entry, &inner, eol)));
    }
    let braces = source[range.start..].starts_with('{');
    if entry.contains('\n') || braces {
        let text = format!("{eol}{},{eol}{outer}", laid_out(entry, &inner, eol));
        return TextEdit::replace(range.start + 1..range.end - 1, text);
    }
    // A tuple of one needs a comma.
    let comma = if list.node.kind() == "tuple" { "," } else { "" };
    TextEdit::replace(range.start + 1..range.end - 1, format!("{entry}{comma}"))
}

/// Refuses an edit that breaks the file: one that adds syntax errors.
pub fn check_edit(grammar: Grammar, path: &str, errors_before: usize, after: &str) -> Result<()> {
    let tree = grammar.parse(after);
    if super::tree::error_count(&tree) > errors_before {
        return Err(Error::new(format!("the edit of `{path}` would not parse")).in_file(path));
    }
    Ok(())
}
