//! Notes which methods of its contract a class has, as [`super::coverage`] keeps it.

use super::context::Context;
use super::coverage::{Cover, State};
use super::implementation::{Base, Implementation};
use super::missing_method::{answers, has, is_judged};
use crate::facts::field;
use crate::plan::scope::Iteration;
use tenon_pack::PackRule;
use tenon_pack::raw::RawContract;
use tenon_syntax::contract::Method;
use tenon_syntax::language::{Feature, Lang};
use tenon_text::diag::{Place, Span, line_col};

/// Notes what a class that `pack_rule` speaks of has of its contract. `raw` says what a stub does.
pub fn class(
    context: &Context<'_, '_>,
    of: &Implementation,
    pack_rule: &PackRule,
    raw: &RawContract,
    turn: &Iteration,
) {
    let Some(known) = of.contract.as_ref().filter(|_| context.is_covering()) else {
        return;
    };
    let grammar = context.index.pack.language();
    let by_instance = grammar.has(Feature::CallsByInstance);
    for (method, path) in &of.methods {
        let Some(asked) = known.contract.method(&method.name) else {
            continue;
        };
        let file = match asked.file.is_empty() {
            true => &known.contract.file,
            false => &asked.file,
        };
        let text = context.text(path).unwrap_or_default();
        let name = name_in(&text, method.span, &method.name);
        context.mark(path, name, Place::span(file.clone(), asked.span));
    }
    let to = Place::span(&*known.contract.file, known.contract.span);
    for base in of.class.extends.iter().chain(&of.class.implements) {
        if of.base == Base::Right {
            context.mark(&of.file, base.span, to.clone());
        }
    }
    let asked = known.contract.required();
    let methods = asked.map(|method| {
        let returns = method.returns.as_deref().unwrap_or_default();
        let state = match declared(of, method, by_instance) {
            Some((span, path)) => {
                let text = context.text(path).unwrap_or_default();
                let text = text.get(span.start..span.end).unwrap_or_default();
                match is_stub(grammar, text, raw.body_of(&method.name, returns).0) {
                    true => State::Stubbed,
                    false => State::Implemented,
                }
            }
            None if has(of, method, by_instance) || of.heir_of.is_some() => State::Inherited,
            None if method.is_static && of.extended => State::Unknown,
            None if is_judged(of) || of.base == Base::Nothing => State::Missing,
            None => State::Unknown,
        };
        (method.name.clone(), state)
    });
    let methods = methods.collect();
    let rows = context.index.rows_behind(
        &context.member.kind,
        pack_rule.each.as_deref().unwrap_or_default(),
    );
    let row = turn.row().map(|row| field(&row, "id").to_owned());
    let text = context.text(&of.file).unwrap_or_default();
    context.cover(Cover {
        of: row.filter(|id| rows.iter().any(|row| field(row, "id") == *id)),
        contract: pack_rule.contract.clone().unwrap_or_default(),
        symbol: of.symbol.clone(),
        class: of.class.name.clone(),
        path: of.file.clone(),
        line: line_col(&text, of.class.name_span.start).line,
        methods,
    });
}

/// Where `name` stands in the declaration at `span`; all of it if it does not.
fn name_in(text: &str, span: Span, name: &str) -> Span {
    let declaration = text.get(span.start..span.end).unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut all = declaration.match_indices(name).map(|(at, _)| at);
    let alone = |at: &usize| {
        !declaration[..*at].ends_with(is_part) && !declaration[at + name.len()..].starts_with(is_part)
    };
    match all.find(alone) {
        Some(at) => Span::new(span.start + at, span.start + at + name.len()),
        None => span,
    }
}

/// Where the class, or one of its package that it is built on, declares the method.
fn declared<'i>(of: &'i Implementation, method: &Method, by_instance: bool) -> Option<(Span, &'i str)> {
    let mut own = of.methods.iter();
    let found = own.find(|(own, _)| answers(own, method, by_instance));
    found.map(|(own, path)| (own.span, &**path))
}

/// Whether the method with the text `text` does what a stub does and nothing else.
fn is_stub(grammar: Lang, text: &str, body: &str) -> bool {
    !body.trim().is_empty() && grammar.does_only(text, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_does_nothing_else() {
        let python = Lang::named("python").unwrap();
        let typescript = Lang::of_path("a.ts").unwrap();
        let body = "throw new NotImplementedException();";
        let is = |text| is_stub(typescript, text, body);
        assert!(is("get(a: A): B {\n    throw new NotImplementedException();\n}"));
        assert!(!is(
            "get(a: A): B {\n    log(a);\n    throw new NotImplementedException();\n}"
        ));
        assert!(!is("get(a: A): B { return a.b; }"));
        assert!(!is_stub(typescript, "get(): void {}", ""));
        assert!(is_stub(python, "def a(self):\n    pass", "pass"));
        assert!(is_stub(
            python,
            "def a(self):\n    \"\"\"Does it.\"\"\"\n    pass",
            "pass"
        ));
        assert!(!is_stub(
            python,
            "def a(self):\n    if b: return 1\n    bypass",
            "pass"
        ));
    }
}
