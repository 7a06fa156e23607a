//! Adds an entry: beside its nearest neighbour, or as the first one into the place that a scope names.

use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{Indent, indent_at, line_end, line_start};

use super::body::{Body, New, attached, body, is_documented, plain, rest_of_line};
use super::columns::widened;
use super::document::{Document, Syntax};
use super::example::Example;
use super::extent::{Holder, Match};
use super::lists::{List, choose, lists};
use super::nodes::Id;
use super::order::{most_common, place};
use super::read_back::{Change, read_back};
use super::refusal::{Refusal, Why};
use super::remove::blank_lines;
use super::scope::Scope;
use super::tables::{COMMA_BRACES, FIELDS, MARKS, NO_COMMAS, TERMINATORS};
use crate::tree::Grammar;

/// An entry that can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// What to change.
    pub edits: Vec<TextEdit>,
    /// What stood between brackets that were empty. Keep it with the entry: [`super::remove()`] needs it to restore every byte.
    pub hollow: Option<String>,
}

/// How two entries are parted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Separator {
    /// Space before the mark.
    before: String,
    mark: String,
    /// Space behind the mark.
    after: String,
}

/// Adds the entry that `text` writes out to the list of `matches` with the most members, in `scope` if there is one, or as the first
/// entry of the scope. `matches` are all that [`Document::find`] finds there.
///
/// # Errors
/// If there is no such list, more than one, or the edit cannot be shown to add exactly this entry.
pub fn insert(
    doc: &Document,
    example: &Example,
    matches: &[Match],
    scope: Option<&Scope>,
    text: &str,
) -> Result<Inserted, Refusal> {
    let refused = |why: Why| Refusal {
        why,
        text: text.trim().to_owned(),
    };
    if let Some(problem) = doc.problem() {
        return Err(refused(Why::NotUnderstood(problem.to_owned())));
    }
    let new = New::read(example, text).ok_or_else(|| refused(Why::NoExample))?;
    let lists = lists(doc, matches, scope);
    let list = choose(&lists).map_err(&refused)?;
    let there = list
        .into_iter()
        .flat_map(|list| &list.entries)
        .find(|entry| new.is(entry));
    if let Some(there) = there {
        return Err(refused(Why::Present(there.extent)));
    }
    let old = doc.find(example, None).matches;
    let number = |entry: &Match| {
        old.iter()
            .position(|other| other.extent.start == entry.extent.start)
    };
    let (inserted, change) = match (list, scope) {
        (Some(list), _) => {
            let (edits, near) = beside(doc, example, &new, list).map_err(&refused)?;
            let change = Change::Added {
                values: &new.values,
                beside: number(near),
                into: None,
            };
            (Inserted { edits, hollow: None }, change)
        }
        (None, Some(scope)) => {
            let change = Change::Added {
                values: &new.values,
                beside: None,
                into: Some(scope.span.start),
            };
            (first(doc, example, &new, scope), change)
        }
        (None, None) => return Err(refused(Why::NoPlace)),
    };
    read_back(doc, example, &old, &inserted.edits, &change).map_err(&refused)?;
    Ok(inserted)
}

