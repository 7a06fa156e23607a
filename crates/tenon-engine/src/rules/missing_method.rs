//! `missing-method`: a class does not have a method that its contract asks for.

use tenon_pack::raw::RawContract;
use tenon_syntax::contract::Method;
use tenon_syntax::stub::Stub;
use tenon_text::diag::{Applicability, FileFix, Fix, Place, RuleInfo, Severity};
use tenon_text::names::nearest;

use super::context::Context;
use super::fix;
use super::implementation::{Base, Implementation};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-method",
    summary: "a class does not have a method that its contract asks for",
    page: include_str!("../../../../docs/rules/missing-method.md"),
};

/// Reports every required method of the contract that the class neither has nor inherits, and what else it has to say.
/// `raw` says what a stub does.
pub fn check(
    context: &Context<'_, '_>,
    of: &Implementation,
    raw: &RawContract,
    why: &str,
    severity: Severity,
) {
    let Some(known) = &of.contract else { return };
    let contract = &known.contract;
    context.applied(RULE.id);
    // What an heir lacks, the class that it extends lacks: a stub here would hide what is written there.
    if !is_judged(of) {
        return;
    }
    // What belongs to the class is called through instances as well.
    let constructor = context.index.pack.language().constructor();
    let by_instance = context.index.pack.language().has_class_methods();
    for method in contract.required() {
        if method.is_static && !by_instance {
            continue;
        }
        if has(of, &method.name, by_instance) {
            continue;
        }
        let extra = of.methods.iter().map(|(own, _)| own.name.as_str());
        let extra = extra.filter(|own| contract.method(own).is_none() && Some(*own) != constructor);
        let help = match nearest(&method.name, extra) {
            Some(near) => format!("did you mean it by `{near}`? otherwise add the method"),
            None => "add the method".to_owned(),
        };
        let file = if method.file.is_empty() {
            &contract.file
        } else {
            &method.file
        };
        context.report(
            context
                .finding(
                    RULE.id,
                    Place::span(&*of.file, of.class.name_span),
                    format!("`{}` has no method `{}`", of.class.name, method.name),
                )
                .label(format!("`{}` is missing", method.name))
                .because(
                    format!("`{}` asks for it", of.symbol),
                    Some(Place::span(file.as_str(), method.span)),
                )
                .because(why, None)
                .help(help)
                .fix(insertion(context, of, method, raw))
                .severity(severity),
        );
    }
    let asked = contract.properties.iter().filter(|property| property.is_asked());
    for property in asked.filter(|property| !of.names.contains(&property.name)) {
        let what = if property.ty.is_some() { "constant" } else { "type" };
        let at = Place::span(&*of.file, of.class.name_span);
        let message = format!("`{}` has no {what} `{}`", of.class.name, property.name);
        context.report(
            context
                .finding(RULE.id, at, message)
                .label(format!("`{}` is missing", property.name))
                .because(
                    format!("`{}` asks for it", of.symbol),
                    Some(Place::span(contract.file.as_str(), property.span)),
                )
                .because(why, None)
                .help(format!("add the {what}"))
                .severity(severity),
        );
    }
}

/// Whether it can be told what the class lacks, and the class itself would have to have it.
pub fn is_judged(of: &Implementation) -> bool {
    !of.uncertain && of.base == Base::Right && !of.class.is_abstract && of.heir_of.is_none()
}

/// Whether the class has, or inherits, what is called `name`.
pub fn has(of: &Implementation, name: &str, by_instance: bool) -> bool {
    of.names.iter().any(|own| own == name)
        || of.methods.iter().any(|(own, _)| {
            own.name == name && (by_instance || !own.is_static) && (own.has_body || own.is_abstract)
        })
}

/// A stub at the end of the class, and the imports that it needs.
fn insertion(
    context: &Context<'_, '_>,
    of: &Implementation,
    method: &Method,
    raw: &RawContract,
) -> Option<Fix> {
    let (body, body_imports) = raw.body_of(&method.name, method.returns.as_deref().unwrap_or_default());
    let text = context.text(&of.file)?;
    let grammar = context.index.pack.language();
    let how = Stub {
        body,
        ..Stub::default()
    };
    let style = (&context.index.style, context.index.indent);
    let after = grammar.with_stub(&text, &of.class, (method, &how), style)?;
    let needed: Vec<_> = body_imports
        .iter()
        .flat_map(|text| grammar.read_imports(text))
        .collect();
    let after = fix::with_imports(context, grammar, after, method.imports.iter().chain(&needed))?;
    Some(Fix {
        title: format!("add a stub of `{}`", method.name),
        applicability: Applicability::Safe,
        files: vec![(of.file.clone(), FileFix::Edit(fix::between(&text, &after)))],
    })
}
