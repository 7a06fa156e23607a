//! XML: elements read into the tree, and written as elements.
//!
//! `roxmltree` reads and says where everything stands. A file that declares entities is refused, so that none is expanded. The file is an
//! object with its root element. An element that holds nothing but elements which are called as it is in the singular is a list
//! (`<modules>` of `<module>`), and so is one that holds several of one other name and nothing else. Any other element with elements or attributes
//! in it is an object; an attribute is called `@name`, the text beside attributes `#text`. All else is text, without the space around it.

use std::ops::Range;

use roxmltree::{Error as XmlError, ParsingOptions};
use serde_json::Value;

use super::NewEntry;
use super::lines::break_before;
use super::syntax::{InsertionPoint, Place, Quote, Style, Syntax};
use super::tree::{Body, Child, File, Key, Layout, MAX_DEPTH, Node};
use crate::diag::{Error, Result, Span, TextEdit};
use crate::format::{Format, indent_at, line_end, line_start};

/// XML 1.0 without entities of its own.
pub(super) struct Xml;

/// The longest file that is read, in bytes: elements take more room than other notations do.
const MAX_SIZE: usize = 512 << 10;
/// How many attributes an element may have: each is compared with those before it.
const MAX_ATTRIBUTES: usize = 1_000;

type Element<'d, 't> = roxmltree::Node<'d, 't>;

impl Syntax for Xml {
    fn parse(&self, file: File<'_>) -> Result<Node> {
        if file.text.len() > MAX_SIZE {
            let message = format!("XML of more than {} KiB is not read", MAX_SIZE >> 10);
            return Err(file.error(0, message).help("split it"));
        }
        if let Some(at) = crowded(file.text) {
            let message = format!("an element with more than {MAX_ATTRIBUTES} attributes is not read");
            return Err(file.error(at, message));
        }
        let options = ParsingOptions {
            allow_dtd: !file.text.contains("<!ENTITY"),
            ..ParsingOptions::default()
        };
        let document = roxmltree::Document::parse_with_options(file.text, options).map_err(|error| {
            let at = offset(file.text, &error);
            match error {
                XmlError::DtdDetected => {
                    file.error(at, "a file that declares entities of its own is not read")
                }
                error => {
                    let said = error.to_string();
                    let said = said.rsplit_once(" at ").map_or(&*said, |(said, _)| said);
                    file.error(at, format!("not valid XML: {said}"))
                }
            }
        })?;
        let root = child(file, document.root_element(), 0)?;
        Ok(Node {
            span: Span::new(0, file.text.len()),
            body: Body::Object(vec![named(root)], Layout::Block { head: None }),
        })
    }

    fn style(&self, spot: &InsertionPoint<'_>) -> Style {
        let look = Format::detect(spot.file.text);
        Style {
            eol: look.eol.as_str(),
            unit: look.indent.unit(),
            colon: String::new(),
            gap: "",
            pad: "",
            own_line: true,
            spread: true,
            quote: Quote::Double,
        }
    }

    fn key(&self, name: &str, _in_flow: bool) -> String {
        name.to_owned()
    }

    fn scalar(&self, value: &Value, _quote: Quote, _in_flow: bool) -> Result<String> {
        match value {
            Value::String(text) => escaped(text),
            other => Err(Error::new(format!("XML has no way to say `{other}` but as text"))),
        }
    }

    fn lines(&self, _spot: &InsertionPoint<'_>, _entry: &NewEntry, _indent: &str) -> Result<String> {
        Err(Error::new("an element of XML is not a line"))
    }

