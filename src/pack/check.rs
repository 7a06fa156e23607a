//! Checks of a loaded pack: every reference leads somewhere, every template can be read.

use crate::diag::{Error, Result, line_col};
use crate::lang::names::nearest;

use super::raw::{QuestionKind, SiteKind};
use super::{Pack, Templates};

/// Refuses references to what the pack does not have, and settings that a kind needs and lacks.
pub fn references(pack: &Pack, text: &str) -> Result<()> {
    let raw = &pack.raw;
    // TOML values carry no spans after reading; the first place where the word stands quoted is where it is used.
    let place = |word: &str| line_col(text, text.find(&format!("\"{word}\"")).unwrap_or(0));
    let known = |what: &str, word: &str, all: &mut dyn Iterator<Item = &str>| -> Result<()> {
        let all: Vec<&str> = all.collect();
        if all.contains(&word) {
            return Ok(());
        }
        let error = Error::new(format!("there is no {what} `{word}`")).at("pack.toml", place(word));
        Err(match nearest(word, all.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("the pack has: {}", all.join(", "))),
        })
    };
    let generators = || raw.generators.iter().map(|generator| generator.id.as_str());
    let facts = || raw.facts.keys().map(String::as_str);
    let questions = || raw.questions.iter().map(|question| question.id.as_str());
    let tables = || facts_and_questions(pack);

    for (name, fact) in &raw.facts {
        if let Some(api) = &fact.api {
            known("api", api, &mut raw.api.keys().map(String::as_str))?;
        }
        let sources = usize::from(fact.api.is_some())
            + usize::from(fact.files.is_some())
            + usize::from(!fact.manifests.is_empty());
        if sources != 1 {
            return Err(Error::new(format!("the fact table `{name}` needs exactly one source"))
                .at("pack.toml", line_col(text, text.find(&format!("facts.{name}")).unwrap_or(0)))
                .help("give it one of `api`, `files`, `manifests`"));
        }
    }
    for contract in raw.contracts.values() {
        for api in [Some(&contract.api), contract.stand_in.as_ref().map(|other| &other.api)].into_iter().flatten() {
            known("api", api, &mut raw.api.keys().map(String::as_str))?;
        }
    }
    for generator in &raw.generators {
        for table in generator.name.distinct_from.iter().chain(&generator.name.one_of) {
            known("fact table", table, &mut facts())?;
        }
    }
    for question in &raw.questions {
        for id in &question.generators {
            known("generator", id, &mut generators())?;
        }
        if let Some(from) = &question.from {
            known("fact table", from, &mut facts())?;
        }
        for other in question.within.iter().chain(&question.left) {
            known("question", other, &mut questions())?;
        }
        let has_choices = question.from.is_some() || question.within.is_some() || !question.choices.is_empty();
        let needs_choices = matches!(question.kind, QuestionKind::Many | QuestionKind::One | QuestionKind::Pairs);
        if needs_choices && !has_choices {
            return Err(Error::new(format!("the question `{}` has no choices", question.id))
                .at("pack.toml", place(&question.id))
                .help("give it `from`, `within` or `choices`"));
        }
    }
    for part in &raw.parts {
        for id in &part.generators {
            known("generator", id, &mut generators())?;
        }
        if let Some(each) = &part.each {
            known("question or fact table", each, &mut tables())?;
        }
        if let Some(contract) = &part.contract {
            known("contract", contract, &mut raw.contracts.keys().map(String::as_str))?;
        }
        if pack.templates(part).next().is_none() {
            let paths = pack.files.paths();
            let mut folders = paths.iter().filter_map(|path| path.strip_prefix("files/")?.split('/').next());
            known("folder of templates", &part.files, &mut folders)?;
        }
    }
    for site in &raw.sites {
        for id in &site.generators {
            known("generator", id, &mut generators())?;
        }
        if let Some(each) = &site.each {
            known("question or fact table", each, &mut tables())?;
        }
        let lacks = match site.kind {
            SiteKind::Member => missing(&[("value", site.value.is_some())]),
            SiteKind::Manifest => missing(&[
                ("file", site.file.is_some()),
                ("pointer", site.pointer.is_some()),
                ("value", site.value.is_some()),
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
        };
        if let Some(lacks) = lacks {
            return Err(Error::new(format!("the site `{}` has no `{lacks}`", site.id))
                .at("pack.toml", place(&site.id)));
        }
    }
    Ok(())
}

fn facts_and_questions(pack: &Pack) -> impl Iterator<Item = &str> {
    let facts = pack.raw.facts.keys().map(String::as_str);
    facts.chain(pack.raw.questions.iter().map(|question| question.id.as_str()))
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
        let texts = [&site.file, &site.key, &site.value, &site.name, &site.insert];
        for text in texts.into_iter().flatten().chain(&site.imports) {
            Templates::check("pack.toml", text)?;
        }
    }
    Ok(())
}
