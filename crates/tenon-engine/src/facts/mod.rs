//! Tables of what holds in the host, as the pack names them. Each table is read once, when first needed.

mod api;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::host::{Host, HostPath};
use tenon_pack::raw::{RawFact, RawFactField};
use tenon_pack::{NameCase, Pack};
use tenon_syntax::language::Lang;
use tenon_syntax::style::Style;
use tenon_syntax::tree::first_error;
use tenon_text::diag::{Error, Result};
use tenon_text::format::split_bom;
use tenon_text::manifest::{self, ManifestFormat};
use tenon_text::names::{CASES, in_dir};
use tenon_text::regular::{Regular, regular};

pub use api::Api;

/// A fact table, shared by all who read it.
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// Rows, each with at least `name` and `id`.
    Rows(Arc<Vec<Value>>),
    /// A map by name.
    Map(Arc<Map<String, Value>>),
}

impl Table {
    /// The table as templates see it.
    pub fn value(&self) -> Value {
        match self {
            Self::Rows(rows) => Value::Array(rows.to_vec()),
            Self::Map(map) => Value::Object(Map::clone(map)),
        }
    }
}

/// Reads fact tables of one host for one pack.
pub struct Facts<'a> {
    host: &'a Host,
    pack: &'a Pack,
    style: Style,
    apis: RefCell<BTreeMap<String, Rc<Api<'a>>>>,
    tables: RefCell<BTreeMap<String, Table>>,
    manifests: RefCell<BTreeMap<String, Option<Rc<Value>>>>,
    warnings: RefCell<Vec<String>>,
    given: RefCell<Map<String, Value>>,
}

impl<'a> Facts<'a> {
    /// The command that makes what stands in `table`: of the kind `maker`, or of the kind whose members are its rows.
    pub fn made_by(&self, table: Option<&str>, maker: Option<&str>) -> Option<String> {
        let mut declarations = self.pack.kind_members().iter();
        let of_table = declarations.find(|declared| Some(declared.rows.as_str()) == table);
        let kind = maker.or(of_table.map(|declared| declared.kind.as_str()))?;
        Some(match kind {
            "integration" => "tenon new-integration NAME".to_owned(),
            kind => format!("tenon new {kind} NAME"),
        })
    }

    /// The language of what integrations consist of.
    pub fn language(&self) -> Lang {
        self.pack.language()
    }

    /// Nothing is read yet. `style` is how code is printed.
    pub fn new(host: &'a Host, pack: &'a Pack, style: Style) -> Self {
        Self {
            host,
            pack,
            style,
            apis: RefCell::default(),
            tables: RefCell::default(),
            manifests: RefCell::default(),
            warnings: RefCell::default(),
            given: RefCell::default(),
        }
    }

    /// The facts of `host`, of which these tables are known already.
    pub fn with_tables(
        host: &'a Host,
        pack: &'a Pack,
        style: Style,
        tables: BTreeMap<String, Table>,
    ) -> Self {
        let facts = Self::new(host, pack, style);
        *facts.tables.borrow_mut() = tables;
        facts
    }

    /// The tables that were read so far.
    pub fn known_tables(&self) -> BTreeMap<String, Table> {
        self.tables.borrow().clone()
    }

