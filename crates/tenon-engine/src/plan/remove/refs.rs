//! Who builds on what goes: those are named, and nothing is taken away from under them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::{Observe, QuestionKind, SiteKind};
use tenon_syntax::code;
use tenon_syntax::tree::Grammar;
use tenon_text::diag::{Error, Result, line_col};
use tenon_text::format::split_bom;
use tenon_text::manifest::ManifestFormat;

use super::super::observe::Thing;
use super::super::scope::Turn;
use super::Desk;

const HELP: &str = "take these away first, or let them build on something else";

/// A place that still speaks of what was taken away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// Files that are longer are not searched: they are made by tools, which make them anew.
const MAX_SEARCHED: usize = 256 << 10;

/// Refuses to take away what another thing builds on: one of its answers names it.
pub(super) fn refuse(desk: &mut Desk<'_>) -> Result<()> {
    let (Some(thing), None) = (desk.thing.clone(), &desk.stays) else {
        return Ok(());
    };
    let pack = desk.request.pack;
    let tables: Vec<&str> = pack
        .subjects()
        .iter()
        .filter(|subject| subject.generator == thing.generator)
        .map(|subject| subject.rows.as_str())
        .collect();
    let mut places = Vec::new();
    for other in desk.things.clone() {
        if other.name == thing.name && other.generator == thing.generator {
            continue;
        }
        let questions: Vec<_> = pack
            .questions(&other.generator)
            .filter(|question| {
                question
                    .from
                    .as_deref()
                    .is_some_and(|table| tables.contains(&table))
            })
            .collect();
        if questions.is_empty() {
            continue;
        }
        let values = desk.values(&other)?;
        for question in questions {
            if names(&values, &question.id, question.kind, &thing.name) {
                let found = place_of(desk, &other, &values, &question.id, &thing.name)?;
                let at = found.unwrap_or_else(|| other.dir.clone());
                places.push(format!("the {} `{}`, in {at}", other.generator, other.name));
            }
        }
    }
    if places.is_empty() {
        return Ok(());
    }
    let mut error = Error::new(format!("others build on `{}`", thing.name));
    for place in &places {
        error = error.because(place);
    }
    Err(error.help(HELP))
}

fn names(values: &Map<String, Value>, question: &str, kind: QuestionKind, name: &str) -> bool {
    match (kind, values.get(question)) {
        (QuestionKind::Many, Some(Value::Array(rows))) => rows.iter().any(|row| field(row, "id") == name),
        (QuestionKind::One, Some(row)) => field(row, "id") == name,
        _ => false,
    }
}

/// Where `other` says it: the file, with line and column where the answer is read out of code.
fn place_of(
    desk: &mut Desk<'_>,
    other: &Thing,
    values: &Map<String, Value>,
    question: &str,
    name: &str,
) -> Result<Option<String>> {
    let observes: Vec<Observe> = desk
        .request
        .pack
        .observes(&other.generator)
        .filter(|observe| observe.question == question)
        .cloned()
        .collect();
    desk.scope.about(values);
    for observe in observes {
        if let Some(files) = &observe.files {
            let pattern = desk.scope.text(files, &Turn::default())?;
            for found in desk.request.host.glob(&pattern) {
                if found.captures.first().is_some_and(|(_, id)| id == name) {
                    return Ok(Some(format!("`{}`", found.path)));
                }
            }
        }
        let (Some(file), Some(find), Some(var)) = (&observe.file, &observe.find, &observe.var) else {
            continue;
        };
        let pattern = desk.scope.text(file, &Turn::default())?;
        for found in desk.request.host.glob(&pattern) {
            let text = desk
                .request
                .host
                .read(&HostPath::new(&found.path)?)
                .ok()
                .flatten();
            let (Some(text), Some(grammar)) = (text, Grammar::of_path(&found.path)) else {
                continue;
            };
            let body = split_bom(&text).1;
            let rule = find.rule(grammar)?;
            let tree = grammar.parse(body);
            for matched in rule.find_all(&tree.root()) {
                if let Some(node) = matched.var(var)
                    && node.text().contains(name)
                {
                    let at = line_col(body, node.range().start);
                    return Ok(Some(format!("`{}:{}:{}`", found.path, at.line, at.column)));
                }
            }
        }
    }
    Ok(None)
}

