//! Proposes examples for the entries of a file.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use tenon_text::diag::Span;
use tenon_text::format::line_start;

use super::super::document::{Document, Syntax};
use super::super::tokens::{Glue, Place};
use super::common::{Common, Sequence, align, common};
use super::elements::{Element, Group, Shape, Shared};
use super::names::{NameIndex, Named};
use super::proposal::{Proposal, masked, own};
use super::sections;
use super::spelling::{TemplateText, spelled};

/// Examples for the entries of at least `least` members in `doc`; `names` are those of the members, as `index` numbers them. Those with the
/// most members come first, and none stands inside of another one.
pub fn propose(doc: &Document, names: &[String], index: &NameIndex, least: usize) -> Vec<Proposal> {
    let named = index.find(&doc.text);
    let mut shared = Shared::new(doc, &named);
    let mut out = Vec::new();
    for group in shared.groups(least) {
        out.extend(of_group(&mut shared, &group, names, least));
    }
    out.extend(sections::propose(&mut shared, names, least));
    best(out)
}

/// Of proposals that speak of the same places the one that has more members, or says more.
fn best(mut all: Vec<Proposal>) -> Vec<Proposal> {
    all.sort_by_key(|proposal| {
        (
            std::cmp::Reverse(proposal.members().len()),
            std::cmp::Reverse(proposal.weight),
            proposal.entries.first().map(|(_, span)| span.start),
        )
    });
    let mut out: Vec<Proposal> = Vec::new();
    for proposal in all {
        let inside = |outer: &Proposal, inner: &Proposal| {
            let held = inner.entries.iter().filter(|(_, span)| {
                let holds = |(_, whole): &(usize, Span)| whole.start <= span.start && span.end <= whole.end;
                outer.entries.iter().any(holds)
            });
            held.count() * 5 >= inner.entries.len() * 4
        };
        if out.iter().any(|other| inside(other, &proposal)) {
            continue;
        }
        // What holds nearly as many of the same places and says more is better.
        out.retain(|other| {
            !(inside(&proposal, other) && proposal.members().len() * 100 >= other.members().len() * 85)
        });
        out.push(proposal);
    }
    out
}

fn of_group(shared: &mut Shared<'_>, group: &Group, names: &[String], least: usize) -> Vec<Proposal> {
    let shapes: Vec<Shape> = group
        .elements
        .iter()
        .map(|element| shared.shape(element))
        .collect();
    // Elements that may read alike: of one kind, with the same symbol for the first name, or the last, and the same beside it.
    let mut clusters: BTreeMap<(bool, &str, Vec<u32>), Vec<usize>> = BTreeMap::new();
    for (number, (element, shape)) in group.elements.iter().zip(&shapes).enumerate() {
        let has_name = |names: &Vec<Span>| !names.is_empty();
        let (Some(first), Some(last)) = (
            shape.names.iter().position(has_name),
            shape.names.iter().rposition(has_name),
        ) else {
            continue;
        };
        let symbols = &shape.symbols;
        let head = symbols[first.saturating_sub(1)..=first].to_vec();
        let tail = symbols[last..(last + 2).min(symbols.len())].to_vec();
        for (is_tail, key) in [(false, head), (true, tail)] {
            clusters
                .entry((is_tail, &element.kind, key))
                .or_default()
                .push(number);
        }
    }
    let mut out: Vec<Proposal> = Vec::new();
    for numbers in clusters.into_values() {
        let members: BTreeSet<usize> = numbers
            .iter()
            .map(|number| group.elements[*number].member)
            .collect();
        if members.len() < least {
            continue;
        }
        let cluster = Cluster {
            elements: numbers.iter().map(|number| &group.elements[*number]).collect(),
            shapes: numbers.iter().map(|number| &shapes[*number]).collect(),
        };
        let Some(proposal) = cluster.propose(shared, names) else {
            continue;
        };
        // What leaves something open has to be usual to mean anything.
        let is_open = proposal.template.contains("{{_}}") || proposal.template.contains("{{#_}}");
        let enough = if is_open {
            least.max(names.len().div_ceil(3))
        } else {
            least
        };
        let is_known = out.iter().any(|other| other.template == proposal.template);
        if proposal.members().len() >= enough && !is_known {
            out.push(proposal);
        }
    }
    out
}

/// Elements that may read alike.
struct Cluster<'g> {
    elements: Vec<&'g Element>,
    shapes: Vec<&'g Shape>,
}

