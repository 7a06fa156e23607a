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

/// What may be said of a value of a manifest.
const ABOUT_VALUES: [&str; 9] = [
    "value",
    "one-of",
    "matching",
    "exists",
    "refers-to",
    "regex",
    "same-as",
    "sorted",
    "optional",
];
/// Most lines of a text that must stand in a file: it is looked for at many places.
const MAX_LINES: usize = 500;

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
        RuleKind::Value => (&["pointer"], &ABOUT_VALUES),
        RuleKind::Says => (&["find", "var", "value"], &[]),
        RuleKind::Never => (&["find", "say"], &[]),
        RuleKind::Unique if in_code => (&["find", "var"], &[]),
        RuleKind::Unique => (&["pointer"], &[]),
        RuleKind::EntryPoints => (&["pointer"], &["required", "compiler"]),
        RuleKind::Dependencies => (&["pointers", "sources"], &["local"]),
        RuleKind::Provided => (&["export", "takes", "gives", "api", "site"], &["unless"]),
        RuleKind::Text => (&[], &["text", "in", "same-as", "language"]),
    }
}

/// The keys that only some kinds have, and whether they are given.
fn given(pack_rule: &RawPackRule) -> [(&'static str, bool); 40] {
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
        ("one-of", !pack_rule.one_of.is_empty()),
        ("matching", pack_rule.matching.is_some()),
        ("exists", pack_rule.exists.is_some()),
        ("refers-to", pack_rule.refers_to.is_some()),
        ("regex", pack_rule.regex.is_some()),
        ("same-as", pack_rule.same_as.is_some()),
        ("sorted", pack_rule.sorted),
        ("optional", pack_rule.optional),
        ("text", !pack_rule.text.0.is_empty()),
        ("in", pack_rule.scope.is_some()),
        ("language", pack_rule.language.is_some()),
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
    match pack_rule.kind {
        RuleKind::Value if pack_rule.find.is_none() => value(checker, at, pack_rule),
        RuleKind::Text => text(checker, at, pack_rule),
        _ => {}
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

/// What is said of a value of a manifest fits together.
fn value(checker: &mut PackChecker<'_>, at: &Place, pack_rule: &RawPackRule) {
    if !pack_rule.says_something() {
        let checks = ABOUT_VALUES
            .iter()
            .filter(|key| !["regex", "optional"].contains(key));
        let help = format!("add one of: {}", checks.copied().collect::<Vec<_>>().join(", "));
        checker.fault(&at.key("pointer"), "nothing is said of the value", help);
    }
    if let Some(kind) = &pack_rule.refers_to {
        let kinds = checker.pack.kind_members().iter();
        let kinds: Vec<&str> = kinds.map(|declared| declared.kind.as_str()).collect();
        checker.known(&at.key("refers-to"), "kind with members", kind, &kinds);
    } else if pack_rule.regex.is_some() {
        let help =
            "it says where the name of a member stands in the text: add `refers-to`, or write `matching`";
        checker.fault(&at.key("regex"), "`regex` does nothing without `refers-to`", help);
    }
    if let Some(other) = &pack_rule.same_as
        && !other.contains("#/")
    {
        let message = format!("`{other}` does not say where the value stands");
        checker.fault(
            &at.key("same-as"),
            message,
            "write `FILE#POINTER`: `plugin.json#/version`",
        );
    }
}

/// A rule for a text says either what must stand there, or which file.
fn text(checker: &mut PackChecker<'_>, at: &Place, pack_rule: &RawPackRule) {
    let all = &pack_rule.text.0;
    if all.is_empty() == pack_rule.same_as.is_none() {
        let message = "`expect = \"text\"` needs either `text` or `same-as`";
        let help = "`text` is what must stand in the file, `same-as` the file that a block of code must show";
        checker.fault(&at.key("expect"), message, help);
    }
    if pack_rule.language.is_some() && pack_rule.same_as.is_none() {
        let help = "it is the language of the block of code that `same-as` speaks of";
        checker.fault(
            &at.key("language"),
            "`language` does nothing without `same-as`",
            help,
        );
    }
    for (index, text) in all.iter().enumerate() {
        if text.trim().is_empty() {
            let help = "write a line, or several, as they stand in the file";
            checker.fault(&at.key("text").item(index), "the text is empty", help);
        }
    }
    let count: usize = all.iter().map(|text| text.lines().count()).sum();
    if count > MAX_LINES {
        let message = format!("the text has {count} lines");
        checker.fault(&at.key("text"), message, format!("it has at most {MAX_LINES}"));
    }
}
