//! Object types and their members as documents.

use crate::tree::Node;
use tenon_text::names::unquoted;

use super::doc::{Doc, concat, group, if_break, indent, join, nil, text};
use super::nodes::annotated;
use super::type_facts::{named, quoted, squeezed};
use super::types::{Layer, MAX_DEPTH};

impl Layer<'_> {
    pub fn object(&self, node: &Node<'_>, depth: usize) -> Doc {
        let members = named(node);
        let Some(first) = members.first() else {
            return text("{}");
        };
        let source = node.text();
        let keeps_break = source[..first.range().start - node.range().start].contains('\n');
        let semi = if self.style.semicolons { ";" } else { "" };
        let docs: Vec<Doc> = members
            .iter()
            .map(|member| group(self.member(member, depth + 1)))
            .collect();
        let edge = Doc::Line;
        let separator = concat([if_break(text(semi), text(";")), Doc::Line]);
        let doc = concat([
            text("{"),
            indent(concat([edge.clone(), join(&separator, docs)])),
            if_break(text(semi), nil()),
            edge,
            text("}"),
            if keeps_break { Doc::BreakParent } else { nil() },
        ]);
        group(doc)
    }

    fn member(&self, node: &Node<'_>, depth: usize) -> Doc {
        if depth > MAX_DEPTH {
            return text(squeezed(&node.text()));
        }
        let mut out = vec![];
        for child in node.children() {
            match &*child.kind() {
                "comment" => {}
                "readonly" | "get" | "set" | "new" => out.push(text(format!("{} ", child.text()))),
                "type_annotation"
                | "type_predicate_annotation"
                | "asserts_annotation"
                | "opting_type_annotation"
                | "omitting_type_annotation"
                | "adding_type_annotation" => {
                    let mark: String = child
                        .children()
                        .filter(|mark| !mark.is_named())
                        .map(|mark| mark.text().into_owned())
                        .collect();
                    out.push(text(format!("{} ", mark.trim())));
                    out.extend(annotated(&child).map(|ty| self.ty(&ty, depth + 1)));
                }
                "formal_parameters" => out.push(self.params(&child, depth)),
                "type_parameters" => out.push(self.type_params(&child, depth)),
                "mapped_type_clause" => {
                    let words: Vec<Doc> = child
                        .children()
                        .map(|part| {
                            if part.is_named() {
                                self.ty(&part, depth + 1)
                            } else {
                                text(part.text())
                            }
                        })
                        .collect();
                    out.push(join(&text(" "), words));
                }
                "string" => out.push(text(self.key(&child))),
                ":" => out.push(text(": ")),
                _ if child.is_named() => out.push(self.ty(&child, depth + 1)),
                _ => out.push(text(child.text())),
            }
        }
        concat(out)
    }

    /// A quoted member name; quotes that it does not need go.
    fn key(&self, node: &Node<'_>) -> String {
        let text = node.text();
        let inner = unquoted(&text);
        let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
        let plain = inner.starts_with(letter) && inner.chars().all(|c| letter(c) || c.is_ascii_digit());
        if plain {
            inner.to_owned()
        } else {
            self.string(&text)
        }
    }

    /// A string literal in the preferred quotes.
    pub fn string(&self, literal: &str) -> String {
        quoted(literal, self.style.quote)
    }
}
