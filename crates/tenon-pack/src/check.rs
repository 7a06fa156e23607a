//! Checks of a loaded pack: every reference leads somewhere, every template and every rule can be read, every
//! variable is given.
//!
//! Nothing here stops at the first fault: who uses a pack is told the first of them, its author all of them.

mod members;
mod pack_rules;
mod refs;
mod rules;
mod templates;
mod texts;
mod variables;

use regex::Regex;

use tenon_text::diag::Error;
use tenon_text::names::nearest;
use tenon_text::regular::compiled;

use super::places::{Place, Places};
use super::{FILE, Pack, story};

/// What is wrong with the shape of a pack: its ids, and what refers to what it does not have.
pub fn shape(pack: &Pack, places: &Places<'_>) -> Vec<Error> {
    let mut checker = PackChecker::new(pack, places);
    if !refs::bounded(&mut checker) {
        return checker.faults;
    }
    refs::ids(&mut checker);
    refs::paths_read(&mut checker);
    refs::references(&mut checker);
    members::references(&mut checker);
    pack_rules::references(&mut checker);
    texts::texts(&mut checker);
    for fault in story::read(&pack.raw).1 {
        let at = Place::top("story").key("steps").item(fault.step);
        let at = fault.keys.iter().fold(at, |at, key| at.key(key));
        checker.fault(&at, fault.message, &fault.help);
    }
    checker.faults
}

/// What is wrong with its rules, regular expressions, templates, and the variables in them.
pub fn contents(pack: &Pack, places: &Places<'_>) -> Vec<Error> {
    let mut checker = PackChecker::new(pack, places);
    rules::rules(&mut checker);
    templates::templates(&mut checker);
    checker.faults
}

/// A pack that is checked, and its faults so far.
pub struct PackChecker<'p> {
    pack: &'p Pack,
    places: &'p Places<'p>,
    faults: Vec<Error>,
}

impl<'p> PackChecker<'p> {
    fn new(pack: &'p Pack, places: &'p Places<'p>) -> Self {
        Self {
            pack,
            places,
            faults: vec![],
        }
    }

    /// Adds a fault, which stands at `at`.
    fn fault(&mut self, at: &Place, message: impl Into<String>, help: impl Into<String>) {
        self.add(at, Error::new(message).help(help));
    }

    /// Adds a fault that is told already.
    fn add(&mut self, at: &Place, error: Error) {
        self.faults.push(error.at(FILE, self.places.find(at)));
    }

    /// `word`, which stands at `at`, must be one of `all`, which people call `what`.
    fn known(&mut self, at: &Place, what: &str, word: &str, all: &[&str]) {
        if all.contains(&word) {
            return;
        }
        let help = match nearest(word, all.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if all.is_empty() => "the pack has none".to_owned(),
            None => format!("the pack has: {}", tenon_text::names::listed(all)),
        };
        self.fault(at, format!("there is no {what} `{word}`"), help);
    }

    /// The same of the words of an array.
    fn all_known(&mut self, at: &Place, what: &str, words: &[String], all: &[&str]) {
        for (index, word) in words.iter().enumerate() {
            self.known(&at.item(index), what, word, all);
        }
    }

    /// The other kinds that an item is for are those of the pack. What was turned off is none of its `for_kinds` any more.
    fn also_for(&mut self, at: &Place, words: &[String], kinds: &[String]) {
        let all = self.pack.kinds().iter();
        let all: Vec<&str> = all.map(|kind| kind.id.as_str()).collect();
        let own = words.iter().enumerate().filter(|(_, word)| kinds.contains(word));
        for (index, word) in own {
            self.known(&at.key("also-for").item(index), "kind", word, &all);
        }
    }

    /// What is repeated is an answer or a fact table.
    fn each(&mut self, at: &Place, each: Option<&String>) {
        let Some(each) = each else { return };
        let pack = self.pack;
        let facts = pack.raw.facts.keys();
        let options = pack.raw.options.iter().map(|option| &option.id);
        let all: Vec<&str> = facts.chain(options).map(String::as_str).collect();
        self.known(&at.key("each"), "option or fact table", each, &all);
    }

    /// `text`, which stands at `at`, is a regular expression.
    fn regular(&mut self, at: &Place, text: &str) -> Option<Regex> {
        let error = match compiled(text) {
            Ok(regex) => return Some(regex),
            Err(error) => error,
        };
        // What is wrong stands in the last line of several, below the expression with a mark in it.
        let why = error.causes().first().and_then(|why| why.lines().last());
        let mut told = Error::new(error.message());
        if let Some(why) = why {
            told = told.because(why.trim_start_matches("error: "));
        }
        let help = error.helps().first().map_or(
            "a backslash is written twice between double quotes",
            String::as_str,
        );
        self.add(at, told.help(help));
        None
    }

    /// The same with a group, which is `what`.
    fn grouped(&mut self, at: &Place, text: &str, what: &str) {
        let compiled = self.regular(at, text);
        if compiled.is_some_and(|compiled| compiled.captures_len() < 2) {
            let help = format!("put what {what} into parentheses");
            self.fault(at, format!("`{text}` has no group"), help);
        }
    }

    /// A variable, which stands at `at`, must stand in the rule whose matches it is taken from.
    fn variable(&mut self, at: &Place, used: Option<(&str, &toml::Table)>, rule: &str) {
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
            let places = pack.places().unwrap();
            let faults = [shape(&pack, &places), contents(&pack, &places)].concat();
            assert_eq!(faults, [], "{}", pack.name());
            assert!(pack.all_sites().len() > 2, "{}", pack.name());
        }
    }
}
