//! Markdown and plain text by lines: headings and what stands below them, blocks of code between fences, and where lines stand.
//!
//! Lines are compared by their words: space within them, empty lines and line ends do not count. In: a text without byte-order mark. Out:
//! lines, by number, and spans in bytes. The time is that of one look at each line.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::diag::Span;
use crate::format::line_indent;

/// What stands for anything in a line that is looked for.
pub const ANYTHING: char = '\u{1}';

/// A text, cut into lines; empty ones are left out.
pub struct Sections {
    text: Arc<str>,
    lines: Vec<Line>,
    /// The lines by their words, in their order.
    by_words: BTreeMap<String, Vec<usize>>,
    code: Vec<CodeBlock>,
    /// The blocks of code by what they say, in their order.
    by_code: HashMap<String, Vec<usize>>,
    is_markdown: bool,
}

struct Line {
    span: Span,
    /// The level of a heading; of other lines 0.
    level: usize,
    /// Whether it is in a block of code.
    in_code: bool,
    /// Whether it is in a comment that began before it.
    in_comment: bool,
    /// Whether what stands behind it is code, or commented out.
    leaves_open: bool,
    /// The first line that is not below it.
    end: usize,
}

/// A block of code between fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The lines, the fences among them.
    pub lines: Range<usize>,
    /// The line that opens it.
    pub open: Span,
    /// What stands between the fences, the last line end among it.
    pub inner: Span,
    /// The language; empty if the fence names none.
    pub language: String,
    /// The blanks before the fence.
    pub indent: String,
}

/// The words of a line, with one blank between them.
pub fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The level of the heading that `line` is in Markdown; 0 if it is none.
pub fn heading_level(line: &str) -> usize {
    let level = line.len() - line.trim_start_matches('#').len();
    let is_heading = (1..=6).contains(&level) && line[level..].starts_with([' ', '\t']);
    if is_heading { level } else { 0 }
}

/// The mark of a fence that `line` opens or closes, and how long it is.
fn fence(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = line.len() - line.trim_start_matches(mark).len();
    (count >= 3).then_some((mark, count))
}

