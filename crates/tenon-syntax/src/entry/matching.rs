//! Finds an example in a document, token by token.

use tenon_text::diag::Span;

use super::document::{Document, Syntax};
use super::example::Example;
use super::extent::{Match, Run};
use super::form::{Elem, Extra, Form, Piece, Spelling};
use super::scope::Scope;
use super::tokens::{Glue, Place, is_word};
use crate::tree::count_steps;

/// The most tokens that a gap or extras may have; what stands in brackets counts as one.
const MAX_GAP: usize = 600;
/// The most tokens of a text on one line.
const MAX_TEXT: usize = 60;
/// The most steps from one token.
const MAX_STEPS: usize = 20_000;
/// The most tokens that an example may have: each is one level of recursion.
const MAX_ELEMS: usize = 4_000;
/// The most steps in a document, for each of its tokens.
const STEPS_PER_TOKEN: usize = 64;

/// What was found of an example in a document.
#[derive(Debug, Default)]
pub struct Found {
    /// The entries, in the order of the text.
    pub matches: Vec<Match>,
    /// Whether all of the document was looked at. When the example can be read in too many ways it is not, and nothing is to be
    /// concluded from what is not found.
    pub complete: bool,
}

impl Document {
    /// Finds the entries that read like `example`, in `scope` or in all of the file.
    pub fn find(&self, example: &Example, scope: Option<&Scope>) -> Found {
        let tokens = scope.map_or(0..self.tokens.len(), |scope| scope.tokens());
        let mut budget = (self.tokens.len() + 1_000) * STEPS_PER_TOKEN;
        let mut found: Vec<Match> = Vec::new();
        for (number, form) in example.forms.iter().enumerate() {
            for start in tokens.clone() {
                let Ok(run) = self.read_at(form, start, tokens.end, &mut budget) else {
                    return Found::default();
                };
                let Some(run) = run else { continue };
                found.extend(self.extent(form, number, run));
            }
            let more = self.shaped(form, number, &found, &mut budget);
            found.extend(more);
        }
        // Of several readings of one entry the longest, and of these the one that leaves nothing over.
        let longest = |this: &Match| std::cmp::Reverse(this.tokens.len());
        found.sort_by_key(|this| (this.extent.start, longest(this), this.extra, this.form));
        found.dedup_by_key(|this| this.extent.start);
        found.dedup_by(|this, before| this.form != before.form && this.tokens.end <= before.tokens.end);
        found.retain(|this| {
            scope.is_none_or(|scope| scope.holds(self, this.extent)) && !(example.is_exact && this.extra)
        });
        Found {
            matches: found,
            complete: true,
        }
    }

    /// Reads `form` from the token `start` on; an error when it takes too many steps.
    pub(super) fn read_at(
        &self,
        form: &Form,
        start: usize,
        end: usize,
        budget: &mut usize,
    ) -> Result<Option<Run>, TooHard> {
        if !self.may_begin(form, start) {
            return Ok(None);
        }
        if form.elems.len() > MAX_ELEMS {
            return Err(TooHard);
        }
        let mut reader = Reader {
            doc: self,
            form,
            end,
            captures: vec![None; form.holes.len()],
            words: vec![None; form.elems.len()],
            gaps: vec![],
            extras: vec![],
            inside: None,
            steps: MAX_STEPS.min(*budget),
        };
        let before = reader.steps;
        let last = reader.elem(0, start);
        *budget -= before - reader.steps;
        count_steps(before - reader.steps);
        if reader.steps == 0 {
            return Err(TooHard);
        }
        let Some(last) = last else { return Ok(None) };
        Ok(Some(Run {
            first: start,
            last,
            captures: reader.captures,
            words: reader.words,
            gaps: reader.gaps,
            extras: reader.extras,
        }))
    }

    /// Whether the first piece of `form` can stand at `start`: most tokens are passed over here.
    fn may_begin(&self, form: &Form, start: usize) -> bool {
        let Some(Elem::Word { pieces, place, .. }) = form.elems.first() else {
            return true;
        };
        if self.tokens[start].place != *place {
            return false;
        }
        match pieces.first() {
            Some(Piece::Text(text)) => *place == Place::Quote || self.token(start).starts_with(text.as_str()),
            Some(Piece::Hole(hole)) => {
                let chained = is_chain(form, *hole, *place, self.syntax);
                !(chained && start >= 2 && self.is_linked(start - 2))
            }
            None => false,
        }
    }

