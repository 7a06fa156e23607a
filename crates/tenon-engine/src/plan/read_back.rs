//! Finds the members of a host, made by tenon or by hand, and reads back the answers that would have made them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::facts::{Facts, field};
use crate::host::{Found, Host, HostPath};
use tenon_pack::{KindMembers, OptionKind, OptionRead, Pack, PackOption, Site, SiteKind};
use tenon_syntax::language::Lang;
use tenon_syntax::tree::first_error;
use tenon_text::diag::{Result, Span};
use tenon_text::format::split_bom;
use tenon_text::manifest::{ManifestFormat, Parsed};
use tenon_text::names::normal;
use tenon_text::regular::regular;

pub use super::option_choices::Choices;
use super::scope::{Iteration, Scope};
use super::slot_holders::holders;

/// A member of the host.
#[derive(Clone, Debug)]
pub struct Member {
    /// The kind that makes such members.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its directory.
    pub dir: String,
    /// The path by which it was found.
    pub path: String,
}

/// A slot in a file, and its holder.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The site.
    pub site: String,
    /// The file.
    pub path: String,
    /// The row of the repeated answer that it belongs to, if the host has it.
    pub row: Option<Value>,
    /// All holders with their positions; valid if there is exactly one.
    pub holders: Vec<(String, Span)>,
    /// The name of the member that holds it.
    pub member: Option<String>,
}

/// A value that was read back for an option.
struct ReadBack<'o> {
    /// Whether there is any value.
    known: bool,
    /// The first value.
    first: String,
    /// The choices that the values name.
    chosen: Vec<Value>,
    /// For pairs, the option of the left sides, and the row of its answer.
    left: &'o str,
    at: usize,
}

/// The members of a kind that are in the host, sorted by name.
pub fn members_of(declared: &KindMembers, facts: &Facts<'_>, scope: &mut Scope<'_>) -> Result<Vec<Member>> {
    let mut out = Vec::new();
    let is_plain = names_only(&declared.dir);
    for row in facts.rows(&declared.rows)?.iter() {
        let name = field(row, "id").to_owned();
        let dir = if is_plain {
            declared.dir.replace(NAME, &name)
        } else {
            scope.about(&Map::from_iter([
                ("name".to_owned(), json!(name)),
                ("row".to_owned(), row.clone()),
            ]));
            scope.text(&declared.dir, &Iteration::default())?
        };
        out.push(Member {
            kind: declared.kind.clone(),
            path: field(row, "path").to_owned(),
            name,
            dir,
        });
    }
    Ok(out)
}

/// Reads answers back from a host.
pub struct OptionReader<'o, 'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The choices of options.
    pub choices: &'o Choices,
    /// The slots of the host.
    pub slots: &'o [Slot],
    /// Whether to read answers that only fixes need.
    pub for_fixes: bool,
}

