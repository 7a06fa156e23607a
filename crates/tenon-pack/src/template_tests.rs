//! Rendering, and what it refuses.

use super::*;

#[test]
fn every_helper_is_known_by_name() {
    let source = include_str!("template.rs");
    let source = source.split("#[cfg(test)]").next().unwrap();
    let registered = source.split("register_helper(\"").skip(1);
    let names: Vec<&str> = registered.filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() > 5);
    for name in names {
        assert!(Templates::helpers().contains(&name), "{name}");
    }
}
use serde_json::json;

fn render(text: &str, values: Value) -> Result<String> {
    Templates::new(120, 4).inline(text, &Context::wraps(values).unwrap())
}

#[test]
fn names_change_case_inside_expressions() {
    let values = json!({"name": "billing-accounts"});
    assert_eq!(
        render("{{pascal name}}/{{camel name}}", values.clone()).unwrap(),
        "BillingAccounts/billingAccounts"
    );
    assert_eq!(
        render("{{#if (eq (pascal name) 'BillingAccounts')}}y{{/if}}", values).unwrap(),
        "y"
    );
}

#[test]
fn an_unknown_variable_is_an_error_with_its_place() {
    let error = render("a\n {{nothing}}", json!({})).unwrap_err();
    assert_eq!(
        error.message(),
        "no option or fact gives the template variable `nothing`"
    );
    assert_eq!(error.location().unwrap().line, Some(2));
    // A template that could be rendered before has no other error.
    let mut engine = Templates::new(120, 4);
    let text = "a\n {{#if b}}{{nothing}}{{/if}}";
    let fine = Context::wraps(json!({"b": false})).unwrap();
    assert_eq!(engine.inline(text, &fine).unwrap(), "a\n ");
    let error = engine
        .inline(text, &Context::wraps(json!({"b": true})).unwrap())
        .unwrap_err();
    assert_eq!(error.location().unwrap().line, Some(2));
}

#[test]
fn lists_are_joined_where_they_fit() {
    let text = "{{#fit 0}}\n    x(\n{{#each a}}\n        {{this}},\n{{/each}}\n    );\n{{/fit}}\ny\n";
    assert_eq!(render(text, json!({"a": []})).unwrap(), "    x();\ny\n");
    assert_eq!(
        render(text, json!({"a": ["b", "c"]})).unwrap(),
        "    x(b, c);\ny\n"
    );
    let long = "z".repeat(120);
    assert_eq!(
        render(text, json!({"a": [long]})).unwrap(),
        format!("    x(\n        {long},\n    );\ny\n")
    );
    let text = "{{#fit 0}}\nexport const A: B =\n    c!;\n{{/fit}}\n";
    assert_eq!(render(text, json!({})).unwrap(), "export const A: B = c!;\n");
}

#[test]
fn text_is_never_escaped_and_never_expanded() {
    assert_eq!(render("{{name}}", json!({"name": "<{{x}}>"})).unwrap(), "<{{x}}>");
}

#[test]
fn missing_versions_have_a_default() {
    let values = json!({"versions": {"a": "^1"}});
    let text = "{{get versions 'a' '^0'}} {{get versions 'b' '^2'}}";
    assert_eq!(render(text, values).unwrap(), "^1 ^2");
}

#[test]
fn a_text_is_moved_to_the_right_by_levels() {
    let values = json!({ "stubs": "\tdef a\n\n\tend", "many": 99 });
    assert_eq!(
        render("x\n{{indent 2 stubs}}\ny", values.clone()).unwrap(),
        "x\n\t\t\tdef a\n\n\t\t\tend\ny"
    );
    for text in ["{{indent stubs}}", "{{indent many stubs}}"] {
        assert!(render(text, values.clone()).is_err(), "{text}");
    }
}
