//! `[[kind.NAME.verify]]` and `[story]` of `pack.toml` as it is written, like [`super::raw`]: what is run for the pack's author and
//! for newcomers.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[[kind.NAME.verify]]`: a command that `tenon pack test --run-verify` runs in a host that the pack made something in. Nothing
/// else ever runs it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawVerify {
    /// Kinds after which it is run.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub for_kinds: Vec<String>,
    /// Other kinds after which it is run as well.
    #[serde(default)]
    pub also_for: Vec<String>,
    /// The program and its arguments; there is no shell. It runs at the root of a throw-away host.
    pub run: Vec<String>,
}

/// `[story]`: what newcomers are shown by `tenon try`, on a throw-away host.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawStory {
    /// What is done, step by step; the first one makes the host.
    pub steps: Vec<RawStep>,
}

/// One of the `steps` of `[story]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStep {
    /// What the step shows, in a sentence.
    pub say: String,
    /// What is done; the first step makes the host.
    #[serde(rename = "do")]
    pub action: RawAction,
    /// `make`, `preview`, `remove`: the kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// `make`, `preview`, `remove`: the name.
    #[serde(default)]
    pub name: Option<String>,
    /// `make`, `preview`: the answers, by option.
    #[serde(default)]
    pub answers: BTreeMap<String, RawAnswer>,
    /// `delete`, `replace`: a file of the throw-away host.
    #[serde(default)]
    pub file: Option<String>,
    /// `delete`, `replace`: a text that stands once in the file. `delete` takes its line away; without it the whole file goes.
    #[serde(default)]
    pub text: Option<String>,
    /// `replace`: the text that stands there instead.
    #[serde(default)]
    pub with: Option<String>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RawAction {
    /// Makes something: first the host, then what goes into it.
    Make,
    /// Shows what would be made.
    Preview,
    /// Checks the host: nothing must be found.
    Check,
    /// Checks the host: something must be found.
    Find,
    /// Applies the safe fixes: nothing must be left.
    Fix,
    /// Lists what the host has.
    List,
    /// Removes something.
    Remove,
    /// Takes the last step back.
    Undo,
    /// Breaks the host: deletes a file, or a line of one.
    Delete,
    /// Breaks the host: replaces a text in a file.
    Replace,
}

/// An answer in a step.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum RawAnswer {
    /// Yes or no.
    Flag(bool),
    /// One word, or a text.
    Text(String),
    /// Several words.
    Words(Vec<String>),
}
