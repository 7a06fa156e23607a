//! `[kind.NAME.site.ID]` of `pack.toml` as it is written, like [`super::raw`].

use std::sync::Arc;

use serde::Deserialize;

use tenon_syntax::entry::Syntax;
use tenon_syntax::list::ListRule;
use tenon_syntax::rule::{Compiled, Pattern};
use tenon_text::diag::Result;

use super::forms::{CompiledForms, Form, RawForm};
use super::raw_check::{RawField, RawNever};

/// `[kind.NAME.site.ID]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawSite {
    /// Name for messages and the record.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub id: String,
    /// Kinds that have an entry.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub generators: Vec<String>,
    /// Other kinds whose members have the entry as well.
    #[serde(default)]
    pub also_for: Vec<String>,
    /// What kind of place; `entry` if absent.
    #[serde(default)]
    pub kind: SiteKind,
    /// Every kind but `member`: its file: a template; `*` stands for one name, and exactly one file must match.
    #[serde(default)]
    pub file: Option<String>,
    /// Repeat for each row of this answer or fact table.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called in templates; the singular of `each` if absent.
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression; the entry is made and missed only where it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// `manifest`: where in the file: a JSON pointer; it is made if it is missing.
    #[serde(default)]
    pub pointer: Option<String>,
    /// `manifest`: key of the entry in an object; absent for an item of an array; a template.
    #[serde(default)]
    pub key: Option<String>,
    /// `manifest`: other objects of the file in which the key may stand instead.
    #[serde(default)]
    pub also_in: Vec<String>,
    /// `manifest`, `member`, `slot`: the value; a template.
    #[serde(default)]
    pub value: Option<String>,
    /// `manifest`: in place of `value`, for an entry with a key: the value as JSON, where it is no text; a
    /// template. A table of one member is written as its neighbours are: `a.workspace = true`, or `a = {
    /// workspace = true }`.
    #[serde(default)]
    pub json: Option<String>,
    /// `entry`: what a member has there: a template. As an example it is what entries are found by: each expression stands for
    /// what it is for a member, and `{{_}}` for anything.
    #[serde(default, rename = "entry")]
    pub text: Option<String>,
    /// `entry`: the list, where there may be several, or none yet: code that opens it, the heading above it, or a pointer; a
    /// template.
    #[serde(default, rename = "in")]
    pub scope: Option<String>,
    /// `entry`: whether an entry says exactly this: no more keys, no more arguments.
    #[serde(default)]
    pub exact: bool,
    /// `entry`, in place of `entry`, `in` and `imports`: several ways to write it. What most members of a host have is what a
    /// new one gets; the first where there are none.
    #[serde(default, rename = "form")]
    pub forms: Vec<RawForm>,
    /// The forms, compiled.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub examples: CompiledForms,
    /// `list`, `slot`: the rule that matches an entry.
    #[serde(default, rename = "match")]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub entry: Option<Pattern>,
    /// The rules of a list, compiled.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub compiled: Compiled<ListRule>,
    /// `list`: the rule that matches the node which holds the entries; the file if absent.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub container: Option<Pattern>,
    /// `list`: the rule for the node that holds the entries where nothing matches `container`. Where `file` is
    /// a pattern, the list is in the file in which the first of both matches.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub or_container: Option<Pattern>,
    /// `list`: the variable of `container` that is the list itself.
    #[serde(default)]
    pub target: Option<String>,
    /// `list`, `slot`: the variable of `entry` (or `name-in`) that names the entry, or holds the slot's value.
    #[serde(default)]
    pub var: Option<String>,
    /// `list`: a rule searched inside an entry; `var` is then one of its variables.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub name_in: Option<Pattern>,
    /// `list`: whether names are followed through the imports of the file: whatever the file calls a package,
    /// the name is that of the package and of what is taken from it (Go).
    #[serde(default)]
    pub follow: bool,
    /// `list`: what `var` is for the new entry; a template.
    #[serde(default)]
    pub name: Option<String>,
    /// `list`, `slot`: the new entry; for a slot, what a person is told to write; a template.
    #[serde(default)]
    pub insert: Option<String>,
    /// `list`: whether an entry may have several names, one for each match of `name-in`.
    #[serde(default)]
    pub several: bool,
    /// `list`: whether a new entry goes behind all others, even where these are in order.
    #[serde(default)]
    pub last: bool,
    /// `entry`: a sibling before which a new entry goes, and a check says where it does not. `list`: the name of such
    /// an entry. A template; where it is empty, or nothing like it is there, the entry goes where it would without.
    #[serde(default)]
    pub ahead_of: Option<String>,
    /// `entry`: a sibling behind which a new entry goes, and a check says where it does not: a template in which `{{_}}` stands
    /// for anything.
    #[serde(default)]
    pub behind: Option<String>,
    /// `list`: where the entry goes when the list has none: after the last match of this rule.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub after: Option<Pattern>,
    /// `list`: where the entry goes when the list has none: before the first match of this rule.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub before: Option<Pattern>,
    /// `list`: the entry stands behind all entries that match this rule, and a check says where it does not.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub follows: Option<Pattern>,
    /// `list`: the entry stands before all entries that match this rule, and a check says where it does not.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub precedes: Option<Pattern>,
    /// `list`: import statements that the entry needs; templates.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Every kind but `member`: skip when the file (or pointer) does not exist: the host does not have this place.
    #[serde(default)]
    pub optional: bool,
    /// `list`: an entry that a member may have: it is neither made nor missed, and goes when the member goes.
    #[serde(default)]
    pub may: bool,
    /// For checks: nothing is said of it, because nothing in a host tells whether a member should have it.
    #[serde(default)]
    pub unchecked: bool,
    /// For checks: why an entry has to be there, one sentence without a full stop; a template.
    #[serde(default)]
    pub why: Option<String>,
    /// `list`, `manifest`: for checks: nothing else may be listed there.
    #[serde(default)]
    pub closed: bool,
    /// `list`, `manifest`: for checks: regular expressions on the names of entries that are somebody
    /// else's and stand there rightly.
    #[serde(default)]
    pub others: Vec<String>,
    /// `list`, `manifest`: for checks: names under which a `read` keeps its `rest`; these have to be
    /// listed as well, under any spelling.
    #[serde(default)]
    pub also: Vec<String>,
    /// `list`: for checks: the variable of `entry` that holds a module specifier, which must lead to a file.
    #[serde(default)]
    pub leads_to: Option<String>,
    /// `list`: for checks: a directory; an entry that stands in another source below it will do as well. A
    /// template.
    #[serde(default)]
    pub or_in: Option<String>,
    /// `list`, `manifest`: for checks: the entries must be in order.
    #[serde(default)]
    pub sorted: bool,
    /// `list`, `slot`: for checks: `[[kind.NAME.site.ID.field]]`, what an entry says beside its name.
    #[serde(default, rename = "field")]
    pub fields: Vec<RawField>,
    /// `list`: for checks: `[[kind.NAME.site.ID.never]]`, what an entry must not say.
    #[serde(default, rename = "never")]
    pub nevers: Vec<RawNever>,
}

