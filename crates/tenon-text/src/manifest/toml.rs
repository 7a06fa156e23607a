//! TOML: parsing with spans, lines of tables, and tables under headers of their own.
//!
//! `toml_edit` reads and says where everything stands; its printer is not used, because it changes line ends and moves
//! comments. Dates and times are read as strings, as are `nan` and `inf`.

use std::ops::Range;

use serde_json::{Map, Value};
use toml_edit::{Item, Key, Table, TableLike, Value as TomlValue};

use super::NewEntry;
use super::lines::{collect, comments_above, comments_below, tail};
use super::print::{Printer, colon_of, double_quoted};
use super::syntax::{InsertionPoint, Quote, Style, Syntax};
use super::tree::{Body, Child, File, Layout, Node};
use super::values::nested;
use crate::diag::{Error, Result, Span, TextEdit};
use crate::format::{Format, line_indent, line_start};

/// TOML 1.1.
pub(super) struct Toml;

impl Syntax for Toml {
    fn parse(&self, file: File<'_>) -> Result<Node> {
        let document = toml_edit::Document::parse(file.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().lines().next().unwrap_or_default();
            file.error(at, format!("not valid TOML: {message}"))
        })?;
        let members = members(file, document.as_table(), false);
        Ok(Node {
            span: Span::new(0, file.text.len()),
            body: Body::Object(members, Layout::Block { head: None }),
        })
    }

    fn style(&self, spot: &InsertionPoint<'_>) -> Style {
        let text = spot.file.text;
        let look = Format::detect(text);
        let unit = look.indent.unit();
        let sibling = spot.near(|child| !child.apart);
        let colon = sibling.and_then(|sibling| colon_of(text, sibling, '='));
        Style {
            eol: look.eol.as_str(),
            unit: if unit == "  " { "    ".to_owned() } else { unit },
            colon: if colon == Some("=") { "=" } else { " = " }.to_owned(),
            gap: " ",
            pad: " ",
            own_line: false,
            spread: false,
            quote: spot.quote(),
        }
    }

    fn key(&self, name: &str, _in_flow: bool) -> String {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !name.is_empty() && name.chars().all(is_bare) {
            name.to_owned()
        } else {
            double_quoted(name)
        }
    }

    fn scalar(&self, value: &Value, quote: Quote, _in_flow: bool) -> Result<String> {
        let is_literal = |text: &str| !text.contains(|c: char| c == '\'' || c.is_control());
        match value {
            Value::Null => Err(Error::new("TOML has no way to say `null`")),
            Value::String(text) if quote == Quote::Single && is_literal(text) => Ok(format!("'{text}'")),
            Value::String(text) => Ok(double_quoted(text)),
            other => Ok(other.to_string()),
        }
    }

    fn lines(&self, spot: &InsertionPoint<'_>, entry: &NewEntry, indent: &str) -> Result<String> {
        let NewEntry::Key(name, value) = entry else {
            return Err(cannot(spot));
        };
        let container = spot.container();
        let style = &self.style(spot);
        let printer = Printer { syntax: self, style };
        // Behind the names that a neighbour has in front of its own.
        let mut line = String::new();
        if container.layout() == Some(Layout::Loose)
            && let Some(sibling) = spot.near(|child| !child.apart)
            && let Some(key) = &sibling.key
        {
            line.push_str(&spot.file.text[sibling.span.start..key.span.start]);
        }
        if let Some((member, value)) = dotted_as_neighbours(container.children(), value) {
            line.push_str(&format!("{}.", self.key(name, false)));
            let entry = NewEntry::Key(member.clone(), value.clone());
            return Ok(line + &printer.entry(&entry, Some(indent))?);
        }
        Ok(line + &printer.entry(entry, Some(indent))?)
    }

    fn insert_apart(
        &self,
        spot: &InsertionPoint<'_>,
        missing: &[String],
        entry: &NewEntry,
    ) -> Result<Option<TextEdit>> {
        let container = spot.container();
        let Some(layout) = container.layout().filter(|layout| *layout != Layout::Flow) else {
            return Ok(None);
        };
        let children = container.children();
        let apart = children.iter().filter(|child| child.apart).count();
        let lines = children.len() - apart;
        if layout == Layout::Loose && apart == 0 {
            return Ok(None);
        }
        // An array of plain values is a line of the table round it.
        let array;
        let (missing, entry) = match (missing, entry) {
            ([above @ .., _], NewEntry::Item(value)) if !value.is_object() => {
                array = nested(&missing[above.len()..], entry);
                (above, &array)
            }
            all => all,
        };
        Ok(Some(match (missing, entry) {
            ([], NewEntry::Item(Value::Object(map))) if layout == Layout::Tables => {
                section(spot, &[], ["[[", "]]"], map)?
            }
            // Where most neighbours are tables under headers of their own, so is this.
            ([], NewEntry::Key(name, Value::Object(map)))
                if (lines == 0 && apart > 0) || (map.len() > 1 && apart > lines) =>
            {
                section(spot, std::slice::from_ref(name), ["[", "]"], map)?
            }
            ([], _) if layout == Layout::Tables || (layout == Layout::Loose && lines == 0) => {
                return Err(cannot(spot));
            }
            ([], _) if spot.place.parent().is_none() && lines == 0 => {
                let line = self.lines(spot, entry, "")?;
                first_line(spot, &line)
            }
            ([], _) => return Ok(None),
            (missing, NewEntry::Item(Value::Object(map))) => section(spot, missing, ["[[", "]]"], map)?,
            (missing, NewEntry::Key(name, value)) => {
                let map = Map::from_iter([(name.clone(), value.clone())]);
                section(spot, missing, ["[", "]"], &map)?
            }
            _ => return Ok(None),
        }))
    }
}