/// The edits that put `new` into `list`, and the entry beside it.
fn beside<'m>(
    doc: &Document,
    example: &Example,
    new: &New,
    list: &List<'m>,
) -> Result<(Vec<TextEdit>, &'m Match), Why> {
    let mut all: Vec<&Match> = list.entries.clone();
    if all.iter().any(|entry| entry.member.is_some()) {
        all.retain(|entry| entry.member.is_some());
    }
    if let Some(part) = all.iter().find(|entry| !entry.is_element) {
        return Err(Why::NoElement(part.extent));
    }
    let rows = segment(doc, &all);
    let is_block = matches!(list.holder, Holder::Node(id) if doc.is_block(id) && id != 0);
    let mut at = if is_block && rows.len() < 3 {
        rows.len()
    } else {
        sorted_place(doc, new, &rows)
    };
    let is_tail = |entry: &Match| is_block && doc.is_last_value(entry);
    if at > 0 && is_tail(rows[at - 1]) {
        at -= 1;
    }
    let (ahead, behind) = rows.split_at(at);
    let mut near: Vec<&Match> = Vec::with_capacity(rows.len());
    let (mut up, mut down) = (ahead.iter().rev(), behind.iter());
    while near.len() < rows.len() {
        near.extend(up.next());
        near.extend(down.next());
    }
    let separator = separator(doc, example, &all, list.holder);
    let lined = separator.after.contains('\n');
    let leading = separator.before.contains('\n');
    let indent = indent(doc, &near, &separator);
    let body = body(doc, example, new, &near, &rows, &indent);
    let blank = separator.after.matches('\n').count().saturating_sub(1);
    let mut edits = Vec::new();
    let beside = rows
        .get(at.wrapping_sub(1))
        .into_iter()
        .chain(rows.get(at))
        .find(|row| body.like == Some(row.extent.start));
    if let Some(like) = beside.filter(|_| blank == 0) {
        edits.extend(widened(doc, &rows, like, &body.wider));
    }
    if let Some(behind) = at.checked_sub(1).map(|at| rows[at]) {
        let end = behind.extent.end;
        let eol = doc.eol(end);
        let line = rest_of_line(doc, behind.extent);
        let own_line = doc.ends_line(end, &separator.mark) && !inside_comment(doc, line.end);
        if lined && own_line {
            let rest = doc.without_comments(line.start, line.end);
            let has_mark = !separator.mark.is_empty() && rest.trim_start().starts_with(&separator.mark);
            if !separator.mark.is_empty() && !has_mark {
                edits.push(TextEdit::insert(
                    end,
                    format!("{}{}", separator.before, separator.mark),
                ));
            }
            let mark = if has_mark {
                format!("{}{}", separator.before, separator.mark)
            } else {
                String::new()
            };
            let said = format!(
                "{}{indent}{}{}{mark}",
                "\n".repeat(1 + blank),
                body.comment,
                body.text
            );
            edits.push(TextEdit::insert(line.end, said.replace('\n', eol)));
        } else if leading && own_line {
            let said = format!(
                "{}{}{}{}",
                separator.before, separator.mark, separator.after, body.text
            );
            edits.push(TextEdit::insert(line.end, said.replace('\n', eol)));
        } else {
            let said = format!(
                "{}{}{}{}",
                separator.before, separator.mark, separator.after, body.text
            );
            edits.push(TextEdit::insert(end, said.replace('\n', eol)));
        }
        return Ok((edits, behind));
    }
    let ahead = rows[0];
    let start = if is_documented(doc, example, &all) {
        attached(doc, ahead)
    } else {
        ahead.extent.start
    };
    let eol = doc.eol(start);
    let mark = format!("{}{}", separator.before, separator.mark);
    let said = if lined && doc.begins_line(start) {
        let own = &doc.text[line_start(&doc.text, start)..start];
        let own = own.trim_start_matches('\u{feff}');
        format!(
            "{}{}{mark}{}{own}",
            body.comment,
            body.text,
            "\n".repeat(1 + blank)
        )
    } else {
        format!("{}{mark}{}", body.text, separator.after)
    };
    edits.push(TextEdit::insert(start, said.replace('\n', eol)));
    Ok((edits, ahead))
}

/// Whether a comment goes on behind `at`.
fn inside_comment(doc: &Document, at: usize) -> bool {
    doc.comments.iter().any(|span| {
        let held = doc.text[span.start..span.end].trim_end();
        span.start < at && at < span.start + held.len()
    })
}

/// The place of `new` among `rows`.
fn sorted_place(doc: &Document, new: &New, rows: &[&Match]) -> usize {
    let columns: Vec<usize> = (0..new.holes.len())
        .filter(|at| rows.iter().all(|row| row.value(new.holes[*at]).is_some()))
        .collect();
    let whole = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let keys: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let values = columns
                .iter()
                .filter_map(|at| row.value(new.holes[*at]).map(str::to_owned));
            values
                .chain([whole(&doc.text[row.extent.start..row.extent.end])])
                .collect()
        })
        .collect();
    let text = plain(doc, new, "").text;
    let own = columns
        .iter()
        .map(|at| new.values[*at].clone())
        .chain([whole(&text)]);
    place(&keys, &own.collect::<Vec<_>>())
}

