//! `pack.toml` as it is written: serde types, unknown keys refused. Nothing here is checked beyond its shape;
//! [`super::Pack`] is the checked form.

use std::collections::BTreeMap;

use serde::Deserialize;

use tenon_syntax::language::Lang;

pub use super::raw_facts::{RawContract, RawFact, RawFactField};
pub use super::raw_off::RawOff;
pub use super::raw_runs::{RawAction, RawAnswer, RawStep, RawVerify};

use super::raw_check::{RawExpect, RawNames, RawObserve, RawRequired, RawSubject};
pub use super::raw_site::{RawSite, SiteKind};

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPack {
    /// `[pack]`: identity.
    pub pack: RawIdentity,
    /// How a host is recognised.
    #[serde(default)]
    pub detect: RawDetect,
    /// How rendered files look.
    #[serde(default)]
    pub style: RawStyle,
    /// Public interfaces of packages: `[api.NAME]`.
    #[serde(default)]
    pub api: BTreeMap<String, RawApi>,
    /// Tables of what holds in the host: `[facts.NAME]`.
    #[serde(default)]
    pub facts: BTreeMap<String, RawFact>,
    /// Interfaces that integrations implement: `[contracts.NAME]`.
    #[serde(default)]
    pub contracts: BTreeMap<String, RawContract>,
    /// Sets of names that sources give: `[names.NAME]`.
    #[serde(default)]
    pub names: BTreeMap<String, RawNames>,
    /// `[[generator]]`: something that can be made.
    #[serde(default, rename = "generator")]
    pub generators: Vec<RawGenerator>,
    /// `[[question]]`: something that is asked.
    #[serde(default, rename = "question")]
    pub questions: Vec<RawQuestion>,
    /// `[[require]]`: what must hold before anything is made.
    #[serde(default, rename = "require")]
    pub requires: Vec<RawRequire>,
    /// `[[part]]`: files that a thing consists of.
    #[serde(default, rename = "part")]
    pub parts: Vec<RawPart>,
    /// `[[site]]`: a place where things are listed.
    #[serde(default, rename = "site")]
    pub sites: Vec<RawSite>,
    /// `[[subject]]`: the things that exist in a host.
    #[serde(default, rename = "subject")]
    pub subjects: Vec<RawSubject>,
    /// `[[observe]]`: how the answers that would have made a thing are read back from it.
    #[serde(default, rename = "observe")]
    pub observes: Vec<RawObserve>,
    /// `[[expect]]`: what holds in a host that is in order, beside what parts and sites say.
    #[serde(default, rename = "expect")]
    pub expects: Vec<RawExpect>,
    /// `[[verify]]`: a command of the framework that says whether what was made is sound.
    #[serde(default, rename = "verify")]
    pub verifies: Vec<RawVerify>,
    /// `[[story]]`: a step of `tenon try`.
    #[serde(default, rename = "story")]
    pub story: Vec<RawStep>,
    /// `[[off]]`: what of the pack that this one extends is turned off.
    #[serde(default, rename = "off")]
    pub offs: Vec<RawOff>,
}

/// `[pack]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawIdentity {
    /// Short name, kebab-case; stands in the record and in `tenon.toml`.
    pub name: String,
    /// Version of the pack, not of the framework.
    pub version: String,
    /// One line for people who choose.
    pub summary: String,
    /// The language of what integrations consist of: `typescript`, `go`, `python` or `rust`.
    pub language: Lang,
    /// Where the framework documents what the pack does.
    #[serde(default)]
    pub docs: Option<String>,
    /// The pack that this one is a variant of: the name of a built-in one, or where it comes from.
    #[serde(default)]
    pub extends: Option<String>,
}

/// `[detect]`
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawDetect {
    /// Files that must all exist in a host; `*` stands for one name. Without any, the pack recognises nothing.
    #[serde(default)]
    pub files: Vec<String>,
    /// Files of which one at least must exist.
    #[serde(default)]
    pub any: Vec<String>,
    /// With `any`: a regular expression that must match somewhere in one of them.
    #[serde(default)]
    pub matching: Option<String>,
}

/// `[style]`
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStyle {
    /// Host files; the first that exists shows line ends and indentation for new files.
    #[serde(default)]
    pub like: Vec<String>,
    /// Longest line; 80 if absent.
    #[serde(default)]
    pub width: Option<usize>,
    /// TypeScript: `single` or `double`; `double` if absent.
    #[serde(default)]
    pub quotes: Option<String>,
    /// TypeScript: groups of imports in their order, each a regular expression over module names; others come
    /// first.
    #[serde(default)]
    pub import_groups: Vec<String>,
}

