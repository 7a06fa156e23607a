//! `[kind.NAME]` of `pack.toml`: one table says what a member is, where it is listed and what is expected of it. Here the
//! kinds are taken apart into the lists of [`RawPack`], each item with the kinds that it is for and the place where it stands.

#[cfg(test)]
use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::files::PackFiles;
use super::one_or_many::OneOrMany;
use super::places::{Origins, Place};
use super::raw::{
    Kind, NameCase, RawFact, RawFile, RawFolder, RawName, RawOption, RawPack, RawRequire, RawSite, RawVerify,
    SiteKind,
};
use super::raw_check::{KindMembers, RawPackRule, RawRead, RawReason, RawValue, RuleKind};
use super::template_files;

/// `[kind.NAME]`: what can be made under this name, and what is expected of those that are there.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawKind {
    /// One line for help. Only a kind of the pack that this one extends can do without.
    #[serde(default)]
    pub summary: Option<String>,
    /// How the name is asked for; `Name of the NAME` if absent.
    #[serde(default)]
    pub prompt: Option<String>,
    /// The shape that a name must have; `kebab` if absent.
    #[serde(default)]
    pub case: Option<NameCase>,
    /// Longest name in characters; 64 if absent.
    #[serde(default)]
    pub max: Option<usize>,
    /// Fact tables: the name must differ from every row's, not only in case or separators. The kind's own members if
    /// absent.
    #[serde(default)]
    pub distinct_from: Option<Vec<String>>,
    /// A fact table: the name must be one of its rows; what is made is added to something that exists.
    #[serde(default)]
    pub one_of: Option<String>,
    /// Words that cannot be names, in addition to the reserved words of the pack's language.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// Names that are allowed although they do not have the shape, such as those of existing members.
    #[serde(default)]
    pub irregular: Vec<String>,
    /// Whether it makes a new host in a new directory.
    #[serde(default)]
    pub host: bool,
    /// Kinds that a person makes next, with the same name, to complete the member: `tenon pack test` makes them before it checks.
    #[serde(default)]
    pub whole_with: Vec<String>,
    /// What a person does next, shown afterwards: templates.
    #[serde(default)]
    pub next: Vec<String>,
    /// Where a member's files are: a template, `packages/{{name}}`; with an extension it is a file. In other templates it is
    /// `{{home}}`.
    #[serde(default)]
    pub home: Option<String>,
    /// Paths below the home by which a member is known; any file if absent.
    #[serde(default)]
    pub known_by: Vec<String>,
    /// In place of `known-by`: a fact table whose rows are the members. A member's home is then the directory of its row, unless `home` uses only the name.
    #[serde(default)]
    pub members: Option<RawFact>,
    /// The fact table of its members, as templates call it; the kind's name and `s` if absent.
    #[serde(default)]
    pub plural: Option<String>,
    /// Whether a host may have none; otherwise that is a finding of `empty-facts`.
    #[serde(default)]
    pub may_be_empty: bool,
    /// Another kind whose options, files and sites this one also has, and whose home, `case` and `reserved` if it has none.
    #[serde(default)]
    pub like: Option<String>,
    /// With `like`: only these of them, by id; files by their templates.
    #[serde(default)]
    pub only: Vec<String>,
    /// With `like`: all but these.
    #[serde(default)]
    pub except: Vec<String>,
    /// The files of a member: a folder of templates below `files/`, several of them, or `[[kind.NAME.files]]`.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "OneOrMany<RawFiles>"))]
    pub files: OneOrMany<RawFiles>,
    /// With folders of templates: files that an existing member must have, each with the reason: one sentence without a full stop, a template.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RawReason>"))]
    pub required: IndexMap<String, RawReason>,
    /// With folders of templates: the contract whose methods they list.
    #[serde(default)]
    pub contract: Option<String>,
    /// What is asked: `[kind.NAME.option.ID]`.
    #[serde(default, rename = "option")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RawOption>"))]
    pub options: IndexMap<String, RawOption>,
    /// `[[kind.NAME.require]]`: what must hold before anything is made.
    #[serde(default, rename = "require")]
    pub requires: Vec<RawRequire>,
    /// Where members are listed: `[kind.NAME.site.ID]`.
    #[serde(default, rename = "site")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RawSite>"))]
    pub sites: IndexMap<String, RawSite>,
    /// Values in manifests: by file (a template) and JSON pointer (a template).
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, BTreeMap<String, RawValue>>"))]
    pub values: IndexMap<String, IndexMap<String, RawValue>>,
    /// `[[kind.NAME.rule]]`: what else must hold.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RawPackRule>,
    /// `[[kind.NAME.verify]]`: a command of the framework that checks what was made.
    #[serde(default, rename = "verify")]
    pub verifies: Vec<RawVerify>,
}

