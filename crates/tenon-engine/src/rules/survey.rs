//! What is known of a host before its things are looked at one by one: shared by all threads, never changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::facts::{Facts, Table};
use crate::host::Host;
use crate::plan::observe::{Choices, RuleBook, Slot, Thing, slots, things};
use crate::plan::scope::{Scope, Turn};
use crate::plan::tables::tables_in_checks;
use crate::plan::{code_style, new_file_format};
use tenon_pack::{ExpectKind, Pack, SiteKind, row_name};
use tenon_syntax::contract::Contract;
use tenon_syntax::style::Style;
use tenon_text::diag::Result;
use tenon_text::format::{Format, Indent};

use super::members::Workspace;
use super::packages::Packages;

/// A contract of the host.
pub struct Known {
    /// What was read.
    pub contract: Contract,
    /// Every name in its types.
    pub words: BTreeSet<String>,
}

impl Known {
    fn of(contract: Contract) -> Self {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let params = contract.methods.iter().flat_map(|method| &method.params);
        let returns = contract
            .methods
            .iter()
            .filter_map(|method| method.returns.as_deref());
        let types = params.filter_map(|param| param.ty.as_deref()).chain(returns);
        let words = types
            .flat_map(|ty| ty.split(|c| !is_part(c)))
            .map(str::to_owned)
            .collect();
        Self { contract, words }
    }

    /// The words that stand before `<` in the types of results.
    fn containers(&self) -> Vec<String> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let results = self
            .contract
            .methods
            .iter()
            .filter_map(|method| method.returns.as_deref());
        let before = |ty: &str| -> Vec<String> {
            let heads = ty.match_indices('<').map(|(at, _)| {
                let start = ty[..at].rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
                ty[start..at].to_owned()
            });
            heads.filter(|head| !head.is_empty()).collect()
        };
        results.flat_map(before).collect()
    }
}

/// What is known of a host.
pub struct Survey<'s> {
    /// The pack.
    pub pack: &'s Pack,
    /// How code is printed.
    pub style: Style,
    /// How new files are written.
    pub look: Format,
    /// Indentation of files that show none.
    pub indent: Indent,
    /// Everything that exists.
    pub things: Vec<Thing>,
    /// What can be answered.
    pub choices: Choices,
    /// What the slots hold.
    pub slots: Vec<Slot>,
    /// The fact tables that were needed so far.
    pub tables: BTreeMap<String, Table>,
    /// What a person should know about how the facts were got.
    pub warnings: Vec<String>,
    /// What was passed over because of its name.
    pub passed_over: Vec<String>,
    /// Contracts that cannot be read, and why.
    pub unread: Vec<(String, tenon_text::diag::Error)>,
    /// Names that stand before arguments in the types of any contract: `Observable` of `Observable<T>`.
    pub containers: BTreeSet<String>,
    contracts: BTreeMap<String, Arc<Known>>,
    /// Who is a member of the workspace.
    pub members: Workspace,
    packages: OnceLock<Packages>,
    versions: OnceLock<BTreeMap<String, String>>,
}

impl<'s> Survey<'s> {
    /// Surveys `host`.
    pub fn of(pack: &'s Pack, host: &Host) -> Result<Self> {
        Self::reading(pack, host, host)
    }