    /// The table `name`.
    pub fn table(&self, name: &str) -> Result<Table> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Ok(table.clone());
        }
        let Some(fact) = self.pack.facts().get(name) else {
            return Err(Error::new(format!("there is no fact table `{name}`")));
        };
        let table = if let Some(api) = &fact.api {
            let members: Vec<&str> = fact.members.iter().map(String::as_str).collect();
            let within: Vec<&str> = fact.within.iter().map(String::as_str).collect();
            Table::Rows(Arc::new(self.api(api)?.rows(&within, &fact.with, &members)?))
        } else if let Some(dir) = &fact.module_of {
            let root = self.pack.language().module_of(self.host, dir);
            let root = root.ok_or_else(|| {
                Error::new("the path by which this host's code is imported is unknown")
                    .because(format!("no manifest says it, and nothing imports `{dir}`"))
            })?;
            Table::Map(Arc::new(Map::from_iter([("root".to_owned(), json!(root))])))
        } else if fact.find.is_some() {
            Table::Rows(Arc::new(self.code_rows(fact)?))
        } else if !fact.files.is_empty() {
            Table::Rows(Arc::new(self.file_rows(fact)?))
        } else {
            Table::Map(Arc::new(self.merged(&fact.manifests, &fact.pointers)?))
        };
        self.tables.borrow_mut().insert(name.to_owned(), table.clone());
        Ok(table)
    }

    fn file_rows(&self, fact: &RawFact) -> Result<Vec<Value>> {
        let regex = |text: &Option<String>| text.as_deref().map(regular).transpose();
        let (matching, except) = (regex(&fact.matching)?, regex(&fact.except)?);
        let mut rows = BTreeMap::new();
        for pattern in &fact.files {
            for found in self.host.glob(pattern) {
                let mut row = file_row(&found, pattern);
                if fact.ids == Some(NameCase::Kebab) {
                    row["id"] = self::row(field(&row, "name"))["id"].clone();
                }
                let id = field(&row, "id");
                let is = |regex: &Option<Rc<Regular>>, text: &str| -> Result<Option<bool>> {
                    let Some(regex) = regex else { return Ok(None) };
                    let regex = regex.on(text).map_err(|error| error.in_file(&found.path))?;
                    Ok(Some(regex.is_match(text)))
                };
                if rows.contains_key(id) || is(&except, id)? == Some(true) {
                    continue;
                }
                if matching.is_some() || !fact.fields.is_empty() {
                    let text = self.host.read(&HostPath::new(&found.path)?).ok().flatten();
                    let text = text.unwrap_or_default();
                    if is(&matching, &text)? == Some(false) {
                        continue;
                    }
                    for (name, field) in &fact.fields {
                        let value = match &field.file {
                            None => self.field(field, &found.path, &text)?,
                            Some(other) => {
                                let path = format!("{}/{other}", self::field(&row, "dir"));
                                let text = self.host.read(&HostPath::new(&path)?).ok().flatten();
                                self.field(field, &path, &text.unwrap_or_default())?
                            }
                        };
                        row[name] = json!(value);
                    }
                }
                let id = field(&row, "id").to_owned();
                rows.insert(id, row);
            }
        }
        Ok(rows.into_values().collect())
    }

    /// The rows of a table of files of code: those in which its rule matches, or what its variable stands for there.
    fn code_rows(&self, fact: &RawFact) -> Result<Vec<Value>> {
        let mut rows = BTreeMap::new();
        let all = fact.files.iter();
        let all = all.flat_map(|pattern| {
            self.host
                .glob(pattern)
                .into_iter()
                .map(move |found| (pattern, found))
        });
        for (pattern, found) in all {
            let text = self.host.read(&HostPath::new(&found.path)?).ok().flatten();
            let (Some(grammar), Some(table), Some(text)) = (Lang::of_path(&found.path), &fact.find, text)
            else {
                continue;
            };
            let needed = fact.containing.as_deref().unwrap_or_default();
            if !text.contains(needed) || grammar.is_aside(&found.path, &text) {
                continue;
            }
            let rule = table.rule(grammar)?;
            let tree = grammar.parse(split_bom(&text).1);
            if first_error(&tree).is_some() {
                self.host.doubt(&found.path);
            }
            let matches = rule
                .find_all(&tree.root())
                .map_err(|error| error.in_file(&found.path))?;
            match &fact.var {
                None if matches.is_empty() => {}
                None => {
                    let row = file_row(&found, pattern);
                    rows.entry(field(&row, "id").to_owned()).or_insert(row);
                }
                Some(var) => {
                    for name in matches.iter().filter_map(|found| found.var(var)) {
                        let mut out = row(&name.text());
                        out.insert("path".into(), json!(found.path));
                        rows.entry(name.text().into_owned()).or_insert(Value::Object(out));
                    }
                }
            }
        }
        Ok(rows.into_values().collect())
    }

    /// What the first match of the rule in `text` says; empty without one.
    fn field(&self, field: &RawFactField, path: &str, text: &str) -> Result<String> {
        let Some(grammar) = Lang::of_path(path) else {
            return Ok(String::new());
        };
        let rule = field
            .find
            .rule(grammar)
            .map_err(|error| error.in_file("pack.toml"))?;
        let regex = field.regex.as_deref().map(regular).transpose()?;
        let tree = grammar.parse(split_bom(text).1);
        if first_error(&tree).is_some() {
            self.host.doubt(path);
        }
        let found = rule.find_all(&tree.root()).map_err(|error| error.in_file(path))?;
        for node in found.iter().filter_map(|found| found.var(&field.var)) {
            let text = node.text();
            let Some(regex) = &regex else {
                return Ok(text.into_owned());
            };
            let regex = regex.on(&text).map_err(|error| error.in_file(path))?;
            if let Some(group) = regex.captures(&text).and_then(|groups| groups.get(1)) {
                return Ok(group.as_str().to_owned());
            }
        }
        Ok(String::new())
    }

    /// The rows of the table `name`.
    pub fn rows(&self, name: &str) -> Result<Arc<Vec<Value>>> {
        match self.table(name)? {
            Table::Rows(rows) => Ok(rows),
            Table::Map(_) => Err(Error::new(format!("the fact table `{name}` has no rows"))),
        }
    }

    /// The package interface `name`.
    pub fn api(&self, name: &str) -> Result<Rc<Api<'a>>> {
        if let Some(api) = self.apis.borrow().get(name) {
            return Ok(api.clone());
        }
        let Some(raw) = self.pack.apis().get(name) else {
            return Err(Error::new(format!("there is no api `{name}`")));
        };
        let fill = |text: &str| self.filled(text);
        let api = Rc::new(Api::open(self.host, self.pack, raw, self.style.clone(), &fill)?);
        self.warnings.borrow_mut().extend(api.warning());
        self.apis.borrow_mut().insert(name.to_owned(), api.clone());
        Ok(api)
    }

    /// The files of the interfaces read so far that have a syntax error.
    pub fn broken_interfaces(&self) -> Vec<String> {
        let apis = self.apis.borrow();
        apis.values().flat_map(|api| api.broken()).collect()
    }

    /// Tells the answer to an option, for interfaces that depend on it. They must not have been read before.
    pub fn tell(&self, option: &str, answer: &Value) {
        self.given.borrow_mut().insert(option.to_owned(), answer.clone());
    }

    /// `text` with each `{OPTION}` replaced by the answer's `id`; none if one has no answer.
    fn filled(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once('{') {
            let (option, after) = tail.split_once('}')?;
            let given = self.given.borrow();
            let id = given.get(option)?.get("id")?.as_str()?;
            out.push_str(before);
            out.push_str(id);
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }

    /// What a person should know about how the facts were got.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().clone()
    }

    /// What stands at `pointers` of the manifests that match `patterns`, as one map; the first to name a key
    /// wins. A manifest that cannot be read has nothing to add: it is not what is being made.
    fn merged(&self, patterns: &[String], pointers: &[String]) -> Result<Map<String, Value>> {
        let mut all = Map::new();
        for found in patterns.iter().flat_map(|pattern| self.host.glob(pattern)) {
            let Some(manifest) = self.manifest(&found.path)? else {
                continue;
            };
            for pointer in pointers {
                let Some(Value::Object(entries)) = manifest.pointer(pointer) else {
                    continue;
                };
                for (key, value) in entries {
                    all.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
        }
        Ok(all)
    }

    /// A manifest, read once for all tables; nothing if it is none, or broken.
    fn manifest(&self, path: &str) -> Result<Option<Rc<Value>>> {
        if let Some(known) = self.manifests.borrow().get(path) {
            return Ok(known.clone());
        }
        let text = self.host.read(&HostPath::new(path)?)?;
        let value = match (ManifestFormat::of_path(path), text) {
            (Some(format), Some(text)) => {
                let read = manifest::read(&text, format, path);
                read.inspect_err(|_| self.host.doubt(path)).ok().map(Rc::new)
            }
            _ => None,
        };
        self.manifests.borrow_mut().insert(path.to_owned(), value.clone());
        Ok(value)
    }
}

/// The row of a choice that a pack spells out: people type it as it is written there.
pub fn choice(name: &str) -> Value {
    let mut out = row(name);
    out.insert("id".into(), json!(name));
    Value::Object(out)
}

/// A row named `name`: `id` is the form in which people type it.
pub fn row(name: &str) -> Map<String, Value> {
    let kebab = CASES
        .iter()
        .find(|(case, _)| *case == "kebab")
        .map_or(name.to_owned(), |(_, case)| case(name));
    let mut row = Map::new();
    row.insert("name".into(), json!(name));
    row.insert("id".into(), json!(kebab));
    row
}

/// The capture called `name` is the name, else the first. `dir` is the directory of the path, `root` the path as far as
/// the name.
fn file_row(found: &crate::host::Found, pattern: &str) -> Value {
    let mut captures = found.captures.iter();
    let named = captures.clone().position(|(capture, _)| capture == "name");
    let which = named.unwrap_or(0);
    let name = captures.nth(which).map_or(&found.path, |(_, name)| name);
    // A name that was read from a path is what people type, whatever its case.
    let mut out = Map::with_capacity(6 + found.captures.len());
    out.insert("name".into(), json!(name));
    out.insert("id".into(), json!(name));
    let depth = pattern
        .split('/')
        .enumerate()
        .filter(|(_, segment)| segment.contains('{'))
        .nth(which)
        .map_or(0, |(depth, _)| depth);
    let root = found.path.match_indices('/').nth(depth);
    let root = root.map_or(&*found.path, |(at, _)| &found.path[..at]);
    out.insert("root".into(), json!(root));
    let (dir, file) = in_dir(&found.path);
    out.insert("dir".into(), json!(dir));
    out.insert("file".into(), json!(file));
    out.insert("path".into(), json!(found.path));
    for (at, (capture, value)) in found.captures.iter().enumerate() {
        if at != which {
            out.insert(capture.clone(), json!(value));
        }
    }
    Value::Object(out)
}

/// The text field `key` of a row, or nothing.
pub fn field<'r>(row: &'r Value, key: &str) -> &'r str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}
