//! Methods of a trait as code, as rustfmt would leave it.

use super::grammar::GRAMMAR;
use crate::contract::{Method, Param, Property};
use crate::stub::Stub;
use crate::style::Style;

/// The implementation of `method`, without a final line break.
pub fn stub(method: &Method, style: &Style, how: &Stub<'_>) -> String {
    let mut out = String::new();
    let margin = style.indent.repeat(how.depth);
    if how.doc {
        for line in &method.doc {
            out += format!("{margin}/// {line}").trim_end();
            out.push('\n');
        }
    }
    let used = identifiers(how.body);
    let name = |param: &Param| {
        let plain = param.name.trim_start_matches("mut ");
        let is_name = plain.chars().all(|c| c.is_alphanumeric() || c == '_');
        let free = param.ty.is_none() || plain == "self" || plain.starts_with('_') || !is_name;
        if free || used.iter().any(|word| word == plain) {
            plain.to_owned()
        } else {
            format!("{}{plain}", how.unused_prefix)
        }
    };
    let params: Vec<String> = method
        .params
        .iter()
        .map(|param| match &param.ty {
            Some(ty) => format!("{}: {ty}", name(param)),
            None => param.name.clone(),
        })
        .collect();
    let start = format!(
        "{}fn {}{}",
        if method.is_async { "async " } else { "" },
        method.name,
        method.generics.as_deref().unwrap_or_default()
    );
    let returns = method
        .returns
        .as_deref()
        .map(|ty| format!(" -> {ty}"))
        .unwrap_or_default();
    let body = how.body.trim_end().trim_start_matches('\n');
    let empty = body.trim().is_empty();
    let close = if empty { " {}" } else { " {" };
    let flat = format!("{margin}{start}({}){returns}", params.join(", "));
    let behind = if method.bounds.is_some() { "" } else { close };
    let broken = style.columns(&flat) + behind.len() > style.width;
    let mut head = flat;
    if broken && !params.is_empty() {
        let inner = style.indent.repeat(how.depth + 1);
        let lines: String = params.iter().map(|param| format!("{inner}{param},\n")).collect();
        head = format!("{margin}{start}(\n{lines}{margin}){returns}");
    }
    out += &head;
    if let Some(bounds) = &method.bounds {
        out += &clause(bounds, style, how.depth);
        out += &format!("\n{margin}{}", if empty { "{\n" } else { "{" });
        if empty {
            return out + &margin + "}";
        }
    } else if empty && broken {
        return out + " {\n" + &margin + "}";
    } else {
        out += close;
    }
    if empty {
        return out;
    }
    for line in body.lines() {
        out.push('\n');
        if !line.trim().is_empty() {
            out += &style.indent.repeat(how.depth + 1);
            out += line.trim_end();
        }
    }
    out + "\n" + &margin + "}"
}

/// A clause of bounds on lines of its own.
fn clause(bounds: &str, style: &Style, depth: usize) -> String {
    let (margin, inner) = (style.indent.repeat(depth), style.indent.repeat(depth + 1));
    let list = bounds.trim_start_matches("where").trim();
    let mut out = format!("\n{margin}where");
    for bound in split(list) {
        out += &format!("\n{inner}{},", bound.trim());
    }
    out
}

/// The parts of a list between commas that are not inside brackets.
pub(super) fn split(list: &str) -> Vec<&str> {
    let mut out = vec![];
    let (mut depth, mut start, mut last) = (0_i32, 0, ' ');
    for (at, c) in list.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if last == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        last = c;
    }
    out.push(&list[start..]);
    out.retain(|part| !part.trim().is_empty());
    out
}

/// An associated type or constant with the value `value`.
pub fn property_stub(property: &Property, style: &Style, value: &str) -> String {
    let margin = &style.indent;
    match &property.ty {
        Some(ty) => format!("{margin}const {}: {ty} = {value};", property.name),
        None => format!("{margin}type {} = {value};", property.name),
    }
}

/// The head of `method` on one line, as a person would be told to write it.
pub fn shape(method: &Method) -> String {
    let params: Vec<String> = method
        .params
        .iter()
        .map(|param| match &param.ty {
            Some(ty) => format!("{}: {ty}", param.name),
            None => param.name.clone(),
        })
        .collect();
    let generics = method.generics.as_deref().unwrap_or_default();
    let returns = method
        .returns
        .as_deref()
        .map(|ty| format!(" -> {ty}"))
        .unwrap_or_default();
    let bounds = method
        .bounds
        .as_deref()
        .map(|text| format!(" {text}"))
        .unwrap_or_default();
    let word = if method.is_async { "async " } else { "" };
    format!(
        "{word}fn {}{generics}({}){returns}{bounds}",
        method.name,
        params.join(", ")
    )
}

/// The arguments of a call that passes the parameters on.
pub fn call_arguments(method: &Method) -> String {
    let params = method
        .params
        .iter()
        .filter(|param| param.ty.is_some() && param.name != "self");
    let names: Vec<&str> = params
        .map(|param| param.name.trim_start_matches("mut "))
        .collect();
    names.join(", ")
}

/// The names that statements mention.
fn identifiers(body: &str) -> Vec<String> {
    let tree = GRAMMAR.parse(&format!("fn f() {{\n{body}\n}}"));
    let root = tree.root();
    let names = root
        .dfs()
        .filter(|node| matches!(&*node.kind(), "identifier" | "shorthand_field_identifier"));
    names.map(|node| node.text().into_owned()).collect()
}
