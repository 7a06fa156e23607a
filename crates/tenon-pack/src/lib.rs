//! Packs: the data that describes one framework. Loaded from the program itself or from a folder.
//!
//! Comes in: `pack.toml`, templates. Goes out: a [`Pack`], every reference in it resolved, every name known.
//! A pack has no code; the worst it can do is to describe bad files.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod archive;
mod check;
mod digest;
pub mod example;
mod extend;
mod files;
mod forms;
mod kind;
mod load;
mod one_or_many;
mod places;
mod problems;
pub mod raw;
pub mod raw_check;
mod raw_facts;
mod raw_off;
mod raw_runs;
mod raw_site;
mod schema;
mod source;
pub mod starter;
mod story;
mod template;
mod template_bounds;

use std::collections::BTreeMap;

use serde::Deserialize;

use tenon_text::diag::{Error, Result};

pub use files::{MAX_ALL, MAX_FILE, MAX_FILES, PackFiles};
pub use forms::{CompiledForms, Form};
pub use raw::{
    Kind, NameCase, OptionKind, RawFolder as Folder, RawOption as PackOption, RawSite as Site, SiteKind,
};
pub use raw_check::{ExportedKind, KindMembers, RawPackRule as PackRule, RawRead as OptionRead, RuleKind};
pub use source::Source;
pub use story::{Action, Member, Step};
pub use template::Templates;

use places::Origins;
pub use problems::problems;
use raw::RawPack;
pub use schema::SCHEMA;
use tenon_syntax::language::Lang;
use tenon_text::typed_toml;

/// The file that describes a pack, at its root.
const FILE: &str = "pack.toml";

/// A loaded pack.
#[derive(Clone)]
pub struct Pack {
    /// As written; checked.
    raw: RawPack,
    /// Its files.
    files: PackFiles,
    digest: std::sync::OnceLock<String>,
    /// The packs that it extends, the nearest first.
    bases: Vec<String>,
    /// What of it stands in its own `pack.toml`.
    origins: Origins,
}

impl Pack {
    /// The packs that are built into the program, by name.
    pub fn built_in() -> Vec<PackFiles> {
        PackFiles::embedded()
    }

    /// The same, each with what its hosts have: which one is meant can be told before any is loaded.
    pub fn candidates() -> Vec<(PackFiles, raw::RawDetect)> {
        #[derive(Deserialize)]
        struct Detected {
            #[serde(default)]
            host: raw::RawDetect,
        }
        // Those that are built in can be read: a test loads them.
        let detect = |files: &PackFiles| typed_toml::read::<Detected>(files.text(FILE).ok()?, FILE).ok();
        let all = Self::built_in().into_iter();
        all.filter_map(|files| detect(&files).map(|read| (files, read.host)))
            .collect()
    }

    /// Loads the built-in pack called `name`.
    ///
    /// # Errors
    /// If there is none.
    pub fn named(name: &str) -> Result<Self> {
        Self::beneath_named(name).map(Self::written_out)
    }

    /// The same as another pack is put on top of it.
    fn beneath_named(name: &str) -> Result<Self> {
        let all = Self::built_in();
        let names: Vec<String> = all.iter().map(|files| files.name().to_owned()).collect();
        match all.into_iter().find(|files| files.name() == name) {
            Some(files) => Self::load_beneath(files),
            None => {
                let mut error = Error::new(format!("there is no built-in pack `{name}`"));
                if let Some(near) = tenon_text::names::nearest(name, names.iter().map(String::as_str)) {
                    error = error.help(format!("did you mean `{near}`?"));
                }
                Err(error.help(format!(
                    "built in: {}; a folder is given as a path: `./{name}`",
                    tenon_text::names::listed(&names)
                )))
            }
        }
    }

    /// The same pack without the site at `index` of [`Pack::all_sites`]: to see what would miss its entries.
    pub fn without_site(&self, index: usize) -> Self {
        let mut raw = self.raw.clone();
        if index < raw.sites.len() {
            let gone = raw.sites.remove(index);
            // Nothing may refer to what is not there.
            raw.reads.retain(|it| it.site.as_ref() != Some(&gone.id));
            raw.rules.retain(|it| it.site.as_ref() != Some(&gone.id));
        }
        Self {
            raw,
            files: self.files.clone(),
            digest: self.digest.clone(),
            bases: self.bases.clone(),
            origins: self.origins.clone(),
        }
    }

    /// Whether this pack is called `name`, or extends one that is: what that one made is this one's to look after.
    pub fn is_or_extends(&self, name: &str) -> bool {
        self.name() == name || self.bases.iter().any(|base| base == name)
    }

    /// The whole digest by which a host knows this pack again; nothing for what is built in.
    pub fn pin(&self) -> Option<String> {
        self.files.pin()
    }

