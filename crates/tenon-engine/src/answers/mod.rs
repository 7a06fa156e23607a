//! Answers to a pack's options: flags before an answers file, before what was recorded, before the settings'
//! defaults, before a prompt.
//!
//! What comes in are words; what goes out are checked values: rows of fact tables, flags, text. Nothing is
//! asked that was given, and nothing is guessed that was not.

mod choose;
pub mod prompt;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::facts::{Facts, field};
use tenon_pack::raw::RawName;
use tenon_pack::{Kind, NameCase, OptionKind, Pack, PackOption};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Error, Result};
use tenon_text::names::{CASES, normal};

pub use choose::choices;

/// What a person gave for one option, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Words, or `LEFT:RIGHT` pairs.
    Words(Vec<String>),
    /// A flag.
    Flag(bool),
}

/// Everything that was given, by option.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The name, from the command line.
    pub name: Option<String>,
    /// Flags of the command line.
    pub flags: BTreeMap<String, Given>,
    /// The answers file, with its path for messages.
    pub file: Option<(String, BTreeMap<String, Given>)>,
    /// What was recorded when the same member was made before.
    pub recorded: BTreeMap<String, Given>,
    /// What the host's settings say, for members that are made for the first time.
    pub defaults: BTreeMap<String, Given>,
}

/// Checked answers.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The name of what is made.
    pub name: String,
    /// The value of each option, for templates.
    pub values: Map<String, Value>,
    /// The answers as words, for the record; also those that were left empty, but for options that are never asked.
    pub words: BTreeMap<String, Given>,
}

impl Answers {
    /// The name and the options as a person types them on the command line.
    pub fn typed(&self) -> String {
        let mut out = self.name.clone();
        for (id, given) in self.words.iter().filter(|(_, given)| !is_empty(given)) {
            out.push_str(&match given {
                Given::Flag(_) => format!(" --{id}"),
                Given::Words(words) => format!(" --{id} {}", words.join(",")),
            });
        }
        out
    }
}

/// A value that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// What it means, where the pack says so.
    pub means: Option<String>,
}

impl Choice {
    /// `value` without an explanation.
    pub fn plain(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            means: None,
        }
    }
}

/// Asks a person; without a terminal there is none. `about` is a line that explains the option.
pub trait Asker {
    /// Any of `choices`, by index.
    fn many(&mut self, prompt: &str, choices: &[Choice], required: bool) -> Result<Vec<usize>>;
    /// One of `choices`, or none if not `required`.
    fn one(&mut self, prompt: &str, choices: &[Choice], required: bool) -> Result<Option<usize>>;
    /// Yes or no.
    fn flag(&mut self, prompt: &str, about: Option<&str>) -> Result<bool>;
    /// Free text, which `check` accepts.
    fn text(
        &mut self,
        prompt: &str,
        about: Option<&str>,
        check: &dyn Fn(&str) -> Result<()>,
    ) -> Result<String>;
}

/// Collects the answers that `kind` needs.
pub fn collect(
    pack: &Pack,
    kind: &Kind,
    facts: &Facts<'_>,
    name: String,
    sources: &Sources,
    mut asker: Option<&mut dyn Asker>,
) -> Result<Answers> {
    if let Some((path, given)) = &sources.file {
        unknown_answers(pack, kind, path, given)?;
    }
    let mut answers = Answers {
        name,
        values: Map::new(),
        words: BTreeMap::new(),
    };
    for option in pack.options(&kind.id) {
        let given = given(option, sources);
        let only = match (&given, option.only) {
            (None, true) => choose::only(facts, option, &answers)?,
            _ => None,
        };
        let words = match (given.or(only), asker.as_deref_mut()) {
            (Some(given), _) => Some(given),
            (None, Some(asker)) if !option.advanced => ask(asker, facts, option, &answers)?,
            (None, _) => None,
        };
        settle(facts, option, words, &mut answers)?;
    }
    Ok(answers)
}

