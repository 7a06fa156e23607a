//! `tenon learn`: reads the members that the host has and writes the pack that makes more of them.

use std::collections::BTreeSet;
use std::path::Path;

use clap::ArgMatches;

use serde_json::json;

use crate::report::{LearnFormat, Report, outputs, plan_json};
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::answers::{Asker, Choice};
use tenon_engine::apply;
use tenon_engine::host::{Host, HostPath, canonical, nearest};
use tenon_engine::plan::Planned;
use tenon_engine::plan::init::{self, Pin};
use tenon_engine::plan::overlay::Overlay;
use tenon_engine::plan::update::merge;
use tenon_engine::settings::Settings;
use tenon_learn::{Learnt, Request};
use tenon_pack::{Pack, PackFiles};
use tenon_text::diag::{Error, Result};
use tenon_text::names::{in_case, listed};

use super::context::Globals;
use super::{Outcome, new, undo};

/// Where the pack is written if nobody says where.
const FOLDER: &str = "tenon-pack";

/// Learns, shows what was found, and writes the pack.
pub fn run(given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let start = globals.start()?;
    let root = nearest(&start, |dir| {
        Host::open(dir).ok().filter(|host| host.exists_dir(".git"))
    });
    let host = match (root, &globals.host) {
        (Some(host), None) => host,
        _ => Host::open(&start)?,
    };
    let writes = globals.writes();
    let host = if writes {
        undo::recover(host, report)?
    } else {
        host
    };
    let host = host.still();
    let mut terminal = globals.terminal(report);
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let folder = text("to").unwrap_or_else(|| FOLDER.to_owned());
    let trimmed = folder.trim_start_matches("./").trim_end_matches('/').to_owned();
    let folder = HostPath::new(&trimmed).map(|_| trimmed).map_err(|_| {
        Error::new(format!(
            "`--to {}` is not a folder of this host",
            folder.escape_debug()
        ))
        .because("the host names its pack, and whoever clones it has both")
        .help("name a folder below the host's root, such as `tools/pack`")
    })?;
    let there = match host.exists_file(&format!("{folder}/{PACK}")) {
        true => Some(PackFiles::folder(&host.root().join(&folder))?),
        false => None,
    };
    let known = if given.get_flag("again") {
        let files = there.as_ref().ok_or_else(|| nothing_learnt(&folder, PACK))?;
        Some(Known::read(files, &folder, text("kind").as_deref())?)
    } else {
        None
    };
    let place = match (given.get_one::<String>("where"), &known) {
        (Some(place), _) => from_root(place, &host, &start),
        (None, Some(known)) => known.place.clone(),
        (None, None) => match chosen(&host, &mut terminal, report)? {
            Some(place) => place,
            None => return Ok(Outcome::Done),
        },
    };
    let of_known = |part: fn(&Known) -> &String| known.as_ref().map(|known| part(known).clone());
    let request = Request {
        kind: text("kind")
            .or_else(|| of_known(|known| &known.kind))
            .unwrap_or_default(),
        taken: match (&known, &there) {
            (Some(known), _) => known.taken.clone(),
            (None, Some(files)) => taken(&Pack::load(files.clone())?),
            (None, None) => BTreeSet::new(),
        },
        beside: there,
        again: known.is_some(),
        name: text("name")
            .or_else(|| of_known(|known| &known.name))
            .unwrap_or_else(|| name_of(host.root())),
        except: given
            .get_many::<String>("except")
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
        folder,
        place,
    };
    for (flag, name) in [("--kind", &request.kind), ("--name", &request.name)] {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_word = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_part);
        if !is_word && !name.is_empty() {
            return Err(
                Error::new(format!("`{flag} {}` is not a name", name.escape_debug()))
                    .help("use lower-case words joined by `-`"),
            );
        }
    }
    let outputs = outputs::<LearnFormat>(given)?;
    let learnt = report.during("learning", |_| tenon_learn::learn(&host, &request))?;
    for (format, path) in outputs {
        let text = match format {
            LearnFormat::Json => format!("{:#}\n", json!(learnt.report)),
            LearnFormat::Markdown => learnt.report.markdown(),
            LearnFormat::Text => learnt.report.text(),
        };
        apply::save(Path::new(&path), &text)?;
    }
    let planned = match &known {
        Some(known) => known.planned(&host, &learnt, &request)?,
        None => planned(&host, &learnt, &request)?,
    };
    if globals.json {
        if writes && !planned.plan.is_empty() {
            apply::commit(host.root(), &planned.plan)?;
        }
        let mut value = plan_json(&planned.plan, &planned.next, !writes);
        value["learnt"] = json!(learnt.report);
        report.json(&value);
        let changes = globals.check && !planned.plan.is_empty();
        return Ok(if changes { Outcome::Findings } else { Outcome::Done });
    }
    report.say(&learnt.report.text());
    new::finish(&planned, &new::Question::WRITE, globals, report, || {
        apply::commit(host.root(), &planned.plan)
    })
}

