//! `--output FORMAT=FILE`: what a result is written to beside what is printed.

use clap::{ArgMatches, ValueEnum};

use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;

/// The `FORMAT=FILE`s that were given.
///
/// # Errors
/// If one names no file, or no format.
pub fn outputs<F: ValueEnum>(given: &ArgMatches) -> Result<Vec<(F, String)>> {
    let all = given.get_many::<String>("output").into_iter().flatten();
    all.map(|text| {
        let refuse = |why: String| Error::new(format!("`--output {}` {why}", text.escape_debug()));
        let names = names::<F>();
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| {
                let last = names.last().cloned().unwrap_or_default();
                refuse("names no file".into()).help(format!("write `--output {last}=FILE`"))
            })?;
        match F::from_str(format, false) {
            Ok(format) => Ok((format, path.to_owned())),
            Err(_) => Err(match nearest(format, names.iter().map(String::as_str)) {
                Some(near) => refuse("names no format".into()).help(format!("did you mean `{near}`?")),
                None => refuse("names no format".into()).help(format!("there is: {}", names.join(", "))),
            }),
        }
    })
    .collect()
}

/// The names of all formats, as people type them.
fn names<F: ValueEnum>() -> Vec<String> {
    let all = F::value_variants().iter();
    all.filter_map(ValueEnum::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect()
}
