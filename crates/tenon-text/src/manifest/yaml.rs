//! YAML 1.2, one document, core schema: the tree from the parser's events, and lines of blocks.
//!
//! Strict where a guess could be wrong: keys behind `? `, keys that are aliases or collections, carry an anchor or a tag
//! or go over lines, and several documents are refused with their position. `<<` is a name like any other.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, StrInput, StructureStyle, Tag};
use serde_json::{Number, Value, json};

use super::NewEntry;
use super::lines::tail;
use super::print::{Printer, double_quoted};
use super::syntax::{InsertionPoint, Quote, Style, Syntax};
use super::tree::{Body, Child, File, Layout, MAX_DEPTH, Node};
use super::values::nested;
use super::yaml_print::{Blocks, Steps, column};
use crate::diag::{Result, Span, TextEdit};
use crate::format::{Format, indent_at};

/// YAML 1.2.
pub(super) struct Yaml;

/// How many nodes aliases may repeat in total, so that a short text cannot grow without bound.
const MAX_REPEATED: usize = 100_000;

impl Syntax for Yaml {
    fn parse(&self, file: File<'_>) -> Result<Node> {
        let is_control = |(at, byte): &(usize, u8)| match byte {
            b'\t' | b'\n' => false,
            b'\r' => file.text.as_bytes().get(at + 1) != Some(&b'\n'),
            byte => *byte < b' ' || *byte == 0x7f,
        };
        if let Some((at, _)) = file.text.bytes().enumerate().find(is_control) {
            return Err(file.error(at, "not valid YAML: a control character"));
        }
        let mut options = Options::default();
        options.set_emit_comments(false);
        options.flow_nesting_limit = MAX_DEPTH + 1;
        options.block_nesting_limit = MAX_DEPTH + 1;
        Builder {
            file,
            events: Parser::new_from_str_with_options(file.text, options),
            anchors: HashMap::new(),
            repeated: 0,
        }
        .document()
    }

    fn style(&self, spot: &InsertionPoint<'_>) -> Style {
        Style {
            eol: Format::detect(spot.file.text).eol.as_str(),
            unit: " ".repeat(Steps::of(spot).below),
            colon: ": ".to_owned(),
            gap: " ",
            pad: " ",
            own_line: false,
            spread: false,
            quote: spot.quote(),
        }
    }

    fn key(&self, name: &str, in_flow: bool) -> String {
        string(name, Quote::Plain, in_flow)
    }

    fn scalar(&self, value: &Value, quote: Quote, in_flow: bool) -> Result<String> {
        Ok(match value {
            Value::String(text) => string(text, quote, in_flow),
            other => other.to_string(),
        })
    }

    fn lines(&self, spot: &InsertionPoint<'_>, entry: &NewEntry, indent: &str) -> Result<String> {
        let style = &self.style(spot);
        let blocks = Blocks {
            printer: Printer { syntax: self, style },
            sequences: " ".repeat(Steps::of(spot).sequences),
        };
        match entry {
            NewEntry::Item(value) => blocks.item(value, indent),
            NewEntry::Key(name, value) => blocks.member(name, value, indent),
        }
    }

    /// The first line of a collection, where nothing stands yet.
    fn insert_apart(
        &self,
        spot: &InsertionPoint<'_>,
        missing: &[String],
        entry: &NewEntry,
    ) -> Result<Option<TextEdit>> {
        if !spot.container().is_vacant() {
            return Ok(None);
        }
        let (text, parent) = (spot.file.text, spot.place.parent());
        let entry = nested(missing, entry);
        let steps = Steps::of(spot);
        let step = match entry {
            NewEntry::Item(_) => steps.sequences,
            NewEntry::Key(..) => steps.below,
        };
        let indent = parent.map_or(String::new(), |parent| {
            let above = parent
                .children()
                .first()
                .map_or(0, |child| column(text, child.span.start));
            " ".repeat(above + step)
        });
        let line = self.lines(spot, &entry, &indent)?;
        let eol = Format::detect(text).eol.as_str();
        let at = match parent {
            Some(_) => tail(text, spot.container().span.end),
            None => text.trim_end().len(),
        };
        Ok(Some(match at {
            0 => TextEdit::insert(0, format!("{line}{eol}")),
            at => TextEdit::insert(at, format!("{eol}{indent}{line}")),
        }))
    }
}

/// Makes the tree out of events.
struct Builder<'t> {
    file: File<'t>,
    events: Parser<'t, StrInput<'t>>,
    /// What the anchors stand for, with the number of nodes.
    anchors: HashMap<usize, (Value, usize)>,
    repeated: usize,
}