    fn insert_apart(
        &self,
        spot: &InsertionPoint<'_>,
        missing: &[String],
        entry: &NewEntry,
    ) -> Result<Option<TextEdit>> {
        if spot.place.parent().is_none() {
            return Err(Error::new("a file of XML has one element that holds all others")
                .help("name a place inside of it"));
        }
        let new = self.new_element(spot, missing, entry)?;
        let text = spot.file.text;
        let Style { eol, unit, .. } = self.style(spot);
        let children = spot.container().children();
        let elements = || {
            children
                .iter()
                .enumerate()
                .filter(|(_, child)| is_element(text, child))
        };
        let before = elements().rfind(|(at, _)| *at < spot.index);
        let near = before.or_else(|| elements().next());
        Ok(Some(match near {
            Some((_, near)) if begins_line(text, near.span.start) => {
                let indent = indent_at(text, near.span.start);
                let said = new.print(indent, &unit, eol);
                match before {
                    Some(_) => TextEdit::insert(tail(text, near.span.end), format!("{eol}{indent}{said}")),
                    None => TextEdit::insert(near.span.start, format!("{said}{eol}{indent}")),
                }
            }
            Some((_, near)) => {
                let at = if before.is_some() {
                    near.span.end
                } else {
                    near.span.start
                };
                TextEdit::insert(at, new.print("", "", ""))
            }
            None => {
                let (start, end) = hollow(spot.file, spot.place)?;
                let whole = around(spot.place).map_or(start, |span| span.start);
                let said = if begins_line(text, whole) {
                    let outer = indent_at(text, whole);
                    let indent = format!("{outer}{unit}");
                    format!("{eol}{indent}{}{eol}{outer}", new.print(&indent, &unit, eol))
                } else {
                    new.print("", "", "")
                };
                TextEdit::replace(
                    start..end,
                    match closes_itself(&text[start..end]) {
                        true => format!(">{said}</{}>", name_at(text, whole)),
                        false => said,
                    },
                )
            }
        }))
    }

    fn hollow(&self, spot: &InsertionPoint<'_>) -> Option<String> {
        let has_elements = spot
            .container()
            .children()
            .iter()
            .any(|child| is_element(spot.file.text, child));
        let (start, end) = hollow(spot.file, spot.place).ok().filter(|_| !has_elements)?;
        (start < end).then(|| spot.file.text[start..end].to_owned())
    }

    fn remove_apart(
        &self,
        file: File<'_>,
        place: &Place<'_>,
        index: usize,
        hollow: Option<&str>,
    ) -> Result<Option<TextEdit>> {
        let text = file.text;
        let children = place.container().children();
        let Some(child) = children.get(index).filter(|child| is_element(text, child)) else {
            return Err(file.error(0, "only elements are removed from a file of XML"));
        };
        let span = child.span;
        let is_only = children.iter().filter(|child| is_element(text, child)).count() == 1;
        if let Some(inner) = around(place)
            .filter(|_| is_only)
            .and_then(|whole| content(text, whole))
            && text[inner.start..span.start].trim().is_empty()
            && text[span.end..inner.end].trim().is_empty()
        {
            let hollow = hollow.unwrap_or_default();
            let whole = around(place).filter(|_| closes_itself(hollow));
            let hole = whole.map_or(inner, |whole| Span::new(inner.start - ">".len(), whole.end));
            return Ok(Some(TextEdit::replace(hole, hollow)));
        }
        let start = line_start(text, span.start);
        Ok(Some(if begins_line(text, span.start) && start > 0 {
            TextEdit::replace(break_before(text, start)..tail(text, span.end), "")
        } else {
            TextEdit::replace(span, "")
        }))
    }
}

/// Where the first element begins that has too many attributes.
fn crowded(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[start..];
        let aside = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((_, end)) = aside.into_iter().find(|(begin, _)| rest.starts_with(begin)) {
            at = start + rest.find(end).unwrap_or(rest.len());
            continue;
        }
        let (mut quote, mut attributes) = (None, 0);
        let end = rest.bytes().position(|byte| {
            match (quote, byte) {
                (None, b'"' | b'\'') => {
                    quote = Some(byte);
                    attributes += 1;
                }
                (Some(open), byte) if open == byte => quote = None,
                _ => {}
            }
            attributes > MAX_ATTRIBUTES || (quote.is_none() && byte == b'>')
        });
        if attributes > MAX_ATTRIBUTES {
            return Some(start);
        }
        at = start + end.unwrap_or(rest.len());
    }
    None
}

