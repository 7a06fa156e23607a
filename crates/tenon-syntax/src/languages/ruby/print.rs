//! Methods printed as stubs.

use crate::contract::{Method, Param};
use crate::stub::Stub;
use crate::style::Style;

/// The first line of `method`, however long.
pub fn head(method: &Method) -> String {
    match params(method).join(", ") {
        none if none.is_empty() => begin(method),
        params => format!("{}({params})", begin(method)),
    }
}

fn begin(method: &Method) -> String {
    let object = if method.is_static { "self." } else { "" };
    format!("def {object}{}", method.name)
}

fn params(method: &Method) -> Vec<String> {
    let param = |param: &Param| match &param.default {
        Some(default) if param.name.ends_with(':') => format!("{} {default}", param.name),
        Some(default) => format!("{} = {default}", param.name),
        None => param.name.clone(),
    };
    method.params.iter().map(param).collect()
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
    let mut head = format!("{outer}{}", head(method));
    if style.columns(&head) > style.width && !method.params.is_empty() {
        let params = params(method).join(&format!(",\n{inner}"));
        head = format!("{outer}{}(\n{inner}{params}\n{outer})", begin(method));
    }
    let usual = format!(
        "raise NotImplementedError, \"`{}` is not implemented\"",
        method.name
    );
    format!("{doc}{head}{}\n{outer}end", how.lines(&usual))
}