/// `place`, which is relative to where the command runs, relative to the host's root.
fn from_root(place: &str, host: &Host, start: &Path) -> String {
    let here = canonical(start);
    let below = here
        .strip_prefix(host.root())
        .ok()
        .and_then(Path::to_str)
        .unwrap_or_default();
    let place = place.replace('\\', "/");
    match below {
        "" => place,
        below => format!("{below}/{place}"),
    }
}

/// The place that a person chooses; without a person the places are listed.
fn chosen(host: &Host, terminal: &mut Option<Terminal>, report: &Report) -> Result<Option<String>> {
    let all = report.during("reading the repository", |_| tenon_learn::candidates(host));
    if all.is_empty() {
        return Err(Error::new("no directory of this repository has members that other files list")
            .help("name a member, the directory of the members, or a path with a hole: `tenon learn packages/plugin-{name}`"));
    }
    let lines: Vec<String> = all
        .iter()
        .map(|candidate| {
            let (file, count) = &candidate.listed_in[0];
            let more = match candidate.listed_in.len() {
                1 => String::new(),
                2 => " and another file".to_owned(),
                n => format!(" and {} other files", n - 1),
            };
            format!(
                "{} ({} members; {count} in {file}{more})",
                candidate.place,
                candidate.members.len()
            )
        })
        .collect();
    if let Some(terminal) = terminal {
        let lines: Vec<Choice> = lines.into_iter().map(Choice::plain).collect();
        let at = terminal.one("From which members should a pack be learnt?", &lines, true)?;
        return Ok(at.map(|at| all[at].place.clone()));
    }
    if report.is_json() {
        let places = all.iter().map(|candidate| {
            let listed = candidate.listed_in.iter().map(|(file, count)| json!({ "path": file, "members": count }));
            json!({ "place": candidate.place, "members": candidate.members.len(), "listedIn": listed.collect::<Vec<_>>() })
        });
        report.json(&json!({ "version": 1, "candidates": places.collect::<Vec<_>>() }));
        return Ok(None);
    }
    report.result(&format!("{}\n", lines.join("\n")));
    report.say("name one of them: `tenon learn WHERE`");
    Ok(None)
}

/// The name of a pack for the host at `root`.
fn name_of(root: &Path) -> String {
    let name = root
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let name = in_case("kebab", name);
    if name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name
    } else {
        format!("pack-{name}")
    }
}

/// What a pack is, in its folder.
const PACK: &str = "pack.toml";

/// Where a pack keeps what was learnt, beside what people made of it.
const BASE: &str = "learnt/pack.toml";

/// The same of a kind that it got later.
fn base_of(kind: &str) -> String {
    format!("learnt/kinds/{kind}.toml")
}

/// The names of the interfaces and of the sites that a pack has.
fn taken(pack: &Pack) -> BTreeSet<String> {
    let sites = pack.all_sites().iter().map(|site| site.id.clone());
    pack.apis().keys().cloned().chain(sites).collect()
}

fn nothing_learnt(folder: &str, file: &str) -> Error {
    Error::new(format!("there is no `{folder}/{file}`"))
        .help("`--again` needs a pack that was learnt before: learn it first, or name its folder with `--to`")
}

/// A pack that was learnt before.
struct Known {
    place: String,
    kind: String,
    name: String,
    /// Where it keeps what was learnt of the kind.
    path: String,
    /// What was learnt of the kind; of the first one with the header of the pack.
    base: String,
    /// `pack.toml` as it is.
    own: String,
    /// The interfaces and sites of other kinds.
    taken: BTreeSet<String>,
}