    /// Surveys `host`, with the slots read from `for_slots`, which is the same: so it is known what was read for what.
    pub fn reading(pack: &'s Pack, host: &Host, for_slots: &Host) -> Result<Self> {
        let style = code_style(host, pack)?;
        let look = new_file_format(host, pack)?;
        let facts = Facts::new(host, pack, style.clone());
        let names = tables_in_checks(pack);
        let mut scope = Scope::of_things(pack, &facts, &style, &names)?;
        let mut all = Vec::new();
        for subject in pack.subjects() {
            all.extend(things(subject, &facts, &mut scope)?);
        }
        let choices = Choices::read(pack, &facts)?;
        let rules = RuleBook::default();
        let slots = slots(pack, for_slots, &choices, &rules, &all, &mut scope)?;
        let mut out = Self {
            pack,
            indent: look.indent,
            look,
            style,
            things: all,
            choices,
            slots,
            tables: BTreeMap::new(),
            warnings: vec![],
            passed_over: vec![],
            unread: vec![],
            containers: BTreeSet::new(),
            contracts: BTreeMap::new(),
            members: Workspace::of(host)?,
            packages: OnceLock::new(),
            versions: OnceLock::new(),
        };
        out.read_contracts(&facts, &mut scope)?;
        out.containers = out
            .contracts
            .values()
            .flat_map(|known| known.containers())
            .collect();
        out.tables = facts.known_tables();
        out.warnings = facts.warnings();
        // Members that cannot be seen would make the entries of all of them look stale.
        host.all_known()?;
        for_slots.all_known()?;
        out.passed_over = host.passed_over();
        Ok(out)
    }

    /// What the slots of `host` hold, if all else is as it was surveyed.
    pub fn slots_of(&self, host: &Host) -> Result<Vec<Slot>> {
        let facts = Facts::with_tables(host, self.pack, self.style.clone(), self.tables.clone());
        let mut scope = Scope::of_things(self.pack, &facts, &self.style, &tables_in_checks(self.pack))?;
        let rules = RuleBook::default();
        let slots = slots(self.pack, host, &self.choices, &rules, &self.things, &mut scope)?;
        host.all_known()?;
        Ok(slots)
    }

    fn read_contracts(&mut self, facts: &Facts<'_>, scope: &mut Scope<'_>) -> Result<()> {
        for subject in self.pack.subjects() {
            for expect in self.pack.expects(&subject.generator) {
                let raw = expect
                    .contract
                    .as_deref()
                    .and_then(|name| self.pack.contract(name));
                let (ExpectKind::Class, Some(raw)) = (expect.kind, raw) else {
                    continue;
                };
                let each = expect.each.as_deref().unwrap_or_default();
                let rows = self.choices.of(&subject.generator, each);
                let row = row_name(each, expect.row.as_deref());
                let turns = rows.iter().map(|value| Turn::of(row, value.clone()));
                // What speaks of no row is there once, whatever it is repeated for.
                let plain = (!raw.symbol.contains("{{")).then(Turn::default);
                for turn in turns.chain(plain) {
                    let symbol = scope.text(&raw.symbol, &turn)?;
                    if self.contracts.contains_key(&symbol) {
                        continue;
                    }
                    let path: Vec<&str> = symbol.split('.').collect();
                    match facts.api(&raw.api)?.contract(&path) {
                        Ok(contract) => {
                            self.contracts.insert(symbol, Arc::new(Known::of(contract)));
                        }
                        Err(error) => self.unread.push((symbol, error)),
                    }
                }
            }
        }
        Ok(())
    }

    /// The contract at a public path; nothing if the host has none.
    pub fn contract(&self, symbol: &str) -> Option<Arc<Known>> {
        self.contracts.get(symbol).cloned()
    }

