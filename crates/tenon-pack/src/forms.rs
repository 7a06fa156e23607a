//! The forms of a site, compiled for the syntax of its file.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use tenon_syntax::entry::{Example, Syntax};
use tenon_text::diag::{Error, Result};

use super::example::EntryExample;

/// `[[kind.NAME.site.ID.form]]`: one way in which entries are written.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawForm {
    /// What a member has there, if that is not the site's own `entry`: a template.
    #[serde(default)]
    pub entry: String,
    /// The list: code that opens it, the heading above it, or a pointer; a template.
    #[serde(default, rename = "in")]
    pub scope: Option<String>,
    /// Import statements that the entry needs, if those are not the site's own; templates.
    #[serde(default)]
    pub imports: Vec<String>,
}

/// One way to write the entries of a site.
#[derive(Clone, Debug)]
pub struct Form {
    /// As the pack has it.
    pub raw: RawForm,
    /// Its holes.
    pub example: EntryExample,
    /// Compiled: what it is found by.
    pub compiled: Example,
}

/// The forms of a site by the syntax of the file; compiled when they are first needed.
#[derive(Default)]
pub struct CompiledForms(Mutex<HashMap<Syntax, Arc<Vec<Form>>>>);

impl Clone for CompiledForms {
    /// Compiled anew: a copy may be changed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for CompiledForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompiledForms")
    }
}

impl CompiledForms {
    /// Those for files of `syntax`; `compile` makes them.
    pub fn get(&self, syntax: Syntax, compile: impl FnOnce() -> Result<Vec<Form>>) -> Result<Arc<Vec<Form>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&syntax) {
            return Ok(Arc::clone(known));
        }
        let all = Arc::new(compile()?);
        known.insert(syntax, Arc::clone(&all));
        Ok(all)
    }
}

impl Form {
    /// Compiles `raw`, a form of the site `site`; whether an entry says exactly this.
    ///
    /// # Errors
    /// If it cannot be read as an example.
    pub fn new(raw: RawForm, syntax: Syntax, site: &str, is_exact: bool) -> Result<Self> {
        let locals = |statement: &str| match syntax {
            Syntax::Code(grammar) => grammar
                .read_imports(statement)
                .iter()
                .map(|import| import.local().to_owned())
                .collect(),
            _ => vec![],
        };
        let mut example = EntryExample::read(&raw.entry, &raw.imports, &locals)?;
        let compiled = Example::new(&example.parts, syntax).map_err(|why| {
            Error::new(format!("the entry of the site `{site}` is not an example: {why}"))
                .in_file("pack.toml")
        })?;
        example.choose_key(&|hole| compiled.reads(hole));
        let compiled = if is_exact { compiled.exact() } else { compiled };
        let is_fitted = raw.entry.contains("{{#fit ");
        let compiled = if is_fitted { compiled.fitted() } else { compiled };
        Ok(Self {
            raw,
            example,
            compiled,
        })
    }
}
