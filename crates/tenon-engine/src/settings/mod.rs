//! The settings of a host, `tenon.toml` at its root: which pack, default answers, what rules are worth, what is
//! ignored and why; and what follows from them for findings.
//!
//! In: the file's text, the pack, findings, and what day it is. Out: checked settings, findings that count. Reads
//! nothing but that one file, and no clock.

pub mod baseline;
mod glob;
mod raw;
pub mod suppress;

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;

use crate::host::{Host, HostPath};
use tenon_pack::Pack;
use tenon_text::diag::{Error, LineCol, Result, Severity, Span, line_col};
use tenon_text::format::split_bom;
use tenon_text::names::nearest;
use tenon_text::typed_toml;

pub use jiff::civil::Date;

use glob::Pattern;

use raw::{RawIgnore, RawLevel, RawRule, RawSettings};

/// The file's name, at the host's root.
pub const FILE: &str = "tenon.toml";

/// A default for an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Words, or `LEFT:RIGHT` pairs.
    Words(Vec<String>),
    /// Yes or no.
    Flag(bool),
}

/// A word of the file and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its place in the text without BOM.
    pub span: Span,
}

/// What a rule is worth in this host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// What its findings count as; `None`: they are not shown.
    pub severity: Option<Severity>,
    /// Why; never empty if they are not shown.
    pub reason: Option<String>,
    /// The rule's name in the file.
    pub span: Span,
}

/// Findings that are accepted.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The rule.
    pub rule: Word,
    /// Pattern of the paths; all if `None`. One of this and `subject` is given.
    pub path: Option<Pattern>,
    /// The subject; any if `None`.
    pub subject: Option<String>,
    /// Why; never empty.
    pub reason: String,
    /// The last day on which it counts, and where that stands.
    pub until: Option<(Date, Span)>,
}

/// Checked settings. Without a file there are none, and nothing is set.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The pack: a name, or a folder relative to the host's root.
    pub pack: Option<Word>,
    /// The version that the pack must have.
    pack_version: Option<Word>,
    /// Defaults, by kind and option.
    answers: BTreeMap<Word, BTreeMap<Word, Answer>>,
    /// What rules are worth, by rule.
    pub rules: BTreeMap<String, RuleSetting>,
    /// What is ignored, in the order of the file.
    pub ignores: Vec<Ignore>,
    /// The file's text without BOM.
    text: Option<Arc<str>>,
}

impl Settings {
    /// The settings of `host`.
    ///
    /// # Errors
    /// If the file cannot be read, or with the position of what is wrong in it.
    pub fn read(host: &Host) -> Result<Self> {
        match host.read(&HostPath::new(FILE)?)? {
            Some(text) => Self::parse(&text),
            None => Ok(Self::default()),
        }
    }

    /// The settings in `text`.
    ///
    /// # Errors
    /// With the position of what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let raw: RawSettings = typed_toml::read(text, FILE)?;
        let body: Arc<str> = Arc::from(split_bom(text).1);
        let file = File(&body);
        let mut answers = BTreeMap::new();
        for (kind, given) in raw.answers {
            let mut checked = BTreeMap::new();
            for (option, value) in given {
                checked.insert(word(option), file.answer(value)?);
            }
            answers.insert(word(kind), checked);
        }
        let mut rules = BTreeMap::new();
        for (rule, setting) in raw.rules {
            let span = rule.span().into();
            let rule = rule.into_inner();
            let setting = file.rule(&rule, setting, span)?;
            rules.insert(rule, setting);
        }
        let ignores = raw
            .ignore
            .into_iter()
            .map(|ignore| file.ignore(ignore.into_inner()))
            .collect::<Result<_>>()?;
        Ok(Self {
            pack: raw.pack.map(word),
            pack_version: raw.pack_version.map(word),
            answers,
            rules,
            ignores,
            text: Some(body),
        })
    }

    /// The file's text without BOM, into which the places of findings about it point; `None` without a file.
    pub fn text(&self) -> Option<Arc<str>> {
        self.text.clone()
    }

    /// Checks what the settings say about `pack`: its version, its kinds and their options.
    ///
    /// # Errors
    /// With the position of what does not fit.
    pub fn fits(&self, pack: &Pack) -> Result<()> {
        if let Some(wanted) = self
            .pack_version
            .as_ref()
            .filter(|word| word.text != pack.version())
        {
            return Err(Error::new(format!(
                "this host needs version {} of the pack `{}`, and this is {}",
                wanted.text,
                pack.name(),
                pack.version()
            ))
            .at(FILE, self.position(wanted.span))
            .help("use the release of tenon that has that version")
            .help(format!(
                "or change to this one: write `pack-version = \"{}\"`",
                pack.version()
            )));
        }
        for (kind, answers) in &self.answers {
            if let Err(error) = pack.kind(&kind.text) {
                return Err(error.at(FILE, self.position(kind.span)));
            }
            let known: Vec<&str> = pack.options(&kind.text).map(|q| q.id.as_str()).collect();
            if let Some(id) = answers.keys().find(|id| !known.contains(&id.text.as_str())) {
                let error = Error::new(format!("`{}` does not ask for `{}`", kind.text, id.text))
                    .at(FILE, self.position(id.span));
                return Err(match nearest(&id.text, known.iter().copied()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(format!("it asks for: {}", known.join(", "))),
                });
            }
        }
        Ok(())
    }

    /// The same without the answers: they are for the options of its own pack.
    #[must_use]
    pub fn for_another_pack(mut self) -> Self {
        self.answers.clear();
        self
    }

    /// The default answers for `kind`, by option.
    pub fn answers(&self, kind: &str) -> impl Iterator<Item = (&str, &Answer)> {
        self.answers
            .iter()
            .filter(move |(word, _)| word.text == kind)
            .flat_map(|(_, answers)| answers.iter().map(|(id, answer)| (id.text.as_str(), answer)))
    }

    /// Line and column of a place in the file.
    pub fn position(&self, span: Span) -> LineCol {
        line_col(self.text.as_deref().unwrap_or_default(), span.start)
    }
}