    /// Whether `rule` is turned off for what `kind` makes; everything else is `None`.
    pub fn is_off(&self, rule: &str, kind: Option<&str>) -> bool {
        self.raw.offs.iter().any(|off| {
            off.rule.as_deref() == Some(rule)
                && (off.for_kinds.is_empty()
                    || kind.is_some_and(|kind| off.for_kinds.iter().any(|own| own == kind)))
        })
    }

    /// The rules that are turned off, and where `pack.toml` says so.
    pub fn rules_off(&self) -> impl Iterator<Item = &str> {
        self.raw.offs.iter().filter_map(|off| off.rule.as_deref())
    }

    /// Short name.
    pub fn name(&self) -> &str {
        &self.raw.pack.name
    }

    /// Version of the pack.
    pub fn version(&self) -> &str {
        &self.raw.pack.version
    }

    /// The language of what integrations consist of.
    pub fn language(&self) -> Lang {
        self.raw.pack.language
    }

    /// One line about it.
    pub fn summary(&self) -> &str {
        &self.raw.pack.summary
    }

    /// Where the framework documents it.
    pub fn docs(&self) -> Option<&str> {
        self.raw.pack.docs.as_deref()
    }

    /// Digest over all files of the pack.
    pub fn digest(&self) -> String {
        self.digest.get_or_init(|| self.files.digest()).clone()
    }

    /// How a host of this pack is recognised.
    pub fn detect(&self) -> &raw::RawDetect {
        &self.raw.detect
    }

    /// The files by which a host of this pack is recognised, for people: `` `a` and `b`, and one of `c`, `d` ``.
    pub fn recognised_by(&self) -> String {
        let detect = &self.raw.detect;
        let quoted = |files: &[String]| files.iter().map(|file| format!("`{file}`")).collect::<Vec<_>>();
        let mut out = quoted(&detect.files).join(" and ");
        if !detect.any.is_empty() {
            let and = if out.is_empty() { "" } else { ", and " };
            out.push_str(&format!("{and}one of {}", quoted(&detect.any).join(", ")));
            if let Some(matching) = &detect.matching {
                out.push_str(&format!(" that matches `{matching}`"));
            }
        }
        out
    }

    /// What it can create.
    pub fn kinds(&self) -> &[Kind] {
        &self.raw.kinds
    }

