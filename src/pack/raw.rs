//! `pack.toml` as it is written: serde types, unknown keys refused. Nothing here is checked beyond its shape;
//! [`super::Pack`] is the checked form.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::lang::tree::Grammar;

pub use super::raw_facts::{RawContract, RawFact, RawFactField};
pub use super::raw_off::RawOff;

use super::raw_check::{RawExpect, RawField, RawNames, RawNever, RawObserve, RawRequired, RawSubject};

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPack {
    /// Identity.
    pub pack: RawIdentity,
    /// How a host is recognised.
    #[serde(default)]
    pub detect: RawDetect,
    /// How rendered files look.
    #[serde(default)]
    pub style: RawStyle,
    /// Public interfaces of packages, from which contracts are read.
    #[serde(default)]
    pub api: BTreeMap<String, RawApi>,
    /// Named tables of what holds in the host.
    #[serde(default)]
    pub facts: BTreeMap<String, RawFact>,
    /// Interfaces that the host defines and integrations implement.
    #[serde(default)]
    pub contracts: BTreeMap<String, RawContract>,
    /// Sets of names that sources give.
    #[serde(default)]
    pub names: BTreeMap<String, RawNames>,
    /// What the pack can create.
    #[serde(default, rename = "generator")]
    pub generators: Vec<RawGenerator>,
    /// What is asked.
    #[serde(default, rename = "question")]
    pub questions: Vec<RawQuestion>,
    /// What must hold before anything is made.
    #[serde(default, rename = "require")]
    pub requires: Vec<RawRequire>,
    /// The files that things consist of.
    #[serde(default, rename = "part")]
    pub parts: Vec<RawPart>,
    /// The places where things are listed.
    #[serde(default, rename = "site")]
    pub sites: Vec<RawSite>,
    /// The things that stand in a host.
    #[serde(default, rename = "subject")]
    pub subjects: Vec<RawSubject>,
    /// How their answers are read back.
    #[serde(default, rename = "observe")]
    pub observes: Vec<RawObserve>,
    /// What is expected of them.
    #[serde(default, rename = "expect")]
    pub expects: Vec<RawExpect>,
    /// What `tenon try` shows, step by step.
    #[serde(default, rename = "story")]
    pub story: Vec<RawStep>,
    /// What of the pack that this one extends is turned off.
    #[serde(default, rename = "off")]
    pub offs: Vec<RawOff>,
}

/// `[[story]]`: one step of what newcomers are shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStep {
    /// What it shows, in a sentence.
    pub say: String,
    /// The words after `tenon`.
    pub run: Vec<String>,
    /// The directory, below the one in which the story began, in which the next steps are run.
    #[serde(default)]
    pub then_in: Option<String>,
}

/// `[pack]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawIdentity {
    /// Short name, kebab-case.
    pub name: String,
    /// Version of the pack, not of the framework.
    pub version: String,
    /// One line for people who choose.
    pub summary: String,
    /// The language of what integrations consist of.
    pub language: Grammar,
    /// Where the framework documents what this pack does.
    #[serde(default)]
    pub docs: Option<String>,
    /// The pack that this one is a variant of: the name of a built-in one, or where it comes from.
    #[serde(default)]
    pub extends: Option<String>,
}

/// `[detect]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawDetect {
    /// Files that must all exist; `*` stands for one name.
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
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStyle {
    /// The first of these host files that exists shows line ends and indentation for new files.
    #[serde(default)]
    pub like: Vec<String>,
    /// Longest line.
    #[serde(default)]
    pub width: Option<usize>,
    /// TypeScript: `single` or `double`.
    #[serde(default)]
    pub quotes: Option<String>,
    /// TypeScript: groups of imports, in order, each a regular expression on module names; others come first.
    #[serde(default)]
    pub import_groups: Vec<String>,
}

