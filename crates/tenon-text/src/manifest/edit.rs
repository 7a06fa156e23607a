//! Inserting and removing one entry of a parsed document, for every syntax: walk, compare, decide, splice, check.
//!
//! Knows pointers, duplicates, conflicts and order; what differs from syntax to syntax is behind [`Syntax`]. The
//! byte-order mark is cut off before parsing, and all spans are moved back by it at the end.

use serde_json::Value;

use super::flow::Flow;
use super::lines::{self, Lines};
use super::order::sorted_place;
use super::print::Printer;
use super::syntax::{InsertionPoint, Place, Syntax};
use super::tree::{Body, Child, File, Layout, MAX_LENGTH, Node, pointer_of, steps};
use super::values::{brief, drop_empty, nested, put, value_at};
use super::{Entry, Inserted, ManifestFormat, NewEntry, Order, Selector, Trace};
use super::{json::Json, toml::Toml, xml::Xml, yaml::Yaml};
use crate::diag::{Error, Result, Span, TextEdit, apply_edits};
use crate::format::split_bom;

/// A parsed manifest.
pub(super) struct Document<'t> {
    pub file: File<'t>,
    pub root: Node,
    syntax: &'static dyn Syntax,
    /// How many bytes were cut off in front.
    offset: usize,
}

impl<'t> Document<'t> {
    pub fn parse(text: &'t str, format: ManifestFormat, path: &'t str) -> Result<Self> {
        let body = split_bom(text).1;
        let file = File { text: body, path };
        if body.len() > MAX_LENGTH {
            let message = format!("a manifest of more than {} MiB is not read", MAX_LENGTH >> 20);
            return Err(file.error(0, message).help("split it"));
        }
        let syntax: &dyn Syntax = match format {
            ManifestFormat::Json => &Json,
            ManifestFormat::Toml => &Toml,
            ManifestFormat::Yaml => &Yaml,
            ManifestFormat::Xml => &Xml,
        };
        Ok(Self {
            file,
            root: syntax.parse(file)?,
            syntax,
            offset: text.len() - body.len(),
        })
    }

    pub fn entries(&self, pointer: &str) -> Result<Option<Vec<Entry>>> {
        let steps = steps(pointer)?;
        let (place, missing) = self.walk(&steps, false)?;
        let container = place.container();
        if !missing.is_empty() || container.is_vacant() {
            return Ok(None);
        }
        if container.layout().is_none() {
            return Err(self.wrong_kind(container, pointer, "an array or an object"));
        }
        let entries = container
            .children()
            .iter()
            .map(|child| child.to_entry(self.offset));
        Ok(Some(entries.collect()))
    }

    pub fn insert(&self, pointer: &str, entry: &NewEntry, order: &Order) -> Result<Inserted> {
        let steps = steps(pointer)?;
        let (place, missing) = self.walk(&steps, true)?;
        let container = place.container();
        let existing = steps.len() - missing.len();
        let nested = nested(missing, entry);
        let index = if missing.is_empty() {
            self.place_for(container, pointer, entry, order)?
        } else {
            self.matching(container, &pointer_of(&steps[..existing]), false)?;
            Some(container.children().len())
        };
        let Some(index) = index else {
            return Ok(Inserted::default());
        };
        let (file, root, place) = (self.file, &self.root, &place);
        let spot = InsertionPoint {
            file,
            root,
            place,
            index,
        };
        let in_file = |error: Error| match error.location() {
            Some(_) => error,
            None => error.in_file(self.file.path),
        };
        let edits = match self.syntax.insert_apart(&spot, missing, entry).map_err(in_file)? {
            Some(edit) => vec![edit],
            None => self.insert_among(&spot, &nested).map_err(in_file)?,
        };
        let mut expected = self.root.to_value();
        put(value_at(&mut expected, &steps[..existing]), index, nested);
        self.verify(&edits, "insert", pointer, |found| *found == expected)?;
        let ends = (existing + 1..=steps.len()).rev();
        Ok(Inserted {
            edits: self.shifted(edits),
            trace: Trace {
                created: ends.map(|end| pointer_of(&steps[..end])).collect(),
                hollow: match self.flow(container) {
                    Some(list) => list.hollow(),
                    None => self.syntax.hollow(&spot),
                },
            },
        })
    }

