//! The text in which a memory is kept: the digest of the rest, what is remembered of all things together, and one line for each
//! thing, sorted. Of a line only what is needed is taken apart.

use std::collections::BTreeMap;
use std::ops::Range;

use rapidhash::v3::rapidhash_v3;

use super::memory::Memory;

/// The lines of all things.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    cuts: Vec<Cut>,
}

/// A thing that was looked at.
pub(super) struct Line<T> {
    /// Its directory.
    pub dir: T,
    /// The number of the list of what was looked at.
    pub shape: usize,
    /// The digest of the print of that.
    pub print: u64,
    /// What is remembered of it; empty if it was not in order.
    pub known: T,
}

/// Where the parts of a line are.
#[derive(Debug)]
struct Cut {
    id: Range<usize>,
    dir: Range<usize>,
    shape: usize,
    print: u64,
    known: Range<usize>,
}

impl Lines {
    /// The lines of these things, by generator and name.
    pub fn of(things: &BTreeMap<String, Line<String>>) -> Self {
        let mut text = String::new();
        for (id, line) in things {
            let (dir, known) = (&line.dir, &line.known);
            // No name has a blank of this kind in it; if one has, nothing is remembered of it.
            if ![id, dir].iter().any(|part| part.contains(['\t', '\n', '\r'])) {
                text += &format!("{id}\t{dir}\t{}\t{:x}\t{known}\n", line.shape, line.print);
            }
        }
        Self::cut(text).unwrap_or_default()
    }

    fn cut(text: String) -> Option<Self> {
        let mut cuts = Vec::with_capacity(text.len() / 256);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            cuts.push(Cut::of(&text, start..start + line.len())?);
            start += line.len();
        }
        Some(Self { text, cuts })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cuts.len()
    }

    /// The number of the line of a thing.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.cuts
            .binary_search_by(|cut| self.text[cut.id.clone()].cmp(id))
            .ok()
    }

    /// The line with this number.
    pub fn get(&self, at: usize) -> Option<Line<&str>> {
        let cut = self.cuts.get(at)?;
        Some(Line {
            dir: &self.text[cut.dir.clone()],
            shape: cut.shape,
            print: cut.print,
            known: &self.text[cut.known.clone()],
        })
    }
}

impl Cut {
    fn of(text: &str, line: Range<usize>) -> Option<Self> {
        let start = line.start;
        let line = text[line].strip_suffix('\n')?;
        let mut tabs = line.match_indices('\t').map(|(at, _)| start + at);
        let (a, b, c, d) = (tabs.next()?, tabs.next()?, tabs.next()?, tabs.next()?);
        Some(Self {
            id: start..a,
            dir: a + 1..b,
            shape: text[b + 1..c].parse().ok()?,
            print: u64::from_str_radix(&text[c + 1..d], 16).ok()?,
            known: d + 1..start + line.len(),
        })
    }
}

impl Memory {
    /// A memory that was kept as text; an empty one if it is none.
    pub fn read(text: String) -> Self {
        Self::parse(text).unwrap_or_default()
    }

    fn parse(mut text: String) -> Option<Self> {
        let (sum, rest) = text.split_once('\n')?;
        if u64::from_str_radix(sum, 16).ok()? != rapidhash_v3(rest.as_bytes()) {
            return None;
        }
        let (head, lines) = rest.split_once('\n')?;
        let head = serde_json::from_str(head).ok()?;
        let start = text.len() - lines.len();
        text.drain(..start);
        Some(Self {
            head,
            lines: Lines::cut(text)?,
            ..Self::default()
        })
    }

    /// The text that keeps it.
    pub fn text(&self) -> String {
        // Its types have string keys only: nothing that serde_json refuses.
        let head = serde_json::to_string(&self.head).unwrap_or_default();
        let rest = format!("{head}\n{}", self.lines.text);
        format!("{:x}\n{rest}", rapidhash_v3(rest.as_bytes()))
    }
}
