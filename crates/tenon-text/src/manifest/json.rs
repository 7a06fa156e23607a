//! JSON: parsing with spans, and the style of a file.
//!
//! Comments and trailing commas are read and kept; everything else is strict (no single quotes, bare names, missing
//! commas, hexadecimal numbers or control characters).

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use super::NewEntry;
use super::print::{Printer, colon_of};
use super::syntax::{InsertionPoint, Quote, Style, Syntax};
use super::tree::{Body, Child, File, Layout, MAX_DEPTH, Node};
use crate::diag::{Error, Result, Span, TextEdit};
use crate::format::Format;

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
            .map_err(|error| explained(file, &error))?;
        match parsed.value {
            Some(value) => convert(file, value, 0),
            None => Err(file.error(file.text.len(), "the file holds no JSON value")),
        }
    }

    fn comment(&self) -> &'static str {
        "//"
    }

    fn style(&self, spot: &InsertionPoint<'_>) -> Style {
        let (text, root, place) = (spot.file.text, spot.root, spot.place);
        let look = Format::detect(text);
        let one_line = |node: &Node| {
            let first = node.children().first();
            first.is_some_and(|first| !text[node.span.start..first.span.start].contains('\n'))
        };
        let sibling = spot.near(|_| true);
        let examples = [sibling, first_member(root)].into_iter().flatten();
        let colon = examples
            .filter_map(|it| colon_of(text, it, ':'))
            .next()
            .unwrap_or(": ");
        let minified = colon == ":" && !text[root.span.start..root.span.end].contains('\n');
        let mut round = place.nodes.iter().rev();
        let padded = round.find(|node| node.is_object() && one_line(node));
        let tight = padded.is_some_and(|node| text[node.span.start + 1..].starts_with('"'));
        Style {
            eol: look.eol.as_str(),
            unit: look.indent.unit(),
            colon: colon.to_owned(),
            gap: if minified { "" } else { " " },
            pad: if minified || tight { "" } else { " " },
            own_line: !place.parent().map_or(minified, one_line),
            spread: true,
            quote: Quote::Double,
        }
    }

    fn key(&self, name: &str, _in_flow: bool) -> String {
        Value::from(name).to_string()
    }

    fn scalar(&self, value: &Value, _quote: Quote, _in_flow: bool) -> Result<String> {
        Ok(value.to_string())
    }

    fn lines(&self, spot: &InsertionPoint<'_>, entry: &NewEntry, indent: &str) -> Result<String> {
        let style = &self.style(spot);
        Printer { syntax: self, style }.entry(entry, Some(indent))
    }

    fn insert_apart(&self, _: &InsertionPoint<'_>, _: &[String], _: &NewEntry) -> Result<Option<TextEdit>> {
        Ok(None)
    }
}

fn explained(file: File<'_>, error: &ParseError) -> Error {
    let at = error.range().start;
    match error.kind() {
        ParseErrorKind::NestingDepthExceeded => file.too_deep(at),
        kind => {
            let text = kind.to_string();
            let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
            file.error(at, format!("not valid JSON: {}{rest}", first.to_lowercase()))
        }
    }
}

fn convert(file: File<'_>, value: ast::Value<'_>, depth: usize) -> Result<Node> {
    let span = Span::new(value.start(), value.end());
    if depth > MAX_DEPTH {
        return Err(file.too_deep(span.start));
    }
    let body = match value {
        ast::Value::StringLit(text) => {
            no_control_characters(file, span)?;
            Body::Scalar(Value::String(text.value.into_owned()))
        }
        ast::Value::NumberLit(number) => match serde_json::from_str(number.value) {
            Ok(Value::Number(number)) => Body::Scalar(Value::Number(number)),
            _ => return Err(file.error(span.start, "not valid JSON: this is not a number")),
        },
        ast::Value::BooleanLit(boolean) => Body::Scalar(Value::Bool(boolean.value)),
        ast::Value::NullKeyword(_) => Body::Scalar(Value::Null),
        ast::Value::Array(array) => {
            let elements = array.elements.into_iter();
            let children = elements.map(|element| {
                let node = convert(file, element, depth + 1)?;
                Ok(Child::item(node.span, node))
            });
            Body::Array(children.collect::<Result<_>>()?, Layout::Flow)
        }
        ast::Value::Object(object) => {
            let properties = object.properties.into_iter();
            let children = properties.map(|property| {
                let span = Span::new(property.name.start(), property.name.end());
                no_control_characters(file, span)?;
                let name = property.name.into_string();
                Ok(Child::member(
                    name,
                    span,
                    convert(file, property.value, depth + 1)?,
                ))
            });
            Body::Object(children.collect::<Result<_>>()?, Layout::Flow)
        }
    };
    Ok(Node { span, body })
}

fn no_control_characters(file: File<'_>, span: Span) -> Result<()> {
    let text = &file.text[span.start..span.end];
    match text.bytes().position(|byte| byte < b' ') {
        Some(at) => Err(file.error(
            span.start + at,
            "not valid JSON: a string has a control character",
        )),
        None => Ok(()),
    }
}

/// The first member of the first object that has one.
fn first_member(node: &Node) -> Option<&Child> {
    let first = node.children().first()?;
    match first.key {
        Some(_) => Some(first),
        None => first_member(&first.node),
    }
}