impl<'t> Builder<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span)> {
        match self.events.next_event() {
            Some(Ok((event, span))) => {
                let [start, end] = [span.start, span.end].map(|mark| mark.byte_offset().unwrap_or(0));
                Ok((event, Span::new(start, end)))
            }
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                Err(self.file.error(at, format!("not valid YAML: {}", error.info())))
            }
            None => Ok((Event::StreamEnd, Span::at(self.file.text.len()))),
        }
    }

    fn document(mut self) -> Result<Node> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => {
                    return Ok(root.unwrap_or(Node::scalar(Span::at(0), Value::Null)));
                }
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(self
                        .file
                        .error(span.start, "the file holds more than one YAML document")
                        .help("edit it by hand: it is not clear which document is meant"));
                }
                Event::DocumentStart(is_explicit, _) => {
                    let (event, mark) = self.next()?;
                    let from = if is_explicit { span.end } else { 0 };
                    root = Some(self.node(event, mark, from, None, 0)?);
                }
                _ => {}
            }
        }
    }

    /// The node that `event` begins. It stands somewhere behind `from`, where its dash or colon ends; `head` is where
    /// its key ends.
    fn node(
        &mut self,
        event: Event<'t>,
        mark: Span,
        from: usize,
        head: Option<usize>,
        depth: usize,
    ) -> Result<Node> {
        if depth > MAX_DEPTH {
            return Err(self.file.too_deep(mark.start));
        }
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_string = style != ScalarStyle::Plain || tag.is_some_and(|tag| is_string_tag(&tag));
                let value = match text {
                    text if is_string => Value::from(text),
                    _ if mark.start == mark.end => Value::Null,
                    text => plain(&text),
                };
                let span = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.block_scalar(from, mark.end),
                    // The parser puts what is not there before the colon.
                    _ if mark.start == mark.end => Span::at(mark.start.max(from)),
                    _ => mark,
                };
                (anchor, Node::scalar(span, value))
            }
            Event::Alias(anchor) => {
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(self
                        .file
                        .error(mark.start, "not valid YAML: this alias contains itself"));
                };
                self.repeat(size, mark.start)?;
                (0, Node::scalar(mark, value))
            }
            Event::SequenceStart(style, anchor, _) => {
                let open = (style == StructureStyle::Flow).then_some(mark.start);
                (anchor, self.container(false, open, from, head, depth)?)
            }
            Event::MappingStart(style, anchor, _) => {
                let open = (style == StructureStyle::Flow).then_some(mark.start);
                (anchor, self.container(true, open, from, head, depth)?)
            }
            _ => {
                return Err(self
                    .file
                    .error(mark.start, "not valid YAML: a value is expected here"));
            }
        };
        if anchor > 0 {
            let value = node.to_value();
            let size = size_of(&value);
            self.repeat(size, mark.start)?;
            self.anchors.insert(anchor, (value, size));
        }
        Ok(node)
    }

    /// The entries up to the end of a container whose opening bracket is at `open`, or that is a block behind `from`.
    fn container(
        &mut self,
        is_mapping: bool,
        open: Option<usize>,
        from: usize,
        head: Option<usize>,
        depth: usize,
    ) -> Result<Node> {
        // The pair of `[name: value]` has no brackets of its own.
        let is_bracket = |at: &usize| self.file.text[*at..].starts_with(['[', '{']);
        let (start, layout) = match open {
            Some(at) if is_bracket(&at) => (at, Layout::Flow),
            Some(at) => (at, Layout::Loose),
            None => (self.block(from)?, Layout::Block { head }),
        };
        let mut end = start + usize::from(layout == Layout::Flow);
        let mut children: Vec<Child> = Vec::new();
        loop {
            let (event, mark) = self.next()?;
            if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
                let end = if layout == Layout::Flow { mark.end } else { end };
                let body = match is_mapping {
                    true => Body::Object(children, layout),
                    false => Body::Array(children, layout),
                };
                let span = Span::new(start, end);
                return Ok(Node { span, body });
            }
            let mut at = self.skip(end);
            if open.is_some() && !children.is_empty() && self.file.text[at..].starts_with(',') {
                at = self.skip(at + 1);
            }
            let child = if is_mapping {
                self.member(event, mark, at, depth)?
            } else {
                let behind = at + usize::from(open.is_none());
                let node = self.node(event, mark, behind, None, depth + 1)?;
                Child::item(Span::new(at, node.span.end.max(behind)), node)
            };
            end = child.span.end;
            children.push(child);
        }
    }

    /// A member whose key is the next thing behind `from`.
    fn member(&mut self, key: Event<'t>, span: Span, from: usize, depth: usize) -> Result<Child> {
        let is_plain = self.skip(from) == span.start && span.start < span.end;
        let name = match key {
            Event::Scalar(name, _, 0, None)
                if is_plain && !self.file.text[span.start..span.end].contains('\n') =>
            {
                name
            }
            _ => {
                let message = "a key that is not a plain or quoted name on one line cannot be read here";
                let error = self.file.error(span.start, message);
                return Err(error.help("write it in a plainer way"));
            }
        };
        let colon = self.skip(span.end);
        let has_colon = self.file.text[colon..].starts_with(':');
        let from = if has_colon { colon + 1 } else { span.end };
        let (event, mark) = self.next()?;
        let node = self.node(event, mark, from, Some(span.end), depth + 1)?;
        Ok(Child::member(name, span, node))
    }

    /// Behind the blanks, comments and line ends that follow `at`.
    fn skip(&self, mut at: usize) -> usize {
        loop {
            let rest = &self.file.text[at..];
            let next = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            at += rest.len() - next.len();
            if !next.starts_with('#') {
                return at;
            }
            at += next.find('\n').unwrap_or(next.len());
        }
    }

    /// Where a block begins that follows `at`, its anchor and tag stepped over.
    fn content(&self, at: usize) -> usize {
        let mut at = self.skip(at);
        while self.file.text[at..].starts_with(['&', '!']) {
            let rest = &self.file.text[at..];
            at = self.skip(at + rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len()));
        }
        at
    }

    /// Where a sequence or mapping begins that follows `at`.
    fn block(&self, at: usize) -> Result<usize> {
        let start = self.content(at);
        if indent_at(self.file.text, start).contains('\t') {
            return Err(self
                .file
                .error(start, "not valid YAML: there is a tab in the indentation"));
        }
        Ok(start)
    }

    /// From the `|` or `>` behind `from` to the last line of the text before `end`.
    fn block_scalar(&self, from: usize, end: usize) -> Span {
        let start = self.content(from);
        let mut whole = &self.file.text[start..end];
        // The blanks that the next line begins with.
        if let Some(at) = whole.rfind('\n').filter(|at| whole[*at..].trim().is_empty()) {
            whole = &whole[..=at];
        }
        let header = whole.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
        let text = whole.trim_end_matches(['\r', '\n']);
        let kept = whole.strip_suffix('\n').unwrap_or(whole);
        let kept = kept.strip_suffix('\r').unwrap_or(kept);
        let text = if header.contains('+') { kept } else { text };
        Span::new(start, start + text.len())
    }

    fn repeat(&mut self, nodes: usize, at: usize) -> Result<()> {
        self.repeated += nodes;
        if self.repeated > MAX_REPEATED {
            return Err(self.file.error(at, "the aliases repeat too much"));
        }
        Ok(())
    }
}

