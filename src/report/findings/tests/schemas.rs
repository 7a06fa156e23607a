//! What is for programs is valid by its schema: ours for JSON, the standard's for SARIF.

use std::sync::LazyLock;

use serde_json::Value;

use super::super::json::Document;
use super::*;

const OURS: &str = "docs/schema/findings.schema.json";

static JSON: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/schema/findings.schema.json"
    ));
    validator(schema)
});
static SARIF: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/schemas/sarif-2.1.0.json"
    ));
    // Not a regular expression for every reader; the standard's Errata 01 has it so.
    let wrong = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert!(schema.contains(wrong));
    validator(&schema.replace(wrong, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"))
});

fn validator(schema: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn valid(validator: &jsonschema::Validator, text: &str) {
    let value: Value = serde_json::from_str(text).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{}\n{text}", wrong.join("\n"));
}

pub fn valid_json(text: &str) {
    valid(&JSON, text);
}

pub fn valid_sarif(text: &str) {
    valid(&SARIF, text);
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Document)).unwrap();
    schema.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(OURS);
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    assert_eq!(schema, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn json_is_valid_by_the_published_schema() {
    valid_json(&render(&sample(), Format::Json, false));
    valid_json(&render(&findings(&[], vec![]), Format::Json, false));
}

#[test]
fn sarif_is_valid_by_the_schema_of_the_standard() {
    valid_sarif(&render(&sample(), Format::Sarif, false));
    valid_sarif(&render(&findings(&[], vec![]), Format::Sarif, false));
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let mut value: Value = serde_json::from_str(&render(&sample(), Format::Sarif, false)).unwrap();
    value["runs"][0]["results"][0]["level"] = "awful".into();
    assert!(!SARIF.is_valid(&value));
    let mut value: Value = serde_json::from_str(&render(&sample(), Format::Json, false)).unwrap();
    value["version"] = 2.into();
    assert!(!JSON.is_valid(&value));
}

#[test]
fn a_region_of_sarif_counts_characters() {
    let value: Value = serde_json::from_str(&render(&sample(), Format::Sarif, false)).unwrap();
    let note = &value["runs"][0]["results"][3];
    let region = &note["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        *region,
        serde_json::json!({ "startLine": 3, "startColumn": 6, "endLine": 3, "endColumn": 12 })
    );
}
