//! Ids, and what refers to what: generators, questions, fact tables, contracts, parts, sites.

use crate::raw::{QuestionKind, RawFact, RawQuestion, RawSite, SiteKind};

use super::{Desk, Section, missing};

/// Words that the command line uses itself, so that no question can have them.
const TAKEN: [&str; 16] = [
    "answers", "check", "color", "dry-run", "force", "format", "help", "host", "instead", "name", "no-input",
    "pack", "quiet", "verbose", "version", "yes",
];

/// Ids become subcommands, flags and completion scripts: plain words, each used once.
pub fn ids(desk: &mut Desk<'_>) {
    let raw = &desk.pack.raw;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let generators = raw.generators.iter().map(|generator| &generator.id).enumerate();
    let questions = raw.questions.iter().map(|question| &question.id).enumerate();
    let generators = generators.map(|(at, id)| (Section::of("generator", at), id));
    for (at, id) in generators.chain(questions.map(|(at, id)| (Section::of("question", at), id))) {
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
            desk.fault(
                &at,
                id,
                format!("`{id}` cannot be an id"),
                "use lower-case words joined by `-`",
            );
        }
    }
    for (index, question) in raw.questions.iter().enumerate() {
        let id = &question.id;
        let shared = |other: &&RawQuestion| {
            other.id == *id && other.generators.iter().any(|g| question.generators.contains(g))
        };
        if TAKEN.contains(&id.as_str()) || raw.questions[..index].iter().any(|other| shared(&other)) {
            desk.fault(
                &Section::of("question", index),
                id,
                format!("the question id `{id}` is taken"),
                "choose another: it becomes a flag",
            );
        }
    }
    for (index, generator) in raw.generators.iter().enumerate() {
        if raw.generators[..index]
            .iter()
            .any(|other| other.id == generator.id)
        {
            desk.fault(
                &Section::of("generator", index),
                &generator.id,
                format!("there are two generators `{}`", generator.id),
                "give each its own id: it is what people type after `tenon new`",
            );
        }
    }
}

/// References to what the pack does not have, and settings that a kind needs and lacks.
pub fn references(desk: &mut Desk<'_>) {
    let raw = &desk.pack.raw;
    let apis: Vec<&str> = raw.api.keys().map(String::as_str).collect();
    let facts: Vec<&str> = raw.facts.keys().map(String::as_str).collect();
    let detect = raw.detect.files.iter().chain(&raw.detect.any);
    for pattern in detect.chain(&raw.style.like) {
        inside(desk, &Section::file(), pattern);
    }
    for (name, fact) in &raw.facts {
        let at = Section::named("facts", name);
        for pattern in fact.files.iter().chain(&fact.manifests) {
            inside(desk, &at, pattern);
        }
        if let Some(api) = &fact.api {
            desk.known(&at, "api", api, &apis);
        }
        one_source(desk, &at, name, fact);
    }
    for (name, contract) in &raw.contracts {
        let at = Section::named("contracts", name);
        for regex in contract
            .bodies
            .iter()
            .flat_map(|body| body.method.iter().chain(&body.returns))
        {
            desk.regular(&at, regex);
        }
        let stand_in = contract.stand_in.as_ref().map(|other| &other.api);
        for api in std::iter::once(&contract.api).chain(stand_in) {
            desk.known(&at, "api", api, &apis);
        }
    }
    for (index, generator) in raw.generators.iter().enumerate() {
        let at = Section::of("generator", index);
        for table in generator.name.distinct_from.iter().chain(&generator.name.one_of) {
            desk.known(&at, "fact table", table, &facts);
        }
        let all: Vec<&str> = raw.generators.iter().map(|it| it.id.as_str()).collect();
        for other in &generator.whole_with {
            desk.known(&at, "generator", other, &all);
        }
    }
    questions(desk);
    for (index, require) in raw.requires.iter().enumerate() {
        let at = Section::of("require", index);
        desk.generators(&at, &require.generators);
        desk.each(&at, require.each.as_ref());
    }
    for (index, verify) in raw.verifies.iter().enumerate() {
        let at = Section::of("verify", index);
        desk.generators(&at, &verify.generators);
    }
    parts_and_sites(desk);
}

fn questions(desk: &mut Desk<'_>) {
    let raw = &desk.pack.raw;
    let facts: Vec<&str> = raw.facts.keys().map(String::as_str).collect();
    let questions: Vec<&str> = raw
        .questions
        .iter()
        .map(|question| question.id.as_str())
        .collect();
    for (index, question) in raw.questions.iter().enumerate() {
        let at = Section::of("question", index);
        desk.generators(&at, &question.generators);
        if let Some(from) = &question.from {
            desk.known(&at, "fact table", from, &facts);
        }
        for other in question.within.iter().chain(&question.left) {
            desk.known(&at, "question", other, &questions);
        }
        let regex = question.matching.as_ref();
        let regex = regex.and_then(|regex| desk.regular(&at, regex));
        if let (Some(regex), Some(example)) = (regex, &question.example)
            && !regex.is_match(example)
        {
            desk.fault(
                &at,
                example,
                format!("the example `{example}` is no answer to `{}`", question.id),
                "it does not match what `matching` says",
            );
        }
        if lacks_choices(question) {
            desk.fault(
                &at,
                &question.id,
                format!("the question `{}` has no choices", question.id),
                "give it `from`, `within` or `choices`",
            );
        }
    }
}