fn is_string_tag(tag: &Tag) -> bool {
    tag.core_suffix() == Some("str") || tag.parts() == ("", "!")
}

/// How many nodes a value has, itself included.
fn size_of(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size_of).sum(),
        Value::Object(map) => map.values().map(size_of).sum(),
        _ => 0,
    }
}

/// The value of a plain scalar in the core schema.
fn plain(text: &str) -> Value {
    match text {
        "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text
            .strip_prefix(prefix)
            .filter(|digits| !digits.starts_with('+'))
        {
            return u64::from_str_radix(digits, radix).ok().map(Number::from);
        }
    }
    let has_only = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if !text.bytes().all(has_only) {
        return None;
    }
    let whole = text.parse::<i64>().map(Number::from);
    let whole = whole.or_else(|_| text.parse::<u64>().map(Number::from));
    whole.ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

/// A string in these quotes, or in others where it needs them.
fn string(text: &str, quote: Quote, in_flow: bool) -> String {
    let is_special = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if quote == Quote::Double || text.contains(is_special) {
        return double_quoted(text);
    }
    if quote == Quote::Plain && is_plain(text, in_flow) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether `text` may stand without quotes, as a name and as a value, for readers of YAML 1.1 too.
fn is_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", ".inf", ".nan", "<<", "="];
    let is_number = text
        .trim_start_matches(['+', '-', '.'])
        .starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "+-_.:oxT Z".contains(c));
    if is_number || WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        return false;
    }
    let pair = format!("{text}: {text}");
    let document = if in_flow { format!("{{{pair}}}") } else { pair };
    let file = File {
        text: &document,
        path: "",
    };
    Yaml.parse(file)
        .is_ok_and(|node| node.to_value() == json!({ text: text }))
}
