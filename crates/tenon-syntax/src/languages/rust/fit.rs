//! Whether a method is what its trait asks for, as far as names tell.
//!
//! No compiler is at work: types are compared by what their names lead to. Where that is not known, or a type may stand for
//! another, nothing is said.

use crate::class::{Declared, Parameter};
use crate::contract::{Method, Param};
use crate::sources::{Definition, ExportKind, Sources};
use crate::tree::Node;
use tenon_text::diag::Span;

use super::grammar::GRAMMAR;
use super::krate::PRELUDE;
use super::types::{awaited, one_line, parameters};

/// What is wrong with `own`, and where.
pub(super) fn signature_mismatch(
    sources: &dyn Sources,
    (path, source): (&str, &str),
    own: &Declared,
    method: &Method,
    specifier: &str,
) -> Option<(Span, String)> {
    let name = &own.name;
    let head = head(source, own);
    if let Some(wrong) = shape(own, method, head) {
        return Some(wrong);
    }
    let future = own.returns.as_deref().and_then(awaited);
    let waits = own.is_async || future.is_some();
    let wrapped = is_wrapped(own);
    let types = Types {
        sources,
        path,
        specifier,
        own: names(own.generics.as_deref(), method.generics.as_deref()),
        method,
    };
    let pairs = own.params.iter().filter(|param| !is_self(&param.name));
    for (own, theirs) in pairs.zip(method.params.iter().filter(|param| !is_self(&param.name))) {
        if let Some(message) = types.param(name, own, theirs) {
            return Some((own.span, message));
        }
    }
    let returns = future.or(own.returns.as_deref()).unwrap_or("()");
    let asked = method.returns.as_deref().unwrap_or("()");
    if wrapped && !waits {
        return None;
    }
    types.differ(returns, asked).then(|| {
        let span = own
            .returns
            .as_ref()
            .and_then(|ty| result(source, own, ty))
            .unwrap_or(head);
        (
            span,
            format!("`{name}` returns `{returns}`, and its trait `{asked}`"),
        )
    })
}

/// Whether the result may be something that is waited for.
fn is_wrapped(own: &Declared) -> bool {
    let returns = own.returns.as_deref();
    returns.is_some_and(|ty| ty.contains("Pin<") || ty.contains("Future"))
}

/// What is wrong with the receiver, the number of parameters, or `async`.
fn shape(own: &Declared, method: &Method, head: Span) -> Option<(Span, String)> {
    let name = &own.name;
    let receiver = |name: Option<&str>| name.filter(|name| is_self(name)).map(plain_self);
    let mine = receiver(own.params.first().map(|param| param.name.as_str()));
    let asked = receiver(method.params.first().map(|param| param.name.as_str()));
    if mine != asked && !is_typed(mine.as_deref()) && !is_typed(asked.as_deref()) {
        let text = |own: &Option<String>| {
            own.as_ref()
                .map_or("no `self`".to_owned(), |text| format!("`{text}`"))
        };
        let at = own
            .params
            .first()
            .filter(|_| mine.is_some())
            .map_or(head, |param| param.span);
        return Some((
            at,
            format!("`{name}` takes {}, and its trait {}", text(&mine), text(&asked)),
        ));
    }
    let count = |n: usize| match n {
        1 => "1 parameter".to_owned(),
        n => format!("{n} parameters"),
    };
    let (have, wanted) = (
        own.params.len() - usize::from(mine.is_some()),
        method.params.len() - usize::from(asked.is_some()),
    );
    if have != wanted {
        let extra = own
            .params
            .iter()
            .filter(|param| !is_self(&param.name))
            .nth(wanted);
        let at = extra.map_or(head, |param| param.span);
        return Some((
            at,
            format!("`{name}` takes {}, and its trait passes {wanted}", count(have)),
        ));
    }
    let future = own.returns.as_deref().and_then(awaited);
    let waits = own.is_async || future.is_some();
    if waits != method.is_async && (waits || !is_wrapped(own)) {
        let is = if waits {
            "is `async`, and its trait does not make it so"
        } else {
            "is not `async`, and its trait makes it so"
        };
        return Some((head, format!("`{name}` {is}")));
    }
    None
}

fn names(own: Option<&str>, method: Option<&str>) -> Vec<String> {
    own.into_iter().chain(method).flat_map(parameters).collect()
}

fn is_self(name: &str) -> bool {
    let bare = name.trim_start_matches(['&', ' ']);
    let word = bare
        .split([' ', ':'])
        .rfind(|word| !word.is_empty() && *word != "mut" && !word.starts_with('\''));
    word == Some("self")
        || bare.starts_with("self") && !bare.starts_with("self_")
        || bare.starts_with("mut self")
}

/// `&self`, `&mut self`, `self`; one with a type stays as it is.
fn plain_self(name: &str) -> String {
    if name.contains(':') {
        return name.trim_start_matches("mut ").to_owned();
    }
    let words: Vec<&str> = name
        .split([' ', '&'])
        .filter(|word| !word.is_empty() && !word.starts_with('\''))
        .collect();
    let is_mut = words.contains(&"mut");
    match (name.starts_with('&'), is_mut) {
        (true, true) => "&mut self".to_owned(),
        (true, false) => "&self".to_owned(),
        (false, _) => "self".to_owned(),
    }
}