impl Xml {
    /// The element that says `entry` in the elements `missing`.
    fn new_element(&self, spot: &InsertionPoint<'_>, missing: &[String], entry: &NewEntry) -> Result<New> {
        let own = || {
            around(spot.place)
                .map(|span| name_at(spot.file.text, span.start))
                .unwrap_or_default()
        };
        let mut new = match entry {
            NewEntry::Key(name, value) => self.element(name, value)?,
            NewEntry::Item(value) => {
                let first = spot.container().children().first().filter(|_| missing.is_empty());
                let like = first.map(|child| name_at(spot.file.text, child.span.start).to_owned());
                let holder = missing.last().map_or_else(own, |last| last.as_str());
                self.element(&like.map_or_else(|| one_of(holder), Ok)?, value)?
            }
        };
        for name in missing.iter().rev() {
            new = New {
                name: checked(name)?,
                body: Said::Elements(vec![new]),
            };
        }
        Ok(new)
    }

    fn element(&self, name: &str, value: &Value) -> Result<New> {
        let body = match value {
            Value::Object(members) => {
                let all = members.iter().map(|(name, value)| self.element(name, value));
                Said::Elements(all.collect::<Result<_>>()?)
            }
            Value::Array(items) => {
                let each = one_of(name)?;
                let all = items.iter().map(|value| self.element(&each, value));
                Said::Elements(all.collect::<Result<_>>()?)
            }
            value => Said::Text(self.scalar(value, Quote::Plain, false)?),
        };
        Ok(New {
            name: checked(name)?,
            body,
        })
    }
}

/// An element that is written.
struct New {
    name: String,
    body: Said,
}

enum Said {
    Text(String),
    Elements(Vec<New>),
}

impl New {
    /// On lines that are indented by `indent`, or on one if there is no line end.
    fn print(&self, indent: &str, unit: &str, eol: &str) -> String {
        let name = &self.name;
        match &self.body {
            Said::Text(text) => format!("<{name}>{text}</{name}>"),
            Said::Elements(all) => {
                let inner = format!("{indent}{unit}");
                let all = all
                    .iter()
                    .map(|new| format!("{eol}{inner}{}", new.print(&inner, unit, eol)));
                format!("<{name}>{}{eol}{indent}</{name}>", all.collect::<String>())
            }
        }
    }
}

/// What one of the elements is called that stand in the element `plural`.
fn one_of(plural: &str) -> Result<String> {
    singular(plural).ok_or_else(|| {
        Error::new(format!(
            "the name of the elements in an empty `<{plural}>` is not known"
        ))
        .help("write the first one by hand")
    })
}

fn singular(plural: &str) -> Option<String> {
    let stem = plural.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let stem = stem.or_else(|| plural.strip_suffix('s').map(str::to_owned));
    stem.filter(|stem| !stem.is_empty())
}

/// Whether elements called `name` make a list of the element `holder`.
fn is_list(holder: &str, name: &str, count: usize) -> bool {
    count > 1 || singular(holder).is_some_and(|one| one == name)
}

fn checked(name: &str) -> Result<String> {
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    match name.starts_with(is_first) && name.chars().all(is_part) {
        true => Ok(name.to_owned()),
        false => Err(Error::new(format!("no element of XML can be called `{name}`"))),
    }
}

fn escaped(text: &str) -> Result<String> {
    let is_bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(is_bad) || text.trim() != text || text.is_empty() {
        return Err(Error::new(format!(
            "no element of XML says `{}`",
            text.escape_debug()
        )));
    }
    Ok(text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace("]]>", "]]&gt;"))
}

