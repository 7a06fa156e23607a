//! Checks of a loaded pack: every reference leads somewhere, every template and every rule can be read, every
//! variable is given.
//!
//! Nothing here stops at the first fault: who uses a pack is told the first of them, its author all of them.

mod expects;
mod refs;
mod rules;
mod templates;
mod texts;
mod things;
mod variables;

use regex::Regex;

use tenon_text::diag::{Error, LineCol, line_col};
use tenon_text::names::nearest;

use super::{Pack, story};

/// What is wrong with the shape of a pack: its ids, and what refers to what it does not have.
pub fn shape(pack: &Pack, text: &str) -> Vec<Error> {
    let mut desk = Desk::new(pack, text);
    refs::ids(&mut desk);
    refs::references(&mut desk);
    things::references(&mut desk);
    expects::references(&mut desk);
    texts::texts(&mut desk);
    for fault in story::read(&pack.raw).1 {
        let at = Section::of("story", fault.step);
        desk.fault(&at, &fault.word, fault.message, &fault.help);
    }
    desk.faults
}

/// What is wrong with its rules, regular expressions, templates, and the variables in them.
pub fn contents(pack: &Pack, text: &str) -> Vec<Error> {
    let mut desk = Desk::new(pack, text);
    rules::rules(&mut desk);
    templates::templates(&mut desk);
    desk.faults
}

/// A pack that is checked, and its faults so far.
pub struct Desk<'p> {
    pack: &'p Pack,
    /// Its `pack.toml`.
    text: &'p str,
    faults: Vec<Error>,
}

impl<'p> Desk<'p> {
    fn new(pack: &'p Pack, text: &'p str) -> Self {
        Self {
            pack,
            text,
            faults: vec![],
        }
    }

    /// A fault where `word` stands quoted in a section.
    fn fault(&mut self, at: &Section, word: &str, message: String, help: &str) {
        let position = place(self.text, at, word);
        self.faults
            .push(Error::new(message).at("pack.toml", position).help(help));
    }

    /// `word` must be one of `all`, which people call `what`.
    fn known(&mut self, at: &Section, what: &str, word: &str, all: &[&str]) {
        if all.contains(&word) {
            return;
        }
        let message = format!("there is no {what} `{word}`");
        let help = match nearest(word, all.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if all.is_empty() => "the pack has none".to_owned(),
            None => format!("the pack has: {}", tenon_text::names::listed(all)),
        };
        self.fault(at, word, message, &help);
    }

    /// The generators of a section are those of the pack, and there are any.
    fn generators(&mut self, at: &Section, words: &[String]) {
        let all: Vec<&str> = self
            .pack
            .generators()
            .iter()
            .map(|generator| generator.id.as_str())
            .collect();
        for word in words {
            self.known(at, "generator", word, &all);
        }
        if words.is_empty() {
            let error = Error::new("no generator uses this: its `for` is empty");
            self.faults.push(
                error
                    .at("pack.toml", key_place(self.text, at, "for"))
                    .help(format!("name some of these: {}", all.join(", "))),
            );
        }
    }

    /// What is repeated is an answer or a fact table.
    fn each(&mut self, at: &Section, each: Option<&String>) {
        let Some(each) = each else { return };
        let pack = self.pack;
        let facts = pack.raw.facts.keys();
        let questions = pack.raw.questions.iter().map(|question| &question.id);
        let all: Vec<&str> = facts.chain(questions).map(String::as_str).collect();
        self.known(at, "question or fact table", each, &all);
    }

    /// `text` is a regular expression.
    fn regular(&mut self, at: &Section, text: &str) -> Option<Regex> {
        let error = match Regex::new(text) {
            Ok(regex) => return Some(regex),
            Err(error) => error.to_string(),
        };
        // What is wrong stands in the last line of several, below the expression with a mark in it.
        let why = error.lines().last().unwrap_or_default();
        self.faults.push(
            Error::new(format!("`{text}` is no regular expression"))
                .at("pack.toml", place(self.text, at, text))
                .because(why.trim_start_matches("error: "))
                .help("a backslash is written twice between double quotes"),
        );
        None
    }

