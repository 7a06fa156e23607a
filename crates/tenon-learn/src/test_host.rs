//! The host of the pack's test: the files with sites, with the entries of three members, and the files of these.

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::apply::{FileTree, Scratch};
use tenon_engine::host::{Host, HostPath};
use tenon_engine::plan::entries::{EntryList, Reading, Wanted};
use tenon_engine::rules::{self, Asked};
use tenon_pack::{Pack, Site};
use tenon_syntax::entry::{Document, Syntax};
use tenon_text::diag::{Result, TextEdit, apply_edits};

use crate::found::LearntSite;
use crate::members::Members;
use crate::own_files::OwnFile;
use crate::rules::{LearntRule, What};
use crate::sites::Renderer;

/// The folder of the test.
const FOLDER: &str = "tests/three-members/host";
/// How many members it has.
const MEMBERS: usize = 3;
/// Of more members the entries of all others are too many to be taken out one by one.
const MOST: usize = 300;

/// The files of the test, by path in the pack; none if no three members are alike in all, there are too many, or the
/// entries of the others do not go.
///
/// # Errors
/// If a file of the host cannot be read.
pub fn files(
    host: &Host,
    found: &Members,
    own: &[OwnFile],
    sites: &[LearntSite],
    rules: &[LearntRule],
    pack: &Pack,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let has_all = |number: &usize| {
        own.iter().all(|file| file.members.contains_key(number))
            && sites.iter().all(|site| site.members.contains(number))
            && !rules.iter().any(|rule| rule.except.contains(number))
    };
    let chosen: BTreeSet<usize> = (0..found.all.len()).filter(has_all).take(MEMBERS).collect();
    if chosen.len() < MEMBERS || found.all.len() > MOST {
        return Ok(BTreeMap::new());
    }
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let text = |path: &str| -> Result<Option<String>> {
        let bytes = host.read_bytes(&HostPath::new(path)?)?;
        // A picture is no template, and nothing asks for it.
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    };
    for number in &chosen {
        let member = &found.all[*number];
        let mut paths: BTreeSet<String> = own
            .iter()
            .filter_map(|file| file.members.get(number).cloned())
            .collect();
        match found.home.is_file {
            true => _ = paths.insert(member.home.clone()),
            false => paths.extend(member.files.first().map(|file| format!("{}/{file}", member.home))),
        }
        for path in paths {
            if let Some(said) = text(&path)? {
                texts.insert(path, said);
            }
        }
    }
    for rule in rules {
        let What::Class(_, contract, _) = &rule.what else {
            continue;
        };
        for path in &contract.files {
            if let Some(said) = text(path)? {
                texts.insert(path.clone(), said);
            }
        }
    }
    let names = found.names();
    for site in pack.all_sites() {
        let Some(path) = &site.file else { continue };
        let said = match texts.remove(path) {
            Some(said) => said,
            None => text(path)?.unwrap_or_default(),
        };
        match thinned(site, path, said, &names, &chosen) {
            Some(said) => _ = texts.insert(path.clone(), said),
            None => return Ok(BTreeMap::new()),
        }
    }
    let tree: FileTree = texts
        .iter()
        .map(|(path, said)| (path.clone(), said.clone().into_bytes()))
        .collect();
    let scratch = Scratch::with(&tree)?;
    // A part of the host may not be enough to tell what a rule asks for.
    let checked = rules::check(pack, &Host::open(scratch.root())?, &Asked::default());
    if !checked.is_ok_and(|checked| checked.findings.diagnostics.is_empty()) {
        return Ok(BTreeMap::new());
    }
    Ok(tree
        .into_iter()
        .map(|(path, bytes)| (format!("{FOLDER}/{path}"), bytes))
        .collect())
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
