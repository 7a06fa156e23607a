//! JSON: parsing with spans, and printing new entries in the style of the file.
//!
//! Comments and trailing commas are read and kept; everything else is strict (no single quotes, bare names, missing
//! commas, hexadecimal numbers or control characters). In: text. Out: [`Node`]s and edits.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use super::NewEntry;
use super::brackets::{Brackets, Comments, Defaults, Placement};
use super::node::{Body, Child, File, Key, Layout, MAX_DEPTH, Node};
use super::ops::{Document, Place, Syntax};
use crate::diag::{Result, Span, TextEdit};

/// JSON with comments.
pub(super) struct Json;

impl Syntax for Json {
    fn parse(&self, file: File<'_>) -> Result<Node> {
        let options = ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(file.text, &CollectOptions::default(), &options)
            .map_err(|error| file.error(error.range().start, sentence(&error)))?;
        match parsed.value {
            Some(value) => convert(file, &value, 0),
            None => Err(file.error(file.text.len(), "the file holds no JSON value")),
        }
    }

    fn insert(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        entry: &NewEntry,
    ) -> Result<Vec<TextEdit>> {
        let container = place.container();
        let style = Style::of(document, place);
        let defaults = Defaults {
            own_line: style.own_line,
            unit: &style.unit,
            gap: style.gap,
            pad: if matches!(container.body, Body::Object(..)) {
                style.pad
            } else {
                ""
            },
            eol: document.look.eol,
        };
        let list = brackets(document.file.text, container);
        let placement = list.placement(index, &defaults);
        let indent = match &placement {
            Placement::OwnLine(indent) => Some(indent.as_str()),
            Placement::Inline(_) => None,
        };
        let mut text = String::new();
        match entry {
            NewEntry::Item(value) => style.print(value, indent, &mut text),
            NewEntry::Key(name, value) => style.print_member(name, value, indent, &mut text),
        }
        Ok(list.insert(index, &text, &placement, &defaults))
    }

    fn remove(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        hollow: Option<&str>,
    ) -> Result<Vec<TextEdit>> {
        Ok(brackets(document.file.text, place.container()).remove(index, hollow))
    }

    fn hollow(&self, document: &Document<'_>, container: &Node) -> Option<String> {
        container
            .children()
            .and_then(|_| brackets(document.file.text, container).hollow())
    }

    fn is_bare(&self, document: &Document<'_>, place: &Place<'_>) -> bool {
        !brackets(document.file.text, place.container()).keeps_comments()
    }
}

fn brackets<'t>(text: &'t str, container: &Node) -> Brackets<'t> {
    let items = container
        .children()
        .unwrap_or_default()
        .iter()
        .map(|child| child.span)
        .collect();
    Brackets {
        text,
        span: container.span,
        items,
        comments: Comments::Slash,
    }
}

fn sentence(error: &ParseError) -> String {
    match error.kind() {
        ParseErrorKind::NestingDepthExceeded => too_deep(),
        kind => {
            let text = kind.to_string();
            let mut chars = text.chars();
            let first = chars.next().map(|c| c.to_ascii_lowercase());
            format!("not valid JSON: {}{}", first.unwrap_or('?'), chars.as_str())
        }
    }
}

fn too_deep() -> String {
    format!("the file is nested more than {MAX_DEPTH} levels deep")
}

fn convert(file: File<'_>, value: &ast::Value<'_>, depth: usize) -> Result<Node> {
    let span = Span::new(value.start(), value.end());
    if depth > MAX_DEPTH {
        return Err(file.error(span.start, too_deep()));
    }
    let body = match value {
        ast::Value::StringLit(text) => {
            no_control_characters(file, span)?;
            Body::Scalar(Value::String(text.value.to_string()))
        }
        ast::Value::NumberLit(number) => match serde_json::from_str(number.value) {
            Ok(Value::Number(number)) => Body::Scalar(Value::Number(number)),
            _ => return Err(file.error(span.start, "not valid JSON: this is not a number")),
        },
        ast::Value::BooleanLit(boolean) => Body::Scalar(Value::Bool(boolean.value)),
        ast::Value::NullKeyword(_) => Body::Scalar(Value::Null),
        ast::Value::Array(array) => {
            let mut children = Vec::with_capacity(array.elements.len());
            for element in &array.elements {
                let node = convert(file, element, depth + 1)?;
                children.push(Child {
                    key: None,
                    span: node.span,
                    apart: false,
                    node,
                });
            }
            Body::Array(children, Layout::Brackets)
        }
        ast::Value::Object(object) => {
            let mut children = Vec::with_capacity(object.properties.len());
            for property in &object.properties {
                let span = Span::new(property.name.start(), property.name.end());
                no_control_characters(file, span)?;
                let name = match &property.name {
                    ast::ObjectPropName::String(text) => text.value.to_string(),
                    ast::ObjectPropName::Word(word) => word.value.to_owned(),
                };
                let node = convert(file, &property.value, depth + 1)?;
                children.push(Child {
                    key: Some(Key { name, span }),
                    span: Span::new(span.start, node.span.end),
                    apart: false,
                    node,
                });
            }
            Body::Object(children, Layout::Brackets)
        }
    };
    Ok(Node { span, body })
}

