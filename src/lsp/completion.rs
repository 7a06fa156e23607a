//! Completion in `pack.toml`: keys and values, from the schema of that file.
//!
//! Knows as much of TOML as it takes to tell where the pointer is in a file that is being written: the table that is open,
//! the key of the line, and whether it is in a list or an inline table. A file need not parse.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use tenon_pack::SCHEMA;
use tenon_text::diag::Span;

use super::text::{Encoding, Lines};

/// The schema, which `tenon pack schema` prints.
fn schema() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| {
        // It is a part of the program, and a test reads it.
        serde_json::from_str(SCHEMA).unwrap_or_default()
    })
}

/// What stands where something may be written.
#[derive(Debug, PartialEq, Eq)]
enum Spot {
    /// Behind `[` or `[[`: so far this, of a table or of a list of tables.
    Header(Vec<String>, bool),
    /// A key of the table at this path, where these stand already.
    Key(Vec<String>, Vec<String>),
    /// The value of the key at this path; whether a quote is open.
    Value(Vec<String>, bool),
}

/// What may stand at `offset`.
pub fn at(lines: &Lines, offset: usize, encoding: Encoding) -> Value {
    let text = &lines.text;
    let Some(before) = text.get(..offset) else {
        return Value::Null;
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    let start = before
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let range = lines.range(Span::new(start, offset), encoding);
    let items = match spot(text, offset) {
        None => vec![],
        Some(Spot::Header(path, array)) => headers(&path, array, &range),
        Some(Spot::Key(path, known)) => keys(&path, &known, &range, text.get(offset..)),
        Some(Spot::Value(path, quoted)) => values(&path, quoted, &range),
    };
    json!({ "isIncomplete": false, "items": items })
}

/// The node of the schema, references followed, at a path of keys; lists are those of their items.
fn node(path: &[String]) -> Option<&'static Value> {
    let mut at = resolved(schema())?;
    for key in path {
        at = resolved(items_of(at))?;
        let own = at.get("properties").and_then(|all| all.get(key));
        // The name of a table, as in `[facts.NAME]`.
        let any = at.get("additionalProperties").filter(|any| any.is_object());
        at = resolved(own.or(any)?)?;
    }
    Some(at)
}

/// A node behind its references; of several kinds the one that is not null.
fn resolved(node: &'static Value) -> Option<&'static Value> {
    let mut node = node;
    for _ in 0..16 {
        if let Some(name) = node.get("$ref").and_then(Value::as_str) {
            node = schema().pointer(name.trim_start_matches('#'))?;
        } else if let Some(any) = node.get("anyOf").and_then(Value::as_array) {
            node = any
                .iter()
                .find(|one| one.get("type").and_then(Value::as_str) != Some("null"))?;
        } else {
            return Some(node);
        }
    }
    None
}

/// The node of the items, if it is that of a list.
fn items_of(node: &'static Value) -> &'static Value {
    node.get("items").unwrap_or(node)
}

fn properties(node: Option<&'static Value>) -> Option<&'static Map<String, Value>> {
    resolved(items_of(node?))?.get("properties")?.as_object()
}

fn is_array(node: &'static Value) -> bool {
    resolved(node).is_some_and(|node| node.get("type").and_then(Value::as_str) == Some("array"))
}

/// Whether it is a table, or one of tables by name.
fn is_table(node: &'static Value) -> bool {
    let node = resolved(node).map(items_of).and_then(resolved);
    node.is_some_and(|node| node.get("type").and_then(Value::as_str) == Some("object"))
}

fn item(label: &str, kind: u8, node: &Value, new: &str, range: &Value) -> Value {
    let mut out = json!({ "label": label, "kind": kind, "textEdit": { "range": range, "newText": new } });
    if let Some(text) = node.get("description").and_then(Value::as_str) {
        out["documentation"] = json!({ "kind": "markdown", "value": text });
    }
    out
}

fn headers(path: &[String], array: bool, range: &Value) -> Vec<Value> {
    let all = properties(node(path));
    let all = all.into_iter().flatten().filter(|(_, node)| is_table(node));
    // The last of a path is a list if the brackets are two.
    let fitting = all.filter(|(_, node)| !path.is_empty() || is_array(node) == array);
    fitting
        .map(|(key, node)| item(key, 9, node, key, range))
        .collect()
}

fn keys(path: &[String], known: &[String], range: &Value, after: Option<&str>) -> Vec<Value> {
    let Some(table) = node(path) else { return vec![] };
    let required = resolved(items_of(table)).and_then(|table| table.get("required")?.as_array());
    let assigned = after.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('='));
    let all = properties(Some(table)).into_iter().flatten();
    let free = all.filter(|(key, _)| !known.contains(key));
    free.map(|(key, node)| {
        let new = if assigned {
            key.clone()
        } else {
            format!("{key} = ")
        };
        let mut out = item(key, 10, node, &new, range);
        let needed = required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(key)));
        // Required ones first.
        out["sortText"] = json!(format!("{}{key}", if needed { 0 } else { 1 }));
        if needed {
            out["detail"] = json!("required");
        }
        out
    })
    .collect()
}

