//! One `use` declaration: read from its text, put in order, laid out as rustfmt leaves it.
//!
//! Knows no file. In: the text between `use` and `;`. Out: a tree of paths, and text again.

use std::cmp::Ordering;

use super::use_order::{Edition, compare_names, rank};

/// What `use` is followed by: a path, and what stands at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UseTree {
    /// The segments; the first is empty in `::a`.
    pub path: Vec<String>,
    /// What stands behind them.
    pub end: End,
}

/// The end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The last segment itself, under another name if one is given.
    Name(Option<String>),
    /// `*`
    Glob,
    /// `{…}`
    List(Vec<UseTree>),
}

/// One name that a declaration binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// The whole path; of a glob the path before `*`.
    pub path: Vec<String>,
    /// The local name where it differs.
    pub alias: Option<String>,
    /// Whether everything below the path is bound.
    pub glob: bool,
}

impl Leaf {
    /// The name that it binds; `*` for a glob.
    pub fn local(&self) -> &str {
        match (&self.alias, self.glob) {
            (Some(alias), _) => alias,
            (None, true) => "*",
            (None, false) => self.path.last().map_or("", String::as_str),
        }
    }
}

impl UseTree {
    /// Reads what stands between `use` and `;`; nothing if there is a comment in it or it is no such tree.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.trim() };
        let tree = reader.tree(0, false)?;
        reader.rest.trim().is_empty().then_some(tree)
    }

    /// The path to one name.
    pub fn name(path: Vec<String>, alias: Option<String>) -> Self {
        Self {
            path,
            end: End::Name(alias),
        }
    }

    /// All names that it binds.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut out = vec![];
        self.gather(&[], &mut out);
        out
    }

    fn gather(&self, above: &[String], out: &mut Vec<Leaf>) {
        let mut path = [above, &self.path].concat();
        match &self.end {
            End::List(items) => items.iter().for_each(|item| item.gather(&path, out)),
            End::Glob => out.push(Leaf {
                path,
                alias: None,
                glob: true,
            }),
            End::Name(alias) => {
                // `a::{self}` binds `a`.
                if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                out.push(Leaf {
                    path,
                    alias: alias.clone(),
                    glob: false,
                });
            }
        }
    }

    /// Lists in order, at every level, and lists of one name without brackets.
    pub fn sort(&mut self, edition: Edition) {
        let End::List(items) = &mut self.end else { return };
        for item in items.iter_mut() {
            item.sort(edition);
        }
        items.sort_by(|a, b| a.compare(b, edition));
        items.dedup();
        if let [only] = items.as_slice()
            && !only.path.iter().any(|segment| segment == "self")
            && !self.path.is_empty()
        {
            let only = only.clone();
            self.path.extend(only.path);
            self.end = only.end;
        }
    }

    /// The order of rustfmt.
    pub fn compare(&self, other: &Self, edition: Edition) -> Ordering {
        let (mine, theirs) = (self.segments(), other.segments());
        for (a, b) in mine.iter().zip(&theirs) {
            let order = compare_segments(a, b, edition);
            if order != Ordering::Equal {
                return order;
            }
        }
        mine.len().cmp(&theirs.len())
    }

    /// The path with what stands at its end, as it is compared.
    fn segments(&self) -> Vec<Segment<'_>> {
        let mut out: Vec<Segment<'_>> = self
            .path
            .iter()
            .filter(|segment| !segment.is_empty())
            .map(|segment| Segment::Name(segment))
            .collect();
        match &self.end {
            End::Name(_) => {}
            End::Glob => out.push(Segment::Glob),
            End::List(items) => out.push(Segment::List(items)),
        }
        out
    }

    /// As rustfmt lays it out in `width` columns, behind `taken` of them, on a level of `indent` columns.
    pub fn lay(&self, indent: usize, taken: usize, width: usize) -> String {
        let mut out = self.path.join("::");
        match &self.end {
            End::Name(None) => {}
            End::Name(Some(alias)) => out += &format!(" as {alias}"),
            End::Glob => out += if self.path.is_empty() { "*" } else { "::*" },
            End::List(items) => {
                if !self.path.is_empty() {
                    out += "::";
                }
                let room = width.saturating_sub(taken + out.len());
                out += &list(items, indent, room, width);
            }
        }
        out
    }
}

/// A list between its brackets: on one line of `room` columns, else filled lines of `width`.
fn list(items: &[UseTree], indent: usize, room: usize, width: usize) -> String {
    let inner = indent + 4;
    let nested = items.iter().any(|item| matches!(item.end, End::List(_)));
    let laid: Vec<String> = items
        .iter()
        .map(|item| item.lay(inner, inner + 1, width))
        .collect();
    let flat = laid.join(", ");
    if !nested && flat.chars().count() + 2 <= room {
        return format!("{{{flat}}}");
    }
    let margin = " ".repeat(inner);
    let longest = width.saturating_sub(inner + 1);
    let mut out = String::from("{");
    let (mut line, mut after_nested) = (0, false);
    for (at, item) in laid.iter().enumerate() {
        let size = item.chars().count() + 1;
        let breaks = (line > 0 && line + 1 + size > longest)
            || (nested && (after_nested || item.contains("::")))
            || at == 0;
        if breaks {
            out += &format!("\n{margin}");
            line = 0;
        } else {
            out.push(' ');
            line += 1;
        }
        out += item;
        out.push(',');
        line += size;
        after_nested = item.contains("::");
    }
    out + "\n" + &" ".repeat(indent) + "}"
}

