//! Every rule of `pack.toml` is compiled: one that cannot be read, or can never match, is found before it is used.

use crate::raw::{RawSite, SiteKind};
use tenon_syntax::rule::Rule;
use tenon_syntax::tree::Grammar;
use tenon_text::diag::Error;

use super::{Desk, Section, key_place};

/// All rules and regular expressions.
pub fn rules(desk: &mut Desk<'_>) {
    let raw = &desk.pack.raw;
    for (index, site) in raw.sites.iter().enumerate() {
        of_site(desk, &Section::of("site", index), site);
        texts_of(desk, &Section::of("site", index), site);
    }
    for (index, observe) in raw.observes.iter().enumerate() {
        let at = Section::of("observe", index);
        compile(
            desk,
            &at,
            "find",
            grammar(&observe.file),
            observe.find.as_deref(),
            "",
        );
        let Some(regex) = &observe.regex else { continue };
        let compiled = desk.regular(&at, regex);
        if compiled.is_some_and(|compiled| compiled.captures_len() < 2) {
            desk.fault(
                &at,
                regex,
                format!("`{regex}` has no group"),
                "put what is the answer into parentheses",
            );
        }
    }
    for (index, expect) in raw.expects.iter().enumerate() {
        let at = Section::of("expect", index);
        let file = Grammar::of_path(&expect.file);
        compile(desk, &at, "find", file, expect.find.as_deref(), "");
        let sites = &raw.sites;
        let site = sites.iter().find(|site| Some(&site.id) == expect.site.as_ref());
        let file = site.and_then(|site| grammar(&site.file));
        compile(desk, &at, "unless", file, expect.unless.as_deref(), "");
        for regex in &expect.local {
            desk.regular(&at, regex);
        }
    }
    in_sites(desk);
    names(desk);
    facts(desk);
}

/// The regular expressions of a site; of a list of lines, one of them names the entries, and an entry is one line.
fn texts_of(desk: &mut Desk<'_>, at: &Section, site: &RawSite) {
    for text in [&site.below, &site.above]
        .into_iter()
        .flatten()
        .chain(&site.others)
    {
        desk.regular(at, text);
    }
    let insert = site.insert.as_deref().unwrap_or_default();
    if site.kind == SiteKind::List && insert.trim_end().ends_with(',') {
        let message = format!("an entry of the site `{}` ends in a comma", site.id);
        desk.fault(at, insert, message, "leave it out: a list puts its own commas");
    }
    let Some(line) = &site.line else { return };
    let compiled = desk.regular(at, line);
    if compiled.is_some_and(|compiled| compiled.captures_len() < 2) {
        let message = format!("`{line}` has no group");
        desk.fault(at, line, message, "put what names the entry into parentheses");
    }
    if insert.contains('\n') {
        let message = format!("an entry of the site `{}` is more than one line", site.id);
        desk.fault(at, &site.id, message, "write `insert` on one line");
    }
}

fn grammar(file: &Option<String>) -> Option<Grammar> {
    file.as_deref().and_then(Grammar::of_path)
}

/// Compiles the rule that stands at `key`; `within` says in what, where the section does not.
fn compile(
    desk: &mut Desk<'_>,
    at: &Section,
    key: &str,
    grammar: Option<Grammar>,
    rule: Option<&toml::Table>,
    within: &str,
) {
    let (Some(grammar), Some(rule)) = (grammar, rule) else {
        return;
    };
    if let Err(error) = Rule::check(grammar, rule) {
        let error = error.at("pack.toml", key_place(desk.text, at, key));
        let told: Error = if within.is_empty() {
            error
        } else {
            error.because(format!("in {within}"))
        };
        desk.faults.push(told);
    }
}

fn of_site(desk: &mut Desk<'_>, at: &Section, site: &RawSite) {
    let tables = [
        ("entry", &site.entry),
        ("container", &site.container),
        ("or-container", &site.or_container),
        ("name-in", &site.name_in),
        ("after", &site.after),
        ("before", &site.before),
        ("follows", &site.follows),
        ("precedes", &site.precedes),
    ];
    let within = format!("the site `{}`", site.id);
    for (key, table) in tables {
        compile(desk, at, key, grammar(&site.file), table.as_deref(), &within);
    }
}

/// Rules in the tables of sites.
fn in_sites(desk: &mut Desk<'_>) {
    let sites = &desk.pack.raw.sites;
    let nevers = sites
        .iter()
        .flat_map(|site| site.nevers.iter().map(move |it| (site, it)));
    for (index, (site, never)) in nevers.enumerate() {
        let at = Section::of("site.never", index);
        let within = format!("what the site `{}` must not say", site.id);
        compile(desk, &at, "find", grammar(&site.file), Some(&never.find), &within);
    }
    let fields = sites
        .iter()
        .flat_map(|site| site.fields.iter().map(move |it| (site, it)));
    for (index, (site, field)) in fields.enumerate() {
        let at = Section::of("site.field", index);
        let within = format!("a field of the site `{}`", site.id);
        compile(desk, &at, "find", grammar(&site.file), Some(&field.find), &within);
    }
}

/// Rules of sets of names.
fn names(desk: &mut Desk<'_>) {
    let pack = desk.pack;
    let language = Some(pack.language());
    let all: Vec<&str> = pack.raw.names.keys().map(String::as_str).collect();
    for (name, names) in &pack.raw.names {
        let at = Section::named("names", name);
        if let Some(other) = &names.without {
            desk.known(&at, "set of names called", other, &all);
        }
        let tables = [
            ("through", &names.through),
            ("within", &names.within),
            ("find", &names.find),
            ("open", &names.open),
        ];
        let within = format!("the set of names `{name}`");
        for (key, table) in tables {
            compile(desk, &at, key, language, table.as_deref(), &within);
        }
        desk.variable(&at, names.var.as_deref().zip(names.find.as_deref()), "find");
        let through = names.through_var.as_deref().zip(names.through.as_deref());
        desk.variable(&at, through, "through");
        let pairs = [
            (names.find.is_some(), names.var.is_some()),
            (names.through.is_some(), names.through_var.is_some()),
        ];
        if pairs.iter().any(|(rule, var)| rule != var) || (names.find.is_none() && names.given.is_empty()) {
            desk.fault(
                &at,
                name,
                format!("the set of names `{name}` lacks a key"),
                "`find` goes with `var`, `through` with `through-var`, and `find` or `given` is needed",
            );
        }
    }
}

/// Rules and regular expressions of fact tables, and of how hosts are recognised.
fn facts(desk: &mut Desk<'_>) {
    let pack = desk.pack;
    let language = Some(pack.language());
    for (name, fact) in &pack.raw.facts {
        let at = Section::named("facts", name);
        for regex in fact.matching.iter().chain(&fact.except) {
            desk.regular(&at, regex);
        }
        compile(desk, &at, "find", language, fact.find.as_deref(), "");
        desk.variable(&at, fact.var.as_deref().zip(fact.find.as_deref()), "find");
        for (key, field) in &fact.fields {
            let at = Section::named(&format!("facts.{name}.fields"), key);
            let within = format!("the field `{key}` of the fact table `{name}`");
            compile(desk, &at, "find", language, Some(&field.find), &within);
            desk.variable(&at, Some((field.var.as_str(), &field.find)), "find");
            if let Some(regex) = &field.regex {
                desk.regular(&at, regex);
            }
        }
    }
    let whole = Section::file();
    let regexes = pack.raw.detect.matching.iter();
    for regex in regexes.chain(&pack.raw.style.import_groups) {
        desk.regular(&whole, regex);
    }
}
