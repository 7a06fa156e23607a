//! YAML 1.2, one document, core schema: the block structure, with spans.
//!
//! Strict where a guess could be wrong: explicit keys (`? `), keys that are aliases or collections or carry an anchor,
//! several documents and tabs in the indentation are refused with their position. `<<` is a name like any other. In:
//! text. Out: [`Node`]s.

mod block_scalar;
mod flow;
mod print;
mod resolve;
mod splice;

use std::collections::HashMap;

use serde_json::Value;

use super::node::{Body, Child, File, Key, Layout, MAX_DEPTH, Node};
use crate::diag::{Error, Result, Span};
use crate::format::line_start;

/// YAML 1.2.
pub(super) struct Yaml;

/// How many nodes aliases may repeat in total, so that a short text cannot grow without bound.
const MAX_REPEATED: usize = 100_000;

/// Parses the whole text.
fn parse(file: File<'_>) -> Result<Node> {
    let control = |&(at, byte): &(usize, u8)| match byte {
        b'\t' | b'\n' => false,
        b'\r' => file.text.as_bytes().get(at + 1) != Some(&b'\n'),
        byte => byte < b' ' || byte == 0x7f,
    };
    if let Some((at, _)) = file.text.bytes().enumerate().find(control) {
        return Err(file.error(at, "not valid YAML: a control character"));
    }
    let mut parser = Parser {
        file,
        pos: 0,
        anchors: HashMap::new(),
        repeated: 0,
        open: 0,
    };
    parser.prologue()?;
    let root = parser.node(Within {
        parent: -1,
        inline: Inline::Anything,
        seq_at_parent: false,
        depth: 0,
    })?;
    parser.epilogue()?;
    Ok(root)
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Within {
    /// The column of the collection it belongs to; -1 for the root.
    parent: isize,
    /// What may begin on the line of the indicator before it.
    inline: Inline,
    /// Whether a sequence may begin in the column of its parent: `key:` above `- item`.
    seq_at_parent: bool,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inline {
    /// Behind `- ` or at the beginning: block collections too.
    Anything,
    /// Behind `key: `: no block collections.
    NoBlock,
}

/// `&name` and `!tag` before a node.
#[derive(Clone, Copy, Default)]
struct Properties<'t> {
    anchor: Option<&'t str>,
    tag: Option<&'t str>,
}

struct Parser<'t> {
    file: File<'t>,
    pos: usize,
    anchors: HashMap<&'t str, (Value, usize)>,
    repeated: usize,
    /// How many brackets are open: between them, lines may begin with tabs.
    open: usize,
}

