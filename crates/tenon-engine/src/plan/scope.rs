//! [`Scope`]: the values that templates see (name, answers, facts, the row of a repetition, the contract), and the template engine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use handlebars::Context;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::answers::Answers;
use crate::facts::Facts;
use tenon_pack::{Kind, Pack, Template, Templates, row_name};
use tenon_syntax::style::Style;
use tenon_text::diag::{Error, Result, line_col};

/// Renders templates and evaluates conditions with the values of one member.
pub struct Scope<'a> {
    pack: &'a Pack,
    facts: &'a Facts<'a>,
    /// The values of the current member or run.
    values: Arc<Map<String, Value>>,
    /// The context of the engine: the fact tables, and, once it was needed, the values. The values of an iteration are added while
    /// it renders.
    context: Context,
    /// Whether the context has the current values.
    is_filled: bool,
    engine: Templates,
    contracts: BTreeMap<(String, String), Value>,
}

/// One iteration of a repeated part or site, with its own values.
#[derive(Clone, Debug, Default)]
pub struct Iteration {
    /// Empty while the engine renders: the values are then in its context.
    own: RefCell<Vec<(String, Row)>>,
}

/// A value of an iteration: usually a row of what is repeated, shared and not copied.
#[derive(Clone, Debug)]
pub struct Row(RowSource);

#[derive(Clone, Debug)]
enum RowSource {
    /// A value of its own.
    Own(Value),
    /// A row of an answer.
    Answer(Arc<Map<String, Value>>, Arc<str>, usize),
    /// A row of a fact table.
    Fact(Arc<Vec<Value>>, usize),
}

impl Row {
    fn into_value(self) -> Value {
        match self.0 {
            RowSource::Own(value) => value,
            _ => Value::clone(&self),
        }
    }
}

impl Deref for Row {
    type Target = Value;

    fn deref(&self) -> &Value {
        let value = match &self.0 {
            RowSource::Own(value) => Some(value),
            RowSource::Answer(values, name, at) => values.get(&**name).and_then(|rows| rows.get(at)),
            RowSource::Fact(rows, at) => rows.get(*at),
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
        Value::deserialize(from).map(|value| Self(RowSource::Own(value)))
    }
}

impl Iteration {
    /// The iteration in which `name` is `value`.
    pub fn of(name: &str, value: Value) -> Self {
        Self::from_source(name, RowSource::Own(value))
    }

    fn from_source(name: &str, source: RowSource) -> Self {
        Self {
            own: RefCell::new(vec![(name.to_owned(), Row(source))]),
        }
    }

    fn add(&self, name: &str, value: Value) {
        let value = Row(RowSource::Own(value));
        self.own.borrow_mut().push((name.to_owned(), value));
    }

    /// The row of this iteration; `None` without repetition.
    pub fn row(&self) -> Option<Row> {
        self.own.borrow().first().map(|(_, row)| row.clone())
    }
}

/// The values of answers: the answers, the name, and for kinds that add to a member its row as `subject`.
fn of_answers(kind: &Kind, facts: &Facts<'_>, answers: &Answers) -> Result<Map<String, Value>> {
    let mut values = answers.values.clone();
    values.insert("name".into(), json!(answers.name));
    if let Some(table) = &kind.name.one_of {
        let rows = facts.rows(table)?;
        let subject = rows
            .iter()
            .find(|row| crate::facts::field(row, "id") == answers.name);
        values.insert("subject".into(), subject.cloned().unwrap_or(Value::Null));
    }
    Ok(values)
}

impl<'a> Scope<'a> {
    /// The scope for one member of `kind`.
    pub fn new(
        pack: &'a Pack,
        kind: &Kind,
        facts: &'a Facts<'a>,
        answers: &Answers,
        style: &Style,
    ) -> Result<Self> {
        let mut values = of_answers(kind, facts, answers)?;
        let mut tables = Map::new();
        let needed = pack.facts().keys().filter(|_| !kind.host);
        for name in needed {
            tables.insert(name.clone(), facts.table(name)?.value());
        }
        values.remove("facts");
        let mut out = Self::with_tables(pack, facts, style, tables);
        out.speak_of(Arc::new(values));
        out.follow(kind)?;
        Ok(out)
    }

    /// Computes the values of options that follow from others, unless they are given, and the home.
    fn follow(&mut self, kind: &Kind) -> Result<()> {
        for option in self.pack.following(&kind.id) {
            if self.values.contains_key(&option.id) {
                continue;
            }
            let mut rows = Vec::new();
            for template in &option.follows {
                let text = self.text(template, &Iteration::default())?;
                if !text.trim().is_empty() {
                    rows.push(Value::Object(crate::facts::row(text.trim())));
                }
            }
            Arc::make_mut(&mut self.values).insert(option.id.clone(), Value::Array(rows));
            self.is_filled = false;
        }
        if let Some(home) = &kind.home {
            let home = self.text(home, &Iteration::default())?;
            Arc::make_mut(&mut self.values).insert("home".into(), json!(home));
            self.is_filled = false;
        }
        Ok(())
    }

