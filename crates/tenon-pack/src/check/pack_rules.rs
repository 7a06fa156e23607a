//! Checks of `[[kind.NAME.rule]]`: the keys of each kind, and what they refer to.

use crate::raw::SiteKind;
use crate::raw_check::{RawPackRule, RuleKind};

use super::refs::one_wildcard;
use super::{PackChecker, Place};

/// Keys that a kind needs and lacks, keys that it does nothing with, references to what the pack does not have.
pub fn references(checker: &mut PackChecker<'_>) {
    for (index, pack_rule) in checker.pack.raw.rules.iter().enumerate() {
        keys_of(checker, &Place::of("rule", index), pack_rule);
        one_wildcard(checker, &Place::of("rule", index).key("file"), &pack_rule.file);
    }
}

/// What a rule of the pack of a kind needs, and what it may have beside that.
fn keys(kind: RuleKind, in_code: bool) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        RuleKind::Exports => (&["exports"], &[]),
        RuleKind::Declares => (&["declares"], &[]),
        RuleKind::Class => (
            &["export", "contract"],
            &["or-api", "decorators", "attributes", "if-built-on"],
        ),
        RuleKind::Agree => (&["names", "among"], &["export", "unless-near", "what"]),
        RuleKind::Imports => (&["sources"], &[]),
        RuleKind::Has => (&["find"], &["sources", "containing", "once", "what"]),
        RuleKind::Value if in_code => (&["find", "var", "value"], &[]),
        RuleKind::Value => (&["pointer", "value"], &[]),
        RuleKind::Says => (&["find", "var", "value"], &[]),
        RuleKind::Never => (&["find", "say"], &[]),
        RuleKind::Unique if in_code => (&["find", "var"], &[]),
        RuleKind::Unique => (&["pointer"], &[]),
        RuleKind::EntryPoints => (&["pointer"], &["required", "compiler"]),
        RuleKind::Dependencies => (&["pointers", "sources"], &["local"]),
        RuleKind::Provided => (&["export", "takes", "gives", "api", "site"], &["unless"]),
    }
}

/// The keys that only some kinds have, and whether they are given.
fn given(pack_rule: &RawPackRule) -> [(&'static str, bool); 29] {
    [
        ("exports", !pack_rule.exports.is_empty()),
        ("declares", !pack_rule.declares.is_empty()),
        ("export", pack_rule.export.is_some()),
        ("contract", pack_rule.contract.is_some()),
        ("or-api", pack_rule.or_api.is_some()),
        ("decorators", !pack_rule.decorators.is_empty()),
        ("pointer", pack_rule.pointer.is_some()),
        ("say", pack_rule.say.is_some()),
        ("value", pack_rule.value.is_some()),
        ("find", pack_rule.find.is_some()),
        ("var", pack_rule.var.is_some()),
        ("required", !pack_rule.required.is_empty()),
        ("compiler", pack_rule.compiler.is_some()),
        ("sources", pack_rule.sources.is_some()),
        ("pointers", !pack_rule.pointers.is_empty()),
        ("local", !pack_rule.local.is_empty()),
        ("takes", pack_rule.takes.is_some()),
        ("gives", pack_rule.gives.is_some()),
        ("api", pack_rule.api.is_some()),
        ("site", pack_rule.site.is_some()),
        ("unless", pack_rule.unless.is_some()),
        ("attributes", !pack_rule.attributes.is_empty()),
        ("if-built-on", pack_rule.if_built_on),
        ("names", pack_rule.names.is_some()),
        ("among", pack_rule.among.is_some()),
        ("unless-near", pack_rule.unless_near),
        ("what", pack_rule.what.is_some()),
        ("containing", pack_rule.containing.is_some()),
        ("once", pack_rule.once),
    ]
}

fn keys_of(checker: &mut PackChecker<'_>, at: &Place, pack_rule: &RawPackRule) {
    let raw = &checker.pack.raw;
    checker.also_for(at, &pack_rule.also_for, &pack_rule.for_kinds);
    checker.each(at, pack_rule.each.as_ref());
    let kind = pack_rule.kind.name();
    let (needed, allowed) = keys(pack_rule.kind, pack_rule.find.is_some());
    for (key, given) in given(pack_rule) {
        let (message, help) = if needed.contains(&key) && !given {
            (
                format!("`expect = \"{kind}\"` has no `{key}`"),
                format!("add `{key} = …`"),
            )
        } else if given && !needed.contains(&key) && !allowed.contains(&key) {
            (
                format!("`expect = \"{kind}\"` does nothing with `{key}`"),
                format!("it takes: {}", [needed, allowed].concat().join(", ")),
            )
        } else {
            continue;
        };
        checker.fault(&at.key("expect"), message, help);
    }
    let language = checker.pack.language();
    if pack_rule.kind == RuleKind::Dependencies && language.declares_in().is_none() {
        let name = language.name();
        let message = format!("`expect = \"{kind}\"` is not known for {name}");
        let help = "leave it out: what sources name does not say there which package has it";
        checker.fault(&at.key("expect"), message, help);
    }
    let apis: Vec<&str> = raw.api.keys().map(String::as_str).collect();
    let contracts: Vec<&str> = raw.contracts.keys().map(String::as_str).collect();
    let names: Vec<&str> = raw.names.keys().map(String::as_str).collect();
    let lists = raw.sites.iter().filter(|site| site.kind == SiteKind::Entry);
    let lists: Vec<&str> = lists.map(|site| site.id.as_str()).collect();
    for (key, word, what, all) in [
        ("or-api", &pack_rule.or_api, "api", &apis),
        ("api", &pack_rule.api, "api", &apis),
        ("contract", &pack_rule.contract, "contract", &contracts),
        ("names", &pack_rule.names, "set of names called", &names),
        ("among", &pack_rule.among, "set of names called", &names),
        ("site", &pack_rule.site, "site with entries called", &lists),
    ] {
        if let Some(word) = word {
            checker.known(&at.key(key), what, word, all);
        }
    }
    for (key, name) in [("takes", &pack_rule.takes), ("gives", &pack_rule.gives)] {
        let Some(name) = name else { continue };
        if name.matches("{}").count() != 1 {
            let message = format!("`{name}` does not say where the name stands");
            let help = "write `{}` once, in place of the name: `{}.Service`";
            checker.fault(&at.key(key), message, help);
        }
    }
    let used = pack_rule.var.as_deref().zip(pack_rule.find.as_deref());
    checker.variable(&at.key("var"), used, "find");
}
