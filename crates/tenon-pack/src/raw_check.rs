//! The tables of `pack.toml` that speak of members which exist: how they are found, how their answers are read
//! back, and what is expected of them beside what folders of templates, sites and contracts say. As written, like [`super::raw`].

use indexmap::IndexMap;
use serde::Deserialize;

use tenon_syntax::rule::Pattern;

use tenon_text::diag::Severity;

use super::one_or_many::OneOrMany;

/// How the members of a kind are found in a host, whoever made them.
#[derive(Clone, Debug)]
pub struct KindMembers {
    /// The kind; its files, sites and options are what they are checked against.
    pub kind: String,
    /// The fact table whose rows they are.
    pub rows: String,
    /// The directory that is theirs: a template of `name`.
    pub dir: String,
    /// Whether a host may have none; otherwise that is a finding of `empty-facts`, unless a workspace would take them in and nothing names one that is gone.
    pub may_be_empty: bool,
}

/// `read` of an option: how its value is read back from a member that exists. Exactly one of `files`, `find` and
/// `site`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRead {
    /// The option.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub option: String,
    /// Kinds whose members it is read from.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub for_kinds: Vec<String>,
    /// For `pairs`: the answer whose rows are the left sides.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row of `each` is called; the singular of `each` if absent.
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// A pattern of paths, first a template, in which `{id}` is what is answered; without `{id}` the answer is
    /// whether one matches.
    #[serde(default)]
    pub files: Option<String>,
    /// With `files`: the name under which the ids are kept that are no choice of the option.
    #[serde(default)]
    pub rest: Option<String>,
    /// With `find`, `pointer` and `containing`: the files in which it is searched; a pattern, first a template.
    #[serde(default)]
    pub file: Option<String>,
    /// In place of `file`: several such patterns.
    #[serde(default)]
    pub in_files: Vec<String>,
    /// A JSON pointer, a template: what stands there in a manifest. A text is the answer; so is each text of an
    /// array, each key of an object, and `true`.
    #[serde(default)]
    pub pointer: Option<String>,
    /// A rule that matches what tells the answer.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub find: Option<Pattern>,
    /// By itself: the answer is whether one of the files has this text. With `find`: a text without which no file
    /// can match, so that the others need not be parsed. A template.
    #[serde(default)]
    pub containing: Option<String>,
    /// With `find`: its variable that holds the answer.
    #[serde(default)]
    pub var: Option<String>,
    /// With `find`: a regular expression on the variable's text; its first group is the answer.
    #[serde(default)]
    pub regex: Option<String>,
    /// Whether nothing that is checked follows from the answer, so that it is read only where something is
    /// mended.
    #[serde(default)]
    pub for_fixes: bool,
    /// A site of kind `slot`: the answer is what the member holds there.
    #[serde(default)]
    pub site: Option<String>,
}

/// `[names.NAME]`: where names stand that have to agree with others.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNames {
    /// Another set, from which it has what it does not say itself.
    #[serde(default)]
    pub like: Option<String>,
    /// Names that are there anyway.
    #[serde(default)]
    pub given: Vec<String>,
    /// A rule in the class, or the nearest one that it is built on: the class that its variable names is looked
    /// at instead.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub through: Option<Pattern>,
    /// The variable of `through`.
    #[serde(default)]
    pub through_var: Option<String>,
    /// A rule in the class: only its first match is looked at.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub within: Option<Pattern>,
    /// A rule: every match is a name.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub find: Option<Pattern>,
    /// The variable of `find` that is the name, quotes aside.
    #[serde(default)]
    pub var: Option<String>,
    /// Whether the names of the classes that it is built on count as well; if not, the first class that has any
    /// counts.
    #[serde(default)]
    pub inherited: bool,
    /// Another set, whose names are taken out.
    #[serde(default)]
    pub without: Option<String>,
    /// A rule: where it matches there may be names that cannot be read.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub open: Option<Pattern>,
}

