//! Finds the host and the pack of a command, from the global options, `tenon.toml` and the files of the host.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::report::{ColourChoice, Report};
use tenon_engine::answers::prompt::Terminal;
use tenon_engine::host::{Host, matches, nearest};
use tenon_engine::plan::init::Pin;
use tenon_engine::settings::{self, Date, Settings};
use tenon_pack::raw::RawDetect;
use tenon_pack::{Pack, PackFiles, Source};
use tenon_text::diag::{Error, Result};

use super::packs::{open_own, open_pack, unchanged};

/// The folder of a host that stores steps for `tenon undo`.
pub const STATE_DIR: &str = ".tenon";

/// Global options, read before the command line is parsed: the pack that they choose adds flags to it.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    /// `--host`
    pub host: Option<PathBuf>,
    /// `--pack`
    pub pack: Option<String>,
    /// `--color`
    pub colour: ColourChoice,
    /// `--quiet`
    pub quiet: bool,
    /// `--verbose`
    pub verbose: bool,
    /// `--format json`
    pub json: bool,
    /// `--no-input`
    pub no_input: bool,
    /// `--yes`
    pub yes: bool,
    /// `--dry-run`
    pub dry_run: bool,
    /// `--check` of a command that writes.
    pub check: bool,
    /// The kind of `new`, if there is one: a kind that makes a host needs no host.
    pub kind: Option<String>,
    /// Whether the command needs no pack.
    pub packless: bool,
    /// Whether the command is `update`, which accepts a pack that has changed.
    pub updates: bool,
}

impl Globals {
    /// Finds the global options among `args`; mistakes in them are reported by the parser later.
    pub fn scan(args: &[String]) -> Self {
        let mut out = Self::default();
        let mut words = Vec::new();
        let mut rest = args.iter().skip(1).peekable();
        while let Some(arg) = rest.next() {
            if arg == "--" {
                break;
            }
            let (name, mut value) = match arg.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (arg.as_str(), None),
            };
            let takes_value = matches!(name, "--host" | "--pack" | "--color" | "--format");
            if takes_value && value.is_none() {
                value = rest.next().cloned();
            }
            let value = value.unwrap_or_default();
            match name {
                "--host" => out.host = Some(PathBuf::from(value)),
                "--pack" => out.pack = Some(value),
                "--color" => out.colour = clap::ValueEnum::from_str(&value, true).unwrap_or_default(),
                "--format" => out.json = value == "json",
                "--quiet" => out.quiet = true,
                "--verbose" => out.verbose = true,
                name if is_cluster(name) => {
                    out.quiet |= name.contains('q');
                    out.verbose |= name.contains('v');
                }
                name if !name.starts_with('-') => words.push(name.to_owned()),
                _ => {}
            }
        }
        out.packless = match words.first().map(String::as_str) {
            Some("undo" | "lsp" | "learn") => true,
            Some("pack") => words.get(1).is_some_and(|what| what != "snapshot"),
            Some(_) => false,
            None => matches!(args, [_, only] if matches!(only.as_str(), "--version" | "-V")),
        };
        out.updates = words.first().is_some_and(|word| word == "update");
        out.kind = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["new", kind, ..] => Some((*kind).to_owned()),
            ["new-integration", ..] => Some("integration".to_owned()),
            _ => None,
        };
        out
    }

    /// Takes over what the parser of the command line found, of the innermost command.
    pub fn settle(&mut self, matches: &ArgMatches) {
        let mut given = matches;
        while let Some((_, inner)) = given.subcommand() {
            given = inner;
        }
        let set = |name: &str| matches!(given.try_get_one::<bool>(name), Ok(Some(true)));
        self.no_input = set("no-input");
        self.yes = set("yes");
        self.dry_run = set("dry-run");
        self.check = set("check");
    }

    /// Whether the command may write.
    pub fn writes(&self) -> bool {
        !self.dry_run && !self.check
    }

    /// Who is asked: nobody without a terminal, and nobody if the command only shows or what it asks was answered beforehand.
    pub fn terminal(&self, report: &Report) -> Option<Terminal> {
        let asks = self.writes() && !self.yes && !self.no_input && !self.json;
        asks.then(|| Terminal::open(report.has_colour())).flatten()
    }

    /// The directory from which the host is searched upwards.
    pub fn start(&self) -> Result<PathBuf> {
        match &self.host {
            Some(dir) => Ok(dir.clone()),
            None => std::env::current_dir()
                .map_err(|error| Error::new("the current directory cannot be read").because(error)),
        }
    }
}