/// The entries of the part of the list that a new one belongs to: blank lines where there are none otherwise part it.
fn segment<'m>(doc: &Document, all: &[&'m Match]) -> Vec<&'m Match> {
    let blanks: Vec<usize> = all
        .windows(2)
        .map(|pair| blank_lines(doc, pair[0], pair[1]))
        .collect();
    let usual = most_common(blanks.iter().copied()).unwrap_or(0);
    let mut parts: Vec<Vec<&Match>> = vec![vec![]];
    for (number, entry) in all.iter().enumerate() {
        if number > 0 && blanks[number - 1] > usual {
            parts.push(vec![]);
        }
        if let Some(part) = parts.last_mut() {
            part.push(entry);
        }
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    match parts.into_iter().next() {
        Some(part) if part.len() * 2 >= all.len() => part,
        _ => all.to_vec(),
    }
}

/// How the entries are parted: as most of those that follow each other are, else as the list's brackets tell.
fn separator(doc: &Document, example: &Example, all: &[&Match], holder: Holder) -> Separator {
    let between = all.windows(2).filter_map(|pair| {
        let to = attached(doc, pair[1]).max(pair[0].extent.end);
        let text = doc.without_comments(pair[0].extent.end, to).replace("\r\n", "\n");
        let mark = text.trim();
        let known = mark.is_empty() || MARKS.contains(&mark);
        let (before, after) = text.split_once(mark)?;
        known.then(|| Separator {
            before: if mark.is_empty() {
                String::new()
            } else {
                before.to_owned()
            },
            mark: mark.to_owned(),
            after: if mark.is_empty() {
                text.clone()
            } else {
                after.to_owned()
            },
        })
    });
    if let Some(found) = most_common(between) {
        return found;
    }
    let (from, to) = all
        .first()
        .map_or((0, 0), |entry| (entry.extent.start, entry.extent.end));
    let by_comma = match holder {
        Holder::Node(id) => {
            doc.code(doc.token_at(to)) == Some(",")
                || doc.text[to..].trim_start().starts_with(',')
                || doc.takes_commas(id, example)
        }
        Holder::Lines => false,
    };
    let mark = if by_comma { "," } else { "" };
    let lined = doc.begins_line(from) && doc.ends_line(to, mark);
    Separator {
        before: String::new(),
        mark: mark.to_owned(),
        after: if lined || !by_comma {
            format!("\n{}", indent_at(&doc.text, from))
        } else {
            " ".to_owned()
        },
    }
}

/// The indentation of a line for a new entry: that of the nearest neighbour that begins a line.
fn indent(doc: &Document, near: &[&Match], separator: &Separator) -> String {
    let line = near.iter().find(|entry| doc.begins_line(entry.extent.start));
    match line {
        Some(entry) => doc.text[line_start(&doc.text, entry.extent.start)..entry.extent.start]
            .trim_start_matches('\u{feff}')
            .to_owned(),
        None => separator.after.rsplit('\n').next().unwrap_or_default().to_owned(),
    }
}

