//! YAML on one line or between brackets: quoted and plain scalars, `[…]`, `{…}`, aliases.

use serde_json::Value;

use super::super::node::{Body, Child, Key, Layout, MAX_DEPTH, Node};
use super::{Parser, resolve};
use crate::diag::{Result, Span};

impl Parser<'_> {
    /// A value between brackets, or an alias, a scalar, inside or outside brackets.
    pub(super) fn flow_value(&mut self, depth: usize, tag: Option<&str>) -> Result<Node> {
        if depth > MAX_DEPTH {
            return Err(self.file.error(
                self.pos,
                format!("the file is nested more than {MAX_DEPTH} levels deep"),
            ));
        }
        let start = self.pos;
        Ok(match self.byte(0) {
            Some(b'[') => self.flow_sequence(depth)?,
            Some(b'{') => self.flow_mapping(depth)?,
            Some(b'*') => {
                let value = self.alias()?;
                Node::scalar(Span::new(start, self.pos), value)
            }
            Some(b'"' | b'\'') => {
                let text = self.quoted()?;
                Node::scalar(Span::new(start, self.pos), Value::String(text))
            }
            _ => self.plain(-1, true, tag)?,
        })
    }

    /// A value with its properties, inside brackets; empty before a comma or a closing bracket.
    fn flow_node(&mut self, depth: usize) -> Result<Node> {
        let origin = self.pos;
        self.trivia()?;
        let properties = self.properties()?;
        let end = if properties.anchor.is_some() || properties.tag.is_some() {
            self.pos
        } else {
            origin
        };
        self.trivia()?;
        let node = match self.byte(0) {
            None | Some(b',' | b']' | b'}') => Node::scalar(Span::at(end), Value::Null),
            _ => self.flow_value(depth, properties.tag)?,
        };
        self.anchored(properties, node)
    }

    fn flow_sequence(&mut self, depth: usize) -> Result<Node> {
        let start = self.pos;
        self.pos += 1;
        self.open += 1;
        let mut children = Vec::new();
        loop {
            self.trivia()?;
            match self.byte(0) {
                Some(b']') => break,
                None => return Err(self.file.error(start, "not valid YAML: `[` is never closed")),
                Some(b',') => return Err(self.error("a comma stands where a value is expected")),
                _ => {}
            }
            let entry = self.pos;
            let mut node = self.flow_node(depth + 1)?;
            if self.flow_colon(&node) {
                node = self.flow_pair(entry, node, depth)?;
            }
            children.push(Child {
                key: None,
                span: Span::new(entry, node.span.end),
                apart: false,
                node,
            });
            self.separator(b']')?;
        }
        self.pos += 1;
        self.open -= 1;
        Ok(Node {
            span: Span::new(start, self.pos),
            body: Body::Array(children, Layout::Brackets),
        })
    }

    /// `[name: value]`, which is an object with one member.
    fn flow_pair(&mut self, entry: usize, key: Node, depth: usize) -> Result<Node> {
        let key = self.flow_key(entry, &key)?;
        let node = self.flow_node(depth + 2)?;
        let span = Span::new(entry, node.span.end);
        let child = Child {
            key: Some(key),
            span,
            apart: false,
            node,
        };
        Ok(Node {
            span,
            body: Body::Object(vec![child], Layout::Implied),
        })
    }

    fn flow_mapping(&mut self, depth: usize) -> Result<Node> {
        let start = self.pos;
        self.pos += 1;
        self.open += 1;
        let mut children = Vec::new();
        loop {
            self.trivia()?;
            match self.byte(0) {
                Some(b'}') => break,
                None => return Err(self.file.error(start, "not valid YAML: `{` is never closed")),
                Some(b',') => return Err(self.error("a comma stands where a name is expected")),
                Some(b'[' | b'{' | b'*' | b'&' | b'!') => {
                    return Err(self.unsupported("a key that is no plain or quoted name"));
                }
                _ => {}
            }
            let entry = self.pos;
            let name = self.flow_node(depth + 1)?;
            let (key, node) = if self.flow_colon(&name) {
                let key = self.flow_key(entry, &name)?;
                (key, self.flow_node(depth + 1)?)
            } else {
                let end = name.span.end;
                let name = self.name_of(&name);
                (
                    Key {
                        name,
                        span: Span::new(entry, end),
                    },
                    Node::scalar(Span::at(end), Value::Null),
                )
            };
            let span = Span::new(entry, node.span.end);
            children.push(Child {
                key: Some(key),
                span,
                apart: false,
                node,
            });
            self.separator(b'}')?;
        }
        self.pos += 1;
        self.open -= 1;
        Ok(Node {
            span: Span::new(start, self.pos),
            body: Body::Object(children, Layout::Brackets),
        })
    }

    /// A comma, or the closing bracket, which is left.
    fn separator(&mut self, close: u8) -> Result<()> {
        self.trivia()?;
        match self.byte(0) {
            Some(b',') => self.pos += 1,
            Some(byte) if byte == close => {}
            None => return Err(self.error("a bracket is never closed")),
            _ => return Err(self.error("a comma or a closing bracket is expected here")),
        }
        Ok(())
    }

    /// Whether a colon follows that makes `name` a key.
    fn flow_colon(&mut self, name: &Node) -> bool {
        let quoted = self.file.text[name.span.start..name.span.end].starts_with(['"', '\'']);
        let rest = self.file.text[self.pos..].trim_start_matches([' ', '\t']);
        rest.strip_prefix(':').is_some_and(|rest| {
            quoted || rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'])
        })
    }

    fn flow_key(&mut self, entry: usize, name: &Node) -> Result<Key> {
        let text = &self.file.text[entry..name.span.end];
        if !matches!(name.body, Body::Scalar(_)) || text.starts_with(['*', '&', '!']) || text.contains('\n') {
            return Err(self.unsupported("a key that is no plain or quoted name"));
        }
        self.pos += self.rest().find(':').unwrap_or(0) + 1;
        Ok(Key {
            name: self.name_of(name),
            span: Span::new(entry, name.span.end),
        })
    }

    /// A key as text: `1` and `true` are names too.
    fn name_of(&self, name: &Node) -> String {
        match &name.body {
            Body::Scalar(Value::String(text)) => text.clone(),
            _ => self.file.text[name.span.start..name.span.end].to_owned(),
        }
    }

    /// Where a plain scalar that begins here ends on this line.
    pub(super) fn plain_line(&self, in_flow: bool) -> Result<usize> {
        let bytes = self.file.text.as_bytes();
        let ends = |byte: u8| in_flow && matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        let bad = match self.byte(0) {
            Some(b'-' | b'?' | b':') => self.is_gap(1) || self.byte(1).is_some_and(ends),
            Some(byte) => b",[]{}#&*!|>'\"%@`".contains(&byte),
            None => true,
        };
        if bad {
            return Err(self.error("a value cannot begin with this character"));
        }
        Ok(self.plain_end(bytes, self.pos, in_flow))
    }

    fn plain_end(&self, bytes: &[u8], start: usize, in_flow: bool) -> usize {
        let mut at = start;
        let mut end = start;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied().unwrap_or(b'\n');
            match byte {
                b'\n' | b'\r' => break,
                b'#' if at > start && matches!(bytes[at - 1], b' ' | b'\t') => break,
                b':' if matches!(next, b' ' | b'\t' | b'\n' | b'\r') => break,
                b':' if in_flow && matches!(next, b',' | b'[' | b']' | b'{' | b'}') => break,
                b',' | b'[' | b']' | b'{' | b'}' if in_flow => break,
                b' ' | b'\t' => at += 1,
                _ => {
                    at += 1;
                    end = at;
                }
            }
        }
        end
    }

    /// A plain scalar, over several lines if they are indented deeper than `parent`.
    pub(super) fn plain(&mut self, parent: isize, in_flow: bool, tag: Option<&str>) -> Result<Node> {
        let bytes = self.file.text.as_bytes();
        let start = self.pos;
        self.pos = self.plain_line(in_flow)?;
        let mut text = self.file.text[start..self.pos].to_owned();
        let mut lines = 1;
        loop {
            let end = self.pos;
            let rest = self.rest().trim_start_matches([' ', '\t']);
            if !rest.starts_with(['\n', '\r']) {
                break;
            }
            let next = self.rest().trim_start_matches([' ', '\t', '\r', '\n']);
            self.pos = self.file.text.len() - next.len();
            let column = self.column();
            let over = next.is_empty()
                || next.starts_with('#')
                || self.at_marker()
                || (!in_flow && column <= parent);
            let over = over || (in_flow && next.starts_with([',', '[', ']', '{', '}', ':']));
            if over {
                self.pos = end;
                break;
            }
            let breaks = self.file.text[end..self.pos].matches('\n').count();
            if breaks > 1 {
                text.extend(std::iter::repeat_n('\n', breaks - 1));
            } else {
                text.push(' ');
            }
            let line = self.pos;
            self.pos = self.plain_end(bytes, line, in_flow);
            if self.pos == line {
                return Err(self.error("a value cannot begin with this character"));
            }
            text.push_str(&self.file.text[line..self.pos]);
            lines += 1;
        }
        let span = Span::new(start, self.pos);
        if !in_flow {
            self.line_rest()
                .map_err(|_| self.error("a name with a value cannot stand here"))?;
        }
        let value = if lines > 1 {
            Value::String(text)
        } else {
            resolve::plain(&text, tag)
        };
        Ok(Node::scalar(span, value))
    }

    /// A scalar in quotes; line ends inside fold to blanks.
    pub(super) fn quoted(&mut self) -> Result<String> {
        let start = self.pos;
        let quote = self.byte(0).unwrap_or(b'"');
        self.pos += 1;
        let mut out = String::new();
        let mut solid = 0;
        loop {
            let rest = self.rest();
            let run = rest.find(['"', '\'', '\\', '\n']).unwrap_or(rest.len());
            out.push_str(&rest[..run]);
            self.pos += run;
            match self.byte(0) {
                None => return Err(self.file.error(start, "not valid YAML: a quote is never closed")),
                Some(b'\n') => self.fold(&mut out, solid),
                Some(b'\\') if quote == b'"' => {
                    self.escape(&mut out)?;
                    solid = out.len();
                }
                Some(b'\'') if quote == b'\'' && self.byte(1) == Some(b'\'') => {
                    out.push('\'');
                    self.pos += 2;
                }
                Some(byte) => {
                    self.pos += 1;
                    if byte == quote {
                        return Ok(out);
                    }
                    out.push(char::from(byte));
                }
            }
        }
    }

    /// A line end inside quotes, and the blanks round it but those that `solid` bytes end with.
    fn fold(&mut self, out: &mut String, solid: usize) {
        out.truncate(out.trim_end_matches([' ', '\t', '\r']).len().max(solid));
        let next = self.rest().trim_start_matches([' ', '\t', '\r', '\n']);
        let breaks = self.rest()[..self.rest().len() - next.len()]
            .matches('\n')
            .count();
        self.pos = self.file.text.len() - next.len();
        if breaks > 1 {
            out.extend(std::iter::repeat_n('\n', breaks - 1));
        } else {
            out.push(' ');
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<()> {
        let digits = match self.byte(1) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(b'\r' | b'\n') => {
                self.pos += 1;
                let rest = self.rest();
                let breaks = rest.len() - rest.trim_start_matches(['\r']).len() + 1;
                self.pos += breaks;
                self.pos += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
                return Ok(());
            }
            Some(byte) => {
                let Some(c) = resolve::escaped(byte) else {
                    return Err(self.error("an unknown escape"));
                };
                out.push(c);
                self.pos += 2;
                return Ok(());
            }
            None => return Err(self.error("a quote is never closed")),
        };
        let code = self
            .rest()
            .get(2..2 + digits)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => out.push(c),
            None => return Err(self.error("an unknown escape")),
        }
        self.pos += 2 + digits;
        Ok(())
    }
}
