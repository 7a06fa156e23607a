//! The entries of shared files: examples are proposed from what members have in common, and each is tried as a site of a pack.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Context;
use regex::Regex;
use serde_json::json;

use tenon_engine::plan::entries::{self, EntryList, Reading, Wanted};
use tenon_pack::{Pack, PackFiles, Site, Templates};
use tenon_syntax::entry::learn::{NameIndex, Proposal, propose};
use tenon_syntax::entry::{Document, List, Spelling, Syntax, lists};
use tenon_text::diag::{Result, Span, apply_edits};
use tenon_text::names::{in_case, in_dir, normal};

use crate::found::{LearntSite, LeftOut, SharedFile};
use crate::pack_text;

/// What stands between these may be anything, and is written as it stands there.
const GAP: &str = "{{#_}}";
const GAP_END: &str = "{{/_}}";
/// A list of fewer members may well get something else.
const LEAST_CLOSED: usize = 5;

/// The sites in `shared`, and what was left out; `names` are those of the members, as `index` numbers them, and `recent` those that were
/// added last.
pub fn find(
    shared: &[SharedFile],
    names: &[String],
    index: &NameIndex,
    recent: &[usize],
) -> (Vec<LearntSite>, Vec<LeftOut>) {
    let (mut out, mut left_out) = (Vec::new(), Vec::new());
    for file in shared {
        let doc = Document::new(&*file.text, Syntax::of(&file.path));
        let leave = |why: String| LeftOut::new(&*file.path, why);
        if let Some(problem) = doc.problem() {
            left_out.push(leave(format!("it is not understood: {problem}")));
            continue;
        }
        let mut proposals = propose(&doc, names, index, file.least);
        if proposals.is_empty() {
            let members: BTreeSet<usize> = index.find(&file.text).iter().map(|it| it.member).collect();
            if members.len() * 2 >= names.len() {
                left_out.push(LeftOut {
                    names: Some(members.len()),
                    ..leave(format!("names {} members, each in another way", members.len()))
                });
            }
        }
        // In the order of the file: what an entry uses is imported before it.
        let begin = |proposal: &Proposal| proposal.entries.iter().map(|(_, span)| span.start).min();
        proposals.sort_by_key(begin);
        let mut found = Vec::new();
        for proposal in proposals {
            match tried(file, &doc, &proposal, names) {
                Some(site) => found.push(site),
                None => {
                    let count = proposal.members().len();
                    let why =
                        format!("the entries of {count} members cannot be read and written by one example");
                    left_out.push(LeftOut {
                        names: (count * 2 >= names.len()).then_some(count),
                        ..leave(why)
                    });
                }
            }
        }
        // A list of few members may be usual in a file that is new: then the last ones are in it. It is not beside a list of many.
        let most = found
            .iter()
            .map(|site| site.members.len())
            .max()
            .unwrap_or_default();
        found.retain(|site: &LearntSite| {
            let count = site.members.len();
            let last = recent.iter().filter(|member| site.members.contains(*member));
            count * 3 >= names.len() || (count * 2 >= most && last.count() * 2 >= recent.len())
        });
        out.append(&mut found);
    }
    name(&mut out, &BTreeSet::new());
    (out, left_out)
}

/// The proposal as a site, in the first place in which it reads and writes what it should.
fn tried(file: &SharedFile, doc: &Document, proposal: &Proposal, names: &[String]) -> Option<LearntSite> {
    let mut best: Option<LearntSite> = None;
    let free = proposal.template.replace("{{pascal name}}", "{{title name}}");
    let may_be_free = !doc.syntax().is_code() && free != proposal.template;
    let plain = [&proposal.template]
        .into_iter()
        .chain(may_be_free.then_some(&free));
    // A version may be any: it changes with each release. Where such an example fails, the plain one is tried.
    let open = plain.clone().filter_map(|template| with_any_version(template));
    let templates: Vec<String> = open.chain(plain.cloned()).collect();
    for template in &templates {
        let found = placed(file, doc, proposal, template, names);
        // A title may be anything: it is taken where it tells of more members.
        let more = |found: &LearntSite| {
            best.as_ref()
                .is_none_or(|best| found.members.len() * 20 > best.members.len() * 21)
        };
        if let Some(found) = found.filter(more) {
            best = Some(found);
        }
    }
    best
}