impl Sections {
    /// Cuts `text`; headings, blocks of code and comments are known in Markdown only.
    pub fn of(text: Arc<str>, is_markdown: bool) -> Self {
        let mut out = Self {
            lines: vec![],
            by_words: BTreeMap::new(),
            code: vec![],
            by_code: HashMap::new(),
            is_markdown,
            text: Arc::clone(&text),
        };
        let mut open: Option<(CodeBlock, char, usize)> = None;
        let mut in_comment = false;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let next = start + line.len();
            let bare = line.trim_end();
            let span = Span::new(start, start + bare.len());
            let (begin, trimmed) = (start, bare.trim_start());
            start = next;
            let (mut in_code, was_in_comment) = (open.is_some(), in_comment);
            let mark = fence(trimmed).filter(|_| is_markdown && !in_comment);
            match (&mut open, mark) {
                (Some((block, mark, count)), Some((other, length)))
                    if *mark == other && length >= *count && trimmed.trim_matches(other).is_empty() =>
                {
                    block.inner.end = begin;
                    block.lines.end = out.lines.len() + 1;
                    out.code.extend(open.take().map(|(block, ..)| block));
                    in_code = false;
                }
                (None, Some((mark, count))) => {
                    let info = trimmed.trim_start_matches(mark).trim();
                    let language = info
                        .trim_matches(['{', '}', '.'])
                        .split([' ', ',', '{', '}'])
                        .next();
                    let block = CodeBlock {
                        lines: out.lines.len()..out.lines.len() + 1,
                        open: Span::new(span.start + (bare.len() - trimmed.len()), span.end),
                        inner: Span::new(next, next),
                        language: language.unwrap_or_default().to_owned(),
                        indent: line_indent(bare).to_owned(),
                    };
                    open = Some((block, mark, count));
                }
                _ => {}
            }
            if is_markdown && open.is_none() {
                in_comment = ends_in_comment(trimmed, in_comment);
            }
            if trimmed.is_empty() {
                continue;
            }
            let level = if is_markdown && !in_code && !was_in_comment {
                heading_level(trimmed)
            } else {
                0
            };
            out.by_words
                .entry(words(trimmed))
                .or_default()
                .push(out.lines.len());
            out.lines.push(Line {
                span,
                level,
                in_code,
                in_comment: was_in_comment,
                leaves_open: open.is_some() || in_comment,
                end: 0,
            });
        }
        // A fence that nothing closes goes to the end.
        if let Some((mut block, ..)) = open {
            block.inner.end = text.len().max(block.inner.start);
            block.lines.end = out.lines.len();
            out.code.push(block);
        }
        for (at, block) in out.code.iter().enumerate() {
            let inner = &text[block.inner.start..block.inner.end];
            let said = inner
                .lines()
                .map(|line| line.strip_prefix(&*block.indent).unwrap_or(line));
            let said = said.collect::<Vec<_>>().join("\n");
            out.by_code
                .entry(said.trim_end().to_owned())
                .or_default()
                .push(at);
        }
        out.end_sections();
        out
    }

    /// Finds how many lines are below each: the section of a heading; in Markdown what stands before the next one, else what is indented as
    /// far.
    fn end_sections(&mut self) {
        let is_markdown = self.is_markdown;
        let count = self.lines.len();
        let depth = |line: &Line, text: &str| match (is_markdown, line.level) {
            (true, 0) => usize::MAX,
            (true, level) => level,
            (false, _) => {
                line_indent(&text[text[..line.span.start].rfind('\n').map_or(0, |at| at + 1)..line.span.end])
                    .len()
            }
        };
        // The lines above whose end is not known yet, the deepest last.
        let mut open: Vec<(usize, usize)> = vec![];
        for at in 0..=count {
            let own = self.lines.get(at).map(|line| depth(line, &self.text));
            let ends = |(_, above): &mut (usize, usize)| match own {
                None => true,
                // Lines that are no headings stand beside each other.
                Some(own) if is_markdown => own <= *above && own != usize::MAX,
                Some(own) => own < *above,
            };
            while let Some((above, _)) = open.pop_if(ends) {
                self.lines[above].end = at;
            }
            open.extend(own.map(|own| (at, own)));
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is Markdown.
    pub fn is_markdown(&self) -> bool {
        self.is_markdown
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// Where a line stands; behind the last one at the end of the text.
    pub fn span(&self, line: usize) -> Span {
        let end = self.text.len();
        self.lines.get(line).map_or(Span::new(end, end), |line| line.span)
    }

    /// The level of the heading that a line is; 0 if it is none.
    pub fn level(&self, line: usize) -> usize {
        self.lines.get(line).map_or(0, |line| line.level)
    }

    /// The lines below a line, as [`Sections::below`] has them.
    pub fn section(&self, line: usize) -> Range<usize> {
        line + 1..self.lines.get(line).map_or(line + 1, |line| line.end)
    }

    /// Whether what is written behind a line is code, or commented out.
    pub fn leaves_open(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| line.leaves_open)
    }

    /// The blocks of code that begin among these lines.
    pub fn code(&self, within: &Range<usize>) -> &[CodeBlock] {
        let until = |line: usize| self.code.partition_point(|block| block.lines.start < line);
        &self.code[until(within.start)..until(within.end).max(until(within.start))]
    }

    /// The blocks of code that say `text`, whose lines end with nothing but `\n`; space at its end does not count.
    pub fn code_saying(&self, text: &str) -> impl Iterator<Item = &CodeBlock> {
        let found = self.by_code.get(text.trim_end()).into_iter().flatten();
        found.map(|at| &self.code[*at])
    }

    /// The places that `heading` names, each with the lines below it: the section of a heading; below another line what stands before the
    /// next heading, or what is indented as far.
    pub fn below(&self, heading: &str) -> Vec<(usize, Range<usize>)> {
        let found = self.by_words.get(&words(heading)).map_or(&[][..], Vec::as_slice);
        let is_there = |at: &&usize| !self.lines[**at].in_code && !self.lines[**at].in_comment;
        let found = found.iter().filter(is_there);
        found.map(|at| (*at, *at + 1..self.lines[*at].end)).collect()
    }

    /// Where `wanted` stands first, line by line, among these lines. [`ANYTHING`] stands for any text within a line. A heading is no line
    /// of code, and what is commented out is not there.
    pub fn find(&self, wanted: &[String], within: Range<usize>) -> Option<Range<usize>> {
        let first = wanted.first()?;
        let count = wanted.len();
        let last = (within.end.min(self.lines.len()) + 1).checked_sub(count)?;
        let (is_heading, is_comment) = (heading_level(first) > 0, first.contains("<!--"));
        let fits = |start: usize| {
            let line = &self.lines[start];
            let is_free = !(is_heading && line.in_code) && (is_comment || !line.in_comment);
            is_free
                && wanted
                    .iter()
                    .enumerate()
                    .all(|(at, line)| self.says(start + at, line))
        };
        // What is looked for by the line of which there are the fewest.
        let known = wanted.iter().enumerate();
        let (at, found) = known
            .map(|(at, line)| (at, self.beginning(line)))
            .min_by_key(|(_, found)| found.len())?;
        let first = found.partition_point(|line| *line < within.start + at);
        let mut starts = found[first..].iter().map(|line| line - at);
        let start = starts.find(|start| *start >= last || fits(*start));
        start
            .filter(|start| *start < last)
            .map(|start| start..start + count)
    }

    /// The lines that may say `wanted`, in their order: those with these words, or that begin as it does before [`ANYTHING`].
    fn beginning(&self, wanted: &str) -> Cow<'_, [usize]> {
        let Some((first, _)) = wanted.split_once(ANYTHING) else {
            return self.by_words.get(wanted).map_or(&[][..], Vec::as_slice).into();
        };
        let first = first.trim_end();
        let all = self.by_words.range(first.to_owned()..);
        let all = all.take_while(|(words, _)| words.starts_with(first));
        let mut found: Vec<usize> = all.flat_map(|(_, found)| found).copied().collect();
        found.sort_unstable();
        found.into()
    }

    /// Whether a line says `wanted`.
    fn says(&self, line: usize, wanted: &str) -> bool {
        let Some(line) = self.lines.get(line) else {
            return false;
        };
        let said = words(&self.text[line.span.start..line.span.end]);
        let Some((first, rest)) = wanted.split_once(ANYTHING) else {
            return said == wanted;
        };
        let Some(mut left) = said.strip_prefix(first.trim_end()) else {
            return false;
        };
        let mut pieces = rest.split(ANYTHING).peekable();
        while let Some(piece) = pieces.next() {
            let piece = piece.trim();
            if pieces.peek().is_none() {
                return left.ends_with(piece);
            }
            match left.find(piece) {
                Some(at) => left = &left[at + piece.len()..],
                None => return false,
            }
        }
        true
    }
}

