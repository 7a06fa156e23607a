//! Takes an entry away, and nothing else.

use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{line_end, line_start};
use tenon_text::manifest::closes_itself;

use super::body::{attached, is_documented};
use super::columns::narrowed;
use super::document::{Document, Syntax};
use super::example::Example;
use super::extent::{Holder, Match};
use super::order::most_common;
use super::read_back::{Change, read_back};
use super::refusal::{Refusal, Why};
use super::tables::{COMMA_BRACES, MARKS};
use super::tokens::is_word;

/// Takes away `entry`, one of all `matches` that are found in `doc`. `hollow` is what [`super::Inserted::hollow`] said when the entry was added.
///
/// # Errors
/// If the entry is part of a larger expression, or the edit cannot be shown to take away exactly this entry.
pub fn remove(
    doc: &Document,
    example: &Example,
    matches: &[Match],
    entry: &Match,
    hollow: Option<&str>,
) -> Result<Vec<TextEdit>, Refusal> {
    let refused = |why: Why| Refusal {
        why,
        text: doc.text[entry.extent.start..entry.extent.end].to_owned(),
    };
    if !entry.is_element {
        return Err(refused(Why::NoElement(entry.extent)));
    }
    let siblings: Vec<&Match> = matches
        .iter()
        .filter(|other| other.holder == entry.holder)
        .collect();
    let edits = taken(doc, example, &siblings, entry, hollow);
    let old = doc.find(example, None).matches;
    let number = old
        .iter()
        .position(|other| other.extent.start == entry.extent.start);
    let number = number.ok_or_else(|| refused(Why::NoPlace))?;
    read_back(doc, example, &old, &edits, &Change::Removed(number)).map_err(refused)?;
    Ok(edits)
}

fn taken(
    doc: &Document,
    example: &Example,
    siblings: &[&Match],
    entry: &Match,
    hollow: Option<&str>,
) -> Vec<TextEdit> {
    let text = &doc.text;
    let documented = is_documented(doc, example, siblings);
    let start = if documented {
        attached(doc, entry)
    } else {
        entry.extent.start
    };
    let end = entry.extent.end;
    let (mut before, mut after) = (mark_before(doc, entry, start), mark_behind(doc, entry));
    if doc.in_tree(entry.extent)
        && before.is_none()
        && after.is_none_or(|mark| text[mark.start..mark.end] == *";")
    {
        // Statements and fields: a semicolon is their own.
        let cut = after.map_or(end, |mark| mark.end);
        if let Some(edits) = emptied(doc, entry, Span::new(start, cut), hollow) {
            return edits;
        }
        let mut edits = vec![lines(doc, siblings, entry, Span::new(start, cut))];
        edits.extend(narrowed(doc, siblings, entry));
        return edits;
    }
    let cut_end = after.map_or(end, |mark| mark.end);
    if let Some(edits) = emptied(doc, entry, Span::new(start, cut_end), hollow) {
        return edits;
    }
    let ends_list =
        before.is_some_and(|mark| text[mark.start..mark.end] == *",") && text[cut_end..].starts_with(';');
    let own_lines = doc.begins_line(start) && doc.ends_line(cut_end, "") && !ends_list;
    if own_lines {
        let mut edits = vec![lines(doc, siblings, entry, Span::new(start, cut_end))];
        edits.extend(narrowed(doc, siblings, entry));
        // The last one has no comma, so the one before it gets none either.
        if after.is_none()
            && let Some(mark) = before.filter(|mark| text[mark.start..mark.end] == *",")
        {
            let space = text[..mark.start].len() - text[..mark.start].trim_end_matches([' ', '\t']).len();
            edits.insert(0, TextEdit::replace(mark.start - space..mark.end, ""));
        }
        return edits;
    }
    // Within a line, or an operator leads the line: one separator goes along.
    if let Some(mark) = before.take() {
        let space = text[..mark.start].len() - text[..mark.start].trim_end().len();
        let between = doc.without_comments(mark.start - space, mark.start);
        let from = if between.trim().is_empty() && between.len() == space {
            mark.start - space
        } else {
            mark.start
        };
        return vec![TextEdit::replace(from..end, "")];
    }
    if let Some(mark) = after.take() {
        let space = text[mark.end..].len() - text[mark.end..].trim_start().len();
        let space = doc
            .comments
            .iter()
            .find(|span| span.start >= mark.end)
            .map_or(space, |span| space.min(span.start - mark.end));
        return vec![TextEdit::replace(start..mark.end + space, "")];
    }
    vec![TextEdit::replace(start..end, "")]
}

