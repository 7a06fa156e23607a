//! Learns a pack from the members that a host has: what one consists of, and where it is listed.
//!
//! Comes in: a [`Host`] and where its members are. Goes out: [`Learnt`], the files of a pack and what was found. Reads only.
//!
//! | module | what it does |
//! |---|---|
//! | `candidates` | where members may be, if nobody says it |
//! | [`members`] | finds the members: siblings of one shape |
//! | `alike` | texts that are the same for all members, but for the name |
//! | `own_files`, `options` | the files that members have, by path; those that only some have |
//! | `history` | what the last commits that added a member changed |
//! | `shared` | the files of the host that name most members |
//! | `code`, `contracts`, `rules` | what the members' sources declare, which interfaces of the host they implement, what they have in common |
//! | `sites` | the entries in them: proposes examples, tries each |
//! | `templates` | the text of a new member's files |
//! | `pack_text` | writes `pack.toml` |
//! | `test_host` | the host of the pack's test: a part of this one |
//! | `found`, `request` | values: what is found, what is asked |
//! | `report` | what was found, for people |
//! | `proof` | loads the pack, checks the host with it, makes a member; what does not hold is dropped |
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod again;
mod alike;
mod beside;
mod candidates;
mod code;
mod contracts;
mod found;
mod generated;
mod history;
pub mod members;
mod options;
mod own_files;
mod pack_text;
mod proof;
mod report;
mod request;
mod rules;
mod shared;
mod sites;
mod templates;
mod test_host;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tenon_engine::host::Host;
use tenon_pack::{Pack, PackFiles};
use tenon_syntax::entry::learn::NameIndex;
use tenon_syntax::language::Lang;
use tenon_syntax::languages;
use tenon_text::diag::{Error, Result};

pub use again::Again;
use beside::Beside;
pub use candidates::{Candidate, candidates};
use code::Code;
pub use found::LeftOut;
use found::{LearntSite, SharedFile};
use history::History;
use members::Members;
use own_files::OwnFile;
use report::Findings;
pub use report::{Outlier, Report, Seen};
pub use request::Request;
use rules::LearntRule;

/// How many files a person is told to look at who makes a member.
const MAX_BY_HAND: usize = 3;

/// What was learnt.
pub struct Learnt {
    /// The files of the pack, by path: those that are new, and those that are others than before.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What `pack.toml` says of the kind.
    pub tables: String,
    /// What was found.
    pub report: Report,
}