fn word(spanned: Spanned<String>) -> Word {
    Word {
        span: spanned.span().into(),
        text: spanned.into_inner(),
    }
}

/// The text, for positions in messages.
struct File<'t>(&'t str);

impl File<'_> {
    fn error(&self, span: impl Into<Span>, message: impl Into<String>) -> Error {
        Error::new(message).at(FILE, line_col(self.0, span.into().start))
    }

    fn answer(&self, value: Spanned<toml::Value>) -> Result<Answer> {
        let span = value.span();
        let refuse = || {
            self.error(
                span.clone(),
                "an answer is neither text, a list of texts, nor true or false",
            )
            .help("write `option = \"answer\"`, `option = [\"a\", \"b\"]` or `option = true`")
        };
        Ok(match value.into_inner() {
            toml::Value::Boolean(on) => Answer::Flag(on),
            toml::Value::String(text) => Answer::Words(vec![text]),
            toml::Value::Array(items) => Answer::Words(
                items
                    .into_iter()
                    .map(|item| match item {
                        toml::Value::String(text) => Ok(text),
                        _ => Err(refuse()),
                    })
                    .collect::<Result<_>>()?,
            ),
            _ => return Err(refuse()),
        })
    }

    fn rule(&self, rule: &str, raw: RawRule, span: Span) -> Result<RuleSetting> {
        let severity = match raw.severity.get_ref() {
            RawLevel::Error => Some(Severity::Error),
            RawLevel::Warning => Some(Severity::Warning),
            RawLevel::Note => Some(Severity::Note),
            RawLevel::Off => None,
        };
        let reason = raw.reason.map(|reason| self.reason(reason)).transpose()?;
        if severity.is_none() && reason.is_none() {
            return Err(self
                .error(
                    raw.severity.span(),
                    format!("`{rule}` is switched off without a reason"),
                )
                .help("add `reason = \"…\"`: whoever finds it later will ask"));
        }
        Ok(RuleSetting {
            severity,
            reason,
            span,
        })
    }

    fn reason(&self, reason: Spanned<String>) -> Result<String> {
        let span = reason.span();
        let text = reason.into_inner();
        if text.trim().is_empty() {
            return Err(self
                .error(span, "the reason is empty")
                .help("say why: whoever finds it later will ask"));
        }
        Ok(text)
    }

    fn ignore(&self, raw: RawIgnore) -> Result<Ignore> {
        let rule = word(raw.rule);
        let path = match raw.path {
            None => None,
            Some(pattern) => {
                let checked = HostPath::new(pattern.get_ref())
                    .map_err(|error| error.at(FILE, line_col(self.0, pattern.span().start)))?;
                let parsed = Pattern::parse(checked.as_str());
                Some(parsed.ok_or_else(|| {
                    self.error(pattern.span(), "the pattern is too large")
                        .help("write a shorter one: `*` and `**` stand for any text and any directories")
                })?)
            }
        };
        if path.is_none() && raw.subject.is_none() {
            return Err(self
                .error(rule.span, "an ignore has neither `path` nor `subject`")
                .help("say which findings are accepted")
                .help(format!(
                    "to accept all of them: `[rules.{}]` with `severity = \"off\"` and a reason",
                    rule.text
                )));
        }
        let until = match raw.until {
            None => None,
            Some(until) => {
                let span: Span = until.span().into();
                let value = until.into_inner();
                let date = value
                    .date
                    .filter(|_| value.time.is_none() && value.offset.is_none());
                let day = |it: toml::value::Date| {
                    Date::new(
                        it.year.cast_signed(),
                        it.month.cast_signed(),
                        it.day.cast_signed(),
                    )
                    .ok()
                };
                match date.and_then(day) {
                    Some(date) => Some((date, span)),
                    None => {
                        return Err(self
                            .error(span, "`until` is not a day")
                            .help("write a date alone: `until = 2030-12-31`"));
                    }
                }
            }
        };
        Ok(Ignore {
            rule,
            path,
            subject: raw.subject.map(Spanned::into_inner),
            reason: self.reason(raw.reason)?,
            until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (String, Vec<String>) {
        let error = Settings::parse(text).unwrap_err();
        (error.to_string(), error.helps().to_vec())
    }

    #[test]
    fn all_settings_are_read() {
        let text = "\u{feff}pack = \"p\"\npack-version = \"1.0.0\"\n\n[answers.integration]\ntemplate = [\"a\", \"b\"]\n\
                    label = \"x\"\nmain = true\n\n[rules.missing-part]\nseverity = \"off\"\nreason = \"r\"\n\n\
                    [rules.stale-entry]\nseverity = \"note\"\n\n[[ignore]]\nrule = \"wrong-order\"\npath = \"./a//*.ts\"\n\
                    reason = \"old\"\nuntil = 2030-12-31\n\n[[ignore]]\nrule = \"x\"\nsubject = \"acme\"\nreason = \"r\"\n";
        let settings = Settings::parse(text).unwrap();
        assert_eq!(settings.pack.as_ref().unwrap().text, "p");
        let answers: Vec<_> = settings.answers("integration").collect();
        assert_eq!(answers.len(), 3);
        assert!(answers.contains(&("main", &Answer::Flag(true))));
        assert!(answers.contains(&("template", &Answer::Words(vec!["a".into(), "b".into()]))));
        assert_eq!(settings.rules["missing-part"].severity, None);
        assert_eq!(settings.rules["stale-entry"].severity, Some(Severity::Note));
        let [first, second] = settings.ignores.as_slice() else {
            panic!("{:?}", settings.ignores)
        };
        assert_eq!(first.path.as_ref().map(Pattern::as_str), Some("a/*.ts"));
        let (until, at) = first.until.unwrap();
        assert_eq!(until.to_string(), "2030-12-31");
        assert_eq!(settings.position(at), LineCol { line: 20, column: 9 });
        assert_eq!(
            settings.position(second.rule.span),
            LineCol { line: 23, column: 8 }
        );
    }

    #[test]
    fn unknown_keys_and_words_are_refused_with_what_was_meant() {
        for (text, message, help) in [
            ("pakc = 1\n", "tenon.toml:1:1: `pakc` is not a setting", "`pack`"),
            (
                "[[ignore]]\nrule = \"a\"\nreson = \"b\"\n",
                "tenon.toml:3:1: `reson` is not a setting",
                "`reason`",
            ),
            (
                "[rules.a]\nseverity = \"waring\"\n",
                "tenon.toml:2:12: `waring` is not a choice here",
                "`warning`",
            ),
        ] {
            let (said, helps) = refused(text);
            assert_eq!(said, message);
            assert_eq!(helps, [format!("did you mean {help}?")]);
        }
    }

    #[test]
    fn what_is_missing_or_empty_is_refused_at_its_place() {
        for (text, message) in [
            (
                "[rules.a]\nseverity = \"off\"\n",
                "tenon.toml:2:12: `a` is switched off without a reason",
            ),
            (
                "[[ignore]]\nrule = \"a\"\npath = \"b\"\nreason = \" \"\n",
                "tenon.toml:4:10: the reason is empty",
            ),
            (
                "[[ignore]]\nrule = \"a\"\nreason = \"b\"\n",
                "tenon.toml:2:8: an ignore has neither `path` nor `subject`",
            ),
            (
                "[[ignore]]\nrule = \"a\"\npath = \"../b\"\nreason = \"b\"\n",
                "tenon.toml:3:8: `../b` is not a path inside the host: it has `..`",
            ),
            (
                "[[ignore]]\nrule = \"a\"\npath = \"b\"\nreason = \"c\"\nuntil = 10:00:00\n",
                "tenon.toml:5:9: `until` is not a day",
            ),
            (
                "[answers.a]\nb = 3\n",
                "tenon.toml:2:5: an answer is neither text, a list of texts, nor true or false",
            ),
        ] {
            let (said, helps) = refused(text);
            assert_eq!(said, message);
            assert!(!helps.is_empty(), "{said}");
        }
        assert!(
            refused("[[ignore]]\nrule = \"a\"\npath = \"b\"\n")
                .0
                .contains("missing field `reason`")
        );
    }
}
