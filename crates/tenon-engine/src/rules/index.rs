//! What is known of a host before its members are looked at one by one: shared by all threads, never changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;

use crate::facts::{Facts, Table};
use crate::host::Host;
use crate::plan::read_back::{Choices, Member, Slot, members_of, slots};
use crate::plan::scope::{Iteration, Scope};
use crate::plan::tables::tables_in_checks;
use crate::plan::{code_style, new_file_format};
use tenon_pack::{Pack, RuleKind, SiteKind, row_name};
use tenon_syntax::contract::Contract;
use tenon_syntax::style::Style;
use tenon_text::diag::Result;
use tenon_text::format::{Format, Indent};
use tenon_text::names::normal;

use super::members::Workspace;
use super::packages::Packages;
use super::shared_files::SharedFiles;

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
pub struct HostIndex<'s> {
    /// The pack.
    pub pack: &'s Pack,
    /// Whether fixes will be applied.
    pub fixing: bool,
    /// How code is printed.
    pub style: Style,
    /// How new files are written.
    pub look: Format,
    /// Indentation of files that show none.
    pub indent: Indent,
    /// Everything that exists.
    pub members: Vec<Member>,
    /// What can be answered.
    pub choices: Choices,
    /// What the slots hold.
    pub slots: Vec<Slot>,
    /// The fact tables that were needed so far.
    pub tables: BTreeMap<String, Table>,
    /// What a person should know about how the facts were got.
    pub warnings: Vec<String>,
    /// Contracts that cannot be read, and why.
    pub unread: Vec<(String, tenon_text::diag::Error)>,
    /// Names that stand before arguments in the types of any contract: `Observable` of `Observable<T>`.
    pub containers: BTreeSet<String>,
    contracts: BTreeMap<String, Arc<Known>>,
    /// Files of the interfaces that have a syntax error: what there is a choice of is then not known.
    pub broken_interfaces: Vec<String>,
    /// The files that declare contracts and their methods.
    pub interfaces: BTreeSet<String>,
    /// Who is a member of the workspace.
    pub workspace: Workspace,
    packages: OnceLock<Packages>,
    versions: OnceLock<BTreeMap<String, String>>,
    /// The members by the normal forms of their names.
    by_name: OnceLock<HashMap<String, Vec<usize>>>,
    /// What is known of files that are no one's own.
    pub shared: SharedFiles,
    /// By kind and place among its rules: whether a rule with a pattern of files has found any.
    pub looks: Mutex<BTreeMap<(String, usize), bool>>,
    /// The keys that members have in manifests, by site.
    keys: OnceLock<HashMap<String, HashSet<String>>>,
}

impl<'s> HostIndex<'s> {
    /// Indexes `host`.
    pub fn of(pack: &'s Pack, host: &Host) -> Result<Self> {
        let style = code_style(host, pack)?;
        let look = new_file_format(host, pack)?;
        let facts = Facts::new(host, pack, style.clone());
        let names = tables_in_checks(pack);
        let mut scope = Scope::of_members(pack, &facts, &style, &names)?;
        let mut all = Vec::new();
        for declared in pack.kind_members() {
            all.extend(members_of(declared, &facts, &mut scope)?);
        }
        let choices = Choices::read(pack, &facts)?;
        let slots = slots(pack, host, &choices, &all, &mut scope)?;
        let mut out = Self {
            pack,
            fixing: false,
            indent: look.indent,
            look,
            style,
            members: all,
            choices,
            slots,
            tables: BTreeMap::new(),
            warnings: vec![],
            unread: vec![],
            containers: BTreeSet::new(),
            contracts: BTreeMap::new(),
            broken_interfaces: vec![],
            interfaces: BTreeSet::new(),
            workspace: Workspace::of(host)?,
            packages: OnceLock::new(),
            versions: OnceLock::new(),
            by_name: OnceLock::new(),
            shared: SharedFiles::default(),
            looks: Mutex::default(),
            keys: OnceLock::new(),
        };
        out.read_contracts(&facts, &mut scope)?;
        out.broken_interfaces = facts.broken_interfaces();
        out.containers = out
            .contracts
            .values()
            .flat_map(|known| known.containers())
            .collect();
        out.tables = facts.known_tables();
        out.warnings = facts.warnings();
        // Members that cannot be seen would make the entries of all of them look stale.
        host.all_known()?;
        Ok(out)
    }

