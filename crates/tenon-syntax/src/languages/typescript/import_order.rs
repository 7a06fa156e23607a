//! The order of imports: groups by pattern, natural order inside.

use nodejs_built_in_modules::is_nodejs_builtin_module;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use regex::Regex;

use crate::style::Style;

/// The marks that stand for a kind of module instead of a pattern.
const THIRD_PARTY: &str = "<THIRD_PARTY_MODULES>";
const BUILTIN: &str = "<BUILTIN_MODULES>";

/// The groups of a style, compiled.
pub(super) struct Groups {
    patterns: Vec<Group>,
    third_party: usize,
}

enum Group {
    ThirdParty,
    Builtin,
    Pattern(Regex),
    /// Not a valid pattern: compared as text.
    Literal(String),
}

/// What groups were compiled from, and the groups.
type Compiled = (Vec<String>, Rc<Groups>);

thread_local! {
    /// The groups of the style that was asked for last: a run has one.
    static LAST: RefCell<Option<Compiled>> = const { RefCell::new(None) };
}

impl Groups {
    /// The groups of `style`; its expressions are compiled once.
    pub fn shared(style: &Style) -> Rc<Self> {
        LAST.with_borrow_mut(|last| match last {
            Some((groups, known)) if *groups == style.import_groups => Rc::clone(known),
            _ => {
                let fresh = Rc::new(Self::new(style));
                *last = Some((style.import_groups.clone(), Rc::clone(&fresh)));
                fresh
            }
        })
    }

    fn new(style: &Style) -> Self {
        let mut patterns = vec![];
        if !style.import_groups.iter().any(|group| group == THIRD_PARTY) {
            patterns.push(Group::ThirdParty);
        }
        for group in &style.import_groups {
            patterns.push(match group.as_str() {
                THIRD_PARTY => Group::ThirdParty,
                BUILTIN => Group::Builtin,
                pattern => {
                    Regex::new(pattern).map_or_else(|_| Group::Literal(pattern.to_owned()), Group::Pattern)
                }
            });
        }
        let third_party = patterns
            .iter()
            .position(|group| matches!(group, Group::ThirdParty))
            .unwrap_or(0);
        Self {
            patterns,
            third_party,
        }
    }

    /// The group of a module.
    pub fn of(&self, module: &str) -> usize {
        let builtin = self
            .patterns
            .iter()
            .position(|group| matches!(group, Group::Builtin));
        if let Some(at) = builtin
            && (module.starts_with("node:") || is_nodejs_builtin_module(module))
        {
            return at;
        }
        let matches = |group: &Group| match group {
            Group::Pattern(pattern) => pattern.is_match(module),
            Group::Literal(text) => module.contains(text.as_str()),
            Group::ThirdParty | Group::Builtin => false,
        };
        self.patterns.iter().position(matches).unwrap_or(self.third_party)
    }
}

/// One piece of a name.
enum Chunk<'s> {
    /// Behind the end.
    Missing,
    Number(f64),
    /// Digits with a leading zero: a number among texts, a text among numbers.
    Zeroes(&'s str),
    Text(&'s str),
}

/// Natural order, case-sensitive: runs of digits compare as numbers, numbers stand before text.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (a, b) = (chunks(a.trim_matches(' ')), chunks(b.trim_matches(' ')));
    for at in 0..a.len().max(b.len()) {
        let (x, y) = (chunk(a.get(at)), chunk(b.get(at)));
        let is_text = |chunk: &Chunk<'_>| matches!(chunk, Chunk::Text(_));
        let order = match (is_text(&x), is_text(&y)) {
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            _ => match (&x, &y) {
                (Chunk::Number(x), Chunk::Number(y)) => x.partial_cmp(y).unwrap_or(Ordering::Equal),
                (Chunk::Missing, Chunk::Number(y)) => 0.0f64.partial_cmp(y).unwrap_or(Ordering::Equal),
                (Chunk::Number(x), Chunk::Missing) => x.partial_cmp(&0.0).unwrap_or(Ordering::Equal),
                _ => compare_units(&shown(&x), &shown(&y)),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn shown(chunk: &Chunk<'_>) -> String {
    match chunk {
        Chunk::Missing => "0".to_owned(),
        Chunk::Number(number) => number.to_string(),
        Chunk::Zeroes(text) | Chunk::Text(text) => (*text).to_owned(),
    }
}

/// Strings compare by UTF-16 units, as in JavaScript.
fn compare_units(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn chunk<'s>(text: Option<&&'s str>) -> Chunk<'s> {
    match text {
        None => Chunk::Missing,
        Some(text) if text.starts_with('0') => Chunk::Zeroes(text),
        Some(text) => match text.parse::<f64>() {
            Ok(number) if text.starts_with(|c: char| c.is_ascii_digit()) => Chunk::Number(number),
            _ => Chunk::Text(text),
        },
    }
}

/// Runs of digits and runs of other characters.
fn chunks(text: &str) -> Vec<&str> {
    let mut out = vec![];
    let mut start = 0;
    let mut was_digit = None;
    for (at, c) in text.char_indices() {
        let digit = c.is_ascii_digit();
        if was_digit.is_some_and(|was| was != digit) {
            out.push(&text[start..at]);
            start = at;
        }
        was_digit = Some(digit);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_as_numbers_and_stand_before_text() {
        let mut names = vec!["a10", "b", "a2", "A", "a", "a02", "Z", "_x", "a2b"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["A", "Z", "_x", "a", "a02", "a2", "a2b", "a10", "b"]);
    }

    #[test]
    fn a_group_is_the_first_pattern_that_matches() {
        let style = Style {
            import_groups: ["@acme/core", "^(../)", "^(./)"].map(str::to_owned).to_vec(),
            ..Style::default()
        };
        let groups = Groups::shared(&style);
        assert_eq!(
            ["reactive", "@acme/core/x", "../a", "./a", "@/a"].map(|module| groups.of(module)),
            [0, 1, 2, 3, 3]
        );
    }

    #[test]
    fn marks_place_third_party_and_builtin_modules() {
        let style = Style {
            import_groups: [
                "<BUILTIN_MODULES>",
                "^@acme",
                "<THIRD_PARTY_MODULES>",
                "^[.",
                "^[.]",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..Style::default()
        };
        let groups = Groups::shared(&style);
        assert_eq!(
            ["node:fs", "path", "@acme/a", "reactive", "./a"].map(|module| groups.of(module)),
            [0, 0, 1, 2, 4]
        );
    }
}