    /// Edits that put `entry` at `spot`, as the others there stand.
    fn insert_among(&self, spot: &InsertionPoint<'_>, entry: &NewEntry) -> Result<Vec<TextEdit>> {
        let (container, index) = (spot.container(), spot.index);
        self.has_braces(spot.place)?;
        let style = &self.syntax.style(spot);
        let Some(list) = self.flow(container) else {
            let lines = Lines::of(spot.file.text, container);
            let indent = lines.indent(index);
            let text = self.syntax.lines(spot, entry, &indent)?;
            return Ok(vec![lines.insert(index, &text, &indent, style.eol)]);
        };
        let stand = list.place(index, style);
        let printer = Printer {
            syntax: self.syntax,
            style,
        };
        let text = printer.entry(entry, stand.indent.as_deref())?;
        let pad = if container.is_object() { style.pad } else { "" };
        Ok(list.insert(index, &text, &stand, pad, style.eol))
    }

    /// Where `entry` goes in `container`; `None` if it is there.
    fn place_for(
        &self,
        container: &Node,
        pointer: &str,
        entry: &NewEntry,
        order: &Order,
    ) -> Result<Option<usize>> {
        let children = self.matching(container, pointer, matches!(entry, NewEntry::Item(_)))?;
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
                    let message = format!("`{name}` is already there, as `{}`", brief(&there));
                    let help = format!("change it to `{}` by hand, or choose another name", brief(value));
                    return Err(self.file.error(child.span.start, message).help(help));
                }
                Some(name.as_str())
            }
        };
        if *order == Order::Append {
            return Ok(Some(children.len()));
        }
        let own: Vec<usize> = (0..children.len()).filter(|at| !children[*at].apart).collect();
        let label = |at: &usize| match &children[*at].key {
            Some(key) => Some(key.name.as_str()),
            None => children[*at].node.to_scalar().and_then(Value::as_str),
        };
        let labels: Vec<Option<&str>> = own.iter().map(label).collect();
        let end = || own.last().map_or(children.len(), |last| last + 1);
        Ok(Some(
            own.get(sorted_place(&labels, new)).copied().unwrap_or_else(end),
        ))
    }

    pub fn remove(&self, pointer: &str, selector: &Selector, trace: &Trace) -> Result<Vec<TextEdit>> {
        let steps = steps(pointer)?;
        let (mut place, missing) = self.walk(&steps, true)?;
        if !missing.is_empty() {
            return Ok(Vec::new());
        }
        let children = self.matching(place.container(), pointer, matches!(selector, Selector::Item(_)))?;
        let found = match selector {
            Selector::Item(value) => children.iter().rposition(|child| child.node.to_value() == *value),
            Selector::Key(name) => {
                self.member(children, name)?;
                place.container().step(name)
            }
        };
        let Some(mut index) = found else {
            return Ok(Vec::new());
        };
        while let Some(above) = self.goes_with_its_only_entry(&place, trace) {
            place.nodes.pop();
            place.indices.pop();
            index = above;
        }
        let edits = self.remove_from(&place, index, trace.hollow.as_deref())?;
        let (names, container) = (place.steps(), place.container());
        let mut expected = self.root.to_value();
        match value_at(&mut expected, &names) {
            Some(Value::Array(items)) => drop(items.remove(index)),
            Some(Value::Object(map)) => drop(map.shift_remove(container.children()[index].name())),
            _ => {}
        }
        // A container that became empty may be written as empty, as nothing, or not at all.
        let emptied = container.children().len() == 1;
        let without = |mut value: Value| {
            if emptied {
                drop_empty(&mut value, &names);
            }
            value
        };
        let expected = without(expected);
        self.verify(&edits, "remove", pointer, |found| {
            without(found.clone()) == expected
        })?;
        Ok(self.shifted(edits))
    }

    /// Edits that remove the child `index` of the container that `place` ends in.
    fn remove_from(&self, place: &Place<'_>, index: usize, hollow: Option<&str>) -> Result<Vec<TextEdit>> {
        let (text, container) = (self.file.text, place.container());
        self.has_braces(place)?;
        if let Some(list) = self.flow(container) {
            return Ok(list.remove(index, hollow));
        }
        if let Some(edit) = self.syntax.remove_apart(self.file, place, index, hollow)? {
            return Ok(vec![edit]);
        }
        let child = &container.children()[index];
        let pieces = lines::pieces(text, child);
        let apart = container.children().iter().filter(|child| child.apart).count();
        let is_only_line = place.parent().is_none() && apart > 0 && apart + 1 == container.children().len();
        Ok(match pieces.as_slice() {
            sections if child.apart => {
                let sections = sections.iter();
                sections.map(|span| lines::remove_section(text, *span)).collect()
            }
            [line] if is_only_line => vec![lines::remove_with_blank_below(text, *line)],
            pieces => Lines::of(text, container).remove(index, pieces).map_err(|at| {
                let message = "the first entry of a nested list has a comment behind it";
                self.file.error(at, message).help("remove it by hand")
            })?,
        })
    }

    /// Where the innermost container stands in its parent, if it was created for its only entry and holds no comment.
    fn goes_with_its_only_entry(&self, place: &Place<'_>, trace: &Trace) -> Option<usize> {
        let container = place.container();
        let above = *place.indices.last()?;
        let is_bare = || match self.flow(container) {
            Some(list) => !list.keeps_comments(),
            None => Lines::of(self.file.text, container).is_bare(),
        };
        let is_created = || trace.created.contains(&pointer_of(&place.steps()));
        (container.children().len() == 1 && is_created() && is_bare()).then_some(above)
    }

    /// The container as a list between brackets, if it is one.
    fn flow(&self, container: &Node) -> Option<Flow<'t>> {
        (container.layout() == Some(Layout::Flow))
            .then(|| Flow::of(self.file.text, container, self.syntax.comment()))
    }

    /// Refuses what stands between the brackets of its parent without any of its own, and what holds such members.
    fn has_braces(&self, place: &Place<'_>) -> Result<()> {
        let is_loose = |node: &Node| node.layout() == Some(Layout::Loose);
        let is_flow = |node: &Node| node.layout() == Some(Layout::Flow);
        let container = place.container();
        let is_braced = is_flow(container) && container.is_object();
        let loose = if is_loose(container) && place.parent().is_some_and(is_flow) {
            Some(container.span)
        } else {
            let mut loose = container.children().iter().filter(|child| is_loose(&child.node));
            loose.next().filter(|_| is_braced).map(|child| child.span)
        };
        match loose {
            None => Ok(()),
            Some(span) => Err(self
                .file
                .error(span.start, "what has no braces of its own cannot be edited")
                .help("put it in braces first")),
        }
    }

    /// Follows `steps` as far as they lead, and gives the rest. `strict` refuses names that are there twice.
    fn walk<'s>(&self, steps: &'s [String], strict: bool) -> Result<(Place<'_>, &'s [String])> {
        let mut place = Place {
            nodes: vec![&self.root],
            indices: Vec::new(),
        };
        for (at, step) in steps.iter().enumerate() {
            let node = place.container();
            if node.layout().is_none() && !node.is_vacant() {
                return Err(self.wrong_kind(node, &pointer_of(&steps[..at]), "an array or an object"));
            }
            if strict && node.is_object() {
                self.member(node.children(), step)?;
            }
            let Some(index) = node.step(step) else {
                return Ok((place, &steps[at..]));
            };
            place.nodes.push(&node.children()[index].node);
            place.indices.push(index);
        }
        Ok((place, &[]))
    }

    /// The children of `container`, which must be an array or an object as asked for, or vacant.
    fn matching<'n>(&self, container: &'n Node, pointer: &str, array: bool) -> Result<&'n [Child]> {
        match &container.body {
            Body::Array(..) if array => {}
            Body::Object(..) if !array => {}
            _ if container.is_vacant() => {}
            _ if array => return Err(self.wrong_kind(container, pointer, "an array")),
            _ => return Err(self.wrong_kind(container, pointer, "an object")),
        }
        Ok(container.children())
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

    fn wrong_kind(&self, node: &Node, pointer: &str, wanted: &str) -> Error {
        let what = match pointer {
            "" => "the document".to_owned(),
            pointer => format!("`{pointer}`"),
        };
        let message = format!("{what} is {}, not {wanted}", node.kind());
        self.file.error(node.span.start, message)
    }

    /// Parses the text that the edits give, and asks whether it says what it should.
    fn verify(
        &self,
        edits: &[TextEdit],
        verb: &str,
        pointer: &str,
        is_expected: impl Fn(&Value) -> bool,
    ) -> Result<()> {
        let text = &apply_edits(self.file.text, edits)?;
        let cause = match self.syntax.parse(File { text, ..self.file }) {
            Ok(root) if is_expected(&root.to_value()) => return Ok(()),
            Ok(_) => "the edit would change something else as well".to_owned(),
            Err(error) => error.message().to_owned(),
        };
        let at = edits.first().map_or(0, |edit| edit.span.start);
        let message = format!("cannot {verb} an entry of `{pointer}` here without touching its surroundings");
        let help = format!("{verb} it by hand");
        Err(self.file.error(at, message).because(cause).help(help))
    }

    fn shifted(&self, mut edits: Vec<TextEdit>) -> Vec<TextEdit> {
        for TextEdit { span, .. } in &mut edits {
            *span = Span::new(span.start + self.offset, span.end + self.offset);
        }
        edits
    }
}