fn no_control_characters(file: File<'_>, span: Span) -> Result<()> {
    match file.text[span.start..span.end]
        .bytes()
        .position(|byte| byte < b' ')
    {
        Some(at) => Err(file.error(
            span.start + at,
            "not valid JSON: a control character stands in a string",
        )),
        None => Ok(()),
    }
}

/// How the file writes what is inserted.
struct Style {
    /// Whether an empty container at this place is opened over lines.
    own_line: bool,
    unit: String,
    eol: &'static str,
    /// Between a name and its value.
    colon: String,
    /// Behind a comma.
    gap: &'static str,
    /// Inside the braces of an object on one line.
    pad: &'static str,
}

impl Style {
    fn of(document: &Document<'_>, place: &Place<'_>) -> Self {
        let text = document.file.text;
        let one_line = |node: &Node| {
            let first = node.children().and_then(<[Child]>::first);
            first.is_some_and(|first| !text[node.span.start..first.span.start].contains('\n'))
        };
        let minified = is_minified(text, &document.root);
        let sibling = place.container().children().and_then(<[Child]>::last);
        let example = [sibling, first_member(&document.root)]
            .into_iter()
            .flatten()
            .find_map(|it| colon_of(text, it));
        let padded = place
            .nodes
            .iter()
            .rev()
            .find(|node| matches!(node.body, Body::Object(..)) && one_line(node));
        let tight = padded.is_some_and(|node| text[node.span.start + 1..].starts_with('"'));
        Self {
            own_line: !place.parent().map_or(minified, one_line),
            unit: document.look.indent.unit(),
            eol: document.look.eol.as_str(),
            colon: example.unwrap_or(if minified { ":" } else { ": " }).to_owned(),
            gap: if minified { "" } else { " " },
            pad: if minified || tight { "" } else { " " },
        }
    }

    fn print_member(&self, name: &str, value: &Value, indent: Option<&str>, out: &mut String) {
        out.push_str(&Value::from(name).to_string());
        out.push_str(&self.colon);
        self.print(value, indent, out);
    }

    /// Prints `value`; over several lines if the line it begins on is indented by `indent`, on one line if `None`.
    fn print(&self, value: &Value, indent: Option<&str>, out: &mut String) {
        match value {
            Value::Array(items) if !items.is_empty() => {
                self.print_list(["[", "]"], "", items.len(), indent, out, |at, inner, out| {
                    self.print(&items[at], inner, out);
                });
            }
            Value::Object(map) if !map.is_empty() => {
                let members: Vec<_> = map.iter().collect();
                self.print_list(
                    ["{", "}"],
                    self.pad,
                    members.len(),
                    indent,
                    out,
                    |at, inner, out| {
                        self.print_member(members[at].0, members[at].1, inner, out);
                    },
                );
            }
            other => out.push_str(&other.to_string()),
        }
    }

    fn print_list(
        &self,
        [open, close]: [&str; 2],
        pad: &str,
        count: usize,
        indent: Option<&str>,
        out: &mut String,
        print: impl Fn(usize, Option<&str>, &mut String),
    ) {
        let inner = indent.map(|indent| format!("{indent}{}", self.unit));
        out.push_str(open);
        for at in 0..count {
            match &inner {
                Some(inner) => out.extend([if at == 0 { "" } else { "," }, self.eol, inner]),
                None => out.extend(if at == 0 { ["", pad] } else { [",", self.gap] }),
            }
            print(at, inner.as_deref(), out);
        }
        match indent {
            Some(indent) => out.extend([self.eol, indent]),
            None => out.push_str(pad),
        }
        out.push_str(close);
    }
}

/// What stands between the name and the value of `member`, if it is a colon and blanks.
fn colon_of<'t>(text: &'t str, member: &Child) -> Option<&'t str> {
    let between = &text[member.key.as_ref()?.span.end..member.node.span.start];
    (between.contains(':') && between.chars().all(|c| matches!(c, ' ' | '\t' | ':'))).then_some(between)
}

/// The first member of the first object that has one.
fn first_member(node: &Node) -> Option<&Child> {
    let first = node.children()?.first()?;
    if first.key.is_some() {
        Some(first)
    } else {
        first_member(&first.node)
    }
}

/// Whether the file saves every blank.
fn is_minified(text: &str, root: &Node) -> bool {
    if text[root.span.start..root.span.end].contains('\n') {
        return false;
    }
    if let Some(member) = first_member(root) {
        return colon_of(text, member) == Some(":");
    }
    match root.children() {
        Some([first, second, ..]) => second.span.start == first.span.end + 1,
        _ => false,
    }
}
