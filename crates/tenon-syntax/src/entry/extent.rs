//! What an entry is as a whole: the smallest node, run of siblings or lines that hold what was read.

use std::ops::Range;

use tenon_text::diag::Span;
use tenon_text::format::{line_end, line_start};

use super::document::{Document, Syntax};
use super::form::{Elem, Form, Hole, Piece};
use super::nodes::Id;
use super::tables::{ATTRIBUTES, BLOCKS, CASES, CHAINS, DECORATIONS, MARKS, NO_LISTS, SWITCHES, WRAPPERS};

/// What a hole holds in one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The hole.
    pub hole: Hole,
    /// Where it stands.
    pub span: Span,
    /// What stands there.
    pub text: String,
}

/// The tokens of one reading.
#[derive(Debug)]
pub(super) struct Run {
    pub first: usize,
    pub last: usize,
    pub captures: Vec<Option<Span>>,
    /// The token that each element is read from.
    pub words: Vec<Option<usize>>,
    /// The tokens of gaps and of values.
    pub gaps: Vec<(usize, usize)>,
    /// The tokens that are more than the example.
    pub extras: Vec<(usize, usize)>,
}

impl Run {
    pub fn values(&self, doc: &Document, form: &Form) -> Vec<Capture> {
        let spans = form.holes.iter().zip(&self.captures);
        spans
            .filter_map(|(hole, span)| {
                let span = (*span)?;
                Some(Capture {
                    hole: *hole,
                    span,
                    text: doc.text[span.start..span.end].to_owned(),
                })
            })
            .collect()
    }
}

/// What holds an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A node of the tree.
    Node(Id),
    /// The lines of the text.
    Lines,
}

/// An entry that was found.
#[derive(Clone, Debug)]
pub struct Match {
    /// What was read, from its first token to its last.
    pub range: Span,
    /// The entry as a whole: nodes with the attributes above them, lines, or the section of a heading.
    pub extent: Span,
    /// What the holes hold.
    pub values: Vec<Capture>,
    /// Whether the entry says more than the example.
    pub extra: bool,
    /// Which text of the example was read, its conditions decided.
    pub form: usize,
    /// Whose entry it is: the number of a candidate. [`super::assign()`] sets it.
    pub member: Option<usize>,
    /// Whether the entry is an element among others, that can be added or taken away.
    pub is_element: bool,
    /// Where its nodes begin, below the attributes that are not part of the example.
    pub(super) inner: usize,
    pub(super) tokens: Range<usize>,
    pub(super) words: Vec<Option<usize>>,
    pub(super) holder: Holder,
    pub(super) is_section: bool,
    /// Whether a gap holds something.
    pub(super) is_filled: bool,
}

impl Match {
    /// What the hole `id` holds.
    pub fn value(&self, id: usize) -> Option<&str> {
        self.values
            .iter()
            .find(|value| value.hole.id == id)
            .map(|value| value.text.as_str())
    }
}

impl Document {
    /// The entry that holds `run`; nothing if that is no whole node or line.
    pub(super) fn extent(&self, form: &Form, number: usize, run: Run) -> Option<Match> {
        let range = Span::new(self.tokens[run.first].start, self.tokens[run.last - 1].end);
        let mut found = Match {
            range,
            extent: range,
            values: run.values(self, form),
            extra: !run.extras.is_empty(),
            form: number,
            member: None,
            is_element: true,
            inner: range.start,
            tokens: run.first..run.last,
            words: run.words,
            holder: Holder::Lines,
            is_section: false,
            is_filled: run.gaps.iter().any(|(from, to)| from < to) || !run.extras.is_empty(),
        };
        if !self.in_tree(range) {
            self.lines_of(&mut found)?;
            return Some(found);
        }
        if let Some(chain) = self.calls_around(run.first, run.last) {
            found.holder = Holder::Node(chain);
            return Some(found);
        }
        let (first, last) = self.nodes_of(run.first, run.last)?;
        if first != last
            && run
                .gaps
                .iter()
                .chain(&run.extras)
                .any(|gap| self.is_across(first, last, *gap))
        {
            return None;
        }
        let whole = (self.nodes[first].first, self.nodes[last].last);
        found.extra |= whole != (run.first, run.last);
        if found.extra && !has_text(form) {
            return None;
        }
        let parent = self.nodes[first].parent;
        found.is_element = first != 0 && self.is_element(first, last);
        found.holder = Holder::Node(self.chain(parent));
        found.inner = self.nodes[first].start;
        found.extent = Span::new(self.nodes[self.attributed(first)].start, self.end_of(last));
        Some(found)
    }

