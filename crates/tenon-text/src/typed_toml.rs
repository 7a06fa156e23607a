//! TOML texts read into types, with errors that have a position and guess what was meant.
//!
//! Knows no file and no type in particular. In: a text and its path (for messages only). Out: a value or an error.

use serde::de::DeserializeOwned;

use super::format::split_bom;
use super::names::nearest;
use crate::diag::{Error, Result, line_col};

/// The most lines, values and tables that a text may have: the parser takes about a kilobyte for each. The record of 9,000 members has fewer.
const MAX_VALUES: usize = 250_000;
/// The most dots, those in strings counted too: each may part two keys, and takes some 160 bytes.
const MAX_DOTS: usize = 1_750_000;

/// What is wrong with a text.
#[derive(Debug)]
pub struct Fault {
    /// In one sentence, perhaps with more lines behind it.
    pub message: String,
    /// Where in the text, in bytes.
    pub at: usize,
}

/// `text`, which does not begin with a byte-order mark, as a `T`.
///
/// # Errors
/// If it is not TOML or not a `T`, or has too much in it.
pub fn parse<T: DeserializeOwned>(text: &str) -> std::result::Result<T, Fault> {
    if is_too_much(text) {
        return Err(Fault {
            message: format!("it has more than {MAX_VALUES} lines and values, or more than {MAX_DOTS} dots"),
            at: 0,
        });
    }
    toml::from_str(text).map_err(|error| Fault {
        message: error.message().to_owned(),
        at: error.span().map_or(0, |span| span.start),
    })
}

/// Whether `text` has more in it than is read.
pub fn is_too_much(text: &str) -> bool {
    if text.len() < MAX_VALUES {
        return false;
    }
    let (mut values, mut dots) = (0, 0);
    for byte in text.bytes() {
        match byte {
            b'\n' | b',' | b'[' | b'{' => values += 1,
            b'.' => dots += 1,
            _ => {}
        }
    }
    values > MAX_VALUES || dots > MAX_DOTS
}

/// `text` as a `T`. Spans in the result count from behind the byte-order mark.
///
/// # Errors
/// If the text is not TOML or not a `T`, with the position; an unknown key or word is answered with what was
/// probably meant.
pub fn read<T: DeserializeOwned>(text: &str, path: &str) -> Result<T> {
    let body = split_bom(text).1;
    parse(body).map_err(|fault| explained(&fault, body, path))
}

fn explained(fault: &Fault, text: &str, path: &str) -> Error {
    let position = line_col(text, fault.at);
    let message = fault.message.lines().next().unwrap_or("it is not TOML");
    let Some((word, known)) = unknown(message) else {
        return Error::new(message)
            .at(path, position)
            .help("fix it there, then run the command again");
    };
    let what = if message.starts_with("unknown variant") {
        format!("`{word}` is not a choice here")
    } else {
        format!("`{word}` is not a setting")
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
        None => format!("choose from: {}", crate::names::listed(known)),
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
        assert_eq!(error.to_string(), "a.toml:2:1: `siez` is not a setting");
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

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only faults are looked at")]
    struct Host {
        name: String,
        #[serde(default)]
        depth: i32,
        #[serde(default)]
        share: f64,
        #[serde(default)]
        rule: std::collections::BTreeMap<String, toml::Value>,
        #[serde(default)]
        part: Vec<Part>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only faults are looked at")]
    struct Part {
        id: String,
        #[serde(default)]
        when: Vec<String>,
    }

    #[test]
    fn deep_nesting_is_a_fault() {
        for text in [
            format!("{}a = 1\n", "a.".repeat(200_000)),
            format!("[{}a]\nb = 1\n", "a.".repeat(200_000)),
            format!("a = {}{}\n", "[".repeat(200_000), "]".repeat(200_000)),
        ] {
            assert!(parse::<serde_json::Value>(&text).is_err());
        }
    }

    #[test]
    fn a_fault_is_shown_where_it_stands() {
        let cases = [
            ("name = \"a\"\ndepht = 1\n", "unknown field `depht`", "depht"),
            ("name = 3\n", "invalid type: integer `3`", "3"),
            (
                "name = \"a\"\n[[part]]\nid = \"x\"\nwhen = [\"b\", 7]\n",
                "invalid type: integer `7`",
                "7",
            ),
            (
                "name = \"a\"\n[[part]]\nwhen = []\n",
                "missing field `id`",
                "[[part]]",
            ),
            (
                "name = \"a\"\n[[part]]\nid = \"x\"\nvia = { a = 1 }\n",
                "unknown field `via`",
                "via",
            ),
            (
                "name = \"a\"\ndepth = 99999999999999999999\n",
                "invalid type: integer",
                "99999999999999999999",
            ),
            ("name = ]\n", "", "]"),
        ];
        for (text, message, at) in cases {
            let fault = parse::<Host>(text).unwrap_err();
            assert!(fault.message.starts_with(message), "{fault:?}");
            assert_eq!(fault.at, text.find(at).unwrap(), "{text}");
        }
    }
}