    /// Whether the token at `at` goes on with `-` or `.` and another word, without space.
    fn is_linked(&self, at: usize) -> bool {
        let glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glue == Glue::None);
        let word = |at: usize| self.token(at).starts_with(is_word);
        glued(at + 1) && glued(at + 2) && matches!(self.token(at + 1), "-" | ".") && word(at) && word(at + 2)
    }
}

/// Whether a hole may go over several words that are linked: `acme-pay`, `acme.pay`.
fn is_chain(form: &Form, hole: usize, place: Place, syntax: Syntax) -> bool {
    let spelling = form.holes[hole].spelling;
    place == Place::InString
        || !syntax.has_tree()
        || syntax.manifest().is_some()
        || matches!(spelling, Spelling::Kebab | Spelling::Name)
}

/// An example can be read in too many ways.
#[derive(Debug)]
pub(super) struct TooHard;

struct Reader<'a> {
    doc: &'a Document,
    form: &'a Form,
    end: usize,
    captures: Vec<Option<Span>>,
    words: Vec<Option<usize>>,
    gaps: Vec<(usize, usize)>,
    extras: Vec<(usize, usize)>,
    /// While the value of a variable is read: the token behind the variable, and the end of what is read otherwise.
    inside: Option<(usize, usize)>,
    steps: usize,
}

