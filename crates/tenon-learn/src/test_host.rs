//! The host of the pack's test.

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::apply::{FileTree, Scratch};
use tenon_engine::host::{Host, HostPath};
use tenon_engine::plan::entries::{EntryList, Reading, Wanted};
use tenon_engine::rules::{self, Asked};
use tenon_pack::{Pack, Site};
use tenon_syntax::entry::{Document, Syntax};
use tenon_text::diag::{Result, TextEdit, apply_edits};
use tenon_text::names::in_dir;

use crate::contracts::LearntContract;
use crate::found::LearntSite;
use crate::members::Members;
use crate::own_files::OwnFile;
use crate::rules::{LearntRule, What};
use crate::sites::Renderer;

/// The folder of the test's host.
pub const FOLDER: &str = "tests/members/host";
/// How many members it has, if it is not the whole host.
const MEMBERS: usize = 3;
/// Of more members the entries of all others are too many to be taken out one by one.
const MOST: usize = 300;
/// A host with more files than these, or more bytes, is no test as a whole.
const MAX_FILES: usize = 400;
const MAX_BYTES: usize = 1 << 20;

/// What the host of the test is made from.
pub struct TestHost<'l> {
    /// The host.
    pub host: &'l Host,
    /// Its files.
    pub all: &'l [String],
    /// Its members.
    pub found: &'l Members,
    /// Their files.
    pub own: &'l [OwnFile],
    /// Where they are listed.
    pub sites: &'l [LearntSite],
    /// What they have in common.
    pub rules: &'l [LearntRule],
    /// The pack with this kind alone.
    pub pack: &'l Pack,
    /// The pack with all its kinds.
    pub whole: &'l Pack,
}

/// The files of a host by path.
type Texts = BTreeMap<String, String>;

