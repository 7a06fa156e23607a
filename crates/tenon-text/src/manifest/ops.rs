//! The operations on a parsed document, for every syntax: walk, compare, decide, let the syntax splice, check.
//!
//! Knows pointers, duplicates, conflicts and order; leaves every byte of syntax to a [`Syntax`]. The byte-order mark is
//! cut off before parsing, and all spans are moved back by it at the end.

use serde_json::Value;

use super::node::{Body, Child, File, Node, pointer_of, steps};
use super::order::sorted_place;
use super::values::{brief, container_of, put, value_at};
use super::{Entry, Inserted, ManifestFormat, NewEntry, Order, Selector, Trace, json, toml, yaml};
use crate::diag::{Error, Result, Span, TextEdit, apply_edits};
use crate::format::{Format, split_bom};

/// What a syntax must be able to do.
pub(super) trait Syntax {
    /// Parses the whole text.
    fn parse(&self, file: File<'_>) -> Result<Node>;

    /// Edits that put `entry` before the child `index` of the container that `place` ends in.
    fn insert(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        entry: &NewEntry,
    ) -> Result<Vec<TextEdit>>;

    /// Edits that create the containers `missing` below the one that `place` ends in, with `entry` in the innermost.
    fn create(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        missing: &[String],
        entry: &NewEntry,
    ) -> Result<Vec<TextEdit>> {
        let mut nested = entry.clone();
        for step in missing.iter().rev() {
            nested = NewEntry::Key(step.clone(), container_of(nested));
        }
        let end = place.container().children().map_or(0, <[Child]>::len);
        self.insert(document, place, end, &nested)
    }

    /// Edits that remove the child `index` of the container that `place` ends in.
    fn remove(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        hollow: Option<&str>,
    ) -> Result<Vec<TextEdit>>;

    /// What stands between the brackets of an empty container, if it is blanks.
    fn hollow(&self, document: &Document<'_>, container: &Node) -> Option<String>;

    /// Whether the container could go with its only entry: no comment stands in it.
    fn is_bare(&self, document: &Document<'_>, place: &Place<'_>) -> bool;
}

/// The nodes from the root to a place.
pub(super) struct Place<'n> {
    pub nodes: Vec<&'n Node>,
    /// `nodes[k + 1]` is child `indices[k]` of `nodes[k]`.
    pub indices: Vec<usize>,
}

impl<'n> Place<'n> {
    /// The innermost node.
    pub fn container(&self) -> &'n Node {
        self.nodes[self.nodes.len() - 1]
    }

    /// The node round the innermost one.
    pub fn parent(&self) -> Option<&'n Node> {
        self.nodes.len().checked_sub(2).map(|at| self.nodes[at])
    }

    /// The entry whose value is node `at`; `None` for the root.
    pub fn child(&self, at: usize) -> Option<&'n Child> {
        let above = at.checked_sub(1)?;
        self.nodes[above].children()?.get(self.indices[above])
    }

    /// The names on the way to the innermost node.
    pub fn names(&self) -> Vec<String> {
        (1..self.nodes.len())
            .map(|at| match self.child(at).and_then(|child| child.key.as_ref()) {
                Some(key) => key.name.clone(),
                None => self.indices[at - 1].to_string(),
            })
            .collect()
    }
}

/// A parsed manifest.
pub(super) struct Document<'t> {
    pub file: File<'t>,
    pub root: Node,
    pub look: Format,
    format: ManifestFormat,
    /// How many bytes were cut off in front.
    offset: usize,
}

/// The value in `text`.
pub(super) fn root(text: &str, format: ManifestFormat, path: &str) -> Result<Node> {
    let text = split_bom(text).1;
    syntax(format).parse(File { text, path })
}

