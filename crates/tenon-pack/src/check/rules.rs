//! Every rule of `pack.toml` is compiled: one that cannot be read, or can never match, is found before it is used.

use crate::Templates;
use crate::raw::{RawSite, SiteKind};
use tenon_syntax::entry::Syntax;
use tenon_syntax::language::Lang;
use tenon_syntax::rule::Rule;

use super::{PackChecker, Place};

/// All rules and regular expressions.
pub fn rules(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    for (index, site) in raw.sites.iter().enumerate() {
        let at = Place::of("site", index);
        of_site(checker, &at, site);
        texts_of(checker, &at, site);
        host_names(checker, &at, site);
    }
    for (index, read) in raw.reads.iter().enumerate() {
        let at = Place::of("read", index);
        let file = grammar(&read.file);
        compile(checker, &at.key("find"), file, read.find.as_deref(), "");
        if let Some(regex) = &read.regex {
            checker.grouped(&at.key("regex"), regex, "is the answer");
        }
    }
    for (index, pack_rule) in raw.rules.iter().enumerate() {
        let at = Place::of("rule", index);
        let file = Lang::of_path(&pack_rule.file);
        compile(checker, &at.key("find"), file, pack_rule.find.as_deref(), "");
        let sites = &raw.sites;
        let site = sites
            .iter()
            .find(|site| Some(&site.id) == pack_rule.site.as_ref());
        let file = site.and_then(|site| grammar(&site.file));
        compile(checker, &at.key("unless"), file, pack_rule.unless.as_deref(), "");
        regulars(checker, &at.key("local"), &pack_rule.local);
    }
    names(checker);
    facts(checker);
}

/// Regular expressions of an array.
fn regulars(checker: &mut PackChecker<'_>, at: &Place, all: &[String]) {
    for (index, text) in all.iter().enumerate() {
        checker.regular(&at.item(index), text);
    }
}

/// The regular expressions and the examples of a site.
fn texts_of(checker: &mut PackChecker<'_>, at: &Place, site: &RawSite) {
    regulars(checker, &at.key("others"), &site.others);
    // Templates that cannot be read are told elsewhere.
    let readable = |text: &String| Templates::check("pack.toml", text).is_ok();
    let forms = site.written_forms();
    let all = forms
        .iter()
        .flat_map(|form| form.imports.iter().chain([&form.entry]));
    if let (SiteKind::Entry, Some(file), true) = (site.kind, &site.file, all.into_iter().all(readable))
        && let Err(error) = site.forms_in(Syntax::of(file))
    {
        let key = if site.text.is_some() { "entry" } else { "form" };
        checker.add(&at.key(key), error);
    }
}

/// The names of the host in the entries of a site: each is given by `in`, `names` or `otherwise`.
fn host_names(checker: &mut PackChecker<'_>, at: &Place, site: &RawSite) {
    let given = |name: &str| site.names.contains_key(name) || site.otherwise.contains_key(name);
    let forms = site.written_forms();
    for form in &forms {
        for name in placeholders(&form.entry) {
            let scope = form.scope.as_deref().unwrap_or_default();
            if !given(name) && !placeholders(scope).any(|other| other == name) {
                let message = format!(
                    "nothing gives the name `{{{{_{name}}}}}` of the site `{}`",
                    site.id
                );
                let help = "name it in `in`, or say in `names` what it is: a type, or what it is called";
                checker.fault(&at.key("entry"), message, help);
            }
        }
    }
    let is_used = |name: &str| {
        forms
            .iter()
            .any(|form| placeholders(&form.entry).any(|other| other == name))
    };
    for (key, names) in [
        ("names", site.names.keys().collect::<Vec<_>>()),
        ("otherwise", site.otherwise.keys().collect()),
    ] {
        for name in names.into_iter().filter(|name| !is_used(name)) {
            let message = format!(
                "no entry of the site `{}` has the name `{{{{_{name}}}}}`",
                site.id
            );
            checker.fault(
                &at.key(key).key(name),
                message,
                "leave it out, or use it in `entry`",
            );
        }
    }
}

/// The names in `{{_name}}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let holes = text.split("{{_").skip(1);
    let names = holes.filter_map(|rest| Some(rest.split_once("}}")?.0));
    names.filter(|name| !name.is_empty())
}