/// `[api.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawApi {
    /// What importers write after `from`. Here and below `{QUESTION}` stands for the answer to that question;
    /// as long as there is none, the interface is empty.
    pub specifier: String,
    /// The file that exports everything; the first that exists is read.
    pub entry: Vec<String>,
    /// Path aliases inside the package: prefix to folder.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// A file of the pack that is used when no entry exists in the host.
    #[serde(default)]
    pub snapshot: Option<String>,
    /// Public paths of classes that the snapshot has.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// `[[generator]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawGenerator {
    /// What people type after `tenon new`.
    pub id: String,
    /// One line for help.
    pub summary: String,
    /// How the name is asked for.
    pub name: RawName,
    /// Whether it makes a new host in a new directory.
    #[serde(default)]
    pub host: bool,
    /// Sentences shown afterwards: what a person does next; templates.
    #[serde(default)]
    pub next: Vec<String>,
}

/// How a generator's name is asked for and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawName {
    /// The question.
    pub prompt: String,
    /// What shape it must have.
    pub case: NameCase,
    /// Longest name, in characters.
    #[serde(default = "default_name_length")]
    pub max: usize,
    /// Names in this fact table must not be equal to it but for case or separators.
    #[serde(default)]
    pub distinct_from: Vec<String>,
    /// The name must be one of this fact table: the generator adds to something that exists.
    #[serde(default)]
    pub one_of: Option<String>,
    /// Words that cannot be names, beyond those that the engine knows.
    #[serde(default)]
    pub reserved: Vec<String>,
}

fn default_name_length() -> usize {
    64
}

/// The shape of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameCase {
    /// `a-name-2`
    Kebab,
    /// `a_name_2`
    Snake,
    /// `aname2`: lower case letters and digits
    Lower,
    /// A directory that is made.
    Directory,
}

/// `[[question]]`
#[derive(Clone, Debug, Deserialize)]
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
    /// One line for `--help`.
    #[serde(default)]
    pub help: Option<String>,
    /// Choices: rows of this fact table, named by `name`.
    #[serde(default)]
    pub from: Option<String>,
    /// Choices: those that were given as answer to this question.
    #[serde(default)]
    pub within: Option<String>,
    /// Choices: exactly these.
    #[serde(default)]
    pub choices: Vec<String>,
    /// `pairs`: the question whose answers may stand on the left; each of them carries its right sides. Without it
    /// any identifier may stand there, once, and the answer is a row for each, with its right side as `kind`.
    #[serde(default)]
    pub left: Option<String>,
    /// `many`: it is never asked; these templates say what the answer is, those that are empty left out.
    #[serde(default)]
    pub follows: Vec<String>,
    /// `one`: whether the only choice is taken if there is but one.
    #[serde(default)]
    pub only: bool,
    /// Whether an empty answer is refused.
    #[serde(default)]
    pub required: bool,
    /// Whether it is not asked at a prompt, only taken from a flag.
    #[serde(default)]
    pub advanced: bool,
}

/// The kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// Any of the choices, comma-separated.
    Many,
    /// One of the choices.
    One,
    /// Yes or no.
    Flag,
    /// `LEFT:RIGHT`, comma-separated.
    Pairs,
    /// Free text.
    Text,
}

/// `[[require]]`: refused with a sentence unless it holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRequire {
    /// Generators that require it.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// Repeat for each row of this answer.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called.
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
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPart {
    /// Generators that make it.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// The directory in which its files stand: a template; the host's root when absent.
    #[serde(default)]
    pub dir: Option<String>,
    /// The folder under `files/` whose files it has. Names are templates; `.hbs` at the end says that the text
    /// is one too; `dot-` at the beginning stands for a dot.
    pub files: String,
    /// Repeat for each row of this answer or fact table.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called in templates; the singular of `each` by default.
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
    /// The files that a thing which exists must have.
    #[serde(default)]
    pub required: Vec<RawRequired>,
}