/// `[[kind.NAME.rule]]`: a relation that holds in a host which is in order.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPackRule {
    /// Which relation.
    #[serde(rename = "expect")]
    pub kind: RuleKind,
    /// Kinds of whose members it is expected.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub for_kinds: Vec<String>,
    /// Other kinds of whose members it is expected as well: what is unique, is so among all of them.
    #[serde(default)]
    pub also_for: Vec<String>,
    /// Once for each row of this answer or fact table.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called in templates; the singular of `each` if absent.
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression; it is expected only where it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// Names of members of which it is not expected.
    #[serde(default)]
    pub except: Vec<String>,
    /// Why: one sentence that people read, without a full stop; a template.
    pub why: String,
    /// `error` (if absent), `warning` or `note`; `tenon.toml` may say otherwise.
    #[serde(default)]
    pub severity: Severity,
    /// The file: a template.
    pub file: String,
    /// `exports`: the names that it must export, and what each must be: `{ Config = "const" }`; the names are templates.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, ExportedKind>"))]
    pub exports: IndexMap<String, ExportedKind>,
    /// `declares`: the names of the functions, methods, classes and fields.
    #[serde(default)]
    pub declares: Vec<String>,
    /// `class`, `provided`: the name under which the file exports the class.
    #[serde(default)]
    pub export: Option<String>,
    /// `class`: the `[contract.NAME]` that the class fulfils.
    #[serde(default)]
    pub contract: Option<String>,
    /// `class`: an `[api.NAME]` with an `{OPTION}` whose classes it may be built on instead.
    #[serde(default)]
    pub or_api: Option<String>,
    /// `class`: what the class, or one of this host that it is built on, must set.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// `class`: whether only classes that are built on the contract are looked at.
    #[serde(default)]
    pub if_built_on: bool,
    /// `agree`: the `[names.NAME]` each of which must have a counterpart.
    #[serde(default)]
    pub names: Option<String>,
    /// `agree`: the `[names.NAME]` that are the counterparts.
    #[serde(default)]
    pub among: Option<String>,
    /// `agree`: nothing is said of a name that is nearly that of a counterpart which lacks its own: the other
    /// direction is expected too.
    #[serde(default)]
    pub unless_near: bool,
    /// `agree`, `has`: what people call the place, or what has to stand there; a template.
    #[serde(default)]
    pub what: Option<String>,
    /// `has`: a text without which no file can match, so that others need not be parsed.
    #[serde(default)]
    pub containing: Option<String>,
    /// `has`: whether there may be only one.
    #[serde(default)]
    pub once: bool,
    /// `class`: decorators that it must have, without the `@`.
    #[serde(default)]
    pub decorators: Vec<String>,
    /// `value`, `unique`, `entry-points`: where in the manifest; for `value` a template. What a site lists is
    /// missed there, and not here as well.
    #[serde(default)]
    pub pointer: Option<String>,
    /// `never`: what is wrong about it: one sentence without a full stop; a template.
    #[serde(default)]
    pub say: Option<String>,
    /// `value`, `says`: what must stand there; a template.
    #[serde(default)]
    pub value: Option<String>,
    /// `value`: the texts of which it must be one; templates.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// `value`: a regular expression that must match in it.
    #[serde(default)]
    pub matching: Option<String>,
    /// `value`: it is a path that must exist below this directory; a template, `.` for the host.
    #[serde(default)]
    pub exists: Option<String>,
    /// `value`: the kind of which it must name a member.
    #[serde(default)]
    pub refers_to: Option<String>,
    /// With `refers-to`: a regular expression on the text; its first group is the name, and what it does not match names no member.
    #[serde(default)]
    pub regex: Option<String>,
    /// `value`: where else the same must stand, `FILE#POINTER`. `text`: the file that a fenced block of code must show. A template.
    #[serde(default)]
    pub same_as: Option<String>,
    /// `value`: whether the texts there must be in order.
    #[serde(default)]
    pub sorted: bool,
    /// `value`: whether it may be absent.
    #[serde(default)]
    pub optional: bool,
    /// `text`: what must stand in the file, each a line or several of them, one behind the other in this order; templates.
    #[serde(default)]
    pub text: OneOrMany<String>,
    /// `text`: the heading, or the line, below which it must stand; a template.
    #[serde(default, rename = "in")]
    pub scope: Option<String>,
    /// `text` with `same-as`: the language of the block of code.
    #[serde(default)]
    pub language: Option<String>,
    /// `says`, `never`, `has`: a rule; every match in the file is looked at. For `value` and `unique` it stands
    /// in place of `pointer`.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub find: Option<Pattern>,
    /// `says`, `value`, `unique`: the variable of `find` that is looked at; for `says` and `value` its text
    /// must be `value`, quotes aside.
    #[serde(default)]
    pub var: Option<String>,
    /// `entry-points`: names that must be exported.
    #[serde(default)]
    pub required: Vec<String>,
    /// `entry-points`: the configuration of the compiler, which says where the build writes: a template.
    #[serde(default)]
    pub compiler: Option<String>,
    /// `dependencies`, `has`, `imports`: the directory whose sources may use only what the manifest declares: a
    /// template.
    #[serde(default)]
    pub sources: Option<String>,
    /// `dependencies`: pointers to the objects that declare.
    #[serde(default)]
    pub pointers: Vec<String>,
    /// `dependencies`: packages that only the workspace has: regular expressions.
    #[serde(default)]
    pub local: Vec<String>,
    /// `provided`: what a constructor may take, with `{}` for a name: `{}.Service`.
    #[serde(default)]
    pub takes: Option<String>,
    /// `provided`: what then has to stand in the entry: `{}.Module`.
    #[serde(default)]
    pub gives: Option<String>,
    /// `provided`: the `[api.NAME]` that both belong to.
    #[serde(default)]
    pub api: Option<String>,
    /// `provided`: the site in whose entry it has to stand.
    #[serde(default)]
    pub site: Option<String>,
    /// `provided`: nothing is expected of an entry in which this rule matches.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub unless: Option<Pattern>,
}