impl<'t> Document<'t> {
    pub fn parse(text: &'t str, format: ManifestFormat, path: &'t str) -> Result<Self> {
        let body = split_bom(text).1;
        let file = File { text: body, path };
        let root = syntax(format).parse(file)?;
        Ok(Self {
            file,
            root,
            look: Format::detect(text),
            format,
            offset: text.len() - body.len(),
        })
    }

    pub fn entries(&self, pointer: &str) -> Result<Option<Vec<Entry>>> {
        let steps = steps(pointer)?;
        let (place, missing) = self.walk(&steps, false)?;
        let container = place.container();
        if !missing.is_empty() || self.is_vacant(container) {
            return Ok(None);
        }
        let Some(children) = container.children() else {
            return Err(self.wrong_kind(container, pointer, "an array or an object"));
        };
        let entry = |child: &Child| Entry {
            key: child.key.as_ref().map(|key| key.name.clone()),
            value: child.node.to_value(),
            span: self.shift(child.span),
            key_span: child.key.as_ref().map(|key| self.shift(key.span)),
            value_span: self.shift(child.node.span),
        };
        Ok(Some(children.iter().map(entry).collect()))
    }

    pub fn insert(&self, pointer: &str, entry: &NewEntry, order: &Order) -> Result<Inserted> {
        let steps = steps(pointer)?;
        let (place, missing) = self.walk(&steps, true)?;
        let container = place.container();
        let existing = steps.len() - missing.len();
        let hollow = syntax(self.format).hollow(self, container);
        let mut expected = self.root.to_value();
        let target = value_at(&mut expected, &steps[..existing]);
        if !missing.is_empty() {
            if !matches!(container.body, Body::Object(..)) && !self.is_vacant(container) {
                return Err(self.wrong_kind(container, &pointer_of(&steps[..existing]), "an object"));
            }
            let edits = syntax(self.format).create(self, &place, missing, entry)?;
            let nested = missing[1..]
                .iter()
                .rev()
                .fold(container_of(entry.clone()), |value, step| {
                    container_of(NewEntry::Key(step.clone(), value))
                });
            put(target, usize::MAX, &NewEntry::Key(missing[0].clone(), nested));
            self.verify(&edits, &[expected], "insert", pointer)?;
            let created = (existing + 1..=steps.len())
                .rev()
                .map(|end| pointer_of(&steps[..end]))
                .collect();
            return Ok(Inserted {
                edits: self.shift_all(edits),
                trace: Trace { created, hollow },
            });
        }
        let Some(index) = self.place_for(container, pointer, entry, order)? else {
            return Ok(Inserted::default());
        };
        let edits = syntax(self.format).insert(self, &place, index, entry)?;
        put(target, index, entry);
        self.verify(&edits, &[expected], "insert", pointer)?;
        Ok(Inserted {
            edits: self.shift_all(edits),
            trace: Trace {
                created: Vec::new(),
                hollow,
            },
        })
    }

    /// Where `entry` goes in `container`; `None` if it is there.
    fn place_for(
        &self,
        container: &Node,
        pointer: &str,
        entry: &NewEntry,
        order: &Order,
    ) -> Result<Option<usize>> {
        let children = match (&container.body, entry) {
            (Body::Array(children, _), NewEntry::Item(_))
            | (Body::Object(children, _), NewEntry::Key(..)) => children,
            _ if self.is_vacant(container) => return Ok(Some(0)),
            (_, NewEntry::Item(_)) => return Err(self.wrong_kind(container, pointer, "an array")),
            (_, NewEntry::Key(..)) => return Err(self.wrong_kind(container, pointer, "an object")),
        };
        let label = |child: &Child| match (&child.key, &child.node.body) {
            (Some(key), _) => Some(key.name.clone()),
            (None, Body::Scalar(Value::String(text))) => Some(text.clone()),
            _ => None,
        };
        let new = match entry {
            NewEntry::Item(value) => {
                if children.iter().any(|child| child.node.to_value() == *value) {
                    return Ok(None);
                }
                value.as_str()
            }
            NewEntry::Key(name, value) => {
                if let Some(child) = self.member(children, name)? {
                    let there = child.node.to_value();
                    if there == *value {
                        return Ok(None);
                    }
                    return Err(self
                        .file
                        .error(
                            child.span.start,
                            format!("`{name}` is already there, as `{}`", brief(&there)),
                        )
                        .help(format!(
                            "change it to `{}` by hand, or choose another name",
                            brief(value)
                        )));
                }
                Some(name.as_str())
            }
        };
        let labels: Vec<Option<String>> = children.iter().map(label).collect();
        let own: Vec<usize> = (0..children.len()).filter(|at| !children[*at].apart).collect();
        Ok(Some(match order {
            Order::Auto => {
                let names: Vec<Option<&str>> = own.iter().map(|at| labels[*at].as_deref()).collect();
                let place = sorted_place(&names, new);
                own.get(place)
                    .copied()
                    .unwrap_or_else(|| own.last().map_or(children.len(), |last| last + 1))
            }
            Order::Append => children.len(),
        }))
    }