fn parts_and_sites(desk: &mut Desk<'_>) {
    let pack = desk.pack;
    let raw = &pack.raw;
    let contracts: Vec<&str> = raw.contracts.keys().map(String::as_str).collect();
    for (index, part) in raw.parts.iter().enumerate() {
        let at = Section::of("part", index);
        desk.generators(&at, &part.generators);
        desk.each(&at, part.each.as_ref());
        if let Some(contract) = &part.contract {
            desk.known(&at, "contract", contract, &contracts);
        }
        if pack.templates(part).next().is_none() {
            let paths = pack.files.paths();
            let mut folders: Vec<&str> = paths
                .iter()
                .filter_map(|path| Some(path.strip_prefix("files/")?.split_once('/')?.0))
                .collect();
            folders.dedup();
            desk.known(&at, "folder of templates", &part.files, &folders);
        }
    }
    for (index, site) in raw.sites.iter().enumerate() {
        let at = Section::of("site", index);
        desk.generators(&at, &site.generators);
        desk.each(&at, site.each.as_ref());
        if let Some(lacks) = lacks(site) {
            desk.fault(
                &at,
                &site.id,
                format!("the site `{}` has no `{lacks}`", site.id),
                &format!("a site of this kind needs it: add `{lacks} = …`"),
            );
        }
        if let Some((key, other)) = keyless(site) {
            desk.fault(
                &at,
                &site.id,
                format!("the entries of the site `{}` have no key of their own", site.id),
                &format!("`{key}` is the same for every thing, and `{other}` is not: say in `{key}` whose entry it is, with `{{{{name}}}}`"),
            );
        }
    }
}

/// What should tell entries apart and does not, and what shows that they differ.
fn keyless(site: &RawSite) -> Option<(&'static str, &'static str)> {
    let varies = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains("{{"));
    let same = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.contains("{{"));
    match site.kind {
        SiteKind::List | SiteKind::Lines if same(&site.name) && varies(&site.insert) => {
            Some(("name", "insert"))
        }
        SiteKind::Manifest if same(&site.key) && varies(&site.value) => Some(("key", "value")),
        SiteKind::Manifest if same(&site.key) && varies(&site.json) => Some(("key", "json")),
        _ => None,
    }
}

/// A pattern of files must stay in the host.
fn inside(desk: &mut Desk<'_>, at: &Section, pattern: &str) {
    if pattern.contains('\\') || pattern.split('/').any(|name| matches!(name, "" | "..")) {
        let message = format!("`{pattern}` leads out of the host");
        desk.fault(
            at,
            pattern,
            message,
            "patterns start at the host's root: names with `/` between them",
        );
    }
}

fn one_source(desk: &mut Desk<'_>, at: &Section, name: &str, fact: &RawFact) {
    let all = [
        fact.api.is_some(),
        !fact.files.is_empty(),
        !fact.manifests.is_empty(),
        fact.module_of.is_some(),
    ];
    if all.iter().filter(|given| **given).count() != 1 {
        desk.fault(
            at,
            name,
            format!("the fact table `{name}` needs exactly one source"),
            "give it one of `api`, `files`, `manifests`, `module-of`",
        );
    }
}

/// A setting that the site's kind needs and that is not there.
fn lacks(site: &RawSite) -> Option<&'static str> {
    match site.kind {
        SiteKind::Member => missing(&[("value", site.value.is_some())]),
        SiteKind::Manifest => missing(&[
            ("file", site.file.is_some()),
            ("pointer", site.pointer.is_some()),
            (
                "value",
                site.value.is_some() || (site.json.is_some() && site.key.is_some()),
            ),
        ]),
        SiteKind::List => missing(&[
            ("file", site.file.is_some()),
            ("entry", site.entry.is_some()),
            ("var", site.var.is_some()),
            ("name", site.name.is_some()),
            ("insert", site.insert.is_some()),
        ]),
        SiteKind::Lines => missing(&[
            ("file", site.file.is_some()),
            ("line", site.line.is_some()),
            ("name", site.name.is_some()),
            ("insert", site.insert.is_some()),
        ]),
        SiteKind::Slot => missing(&[
            ("file", site.file.is_some()),
            ("entry", site.entry.is_some()),
            ("var", site.var.is_some()),
            ("value", site.value.is_some()),
        ]),
    }
}

fn lacks_choices(question: &RawQuestion) -> bool {
    let has = question.from.is_some() || question.within.is_some() || !question.choices.is_empty();
    matches!(
        question.kind,
        QuestionKind::Many | QuestionKind::One | QuestionKind::Pairs
    ) && !has
        && question.follows.is_empty()
}