fn values(path: &[String], quoted: bool, range: &Value) -> Vec<Value> {
    let Some(value) = node(path).map(items_of).and_then(resolved) else {
        return vec![];
    };
    let mut out = vec![];
    let mut add = |text: &str, node: &Value| {
        let new = if quoted {
            text.to_owned()
        } else {
            format!("\"{text}\"")
        };
        out.push(item(text, 12, node, &new, range));
    };
    let one_of = value.get("oneOf").and_then(Value::as_array);
    for choice in one_of.into_iter().flatten() {
        if let Some(text) = choice.get("const").and_then(Value::as_str) {
            add(text, choice);
        }
        let texts = choice.get("enum").and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).for_each(|text| add(text, choice));
    }
    let texts = value.get("enum").and_then(Value::as_array).into_iter().flatten();
    texts
        .filter_map(Value::as_str)
        .for_each(|text| add(text, &Value::Null));
    if value.get("type").and_then(Value::as_str) == Some("boolean") && !quoted {
        for text in ["true", "false"] {
            out.push(item(text, 12, &Value::Null, text, range));
        }
    }
    out
}

/// Where `offset` is; nothing within comments and texts of several lines.
fn spot(text: &str, offset: usize) -> Option<Spot> {
    let mut table: Vec<String> = vec![];
    let mut known: Vec<String> = vec![];
    let mut state = Scan::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let here = offset >= start && (offset < end || (offset == end && !line.ends_with('\n')));
        if state.is_plain() && line.trim_start().starts_with('[') && !here {
            table = header(line);
            known.clear();
            continue;
        }
        if here {
            let part = &text[start..offset];
            if state.is_plain() && part.trim_start().starts_with('[') {
                let inner = part.trim_start().trim_start_matches('[');
                let array = part.trim_start().starts_with("[[");
                if inner.contains(']') {
                    return None;
                }
                let mut path: Vec<String> = inner.split('.').map(bare).collect();
                path.pop();
                return Some(Spot::Header(path, array));
            }
            if state.is_plain() {
                known.extend(later_keys(&text[end..]));
            }
            state.read(part);
            return state.spot(table, known);
        }
        if state.is_plain()
            && let Some((key, _)) = line.split_once('=')
        {
            known.push(bare(key));
        }
        state.read(line);
    }
    // Behind a last line break.
    state.spot(table, known)
}

/// The keys that follow in the same table.
fn later_keys(rest: &str) -> Vec<String> {
    let lines = rest
        .lines()
        .take_while(|line| !line.trim_start().starts_with('['));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(key, _)| bare(key))
        .collect()
}

/// The path of a header: `[[site.entry]]`.
fn header(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('[');
    let inner = inner.split(']').next().unwrap_or_default();
    inner.split('.').map(bare).collect()
}

fn bare(key: &str) -> String {
    key.trim().trim_matches(['"', '\'']).to_owned()
}

/// What is open within the statements of a table.
#[derive(Default)]
struct Scan {
    /// What is open: inline tables with the keys that they have, lists.
    open: Vec<Open>,
    /// The quotes that are open.
    quote: Option<&'static str>,
    /// The key before the last `=`, if its value has not ended.
    key: Option<String>,
    /// What was written since the last mark.
    word: String,
    comment: bool,
}

enum Open {
    Table { key: Option<String>, known: Vec<String> },
    List { key: Option<String> },
}