/// Whether a comment `<!-- … -->` is open at the end of a line, at the beginning of which one is if `is_open` is set.
fn ends_in_comment(line: &str, mut is_open: bool) -> bool {
    let mut rest = line;
    loop {
        let mark = if is_open { "-->" } else { "<!--" };
        match rest.find(mark) {
            Some(at) => rest = &rest[at + mark.len()..],
            None => return is_open,
        }
        is_open = !is_open;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = "# Shop\r\n\r\nUnits.\r\n\r\n## Install\r\n\r\n```sh\r\n# Usage\r\nrun\r\n```\r\n\r\n### More\r\n\r\n- a   1\r\n- b 2\r\n\r\n<!--\r\n- c 3\r\n-->\r\n# Usage\r\nend";

    fn page() -> Sections {
        Sections::of(PAGE.into(), true)
    }

    fn lines(text: &[&str]) -> Vec<String> {
        text.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn lines_are_found_by_their_words_in_their_section() {
        let page = page();
        let all = 0..page.count();
        let shown = |found: Option<Range<usize>>| {
            found.map(|found| PAGE[page.span(found.start).start..page.span(found.end - 1).end].to_owned())
        };
        let find = |text: &[&str]| shown(page.find(&lines(text), all.clone()));
        assert_eq!(find(&["- a 1", "- b 2"]).as_deref(), Some("- a   1\r\n- b 2"));
        assert_eq!(
            find(&["- \u{1} 1", "- b \u{1}"]).as_deref(),
            Some("- a   1\r\n- b 2")
        );
        assert_eq!(find(&["- \u{1} 3", "- b \u{1}"]), None);
        assert_eq!(find(&["- b 2", "- a 1"]), None);
        // The first is code, and a comment is none.
        assert_eq!(page.find(&lines(&["# Usage"]), all.clone()), Some(13..14));
        assert_eq!(find(&["- c 3"]), None);
        assert_eq!(find(&["run"]).as_deref(), Some("run"));
        let below = page.below("##  Install");
        assert_eq!(below, [(2, 3..13)]);
        assert_eq!(page.below("### More"), [(7, 8..13)]);
        assert_eq!(page.below("# Usage"), [(13, 14..15)]);
        assert_eq!(page.below("# Shop"), [(0, 1..13)]);
        assert_eq!(page.below("## None"), []);
        assert_eq!(page.find(&lines(&["end"]), 3..13), None);
        assert_eq!(page.find(&[], all), None);
    }

    #[test]
    fn blocks_of_code_have_a_language_and_their_lines() {
        let page = page();
        let block = &page.code(&(0..20))[0];
        assert_eq!((&*block.language, block.lines.clone()), ("sh", 3..7));
        assert_eq!(&PAGE[block.inner.start..block.inner.end], "# Usage\r\nrun\r\n");
        assert_eq!(page.code_saying("# Usage\nrun\n\n").count(), 1);
        assert_eq!((page.code(&(4..20)).len(), page.code(&(0..3)).len()), (0, 0));
        assert_eq!(
            [3, 5, 6, 11, 12].map(|line| page.leaves_open(line)),
            [true, true, false, true, false]
        );
        let open = Sections::of("````{.py title=x}\n```\na".into(), true);
        let block = &open.code(&(0..20))[0];
        assert_eq!((&*block.language, block.inner), ("py", Span::new(18, 23)));
        let plain = Sections::of("```\n# a\n".into(), false);
        assert_eq!((plain.code(&(0..20)).len(), plain.level(1)), (0, 0));
        assert_eq!(plain.below("# a"), [(1, 2..2)]);
        let rules = Sections::of("a:\n  b\n  c:\n    d\n\n  e\nf\n".into(), false);
        let below = |line: &str| rules.below(line).remove(0).1;
        assert_eq!(
            [below("a:"), below("b"), below("c:"), below("e")],
            [1..6, 2..5, 3..5, 5..5]
        );
    }

    proptest! {
        #[test]
        fn any_text_has_its_lines_and_every_line_is_found(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "\n", "\r\n", "# ", "## ", "```", "~~~~", "<!--", "-->", "- ", "|", " ", "\t", "a", "é b", "\u{a0}", "sh",
                ]),
                0..60,
            ),
            is_markdown in any::<bool>(),
        ) {
            let text = pieces.concat();
            let page = Sections::of(text.as_str().into(), is_markdown);
            let count = page.count();
            prop_assert_eq!(count, text.lines().filter(|line| !line.trim().is_empty()).count());
            for line in 0..count {
                let span = page.span(line);
                let said = words(&text[span.start..span.end]);
                let found = page.find(std::slice::from_ref(&said), 0..count);
                prop_assert!(page.leaves_open(line) || line > 0 && page.leaves_open(line - 1) || found.is_some_and(|found| found.start <= line));
                let below = page.section(line);
                prop_assert!(below.start == line + 1 && below.start <= below.end && below.end <= count);
                for (at, below) in page.below(&said) {
                    prop_assert_eq!(page.section(at), below);
                }
                let gap = format!("{}{ANYTHING}", said.chars().next().unwrap_or_default());
                page.find(&[gap, ANYTHING.to_string()], line..count);
            }
            for block in page.code(&(0..count)) {
                prop_assert!(text.is_char_boundary(block.inner.start) && text.is_char_boundary(block.inner.end));
                prop_assert!(block.open.end <= block.inner.start && block.lines.end <= count);
                let said = text[block.inner.start..block.inner.end].lines();
                let said: Vec<&str> = said.map(|line| line.strip_prefix(&*block.indent).unwrap_or(line)).collect();
                prop_assert!(page.code_saying(&said.join("\n")).any(|other| other == block));
            }
        }
    }

    #[test]
    fn a_text_takes_one_look_however_often_a_line_is_there() {
        let text = "a\n".repeat(50_000);
        let page = Sections::of(text.into(), true);
        let mut wanted = vec!["a".to_owned(); 20];
        wanted.push("b".to_owned());
        let all = 0..page.count();
        assert_eq!(page.find(&wanted, all.clone()), None);
        assert_eq!(page.find(&wanted[..20], all), Some(0..20));
    }
}
