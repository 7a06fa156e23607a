//! The public interface of a package that a host builds on: read from its sources, from its published
//! declarations, or, when neither is there, from the pack's snapshot.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::Host;
use tenon_pack::{
    Pack,
    raw::{RawApi, RawContract},
};
use tenon_syntax::Source;
use tenon_syntax::contract::{Contract, Method, Visibility};
use tenon_syntax::language::{Lang, PackageEntry};
use tenon_syntax::languages::Opened;
use tenon_syntax::sources::{Export, ExportKind};
use tenon_syntax::stub::Stub;
use tenon_syntax::style::Style;
use tenon_text::diag::{Error, Result};

use super::row;

/// The interface, wherever it was read from.
pub struct Api<'a> {
    from: From<'a>,
    /// The files by which it is entered.
    entries: Vec<String>,
    grammar: Lang,
    style: Style,
    warning: Option<String>,
}

enum From<'a> {
    Package(Opened<'a>),
    Snapshot(Snapshot),
}

/// What a pack keeps of an interface, for hosts in which it is not installed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The namespaces with their members.
    pub namespaces: BTreeMap<String, Vec<String>>,
    /// Contracts by public path.
    pub contracts: BTreeMap<String, Contract>,
}

impl<'a> Api<'a> {
    /// Opens the interface `raw` of `pack` in `host`, its `{OPTION}`s replaced by `fill`; an interface whose
    /// option has no answer is empty.
    pub fn open(
        host: &'a Host,
        pack: &'a Pack,
        raw: &RawApi,
        style: Style,
        fill: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        if !raw.is_readable() {
            let message = format!("`{}` is not read: the pack names no file of it", raw.specifier);
            return Err(Error::new(message).help("add `entry` or `snapshot` to its `[api]` in the pack"));
        }
        let Some(entries) = raw
            .entry
            .iter()
            .map(|entry| fill(entry))
            .collect::<Option<Vec<String>>>()
        else {
            return Ok(Self {
                from: From::Snapshot(Snapshot::default()),
                entries: vec![],
                grammar: pack.language(),
                style,
                warning: None,
            });
        };
        let entries: Vec<String> = entries.into_iter().map(|entry| first_of(host, entry)).collect();
        if let Some(entry) = entries.iter().find(|entry| host.exists_file(entry)) {
            let aliases: Vec<(String, String)> = raw
                .aliases
                .iter()
                .map(|(prefix, dir)| (prefix.clone(), fill(dir).unwrap_or_else(|| dir.clone())))
                .collect();
            let specifier = fill(&raw.specifier).unwrap_or_else(|| raw.specifier.clone());
            let grammar = Lang::of_path(entry).unwrap_or(pack.language());
            let entered = PackageEntry {
                file: entry,
                specifier: &specifier,
                aliases: &aliases,
            };
            let package = grammar.open(host as &dyn Source, &entered);
            return Ok(Self {
                from: From::Package(package),
                entries: vec![entry.clone()],
                grammar,
                style,
                warning: None,
            });
        }
        let looked = entries
            .iter()
            .map(|entry| format!("`{entry}`"))
            .collect::<Vec<_>>()
            .join(" and ");
        let Some(path) = &raw.snapshot else {
            return Err(Error::new(format!(
                "`{}` cannot be read: neither {looked} is there",
                raw.specifier
            ))
            .help("install the host's dependencies first"));
        };
        let text = pack.files().text(path)?;
        let snapshot = serde_json::from_str(text).map_err(|error| {
            Error::new("the snapshot of the pack cannot be read")
                .in_file(path)
                .because(error)
                .help("`tenon pack snapshot` prints a new one")
        })?;
        let warning = format!(
            "`{}` is not installed here: its interface is taken from the pack `{} {}`",
            raw.specifier,
            pack.name(),
            pack.version()
        );
        Ok(Self {
            from: From::Snapshot(snapshot),
            entries: vec![],
            grammar: pack.language(),
            style,
            warning: Some(warning),
        })
    }

    /// The files of the interface that have a syntax error: what they export is not known.
    pub fn broken(&self) -> Vec<String> {
        let From::Package(package) = &self.from else {
            return vec![];
        };
        let mut files: BTreeSet<String> = self.entries.iter().cloned().collect();
        for export in package.exports(&[]).unwrap_or_default() {
            if export.kind == ExportKind::Namespace {
                let own = package.exports(&[export.name.as_str()]).unwrap_or_default();
                files.extend(own.into_iter().map(|own| own.file));
            }
            files.insert(export.file);
        }
        files.retain(|file| package.error(file).is_some());
        files.into_iter().collect()
    }

    /// What a person should know about where the interface came from.
    pub fn warning(&self) -> Option<String> {
        self.warning.clone()
    }

    /// One row for each namespace in `within` that has all members of `with`; `has` says which of `members` it
    /// has.
    pub fn rows(&self, within: &[&str], with: &[String], members: &[&str]) -> Result<Vec<Value>> {
        let mut rows = Vec::new();
        for (name, own) in self.namespaces(within)? {
            if !with.iter().all(|member| own.contains(member)) {
                continue;
            }
            let mut out = row(&name);
            let has = members
                .iter()
                .map(|member| ((*member).to_owned(), json!(own.iter().any(|own| own == member))));
            out.insert("has".into(), Value::Object(has.collect()));
            rows.push(Value::Object(out));
        }
        rows.sort_by(|a, b| super::field(a, "id").cmp(super::field(b, "id")));
        Ok(rows)
    }

