//! Checks of the sections that speak of things which exist: `[[subject]]`, `[[observe]]`, `[[expect]]`,
//! `[[part.required]]`, `[[site.field]]`, and what sites say to checks.

use regex::Regex;

use crate::diag::{Error, Result};
use crate::lang::rule::Rule;
use crate::lang::tree::Grammar;
use crate::pack::raw::SiteKind;
use crate::pack::raw_check::{ExpectKind, RawExpect, RawObserve};
use crate::pack::{Pack, Templates};

use super::{Section, facts_and_questions, known, missing, place};

/// Refuses references to what the pack does not have, keys that are needed and lacking, and keys that would do nothing.
pub fn references(pack: &Pack, text: &str) -> Result<()> {
    let raw = &pack.raw;
    let facts: Vec<&str> = raw.facts.keys().map(String::as_str).collect();
    for (index, subject) in raw.subjects.iter().enumerate() {
        let at = ("[[subject]]", index);
        generators(pack, text, at, std::slice::from_ref(&subject.generator))?;
        known(text, at, "fact table", &subject.rows, &facts)?;
    }
    for (index, observe) in raw.observes.iter().enumerate() {
        observed(pack, text, ("[[observe]]", index), observe)?;
    }
    for (index, expect) in raw.expects.iter().enumerate() {
        expected(pack, text, ("[[expect]]", index), expect)?;
    }
    let required = raw
        .parts
        .iter()
        .flat_map(|part| part.required.iter().map(move |file| (part, file)));
    for (index, (part, required)) in required.enumerate() {
        let files: Vec<String> = pack.templates(part).map(|template| template.becomes).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        known(
            text,
            ("[[part.required]]", index),
            "file in the part called",
            &required.file,
            &files,
        )?;
    }
    sites(pack, text)
}

fn generators(pack: &Pack, text: &str, at: Section<'_>, words: &[String]) -> Result<()> {
    let all: Vec<&str> = pack.raw.generators.iter().map(|g| g.id.as_str()).collect();
    words
        .iter()
        .try_for_each(|word| known(text, at, "generator", word, &all))
}

fn observed(pack: &Pack, text: &str, at: Section<'_>, observe: &RawObserve) -> Result<()> {
    generators(pack, text, at, &observe.generators)?;
    for generator in &observe.generators {
        let asked: Vec<&str> = pack.answered(generator).map(|q| q.id.as_str()).collect();
        let what = format!("question of `{generator}` called");
        for question in std::iter::once(&observe.question).chain(&observe.each) {
            known(text, at, &what, question, &asked)?;
        }
    }
    let question = &observe.question;
    let refuse = |message: String, help: &str| {
        Err(Error::new(message)
            .at("pack.toml", place(text, at, question))
            .help(help.to_owned()))
    };
    let sources = [
        observe.files.is_some(),
        observe.find.is_some(),
        observe.site.is_some(),
        observe.pointer.is_some(),
        observe.containing.is_some() && observe.find.is_none(),
    ];
    if sources.iter().filter(|given| **given).count() != 1 {
        return refuse(
            format!("how `{question}` is read back needs exactly one source"),
            "give it one of `files`, `find`, `pointer`, `containing`, `site`",
        );
    }
    if observe.files.is_none() && observe.site.is_none() {
        let var = observe.var.is_some() || observe.find.is_none();
        let needed = [("file", observe.file.is_some()), ("var", var)];
        if let Some(lacks) = missing(&needed) {
            return refuse(
                format!("how `{question}` is read back has no `{lacks}`"),
                &format!("add `{lacks} = …`"),
            );
        }
    }
    if let Some(site) = &observe.site {
        let slots = pack.raw.sites.iter().filter(|site| site.kind == SiteKind::Slot);
        let slots: Vec<&str> = slots.map(|site| site.id.as_str()).collect();
        known(text, at, "site of kind `slot` called", site, &slots)?;
    }
    variable(
        text,
        at,
        observe.var.as_deref().zip(observe.find.as_ref()),
        "find",
    )
}

/// What an expectation of a kind needs, and what it may have beside that.
fn keys(kind: ExpectKind, in_code: bool) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        ExpectKind::Exports => (&["exports"], &[]),
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