impl TestHost<'_> {
    /// The files of the test, by path in the pack, with those that the host of the test has already: three members and what lists
    /// them; if that is not enough to tell what a rule asks for, with the packages that they are built on; else the host as it is.
    /// Nothing if the pack has findings on each of these, or they are too large.
    ///
    /// # Errors
    /// If a file of the host cannot be read.
    pub fn files(&self, known: &Texts) -> Result<Option<BTreeMap<String, Vec<u8>>>> {
        let few = self.few(known)?;
        let more = few.as_ref().map(|few| self.with_packages(few)).transpose()?;
        for texts in [few, more].into_iter().flatten() {
            if let Some(tree) = self.quiet(texts)? {
                return Ok(Some(tree));
            }
        }
        match self.host_as_it_is()? {
            Some(texts) => self.quiet(texts),
            None => Ok(None),
        }
    }

    /// `texts` as files of the pack, if it has no findings there.
    fn quiet(&self, texts: Texts) -> Result<Option<BTreeMap<String, Vec<u8>>>> {
        let tree: FileTree = texts
            .into_iter()
            .map(|(path, said)| (path, said.into_bytes()))
            .collect();
        let scratch = Scratch::with(&tree)?;
        let checked = rules::check(self.whole, &Host::open(scratch.root())?, &Asked::default());
        if !checked.is_ok_and(|checked| checked.findings.diagnostics.is_empty()) {
            return Ok(None);
        }
        let files = tree.into_iter();
        Ok(Some(
            files
                .map(|(path, bytes)| (format!("{FOLDER}/{path}"), bytes))
                .collect(),
        ))
    }

    /// The text of a file of the host; a picture is none.
    fn text(&self, path: &str) -> Result<Option<String>> {
        let bytes = self.host.read_bytes(&HostPath::new(path)?)?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Adds those of `paths` that are not in `texts`.
    fn add<'p>(&self, texts: &mut Texts, paths: impl IntoIterator<Item = &'p String>) -> Result<()> {
        for path in paths {
            if !texts.contains_key(path)
                && let Some(said) = self.text(path)?
            {
                texts.insert(path.clone(), said);
            }
        }
        Ok(())
    }

    /// The members that the test has.
    fn chosen(&self) -> BTreeSet<usize> {
        let has_all = |number: &usize| {
            self.own.iter().all(|file| file.members.contains_key(number))
                && self.sites.iter().all(|site| site.members.contains(number))
                && !self.rules.iter().any(|rule| rule.except.contains(number))
        };
        (0..self.found.all.len()).filter(has_all).take(MEMBERS).collect()
    }

    /// Three members that are alike in all, and the files that list them without the entries of the others; nothing if there are no
    /// such three, too many others, or their entries do not go.
    fn few(&self, known: &Texts) -> Result<Option<Texts>> {
        let found = self.found;
        let chosen = self.chosen();
        if chosen.len() < MEMBERS || found.all.len() > MOST {
            return Ok(None);
        }
        let mut texts = known.clone();
        for number in &chosen {
            let member = &found.all[*number];
            let mut paths: BTreeSet<String> = self
                .own
                .iter()
                .filter_map(|file| file.members.get(number).cloned())
                .collect();
            match found.home.is_file {
                true => _ = paths.insert(member.home.clone()),
                false => paths.extend(member.files.first().map(|file| format!("{}/{file}", member.home))),
            }
            self.add(&mut texts, &paths)?;
        }
        for contract in self.contracts() {
            self.add(&mut texts, &contract.files)?;
        }
        let names = found.names();
        for site in self.pack.all_sites() {
            let Some(path) = &site.file else { continue };
            let said = match texts.remove(path) {
                Some(said) => said,
                None => self.text(path)?.unwrap_or_default(),
            };
            match thinned(site, path, said, &names, &chosen) {
                Some(said) => _ = texts.insert(path.clone(), said),
                None => return Ok(None),
            }
        }
        let looks_for = self.whole.detect().files.iter();
        self.add(&mut texts, looks_for.filter(|path| !path.contains('*')))?;
        Ok(Some(texts))
    }

    /// The contracts that members fulfil.
    fn contracts(&self) -> impl Iterator<Item = &LearntContract> {
        self.rules.iter().filter_map(|rule| match &rule.what {
            What::Class(_, contract, _) => Some(contract),
            _ => None,
        })
    }

    /// `few` with all files of its members, and all beside and below the files that declare what they are built on.
    fn with_packages(&self, few: &Texts) -> Result<Texts> {
        let chosen = self.chosen();
        let dirs: BTreeSet<&str> = self
            .contracts()
            .flat_map(|contract| contract.files.iter().map(|file| in_dir(file).0))
            .filter(|dir| !dir.is_empty())
            .collect();
        let mut texts = few.clone();
        let is_near = |path: &&String| match self.found.owner(path) {
            Some(number) => chosen.contains(&number),
            None => dirs
                .iter()
                .any(|dir| path.strip_prefix(*dir).is_some_and(|rest| rest.starts_with('/'))),
        };
        self.add(&mut texts, self.all.iter().filter(is_near).take(MAX_FILES))?;
        Ok(texts)
    }

    /// All files of the host, if they are few.
    fn host_as_it_is(&self) -> Result<Option<Texts>> {
        if self.all.len() > MAX_FILES {
            return Ok(None);
        }
        let (mut texts, mut bytes) = (Texts::new(), 0);
        for path in self.all {
            let Some(said) = self.text(path)? else { continue };
            bytes += said.len();
            if bytes > MAX_BYTES {
                return Ok(None);
            }
            texts.insert(path.clone(), said);
        }
        Ok(Some(texts))
    }
}

/// `text` without the entries at `site` of members that are not `chosen`; nothing if they do not go.
fn thinned(
    site: &Site,
    path: &str,
    text: String,
    names: &[String],
    chosen: &BTreeSet<usize>,
) -> Option<String> {
    let syntax = Syntax::of(path);
    let mut render = Renderer::new();
    let wanted: Vec<Wanted> = names
        .iter()
        .map(|name| render.wanted(site, syntax, name))
        .collect::<Result<_>>()
        .ok()?;
    let mut text = text;
    // Edits of neighbours may meet: then what is left goes in the next round.
    for _ in 0..names.len() {
        let doc = Document::new(text.clone(), syntax);
        let list = EntryList::new(site, &doc).ok()?;
        let Reading::Entries(entries, _) = list.read(&wanted) else {
            return None;
        };
        let mut edits: Vec<TextEdit> = Vec::new();
        let others = entries
            .iter()
            .filter(|entry| entry.wanted.is_some_and(|of| !chosen.contains(&of)));
        for entry in others {
            let own = list.remove(entry, None).ok()?;
            let meets = |edit: &TextEdit| {
                edits
                    .iter()
                    .any(|other| edit.span.start <= other.span.end && other.span.start <= edit.span.end)
            };
            if !own.iter().any(meets) {
                edits.extend(own);
            }
        }
        if edits.is_empty() {
            return Some(text);
        }
        edits.sort_by_key(|edit| edit.span.start);
        text = apply_edits(&text, &edits).ok()?;
    }
    None
}