impl RawKind {
    /// Whether it says anything of itself, beside what is added to a kind of the pack that this one extends.
    pub(super) fn describes_itself(&self) -> bool {
        let words = [
            &self.reserved,
            &self.irregular,
            &self.whole_with,
            &self.next,
            &self.known_by,
            &self.only,
            &self.except,
        ];
        let texts = [&self.prompt, &self.one_of, &self.home, &self.plural, &self.like];
        words.iter().any(|words| !words.is_empty())
            || texts.iter().any(|text| text.is_some())
            || self.case.is_some()
            || self.max.is_some()
            || self.distinct_from.is_some()
            || self.members.is_some()
            || self.host
            || self.may_be_empty
    }
}

/// Files of a kind: a folder of templates by its name, or with what else is to be said of it.
#[derive(Clone, Debug)]
pub enum RawFiles {
    /// The folder.
    Templates(String),
    /// The table.
    Table(Box<RawFolder>),
}

struct FilesVisitor;

impl<'de> Visitor<'de> for FilesVisitor {
    type Value = RawFiles;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a folder of templates, or a table with `templates`")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawFiles, E> {
        Ok(RawFiles::Templates(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawFiles, A::Error> {
        RawFolder::deserialize(MapAccessDeserializer::new(map))
            .map(|folder| RawFiles::Table(Box::new(folder)))
    }
}

impl<'de> Deserialize<'de> for RawFiles {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(FilesVisitor)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for RawFiles {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RawFiles".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let folder = generator.subschema_for::<RawFolder>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, folder] })
    }
}

/// The lists of a whole pack, as they are filled.
struct Lists<'f> {
    raw: RawPack,
    origins: Origins,
    files: &'f PackFiles,
}

/// The pack that `file` describes, and where in it each item of its lists stands. `files` are those of the pack.
pub fn lower(mut file: RawFile, files: &PackFiles) -> (RawPack, Origins) {
    let (names, contracts) = (file.names.clone(), file.contract.clone());
    for own in file.names.values_mut() {
        // What is like something that is not there is told when the pack is checked.
        if let Some(other) = own.like.as_ref().and_then(|like| names.get(like)) {
            *own = own.beside(other);
        }
    }
    for own in file.contract.values_mut() {
        if let Some(other) = own.like.as_ref().and_then(|like| contracts.get(like)) {
            *own = own.beside(other);
        }
    }
    let mut lists = Lists {
        raw: RawPack {
            pack: file.pack,
            detect: file.host,
            style: file.style,
            api: file.api,
            facts: file.facts,
            contracts: file.contract,
            names: file.names,
            kinds: vec![],
            options: vec![],
            requires: vec![],
            folders: vec![],
            sites: vec![],
            kind_members: vec![],
            reads: vec![],
            rules: vec![],
            verifies: vec![],
            story: file.story.steps,
            offs: file.offs,
        },
        origins: Origins::default(),
        files,
    };
    // A kind has what is also for it, or what it has of the kind that it is like, in the order of the kind where it stands.
    let kinds = file.kind;
    for (id, kind) in &kinds {
        lists.add(id, kind, &kinds);
    }
    (lists.raw, lists.origins)
}

/// Whether a kind with these `only` and `except` has of the kind that it is like what is called `item`.
pub fn is_shared(item: &str, only: &[String], except: &[String]) -> bool {
    !except.iter().any(|other| other == item) && (only.is_empty() || only.iter().any(|other| other == item))
}

/// The kinds that are like `id` and have of it what is called `item`; itself first.
fn sharers(id: &str, item: &str, kinds: &IndexMap<String, RawKind>) -> Vec<String> {
    let shares =
        |kind: &RawKind| kind.like.as_deref() == Some(id) && is_shared(item, &kind.only, &kind.except);
    let others = kinds.iter().filter(|(_, kind)| shares(kind));
    std::iter::once(id)
        .chain(others.map(|(id, _)| id.as_str()))
        .map(str::to_owned)
        .collect()
}

/// The home of `kind`: its own, or that of the kind that it is like.
fn home<'k>(kind: &'k RawKind, kinds: &'k IndexMap<String, RawKind>) -> Option<&'k str> {
    let like = || kinds.get(kind.like.as_ref()?)?.home.as_deref();
    kind.home
        .as_deref()
        .or_else(like)
        .map(|home| home.trim_end_matches('/'))
}

impl Lists<'_> {
    fn add(&mut self, id: &str, kind: &RawKind, kinds: &IndexMap<String, RawKind>) {
        let at = Place::top("kind").key(id);
        let home = home(kind, kinds);
        let has_members =
            kind.home.is_some() && !kind.host && kind.one_of.is_none() || kind.members.is_some();
        let like = kind.like.as_ref().and_then(|like| kinds.get(like));
        let reserved = like
            .filter(|_| kind.reserved.is_empty())
            .unwrap_or(kind)
            .reserved
            .clone();
        let plural = kind.plural.clone().unwrap_or_else(|| format!("{id}s"));
        if let Some(summary) = &kind.summary {
            let own = if has_members { vec![plural.clone()] } else { vec![] };
            self.raw.kinds.push(Kind {
                id: id.to_owned(),
                summary: summary.clone(),
                name: RawName {
                    prompt: kind.prompt.clone().unwrap_or_else(|| format!("Name of the {id}")),
                    case: kind
                        .case
                        .or(like.and_then(|like| like.case))
                        .unwrap_or(NameCase::Kebab),
                    max: kind.max.unwrap_or(64),
                    distinct_from: kind.distinct_from.clone().unwrap_or(own),
                    one_of: kind.one_of.clone(),
                    reserved,
                    irregular: kind.irregular.clone(),
                },
                home: home.map(str::to_owned),
                host: kind.host,
                whole_with: kind.whole_with.clone(),
                next: kind.next.clone(),
                like: kind.like.clone(),
                only: kind.only.clone(),
                except: kind.except.clone(),
            });
            self.origins.add("kind", &at);
        }
        if has_members {
            self.members(id, kind, plural, &at);
        }
        for (option, raw) in &kind.options {
            self.option(
                sharers(id, option, kinds),
                option,
                raw,
                &at.key("option").key(option),
            );
        }
        for (index, require) in kind.requires.iter().enumerate() {
            let mut require = require.clone();
            require.for_kinds = sharers(id, "require", kinds);
            self.raw.requires.push(require);
            self.origins.add("require", &at.key("require").item(index));
        }
        self.files(id, kind, (home, kinds), &at);
        for (site, raw) in &kind.sites {
            let mut raw = raw.clone();
            raw.id.clone_from(site);
            raw.for_kinds = sharers(id, site, kinds);
            raw.for_kinds.extend_from_slice(&raw.also_for);
            by_example(&mut raw);
            self.raw.sites.push(raw);
            self.origins.add("site", &at.key("site").key(site));
        }
        for (file, values) in &kind.values {
            for (pointer, value) in values {
                let at = at.key("values").key(file).key(pointer);
                for mut rule in value.rules(file, pointer) {
                    rule.for_kinds = vec![id.to_owned()];
                    rule.for_kinds.extend_from_slice(&rule.also_for);
                    // What several kinds say is unique is so among all of them.
                    let is_same = |other: &&mut RawPackRule| {
                        rule.kind == RuleKind::Unique
                            && other.kind == rule.kind
                            && other.file == rule.file
                            && other.pointer == rule.pointer
                            && other.when == rule.when
                    };
                    match self.raw.rules.iter_mut().find(is_same) {
                        Some(other) => other.for_kinds.append(&mut rule.for_kinds),
                        None => {
                            self.raw.rules.push(rule);
                            self.origins.add("rule", &at);
                        }
                    }
                }
            }
        }
        for (index, rule) in kind.rules.iter().enumerate() {
            let mut rule = rule.clone();
            rule.for_kinds = vec![id.to_owned()];
            rule.for_kinds.extend_from_slice(&rule.also_for);
            self.raw.rules.push(rule);
            self.origins.add("rule", &at.key("rule").item(index));
        }
        for (index, verify) in kind.verifies.iter().enumerate() {
            let mut verify = verify.clone();
            verify.for_kinds = vec![id.to_owned()];
            verify.for_kinds.extend_from_slice(&verify.also_for);
            self.raw.verifies.push(verify);
            self.origins.add("verify", &at.key("verify").item(index));
        }
    }

