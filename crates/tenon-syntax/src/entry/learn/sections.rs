//! Proposes sections of Markdown: what stands below a heading that names a member.

use std::collections::{BTreeMap, BTreeSet};

use tenon_text::diag::Span;
use tenon_text::format::line_end;

use super::super::document::Syntax;
use super::super::extent::parts_table;
use super::elements::Shared;
use super::names::Named;
use super::proposal::{Proposal, masked, own};
use super::spelling::{TemplateText, spelled};

/// The share of the sections that must have a line, in percent.
const USUAL: usize = 50;

/// A section, and the lines in it.
struct Section {
    member: usize,
    span: Span,
    heading: String,
    lines: Vec<Span>,
}

/// Examples for sections of at least `least` members: the heading, and the lines that most of them have.
pub(super) fn propose(shared: &mut Shared<'_>, names: &[String], least: usize) -> Vec<Proposal> {
    if shared.doc.syntax != Syntax::Markdown {
        return vec![];
    }
    let sections = sections(shared);
    let mut by_heading: BTreeMap<&str, Vec<&Section>> = BTreeMap::new();
    for section in &sections {
        by_heading.entry(&section.heading).or_default().push(section);
    }
    let mut out = Vec::new();
    for alike in by_heading.values() {
        let members: BTreeSet<usize> = alike.iter().map(|section| section.member).collect();
        if members.len() >= least {
            out.extend(of_sections(shared, alike, names));
        }
    }
    out
}

fn sections(shared: &Shared<'_>) -> Vec<Section> {
    let doc = shared.doc;
    let mut out = Vec::new();
    let mut at = 0;
    for line in doc.text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let level = line.len() - line.trim_start_matches('#').len();
        let is_comment = doc
            .comments
            .iter()
            .any(|span| span.start <= begin && begin < span.end);
        if level == 0 || is_comment {
            continue;
        }
        let head = Span::new(begin, line_end(&doc.text, begin));
        let members: BTreeSet<usize> = shared.named_in(head).iter().map(|it| it.member).collect();
        let end = doc.section_end(begin, level);
        for member in members {
            let named = own(shared.named_in(head), member);
            let mut lines = Vec::new();
            let mut from = head.end;
            for line in doc.text[head.end..end].split_inclusive('\n') {
                lines.push(Span::new(from, from + line.trim_end().len()));
                from += line.len();
            }
            out.push(Section {
                member,
                span: Span::new(begin, end),
                heading: masked(&doc.text, head, &named),
                lines,
            });
        }
    }
    out
}

fn of_sections(shared: &Shared<'_>, alike: &[&Section], names: &[String]) -> Option<Proposal> {
    let text = &shared.doc.text;
    let shape = |section: &Section, line: Span| -> String {
        let shape = masked(text, line, &own(shared.named_in(line), section.member));
        // Below the head of a table: how wide the columns are does not matter.
        if parts_table(&shape) {
            "|-|".to_owned()
        } else {
            shape
        }
    };
    let total = alike
        .iter()
        .map(|section| section.member)
        .collect::<BTreeSet<_>>()
        .len();
    // In how many sections a line stands, with the places of the names in it.
    let mut counts: BTreeMap<String, Vec<(usize, Vec<Named>)>> = BTreeMap::new();
    for section in alike {
        let mut seen = BTreeSet::new();
        for line in &section.lines {
            let shape = shape(section, *line);
            if !shape.is_empty() && seen.insert(shape.clone()) {
                let named = own(shared.named_in(*line), section.member);
                counts.entry(shape).or_default().push((section.member, named));
            }
        }
    }
    let is_usual = |shape: &str| {
        counts
            .get(shape)
            .is_some_and(|places| places.len() * 100 >= total * USUAL)
    };
    // The section that shows most of the usual lines, and least beside them.
    let score = |section: &Section| {
        let usual = section
            .lines
            .iter()
            .filter(|line| is_usual(&shape(section, **line)));
        (usual.count(), std::cmp::Reverse(section.lines.len()))
    };
    let example = alike.iter().max_by_key(|section| score(section))?;
    let expressions = |line: Span, places: &[(usize, Vec<Named>)]| -> String {
        let named = own(shared.named_in(line), example.member);
        let spellings = named.iter().enumerate().map(|(number, it)| {
            let texts = places.iter().filter_map(|(member, named)| {
                Some((names[*member].as_str(), &text[named.get(number)?.span.range()]))
            });
            (it.span, spelled(texts))
        });
        let mut out = TemplateText::default();
        out.piece(text, line, spellings);
        out.finish()
    };
    let mut body = String::new();
    let mut written = BTreeSet::new();
    let mut blank = false;
    let mut is_whole = true;
    let mut weight = 0;
    for line in &example.lines {
        let shape = shape(example, *line);
        if shape.is_empty() {
            blank = true;
            continue;
        }
        let is_mark = shape.starts_with("```") || shape.starts_with('|');
        if !is_usual(&shape) || (!is_mark && !written.insert(shape.clone())) {
            is_whole = false;
            continue;
        }
        // What stands between the heading and the first line tells nothing if lines were left out there.
        if blank && (is_whole || !body.is_empty()) {
            body.push('\n');
        }
        blank = false;
        weight += 1;
        body.push_str(&expressions(*line, &counts[&shape]));
        body.push('\n');
    }
    if body.matches("```").count() % 2 == 1 {
        body.push_str("```\n");
    }
    let head = Span::new(example.span.start, line_end(text, example.span.start));
    let heads: Vec<(usize, Vec<Named>)> = alike
        .iter()
        .map(|section| {
            let head = Span::new(section.span.start, line_end(text, section.span.start));
            (section.member, own(shared.named_in(head), section.member))
        })
        .collect();
    let mut template = expressions(head, &heads);
    if weight > 0 {
        template = format!("{template}\n{{{{#_}}}}\n{body}{{{{/_}}}}");
    }
    Some(Proposal {
        template,
        entries: alike
            .iter()
            .map(|section| (section.member, section.span))
            .collect(),
        weight: weight * 8 + 4,
    })
}