    /// A variable must stand in the rule whose matches it is taken from.
    fn variable(&mut self, at: &Section, used: Option<(&str, &toml::Table)>, rule: &str) {
        let Some((name, table)) = used else { return };
        let written = table.to_string();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let all: Vec<&str> = written
            .split('$')
            .skip(1)
            .map(|rest| rest.split(|c| !is_part(c)).next().unwrap_or_default())
            .filter(|name| !name.is_empty())
            .collect();
        self.known(at, &format!("variable in `{rule}` called"), name, &all);
    }
}

/// A table of `pack.toml`: its header, and which of those with that header; an empty header is the whole file.
#[derive(Clone, Debug)]
pub struct Section {
    header: String,
    index: usize,
}

impl Section {
    /// `[[NAME]]`, the one at `index`.
    pub fn of(name: &str, index: usize) -> Self {
        Self {
            header: format!("[[{name}]]"),
            index,
        }
    }

    /// `[TABLE.NAME]`
    fn named(table: &str, name: &str) -> Self {
        Self {
            header: format!("[{table}.{name}]"),
            index: 0,
        }
    }

    /// The whole file.
    pub fn file() -> Self {
        Self {
            header: String::new(),
            index: 0,
        }
    }

    /// Where it begins in `text`, and what it says.
    fn find<'t>(&self, text: &'t str) -> (usize, &'t str) {
        let found = text.match_indices(&self.header).nth(self.index);
        let Some((start, _)) = found else { return (0, text) };
        let section = &text[start..];
        if self.header.is_empty() {
            return (start, section);
        }
        let end = section[self.header.len()..].find("\n[");
        (
            start,
            end.map_or(section, |end| &section[..self.header.len() + end]),
        )
    }
}

/// Where `word` stands quoted in a section. TOML values carry no spans after reading.
pub fn place(text: &str, at: &Section, word: &str) -> LineCol {
    let (start, section) = at.find(text);
    let escaped = format!("\"{}\"", word.replace('\\', "\\\\"));
    let found = [format!("\"{word}\""), format!("'{word}'"), escaped]
        .iter()
        .find_map(|quoted| section.find(quoted.as_str()));
    // A text of several lines stands between other quotes: its first line has to do.
    let found = found.or_else(|| {
        let line = word.lines().find(|line| !line.trim().is_empty())?;
        section.find(line)
    });
    // What a pack takes from the one that it extends stands elsewhere.
    let elsewhere = || text.find(&format!("\"{word}\""));
    let found = found.map(|at| start + at).or_else(elsewhere);
    line_col(text, found.unwrap_or(start))
}

/// Where a section gives `key`; the section where it does not.
fn key_place(text: &str, at: &Section, key: &str) -> LineCol {
    let (start, section) = at.find(text);
    let mut offset = 0;
    for line in section.split_inclusive('\n') {
        let rest = line.strip_prefix(key);
        if rest.is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return line_col(text, start + offset);
        }
        offset += line.len();
    }
    line_col(text, start)
}

/// The first of these settings that is not given.
fn missing(settings: &[(&'static str, bool)]) -> Option<&'static str> {
    settings.iter().find(|(_, given)| !given).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pack;

    #[test]
    fn every_built_in_pack_passes_its_checks() {
        let packs = Pack::built_in();
        assert!(!packs.is_empty());
        for files in packs {
            let pack = Pack::load(files).unwrap();
            let text = pack.files.text("pack.toml").unwrap();
            let faults = [shape(&pack, &text), contents(&pack, &text)].concat();
            assert_eq!(faults, [], "{}", pack.name());
            assert!(pack.all_sites().len() > 2, "{}", pack.name());
        }
    }
}
