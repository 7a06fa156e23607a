//! `in`: the brackets, block or section that a text names, for lists without entries, and where several could be meant.

use std::fmt;
use std::ops::Range;

use tenon_text::diag::Span;
use tenon_text::format::{line_end, line_indent, line_start, split_bom};
use tenon_text::manifest::{ManifestFormat, Parsed, hollow_of, read, twins};

use super::document::{Document, Syntax};
use super::example::{Example, pieces};
use super::extent::{Holder, Match};
use super::form::{Elem, Extra, Form, Piece};
use super::nodes::Id;
use super::tables::{BLOCKS, CHAINS};
use super::tokens::{Glue, Place, is_word};

/// A place that holds entries, or will hold the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What stands inside: between the brackets, below the heading.
    pub span: Span,
    pub(super) holder: Holder,
    pub(super) tokens: Range<usize>,
    /// Where the first entry goes, as a statement of its own, and on which side of what stands there.
    pub(super) at: Option<(usize, Side)>,
    /// What the named gaps of the text hold: `{{_registry}}` is called `_registry`.
    pub names: Vec<(String, String)>,
}

/// A side of what stands there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Before,
    /// Behind it.
    Behind,
}

/// Why there is no scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoScope {
    /// The text is no code that could stand there.
    NoText,
    /// Nothing reads like it.
    NotThere,
    /// Several places read like it.
    Several(Vec<Scope>),
}

impl fmt::Display for NoScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoText => f.write_str("the text that names the place is empty"),
            Self::NotThere => f.write_str("there is no such place"),
            Self::Several(all) => write!(f, "there are {} such places", all.len()),
        }
    }
}

impl Scope {
    /// Whether something opens it: brackets, a block, a heading. A whole file, and what stands beside something, is not.
    pub fn is_enclosed(&self) -> bool {
        self.at.is_none()
    }

    /// Where its first entry goes, roughly: what is declared before that byte is known there.
    pub fn place(&self) -> usize {
        self.at.map_or(self.span.end, |(at, _)| at)
    }

    pub(super) fn tokens(&self) -> Range<usize> {
        self.tokens.clone()
    }

    /// Whether a span stands inside.
    pub(super) fn holds(&self, _doc: &Document, span: Span) -> bool {
        self.span.start <= span.start && span.end <= self.span.end
    }

    /// Whether the list of `entry` is one of this scope.
    pub(super) fn may_hold(&self, doc: &Document, entry: &Match) -> bool {
        let (Holder::Node(scope), Holder::Node(list)) = (self.holder, entry.holder) else {
            return self.holds(doc, entry.extent);
        };
        let parent = doc.nodes[list].parent;
        list == scope
            || (parent == scope && doc.is_container(list))
            || (doc.is_block(scope) && doc.block_of(list) == doc.block_of(scope))
    }
}

impl Document {
    /// The place that `text` names: the brackets or block that this code opens, a heading in Markdown, a line in other text, a JSON
    /// pointer in manifests. The last empty pair of brackets in the code is the place, if there is one: `integrations = [ ]`.
    ///
    /// # Errors
    /// If nothing, or more than one place, reads like it.
    pub fn scope(&self, text: &str) -> Result<Scope, NoScope> {
        let all = match self.syntax {
            _ if self.syntax.manifest().is_some() && (text.is_empty() || text.starts_with('/')) => {
                self.at_pointer(text)
            }
            Syntax::Code(_) | Syntax::Component if !self.nodes.is_empty() => self.opened(text)?,
            _ => self.below_lines(text)?,
        };
        match all.len() {
            0 => Err(NoScope::NotThere),
            1 => all.into_iter().next().ok_or(NoScope::NotThere),
            _ => Err(NoScope::Several(all)),
        }
    }

    /// Places that say the same as the one at `pointer`: what is listed there is listed. A first entry goes into none of them.
    pub fn twins(&self, pointer: &str) -> Vec<Scope> {
        if self.syntax != Syntax::Xml {
            return vec![];
        }
        let document = read(&self.text, ManifestFormat::Xml, "").unwrap_or_default();
        let all = twins(&document, pointer);
        all.iter().flat_map(|pointer| self.at_pointer(pointer)).collect()
    }

    pub(super) fn is_block(&self, id: Id) -> bool {
        id == 0 || (self.nodes[id].named && self.nodes[id].is_one(BLOCKS))
    }

