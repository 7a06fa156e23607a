//! `pack.toml` as it is written: serde types, unknown keys refused. Nothing here is checked beyond its shape;
//! [`super::Pack`] is the checked form. [`RawFile`] is the whole file; `kind.rs` takes its kinds apart.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use tenon_syntax::language::Lang;

pub use super::raw_facts::{RawContract, RawFact, RawFactField};
pub use super::raw_off::RawOff;
pub use super::raw_runs::{RawAction, RawAnswer, RawStep, RawStory, RawVerify};

pub use super::kind::RawKind;
pub use super::one_or_many::OneOrMany;
use super::raw_check::{KindMembers, RawNames, RawPackRule, RawRead, RawReason};
pub use super::raw_site::{RawSite, SiteKind};

/// The whole file, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawFile {
    /// `[pack]`: identity.
    pub pack: RawIdentity,
    /// `[host]`: how a host is recognised.
    #[serde(default)]
    pub host: RawDetect,
    /// How rendered files look.
    #[serde(default)]
    pub style: RawStyle,
    /// Public interfaces of packages: `[api.NAME]`.
    #[serde(default)]
    pub api: BTreeMap<String, RawApi>,
    /// Tables of what holds in the host beside the members of kinds: `[facts.NAME]`.
    #[serde(default)]
    pub facts: BTreeMap<String, RawFact>,
    /// Interfaces that members implement: `[contract.NAME]`.
    #[serde(default)]
    pub contract: BTreeMap<String, RawContract>,
    /// Sets of names that sources give: `[names.NAME]`.
    #[serde(default)]
    pub names: BTreeMap<String, RawNames>,
    /// `[kind.NAME]`: what can be made, and what is expected of what is there.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RawKind>"))]
    pub kind: IndexMap<String, RawKind>,
    /// What `tenon try` shows.
    #[serde(default)]
    pub story: RawStory,
    /// `[[off]]`: what of the pack that this one extends is turned off.
    #[serde(default, rename = "off")]
    pub offs: Vec<RawOff>,
}

/// The whole pack: what its kinds have, each in one list over all of them.
#[derive(Clone, Debug)]
pub struct RawPack {
    /// Identity.
    pub pack: RawIdentity,
    /// How a host is recognised.
    pub detect: RawDetect,
    /// How rendered files look.
    pub style: RawStyle,
    /// Public interfaces of packages.
    pub api: BTreeMap<String, RawApi>,
    /// Tables of what holds in the host, those of the members of kinds among them.
    pub facts: BTreeMap<String, RawFact>,
    /// Interfaces that members implement.
    pub contracts: BTreeMap<String, RawContract>,
    /// Sets of names that sources give.
    pub names: BTreeMap<String, RawNames>,
    /// What can be made.
    pub kinds: Vec<Kind>,
    /// What is asked.
    pub options: Vec<RawOption>,
    /// What must hold before anything is made.
    pub requires: Vec<RawRequire>,
    /// Files of members.
    pub folders: Vec<RawFolder>,
    /// Lists in shared files.
    pub sites: Vec<RawSite>,
    /// How the members of kinds are found in a host.
    pub kind_members: Vec<KindMembers>,
    /// How the answers that would have made a member are read back from it.
    pub reads: Vec<RawRead>,
    /// What holds in a host that is in order, beside what files and sites say.
    pub rules: Vec<RawPackRule>,
    /// Commands of the framework that say whether what was made is sound.
    pub verifies: Vec<RawVerify>,
    /// The steps of `tenon try`.
    pub story: Vec<RawStep>,
    /// What of the pack that this one extends is turned off.
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
    /// The language of what integrations consist of.
    pub language: Lang,
    /// Where the framework documents what the pack does.
    #[serde(default)]
    pub docs: Option<String>,
    /// The pack that this one is a variant of: the name of a built-in one, or where it comes from.
    #[serde(default)]
    pub extends: Option<String>,
}

/// `[host]`
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
    /// Host files; the first that exists shows line ends and indentation for new files, and quotes and semicolons if it is code of the members' language.
    #[serde(default)]
    pub like: Vec<String>,
    /// Longest line; 80 if absent.
    #[serde(default)]
    pub width: Option<usize>,
    /// TypeScript: `single` or `double`; `double` if absent.
    #[serde(default)]
    pub quotes: Option<String>,
    /// Groups of imports in their order, each a regular expression over module names, in languages with one import for each module or
    /// name; others come first.
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
    /// Files of the host that export everything; the first that exists is read. Without any, and without a snapshot, the interface is not
    /// read: all that is known of it is where it is imported from.
    #[serde(default)]
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

impl RawApi {
    /// Whether the interface can be read, from files of the host or from the pack.
    pub fn is_readable(&self) -> bool {
        !self.entry.is_empty() || self.snapshot.is_some()
    }
}