fn is_typed(receiver: Option<&str>) -> bool {
    receiver.is_some_and(|text| text.contains(':'))
}

/// The method up to its body, as far as its first line.
fn head(source: &str, own: &Declared) -> Span {
    let whole = source.get(own.span.start..own.span.end).unwrap_or_default();
    let end = whole.find('\n').unwrap_or(whole.len());
    let line = whole[..end].split('{').next().unwrap_or_default().trim_end();
    Span::new(own.span.start, own.span.start + line.len())
}

/// Where the result stands.
fn result(source: &str, own: &Declared, returns: &str) -> Option<Span> {
    let from = own.params.last().map_or(own.span.start, |param| param.span.end);
    let at = from + source.get(from..own.span.end)?.find(returns)?;
    Some(Span::new(at, at + returns.len()))
}

struct Types<'t> {
    sources: &'t dyn Sources,
    path: &'t str,
    specifier: &'t str,
    own: Vec<String>,
    method: &'t Method,
}

impl Types<'_> {
    fn param(&self, method: &str, own: &Parameter, theirs: &Param) -> Option<String> {
        let (written, asked) = (own.ty.as_deref()?, theirs.ty.as_deref()?);
        self.differ(written, asked).then(|| {
            format!(
                "the parameter `{}` of `{method}` is `{written}`, and its trait passes `{asked}`",
                own.name
            )
        })
    }

    /// Whether the types are surely two.
    fn differ(&self, own: &str, theirs: &str) -> bool {
        if !self.own.is_empty() {
            return false;
        }
        match (self.canonical(own, true), self.canonical(theirs, false)) {
            (Some(own), Some(theirs)) => own != theirs,
            _ => false,
        }
    }

    /// A type with the names that it leads to; nothing if that cannot be told.
    fn canonical(&self, ty: &str, own: bool) -> Option<String> {
        let ty = one_line(ty);
        if ty
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| matches!(word, "impl" | "Self" | "fn" | "dyn" | "_"))
        {
            return None;
        }
        let text = format!("type T = {ty};");
        let tree = GRAMMAR.parse(&text);
        let item = tree.root().dfs().find(|node| node.kind() == "type_item")?;
        let mut out = String::new();
        self.write(&item.field("type")?, own, &mut out)?;
        Some(out.replace("<>", ""))
    }

    fn write(&self, node: &Node<'_>, own: bool, out: &mut String) -> Option<()> {
        match &*node.kind() {
            "lifetime" => {}
            "type_identifier" | "scoped_type_identifier" => {
                let text = node.text();
                if text.contains('<') {
                    return None;
                }
                out.push_str(&self.name(&text, own)?);
            }
            "type_arguments" => {
                out.push('<');
                let mut first = true;
                for child in node.named_children().filter(|child| child.kind() != "lifetime") {
                    if !first {
                        out.push(',');
                    }
                    first = false;
                    self.write(&child, own, out)?;
                }
                out.push('>');
            }
            _ => {
                let children: Vec<Node<'_>> = node.children().collect();
                if children.is_empty() {
                    out.push_str(&node.text());
                    out.push_str(if node.kind() == "mutable_specifier" {
                        " "
                    } else {
                        ""
                    });
                }
                for child in &children {
                    self.write(child, own, out)?;
                }
            }
        }
        Some(())
    }

    fn name(&self, name: &str, own: bool) -> Option<String> {
        let whole = |module: &str, path: &[String]| {
            if matches!(module, "std" | "core" | "alloc") {
                return path.last().cloned();
            }
            Some(format!("{module}::{}", path.join("::")))
        };
        if own {
            return match self.sources.definition(self.path, name) {
                Definition::Outside { module, path } => whole(&module, &path),
                Definition::Declared {
                    local,
                    kind: ExportKind::Class | ExportKind::Enum,
                    ..
                } => Some(["crate", &*local].join("::")),
                Definition::Unknown if PRELUDE.contains(&name) => Some(name.to_owned()),
                _ => None,
            };
        }
        let (first, rest) = name.split_once("::").unwrap_or((name, ""));
        match self.method.imports.iter().find(|import| import.local() == first) {
            Some(import) => {
                let path = format!("{}::{}", import.module, import.name);
                let mut parts = path
                    .split("::")
                    .chain(rest.split("::"))
                    .filter(|part| !part.is_empty());
                let module = parts.next()?;
                whole(module, &parts.map(str::to_owned).collect::<Vec<_>>())
            }
            None if rest.is_empty() => Some(name.to_owned()),
            None if first == self.specifier || matches!(first, "std" | "core" | "alloc") => {
                let parts: Vec<String> = rest.split("::").map(str::to_owned).collect();
                whole(first, &parts)
            }
            None => None,
        }
    }
}