impl OptionReader<'_, '_> {
    /// The values of a member, as templates see them: its name, its directory and the answers. An answer that cannot be read back
    /// is empty.
    pub fn values(&self, member: &Member, host: &Host, scope: &mut Scope<'_>) -> Result<Map<String, Value>> {
        let mut values = Map::new();
        values.insert("name".into(), json!(member.name));
        values.insert("home".into(), json!(member.dir));
        for option in self.pack.answered(&member.kind) {
            let empty = match option.kind {
                OptionKind::Many | OptionKind::Pairs => json!([]),
                OptionKind::One => Value::Null,
                OptionKind::Flag => json!(false),
                OptionKind::Text => json!(""),
            };
            values.insert(option.id.clone(), empty);
        }
        for option in self.pack.answered(&member.kind) {
            if let (OptionKind::Pairs, Some(left)) = (option.kind, &option.left) {
                for row in values
                    .get_mut(left)
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    row[&option.id] = json!([]);
                }
            }
        }
        let about = Arc::new(Map::from_iter([
            ("name".to_owned(), json!(member.name)),
            ("home".to_owned(), json!(member.dir)),
        ]));
        let mut speaks_of_member = false;
        let options: HashMap<&str, &PackOption> = self
            .pack
            .answered(&member.kind)
            .map(|option| (option.id.as_str(), option))
            .collect();
        let reads = self.pack.reads(&member.kind);
        for read in reads.filter(|read| self.for_fixes || !read.for_fixes) {
            let Some(option) = options.get(read.option.as_str()) else {
                continue;
            };
            // Of very many options each would be told all answers before it, and hardly any asks for one.
            if is_about_member(read) {
                if !std::mem::replace(&mut speaks_of_member, true) {
                    scope.speak_of(Arc::clone(&about));
                }
                let found = self.found(read, (member, host), scope)?;
                self.one(read, option, member, found, &mut values);
                continue;
            }
            speaks_of_member = false;
            let known = Arc::new(std::mem::take(&mut values));
            scope.speak_of(Arc::clone(&known));
            let found = self.found(read, (member, host), scope);
            scope.speak_of(Arc::default());
            values = Arc::unwrap_or_clone(known);
            self.one(read, option, member, found?, &mut values);
        }
        scope.speak_of(Arc::default());
        Ok(values)
    }

    /// The values that are found for an answer, one list for each repetition; empty if a slot gives the answer.
    fn found(
        &self,
        read: &OptionRead,
        (member, host): (&Member, &Host),
        scope: &mut Scope<'_>,
    ) -> Result<Vec<Vec<String>>> {
        if read.site.is_some() {
            return Ok(vec![]);
        }
        let turns = match &read.each {
            None => vec![Iteration::default()],
            Some(each) => scope.turns(Some(each), read.row.as_deref(), None)?,
        };
        let ids = turns
            .iter()
            .map(|turn| self.ids(read, (member, host), scope, turn));
        ids.collect()
    }

    fn one(
        &self,
        read: &OptionRead,
        option: &PackOption,
        member: &Member,
        found: Vec<Vec<String>>,
        values: &mut Map<String, Value>,
    ) {
        if let Some(site) = &read.site {
            let mine = self
                .slots
                .iter()
                .filter(|slot| slot.site == *site && slot.member.as_deref() == Some(&member.name));
            let rows: Vec<Value> = mine.filter_map(|slot| slot.row.clone()).collect();
            values.insert(option.id.clone(), Value::Array(rows));
            return;
        }
        let rows = self.choices.of(&member.kind, &option.id);
        for (at, ids) in found.into_iter().enumerate() {
            if !option.follows.is_empty() {
                add_rows(values, &option.id, &ids);
                continue;
            }
            // If there are several ways to read an answer, the first that finds something is used.
            if ids.is_empty() && matches!(option.kind, OptionKind::One | OptionKind::Text) {
                continue;
            }
            let (mut chosen, mut known, mut rest) = (vec![], None, vec![]);
            for id in ids {
                match row_of(&rows, &id) {
                    Some(row) => {
                        chosen.push(row);
                        known.get_or_insert(id);
                    }
                    None => rest.push(id),
                }
            }
            if let Some(name) = &read.rest {
                add_rows(values, name, &rest);
            }
            let value = ReadBack {
                known: known.is_some() || !rest.is_empty(),
                first: rest.into_iter().next().or(known).unwrap_or_default(),
                chosen,
                left: read.each.as_deref().unwrap_or_default(),
                at,
            };
            self.answer(option, &member.kind, value, values);
        }
    }

    /// Adds the value to `values` as the answer to `option`.
    fn answer(&self, option: &PackOption, kind: &str, read: ReadBack<'_>, values: &mut Map<String, Value>) {
        match option.kind {
            OptionKind::Many => {
                let lefts = self.pack.options(kind).filter(|pairs| {
                    pairs.kind == OptionKind::Pairs && pairs.left.as_deref() == Some(&option.id)
                });
                let pairs: Vec<&str> = lefts.map(|pairs| pairs.id.as_str()).collect();
                let rows = read.chosen.into_iter().map(|mut row| {
                    for pair in &pairs {
                        row[*pair] = json!([]);
                    }
                    row
                });
                add(values, &option.id, rows);
            }
            OptionKind::One => {
                if let Some(first) = read.chosen.into_iter().next() {
                    values.entry(&option.id).and_modify(|answer| {
                        if answer.is_null() {
                            *answer = first;
                        }
                    });
                }
            }
            OptionKind::Flag => {
                // It is true if any way to read it finds something.
                let before = values
                    .get(&option.id)
                    .is_some_and(|answer| answer == &json!(true));
                let is = before || read.known;
                values.insert(option.id.clone(), json!(is));
            }
            OptionKind::Pairs => {
                if let Some(row) = values.get_mut(read.left).and_then(|rows| rows.get_mut(read.at)) {
                    row[&option.id] = Value::Array(read.chosen);
                }
            }
            OptionKind::Text => {
                let answer = values.entry(&option.id).or_insert_with(|| json!(""));
                if answer == "" {
                    *answer = json!(read.first);
                }
            }
        }
    }

    fn ids(
        &self,
        read: &OptionRead,
        (member, host): (&Member, &Host),
        scope: &mut Scope<'_>,
        turn: &Iteration,
    ) -> Result<Vec<String>> {
        let mut ids: Vec<String> = Vec::new();
        let mut add = |id: &str| {
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
        };
        if let Some(files) = &read.files {
            for found in host.glob(&scope.text(files, turn)?) {
                add(found.captures.first().map_or("", |(_, id)| id));
            }
        } else if let (Some(file), None) = (&read.file, &read.find) {
            for found in host.glob(&scope.text(file, turn)?) {
                let path = HostPath::new(&found.path)?;
                plain_answers(read, (member, &path, host), scope, turn)?
                    .iter()
                    .for_each(|id| add(id));
            }
        } else if let (Some(file), Some(find), Some(var)) = (&read.file, &read.find, &read.var) {
            let wanted = read.regex.as_deref().map(regular).transpose()?;
            let needed = read.containing.as_deref();
            let needed = needed.map(|text| scope.text(text, turn)).transpose()?;
            for found in host.glob(&scope.text(file, turn)?) {
                let Some(text) = host.read(&HostPath::new(&found.path)?).ok().flatten() else {
                    continue;
                };
                if needed.as_ref().is_some_and(|needed| !text.contains(needed)) {
                    continue;
                }
                let Some(grammar) = Lang::of_path(&found.path) else {
                    continue;
                };
                if grammar.is_aside(&found.path, &text) {
                    continue;
                }
                let rule = find.rule(grammar)?;
                let tree = grammar.parse(split_bom(&text).1);
                if first_error(&tree).is_some() {
                    host.doubt(&found.path);
                }
                let all = rule.find_all(&tree.root());
                for matched in all.map_err(|error| error.in_file(&found.path))? {
                    let Some(node) = matched.var(var) else { continue };
                    let text = node.text();
                    match &wanted {
                        None => add(&text),
                        Some(regex) => {
                            let regex = regex.on(&text).map_err(|error| error.in_file(&found.path))?;
                            if let Some(group) = regex.captures(&text).and_then(|groups| groups.get(1)) {
                                add(group.as_str());
                            }
                        }
                    }
                }
            }
        }
        Ok(ids)
    }
}

