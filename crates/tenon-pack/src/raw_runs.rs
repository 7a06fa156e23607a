//! `[[verify]]` and `[[story]]` of `pack.toml` as it is written, like [`super::raw`]: what is run for the pack's author and
//! for newcomers.

use serde::Deserialize;

/// `[[verify]]`: a command that `tenon pack test --run-verify` runs in a host that the pack made something in. Nothing
/// else ever runs it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawVerify {
    /// Generators after which it is run.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// The program and its arguments; there is no shell. It runs at the root of a throw-away host.
    pub run: Vec<String>,
}

/// `[[story]]`: one step of what newcomers are shown.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStep {
    /// What the step shows, in a sentence.
    pub say: String,
    /// The words after `tenon`.
    pub run: Vec<String>,
    /// The directory, below the one in which the story began, in which the next steps run.
    #[serde(default)]
    pub then_in: Option<String>,
}
