//! Rendering: Handlebars, strict, without escaping, with a closed set of helpers and no access to anything
//! but the values that are passed in.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::template_bounds::{self, Bounded, MAX_OUTPUT, Turns};
use tenon_syntax::languages;
use tenon_text::diag::{Error, LineCol, Result};
use tenon_text::names::CASES;

/// Helpers that the engine brings.
const ENGINE_HELPERS: [&str; 15] = [
    "if", "unless", "each", "with", "lookup", "len", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not",
];

/// Compiles templates on first use and renders them.
pub struct Templates {
    engine: Handlebars<'static>,
    turns: Turns,
}

impl Templates {
    /// An engine whose `fit` joins what fits into a line of `width` columns, when one level of indentation
    /// fills `unit` of them.
    pub fn new(width: usize, unit: usize) -> Self {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.register_escape_fn(handlebars::no_escape);
        for (name, case) in CASES {
            engine.register_helper(name, Box::new(case_helper(case)));
        }
        // What stands for anything where an entry is read is nothing where it is written.
        engine.register_helper("_", Box::new(Gap));
        engine.register_helper("module", Box::new(case_helper(module_of)));
        engine.register_helper("json", Box::new(json_helper));
        engine.register_helper("single", Box::new(single_helper));
        engine.register_helper("get", Box::new(get_helper));
        engine.register_helper("has-key", Box::new(has_key_helper));
        engine.register_helper("concat", Box::new(concat_helper));
        engine.register_helper("indent", Box::new(indent_helper));
        engine.register_helper("has-row", Box::new(has_row_helper));
        engine.register_helper("row-has", Box::new(row_has_helper));
        engine.register_helper("fit", Box::new(Fit { width, unit }));
        let turns = Turns::default();
        turns.install(&mut engine);
        Self { engine, turns }
    }

    /// Renders the template `name`, whose text is `source`, with `values`.
    pub fn render(&mut self, name: &str, source: &str, values: &Context) -> Result<String> {
        if !self.engine.has_template(name) {
            let template = template_bounds::bounded(Self::check(name, source)?)?;
            self.engine.register_template(name, template);
        }
        self.turns.reset();
        let mut out = Bounded::default();
        match self.engine.render_with_context_to_write(name, values, &mut out) {
            Ok(()) => Ok(out.into_text()),
            Err(error) => Err(render_error(name, &error)),
        }
    }

    /// Renders a short template that stands in `pack.toml` itself.
    pub fn inline(&mut self, text: &str, values: &Context) -> Result<String> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        self.render(&format!("template `{text}`"), text, values)
    }

    /// Whether the expression `text` is true: `module.has.Model`, `(not extends)`, `(eq a b)`.
    pub fn truth(&mut self, text: &str, values: &Context) -> Result<bool> {
        let template = format!("{{{{#if {text}}}}}1{{{{/if}}}}");
        Ok(!self.inline(&template, values)?.is_empty())
    }

    /// The names of all helpers, the engine's own first.
    pub fn helpers() -> Vec<&'static str> {
        let own = [
            "_", "module", "json", "single", "get", "has-key", "concat", "indent", "has-row", "row-has",
            "fit",
        ];
        let cases = CASES.iter().map(|(name, _)| *name);
        ENGINE_HELPERS.into_iter().chain(cases).chain(own).collect()
    }

    /// Compiles `source`; refuses what nests too deep, and what could call itself.
    pub fn check(name: &str, source: &str) -> Result<handlebars::template::Template> {
        template_bounds::check_depth(name, source)?;
        template_bounds::check_length(name, source)?;
        let template = handlebars::template::Template::compile_with_name(source, name.to_owned())
            .map_err(|error| compile_error(name, &error))?;
        template_bounds::check_elements(name, &template)?;
        Ok(template)
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
            Error::new(format!("no option or fact gives the template variable `{path}`"))
        }
        reason => Error::new("the template cannot be rendered").because(reason),
    }
    .help("this is a fault of the pack: fix the template, or report it to the author of the pack");
    match (error.line_no, error.column_no) {
        (Some(line), Some(column)) => out.at(name, LineCol { line, column }),
        _ => out.in_file(name),
    }
}

type Render<'reg, 'rc> = RenderContext<'reg, 'rc>;

/// The parameter `index`; as strict as the engine itself is about a variable that nothing gives.
fn value_param<'h>(
    helper: &'h Helper<'_>,
    index: usize,
) -> std::result::Result<Option<&'h Value>, RenderError> {
    match helper.param(index) {
        Some(param) if param.is_value_missing() => {
            Err(RenderErrorReason::MissingVariable(param.relative_path().cloned()).into())
        }
        Some(param) if param.value().as_str().is_some_and(|text| text.len() > MAX_OUTPUT) => {
            Err(RenderErrorReason::Other("a value in it comes to more than 2 MiB".into()).into())
        }
        param => Ok(param.map(handlebars::PathAndJson::value)),
    }
}

/// `{{_}}` writes nothing, `{{#_}}…{{/_}}` what stands in it; where entries are read, both stand for anything.
struct Gap;

impl handlebars::HelperDef for Gap {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        engine: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut Render<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        use handlebars::Renderable;
        match helper.template() {
            Some(template) => template.render(engine, context, render, out),
            None => Ok(()),
        }
    }
}

fn text_param(helper: &Helper<'_>, index: usize) -> std::result::Result<String, RenderError> {
    let value = value_param(helper, index)?;
    match value {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Null) | None => {
            Err(RenderErrorReason::ParamNotFoundForIndex("case helper", index).into())
        }
        Some(other) => Ok(other.to_string()),
    }
}

