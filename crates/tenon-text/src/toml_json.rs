//! A TOML text as JSON, so that one reader of types is enough for both: what the compiler writes out for a large type is
//! large as well.
//!
//! Knows no type in particular. It keeps where in the TOML text each key and value stood, so that a fault which is found in
//! the JSON is shown in the TOML.

use std::fmt::Write as _;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a text.
#[derive(Debug)]
pub struct Fault {
    /// In one sentence, perhaps with more lines behind it.
    pub message: String,
    /// Where in the TOML text, in bytes.
    pub at: usize,
}

/// `text` as a `T`.
///
/// # Errors
/// If it is not TOML or not a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let table = DeTable::parse(text).map_err(|error| Fault {
        message: error.message().to_owned(),
        at: error.span().map_or(0, |span| span.start),
    })?;
    let mut json = Json::default();
    json.table(table.get_ref(), &table.span());
    serde_json::from_str(&json.text).map_err(|error| {
        let said = error.to_string();
        let (message, _) = said.rsplit_once(" at line ").unwrap_or((&said, ""));
        Fault {
            message: message.to_owned(),
            at: json.from(error.column()),
        }
    })
}

/// JSON in one line, with its places in the TOML text.
#[derive(Default)]
struct Json {
    text: String,
    /// From which byte of the JSON on something comes from which byte of the TOML, in order.
    places: Vec<(usize, usize)>,
}

impl Json {
    fn place(&mut self, span: &Range<usize>) {
        self.places.push((self.text.len(), span.start));
    }

    fn table(&mut self, table: &DeTable<'_>, span: &Range<usize>) {
        self.text.push('{');
        for (at, (key, value)) in table.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.place(&key.span());
            self.string(key.get_ref());
            self.text.push(':');
            self.place(&value.span());
            self.value(value.get_ref(), &value.span());
        }
        // What is missing in a table is noticed at its end.
        self.place(span);
        self.text.push('}');
    }

    fn value(&mut self, value: &DeValue<'_>, span: &Range<usize>) {
        match value {
            DeValue::String(text) => self.string(text),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => drop(write!(self.text, "{number}")),
                Err(_) => self.string(number.as_str()),
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => drop(write!(self.text, "{number:?}")),
                _ => self.string(number.as_str()),
            },
            DeValue::Boolean(is) => drop(write!(self.text, "{is}")),
            DeValue::Datetime(time) => self.string(&time.to_string()),
            DeValue::Array(items) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.text.push(',');
                    }
                    self.place(&item.span());
                    self.value(item.get_ref(), &item.span());
                }
                self.place(span);
                self.text.push(']');
            }
            DeValue::Table(table) => self.table(table, span),
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push_str(&serde_json::Value::from(text).to_string());
    }

    /// Where what stands before this column of the JSON, counted from 1, came from.
    fn from(&self, column: usize) -> usize {
        let before = self.places.partition_point(|(json, _)| *json < column);
        self.places[..before].last().map_or(0, |(_, toml)| *toml)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Host {
        name: String,
        #[serde(default)]
        depth: i32,
        #[serde(default)]
        share: f64,
        #[serde(default)]
        rule: BTreeMap<String, toml::Value>,
        #[serde(default)]
        part: Vec<Part>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Part {
        id: String,
        #[serde(default)]
        when: Vec<String>,
    }

    #[test]
    fn what_is_read_is_what_the_toml_reader_reads() {
        let text = "name = \"a\\n\\\"é\"\ndepth = 0x1_F\nshare = 1e3\n[rule]\nkind = 'x'\nhas = { n = [1, true, 2.5] }\n\
                    [[part]]\nid = \"p\"\nwhen = ['''a\nb''']\n[[part]]\nid = \"q\"\n";
        let here: Host = read(text).unwrap();
        assert_eq!(here, toml::from_str(text).unwrap());
        assert_eq!((here.depth, here.share), (31, 1000.0));
    }

    #[test]
    fn deep_nesting_is_a_fault() {
        for text in [
            format!("{}a = 1\n", "a.".repeat(200_000)),
            format!("[{}a]\nb = 1\n", "a.".repeat(200_000)),
            format!("a = {}{}\n", "[".repeat(200_000), "]".repeat(200_000)),
        ] {
            assert!(read::<serde_json::Value>(&text).is_err());
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
                "invalid type: string",
                "99999999999999999999",
            ),
            ("name = ]\n", "", "]"),
        ];
        for (text, message, at) in cases {
            let fault = read::<Host>(text).unwrap_err();
            assert!(fault.message.starts_with(message), "{fault:?}");
            assert_eq!(fault.at, text.find(at).unwrap(), "{text}");
        }
    }
}
