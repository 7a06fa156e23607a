//! Whether a method has the shape that its contract gives it.
//!
//! No compiler is at work here: types are compared by the names that they lead to, and only where every name on both
//! sides is known. What may be a narrower type of the implementation's own is left to the compiler.

use std::rc::Rc;

use crate::class::{Declared, Parameter};
use crate::contract::{Method, Param, Visibility};
use crate::sources::{Against, Definition, Mismatch};
use tenon_text::diag::Span;

use super::package::{Module, Package};

/// What is wrong with the shape of `own`, a method of the file at `path`, and where.
pub fn signature_mismatch(
    package: &Package<'_>,
    path: &str,
    own: &Declared,
    method: &Method,
    against: &Against<'_>,
) -> Option<Mismatch> {
    let head = || head(package, path, own);
    let name = &own.name;
    if method.visibility == Visibility::Public && own.visibility != Visibility::Public {
        let is = if own.visibility == Visibility::Private {
            "private"
        } else {
            "protected"
        };
        let message = format!("`{name}` is {is}, and its contract makes it public");
        return Some((head(), message).into());
    }
    if own.accessor.is_some() {
        let message = format!("`{name}` is read like a field, and its contract makes it a method");
        return Some((head(), message).into());
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
        let message = format!(
            "`{name}` needs the parameter `{}`, and its contract passes {count}",
            extra.name
        );
        return Some((extra.span, message).into());
    }
    if own.generics.is_some() || method.generics.is_some() {
        return None;
    }
    let types = Types {
        package,
        module: package.module(path)?,
        against,
    };
    let params = own.params.iter().zip(&method.params);
    let mut wrong: Vec<Mismatch> = params
        .filter_map(|(own, theirs)| types.param(name, own, theirs))
        .collect();
    // What is wrong for certain comes first.
    wrong.sort_by_key(|wrong| wrong.may_fit);
    if let Some(wrong) = wrong.into_iter().next() {
        return Some(wrong);
    }
    let (returns, theirs) = (own.returns.as_deref()?, method.returns.as_deref()?);
    if types.are_same(returns, theirs) {
        return None;
    }
    let mine = types.named(returns, true)?;
    let asked = types.named(theirs, false)?;
    (fits(&mine, &asked) != Fit::Yes).then(|| {
        let message = format!(
            "`{name}` returns `{}`, and its contract `{}`",
            flat(returns),
            flat(theirs)
        );
        let span = result(package, path, own, returns).unwrap_or_else(head);
        (span, message).into()
    })
}

/// The method up to its body.
fn head(package: &Package<'_>, path: &str, own: &Declared) -> Span {
    let text = package.source.text(path).unwrap_or_default();
    let whole = text.get(own.span.start..own.span.end).unwrap_or_default();
    let from = whole.find(&own.name).unwrap_or(0);
    let from = if own.decorators.is_empty() { 0 } else { from };
    let end = whole[from..].find('\n').map_or(whole.len(), |at| from + at);
    let line = whole[from..end].trim_end().trim_end_matches('{').trim_end();
    Span::new(own.span.start + from, own.span.start + from + line.len())
}