/// What code imports the file at `path` as.
fn module_of(path: &str) -> String {
    languages::imported_as(path).unwrap_or_else(|| path.to_owned())
}

fn case_helper(case: fn(&str) -> String) -> impl handlebars::HelperDef + Send + Sync + 'static {
    struct Case(fn(&str) -> String);
    impl handlebars::HelperDef for Case {
        fn call_inner<'reg: 'rc, 'rc>(
            &self,
            helper: &Helper<'rc>,
            _: &'reg Handlebars<'reg>,
            context: &'rc Context,
            _: &mut Render<'reg, 'rc>,
        ) -> std::result::Result<handlebars::ScopedJson<'rc>, RenderError> {
            // An option may be called as a helper is: alone, the word is its answer.
            if helper.params().is_empty()
                && let Some(answer) = context.data().get(helper.name())
            {
                return Ok(answer.clone().into());
            }
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
    let value = value_param(helper, 0)?.unwrap_or(&Value::Null);
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
    match value_param(helper, 0)?.and_then(|table| table.get(&key)) {
        Some(Value::String(text)) => out.write(text)?,
        _ => out.write(&text_param(helper, 2)?)?,
    }
    Ok(())
}

handlebars::handlebars_helper!(single_helper: |text: str| {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    format!("'{escaped}'")
});

// `Json` is looked at where it stands; any other type would be a copy of the whole table, for each member.
handlebars::handlebars_helper!(row_has_helper: |rows: Json, id: str, member: str| {
    // Whether the row `id` of the list has the member.
    rows.as_array().into_iter().flatten().any(|row| row["id"] == id && row["has"][member] == Value::Bool(true))
});

handlebars::handlebars_helper!(has_key_helper: |table: Json, key: str| {
    // Whether the map has the key.
    table.get(key).is_some()
});

handlebars::handlebars_helper!(has_row_helper: |rows: Json, member: str| {
    // Whether a row of the list has the member.
    rows.as_array().into_iter().flatten().any(|row| row["has"][member] == Value::Bool(true))
});

/// `{{#fit 0}}…{{/fit}}`: a bracketed list, written broken over lines, one item a line; joined into one line
/// if that fits. The parameter says how many columns the text will be moved to the right; a second one, how much may
/// stand between the first bracket and the last.
struct Fit {
    width: usize,
    unit: usize,
}

impl handlebars::HelperDef for Fit {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        engine: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut Render<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        use handlebars::{Renderable, StringOutput};
        let number = |at: usize| helper.param(at).and_then(|param| param.value().as_u64());
        let shift = number(0).unwrap_or(0);
        let most = number(1).and_then(|most| usize::try_from(most).ok());
        let mut inner = StringOutput::new();
        if let Some(template) = helper.template() {
            template.render(engine, context, render, &mut inner)?;
        }
        let text = inner.into_string().map_err(RenderError::from)?;
        let shift = usize::try_from(shift).unwrap_or(0) / TEMPLATE_INDENT * self.unit;
        match joined(&text) {
            Some(line)
                if self.columns(&line) + shift <= self.width
                    && most.is_none_or(|most| inside(&line) <= most) =>
            {
                out.write(&line)?;
                out.write("\n")?;
            }
            _ => out.write(&text)?,
        }
        Ok(())
    }
}

/// Blanks of one level of indentation in templates.
pub const TEMPLATE_INDENT: usize = 4;

impl Fit {
    fn columns(&self, line: &str) -> usize {
        let text = line.trim_start_matches(' ');
        let blanks = line.len() - text.len();
        blanks / TEMPLATE_INDENT * self.unit + blanks % TEMPLATE_INDENT + text.width()
    }
}

/// How many columns are filled between the first bracket and the last one.
fn inside(line: &str) -> usize {
    let (open, close) = (line.find(['(', '[', '{']), line.rfind([')', ']', '}']));
    let text = open
        .zip(close)
        .and_then(|(open, close)| line.get(open + 1..close));
    text.map_or(0, |text| text.trim().width())
}

/// The lines of a broken list as one line; `None` if there are not at least two.
fn joined(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let (first, rest) = lines.split_first()?;
    let (last, items) = rest.split_last()?;
    let mut out = first.trim_end().to_owned();
    let tight = |c: char| matches!(c, '(' | '[' | '<');
    for (at, item) in items.iter().enumerate() {
        if at > 0 || !out.ends_with(tight) {
            out.push(' ');
        }
        out.push_str(item.trim());
    }
    let last = last.trim();
    if last.starts_with([')', ']', '>', '}'])
        && let Some(shorter) = out.strip_suffix(',')
    {
        out = shorter.to_owned();
    }
    let opened = items.is_empty() && out.ends_with(tight);
    if !last.starts_with([')', ']', '>']) && !opened {
        out.push(' ');
    }
    out.push_str(last);
    Some(out)
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

/// Levels that a text may be moved to the right.
const MAX_LEVELS: u64 = 32;

fn indent_helper(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut Render<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let levels = helper.param(0).and_then(|param| param.value().as_u64());
    let Some(levels) = levels.filter(|levels| *levels <= MAX_LEVELS) else {
        return Err(RenderErrorReason::Other(format!(
            "`indent` takes a number of levels up to {MAX_LEVELS}, and a text"
        ))
        .into());
    };
    for line in text_param(helper, 1)?.split_inclusive('\n') {
        for _ in 0..if line.trim().is_empty() { 0 } else { levels } {
            out.write("\t")?;
        }
        out.write(line)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