impl Reader<'_> {
    /// Reads the elements from `e` on at the token `t`; the token behind the last one. A variable that is passed on is read as it
    /// stands, else its value is read in its place.
    fn elem(&mut self, e: usize, t: usize) -> Option<usize> {
        if let Some((behind, end)) = self.inside.filter(|_| t == self.end) {
            let value_end = std::mem::replace(&mut self.end, end);
            self.inside = None;
            let found = self.elem(e, behind);
            if found.is_none() {
                (self.inside, self.end) = (Some((behind, end)), value_end);
            }
            return found;
        }
        self.steps = self.steps.checked_sub(1)?;
        // Written out here: each element is one level of recursion.
        let found = match self.form.elems.get(e) {
            None => Some(t),
            Some(Elem::Word { place, glue, .. }) => {
                let token = self.doc.tokens.get(t).filter(|_| t < self.end);
                match token
                    .filter(|token| token.place == *place && (e == 0 || self.fits(*glue, token.glue, t)))
                {
                    None => None,
                    Some(token) => {
                        self.words[e] = Some(t);
                        match token.place {
                            Place::Quote => self.elem(e + 1, t + 1),
                            _ => self.piece(e, 0, t, 0),
                        }
                    }
                }
            }
            // At the end of the example a gap would be empty, and what it begins in half.
            Some(Elem::Gap) => {
                let is_last = e + 1 == self.form.elems.len() && self.doc.syntax.has_tree();
                self.gap(e, t, usize::from(is_last))
            }
            Some(Elem::Extra(extra)) => self.extra(*extra, e, t),
        };
        if found.is_some() || e == 0 || self.inside.is_some() || t >= self.end {
            return found;
        }
        let value = self.doc.values.get(&t)?;
        let end = std::mem::replace(&mut self.end, value.end);
        self.inside = Some((t + 1, end));
        let found = self.elem(e, value.start);
        if found.is_none() {
            (self.inside, self.end) = (None, end);
        }
        found
    }

    /// Whether what parts two tokens in the file is what parts them in the example. In code it does not matter.
    fn fits(&self, wanted: Glue, there: Glue, t: usize) -> bool {
        if self.doc.syntax.has_tree() {
            return true;
        }
        match wanted {
            Glue::Line => true,
            Glue::Space => there != Glue::Line,
            Glue::None => there == Glue::None || (there == Glue::Space && self.doc.token(t) == "|"),
        }
    }

    /// Reads piece `p` of the element `e` at byte `off` of the token `t`.
    fn piece(&mut self, e: usize, p: usize, t: usize, off: usize) -> Option<usize> {
        self.steps = self.steps.checked_sub(1)?;
        let Some(Elem::Word { pieces, place, .. }) = self.form.elems.get(e) else {
            return None;
        };
        let said = self.doc.token(t);
        match pieces.get(p) {
            None if off == said.len() => self.elem(e + 1, t + 1),
            None => None,
            Some(Piece::Text(text)) if said[off..].starts_with(text.as_str()) => {
                self.piece(e, p + 1, t, off + text.len())
            }
            Some(Piece::Text(_)) => None,
            Some(Piece::Hole(hole)) => match self.form.holes[*hole].spelling {
                Spelling::Text | Spelling::Title
                    if *place == Place::InString
                        || !self.doc.syntax.has_tree()
                        || self.doc.syntax == Syntax::Yaml =>
                {
                    self.text_hole(*hole, (e, p), (t, off))
                }
                Spelling::Text if pieces.len() == 1 => self.value_hole(*hole, e, t),
                _ => self.name_hole(*hole, (e, p), (t, off), *place),
            },
        }
    }

    /// A name: one word, or words that are linked without space.
    fn name_hole(
        &mut self,
        hole: usize,
        at: (usize, usize),
        from: (usize, usize),
        place: Place,
    ) -> Option<usize> {
        let chained = is_chain(self.form, hole, place, self.doc.syntax);
        let (mut t, mut off) = from;
        let start = self.doc.tokens[t].start + off;
        loop {
            if off >= self.doc.token(t).len() || !self.doc.token(t)[off..].starts_with(is_word) {
                return None;
            }
            let linked = chained && t + 2 < self.end && self.doc.is_linked(t);
            if let Some(end) = self.ends(hole, at, start, (t, off), linked) {
                return Some(end);
            }
            if !linked {
                return None;
            }
            (t, off) = (t + 2, 0);
        }
    }

    /// Any text of one line.
    fn text_hole(&mut self, hole: usize, at: (usize, usize), from: (usize, usize)) -> Option<usize> {
        let (first, mut off) = from;
        let start = self.doc.tokens[first].start + off;
        let place = self.doc.tokens[first].place;
        let is_last = at.0 + 1 == self.form.elems.len()
            && matches!(&self.form.elems[at.0], Elem::Word { pieces, .. } if pieces.len() == at.1 + 1);
        for t in first..self.end.min(first + MAX_TEXT) {
            let token = self.doc.tokens[t];
            if token.place != place || (t > first && token.glue == Glue::Line) || self.doc.token(t) == "|" {
                return None;
            }
            // At the end of the example the text is all that stands on the line.
            let goes_on = self
                .doc
                .tokens
                .get(t + 1)
                .filter(|next| t + 1 < self.end && next.glue != Glue::Line);
            let goes_on = goes_on.is_some_and(|next| {
                next.place == place && !matches!(self.doc.token(t + 1), "," | "}" | "]" | "|")
            });
            if off < self.doc.token(t).len()
                && !(is_last && goes_on)
                && let Some(end) = self.ends(hole, at, start, (t, off), false)
            {
                return Some(end);
            }
            off = 0;
        }
        None
    }

    /// Tries to end a hole in the token `t`, behind byte `off`. `linked` says whether the name could go on.
    fn ends(
        &mut self,
        hole: usize,
        (e, p): (usize, usize),
        start: usize,
        (t, off): (usize, usize),
        linked: bool,
    ) -> Option<usize> {
        let Some(Elem::Word { pieces, .. }) = self.form.elems.get(e) else {
            return None;
        };
        let said = self.doc.token(t);
        let base = self.doc.tokens[t].start;
        let try_at = |this: &mut Self, end: usize| {
            let old = this.captures[hole].replace(Span::new(start, base + end));
            let found = this.piece(e, p + 1, t, end);
            if found.is_none() {
                this.captures[hole] = old;
            }
            found
        };
        match pieces.get(p + 1) {
            // A name that goes on is not ended by the end of the example.
            None if linked && e + 1 == self.form.elems.len() => None,
            None => try_at(self, said.len()),
            Some(Piece::Text(text)) => {
                let text = text.as_str();
                let mut from = off + 1;
                while let Some(found) = said.get(from..).and_then(|rest| rest.find(text)) {
                    if let Some(end) = try_at(self, from + found) {
                        return Some(end);
                    }
                    from += found + 1;
                    while !said.is_char_boundary(from.min(said.len())) {
                        from += 1;
                    }
                }
                None
            }
            Some(Piece::Hole(_)) => {
                let ends: Vec<usize> = said
                    .char_indices()
                    .map(|(at, _)| at)
                    .filter(|at| *at > off)
                    .collect();
                ends.into_iter().find_map(|end| try_at(self, end))
            }
        }
    }

    /// One value in code: balanced, without a comma of its own.
    fn value_hole(&mut self, hole: usize, e: usize, t: usize) -> Option<usize> {
        let start = self.doc.tokens.get(t)?.start;
        let mut walk = Walk::new(t);
        while walk.step(self.doc, self.end, |_, sign, _| !matches!(sign, "," | "=")) {
            if !walk.is_whole() {
                continue;
            }
            let old = self.captures[hole].replace(Span::new(start, self.doc.tokens[walk.at - 1].end));
            self.gaps.push((t, walk.at));
            if let Some(end) = self.elem(e + 1, walk.at) {
                return Some(end);
            }
            self.gaps.pop();
            self.captures[hole] = old;
        }
        None
    }

    /// Anything whose brackets balance, at least `least` tokens.
    fn gap(&mut self, e: usize, t: usize, least: usize) -> Option<usize> {
        let one_line = !self.doc.syntax.has_tree()
            || !self
                .doc
                .in_tree(Span::at(self.doc.tokens.get(t).map_or(0, |token| token.start)));
        let mut walk = Walk::new(t);
        loop {
            if walk.is_whole() && walk.at - t >= least {
                self.gaps.push((t, walk.at));
                if let Some(end) = self.elem(e + 1, walk.at) {
                    return Some(end);
                }
                self.gaps.pop();
            }
            if !walk.step(self.doc, self.end, |at, _, glue| {
                !(one_line && at > 0 && glue == Glue::Line)
            }) {
                return None;
            }
        }
    }

    /// More than the example says, or nothing.
    fn extra(&mut self, extra: Extra, e: usize, t: usize) -> Option<usize> {
        if let Some(end) = self.elem(e + 1, t) {
            return Some(end);
        }
        let begins = match extra {
            Extra::Before | Extra::Inside => true,
            Extra::After => self.doc.code(t) == Some(",") || self.doc.tokens.get(t)?.glue == Glue::Line,
            Extra::Annotation => self.doc.code(t) == Some(":"),
        };
        if !begins {
            return None;
        }
        if matches!(extra, Extra::After | Extra::Inside) {
            // All that stands before the closing bracket.
            let end = self.doc.group_end(t);
            if end == t || end >= self.end {
                return None;
            }
            return self.with_extra(e, t, end);
        }
        let mut walk = Walk::new(t);
        while walk.step(self.doc, self.end, |_, _, _| true) {
            self.steps = self.steps.checked_sub(1)?;
            if !walk.is_whole() {
                continue;
            }
            let ends = match extra {
                Extra::Annotation => self.doc.code(walk.at) == Some("="),
                _ => {
                    self.doc.code(walk.at - 1) == Some(",")
                        || self
                            .doc
                            .tokens
                            .get(walk.at)
                            .is_some_and(|token| token.glue == Glue::Line)
                }
            };
            if ends && let Some(end) = self.with_extra(e, t, walk.at) {
                return Some(end);
            }
        }
        None
    }

    /// Goes on behind the element `e`, which is read from the tokens between two.
    fn with_extra(&mut self, e: usize, from: usize, to: usize) -> Option<usize> {
        self.extras.push((from, to));
        let end = self.elem(e + 1, to);
        if end.is_none() {
            self.extras.pop();
        }
        end
    }
}