    /// The first of the attributes above a node that belong to it, where they are nodes beside it; the node itself if it has none.
    pub(super) fn attributed(&self, id: Id) -> Id {
        let parent = self.nodes[id].parent;
        let mut first = id;
        while let Some(before) = self.nodes[first].first.checked_sub(1)
            && let Some(beside) = self.below(parent, before)
            && self.nodes[beside].is_one(ATTRIBUTES)
        {
            first = beside;
        }
        first
    }

    /// The calls that follow each other, if these tokens are one of them with its dot: `.add(b)` of `all.add(a).add(b).build()`.
    fn calls_around(&self, first: usize, last: usize) -> Option<Id> {
        if self.code(first) != Some(".") || self.code(last.checked_sub(1)?) != Some(")") {
            return None;
        }
        let tokens = |id: Id| (self.nodes[id].first, self.nodes[id].last);
        let mut id = self.around(first, last);
        let (start, end) = tokens(id);
        let is_call = end == last && start < first && tokens(self.around(start, first)) == (start, first);
        if id == 0 || !is_call || self.is_container(id) {
            return None;
        }
        loop {
            let parent = self.nodes[id].parent;
            let is_more = tokens(parent).0 == start && !self.nodes[parent].is_one(WRAPPERS);
            if parent == 0 || !is_more || self.is_container(parent) {
                return Some(id);
            }
            id = parent;
        }
    }

    /// Where a node ends, without the comma, space or comments behind it.
    pub(super) fn end_of(&self, id: Id) -> usize {
        let node = &self.nodes[id];
        let held = self.text[node.start..node.end].trim_end();
        if held.ends_with(',') && node.last > node.first {
            return self.tokens[node.last - 1].end;
        }
        let end = node.start + held.len();
        // Some grammars count the comments behind a case to it.
        let ends_with_comment = self
            .comment_at(end.saturating_sub(1))
            .is_some_and(|span| span.start > node.start);
        match self.tokens[node.first..node.last].last() {
            Some(last) if ends_with_comment && self.without_comments(last.end, end).trim().is_empty() => {
                last.end
            }
            _ => end,
        }
    }

    /// The first and the last node of the entry around some tokens.
    fn nodes_of(&self, first: usize, last: usize) -> Option<(Id, Id)> {
        let tokens = |id: Id| (self.nodes[id].first, self.nodes[id].last);
        let mut id = self.around(first, last);
        if tokens(id) != (first, last) || self.is_container(id) {
            let from = self.below(id, first);
            let to = self.below(id, last - 1);
            let decorated = id != 0
                && self
                    .children(id)
                    .take_while(|child| self.nodes[*child].first < first)
                    .all(|child| self.nodes[child].is_one(DECORATIONS));
            if self.is_container(id) {
                let run = from
                    .zip(to)
                    .filter(|(from, to)| tokens(*from).0 == first && tokens(*to).1 == last);
                match run {
                    Some((from, to)) if from == to => id = from,
                    Some(run) => return Some(run),
                    None if id != 0 && tokens(id) == (first, last) => {}
                    None => return None,
                }
            } else if !decorated {
                let whole = tokens(from?).0 == first && tokens(to?).1 == last;
                return (whole && self.has_brackets(id)).then_some((from?, to?));
            }
        }
        // A node that is all of the one around it stands for that.
        loop {
            let parent = self.nodes[id].parent;
            let same = tokens(parent) == tokens(id) || self.nodes[parent].is_one(WRAPPERS);
            // An object that is but a dotted key, `a.b = 1`, is no list.
            let around = self.nodes[parent].parent;
            let is_dotted = same && self.nodes[around].is("member") && tokens(around) == tokens(id);
            if id == 0 || parent == 0 || (self.is_container(parent) && !is_dotted) || !same {
                break;
            }
            id = parent;
        }
        (id != 0).then_some((id, id))
    }