    pub fn remove(&self, pointer: &str, selector: &Selector, trace: &Trace) -> Result<Vec<TextEdit>> {
        let steps = steps(pointer)?;
        let (mut place, missing) = self.walk(&steps, true)?;
        if !missing.is_empty() || self.is_vacant(place.container()) {
            return Ok(Vec::new());
        }
        let container = place.container();
        let found = match (&container.body, selector) {
            (Body::Array(children, _), Selector::Item(value)) => {
                children.iter().rposition(|child| child.node.to_value() == *value)
            }
            (Body::Object(children, _), Selector::Key(name)) => {
                self.member(children, name)?;
                children.iter().rposition(|child| child.name() == name)
            }
            (_, Selector::Item(_)) => return Err(self.wrong_kind(container, pointer, "an array")),
            (_, Selector::Key(_)) => return Err(self.wrong_kind(container, pointer, "an object")),
        };
        let Some(mut index) = found else {
            return Ok(Vec::new());
        };
        while let Some(above) = self.goes_with_its_only_entry(&place, trace) {
            place.nodes.pop();
            place.indices.pop();
            index = above;
        }
        let edits = syntax(self.format).remove(self, &place, index, trace.hollow.as_deref())?;
        self.verify(&edits, &self.without(&place, index), "remove", pointer)?;
        Ok(self.shift_all(edits))
    }

    /// Where the innermost container stands in its parent, if it was created for its only entry.
    fn goes_with_its_only_entry(&self, place: &Place<'_>, trace: &Trace) -> Option<usize> {
        let only = place.container().children()?.len() == 1;
        let created = || trace.created.contains(&pointer_of(&place.names()));
        let above = *place.indices.last()?;
        (only && created() && syntax(self.format).is_bare(self, place)).then_some(above)
    }

    /// What the document may say after the removal: a container that became empty may be written as empty or not at all.
    fn without(&self, place: &Place<'_>, index: usize) -> Vec<Value> {
        let mut expected = self.root.to_value();
        let names = place.names();
        let name = place
            .container()
            .children()
            .and_then(|children| children.get(index))
            .map_or("", Child::name);
        let empty = match value_at(&mut expected, &names) {
            Some(Value::Array(items)) => {
                items.remove(index);
                items.is_empty()
            }
            Some(Value::Object(map)) => {
                map.shift_remove(name);
                map.is_empty()
            }
            _ => false,
        };
        let mut all = vec![expected];
        if empty {
            let mut null = all[0].clone();
            if let Some(target) = value_at(&mut null, &names) {
                *target = Value::Null;
            }
            all.push(null);
            if let Some((last, above)) = names.split_last() {
                let mut absent = all[0].clone();
                if let Some(Value::Object(map)) = value_at(&mut absent, above) {
                    map.shift_remove(last);
                }
                all.push(absent);
            }
        }
        all
    }

