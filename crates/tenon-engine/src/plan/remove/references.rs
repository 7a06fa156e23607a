//! Refuses the removal of a member that others depend on, and finds places that still mention it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::facts::field;
use crate::host::HostPath;
use tenon_pack::{OptionKind, OptionRead, SiteKind};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Error, Result, line_col};
use tenon_text::format::split_bom;
use tenon_text::manifest::ManifestFormat;

use super::super::read_back::Member;
use super::super::scope::Iteration;
use super::planner::RemovalPlanner;

const HELP: &str = "remove these first, or make them depend on something else";

/// A place that still mentions the removed member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// Largest file that is searched, in bytes: larger ones are generated.
const MAX_SEARCHED: usize = 256 << 10;

/// Refuses the removal if an answer of another member names this one.
pub(super) fn refuse_if_used(planner: &mut RemovalPlanner<'_>) -> Result<()> {
    let (Some(member), None) = (planner.member.clone(), &planner.remaining) else {
        return Ok(());
    };
    let pack = planner.request.pack;
    let tables: Vec<&str> = pack
        .kind_members()
        .iter()
        .filter(|declared| declared.kind == member.kind)
        .map(|declared| declared.rows.as_str())
        .collect();
    let mut places = Vec::new();
    for other in planner.members.clone() {
        if other.name == member.name && other.kind == member.kind {
            continue;
        }
        let options: Vec<_> = pack
            .options(&other.kind)
            .filter(|option| {
                option
                    .from
                    .as_deref()
                    .is_some_and(|table| tables.contains(&table))
            })
            .collect();
        if options.is_empty() {
            continue;
        }
        let values = planner.member_values(&other)?;
        for option in options {
            if names(&values, &option.id, option.kind, &member.name) {
                let found = place_of(planner, &other, &values, &option.id, &member.name)?;
                let at = found.unwrap_or_else(|| other.dir.clone());
                places.push(format!("the {} `{}`, in {at}", other.kind, other.name));
            }
        }
    }
    if places.is_empty() {
        return Ok(());
    }
    let mut error = Error::new(format!("other members depend on `{}`", member.name));
    for place in &places {
        error = error.because(place);
    }
    Err(error.help(HELP))
}

fn names(values: &Map<String, Value>, option: &str, kind: OptionKind, name: &str) -> bool {
    match (kind, values.get(option)) {
        (OptionKind::Many, Some(Value::Array(rows))) => rows.iter().any(|row| field(row, "id") == name),
        (OptionKind::One, Some(row)) => field(row, "id") == name,
        _ => false,
    }
}

/// Where the answer of `other` is written: the file, with line and column if it is read from code.
fn place_of(
    planner: &mut RemovalPlanner<'_>,
    other: &Member,
    values: &Map<String, Value>,
    option: &str,
    name: &str,
) -> Result<Option<String>> {
    let reads: Vec<OptionRead> = planner
        .request
        .pack
        .reads(&other.kind)
        .filter(|read| read.option == option)
        .cloned()
        .collect();
    planner.scope.about(values);
    for read in reads {
        if let Some(files) = &read.files {
            let pattern = planner.scope.text(files, &Iteration::default())?;
            for found in planner.request.host.glob(&pattern) {
                if found.captures.first().is_some_and(|(_, id)| id == name) {
                    return Ok(Some(format!("`{}`", found.path)));
                }
            }
        }
        let (Some(file), Some(find), Some(var)) = (&read.file, &read.find, &read.var) else {
            continue;
        };
        let pattern = planner.scope.text(file, &Iteration::default())?;
        for found in planner.request.host.glob(&pattern) {
            let text = planner
                .request
                .host
                .read(&HostPath::new(&found.path)?)
                .ok()
                .flatten();
            let (Some(text), Some(grammar)) = (text, Lang::of_path(&found.path)) else {
                continue;
            };
            let body = split_bom(&text).1;
            let rule = find.rule(grammar)?;
            let tree = grammar.parse(body);
            for matched in rule.find_all(&tree.root())? {
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

/// The places that still contain one of `words`, the names that the sites use for the member. Other names are not found.
pub(super) fn mentions(
    planner: &mut RemovalPlanner<'_>,
    words: &[String],
    deleted: &BTreeSet<String>,
) -> Result<Vec<Mention>> {
    let mut out = BTreeSet::new();
    if words.is_empty() {
        return Ok(vec![]);
    }
    for path in planner.request.host.all_below("") {
        if deleted.contains(&path) || path == super::super::record::FILE {
            continue;
        }
        let at = HostPath::new(&path)?;
        let is_short = planner
            .request
            .host
            .size(&at)
            .is_some_and(|size| size <= MAX_SEARCHED as u64);
        let text = match is_short.then(|| planner.overlay.read(&at)) {
            Some(Ok(Some(text))) => text,
            Some(Err(error)) if planner.request.host.read_bytes(&at).is_err() => return Err(error),
            // Binary files are not searched.
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

/// Refuses the removal if code or manifests of other members mention the member, or, without `force`, code of the host.
pub(super) fn refuse_mentions(
    name: &str,
    members: &[Member],
    mentions: &[Mention],
    force: bool,
) -> Result<()> {
    let is_code = |path: &str| Lang::of_path(path).is_some();
    let is_read_by_tools = |path: &str| is_code(path) || ManifestFormat::of_path(path).is_some();
    let of_another = |path: &str| {
        let mut others = members.iter().filter(|member| member.name != name);
        // A member may be a single file.
        others.any(|member| {
            path.strip_prefix(&*member.dir)
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
    let mut error = Error::new(format!("other members depend on `{name}`"));
    for place in places.iter().take(20) {
        error = error.because(format!("`{}:{}`", place.path, place.line));
    }
    if places.len() > 20 {
        error = error.because(format!("and {} more", places.len() - 20));
    }
    Err(error.help(HELP))
}

/// The directory of all files of a member that only the record has.
fn recorded_dir(planner: &RemovalPlanner<'_>) -> Option<String> {
    if planner.member.is_some() {
        return None;
    }
    let made = planner
        .recorded_as
        .iter()
        .filter_map(|(kind, name)| planner.record.get(kind, name));
    let mut files = made.flat_map(|made| made.files.keys());
    let first = files.next()?;
    let dir = first.rsplit_once('/')?.0.to_owned();
    files
        .all(|file| file.starts_with(&format!("{dir}/")))
        .then_some(dir)
}

/// Names for the member that are longer than its own: its directory, keys and values of manifests.
pub(super) fn words(planner: &mut RemovalPlanner<'_>) -> Result<Vec<String>> {
    let name = planner.request.name.to_owned();
    let all = planner.values.clone();
    planner.scope.about(&all);
    let mut out: Vec<String> = planner.member.iter().map(|member| member.dir.clone()).collect();
    out.extend(recorded_dir(planner));
    let language = planner.request.pack.language();
    let imported: Vec<String> = out.iter().filter_map(|dir| language.imported_as(dir)).collect();
    out.extend(imported);
    let id = planner.subject_id().to_owned();
    for site in planner.request.pack.sites(&id) {
        if site.each.is_some() || site.kind == SiteKind::Entry {
            continue;
        }
        for template in [&site.key, &site.value].into_iter().flatten() {
            if template.contains("{{name}}") {
                out.push(planner.scope.text(template, &Iteration::default())?);
            }
        }
    }
    out.retain(|word| word.len() > name.len() && word.contains(&name));
    out.sort();
    out.dedup();
    Ok(out)
}