/// Whether `arg` is one or more short flags, such as `-qy`.
fn is_cluster(arg: &str) -> bool {
    let letters = arg.strip_prefix('-').unwrap_or_default();
    !letters.is_empty() && letters.chars().all(|c| "hnqvyV".contains(c))
}

/// A pack and the host it is for.
pub struct Context {
    /// The pack.
    pub pack: Pack,
    /// The host, read once: files that change before a plan is applied are noticed then. For a kind that makes a host,
    /// the directory in which it is made.
    pub host: Host,
    /// The settings in `tenon.toml`; empty for a host that does not exist yet.
    pub settings: Settings,
    /// The pack as `--pack` or the settings name it.
    wanted: Option<String>,
}

impl Context {
    /// Finds the host and its pack: those of `--host` and `--pack`, else the pack that `tenon.toml` pins, else the built-in
    /// pack that recognises the host.
    pub fn open(globals: &Globals, report: &Report) -> Result<Self> {
        let start = globals.start()?;
        let start = Host::open(&start)?.root().to_path_buf();
        if let Some(wanted) = &globals.pack {
            return Self::named(wanted, globals, start, report);
        }
        let packs: Candidates = LazyCell::new(Pack::candidates);
        let host = match &globals.host {
            Some(_) => Some(Host::open(&start)?.still()),
            None => nearest(&start, |dir| host_of_any(dir, &packs)),
        };
        let Some(host) = host else {
            return Err(no_host(&start));
        };
        let settings = Settings::read(&host)?;
        if let Some(wanted) = &settings.pack {
            let pack =
                open_own(&wanted.text, host.root(), report).map_err(|error| match error.location() {
                    None => error.at(settings::FILE, settings.position(wanted.span)),
                    Some(_) => error,
                })?;
            settings.fits(&pack)?;
            if !globals.updates {
                unchanged(&host, &pack)?;
            }
            let wanted = Some(wanted.text.clone());
            return Ok(Self {
                pack,
                host,
                settings,
                wanted,
            });
        }
        let mut fitting = packs.iter().filter(|(_, detect)| matches(&host, detect));
        match (fitting.next(), fitting.next()) {
            (Some((files, _)), None) => {
                let pack = Pack::load(files.clone())?;
                settings.fits(&pack)?;
                Ok(Self {
                    pack,
                    host,
                    settings,
                    wanted: None,
                })
            }
            (Some((one, _)), Some((two, _))) => Err(Error::new(format!(
                "both `{}` and `{}` recognise this host",
                one.name(),
                two.name()
            ))
            .help("choose with `--pack NAME`, or pin it in `tenon.toml`: `pack = \"NAME\"`")),
            (None, _) => Err(no_host(host.root())),
        }
    }

    /// The host that contains `dir` and its pack; `None` if no pack recognises `dir` or a directory above it.
    ///
    /// # Errors
    /// If there is a host, but its settings or its pack cannot be used.
    pub fn around(dir: &Path, report: &Report) -> Result<Option<Self>> {
        let start = Host::open(dir)?.root().to_path_buf();
        let packs: Candidates = LazyCell::new(Pack::candidates);
        let Some(host) = nearest(&start, |dir| host_of_any(dir, &packs)) else {
            return Ok(None);
        };
        let globals = Globals {
            host: Some(host.root().to_path_buf()),
            ..Globals::default()
        };
        Self::open(&globals, report).map(Some)
    }

    /// Whether `dir` is in a host: of any built-in pack, or with settings.
    pub fn is_host_above(dir: &Path) -> bool {
        let packs: Candidates = LazyCell::new(Pack::candidates);
        nearest(dir, |dir| host_of_any(dir, &packs)).is_some()
    }

    /// As [`Self::open`] with the pack that `--pack` names.
    fn named(wanted: &str, globals: &Globals, start: PathBuf, report: &Report) -> Result<Self> {
        let pack = open_pack(wanted, &start, report)?;
        Self::with(pack, wanted, globals, start)
    }

