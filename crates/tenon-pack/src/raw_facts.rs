//! `[facts.NAME]` and `[contract.NAME]` of `pack.toml` as it is written, like [`super::raw`].

use std::collections::BTreeMap;

use serde::Deserialize;

use tenon_syntax::rule::Pattern;

use super::raw::NameCase;
use tenon_text::regular::regular;

/// `[facts.NAME]`: exactly one source.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawFact {
    /// Rows are the namespaces that this api exports.
    #[serde(default)]
    pub api: Option<String>,
    /// With `api`: the path of the namespace whose namespaces are the rows; the top if absent.
    #[serde(default)]
    pub within: Vec<String>,
    /// With `api`: only namespaces that have all these members.
    #[serde(default)]
    pub with: Vec<String>,
    /// With `api`: members that a row may have; `row.has.Member` says whether it does.
    #[serde(default)]
    pub members: Vec<String>,
    /// A list of patterns; rows are the paths that match any of them, `{name}` captures a name, further
    /// captures become fields; a row has `path`. Of several paths with the same first capture the first
    /// pattern's is taken, so that a member is found even if its main file is gone.
    #[serde(default)]
    pub files: Vec<String>,
    /// With `files`: a regular expression that must match somewhere in a file.
    #[serde(default)]
    pub matching: Option<String>,
    /// With `files`: a regular expression on names that are no rows.
    #[serde(default)]
    pub except: Option<String>,
    /// With `files`: the case in which people type the names, if paths have them in another: `kebab`.
    #[serde(default)]
    pub ids: Option<NameCase>,
    /// With `files`: further fields of a row, read from its file: `[facts.NAME.fields.FIELD]`.
    #[serde(default)]
    pub fields: BTreeMap<String, RawFactField>,
    /// The table is a map, merged from these manifests (JSON, TOML, YAML); the first to name a key wins.
    #[serde(default)]
    pub manifests: Vec<String>,
    /// With `manifests`: JSON pointers to the objects that are merged.
    #[serde(default)]
    pub pointers: Vec<String>,
    /// With `files`: a rule; only files of code in which it matches are rows. Tests and what programs wrote are
    /// passed over.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<super::schema::Rule>"))]
    pub find: Option<Pattern>,
    /// With `find`: its variable; rows are then named by what it stands for, one for each text.
    #[serde(default)]
    pub var: Option<String>,
    /// With `find`: a text without which no file can match.
    #[serde(default)]
    pub containing: Option<String>,
    /// The table is a map whose `root` is what the host's code imports the host itself as (Go: the path of its
    /// module, or of the tree in a GOPATH); found out from this directory and what others import it as.
    #[serde(default)]
    pub module_of: Option<String>,
}

/// A field of a row: what the first match of a rule in its file says, or nothing.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawFactField {
    /// Another file than the row's own: its name in the same directory.
    #[serde(default)]
    pub file: Option<String>,
    /// A rule.
    #[cfg_attr(test, schemars(with = "super::schema::Rule"))]
    pub find: Pattern,
    /// Its variable.
    pub var: String,
    /// A regular expression on the variable's text; its first group is taken.
    #[serde(default)]
    pub regex: Option<String>,
}

/// `[contract.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawContract {
    /// Another contract, from which it has the `api` and the bodies that it does not say itself.
    #[serde(default)]
    pub like: Option<String>,
    /// The `[api.NAME]` it belongs to.
    #[serde(default)]
    pub api: String,
    /// Its public path, a template.
    pub symbol: String,
    /// The body of a stub; empty if absent.
    #[serde(default)]
    pub body: String,
    /// Import statements that the body needs: `--fix` adds them with the stub.
    #[serde(default)]
    pub body_imports: Vec<String>,
    /// `[[contract.NAME.bodies]]`: other bodies, the first that fits.
    #[serde(default)]
    pub bodies: Vec<RawBody>,
    /// The public path of the namespace that holds its models, a template; `contract.entity` then says what it
    /// is about.
    #[serde(default)]
    pub models: Option<String>,
    /// Another interface whose namespace may stand in place of `models`.
    #[serde(default)]
    pub stand_in: Option<RawStandIn>,
}

/// `[[contract.NAME.bodies]]`: the body of some stubs.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawBody {
    /// A regular expression that the name must match; any if absent. In Rust it may be that of an associated
    /// type or constant.
    #[serde(default)]
    pub method: Option<String>,
    /// A regular expression that the result, or the type of a constant, must match; no result is the empty
    /// text.
    #[serde(default)]
    pub returns: Option<String>,
    /// The body.
    pub body: String,
    /// Import statements that it needs.
    #[serde(default)]
    pub imports: Vec<String>,
}

impl RawContract {
    /// The same with what `other` says beside it.
    pub(super) fn beside(&self, other: &Self) -> Self {
        let mut out = self.clone();
        out.like = None;
        if out.api.is_empty() {
            out.api.clone_from(&other.api);
        }
        if out.body.is_empty() {
            out.body.clone_from(&other.body);
            out.body_imports.clone_from(&other.body_imports);
        }
        out.bodies.extend_from_slice(&other.bodies);
        out
    }

    /// The body of the stub of a method, and the imports that it needs.
    pub fn body_of(&self, method: &str, returns: &str) -> (&str, &[String]) {
        let fits = |regex: &Option<String>, text: &str| match regex {
            Some(regex) => {
                regular(regex).is_ok_and(|regex| regex.on(text).is_ok_and(|regex| regex.is_match(text)))
            }
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawStandIn {
    /// The other `[api.NAME]`.
    pub api: String,
    /// The namespace's public path, a template.
    pub path: String,
}