/// Reads the members of `host` and writes a pack.
///
/// # Errors
/// If there are no members of one shape, or the host cannot be read.
pub fn learn(host: &Host, request: &Request) -> Result<Learnt> {
    let mut all = shared::files(host);
    let folder = format!("{}/", request.folder);
    all.retain(|path| !path.starts_with(&folder));
    let mut except = request.except.clone();
    let mut seen = look(host, &all, &request.place, &except)?;
    // What all others have, and some siblings have not, tells that these are no members: then all is looked at again without them.
    let strangers = seen.strangers();
    if !strangers.is_empty() {
        except.extend(strangers);
        seen = look(host, &all, &request.place, &except)?;
    }
    if seen.own.is_empty() && seen.sites.is_empty() {
        return Err(Error::new(format!(
            "the members at `{}` have nothing in common",
            seen.members.home.pattern()
        ))
        .because("half of them share no file, and no list has a third of them")
        .help("name other members: without WHERE, `tenon learn` lists where there may be some"));
    }
    sites::name(&mut seen.sites, &request.taken);
    let request = &Request {
        kind: match request.kind.as_str() {
            "" => seen.members.home.kind(),
            kind => kind.to_owned(),
        },
        ..request.clone()
    };
    let written = pack_text::language(&seen.members);
    let beside = match &request.beside {
        Some(files) => Some(Beside::of(files, &request.kind, written, request.again)?),
        None => None,
    };
    // What is there for members of another kind is not there for those that have the same names.
    if let Some(beside) = &beside {
        let is_own = |file: &OwnFile| !file.is_elsewhere || !beside.makes(&file.template);
        seen.own.retain(is_own);
        seen.some.retain(is_own);
        seen.sites.retain(|site| !beside.lists(&site.file, &site.entry));
    }
    let of_pack = beside.as_ref().map(Beside::language);
    let language = written.or(of_pack).unwrap_or(languages::names()[0]);
    let rules = learnt_rules(host, &all, &seen, language);
    let mut options = options::of(seen.some);
    let files = templates::make(
        host,
        &seen.members,
        &seen.own,
        &mut options,
        (&rules, &seen.sites),
    )?;
    // The pack may come to stand beside them.
    let own = format!("{folder}pack.toml");
    let others = seen.members.others.iter().map(String::as_str);
    let others = others.chain(seen.members.home.name_of(&own)).map(str::to_owned);
    let mut pack = pack_text::Draft {
        request,
        members: &seen.members,
        others: others.collect(),
        own: &seen.own,
        templates: files,
        options,
        language,
        rules,
        next: vec![],
        landmark: landmark(&seen.members, &seen.own, &all),
        like: usual_file(&seen.members, &seen.own, |path| {
            Lang::of_path(path).is_some_and(|of| of.name() == language)
        }),
        is_trial: false,
    };
    let dropped = proof::prove(host, &mut pack, &mut seen.sites)?;
    seen.left_out.extend(dropped);
    let (again, failed) = made_again(&pack, &mut seen.sites, &seen.shared)?;
    seen.left_out.extend(failed);
    pack.next = generated::next(host, &all, &seen.sites);
    pack.next
        .extend(by_hand(&seen.left_out, &seen.sites, seen.members.all.len()));
    let mut files = pack.files(&seen.sites);
    let tables = pack.tables(&seen.sites);
    let own = Pack::load(PackFiles::of(&request.name, files.clone()))?;
    let (whole, known) = match beside.as_ref().filter(|_| !request.again) {
        Some(beside) => {
            let all = beside.with(files.clone(), &tables);
            files.extend(
                all.get_key_value("pack.toml")
                    .map(|(path, text)| (path.clone(), text.clone())),
            );
            (Pack::load(PackFiles::of(&request.name, all))?, beside.test_host())
        }
        None => (own.clone(), BTreeMap::new()),
    };
    let test = test_host::TestHost {
        host,
        all: &all,
        found: &seen.members,
        own: &seen.own,
        sites: &seen.sites,
        rules: &pack.rules,
        pack: &own,
        whole: &whole,
    };
    match test.files(&known)? {
        Some(test) => files.extend(test),
        None => seen.left_out.push(LeftOut::new(
            test_host::FOLDER,
            "three members are not enough for a host of the test, and the whole host is too large: write a small one",
        )),
    }
    Ok(Learnt {
        files,
        tables,
        report: Findings {
            kind: &request.kind,
            members: &seen.members,
            own: &seen.own,
            shared: &seen.shared,
            sites: &seen.sites,
            again: &again,
            rules: &pack.rules,
            left_out: seen.left_out,
        }
        .report(),
    })
}

/// A file by which a host is known where no member is listed anywhere: the one that most members have, whichever member it is, or any.
fn landmark(found: &Members, own: &[OwnFile], all: &[String]) -> String {
    let of_all = || all.first().cloned().unwrap_or_default();
    usual_file(found, own, |_| true).unwrap_or_else(of_all)
}

/// The file that most members have in their homes, of those whose names `is_meant` takes; the one of any member.
fn usual_file(found: &Members, own: &[OwnFile], is_meant: impl Fn(&str) -> bool) -> Option<String> {
    let home = found.home.pattern().replace("{name}", "*");
    let name = |file: &OwnFile| match options::filled(&file.template, "*") {
        name if found.home.is_file || name.is_empty() => home.clone(),
        name => format!("{home}/{name}"),
    };
    let usual = own
        .iter()
        .filter(|file| !file.is_elsewhere && is_meant(&name(file)));
    let place = |file: &OwnFile| (file.template.matches('/').count(), file.template.len());
    usual
        .max_by_key(|file| (file.members.len(), Reverse(place(file))))
        .map(name)
}