    /// How the members of the kind `id` are found.
    fn members(&mut self, id: &str, kind: &RawKind, plural: String, at: &Place) {
        let home = kind.home.as_deref().map(|home| home.trim_end_matches('/'));
        let by_name = home.filter(|home| speaks_of_name_alone(home));
        if let Some(fact) = &kind.members {
            self.raw.facts.insert(plural.clone(), fact.clone());
            self.origins.facts.insert(plural.clone(), at.key("members"));
        } else if let Some(home) = by_name {
            self.raw.facts.insert(plural.clone(), found_by(home, kind));
            self.origins.facts.insert(plural.clone(), at.key("home"));
        }
        self.raw.kind_members.push(KindMembers {
            kind: id.to_owned(),
            rows: plural,
            dir: match (by_name, home) {
                (Some(home), _) => home,
                (None, Some(home)) if is_file(home) => "{{row.path}}",
                (None, _) => "{{row.dir}}",
            }
            .to_owned(),
            may_be_empty: kind.may_be_empty,
        });
        self.origins.add("members", at);
    }

    fn option(&mut self, kinds: Vec<String>, id: &str, raw: &RawOption, at: &Place) {
        let mut raw = raw.clone();
        raw.id = id.to_owned();
        for (index, mut read) in std::mem::take(&mut raw.read.0).into_iter().enumerate() {
            let mut files: Vec<Option<String>> =
                std::mem::take(&mut read.in_files).into_iter().map(Some).collect();
            if files.is_empty() || read.file.is_some() {
                files.push(read.file.take());
            }
            for file in files {
                self.raw.reads.push(RawRead {
                    option: id.to_owned(),
                    for_kinds: kinds.clone(),
                    file,
                    ..read.clone()
                });
                self.origins.add("read", &at.key("read").item(index));
            }
        }
        raw.for_kinds = kinds;
        self.raw.options.push(raw);
        self.origins.add("option", at);
    }

