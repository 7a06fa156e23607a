//! `tenon pack new`: writes a small pack to start from.

use std::path::Path;

use clap::ArgMatches;

use crate::report::Report;
use tenon_engine::answers::{Asker, Choice};
use tenon_engine::apply;
use tenon_pack::starter::starter;
use tenon_syntax::languages;
use tenon_text::diag::{Error, Result};

use super::Outcome;
use super::context::Globals;

/// Writes the pack into a new folder.
pub fn run(given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let dir = given.get_one::<String>("dir").map_or("", String::as_str);
    let mut terminal = globals.terminal(report);
    let name = match (given.get_one::<String>("name"), &mut terminal) {
        (Some(name), _) => {
            check(name)?;
            name.clone()
        }
        (None, Some(terminal)) if check(&own_name(dir)).is_err() => {
            terminal.text("Name of the pack, as `--pack` will take it", None, &check)?
        }
        (None, _) => {
            let name = own_name(dir);
            check(&name).map_err(|error| error.help("name it with `--name NAME`"))?;
            name
        }
    };
    let words = languages::names();
    let language = match (given.get_one::<String>("language"), &mut terminal) {
        (Some(language), _) => language.clone(),
        (None, Some(terminal)) => {
            let choices = words.map(Choice::plain);
            let at = terminal.one("In which language are its integrations written?", &choices, true)?;
            words[at.unwrap_or_default().min(words.len() - 1)].to_owned()
        }
        (None, None) => {
            return Err(Error::new(
                "`--language` is missing: in which language are its integrations written?",
            )
            .help(format!("give one of: {}", words.join(", "))));
        }
    };
    let files = starter(&language, &name);
    if globals.writes() {
        apply::fill(Path::new(dir), &files)?;
    }
    let next = [
        format!("tenon pack test {dir}"),
        format!("tenon pack explain {dir}"),
        "read docs/write-a-pack.md".to_owned(),
    ];
    report.filled(dir, &files, !globals.writes(), &next);
    Ok(Outcome::Done)
}

/// The name that the pack has by default: the last part of its path.
fn own_name(dir: &str) -> String {
    let last = Path::new(dir).file_name().and_then(|name| name.to_str());
    last.unwrap_or_default().to_lowercase().replace(['_', ' '], "-")
}

fn check(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) {
        return Ok(());
    }
    Err(
        Error::new(format!("`{}` cannot be the name of a pack", name.escape_debug()))
            .help("use lower-case words joined by `-`"),
    )
}
