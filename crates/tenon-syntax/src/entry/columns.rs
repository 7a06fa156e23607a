//! Columns: tokens that stand below each other although what stands before them differs.

use tenon_text::diag::TextEdit;

use super::document::Document;
use super::extent::{Holder, Match};
use super::order::most_common;
use super::tables::{FIELDS, SPECS};
use super::tokens::{Glue, Place};

/// The elements of the example that stand in one column, and the column, counted from the start of the entry. Go's formatter wants columns
/// in lines that follow each other; elsewhere they are columns when most entries agree and one is padded.
pub(super) fn columns(doc: &Document, rows: &[&Match], like: &Match) -> Vec<(usize, usize)> {
    let column = |row: &Match, elem: usize| {
        let start = doc.tokens[row.words.get(elem).copied().flatten()?].start;
        let text = doc.text.get(row.extent.start..start)?;
        (!text.contains('\n')).then(|| (text.chars().count(), text.ends_with("  ")))
    };
    if doc.syntax.notation().is_some_and(|notation| notation.columns) {
        let run = run(doc, rows, like);
        let elems = (1..like.words.len()).filter(|elem| is_cell(doc, like, *elem));
        let found = elems.filter_map(|elem| {
            let (own, _) = column(like, elem)?;
            (!run.is_empty()
                && run
                    .iter()
                    .all(|row| column(row, elem).is_some_and(|(other, _)| other == own)))
            .then_some((elem, own))
        });
        return found.collect();
    }
    let one_line = |row: &&&Match| {
        !row.extra && row.form == like.form && !doc.text[row.extent.start..row.extent.end].contains('\n')
    };
    let rows: Vec<&&Match> = rows.iter().filter(one_line).collect();
    let elems = (1..like.words.len()).filter_map(|elem| {
        let starts: Vec<(usize, bool)> = rows.iter().filter_map(|row| column(row, elem)).collect();
        let most = most_common(starts.iter().map(|(column, _)| *column))?;
        let agree = starts.iter().filter(|(other, _)| *other == most).count();
        let padded = starts.iter().any(|(_, padded)| *padded);
        (rows.len() > 1 && agree * 3 >= rows.len() * 2 && padded).then_some((elem, most))
    });
    elems.collect()
}

/// The entries on lines that follow each other, one of which is `like`.
fn run<'m>(doc: &Document, rows: &[&'m Match], like: &Match) -> Vec<&'m Match> {
    let one_line = |row: &&Match| {
        doc.begins_line(row.extent.start) && !doc.text[row.extent.start..row.extent.end].contains('\n')
    };
    let follows = |one: &Match, next: &Match| {
        let between = doc.text.get(one.extent.end..next.extent.start);
        between.is_some_and(|text| text.matches('\n').count() == 1)
    };
    let Some(at) = rows.iter().position(|row| row.extent.start == like.extent.start) else {
        return vec![];
    };
    if !one_line(&like) {
        return vec![];
    }
    let (mut from, mut to) = (at, at + 1);
    while from > 0 && one_line(&rows[from - 1]) && follows(rows[from - 1], rows[from]) {
        from -= 1;
    }
    while to < rows.len() && one_line(&rows[to]) && follows(rows[to - 1], rows[to]) {
        to += 1;
    }
    rows[from..to].to_vec()
}

/// Whether Go's formatter aligns the token of this element: a value behind its key, a field's type and tag, a constant's type and value.
fn is_cell(doc: &Document, entry: &Match, elem: usize) -> bool {
    let (Holder::Node(id), Some(token)) = (entry.holder, entry.words[elem]) else {
        return false;
    };
    if doc.tokens[token].glue != Glue::Space {
        return false;
    }
    let node = &doc.nodes[id];
    let is_first = (entry.tokens.start + 1..token).all(|before| doc.tokens[before].glue != Glue::Space);
    if node.is("literal_value") {
        is_first && doc.code(token - 1) == Some(":")
    } else if node.is(FIELDS) {
        is_first || doc.tokens[token].place == Place::Quote
    } else {
        node.is_one(SPECS) && (is_first || doc.code(token) == Some("="))
    }
}

/// The edits that move columns of the entries round `like` to the right, for a new one that needs more room.
pub(super) fn widened(
    doc: &Document,
    rows: &[&Match],
    like: &Match,
    wider: &[(usize, usize)],
) -> Vec<TextEdit> {
    if !doc.syntax.notation().is_some_and(|notation| notation.columns) {
        return vec![];
    }
    let mut edits = Vec::new();
    for row in run(doc, rows, like) {
        for (elem, more) in wider {
            if let Some(token) = row.words.get(*elem).copied().flatten() {
                edits.push(TextEdit::insert(doc.tokens[token].start, " ".repeat(*more)));
            }
        }
    }
    edits
}

/// The edits that move columns back to the left where `gone` was the widest of its neighbours.
pub(super) fn narrowed(doc: &Document, rows: &[&Match], gone: &Match) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    if !doc.syntax.notation().is_some_and(|notation| notation.columns) {
        return edits;
    }
    let others: Vec<&Match> = run(doc, rows, gone)
        .into_iter()
        .filter(|row| row.extent.start != gone.extent.start)
        .collect();
    let padding = |row: &Match, elem: usize| {
        let token = row.words.get(elem).copied().flatten()?;
        Some((
            doc.tokens[token].start,
            doc.tokens[token].start - doc.tokens[token.checked_sub(1)?].end,
        ))
    };
    for elem in (1..gone.words.len()).filter(|elem| is_cell(doc, gone, *elem)) {
        let paddings: Vec<(usize, usize)> = others.iter().filter_map(|row| padding(row, elem)).collect();
        let least = paddings.iter().map(|(_, space)| *space).min().unwrap_or(1);
        if least > 1
            && padding(gone, elem).is_some_and(|(_, space)| space == 1)
            && paddings.len() == others.len()
        {
            edits.extend(
                paddings
                    .iter()
                    .map(|(start, _)| TextEdit::replace(start + 1 - least..*start, "")),
            );
        }
    }
    edits
}
