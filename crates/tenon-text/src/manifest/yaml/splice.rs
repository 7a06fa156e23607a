//! Inserting and removing lines of block collections and entries of flow collections in YAML text.
//!
//! A line is inserted behind what stands above it (`line end + text`) and removed together with the line end before it,
//! so that the last line keeps or lacks its line end as before.

use serde_json::Value;

use super::super::brackets::{Brackets, Comments, Defaults};
use super::super::node::{Body, Child, File, Key, Layout, Node};
use super::super::ops::{Document, Place, Syntax};
use super::super::{NewEntry, lines};
use super::Yaml;
use super::print::{self, Blocks, Quote};
use crate::diag::{Result, Span, TextEdit};
use crate::format::{Indent, line_start};

impl Syntax for Yaml {
    fn parse(&self, file: File<'_>) -> Result<Node> {
        super::parse(file)
    }

    fn insert(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        entry: &NewEntry,
    ) -> Result<Vec<TextEdit>> {
        let container = place.container();
        match container.layout() {
            Some(Layout::Brackets) => Ok(insert_bracketed(document, container, index, entry)),
            Some(Layout::Block) => Ok(vec![insert_line(document, place, index, entry)]),
            None => Ok(vec![insert_first(document, place, entry)]),
            Some(_) => {
                let message = "a single pair between brackets cannot be added to";
                Err(document
                    .file
                    .error(container.span.start, message)
                    .help("put it in braces first"))
            }
        }
    }

    fn remove(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        hollow: Option<&str>,
    ) -> Result<Vec<TextEdit>> {
        let text = document.file.text;
        let container = place.container();
        let children = container.children().unwrap_or_default();
        let Some(child) = children.get(index) else {
            return Ok(Vec::new());
        };
        if container.layout() != Some(&Layout::Block) {
            return Ok(brackets(document, container).remove(index, hollow));
        }
        let end = lines::tail(text, child.span.end);
        let start = line_start(text, child.span.start);
        if text[start..child.span.start].trim().is_empty() {
            // One that was put before all others brought the line end behind it.
            if index == 0 && children.len() > 1 && key_above(place).is_none() {
                return Ok(vec![lines::delete_with_end(text, Span::new(start, end))]);
            }
            return Ok(vec![lines::delete(text, Span::new(child.span.start, end))]);
        }
        // The first entry behind `- `: the next one takes its place.
        match children.get(index + 1) {
            Some(next) if text[end..next.span.start].trim().is_empty() => {
                Ok(vec![TextEdit::replace(child.span.start..next.span.start, "")])
            }
            Some(_) => {
                let message = "the first entry of a nested list has a comment behind it";
                Err(document
                    .file
                    .error(child.span.start, message)
                    .help("remove it by hand"))
            }
            None => Ok(vec![TextEdit::replace(child.span.start..end, "")]),
        }
    }

    fn hollow(&self, document: &Document<'_>, container: &Node) -> Option<String> {
        (container.layout() == Some(&Layout::Brackets))
            .then(|| brackets(document, container).hollow())
            .flatten()
    }

    fn is_bare(&self, document: &Document<'_>, place: &Place<'_>) -> bool {
        let container = place.container();
        if container.layout() == Some(&Layout::Brackets) {
            return !brackets(document, container).keeps_comments();
        }
        let Some(key) = key_above(place) else {
            return true;
        };
        let text = document.file.text;
        let tail = lines::tail(text, key.span.end);
        container.span.start < tail || text[tail..container.span.start].trim().is_empty()
    }
}

/// The key whose value the container is.
fn key_above<'p>(place: &'p Place<'_>) -> Option<&'p Key> {
    place.child(place.nodes.len() - 1)?.key.as_ref()
}

fn brackets<'t>(document: &Document<'t>, container: &Node) -> Brackets<'t> {
    let items = container
        .children()
        .unwrap_or_default()
        .iter()
        .map(|child| child.span)
        .collect();
    Brackets {
        text: document.file.text,
        span: container.span,
        items,
        comments: Comments::Hash,
    }
}

/// The blanks that a level is moved right by, most often: counted from what an item's line has behind its dashes.
fn step(document: &Document<'_>) -> usize {
    const WIDEST: usize = 8;
    let mut steps = [0_usize; WIDEST + 1];
    let mut above = 0;
    for line in document.file.text.lines() {
        let bare = line.trim_start_matches(' ');
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let column = line.len() - bare.len();
        if let Some(count) = steps.get_mut(column.saturating_sub(above)) {
            *count += 1;
        }
        above = line.len() - bare.trim_start_matches("- ").len();
    }
    let widths = (2..=WIDEST).rev();
    if let Some(most) = widths
        .max_by_key(|width| steps[*width])
        .filter(|width| steps[*width] > 0)
    {
        return most;
    }
    match document.look.indent {
        Indent::Spaces(n) => n.max(2),
        Indent::Tab => 2,
    }
}