/// `template` with gaps in which its versions stand; nothing if it has none.
fn with_any_version(template: &str) -> Option<String> {
    let version = Regex::new(r"\b\d+\.(?:\d\w*(?:\.\w+)+|\d+[a-z]\w*)\b").ok()?;
    let (mut out, mut rest) = (String::new(), template);
    loop {
        // What stands in a gap stays there.
        let (outside, behind) = rest.split_once(GAP).map_or((rest, None), |(a, b)| (a, Some(b)));
        out += &version.replace_all(outside, format!("{GAP}$0{GAP_END}"));
        let Some(behind) = behind else { break };
        let (inside, after) = behind.split_once(GAP_END)?;
        out += &format!("{GAP}{inside}{GAP_END}");
        rest = after;
    }
    (out != template).then_some(out)
}

fn placed(
    file: &SharedFile,
    doc: &Document,
    proposal: &Proposal,
    template: &str,
    names: &[String],
) -> Option<LearntSite> {
    let spans: Vec<_> = proposal.entries.iter().map(|(_, span)| *span).collect();
    let mut named = doc.places_of(&spans);
    if spans.len() > proposal.members().len() {
        named.extend(places_of_lists(doc, &spans, file.least));
    }
    let places = std::iter::once(None).chain(named.into_iter().map(Some));
    let seen = proposal.members();
    let mut best: Option<LearntSite> = None;
    for scope in places {
        let mut site = LearntSite {
            id: "site".to_owned(),
            file: file.path.clone(),
            entry: template.to_owned(),
            scope,
            members: BTreeSet::new(),
            is_closed: false,
        };
        let Some((members, is_closed)) = works(&site, doc, names) else {
            continue;
        };
        site.members = members;
        site.is_closed = is_closed;
        if site.members.len() < file.least || site.members.intersection(&seen).count() * 2 < seen.len() {
            continue;
        }
        let is_whole = site.members.len() * 10 >= seen.len() * 9;
        if best
            .as_ref()
            .is_none_or(|best| site.members.len() > best.members.len())
        {
            best = Some(site);
        }
        if is_whole {
            break;
        }
    }
    best
}

/// The places of the lists in which at least `least` of `spans` stand, where members stand in several.
fn places_of_lists(doc: &Document, spans: &[Span], least: usize) -> Vec<String> {
    let mut lists: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for span in spans {
        if let Some(place) = doc.places_of(&[*span]).into_iter().next() {
            lists.entry(place).or_default().push(*span);
        }
    }
    let mut out: Vec<String> = Vec::new();
    for (place, spans) in lists.into_iter().filter(|(_, spans)| spans.len() >= least) {
        out.push(place);
        out.extend(doc.places_of(&spans));
    }
    out.dedup();
    out
}

/// The members whose entries `site` reads in `doc`, and whether there are no others; nothing if it cannot write the entry of a new member
/// there.
fn works(site: &LearntSite, doc: &Document, names: &[String]) -> Option<(BTreeSet<usize>, bool)> {
    let loaded = load(site).ok()?;
    let mut render = Renderer::new();
    let wanted: Vec<Wanted> = names
        .iter()
        .map(|name| render.wanted(&loaded, doc.syntax(), name))
        .collect::<Result<_>>()
        .ok()?;
    let list = EntryList::new(&loaded, doc).ok()?;
    let members = listed(&list, &wanted)?;
    let is_closed = members.len() >= LEAST_CLOSED && all_are(&members, &list, &wanted);
    let new = render
        .wanted(&loaded, doc.syntax(), &unused(doc.text(), names))
        .ok()?;
    let added = list.add(&site.file, &new).ok()??;
    let text = apply_edits(doc.text(), &added.edits).ok()?;
    let after = Document::new(text, doc.syntax());
    let list = EntryList::new(&loaded, &after).ok()?;
    let mut all = wanted;
    all.push(new);
    let now = listed(&list, &all)?;
    let is_added = now.contains(&names.len()) && now.len() == members.len() + 1;
    (is_added && is_among_members(&list, &all)).then_some((members, is_closed))
}

