//! The tables of keys in `docs/packs.md` are made from the schema of `pack.toml`, and so from the types' own comments.

use std::collections::BTreeSet;
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
        "object" => format!("table of {}s", takes(schema, &of["additionalProperties"])),
        other => panic!("a key takes `{other}`: {of}"),
    }
}

fn table(schema: &Value, definition: &Value) -> Vec<String> {
    let required: Vec<&str> = definition["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut out = vec!["| key | takes | meaning |".to_owned(), "|---|---|---|".to_owned()];
    for (key, of) in definition["properties"].as_object().unwrap() {
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

/// The page with its tables as the schema has them.
fn written(page: &str, schema: &Value) -> String {
    let mut seen = BTreeSet::new();
    let mut out: Vec<String> = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        out.push(line.to_owned());
        let marked = line
            .strip_prefix("<!-- keys: ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        let Some(name) = marked else { continue };
        seen.insert(name.to_owned());
        let definition = if name == "Pack" {
            schema
        } else {
            &schema["$defs"][name]
        };
        assert!(definition.is_object(), "{PAGE}: the schema has no `{name}`");
        assert_eq!(
            lines.next(),
            Some(""),
            "{PAGE}: a blank line goes behind `{line}`"
        );
        out.push(String::new());
        let mut old = Vec::new();
        while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
            old.push(row.to_owned());
        }
        if definition["properties"].is_object() {
            out.extend(table(schema, definition));
            continue;
        }
        // What each choice means links to other pages, so it is written by hand.
        for choice in definition["oneOf"].as_array().unwrap() {
            let word = choice["const"].as_str().unwrap();
            let row = format!("| `{word}` |");
            assert!(
                old.iter().any(|line| line.starts_with(&row)),
                "{PAGE}, `{name}`: `{word}` is not explained"
            );
        }
        out.extend(old);
    }
    for name in schema["$defs"].as_object().unwrap().keys() {
        assert!(
            seen.contains(name) || ELSEWHERE.contains(&name.as_str()),
            "{PAGE} lacks `<!-- keys: {name} -->`"
        );
    }
    out.join("\n") + "\n"
}

#[test]
fn the_tables_of_keys_are_those_of_the_schema() {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let new = written(&page, &schema());
    assert!(new.matches("| key | takes | meaning |").count() > 20);
    if std::env::var_os("TENON_BLESS").is_some() {
        fs::write(&path, new).unwrap();
        return;
    }
    assert!(
        new == page,
        "{PAGE} has other tables; to rewrite them: just captures"
    );
}