/// Where the host still speaks of what was taken away, by the names that its sites knew it by. Tools and people may know it
/// by others.
pub(super) fn mentions(
    desk: &mut Desk<'_>,
    words: &[String],
    deleted: &BTreeSet<String>,
) -> Result<Vec<Mention>> {
    let mut out = BTreeSet::new();
    if words.is_empty() {
        return Ok(vec![]);
    }
    for path in desk.request.host.all_below("") {
        if deleted.contains(&path) || path == super::record::FILE {
            continue;
        }
        let at = HostPath::new(&path)?;
        let is_short = desk
            .request
            .host
            .size(&at)
            .is_some_and(|size| size <= MAX_SEARCHED as u64);
        let text = match is_short.then(|| desk.overlay.read(&at)) {
            Some(Ok(Some(text))) => text,
            Some(Err(error)) if desk.request.host.read_bytes(&at).is_err() => return Err(error),
            // What is no text speaks of nothing.
            _ => continue,
        };
        for word in words {
            for (offset, _) in text.match_indices(word.as_str()) {
                let next = text[offset + word.len()..].chars().next();
                if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
                    continue;
                }
                out.insert(Mention {
                    path: path.clone(),
                    line: line_col(&text, offset).line,
                });
            }
        }
    }
    Ok(out.into_iter().collect())
}

/// Refuses if code or manifests of other things are among the places that still speak of what goes, or, unless that is wanted
/// by `force`, code of the host.
pub(super) fn refuse_mentions(name: &str, things: &[Thing], mentions: &[Mention], force: bool) -> Result<()> {
    let is_code = |path: &str| Grammar::of_path(path).is_some();
    let is_read_by_tools = |path: &str| is_code(path) || ManifestFormat::of_path(path).is_some();
    let of_another = |path: &str| {
        let mut others = things.iter().filter(|thing| thing.name != name);
        // A thing may be a single file.
        others.any(|thing| {
            path.strip_prefix(&*thing.dir)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let places: Vec<&Mention> = mentions
        .iter()
        .filter(|mention| {
            let path = &mention.path;
            (is_read_by_tools(path) && of_another(path)) || (is_code(path) && !force)
        })
        .collect();
    if places.is_empty() {
        return Ok(());
    }
    let mut error = Error::new(format!("others build on `{name}`"));
    for place in places.iter().take(20) {
        error = error.because(format!("`{}:{}`", place.path, place.line));
    }
    if places.len() > 20 {
        error = error.because(format!("and {} more", places.len() - 20));
    }
    Err(error.help(HELP))
}

/// Of what only the record knows, the directory in which all its files are.
fn recorded_dir(desk: &Desk<'_>) -> Option<String> {
    if desk.thing.is_some() {
        return None;
    }
    let made = desk
        .family
        .iter()
        .filter_map(|(generator, name)| desk.record.get(generator, name));
    let mut files = made.flat_map(|made| made.files.keys());
    let first = files.next()?;
    let dir = first.rsplit_once('/')?.0.to_owned();
    files
        .all(|file| file.starts_with(&format!("{dir}/")))
        .then_some(dir)
}

/// The names that say more than the thing's own: keys and values of manifests, its directory.
pub(super) fn words(desk: &mut Desk<'_>) -> Result<Vec<String>> {
    let name = desk.request.name.to_owned();
    let all = desk.all.clone();
    desk.scope.about(&all);
    let mut out: Vec<String> = desk.thing.iter().map(|thing| thing.dir.clone()).collect();
    out.extend(recorded_dir(desk));
    let language = desk.request.pack.language();
    let imported: Vec<String> = out
        .iter()
        .filter_map(|dir| code::imported_as(language, dir))
        .collect();
    out.extend(imported);
    let id = desk.subject_id().to_owned();
    for site in desk.request.pack.sites(&id) {
        if site.each.is_some() || matches!(site.kind, SiteKind::List | SiteKind::Lines) {
            continue;
        }
        for template in [&site.key, &site.value].into_iter().flatten() {
            if template.contains("{{name}}") {
                out.push(desk.scope.text(template, &Turn::default())?);
            }
        }
    }
    out.retain(|word| word.len() > name.len() && word.contains(&name));
    out.sort();
    out.dedup();
    Ok(out)
}
