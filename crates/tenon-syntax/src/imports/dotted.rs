//! Imports that each have a line and a full name of several elements, in groups: a new one among its like, and all of them in order.
//!
//! A language says how one is written and what parts them into two kinds that do not begin a group together.

use std::ops::Range;

use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{line_end, line_start};
use tenon_text::regular::regular;

use super::Statements;
use crate::contract::Import;
use crate::style::Style;

/// What stands in the list of groups of a style for the imports that no expression matches; they are the first group without it.
const OTHERS: &str = "<THIRD_PARTY_MODULES>";

/// How a language writes them.
pub struct Conventions {
    /// One import as a statement.
    pub print: fn(&Import) -> String,
    /// Whether an import is of the kind that stands first.
    pub is_first: fn(&Import) -> bool,
    /// What parts the elements of a name.
    pub part: char,
    /// What begins a comment.
    pub comment: &'static str,
}

/// The imports of a file, or of a block in it.
pub struct Dotted<'s> {
    source: &'s str,
    /// What they stand in.
    within: Span,
    imports: Vec<Import>,
    spans: Vec<Span>,
    conventions: &'static Conventions,
}

impl<'s> Dotted<'s> {
    /// The imports `all` that stand directly in `within`, with their places, in order.
    pub fn new(
        source: &'s str,
        within: Span,
        all: Vec<(Import, Span)>,
        conventions: &'static Conventions,
    ) -> Self {
        let (imports, spans) = all.into_iter().unzip();
        Self {
            source,
            within,
            imports,
            spans,
            conventions,
        }
    }

    /// What they stand in.
    pub fn within(&self) -> Span {
        self.within
    }

    /// The imports, in order.
    pub fn all(&self) -> &[Import] {
        &self.imports
    }

    fn lines(&self) -> Statements<'s> {
        Statements::new(
            self.source,
            self.spans.clone(),
            self.within,
            self.conventions.comment,
        )
    }

    fn key(&self, import: &Import) -> (bool, String) {
        let text = (self.conventions.print)(import);
        (
            !(self.conventions.is_first)(import),
            text.trim_end_matches(';').to_owned(),
        )
    }

    /// How many elements two names have in common at their beginning; those of a single element are alike.
    fn nearness(&self, at: usize, import: &Import) -> usize {
        let (own, new) = (&self.imports[at].module, &import.module);
        let pairs = own
            .split(self.conventions.part)
            .zip(new.split(self.conventions.part));
        let common = pairs.take_while(|(own, new)| own == new).count();
        common.max(usize::from(
            !own.contains(self.conventions.part) && !new.contains(self.conventions.part),
        ))
    }

    /// The edit that adds `import`, written as `text`, among the others: in the group of those of its kind whose names begin alike, in
    /// order if these are, else behind the last that begins as it does. Above `place`, if some stand there. Nothing if there are no others.
    pub fn add(&self, import: &Import, text: &str, place: Option<usize>) -> Option<TextEdit> {
        let lines = self.lines();
        let mut groups = lines.groups();
        let is_above = |group: &Range<usize>| place.is_none_or(|place| self.spans[group.start].start < place);
        if groups.first().is_some_and(is_above) {
            groups.retain(is_above);
        }
        let near = |at: usize| self.nearness(at, import);
        let nearness = |group: &Range<usize>| group.clone().map(near).max().unwrap_or(0);
        let best = groups.iter().map(nearness).max().unwrap_or(0);
        let is_first = (self.conventions.is_first)(import);
        let alike = |group: &&Range<usize>| {
            self.imports[(*group).clone()]
                .iter()
                .any(|known| (self.conventions.is_first)(known) == is_first)
        };
        let fitting: Vec<&Range<usize>> = groups.iter().filter(alike).collect();
        let group = match fitting.as_slice() {
            [only] => Some(*only),
            _ => fitting
                .iter()
                .rfind(|group| best > 0 && nearness(group) == best)
                .copied(),
        };
        let Some(group) = group else {
            return Some(match (is_first, groups.last()) {
                (true, Some(_)) => lines.apart_before(0, text),
                (false, Some(last)) => lines.apart_after(last.end - 1, text),
                (_, None) => return None,
            });
        };
        let key = |at: usize| self.key(&self.imports[at]);
        let mut indices: Vec<usize> = group.clone().collect();
        let sorted = indices.is_sorted_by_key(|at| key(*at));
        if !sorted {
            let best = nearness(group);
            indices.truncate(indices.iter().rposition(|at| near(*at) == best)? + 1);
        }
        let new = self.key(import);
        lines.in_order(&indices, sorted, |at| key(at) < new, text)
    }

    /// The edits that take `import` out; none if it is not there.
    pub fn remove(&self, import: &Import) -> Vec<TextEdit> {
        let is_it = |known: &Import| {
            (&known.module, &known.name, known.kind) == (&import.module, &import.name, import.kind)
        };
        let found = self.imports.iter().position(is_it);
        found.map(|at| self.lines().without(at)).into_iter().collect()
    }

    /// The file with those of its imports that are `needed`, in order, each once. Groups are those of `style`, else those of the text. As it
    /// is where comments or code stand between them.
    pub fn organized(&self, style: &Style, needed: impl Fn(&Import) -> bool) -> String {
        let source = self.source;
        let (Some(first), Some(last)) = (self.spans.first(), self.spans.last()) else {
            return source.to_owned();
        };
        let (start, end) = (line_start(source, first.start), line_end(source, last.end));
        let lines = source[start..end].lines().filter(|line| !line.trim().is_empty());
        let alone = lines.count() == self.spans.len();
        let own = |span: &Span| {
            source[line_start(source, span.start)..line_end(source, span.end)]
                .trim()
                .len()
                == span.end - span.start
        };
        if !alone || !self.spans.iter().all(own) {
            return source.to_owned();
        }
        let groups = self.lines().groups();
        let group_of = |at: usize| match style.import_groups.is_empty() {
            true => groups.iter().position(|group| group.contains(&at)).unwrap_or(0),
            false => rank(style, &self.imports[at]),
        };
        let all = self
            .imports
            .iter()
            .enumerate()
            .filter(|(_, import)| needed(import));
        let mut kept: Vec<(usize, (bool, String), &Import)> = all
            .map(|(at, import)| (group_of(at), self.key(import), import))
            .collect();
        kept.sort();
        kept.dedup_by(|(_, one, _), (_, other, _)| one == other);
        let mut out = source[..start].to_owned();
        for (at, (group, _, import)) in kept.iter().enumerate() {
            if at > 0 && kept[at - 1].0 != *group {
                out.push('\n');
            }
            out.push_str(&(self.conventions.print)(import));
            out.push('\n');
        }
        let rest = source[end..].trim_start_matches('\n');
        if !kept.is_empty() && !rest.is_empty() {
            out.push('\n');
        }
        out + rest
    }
}

/// The group of an import: the first expression that matches its full name.
fn rank(style: &Style, import: &Import) -> usize {
    let full = format!("{}.{}", import.module, import.name);
    let groups = || style.import_groups.iter();
    let found = groups().position(|group| {
        regular(group).is_ok_and(|group| group.on(&full).is_ok_and(|group| group.is_match(&full)))
    });
    let found = found.or_else(|| groups().position(|group| group == OTHERS));
    found.map_or(0, |at| at + 1)
}
