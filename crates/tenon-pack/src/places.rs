//! Where things stand in `pack.toml`, by the spans of the TOML reader.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use tenon_text::diag::{LineCol, line_col};
use tenon_text::format::split_bom;

/// For each list of tables of a pack that extends another, which of the pack's own tables each item is; `None`: it is the
/// base's. Empty if nothing is extended.
pub type Origins = BTreeMap<&'static str, Vec<Option<usize>>>;

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

    fn own(&self, name: &str, index: usize) -> Option<usize> {
        let Some(origins) = self.origins.get(name) else {
            return Some(index);
        };
        origins.get(index).copied().flatten()
    }

    /// Line and column of `place`; of the innermost table round it, where it has no such key; of `extends`, where it stands in
    /// the pack that this one extends.
    pub fn find(&self, place: &Place) -> LineCol {
        let Ok(table) = DeTable::parse(self.text) else {
            return line_col(self.text, 0);
        };
        let table = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        let steps = self.translated(place).unwrap_or_default();
        let (depth, start) = resolve(&table, &steps);
        // A section that is not there is the base's.
        let section = match steps.first() {
            Some(Step::Key(key)) if matches!(key.as_str(), "api" | "contracts" | "facts" | "names") => 2,
            _ => 1,
        };
        let start = if depth < section {
            resolve(&table, &Place::top("pack").key("extends").0).1
        } else {
            start
        };
        line_col(self.text, start)
    }

    /// The steps with the index that the pack's own table has in this file.
    fn translated(&self, place: &Place) -> Option<Vec<Step>> {
        let mut steps = place.0.clone();
        if let [Step::Key(name), Step::Item(index), ..] = steps.as_mut_slice() {
            *index = self.own(name, *index)?;
        }
        Some(steps)
    }
}

/// How many of the steps exist, and where the last of these begins.
fn resolve(top: &Spanned<DeValue<'_>>, steps: &[Step]) -> (usize, usize) {
    let mut at = top;
    for (depth, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Key(key) => at.get_ref().get(key.as_str()),
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

    const TEXT: &str = "# [[site]] id = \"b\"\n[pack]\nextends = \"a\" # [[site]]\n\n[[site]]\nid = \"a\"\nfor = [\"x\", \"y\"]\n\n\
                        [[site]]\nid = \"b\"\n[site.entry.has]\nkind = \"c\"\n[[site.field]]\nvar = \"D\"\n";

    fn at(place: &Place, origins: Origins) -> (usize, usize) {
        let at = Places::new(TEXT, origins).find(place);
        (at.line, at.column)
    }

    #[test]
    fn a_place_is_that_of_the_value_whatever_comments_and_other_values_say() {
        let at = |place: &Place| at(place, Origins::new());
        assert_eq!(at(&Place::of("site", 1).key("id")), (10, 6));
        assert_eq!(at(&Place::of("site", 0).key("for").item(1)), (7, 13));
        let kind = Place::of("site", 1).key("entry").key("has").key("kind");
        assert_eq!(at(&kind), (12, 8));
        assert_eq!(at(&Place::of("site", 1).key("field").item(0).key("var")), (14, 7));
        // What is not there is shown at the table in which it is missing.
        assert_eq!(at(&Place::of("site", 1).key("value")), (9, 1));
        assert_eq!(at(&Place::top("pack").key("name")), (2, 1));
    }

    #[test]
    fn what_stands_in_the_base_is_shown_where_the_pack_extends_it() {
        let origins = Origins::from([("site", vec![None, Some(1), Some(0)])]);
        let at = |place: &Place| at(place, origins.clone());
        assert_eq!(at(&Place::of("site", 0).key("id")), (3, 11));
        assert_eq!(at(&Place::of("site", 1).key("id")), (10, 6));
        assert_eq!(at(&Place::of("site", 2).key("id")), (6, 6));
        assert_eq!(at(&Place::top("facts").key("a").key("files")), (3, 11));
        assert_eq!(at(&Place::top("detect").key("matching")), (3, 11));
    }
}
