//! A manifest that is read several times: parsed once, asked by pointer.

use serde_json::Value;

use super::tree::{Body, Child, Node, steps};
use super::{Entry, ManifestFormat, edit};
use crate::diag::{Result, Span};

/// A parsed manifest, without its text.
pub struct Parsed {
    root: Node,
}

/// What a piece of a manifest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A list of values.
    Array,
    /// Members in braces, lines or tables.
    Object,
    /// A name and its value.
    Member,
    /// A name alone.
    Key,
    /// An element of an array.
    Item,
    /// A value that holds no other.
    Scalar,
}

/// A piece of a manifest and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it stands.
    pub span: Span,
}

impl Parsed {
    /// Parses `text`, which must not begin with a byte-order mark; `path` is for messages.
    ///
    /// # Errors
    /// If the text is not valid, with the position.
    pub fn parse(text: &str, format: ManifestFormat, path: &str) -> Result<Self> {
        let root = edit::Document::parse(text, format, path)?.root;
        Ok(Self { root })
    }

    /// The entries of the array or object at `pointer`; `None` if neither stands there.
    pub fn entries(&self, pointer: &str) -> Option<Vec<Entry>> {
        let (_, node) = self.at(pointer)?;
        node.layout()?;
        Some(node.children().iter().map(|child| child.to_entry(0)).collect())
    }

    /// The names in the object at `pointer`, and where they stand.
    pub fn keys(&self, pointer: &str) -> impl Iterator<Item = (&str, Span)> {
        let children = self.at(pointer).map_or(&[][..], |(_, node)| node.children());
        let keys = children.iter().filter_map(|child| child.key.as_ref());
        keys.map(|key| (key.name.as_str(), key.span))
    }

    /// What stands at `pointer`, and where.
    pub fn get(&self, pointer: &str) -> Option<(Value, Span)> {
        let (_, node) = self.at(pointer)?;
        Some((node.to_value(), node.span))
    }

    /// The name and value at `pointer` in the text, or the value alone in an array.
    pub fn place(&self, pointer: &str) -> Option<Span> {
        let (child, node) = self.at(pointer)?;
        Some(child.map_or(node.span, |child| child.span))
    }

    /// All containers, members and values, each with its place and before what it holds; those of aliases lie elsewhere in the text.
    pub fn outline(&self) -> Vec<Piece> {
        let mut out = Vec::new();
        let mut open: Vec<(&Node, Option<&Child>)> = vec![(&self.root, None)];
        while let Some((node, child)) = open.pop() {
            let kind = match node.body {
                Body::Scalar(_) => PieceKind::Scalar,
                Body::Array(..) => PieceKind::Array,
                Body::Object(..) => PieceKind::Object,
            };
            if let Some(child) = child {
                let kind = if child.key.is_some() {
                    PieceKind::Member
                } else {
                    PieceKind::Item
                };
                out.push(Piece {
                    kind,
                    span: child.span,
                });
                let key = child.key.iter().map(|key| key.span);
                out.extend(key.map(|span| Piece {
                    kind: PieceKind::Key,
                    span,
                }));
            }
            out.push(Piece {
                kind,
                span: node.span,
            });
            open.extend(node.children().iter().map(|child| (&child.node, Some(child))));
        }
        out
    }

    fn at(&self, pointer: &str) -> Option<(Option<&Child>, &Node)> {
        let mut found = (None, &self.root);
        for step in steps(pointer).ok()? {
            let child = &found.1.children()[found.1.step(&step)?];
            found = (Some(child), &child.node);
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_by_pointer() {
        let text = "{\n  \"name\": \"a\",\n  \"list\": [\"x\", \"y\"],\n  \"a/b\": {\"c\": 1}\n}\n";
        let parsed = Parsed::parse(text, ManifestFormat::Json, "p.json").unwrap();
        let shown = |span: Span| &text[span.start..span.end];
        assert_eq!(shown(parsed.place("/name").unwrap()), "\"name\": \"a\"");
        assert_eq!(shown(parsed.get("/name").unwrap().1), "\"a\"");
        assert_eq!(shown(parsed.place("/list/1").unwrap()), "\"y\"");
        assert_eq!(parsed.get("/a~1b/c").unwrap().0, serde_json::json!(1));
        assert_eq!(parsed.entries("/list").unwrap().len(), 2);
        let twice = Parsed::parse("{\"a\": 1, \"a\": 2}", ManifestFormat::Json, "p.json").unwrap();
        assert_eq!(twice.get("/a").unwrap().0, twice.get("").unwrap().0["a"]);
        assert!(parsed.entries("/name").is_none() && parsed.get("/none").is_none());
    }
}