/// Something that can be made: what a `[kind.NAME]` says of it.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What people type after `tenon new`; `integration` is also `tenon new-integration`.
    pub id: String,
    /// One line for help.
    pub summary: String,
    /// How the name is asked for.
    pub name: RawName,
    /// Where a new member's files go, and where those of one that exists are: a template.
    pub home: Option<String>,
    /// Whether it makes a new host in a new directory.
    pub host: bool,
    /// Kinds that a person makes next, with the same name, to complete the member: `tenon pack test` makes them before it checks.
    pub whole_with: Vec<String>,
    /// What a person does next, shown afterwards: templates.
    pub next: Vec<String>,
    /// The kind that it is like.
    pub like: Option<String>,
    /// What of that kind it has, if not all: ids of options and sites, folders of templates.
    pub only: Vec<String>,
    /// What of that kind it has not.
    pub except: Vec<String>,
}

/// How a member's name is asked for and checked.
#[derive(Clone, Debug)]
pub struct RawName {
    /// What is asked.
    pub prompt: String,
    /// The shape it must have.
    pub case: NameCase,
    /// Longest name in characters.
    pub max: usize,
    /// Fact tables: the name must differ from every row's, not only in case or separators.
    pub distinct_from: Vec<String>,
    /// A fact table: the name must be one of its rows; what is made is added to something that exists.
    pub one_of: Option<String>,
    /// Words that cannot be names, in addition to the reserved words of the pack's language.
    pub reserved: Vec<String>,
    /// Names that are allowed although they do not have the shape, such as those of existing members.
    pub irregular: Vec<String>,
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
    /// `AName2`.
    Pascal,
    /// A directory that is made.
    Directory,
}

/// `[kind.NAME.option.ID]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawOption {
    /// Name of the answer and of the flag.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub id: String,
    /// Kinds that ask it.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub for_kinds: Vec<String>,
    /// How its value is read back from an existing member; several of them add up.
    #[serde(default)]
    pub read: OneOrMany<RawRead>,
    /// What kind of answer.
    pub kind: OptionKind,
    /// What is asked.
    pub prompt: String,
    /// One line for `--help`; the prompt if absent.
    #[serde(default)]
    pub help: Option<String>,
    /// Choices: rows of this fact table.
    #[serde(default)]
    pub from: Option<String>,
    /// Choices: what was answered to this option.
    #[serde(default)]
    pub within: Option<String>,
    /// Choices: exactly these.
    #[serde(default)]
    pub choices: Vec<String>,
    /// What a choice means, by its value: shown beside it when it is asked for.
    #[serde(default)]
    pub means: BTreeMap<String, String>,
    /// With `from`: the kind that makes these rows, if they are not the members of a kind; a message names it if there is no row yet.
    #[serde(default)]
    pub made_by: Option<String>,
    /// With `pairs`: the option whose answers may be on the left; each of them gets a list with the name of this option. Without it any identifier may be there, once; the answer is a row for each, with its right side as `kind`.
    #[serde(default)]
    pub left: Option<String>,
    /// `many` is then never asked: these templates are the answer, without empty ones. `read` reads it back from an existing member; several of them add up.
    #[serde(default)]
    pub follows: Vec<String>,
    /// With `one`: whether a single choice is taken without being asked for.
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
pub enum OptionKind {
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

/// `[[kind.NAME.require]]`: refused with a sentence unless it holds.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRequire {
    /// Kinds that require it.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub for_kinds: Vec<String>,
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

/// `[[kind.NAME.files]]`: files that a member consists of.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawFolder {
    /// Kinds that make it.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub for_kinds: Vec<String>,
    /// The directory of its files: a template; the home of the kind if absent, or the host's root.
    #[serde(default, rename = "in")]
    pub dir: Option<String>,
    /// The folder below `files/` that holds them.
    pub templates: String,
    /// Repeat for each row of this answer or fact table.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called in templates; the singular of `each` if absent (`modules`: `module`).
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression; the files are made only when it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// The contract whose methods the templates list.
    #[serde(default)]
    pub contract: Option<String>,
    /// An expression that may also use the contract; the files are made only when it is true.
    #[serde(default)]
    pub only_if: Option<String>,
    /// Leave a file alone if it exists, whatever it says.
    #[serde(default)]
    pub keep: bool,
    /// Files that an existing member must have, each with the reason: one sentence without a full stop, a template.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RawReason>"))]
    pub required: IndexMap<String, RawReason>,
}

impl RawFolder {
    /// The files of a folder of templates, and nothing more to be said of them.
    pub fn of(folder: &str) -> Self {
        Self {
            for_kinds: vec![],
            dir: None,
            templates: folder.to_owned(),
            each: None,
            row: None,
            when: None,
            contract: None,
            only_if: None,
            keep: false,
            required: IndexMap::new(),
        }
    }
}