/// The edit that makes `new` the first entry of `scope`.
fn first(doc: &Document, example: &Example, new: &New, scope: &Scope) -> Inserted {
    let Span { start, end } = scope.span;
    let inner = &doc.text[start..end];
    let eol = doc.eol(start);
    let unit = Indent::detect(&doc.text).unwrap_or(match doc.syntax {
        Syntax::Code(Grammar::Go) => Indent::Tab,
        Syntax::Code(Grammar::Python | Grammar::Rust) => Indent::Spaces(4),
        _ => Indent::Spaces(2),
    });
    let edit = |at: usize, said: &str| Inserted {
        edits: vec![TextEdit::insert(at, said.replace('\n', eol))],
        hollow: None,
    };
    let said = |body: &Body| format!("{}{}", body.comment, body.text);
    let Holder::Node(id) = scope.holder else {
        // Below a heading or a line: behind what stands there, or next to it.
        let indent = doc.text[start..end]
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| indent_at(line, 0))
            .next_back();
        let indent = indent.unwrap_or_default();
        let body = plain(doc, new, indent);
        let blank = if doc.syntax == Syntax::Markdown { "\n" } else { "" };
        return edit(end, &format!("\n{blank}{indent}{}", said(&body)));
    };
    let last = doc
        .children(id)
        .filter(|child| doc.nodes[*child].start >= start && doc.nodes[*child].end <= end)
        .last();
    if doc.is_block(id) && last.is_some() {
        return in_block(doc, new, id, scope.span, eol);
    }
    let comma = doc.takes_commas(id, example);
    let mark = if comma { "," } else { "" };
    let open = doc.text[..start].ends_with(['{', '[', '(']);
    if !open {
        // A block of YAML or a table of TOML.
        let sibling = last.map_or(start, |last| doc.nodes[last].start);
        let mut indent = indent_at(&doc.text, sibling).to_owned();
        if last.is_none_or(|last| doc.nodes[last].is("key")) && doc.nodes[id].is("member") {
            indent.push_str(&unit.unit());
        }
        let body = plain(doc, new, &indent);
        return edit(
            line_end(&doc.text, doc.end_of(id).max(start)),
            &format!("\n{indent}{}", said(&body)),
        );
    }
    let outer = indent_at(&doc.text, start).to_owned();
    let indent = format!("{outer}{}", unit.unit());
    let body = plain(doc, new, &indent);
    let braces = doc.text[..start].ends_with('{');
    if inner.trim().is_empty() {
        let lined = inner.contains('\n') || braces || body.text.contains('\n') || !body.comment.is_empty();
        let last_mark = if lined && doc.syntax != Syntax::Json {
            mark
        } else {
            ""
        };
        let text = if lined {
            format!("\n{indent}{}{last_mark}\n{outer}", said(&body))
        } else {
            body.text.clone()
        };
        return Inserted {
            edits: vec![TextEdit::replace(start..end, text.replace('\n', eol))],
            hollow: Some(inner.to_owned()),
        };
    }
    // Elements that are no entries, or a comment: behind them.
    let behind = last.map_or(start + inner.trim_end().len(), |last| doc.end_of(last));
    let rest = doc.without_comments(behind, end);
    let has_mark = rest.trim_start().starts_with(',');
    let needs_mark = comma && last.is_some() && !has_mark;
    let inner_end = start + inner.trim_end_matches([' ', '\t']).len();
    let at_end = start + inner.trim_end().len();
    if inner.contains('\n') {
        let indent = last
            .filter(|last| doc.begins_line(doc.nodes[*last].start))
            .map_or(indent, |last| {
                indent_at(&doc.text, doc.nodes[last].start).to_owned()
            });
        let body = plain(doc, new, &indent);
        let last_mark = if has_mark || (last.is_none() && doc.syntax != Syntax::Json) {
            mark
        } else {
            ""
        };
        let mut made = edit(at_end, &format!("\n{indent}{}{last_mark}", said(&body)));
        if !doc.text[at_end..inner_end].contains('\n') && !inner[..at_end - start].ends_with('\n') {
            made = edit(at_end, &format!("\n{indent}{}{last_mark}\n{outer}", said(&body)));
        }
        if needs_mark {
            made.edits.insert(0, TextEdit::insert(behind, ","));
        }
        return made;
    }
    let parted = if last.is_some() && comma { "," } else { "" };
    edit(
        at_end,
        &format!("{} {}", if has_mark { "" } else { parted }, body.text),
    )
}