impl<'t> Parser<'t> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.file.text.as_bytes().get(self.pos + ahead).copied()
    }

    fn rest(&self) -> &'t str {
        &self.file.text[self.pos..]
    }

    fn error(&self, message: &str) -> Error {
        self.file.error(self.pos, format!("not valid YAML: {message}"))
    }

    fn unsupported(&self, what: &str) -> Error {
        self.file
            .error(self.pos, format!("{what} cannot be read here"))
            .help("write it in a plainer way")
    }

    fn column(&self) -> isize {
        (self.pos - line_start(self.file.text, self.pos)) as isize
    }

    /// Whether a blank, a line end or the end of the text is `ahead`.
    fn is_gap(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    }

    fn at_dash(&self) -> bool {
        self.byte(0) == Some(b'-') && self.is_gap(1)
    }

    /// Whether `---` or `...` stands at the beginning of the line of `pos`.
    fn at_marker(&self) -> bool {
        let rest = self.rest();
        (rest.starts_with("---") || rest.starts_with("..."))
            && self.is_gap(3)
            && (self.pos == 0 || self.file.text.as_bytes()[self.pos - 1] == b'\n')
    }

    /// Steps over blanks, comments and line ends. Says whether a line end was among them.
    fn trivia(&mut self) -> Result<bool> {
        let mut crossed = self.pos == 0;
        let mut tab = None;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\t' if crossed => tab = tab.or(Some(self.pos)),
                b' ' | b'\t' | b'\r' => {}
                b'\n' => (crossed, tab) = (true, None),
                b'#' if self.pos == 0
                    || matches!(self.file.text.as_bytes()[self.pos - 1], b' ' | b'\t' | b'\n') =>
                {
                    self.pos += self.rest().find('\n').unwrap_or(self.rest().len());
                    continue;
                }
                _ => break,
            }
            self.pos += 1;
        }
        match tab {
            Some(at) if self.pos < self.file.text.len() && self.open == 0 => Err(self
                .file
                .error(at, "not valid YAML: a tab stands in the indentation")),
            _ => Ok(crossed),
        }
    }

    /// Nothing but a comment may stand behind a value on its line.
    fn line_rest(&mut self) -> Result<()> {
        let start = self.pos;
        while matches!(self.byte(0), Some(b' ' | b'\t')) {
            self.pos += 1;
        }
        match self.byte(0) {
            None | Some(b'\n' | b'\r') => Ok(()),
            Some(b'#') if self.pos > start => Ok(()),
            _ => Err(self.error("something unexpected stands behind a value")),
        }
    }

    /// Directives and the `---` before the document.
    fn prologue(&mut self) -> Result<()> {
        self.trivia()?;
        let mut directives = false;
        while self.byte(0) == Some(b'%') && self.column() == 0 {
            directives = true;
            self.pos += self.rest().find('\n').unwrap_or(self.rest().len());
            self.trivia()?;
        }
        if self.at_marker() && self.rest().starts_with("---") {
            self.pos += 3;
            let start = self.pos;
            if !self.trivia()? && self.pos < self.file.text.len() {
                return Err(self.unsupported("a value on the line of `---`"));
            }
            self.pos = start;
        } else if directives {
            return Err(self.error("`---` is missing behind the directives"));
        } else {
            self.pos = 0;
        }
        Ok(())
    }

    fn epilogue(&mut self) -> Result<()> {
        self.trivia()?;
        if self.at_marker() && self.rest().starts_with("...") {
            self.pos += 3;
            self.line_rest()?;
            self.trivia()?;
        }
        if self.at_marker() {
            return Err(self
                .file
                .error(self.pos, "the file holds more than one YAML document")
                .help("edit it by hand: which document is meant cannot be told"));
        }
        match self.byte(0) {
            None => Ok(()),
            Some(_) => Err(self.error("something unexpected follows: is it indented as its siblings are?")),
        }
    }

    /// A node that begins behind an indicator or at the beginning of the document.
    fn node(&mut self, within: Within) -> Result<Node> {
        if within.depth > MAX_DEPTH {
            return Err(self.file.error(
                self.pos,
                format!("the file is nested more than {MAX_DEPTH} levels deep"),
            ));
        }
        let origin = self.pos;
        let mut own_line = self.trivia()?;
        if self.is_absent(own_line, within) {
            return Ok(Node::scalar(Span::at(origin), Value::Null));
        }
        let properties = self.properties()?;
        let tagged_line = properties.anchor.is_some() || properties.tag.is_some();
        if tagged_line {
            let end = self.pos;
            let crossed = self.trivia()?;
            if self.is_absent(crossed, within) {
                let value = if properties.tag == Some("!!str") {
                    Value::from("")
                } else {
                    Value::Null
                };
                return self.anchored(properties, Node::scalar(Span::at(end), value));
            }
            if !crossed && self.at_dash() {
                return Err(self.error("a sequence cannot begin behind an anchor or a tag on the same line"));
            }
            own_line = crossed;
        }
        let node = self.content(within, own_line, tagged_line && !own_line, properties.tag)?;
        self.anchored(properties, node)
    }

    /// Whether what follows belongs to a collection further out.
    fn is_absent(&self, own_line: bool, within: Within) -> bool {
        let too_far_left = || {
            let column = self.column();
            column < within.parent || (column == within.parent && !(within.seq_at_parent && self.at_dash()))
        };
        self.pos == self.file.text.len() || self.at_marker() || (own_line && too_far_left())
    }

    /// The node itself; `bound` if properties stand before it on its line, which then cannot be those of a key.
    fn content(&mut self, within: Within, own_line: bool, bound: bool, tag: Option<&str>) -> Result<Node> {
        let block_allowed = (own_line || within.inline == Inline::Anything) && !bound;
        let start = self.pos;
        let node = match self.byte(0) {
            Some(b'-') if self.is_gap(1) => {
                if !block_allowed {
                    return Err(self.error("a sequence cannot begin on the line of its name"));
                }
                return self.sequence(within.depth);
            }
            Some(b'?') if self.is_gap(1) => return Err(self.unsupported("a key behind `?`")),
            Some(b'|' | b'>') => return self.block_scalar(within.parent),
            Some(b'[' | b'{' | b'*') => self.flow_value(within.depth, tag)?,
            Some(b'"' | b'\'') => {
                let text = self.quoted()?;
                Node::scalar(Span::new(start, self.pos), Value::String(text))
            }
            _ => {
                let end = self.plain_line(false)?;
                if self.key_follows(end) {
                    Node::scalar(Span::new(start, end), Value::Null)
                } else {
                    return self.plain(within.parent, false, tag);
                }
            }
        };
        if !self.key_follows(node.span.end) {
            self.line_rest()?;
            return Ok(node);
        }
        if !matches!(node.body, Body::Scalar(_)) || self.file.text[start..].starts_with('*') {
            self.pos = start;
            return Err(self.unsupported("a key that is an alias or a collection"));
        }
        if !block_allowed || self.file.text[start..node.span.end].contains('\n') {
            self.pos = start;
            return Err(self.error("a name with a value cannot stand here"));
        }
        self.pos = start;
        self.mapping(within.depth)
    }

    /// Whether a colon that ends a key follows `end`.
    fn key_follows(&mut self, end: usize) -> bool {
        let rest = self.file.text[end..].trim_start_matches([' ', '\t']);
        rest.strip_prefix(':')
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
    }

    fn sequence(&mut self, depth: usize) -> Result<Node> {
        let column = self.column();
        let mut children: Vec<Child> = Vec::new();
        let start = self.pos;
        loop {
            let entry = self.pos;
            self.pos += 1;
            let within = Within {
                parent: column,
                inline: Inline::Anything,
                seq_at_parent: false,
                depth: depth + 1,
            };
            let node = self.node(within)?;
            let span = Span::new(entry, node.span.end.max(entry + 1));
            children.push(Child {
                key: None,
                span,
                apart: false,
                node,
            });
            if !self.next_entry(column)? || !self.at_dash() {
                break;
            }
        }
        let end = children.last().map_or(start, |child| child.span.end);
        Ok(Node {
            span: Span::new(start, end),
            body: Body::Array(children, Layout::Block),
        })
    }

    fn mapping(&mut self, depth: usize) -> Result<Node> {
        let column = self.column();
        let mut children: Vec<Child> = Vec::new();
        let start = self.pos;
        loop {
            let key = self.key()?;
            let within = Within {
                parent: column,
                inline: Inline::NoBlock,
                seq_at_parent: true,
                depth: depth + 1,
            };
            let node = self.node(within)?;
            let span = Span::new(key.span.start, node.span.end);
            children.push(Child {
                key: Some(key),
                span,
                apart: false,
                node,
            });
            if !self.next_entry(column)? {
                break;
            }
        }
        let end = children.last().map_or(start, |child| child.span.end);
        Ok(Node {
            span: Span::new(start, end),
            body: Body::Object(children, Layout::Block),
        })
    }

    /// Whether another entry follows in `column`.
    fn next_entry(&mut self, column: isize) -> Result<bool> {
        self.trivia()?;
        if self.pos == self.file.text.len() || self.at_marker() {
            return Ok(false);
        }
        match self.column().cmp(&column) {
            std::cmp::Ordering::Less => Ok(false),
            std::cmp::Ordering::Equal => Ok(true),
            std::cmp::Ordering::Greater => Err(self.error("this line is indented deeper than its siblings")),
        }
    }

    /// A key on one line, and its colon.
    fn key(&mut self) -> Result<Key> {
        let start = self.pos;
        let (name, end) = match self.byte(0) {
            Some(b'"' | b'\'') => {
                let name = self.quoted()?;
                (name, self.pos)
            }
            Some(b'&' | b'!') => return Err(self.unsupported("a key with an anchor or a tag")),
            Some(b'[' | b'{' | b'*') => {
                return Err(self.unsupported("a key that is an alias or a collection"));
            }
            Some(b'?') if self.is_gap(1) => return Err(self.unsupported("a key behind `?`")),
            _ => {
                let end = self.plain_line(false)?;
                (self.file.text[start..end].to_owned(), end)
            }
        };
        self.pos = end;
        if !self.key_follows(end) || self.file.text[start..end].contains('\n') {
            self.pos = start;
            return Err(self.error("a name and a colon are expected here"));
        }
        self.pos += self.rest().find(':').unwrap_or(0) + 1;
        Ok(Key {
            name,
            span: Span::new(start, end),
        })
    }

    /// `&anchor` and `!tag`, in any order.
    fn properties(&mut self) -> Result<Properties<'t>> {
        let mut found = Properties::default();
        loop {
            let start = self.pos;
            let slot = match self.byte(0) {
                Some(b'&') => &mut found.anchor,
                Some(b'!') => &mut found.tag,
                _ => return Ok(found),
            };
            let rest = &self.file.text[start..];
            let end = rest
                .find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'])
                .unwrap_or(rest.len());
            if slot.replace(&rest[..end]).is_some() {
                return Err(self.error("a value has one anchor and one tag at most"));
            }
            self.pos += end;
            if !self.is_gap(0) && !matches!(self.byte(0), Some(b',' | b']' | b'}')) {
                return Err(self.error("a blank is missing behind an anchor or a tag"));
            }
            let after = self.pos;
            while matches!(self.byte(0), Some(b' ' | b'\t')) {
                self.pos += 1;
            }
            if !matches!(self.byte(0), Some(b'&' | b'!')) {
                self.pos = after;
                return Ok(found);
            }
        }
    }

    /// Remembers what an anchor stands for.
    fn anchored(&mut self, properties: Properties<'t>, node: Node) -> Result<Node> {
        if let Some(anchor) = properties.anchor {
            let value = node.to_value();
            let size = size_of(&value);
            self.repeat(size)?;
            self.anchors.insert(&anchor[1..], (value, size));
        }
        Ok(node)
    }

    /// What an alias stands for.
    fn alias(&mut self) -> Result<Value> {
        let rest = &self.file.text[self.pos + 1..];
        let end = rest
            .find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'])
            .unwrap_or(rest.len());
        let Some((value, size)) = self.anchors.get(&rest[..end]).cloned() else {
            return Err(self.error(&format!("nothing is anchored as `&{}`", &rest[..end])));
        };
        self.repeat(size)?;
        self.pos += 1 + end;
        Ok(value)
    }

    fn repeat(&mut self, nodes: usize) -> Result<()> {
        self.repeated += nodes;
        if self.repeated > MAX_REPEATED {
            return Err(self.file.error(self.pos, "the aliases repeat too much"));
        }
        Ok(())
    }
}

/// How many nodes a value has, itself included.
fn size_of(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size_of).sum(),
        Value::Object(map) => map.values().map(size_of).sum(),
        _ => 0,
    }
}