    /// A scope for existing members, one after the other, see [`Scope::about`]. Templates see only the given fact tables.
    pub fn of_members(
        pack: &'a Pack,
        facts: &'a Facts<'a>,
        style: &Style,
        tables: &[String],
    ) -> Result<Self> {
        let mut visible = Map::new();
        for name in tables {
            visible.insert(name.clone(), facts.table(name)?.value());
        }
        Ok(Self::with_tables(pack, facts, style, visible))
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

    /// The pack whose templates are rendered.
    pub fn pack(&self) -> &'a Pack {
        self.pack
    }

    /// Switches to another member of a kind, with the same facts and compiled templates.
    pub fn switch_to(&mut self, kind: &Kind, answers: &Answers) -> Result<()> {
        let values = of_answers(kind, self.facts, answers)?;
        self.about(&values);
        self.follow(kind)
    }

    /// Switches to the member with these values.
    pub fn about(&mut self, values: &Map<String, Value>) {
        self.speak_of(Arc::new(values.clone()));
    }

    /// Like [`Scope::about`], with shared values.
    pub fn speak_of(&mut self, values: Arc<Map<String, Value>>) {
        self.values = values;
        self.is_filled = false;
    }

    /// One iteration for each row of `each`, whose name in templates is `row`; a single one if `each` is `None`. Iterations for
    /// which `when` is false are left out.
    pub fn turns(
        &mut self,
        each: Option<&str>,
        row: Option<&str>,
        when: Option<&str>,
    ) -> Result<Vec<Iteration>> {
        let mut turns: Vec<Iteration> = match each {
            None => vec![Iteration::default()],
            Some(each) => {
                let name = row_name(each, row);
                match self.values.get(each) {
                    Some(Value::Array(rows)) => {
                        let each: Arc<str> = Arc::from(each);
                        let source = |at| RowSource::Answer(Arc::clone(&self.values), Arc::clone(&each), at);
                        (0..rows.len())
                            .map(|at| Iteration::from_source(name, source(at)))
                            .collect()
                    }
                    Some(_) => return Err(Error::new(format!("`{each}` is not a list"))),
                    None => {
                        let rows = self.facts.rows(each)?;
                        let source = |at| RowSource::Fact(Arc::clone(&rows), at);
                        (0..rows.len())
                            .map(|at| Iteration::from_source(name, source(at)))
                            .collect()
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

    /// Copies the values into the context of the engine.
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

    /// Renders with the values of the iteration in the context.
    fn with<T>(&mut self, turn: &Iteration, render: impl FnOnce(&mut Templates, &Context) -> T) -> T {
        self.fill();
        let mut shadowed = Vec::new();
        if let Value::Object(values) = self.context.data_mut() {
            for (name, source) in turn.own.take() {
                let before = values.insert(name.clone(), source.into_value());
                shadowed.push((name, before));
            }
        }
        let out = render(&mut self.engine, &self.context);
        if let Value::Object(values) = self.context.data_mut() {
            let mut own = turn.own.borrow_mut();
            for (name, before) in shadowed.into_iter().rev() {
                let value = match before {
                    Some(before) => values.insert(name.clone(), before),
                    None => values.shift_remove(&name),
                };
                own.push((name, Row(RowSource::Own(value.unwrap_or_default()))));
            }
            own.reverse();
        }
        out
    }

    /// Adds the contract `name` to the iteration, as `contract`.
    pub fn add_contract(&mut self, turn: &Iteration, name: &str) -> Result<()> {
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

    /// The text of a template file of the pack, rendered unless it is copied verbatim.
    pub fn file(&mut self, template: &Template, turn: &Iteration) -> Result<String> {
        let text = self.pack.files().text(&template.path)?;
        if !template.rendered {
            return Ok(text.to_owned());
        }
        self.with(turn, |engine, context| {
            engine.render(&template.path, text, context)
        })
    }

    /// Whether an expression of `pack.toml` is true. What has no answer is no row, and what is asked of it is empty.
    pub fn holds(&mut self, expression: &str, turn: &Iteration) -> Result<bool> {
        let pack = self.pack;
        self.with(turn, |engine, context| {
            engine
                .truth(expression, context)
                .or_else(|error| match without_answers(context) {
                    Some(context) => engine.truth(expression, &context),
                    None => Err(error),
                })
        })
        .map_err(|error| placed(pack, error, expression))
    }

    /// Renders a short template of `pack.toml`.
    pub fn text(&mut self, template: &str, turn: &Iteration) -> Result<String> {
        if !template.contains("{{") {
            return Ok(template.to_owned());
        }
        let pack = self.pack;
        self.with(turn, |engine, context| engine.inline(template, context))
            .map_err(|error| placed(pack, error, template))
    }
}

/// The values with an empty row in place of each choice that was not answered; nothing if there is none.
fn without_answers(context: &Context) -> Option<Context> {
    let values = context.data().as_object()?;
    values.values().any(Value::is_null).then(|| {
        let row = || Value::Object(crate::facts::row(""));
        let values = values.iter().map(|(name, value)| {
            let value = if value.is_null() { row() } else { value.clone() };
            (name.clone(), value)
        });
        let mut out = Context::null();
        *out.data_mut() = Value::Object(values.collect());
        out
    })
}

/// The error, at the place of `text` in the pack's own `pack.toml`, if it stands there.
fn placed(pack: &Pack, error: Error, text: &str) -> Error {
    let file = pack.files().text("pack.toml").unwrap_or_default();
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    match file.find(text).or_else(|| file.find(&escaped)) {
        Some(at) => error.at("pack.toml", line_col(file, at)),
        None => error,
    }
}