impl Cluster<'_> {
    fn propose(&self, shared: &Shared<'_>, names: &[String]) -> Option<Proposal> {
        let sequences: Vec<Sequence> = self
            .elements
            .iter()
            .zip(&self.shapes)
            .map(|(element, shape)| Sequence {
                symbols: shape.symbols.clone(),
                member: element.member,
            })
            .collect();
        let mut found = common(&sequences, &|number| shared.pairs(self.shapes[number]))?;
        let shape = self.shapes[found.example];
        drop_words(shared, shape, &mut found);
        if shared.doc.syntax.has_tree() {
            drop_fragments(shared, shape, &mut found.kept);
        }
        let kept: Vec<usize> = (0..found.kept.len()).filter(|at| found.kept[*at]).collect();
        if kept.is_empty() || kept.iter().all(|at| shape.names[*at].is_empty()) {
            return None;
        }
        let is_text = !shared.doc.syntax.has_tree();
        let is_on_one_line = |element: &Element| {
            (element.tokens.start + 1..element.tokens.end).all(|at| shared.doc.tokens[at].glue != Glue::Line)
        };
        // A gap of a text does not go over lines.
        let is_whole = found.kept.iter().all(|kept| *kept) && !found.more.contains(&true);
        if is_text && !is_whole && !is_on_one_line(self.elements[found.example]) {
            return None;
        }
        let template = tidy(&self.template(shared, &found, &kept, names))?;
        let comment = self.comment(shared, &found, names).unwrap_or_default();
        let entries = found.having.iter().map(|number| {
            let tokens = &self.elements[*number].tokens;
            let span = Span::new(
                shared.doc.tokens[tokens.start].start,
                shared.doc.tokens[tokens.end - 1].end,
            );
            (self.elements[*number].member, span)
        });
        Some(Proposal {
            template: comment + &template,
            entries: entries.collect(),
            weight: kept.len(),
        })
    }

    /// The text of the example, with holes.
    fn template(&self, shared: &Shared<'_>, found: &Common, kept: &[usize], names: &[String]) -> String {
        let doc = shared.doc;
        let shape = self.shapes[found.example];
        let start = |at: usize| doc.tokens[shape.tokens[at].start].start;
        let end = |at: usize| doc.tokens[shape.tokens[at].end - 1].end;
        let is_text = !doc.syntax.has_tree();
        let mut out = TemplateText::default();
        if is_text && (kept[0] > 0 || found.more[0]) {
            out.expression("{{_}}");
        }
        for (number, at) in kept.iter().enumerate() {
            match number.checked_sub(1).map(|before| kept[before]) {
                Some(before) if before + 1 < *at => self.gap(shared, found, (before, *at), (names, &mut out)),
                Some(before) => {
                    out.plain(&doc.text[end(before)..start(*at)]);
                    if is_text && found.more[number] {
                        out.expression("{{_}}");
                    }
                }
                None => {}
            }
            self.symbol(shared, found, *at, names, &mut out);
        }
        let last = kept[kept.len() - 1];
        if doc.syntax == Syntax::Yaml {
            // The quote that closes what was opened is no token.
            let raw = &doc.text[start(kept[0])..end(last)];
            let quote = doc.text[end(last)..]
                .chars()
                .next()
                .filter(|c| matches!(c, '"' | '\''));
            if let Some(quote) = quote.filter(|quote| raw.matches(*quote).count() % 2 == 1) {
                out.plain(quote.encode_utf8(&mut [0; 4]));
            }
        }
        if is_text && (last + 1 < shape.symbols.len() || found.more[kept.len()]) {
            out.expression("{{_}}");
        }
        dedented(&out.finish(), doc, start(kept[0]))
    }

    /// What stands for the dropped symbols between two that are kept.
    fn gap(
        &self,
        shared: &Shared<'_>,
        found: &Common,
        (before, next): (usize, usize),
        (names, out): (&[String], &mut TemplateText),
    ) {
        let doc = shared.doc;
        let shape = self.shapes[found.example];
        let start = |at: usize| doc.tokens[shape.tokens[at].start].start;
        let end = |at: usize| doc.tokens[shape.tokens[at].end - 1].end;
        let code = |at: usize| doc.code(shape.tokens[at].start).unwrap_or_default();
        let place = |at: usize| doc.tokens[shape.tokens[at].start];
        let space_before = &doc.text[end(before)..start(before + 1)];
        let space_behind = &doc.text[end(next - 1)..start(next)];
        let opens = matches!(code(before), "(" | "[" | "{");
        let closes = matches!(code(next), ")" | "]" | "}");
        let is_tree = doc.syntax.has_tree();
        let on_lines = place(before + 1).glue == Glue::Line && place(next).glue == Glue::Line;
        // What an entry may have beside the example needs no gap.
        if is_tree && opens && closes {
        } else if is_tree && (opens || code(before) == ",") && (closes || code(next - 1) == ",") {
            out.plain(if closes {
                space_behind.trim_start_matches(',')
            } else {
                space_before
            });
        } else if is_tree && on_lines {
            out.expression(LINES);
            out.plain(space_behind);
        } else {
            let is_value = is_tree && place(before + 1).place != Place::InString;
            let example = is_value.then(|| {
                let span = Span::new(start(before + 1), end(next - 1));
                vec![(self.elements[found.example].member, span)]
            });
            out.plain(space_before);
            match self.usual(shared, found, (before, next)).or(example) {
                Some(places) => {
                    out.expression("{{#_}}");
                    named_piece(shared, &places, names, out);
                    out.expression("{{/_}}");
                }
                None => out.expression("{{_}}"),
            }
            out.plain(space_behind);
        }
    }

    /// What stands between two kept symbols in more than a few entries, names aside: the members, and where it does.
    fn usual(
        &self,
        shared: &Shared<'_>,
        found: &Common,
        (before, next): (usize, usize),
    ) -> Option<Vec<(usize, Span)>> {
        let doc = shared.doc;
        let shape = self.shapes[found.example];
        let mut texts: BTreeMap<String, Vec<(usize, Span)>> = BTreeMap::new();
        for number in &found.having {
            let (other, member) = (self.shapes[*number], self.elements[*number].member);
            let places = align(&shape.symbols, &other.symbols);
            let (Some(before), Some(next)) = (places[before], places[next]) else {
                continue;
            };
            if before + 1 >= next {
                continue;
            }
            let from = doc.tokens[other.tokens[before + 1].start].start;
            let span = Span::new(from, doc.tokens[other.tokens[next - 1].end - 1].end);
            if span.end - span.start > MAX_USUAL || doc.text[span.range()].contains('\n') {
                continue;
            }
            let text = masked(&doc.text, span, &own(shared.named_in(span), member));
            texts.entry(text).or_default().push((member, span));
        }
        let mut texts = texts.into_iter();
        let first = texts.next()?;
        let (_, usual) = texts.fold(first, |best, other| {
            let is_more = (other.1.len(), best.0.len()) > (best.1.len(), other.0.len());
            if is_more { other } else { best }
        });
        (usual.len() > 1 && usual.len() * 10 >= found.having.len()).then_some(usual)
    }

    /// Adds a symbol of the example.
    fn symbol(
        &self,
        shared: &Shared<'_>,
        found: &Common,
        at: usize,
        names: &[String],
        out: &mut TemplateText,
    ) {
        let shape = self.shapes[found.example];
        let text = &shared.doc.text;
        let tokens = &shape.tokens[at];
        let (first, last) = (shared.doc.tokens[tokens.start], shared.doc.tokens[tokens.end - 1]);
        let spellings = shape.names[at].iter().enumerate().map(|(number, span)| {
            let texts = found.having.iter().filter_map(|having| {
                let other = self.shapes[*having];
                let place = if other.symbols == shape.symbols {
                    at
                } else {
                    align(&shape.symbols, &other.symbols)[at]?
                };
                let span = other.names[place].get(number)?;
                Some((names[self.elements[*having].member].as_str(), &text[span.range()]))
            });
            (*span, spelled(texts))
        });
        out.piece(text, Span::new(first.start, last.end), spellings);
    }

    /// The comment that most entries have above them, with its line end.
    fn comment(&self, shared: &Shared<'_>, found: &Common, names: &[String]) -> Option<String> {
        let doc = shared.doc;
        if !doc.syntax.has_tree() {
            return None;
        }
        let mut shapes: BTreeMap<String, Vec<(usize, Span)>> = BTreeMap::new();
        let mut all = BTreeSet::new();
        for number in &found.having {
            let element = self.elements[*number];
            all.insert(element.member);
            let Some(span) = comment_above(doc, doc.tokens[element.tokens.start].start) else {
                continue;
            };
            let named: Vec<Named> = own(shared.named_in(span), element.member);
            let shape = masked(&doc.text, span, &named);
            shapes.entry(shape).or_default().push((element.member, span));
        }
        let (_, usual) = shapes.into_iter().max_by_key(|(_, places)| places.len())?;
        if usual.len() * 5 < all.len() * 2 {
            return None;
        }
        let mut out = TemplateText::default();
        named_piece(shared, &usual, names, &mut out);
        let span = usual[0].1;
        Some(format!("{}\n", dedented(&out.finish(), doc, span.start)))
    }
}