    fn files(
        &mut self,
        id: &str,
        kind: &RawKind,
        (home, kinds): (Option<&str>, &IndexMap<String, RawKind>),
        at: &Place,
    ) {
        let mut required = kind.required.clone();
        let count = kind.files.0.len();
        for (index, files) in kind.files.0.iter().enumerate() {
            let here = at.key("files").item(index);
            let mut folder = match files {
                RawFiles::Table(folder) => RawFolder::clone(folder),
                RawFiles::Templates(folder) => {
                    let made: Vec<String> = template_files(self.files, folder)
                        .map(|template| template.becomes)
                        .collect();
                    // What no folder has stands with the last, where it is told.
                    let is_here = |file: &String| made.contains(file) || index + 1 == count;
                    let mut folder = RawFolder::of(folder);
                    folder.contract.clone_from(&kind.contract);
                    folder.required = required
                        .iter()
                        .filter(|(file, _)| is_here(file))
                        .map(|(file, why)| (file.clone(), why.clone()))
                        .collect();
                    required.retain(|file, _| !folder.required.contains_key(file));
                    folder
                }
            };
            folder.for_kinds = sharers(id, &folder.templates, kinds);
            if folder.dir.is_none() {
                folder.dir = home.map(|_| "{{home}}".to_owned());
            }
            self.raw.folders.push(folder);
            self.origins.add("folder", &here);
        }
    }
}