/// The edit that puts `new` into a block of statements without entries: before what ends it, else last.
fn in_block(doc: &Document, new: &New, id: Id, span: Span, eol: &str) -> Inserted {
    let inner = doc
        .children(id)
        .find(|child| doc.nodes[*child].is("statement_list"))
        .unwrap_or(id);
    let inside = |child: &Id| {
        doc.nodes[*child].named && doc.nodes[*child].start >= span.start && doc.nodes[*child].end <= span.end
    };
    let statements: Vec<Id> = doc.children(inner).filter(inside).collect();
    let stop = statements
        .iter()
        .copied()
        .find(|statement| doc.is_terminator(*statement) || doc.is_value(inner, *statement));
    let (at, statement, before) = match (stop, statements.last()) {
        (Some(stop), _) => (doc.nodes[stop].start, stop, true),
        (None, Some(last)) => (doc.end_of(*last), *last, false),
        (None, None) => (span.start, id, false),
    };
    let indent = indent_at(&doc.text, doc.nodes[statement].start).to_owned();
    let body = plain(doc, new, &indent);
    let said = format!("{}{}", body.comment, body.text);
    let edit = if before && doc.begins_line(at) {
        TextEdit::insert(
            above_comments(doc, at),
            format!("{said}\n{indent}").replace('\n', eol),
        )
    } else if before {
        TextEdit::insert(at, format!("{said}; "))
    } else {
        let end = line_end(&doc.text, at);
        if doc.ends_line(at, ";") && end <= span.end.max(at) {
            TextEdit::insert(end, format!("\n{indent}{said}").replace('\n', eol))
        } else {
            let parted = if doc.text[..at].ends_with([';', '}']) {
                ""
            } else {
                ";"
            };
            TextEdit::insert(at, format!("{parted} {said}"))
        }
    };
    Inserted {
        edits: vec![edit],
        hollow: None,
    }
}

/// Where the comments begin that stand directly above the line at `at`.
fn above_comments(doc: &Document, at: usize) -> usize {
    let mut found = at;
    while let Some(before) = line_start(&doc.text, found).checked_sub(1) {
        let begin = line_start(&doc.text, before);
        let line = &doc.text[begin..before];
        let from = begin + (line.len() - line.trim_start().len());
        if line.trim().is_empty() || !doc.comments.iter().any(|span| span.start == from) {
            break;
        }
        found = from;
    }
    found
}

impl Document {
    /// Whether the entries of a list end with commas.
    fn takes_commas(&self, id: Id, example: &Example) -> bool {
        let node = &self.nodes[id];
        if self.syntax.manifest().is_some() {
            let held = &self.text[node.start..];
            return held.starts_with('{')
                || (node.is("$array") && held.starts_with('[') && !held.starts_with("[["));
        }
        let braces =
            self.code(node.first) == Some("{") || self.code(node.last.saturating_sub(1)) == Some("}");
        let fields = node.is(FIELDS) && self.syntax == Syntax::Code(Grammar::Rust);
        example.has_comma
            || fields
            || node.is_one(COMMA_BRACES)
            || (!braces && self.has_brackets(id) && !node.is_one(NO_COMMAS))
    }

    /// Whether nothing behind a statement is reached.
    fn is_terminator(&self, id: Id) -> bool {
        let first = self.nodes[id].first;
        TERMINATORS.iter().any(|words| {
            words
                .iter()
                .enumerate()
                .all(|(at, word)| self.code(first + at) == Some(word))
        })
    }

    /// Whether a statement is the value of its block: an expression at the end without a semicolon, in Rust.
    fn is_value(&self, block: Id, id: Id) -> bool {
        let node = &self.nodes[id];
        if self.syntax != Syntax::Code(Grammar::Rust) || !self.nodes[block].is("block") {
            return false;
        }
        let is_last = self
            .children(block)
            .filter(|child| self.nodes[*child].named)
            .last()
            == Some(id);
        let closed = self.text[node.start..self.end_of(id)].ends_with(';');
        let declares =
            node.kind.ends_with("_item") || node.is("let_declaration") || node.is("macro_invocation");
        let is_expression = !node.is("expression_statement") || self.returns(block);
        is_last && !closed && !declares && is_expression
    }

    /// Whether the function whose body this is returns something.
    fn returns(&self, block: Id) -> bool {
        let function = self.nodes[block].parent;
        let head = self.nodes[function].start..self.nodes[block].start;
        self.nodes[block].is_body && self.text[head].contains("->")
    }

    /// Whether an entry is the value of its block.
    fn is_last_value(&self, entry: &Match) -> bool {
        let Holder::Node(block) = entry.holder else {
            return false;
        };
        let child = self
            .children(block)
            .find(|child| self.nodes[*child].start == entry.extent.start);
        child.is_some_and(|child| self.is_value(block, child) || self.is_terminator(child))
    }
}