/// The name of a kind, as it is written.
fn kind_name(kind: ExpectKind) -> &'static str {
    match kind {
        ExpectKind::Exports => "exports",
        ExpectKind::Class => "class",
        ExpectKind::Agree => "agree",
        ExpectKind::Has => "has",
        ExpectKind::Imports => "imports",
        ExpectKind::Value => "value",
        ExpectKind::Says => "says",
        ExpectKind::Never => "never",
        ExpectKind::Unique => "unique",
        ExpectKind::EntryPoints => "entry-points",
        ExpectKind::Dependencies => "dependencies",
        ExpectKind::Provided => "provided",
    }
}

/// The keys that only some kinds have, and whether they are given.
fn given(expect: &RawExpect) -> [(&'static str, bool); 28] {
    [
        ("exports", !expect.exports.is_empty()),
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

fn expected(pack: &Pack, text: &str, at: Section<'_>, expect: &RawExpect) -> Result<()> {
    let raw = &pack.raw;
    generators(pack, text, at, &expect.generators)?;
    if let Some(each) = &expect.each {
        let tables: Vec<&str> = facts_and_questions(pack).collect();
        known(text, at, "question or fact table", each, &tables)?;
    }
    let kind = kind_name(expect.kind);
    let (needed, allowed) = keys(expect.kind, expect.find.is_some());
    for (key, given) in given(expect) {
        let (message, help) = if needed.contains(&key) && !given {
            (
                format!("the expectation of kind `{kind}` has no `{key}`"),
                format!("add `{key} = …`"),
            )
        } else if given && !needed.contains(&key) && !allowed.contains(&key) {
            (
                format!("an expectation of kind `{kind}` does nothing with `{key}`"),
                format!("it takes: {}", [needed, allowed].concat().join(", ")),
            )
        } else {
            continue;
        };
        return Err(Error::new(message)
            .at("pack.toml", place(text, at, kind))
            .help(help));
    }
    let apis: Vec<&str> = raw.api.keys().map(String::as_str).collect();
    for api in expect.or_api.iter().chain(&expect.api) {
        known(text, at, "api", api, &apis)?;
    }
    if let Some(contract) = &expect.contract {
        let contracts: Vec<&str> = raw.contracts.keys().map(String::as_str).collect();
        known(text, at, "contract", contract, &contracts)?;
    }
    let names: Vec<&str> = raw.names.keys().map(String::as_str).collect();
    for name in expect.names.iter().chain(&expect.among) {
        known(text, at, "set of names called", name, &names)?;
    }
    if let Some(site) = &expect.site {
        let lists = raw.sites.iter().filter(|site| site.kind == SiteKind::List);
        let lists: Vec<&str> = lists.map(|site| site.id.as_str()).collect();
        known(text, at, "site of kind `list` called", site, &lists)?;
    }
    for name in expect.takes.iter().chain(&expect.gives) {
        if name.matches("{}").count() != 1 {
            return Err(Error::new(format!("`{name}` does not say where the name stands"))
                .at("pack.toml", place(text, at, name))
                .help("write `{}` once, in place of the name: `{}.Service`"));
        }
    }
    variable(text, at, expect.var.as_deref().zip(expect.find.as_ref()), "find")
}

/// What sites say to checks.
fn sites(pack: &Pack, text: &str) -> Result<()> {
    let rests: Vec<&str> = pack
        .raw
        .observes
        .iter()
        .filter_map(|observe| observe.rest.as_deref())
        .collect();
    let mut fields = 0;
    for (index, site) in pack.raw.sites.iter().enumerate() {
        let at = ("[[site]]", index);
        if let Some(key) = super::sites::idle(site) {
            return Err(
                Error::new(format!("the site `{}` does nothing with `{key}`", site.id))
                    .at("pack.toml", place(text, at, &site.id))
                    .help("its kind has no such key: see docs/packs.md"),
            );
        }
        super::sites::texts(site, text, at)?;
        for also in &site.also {
            known(
                text,
                at,
                "`rest` of an `[[observe]]` that is called",
                also,
                &rests,
            )?;
        }
        variable(
            text,
            at,
            site.leads_to.as_deref().zip(site.entry.as_ref()),
            "entry",
        )?;
        for field in &site.fields {
            let at = ("[[site.field]]", fields);
            fields += 1;
            variable(text, at, Some((field.var.as_str(), &field.find)), "find")?;
            if field.is.is_none() && field.declared_in.is_none() && field.exported_in.is_none() {
                return Err(Error::new(format!(
                    "the field `{}` of the site `{}` expects nothing",
                    field.var, site.id
                ))
                .at("pack.toml", place(text, at, &field.var))
                .help("give it `is`, `declared-in` or `exported-in`"));
            }
        }
    }
    Ok(())
}

/// A variable must stand in the rule whose matches it is taken from.
fn variable(text: &str, at: Section<'_>, used: Option<(&str, &toml::Table)>, rule: &str) -> Result<()> {
    let Some((name, table)) = used else { return Ok(()) };
    let written = table.to_string();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let all: Vec<&str> = written
        .split('$')
        .skip(1)
        .map(|rest| rest.split(|c| !is_part(c)).next().unwrap_or_default())
        .filter(|name| !name.is_empty())
        .collect();
    known(text, at, &format!("variable in `{rule}` called"), name, &all)
}

/// Compiles the templates.
pub fn templates(pack: &Pack, text: &str) -> Result<()> {
    let raw = &pack.raw;
    let check = |at: Section<'_>, templates: &[Option<&String>]| -> Result<()> {
        for template in templates.iter().flatten() {
            Templates::check("pack.toml", template)
                .map_err(|error| error.at("pack.toml", place(text, at, template)))?;
        }
        Ok(())
    };
    for (index, subject) in raw.subjects.iter().enumerate() {
        check(("[[subject]]", index), &[Some(&subject.dir)])?;
    }
    for (index, observe) in raw.observes.iter().enumerate() {
        let at = ("[[observe]]", index);
        let texts = [
            &observe.files,
            &observe.file,
            &observe.pointer,
            &observe.containing,
        ];
        check(at, &texts.map(Option::as_ref))?;
    }
    for (index, expect) in raw.expects.iter().enumerate() {
        let at = ("[[expect]]", index);
        let when = expect
            .when
            .as_ref()
            .map(|when| format!("{{{{#if {when}}}}}{{{{/if}}}}"));
        check(
            at,
            &[
                Some(&expect.file),
                Some(&expect.why),
                expect.value.as_ref(),
                expect.pointer.as_ref(),
                expect.say.as_ref(),
                expect.export.as_ref(),
                expect.compiler.as_ref(),
                expect.sources.as_ref(),
                when.as_ref(),
            ],
        )?;
    }
    for (index, required) in raw.parts.iter().flat_map(|part| &part.required).enumerate() {
        let at = ("[[part.required]]", index);
        check(at, &[Some(&required.file), Some(&required.why)])?;
        required.or.iter().try_for_each(|or| check(at, &[Some(or)]))?;
    }
    for (index, site) in raw.sites.iter().enumerate() {
        check(("[[site]]", index), &[site.why.as_ref()])?;
    }
    for (index, field) in raw.sites.iter().flat_map(|site| &site.fields).enumerate() {
        let at = ("[[site.field]]", index);
        check(
            at,
            &[
                field.is.as_ref(),
                field.declared_in.as_ref(),
                field.exported_in.as_ref(),
            ],
        )?;
    }
    Ok(())
}

/// Compiles the rules and regular expressions.
pub fn rules(pack: &Pack, text: &str) -> Result<()> {
    let raw = &pack.raw;
    let check =
        |at: Section<'_>, word: &str, file: Option<&String>, table: Option<&toml::Table>| -> Result<()> {
            let grammar = file.and_then(|file| Grammar::of_path(file));
            let (Some(grammar), Some(table)) = (grammar, table) else {
                return Ok(());
            };
            Rule::check(grammar, table).map_err(|error| error.at("pack.toml", place(text, at, word)))
        };
    for (index, observe) in raw.observes.iter().enumerate() {
        let at = ("[[observe]]", index);
        check(
            at,
            &observe.question,
            observe.file.as_ref(),
            observe.find.as_ref(),
        )?;
        if let Some(regex) = &observe.regex
            && regular(text, at, regex)?.captures_len() < 2
        {
            return Err(Error::new(format!("`{regex}` has no group"))
                .at("pack.toml", place(text, at, regex))
                .help("put what is the answer into parentheses"));
        }
    }
    for (index, expect) in raw.expects.iter().enumerate() {
        let at = ("[[expect]]", index);
        let kind = kind_name(expect.kind);
        check(at, kind, Some(&expect.file), expect.find.as_ref())?;
        let site = raw
            .sites
            .iter()
            .find(|site| Some(&site.id) == expect.site.as_ref());
        check(
            at,
            kind,
            site.and_then(|site| site.file.as_ref()),
            expect.unless.as_ref(),
        )?;
        for regex in &expect.local {
            regular(text, at, regex)?;
        }
    }
    let nevers = raw
        .sites
        .iter()
        .flat_map(|site| site.nevers.iter().map(move |never| (site, never)));
    for (index, (site, never)) in nevers.enumerate() {
        check(
            ("[[site.never]]", index),
            &never.say,
            site.file.as_ref(),
            Some(&never.find),
        )
        .map_err(|error| error.because(format!("in what the site `{}` must not say", site.id)))?;
    }
    names(pack, text)?;
    let fields = raw
        .sites
        .iter()
        .flat_map(|site| site.fields.iter().map(move |field| (site, field)));
    for (index, (site, field)) in fields.enumerate() {
        let at = ("[[site.field]]", index);
        check(at, &field.var, site.file.as_ref(), Some(&field.find))
            .map_err(|error| error.because(format!("in a field of the site `{}`", site.id)))?;
    }
    Ok(())
}

/// Compiles the rules of sets of names and of further fields of fact tables.
fn names(pack: &Pack, text: &str) -> Result<()> {
    let language = pack.language();
    let at = ("", 0);
    for (name, names) in &pack.raw.names {
        if let Some(other) = &names.without {
            let all: Vec<&str> = pack.raw.names.keys().map(String::as_str).collect();
            known(text, at, "set of names called", other, &all)?;
        }
        let tables = [&names.through, &names.within, &names.find, &names.open];
        for table in tables.into_iter().flatten() {
            Rule::check(language, table)
                .map_err(|error| error.because(format!("in the set of names `{name}`")))?;
        }
        variable(text, at, names.var.as_deref().zip(names.find.as_ref()), "find")?;
        let through = names.through_var.as_deref().zip(names.through.as_ref());
        variable(text, at, through, "through")?;
        let pairs = [
            (names.find.is_some(), names.var.is_some()),
            (names.through.is_some(), names.through_var.is_some()),
        ];
        if pairs.iter().any(|(rule, var)| rule != var) || (names.find.is_none() && names.given.is_empty()) {
            return Err(Error::new(format!("the set of names `{name}` lacks a key"))
                .at("pack.toml", place(text, at, name))
                .help(
                    "`find` goes with `var`, `through` with `through-var`, and `find` or `given` is needed",
                ));
        }
    }
    for fact in pack.raw.facts.values() {
        for regex in fact.matching.iter().chain(&fact.except) {
            regular(text, at, regex)?;
        }
        for field in fact.fields.values() {
            Rule::check(language, &field.find)?;
            variable(text, at, Some((field.var.as_str(), &field.find)), "find")?;
            if let Some(regex) = &field.regex {
                regular(text, at, regex)?;
            }
        }
    }
    if let Some(regex) = &pack.raw.detect.matching {
        regular(text, at, regex)?;
    }
    Ok(())
}

pub(super) fn regular(text: &str, at: Section<'_>, regex: &str) -> Result<Regex> {
    Regex::new(regex).map_err(|error| {
        // What is wrong stands in the last line of several, below the expression with a mark in it.
        let error = error.to_string();
        let why = error.lines().last().unwrap_or_default();
        Error::new(format!("`{regex}` is no regular expression"))
            .at("pack.toml", place(text, at, &regex.replace('\\', "\\\\")))
            .because(why.trim_start_matches("error: "))
            .help("a backslash is written twice between double quotes")
    })
}
