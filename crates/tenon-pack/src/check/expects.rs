//! Checks of `[[kind.NAME.rule]]`: the keys of each kind, and what they refer to.

use crate::raw::SiteKind;
use crate::raw_check::{ExpectKind, RawExpect};

use super::refs::one_wildcard;
use super::{PackChecker, Place};

/// Keys that a kind needs and lacks, keys that it does nothing with, references to what the pack does not have.
pub fn references(checker: &mut PackChecker<'_>) {
    for (index, expect) in checker.pack.raw.expects.iter().enumerate() {
        expected(checker, &Place::of("expect", index), expect);
        one_wildcard(checker, &Place::of("expect", index).key("file"), &expect.file);
    }
}

/// What an expectation of a kind needs, and what it may have beside that.
fn keys(kind: ExpectKind, in_code: bool) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        ExpectKind::Exports => (&["exports"], &[]),
        ExpectKind::Declares => (&["declares"], &[]),
        ExpectKind::Class => (
            &["export", "contract"],
            &["or-api", "decorators", "attributes", "if-built-on"],
        ),
        ExpectKind::Agree => (&["names", "among"], &["export", "unless-near", "what"]),
        ExpectKind::Imports => (&["sources"], &[]),
        ExpectKind::Has => (&["find"], &["sources", "containing", "once", "what"]),
        ExpectKind::Value if in_code => (&["find", "var", "value"], &[]),
        ExpectKind::Value => (&["pointer", "value"], &[]),
        ExpectKind::Says => (&["find", "var", "value"], &[]),
        ExpectKind::Never => (&["find", "say"], &[]),
        ExpectKind::Unique if in_code => (&["find", "var"], &[]),
        ExpectKind::Unique => (&["pointer"], &[]),
        ExpectKind::EntryPoints => (&["pointer"], &["required", "compiler"]),
        ExpectKind::Dependencies => (&["pointers", "sources"], &["local"]),
        ExpectKind::Provided => (&["export", "takes", "gives", "api", "site"], &["unless"]),
    }
}

/// The keys that only some kinds have, and whether they are given.
fn given(expect: &RawExpect) -> [(&'static str, bool); 29] {
    [
        ("exports", !expect.exports.is_empty()),
        ("declares", !expect.declares.is_empty()),
        ("export", expect.export.is_some()),
        ("contract", expect.contract.is_some()),
        ("or-api", expect.or_api.is_some()),
        ("decorators", !expect.decorators.is_empty()),
        ("pointer", expect.pointer.is_some()),
        ("say", expect.say.is_some()),
        ("value", expect.value.is_some()),
        ("find", expect.find.is_some()),
        ("var", expect.var.is_some()),
        ("required", !expect.required.is_empty()),
        ("compiler", expect.compiler.is_some()),
        ("sources", expect.sources.is_some()),
        ("pointers", !expect.pointers.is_empty()),
        ("local", !expect.local.is_empty()),
        ("takes", expect.takes.is_some()),
        ("gives", expect.gives.is_some()),
        ("api", expect.api.is_some()),
        ("site", expect.site.is_some()),
        ("unless", expect.unless.is_some()),
        ("attributes", !expect.attributes.is_empty()),
        ("if-built-on", expect.if_built_on),
        ("names", expect.names.is_some()),
        ("among", expect.among.is_some()),
        ("unless-near", expect.unless_near),
        ("what", expect.what.is_some()),
        ("containing", expect.containing.is_some()),
        ("once", expect.once),
    ]
}

fn expected(checker: &mut PackChecker<'_>, at: &Place, expect: &RawExpect) {
    let raw = &checker.pack.raw;
    checker.also_for(at, &expect.also_for, &expect.for_kinds);
    checker.each(at, expect.each.as_ref());
    let kind = expect.kind.name();
    let (needed, allowed) = keys(expect.kind, expect.find.is_some());
    for (key, given) in given(expect) {
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
    if expect.kind == ExpectKind::Dependencies && language.declares_in().is_none() {
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
        ("or-api", &expect.or_api, "api", &apis),
        ("api", &expect.api, "api", &apis),
        ("contract", &expect.contract, "contract", &contracts),
        ("names", &expect.names, "set of names called", &names),
        ("among", &expect.among, "set of names called", &names),
        ("site", &expect.site, "site with entries called", &lists),
    ] {
        if let Some(word) = word {
            checker.known(&at.key(key), what, word, all);
        }
    }
    for (key, name) in [("takes", &expect.takes), ("gives", &expect.gives)] {
        let Some(name) = name else { continue };
        if name.matches("{}").count() != 1 {
            let message = format!("`{name}` does not say where the name stands");
            let help = "write `{}` once, in place of the name: `{}.Service`";
            checker.fault(&at.key(key), message, help);
        }
    }
    let used = expect.var.as_deref().zip(expect.find.as_deref());
    checker.variable(&at.key("var"), used, "find");
}
