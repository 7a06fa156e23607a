//! `tenon.toml` as it is written: serde types, unknown keys refused. Nothing here is checked beyond its shape;
//! [`super::Settings`] is the checked form.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawSettings {
    /// The pack: a name, or a folder relative to the host's root.
    #[serde(default)]
    pub pack: Option<Spanned<String>>,
    /// The version that the pack must have.
    #[serde(default)]
    pub pack_version: Option<Spanned<String>>,
    /// Defaults for the options of each kind.
    #[serde(default)]
    pub answers: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<toml::Value>>>,
    /// What each rule is worth here.
    #[serde(default)]
    pub rules: BTreeMap<Spanned<String>, RawRule>,
    /// Findings that are accepted.
    #[serde(default)]
    pub ignore: Vec<Spanned<RawIgnore>>,
}

/// `[rules.RULE]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRule {
    /// What a finding of it counts as.
    pub severity: Spanned<RawLevel>,
    /// Why; needed for `off`.
    #[serde(default)]
    pub reason: Option<Spanned<String>>,
}

/// What a finding counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RawLevel {
    /// Fails a run.
    Error,
    /// Fails a run.
    Warning,
    /// Is shown.
    Note,
    /// Is not shown.
    Off,
}

/// `[[ignore]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawIgnore {
    /// The rule whose findings are accepted.
    pub rule: Spanned<String>,
    /// Where: `*` stands for any text in one name, `**` for any number of directories.
    #[serde(default)]
    pub path: Option<Spanned<String>>,
    /// About what.
    #[serde(default)]
    pub subject: Option<Spanned<String>>,
    /// Why.
    pub reason: Spanned<String>,
    /// The last day on which it counts.
    #[serde(default)]
    pub until: Option<Spanned<toml::value::Datetime>>,
}
