//! `tenon learn`: reads the members that the host has and writes the pack that makes more of them.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::apply;
use tenon_engine::host::{Host, HostPath, nearest};
use tenon_engine::plan::init::{self, Pin};
use tenon_engine::plan::overlay::Overlay;
use tenon_engine::plan::Planned;
use tenon_learn::{Learnt, Request};
use tenon_text::diag::{Error, Result};
use tenon_text::names::{CASES, in_dir};

use super::context::Globals;
use super::{Outcome, new, undo};

/// Where the pack is written if nobody says where.
const FOLDER: &str = "tenon-pack";

/// Learns, shows what was found, and writes the pack.
pub fn run(given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let start = globals.start()?;
    let root = nearest(&start, |dir| Host::open(dir).ok().filter(|host| host.exists_dir(".git")));
    let host = match (root, &globals.host) {
        (Some(host), None) => host,
        _ => Host::open(&start)?,
    };
    let writes = !given.get_flag("dry-run") && !given.get_flag("check");
    let host = if writes { undo::recover(host, report)? } else { host };
    let host = host.still();
    let place = place(given, &host, &start)?;
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let kind = text("kind").unwrap_or_else(|| kind_of(&place));
    let folder = text("to").unwrap_or_else(|| FOLDER.to_owned());
    let request = Request {
        kind,
        name: text("name").unwrap_or_else(|| name_of(host.root())),
        except: given.get_many::<String>("except").into_iter().flatten().cloned().collect(),
        place,
    };
    let learnt = tenon_learn::learn(&host, &request)?;
    report.result(&shown(&learnt));
    let planned = planned(&host, &learnt, &folder)?;
    let terminal = if globals.no_input || globals.json { None } else { Terminal::open(report.has_colour()) };
    new::finish(&planned, given, terminal.as_ref(), report, || apply::commit(host.root(), &planned.plan))
}

/// Where the members are, relative to the host's root.
fn place(given: &ArgMatches, host: &Host, start: &Path) -> Result<String> {
    let Some(place) = given.get_one::<String>("where") else {
        return Err(Error::new("it is not said where the members are")
            .help("name a member, the directory of the members, or a path with a hole: `tenon learn packages/plugin-{name}`"));
    };
    let here = start.canonicalize().unwrap_or_else(|_| PathBuf::from(start));
    let below = here.strip_prefix(host.root()).ok().and_then(Path::to_str).unwrap_or_default();
    let place = place.replace('\\', "/");
    Ok(match below {
        "" => place,
        below => format!("{below}/{place}"),
    })
}

/// What a member of `place` is called: the last word of its directory that is no hole, in the singular.
fn kind_of(place: &str) -> String {
    let case = |name: &str| CASES.iter().find(|(case, _)| *case == "kebab").map_or(name.to_owned(), |(_, case)| case(name));
    let word = place
        .trim_end_matches('/')
        .rsplit('/')
        .map(|part| part.split('{').next().unwrap_or_default())
        .find(|part| part.chars().any(char::is_alphanumeric));
    let word = case(word.unwrap_or("member"));
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(&word).to_owned(),
    }
}

/// The name of a pack for the host at `root`.
fn name_of(root: &Path) -> String {
    let name = root.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = CASES.iter().find(|(case, _)| *case == "kebab").map_or(name.to_owned(), |(_, case)| case(name));
    if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { format!("pack-{name}") }
}

fn planned(host: &Host, learnt: &Learnt, folder: &str) -> Result<Planned> {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let mut overlay = Overlay::new(host);
    for (path, bytes) in &learnt.files {
        let path = HostPath::new(&format!("{folder}/{path}"))?;
        overlay.create(path, String::from_utf8_lossy(bytes).into_owned(), false)?;
    }
    let mut plan = overlay.into_plan(format!("learn {}", learnt.report.home))?;
    let pin = Pin {
        pack: format!("./{folder}"),
        version: None,
    };
    plan.changes.extend(init::init(host, &pin, &Default::default())?.plan.changes);
    let _ = in_dir;
    Ok(Planned { plan, next: vec![] })
}

fn shown(learnt: &Learnt) -> String {
    let report = &learnt.report;
    let mut out = format!("{} members at {}\n", report.members.len(), report.home);
    for seen in report.files.iter().chain(&report.sites) {
        out.push_str(&format!("{:>4} of {}  {}\n", seen.count, seen.of, seen.what));
    }
    out
}