/// `text` in place of the text of an element, or of an attribute with its quotes.
pub(super) fn string_like(text: &str, written: &str) -> Option<String> {
    let said = escaped(text).ok()?;
    match written.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => (!said.contains(quote)).then(|| format!("{quote}{said}{quote}")),
        None => Some(said),
    }
}

/// The element round the members of the innermost container.
fn around(place: &Place<'_>) -> Option<Span> {
    let (parent, at) = (place.parent()?, place.indices.last()?);
    Some(parent.children()[*at].span)
}

/// Where the first element goes in the container that `place` ends in.
fn hollow(file: File<'_>, place: &Place<'_>) -> Result<(usize, usize)> {
    let whole = around(place).unwrap_or(Span::at(0));
    let refused = || {
        let why = "an element with text or a comment, and without elements, gets none";
        let error = file.error(whole.start, why);
        error.help("write the first entry by hand")
    };
    let found = hollow_of(&file.text[whole.start..whole.end]).ok_or_else(refused)?;
    Ok((whole.start + found.start, whole.start + found.end))
}

/// Where the first element goes in an element that is written so: in the space between its tags, or in place of the end of a tag that
/// closes itself. Nothing if something stands there.
pub fn hollow_of(element: &str) -> Option<Range<usize>> {
    match content(element, Span::new(0, element.len())) {
        Some(inner) => Some(inner.range()).filter(|inner| element[inner.clone()].trim().is_empty()),
        None => {
            let tag = element.strip_suffix("/>")?;
            Some(tag.trim_end().len()..element.len())
        }
    }
}

/// Where else `document` says what it may say at `pointer`: a project of Maven says in profiles again what it says of itself.
pub fn twins(document: &Value, pointer: &str) -> Vec<String> {
    let Some(rest) = pointer.strip_prefix("/project/") else {
        return vec![];
    };
    let profiles = document.pointer("/project/profiles").and_then(Value::as_array);
    let all = 0..profiles.map_or(0, Vec::len);
    let all = all.map(|at| format!("/project/profiles/{at}/{rest}"));
    all.filter(|pointer| document.pointer(pointer).is_some())
        .collect()
}

/// Whether this is the end of a tag that closes itself; it may stand in place of the content of an element of XML.
pub fn closes_itself(hollow: &str) -> bool {
    hollow.trim_start() == "/>"
}

/// What stands between the tags of an element; nothing if it has but one.
fn content(text: &str, whole: Span) -> Option<Span> {
    let said = text.get(whole.start..whole.end)?;
    let open = tag_end(said)?;
    if said[..open].ends_with("/>") {
        return None;
    }
    Some(Span::new(whole.start + open, whole.start + said.rfind("</")?))
}

/// Behind the tag with which `text` begins.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('>', None) => return Some(at + 1),
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// The name of the element that begins at a byte.
fn name_at(text: &str, at: usize) -> &str {
    let rest = text.get(at + 1..).unwrap_or_default();
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
    &rest[..end.unwrap_or(rest.len())]
}

fn is_element(text: &str, child: &Child) -> bool {
    text[child.span.start..].starts_with('<')
}

fn begins_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

/// Where the line of an element ends, with the comments behind it; where the element does, if it is not the last of its line.
fn tail(text: &str, end: usize) -> usize {
    let line = &text[end..line_end(text, end)];
    let mut rest = line.trim_end();
    while let Some(comment) = rest.trim_start().strip_prefix("<!--") {
        match comment.split_once("-->") {
            Some((_, behind)) => rest = behind,
            None => return end,
        }
    }
    match rest.trim().is_empty() {
        true => end + line.trim_end().len(),
        false => end,
    }
}

/// The byte at which an error was found.
fn offset(text: &str, error: &XmlError) -> usize {
    let at = error.pos();
    let mut lines = text.split_inclusive('\n');
    let row = at.row.saturating_sub(1) as usize;
    let before: usize = lines.by_ref().take(row).map(str::len).sum();
    let line = lines.next().unwrap_or_default();
    let column = line.char_indices().nth(at.col.saturating_sub(1) as usize);
    (before + column.map_or(line.len(), |(at, _)| at)).min(text.len())
}

