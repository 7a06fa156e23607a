//! A type as it is written, with the names in it that other files have to resolve.
//!
//! In: a node of a type. Out: its text, where in it names stand, and a form in which equal types are equal texts:
//! without the names of parameters, without blanks.

use std::ops::Range;

use crate::tree::Node;

use super::names::is_predeclared;

/// A name in a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ref {
    /// The package it is taken from, as the file calls it; nothing for a name without one.
    pub package: Option<String>,
    /// The name.
    pub name: String,
}

/// A type as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ty {
    /// Its text.
    pub text: String,
    /// Where names that the language does not declare stand in the text.
    pub refs: Vec<(Range<usize>, Ref)>,
    /// The same type without what does not matter.
    pub canon: Vec<Piece>,
}

/// A piece of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands for itself.
    Text(String),
    /// A name to be resolved.
    Name(Ref),
}

impl Ty {
    /// The type at `node`.
    pub fn read(node: &Node<'_>) -> Self {
        let mut out = Self {
            text: node.text().into_owned(),
            ..Self::default()
        };
        let start = node.range().start;
        collect(node, start, &mut out.refs);
        canon(node, &mut out.canon);
        out
    }

    /// The text with each name replaced by what `name` gives for it.
    pub fn with(&self, name: &mut dyn FnMut(&Ref) -> String) -> String {
        let mut out = String::new();
        let mut at = 0;
        for (range, found) in &self.refs {
            out.push_str(&self.text[at..range.start]);
            out.push_str(&name(found));
            at = range.end;
        }
        out.push_str(&self.text[at..]);
        out
    }

    /// A text that is the same for equal types, with each name replaced by what `name` gives for it; nothing if it
    /// gives nothing.
    pub fn canonical(&self, name: &dyn Fn(&Ref) -> Option<String>) -> Option<String> {
        let mut out = String::new();
        for piece in &self.canon {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Name(found) => out.push_str(&name(found)?),
            }
        }
        Some(out)
    }

    /// The name of the type itself, without pointer and type arguments: `T` of `*T`, `pkg.T` of `pkg.T[int]`.
    pub fn head(&self) -> Option<&Ref> {
        let bare = self.text.trim_start_matches(['*', '(', ' ']);
        let at = self.text.len() - bare.len();
        let (range, found) = self.refs.first()?;
        (range.start == at).then_some(found)
    }

    /// Whether it is a pointer.
    pub fn is_pointer(&self) -> bool {
        self.text.starts_with('*')
    }
}

fn reference(node: &Node<'_>) -> Option<Ref> {
    match &*node.kind() {
        "qualified_type" => Some(Ref {
            package: Some(node.field("package")?.text().into_owned()),
            name: node.field("name")?.text().into_owned(),
        }),
        "type_identifier" => Some(Ref {
            package: None,
            name: node.text().into_owned(),
        })
        .filter(|found| !is_predeclared(&found.name)),
        // The length of an array.
        "identifier" if node.parent().is_some_and(|parent| parent.kind() == "array_type") => Some(Ref {
            package: None,
            name: node.text().into_owned(),
        }),
        _ => None,
    }
}

fn collect(node: &Node<'_>, start: usize, out: &mut Vec<(Range<usize>, Ref)>) {
    if let Some(found) = reference(node) {
        let range = node.range();
        out.push((range.start - start..range.end - start, found));
        return;
    }
    for child in node.children() {
        collect(&child, start, out);
    }
}

fn push(out: &mut Vec<Piece>, text: &str) {
    match out.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => out.push(Piece::Text(text.to_owned())),
    }
}

fn canon(node: &Node<'_>, out: &mut Vec<Piece>) {
    if let Some(found) = reference(node) {
        out.push(Piece::Name(found));
        return;
    }
    match &*node.kind() {
        "comment" => {}
        "parenthesized_type" => node.named_children().for_each(|child| canon(&child, out)),
        "interface_type" if node.named_children().next().is_none() => push(out, "any"),
        "type_identifier" => push(
            out,
            match &*node.text() {
                "byte" => "uint8",
                "rune" => "int32",
                text => text,
            },
        ),
        "function_type" => {
            push(out, "func");
            for part in [node.field("parameters"), node.field("result")]
                .into_iter()
                .flatten()
            {
                canon(&part, out);
            }
        }
        "parameter_list" => {
            push(out, "(");
            for param in node.named_children() {
                let Some(ty) = param.field("type") else { continue };
                let names = param
                    .children()
                    .filter(|child| child.kind() == "identifier")
                    .count();
                for _ in 0..names.max(1) {
                    if param.kind() == "variadic_parameter_declaration" {
                        push(out, "...");
                    }
                    canon(&ty, out);
                    push(out, ",");
                }
            }
            push(out, ")");
        }
        _ => {
            let mut children = node.children().peekable();
            if children.peek().is_none() {
                push(out, &node.text());
                // Words next to each other stay apart: `chan int`, `map[…]`.
                if node.text().ends_with(char::is_alphanumeric) {
                    push(out, " ");
                }
            }
            for child in children {
                canon(&child, out);
            }
        }
    }
}