    /// As [`Self::open`] with `pack`, which is loaded already and was named `wanted`.
    ///
    /// # Errors
    /// If there is no host of the pack, or its settings cannot be used.
    pub fn with(pack: Pack, wanted: &str, globals: &Globals, start: PathBuf) -> Result<Self> {
        let makes_host = globals
            .kind
            .as_deref()
            .is_some_and(|id| pack.kind(id).is_ok_and(|g| g.host));
        let host = if makes_host || globals.host.is_some() {
            Host::open(&start)?.still()
        } else {
            nearest(&start, |dir| host_of(dir, pack.detect())).ok_or_else(|| not_a_host(&start, &pack))?
        };
        let mut settings = if makes_host {
            Settings::default()
        } else {
            Settings::read(&host)?
        };
        // Settings about the host's own pack do not apply to another pack.
        if settings.pack.as_ref().is_none_or(|own| own.text == wanted) {
            settings.fits(&pack)?;
        } else {
            settings = settings.for_another_pack();
        }
        Ok(Self {
            pack,
            host,
            settings,
            wanted: Some(wanted.to_owned()),
        })
    }

    /// The pack as `tenon.toml` should name it.
    ///
    /// # Errors
    /// If it is a folder or an archive outside the host: settings in version control must work on every machine.
    pub fn pin(&self) -> Result<Pin> {
        let wanted = self.wanted.as_deref().unwrap_or_default();
        match Source::parse(wanted)? {
            Source::Folder(path) | Source::Archive { path, .. } => {
                let root = self.host.root();
                let full = root.join(&path);
                let is_inside = full.canonicalize().is_ok_and(|real| real.starts_with(root));
                if Path::new(&path).is_absolute() || !is_inside {
                    return Err(Error::new(format!(
                        "`{path}` is not a path in the host, and only such a path can be pinned"
                    ))
                    .help(
                        "copy it into the host, and name it relative to the host's root: `--pack ./PATH`",
                    ));
                }
                Ok(Pin {
                    pack: wanted.to_owned(),
                    version: None,
                })
            }
            Source::Git { .. } => Ok(Pin {
                pack: wanted.to_owned(),
                version: None,
            }),
            Source::BuiltIn(_) => Ok(Pin {
                pack: self.pack.name().to_owned(),
                version: Some(self.pack.version().to_owned()),
            }),
        }
    }
}

/// Today's date in UTC.
pub fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// The built-in packs, read when they are first needed.
type Candidates = LazyCell<Vec<(PackFiles, RawDetect)>>;

/// `dir` as a host, if the pack recognises it.
fn host_of(dir: &Path, detect: &RawDetect) -> Option<Host> {
    let host = Host::open(dir).ok()?.still();
    matches(&host, detect).then_some(host)
}

/// `dir` as a host, if it has settings, or else if a built-in pack recognises it.
fn host_of_any(dir: &Path, packs: &Candidates) -> Option<Host> {
    let host = Host::open(dir).ok()?.still();
    let is_host = host.exists_file(settings::FILE) || packs.iter().any(|(_, detect)| matches(&host, detect));
    is_host.then_some(host)
}

fn not_a_host(dir: &Path, pack: &Pack) -> Error {
    Error::new(format!(
        "neither `{}` nor a directory above it is a host of `{}`",
        dir.display(),
        pack.name()
    ))
    .because(format!("such a host has {}", pack.recognised_by()))
    .help(format!(
        "go into the host, or name it with `--host DIR`; to create one: `tenon new host NAME --pack {}`",
        pack.name()
    ))
}

fn no_host(dir: &Path) -> Error {
    // Built-in packs load; a test holds it.
    let packs: Vec<Pack> = Pack::built_in()
        .into_iter()
        .filter_map(|files| Pack::load(files).ok())
        .collect();
    let mut error = Error::new(format!(
        "no pack recognises `{}` or a directory above it",
        dir.display()
    ));
    for pack in &packs {
        error = error.because(format!(
            "`{}` ({}) looks for {}",
            pack.name(),
            pack.summary(),
            pack.recognised_by()
        ));
    }
    for pack in &packs {
        if let Some(kind) = pack.kinds().iter().find(|kind| kind.host) {
            error = error.help(format!(
                "to create one: `tenon new {} NAME --pack {}`",
                kind.id,
                pack.name()
            ));
        }
    }
    error
        .help("go into the host, or name it with `--host DIR`")
        .help("to see what a pack does on a temporary host: `tenon try`")
}
