//! Arguments whose values are offered in help and completions but not enforced by the parser.
//!
//! The command checks the value later, with a better error message than the parser's.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, ValueEnum};
use serde_json::Value;

use tenon_engine::facts::field;

/// Accepts any text; help and completions list the values it was made with.
#[derive(Clone)]
pub struct Suggest(Vec<PossibleValue>);

impl Suggest {
    /// Offers `words`.
    pub fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self(
            words
                .into_iter()
                .map(|word| PossibleValue::new(word.to_owned()))
                .collect(),
        )
    }

    /// Offers the variants of `F`. Each command has its own formats, but `--format` is one global option: its value stays a
    /// `String` until [`crate::report::format`] reads it.
    pub fn formats<F: ValueEnum>() -> Self {
        Self(
            F::value_variants()
                .iter()
                .filter_map(ValueEnum::to_possible_value)
                .collect(),
        )
    }

    /// Offers the ids of `rows`, which come from files of the host. Shells run what they find in a completion script, so ids
    /// with anything but plain characters are left out.
    pub fn rows<'r>(rows: impl Iterator<Item = &'r Value>) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
        let ids = rows.map(|row| field(row, "id"));
        Self::words(ids.filter(|id| !id.starts_with('-') && id.chars().all(plain)))
    }

    /// The names of the values on offer.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(PossibleValue::get_name).collect()
    }
}

impl TypedValueParser for Suggest {
    type Value = String;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        match value.to_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(clap::Error::new(ErrorKind::InvalidUtf8).with_cmd(command)),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        if self.0.is_empty() {
            return None;
        }
        Some(Box::new(self.0.iter().cloned()))
    }
}
