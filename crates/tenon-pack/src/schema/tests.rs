//! How the schema is made from the types, and that it is the one that is published.

use std::borrow::Cow;
use std::path::Path;

use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::SCHEMA;
use crate::raw::RawFile;
use crate::{Pack, PackFiles};

/// A rule as it may be written; in `pack.toml` it is any table.
pub struct Rule;
/// A rule within another.
struct Inner;
/// A rule within another, for a node somewhere else.
struct Relation;

impl JsonSchema for Rule {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<Inner>();
        let more = json!({ "where": {
            "description": "A rule for the node of each variable, by the variable's name without `$`.",
            "type": "object",
            "additionalProperties": inner,
        } });
        rule(generator, "A rule: all of its keys must hold.", more)
    }
}

impl JsonSchema for Inner {
    fn schema_name() -> Cow<'static, str> {
        "InnerRule".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        rule(generator, "A rule within another.", json!({}))
    }
}

impl JsonSchema for Relation {
    fn schema_name() -> Cow<'static, str> {
        "Relation".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<Inner>();
        let more = json!({
            "stopBy": {
                "description": "How far is searched: `neighbor` (if absent), `end`, or as far as a rule matches.",
                "anyOf": [{ "enum": ["neighbor", "end"] }, inner],
            },
            "field": { "description": "The field of the node in which it is searched.", "type": "string" },
        });
        rule(generator, "A rule for a node that stands elsewhere.", more)
    }
}

fn rule(generator: &mut SchemaGenerator, description: &str, more: Value) -> Schema {
    let inner = generator.subschema_for::<Inner>();
    let relation = generator.subschema_for::<Relation>();
    let about = |schema: &Schema, description: &str| {
        let mut schema = schema.clone();
        schema.insert("description".to_owned(), description.into());
        schema
    };
    let mut keys = json!({
        "pattern": {
            "description": "Code as the language has it: `$NAME` stands for one node, `$$$` for any number.",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": {
                        "context": {
                            "description": "Code in which the pattern stands.",
                            "type": "string",
                        },
                        "selector": {
                            "description": "The kind of node in it that is the pattern.",
                            "type": "string",
                        },
                        "strictness": {
                            "description": "How exactly it has to match.",
                            "enum": ["cst", "smart", "ast", "relaxed", "signature", "template"],
                        },
                    },
                    "required": ["context"],
                    "additionalProperties": false,
                },
            ],
        },
        "kind": { "description": "The kind of node, as the language's tree-sitter grammar calls it.", "type": "string" },
        "regex": { "description": "A regular expression that the node's text must match.", "type": "string" },
        "nthChild": { "description": "Which child of its parent the node is, from 1." },
        "range": { "description": "Where the node stands.", "type": "object" },
        "inside": about(&relation, "A node above it matches this."),
        "has": about(&relation, "A node in it matches this."),
        "precedes": about(&relation, "A node behind it matches this."),
        "follows": about(&relation, "A node before it matches this."),
        "not": about(&inner, "It does not match this."),
        "all": {
            "description": "It matches all of these.",
            "type": "array",
            "items": inner,
        },
        "any": {
            "description": "It matches one of these.",
            "type": "array",
            "items": inner,
        },
    });
    if let (Value::Object(keys), Value::Object(more)) = (&mut keys, more) {
        keys.extend(more);
    }
    json_schema!({
        "description": description,
        "type": "object",
        "properties": keys,
        "additionalProperties": false,
    })
}

/// What TOML has no use for is taken out: `null`, the line ends of comments.
#[derive(Clone)]
struct ForToml;

impl Transform for ForToml {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if let Some(Value::String(text)) = object.get_mut("description") {
            *text = text.replace('\n', " ");
        }
        if object.get("default") == Some(&Value::Null) {
            object.remove("default");
        }
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|one| one != "null");
            if let [one] = &types[..] {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
        }
        if let Some(Value::Array(any)) = object.get_mut("anyOf") {
            any.retain(|one| one["type"] != "null");
            if let [Value::Object(one)] = &any[..] {
                let one: Map<String, Value> = one.clone();
                object.remove("anyOf");
                object.extend(one);
            }
        }
    }
}

fn made() -> String {
    let generator = schemars::generate::SchemaSettings::draft2020_12()
        .with_transform(ForToml)
        .into_generator();
    let mut schema = generator.into_root_schema_for::<RawFile>();
    schema.insert("title".to_owned(), "pack.toml of tenon".into());
    let text = serde_json::to_string_pretty(&schema).unwrap();
    // The types say that they are as written; who writes them knows.
    text.replace("#/$defs/Raw", "#/$defs/")
        .replace("    \"Raw", "    \"")
        + "\n"
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

fn wrong(text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).unwrap();
    let validator = validator();
    validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/pack.schema.json");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, made()).unwrap();
    }
    assert_eq!(made(), std::fs::read_to_string(&path).unwrap());
}

#[test]
fn every_key_and_every_choice_is_described() {
    fn silent(at: &str, schema: &Value, out: &mut Vec<String>) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let place = format!("{at}.{key}");
            if value["description"].as_str().is_none_or(str::is_empty) {
                out.push(place);
            }
        }
        for one in schema["oneOf"].as_array().into_iter().flatten() {
            if one["description"].as_str().is_none_or(str::is_empty) {
                out.push(format!("{at}: {one}"));
            }
        }
    }
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut out = Vec::new();
    silent("", &schema, &mut out);
    let definitions = schema["$defs"].as_object().unwrap();
    assert!(definitions.len() > 20);
    for (name, definition) in definitions {
        silent(name, definition, &mut out);
    }
    assert!(out.is_empty(), "{out:#?}");
}

#[test]
fn packs_that_load_are_valid_by_the_schema() {
    let mut texts: Vec<(String, String)> = PackFiles::embedded()
        .iter()
        .map(|files| {
            (
                files.name().to_owned(),
                files.text("pack.toml").unwrap().to_owned(),
            )
        })
        .collect();
    let root = &Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for dir in std::fs::read_dir(root.join("docs/examples/packs")).unwrap() {
        let dir = dir.unwrap().path();
        Pack::in_folder(&dir).unwrap();
        let text = std::fs::read_to_string(dir.join("pack.toml")).unwrap();
        texts.push((dir.display().to_string(), text));
    }
    assert!(texts.len() > 5);
    for (name, text) in texts {
        assert_eq!(wrong(&text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_schema_refuses_what_the_types_refuse() {
    let sound = "[pack]\nname = 'a'\nversion = '1'\nsummary = 's'\nlanguage = 'go'\n";
    assert!(wrong(sound).is_empty());
    for broken in [
        "[pak]\n",
        "[host]\nfile = ['a']\n",
        "[kind.a.site.b]\nkind = 'lost'\n",
        "[kind.a.site.b]\nkind = 'list'\n",
        "[kind.a.site.b]\nentry = { pattern = 'x' }\n",
        "[kind.a.values.'a.json']\n'/a' = { value = 'x' }\n",
        "[kind.a.option.b]\nid = 1\nkind = 'text'\nprompt = 'p'\n",
        "[[kind.a.files]]\nwhen = 'a'\n",
    ] {
        let text = format!("{sound}{broken}");
        assert!(!wrong(&text).is_empty(), "{broken}");
        assert!(toml::from_str::<RawFile>(&text).is_err(), "{broken}");
    }
}