/// The separator before an entry.
fn mark_before(doc: &Document, entry: &Match, start: usize) -> Option<Span> {
    let at = last_code(doc, start);
    MARKS.iter().find_map(|mark| {
        let from = at.checked_sub(mark.len())?;
        (doc.text.get(from..at)? == *mark && *mark != ";" && inside(doc, entry, from))
            .then(|| Span::new(from, at))
    })
}

/// The separator behind an entry.
fn mark_behind(doc: &Document, entry: &Match) -> Option<Span> {
    let mut at = entry.extent.end;
    loop {
        at += doc.text[at..].len() - doc.text[at..].trim_start().len();
        match doc.comments.iter().find(|span| span.start == at && span.end > at) {
            Some(comment) => at = comment.end,
            None => break,
        }
    }
    // A semicolon behind a list that is parted by commas ends the list.
    let of_commas = matches!(entry.holder, Holder::Node(id) if doc.nodes[id].is_one(COMMA_BRACES));
    let own = of_commas || doc.text[entry.extent.start..entry.extent.end].ends_with(';');
    let mark = MARKS.iter().find(|mark| {
        let rest = doc.text[at..].strip_prefix(**mark);
        rest.is_some_and(|rest| !(mark.ends_with(is_word) && rest.starts_with(is_word)))
    })?;
    (!(own && *mark == ";") && inside(doc, entry, at)).then(|| Span::new(at, at + mark.len()))
}

/// Whether a byte stands in what holds the entry.
fn inside(doc: &Document, entry: &Match, at: usize) -> bool {
    match entry.holder {
        Holder::Node(id) => doc.nodes[id].start <= at && (at < doc.nodes[id].end || doc.is_container(id)),
        Holder::Lines => false,
    }
}

/// Where the last code before `at` ends: comments and space passed over.
fn last_code(doc: &Document, at: usize) -> usize {
    let before = doc.token_before(at);
    let mut end = before.map_or(0, |token| token.end);
    // Commas before closing brackets and semicolons are no tokens.
    let mut from = end;
    while from < at {
        let Some(c) = doc.text[from..at].chars().next() else {
            break;
        };
        if let Some(comment) = doc
            .comments
            .iter()
            .find(|span| span.start <= from && from < span.end)
        {
            from = comment.end;
            continue;
        }
        from += c.len_utf8();
        if !c.is_whitespace() {
            end = from;
        }
    }
    end
}

/// The edit for the only element between the tags of one of XML: what stood there before comes back.
fn emptied_element(text: &str, cut: Span, hollow: &str) -> Option<TextEdit> {
    let (before, after) = (text[..cut.start].trim_end(), text[cut.end..].trim_start());
    let (open, rest) = (&before[before.rfind('<')?..], after.strip_prefix("</")?);
    let is_open = open.ends_with('>') && !open.ends_with("/>") && !open[1..].starts_with(['/', '!', '?']);
    let close = rest.find('>')?;
    let end = text.len() - after.len();
    is_open.then(|| match closes_itself(hollow) {
        true => TextEdit::replace(before.len() - ">".len()..end + "</>".len() + close, hollow),
        false => TextEdit::replace(before.len()..end, hollow),
    })
}

/// The edit for the only element of brackets, or of a block that ends with a word: what stood there before comes back, if that is
/// known. Else brackets are closed where the entry had opened them: nothing but space is left.
fn emptied(doc: &Document, entry: &Match, cut: Span, hollow: Option<&str>) -> Option<Vec<TextEdit>> {
    let before = doc.text[..cut.start].trim_end();
    let after = doc.text[cut.end..].trim_start();
    let opened = before.ends_with(['(', '[', '{']);
    let closed = after.starts_with([')', ']', '}']);
    let has_commas = doc.text[cut.start..cut.end].ends_with(',');
    let hollow = hollow.or(has_commas.then_some(""))?;
    if doc.syntax == Syntax::Xml {
        return emptied_element(&doc.text, cut, hollow).map(|edit| vec![edit]);
    }
    // All that stands between the head of a block and the word that ends it.
    let is_all = |id: usize| {
        let word = doc.end_word(doc.nodes[id].parent);
        let (first, last) = (entry.tokens.start, entry.tokens.end);
        let head = doc.tokens[..first].last().map_or(0, |token| token.end);
        (doc.nodes[id].first, doc.nodes[id].last) == (first, last)
            && head == before.len()
            && word.is_some_and(|word| doc.tokens[word].start == doc.text.len() - after.len())
    };
    let is_block = matches!(entry.holder, Holder::Node(id) if id != 0 && doc.is_block(id) && is_all(id));
    ((opened && closed) || is_block).then(|| {
        vec![TextEdit::replace(
            before.len()..doc.text.len() - after.len(),
            hollow,
        )]
    })
}