/// Checks the words that were given for `option`, and keeps the answer.
fn settle(facts: &Facts<'_>, option: &PackOption, words: Option<Given>, answers: &mut Answers) -> Result<()> {
    if words.is_none() && option.required {
        let flag = format!("--{}", option.id);
        let chosen = option.kind == OptionKind::One || option.kind == OptionKind::Many;
        if chosen && choices(facts, option, answers)?.is_empty() {
            return Err(Error::new(format!(
                "there is nothing yet to choose for `{flag}`: {}",
                option.prompt
            ))
            .help(
                match facts.made_by(option.from.as_deref(), option.made_by.as_deref()) {
                    Some(command) => format!("make it first: `{command}`"),
                    None => "make what it asks for first: `tenon new` lists what can be made".to_owned(),
                },
            ));
        }
        return Err(
            Error::new(format!("`{flag}` is missing: {}", option.prompt)).help(format!(
                "pass `{flag}`, or run on a terminal, without `--yes`, to be asked"
            )),
        );
    }
    let value = choose::resolve(facts, option, words.as_ref(), answers)?;
    facts.tell(&option.id, &value);
    answers.values.insert(option.id.clone(), value);
    // An answer that was left empty is recorded as well: `tenon update` asks only what is new in the pack.
    let is_asked = !option.advanced && option.follows.is_empty();
    let words = match words {
        Some(words) if is_asked || !is_empty(&words) => Some(words),
        None if is_asked => Some(match option.kind {
            OptionKind::Flag => Given::Flag(false),
            _ => Given::Words(vec![]),
        }),
        _ => None,
    };
    if let Some(words) = words {
        answers
            .words
            .insert(option.id.clone(), choose::canonical(&words, option, answers));
    }
    Ok(())
}

/// Answers an option, given its choices and the answers so far.
pub type Pick<'p> = dyn FnMut(&PackOption, &[Value], &Answers) -> Option<Given> + 'p;

/// Answers every option that `kind` asks with what `pick` says of it, its choices and the answers so far.
///
/// # Errors
/// If an answer is missing that has to be given, or is none of the choices.
pub fn picked(
    pack: &Pack,
    kind: &Kind,
    facts: &Facts<'_>,
    name: String,
    pick: &mut Pick<'_>,
) -> Result<Answers> {
    let mut answers = Answers {
        name,
        values: Map::new(),
        words: BTreeMap::new(),
    };
    for option in pack.options(&kind.id) {
        let rows = choices(facts, option, &answers)?;
        let words = pick(option, &rows, &answers);
        settle(facts, option, words, &mut answers)?;
    }
    Ok(answers)
}

/// Whether nothing was chosen.
pub fn is_empty(given: &Given) -> bool {
    match given {
        Given::Words(words) => words.is_empty(),
        Given::Flag(on) => !on,
    }
}

fn given(option: &PackOption, sources: &Sources) -> Option<Given> {
    let file = sources.file.as_ref().and_then(|(_, given)| given.get(&option.id));
    sources
        .flags
        .get(&option.id)
        .or(file)
        .or_else(|| sources.recorded.get(&option.id))
        .or_else(|| sources.defaults.get(&option.id))
        .cloned()
}

fn unknown_answers(pack: &Pack, kind: &Kind, path: &str, given: &BTreeMap<String, Given>) -> Result<()> {
    let known: Vec<&str> = pack.options(&kind.id).map(|option| option.id.as_str()).collect();
    match given
        .keys()
        .find(|id| *id != "name" && !known.contains(&id.as_str()))
    {
        None => Ok(()),
        Some(id) => {
            let error = Error::new(format!("`{}` does not ask for `{id}`", kind.id)).in_file(path);
            Err(match tenon_text::names::nearest(id, known.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!(
                    "it asks for: name, {}",
                    tenon_text::names::listed(&known)
                )),
            })
        }
    }
}

fn ask(
    asker: &mut dyn Asker,
    facts: &Facts<'_>,
    option: &PackOption,
    answers: &Answers,
) -> Result<Option<Given>> {
    let (prompt, about) = (option.prompt.as_str(), option.help.as_deref());
    Ok(match option.kind {
        OptionKind::Flag => Some(Given::Flag(asker.flag(prompt, about)?)),
        OptionKind::Text | OptionKind::Pairs => {
            let check = |text: &str| {
                if text.is_empty() && option.required {
                    return Err(Error::new("an answer is required"));
                }
                let mut so_far = answers.clone();
                choose::resolve(facts, option, Some(&typed(option, text)), &mut so_far).map(|_| ())
            };
            let text = asker.text(prompt, about, &check)?;
            Some(typed(option, &text))
        }
        OptionKind::Many | OptionKind::One => {
            let rows = choices(facts, option, answers)?;
            if rows.is_empty() {
                return Ok(None);
            }
            let ids: Vec<Choice> = rows
                .iter()
                .map(|row| Choice {
                    value: field(row, "id").to_owned(),
                    means: option.means.get(field(row, "id")).cloned(),
                })
                .collect();
            let chosen: Vec<usize> = if option.kind == OptionKind::Many {
                asker.many(prompt, &ids, option.required)?
            } else {
                let one = asker.one(prompt, &ids, option.required)?;
                one.into_iter().collect()
            };
            let chosen = chosen.into_iter().map(|at| ids[at].value.clone());
            Some(Given::Words(chosen.collect()))
        }
    })
}

