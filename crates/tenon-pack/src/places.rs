//! Where the items of a pack stand in `pack.toml`, by the spans of the TOML reader.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use tenon_text::diag::{LineCol, line_col};
use tenon_text::format::split_bom;

/// Where the items of the lists of a pack stand in its own `pack.toml`.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// For each list the place of each item; `None`: it is that of a pack which this one extends.
    pub lists: BTreeMap<&'static str, Vec<Option<Place>>>,
    /// Fact tables that a kind gives.
    pub facts: BTreeMap<String, Place>,
}

impl Origins {
    /// The next item of `list` stands at `place`.
    pub fn add(&mut self, list: &'static str, place: &Place) {
        self.lists.entry(list).or_default().push(Some(place.clone()));
    }
}

/// A path from the top of the file to a table or a value.
#[derive(Clone, Debug)]
pub struct Place(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Item(usize),
}

impl Place {
    /// `[[NAME]]`, the one at `index`.
    pub fn of(name: &str, index: usize) -> Self {
        Self::top(name).item(index)
    }

    /// `[NAME]`, or another key at the top of the file.
    pub fn top(name: &str) -> Self {
        Self(vec![Step::Key(name.to_owned())])
    }

    /// The value of `key` in this table.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    /// The item at `index` of this array.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Item(index));
        Self(steps)
    }
}

/// The places of one `pack.toml`; it is parsed again when one is asked for, which is where something is wrong.
pub struct Places<'t> {
    text: &'t str,
    origins: Origins,
}

impl<'t> Places<'t> {
    /// Those of `text`.
    pub fn new(text: &'t str, origins: Origins) -> Self {
        let text = split_bom(text).1;
        Self { text, origins }
    }

    /// Whether the item at `index` of the list `name` is the pack's own, and not that of a pack that it extends.
    pub fn is_own(&self, name: &str, index: usize) -> bool {
        self.own(name, index).is_some()
    }

    fn own(&self, name: &str, index: usize) -> Option<&Place> {
        self.origins.lists.get(name)?.get(index)?.as_ref()
    }

    /// Line and column of `place`; of the innermost table round it, where it has no such key; of `extends`, where it stands in
    /// the pack that this one extends.
    pub fn find(&self, place: &Place) -> LineCol {
        let Ok(table) = DeTable::parse(self.text) else {
            return line_col(self.text, 0);
        };
        let table = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        let steps = self.translated(place).unwrap_or_default();
        let (mut depth, mut start) = resolve(&table, &steps);
        if depth < steps.len()
            && let Some(outer) = self.outside(place)
            && let (all, at) = resolve(&table, &outer)
            && all == outer.len()
        {
            (depth, start) = (all, at);
        }
        // A section that is not there is the base's.
        let section = match steps.first() {
            Some(Step::Key(key))
                if matches!(key.as_str(), "api" | "contract" | "facts" | "names" | "kind") =>
            {
                2
            }
            _ => 1,
        };
        let start = if depth < section {
            resolve(&table, &Place::top("pack").key("extends").0).1
        } else {
            start
        };
        line_col(self.text, start)
    }

    /// Of files that are only a folder's name, `place` in the kind itself.
    fn outside(&self, place: &Place) -> Option<Vec<Step>> {
        let [Step::Key(list), Step::Item(index), rest @ ..] = place.0.as_slice() else {
            return None;
        };
        let origin = self.own(list, *index).filter(|_| list == "folder")?;
        let [kind @ .., Step::Key(_), Step::Item(_)] = origin.0.as_slice() else {
            return None;
        };
        Some(kind.iter().chain(rest).cloned().collect())
    }

    /// The steps from the top of the file, where `place` is that of an item of a list.
    fn translated(&self, place: &Place) -> Option<Vec<Step>> {
        let (origin, rest) = match place.0.as_slice() {
            [Step::Key(list), Step::Key(name), rest @ ..] if list == "facts" => {
                match self.origins.facts.get(name) {
                    Some(origin) => (origin, rest),
                    None => return Some(place.0.clone()),
                }
            }
            [Step::Key(list), Step::Item(index), rest @ ..] if list != "off" => {
                (self.own(list, *index)?, rest)
            }
            _ => return Some(place.0.clone()),
        };
        Some(origin.0.iter().chain(rest).cloned().collect())
    }
}

/// How many of the steps exist, and where the last of these begins.
fn resolve(top: &Spanned<DeValue<'_>>, steps: &[Step]) -> (usize, usize) {
    let mut at = top;
    for (depth, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Key(key) => at.get_ref().get(key.as_str()),
            // One value may stand for an array of it.
            Step::Item(0) if !matches!(at.get_ref(), DeValue::Array(_)) => Some(at),
            Step::Item(index) => at.get_ref().get(*index),
        };
        match next {
            Some(next) => at = next,
            None => return (depth, at.span().start),
        }
    }
    (steps.len(), at.span().start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# [kind.a] id = \"b\"\n[pack]\nextends = \"a\" # [kind.b]\n\n[kind.a.site.x]\nfile = \"a\"\nothers = [\"x\", \"y\"]\n\n\
                        [kind.a.site.y]\nfile = \"b\"\n[kind.a.site.y.entry.has]\nkind = \"c\"\n[[kind.a.site.y.field]]\nvar = \"D\"\n";

    fn at(place: &Place, origins: Origins) -> (usize, usize) {
        let at = Places::new(TEXT, origins).find(place);
        (at.line, at.column)
    }

    fn sites(own: [Option<&str>; 2]) -> Origins {
        let place = |id: &str| Place::top("kind").key("a").key("site").key(id);
        Origins {
            lists: BTreeMap::from([("site", own.map(|id| id.map(place)).to_vec())]),
            facts: BTreeMap::new(),
        }
    }

    #[test]
    fn a_place_is_that_of_the_value_whatever_comments_and_other_values_say() {
        let at = |place: &Place| at(place, sites([Some("x"), Some("y")]));
        assert_eq!(at(&Place::of("site", 1).key("file")), (10, 8));
        assert_eq!(at(&Place::of("site", 0).key("others").item(1)), (7, 16));
        let kind = Place::of("site", 1).key("entry").key("has").key("kind");
        assert_eq!(at(&kind), (12, 8));
        assert_eq!(at(&Place::of("site", 1).key("field").item(0).key("var")), (14, 7));
        // What is not there is shown at the table in which it is missing.
        assert_eq!(at(&Place::of("site", 1).key("value")), (9, 1));
        assert_eq!(at(&Place::top("pack").key("name")), (2, 1));
    }

    #[test]
    fn what_stands_in_the_base_is_shown_where_the_pack_extends_it() {
        let at = |place: &Place| at(place, sites([None, Some("x")]));
        assert_eq!(at(&Place::of("site", 0).key("file")), (3, 11));
        assert_eq!(at(&Place::of("site", 1).key("file")), (6, 8));
        assert_eq!(at(&Place::top("facts").key("a").key("files")), (3, 11));
        assert_eq!(at(&Place::top("host").key("matching")), (3, 11));
    }
}