/// The result type of the method.
fn result(package: &Package<'_>, path: &str, own: &Declared, returns: &str) -> Option<Span> {
    let text = package.source.text(path)?;
    let from = own.params.last().map_or(own.span.start, |param| param.span.end);
    let at = from + text.get(from..own.span.end)?.find(returns)?;
    Some(Span::new(at, at + returns.len()))
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Types<'t, 's> {
    package: &'t Package<'s>,
    module: Rc<Module>,
    against: &'t Against<'t>,
}

/// Names that every file knows.
fn is_global(name: &str) -> bool {
    matches!(
        name,
        "any"
            | "Array"
            | "ArrayBuffer"
            | "bigint"
            | "boolean"
            | "Buffer"
            | "Date"
            | "false"
            | "Map"
            | "never"
            | "null"
            | "number"
            | "object"
            | "Promise"
            | "ReadonlyArray"
            | "Record"
            | "Set"
            | "string"
            | "true"
            | "undefined"
            | "unknown"
            | "void"
    )
}

impl Types<'_, '_> {
    fn param(&self, method: &str, own: &Parameter, theirs: &Param) -> Option<Mismatch> {
        let (written, asked) = (own.ty.as_deref()?, theirs.ty.as_deref()?);
        if self.are_same(written, asked) {
            return None;
        }
        let mine = self.named(written, true)?;
        let all = self.named(asked, false)?;
        // Methods may take more than they are given, and, as their compiler sees it, less as well.
        let fit = fits(&mine, &all).max(fits(&all, &mine));
        (fit != Fit::Yes).then(|| Mismatch {
            span: own.span,
            message: format!(
                "the parameter `{}` of `{method}` is `{}`, and its contract passes `{}`",
                own.name,
                flat(written),
                flat(asked)
            ),
            may_fit: fit == Fit::Maybe,
        })
    }

    /// Whether both types are written alike, and every name in them stands for what the contract means by it: nearly all are,
    /// and then nothing else need be known of them. Of a type that is more than names, lists and arguments it is not told.
    fn are_same(&self, written: &str, asked: &str) -> bool {
        if written != asked {
            return false;
        }
        let is_known = |name: &str| name.is_empty() || is_global(name) || self.is_public(name);
        let mut start = 0;
        for (at, byte) in written.bytes().enumerate() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'.' => {}
                b'<' | b'>' | b'[' | b']' | b',' | b'|' | b' ' | b'\n' if is_known(&written[start..at]) => {
                    start = at + 1;
                }
                _ => return false,
            }
        }
        is_known(&written[start..])
    }

    /// Whether `name` stands for what the contract calls so.
    fn is_public(&self, name: &str) -> bool {
        match self.package.definition_in(&self.module, name) {
            Definition::Outside { module, path } if module == self.against.specifier => {
                path.iter().map(String::as_str).eq(name.split('.'))
            }
            Definition::Outside { path, .. } => {
                path.last().is_some_and(|last| last == name)
                    && (self.against.words.contains(name) || self.against.containers.contains(name))
            }
            _ => false,
        }
    }

    /// A type with the names that it leads to; nothing if a name is not known, or if the type is more than names,
    /// lists and arguments.
    fn named(&self, ty: &str, own: bool) -> Option<String> {
        if ty.contains(['{', '(', '&', '`', '\'', '"']) || ty.contains("=>") || ty.contains(" extends ") {
            return None;
        }
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
            if is_global(name) {
                out.push_str(name);
            } else if own {
                match self.package.definition_in(&self.module, name) {
                    Definition::Outside { module, path } if module == self.against.specifier => {
                        out.push_str(&path.join("."))
                    }
                    // Of what a third package declares only that is known which the contract speaks of itself, and what
                    // results are wrapped in elsewhere.
                    Definition::Outside { path, .. } => {
                        let known = |name: &&String| {
                            self.against.words.contains(name.as_str())
                                || self.against.containers.contains(*name)
                        };
                        let name = path.last().filter(known)?;
                        out.push_str(name);
                    }
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

/// Whether everything that one type may be another may be, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It cannot: a text is no number.
    No,
    /// Both are declared somewhere, and may consist of the same.
    Maybe,
    /// It can.
    Yes,
}

/// Whether everything that the type `own` may be `other` may be, too; both without blanks.
fn fits(own: &str, other: &str) -> Fit {
    // Most methods have the very types of their contract.
    if own == other {
        return Fit::Yes;
    }
    Shape::parse(own).fits(&Shape::parse(other))
}

/// A union of names, each with arguments: `Observable<A.B | undefined> | null`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape(Vec<(String, Vec<Shape>)>);

impl Shape {
    /// Reads a type without blanks.
    fn parse(ty: &str) -> Self {
        let members = split(ty, '|').into_iter().map(|member| {
            if let Some(element) = member.strip_suffix("[]") {
                return ("Array".to_owned(), vec![Self::parse(element)]);
            }
            match member
                .split_once('<')
                .and_then(|(head, rest)| Some((head, rest.strip_suffix('>')?)))
            {
                Some((head, args)) => (
                    head.to_owned(),
                    split(args, ',').into_iter().map(Self::parse).collect(),
                ),
                None => (member.to_owned(), vec![]),
            }
        });
        Self(members.collect())
    }

    /// Whether everything that this may be the other may be, too.
    fn fits(&self, other: &Self) -> Fit {
        let wide = |shape: &Self| {
            shape
                .0
                .iter()
                .any(|(head, _)| matches!(head.as_str(), "any" | "unknown"))
        };
        if wide(other) || wide(self) {
            return Fit::Yes;
        }
        let best = |(head, args): &(String, Vec<Self>)| {
            let all = other
                .0
                .iter()
                .map(|(other, others)| one_fits((head, args), (other, others)));
            if head == "never" {
                return Fit::Yes;
            }
            all.max().unwrap_or(Fit::No)
        };
        self.0.iter().map(best).min().unwrap_or(Fit::Yes)
    }
}

/// The same for one type of a union.
fn one_fits((own, args): (&str, &[Shape]), (other, others): (&str, &[Shape])) -> Fit {
    if own == other {
        if args.len() != others.len() {
            return Fit::No;
        }
        let pairs = args.iter().zip(others);
        return pairs
            .map(|(own, other)| own.fits(other))
            .min()
            .unwrap_or(Fit::Yes);
    }
    let is_declared = |name: &str| !is_global(name) || name == "object";
    if is_declared(own) && is_declared(other) {
        Fit::Maybe
    } else {
        Fit::No
    }
}

/// The parts of `ty` between separators that are not inside brackets.
fn split(ty: &str, separator: char) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in ty.char_indices() {
        match c {
            '<' | '[' => depth += 1,
            '>' | ']' => depth -= 1,
            c if c == separator && depth == 0 => {
                out.push(&ty[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&ty[start..]);
    out.into_iter().filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrower_type_fits() {
        for (own, other) in [
            ("Observable<A.B>", "Observable<A.B|undefined>"),
            ("Promise<A>", "|Promise<A>|Observable<A>"),
            ("A[]", "Array<A>"),
            ("any", "A"),
            ("A", "unknown"),
        ] {
            assert_eq!(fits(own, other), Fit::Yes, "{own} {other}");
        }
    }

    #[test]
    fn another_type_does_not_and_another_declared_one_may() {
        for (own, other) in [
            ("Observable<A.B|undefined>", "Observable<A.B>"),
            ("string", "number"),
            ("string", "A"),
            ("A[]", "A"),
        ] {
            assert_eq!(fits(own, other), Fit::No, "{own} {other}");
        }
        for (own, other) in [
            ("A.B", "A.C"),
            ("Promise<A>", "Promise<B>"),
            ("Map<A,B>", "Map<A,C>"),
        ] {
            assert_eq!(fits(own, other), Fit::Maybe, "{own} {other}");
        }
    }
}