    /// The child of `id` that holds a token.
    fn below(&self, id: Id, token: usize) -> Option<Id> {
        let mut at = self.around(token, token + 1);
        if at == id {
            return None;
        }
        while at != 0 && self.nodes[at].parent != id {
            at = self.nodes[at].parent;
        }
        (at != 0).then_some(at)
    }

    /// Whether a node begins with a bracket.
    pub(super) fn has_brackets(&self, id: Id) -> bool {
        matches!(self.code(self.nodes[id].first), Some("(" | "[" | "{"))
    }

    /// Whether a gap goes from one sibling into the next one.
    fn is_across(&self, first: Id, last: Id, gap: (usize, usize)) -> bool {
        let mut at = first;
        while at < last {
            at = self.nodes[at].next.max(at + 1);
            let begin = self.nodes[at.min(last)].first;
            if self.nodes[at.min(last)].named && gap.0 < begin && begin < gap.1 {
                return true;
            }
        }
        false
    }

    /// The outermost of the nodes that one operator chains.
    fn chain(&self, mut id: Id) -> Id {
        let operator = |id: Id| {
            let sign = self.children(id).find(|child| !self.nodes[*child].named);
            sign.map(|sign| &*self.nodes[sign].kind)
        };
        while self.nodes[id].is_one(CHAINS) {
            let parent = self.nodes[id].parent;
            if self.nodes[parent].kind != self.nodes[id].kind || operator(parent) != operator(id) {
                break;
            }
            id = parent;
        }
        id
    }

    /// Whether the nodes from `first` to `last` are an element of a list: parted from their siblings by separators or lines.
    fn is_element(&self, first: Id, last: Id) -> bool {
        let parent = self.nodes[first].parent;
        if self.is_container(parent) || self.is_case(first) {
            return true;
        }
        if self.nodes[parent].is_one(NO_LISTS) {
            return false;
        }
        let kind = &self.nodes[first].kind;
        let first = self.attributed(first);
        let (before, after) = (self.sign_before(parent, first), self.sign_behind(parent, last));
        // Between brackets there is nothing but elements and what parts them.
        let bracketed = self.has_brackets(parent);
        let sibling = |at: Option<Id>| {
            at.is_some_and(|at| self.nodes[at].kind == *kind || (bracketed && self.nodes[at].named))
        };
        let previous = || {
            let found = self.nodes[first]
                .first
                .checked_sub(1)
                .map(|token| self.below(parent, token));
            sibling(found.flatten())
        };
        let next = || {
            let token = self.nodes[last].last;
            sibling(if token < self.tokens.len() {
                self.below(parent, token)
            } else {
                None
            })
        };
        let opens = matches!(before, "(" | "[" | "{")
            || MARKS.contains(&before)
            || (before.is_empty() && MARKS.contains(&after))
            || previous();
        let closes = matches!(after, ")" | "]" | "}")
            || MARKS.contains(&after)
            || (after.is_empty() && MARKS.contains(&before))
            || next();
        opens && closes
    }

    /// Whether a node is a case of the statement around it.
    pub(super) fn is_case(&self, id: Id) -> bool {
        let node = &self.nodes[id];
        let says = node.kind.contains("case") || node.is_one(CASES);
        says && node.named && self.nodes[node.parent].is_one(SWITCHES)
    }

    /// The sign or word before an element in its list; empty when it is the first.
    fn sign_before(&self, parent: Id, first: Id) -> &str {
        let at = self.nodes[first].first;
        let inside = at > self.nodes[parent].first;
        let from = at
            .checked_sub(1)
            .map_or(0, |at| self.tokens[at].end)
            .max(self.nodes[parent].start);
        match self.sign_between(from, self.nodes[first].start) {
            "" if inside => self.code(at - 1).unwrap_or_default(),
            sign => sign,
        }
    }

    /// The sign or word behind an element in its list; empty when it is the last.
    fn sign_behind(&self, parent: Id, last: Id) -> &str {
        let at = self.nodes[last].last;
        let inside = at < self.nodes[parent].last;
        let to = self.tokens.get(at).map_or(self.text.len(), |token| token.start);
        let to = to.min(self.nodes[parent].end.max(self.nodes[last].end));
        match self.sign_between(self.end_of(last), to) {
            "" if inside => self.code(at).unwrap_or_default(),
            sign => sign,
        }
    }