    /// Over everything here that the check of a thing follows from.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        let mut add = |text: String| {
            hasher.update(text.as_bytes());
            hasher.update([0]);
        };
        add(format!("{:?} {:?} {:?}", self.style, self.look, self.indent));
        add(format!("{:?}", self.members));
        for (symbol, contract) in &self.contracts {
            add(format!("{symbol} {:?}", contract.contract));
        }
        for (symbol, error) in &self.unread {
            add(format!("{symbol} {error:?}"));
        }
        add(format!("{:?}", self.slots));
        for (name, table) in &self.tables {
            hasher.update(name);
            match table {
                Table::Rows(rows) => rows.iter().for_each(|row| digest_value(row, &mut hasher)),
                Table::Map(map) => digest_map(map, &mut hasher),
            }
        }
        for (question, rows) in self.choices.all() {
            hasher.update(question);
            // Rows of a table were digested there.
            let is_table = |table: &Table| matches!(table, Table::Rows(known) if Arc::ptr_eq(known, rows));
            match self.tables.iter().find(|(_, table)| is_table(table)) {
                Some((name, _)) => hasher.update(name),
                None => rows.iter().for_each(|row| digest_value(row, &mut hasher)),
            }
        }
        format!("{:x}", hasher.finalize())
    }

    /// Whether the check of every thing follows from the same as in `other`, but for the slots, each of which matters to
    /// what holds it only.
    pub fn is_like(&self, other: &Self) -> bool {
        self.things.len() == other.things.len()
            && (&self.style, self.look, self.indent) == (&other.style, other.look, other.indent)
            && (&self.members, &self.unread) == (&other.members, &other.unread)
            && self.contracts.len() == other.contracts.len()
            && self
                .contracts
                .iter()
                .zip(&other.contracts)
                .all(|(a, b)| a.0 == b.0 && (Arc::ptr_eq(a.1, b.1) || a.1.contract == b.1.contract))
            && self.choices == other.choices
            && self.tables == other.tables
    }

    /// The things that hold one of these slots or one of the survey's, and not the same one there.
    pub fn whose_slots_differ(&self, slots: &[Slot]) -> BTreeSet<String> {
        let held = |slots: &[Slot]| -> BTreeSet<(String, String)> {
            slots
                .iter()
                .filter_map(|slot| {
                    Some((
                        slot.thing.clone()?,
                        format!("{} {} {:?}", slot.site, slot.path, slot.row),
                    ))
                })
                .collect()
        };
        let (here, there) = (held(&self.slots), held(slots));
        here.symmetric_difference(&there)
            .map(|(thing, _)| thing.clone())
            .collect()
    }

    /// The numbers of the things with these names.
    pub fn numbers(&self, names: &BTreeSet<String>) -> Vec<usize> {
        let things = self.things.iter().enumerate();
        let named = things.filter(|(_, thing)| names.contains(&thing.name));
        named.map(|(at, _)| at).collect()
    }

    /// Whether one of `paths` is the manifest of a package that the workspace may have.
    pub fn may_rename(&self, paths: &BTreeSet<String>) -> bool {
        paths.iter().any(|path| {
            let name = path.rsplit('/').next().unwrap_or_default();
            self.members.names_manifest(name)
        })
    }

    /// Takes over the names of packages that `old` knows, and their versions.
    pub fn keep_packages(&self, old: &mut Self) {
        // There is nothing yet: this survey is new.
        if let Some(known) = old.packages.take() {
            let _ = self.packages.set(known);
        }
        if let Some(known) = old.versions.take() {
            let _ = self.versions.set(known);
        }
    }

    /// The packages as they are known, which are read anew when they are next asked for.
    pub fn take_packages(&mut self) -> Option<Packages> {
        self.packages.take()
    }

    /// Knows the packages as they are after the files at `paths` have changed, none of which came or went.
    pub fn follow_packages(&self, before: &Packages, host: &Host, paths: &BTreeSet<String>) {
        let _ = self.packages.set(before.after(host, paths, self.proper_names()));
    }

    /// Has the versions that manifests declare read anew when they are next asked for.
    pub fn forget_versions(&mut self) {
        self.versions.take();
    }

    /// The version range that a manifest of the host declares for each package. They are read on first use.
    pub fn versions(&self, host: &Host) -> &BTreeMap<String, String> {
        self.versions.get_or_init(|| {
            let host = host.beside();
            let facts = Facts::with_tables(&host, self.pack, self.style.clone(), self.tables.clone());
            let mut out = BTreeMap::new();
            for (name, fact) in self.pack.facts() {
                let table = (!fact.manifests.is_empty()).then(|| facts.table(name));
                let Some(Ok(Table::Map(table))) = table else {
                    continue;
                };
                for (package, version) in table.iter() {
                    if let Value::String(version) = version {
                        out.entry(package.clone()).or_insert_with(|| version.clone());
                    }
                }
            }
            out
        })
    }

    /// The rows that the answer `each` may have.
    pub fn rows_behind(&self, generator: &str, each: &str) -> Arc<Vec<Value>> {
        self.choices.of(generator, each)
    }

    /// Whether `file` may be one in which things list themselves and that is nobody's own.
    pub fn is_shared_site(&self, file: &str) -> bool {
        self.pack.all_sites().iter().any(|site| {
            let pattern = site.file.as_deref().unwrap_or_default();
            // What depends on the name is a thing's own.
            let own = pattern.contains("{{name}}") || pattern.contains(".id}}/");
            !own && fits(file, pattern)
        })
    }

    /// The names that the things of the host must have in their manifests: where one has another, or no manifest, that is
    /// said there, and not wherever it is used.
    fn proper_names(&self) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        for thing in &self.things {
            let expects = self.pack.expects(&thing.generator);
            let names = expects.filter(|expect| {
                expect.kind == ExpectKind::Value
                    && matches!(
                        expect.pointer.as_deref(),
                        Some("/name" | "/package/name" | "/project/name")
                    )
            });
            for name in names.filter_map(|expect| expect.value.as_ref()) {
                out.insert(name.replace("{{name}}", &thing.name));
            }
        }
        out
    }

    /// Whether `key` stands, or is missed, in the manifest `file` because a thing of the host has to be listed there.
    pub fn lists(&self, file: &str, key: &str) -> bool {
        let manifests = self.pack.all_sites().iter();
        let mut manifests = manifests.filter(|site| site.kind == SiteKind::Manifest);
        manifests.any(|site| {
            let of = |thing: &&Thing| site.generators.contains(&thing.generator);
            let named = |thing: &Thing| {
                let key_of = site.key.as_ref().map(|key| key.replace("{{name}}", &thing.name));
                key_of.as_deref() == Some(key)
            };
            fits(file, site.file.as_deref().unwrap_or_default()) && self.things.iter().filter(of).any(named)
        })
    }

    /// Whether `name` is known to be one of the packages of the workspace.
    pub fn has_package(&self, name: &str) -> bool {
        let known = self.packages.get();
        known.is_some_and(|packages| packages.names().contains(name))
    }

    /// The names of the packages of the workspace. Its manifests are read on first use.
    pub fn packages(&self, host: &Host) -> &BTreeSet<String> {
        let packages = self.packages.get_or_init(|| {
            let host = &host.beside();
            let patterns = self.members.manifests();
            let found = patterns.flat_map(|pattern| host.glob(&pattern));
            Packages::read(host, found.map(|found| found.path), self.proper_names())
        });
        packages.names()
    }
}

