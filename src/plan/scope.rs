//! The values that templates see: the name, the answers, the facts, the row of a repetition, the contract.

use handlebars::Context;
use serde_json::{Map, Value, json};

use crate::answers::Answers;
use crate::diag::{Error, Result};
use crate::facts::Facts;
use crate::lang::style::Style;
use crate::pack::{Generator, Pack, Template, Templates, row_name};

/// Values and the engine that renders with them.
pub struct Scope<'a> {
    pack: &'a Pack,
    facts: &'a Facts<'a>,
    values: Map<String, Value>,
    engine: Templates,
}

/// The values of one repetition.
pub struct Turn {
    context: Context,
    /// What the repetition is about, for messages: the row's `id`.
    pub about: Option<String>,
}

impl<'a> Scope<'a> {
    /// The scope of one run of `generator`.
    pub fn new(pack: &'a Pack, generator: &Generator, facts: &'a Facts<'a>, answers: &Answers, style: &Style) -> Result<Self> {
        let mut values = answers.values.clone();
        values.insert("name".into(), json!(answers.name));
        let mut tables = Map::new();
        let needed = pack.facts().keys().filter(|_| !generator.host);
        for name in needed {
            tables.insert(name.clone(), facts.table(name)?);
        }
        values.insert("facts".into(), Value::Object(tables));
        if let Some(table) = &generator.name.one_of {
            let rows = facts.rows(table)?;
            let subject = rows.into_iter().find(|row| crate::facts::field(row, "id") == answers.name);
            values.insert("subject".into(), subject.unwrap_or(Value::Null));
        }
        Ok(Self { pack, facts, values, engine: Templates::new(style.width, style.tab_width) })
    }

    /// One turn per row of `each`; one turn alone if nothing is repeated. Turns for which `when` is false
    /// are left out.
    pub fn turns(&mut self, each: Option<&str>, row: Option<&str>, when: Option<&str>) -> Result<Vec<Turn>> {
        let mut turns = Vec::new();
        match each {
            None => turns.push(self.turn(None)?),
            Some(each) => {
                let rows = match self.values.get(each) {
                    Some(Value::Array(rows)) => rows.clone(),
                    Some(_) => return Err(Error::new(format!("`{each}` is not a list"))),
                    None => self.facts.rows(each)?,
                };
                for value in rows {
                    turns.push(self.turn(Some((row_name(each, row), value)))?);
                }
            }
        }
        let Some(when) = when else { return Ok(turns) };
        let mut kept = Vec::new();
        for turn in turns {
            if self.engine.truth(when, &turn.context)? {
                kept.push(turn);
            }
        }
        Ok(kept)
    }

    fn turn(&self, row: Option<(&str, Value)>) -> Result<Turn> {
        let mut values = self.values.clone();
        let mut about = None;
        if let Some((name, value)) = row {
            about = Some(crate::facts::field(&value, "id").to_owned());
            values.insert(name.to_owned(), value);
        }
        Ok(Turn { context: wrap(Value::Object(values))?, about })
    }

    /// Adds the contract `name` to the turn, as `contract`.
    pub fn add_contract(&mut self, turn: &mut Turn, name: &str) -> Result<()> {
        let Some(raw) = self.pack.contract(name) else {
            return Err(Error::new(format!("there is no contract `{name}`")));
        };
        let symbol = self.engine.inline(&raw.symbol, &turn.context)?;
        let path: Vec<&str> = symbol.split('.').collect();
        let api = self.facts.api(&raw.api)?;
        let mut contract = api.contract_values(&path, &raw.body)?;
        if let Some(models) = &raw.models {
            let models = self.engine.inline(models, &turn.context)?;
            let namespace: Vec<&str> = models.split('.').collect();
            let others = match &raw.stand_in {
                None => None,
                Some(other) => {
                    let path = self.engine.inline(&other.path, &turn.context)?;
                    self.facts.api(&other.api)?.exports(&path.split('.').collect::<Vec<_>>())
                }
            };
            contract["entity"] = api.entity(&path, &namespace, others.as_deref())?;
        }
        let mut value = turn.context.data().clone();
        if let Value::Object(values) = &mut value {
            values.insert("contract".into(), contract);
        }
        turn.context = wrap(value)?;
        Ok(())
    }

    /// The text of a template of the pack, rendered if it is to be.
    pub fn file(&mut self, template: &Template, turn: &Turn) -> Result<String> {
        let files = self.pack.files();
        if !template.rendered {
            return files.text(&template.path);
        }
        self.engine.render(&template.path, || files.text(&template.path), &turn.context)
    }

    /// Whether an expression of `pack.toml` is true.
    pub fn holds(&mut self, expression: &str, turn: &Turn) -> Result<bool> {
        self.engine.truth(expression, &turn.context)
    }

    /// Renders a short template of `pack.toml`.
    pub fn text(&mut self, template: &str, turn: &Turn) -> Result<String> {
        self.engine.inline(template, &turn.context)
    }
}

fn wrap(value: Value) -> Result<Context> {
    Context::wraps(value).map_err(|error| Error::new("values cannot be rendered").because(error))
}