    /// Follows `steps` as far as they lead, and gives the rest. `strict` refuses names that are there twice.
    fn walk<'s>(&self, steps: &'s [String], strict: bool) -> Result<(Place<'_>, &'s [String])> {
        let mut place = Place {
            nodes: vec![&self.root],
            indices: Vec::new(),
        };
        for (at, step) in steps.iter().enumerate() {
            let node = place.container();
            let index = match &node.body {
                Body::Object(children, _) => {
                    if strict {
                        self.member(children, step)?;
                    }
                    children.iter().rposition(|child| child.name() == step)
                }
                Body::Array(children, _) => step.parse().ok().filter(|at: &usize| *at < children.len()),
                Body::Scalar(_) if self.is_vacant(node) => None,
                Body::Scalar(_) => {
                    return Err(self.wrong_kind(node, &pointer_of(&steps[..at]), "an array or an object"));
                }
            };
            let Some((index, child)) = index.and_then(|index| {
                node.children()
                    .and_then(|all| all.get(index))
                    .map(|child| (index, child))
            }) else {
                return Ok((place, &steps[at..]));
            };
            place.nodes.push(&child.node);
            place.indices.push(index);
        }
        Ok((place, &[]))
    }

    /// The member `name`.
    ///
    /// # Errors
    /// If it is there twice: nobody can say which one is meant.
    fn member<'n>(&self, children: &'n [Child], name: &str) -> Result<Option<&'n Child>> {
        let mut all = children.iter().filter(|child| child.name() == name);
        let first = all.next();
        match all.next() {
            Some(second) => Err(self
                .file
                .error(second.span.start, format!("`{name}` is there twice"))
                .help("keep one of the two, then try again")),
            None => Ok(first),
        }
    }

    /// Whether nothing stands where a container may: YAML's `key:`, an empty YAML file.
    pub fn is_vacant(&self, node: &Node) -> bool {
        self.format == ManifestFormat::Yaml && node.is_null() && node.span.start == node.span.end
    }

    fn wrong_kind(&self, node: &Node, pointer: &str, wanted: &str) -> Error {
        let what = if pointer.is_empty() {
            "the document".to_owned()
        } else {
            format!("`{pointer}`")
        };
        self.file.error(
            node.span.start,
            format!("{what} is {}, not {wanted}", node.kind()),
        )
    }

    /// Parses the text that the edits give, and compares what it says with what it should say.
    fn verify(&self, edits: &[TextEdit], expected: &[Value], verb: &str, pointer: &str) -> Result<()> {
        let after = apply_edits(self.file.text, edits)?;
        let found = syntax(self.format).parse(File {
            text: &after,
            path: self.file.path,
        });
        let cause = match found {
            Ok(root) if expected.contains(&root.to_value()) => return Ok(()),
            Ok(_) => "the edit would change something else as well".to_owned(),
            Err(error) => error.message().to_owned(),
        };
        let at = edits.first().map_or(0, |edit| edit.span.start);
        Err(self
            .file
            .error(
                at,
                format!("cannot {verb} an entry of `{pointer}` here without touching its surroundings"),
            )
            .because(cause)
            .help(format!("{verb} it by hand")))
    }

    fn shift(&self, span: Span) -> Span {
        Span::new(span.start + self.offset, span.end + self.offset)
    }

    fn shift_all(&self, edits: Vec<TextEdit>) -> Vec<TextEdit> {
        edits
            .into_iter()
            .map(|edit| TextEdit {
                span: self.shift(edit.span),
                text: edit.text,
            })
            .collect()
    }
}

fn syntax(format: ManifestFormat) -> &'static dyn Syntax {
    match format {
        ManifestFormat::Json => &json::Json,
        ManifestFormat::Toml => &toml::Toml,
        ManifestFormat::Yaml => &yaml::Yaml,
    }
}
