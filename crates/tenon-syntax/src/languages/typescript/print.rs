//! Methods of a contract as code: stubs laid out as the host's formatter would print them.

use crate::contract::{Accessor, Import, ImportKind, Method, Param, Signature, Visibility};
use crate::stub::Stub;
use crate::style::Style;

use super::doc::{Doc, concat, group, nil, print, text, will_break};
use super::grammar::GRAMMAR;
use super::overloads::implementation;
use super::types::{generics_shape, lay, lay_generics, parameters};

/// The head of `method` on one line, as a person would be told to write it.
pub fn shape(method: &Method) -> String {
    let params: Vec<String> = method
        .params
        .iter()
        .map(|param| {
            let rest = if param.rest { "..." } else { "" };
            let optional = if param.optional { "?" } else { "" };
            format!(
                "{rest}{}{optional}: {}",
                param.name,
                param.ty.as_deref().unwrap_or("unknown")
            )
        })
        .collect();
    let returns = method.returns.as_deref().unwrap_or("void");
    let text = format!("{}({}): {returns}", method.name, params.join(", "));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The implementation of `method`, without a final line break.
pub fn stub(method: &Method, style: &Style, stub: &Stub<'_>) -> String {
    let mut out = String::new();
    if stub.doc {
        out.push_str(&doc_comment(&method.doc, style, stub.depth));
    }
    for overload in &method.overloads {
        let mut doc = head(method, overload, style, &|_| false, "", false);
        doc.push(text(if style.semicolons { ";" } else { "" }));
        out.push_str(&print(concat(doc), style, stub.depth));
        out.push('\n');
    }
    let main = implementation(method);
    let names = identifiers(stub.body);
    let unused =
        |param: &Param| !names.contains(&param.name) && !param.name.starts_with('_') && param.name != "this";
    let awaits = names.iter().any(|name| name == "await");
    let mut doc = head(method, &main, style, &unused, stub.unused_prefix, awaits);
    let body = stub.body.trim_end();
    doc.push(text(if body.trim().is_empty() { " {}" } else { " {" }));
    out.push_str(&print(concat(doc), style, stub.depth));
    if !body.trim().is_empty() {
        let margin = style.indent.repeat(stub.depth + 1);
        for line in body.trim_start_matches('\n').lines() {
            out.push('\n');
            if !line.trim().is_empty() {
                out.push_str(&margin);
                out.push_str(line.trim_end());
            }
        }
        out.push('\n');
        out.push_str(&style.indent.repeat(stub.depth));
        out.push('}');
    }
    out
}

/// The arguments that pass a method's parameters on, as in `super.x(a, ...b)`.
pub fn call_arguments(method: &Method) -> String {
    let params = method.params.iter().filter(|param| param.name != "this");
    let args: Vec<String> = params
        .map(|param| {
            if param.rest {
                format!("...{}", param.name)
            } else {
                param.name.clone()
            }
        })
        .collect();
    args.join(", ")
}

/// `/** … */` above a member: one line, or a block; empty for no lines.
pub fn doc_comment(lines: &[String], style: &Style, depth: usize) -> String {
    let margin = style.indent.repeat(depth);
    let safe = |line: &str| line.replace("*/", "*\\/");
    match lines {
        [] => String::new(),
        [line] => format!("{margin}/** {} */\n", safe(line)),
        lines => {
            let mut out = format!("{margin}/**\n");
            for line in lines {
                out.push_str(format!("{margin} * {}", safe(line)).trim_end());
                out.push('\n');
            }
            out.push_str(&format!("{margin} */\n"));
            out
        }
    }
}

/// Modifiers, name, type parameters, parameters and result.
fn head(
    method: &Method,
    signature: &Signature,
    style: &Style,
    unused: &dyn Fn(&Param) -> bool,
    prefix: &str,
    awaits: bool,
) -> Vec<Doc> {
    let mut out = vec![];
    match method.visibility {
        Visibility::Public => {}
        Visibility::Protected => out.push(text("protected ")),
        Visibility::Private => out.push(text("private ")),
    }
    if method.is_static {
        out.push(text("static "));
    }
    let is_promise = signature
        .returns
        .as_deref()
        .is_none_or(|ty| ty.starts_with("Promise<"));
    if awaits && is_promise && method.accessor.is_none() {
        out.push(text("async "));
    }
    match method.accessor {
        Some(Accessor::Get) => out.push(text("get ")),
        Some(Accessor::Set) => out.push(text("set ")),
        None => {}
    }
    out.push(text(&*method.name));
    let generics = signature.generics.as_deref();
    out.extend(generics.map(|generics| lay_generics(generics, style)));
    let (returns, returns_object) = match &signature.returns {
        Some(ty) => {
            let laid = lay(ty, style);
            (concat([text(": "), laid.doc]), laid.is_object)
        }
        None => (nil(), false),
    };
    let rest_last = signature.params.last().is_some_and(|param| param.rest);
    let list = signature.params.iter().map(|param| {
        let prefix = if unused(param) { prefix } else { "" };
        parameter(param, prefix, style)
    });
    let params = parameters(list.collect(), rest_last);
    let (count, constrained) = generics.map_or((0, false), generics_shape);
    let alone = signature.returns.is_some()
        && count < 2
        && !constrained
        && signature.params.len() == 1
        && (returns_object || will_break(&returns));
    out.push(group(concat([
        if alone { group(params) } else { params },
        returns,
    ])));
    out
}

/// A parameter, and whether its type is an object.
fn parameter(param: &Param, prefix: &str, style: &Style) -> (Doc, bool) {
    let default = param.default.as_deref().filter(|value| is_literal(value));
    let optional = param.optional || (param.default.is_some() && default.is_none());
    let mark = if optional { "?" } else { "" };
    let rest = if param.rest { "..." } else { "" };
    let name = text(format!("{rest}{prefix}{}{mark}", param.name));
    let default = default.map_or(nil(), |value| text(format!(" = {value}")));
    match &param.ty {
        Some(ty) => {
            let laid = lay(ty, style);
            if param.default.is_some() {
                return (concat([name, text(": "), laid.doc, default]), false);
            }
            (concat([name, text(": "), laid.doc]), laid.is_object)
        }
        None => (concat([name, default]), false),
    }
}

/// Whether a default value means the same in any file.
fn is_literal(value: &str) -> bool {
    matches!(value, "true" | "false" | "null" | "undefined" | "[]" | "{}")
        || value.parse::<f64>().is_ok()
        || (value.len() > 1 && value.starts_with(['\'', '"']) && !value.contains('\n'))
}

/// The names that statements mention, and `await` if they wait.
fn identifiers(body: &str) -> Vec<String> {
    let tree = GRAMMAR.parse(&format!("async function _() {{\n{body}\n}}"));
    let root = tree.root();
    let mut names: Vec<String> = vec![];
    for node in root.dfs() {
        match &*node.kind() {
            "identifier" | "shorthand_property_identifier" => names.push(node.text().into_owned()),
            "await_expression" => names.push("await".to_owned()),
            _ => {}
        }
    }
    names
}

/// One import as a statement; what formats the file merges them.
pub fn import_statement(import: &Import) -> String {
    let ty = if import.type_only { "type " } else { "" };
    let Import { module, name, .. } = import;
    match (import.kind, &import.alias) {
        (ImportKind::Named, None) => format!("import {ty}{{ {name} }} from '{module}';"),
        (ImportKind::Named, Some(alias)) => format!("import {ty}{{ {name} as {alias} }} from '{module}';"),
        (ImportKind::Default, _) => format!("import {ty}{} from '{module}';", import.local()),
        (ImportKind::Namespace, _) => format!("import {ty}* as {} from '{module}';", import.local()),
    }
}
