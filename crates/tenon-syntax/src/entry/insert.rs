//! Adds an entry: beside its nearest neighbour, or as the first one into the place that a scope names.

use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{indent_at, line_start};

use super::body::{New, attached, body, is_documented, plain, rest_of_line};
use super::columns::widened;
use super::document::Document;
use super::example::Example;
use super::extent::{Holder, Match};
use super::first::{Inserted, first};
use super::lists::{List, choose, lists};
use super::order::{most_common, place};
use super::read_back::{Change, read_back};
use super::refusal::{Refusal, Why};
use super::remove::blank_lines;
use super::scope::Scope;
use super::tables::{MARKS, SPACED};

/// How two entries are parted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Separator {
    /// Space before the mark.
    before: String,
    mark: String,
    /// Space behind the mark.
    after: String,
}

/// Where in a list a new entry goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// In order, if the list is in order or nearly so; else last.
    #[default]
    Sorted,
    /// Behind all others.
    Last,
    /// Before the entry that begins there.
    Before(usize),
    /// Next behind the entry that begins there.
    Behind(usize),
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
    insert_at(doc, example, matches, scope, (text, Placement::Sorted))
}

/// The same, at a place of its own in the list.
///
/// # Errors
/// Those of [`insert`].
pub fn insert_at(
    doc: &Document,
    example: &Example,
    matches: &[Match],
    scope: Option<&Scope>,
    (text, placement): (&str, Placement),
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
    // In a scope also where it is no element of the list: in a branch, or as part of an expression.
    let there = match (scope, list) {
        (None, Some(list)) => list.entries.iter().copied().find(|entry| new.is(entry)),
        _ => matches.iter().find(|entry| new.is(entry)),
    };
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
            let (edits, near) = beside(doc, example, (&new, placement), list).map_err(&refused)?;
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
                into: scope.at.is_none().then_some(scope.span.start),
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
    (new, placement): (&New, Placement),
    list: &List<'m>,
) -> Result<(Vec<TextEdit>, &'m Match), Why> {
    let mut all: Vec<&Match> = list.entries.clone();
    if all.iter().any(|entry| entry.member.is_some()) {
        all.retain(|entry| entry.member.is_some());
    }
    all.dedup_by_key(|entry| entry.extent.start);
    if let Some(part) = all.iter().find(|entry| !entry.is_element) {
        return Err(Why::NoElement(part.extent));
    }
    let rows = segment(doc, &all);
    let is_block = matches!(list.holder, Holder::Node(id) if doc.is_block(id) && id != 0);
    let beginning = |start: usize| rows.iter().position(|row| row.extent.start == start);
    let set = match placement {
        Placement::Sorted => None,
        Placement::Last => Some(rows.len()),
        Placement::Before(start) => beginning(start),
        Placement::Behind(start) => beginning(start).map(|at| at + 1),
    };
    let mut at = match set {
        Some(at) => at,
        None if is_block && rows.len() < 2 => rows.len(),
        None => sorted_place(doc, new, &rows),
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
        // What ends the list stays behind its last entry.
        let ends_list = separator.mark == "," && doc.text[end..].starts_with(';');
        let own_line = doc.ends_line(end, &separator.mark) && !inside_comment(doc, line.end) && !ends_list;
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
    doc.comment_at(at).is_some_and(|span| {
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
    let by_space = matches!(holder, Holder::Node(id) if doc.nodes[id].is_one(SPACED));
    let by_semicolon = doc.in_tree(Span::new(from, to)) && doc.text[to..].starts_with(';');
    let mark = match (by_comma, by_semicolon) {
        (true, _) => ",",
        (false, true) => ";",
        (false, false) => "",
    };
    let lined = doc.begins_line(from) && doc.ends_line(to, mark);
    Separator {
        before: String::new(),
        mark: mark.to_owned(),
        after: if doc.text[from..to].starts_with('.') && !doc.begins_line(from) {
            // A call that follows others on their line.
            String::new()
        } else if lined || !(by_comma || by_space) {
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
