//! Methods printed as stubs, and put into a class.

use crate::class::Class;
use crate::contract::{Method, Param, Visibility};
use crate::stub::Stub;
use crate::style::Style;
use tenon_text::diag::TextEdit;
use tenon_text::format::line_start;

use super::grammar::GRAMMAR;

/// The first line of `method`, however long.
pub fn head(method: &Method) -> String {
    let params = params(method);
    let params = if params.is_empty() {
        String::new()
    } else {
        format!("({})", params.join(", "))
    };
    format!("{}{params}", begin(method))
}

fn begin(method: &Method) -> String {
    let object = if method.is_static { "self." } else { "" };
    format!("def {object}{}", method.name)
}

fn params(method: &Method) -> Vec<String> {
    method.params.iter().map(param).collect()
}

fn param(param: &Param) -> String {
    match &param.default {
        Some(default) if param.name.ends_with(':') => format!("{} {default}", param.name),
        Some(default) => format!("{} = {default}", param.name),
        None => param.name.clone(),
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
    let outer = "\t".repeat(how.depth);
    let inner = "\t".repeat(how.depth + 1);
    let mut out = String::new();
    if how.doc
        && let Some(first) = method.doc.first()
    {
        out.push_str(&format!("{outer}# {first}\n"));
    }
    let line = format!("{outer}{}", head(method));
    if style.columns(&line) <= style.width || method.params.is_empty() {
        out.push_str(&line);
    } else {
        let params: Vec<String> = params(method)
            .iter()
            .map(|param| format!("{inner}{param}"))
            .collect();
        out.push_str(&format!(
            "{outer}{}(\n{}\n{outer})",
            begin(method),
            params.join(",\n")
        ));
    }
    let usual = format!(
        "raise NotImplementedError, \"`{}` is not implemented\"",
        method.name
    );
    let body = if how.body.trim().is_empty() {
        &usual
    } else {
        how.body
    };
    for line in body.lines() {
        out.push('\n');
        if !line.trim().is_empty() {
            out.push_str(&format!("{inner}{line}"));
        }
    }
    out.push_str(&format!("\n{outer}end"));
    out
}

/// The edit that adds `printed`, laid out, to `class`: before what is private, if it is not, else at the end.
pub fn with_method(
    text: &str,
    class: &Class,
    method: &Method,
    (printed, outer, eol): (&str, &str, &str),
) -> Option<TextEdit> {
    let inside = text.get(class.body.start..class.body.end)?;
    if inside.trim_matches([' ', '\t', '\r', '\n', ';']).is_empty() {
        return Some(TextEdit::replace(
            class.body,
            format!("{eol}{printed}{eol}{outer}"),
        ));
    }
    let private = private_section(text, class).filter(|_| method.visibility == Visibility::Public);
    if let Some(at) = private {
        return Some(TextEdit::insert(
            line_start(text, at),
            format!("{printed}{eol}{eol}"),
        ));
    }
    let at = class.body.start + inside.trim_end().len();
    Some(TextEdit::replace(
        at..class.body.end,
        format!("{eol}{eol}{printed}{eol}{outer}"),
    ))
}

/// Where the first `private` or `protected` stands that holds for all that follows.
fn private_section(text: &str, class: &Class) -> Option<usize> {
    let tree = GRAMMAR.parse(text);
    let root = tree.root();
    let node = root
        .dfs()
        .find(|node| matches!(&*node.kind(), "class" | "module") && class.span == node.range().into())?;
    let mut statements = node.field("body")?.children().collect::<Vec<_>>().into_iter();
    let section = statements
        .find(|child| child.kind() == "identifier" && matches!(&*child.text(), "private" | "protected"))?;
    let at = section.range().start;
    text[line_start(text, at)..at].trim().is_empty().then_some(at)
}

/// Whether the method with the text `text` has this body and nothing else.
pub fn does_only(text: &str, body: &str) -> bool {
    let tree = GRAMMAR.parse(text);
    let root = tree.root();
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let method = root
        .dfs()
        .find(|node| matches!(&*node.kind(), "method" | "singleton_method"));
    let own = method.and_then(|method| method.field("body"));
    own.is_some_and(|own| !body.trim().is_empty() && bare(&own.text()) == bare(body))
}
