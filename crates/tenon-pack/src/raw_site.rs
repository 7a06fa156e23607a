//! `[kind.NAME.site.ID]` of `pack.toml` as it is written, like [`super::raw`].

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use tenon_syntax::entry::Syntax;
use tenon_syntax::rule::Pattern;
use tenon_text::diag::Result;

use super::forms::{CompiledForms, Form, RawForm};
use super::one_or_many::OneOrMany;
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
    pub for_kinds: Vec<String>,
    /// Other kinds whose members also have the entry.
    #[serde(default)]
    pub also_for: Vec<String>,
    /// Names of members that have no entry there.
    #[serde(default)]
    pub except: Vec<String>,
    /// Its kind: `entry` if absent.
    #[serde(default)]
    pub kind: SiteKind,
    /// The file: a template; `*` stands for one name. Exactly one file must match, or have the list.
    #[serde(default)]
    pub file: Option<String>,
    /// Once for each row of this answer or table.
    #[serde(default)]
    pub each: Option<String>,
    /// What a row is called in templates; the singular of `each` if absent.
    #[serde(default, rename = "as")]
    pub row: Option<String>,
    /// An expression: the entry is made and expected only where it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// Where the list is in the file: a JSON pointer; it is made if it is missing.
    #[serde(default)]
    pub pointer: Option<String>,
    /// The key of the entry in an object; absent for an item of an array; a template.
    #[serde(default)]
    pub key: Option<String>,
    /// Pointers to other objects of the file in which the key may stand instead.
    #[serde(default)]
    pub also_in: Vec<String>,
    /// The value; a template. For `member`, the directory.
    #[serde(default)]
    pub value: Option<String>,
    /// In place of `value`: a value that is no text, as JSON; a template.
    #[serde(default)]
    pub json: Option<String>,
    /// What a member has there: a template. It is the example by which entries are found. For `slot`, the holder.
    #[serde(default, rename = "entry")]
    pub text: Option<String>,
    /// Where the list is: code that opens it, a heading, or a pointer; a template.
    #[serde(default, rename = "in")]
    pub scope: Option<String>,
    /// Whether an entry has nothing more: no more keys, no more arguments.
    #[serde(default)]
    pub exact: bool,
    /// Several ways to write an entry, each with `entry`, `in` and `imports`.
    #[serde(default, rename = "form")]
    pub forms: Vec<RawForm>,
    /// The forms, compiled.
    #[serde(skip)]
    #[cfg_attr(test, schemars(skip))]
    pub examples: CompiledForms,
    /// The rule that matches an entry.
    #[serde(default, rename = "match")]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub entry: Option<Pattern>,
    /// The variable of `match` (or `name-in`) that names the entry, or holds the slot's value.
    #[serde(default)]
    pub var: Option<String>,
    /// The new entry; for a slot, what a person is told to write; a template.
    #[serde(default)]
    pub insert: Option<String>,
    /// Whether a new entry goes after all others, even if these are in order.
    #[serde(default)]
    pub last: bool,
    /// What `{{_NAME}}` in the entry stands for, by its name: a variable that is known where the entry goes, by its type, by the function whose result it is (`pkg.Type`), or by its name; of several the first that exists. Templates.
    #[serde(default)]
    #[cfg_attr(
        test,
        schemars(with = "std::collections::BTreeMap<String, OneOrMany<String>>")
    )]
    pub names: IndexMap<String, OneOrMany<String>>,
    /// What is written if there is no such variable, or if the entry itself declares it; a template.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub otherwise: IndexMap<String, String>,
    /// A sibling before which the entry must be; a template. For `manifest` it is its name.
    #[serde(default)]
    pub ahead_of: Option<String>,
    /// A sibling after which the entry must be; a template.
    #[serde(default)]
    pub behind: Option<String>,
    /// Import statements that the entry needs; templates.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Nothing is done if the file or the place does not exist.
    #[serde(default)]
    pub optional: bool,
    /// An entry that a member may have: it is neither made nor expected, and removed with the member.
    #[serde(default)]
    pub may: bool,
    /// Whether a check ignores that the entry is missing, because nothing in a host says whether it should be there.
    #[serde(default)]
    pub unchecked: bool,
    /// Why the entry must be there: one sentence without a full stop; a template.
    #[serde(default)]
    pub why: Option<String>,
    /// Whether nothing else may be listed there.
    #[serde(default)]
    pub closed: bool,
    /// Regular expressions for names of entries that are not members' and are right.
    #[serde(default)]
    pub others: Vec<String>,
    /// Names under which a `read` keeps its `rest`: these must be listed too.
    #[serde(default)]
    pub also: Vec<String>,
    /// A directory, a template: an entry in another source below it also counts.
    #[serde(default)]
    pub or_in: Option<String>,
    /// Whether the entries must be in order.
    #[serde(default)]
    pub sorted: bool,
    /// `[[kind.NAME.site.ID.field]]`: what an entry says beside its name.
    #[serde(default, rename = "field")]
    pub fields: Vec<RawField>,
    /// `[[kind.NAME.site.ID.never]]`: what an entry must not say.
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
        let others = self.forms.iter().map(|form| {
            let mut form = form.clone();
            if form.entry.is_empty() {
                form.entry = self.text.clone().unwrap_or_default();
            }
            if form.imports.is_empty() {
                form.imports.clone_from(&self.imports);
            }
            form
        });
        own.chain(others).collect()
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
    /// The one holder of something in source code; inserting replaces the holder, and the record keeps who it
    /// was.
    Slot,
}
