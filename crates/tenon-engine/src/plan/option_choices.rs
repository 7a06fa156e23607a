//! The choices of options, as rows of fact tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::facts::Facts;
use tenon_pack::{Pack, PackOption};
use tenon_text::diag::Result;

/// The rows that can be chosen, by kind and option.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices(BTreeMap<(String, String), Arc<Vec<Value>>>);

impl Choices {
    /// Reads the choices for every kind that makes members.
    pub fn read(pack: &Pack, facts: &Facts<'_>) -> Result<Self> {
        let mut out = BTreeMap::new();
        let mut tables: BTreeMap<&str, Arc<Vec<Value>>> = BTreeMap::new();
        for declared in pack.kind_members() {
            let kind = &declared.kind;
            for option in pack.options(kind) {
                let rows = match table_of(pack, option, kind) {
                    Some(table) => match tables.get(table) {
                        Some(rows) => Arc::clone(rows),
                        None => {
                            // Columns that depend on an answer are empty here.
                            let rows = facts.rows(table)?;
                            tables.insert(table, Arc::clone(&rows));
                            rows
                        }
                    },
                    None => {
                        let rows = option.choices.iter();
                        Arc::new(rows.map(|name| crate::facts::choice(name)).collect())
                    }
                };
                out.insert((kind.clone(), option.id.clone()), rows);
            }
        }
        Ok(Self(out))
    }

    /// The choices of `option`.
    pub fn of(&self, kind: &str, option: &str) -> Arc<Vec<Value>> {
        let key = (kind.to_owned(), option.to_owned());
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

/// The fact table with the choices of an option.
fn table_of<'p>(pack: &'p Pack, option: &'p PackOption, kind: &str) -> Option<&'p str> {
    let mut option = option;
    for _ in 0..8 {
        if let Some(table) = &option.from {
            return Some(table);
        }
        let within = option.within.as_ref()?;
        option = pack.options(kind).find(|other| other.id == *within)?;
    }
    None
}