/// The members of a table; `in_line` if it stands between braces.
fn members(file: File<'_>, table: &dyn TableLike, in_line: bool) -> Vec<Child> {
    let member = |(name, item): (&str, &Item)| {
        let key = table.key(name)?;
        let span = span_of(key.span());
        let node = node(file, key, item)?;
        let mut child = Child::member(key.get(), span, node);
        child.apart = is_apart(&child.node);
        if child.apart {
            child.span = child.node.span;
        } else if table.is_dotted() && !in_line {
            let line = line_start(file.text, span.start);
            child.span.start = line + line_indent(&file.text[line..]).len();
        }
        Some(child)
    };
    table.iter().filter_map(member).collect()
}

fn node(file: File<'_>, key: &Key, item: &Item) -> Option<Node> {
    Some(match item {
        Item::None => return None,
        Item::Value(it) => value(file, it),
        Item::Table(it) => table(file, it, key),
        Item::ArrayOfTables(it) => {
            let tables = it.iter().map(|it| table(file, it, key));
            let children = tables.map(|node| Child {
                apart: true,
                ..Child::item(node.span, node)
            });
            Node {
                span: span_of(it.span()),
                body: Body::Array(children.collect(), Layout::Tables),
            }
        }
    })
}

/// A table with a header, or one that only dotted keys or the headers of its sub-tables speak of.
fn table(file: File<'_>, it: &Table, key: &Key) -> Node {
    let members = members(file, it, false);
    if it.is_dotted() || it.is_implicit() {
        return loose(members, span_of(key.span()));
    }
    let header = span_of(it.span());
    let own = members.iter().filter(|child| !child.apart);
    let end = own.map(|child| child.span.end).max().unwrap_or(0);
    let head = Some(header.end);
    Node {
        span: Span::new(header.start, header.end.max(end)),
        body: Body::Object(members, Layout::Block { head }),
    }
}

/// A table without brackets or a header, from the first of its lines to the last.
fn loose(members: Vec<Child>, otherwise: Span) -> Node {
    let all_apart = members.iter().all(|child| child.apart);
    let own = members.iter().filter(|child| all_apart || !child.apart);
    let spans = own.map(|child| child.span);
    let span = spans.reduce(|all, span| Span::new(all.start.min(span.start), all.end.max(span.end)));
    Node {
        span: span.unwrap_or(otherwise),
        body: Body::Object(members, Layout::Loose),
    }
}

/// Whether a value stands under a header of its own.
fn is_apart(node: &Node) -> bool {
    match node.layout() {
        Some(Layout::Block { .. } | Layout::Tables) => true,
        Some(Layout::Loose) => node.children().iter().all(|child| child.apart),
        _ => false,
    }
}