/// The edit for an entry that has its lines to itself: they go, and blank lines that parted it from its neighbours.
fn lines(doc: &Document, siblings: &[&Match], entry: &Match, cut: Span) -> TextEdit {
    let text = &doc.text;
    if !doc.begins_line(cut.start) || !doc.ends_line(cut.end, "") {
        let space = text[cut.end..].len() - text[cut.end..].trim_start_matches([' ', '\t']).len();
        let lead = text[..cut.start].len() - text[..cut.start].trim_end_matches([' ', '\t']).len();
        let ends = text[cut.end + space..].starts_with(['\r', '\n', '}', ']', ')']);
        return if ends {
            TextEdit::replace(cut.start - lead..cut.end, "")
        } else {
            TextEdit::replace(cut.start..cut.end + space, "")
        };
    }
    let begin = line_start(text, cut.start)
        + usize::from(line_start(text, cut.start) == 0 && text.starts_with('\u{feff}')) * 3;
    let end = line_end(text, cut.end);
    let blanks_before = blank_before(text, begin);
    let blanks_after = blank_behind(text, end);
    let block = match entry.holder {
        Holder::Node(id) if doc.is_block(id) => Some(id),
        _ => None,
    };
    let is_first = text[..begin - blanks_before.len()]
        .trim_end()
        .ends_with(['{', '[', '('])
        || begin == blanks_before.len()
        || block.is_some_and(|block| doc.nodes[block].start == entry.extent.start);
    let is_last = text[end + blanks_after..]
        .trim_start()
        .starts_with(['}', ']', ')'])
        || text[end..].trim().is_empty()
        || block.is_some_and(|block| doc.end_of(block) <= end);
    let at = siblings
        .iter()
        .position(|other| std::ptr::eq(*other, entry) || other.extent.start == entry.extent.start);
    let neighbour = |step: isize| at.and_then(|at| siblings.get(at.checked_add_signed(step)?));
    let near_before = neighbour(-1).is_some_and(|other| {
        text.get(other.extent.end..begin).is_some_and(|gap| {
            doc.without_comments(begin - gap.len(), begin)
                .trim_matches([' ', '\t', '\r', '\n', ',', ';'])
                .is_empty()
        })
    });
    let near_after = neighbour(1).is_some_and(|other| {
        text.get(end..other.extent.start)
            .is_some_and(|gap| doc.without_comments(end, end + gap.len()).trim().is_empty())
    });
    let eol = eol_len(text, end);
    let whole = Span::new(begin, end + eol);
    let gaps = siblings.windows(2).map(|pair| blank_lines(doc, pair[0], pair[1]));
    let usual = most_common(gaps).unwrap_or(0) > 0;
    let both = !blanks_before.is_empty() && blanks_after > 0;
    let alone = both
        && !near_before
        && !near_after
        && blanks_before.matches('\n').count()
            <= text[whole.end..whole.end + blanks_after].matches('\n').count();
    if alone || (!blanks_before.is_empty() && ((near_before && (both || usual)) || is_last)) {
        return TextEdit::replace(begin - blanks_before.len()..whole.end, "");
    }
    if blanks_after > 0 && (is_first || both || (usual && near_after && !near_before)) {
        return TextEdit::replace(begin..whole.end + blanks_after, "");
    }
    if eol == 0 && begin > 0 {
        // The last line of a file that does not end with a line end.
        let lead = if text[..begin].ends_with("\r\n") { 2 } else { 1 };
        return TextEdit::replace(begin - lead..end, "");
    }
    TextEdit::replace(whole.start..whole.end, "")
}

/// How long the line end at `at` is.
fn eol_len(text: &str, at: usize) -> usize {
    match text.as_bytes()[at..] {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => 0,
    }
}

/// How many blank lines part two entries.
pub(super) fn blank_lines(doc: &Document, one: &Match, next: &Match) -> usize {
    let between = doc.without_comments(one.extent.end, next.extent.start.max(one.extent.end));
    let lines = between.split('\n').skip(1);
    lines
        .filter(|line| line.trim().is_empty())
        .count()
        .saturating_sub(1)
}

/// The blank lines that end at `begin`.
fn blank_before(text: &str, begin: usize) -> &str {
    let mut at = begin;
    while at > 0 {
        let start = line_start(text, at - 1);
        if !text[start..at].trim().is_empty() {
            break;
        }
        at = start;
    }
    &text[at..begin]
}

/// How many bytes the blank lines have behind the line that ends at `end`.
fn blank_behind(text: &str, end: usize) -> usize {
    let begin = end + eol_len(text, end);
    let mut at = begin;
    for line in text[begin..].split_inclusive('\n') {
        if !line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at - begin
}
