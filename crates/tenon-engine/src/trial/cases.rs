//! The cases that a pack's author wrote: `tests/NAME/host/`, `case.toml`, `out/`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::answers::{self, Given, Sources};
use crate::apply::{self, FileTree, Scratch};
use crate::host::{Host, HostPath};
use tenon_pack::Pack;
use tenon_text::diag::{Diagnostic, Error, Result, line_col};
use tenon_text::names::nearest;
use tenon_text::typed_toml;

use super::outcome::{Counts, Trial, TrialOutcome};
use super::tools::{build, differences, facts_of, findings, is_record, refused};

/// `case.toml` as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    /// The kind that is made; without one the host is only checked.
    #[serde(default)]
    kind: Option<String>,
    /// The name of the member.
    #[serde(default)]
    name: Option<String>,
    /// A part of the message with which the pack must refuse the answers.
    #[serde(default)]
    refused: Option<String>,
    /// The findings of a check afterwards: `RULE PATH`, or `RULE PATH:LINE`.
    #[serde(default)]
    findings: Vec<String>,
    /// The answers, by option.
    #[serde(default)]
    answers: BTreeMap<String, toml::Value>,
}

/// A case.
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// The files of its host.
    pub host: FileTree,
    /// The files of `out/`: everything that is created or modified. `None` without that folder.
    out: Option<FileTree>,
    raw: Raw,
}

/// The cases of `pack`, by name.
///
/// # Errors
/// If a `case.toml` cannot be read, or a case has no host.
pub fn read(pack: &Pack) -> Result<Vec<Case>> {
    let files = pack.files();
    let mut trees: BTreeMap<String, (FileTree, FileTree)> = BTreeMap::new();
    let mut raws: BTreeMap<String, Raw> = BTreeMap::new();
    for path in files.paths() {
        let Some((name, inner)) = path.strip_prefix("tests/").and_then(|path| path.split_once('/')) else {
            continue;
        };
        let bytes = || files.bytes(path).unwrap_or_default().to_vec();
        let (host, out) = trees.entry(name.to_owned()).or_default();
        if let Some(file) = inner.strip_prefix("host/") {
            add(host, file, bytes());
        } else if let Some(file) = inner.strip_prefix("out/") {
            out.insert(file.to_owned(), bytes());
        } else if inner == "case.toml" {
            let raw: Raw = typed_toml::read(files.text(path)?, path)?;
            raws.insert(name.to_owned(), raw);
        } else {
            let error = Error::new(format!("`{inner}` is not a part of a case")).in_file(path);
            let known = ["host", "out", "case.toml"];
            let first = inner.split('/').next().unwrap_or(inner);
            return Err(match nearest(first, known) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("a case has `host/`, and it may have `case.toml` and `out/`"),
            });
        }
    }
    let case = |(name, (host, out)): (String, (FileTree, FileTree))| {
        let raw = raws.remove(&name).unwrap_or_default();
        let out = (!out.is_empty()).then_some(out);
        if host.is_empty() {
            return Err(Error::new("the case has no host")
                .in_file(format!("tests/{name}"))
                .help("put the files that it begins with into `host/`"));
        }
        Ok(Case { name, host, out, raw })
    };
    trees.into_iter().map(case).collect()
}

/// Adds a file, and the directories above it.
fn add(tree: &mut FileTree, path: &str, bytes: Vec<u8>) {
    for (at, _) in path.match_indices('/') {
        tree.insert(path[..=at].to_owned(), vec![]);
    }
    tree.insert(path.to_owned(), bytes);
}

/// Runs a case.
///
/// # Errors
/// If its host cannot be written.
pub fn try_case(pack: &Pack, case: &Case) -> Result<Trial> {
    let scratch = Scratch::with(&case.host)?;
    let mut answers = String::new();
    let outcome = match &case.raw.kind {
        Some(kind) => make(pack, case, kind, &scratch, &mut answers),
        None => Ok(checked(pack, case, &scratch)),
    };
    Ok(Trial {
        what: format!("tests/{}", case.name),
        host: String::new(),
        answers,
        outcome: outcome.unwrap_or_else(|error| TrialOutcome::error("plan", &error)),
    })
}