    fn namespaces(&self, within: &[&str]) -> Result<Vec<(String, Vec<String>)>> {
        match &self.from {
            From::Snapshot(snapshot) => Ok(snapshot
                .namespaces
                .iter()
                .map(|(name, own)| (name.clone(), own.clone()))
                .collect()),
            From::Package(package) => {
                let mut out = Vec::new();
                for export in package.exports(within)? {
                    if export.kind == ExportKind::Namespace {
                        let path: Vec<&str> = within.iter().copied().chain([export.name.as_str()]).collect();
                        let own = package.exports(&path)?;
                        out.push((export.name, own.into_iter().map(|own| own.name).collect()));
                    }
                }
                Ok(out)
            }
        }
    }

    /// The contract at the public path `path`.
    pub fn contract(&self, path: &[&str]) -> Result<Contract> {
        match &self.from {
            From::Package(package) => package.contract(path),
            From::Snapshot(snapshot) => snapshot.contracts.get(&path.join(".")).cloned().ok_or_else(|| {
                Error::new(format!(
                    "the snapshot of the pack has no contract `{}`",
                    path.join(".")
                ))
            }),
        }
    }

    /// The contract at `path` as templates see it; the bodies of stubs are those of `raw`.
    pub fn contract_values(&self, path: &[&str], raw: &RawContract) -> Result<Value> {
        Ok(values(&self.contract(path)?, raw, self.grammar, &self.style))
    }

    /// What the contract at `path` is mainly about, among the models of `namespace`; null without sources.
    pub fn entity(&self, path: &[&str], namespace: &[&str], others: Option<&[Export]>) -> Result<Value> {
        match &self.from {
            From::Package(package) if self.has(namespace) => package.entity(path, namespace, others),
            _ => Ok(Value::Null),
        }
    }

    /// The exports of the namespace at `path`; none if this package does not itself have it.
    pub fn exports(&self, path: &[&str]) -> Option<Vec<Export>> {
        match &self.from {
            From::Package(package) => package.exports(path).ok().filter(|exports| !exports.is_empty()),
            From::Snapshot(_) => None,
        }
    }

    fn has(&self, namespace: &[&str]) -> bool {
        self.exports(namespace).is_some()
    }

    /// Everything that a snapshot keeps: the classes of `keep`, or else the namespaces, and the contract `member` of each
    /// that has it.
    pub fn snapshot(&self, member: &str, keep: &[String]) -> Result<Snapshot> {
        let mut out = Snapshot::default();
        for path in keep {
            let names: Vec<&str> = path.split('.').collect();
            out.contracts.insert(path.clone(), self.contract(&names)?);
        }
        if !keep.is_empty() {
            return Ok(out);
        }
        for (name, own) in self.namespaces(&[])? {
            if own.iter().any(|own| own == member) {
                out.contracts
                    .insert(format!("{name}.{member}"), self.contract(&[&name, member])?);
                out.namespaces.insert(name, own);
            }
        }
        Ok(out)
    }
}

/// The first file that a pattern leads to; the pattern if there is none.
fn first_of(host: &Host, entry: String) -> String {
    if !entry.contains('*') {
        return entry;
    }
    host.glob(&entry)
        .into_iter()
        .next()
        .map_or(entry, |found| found.path)
}

/// What templates see of a contract.
fn values(contract: &Contract, raw: &RawContract, grammar: Lang, style: &Style) -> Value {
    let required: Vec<&Method> = contract.required().collect();
    let mut models = Vec::new();
    for model in required.iter().flat_map(|method| &method.models) {
        let value = json!({ "name": model.name, "ty": model.ty, "generics": model.generics.clone().unwrap_or_default() });
        if !models.contains(&value) {
            models.push(value);
        }
    }
    let body_of = |method: &Method| raw.body_of(&method.name, method.returns.as_deref().unwrap_or_default());
    let own = contract.properties.iter().filter(|property| property.is_asked());
    let properties: Vec<String> = own
        .clone()
        .map(|property| {
            let (body, _) = raw.body_of(&property.name, property.ty.as_deref().unwrap_or_default());
            grammar.property_stub(property, style, body)
        })
        .collect();
    let methods_of = required.iter().map(|method| {
        let how = Stub {
            body: body_of(method).0,
            ..Stub::default()
        };
        grammar.stub(method, style, &how)
    });
    let properties = Some(properties.join("\n")).filter(|text| !text.is_empty());
    let stubs: Vec<String> = properties.into_iter().chain(methods_of).collect();
    let imports = required.iter().flat_map(|method| &method.imports);
    let mut imports: Vec<String> = imports
        .chain(own.flat_map(|property| &property.imports))
        .map(|import| grammar.import_statement(import))
        .collect();
    imports.extend(required.iter().flat_map(|method| {
        let (_, needed) = body_of(method);
        // What the contract's own body needs, templates import themselves.
        needed.iter().filter(|_| !raw.bodies.is_empty()).cloned()
    }));
    let methods: Vec<Value> = required
        .iter()
        .map(|method| {
            json!({
                "name": method.name,
                "public": method.visibility == Visibility::Public,
                "head": grammar.head(method),
                "doc": method.doc,
                "arguments": grammar.call_arguments(method),
                "returns": method.returns.clone().unwrap_or_default(),
            })
        })
        .collect();
    json!({
        "name": contract.name,
        "stubs": stubs.join("\n\n"),
        "imports": imports.join("\n"),
        "methods": methods,
        "models": models,
    })
}