/// `[kind.NAME.values.FILE]`: what must stand at a pointer of a manifest. A step `*` of the pointer stands for every one.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawValue {
    /// What must stand there; a template.
    #[serde(default)]
    pub value: Option<String>,
    /// The texts of which it must be one; templates.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// A regular expression that must match in it.
    #[serde(default)]
    pub matching: Option<String>,
    /// It is a path that must exist below this directory; a template, `.` for the host.
    #[serde(default)]
    pub exists: Option<String>,
    /// The kind of which it must name a member.
    #[serde(default)]
    pub refers_to: Option<String>,
    /// With `refers-to`: a regular expression on the text; its first group is the name, and what it does not match names no member.
    #[serde(default)]
    pub regex: Option<String>,
    /// Where else the same must stand: `FILE#POINTER`, a template.
    #[serde(default)]
    pub same_as: Option<String>,
    /// Whether the texts there must be in order.
    #[serde(default)]
    pub sorted: bool,
    /// Whether it may be absent.
    #[serde(default)]
    pub optional: bool,
    /// Why: one sentence that people read, without a full stop; a template.
    pub why: String,
    /// Why no other member may have it, if none may: none of all the kinds that say so of this file and pointer.
    #[serde(default)]
    pub unique: Option<String>,
    /// An expression; it is expected only where it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// Names of members of which it is not expected.
    #[serde(default)]
    pub except: Vec<String>,
    /// Other kinds of whose members it is expected as well: what is unique, is so among all of them.
    #[serde(default)]
    pub also_for: Vec<String>,
    /// `error` (if absent), `warning` or `note`.
    #[serde(default)]
    pub severity: Severity,
}

impl RawNames {
    /// The same with what `other` says beside it.
    pub(super) fn beside(&self, other: &Self) -> Self {
        let or = |own: &Option<Pattern>, other: &Option<Pattern>| own.clone().or_else(|| other.clone());
        let word = |own: &Option<String>, other: &Option<String>| own.clone().or_else(|| other.clone());
        Self {
            like: None,
            given: [&*self.given, &*other.given].concat(),
            through: or(&self.through, &other.through),
            through_var: word(&self.through_var, &other.through_var),
            within: or(&self.within, &other.within),
            find: or(&self.find, &other.find),
            var: word(&self.var, &other.var),
            inherited: self.inherited || other.inherited,
            without: word(&self.without, &other.without),
            open: or(&self.open, &other.open),
        }
    }
}