    fn read_contracts(&mut self, facts: &Facts<'_>, scope: &mut Scope<'_>) -> Result<()> {
        for declared in self.pack.kind_members() {
            for pack_rule in self.pack.rules(&declared.kind) {
                let raw = pack_rule
                    .contract
                    .as_deref()
                    .and_then(|name| self.pack.contract(name));
                let (RuleKind::Class, Some(raw)) = (pack_rule.kind, raw) else {
                    continue;
                };
                let api = self.pack.apis().get(&raw.api);
                if api.is_some_and(|api| !api.is_readable()) {
                    continue;
                }
                let each = pack_rule.each.as_deref().unwrap_or_default();
                let rows = self.choices.of(&declared.kind, each);
                let row = row_name(each, pack_rule.row.as_deref());
                let turns = rows.iter().map(|value| Iteration::of(row, value.clone()));
                // What speaks of no row is there once, whatever it is repeated for.
                let plain = (!raw.symbol.contains("{{")).then(Iteration::default);
                for turn in turns.chain(plain) {
                    let symbol = scope.text(&raw.symbol, &turn)?;
                    if self.contracts.contains_key(&symbol) {
                        continue;
                    }
                    let path: Vec<&str> = symbol.split('.').collect();
                    match facts.api(&raw.api)?.contract(&path) {
                        Ok(contract) => {
                            let methods = contract.methods.iter().map(|method| &method.file);
                            let declared = methods.chain([&contract.file]).filter(|file| !file.is_empty());
                            self.interfaces.extend(declared.cloned());
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

    /// The version range that a manifest of the host declares for each package. They are read on first use.
    pub fn versions(&self, host: &Host) -> &BTreeMap<String, String> {
        self.versions.get_or_init(|| {
            let facts = Facts::with_tables(host, self.pack, self.style.clone(), self.tables.clone());
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
    pub fn rows_behind(&self, kind: &str, each: &str) -> Arc<Vec<Value>> {
        self.choices.of(kind, each)
    }

    /// Whether `file` may be one in which members list themselves and that is nobody's own.
    pub fn is_shared_site(&self, file: &str) -> bool {
        self.pack.all_sites().iter().any(|site| {
            let pattern = site.file.as_deref().unwrap_or_default();
            // What depends on the name is a member's own.
            let own = pattern.contains("{{name}}") || pattern.contains(".id}}/");
            !own && fits(file, pattern)
        })
    }

    /// The names that the members of the host must have in their manifests: where one has another, or no manifest, that is
    /// said there, and not wherever it is used.
    fn proper_names(&self) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        for member in &self.members {
            let rules = self.pack.rules(&member.kind);
            let names = rules.filter(|pack_rule| {
                pack_rule.kind == RuleKind::Value
                    && matches!(
                        pack_rule.pointer.as_deref(),
                        Some("/name" | "/package/name" | "/project/name")
                    )
            });
            for name in names.filter_map(|pack_rule| pack_rule.value.as_ref()) {
                out.insert(name.replace("{{name}}", &member.name));
            }
        }
        out
    }

    /// Whether `key` stands, or is missed, in the manifest `file` because a member of the host has to be listed there.
    pub fn lists(&self, file: &str, key: &str) -> bool {
        let keys = self.keys.get_or_init(|| {
            let manifests = self.pack.all_sites().iter();
            let manifests = manifests.filter(|site| site.kind == SiteKind::Manifest);
            let keys = manifests.filter_map(|site| {
                let key = site.key.as_ref()?;
                let members = self.members.iter();
                let members = members.filter(|member| site.for_kinds.contains(&member.kind));
                let keys = members.map(|member| key.replace("{{name}}", &member.name));
                Some((site.id.clone(), keys.collect()))
            });
            keys.collect()
        });
        let mut sites = self.pack.all_sites().iter();
        sites.any(|site| {
            keys.get(&site.id).is_some_and(|keys| keys.contains(key))
                && fits(file, site.file.as_deref().unwrap_or_default())
        })
    }

    /// The members called `name`, as it is written.
    pub fn named<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Member> {
        self.alike(name).filter(move |member| member.name == name)
    }

    /// Whether a member that is not called `not` is called `name`, in whatever spelling.
    pub fn has_another(&self, name: &str, not: &str) -> bool {
        self.alike(name).any(|member| member.name != not)
    }

    /// The members whose names are `name` in whatever spelling.
    fn alike(&self, name: &str) -> impl Iterator<Item = &Member> {
        let by_name = self.by_name.get_or_init(|| {
            let mut out: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, member) in self.members.iter().enumerate() {
                out.entry(normal(&member.name)).or_default().push(at);
            }
            out
        });
        let found = by_name.get(&normal(name)).into_iter().flatten();
        found.map(|at| &self.members[*at])
    }

    /// The packages of the workspace. Its manifests are read on first use.
    pub fn packages(&self, host: &Host) -> &Packages {
        self.packages.get_or_init(|| {
            let mut out = Packages {
                names: self.proper_names(),
                unread: self
                    .workspace
                    .unread
                    .iter()
                    .map(|(path, _)| path.clone())
                    .collect(),
            };
            for pattern in self.workspace.manifests() {
                for found in host.glob(&pattern) {
                    out.add(host, &found.path);
                }
            }
            out
        })
    }

    /// Manifests of packages that were needed and cannot be read.
    pub fn unread_packages(&self) -> &[String] {
        self.packages.get().map_or(&[], |packages| &packages.unread)
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
