//! Entries of manifests that are objects: their members may stand in any order, between brackets or on lines.

use super::document::{Document, Syntax};
use super::extent::{Match, Run};
use super::form::{Form, Hole, Shape};
use super::nodes::Id;
use super::tokens::Token;

/// The shape of an example; nothing if it is no object of several members.
pub(super) fn of(text: &str, syntax: Syntax, tokens: &[Token], holes: &[Option<Hole>]) -> Option<Shape> {
    syntax.manifest()?;
    let (from, to) = (tokens.first()?.start, tokens.last()?.end);
    // A member alone is no JSON.
    let (before, after) = if syntax == Syntax::Json && !text[from..].starts_with(['{', '[']) {
        ("{", "}")
    } else {
        ("", "")
    };
    let doc = Document::new(format!("{before}{}{after}", &text[..to]), syntax);
    let shift = before.len();
    let spans = |id: &Id| doc.nodes[*id].start <= from + shift && doc.nodes[*id].end >= to + shift;
    let whole = |kind: &str| (1..doc.nodes.len()).find(|id| doc.nodes[*id].is(kind) && spans(id));
    let entry = whole("item")
        .or_else(|| whole("member"))
        .or_else(|| whole("$object"))?;
    let object = doc.object_of(entry)?;
    let members: Vec<Id> = doc
        .children(object)
        .filter(|id| doc.nodes[*id].is("member"))
        .collect();
    let form = |from: usize, to: usize| {
        let mut form = Form {
            elems: vec![],
            holes: holes.iter().flatten().copied().collect(),
            shape: None,
            is_open: false,
        };
        for token in tokens
            .iter()
            .filter(|token| from <= token.start + shift && token.end + shift <= to)
        {
            form.push(&text[token.start..token.end], token, holes);
        }
        form.with_extras();
        form
    };
    let (start, first) = (doc.nodes[entry].start, doc.nodes[*members.first()?].start);
    let head = doc
        .text
        .get(start..first)?
        .trim_end_matches(['{', ' ', '\n', '\r', '\t'])
        .len();
    let head = form(start, start + head);
    let is_head =
        doc.nodes[entry].is("member") || (syntax == Syntax::Toml && doc.text[start..].starts_with('['));
    let members: Vec<Form> = members
        .iter()
        .map(|id| form(doc.nodes[*id].start, doc.end_of(*id)))
        .collect();
    (members.len() > 1 && members.iter().all(|form| !form.elems.is_empty())).then(|| Shape {
        kind: doc.nodes[entry].kind.as_ref().into(),
        head: is_head.then_some(head),
        members,
    })
}

impl Document {
    /// The object that is, or is the value of, an element or a member.
    fn object_of(&self, id: Id) -> Option<Id> {
        if self.nodes[id].is("$object") {
            return Some(id);
        }
        self.children(id).find(|child| self.nodes[*child].is("$object"))
    }

    /// The entries whose members are those of `form` in whatever order, without those that begin where one of `found` does.
    pub(super) fn shaped(
        &self,
        form: &Form,
        number: usize,
        found: &[Match],
        budget: &mut usize,
    ) -> Vec<Match> {
        let Some(shape) = &form.shape else { return vec![] };
        let mut starts: Vec<usize> = found.iter().map(|entry| entry.extent.start).collect();
        starts.sort_unstable();
        let mut out = Vec::new();
        for id in 1..self.nodes.len() {
            let node = &self.nodes[id];
            // An element of XML is one of a list or has a name of its own, by what stands around it.
            let kind = *node.kind == *shape.kind
                || (node.is("item") && (*shape.kind == *"$object" || self.syntax == Syntax::Xml));
            if kind && starts.binary_search(&node.start).is_err() {
                let run = self.read_shape(shape, form, id, budget);
                out.extend(run.and_then(|run| self.extent(form, number, run)));
            }
        }
        out
    }

    fn read_shape(&self, shape: &Shape, form: &Form, id: Id, budget: &mut usize) -> Option<Run> {
        let node = &self.nodes[id];
        let object = self.object_of(id)?;
        let mut captures = vec![None; form.holes.len()];
        if let Some(head) = &shape.head {
            let run = self.read_at(head, node.first, node.last, budget).ok()??;
            merge(&mut captures, run.captures);
        }
        let there: Vec<Id> = self
            .children(object)
            .filter(|child| self.nodes[*child].is("member"))
            .collect();
        for member in &shape.members {
            let found = there.iter().find_map(|child| {
                let child = &self.nodes[*child];
                let run = self.read_at(member, child.first, child.last, budget).ok()??;
                (run.last == child.last).then_some(run)
            });
            merge(&mut captures, found?.captures);
        }
        let more = there.len() > shape.members.len();
        Some(Run {
            first: node.first,
            last: node.last,
            captures,
            words: vec![None; form.elems.len()],
            gaps: vec![],
            extras: if more {
                vec![(node.first, node.last)]
            } else {
                vec![]
            },
        })
    }
}

fn merge<T>(into: &mut [Option<T>], from: Vec<Option<T>>) {
    for (into, from) in into.iter_mut().zip(from) {
        if from.is_some() {
            *into = from;
        }
    }
}
