//! Checks of a loaded pack: every reference leads somewhere, every template can be read.

use crate::diag::{Error, LineCol, Result, line_col};
use crate::lang::names::nearest;
use crate::lang::rule::Rule;
use crate::lang::tree::Grammar;

use super::raw::{QuestionKind, RawFact, RawQuestion, RawSite, SiteKind};
use super::{Pack, Templates};

mod things;

/// Words that the command line uses itself, so that no question can have them.
const TAKEN: [&str; 14] = [
    "answers", "check", "color", "dry-run", "format", "help", "host", "name", "no-input", "pack", "quiet",
    "verbose", "version", "yes",
];

/// A table of `pack.toml`: its header, and which of those with that header; an empty header is the whole file.
type Section<'s> = (&'s str, usize);

/// Where `word` stands quoted in a section. TOML values carry no spans after reading.
pub(super) fn place(text: &str, (header, index): Section<'_>, word: &str) -> LineCol {
    let start = text.match_indices(header).nth(index).map_or(0, |(at, _)| at);
    let section = &text[start..];
    let end = if header.is_empty() {
        None
    } else {
        section[header.len()..].find("\n[")
    };
    let section = end.map_or(section, |end| &section[..header.len() + end]);
    let quoted = format!("\"{word}\"");
    // What a pack takes from the one that it extends stands elsewhere.
    let found = section.find(&quoted).map(|at| start + at).or(text.find(&quoted));
    line_col(text, found.unwrap_or(start))
}

/// Ids become subcommands, flags and completion scripts: plain words, each used once.
pub fn ids(pack: &Pack, text: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let generators = pack
        .raw
        .generators
        .iter()
        .map(|generator| &generator.id)
        .enumerate();
    let questions = pack.raw.questions.iter().map(|question| &question.id).enumerate();
    let generators = generators.map(|(at, id)| (("[[generator]]", at), id));
    for (at, id) in generators.chain(questions.map(|(at, id)| (("[[question]]", at), id))) {
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
            return Err(Error::new(format!("`{id}` cannot be an id"))
                .at("pack.toml", place(text, at, id))
                .help("use lower-case words joined by `-`"));
        }
    }
    for (at, question) in pack.raw.questions.iter().enumerate() {
        let id = &question.id;
        let shared = |other: &&RawQuestion| {
            other.id == *id && other.generators.iter().any(|g| question.generators.contains(g))
        };
        if TAKEN.contains(&id.as_str()) || pack.raw.questions[..at].iter().any(|other| shared(&other)) {
            return Err(Error::new(format!("the question id `{id}` is taken"))
                .at("pack.toml", place(text, ("[[question]]", at), id))
                .help("choose another: it becomes a flag"));
        }
    }
    Ok(())
}

/// Refuses references to what the pack does not have, and settings that a kind needs and lacks.
pub fn references(pack: &Pack, text: &str) -> Result<()> {
    let raw = &pack.raw;
    let known = |at: Section<'_>, what: &str, word: &str, all: &mut dyn Iterator<Item = &str>| {
        known(text, at, what, word, &all.collect::<Vec<_>>())
    };
    let generators = || raw.generators.iter().map(|generator| generator.id.as_str());
    let facts = || raw.facts.keys().map(String::as_str);
    let questions = || raw.questions.iter().map(|question| question.id.as_str());

    for (name, fact) in &raw.facts {
        if let Some(api) = &fact.api {
            known(("", 0), "api", api, &mut raw.api.keys().map(String::as_str))?;
        }
        one_source(name, fact, text)?;
    }
    for contract in raw.contracts.values() {
        for regex in contract
            .bodies
            .iter()
            .flat_map(|body| body.method.iter().chain(&body.returns))
        {
            things::regular(text, ("[[contracts", 0), regex)?;
        }
        for api in [
            Some(&contract.api),
            contract.stand_in.as_ref().map(|other| &other.api),
        ]
        .into_iter()
        .flatten()
        {
            known(("", 0), "api", api, &mut raw.api.keys().map(String::as_str))?;
        }
    }
    for (index, generator) in raw.generators.iter().enumerate() {
        let at = ("[[generator]]", index);
        for table in generator.name.distinct_from.iter().chain(&generator.name.one_of) {
            known(at, "fact table", table, &mut facts())?;
        }
    }
    for (index, question) in raw.questions.iter().enumerate() {
        let at = ("[[question]]", index);
        for id in &question.generators {
            known(at, "generator", id, &mut generators())?;
        }
        if let Some(from) = &question.from {
            known(at, "fact table", from, &mut facts())?;
        }
        for other in question.within.iter().chain(&question.left) {
            known(at, "question", other, &mut questions())?;
        }
        if lacks_choices(question) {
            return Err(
                Error::new(format!("the question `{}` has no choices", question.id))
                    .at("pack.toml", place(text, at, &question.id))
                    .help("give it `from`, `within` or `choices`"),
            );
        }
    }
    parts_and_sites(pack, text)
}

