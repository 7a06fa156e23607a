//! `tenon try`: runs the demonstration of a pack (`[story]`) on a temporary host. Each step runs in this process, only on that
//! host, and is shown as the command that a person would type.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::apply::{FileTree, Scratch};
use tenon_engine::host::{Host, HostPath};
use tenon_pack::{Action, Member, Pack, Source};
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

use super::context::{Context, Globals};
use super::{Outcome, check, grammar, list, new, remove, undo};

/// Runs the steps of a pack's story.
pub fn run(given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let start = globals.start()?;
    let wanted = given.get_one::<String>("name").or(globals.pack.as_ref());
    let pack = match wanted {
        Some(wanted) => super::packs::open_pack(wanted, &start, report)?,
        None => first_with_a_story()?,
    };
    let story = pack.story();
    if story.is_empty() {
        return Err(Error::new(format!("the pack `{}` has no `[story]`", pack.name()))
            .help("its author can add one in `pack.toml`"));
    }
    let address = match wanted {
        Some(wanted) => address(wanted, &start)?,
        None => pack.name().to_owned(),
    };
    let keep = given.get_one::<String>("keep").filter(|_| globals.writes());
    let scratch = match keep {
        Some(dir) => Scratch::kept(Path::new(dir))?,
        None => Scratch::with(&FileTree::new())?,
    };
    let place = match keep {
        Some(dir) => format!("mkdir -p {0} && cd {0}", quoted(dir)),
        None => "cd \"$(mktemp -d)\"".to_owned(),
    };
    report.say(&format!("$ {place}"));
    let mut demo = Demo {
        pack,
        address,
        root: scratch.root().to_path_buf(),
        scratch,
        host: String::new(),
        globals,
        report,
    };
    for step in &story {
        report.say(&format!("\n# {}", step.say));
        demo.run(&step.action)?;
    }
    report.say(&match keep {
        Some(dir) => format!(
            "\nThe host is in `{}`.",
            Path::new(dir).join(&demo.host).display()
        ),
        None => "\nThe host is deleted. To keep it: `tenon try --keep DIR`.".to_owned(),
    });
    Ok(Outcome::Done)
}

fn first_with_a_story() -> Result<Pack> {
    for files in Pack::built_in() {
        let pack = Pack::load(files)?;
        if !pack.story().is_empty() {
            return Ok(pack);
        }
    }
    Err(Error::new("no built-in pack has a story"))
}

/// The name of the pack that works in any directory.
fn address(wanted: &str, start: &Path) -> Result<String> {
    let (path, digest) = match Source::parse(wanted)? {
        Source::Folder(path) => (path, String::new()),
        Source::Archive { path, sha256 } => (path, format!("#sha256={sha256}")),
        Source::BuiltIn(_) | Source::Git { .. } => return Ok(wanted.to_owned()),
    };
    let path = if matches!(disk::stat(&start.join(&path)), Ok(Some(_))) {
        start.join(path)
    } else {
        PathBuf::from(path)
    };
    Ok(format!(
        "{}{digest}",
        tenon_engine::host::canonical(&path).display()
    ))
}

/// The temporary host, and how to run commands on it.
struct Demo<'a> {
    pack: Pack,
    /// The pack as commands name it.
    address: String,
    scratch: Scratch,
    /// The directory in which the host is created; afterwards the host.
    root: PathBuf,
    /// The host's name, once it is made.
    host: String,
    globals: &'a Globals,
    report: &'a Report,
}