/// Goes over tokens, and over brackets with all that they hold.
struct Walk {
    start: usize,
    at: usize,
    steps: usize,
    in_string: bool,
}

impl Walk {
    fn new(start: usize) -> Self {
        Self {
            start,
            at: start,
            steps: 0,
            in_string: false,
        }
    }

    /// Whether what was gone over is whole.
    fn is_whole(&self) -> bool {
        !self.in_string
    }

    /// One token on, or one pair of brackets; `may` is asked about other tokens outside of strings. Whether there was one.
    fn step(&mut self, doc: &Document, end: usize, may: impl Fn(usize, &str, Glue) -> bool) -> bool {
        if self.at >= end || self.steps >= MAX_GAP {
            return false;
        }
        self.steps += 1;
        let token = doc.tokens[self.at];
        let distance = self.at - self.start;
        match token.place {
            Place::Quote => {
                if !self.in_string && !may(distance, "", token.glue) {
                    return false;
                }
                self.in_string = doc.syntax.has_tree() && !self.in_string;
            }
            Place::InString => {}
            Place::Code => match doc.token(self.at) {
                "(" | "[" | "{" => {
                    self.at = doc.group_end(self.at + 1);
                    if self.at >= end {
                        return false;
                    }
                }
                ")" | "]" | "}" => return false,
                sign if !may(distance, sign, token.glue) => return false,
                _ => {}
            },
        }
        self.at += 1;
        true
    }
}