    fn at_pointer(&self, pointer: &str) -> Vec<Scope> {
        let Some(format) = self.syntax.manifest() else {
            return vec![];
        };
        let body = split_bom(&self.text).1;
        let offset = self.text.len() - body.len();
        let Ok(parsed) = Parsed::parse(body, format, "") else {
            return vec![];
        };
        let moved = |span: Span| (span.start + offset, span.end + offset);
        let at = |kinds: &[&str], span: (usize, usize)| {
            self.nodes
                .iter()
                .position(|node| node.is_one(kinds) && (node.start, node.end) == span)
        };
        let Some((_, span)) = parsed.get(pointer) else {
            return vec![];
        };
        if self.syntax == Syntax::Xml
            && let Some(place) = parsed.place(pointer).map(&moved)
        {
            let hollow = hollow_of(&self.text[place.0..place.1]);
            let hollow = hollow.map(|hollow| Span::new(place.0 + hollow.start, place.0 + hollow.end));
            if hollow.is_some() || span.start == span.end {
                let scope = |(id, span): (Id, Span)| Scope {
                    span,
                    holder: Holder::Node(id),
                    tokens: self.token_at(span.start)..self.token_at(span.start),
                    at: None,
                    names: vec![],
                };
                let found = at(&["member"], place).zip(hollow).map(scope);
                return found.into_iter().collect();
            }
        }
        if span.start == span.end
            && let Some(id) = parsed
                .place(pointer)
                .and_then(|place| at(&["member"], moved(place)))
        {
            // YAML's `name:` without a value.
            return vec![Scope {
                span: Span::at(self.nodes[id].end),
                holder: Holder::Node(id),
                tokens: self.nodes[id].last..self.nodes[id].last,
                at: None,
                names: vec![],
            }];
        }
        let (start, end) = moved(span);
        let Some(id) = at(&["$array", "$object"], (start, end)) else {
            return vec![];
        };
        let node = &self.nodes[id];
        let (open, close) = if node.is("$array") { ('[', ']') } else { ('{', '}') };
        let held = &self.text[start..end];
        let bracket = held.starts_with(open)
            && held.ends_with(close)
            && !(self.syntax == Syntax::Toml && held.starts_with("[["));
        let inner = if bracket {
            Span::new(start + 1, end - 1)
        } else {
            Span::new(start, end)
        };
        vec![Scope {
            span: inner,
            holder: Holder::Node(id),
            tokens: node.first + usize::from(bracket)..(node.last - usize::from(bracket)).max(node.first),
            at: None,
            names: vec![],
        }]
    }