/// The answer to `option` that was typed as `text`.
fn typed(option: &PackOption, text: &str) -> Given {
    Given::Words(match (option.kind, text) {
        (_, "") => vec![],
        (OptionKind::Pairs, text) => split(text),
        (_, text) => vec![text.to_owned()],
    })
}

/// Refuses answers that ask for something else than what was made under this name before: lists may grow,
/// everything else has to be as it was.
pub fn unchanged(pack: &Pack, kind: &Kind, recorded: &BTreeMap<String, Given>, now: &Answers) -> Result<()> {
    for option in pack.options(&kind.id) {
        let some = |given: &&Given| !is_empty(given);
        let before = recorded.get(&option.id).filter(some);
        let after = now.words.get(&option.id).filter(some);
        let grown = match (option.kind, before, after) {
            _ if before == after => true,
            (OptionKind::Many, _, _) => true,
            // A pair for what is new is part of making it.
            (OptionKind::Pairs, _, Some(Given::Words(pairs))) => pairs.iter().all(|pair| {
                let known = |words: Option<&Given>, word: &str| {
                    matches!(words, Some(Given::Words(words)) if words.iter().any(|known| known == word))
                };
                let left = pair.split(':').next().unwrap_or_default();
                let lefts = option.left.as_deref().and_then(|id| recorded.get(id));
                known(before, pair) || !known(lefts, left)
            }),
            _ => false,
        };
        if !grown {
            return Err(Error::new(format!(
                "`{}` exists already, made with another answer to `--{}`",
                now.name, option.id
            ))
            .help("its files are yours now: change them by hand, or undo the step with `tenon undo` first"));
        }
    }
    Ok(())
}

