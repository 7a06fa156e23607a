//! Methods printed as stubs, and what an import looks like.

use crate::contract::{Import, Method, Param, Visibility};
use crate::stub::Stub;
use crate::style::Style;

/// What a stub does whose pack says nothing of it.
const BODY: &str = "throw new UnsupportedOperationException(\"not implemented\");";

/// One import as a statement.
pub fn import_statement(import: &Import) -> String {
    let (mark, module) = match import.module.strip_prefix("static ") {
        Some(module) => ("static ", module),
        None => ("", import.module.as_str()),
    };
    format!("import {mark}{module}.{};", import.name)
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
    let bounds = method.bounds.iter().map(|bounds| format!(" {bounds}"));
    bounds.collect()
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
        let lines = method
            .doc
            .iter()
            .map(|line| format!("{outer} * {line}").trim_end().to_owned() + "\n");
        out.push_str(&format!("{outer}/**\n{}{outer} */\n", lines.collect::<String>()));
    }
    let access = match method.visibility {
        Visibility::Public => "public ",
        Visibility::Protected => "protected ",
        Visibility::Private => "",
    };
    out.push_str(&format!("{outer}@Override\n"));
    let line = format!("{outer}{access}{} {{", shape(method));
    if style.columns(&line) <= style.width || method.params.is_empty() {
        out.push_str(&line);
    } else {
        let params: Vec<String> = method.params.iter().map(param).collect();
        let more = format!("{outer}\t\t");
        let one = format!("{more}{}){} {{", params.join(", "), throws(method));
        out.push_str(&format!("{outer}{access}{}(\n", named(method)));
        if style.columns(&one) <= style.width {
            out.push_str(&one);
        } else {
            let params = params.join(&format!(",\n{more}"));
            out.push_str(&format!("{more}{params}){} {{", throws(method)));
        }
    }
    let body = if how.body.trim().is_empty() {
        BODY
    } else {
        how.body
    };
    for line in body.trim_matches('\n').lines() {
        out.push('\n');
        if !line.trim().is_empty() {
            out.push_str(&format!("{outer}\t{}", line.trim_end()));
        }
    }
    out + &format!("\n{outer}}}")
}