/// Writes out `{{home}}` where it follows from the name alone: what depends on the name, and on nothing else, then shows.
pub fn write_out_homes(raw: &mut RawPack) {
    let kinds = &raw.kinds;
    let fill = |ids: &[String], texts: &mut [&mut Option<String>]| {
        let mut homes = kinds
            .iter()
            .filter(|kind| ids.contains(&kind.id))
            .map(|kind| kind.home.as_deref());
        let Some(home) = homes.next().flatten().filter(|home| speaks_of_name_alone(home)) else {
            return;
        };
        if homes.all(|other| other == Some(home)) {
            for text in texts.iter_mut().filter_map(|text| text.as_mut()) {
                *text = text.replace("{{home}}", home);
            }
        }
    };
    for it in &mut raw.folders {
        fill(&it.for_kinds, &mut [&mut it.dir]);
    }
    for it in &mut raw.sites {
        fill(
            &it.for_kinds,
            &mut [&mut it.file, &mut it.key, &mut it.value, &mut it.or_in],
        );
    }
    for it in &mut raw.reads {
        fill(&it.for_kinds, &mut [&mut it.file, &mut it.files]);
    }
    for it in &mut raw.rules {
        let mut file = Some(std::mem::take(&mut it.file));
        fill(
            &it.for_kinds,
            &mut [&mut file, &mut it.value, &mut it.sources, &mut it.compiler],
        );
        it.file = file.unwrap_or_default();
    }
}

/// Of a slot by example, what tells its holders apart: the word in which the name stands.
fn by_example(site: &mut RawSite) {
    let (SiteKind::Slot, Some(text)) = (site.kind, &site.text) else {
        return;
    };
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '#' | '{' | '}');
    if let Some(at) = text.find("{{name}}") {
        let start = text[..at].rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
        let end = text[at..]
            .find(|c| !is_part(c))
            .map_or(text.len(), |end| at + end);
        let word = &text[start..end];
        site.value = Some(word.strip_prefix("./").unwrap_or(word).to_owned());
    }
    if site.insert.is_none() {
        site.insert.clone_from(&site.text);
    }
}

/// Whether the only variable of `home` is the name.
fn speaks_of_name_alone(home: &str) -> bool {
    let holes = home
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next());
    holes
        .into_iter()
        .all(|hole| hole.split_whitespace().last() == Some("name"))
}

/// Whether `home` is a file, which has an extension.
fn is_file(home: &str) -> bool {
    let outside = home
        .split("{{")
        .map(|part| part.split_once("}}").map_or(part, |(_, rest)| rest));
    let outside: String = outside.collect();
    outside.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

/// The table of the members whose home is `home`.
fn found_by(home: &str, kind: &RawKind) -> RawFact {
    let mut pattern = String::new();
    let mut spelled = false;
    let mut rest = home;
    while let Some((before, after)) = rest.split_once("{{") {
        let (hole, after) = after.split_once("}}").unwrap_or((after, ""));
        spelled |= hole.trim() != "name";
        pattern.push_str(before);
        pattern.push_str("{name}");
        rest = after;
    }
    pattern.push_str(rest);
    let any = ["*".to_owned()];
    let known_by: &[String] = if kind.known_by.is_empty() {
        &any
    } else {
        &kind.known_by
    };
    RawFact {
        files: if kind.known_by.is_empty() && is_file(home) {
            vec![pattern]
        } else {
            known_by.iter().map(|path| format!("{pattern}/{path}")).collect()
        },
        ids: spelled
            .then_some(kind.case.unwrap_or(NameCase::Kebab))
            .filter(|case| *case == NameCase::Kebab),
        ..RawFact::default()
    }
}