/// Adds a value to a digest: the same for values that are equal and have their keys in one order.
fn digest_value(value: &Value, hasher: &mut Sha256) {
    match value {
        Value::String(text) => {
            hasher.update([1]);
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        }
        Value::Array(items) => {
            hasher.update([2]);
            hasher.update(items.len().to_le_bytes());
            items.iter().for_each(|item| digest_value(item, hasher));
        }
        Value::Object(map) => digest_map(map, hasher),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            hasher.update([3]);
            hasher.update(format!("{value};"));
        }
    }
}

fn digest_map(map: &Map<String, Value>, hasher: &mut Sha256) {
    hasher.update([4]);
    hasher.update(map.len().to_le_bytes());
    for (key, value) in map {
        hasher.update(key.len().to_le_bytes());
        hasher.update(key);
        digest_value(value, hasher);
    }
}

/// Whether `path` matches a template of paths, in which each expression stands for any text within a name.
fn fits(path: &str, template: &str) -> bool {
    let mut rest = path;
    let mut pieces = template
        .split("{{")
        .map(|piece| piece.split_once("}}").map_or(piece, |(_, text)| text));
    let Some(first) = pieces.next() else { return false };
    let Some(after) = rest.strip_prefix(first) else {
        return false;
    };
    rest = after;
    for piece in pieces {
        let Some(at) = rest.find(piece).filter(|at| !rest[..*at].contains('/')) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty()
}