/// A piece of a path, as it is compared.
pub(super) enum Segment<'t> {
    /// A name.
    Name(&'t str),
    /// `*`
    Glob,
    /// `{…}`
    List(&'t [UseTree]),
}

/// The order of two pieces of paths.
fn compare_segments(a: &Segment<'_>, b: &Segment<'_>, edition: Edition) -> Ordering {
    match (a, b) {
        (Segment::Name(a), Segment::Name(b)) => {
            rank(a).cmp(&rank(b)).then_with(|| compare_names(a, b, edition))
        }
        (Segment::List(a), Segment::List(b)) => {
            let both = a.iter().zip(*b).map(|(a, b)| a.compare(b, edition));
            both.fold(Ordering::Equal, Ordering::then)
                .then(a.len().cmp(&b.len()))
        }
        (Segment::Glob, Segment::Glob) => Ordering::Equal,
        (Segment::Name(_), _) => Ordering::Less,
        (_, Segment::Name(_)) => Ordering::Greater,
        (Segment::Glob, _) => Ordering::Less,
        (_, Segment::Glob) => Ordering::Greater,
    }
}

/// Deepest nesting of lists.
const MAX_DEPTH: usize = 64;

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, word: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn ident(&mut self) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        let raw = if self.rest.starts_with("r#") { 2 } else { 0 };
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let len = self.rest[raw..]
            .find(|c| !is_part(c))
            .map_or(self.rest.len(), |at| at + raw);
        let (word, rest) = self.rest.split_at(len);
        if len == raw {
            return None;
        }
        self.rest = rest;
        Some(word)
    }

    /// The next tree. `below` says whether a path stands before it, so that its own cannot begin with `::`.
    fn tree(&mut self, depth: usize, below: bool) -> Option<UseTree> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut path = vec![];
        if self.eat("::") {
            if below {
                return None;
            }
            path.push(String::new());
        }
        loop {
            if self.eat("*") {
                return Some(UseTree { path, end: End::Glob });
            }
            if self.eat("{") {
                let mut items = vec![];
                while !self.eat("}") {
                    items.push(self.tree(depth + 1, below || !path.is_empty())?);
                    if !self.eat(",") {
                        if self.eat("}") {
                            break;
                        }
                        return None;
                    }
                }
                return Some(UseTree {
                    path,
                    end: End::List(items),
                });
            }
            path.push(self.ident()?.to_owned());
            if self.eat("::") {
                continue;
            }
            let before = self.rest;
            let alias = match self.ident() {
                Some("as") => Some(self.ident()?.to_owned()),
                Some(_) => return None,
                None => {
                    self.rest = before;
                    None
                }
            };
            return Some(UseTree::name(path, alias));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str, edition: Edition) -> String {
        let mut tree = UseTree::parse(text).unwrap();
        tree.sort(edition);
        tree.lay(0, 5, 100)
    }

    #[test]
    fn a_list_is_as_rustfmt_leaves_it() {
        let text = "std::{fmt, Foo, bar, BAR, r#mod, a10, a9, self, collections::{HashMap, BTreeMap}, io}";
        assert_eq!(
            formatted(text, Edition::E2024),
            "std::{\n    self, BAR, Foo, a9, a10, bar,\n    collections::{BTreeMap, HashMap},\n    fmt, io, r#mod,\n}"
        );
        assert_eq!(
            formatted(text, Edition::E2021),
            "std::{\n    self, a10, a9, bar,\n    collections::{BTreeMap, HashMap},\n    fmt, io, r#mod, Foo, BAR,\n}"
        );
        let long = "crate::{aaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccc, dddddddddddddddddddddd, ee}";
        assert_eq!(
            formatted(long, Edition::E2024),
            "crate::{\n    aaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccc,\n    dddddddddddddddddddddd, ee,\n}"
        );
        assert_eq!(formatted("x::{A}", Edition::E2024), "x::A");
        assert_eq!(formatted("x::{self}", Edition::E2024), "x::{self}");
        assert_eq!(
            formatted("::x :: { B as C , A , }", Edition::E2024),
            "::x::{A, B as C}"
        );
    }

    #[test]
    fn a_path_from_the_root_stands_behind_no_other() {
        for text in ["a::{b, ::c}", "a::{{::b}}", "{a::{::b}}", "::{::a}"] {
            assert!(UseTree::parse(text).is_none(), "{text}");
        }
        let tree = UseTree::parse("{::a, {::b}}").unwrap();
        let paths: Vec<String> = tree.leaves().iter().map(|leaf| leaf.path.join("::")).collect();
        assert_eq!(paths, ["::a", "::b"]);
    }

    #[test]
    fn every_name_is_found() {
        let tree = UseTree::parse("a::{self, b::{C, d as e}, f::*}").unwrap();
        let leaves: Vec<String> = tree
            .leaves()
            .iter()
            .map(|leaf| format!("{} {}", leaf.path.join("::"), leaf.local()))
            .collect();
        assert_eq!(leaves, ["a a", "a::b::C C", "a::b::d e", "a::f *"]);
        for broken in ["a::{b", "a b", "a::", "a::{b // c\n}", "", "a as", "{,}"] {
            assert_eq!(UseTree::parse(broken), None, "{broken}");
        }
    }
}
