//! The tables of keys in `docs/packs.md` are made from the schema of `pack.toml`, and so from the types' own comments.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::root;

const PAGE: &str = "docs/packs.md";

/// Definitions that other pages explain, or one sentence does.
const ELSEWHERE: [&str; 7] = [
    "Answer",
    "InnerRule",
    "Language",
    "Reason",
    "Relation",
    "Rule",
    "Severity",
];

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("docs/schema/pack.schema.json")).unwrap()).unwrap()
}

/// What a key takes, in a word or two.
fn takes(schema: &Value, of: &Value) -> String {
    if let Some(name) = of["$ref"].as_str().map(|at| at.trim_start_matches("#/$defs/")) {
        return match name {
            "Rule" => "rule".to_owned(),
            "Answer" => "answer".to_owned(),
            "Reason" => "reason".to_owned(),
            _ if schema["$defs"][name]["properties"].is_object() => "table".to_owned(),
            _ => "choice".to_owned(),
        };
    }
    if let Some(any) = of["anyOf"].as_array() {
        let (several, one): (Vec<&Value>, Vec<&Value>) = any.iter().partition(|of| of["type"] == "array");
        let mut words: Vec<String> = one.into_iter().map(|of| takes(schema, of)).collect();
        words.extend(several.first().map(|_| "several".to_owned()));
        return words.join(" or ");
    }
    match of["type"].as_str().unwrap_or_default() {
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "integer" => "number".to_owned(),
        "array" => format!("{}s", takes(schema, &of["items"])),
        "object" => {
            let of = takes(schema, &of["additionalProperties"]);
            let of = of.strip_suffix(" or several").unwrap_or(&of);
            match of.split_once(" of ") {
                Some((of, what)) => format!("table of {of}s of {what}"),
                None => format!("table of {of}s"),
            }
        }
        other => panic!("a key takes `{other}`: {of}"),
    }
}

/// The rows of a table: of these keys.
fn table(schema: &Value, definition: &Value, keys: &[String]) -> Vec<String> {
    let required: Vec<&str> = definition["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let all = &definition["properties"];
    let mut out = vec!["| key | takes | meaning |".to_owned(), "|---|---|---|".to_owned()];
    for key in keys {
        let of = all
            .get(key)
            .unwrap_or_else(|| panic!("{PAGE}: there is no key `{key}`"));
        let needed = if required.contains(&key.as_str()) {
            ", required"
        } else {
            ""
        };
        let meaning = of["description"].as_str().unwrap().trim_end_matches('.');
        out.push(format!("| `{key}` | {}{needed} | {meaning} |", takes(schema, of)));
    }
    out
}

/// The name in a mark `<!-- WHAT: NAME -->`.
fn marked<'l>(line: &'l str, what: &str) -> Option<&'l str> {
    let rest = line.strip_prefix("<!-- ")?.strip_prefix(what)?;
    rest.strip_prefix(": ")?.strip_suffix(" -->")
}

fn defined<'s>(schema: &'s Value, name: &str) -> &'s Value {
    let found = if name == "Pack" {
        schema
    } else {
        &schema["$defs"][name]
    };
    assert!(found.is_object(), "{PAGE}: the schema has no `{name}`");
    found
}

/// The keys of a definition, or its choices.
fn words(definition: &Value) -> Vec<&str> {
    match definition["properties"].as_object() {
        Some(keys) => keys.keys().map(String::as_str).collect(),
        None => {
            let choices = definition["oneOf"].as_array().unwrap();
            choices
                .iter()
                .map(|choice| choice["const"].as_str().unwrap())
                .collect()
        }
    }
}

/// The page with its tables as the schema has them. A definition may have several tables, each with some of its keys; `words` marks
/// definitions, or the rest of one, that are explained in sentences or tables of another shape, as far as the next mark or heading.
fn written(page: &str, schema: &Value) -> String {
    let mut explained: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut out: Vec<String> = Vec::new();
    let all: Vec<&str> = page.lines().collect();
    let mut at = 0;
    while at < all.len() {
        let line = all[at];
        out.push(line.to_owned());
        at += 1;
        if let Some(names) = marked(line, "words") {
            let ends = |line: &&&str| line.starts_with("<!-- ") || line.starts_with('#');
            let text: Vec<&str> = all[at..].iter().take_while(|line| !ends(line)).copied().collect();
            let text = text.join("\n");
            for name in names.split(", ") {
                let said = words(defined(schema, name)).into_iter();
                let said = said.filter(|word| {
                    [format!("`{word}`"), format!("`{word} = ")]
                        .iter()
                        .any(|it| text.contains(it))
                });
                let of = explained.entry(name.to_owned()).or_default();
                let said: Vec<String> = said
                    .filter(|word| !of.iter().any(|it| it == word))
                    .map(str::to_owned)
                    .collect();
                of.extend(said);
            }
            continue;
        }
        let Some(name) = marked(line, "keys") else {
            continue;
        };
        let definition = defined(schema, name);
        assert_eq!(all[at], "", "{PAGE}: a blank line goes behind `{line}`");
        out.push(String::new());
        at += 1;
        let rows = all[at..].iter().take_while(|line| line.starts_with('|'));
        let rows: Vec<&str> = rows.copied().collect();
        at += rows.len();
        let keys = rows.iter().skip(2).filter_map(|row| row.split('`').nth(1));
        let keys: Vec<String> = keys.map(str::to_owned).collect();
        let is_split = page.matches(&format!(": {name} -->")).count() > 1;
        let own = if is_split {
            keys
        } else {
            words(definition).into_iter().map(str::to_owned).collect()
        };
        out.extend(table(schema, definition, &own));
        explained.entry(name.to_owned()).or_default().extend(own);
    }
    for name in schema["$defs"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .chain(["Pack"])
    {
        if ELSEWHERE.contains(&name) {
            continue;
        }
        let mut found = explained.remove(name).unwrap_or_default();
        found.sort_unstable();
        let mut wanted = words(defined(schema, name));
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{PAGE}: each key of `{name}` is explained once");
    }
    out.join("\n") + "\n"
}

#[test]
fn the_tables_of_keys_are_those_of_the_schema() {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let new = written(&page, &schema());
    assert!(new.matches("| key | takes | meaning |").count() >= 4);
    assert!(new.lines().count() <= 400, "{PAGE} is to be read in one go");
    if std::env::var_os("TENON_BLESS").is_some() {
        fs::write(&path, new).unwrap();
        return;
    }
    assert!(
        new == page,
        "{PAGE} has other tables; to rewrite them: just captures"
    );
}