/// The quotes of the string next to `index`.
fn quote_at(document: &Document<'_>, container: &Node, index: usize) -> Quote {
    let text = document.file.text;
    let children = container.children().unwrap_or_default();
    let (before, after) = children.split_at(index.min(children.len()));
    let is_string = |child: &&Child| matches!(&child.node.body, Body::Scalar(Value::String(_)));
    let sibling = before
        .iter()
        .rev()
        .find(is_string)
        .or_else(|| after.iter().find(is_string));
    sibling.map_or(Quote::Plain, |child| Quote::of(&text[child.node.span.start..]))
}

fn insert_bracketed(
    document: &Document<'_>,
    container: &Node,
    index: usize,
    entry: &NewEntry,
) -> Vec<TextEdit> {
    let list = brackets(document, container);
    let quote = quote_at(document, container, index);
    let is_map = matches!(container.body, Body::Object(..));
    let defaults = Defaults {
        own_line: false,
        unit: &" ".repeat(step(document)),
        gap: " ",
        pad: if is_map { " " } else { "" },
        eol: document.look.eol,
    };
    let text = match entry {
        NewEntry::Item(value) => print::flow(value, quote, true),
        NewEntry::Key(name, value) => print::flow_member(name, value, quote),
    };
    list.insert(index, &text, &list.placement(index, &defaults), &defaults)
}

/// A line among the entries of a block collection.
fn insert_line(document: &Document<'_>, place: &Place<'_>, index: usize, entry: &NewEntry) -> TextEdit {
    let text = document.file.text;
    let container = place.container();
    let children = container.children().unwrap_or_default();
    let first = children
        .first()
        .map_or(container.span.start, |child| child.span.start);
    let column = first - line_start(text, first);
    let quote = quote_at(document, container, index);
    let line = line_of(document, entry, column, quote);
    let eol = document.look.eol.as_str();
    let blanks = " ".repeat(column);
    if let Some(previous) = index.checked_sub(1).and_then(|at| children.get(at)) {
        return TextEdit::insert(
            lines::tail(text, previous.span.end),
            format!("{eol}{blanks}{line}"),
        );
    }
    match key_above(place) {
        Some(key) => TextEdit::insert(lines::tail(text, key.span.end), format!("{eol}{blanks}{line}")),
        None => TextEdit::insert(first, format!("{line}{eol}{blanks}")),
    }
}

/// The first line of a collection, where nothing stands yet.
fn insert_first(document: &Document<'_>, place: &Place<'_>, entry: &NewEntry) -> TextEdit {
    let text = document.file.text;
    let eol = document.look.eol.as_str();
    let quote = quote_at(document, place.container(), 0);
    let Some(parent) = place.parent() else {
        let line = line_of(document, entry, 0, quote);
        return match text.trim_end().len() {
            0 => TextEdit::insert(0, format!("{line}{eol}")),
            end => TextEdit::insert(end, format!("{eol}{line}")),
        };
    };
    let sibling = parent
        .children()
        .and_then(<[Child]>::first)
        .map_or(0, |child| child.span.start);
    let outer = sibling - line_start(text, sibling);
    let flat = matches!(entry, NewEntry::Item(_)) && !indents_sequences(document);
    let column = if flat { outer } else { outer + step(document) };
    let line = line_of(document, entry, column, quote);
    let at = lines::tail(text, place.container().span.end);
    TextEdit::insert(at, format!("{eol}{}{line}", " ".repeat(column)))
}

fn line_of(document: &Document<'_>, entry: &NewEntry, column: usize, quote: Quote) -> String {
    let blocks = Blocks {
        eol: document.look.eol.as_str(),
        step: step(document),
        indented: indents_sequences(document),
        quote,
    };
    match entry {
        NewEntry::Item(value) => blocks.item(value, column),
        NewEntry::Key(name, value) => blocks.member(name, value, column),
    }
}

/// Whether the first sequence below a name is indented, as most are.
fn indents_sequences(document: &Document<'_>) -> bool {
    fn find(text: &str, node: &Node) -> Option<bool> {
        node.children()?.iter().find_map(|child| {
            let start = child.node.span.start;
            match (&child.node.body, &child.key) {
                (Body::Array(_, Layout::Block), Some(key)) => {
                    let column = |at: usize| at - line_start(text, at);
                    Some(column(start) > column(key.span.start))
                }
                _ => find(text, &child.node),
            }
        })
    }
    find(document.file.text, &document.root).unwrap_or(true)
}
