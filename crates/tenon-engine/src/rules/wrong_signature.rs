//! `wrong-signature`: a method does not have the shape that its contract gives it.
//!
//! No compiler is at work here: types are compared by the names that they lead to, and only where every name on both
//! sides is known. What may be a narrower type of the implementation's own is left to the compiler.

use tenon_syntax::class::Declared;
use tenon_syntax::contract::{Import, Method};
use tenon_syntax::head::with_head;
use tenon_syntax::sources::Against;
use tenon_text::diag::{Applicability, FileFix, Fix, Place, RuleInfo, Severity, apply_edits};

use super::context::Context;
use super::fix;
use super::implementation::{Base, Implementation};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-signature",
    summary: "a method does not have the shape that its contract gives it",
    page: include_str!("../../../../docs/rules/wrong-signature.md"),
};

/// Reports methods of the class whose shape is not the contract's.
pub fn check(context: &Context<'_, '_>, of: &Implementation, why: &str, severity: Severity) {
    let Some(known) = &of.contract else { return };
    let contract = &known.contract;
    let against = Against {
        specifier: &of.specifier,
        words: &known.words,
        containers: &context.index.containers,
    };
    context.applied(RULE.id);
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
        let Some((span, message)) = context.code.signature_mismatch(file, own, method, &against) else {
            continue;
        };
        let contract_file = if method.file.is_empty() {
            &contract.file
        } else {
            &method.file
        };
        context.report(
            context
                .finding(RULE.id, Place::span(&**file, span), message)
                .because(
                    format!("`{}` declares it so", of.symbol),
                    Some(Place::span(contract_file.as_str(), method.span)),
                )
                .because(why, None)
                .help(format!(
                    "write it as `{}`",
                    context.index.pack.language().shape(method)
                ))
                .fix(rewriting(context, file, own, method))
                .severity(severity),
        );
    }
}

/// The head as the contract has it, with the imports that it needs. The body was written for the other shape, so that a
/// person has to look at it.
fn rewriting(context: &Context<'_, '_>, file: &str, own: &Declared, method: &Method) -> Option<Fix> {
    let text = context.text(file)?;
    let grammar = context.index.pack.language();
    let style = (&context.index.style, context.index.indent);
    let edit = with_head(grammar, &text, own, method, style)?;
    let after = apply_edits(&text, &[edit]).ok()?;
    let needed: Vec<&Import> = method
        .imports
        .iter()
        .filter(|import| grammar.uses(&after, import.local()))
        .collect();
    let after = fix::with_imports(context, grammar, after, needed.into_iter())?;
    Some(Fix {
        title: format!("write the head of `{}` as its contract has it", method.name),
        applicability: Applicability::Unsafe,
        files: vec![(file.to_owned(), FileFix::Edit(fix::between(&text, &after)))],
    })
}