/// The same for parts and sites.
fn parts_and_sites(pack: &Pack, text: &str) -> Result<()> {
    let raw = &pack.raw;
    let known = |at: Section<'_>, what: &str, word: &str, all: &mut dyn Iterator<Item = &str>| {
        known(text, at, what, word, &all.collect::<Vec<_>>())
    };
    let generators = || raw.generators.iter().map(|generator| generator.id.as_str());
    let tables = || facts_and_questions(pack);
    for (index, part) in raw.parts.iter().enumerate() {
        let at = ("[[part]]", index);
        for id in &part.generators {
            known(at, "generator", id, &mut generators())?;
        }
        if let Some(each) = &part.each {
            known(at, "question or fact table", each, &mut tables())?;
        }
        if let Some(contract) = &part.contract {
            known(
                at,
                "contract",
                contract,
                &mut raw.contracts.keys().map(String::as_str),
            )?;
        }
        if pack.templates(part).next().is_none() {
            let paths = pack.files.paths();
            let mut folders = paths
                .iter()
                .filter_map(|path| path.strip_prefix("files/")?.split('/').next());
            known(at, "folder of templates", &part.files, &mut folders)?;
        }
    }
    for (index, site) in raw.sites.iter().enumerate() {
        let at = ("[[site]]", index);
        for id in &site.generators {
            known(at, "generator", id, &mut generators())?;
        }
        if let Some(each) = &site.each {
            known(at, "question or fact table", each, &mut tables())?;
        }
        if let Some(lacks) = lacks(site) {
            return Err(Error::new(format!("the site `{}` has no `{lacks}`", site.id))
                .at("pack.toml", place(text, at, &site.id))
                .help(format!("a site of this kind needs it: add `{lacks} = …`")));
        }
    }
    things::references(pack, text)
}

/// `word` must be one of `all`.
fn known(text: &str, at: Section<'_>, what: &str, word: &str, all: &[&str]) -> Result<()> {
    if all.contains(&word) {
        return Ok(());
    }
    let error = Error::new(format!("there is no {what} `{word}`")).at("pack.toml", place(text, at, word));
    Err(match nearest(word, all.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if all.is_empty() => error.help("the pack has none"),
        None => error.help(format!("the pack has: {}", all.join(", "))),
    })
}

fn facts_and_questions(pack: &Pack) -> impl Iterator<Item = &str> {
    let facts = pack.raw.facts.keys().map(String::as_str);
    facts.chain(pack.raw.questions.iter().map(|question| question.id.as_str()))
}

fn one_source(name: &str, fact: &RawFact, text: &str) -> Result<()> {
    let all = [
        fact.api.is_some(),
        !fact.files.is_empty(),
        !fact.manifests.is_empty(),
        fact.module_of.is_some(),
    ];
    if all.iter().filter(|given| **given).count() == 1 {
        return Ok(());
    }
    Err(
        Error::new(format!("the fact table `{name}` needs exactly one source"))
            .at(
                "pack.toml",
                line_col(text, text.find(&format!("facts.{name}")).unwrap_or(0)),
            )
            .help("give it one of `api`, `files`, `manifests`, `module-of`"),
    )
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

fn missing(settings: &[(&'static str, bool)]) -> Option<&'static str> {
    settings.iter().find(|(_, given)| !given).map(|(name, _)| *name)
}

/// Compiles every template of the pack.
pub fn templates(pack: &Pack) -> Result<()> {
    for part in &pack.raw.parts {
        Templates::check("pack.toml", part.dir.as_deref().unwrap_or_default())?;
        for template in pack.templates(part) {
            Templates::check(&template.path, &template.becomes)?;
            if template.rendered {
                Templates::check(&template.path, &pack.files.text(&template.path)?)?;
            }
        }
    }
    for site in &pack.raw.sites {
        let texts = [
            &site.file,
            &site.key,
            &site.value,
            &site.json,
            &site.name,
            &site.insert,
        ];
        for text in texts.into_iter().flatten().chain(&site.imports) {
            Templates::check("pack.toml", text)?;
        }
    }
    things::templates(pack, &pack.files.text("pack.toml")?)
}

/// Compiles the rules of every site: broken ones are found when the pack is loaded, not when it is used.
pub fn rules(pack: &Pack) -> Result<()> {
    let text = pack.files.text("pack.toml")?;
    for (index, site) in pack.raw.sites.iter().enumerate() {
        let Some(grammar) = site.file.as_deref().and_then(Grammar::of_path) else {
            continue;
        };
        let tables = [
            &site.entry,
            &site.container,
            &site.or_container,
            &site.name_in,
            &site.after,
            &site.before,
        ];
        for table in tables.into_iter().flatten() {
            Rule::check(grammar, table).map_err(|error| {
                error
                    .at("pack.toml", place(&text, ("[[site]]", index), &site.id))
                    .because(format!("in the site `{}`", site.id))
            })?;
        }
    }
    things::rules(pack, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pack_passes_its_checks() {
        let packs = Pack::built_in();
        assert!(!packs.is_empty());
        for files in packs {
            let pack = Pack::load(files).unwrap();
            templates(&pack).unwrap();
            rules(&pack).unwrap();
            assert!(pack.all_sites().len() > 2, "{}", pack.name());
        }
    }
}
