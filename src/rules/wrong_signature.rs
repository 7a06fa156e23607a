//! `wrong-signature`: a method does not have the shape that its contract gives it.
//!
//! No compiler is at work here: types are compared by the names that they lead to, and only where every name on both
//! sides is known. What may be a narrower type of the implementation's own is left to the compiler.

use crate::diag::{Place, RuleInfo, Severity, Span};
use crate::lang::contract::{Method, Param, Visibility};
use crate::lang::typescript::declare::{Declared, Parameter};
use crate::lang::typescript::graph::Origin;

use super::implementation::{Base, Implementation};
use super::room::Room;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-signature",
    summary: "a method does not have the shape that its contract gives it",
    page: include_str!("../../docs/rules/wrong-signature.md"),
};

/// Reports methods of the class whose shape is not the contract's.
pub fn check(room: &Room<'_, '_>, of: &Implementation, why: &str, severity: Severity) {
    let Some(contract) = &of.contract else { return };
    room.applied(RULE.id);
    if of.base != Base::Right {
        return;
    }
    for method in contract.methods.iter().filter(|method| !method.is_static) {
        let own = of
            .methods
            .iter()
            .find(|(own, _)| own.name == method.name && !own.is_static);
        let Some((own, file)) = own else { continue };
        // Of overloads only the whole says what is taken.
        let overloaded = of
            .methods
            .iter()
            .filter(|(other, _)| other.name == own.name)
            .count()
            > 1;
        if overloaded || !method.overloads.is_empty() || method.accessor.is_some() {
            continue;
        }
        let Some((span, message)) = wrong(room, file, own, method, &of.specifier) else {
            continue;
        };
        let contract_file = if method.file.is_empty() {
            &contract.file
        } else {
            &method.file
        };
        room.report(
            room.finding(RULE.id, Place::span(file.as_str(), span), message)
                .because(
                    format!("`{}` declares it so", of.symbol),
                    Some(Place::span(contract_file.as_str(), method.span)),
                )
                .because(why, None)
                .help(format!("write it as `{}`", shape(method)))
                .severity(severity),
        );
    }
}

