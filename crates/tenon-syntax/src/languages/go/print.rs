//! Methods of a contract as Go code, the way `gofmt` leaves it.

use std::collections::BTreeSet;

use crate::contract::{Import, Method, Param};
use crate::stub::Stub;
use tenon_text::diag::TextEdit;
use tenon_text::format::{Eol, line_end};

use super::file::File;
use super::names::is_keyword;

/// `Exists(object runtime.Object) (bool, error)`: a method without `func`, receiver and body. Parameters without a name
/// get one.
pub fn head(method: &Method) -> String {
    let params = named(method);
    let mut out = vec![];
    for (at, param) in params.iter().enumerate() {
        let ty = param.ty.as_deref().unwrap_or_default();
        let rest = if param.rest { "..." } else { "" };
        // `a, b string`: names of one type stand together, as they most likely were written.
        let same = params
            .get(at + 1)
            .is_some_and(|next| next.ty == param.ty && !next.rest && !param.rest);
        out.push(if same {
            param.name.clone()
        } else {
            format!("{} {rest}{ty}", param.name)
        });
    }
    let returns = method
        .returns
        .as_deref()
        .map(|ty| format!(" {ty}"))
        .unwrap_or_default();
    format!("{}({}){returns}", method.name, out.join(", "))
}

/// The head with the parameters as the contract has them, for people.
pub fn shape(method: &Method) -> String {
    let param = |param: &Param| {
        let rest = if param.rest { "..." } else { "" };
        let ty = param.ty.as_deref().unwrap_or_default();
        format!("{} {rest}{ty}", param.name).trim_start().to_owned()
    };
    let params: Vec<String> = method.params.iter().map(param).collect();
    let returns = method
        .returns
        .as_deref()
        .map(|ty| format!(" {ty}"))
        .unwrap_or_default();
    let text = format!("{}({}){returns}", method.name, params.join(", "));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The arguments of a call that passes the parameters of `method` on.
pub fn call_arguments(method: &Method) -> String {
    let one = |param: Param| {
        if param.rest {
            format!("{}...", param.name)
        } else {
            param.name
        }
    };
    named(method).into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The edit that adds a stub of `method` behind the last method of the type `name`, else behind the type itself; nothing if the
/// type is not declared there.
pub fn with_stub(text: &str, name: &str, method: &Method, how: &Stub<'_>) -> Option<TextEdit> {
    let (file, tree) = File::parse(text);
    let of = |receiver: &Option<(String, super::ty::Ty)>| {
        receiver
            .clone()
            .filter(|(_, ty)| ty.head().is_some_and(|head| head.name == name))
    };
    let last = file
        .functions
        .iter()
        .rev()
        .find_map(|function| Some((of(&function.receiver)?, function.span)));
    let decl = file.types.iter().find(|ty| ty.name == name)?;
    let parameters = match decl.params.as_slice() {
        [] => String::new(),
        names => format!("[{}]", names.join(", ")),
    };
    let (receiver, at) = match last {
        Some(((receiver, ty), span)) => (format!("{receiver} {}", ty.text), span.end),
        None => {
            let letter = name.chars().next().unwrap_or('r').to_lowercase();
            (format!("{letter} *{name}{parameters}"), decl.span.end)
        }
    };
    let how = Stub {
        receiver: receiver.trim(),
        ..*how
    };
    let eol = Eol::detect(text).as_str();
    let printed = stub(method, &how).lines().collect::<Vec<_>>().join(eol);
    let mut end = line_end(text, at);
    // What begins on the same line ends first.
    for node in tree.root().children() {
        let range = node.range();
        if node.is_named() && range.start < end && end < range.end {
            end = line_end(text, range.end);
        }
    }
    // A file without a final line end keeps having none.
    Some(TextEdit::insert(end, format!("{eol}{eol}{printed}")))
}

/// The method with its receiver, without a final line break.
pub fn stub(method: &Method, how: &Stub<'_>) -> String {
    let mut out = String::new();
    if how.doc {
        for line in &method.doc {
            out.push_str(format!("// {line}").trim_end());
            out.push('\n');
        }
    }
    out.push_str(&format!("func ({}) {} {{\n", how.receiver, head(method)));
    for line in how.body.trim().lines() {
        if !line.trim().is_empty() {
            out.push('\t');
            out.push_str(line.trim_end());
        }
        out.push('\n');
    }
    out.push('}');
    out
}

/// The parameters, each with a name of its own.
fn named(method: &Method) -> Vec<Param> {
    let mut taken: BTreeSet<String> = method.params.iter().map(|param| param.name.clone()).collect();
    let mut out = method.params.clone();
    for param in &mut out {
        if param.name.is_empty() {
            let wanted = name_for(param.ty.as_deref().unwrap_or_default(), param.rest);
            let mut name = wanted.clone();
            let mut count = 2;
            while !taken.insert(name.clone()) {
                name = format!("{wanted}{count}");
                count += 1;
            }
            param.name = name;
        }
    }
    out
}

/// What a parameter of this type would be called.
fn name_for(ty: &str, many: bool) -> String {
    match ty {
        "context.Context" => return "ctx".to_owned(),
        "error" => return "err".to_owned(),
        "string" => return "text".to_owned(),
        "bool" => return "is".to_owned(),
        "int" | "int32" | "int64" => return "n".to_owned(),
        _ => {}
    }
    let bare = ty.split(['[', '{', '(', '<']).next().unwrap_or_default();
    let bare = if bare.trim_matches(['*', ' ']).is_empty() {
        ty
    } else {
        bare
    };
    let last = bare.rsplit(['.', '*', ']', ' ']).next().unwrap_or_default();
    let mut name: String = last
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    // `URLList`: the first word, whole, in lower case.
    let upper = name.chars().take_while(|c| c.is_uppercase()).count();
    let lower = if upper > 1 && upper < name.chars().count() {
        upper - 1
    } else {
        upper
    };
    name = name
        .chars()
        .enumerate()
        .map(|(at, c)| if at < lower { c.to_ascii_lowercase() } else { c })
        .collect();
    if many {
        name.push('s');
    }
    if name.is_empty() || is_keyword(&name) || name.starts_with(|c: char| c.is_ascii_digit()) {
        name = "value".to_owned();
    }
    name
}

/// One import as a statement.
pub fn import_statement(import: &Import) -> String {
    format!("import {}", spec_text(import))
}

/// Alias and path of an import. An alias that the path says already is left out.
pub fn spec_text(import: &Import) -> String {
    match &import.alias {
        Some(alias) if alias != last_element(&import.module) => format!("{alias} \"{}\"", import.module),
        _ => format!("\"{}\"", import.module),
    }
}

fn last_element(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