/// `[api.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawApi {
    /// What importers write after `from`.
    pub specifier: String,
    /// Files of the host that export everything; the first that exists is read.
    pub entry: Vec<String>,
    /// Path aliases inside the package: prefix to folder.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// A file of the pack that is used when no entry exists, with a warning; made by `tenon pack snapshot`.
    #[serde(default)]
    pub snapshot: Option<String>,
    /// Public paths of classes that the snapshot has; without it, the namespaces with one member.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// `[[generator]]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawGenerator {
    /// What people type after `tenon new`; `integration` is also `tenon new-integration`.
    pub id: String,
    /// One line for help.
    pub summary: String,
    /// How the name is asked for.
    pub name: RawName,
    /// Whether it makes a new host in a new directory.
    #[serde(default)]
    pub host: bool,
    /// Generators that a person runs next, with the same name, before the thing is whole: `tenon pack test` runs them
    /// before it checks what was made.
    #[serde(default)]
    pub whole_with: Vec<String>,
    /// Sentences shown afterwards: what a person does next; templates.
    #[serde(default)]
    pub next: Vec<String>,
}

/// How a generator's name is asked for and checked.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawName {
    /// The question.
    pub prompt: String,
    /// The shape it must have.
    pub case: NameCase,
    /// Longest name in characters; 64 if absent.
    #[serde(default = "default_name_length")]
    pub max: usize,
    /// Fact tables: the name must differ from every row's, not only in case or separators.
    #[serde(default)]
    pub distinct_from: Vec<String>,
    /// A fact table: the name must be one of its rows; the generator adds to something that exists.
    #[serde(default)]
    pub one_of: Option<String>,
    /// Words that cannot be names, beyond those that the pack's language reserves.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// Names that are right although they have not the shape, such as those of things that are there.
    #[serde(default)]
    pub irregular: Vec<String>,
}

fn default_name_length() -> usize {
    64
}

/// The shape of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NameCase {
    /// `a-name-2`.
    Kebab,
    /// `a_name_2`.
    Snake,
    /// `aname2`.
    Lower,
    /// A directory that is made.
    Directory,
}

/// `[[question]]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawQuestion {
    /// Name of the answer and of the flag.
    pub id: String,
    /// Generators that ask it.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// What kind of answer.
    pub kind: QuestionKind,
    /// The question as a person reads it.
    pub prompt: String,
    /// One line for `--help`; the prompt if absent.
    #[serde(default)]
    pub help: Option<String>,
    /// Choices: rows of this fact table.
    #[serde(default)]
    pub from: Option<String>,
    /// Choices: what was answered to this question.
    #[serde(default)]
    pub within: Option<String>,
    /// Choices: exactly these.
    #[serde(default)]
    pub choices: Vec<String>,
    /// With `pairs`: the question whose answers may stand on the left; each of them gets a list named as this
    /// question. Without it any identifier may stand there, once, and the answer is a row for each, with its
    /// right side as `kind`.
    #[serde(default)]
    pub left: Option<String>,
    /// `many` is then never asked: these templates are the answer, those that are empty left out. Of a thing
    /// that exists it is read back by `[[observe]]`, and several of them add up.
    #[serde(default)]
    pub follows: Vec<String>,
    /// With `one`: whether the only choice is taken if there is but one.
    #[serde(default)]
    pub only: bool,
    /// `text`: a regular expression that the answer must match.
    #[serde(default)]
    pub matching: Option<String>,
    /// `text`: an answer that fits, for messages and for `tenon pack test`.
    #[serde(default)]
    pub example: Option<String>,
    /// Whether an empty answer is refused.
    #[serde(default)]
    pub required: bool,
    /// Whether it is only taken from a flag, never asked.
    #[serde(default)]
    pub advanced: bool,
}

/// The kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// Any of the choices, comma-separated, or `all`.
    Many,
    /// One of the choices.
    One,
    /// Yes or no.
    Flag,
    /// `LEFT:RIGHT`, comma-separated.
    Pairs,
    /// Free text without control characters.
    Text,
}

/// `[[require]]`: refused with a sentence unless it holds.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRequire {
    /// Generators that require it.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// Repeat for each row of this answer.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called; the singular of `each` if absent.
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression; it is required only where this is true.
    #[serde(default)]
    pub when: Option<String>,
    /// The expression that must be true.
    pub that: String,
    /// The sentence of the refusal, a template.
    pub say: String,
    /// What to do about it, a template.
    pub help: String,
}

/// `[[part]]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPart {
    /// Generators that make it.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// The directory in which its files stand: a template; the host's root if absent.
    #[serde(default)]
    pub dir: Option<String>,
    /// The folder below `files/` that holds them.
    pub files: String,
    /// Repeat for each row of this answer or fact table.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called in templates; the singular of `each` if absent (`modules`: `module`).
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression; the part is made only when it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// The contract whose methods the templates list.
    #[serde(default)]
    pub contract: Option<String>,
    /// An expression that may also speak of the contract; the part is made only when it is true.
    #[serde(default)]
    pub only_if: Option<String>,
    /// Leave a file alone if it exists, whatever it says.
    #[serde(default)]
    pub keep: bool,
    /// `[[part.required]]`: files that a thing which exists must have.
    #[serde(default)]
    pub required: Vec<RawRequired>,
}