impl RawValue {
    /// The rules that it stands for.
    pub(super) fn rules(&self, file: &str, pointer: &str) -> Vec<RawPackRule> {
        let shared = RawPackRule {
            also_for: self.also_for.clone(),
            when: self.when.clone(),
            except: self.except.clone(),
            severity: self.severity,
            file: file.to_owned(),
            pointer: Some(pointer.to_owned()),
            ..RawPackRule::default()
        };
        let unique = self.unique.as_ref().map(|why| RawPackRule {
            kind: RuleKind::Unique,
            why: why.clone(),
            ..shared.clone()
        });
        let value = RawPackRule {
            kind: RuleKind::Value,
            why: self.why.clone(),
            value: self.value.clone(),
            one_of: self.one_of.clone(),
            matching: self.matching.clone(),
            exists: self.exists.clone(),
            refers_to: self.refers_to.clone(),
            regex: self.regex.clone(),
            same_as: self.same_as.clone(),
            sorted: self.sorted,
            optional: self.optional,
            ..shared
        };
        // Of what is only unique, nothing else is said.
        let value = (unique.is_none() || value.says_something()).then_some(value);
        value.into_iter().chain(unique).collect()
    }
}

impl RawPackRule {
    /// Whether it is about the values at a pointer of manifests.
    pub fn is_about_values(&self) -> bool {
        matches!(self.kind, RuleKind::Value | RuleKind::Unique) && self.find.is_none()
    }

    /// Whether a rule for a value says anything of it.
    pub fn says_something(&self) -> bool {
        self.value.is_some() || self.says_more()
    }

    /// Whether a rule for a value says anything of it beside what it is.
    pub fn says_more(&self) -> bool {
        let words = [&self.matching, &self.exists, &self.refers_to, &self.same_as];
        words.iter().any(|word| word.is_some()) || !self.one_of.is_empty() || self.sorted
    }

    /// What it says in a few words, for people: the relation, and of what.
    pub fn shown(&self) -> String {
        let kind = self.kind.name();
        let of = match (self.kind, &self.pointer) {
            (RuleKind::Value | RuleKind::Unique, Some(pointer)) => format!(" at `{pointer}`"),
            _ => String::new(),
        };
        let quoted = |all: &[String]| {
            let first = all
                .iter()
                .map(|text| text.trim().lines().next().unwrap_or_default());
            first
                .map(|text| format!("`{text}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut says: Vec<String> = vec![];
        if self.kind == RuleKind::Value && self.is_about_values() {
            says.extend(self.value.as_ref().map(|value| format!("is `{value}`")));
            if !self.one_of.is_empty() {
                says.push(format!("is one of {}", quoted(&self.one_of)));
            }
            says.extend(self.matching.as_ref().map(|regex| format!("matches `{regex}`")));
            says.extend(self.exists.as_ref().map(|dir| format!("exists below `{dir}`")));
            says.extend(self.refers_to.as_ref().map(|kind| format!("names a `{kind}`")));
            says.extend(
                self.same_as
                    .as_ref()
                    .map(|other| format!("is the same as `{other}`")),
            );
            says.extend(self.sorted.then(|| "is sorted".to_owned()));
        } else if self.kind == RuleKind::Text {
            let mut said = quoted(&self.text.0);
            said.extend(self.same_as.iter().map(|file| format!("the code of `{file}`")));
            said.extend(self.scope.iter().map(|scope| format!(" below `{scope}`")));
            says.push(said);
        }
        match says.is_empty() {
            true => format!("{kind}{of}"),
            false => format!("{kind}{of}: {}", says.join(", ")),
        }
    }
}

/// The relations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// A source file exports names.
    Exports,
    /// An exported class fulfils a contract.
    Class,
    /// A text stands in a manifest, or in code.
    #[default]
    Value,
    /// What matches a rule in a source file says one thing and no other.
    Says,
    /// Nothing in files of code matches a rule.
    Never,
    /// A text of a manifest, or one that an expression of code always stands for, is no other member's.
    Unique,
    /// What a package exports has a source, and points to where the build puts it.
    EntryPoints,
    /// What sources use is declared, and what is declared exists.
    Dependencies,
    /// Names that stand in one place stand in another.
    Agree,
    /// Source files declare names.
    Declares,
    /// A source file has what matches a rule.
    Has,
    /// What sources import from the host itself is there.
    Imports,
    /// What a class takes in its constructor is provided where it is registered.
    Provided,
    /// A text has lines, in their order, or a block of code that is a file of the host.
    Text,
}

impl RuleKind {
    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exports => "exports",
            Self::Class => "class",
            Self::Agree => "agree",
            Self::Declares => "declares",
            Self::Has => "has",
            Self::Imports => "imports",
            Self::Value => "value",
            Self::Says => "says",
            Self::Never => "never",
            Self::Unique => "unique",
            Self::EntryPoints => "entry-points",
            Self::Dependencies => "dependencies",
            Self::Provided => "provided",
            Self::Text => "text",
        }
    }
}

