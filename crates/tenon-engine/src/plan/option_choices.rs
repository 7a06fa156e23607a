//! The choices of questions, as rows of fact tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::facts::Facts;
use tenon_pack::{Pack, Question};
use tenon_text::diag::Result;

/// The rows that can be chosen, by kind and question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices(BTreeMap<(String, String), Arc<Vec<Value>>>);

impl Choices {
    /// Reads the choices for every kind that makes members.
    pub fn read(pack: &Pack, facts: &Facts<'_>) -> Result<Self> {
        let mut out = BTreeMap::new();
        let mut tables: BTreeMap<&str, Arc<Vec<Value>>> = BTreeMap::new();
        for subject in pack.subjects() {
            let kind = &subject.kind;
            for question in pack.questions(kind) {
                let rows = match table_of(pack, question, kind) {
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
                        let rows = question.choices.iter();
                        Arc::new(rows.map(|name| crate::facts::choice(name)).collect())
                    }
                };
                out.insert((kind.clone(), question.id.clone()), rows);
            }
        }
        Ok(Self(out))
    }

    /// The choices of `question`.
    pub fn of(&self, kind: &str, question: &str) -> Arc<Vec<Value>> {
        let key = (kind.to_owned(), question.to_owned());
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

/// The fact table with the choices of a question.
fn table_of<'p>(pack: &'p Pack, question: &'p Question, kind: &str) -> Option<&'p str> {
    let mut question = question;
    for _ in 0..8 {
        if let Some(table) = &question.from {
            return Some(table);
        }
        let within = question.within.as_ref()?;
        question = pack.questions(kind).find(|other| other.id == *within)?;
    }
    None
}