impl Demo<'_> {
    /// Prints the command of `action` and runs it.
    fn run(&mut self, action: &Action) -> Result<()> {
        match action {
            Action::DeleteFile(file) => self.delete(file),
            Action::DeleteLine { file, text } => {
                self.shown(&sed(file, &format!("/{}/d", pattern(text))));
                self.edit(file, text, |before| {
                    let at = before.find(text.as_str()).unwrap_or_default();
                    let start = before[..at].rfind('\n').map_or(0, |end| end + 1);
                    let end = before[at..].find('\n').map_or(before.len(), |end| at + end + 1);
                    format!("{}{}", &before[..start], &before[end..])
                })
            }
            Action::Replace { file, text, with } => {
                self.shown(&sed(file, &format!("s/{}/{}/", pattern(text), replacement(with))));
                self.edit(file, text, |before| before.replacen(text.as_str(), with, 1))
            }
            _ => self.tenon(action),
        }
    }

    fn shown(&self, line: &str) {
        self.report.say(&format!("$ {line}"));
    }

    /// Runs a command of this program on the temporary host, parsed from the same words that are printed.
    fn tenon(&mut self, action: &Action) -> Result<()> {
        let words = self.words(action);
        let line = words
            .iter()
            .map(|word| quoted(word))
            .collect::<Vec<_>>()
            .join(" ");
        self.shown(&line);
        let globals = Globals {
            host: Some(self.root.clone()),
            yes: true,
            dry_run: matches!(action, Action::Preview(_)),
            kind: match action {
                Action::Host(member) => Some(member.kind.clone()),
                _ => None,
            },
            ..self.globals.clone()
        };
        let context = Context::with(self.pack.clone(), &self.address, &globals, self.root.clone())?;
        let matches = grammar::command(Some(&context), false)
            .try_get_matches_from(&words)
            .map_err(|error| Error::new(format!("`{line}` is not a command")).because(error))?;
        let mut given = &matches;
        while let Some((_, inner)) = given.subcommand() {
            given = inner;
        }
        let report = self.report;
        let outcome = match action {
            Action::Host(member) | Action::Make(member) | Action::Preview(member) => {
                new::run(context, &member.kind, given, &globals, report)
            }
            Action::Remove { kind, .. } => remove::run(context, kind, given, &globals, report),
            Action::List => list::run(context, given, report),
            Action::Undo => undo::run(&globals, given, report),
            _ => check::run(context, given, &globals, report),
        }?;
        let expected = match action {
            Action::Find => Outcome::Findings,
            _ => Outcome::Done,
        };
        if outcome != expected {
            let why = match expected {
                Outcome::Done => "has findings, and the next steps of the story expect none",
                Outcome::Findings => "has no findings, and the next steps of the story expect some",
            };
            return Err(Error::new(format!("`{line}` {why}"))
                .help("the pack's author should fix `[story]` in `pack.toml`"));
        }
        if let Action::Host(member) = action {
            self.host = member.name.clone();
            self.root = self.root.join(&member.name);
            self.shown(&format!("cd {}", quoted(&member.name)));
        }
        Ok(())
    }

    /// The words of the command that does `action`.
    fn words(&self, action: &Action) -> Vec<String> {
        let mut words = vec!["tenon".to_owned()];
        let mut add = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
        match action {
            Action::Host(member) | Action::Make(member) | Action::Preview(member) => {
                match member.kind.as_str() {
                    "integration" => add(&["new-integration", &member.name]),
                    kind => add(&["new", kind, &member.name]),
                }
                for word in answers(member) {
                    add(&[&word]);
                }
                add(&[match action {
                    Action::Preview(_) => "--dry-run",
                    _ => "--yes",
                }]);
            }
            Action::Remove { kind, name } => {
                match kind.as_str() {
                    "integration" => add(&["remove-integration", name]),
                    kind => add(&["remove", kind, name]),
                }
                add(&["--yes"]);
            }
            Action::Fix => add(&["validate-structure", "--fix"]),
            Action::List => add(&["list"]),
            Action::Undo => add(&["undo", "--yes"]),
            _ => add(&["validate-structure"]),
        }
        let is_recognised = self.address == self.pack.name() && !matches!(action, Action::Host(_));
        if !is_recognised && *action != Action::Undo {
            add(&["--pack", &self.address]);
        }
        words
    }

    fn delete(&self, file: &str) -> Result<()> {
        self.shown(&format!("rm {}", quoted(file)));
        let path = HostPath::new(file)?;
        self.text(&path)?;
        self.scratch.remove(&self.below(&path))
    }

    /// Changes a file that contains `text` exactly once.
    fn edit(&self, file: &str, text: &str, change: impl FnOnce(&str) -> String) -> Result<()> {
        let path = HostPath::new(file)?;
        let before = self.text(&path)?;
        let count = before.matches(text).count();
        if count != 1 {
            return Err(Error::new(format!(
                "`{path}` contains `{text}` {count} times instead of once"
            ))
            .help("the pack's author should fix `[story]` in `pack.toml`"));
        }
        self.scratch.put(&self.below(&path), change(&before).as_bytes())
    }

    /// The text of a file of the host; a symbolic link out of it is not followed.
    fn text(&self, path: &HostPath) -> Result<std::sync::Arc<str>> {
        Host::open(&self.root)?.read(path)?.ok_or_else(|| {
            Error::new(format!("the temporary host has no file `{path}`"))
                .help("the pack's author should fix `[story]` in `pack.toml`")
        })
    }

    /// A path of the host, relative to the directory that contains the host.
    fn below(&self, path: &HostPath) -> String {
        format!("{}/{path}", self.host)
    }
}

/// The answers as flags.
fn answers(member: &Member) -> Vec<String> {
    let mut out = vec![];
    for (id, words) in &member.answers {
        let value = words.join(",");
        if words.is_empty() {
            out.push(format!("--{id}"));
        } else if value.starts_with('-') {
            out.push(format!("--{id}={value}"));
        } else {
            out.extend([format!("--{id}"), value]);
        }
    }
    out
}

fn quoted(word: &str) -> String {
    shell_words::quote(word).into_owned()
}

/// The command that edits a file in place with both GNU and BSD `sed`.
fn sed(file: &str, script: &str) -> String {
    let (script, old) = (quoted(script), quoted(&format!("{file}.bak")));
    format!("sed -i.bak {script} {} && rm {old}", quoted(file))
}

/// `text` as a basic regular expression between slashes.
fn pattern(text: &str) -> String {
    escaped(text, &['\\', '/', '.', '*', '[', '^', '$'])
}

/// `text` as the replacement in a `sed` command.
fn replacement(text: &str) -> String {
    escaped(text, &['\\', '/', '&'])
}

fn escaped(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