fn value(file: File<'_>, it: &TomlValue) -> Node {
    let span = span_of(it.span());
    let float = |number: f64| match serde_json::Number::from_f64(number) {
        Some(number) => Value::Number(number),
        None => Value::String(number.to_string()),
    };
    let scalar = match it {
        TomlValue::String(text) => Value::String(text.value().clone()),
        TomlValue::Integer(integer) => Value::from(*integer.value()),
        TomlValue::Float(number) => float(*number.value()),
        TomlValue::Boolean(boolean) => Value::Bool(*boolean.value()),
        TomlValue::Datetime(date) => Value::String(date.value().to_string()),
        TomlValue::Array(array) => {
            let nodes = array.iter().map(|it| value(file, it));
            let children = nodes.map(|node| Child::item(node.span, node)).collect();
            return Node {
                span,
                body: Body::Array(children, Layout::Flow),
            };
        }
        TomlValue::InlineTable(table) => {
            let members = members(file, table, true);
            if table.is_dotted() {
                return loose(members, span);
            }
            return Node {
                span,
                body: Body::Object(members, Layout::Flow),
            };
        }
    };
    Node::scalar(span, scalar)
}

fn span_of(range: Option<Range<usize>>) -> Span {
    range.map_or(Span::at(0), Span::from)
}

fn dotted(names: &[String]) -> String {
    let keys = names.iter().map(|name| Toml.key(name, false));
    keys.collect::<Vec<_>>().join(".")
}

fn cannot(spot: &InsertionPoint<'_>) -> Error {
    let names = dotted(&spot.place.names(|at| Some(at.to_string())));
    let message = format!("`{names}` has no place of its own to insert into");
    let error = spot.file.error(spot.container().span.start, message);
    error.help(format!("write the header `[{names}]` first"))
}

/// The only member of `value`, if more of the neighbours write that member as `name.member` than as `name = { member }`.
fn dotted_as_neighbours<'v>(children: &[Child], value: &'v Value) -> Option<(&'v String, &'v Value)> {
    let members = value.as_object().filter(|map| map.len() == 1)?;
    let (member, inner) = members.iter().next()?;
    let count = |layout: Layout| {
        let alike = children.iter().filter(|child| {
            let has_it = child.node.children().iter().any(|child| child.name() == member);
            !child.apart && child.node.layout() == Some(layout) && has_it
        });
        alike.count()
    };
    (count(Layout::Loose) > count(Layout::Flow)).then_some((member, inner))
}

/// The first line of a document that has sections or comments only.
fn first_line(spot: &InsertionPoint<'_>, line: &str) -> TextEdit {
    let text = spot.file.text;
    let eol = Format::detect(text).eol.as_str();
    let mut sections = Vec::new();
    for child in spot.root.children() {
        collect(child, &mut sections);
    }
    match sections.iter().min() {
        Some(first) => {
            let at = comments_above(text, line_start(text, first.start));
            TextEdit::insert(at, format!("{line}{eol}{eol}"))
        }
        None if text.trim().is_empty() => TextEdit::insert(0, format!("{line}{eol}")),
        None => TextEdit::insert(text.trim_end().len(), format!("{eol}{line}")),
    }
}

/// A new header for `missing` below `place`, with `members`: behind the sections that stand there, or at the end.
fn section(
    spot: &InsertionPoint<'_>,
    missing: &[String],
    [open, close]: [&str; 2],
    members: &Map<String, Value>,
) -> Result<TextEdit> {
    let text = spot.file.text;
    let eol = Format::detect(text).eol.as_str();
    let mut names = spot.place.names(|_| None);
    names.extend_from_slice(missing);
    let mut out = format!("{open}{}{close}", dotted(&names));
    let style = &Style {
        colon: " = ".to_owned(),
        quote: Quote::Plain,
        ..Toml.style(spot)
    };
    let printer = Printer { syntax: &Toml, style };
    for (name, value) in members {
        let entry = NewEntry::Key(name.clone(), value.clone());
        out.push_str(eol);
        out.push_str(&printer.entry(&entry, None)?);
    }
    let mut siblings = Vec::new();
    let below = spot
        .place
        .parent()
        .map_or(&[][..], |_| spot.container().children());
    for child in below.iter().filter(|child| child.apart) {
        collect(child, &mut siblings);
    }
    let end = siblings.iter().map(|span| span.end).max();
    let at = end.map_or(text.trim_end().len(), |end| comments_below(text, tail(text, end)));
    Ok(match at {
        0 => TextEdit::insert(0, format!("{out}{eol}")),
        at => TextEdit::insert(at, format!("{eol}{eol}{out}")),
    })
}