    /// The kind called `id`.
    pub fn kind(&self, id: &str) -> Result<&Kind> {
        self.raw.kinds.iter().find(|kind| kind.id == id).ok_or_else(|| {
            let ids: Vec<&str> = self.raw.kinds.iter().map(|g| g.id.as_str()).collect();
            let error = Error::new(format!("the pack `{}` has no kind `{id}`", self.name()));
            match tenon_text::names::nearest(id, ids.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("it has: {}", tenon_text::names::listed(&ids))),
            }
        })
    }

    /// The options that `kind` asks, in order.
    pub fn options(&self, kind: &str) -> impl Iterator<Item = &PackOption> {
        self.answered(kind).filter(|option| option.follows.is_empty())
    }

    /// The options of `kind` that are never asked, as their answers follow from others.
    pub fn following(&self, kind: &str) -> impl Iterator<Item = &PackOption> {
        self.answered(kind).filter(|option| !option.follows.is_empty())
    }

    /// All options of `kind`, asked or not.
    pub fn answered(&self, kind: &str) -> impl Iterator<Item = &PackOption> {
        self.raw
            .options
            .iter()
            .filter(move |q| q.for_kinds.iter().any(|id| id == kind))
    }

    /// What `kind` requires.
    pub fn requires(&self, kind: &str) -> impl Iterator<Item = &raw::RawRequire> {
        self.raw
            .requires
            .iter()
            .filter(move |require| require.for_kinds.iter().any(|id| id == kind))
    }

    /// The folders of templates of `kind`, in order.
    pub fn folders(&self, kind: &str) -> impl Iterator<Item = &Folder> {
        self.raw
            .folders
            .iter()
            .filter(move |folder| folder.for_kinds.iter().any(|id| id == kind))
    }

    /// The sites that `kind` adds to, in order.
    pub fn sites(&self, kind: &str) -> impl Iterator<Item = &Site> {
        self.raw
            .sites
            .iter()
            .filter(move |site| site.for_kinds.iter().any(|id| id == kind))
    }

    /// All sites.
    pub fn all_sites(&self) -> &[Site] {
        &self.raw.sites
    }

    /// The kinds whose members are found in a host, and how.
    pub fn kind_members(&self) -> &[KindMembers] {
        &self.raw.kind_members
    }

    /// How the answers of a member of `kind` are read back, in order.
    pub fn reads(&self, kind: &str) -> impl Iterator<Item = &OptionRead> {
        self.raw
            .reads
            .iter()
            .filter(move |read| read.for_kinds.iter().any(|id| id == kind))
    }

    /// The options of `kind` whose answers cannot be read back from a member: nothing says how, and they follow from nothing.
    pub fn unread(&self, kind: &str) -> impl Iterator<Item = &PackOption> {
        self.options(kind).filter(move |option| {
            let mut reads = self.reads(kind);
            !reads.any(|read| read.option == option.id)
        })
    }

    /// The first option of `kind` that cannot be read back and that `condition`, a `when` or an `each`, speaks of: whether it holds
    /// for a member that exists is not known.
    pub fn unread_in(&self, kind: &str, condition: &str) -> Option<&PackOption> {
        self.unread(kind).find(|option| speaks_of(condition, &option.id))
    }

    /// The option that cannot be read back and without which it is not known whether `kind` has an entry at `site`; nothing where
    /// none is expected anyway.
    pub fn unread_at(&self, kind: &str, site: &Site) -> Option<&PackOption> {
        let mut conditions = site.when.iter().chain(&site.each);
        let is_expected = !site.may && !site.unchecked;
        conditions.find_map(|condition| self.unread_in(kind, condition).filter(|_| is_expected))
    }

    /// The rules of the pack for members of `kind`.
    pub fn rules(&self, kind: &str) -> impl Iterator<Item = &PackRule> {
        self.raw
            .rules
            .iter()
            .filter(move |pack_rule| pack_rule.for_kinds.iter().any(|id| id == kind))
    }

    /// Fact tables by name.
    pub fn facts(&self) -> &BTreeMap<String, raw::RawFact> {
        &self.raw.facts
    }

    /// Package interfaces by name.
    pub fn apis(&self) -> &BTreeMap<String, raw::RawApi> {
        &self.raw.api
    }

    /// The contract called `name`; references were checked when the pack was loaded.
    pub fn contract(&self, name: &str) -> Option<&raw::RawContract> {
        self.raw.contracts.get(name)
    }

    /// The set of names called `name`.
    pub fn names(&self, name: &str) -> Option<&raw_check::RawNames> {
        self.raw.names.get(name)
    }

    /// How rendered files look.
    pub fn style(&self) -> &raw::RawStyle {
        &self.raw.style
    }

    /// The commands that say whether what `kind` made is sound.
    pub fn verifies(&self, kind: &str) -> impl Iterator<Item = &raw::RawVerify> {
        let all = self.raw.verifies.iter();
        all.filter(move |verify| verify.for_kinds.iter().any(|id| id == kind))
    }

    /// What newcomers are shown; steps were checked when the pack was loaded.
    pub fn story(&self) -> Vec<Step> {
        story::read(&self.raw).0
    }

    /// Its files.
    pub fn files(&self) -> &PackFiles {
        &self.files
    }

    /// The templates in a folder, with their paths below it.
    pub fn templates<'p>(&'p self, folder: &'p Folder) -> impl Iterator<Item = Template> + 'p {
        template_files(&self.files, &folder.templates)
    }
}

/// The templates in the folder `files/FOLDER` of a pack.
fn template_files<'p>(files: &'p PackFiles, folder: &str) -> impl Iterator<Item = Template> + use<'p> {
    let folder = format!("files/{folder}/");
    files.paths().filter_map(move |path| {
        let relative = path.strip_prefix(&folder)?;
        Some(Template {
            becomes: becomes(relative),
            rendered: relative.ends_with(".hbs"),
            path: path.to_owned(),
        })
    })
}

/// A file in a folder of templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its path in the pack.
    pub path: String,
    /// The path of the file that it becomes, below the directory of the folder: a template.
    pub becomes: String,
    /// Whether its text is a template.
    pub rendered: bool,
}

/// `a/dot-b.hbs` becomes `a/.b`.
fn becomes(relative: &str) -> String {
    let name = relative.strip_suffix(".hbs").unwrap_or(relative);
    let parts: Vec<String> = name
        .split('/')
        .map(|part| {
            part.strip_prefix("dot-")
                .map_or(part.to_owned(), |rest| format!(".{rest}"))
        })
        .collect();
    parts.join("/")
}

/// What a row of `each` is called: `as`, or the singular of the table's name.
pub fn row_name<'a>(each: &'a str, row: Option<&'a str>) -> &'a str {
    row.unwrap_or_else(|| each.strip_suffix('s').unwrap_or(each))
}

/// Whether `text` speaks of `name` as a whole word.
fn speaks_of(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | '\'');
    let mut found = text.match_indices(name);
    found.any(|(at, _)| {
        let behind = &text[at + name.len()..];
        !text[..at].ends_with(is_part) && (behind.starts_with('.') || !behind.starts_with(is_part))
    })
}
