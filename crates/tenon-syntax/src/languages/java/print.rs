//! Methods printed as stubs, and what an import looks like.

use crate::contract::{Import, Method, Param, Visibility};
use crate::stub::Stub;
use crate::style::Style;

/// What a stub does whose pack says nothing of it.
const BODY: &str = "throw new UnsupportedOperationException(\"not implemented\");";

/// One import as a statement.
pub fn import_statement(import: &Import) -> String {
    format!("import {}.{};", import.module, import.name)
}

/// The head of `method` on one line, without modifiers.
pub fn shape(method: &Method) -> String {
    let params: Vec<String> = method.params.iter().map(param).collect();
    format!("{}({}){}", named(method), params.join(", "), throws(method))
}

/// From the type parameters to the name.
fn named(method: &Method) -> String {
    let generics = method.generics.iter().map(|generics| format!("{generics} "));
    let result = method.returns.as_deref().unwrap_or("void");
    format!("{}{result} {}", generics.collect::<String>(), method.name)
}

fn throws(method: &Method) -> String {
    method.bounds.iter().map(|bounds| format!(" {bounds}")).collect()
}

fn param(param: &Param) -> String {
    let rest = if param.rest { "..." } else { "" };
    format!("{}{rest} {}", param.ty.as_deref().unwrap_or("Object"), param.name)
}

/// The method with a body, indented by tabs, without a final line end.
pub fn stub(method: &Method, style: &Style, how: &Stub<'_>) -> String {
    let outer = "\t".repeat(how.depth);
    let mut out = String::new();
    if how.doc && !method.doc.is_empty() {
        let lines = method.doc.iter();
        let lines = lines.map(|line| format!("{outer} * {line}").trim_end().to_owned() + "\n");
        out.push_str(&format!("{outer}/**\n{}{outer} */\n", lines.collect::<String>()));
    }
    let is_public = method.visibility == Visibility::Public;
    let access = if is_public { "public " } else { "protected " };
    let params: Vec<String> = method.params.iter().map(param).collect();
    let more = format!("\n{outer}\t\t");
    // On one line, the parameters on a line of their own, each on a line.
    let layouts = [("", ", "), (&*more, ", "), (&*more, &*format!(",{more}"))].map(|(before, between)| {
        let params = format!("{before}{}", params.join(between));
        format!("{outer}{access}{}({params}){} {{", named(method), throws(method))
    });
    let fits = |text: &&String| text.lines().all(|line| style.columns(line) <= style.width);
    let widest = if params.is_empty() { 0 } else { 2 };
    let head = layouts.iter().find(fits).unwrap_or(&layouts[widest]);
    out + &format!("{outer}@Override\n{head}{}\n{outer}}}", how.lines(BODY))
}
