//! A manifest that is read several times: parsed once, asked by pointer.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde_json::Value;

use super::tree::{Body, Child, Node, pointer_of, steps};
use super::{Entry, ManifestFormat, edit};
use crate::diag::{Result, Span};

/// An object with more members is looked into by their names in order.
const MANY: usize = 32;

/// A parsed manifest, without its text.
pub struct Parsed {
    root: Node,
    /// Of objects with many members, by their pointers: the members in the order of their names, and of their places.
    by_name: OnceLock<HashMap<String, Vec<usize>>>,
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
        Ok(Self {
            root,
            by_name: OnceLock::new(),
        })
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

    /// The values at `pointer`, in which a step `*` stands for every one: each with its own pointer, and where it stands.
    pub fn all(&self, pointer: &str) -> Vec<(String, Value, Span)> {
        let is_star = |at: &usize| matches!(pointer.as_bytes().get(at + 2), None | Some(b'/'));
        let mut stars = pointer.match_indices("/*").map(|(at, _)| at);
        let (before, wild) = pointer.split_at(stars.find(is_star).unwrap_or(pointer.len()));
        let (Some((_, first)), Ok(steps)) = (self.at(before), steps(wild)) else {
            return vec![];
        };
        let mut found = vec![(before.to_owned(), first)];
        for step in steps {
            let below = found.iter().flat_map(|(above, node)| {
                let named = move |at: usize| {
                    let child = &node.children()[at];
                    let name = child.key.as_ref().map_or(at.to_string(), |key| key.name.clone());
                    (format!("{above}{}", pointer_of(&[name])), &child.node)
                };
                match step.as_str() {
                    "*" => counting(node).into_iter().map(named).collect::<Vec<_>>(),
                    name => node.step(name).into_iter().map(named).collect(),
                }
            });
            found = below.collect();
        }
        let found = found.into_iter();
        found.map(|(at, node)| (at, node.to_value(), node.span)).collect()
    }

    /// What the whole file says; of names that are there twice the last one wins.
    pub fn to_value(&self) -> Value {
        self.root.to_value()
    }

    /// Where what stands at `pointer` stands.
    pub fn span(&self, pointer: &str) -> Option<Span> {
        Some(self.at(pointer)?.1.span)
    }

    /// Whether an array stands at `pointer`.
    pub fn is_array(&self, pointer: &str) -> bool {
        self.at(pointer)
            .is_some_and(|(_, node)| matches!(node.body, Body::Array(..)))
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
        let mut to = String::new();
        for step in steps(pointer).ok()? {
            let children = found.1.children();
            let at = if found.1.is_object() && children.len() > MANY {
                let sorted = self.by_name.get_or_init(|| by_name(&self.root)).get(&to)?;
                let behind = sorted.partition_point(|at| children[*at].name() <= step.as_str());
                *sorted[..behind]
                    .last()
                    .filter(|at| children[**at].name() == step)?
            } else {
                found.1.step(&step)?
            };
            to.push_str(&pointer_of(std::slice::from_ref(&step)));
            let child = &children[at];
            found = (Some(child), &child.node);
        }
        Some(found)
    }
}

/// The places of the entries of a container that count: of names that are there twice the last one.
fn counting(node: &Node) -> Vec<usize> {
    let mut names = HashSet::new();
    let mut all: Vec<usize> = (0..node.children().len())
        .rev()
        .filter(|at| {
            let child = &node.children()[*at];
            child.key.as_ref().is_none_or(|key| names.insert(&key.name))
        })
        .collect();
    all.reverse();
    all
}

/// The members of objects with many, by the pointers of these.
fn by_name(root: &Node) -> HashMap<String, Vec<usize>> {
    let mut out = HashMap::new();
    let mut open: Vec<(String, &Node)> = vec![(String::new(), root)];
    while let Some((pointer, node)) = open.pop() {
        let children = node.children();
        for (at, child) in children.iter().enumerate() {
            if child.node.children().is_empty() {
                continue;
            }
            let step = child.key.as_ref().map_or(at.to_string(), |key| key.name.clone());
            open.push((format!("{pointer}{}", pointer_of(&[step])), &child.node));
        }
        if node.is_object() && children.len() > MANY {
            let mut sorted: Vec<usize> = (0..children.len()).collect();
            sorted.sort_by(|a, b| children[*a].name().cmp(children[*b].name()));
            // Of two objects at one place the last one counts, and is come to first.
            out.entry(pointer).or_insert(sorted);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_among_many_is_the_last_of_its_name() {
        let member = |at: usize| format!("\"k/{at}\": {{\"n\": {at}}},");
        let many: String = (0..500).map(member).collect();
        let text = format!("{{\"a\": {{\"k/7\": 1}}, \"a\": {{{many} \"k/7\": {{\"n\": 9}}}}}}");
        let parsed = Parsed::parse(&text, ManifestFormat::Json, "p.json").unwrap();
        for (pointer, value) in [("/a/k~17/n", 9), ("/a/k~18/n", 8), ("/a/k~1499/n", 499)] {
            assert_eq!(
                parsed.get(pointer).unwrap().0,
                serde_json::json!(value),
                "{pointer}"
            );
        }
        assert!(parsed.get("/a/k").is_none() && parsed.get("/a/k~1500").is_none());
    }

    #[test]
    fn a_star_in_a_pointer_stands_for_every_one() {
        let text =
            r#"{"a": [{"n": 1}, {"m": 2}, {"n": 3}], "o": {"x/y": "p", "x/y": "q", "*": "r"}, "s": "t"}"#;
        let parsed = Parsed::parse(text, ManifestFormat::Json, "p.json").unwrap();
        let all = |pointer: &str| {
            let found = parsed.all(pointer).into_iter();
            found
                .map(|(at, value, span)| format!("{at} {value} {}", &text[span.start..span.end]))
                .collect::<Vec<_>>()
        };
        assert_eq!(all("/a/*/n"), ["/a/0/n 1 1", "/a/2/n 3 3"]);
        assert_eq!(all("/o/*"), ["/o/x~1y \"q\" \"q\"", "/o/* \"r\" \"r\""]);
        assert_eq!(all("/s"), ["/s \"t\" \"t\""]);
        assert_eq!(all("/s/*"), [""; 0]);
        assert_eq!(all("/none/*/n"), [""; 0]);
        assert_eq!(all("/*/1").len(), 1);
    }

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
