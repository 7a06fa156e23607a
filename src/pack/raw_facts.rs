//! `[facts.NAME]` and `[contracts.NAME]` of `pack.toml` as it is written, like [`super::raw`].

use std::collections::BTreeMap;

use serde::Deserialize;

use super::raw::NameCase;

/// `[facts.NAME]`: exactly one source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawFact {
    /// Rows are the namespaces that a package exports.
    #[serde(default)]
    pub api: Option<String>,
    /// With `api`: the path of the namespace whose namespaces are the rows; the top when absent.
    #[serde(default)]
    pub within: Vec<String>,
    /// With `api`: only namespaces that have all these members.
    #[serde(default)]
    pub with: Vec<String>,
    /// With `api`: members that a row may have; a row's `has` says which ones it has.
    #[serde(default)]
    pub members: Vec<String>,
    /// Rows are the paths that match any of these, with `{capture}`s; of several with the same first capture the
    /// first.
    #[serde(default)]
    pub files: Vec<String>,
    /// With `files`: a regular expression that must match somewhere in a file.
    #[serde(default)]
    pub matching: Option<String>,
    /// With `files`: a regular expression on names that are no rows.
    #[serde(default)]
    pub except: Option<String>,
    /// With `files`: the case in which people type the names, if paths have them in another.
    #[serde(default)]
    pub ids: Option<NameCase>,
    /// With `files`: further fields of a row, read from its file.
    #[serde(default)]
    pub fields: BTreeMap<String, RawFactField>,
    /// The table is a map of what stands at `pointers` of these manifests, earlier ones first.
    #[serde(default)]
    pub manifests: Vec<String>,
    /// With `manifests`: JSON pointers to objects.
    #[serde(default)]
    pub pointers: Vec<String>,
    /// With `files`: only files of code in which this rule matches; tests and what programs wrote are passed over.
    #[serde(default)]
    pub find: Option<toml::Table>,
    /// With `find`: its variable, which then names the rows, one for each text.
    #[serde(default)]
    pub var: Option<String>,
    /// With `find`: a text without which no file can match, so that others need not be parsed.
    #[serde(default)]
    pub containing: Option<String>,
    /// The table is a map that says in `root` what the host's code imports the host itself as; found out from this
    /// directory of code and what others import it as.
    #[serde(default)]
    pub module_of: Option<String>,
}

/// A field of a row: what the first match of a rule in its file says, or nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawFactField {
    /// Another file than the row's own: its name in the same directory.
    #[serde(default)]
    pub file: Option<String>,
    /// The rule.
    pub find: toml::Table,
    /// Its variable.
    pub var: String,
    /// A regular expression on the variable's text; its first group is taken.
    #[serde(default)]
    pub regex: Option<String>,
}

/// `[contracts.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawContract {
    /// Which `[api.NAME]` it belongs to.
    pub api: String,
    /// Its public path, a template: `{{module.name}}.Service`.
    pub symbol: String,
    /// The body of a stub.
    pub body: String,
    /// Imports that the body needs; import statements.
    #[serde(default)]
    pub body_imports: Vec<String>,
    /// Other bodies, for methods of certain names or results: the first that fits is taken.
    #[serde(default)]
    pub bodies: Vec<RawBody>,
    /// The public path of the namespace that holds its models, a template; templates then see the contract's
    /// `entity`.
    #[serde(default)]
    pub models: Option<String>,
    /// Another interface whose namespace may stand in place of `models`.
    #[serde(default)]
    pub stand_in: Option<RawStandIn>,
}

/// `[[contracts.NAME.bodies]]`: the body of some stubs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawBody {
    /// A regular expression that the name of the method matches.
    #[serde(default)]
    pub method: Option<String>,
    /// A regular expression that the result matches; nothing is the empty text.
    #[serde(default)]
    pub returns: Option<String>,
    /// The body.
    pub body: String,
    /// Imports that it needs; import statements.
    #[serde(default)]
    pub imports: Vec<String>,
}

impl RawContract {
    /// The body of the stub of a method, and the imports that it needs.
    pub fn body_of(&self, method: &str, returns: &str) -> (&str, &[String]) {
        let fits = |regex: &Option<String>, text: &str| match regex {
            Some(regex) => regex::Regex::new(regex).is_ok_and(|regex| regex.is_match(text)),
            None => true,
        };
        let mut all = self.bodies.iter();
        match all.find(|body| fits(&body.method, method) && fits(&body.returns, returns)) {
            Some(own) => (&own.body, &own.imports),
            None => (&self.body, &self.body_imports),
        }
    }
}

/// A namespace of another interface.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStandIn {
    /// Which `[api.NAME]`.
    pub api: String,
    /// The namespace's public path, a template.
    pub path: String,
}
