//! Which host and which pack a command is about.

use std::path::{Path, PathBuf};

use crate::diag::{Error, Result};
use crate::host::{Host, HostPath, find_root, matches};
use crate::lang::manifest::{self, ManifestFormat};
use crate::lang::names::nearest;
use crate::pack::Pack;
use crate::report::ColourChoice;

/// The configuration file's name, at the host's root.
pub const CONFIG: &str = "tenon.toml";

/// The folder of a host in which steps are kept.
pub const STATE_DIR: &str = ".tenon";

/// Global options, read before the grammar exists.
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
    /// The generator that is asked for, if one is: one that makes a host needs none.
    pub generator: Option<String>,
    /// Whether the command line is the same whatever the pack is, and needs none.
    pub packless: bool,
}

impl Globals {
    /// Finds the global options among `args`; mistakes in them are left for the grammar to report.
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
                "--quiet" | "-q" => out.quiet = true,
                "--verbose" | "-v" => out.verbose = true,
                "--no-input" => out.no_input = true,
                name if !name.starts_with('-') => words.push(name.to_owned()),
                _ => {}
            }
        }
        out.packless = match words.first().map(String::as_str) {
            Some(command) => command == "undo",
            None => matches!(args, [_, only] if matches!(only.as_str(), "--version" | "-V")),
        };
        out.generator = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["new", generator, ..] => Some((*generator).to_owned()),
            ["new-integration", ..] => Some("integration".to_owned()),
            _ => None,
        };
        out
    }

    /// The directory from which the host is looked for.
    pub fn start(&self) -> Result<PathBuf> {
        match &self.host {
            Some(dir) => Ok(dir.clone()),
            None => std::env::current_dir()
                .map_err(|error| Error::new("the current directory cannot be read").because(error)),
        }
    }
}

/// A pack and the host it is for.
pub struct Context {
    /// The pack.
    pub pack: Pack,
    /// The host; for a generator that makes one, the directory in which it is made.
    pub host: Host,
}

impl Context {
    /// Finds the host and its pack: what `--host` and `--pack` say, what `tenon.toml` pins, what is
    /// recognised.
    pub fn open(globals: &Globals) -> Result<Self> {
        let start = globals.start()?;
        let start = Host::open(&start)?.root().to_path_buf();
        if let Some(wanted) = &globals.pack {
            let pack = open_pack(wanted, &start)?;
            let makes_host = globals
                .generator
                .as_deref()
                .is_some_and(|id| pack.generator(id).is_ok_and(|g| g.host));
            let root = match &globals.host {
                Some(_) => start,
                None if makes_host => start,
                None => find_root(&start, |dir| is_host_of(dir, &pack))
                    .ok_or_else(|| not_a_host(&start, &pack))?,
            };
            return Ok(Self {
                pack,
                host: Host::open(&root)?,
            });
        }
        let packs = Pack::built_in()
            .into_iter()
            .map(Pack::load)
            .collect::<Result<Vec<_>>>()?;
        let is_host =
            |dir: &Path| dir.join(CONFIG).is_file() || packs.iter().any(|pack| is_host_of(dir, pack));
        let root = match &globals.host {
            Some(_) => Some(start.clone()),
            None => find_root(&start, is_host),
        };
        let Some(root) = root else {
            return Err(no_host(&start, &packs));
        };
        let host = Host::open(&root)?;
        if let Some(wanted) = pinned(&host)? {
            let pack = open_pack(&wanted, &root).map_err(|error| match error.location() {
                None => error.in_file(CONFIG),
                Some(_) => error,
            })?;
            return Ok(Self { pack, host });
        }
        let mut fitting = packs.into_iter().filter(|pack| matches(&host, pack.detect()));
        match (fitting.next(), fitting.next()) {
            (Some(pack), None) => Ok(Self { pack, host }),
            (Some(one), Some(two)) => Err(Error::new(format!(
                "both `{}` and `{}` recognise this host",
                one.name(),
                two.name()
            ))
            .help("choose with `--pack NAME`, or pin it in `tenon.toml`: `pack = \"NAME\"`")),
            (None, _) => Err(no_host(
                &root,
                &Pack::built_in()
                    .into_iter()
                    .map(Pack::load)
                    .collect::<Result<Vec<_>>>()?,
            )),
        }
    }
}

fn is_host_of(dir: &Path, pack: &Pack) -> bool {
    Host::open(dir).is_ok_and(|host| matches(&host, pack.detect()))
}

/// A built-in pack by name, or a folder by path.
pub fn open_pack(wanted: &str, from: &Path) -> Result<Pack> {
    if wanted.contains(['/', '\\']) || wanted == "." || wanted == ".." {
        let dir = from.join(wanted);
        let dir = if dir.is_dir() { dir } else { PathBuf::from(wanted) };
        return Pack::in_folder(&dir);
    }
    Pack::named(wanted)
}

/// The pack that `tenon.toml` names.
fn pinned(host: &Host) -> Result<Option<String>> {
    let Some(text) = host.read(&HostPath::new(CONFIG)?)? else {
        return Ok(None);
    };
    let config = manifest::read(&text, ManifestFormat::Toml, CONFIG)?;
    let unknown = config
        .as_object()
        .and_then(|keys| keys.keys().find(|key| *key != "pack"));
    if let Some(key) = unknown {
        let error = Error::new(format!("`{key}` is no setting")).in_file(CONFIG);
        return Err(match nearest(key, ["pack"]) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("there is one: `pack`, the name or folder of the pack"),
        });
    }
    match config.get("pack") {
        None => Ok(None),
        Some(serde_json::Value::String(name)) => Ok(Some(name.clone())),
        Some(_) => Err(Error::new("`pack` is not the name of a pack")
            .in_file(CONFIG)
            .help("write `pack = \"NAME\"`")),
    }
}

fn not_a_host(dir: &Path, pack: &Pack) -> Error {
    Error::new(format!(
        "neither `{}` nor a directory above it is a host of `{}`",
        dir.display(),
        pack.name()
    ))
    .because(format!("such a host has {}", quoted(pack.detect())))
    .help(format!(
        "go into the host, or name it with `--host DIR`; a new one: `tenon new host NAME --pack {}`",
        pack.name()
    ))
}

fn no_host(dir: &Path, packs: &[Pack]) -> Error {
    let mut error = Error::new(format!(
        "no pack recognises `{}` or a directory above it",
        dir.display()
    ));
    for pack in packs {
        error = error.because(format!(
            "`{}` ({}) looks for {}",
            pack.name(),
            pack.summary(),
            quoted(pack.detect())
        ));
    }
    for pack in packs {
        if let Some(generator) = pack.generators().iter().find(|generator| generator.host) {
            error = error.help(format!(
                "to make a new one: `tenon new {} NAME --pack {}`",
                generator.id,
                pack.name()
            ));
        }
    }
    error
        .help("go into the host, or name it with `--host DIR`")
        .help("to see the whole story on a throw-away host: `tenon try`")
}

fn quoted(files: &[String]) -> String {
    files
        .iter()
        .map(|file| format!("`{file}`"))
        .collect::<Vec<_>>()
        .join(" and ")
}