fn shape(method: &Method) -> String {
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

fn wrong(
    room: &Room<'_, '_>,
    file: &str,
    own: &Declared,
    method: &Method,
    specifier: &str,
) -> Option<(Span, String)> {
    let head = head(room, file, own);
    let name = &own.name;
    if method.visibility == Visibility::Public && own.visibility != Visibility::Public {
        let is = if own.visibility == Visibility::Private {
            "private"
        } else {
            "protected"
        };
        return Some((
            head,
            format!("`{name}` is {is}, and its contract makes it public"),
        ));
    }
    if own.accessor.is_some() {
        return Some((
            head,
            format!("`{name}` is read like a field, and its contract makes it a method"),
        ));
    }
    let passes_any_number = method.params.iter().any(|param| param.rest);
    let extra = own
        .params
        .iter()
        .filter(|param| param.name != "this")
        .skip(method.params.len())
        .find(|param| !param.optional && param.default.is_none() && !param.rest);
    if let Some(extra) = extra.filter(|_| !passes_any_number) {
        let count = match method.params.len() {
            0 => "none".to_owned(),
            n => format!("only {n}"),
        };
        return Some((
            extra.span,
            format!(
                "`{name}` needs the parameter `{}`, and its contract passes {count}",
                extra.name
            ),
        ));
    }
    if own.generics.is_some() || method.generics.is_some() {
        return None;
    }
    let types = Types {
        room,
        file,
        specifier,
    };
    for (own, theirs) in own.params.iter().zip(&method.params) {
        if let Some(message) = types.param(name, own, theirs) {
            return Some((own.span, message));
        }
    }
    let (own, theirs) = (own.returns.as_deref()?, method.returns.as_deref()?);
    let mine = types.parts(own, true)?;
    let asked = types.parts(theirs, false)?;
    if mine.iter().all(|part| asked.contains(part))
        || asked.iter().any(|part| part == "any" || part == "unknown")
    {
        return None;
    }
    Some((
        head,
        format!(
            "`{name}` returns `{}`, and its contract `{}`",
            flat(own),
            flat(theirs)
        ),
    ))
}

/// The method up to its body.
fn head(room: &Room<'_, '_>, file: &str, own: &Declared) -> Span {
    let text = room.text(file).unwrap_or_default();
    let whole = text.get(own.span.start..own.span.end).unwrap_or_default();
    let from = whole.find(&own.name).unwrap_or(0);
    let from = if own.decorators.is_empty() { 0 } else { from };
    let end = whole[from..].find('\n').map_or(whole.len(), |at| from + at);
    let line = whole[from..end].trim_end().trim_end_matches('{').trim_end();
    Span::new(own.span.start + from, own.span.start + from + line.len())
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Types<'t, 'r, 's> {
    room: &'t Room<'r, 's>,
    file: &'t str,
    specifier: &'t str,
}

/// Names that every file knows.
const GLOBAL: [&str; 22] = [
    "any",
    "Array",
    "ArrayBuffer",
    "bigint",
    "boolean",
    "Buffer",
    "Date",
    "false",
    "Map",
    "never",
    "null",
    "number",
    "object",
    "Promise",
    "ReadonlyArray",
    "Record",
    "Set",
    "string",
    "true",
    "undefined",
    "unknown",
    "void",
];

impl Types<'_, '_, '_> {
    fn param(&self, method: &str, own: &Parameter, theirs: &Param) -> Option<String> {
        let (written, asked) = (own.ty.as_deref()?, theirs.ty.as_deref()?);
        let mine = self.parts(written, true)?;
        let all = self.parts(asked, false)?;
        let wide = |parts: &[String]| parts.iter().any(|part| part == "any" || part == "unknown");
        // A parameter may take more than it is given; methods may also take less, as their compiler sees it.
        let fits = mine.iter().any(|part| all.contains(part)) || wide(&mine) || wide(&all);
        (!fits).then(|| {
            format!(
                "the parameter `{}` of `{method}` is `{}`, and its contract passes `{}`",
                own.name,
                flat(written),
                flat(asked)
            )
        })
    }

    /// The members of a union, each by the names it leads to; nothing if a name is not known, or if the type is more
    /// than names, lists and arguments.
    fn parts(&self, ty: &str, own: bool) -> Option<Vec<String>> {
        if ty.contains(['{', '(', '&', '`', '\'', '"']) || ty.contains("=>") || ty.contains(" extends ") {
            return None;
        }
        let mut out: Vec<String> = Vec::new();
        for part in split_union(ty) {
            let part = self.named(part, own)?;
            if !part.is_empty() {
                out.push(part);
            }
        }
        Some(out)
    }

    fn named(&self, ty: &str, own: bool) -> Option<String> {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        let mut out = String::new();
        let mut rest = ty.trim();
        while let Some(first) = rest.chars().next() {
            if !is_name(first) {
                if !first.is_whitespace() {
                    out.push(first);
                }
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = &rest[end..];
            if GLOBAL.contains(&name) {
                out.push_str(name);
            } else if own {
                match self.room.code.origin(self.file, name) {
                    Origin::Outside { module, path } if module == self.specifier => {
                        out.push_str(&path.join("."))
                    }
                    Origin::Outside { path, .. } => out.push_str(path.last()?),
                    _ => return None,
                }
            } else if name.contains('.') {
                out.push_str(name);
            } else {
                out.push_str(name.rsplit('.').next()?);
            }
        }
        Some(out)
    }
}

/// The members of a union that are not inside brackets.
fn split_union(ty: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in ty.char_indices() {
        match c {
            '<' | '[' => depth += 1,
            '>' | ']' => depth -= 1,
            '|' if depth == 0 => {
                out.push(&ty[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&ty[start..]);
    out.into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unions_are_split_outside_of_brackets() {
        assert_eq!(split_union("| A<B | C> | D[]"), ["A<B | C>", "D[]"]);
    }
}