/// Adds the text at the first of `places`, each with its member, with holes for the names in it, spelt as they are in all of them.
fn named_piece(shared: &Shared<'_>, places: &[(usize, Span)], names: &[String], out: &mut TemplateText) {
    let Some((member, span)) = places.first() else {
        return;
    };
    let text = &shared.doc.text;
    let first = own(shared.named_in(*span), *member);
    let spellings = first.iter().enumerate().map(|(number, it)| {
        let texts = places.iter().filter_map(|(member, span)| {
            let named = own(shared.named_in(*span), *member);
            let it = named.get(number)?;
            Some((names[*member].as_str(), &text[it.span.range()]))
        });
        (it.span, spelled(texts))
    });
    out.piece(text, *span, spellings);
}

/// The longest text of a gap that is taken as its example, in bytes.
const MAX_USUAL: usize = 60;

/// Stands in a template for a gap of whole lines until it is done.
const LINES: &str = "\u{e001}";

/// The template without gaps beside a title, which is free, and without half words; nothing if the name of the member stands in a word of
/// which not all is known.
fn tidy(template: &str) -> Option<String> {
    let beside = Regex::new(
        r"(?:\{\{_\}\} ?)+\{\{(?:pascal|title) name\}\}|\{\{(?:pascal|title) name\}\}(?: ?\{\{_\}\})+",
    )
    .ok()?;
    let mut text = template.to_owned();
    while let Some(found) = beside.find(&text) {
        text.replace_range(found.range(), "{{title name}}");
    }
    let word = Regex::new(r#"(?:\{\{[^}]*\}\}|[^\s"'`|<>()\[\]{},\u{e001}])+"#).ok()?;
    let mut out = String::new();
    let mut done = 0;
    for found in word.find_iter(&text) {
        let said = found.as_str();
        out.push_str(&text[done..found.start()]);
        done = found.end();
        if !said.contains("{{_}}") || said == "{{_}}" {
            out.push_str(said);
        } else if said.contains(" name}}") || said.contains("{{name}}") {
            return None;
        } else {
            out.push_str("{{_}}");
        }
    }
    out.push_str(&text[done..]);
    // At the beginning of a line anything would do.
    let begins_with_gap = out.trim_start().starts_with("{{_}}");
    (!begins_with_gap).then(|| out.replace(LINES, "{{_}}"))
}

/// Drops the rest of a word of which a part is dropped, where it does not name the member: a version, an address.
fn drop_words(shared: &Shared<'_>, shape: &Shape, found: &mut Common) {
    let token = |at: usize| shared.doc.tokens[shape.tokens[at].start];
    let parts = |at: usize| {
        token(at).place == Place::Quote
            || matches!(
                shared.doc.token(shape.tokens[at].start),
                "(" | ")" | "[" | "]" | "{" | "}" | "<" | ">" | "|" | "`" | ","
            )
    };
    let is_text = |at: usize| {
        !shared.doc.syntax.has_tree()
            || token(at).place == Place::InString
            || shared.doc.syntax == Syntax::Yaml
    };
    let before: Vec<usize> = (0..found.kept.len()).filter(|at| found.kept[*at]).collect();
    let mut at = 0;
    while at < shape.tokens.len() {
        let mut end = at + 1;
        if parts(at) || !is_text(at) {
            at = end;
            continue;
        }
        while end < shape.tokens.len() && token(end).glue == Glue::None && !parts(end) {
            end += 1;
        }
        let is_half = (at..end).any(|at| !found.kept[at]);
        if is_half && (at..end).all(|at| shape.names[at].is_empty()) {
            found.kept[at..end].fill(false);
        }
        at = end;
    }
    // `more` speaks of kept symbols.
    let more = before
        .iter()
        .zip(&found.more)
        .filter(|(at, _)| found.kept[**at])
        .map(|(_, more)| *more);
    found.more = more.chain(found.more.last().copied()).collect();
}

/// Drops what is left of an element between brackets that is not common as a whole: `{ Url: "x" }` and `{ Port: "1" }` share only signs.
/// What names the member stays.
fn drop_fragments(shared: &Shared<'_>, shape: &Shape, kept: &mut [bool]) {
    let mut open: Vec<(usize, bool)> = Vec::new();
    // The elements between brackets: each from its first symbol to its last.
    let mut elements: Vec<(usize, usize)> = Vec::new();
    let mut start = vec![0];
    // Outside of brackets: the lines.
    let mut line = 0;
    for (at, tokens) in shape.tokens.iter().enumerate() {
        let first = tokens.start;
        if open.is_empty() && at > 0 && shared.doc.tokens[first].glue == Glue::Line {
            elements.push((line, at));
            line = at;
        }
        if shared.doc.tokens[first].place != Place::Code {
            continue;
        }
        match shared.doc.token(first) {
            "(" | "[" | "{" => {
                open.push((at, true));
                start.push(at + 1);
            }
            ")" | "]" | "}" if open.pop().is_some() => {
                let begin = start.pop().unwrap_or(at);
                elements.push((begin, at));
            }
            "," if !open.is_empty() => {
                if let Some(begin) = start.last_mut() {
                    elements.push((*begin, at));
                    *begin = at + 1;
                }
            }
            _ => {}
        }
    }
    elements.push((line, shape.tokens.len()));
    // Inner ones first, so that an outer one sees what is left.
    elements.sort_by_key(|(begin, end)| end - begin);
    for (begin, end) in elements {
        let is_whole =
            |at: usize| kept[at] || shared.doc.tokens[shape.tokens[at].start].place == Place::InString;
        let is_named = (begin..end).any(|at| kept[at] && !shape.names[at].is_empty());
        let depth = |at: usize| {
            (begin..at).filter(|at| is_open(shared, shape, *at)).count()
                == (begin..=at).filter(|at| is_close(shared, shape, *at)).count()
        };
        // What stands in brackets of its own was looked at before.
        let is_common = (begin..end).all(|at| is_whole(at) || !depth(at));
        if !is_named && !is_common {
            kept[begin..end].fill(false);
        }
    }
}

fn is_open(shared: &Shared<'_>, shape: &Shape, at: usize) -> bool {
    matches!(shared.doc.code(shape.tokens[at].start), Some("(" | "[" | "{"))
}

fn is_close(shared: &Shared<'_>, shape: &Shape, at: usize) -> bool {
    matches!(shared.doc.code(shape.tokens[at].start), Some(")" | "]" | "}"))
}

/// The comments on lines of their own directly above what begins at `at`.
fn comment_above(doc: &Document, at: usize) -> Option<Span> {
    let begin = line_start(&doc.text, at);
    if !doc.text[begin..at].trim().is_empty() {
        return None;
    }
    let mut out: Option<Span> = None;
    let mut top = begin;
    for comment in doc
        .comments
        .iter()
        .rev()
        .skip_while(|comment| comment.start >= begin)
    {
        let end = comment.start + doc.text[comment.range()].trim_end().len();
        let line = line_start(&doc.text, comment.start);
        let is_apart = doc
            .text
            .get(end..top)
            .is_none_or(|gap| gap.trim() != "" || gap.matches('\n').count() > 1);
        if is_apart || !doc.text[line..comment.start].trim().is_empty() {
            break;
        }
        out = Some(Span::new(comment.start, out.map_or(end, |span| span.end)));
        top = line;
    }
    out
}

/// `text`, which begins at `at` in `doc`, with the lines behind the first moved left by the indentation of that place.
pub(super) fn dedented(text: &str, doc: &Document, at: usize) -> String {
    let line = line_start(&doc.text, at);
    let indent: String = doc.text[line..at]
        .chars()
        .take_while(|c| *c == ' ' || *c == '\t')
        .collect();
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().trim_end_matches('\r').to_owned();
    for line in lines {
        out.push('\n');
        let line = line.trim_end_matches('\r');
        out.push_str(line.strip_prefix(indent.as_str()).unwrap_or(line.trim_start()));
    }
    out
}