/// What an exported name may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExportedKind {
    /// A module under a name: `export * as A from …`.
    Namespace,
    /// A class.
    Class,
    /// A value.
    Const,
    /// A function.
    Function,
    /// Anything.
    Any,
}

/// Why a member cannot do without a file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "a sentence, or `{ or = [FILES], except = [NAMES], why = SENTENCE }`"
)]
pub enum RawReason {
    /// One sentence that people read, without a full stop; a template.
    Why(String),
    /// The same, where other files will do as well.
    Or(RawOr),
}

impl RawReason {
    /// The sentence.
    pub fn why(&self) -> &str {
        match self {
            Self::Why(why) | Self::Or(RawOr { why, .. }) => why,
        }
    }

    /// Names of members that do without the file.
    pub fn except(&self) -> &[String] {
        match self {
            Self::Why(_) => &[],
            Self::Or(other) => &other.except,
        }
    }

    /// Patterns of the files that will do as well.
    pub fn or(&self) -> &[String] {
        match self {
            Self::Why(_) => &[],
            Self::Or(other) => &other.or,
        }
    }
}

/// A reason, and what will do as well.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawOr {
    /// Patterns below the directory, one of which will do as well; templates.
    #[serde(default)]
    pub or: Vec<String>,
    /// Names of members that do without the file.
    #[serde(default)]
    pub except: Vec<String>,
    /// One sentence that people read, without a full stop; a template.
    pub why: String,
}

/// `[[kind.NAME.site.ID.never]]`: what an entry of a list must not say.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNever {
    /// A rule; every match in an entry is wrong.
    #[cfg_attr(test, schemars(with = "super::schema::Rule"))]
    pub find: Pattern,
    /// What is wrong about it: a sentence without a full stop.
    pub say: String,
    /// What to do about it.
    pub help: String,
}

/// `[[kind.NAME.site.ID.field]]`: what an entry of a list, or the file of a slot, says.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawField {
    /// A rule searched inside the entry, with the attributes above it where a language has them; for a slot, in
    /// the file.
    #[cfg_attr(test, schemars(with = "super::schema::Rule"))]
    pub find: Pattern,
    /// Its variable that is looked at; all matches are.
    pub var: String,
    /// What its text must be, quotes aside; a template. Where it is empty nothing is asked.
    #[serde(default)]
    pub is: Option<String>,
    /// The file or directory in which what it names must be declared, or to which it leads if it is a module
    /// specifier with its quotes; a template; imports and re-exports are followed.
    #[serde(default)]
    pub declared_in: Option<String>,
    /// The file that must export what it names; a template.
    #[serde(default)]
    pub exported_in: Option<String>,
    /// Whether it may be absent.
    #[serde(default)]
    pub optional: bool,
}