/// `[[site]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawSite {
    /// Name for messages and the record.
    pub id: String,
    /// Generators that add an entry to it.
    #[serde(rename = "for")]
    pub generators: Vec<String>,
    /// What kind of place.
    pub kind: SiteKind,
    /// Its file: a template; `*` stands for one name.
    #[serde(default)]
    pub file: Option<String>,
    /// Repeat for each row of this answer.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called.
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression.
    #[serde(default)]
    pub when: Option<String>,
    /// `manifest`: where in the file.
    #[serde(default)]
    pub pointer: Option<String>,
    /// `manifest`: key of the entry in an object; absent for an item of an array. A template.
    #[serde(default)]
    pub key: Option<String>,
    /// `manifest`: other objects of the file in which the key may stand instead.
    #[serde(default)]
    pub also_in: Vec<String>,
    /// `manifest`, `member`, `slot`: the value; a template.
    #[serde(default)]
    pub value: Option<String>,
    /// `manifest`: the value where it is no text, as JSON; a template.
    #[serde(default)]
    pub json: Option<String>,
    /// `list`, `slot`: the rule that matches an entry.
    #[serde(default)]
    pub entry: Option<toml::Table>,
    /// `list`: the rule that matches the node which holds the entries; the file when absent.
    #[serde(default)]
    pub container: Option<toml::Table>,
    /// `list`: the rule for the node which holds the entries where nothing matches `container`.
    #[serde(default)]
    pub or_container: Option<toml::Table>,
    /// `list`: the variable of `container` that is the list itself.
    #[serde(default)]
    pub target: Option<String>,
    /// `list`, `slot`: the variable of `entry` (or `name-in`) that names the entry or holds the slot's value.
    #[serde(default)]
    pub var: Option<String>,
    /// `list`: a rule searched inside an entry; `var` is then one of its variables.
    #[serde(default)]
    pub name_in: Option<toml::Table>,
    /// `list`: whether the names of entries are followed through the imports of their file: whatever the file calls
    /// a package, the name is that of the package and of what is taken from it.
    #[serde(default)]
    pub follow: bool,
    /// `list`: what `var` is for the new entry; a template.
    #[serde(default)]
    pub name: Option<String>,
    /// `list`: the new entry; a template.
    #[serde(default)]
    pub insert: Option<String>,
    /// `list`: whether an entry may have several names, one for each match of `name-in`.
    #[serde(default)]
    pub several: bool,
    /// `list`: whether a new entry goes behind all others, even where these are in order.
    #[serde(default)]
    pub last: bool,
    /// `list`: where the entry goes when the list has none: after the last match of this rule.
    #[serde(default)]
    pub after: Option<toml::Table>,
    /// `list`: where the entry goes when the list has none: before the first match of this rule.
    #[serde(default)]
    pub before: Option<toml::Table>,
    /// `list`: the entry stands behind all entries that match this rule.
    #[serde(default)]
    pub follows: Option<toml::Table>,
    /// `list`: the entry stands before all entries that match this rule.
    #[serde(default)]
    pub precedes: Option<toml::Table>,
    /// `list`, `slot`: imports that the entry needs; templates of import statements.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Skip silently when the file does not exist: the host does not have this place.
    #[serde(default)]
    pub optional: bool,
    /// Whether an entry is one that a thing may have: it is neither made nor missed, and goes when the thing goes.
    #[serde(default)]
    pub may: bool,
    /// Why an entry has to be there: one sentence that people read, without a full stop. A template.
    #[serde(default)]
    pub why: Option<String>,
    /// `list`, `manifest`: whether nothing else may be listed there.
    #[serde(default)]
    pub closed: bool,
    /// Names of other observed rows that have to be listed as well, under any spelling of their name.
    #[serde(default)]
    pub also: Vec<String>,
    /// `list`: the variable of `entry` that holds a module specifier, which must lead to a file.
    #[serde(default)]
    pub leads_to: Option<String>,
    /// `list`: for checks: a directory; an entry that stands in another source below it will do as well. A template.
    #[serde(default)]
    pub or_in: Option<String>,
    /// `list`: whether its entries must be in order.
    #[serde(default)]
    pub sorted: bool,
    /// `list`, `slot`: what an entry says beside its name.
    #[serde(default, rename = "field")]
    pub fields: Vec<RawField>,
    /// `list`: what an entry must not say.
    #[serde(default, rename = "never")]
    pub nevers: Vec<RawNever>,
}

/// The kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteKind {
    /// The directory is a member of the workspace, whichever manifest says so.
    Member,
    /// An entry at a pointer of a JSON, TOML or YAML file.
    Manifest,
    /// An entry of a list in source code.
    List,
    /// The one holder of something in source code.
    Slot,
}
