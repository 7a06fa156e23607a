//! The forms of a site, compiled for the syntax of its file.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tenon_syntax::entry::{Example, Syntax};
use tenon_text::diag::{Error, Result};

use super::example::EntryExample;
use super::raw_site::{RawForm, RawSite};

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
        let mut known = self.examples.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&syntax) {
            return Ok(Arc::clone(known));
        }
        let all: Vec<Form> = self
            .written_forms()
            .into_iter()
            .map(|raw| self.form_in(raw, syntax))
            .collect::<Result<_>>()?;
        let all = Arc::new(all);
        known.insert(syntax, Arc::clone(&all));
        Ok(all)
    }

    fn form_in(&self, raw: RawForm, syntax: Syntax) -> Result<Form> {
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
            Error::new(format!(
                "the entry of the site `{}` is no example: {why}",
                self.id
            ))
            .in_file("pack.toml")
        })?;
        example.key = example.find_key(&|hole| compiled.reads(hole));
        let compiled = if self.exact { compiled.exact() } else { compiled };
        Ok(Form {
            raw,
            example,
            compiled,
        })
    }
}