    /// The brackets or blocks that `text` opens.
    fn opened(&self, text: &str) -> Result<Vec<Scope>, NoScope> {
        let mut text = text.trim();
        let open = |text: &str, c: char| text.matches(c).count();
        if text.ends_with('{') && open(text, '{') > open(text, '}') {
            text = text[..text.len() - 1].trim_end();
        }
        let text = text.strip_suffix(':').unwrap_or(text);
        let (parts, names) = pieces(text);
        let example = Example::new(&parts, self.syntax).map_err(|_| NoScope::NoText)?;
        let mut forms = example.forms;
        if self.syntax.notation().is_some_and(|notation| notation.tuples) {
            forms.extend(forms.first().and_then(in_parentheses));
        }
        let grouping = self
            .syntax
            .notation()
            .map_or(&[][..], |notation| notation.grouping);
        if let Some((word, rest)) = text.split_once(' ')
            && grouping.contains(&word)
        {
            // One of several in parentheses.
            let example = Example::new(&pieces(rest).0, self.syntax);
            forms.extend(example.map_err(|_| NoScope::NoText)?.forms);
        }
        let sums: Vec<Form> = forms.iter().filter_map(of_a_sum).collect();
        for form in forms.iter().chain(&sums) {
            let found = self.opened_by(form, &names);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(vec![])
    }

    fn opened_by(&self, form: &Form, names: &[String]) -> Vec<Scope> {
        let marked = marked(form);
        let mut budget = (self.tokens.len() + 1_000) * 64;
        let mut found: Vec<(bool, Scope)> = Vec::new();
        for start in 0..self.tokens.len() {
            let Ok(Some(run)) = self.read_at(form, start, self.tokens.len(), &mut budget) else {
                continue;
            };
            let word = |elem: usize| run.words.get(elem).copied().flatten();
            let scope = match marked {
                Some((open, close)) => word(open)
                    .zip(word(close))
                    // Of one statement.
                    .filter(|(open, _)| !self.is_container(self.around(run.first, *open)))
                    .map(|(open, close)| (true, self.brackets(open, close))),
                None => self.body_behind(run.first, run.last),
            };
            let values = run.values(self, form);
            let named = |(is_start, scope): (bool, Scope)| {
                let names = values
                    .iter()
                    .filter_map(|value| Some((names.get(value.hole.id)?.clone(), value.text.clone())));
                let names = names.collect();
                (is_start, Scope { names, ..scope })
            };
            found.extend(scope.filter(|(_, scope)| self.in_tree(scope.span)).map(named));
        }
        let whole = found.iter().any(|(is_start, _)| *is_start);
        found.retain(|(is_start, _)| *is_start == whole);
        let mut out: Vec<Scope> = found.into_iter().map(|(_, scope)| scope).collect();
        out.sort_by_key(|scope| scope.span.start);
        out.dedup_by_key(|scope| scope.span.start);
        out
    }

    /// The scope between two brackets.
    fn brackets(&self, open: usize, close: usize) -> Scope {
        Scope {
            span: Span::new(self.tokens[open].end, self.tokens[close].start),
            holder: Holder::Node(self.around(open, close + 1)),
            tokens: open + 1..close,
            at: None,
            names: vec![],
        }
    }

    /// What the code that was read opens: the body of the declaration, else the last brackets of the statement. Says as well whether the
    /// code begins that declaration.
    fn body_behind(&self, first: usize, last: usize) -> Option<(bool, Scope)> {
        let mut id = self.around(first, last);
        let mut inner = self.cut_by(id, first, last);
        while id != 0 && !self.is_container(id) {
            let is_start = self.nodes[id].first == first;
            let behind = |child: &Id| self.nodes[*child].first >= last;
            inner.push(id);
            if let Some(scope) = inner.drain(..).find_map(|id| self.body_of(id, last)) {
                return Some((is_start, scope));
            }
            if let Some((open, close)) = self.last_brackets(last, self.nodes[id].last) {
                return Some((is_start, self.brackets(open, close)));
            }
            let chain = (id..self.nodes[id].next).find(|at| behind(at) && self.nodes[*at].is_one(CHAINS));
            if let Some(chain) = chain {
                let node = &self.nodes[chain];
                let scope = Scope {
                    span: Span::new(node.start, self.end_of(chain)),
                    holder: Holder::Node(chain),
                    tokens: node.first..node.last,
                    at: None,
                    names: vec![],
                };
                return Some((is_start, scope));
            }
            id = self.nodes[id].parent;
        }
        None
    }

    /// The nodes in `id` that begin with or behind the token `first` and go on behind the code that ends before `last`, the innermost first.
    fn cut_by(&self, id: Id, first: usize, last: usize) -> Vec<Id> {
        let is_cut = |child: &Id| {
            let node = &self.nodes[*child];
            first <= node.first && node.first < last && last < node.last
        };
        let mut out: Vec<Id> =
            std::iter::successors(Some(id), |id| self.children(*id).find(is_cut)).collect();
        out.remove(0);
        out.reverse();
        out
    }

    /// The body that a node has behind the token `last`, or where its body goes if it is empty.
    fn body_of(&self, id: Id, last: usize) -> Option<Scope> {
        let behind = |child: &Id| self.nodes[*child].first >= last;
        let within = |from: Span, holder: Id, tokens: Range<usize>| Scope {
            span: from,
            holder: Holder::Node(holder),
            tokens,
            at: None,
            names: vec![],
        };
        let body = self
            .children(id)
            .filter(behind)
            .find(|child| self.nodes[*child].is_body || self.nodes[*child].is("block"));
        if let Some(body) = body {
            let node = &self.nodes[body];
            if self.has_brackets(body) && self.group_end(node.first + 1) == node.last - 1 {
                return Some(self.brackets(node.first, node.last - 1));
            }
            if self.is_block(body) {
                let span = Span::new(self.tokens[node.first].start, self.end_of(body));
                return Some(within(span, body, node.first..node.last));
            }
        }
        let end = self.end_word(id).filter(|end| *end >= last)?;
        let is_case = |child: &Id| self.nodes[*child].named && self.is_case(*child);
        let cases: Vec<Id> = self.children(id).filter(behind).filter(is_case).collect();
        if let (Some(first), Some(last)) = (cases.first(), cases.last()) {
            let span = Span::new(self.nodes[*first].start, self.end_of(*last));
            return Some(within(span, id, self.nodes[*first].first..self.nodes[*last].last));
        }
        // Nothing but parameters, a base or a value stands before the word then.
        let is_empty = |child: Id| !self.is_container(child) || self.nodes[child].first == end;
        let span = Span::new(self.tokens[end - 1].end, self.tokens[end].start);
        self.children(id)
            .all(is_empty)
            .then(|| within(span, id, end..end))
    }

    /// The token of the word that ends a node which no bracket closes.
    pub(super) fn end_word(&self, id: Id) -> Option<usize> {
        let word = self.syntax.notation()?.block_end?;
        let at = self.nodes[id].last.checked_sub(1)?;
        let closes = |child: Id| self.nodes[child].first == at && !self.nodes[child].named;
        (self.code(at) == Some(word) && self.children(id).any(closes)).then_some(at)
    }

    /// The last pair of brackets that is in no other, among some tokens.
    fn last_brackets(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let (mut depth, mut open, mut found) = (0_usize, from, None);
        for at in from..to {
            match self.code(at) {
                Some("(" | "[" | "{") => {
                    if depth == 0 {
                        open = at;
                    }
                    depth += 1;
                }
                Some(")" | "]" | "}") => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        found = Some((open, at));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// What stands below a line: the section of a heading, else the lines until one that is indented less.
    fn below_lines(&self, text: &str) -> Result<Vec<Scope>, NoScope> {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let wanted = words(text);
        if wanted.is_empty() {
            return Err(NoScope::NoText);
        }
        let mut out = Vec::new();
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let commented = || {
                let comment = self.comment_at(at);
                comment.is_some_and(|span| at + line.len() <= span.end + 2)
            };
            if words(line) == wanted && !commented() {
                let end = line_end(&self.text, at);
                let level = line.len() - line.trim_start_matches('#').len();
                let to = if self.syntax == Syntax::Markdown {
                    self.section_end(line_start(&self.text, at), if level > 0 { level } else { 6 })
                } else {
                    self.lines_below(at)
                };
                let to = to.max(end);
                out.push(Scope {
                    span: Span::new(end, to),
                    holder: Holder::Lines,
                    tokens: self.token_at(end)..self.token_at(to),
                    at: None,
                    names: vec![],
                });
            }
            at += line.len();
        }
        Ok(out)
    }

    /// Where the lines end that belong to the line at `at`.
    fn lines_below(&self, at: usize) -> usize {
        let head = line_indent(&self.text[at..]).len();
        let is_section = self.text[at..].trim_start().starts_with('[');
        let mut end = line_end(&self.text, at);
        let mut last = end;
        while end < self.text.len() {
            let begin = end + 1;
            end = line_end(&self.text, begin);
            let line = &self.text[begin..end];
            if line.trim().is_empty() {
                continue;
            }
            let less = line_indent(line).len() < head
                || (line_indent(line).len() == head && line.trim_start().starts_with("</"));
            if less || (is_section && line.trim_start().starts_with('[')) {
                break;
            }
            last = end - usize::from(line.ends_with('\r'));
        }
        last
    }
}

/// The elements of the last pair of brackets that is empty in the example, to be filled.
fn marked(form: &Form) -> Option<(usize, usize)> {
    let mut found = None;
    for (at, elem) in form.elems.iter().enumerate() {
        if *elem != Elem::Extra(Extra::Inside) || at == 0 {
            continue;
        }
        let Some(Elem::Word { pieces, glue, .. }) = form.elems.get(at + 1) else {
            continue;
        };
        let apart = matches!(&form.elems[at - 1], Elem::Word { glue, .. } if *glue != Glue::None);
        let is_call = pieces.as_slice() == [Piece::Text(")".to_owned())] && !apart;
        let of_type = match form.elems.get(at + 2) {
            Some(Elem::Word {
                pieces,
                glue: Glue::None,
                ..
            }) => matches!(&pieces[..], [Piece::Text(text)] if text.starts_with(is_word)),
            _ => false,
        };
        if (*glue != Glue::None || !is_call) && !(of_type && *glue == Glue::None) {
            found = Some((at - 1, at + 1));
        }
    }
    found
}

/// The same where something is added before the brackets to be filled: `APPS = OTHERS + []` for `APPS = []`.
fn of_a_sum(form: &Form) -> Option<Form> {
    let (open, _) = marked(form)?;
    let sign = |text: &str| Elem::Word {
        pieces: vec![Piece::Text(text.to_owned())],
        place: Place::Code,
        glue: Glue::Space,
    };
    let is_assigned = matches!(form.elems.get(open.checked_sub(1)?)?,
        Elem::Word { pieces, place: Place::Code, .. } if pieces.as_slice() == [Piece::Text("=".to_owned())]);
    let mut form = form.clone();
    form.elems.splice(open..open, [Elem::Gap, sign("+")]);
    is_assigned.then_some(form)
}

/// The same with parentheses for the brackets to be filled.
fn in_parentheses(form: &Form) -> Option<Form> {
    let (open, close) = marked(form)?;
    let mut form = form.clone();
    for (at, from, to) in [(open, "[", "("), (close, "]", ")")] {
        let Some(Elem::Word {
            pieces,
            place: Place::Code,
            glue,
        }) = form.elems.get_mut(at)
        else {
            return None;
        };
        // These parentheses are no call's.
        *glue = Glue::Space;
        if pieces.as_slice() != [Piece::Text(from.to_owned())] {
            return None;
        }
        *pieces = vec![Piece::Text(to.to_owned())];
    }
    Some(form)
}