/// The words of a comma-separated list.
pub fn split(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The name of what is made: given or asked for, and checked.
pub fn name(
    kind: &Kind,
    facts: &Facts<'_>,
    sources: &Sources,
    existing: &dyn Fn(&str) -> bool,
    asker: Option<&mut dyn Asker>,
) -> Result<String> {
    let from_file = sources
        .file
        .as_ref()
        .and_then(|(_, given)| match given.get("name") {
            Some(Given::Words(words)) => words.first().cloned(),
            _ => None,
        });
    let check = |name: &str| check_name(kind, facts, existing, name);
    match (sources.name.clone().or(from_file), asker) {
        (Some(name), _) => {
            check(&name)?;
            Ok(name)
        }
        // What exists already is said before more is asked.
        (None, Some(asker)) => named(kind, facts, asker),
        (None, None) => {
            Err(Error::new("the name is missing").help(format!("give it: `tenon new {} NAME`", kind.id)))
        }
    }
}

/// Asks for the name: one of those that exist, or a new one.
fn named(kind: &Kind, facts: &Facts<'_>, asker: &mut dyn Asker) -> Result<String> {
    let prompt = &kind.name.prompt;
    if let Some(table) = &kind.name.one_of {
        let rows = facts.rows(table)?;
        let ids: Vec<Choice> = rows.iter().map(|row| Choice::plain(field(row, "id"))).collect();
        if !ids.is_empty() {
            let at = asker.one(prompt, &ids, true)?.unwrap_or_default();
            return Ok(ids[at].value.clone());
        }
    }
    asker.text(prompt, None, &|name| check_name(kind, facts, &|_| false, name))
}

/// The start of a name that may be anything, as it can be printed.
fn shown(name: &str) -> String {
    let start: String = name.chars().take(40).collect();
    start.escape_debug().to_string()
}

/// Checks a name against its shape, reserved words and neighbours. `existing` tells whether tenon itself
/// made something of that name, which is then no clash.
fn check_name(kind: &Kind, facts: &Facts<'_>, existing: &dyn Fn(&str) -> bool, name: &str) -> Result<()> {
    let rule = &kind.name;
    if let Some(table) = &rule.one_of {
        let rows = facts.rows(table)?;
        let ids: Vec<&str> = rows.iter().map(|row| field(row, "id")).collect();
        if ids.contains(&name) {
            return Ok(());
        }
        let error = Error::new(format!("`{}` is not one of this host's {table}", shown(name)));
        return Err(match tenon_text::names::nearest(name, ids.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if ids.is_empty() => error.help(match facts.made_by(Some(table), None) {
                Some(command) => format!("it has none yet: make one first with `{command}`"),
                None => "it has none yet: make one first".to_owned(),
            }),
            None => error.help(format!("choose from: {}", tenon_text::names::listed(&ids))),
        });
    }
    check_shape(rule, facts.language(), name)?;
    for table in &rule.distinct_from {
        for row in facts.rows(table)?.iter() {
            let id = field(row, "id");
            if normal(id) == normal(name) && !(id == name && existing(name)) {
                return Err(if id == name {
                    Error::new(format!("`{name}` exists already, at `{}`", field(row, "path")))
                        .help("choose another name, or add to it with another kind: see `tenon new --help`")
                } else {
                    Error::new(format!("`{name}` differs from `{id}` only in case or separators"))
                        .help("choose a name that differs in its letters")
                });
            }
        }
    }
    Ok(())
}

/// Checks a name against the shape of a kind's names and the words that `language` and the kind reserve.
pub fn check_shape(rule: &RawName, language: Lang, name: &str) -> Result<()> {
    let shape = match rule.case {
        NameCase::Kebab => "lower-case words joined by `-`, such as `acme-crm`",
        NameCase::Snake => "lower-case words joined by `_`, such as `acme_crm`",
        NameCase::Lower => "lower-case letters and digits, such as `acmecrm`",
        NameCase::Pascal => "words that begin with a capital, such as `AcmeCrm`",
        NameCase::Directory => "a directory inside this one",
    };
    let refuse = |why: String| {
        Err(Error::new(format!("`{}` cannot be the name: {why}", shown(name))).help(format!("use {shape}")))
    };
    if name.is_empty() {
        return refuse("it is empty".into());
    }
    let length = name.chars().count();
    if length > rule.max {
        return refuse(format!(
            "it has {length} characters, and at most {} are allowed",
            rule.max
        ));
    }
    let fits = |name: &str| match rule.case {
        NameCase::Kebab => is_words(name, '-'),
        NameCase::Snake => is_words(name, '_'),
        NameCase::Lower => is_words(name, '\0'),
        NameCase::Pascal => {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.chars().all(|c| c.is_ascii_alphanumeric())
        }
        NameCase::Directory => crate::host::HostPath::new(name).is_ok(),
    };
    let is_taken = |name: &str| language.reserves(name) || rule.reserved.iter().any(|word| word == name);
    if rule.irregular.iter().any(|irregular| irregular == name) {
        return crate::host::HostPath::new(name).map(|_| ());
    }
    if !fits(name) {
        let error = Error::new(format!("`{}` cannot be the name", shown(name)));
        let wanted = match rule.case {
            NameCase::Kebab => "kebab",
            NameCase::Snake => "snake",
            NameCase::Lower => "lower",
            NameCase::Pascal => "pascal",
            NameCase::Directory => "",
        };
        let case = CASES.iter().find(|(id, _)| *id == wanted);
        let spelt = case.map(|(_, case)| case(name)).unwrap_or_default();
        let error = error.help(format!("use {shape}"));
        // Only case and separators are corrected: a path is not a misspelt name.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ');
        let corrected = name.chars().all(is_plain) && fits(&spelt) && !is_taken(&spelt);
        return Err(if corrected && spelt.len() <= rule.max {
            error.help(format!("did you mean `{spelt}`?"))
        } else {
            error
        });
    }
    if rule.case != NameCase::Directory && is_taken(name) {
        return Err(Error::new(format!(
            "`{}` cannot be the name: it is a reserved word",
            shown(name)
        ))
        .help("choose another word, or add one to it"));
    }
    crate::host::HostPath::new(name)?;
    Ok(())
}

/// Words of lower-case ASCII letters and digits, each beginning with a letter (the first) or either.
fn is_words(name: &str, separator: char) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split(separator).all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// The value that stands for "no answer" in templates.
fn nothing(kind: OptionKind) -> Value {
    match kind {
        OptionKind::Many | OptionKind::Pairs => json!([]),
        OptionKind::One => Value::Null,
        OptionKind::Flag => json!(false),
        OptionKind::Text => json!(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_checked_letter_by_letter() {
        for good in ["a", "acme", "acme-crm", "v2", "a1-2b"] {
            assert!(is_words(good, '-'), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "1a", "a_b", "ä", "a b", "../x", "/x"] {
            assert!(!is_words(bad, '-'), "{bad}");
        }
    }

    #[test]
    fn lists_are_split_at_commas() {
        assert_eq!(split(" a, b,,c "), ["a", "b", "c"]);
    }
}
