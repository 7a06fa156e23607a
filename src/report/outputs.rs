//! `--format FORMAT`, and `--output FORMAT=FILE`, which writes a result into a file as well.

use clap::{ArgMatches, ValueEnum};

use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;

/// The formats of a command that has no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum PlainFormat {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// The format of a command whose result is a script or a demonstration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum HumanFormat {
    /// As it is.
    #[default]
    Human,
}

/// The formats of the report of `tenon learn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LearnFormat {
    /// For programs.
    Json,
    /// For reviews and wikis.
    Markdown,
    /// For people, as in the terminal.
    Text,
}

/// The value of `--format` as one of the formats of a command.
///
/// # Errors
/// If the command has no such format.
pub fn format<F: ValueEnum + Default>(given: &ArgMatches) -> Result<F> {
    let Some(name) = given.get_one::<String>("format") else {
        return Ok(F::default());
    };
    F::from_str(name, false).map_err(|_| unknown::<F>(&format!("--format {name}"), name))
}

/// The values of `--output FORMAT=FILE`.
///
/// # Errors
/// If one names no file, or no format.
pub fn outputs<F: ValueEnum>(given: &ArgMatches) -> Result<Vec<(F, String)>> {
    let all = given.get_many::<String>("output").into_iter().flatten();
    all.map(|text| {
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| {
                let last = names::<F>().pop().unwrap_or_default();
                Error::new(format!("`--output {}` names no file", text.escape_debug()))
                    .help(format!("write `--output {last}=FILE`"))
            })?;
        let format =
            F::from_str(format, false).map_err(|_| unknown::<F>(&format!("--output {text}"), format))?;
        Ok((format, path.to_owned()))
    })
    .collect()
}

/// The error for a format that the command does not have; `flag` is what was typed.
fn unknown<F: ValueEnum>(flag: &str, name: &str) -> Error {
    let names = names::<F>();
    let error = Error::new(format!(
        "`{}` is not a format of this command",
        flag.escape_debug()
    ));
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("its formats: {}", names.join(", "))),
    }
}

/// The names of all formats, as they are typed.
fn names<F: ValueEnum>() -> Vec<String> {
    let all = F::value_variants().iter();
    all.filter_map(ValueEnum::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect()
}
