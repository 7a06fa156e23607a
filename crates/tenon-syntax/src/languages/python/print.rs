//! Methods printed as stubs, and put into a class.

use crate::class::Class;
use crate::contract::{Accessor, Method};
use crate::stub::Stub;
use crate::style::Style;
use tenon_text::diag::TextEdit;
use tenon_text::format::line_end;

/// The first line of `method`, however long, without the colon.
pub fn head(method: &Method) -> String {
    format!(
        "{}{}({}){}",
        keyword(method),
        method.name,
        params(method).join(", "),
        result(method)
    )
}

fn keyword(method: &Method) -> &'static str {
    if method.is_async { "async def " } else { "def " }
}

fn result(method: &Method) -> String {
    method
        .returns
        .as_ref()
        .map(|returns| format!(" -> {returns}"))
        .unwrap_or_default()
}

/// The parameters as they are written, with what stands for the instance or the class.
fn params(method: &Method) -> Vec<String> {
    let first = if method.is_static { "cls" } else { "self" };
    let others = method.params.iter().map(|param| {
        let ty = param.ty.as_ref().map(|ty| format!(": {ty}")).unwrap_or_default();
        match (&param.default, ty.is_empty()) {
            (Some(default), true) => format!("{}={default}", param.name),
            (Some(default), false) => format!("{}{ty} = {default}", param.name),
            (None, _) => format!("{}{ty}", param.name),
        }
    });
    std::iter::once(first.to_owned()).chain(others).collect()
}

/// The method with a body, indented by tabs, without a final line end.
pub fn stub(method: &Method, style: &Style, how: &Stub<'_>) -> String {
    let outer = "\t".repeat(how.depth);
    let inner = "\t".repeat(how.depth + 1);
    let mut out = String::new();
    let decorator = match (method.accessor, method.is_static) {
        (Some(Accessor::Get), _) => Some("@property"),
        (_, true) => Some("@classmethod"),
        _ => None,
    };
    if let Some(decorator) = decorator {
        out.push_str(&format!("{outer}{decorator}\n"));
    }
    let line = format!("{outer}{}:", head(method));
    if style.columns(&line) <= style.width {
        out.push_str(&line);
    } else {
        out.push_str(&format!("{outer}{}{}(\n", keyword(method), method.name));
        for param in params(method) {
            out.push_str(&format!("{inner}{param},\n"));
        }
        out.push_str(&format!("{outer}){}:", result(method)));
    }
    if how.doc
        && let Some(first) = method.doc.first()
    {
        out.push_str(&format!("\n{inner}\"\"\"{first}\"\"\""));
    }
    out + &how.lines("pass")
}

/// The edit that adds `method`, laid out, at the end of `class`; in place of a `pass` that is all it has.
pub fn with_method(text: &str, class: &Class, method: &str, eol: &str) -> Option<TextEdit> {
    let body = text.get(class.body.start..class.body.end)?;
    Some(if body.trim() == "pass" {
        TextEdit::replace(class.body, method.trim_start())
    } else {
        let at = line_end(text, class.body.start + body.trim_end().len());
        TextEdit::insert(at, format!("{eol}{eol}{method}"))
    })
}