fn grammar(file: &Option<String>) -> Option<Lang> {
    file.as_deref().and_then(Lang::of_path)
}

/// Compiles the rule that stands at `at`; `within` says in what, where the place does not.
fn compile(
    checker: &mut PackChecker<'_>,
    at: &Place,
    grammar: Option<Lang>,
    rule: Option<&toml::Table>,
    within: &str,
) {
    let (Some(grammar), Some(rule)) = (grammar, rule) else {
        return;
    };
    if let Err(error) = Rule::check(grammar, rule) {
        let is_told = within.is_empty();
        let error = if is_told {
            error
        } else {
            error.because(format!("in {within}"))
        };
        checker.add(at, error);
    }
}

fn of_site(checker: &mut PackChecker<'_>, at: &Place, site: &RawSite) {
    let file = grammar(&site.file);
    let tables = [("match", &site.entry)];
    let within = format!("the site `{}`", site.id);
    for (key, table) in tables {
        compile(checker, &at.key(key), file, table.as_deref(), &within);
    }
    let within = format!("what the site `{}` must not say", site.id);
    for (index, never) in site.nevers.iter().enumerate() {
        let at = at.key("never").item(index).key("find");
        compile(checker, &at, file, Some(&never.find), &within);
    }
    let within = format!("a field of the site `{}`", site.id);
    for (index, field) in site.fields.iter().enumerate() {
        let at = at.key("field").item(index).key("find");
        compile(checker, &at, file, Some(&field.find), &within);
    }
}

/// Rules of sets of names.
fn names(checker: &mut PackChecker<'_>) {
    let pack = checker.pack;
    let language = Some(pack.language());
    let all: Vec<&str> = pack.raw.names.keys().map(String::as_str).collect();
    for (name, names) in &pack.raw.names {
        let at = Place::top("names").key(name);
        if let Some(other) = &names.like {
            checker.known(&at.key("like"), "set of names called", other, &all);
        }
        if let Some(other) = &names.without {
            checker.known(&at.key("without"), "set of names called", other, &all);
        }
        let tables = [
            ("through", &names.through),
            ("within", &names.within),
            ("find", &names.find),
            ("open", &names.open),
        ];
        let within = format!("the set of names `{name}`");
        for (key, table) in tables {
            compile(checker, &at.key(key), language, table.as_deref(), &within);
        }
        let find = names.var.as_deref().zip(names.find.as_deref());
        checker.variable(&at.key("var"), find, "find");
        let through = names.through_var.as_deref().zip(names.through.as_deref());
        checker.variable(&at.key("through-var"), through, "through");
        let pairs = [
            (names.find.is_some(), names.var.is_some()),
            (names.through.is_some(), names.through_var.is_some()),
        ];
        if pairs.iter().any(|(rule, var)| rule != var) || (names.find.is_none() && names.given.is_empty()) {
            checker.fault(
                &at,
                format!("the set of names `{name}` lacks a key"),
                "`find` goes with `var`, `through` with `through-var`, and `find` or `given` is needed",
            );
        }
    }
}

/// Rules and regular expressions of fact tables, and of how hosts are recognised.
fn facts(checker: &mut PackChecker<'_>) {
    let pack = checker.pack;
    let language = Some(pack.language());
    for (name, fact) in &pack.raw.facts {
        let at = Place::top("facts").key(name);
        for (key, regex) in [("matching", &fact.matching), ("except", &fact.except)] {
            if let Some(regex) = regex {
                checker.regular(&at.key(key), regex);
            }
        }
        compile(checker, &at.key("find"), language, fact.find.as_deref(), "");
        let find = fact.var.as_deref().zip(fact.find.as_deref());
        checker.variable(&at.key("var"), find, "find");
        for (key, field) in &fact.fields {
            let at = at.key("fields").key(key);
            let within = format!("the field `{key}` of the fact table `{name}`");
            compile(checker, &at.key("find"), language, Some(&field.find), &within);
            checker.variable(&at.key("var"), Some((field.var.as_str(), &field.find)), "find");
            if let Some(regex) = &field.regex {
                checker.regular(&at.key("regex"), regex);
            }
        }
    }
    if let Some(regex) = &pack.raw.detect.matching {
        checker.regular(&Place::top("host").key("matching"), regex);
    }
    regulars(
        checker,
        &Place::top("style").key("import-groups"),
        &pack.raw.style.import_groups,
    );
}