/// An element and its name.
struct Found {
    name: String,
    span: Span,
    node: Node,
}

fn named(found: Found) -> Child {
    let start = found.span.start + 1;
    Child {
        key: Some(Key {
            span: Span::new(start, start + found.name.len()),
            name: found.name,
        }),
        span: found.span,
        apart: false,
        node: found.node,
    }
}

/// The element `of`.
fn child(file: File<'_>, of: Element<'_, '_>, depth: usize) -> Result<Found> {
    let span = Span::from(of.range());
    let name = name_at(file.text, span.start).to_owned();
    if depth > MAX_DEPTH {
        return Err(file.too_deep(span.start));
    }
    let inner = content(file.text, span).unwrap_or(Span::at(span.end));
    let elements = of.children().filter(|child| child.is_element());
    let all = elements.map(|element| child(file, element, depth + 1));
    let all: Vec<Found> = all.collect::<Result<_>>()?;
    let layout = Layout::Block {
        head: Some(inner.start),
    };
    let is_one = all.first().is_some_and(|first| {
        all.iter().all(|other| other.name == first.name) && is_list(&name, &first.name, all.len())
    });
    let text = all.is_empty().then(|| text_of(file, of)).flatten();
    let attributes = || {
        of.attributes().map(|attribute| {
            let key = Span::from(attribute.range_qname());
            let value = attribute.range_value();
            let value = Node::scalar(
                Span::new(value.start - 1, value.end + 1),
                Value::from(attribute.value()),
            );
            let name = format!("@{}", &file.text[key.start..key.end]);
            Child::member(name, key, value)
        })
    };
    let whole = match (all_span(&all), &text) {
        (Some(span), _) => span,
        (None, Some((span, _))) => *span,
        (None, None) => Span::at(inner.start),
    };
    let node = match (is_one, text) {
        (true, _) => Node {
            span: whole,
            body: Body::Array(
                all.into_iter()
                    .map(|found| Child::item(found.span, found.node))
                    .collect(),
                layout,
            ),
        },
        (false, text) if all.is_empty() && of.attributes().len() == 0 => match text {
            Some((span, said)) => Node::scalar(span, Value::from(said)),
            None => Node::scalar(Span::at(inner.start), Value::Null),
        },
        (false, text) => {
            let span = Span::new(
                attributes().next().map_or(whole.start, |first| first.span.start),
                whole.end,
            );
            let mut members: Vec<Child> = attributes().collect();
            members.extend(text.map(|(span, said)| {
                Child::member(
                    "#text",
                    Span::at(span.start),
                    Node::scalar(span, Value::from(said)),
                )
            }));
            members.extend(all.into_iter().map(named));
            Node {
                span,
                body: Body::Object(members, layout),
            }
        }
    };
    Ok(Found { name, span, node })
}

fn all_span(all: &[Found]) -> Option<Span> {
    Some(Span::new(all.first()?.span.start, all.last()?.span.end))
}

/// The text of an element without the space around it.
fn text_of(file: File<'_>, of: Element<'_, '_>) -> Option<(Span, String)> {
    let mut parts = of.children().filter(roxmltree::Node::is_text);
    let first = parts.next()?;
    let mut said = first.text().unwrap_or_default().to_owned();
    let mut span = Span::from(first.range());
    for part in parts {
        said.push_str(part.text().unwrap_or_default());
        span.end = part.range().end;
    }
    let written = &file.text[span.start..span.end];
    let start = span.start + written.len() - written.trim_start().len();
    let end = span.start + written.trim_end().len();
    let said = said.trim();
    (!said.is_empty() && start < end).then(|| (Span::new(start, end), said.to_owned()))
}
