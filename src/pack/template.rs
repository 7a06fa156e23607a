//! Rendering: Handlebars, strict, without escaping, with a closed set of helpers and no access to anything
//! but the values that are passed in.

use std::collections::HashMap;

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason};
use serde_json::Value;

use crate::diag::{Error, LineCol, Result};
use crate::lang::names::CASES;

/// Compiles templates on first use and renders them.
pub struct Templates {
    engine: Handlebars<'static>,
    inline: HashMap<String, String>,
}

impl Default for Templates {
    fn default() -> Self {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.register_escape_fn(handlebars::no_escape);
        for (name, case) in CASES {
            engine.register_helper(name, Box::new(case_helper(case)));
        }
        engine.register_helper("json", Box::new(json_helper));
        engine.register_helper("get", Box::new(get_helper));
        engine.register_helper("concat", Box::new(concat_helper));
        Self { engine, inline: HashMap::new() }
    }
}

impl Templates {
    /// Renders the template `name`, whose text is `source`, with `values`.
    pub fn render(&mut self, name: &str, source: impl FnOnce() -> Result<String>, values: &Context) -> Result<String> {
        if !self.engine.has_template(name) {
            let source = source()?;
            self.engine.register_template_string(name, &source).map_err(|error| compile_error(name, &error))?;
        }
        self.engine.render_with_context(name, values).map_err(|error| render_error(name, &error))
    }

    /// Renders a short template that stands in `pack.toml` itself.
    pub fn inline(&mut self, text: &str, values: &Context) -> Result<String> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        let next = format!("template `{text}`");
        let name = self.inline.entry(text.to_owned()).or_insert(next).clone();
        self.render(&name, || Ok(text.to_owned()), values)
    }

    /// Whether the expression `text` is true: `module.has.Model`, `(not extends)`, `(eq a b)`.
    pub fn truth(&mut self, text: &str, values: &Context) -> Result<bool> {
        let template = format!("{{{{#if {text}}}}}1{{{{/if}}}}");
        Ok(!self.inline(&template, values)?.is_empty())
    }

    /// Compiles `source` only to see whether it can be.
    pub fn check(name: &str, source: &str) -> Result<handlebars::template::Template> {
        handlebars::template::Template::compile_with_name(source, name.to_owned())
            .map_err(|error| compile_error(name, &error))
    }
}

fn compile_error(name: &str, error: &handlebars::TemplateError) -> Error {
    let reason = error.reason().to_string();
    let reason = reason.lines().next().unwrap_or_default().to_owned();
    let out = Error::new("the template cannot be read").because(reason);
    match error.pos() {
        Some((line, column)) => out.at(name, LineCol { line, column }),
        None => out.in_file(name),
    }
    .help("`{{` opens an expression; write `\\{{` where the text itself has two braces")
}

fn render_error(name: &str, error: &RenderError) -> Error {
    let out = match error.reason() {
        RenderErrorReason::MissingVariable(Some(path)) => {
            Error::new(format!("no question or fact gives the template variable `{path}`"))
        }
        reason => Error::new("the template cannot be rendered").because(reason),
    };
    match (error.line_no, error.column_no) {
        (Some(line), Some(column)) => out.at(name, LineCol { line, column }),
        _ => out.in_file(name),
    }
}

type Render<'reg, 'rc> = RenderContext<'reg, 'rc>;

fn text_param(helper: &Helper<'_>, index: usize) -> std::result::Result<String, RenderError> {
    let value = helper.param(index).map(handlebars::PathAndJson::value);
    match value {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Null) | None => {
            Err(RenderErrorReason::ParamNotFoundForIndex("case helper", index).into())
        }
        Some(other) => Ok(other.to_string()),
    }
}

fn case_helper(case: fn(&str) -> String) -> impl handlebars::HelperDef + Send + Sync + 'static {
    struct Case(fn(&str) -> String);
    impl handlebars::HelperDef for Case {
        fn call_inner<'reg: 'rc, 'rc>(
            &self,
            helper: &Helper<'rc>,
            _: &'reg Handlebars<'reg>,
            _: &'rc Context,
            _: &mut Render<'reg, 'rc>,
        ) -> std::result::Result<handlebars::ScopedJson<'rc>, RenderError> {
            Ok(Value::String(self.0(&text_param(helper, 0)?)).into())
        }
    }
    Case(case)
}

/// `{{json value}}`: the value as JSON; a string becomes a literal that JSON and JavaScript both read.
fn json_helper(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut Render<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = helper.param(0).map_or(&Value::Null, handlebars::PathAndJson::value);
    out.write(&value.to_string())?;
    Ok(())
}

/// `{{get table "key" "default"}}`: a value that the host may not have.
fn get_helper(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut Render<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let key = text_param(helper, 1)?;
    match helper.param(0).and_then(|table| table.value().get(&key)) {
        Some(Value::String(text)) => out.write(text)?,
        _ => out.write(&text_param(helper, 2)?)?,
    }
    Ok(())
}

fn concat_helper(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut Render<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    for index in 0..helper.params().len() {
        out.write(&text_param(helper, index)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn render(text: &str, values: Value) -> Result<String> {
        Templates::default().inline(text, &Context::wraps(values).unwrap())
    }

    #[test]
    fn names_change_case_inside_expressions() {
        let values = json!({"name": "billing-accounts"});
        assert_eq!(render("{{pascal name}}/{{camel name}}", values.clone()).unwrap(), "BillingAccounts/billingAccounts");
        assert_eq!(render("{{#if (eq (pascal name) 'BillingAccounts')}}y{{/if}}", values).unwrap(), "y");
    }

    #[test]
    fn an_unknown_variable_is_an_error_with_its_place() {
        let error = render("a\n {{nothing}}", json!({})).unwrap_err();
        assert_eq!(error.message(), "no question or fact gives the template variable `nothing`");
        assert_eq!(error.location().unwrap().line, Some(2));
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
}
