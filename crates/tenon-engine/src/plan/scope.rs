//! The values that templates see: the name, the answers, the facts, the row of a repetition, the contract.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use handlebars::Context;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::answers::Answers;
use crate::facts::Facts;
use tenon_pack::{Generator, Pack, Template, Templates, row_name};
use tenon_syntax::style::Style;
use tenon_text::diag::{Error, Result};

/// Values and the engine that renders with them.
pub struct Scope<'a> {
    pack: &'a Pack,
    facts: &'a Facts<'a>,
    /// What every template sees of the run or the thing that is spoken of.
    values: Arc<Map<String, Value>>,
    /// The fact tables, and once the engine was needed the values; a turn's own values are put in for the time of a rendering.
    context: Context,
    /// Whether the values are in the context.
    is_filled: bool,
    engine: Templates,
    contracts: BTreeMap<(String, String), Value>,
}

/// The values of one repetition.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// Empty while the engine renders: then the values are where templates see them.
    own: RefCell<Vec<(String, Row)>>,
}

/// A value of a turn: a row of what is repeated, kept where it stands.
#[derive(Clone, Debug)]
pub struct Row(Held);

#[derive(Clone, Debug)]
enum Held {
    /// Its own.
    Own(Value),
    /// A row of an answer.
    Answer(Arc<Map<String, Value>>, Arc<str>, usize),
    /// A row of a fact table.
    Fact(Arc<Vec<Value>>, usize),
}

impl Row {
    fn into_value(self) -> Value {
        match self.0 {
            Held::Own(value) => value,
            _ => Value::clone(&self),
        }
    }
}

impl Deref for Row {
    type Target = Value;

    fn deref(&self) -> &Value {
        let value = match &self.0 {
            Held::Own(value) => Some(value),
            Held::Answer(values, name, at) => values.get(&**name).and_then(|rows| rows.get(at)),
            Held::Fact(rows, at) => rows.get(*at),
        };
        value.unwrap_or(&Value::Null)
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        Value::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Value::deserialize(from).map(|value| Self(Held::Own(value)))
    }
}

impl Turn {
    /// The turn in which `name` is `value`.
    pub fn of(name: &str, value: Value) -> Self {
        Self::holding(name, Held::Own(value))
    }

    fn holding(name: &str, held: Held) -> Self {
        Self {
            own: RefCell::new(vec![(name.to_owned(), Row(held))]),
        }
    }

    fn add(&self, name: &str, value: Value) {
        let value = Row(Held::Own(value));
        self.own.borrow_mut().push((name.to_owned(), value));
    }

    /// The row that is repeated; nothing if nothing is.
    pub fn row(&self) -> Option<Row> {
        self.own.borrow().first().map(|(_, row)| row.clone())
    }
}

/// What templates see of answers: the answers, the name, and of what is added to its row.
fn of_answers(generator: &Generator, facts: &Facts<'_>, answers: &Answers) -> Result<Map<String, Value>> {
    let mut values = answers.values.clone();
    values.insert("name".into(), json!(answers.name));
    if let Some(table) = &generator.name.one_of {
        let rows = facts.rows(table)?;
        let subject = rows
            .iter()
            .find(|row| crate::facts::field(row, "id") == answers.name);
        values.insert("subject".into(), subject.cloned().unwrap_or(Value::Null));
    }
    Ok(values)
}

impl<'a> Scope<'a> {
    /// The scope of one run of `generator`.
    pub fn new(
        pack: &'a Pack,
        generator: &Generator,
        facts: &'a Facts<'a>,
        answers: &Answers,
        style: &Style,
    ) -> Result<Self> {
        let mut values = of_answers(generator, facts, answers)?;
        let mut tables = Map::new();
        let needed = pack.facts().keys().filter(|_| !generator.host);
        for name in needed {
            tables.insert(name.clone(), facts.table(name)?.value());
        }
        values.remove("facts");
        let mut out = Self::with_tables(pack, facts, style, tables);
        out.speak_of(Arc::new(values));
        out.follow(generator)?;
        Ok(out)
    }

    /// Answers the questions that are never asked, unless they are answered already.
    fn follow(&mut self, generator: &Generator) -> Result<()> {
        for question in self.pack.following(&generator.id) {
            if self.values.contains_key(&question.id) {
                continue;
            }
            let mut rows = Vec::new();
            for template in &question.follows {
                let text = self.text(template, &Turn::default())?;
                if !text.trim().is_empty() {
                    rows.push(Value::Object(crate::facts::row(text.trim())));
                }
            }
            Arc::make_mut(&mut self.values).insert(question.id.clone(), Value::Array(rows));
            self.is_filled = false;
        }
        Ok(())
    }

    /// A scope for things that exist, one after the other: see [`Scope::about`]. It sees of the fact tables only
    /// those that `pack.toml` speaks of in what is checked.
    pub fn of_things(pack: &'a Pack, facts: &'a Facts<'a>, style: &Style, tables: &[String]) -> Result<Self> {
        let mut seen = Map::new();
        for name in tables {
            seen.insert(name.clone(), facts.table(name)?.value());
        }
        Ok(Self::with_tables(pack, facts, style, seen))
    }

    fn with_tables(pack: &'a Pack, facts: &'a Facts<'a>, style: &Style, tables: Map<String, Value>) -> Self {
        let mut context = Context::null();
        *context.data_mut() = Value::Object(Map::from_iter([("facts".to_owned(), Value::Object(tables))]));
        Self {
            pack,
            facts,
            values: Arc::default(),
            context,
            is_filled: true,
            engine: Templates::new(style.width, style.tab_width),
            contracts: BTreeMap::new(),
        }
    }

