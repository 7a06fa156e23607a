//! Methods printed as stubs.

use crate::contract::{Method, Param};
use crate::stub::Stub;
use crate::style::Style;

/// The first line of `method`, however long.
pub fn head(method: &Method) -> String {
    head_with(method, "", ", ", "")
}

/// The head with this text before, between and behind the parameters.
fn head_with(method: &Method, before: &str, between: &str, behind: &str) -> String {
    let object = if method.is_static { "self." } else { "" };
    let param = |param: &Param| match &param.default {
        Some(default) if param.name.ends_with(':') => format!("{} {default}", param.name),
        Some(default) => format!("{} = {default}", param.name),
        None => param.name.clone(),
    };
    let params: Vec<String> = method.params.iter().map(param).collect();
    match params.join(between) {
        none if none.is_empty() => format!("def {object}{}", method.name),
        params => format!("def {object}{}({before}{params}{behind})", method.name),
    }
}

/// The arguments of a call that passes the parameters on.
pub fn arguments(method: &Method) -> String {
    let argument = |param: &Param| match param.name.strip_suffix(':') {
        Some(name) => format!("{name}: {name}"),
        None => param.name.clone(),
    };
    method.params.iter().map(argument).collect::<Vec<_>>().join(", ")
}

/// The method with a body, indented by tabs, without a final line end. A body that says nothing would give back `nil`.
pub fn stub(method: &Method, style: &Style, how: &Stub<'_>) -> String {
    let (outer, inner) = ("\t".repeat(how.depth), "\t".repeat(how.depth + 1));
    let doc = method.doc.first().filter(|_| how.doc);
    let doc = doc.map_or(String::new(), |first| format!("{outer}# {first}\n"));
    let mut head = head(method);
    if style.columns(&format!("{outer}{head}")) > style.width {
        let (before, behind) = (format!("\n{inner}"), format!("\n{outer}"));
        head = head_with(method, &before, &format!(",{before}"), &behind);
    }
    let signature = method.signature.as_ref().filter(|_| style.signatures);
    let signature = signature.map_or(String::new(), |text| {
        let says = ["abstract.", "overridable.", "override."];
        let text = says
            .iter()
            .fold(text.clone(), |text, says| text.replace(says, ""));
        format!("{outer}sig {{ override.{text} }}\n")
    });
    let name = &method.name;
    let usual = format!("raise NotImplementedError, \"`{name}` is not implemented\"");
    format!("{doc}{signature}{outer}{head}{}\n{outer}end", how.lines(&usual))
}