/// An answer that is read without a grammar: the value at a pointer of a manifest, or whether a text contains something.
fn plain_answers(
    read: &OptionRead,
    (member, path, host): (&Member, &HostPath, &Host),
    scope: &mut Scope<'_>,
    turn: &Iteration,
) -> Result<Vec<String>> {
    if let Some(needed) = &read.containing {
        let text = host.read(path).ok().flatten().unwrap_or_default();
        let is_there = text.contains(&scope.text(needed, turn)?);
        return Ok(if is_there { vec![String::new()] } else { vec![] });
    }
    let pointer = scope.text(read.pointer.as_deref().unwrap_or_default(), turn)?;
    let parsed = ManifestFormat::of_path(path.as_str()).and_then(|format| {
        // Many members may ask for a file that is no one's.
        if !member.dir.is_empty() && path.as_str().starts_with(&format!("{}/", member.dir)) {
            let text = host.read(path).ok().flatten()?;
            let parsed = Parsed::parse(split_bom(&text).1, format, path.as_str());
            return parsed
                .inspect_err(|_| host.doubt(path.as_str()))
                .ok()
                .map(Arc::new);
        }
        let parsed = host.manifest(path, format);
        parsed.inspect_err(|_| host.doubt(path.as_str())).ok().flatten()
    });
    let value = parsed.and_then(|parsed| Some(parsed.get(&pointer)?.0));
    Ok(match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::Object(table)) => table.keys().cloned().collect(),
        Some(value @ (Value::Bool(true) | Value::Number(_))) => vec![value.to_string()],
        Some(Value::Bool(false) | Value::Null) | None => vec![],
    })
}

