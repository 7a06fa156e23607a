//! `tenon try`: the whole story on a throw-away host, each step as a person would type it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::ArgMatches;

use crate::report::Report;
use tenon_pack::Pack;
use tenon_text::diag::{Error, Result};

use super::Outcome;
use super::context::Globals;

/// Runs the story that the pack tells, each step by the program itself.
pub fn run(given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let pack = match given.get_one::<String>("name") {
        Some(name) => super::packs::open_pack(name, &globals.start()?, report)?,
        None => match &globals.pack {
            Some(name) => super::packs::open_pack(name, &globals.start()?, report)?,
            None => first_with_a_story()?,
        },
    };
    if pack.story().is_empty() {
        return Err(Error::new(format!("the pack `{}` tells no story", pack.name())));
    }
    let kept = given.get_one::<String>("keep");
    let scratch = tempfile::tempdir()
        .map_err(|error| Error::new("no temporary directory can be made").because(error))?;
    let start: PathBuf = match kept {
        Some(dir) => {
            let dir = PathBuf::from(dir);
            tenon_engine::apply::make_root(&dir)?;
            dir
        }
        None => scratch.path().to_path_buf(),
    };
    let program = std::env::current_exe()
        .map_err(|error| Error::new("the program does not know where it is").because(error))?;
    let mut here = start.clone();
    for step in pack.story() {
        report.say(&format!("\n# {}", step.say));
        let mut line = String::from("$ tenon");
        for word in &step.run {
            line.push(' ');
            line.push_str(word);
        }
        report.say(&line);
        step_in(&program, &here, &step.run, pack.name(), report)?;
        if let Some(dir) = &step.then_in {
            here = start.join(dir);
        }
    }
    match kept {
        Some(_) => report.say(&format!("\nThe host stays in `{}`.", here.display())),
        None => report.say("\nThe host was thrown away. To keep one: `tenon try --keep DIR`."),
    }
    Ok(Outcome::Done)
}

fn first_with_a_story() -> Result<Pack> {
    for files in Pack::built_in() {
        let pack = Pack::load(files)?;
        if !pack.story().is_empty() {
            return Ok(pack);
        }
    }
    Err(Error::new("no built-in pack tells a story"))
}

fn step_in(program: &Path, dir: &Path, words: &[String], pack: &str, report: &Report) -> Result<()> {
    let colour = if report.has_colour() { "always" } else { "never" };
    let mut command = Command::new(program);
    command.args(words).args(["--no-input", "--color", colour]);
    if words.first().is_some_and(|word| word == "new") {
        command.args(["--pack", pack]);
    }
    let status = command
        .current_dir(dir)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Error::new("the program cannot be started again").because(error))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::new(format!(
        "`tenon {}` ended with {status}",
        words.join(" ")
    )))
}