impl RawSite {
    /// The ways to write an entry, as the pack has them; none for a site that is no list of entries.
    pub fn written_forms(&self) -> Vec<RawForm> {
        let own = self.text.iter().map(|entry| RawForm {
            entry: entry.clone(),
            scope: self.scope.clone(),
            imports: self.imports.clone(),
        });
        own.chain(self.forms.iter().cloned()).collect()
    }

    /// The same, compiled for files of `syntax`.
    ///
    /// # Errors
    /// If one cannot be read as an example.
    pub fn forms_in(&self, syntax: Syntax) -> Result<Arc<Vec<Form>>> {
        self.examples.get(syntax, || {
            let all = self.written_forms().into_iter();
            all.map(|raw| Form::new(raw, syntax, &self.id, self.exact))
                .collect()
        })
    }
}

/// The kinds of places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SiteKind {
    /// The directory is a member of the workspace (npm, yarn, pnpm, Cargo, uv, Go), whichever manifest says so;
    /// if a glob covers it, nothing is done.
    Member,
    /// An entry at a pointer of a JSON, TOML or YAML file.
    Manifest,
    /// An entry by its example, in any file.
    #[default]
    Entry,
    /// An entry of a list in source code.
    List,
    /// The one holder of something in source code; inserting replaces the holder, and the record keeps who it
    /// was.
    Slot,
}
