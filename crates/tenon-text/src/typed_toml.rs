//! TOML texts read into types, with errors that have a position and guess what was meant.
//!
//! Knows no file and no type in particular. In: a text and its path (for messages only). Out: a value or an error.

use serde::de::DeserializeOwned;

use super::format::split_bom;
use super::names::nearest;
use crate::diag::{Error, Result, line_col};

/// `text` as a `T`. Spans in the result count from behind the byte-order mark.
///
/// # Errors
/// If the text is not TOML or not a `T`, with the position; an unknown key or word is answered with what was
/// probably meant.
pub fn read<T: DeserializeOwned>(text: &str, path: &str) -> Result<T> {
    let body = split_bom(text).1;
    toml::from_str(body).map_err(|error| explained(&error, body, path))
}

fn explained(error: &toml::de::Error, text: &str, path: &str) -> Error {
    let position = line_col(text, error.span().map_or(0, |span| span.start));
    let message = error.message().lines().next().unwrap_or("it is not TOML");
    let Some((word, known)) = unknown(message) else {
        return Error::new(message)
            .at(path, position)
            .help("mend it there, then run the command again");
    };
    let what = if message.starts_with("unknown variant") {
        format!("`{word}` is no choice here")
    } else {
        format!("`{word}` is no setting")
    };
    Error::new(what).at(path, position).help(meant(word, &known))
}

/// The word that nothing knows, and what there is, if that is what the message says: "unknown field `knd`, expected one of
/// `kind`, …".
pub fn unknown(message: &str) -> Option<(&str, Vec<&str>)> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let word = quoted.next().filter(|_| message.starts_with("unknown "))?;
    Some((word, quoted.collect()))
}

/// What to say to who wrote `word`, where only these are known.
pub fn meant(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there is: {}", crate::names::listed(known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Small {
        size: toml::Spanned<u32>,
    }

    #[test]
    fn an_unknown_key_is_refused_at_its_place_with_what_was_meant() {
        let error = read::<Small>("\nsiez = 3\n", "a.toml").unwrap_err();
        assert_eq!(error.to_string(), "a.toml:2:1: `siez` is no setting");
        assert_eq!(error.helps(), ["did you mean `size`?"]);
    }

    #[test]
    fn spans_count_from_behind_the_byte_order_mark() {
        let small: Small = read("\u{feff}size = 3\n", "a.toml").unwrap();
        assert_eq!((*small.size.get_ref(), small.size.span()), (3, 7..8));
    }

    #[test]
    fn a_value_of_another_type_is_refused_at_its_place() {
        let error = read::<Small>("size = \"x\"\n", "a.toml").unwrap_err();
        assert_eq!(error.location().unwrap().column, Some(8));
    }
}