/// Adds a row for each of `ids` to the answer `option`.
fn add_rows(values: &mut Map<String, Value>, option: &str, ids: &[String]) {
    let rows = ids.iter().map(|id| Value::Object(crate::facts::row(id)));
    add(values, option, rows);
}

/// Adds rows that are not there yet to the answer `option`: several ways to read it add up.
fn add(values: &mut Map<String, Value>, option: &str, rows: impl Iterator<Item = Value>) {
    let mut all = match values.get(option) {
        Some(Value::Array(known)) => known.clone(),
        _ => vec![],
    };
    for row in rows {
        if !all.iter().any(|known| field(known, "id") == field(&row, "id")) {
            all.push(row);
        }
    }
    values.insert(option.to_owned(), Value::Array(all));
}

/// The row that `id` names, whatever its case and separators.
pub fn row_of(rows: &[Value], id: &str) -> Option<Value> {
    rows.iter()
        .find(|row| field(row, "id") == id)
        .or_else(|| rows.iter().find(|row| normal(field(row, "name")) == normal(id)))
        .cloned()
}

/// All slots of the host.
pub fn slots(
    pack: &Pack,
    host: &Host,
    choices: &Choices,
    members: &[Member],
    scope: &mut Scope<'_>,
) -> Result<Vec<Slot>> {
    let mut out = Vec::new();
    for site in pack.all_sites().iter().filter(|site| site.kind == SiteKind::Slot) {
        let (Some(file), Some(each)) = (&site.file, &site.each) else {
            continue;
        };
        let kind = site.for_kinds.first().map_or("", String::as_str);
        let Some(option) = pack.options(kind).find(|option| option.id == *each) else {
            continue;
        };
        let rows = choices.of(kind, &option.id);
        let values = holder_values(site, members, scope)?;
        for found in host.glob(&pattern_of(file)) {
            out.push(slot(site, &found, host, &rows, &values)?);
        }
    }
    Ok(out)
}

fn slot(
    site: &Site,
    found: &Found,
    host: &Host,
    rows: &[Value],
    values: &HashMap<String, String>,
) -> Result<Slot> {
    let of = found.captures.first().map_or("", |(_, capture)| capture);
    let text = host.read(&HostPath::new(&found.path)?).ok().flatten();
    let holders = match text {
        Some(text) => holders(site, &found.path, split_bom(&text).1)?,
        None => vec![],
    };
    let member = match holders.as_slice() {
        [(holder, _)] => values.get(holder).cloned(),
        _ => None,
    };
    Ok(Slot {
        site: site.id.clone(),
        path: found.path.clone(),
        row: row_of(rows, of).filter(|row| field(row, "id") == of),
        holders,
        member,
    })
}

/// The placeholder for the name of a member.
const NAME: &str = "{{name}}";

/// Whether a template has no placeholder but the name, which is the usual case.
fn names_only(template: &str) -> bool {
    !template.contains("{{{") && !template.replace(NAME, "").contains("{{")
}

/// Whether nothing that is read depends on other answers.
fn is_about_member(read: &OptionRead) -> bool {
    let texts = [&read.files, &read.file, &read.containing, &read.pointer];
    let mut texts = texts.into_iter().flatten().chain(&read.in_files);
    read.each.is_none() && texts.all(|text| names_only(&text.replace("{{home}}", "")))
}

/// The names of the members that may hold a slot of `site`, by the value in the slot.
fn holder_values(site: &Site, members: &[Member], scope: &mut Scope<'_>) -> Result<HashMap<String, String>> {
    let mut out = HashMap::new();
    let template = site.value.as_deref().unwrap_or_default();
    let is_plain = names_only(template);
    for member in members {
        if !site.for_kinds.contains(&member.kind) {
            continue;
        }
        let value = if is_plain {
            template.replace(NAME, &member.name)
        } else {
            scope.about(&Map::from_iter([("name".to_owned(), json!(member.name))]));
            scope.text(template, &Iteration::default())?
        };
        out.insert(value, member.name.clone());
    }
    Ok(out)
}

/// A template such as `a/{{module.id}}.ts` as a pattern with a capture.
pub fn pattern_of(template: &str) -> String {
    match (template.find("{{"), template.find("}}")) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{{of}}{}", &template[..open], &template[close + 2..])
        }
        _ => template.to_owned(),
    }
}