/// Whether the new entry, the last of `wanted`, went into the members' list: one with more than a third as many members as the fullest list.
fn is_among_members(list: &EntryList<'_>, wanted: &[Wanted]) -> bool {
    let Reading::Entries(there, _) = list.read(wanted) else {
        return false;
    };
    let of: BTreeMap<usize, usize> = there
        .iter()
        .filter_map(|entry| Some((entry.found.extent.start, entry.wanted?)))
        .collect();
    let found: Vec<_> = there.into_iter().map(|entry| entry.found).collect();
    let lists = lists(list.document, &found, None);
    let own = |list: &List<'_>| -> Vec<usize> {
        let starts = list.entries.iter().map(|entry| entry.extent.start);
        starts.filter_map(|start| of.get(&start).copied()).collect()
    };
    let last = wanted.len() - 1;
    let counts: Vec<(usize, bool)> = lists
        .iter()
        .map(own)
        .map(|own| (own.iter().filter(|of| **of != last).count(), own.contains(&last)))
        .collect();
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or_default();
    counts
        .iter()
        .any(|(count, has_last)| *has_last && *count > 0 && count * 3 > most)
}

/// Whether each entry is that of one of `members`.
fn all_are(members: &BTreeSet<usize>, list: &EntryList<'_>, wanted: &[Wanted]) -> bool {
    let is_member = |of: Option<usize>| of.is_some_and(|of| members.contains(&of));
    match list.read(wanted) {
        Reading::Entries(there, _) => there.iter().all(|entry| is_member(entry.wanted)),
        _ => false,
    }
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
    let name = free.iter().find(|name| is_free(name)).unwrap_or(&"qqacme");
    match pack_text::case(names).0 {
        "pascal" => in_case("pascal", name),
        _ => (*name).to_owned(),
    }
}

/// The site as a pack has it.
pub fn load(site: &LearntSite) -> Result<Site> {
    let text = format!(
        "[pack]\nname = \"learnt\"\nversion = \"0.1.0\"\nsummary = \"One site\"\nlanguage = \"go\"\n\n[host]\nfiles = [\"x\"]\n\n\
         [kind.part]\nsummary = \"A member\"\nhome = \"members/{{{{name}}}}\"\n\n{}",
        pack_text::site("part", site, &[], 0)
    );
    let files = PackFiles::of(
        "learnt",
        BTreeMap::from([("pack.toml".to_owned(), text.into_bytes())]),
    );
    let pack = Pack::load(files)?;
    let site = pack.all_sites().first().cloned();
    site.ok_or_else(|| tenon_text::diag::Error::new("the pack has no site"))
}

/// Renders templates of entries.
pub struct Renderer(Templates);

impl Renderer {
    /// A new one.
    pub fn new() -> Self {
        Self(Templates::new(80, 4))
    }

    /// What the member `name` should have at `site`.
    ///
    /// # Errors
    /// If a template of the site cannot be rendered.
    pub fn wanted(&mut self, site: &Site, syntax: Syntax, name: &str) -> Result<Wanted> {
        let values = Context::from(json!({ "name": name }));
        entries::wanted(site, syntax, &mut |template| self.0.inline(template, &values))
    }
}

/// Gives each site an id that is not `taken`: the name of its file, and a number where a file has several.
pub fn name(sites: &mut [LearntSite], taken: &BTreeSet<String>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for site in sites {
        let (_, file) = in_dir(&site.file);
        let stem = file.trim_start_matches('.').split('.').next().unwrap_or_default();
        let stem = in_case("kebab", stem);
        let stem = if stem.starts_with(|c: char| c.is_ascii_lowercase()) {
            stem
        } else {
            format!("in-{stem}")
        };
        let count = counts.entry(stem.clone()).or_default();
        loop {
            *count += 1;
            site.id = match *count {
                1 => stem.clone(),
                count => format!("{stem}-{count}"),
            };
            if !taken.contains(&site.id) {
                break;
            }
        }
    }
}