impl Known {
    /// What is known of `kind`, or of the only kind.
    fn read(files: &PackFiles, folder: &str, kind: Option<&str>) -> Result<Self> {
        let pack = Pack::load(files.clone())?;
        let learnt = |path: &str| {
            let text = files.text(path).map(str::to_owned);
            text.map_err(|_| nothing_learnt(folder, path))
        };
        let first = learnt(BASE)?;
        let later = |kind: &str| files.text(&base_of(kind)).is_ok();
        let is_first = |kind: &str| first.contains(&format!("[kind.{kind}]"));
        let mut kinds = pack
            .kinds()
            .iter()
            .filter(|known| later(&known.id) || is_first(&known.id));
        let mut named = kinds
            .clone()
            .filter(|known| kind.is_none_or(|kind| kind == known.id));
        let (Some(found), None) = (named.next(), named.next()) else {
            let all: Vec<String> = kinds.by_ref().map(|known| known.id.clone()).collect();
            let problem = match kind {
                Some(kind) => format!("nothing was learnt of the kind `{kind}`"),
                None => format!("the pack in `{folder}` has several kinds"),
            };
            return Err(Error::new(problem).help(format!("name one with `--kind`: {}", listed(&all))));
        };
        let (path, base) = match later(&found.id) {
            true => (base_of(&found.id), learnt(&base_of(&found.id))?),
            false => (BASE.to_owned(), first),
        };
        let mut taken = taken(&pack);
        taken.retain(|name| {
            !base.contains(&format!("[api.{name}]")) && !base.contains(&format!(".site.{name}]"))
        });
        Ok(Self {
            place: found
                .home
                .as_deref()
                .unwrap_or_default()
                .replace("{{name}}", "{name}"),
            kind: found.id.clone(),
            name: pack.name().to_owned(),
            path,
            base,
            own: files.text(PACK)?.to_owned(),
            taken,
        })
    }

    /// What changes in the pack: what is true now goes together with what people wrote; templates that are there stay.
    fn planned(&self, host: &Host, learnt: &Learnt, request: &Request) -> Result<Planned> {
        let folder = &request.folder;
        let whole = learnt
            .files
            .get(PACK)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let now = match self.path == BASE {
            true => whole.unwrap_or_default(),
            false => learnt.tables.clone(),
        };
        let merged = merge(&self.base, &self.own, &now);
        if merged.conflicts {
            return Err(Error::new(format!(
                "what you wrote in `{folder}/pack.toml` and what has changed since overlap"
            ))
            .help("nothing was changed; learn into another folder with `--to DIR`, and copy what you want"));
        }
        let mut overlay = Overlay::new(host);
        overlay.edit(&HostPath::new(&format!("{folder}/{PACK}"))?, merged.text);
        overlay.edit(&HostPath::new(&format!("{folder}/{}", self.path))?, now);
        for (path, bytes) in learnt.files.iter().filter(|(path, _)| path.starts_with("files/")) {
            let path = HostPath::new(&format!("{folder}/{path}"))?;
            if !host.exists(&path) {
                overlay.create(path, String::from_utf8_lossy(bytes).into_owned(), false)?;
            }
        }
        Ok(Planned {
            plan: overlay.into_plan("learn again".to_owned())?,
            next: vec!["tenon update".to_owned(), "tenon check".to_owned()],
        })
    }
}

fn planned(host: &Host, learnt: &Learnt, request: &Request) -> Result<Planned> {
    let folder = &request.folder;
    let kind = &learnt.report.kind;
    let mut overlay = Overlay::new(host);
    for (relative, bytes) in &learnt.files {
        let path = HostPath::new(&format!("{folder}/{relative}"))?;
        let text = String::from_utf8_lossy(bytes).into_owned();
        // A new kind is beside the others in these.
        let is_shared = request.beside.is_some() && (relative == PACK || relative.starts_with("tests/"));
        match is_shared && host.exists(&path) {
            true => overlay.edit(&path, text),
            false => overlay.create(path, text, false)?,
        }
    }
    let (path, text) = match request.beside {
        Some(_) => (base_of(kind), learnt.tables.clone()),
        None => {
            let text = learnt.files.get(PACK).cloned().unwrap_or_default();
            (BASE.to_owned(), String::from_utf8_lossy(&text).into_owned())
        }
    };
    overlay.create(HostPath::new(&format!("{folder}/{path}"))?, text, false)?;
    let plan = overlay.into_plan(format!("learn {}", learnt.report.home));
    let mut plan = plan.map_err(|error| {
        Error::from(error).help(
            "`tenon learn --again` updates a pack that was learnt before; `--to DIR` writes another one",
        )
    })?;
    let pin = Pin {
        pack: format!("./{folder}"),
        version: None,
    };
    let other = Settings::read(host)?.pack.filter(|pack| pack.text != pin.pack);
    let mut next = vec![format!("read `{folder}/pack.toml`: it is yours now")];
    let mut flag = String::new();
    match other {
        // One host, one pack: which of them is for a person to say.
        Some(other) => {
            flag = format!(" --pack ./{folder}");
            next.push(format!(
                "`tenon.toml` names the pack `{}`: write `pack = \"./{folder}\"` there, or give{flag}",
                other.text
            ));
        }
        None => {
            let pinned = init::init(host, &pin, &BTreeSet::new(), ("", init::AgentsSection::default()))?;
            plan.changes.extend(pinned.plan.changes);
        }
    }
    next.push(format!("tenon new {kind} NAME{flag}"));
    next.push(format!("tenon check{flag}"));
    Ok(Planned { plan, next })
}