fn make(pack: &Pack, case: &Case, kind: &str, scratch: &Scratch, shown: &mut String) -> Result<TrialOutcome> {
    let file = format!("tests/{}/case.toml", case.name);
    let kind = pack.kind(kind).map_err(|error| error.in_file(&file))?;
    let sources = Sources {
        name: case.raw.name.clone(),
        flags: BTreeMap::new(),
        file: Some((file.clone(), given(&file, &case.raw.answers)?)),
        ..Sources::default()
    };
    let host = Host::open(scratch.root())?;
    let facts = facts_of(pack, &host)?;
    let answers = answers::name(kind, &facts, &sources, &|_| false, None)
        .and_then(|name| answers::collect(pack, kind, &facts, name, &sources, None));
    let planned = match &answers {
        Ok(answers) => {
            *shown = format!("{} {}", kind.id, answers.typed());
            match refused(pack, kind, &host, &facts, answers)? {
                Some(refused) => Err(Error::new(refused)),
                None => build(pack, kind, &host, &facts, answers).map_err(Error::from),
            }
        }
        Err(error) => Err(error.clone()),
    };
    let planned = match (planned, &case.raw.refused) {
        (Err(error), Some(part)) if error.message().contains(part.as_str()) => {
            return Ok(TrialOutcome::Passed(Counts::default()));
        }
        (Err(error), Some(part)) => {
            let why = format!("it is refused, but not with `{part}`: {}", error.message());
            return Ok(TrialOutcome::failed("refused", why));
        }
        (Ok(_), Some(part)) => {
            let why = format!("it is not refused; `{part}` was expected");
            return Ok(TrialOutcome::failed("refused", why));
        }
        (Err(error), None) => return Err(error),
        (Ok(planned), None) => planned,
    };
    apply::commit(scratch.root(), &planned.plan)?;
    if let Some(out) = &case.out {
        let mut changed = FileTree::new();
        let tree = scratch.tree()?;
        let touched = planned.plan.changes.keys().map(HostPath::as_str);
        let paths: BTreeSet<&str> = touched.chain(out.keys().map(String::as_str)).collect();
        for path in paths.into_iter().filter(|path| !is_record(path)) {
            if let Some(bytes) = tree.get(path) {
                changed.insert(path.to_owned(), bytes.clone());
            }
        }
        let why = differences(out, &changed);
        if !why.is_empty() {
            let mut lines = vec![format!("the result differs from `tests/{}/out`", case.name)];
            lines.extend(why);
            return Ok(TrialOutcome::Failed {
                step: "files",
                why: lines,
            });
        }
    }
    Ok(checked(pack, case, scratch))
}

/// Compares the findings of a check with those of the case.
fn checked(pack: &Pack, case: &Case, scratch: &Scratch) -> TrialOutcome {
    let found = match findings(pack, scratch) {
        Ok(found) => found,
        Err(error) => return TrialOutcome::error("validate", &error),
    };
    let texts = scratch.tree().unwrap_or_default();
    let place = |finding: &Diagnostic| {
        let short = format!("{} {}", finding.rule, finding.at.path);
        let text = texts.get(&finding.at.path);
        let line = finding.at.span.zip(text).map(|(span, text)| {
            let text = String::from_utf8_lossy(text);
            line_col(tenon_text::format::split_bom(&text).1, span.start).line
        });
        let long = line.map_or(short.clone(), |line| format!("{short}:{line}"));
        (short, long, finding.message.clone())
    };
    let mut expected = case.raw.findings.clone();
    let mut why = Vec::new();
    for (short, long, message) in found.iter().map(place) {
        match expected.iter().position(|it| *it == short || *it == long) {
            Some(at) => drop(expected.remove(at)),
            None => why.push(format!("not expected: {long}: {message}")),
        }
    }
    why.extend(expected.iter().map(|it| format!("expected and not found: {it}")));
    if why.is_empty() {
        TrialOutcome::Passed(Counts::default())
    } else {
        TrialOutcome::Failed {
            step: "validate",
            why,
        }
    }
}

fn given(file: &str, answers: &BTreeMap<String, toml::Value>) -> Result<BTreeMap<String, Given>> {
    let text = |id: &str, value: &toml::Value| match value {
        toml::Value::String(text) => Ok(text.clone()),
        _ => Err(Error::new(format!(
            "`{id}` is neither text, a list of texts, nor true or false"
        ))
        .in_file(file)
        .help("put quotes round it")),
    };
    let mut out = BTreeMap::new();
    for (id, value) in answers {
        let given = match value {
            toml::Value::Boolean(on) => Given::Flag(*on),
            toml::Value::Array(items) => {
                Given::Words(items.iter().map(|item| text(id, item)).collect::<Result<_>>()?)
            }
            value => Given::Words(vec![text(id, value)?]),
        };
        out.insert(id.clone(), given);
    }
    Ok(out)
}