    /// Speaks of another run of a generator from here on, with the facts and the templates of the one before.
    pub fn again(&mut self, generator: &Generator, answers: &Answers) -> Result<()> {
        let values = of_answers(generator, self.facts, answers)?;
        self.about(&values);
        self.follow(generator)
    }

    /// Speaks of the thing with these values from here on, and no longer of the one before.
    pub fn about(&mut self, thing: &Map<String, Value>) {
        self.speak_of(Arc::new(thing.clone()));
    }

    /// The same with values that are shared.
    pub fn speak_of(&mut self, thing: Arc<Map<String, Value>>) {
        self.values = thing;
        self.is_filled = false;
    }

    /// One turn per row of `each`; one turn alone if nothing is repeated. Turns for which `when` is false
    /// are left out.
    pub fn turns(&mut self, each: Option<&str>, row: Option<&str>, when: Option<&str>) -> Result<Vec<Turn>> {
        let mut turns: Vec<Turn> = match each {
            None => vec![Turn::default()],
            Some(each) => {
                let name = row_name(each, row);
                match self.values.get(each) {
                    Some(Value::Array(rows)) => {
                        let each: Arc<str> = Arc::from(each);
                        let held = |at| Held::Answer(Arc::clone(&self.values), Arc::clone(&each), at);
                        (0..rows.len()).map(|at| Turn::holding(name, held(at))).collect()
                    }
                    Some(_) => return Err(Error::new(format!("`{each}` is not a list"))),
                    None => {
                        let rows = self.facts.rows(each)?;
                        let held = |at| Held::Fact(Arc::clone(&rows), at);
                        (0..rows.len()).map(|at| Turn::holding(name, held(at))).collect()
                    }
                }
            }
        };
        if let Some(when) = when {
            let mut kept = Vec::with_capacity(turns.len());
            for turn in turns {
                if self.holds(when, &turn)? {
                    kept.push(turn);
                }
            }
            turns = kept;
        }
        Ok(turns)
    }

    /// Puts the values where the engine sees them.
    fn fill(&mut self) {
        if std::mem::replace(&mut self.is_filled, true) {
            return;
        }
        if let Value::Object(values) = self.context.data_mut() {
            values.retain(|name, _| name == "facts");
            let own = self.values.iter().filter(|(name, _)| *name != "facts");
            values.extend(own.map(|(name, value)| (name.clone(), value.clone())));
        }
    }

    /// Renders with the turn's own values in place.
    fn with<T>(&mut self, turn: &Turn, render: impl FnOnce(&mut Templates, &Context) -> T) -> T {
        self.fill();
        let mut covered = Vec::new();
        if let Value::Object(values) = self.context.data_mut() {
            for (name, held) in turn.own.take() {
                let before = values.insert(name.clone(), held.into_value());
                covered.push((name, before));
            }
        }
        let out = render(&mut self.engine, &self.context);
        if let Value::Object(values) = self.context.data_mut() {
            let mut own = turn.own.borrow_mut();
            for (name, before) in covered.into_iter().rev() {
                let value = match before {
                    Some(before) => values.insert(name.clone(), before),
                    None => values.shift_remove(&name),
                };
                own.push((name, Row(Held::Own(value.unwrap_or_default()))));
            }
            own.reverse();
        }
        out
    }

    /// Adds the contract `name` to the turn, as `contract`.
    pub fn add_contract(&mut self, turn: &Turn, name: &str) -> Result<()> {
        let Some(raw) = self.pack.contract(name) else {
            return Err(Error::new(format!("there is no contract `{name}`")));
        };
        let symbol = self.text(&raw.symbol, turn)?;
        let key = (name.to_owned(), symbol.clone());
        if let Some(contract) = self.contracts.get(&key) {
            turn.add("contract", contract.clone());
            return Ok(());
        }
        let path: Vec<&str> = symbol.split('.').collect();
        let api = self.facts.api(&raw.api)?;
        let mut contract = api.contract_values(&path, raw)?;
        if let Some(models) = &raw.models {
            let models = self.text(models, turn)?;
            let namespace: Vec<&str> = models.split('.').collect();
            let others = match &raw.stand_in {
                None => None,
                Some(other) => {
                    let path = self.text(&other.path, turn)?;
                    self.facts
                        .api(&other.api)?
                        .exports(&path.split('.').collect::<Vec<_>>())
                }
            };
            contract["entity"] = api.entity(&path, &namespace, others.as_deref())?;
        }
        self.contracts.insert(key, contract.clone());
        turn.add("contract", contract);
        Ok(())
    }

    /// The text of a template of the pack, rendered if it is to be.
    pub fn file(&mut self, template: &Template, turn: &Turn) -> Result<String> {
        let text = self.pack.files().text(&template.path)?;
        if !template.rendered {
            return Ok(text.to_owned());
        }
        self.with(turn, |engine, context| {
            engine.render(&template.path, text, context)
        })
    }

    /// Whether an expression of `pack.toml` is true.
    pub fn holds(&mut self, expression: &str, turn: &Turn) -> Result<bool> {
        self.with(turn, |engine, context| engine.truth(expression, context))
    }

    /// Renders a short template of `pack.toml`.
    pub fn text(&mut self, template: &str, turn: &Turn) -> Result<String> {
        if !template.contains("{{") {
            return Ok(template.to_owned());
        }
        self.with(turn, |engine, context| engine.inline(template, context))
    }
}