impl Scan {
    /// Whether a new statement may begin.
    fn is_plain(&self) -> bool {
        self.open.is_empty() && self.quote.is_none()
    }

    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let mut taken = c.len_utf8();
            if self.comment {
                self.comment = c != '\n';
            } else if let Some(quote) = self.quote {
                if rest.starts_with(quote) {
                    taken = quote.len();
                    self.quote = None;
                } else if c == '\\' && quote.starts_with('"') {
                    taken += rest[1..].chars().next().map_or(0, char::len_utf8);
                } else if c == '\n' && quote.len() == 1 {
                    self.quote = None;
                }
            } else if let Some(quote) = ["\"\"\"", "'''", "\"", "'"]
                .into_iter()
                .find(|quote| rest.starts_with(quote))
            {
                taken = quote.len();
                self.quote = Some(quote);
            } else {
                self.mark(c);
            }
            rest = &rest[taken..];
        }
        if self.quote.is_some_and(|quote| quote.len() == 1) && text.ends_with('\n') {
            self.quote = None;
        }
    }

    fn mark(&mut self, c: char) {
        match c {
            '#' => self.comment = true,
            '=' => self.key = Some(bare(&std::mem::take(&mut self.word))),
            '{' => {
                let key = self.key.take();
                self.open.push(Open::Table { key, known: vec![] });
                self.word.clear();
            }
            '[' => {
                let key = self.key.take();
                self.open.push(Open::List { key });
                self.word.clear();
            }
            '}' | ']' => {
                self.open.pop();
                self.key = None;
                self.word.clear();
            }
            ',' => {
                if let (Some(Open::Table { known, .. }), Some(key)) = (self.open.last_mut(), self.key.take())
                {
                    known.push(key);
                }
                self.word.clear();
            }
            '\n' => {
                if self.open.is_empty() {
                    self.key = None;
                }
                self.word.clear();
            }
            c => self.word.push(c),
        }
    }

    fn spot(self, mut table: Vec<String>, mut known: Vec<String>) -> Option<Spot> {
        if self.comment || self.quote.is_some_and(|quote| quote.len() == 3) {
            return None;
        }
        let mut in_list = false;
        for open in self.open {
            in_list = false;
            match open {
                Open::Table { key, known: own } => {
                    table.extend(key);
                    known = own;
                }
                Open::List { key } => {
                    table.extend(key);
                    in_list = true;
                }
            }
        }
        if let Some(key) = self.key {
            table.push(key);
            return Some(Spot::Value(table, self.quote.is_some()));
        }
        if in_list {
            return Some(Spot::Value(table, self.quote.is_some()));
        }
        // A name in quotes is nobody's to guess.
        self.quote.is_none().then_some(Spot::Key(table, known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// The labels of what may stand at `|`.
    fn labels(text: &str) -> Vec<String> {
        let offset = text.find('|').unwrap();
        let lines = Lines::new(Arc::from(text.replacen('|', "", 1)));
        let found = at(&lines, offset, Encoding::Utf16);
        let items = found["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn tables_are_offered_by_their_brackets() {
        let plain = labels("[|");
        assert!(
            plain.contains(&"pack".into()) && plain.contains(&"facts".into()),
            "{plain:?}"
        );
        assert!(!plain.contains(&"site".into()), "{plain:?}");
        let lists = labels("[pack]\nname = \"x\"\n\n[[s|");
        assert!(
            lists.contains(&"site".into()) && lists.contains(&"question".into()),
            "{lists:?}"
        );
        assert!(!lists.contains(&"pack".into()), "{lists:?}");
    }

    #[test]
    fn keys_are_those_of_the_table_that_are_not_there() {
        let keys = labels("[pack]\nname = \"x\"\n|\nsummary = \"y\"\n[detect]\nfiles = []\n");
        assert_eq!(keys, ["version", "language", "docs", "extends"]);
        let keys = labels("[facts.units]\n|");
        assert!(
            keys.contains(&"files".into()) && keys.contains(&"pointers".into()),
            "{keys:?}"
        );
        let keys = labels("[[generator]]\nid = \"x\"\nname = { prompt = \"a, b\", | }");
        assert!(
            keys.contains(&"case".into()) && !keys.contains(&"prompt".into()),
            "{keys:?}"
        );
        let keys = labels("[[contracts.a.bodies]]\n|");
        assert!(keys.contains(&"returns".into()), "{keys:?}");
        assert!(labels("|").contains(&"pack".into()));
    }

    #[test]
    fn values_are_those_that_there_are() {
        assert_eq!(
            labels("[pack]\nlanguage = |"),
            ["typescript", "go", "python", "rust"]
        );
        assert_eq!(
            labels("[pack]\nlanguage = \"|\""),
            ["typescript", "go", "python", "rust"]
        );
        assert_eq!(labels("[[part]]\nkeep = |"), ["true", "false"]);
        let kinds = labels("[[site]]\nid = \"a\" # [x]\nkind = \"|");
        assert!(
            kinds.contains(&"slot".into()) && kinds.contains(&"member".into()),
            "{kinds:?}"
        );
    }

    #[test]
    fn nothing_is_offered_where_nothing_is_known() {
        for text in [
            "# |",
            "[pack]\nname = \"\"\"\na|\n\"\"\"",
            "[nope]\n|",
            "[pack] |",
            "[pack]\nname = |",
        ] {
            assert!(labels(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn every_place_of_every_pack_is_taken() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for pack in std::fs::read_dir(dir).unwrap() {
            let text = std::fs::read_to_string(pack.unwrap().path().join("pack.toml")).unwrap();
            let text = text.as_str();
            let lines = Lines::new(Arc::from(text));
            for at in (0..text.len())
                .step_by(61)
                .filter(|at| text.is_char_boundary(*at))
            {
                super::at(&lines, at, Encoding::Utf16);
            }
        }
    }
}