    /// A separator that is no token: a semicolon, or a comma before a closing bracket.
    pub(super) fn sign_between(&self, from: usize, to: usize) -> &'static str {
        let text = if from < to {
            self.without_comments(from, to)
        } else {
            String::new()
        };
        match text.trim() {
            "," => ",",
            ";" => ";",
            _ => "",
        }
    }

    /// The lines of an entry in text without a tree.
    fn lines_of(&self, found: &mut Match) -> Option<()> {
        let Span { start, end } = found.range;
        if !self.begins_line(start) || self.is_table_head(start) {
            return None;
        }
        let line = &self.text[start..line_end(&self.text, start)];
        let level = line.len() - line.trim_start_matches('#').len();
        let to = line_end(&self.text, end);
        found.extra |= !self.without_comments(end, to).trim().is_empty();
        found.extent = Span::new(start, end + self.text[end..to].trim_end().len());
        if self.syntax == Syntax::Markdown && level > 0 && line[level..].starts_with(' ') {
            found.is_section = true;
            found.extent.end = self.section_end(line_start(&self.text, start), level);
        }
        Some(())
    }

    /// Whether the line at `start` is the head of a table in Markdown: the line below it parts it from the rows.
    fn is_table_head(&self, start: usize) -> bool {
        let end = line_end(&self.text, start);
        let below = self.text.get(end + 1..).and_then(|rest| rest.lines().next());
        self.syntax == Syntax::Markdown && below.is_some_and(parts_table)
    }

    /// Where the section of a heading ends whose line begins at `start`: before the next heading of its level or above.
    pub(super) fn section_end(&self, start: usize, level: usize) -> usize {
        let mut at = line_end(&self.text, start);
        let mut end = at;
        while at < self.text.len() {
            let begin = at + 1;
            at = line_end(&self.text, begin);
            let line = &self.text[begin..at];
            let marks = line.len() - line.trim_start_matches('#').len();
            let is_heading = marks > 0 && marks <= level && line[marks..].starts_with(' ');
            if is_heading && self.comment_at(begin).is_none() {
                break;
            }
            if !line.trim().is_empty() {
                end = at - (line.len() - line.trim_end().len());
            }
        }
        end
    }

    /// The same entries, those in a block of their own as that block: what is added goes beside it.
    #[must_use]
    pub fn outside_of_blocks(&self, mut matches: Vec<Match>) -> Vec<Match> {
        for found in &mut matches {
            while let Some((block, list)) = self.bare_block(found.holder) {
                found.extent = Span::new(self.nodes[block].start, self.end_of(block));
                found.holder = Holder::Node(list);
                (found.is_element, found.is_filled) = (true, true);
            }
        }
        matches
    }

    /// The block that a list of statements is, if it stands among others as a statement, and the list of these.
    fn bare_block(&self, holder: Holder) -> Option<(Id, Id)> {
        let Holder::Node(list) = holder else {
            return None;
        };
        let block = self.block_of(list);
        let outer = self.nodes[block].parent;
        let is_bare = block != 0
            && self.is_block(list)
            && self.is_block(outer)
            && self.has_brackets(block)
            && !self.nodes[block].is_body;
        is_bare.then_some((block, outer))
    }

    /// The block of statements that holds `id`, or `id` itself.
    pub(super) fn block_of(&self, mut id: Id) -> Id {
        while id != 0 && !self.nodes[id].is_one(BLOCKS) {
            id = self.nodes[id].parent;
        }
        if self.nodes.get(id).is_some_and(|node| node.is("statement_list")) {
            id = self.nodes[id].parent;
        }
        id
    }
}

/// Whether a line parts the head of a table in Markdown from its rows: `|---|:-:|`.
pub(super) fn parts_table(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// Whether an example says anything beside its holes.
fn has_text(form: &Form) -> bool {
    let says = |piece: &Piece| matches!(piece, Piece::Text(text) if text.chars().any(super::tokens::is_word));
    form.elems
        .iter()
        .any(|elem| matches!(elem, Elem::Word { pieces, .. } if pieces.iter().any(says)))
        || form
            .elems
            .iter()
            .filter(|elem| matches!(elem, Elem::Word { .. }))
            .count()
            > 3
}
