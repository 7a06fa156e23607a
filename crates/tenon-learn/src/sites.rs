//! The entries of shared files: examples are proposed from what members have in common, and each is tried as a site of a pack.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Context;
use serde_json::json;

use tenon_engine::plan::entries::{self, EntryList, Reading, Wanted};
use tenon_pack::{Pack, PackFiles, Site, Templates};
use tenon_syntax::entry::learn::{NameIndex, Proposal, propose};
use tenon_syntax::entry::{Document, Spelling, Syntax};
use tenon_text::diag::{Result, apply_edits};
use tenon_text::names::normal;

use crate::pack_text;
use crate::shared::SharedFile;

/// A site that was learnt.
#[derive(Clone, Debug)]
pub struct LearntSite {
    /// Its id in the pack.
    pub id: String,
    /// The file.
    pub file: String,
    /// The entry: a template.
    pub entry: String,
    /// The place, where the entry alone does not tell it.
    pub scope: Option<String>,
    /// The members that have an entry.
    pub members: BTreeSet<usize>,
}

/// The sites in `shared`; `names` are those of the members, as `index` numbers them.
pub fn find(shared: &[SharedFile], names: &[String], index: &NameIndex) -> Vec<LearntSite> {
    let least = (names.len() * 34).div_ceil(100).max(2);
    let mut out = Vec::new();
    for file in shared {
        let doc = Document::new(&*file.text, Syntax::of(&file.path));
        if doc.problem().is_some() {
            continue;
        }
        for proposal in propose(&doc, names, index, least) {
            let site = tried(file, &doc, &proposal, names, least);
            if std::env::var_os("TENON_LEARN_DEBUG").is_some() {
                eprintln!("{} {} members -> {:?} in {:?}\n{}\n", file.path, proposal.members().len(), site.as_ref().map(|s| s.members.len()), site.as_ref().map(|s| s.scope.clone()), proposal.template);
            }
            out.extend(site);
        }
    }
    name(&mut out);
    out
}

/// The proposal as a site, in the first place in which it reads and writes what it should.
fn tried(file: &SharedFile, doc: &Document, proposal: &Proposal, names: &[String], least: usize) -> Option<LearntSite> {
    let spans: Vec<_> = proposal.entries.iter().map(|(_, span)| *span).collect();
    let places = std::iter::once(None).chain(doc.places_of(&spans).into_iter().map(Some));
    let seen = proposal.members();
    let mut best: Option<LearntSite> = None;
    for scope in places {
        let mut site = LearntSite {
            id: "site".to_owned(),
            file: file.path.clone(),
            entry: proposal.template.clone(),
            scope,
            members: BTreeSet::new(),
        };
        let Some(members) = works(&site, doc, names) else {
            continue;
        };
        site.members = members;
        if site.members.len() < least || site.members.intersection(&seen).count() * 2 < seen.len() {
            continue;
        }
        let is_whole = site.members.len() * 10 >= seen.len() * 9;
        if best.as_ref().is_none_or(|best| site.members.len() > best.members.len()) {
            best = Some(site);
        }
        if is_whole {
            break;
        }
    }
    best
}

/// The members whose entries `site` reads in `doc`; nothing if it cannot write the entry of a new member there.
fn works(site: &LearntSite, doc: &Document, names: &[String]) -> Option<BTreeSet<usize>> {
    let loaded = load(site).ok()?;
    let mut render = Renderer::new();
    let wanted: Vec<Wanted> =
        names.iter().map(|name| render.wanted(&loaded, doc.syntax(), name)).collect::<Result<_>>().ok()?;
    let list = EntryList::new(&loaded, doc).ok()?;
    let members = listed(&list, &wanted)?;
    let new = render.wanted(&loaded, doc.syntax(), &unused(doc.text(), names)).ok()?;
    let added = list.add(&site.file, &new).ok()??;
    let text = apply_edits(doc.text(), &added.edits).ok()?;
    let after = Document::new(text, doc.syntax());
    let list = EntryList::new(&loaded, &after).ok()?;
    let mut all = wanted;
    all.push(new);
    let now = listed(&list, &all)?;
    (now.contains(&names.len()) && now.len() == members.len() + 1).then_some(members)
}

/// The numbers of the wanted that have one entry, which says what it should.
fn listed(list: &EntryList<'_>, wanted: &[Wanted]) -> Option<BTreeSet<usize>> {
    let Reading::Entries(there, _) = list.read(wanted) else {
        return None;
    };
    let mut out = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for entry in &there {
        let Some(number) = entry.wanted else { continue };
        let values = &wanted[number].forms[entry.form].values;
        let agrees = entry.found.values.iter().all(|value| {
            let want = values.get(value.hole.id).map_or("", String::as_str);
            match value.hole.spelling {
                Spelling::Title | Spelling::Text => true,
                spelling if spelling.is_strict() => value.text == want,
                _ => normal(&value.text) == normal(want),
            }
        });
        if !agrees || !out.insert(number) {
            wrong.insert(number);
        }
    }
    Some(&out - &wrong)
}

/// A name that nothing in `text` speaks of, spelt as `names` are.
pub fn unused(text: &str, names: &[String]) -> String {
    let text = text.to_lowercase();
    let free = ["acme", "zenith", "quokka", "borealis", "nimbus"];
    let is_free = |name: &&str| !text.contains(*name) && !names.iter().any(|other| other == *name);
    free.iter().find(|name| is_free(name)).map_or_else(|| "qqacme".to_owned(), |name| (*name).to_owned())
}

/// The site as a pack has it.
fn load(site: &LearntSite) -> Result<Site> {
    let text = format!(
        "[pack]\nname = \"learnt\"\nversion = \"0.1.0\"\nsummary = \"One site\"\nlanguage = \"go\"\n\n[host]\nfiles = [\"x\"]\n\n\
         [kind.part]\nsummary = \"A member\"\nhome = \"members/{{{{name}}}}\"\n\n{}",
        pack_text::site("part", site, &[], 0)
    );
    let files = PackFiles::of("learnt", BTreeMap::from([("pack.toml".to_owned(), text.into_bytes())]));
    let pack = Pack::load(files)?;
    let site = pack.all_sites().first().cloned();
    site.ok_or_else(|| tenon_text::diag::Error::new("the pack has no site"))
}

/// Renders templates of entries.
struct Renderer(Templates);

impl Renderer {
    fn new() -> Self {
        Self(Templates::new(80, 4))
    }

    fn wanted(&mut self, site: &Site, syntax: Syntax, name: &str) -> Result<Wanted> {
        let values = Context::from(json!({ "name": name }));
        entries::wanted(site, syntax, &mut |template| self.0.inline(template, &values))
    }
}

/// Gives each site an id: the name of its file, and a number where a file has several.
fn name(sites: &mut [LearntSite]) {
    use tenon_text::names::{CASES, in_dir};
    let kebab = CASES.iter().find(|(name, _)| *name == "kebab").map(|(_, case)| *case);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for site in sites {
        let (_, file) = in_dir(&site.file);
        let stem = file.trim_start_matches('.').split('.').next().unwrap_or_default();
        let stem = kebab.map_or_else(|| stem.to_owned(), |case| case(stem));
        let stem = if stem.starts_with(|c: char| c.is_ascii_lowercase()) { stem } else { format!("in-{stem}") };
        let count = counts.entry(stem.clone()).or_default();
        *count += 1;
        site.id = if *count == 1 { stem } else { format!("{stem}-{count}") };
    }
}