/// Sentences about files that may be lists that people keep, and that the pack does not know.
fn by_hand(left_out: &[LeftOut], sites: &[LearntSite], total: usize) -> Vec<String> {
    let is_known = |file: &str| sites.iter().any(|site| site.file == file);
    let mut out: Vec<String> = Vec::new();
    for LeftOut { file, names, .. } in left_out {
        let is_named = out.iter().any(|said| said.contains(&format!("`{file}`")));
        if let Some(count) = names.filter(|_| !is_named && !is_known(file) && !file.contains("{{")) {
            out.push(format!(
                "see whether `{file}` should name it: it names {count} of {total}"
            ));
        }
    }
    out.truncate(MAX_BY_HAND);
    out
}

/// What the members' files have in common.
fn learnt_rules(host: &Host, all: &[String], seen: &View, language: &str) -> Vec<LearntRule> {
    let Some(language) = Lang::named(language) else {
        return vec![];
    };
    let code = Code::read(host, language, &seen.members, &seen.own);
    let names = seen.members.all.iter().map(|member| member.name.as_str());
    let given = rules::Given {
        host,
        found: &seen.members,
        own: &seen.own,
        all,
        shared: &seen.shared,
        index: &NameIndex::new(names),
    };
    rules::find(&given, &code)
}

/// How entries come back at each of `sites` that are taken out and put in again. Those at which none does go, and are given back.
fn made_again(
    pack: &pack_text::Draft<'_>,
    sites: &mut Vec<LearntSite>,
    shared: &[SharedFile],
) -> Result<(Vec<Again>, Vec<LeftOut>)> {
    let loaded = Pack::load(PackFiles::of(&pack.request.name, pack.files(sites)))?;
    let all = again::all(sites, loaded.all_sites(), shared, &pack.members.names());
    let (mut kept, mut out, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for (site, again) in std::mem::take(sites).into_iter().zip(all) {
        if again.failed > 0 && again.failed == again.tried {
            let why = "entries of members cannot be taken out and put in again";
            failed.push(LeftOut::new(site.file, why));
        } else {
            kept.push(site);
            out.push(again);
        }
    }
    *sites = kept;
    Ok((out, failed))
}

/// What is seen of the members of a host.
struct View {
    members: Members,
    own: Vec<OwnFile>,
    /// What only some members have.
    some: Vec<OwnFile>,
    shared: Vec<SharedFile>,
    sites: Vec<LearntSite>,
    left_out: Vec<LeftOut>,
}

fn look(host: &Host, all: &[String], place: &str, except: &[String]) -> Result<View> {
    let index_of = |members: &Members| NameIndex::new(members.all.iter().map(|member| member.name.as_str()));
    let mut members = members::find(all, place, except)?;
    let mut index = index_of(&members);
    let registries = shared::registries(host, &members, all, &index);
    if !registries.is_empty() {
        members = members::find(all, place, &[except, &registries].concat())?;
        index = index_of(&members);
    }
    let (own, _) = own_files::find(&members, all, &index, &[]);
    let mut history = History::read(host, &members, &own);
    let (own, some) = own_files::find(&members, all, &index, &history.members);
    let (shared, mut left_out) = shared::find(host, &members, &own, all, &index, &mut history);
    let (sites, more) = sites::find(&shared, &members.names(), &index, &history.members);
    left_out.extend(more);
    Ok(View {
        members,
        own,
        some,
        shared,
        sites,
        left_out,
    })
}

impl View {
    /// The members that stand in none of the lists in which most stand, and have not all files that most have.
    fn strangers(&self) -> Vec<String> {
        let total = self.members.all.len();
        let is_usual = |count: usize| count * 10 >= total * 6;
        let lists: Vec<&LearntSite> = self
            .sites
            .iter()
            .filter(|site| is_usual(site.members.len()))
            .collect();
        let files: Vec<&OwnFile> = self
            .own
            .iter()
            .filter(|file| is_usual(file.members.len()))
            .collect();
        if lists.is_empty() {
            return vec![];
        }
        (0..total)
            .filter(|number| !lists.iter().any(|site| site.members.contains(number)))
            .filter(|number| files.iter().any(|file| !file.members.contains_key(number)))
            .map(|number| self.members.all[number].name.clone())
            .collect()
    }
}
