//! Which findings count: what was selected, what the settings ignore, what rules are worth here.
//!
//! Pure. In: findings, settings, what was asked for on the command line, what day it is. Out: the findings that
//! count, with those about the settings themselves, and how many were taken away.

use tenon_text::diag::{Diagnostic, Error, Place, Reason, Result, Severity};
use tenon_text::names::{nearest, normal};

use super::{Date, FILE, Ignore, Settings};

/// The rule of an ignore that matches nothing.
pub const UNUSED_IGNORE: &str = "unused-ignore";
/// The rule of an ignore whose last day has passed.
pub const EXPIRED_IGNORE: &str = "expired-ignore";
/// The rule of a baseline's entry that matches nothing.
pub const STALE_BASELINE: &str = "stale-baseline";

/// The rules about settings and baselines. They are known wherever rules are named, in addition to those of
/// `Asked::known`.
pub const RULES: [&str; 3] = [EXPIRED_IGNORE, STALE_BASELINE, UNUSED_IGNORE];

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The ids of all rules.
    pub known: &'a [&'a str],
    /// `--select`: these rules only, also if the settings switch them off; all if empty.
    pub select: &'a [String],
    /// `--ignore`: not these rules.
    pub ignore: &'a [String],
    /// Whether the findings are those of the whole host. If not, that something matches nothing says nothing.
    pub whole: bool,
    /// What day it is.
    pub today: Date,
}

impl Asked<'_> {
    /// Whether findings of `rule` are wanted.
    pub fn runs(&self, rule: &str) -> bool {
        let in_list = |list: &[String]| list.iter().any(|word| word == rule);
        (self.select.is_empty() || in_list(self.select)) && !in_list(self.ignore)
    }

    /// Refuses names of rules that there are not, on the command line and in the settings.
    ///
    /// # Errors
    /// With what was probably meant, and the position if it stands in the settings.
    pub fn check(&self, settings: &Settings) -> Result<()> {
        for (flag, words) in [("--select", self.select), ("--ignore", self.ignore)] {
            for word in words {
                self.known(word)
                    .map_err(|error| error.because(format!("it is named by `{flag}`")))?;
            }
        }
        for (rule, setting) in &settings.rules {
            self.known(rule)
                .map_err(|error| error.at(FILE, settings.position(setting.span)))?;
        }
        for ignore in &settings.ignores {
            let rule = &ignore.rule;
            self.known(&rule.text)
                .map_err(|error| error.at(FILE, settings.position(rule.span)))?;
            if RULES.contains(&rule.text.as_str()) {
                return Err(
                    Error::new(format!("findings of `{}` cannot be ignored", rule.text))
                        .at(FILE, settings.position(rule.span))
                        .help("do what they say, or set the severity of the rule with `[rules.…]`"),
                );
            }
        }
        Ok(())
    }

    fn known(&self, rule: &str) -> Result<()> {
        let all = || self.known.iter().copied().chain(RULES);
        if all().any(|known| known == rule) {
            return Ok(());
        }
        let error = Error::new(format!("there is no rule `{}`", rule.escape_debug()));
        Err(match nearest(rule, all()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("see `tenon explain` for all of them"),
        })
    }

    /// What a finding of `rule` counts as; `None` if it is not shown.
    pub fn level(&self, settings: &Settings, rule: &str, otherwise: Severity) -> Option<Severity> {
        match settings.rules.get(rule) {
            None => Some(otherwise),
            Some(setting) => match setting.severity {
                // Whoever names a rule wants to see it.
                None if self.select.iter().any(|word| word == rule) => Some(otherwise),
                severity => severity,
            },
        }
    }
}

/// The findings that count, and how many the settings take away. Those about the settings come last.
///
/// What `--select` and `--ignore` leave out is not counted as taken away.
///
/// # Errors
/// If a rule is named that there is not: see [`Asked::check`].
pub fn apply(
    diagnostics: Vec<Diagnostic>,
    settings: &Settings,
    asked: &Asked<'_>,
) -> Result<(Vec<Diagnostic>, usize)> {
    asked.check(settings)?;
    let mut used = vec![false; settings.ignores.len()];
    let mut kept = Vec::new();
    let mut suppressed = 0;
    for diagnostic in diagnostics.into_iter().filter(|d| asked.runs(&d.rule)) {
        let mut ignored = false;
        for (ignore, used) in settings.ignores.iter().zip(&mut used) {
            if is_about(ignore, &diagnostic) {
                *used = true;
                ignored |= !is_expired(ignore, asked.today);
            }
        }
        if ignored {
            suppressed += 1;
        } else {
            keep(diagnostic, settings, asked, &mut kept, &mut suppressed);
        }
    }
    for (ignore, used) in settings.ignores.iter().zip(used) {
        let about = if is_expired(ignore, asked.today) {
            expired(ignore)
        } else if !used && asked.whole && asked.runs(&ignore.rule.text) {
            unused(ignore)
        } else {
            continue;
        };
        if asked.runs(&about.rule) {
            keep(about, settings, asked, &mut kept, &mut suppressed);
        }
    }
    Ok((kept, suppressed))
}

fn keep(
    mut diagnostic: Diagnostic,
    settings: &Settings,
    asked: &Asked<'_>,
    kept: &mut Vec<Diagnostic>,
    suppressed: &mut usize,
) {
    match asked.level(settings, &diagnostic.rule, diagnostic.severity) {
        Some(severity) => {
            diagnostic.severity = severity;
            kept.push(diagnostic);
        }
        None => *suppressed += 1,
    }
}

fn is_about(ignore: &Ignore, diagnostic: &Diagnostic) -> bool {
    ignore.rule.text == diagnostic.rule
        && ignore
            .path
            .as_ref()
            .is_none_or(|pattern| pattern.matches(&diagnostic.at.path))
        && ignore
            .subject
            .as_ref()
            .is_none_or(|subject| normal(subject) == normal(&diagnostic.subject))
}

fn is_expired(ignore: &Ignore, today: Date) -> bool {
    ignore.until.is_some_and(|(until, _)| until < today)
}

/// `missing-entry` in `a/*.ts` about `acme`
fn shown(ignore: &Ignore) -> String {
    let mut out = format!("`{}`", ignore.rule.text);
    if let Some(path) = &ignore.path {
        out.push_str(&format!(" in `{}`", path.as_str()));
    }
    if let Some(subject) = &ignore.subject {
        out.push_str(&format!(" about `{subject}`"));
    }
    out
}

fn because(ignore: &Ignore) -> Vec<Reason> {
    vec![Reason {
        text: format!("it was accepted because: {}", ignore.reason.trim_end_matches('.')),
        at: None,
    }]
}

fn unused(ignore: &Ignore) -> Diagnostic {
    Diagnostic {
        rule: UNUSED_IGNORE.to_owned(),
        severity: Severity::Warning,
        subject: String::new(),
        at: Place::span(FILE, ignore.rule.span),
        message: format!("there is no finding of {} to ignore", shown(ignore)),
        label: "matches nothing".to_owned(),
        reasons: because(ignore),
        help: "delete this `[[ignore]]`: what it accepted is fixed, or it is misspelt".to_owned(),
        fix: None,
    }
}

fn expired(ignore: &Ignore) -> Diagnostic {
    let (until, span) = match ignore.until {
        Some((until, span)) => (until.to_string(), span),
        None => (String::new(), ignore.rule.span),
    };
    Diagnostic {
        rule: EXPIRED_IGNORE.to_owned(),
        severity: Severity::Warning,
        subject: String::new(),
        at: Place::span(FILE, span),
        message: format!("findings of {} were ignored until {until}", shown(ignore)),
        label: "has passed".to_owned(),
        reasons: because(ignore),
        help: "fix what it accepts and delete this `[[ignore]]`, or give it a new date".to_owned(),
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["missing-part", "stale-entry", "wrong-order"];
    const DAY: Date = Date::constant(2026, 5, 17);

    fn found(rule: &str, subject: &str, path: &str) -> Diagnostic {
        Diagnostic {
            rule: rule.into(),
            severity: Severity::Error,
            subject: subject.into(),
            at: Place::file(path),
            message: "m".into(),
            label: String::new(),
            reasons: vec![],
            help: "h".into(),
            fix: None,
        }
    }

    fn asked<'a>(select: &'a [String], ignore: &'a [String]) -> Asked<'a> {
        Asked {
            known: &KNOWN,
            select,
            ignore,
            whole: true,
            today: DAY,
        }
    }

    fn rules(kept: &[Diagnostic]) -> Vec<&str> {
        kept.iter().map(|d| d.rule.as_str()).collect()
    }

    #[track_caller]
    fn applied(toml: &str, asked: &Asked<'_>, findings: &[Diagnostic]) -> (Vec<Diagnostic>, usize) {
        let settings = Settings::parse(toml).unwrap();
        apply(findings.to_vec(), &settings, asked).unwrap()
    }

    #[test]
    fn without_settings_everything_counts() {
        let all = [
            found("missing-part", "a", "a.ts"),
            found("stale-entry", "b", "b.ts"),
        ];
        let (kept, suppressed) = applied("", &asked(&[], &[]), &all);
        assert_eq!((kept.as_slice(), suppressed), (all.as_slice(), 0));
    }

    #[test]
    fn an_ignore_takes_away_what_it_names_by_path_and_subject() {
        let toml =
            "[[ignore]]\nrule = \"missing-part\"\npath = \"p/**\"\nsubject = \"acmeCrm\"\nreason = \"r\"\n";
        let all = [
            found("missing-part", "acme-crm", "p/q/x.ts"),
            found("missing-part", "acme-crm", "q/x.ts"),
            found("missing-part", "other", "p/x.ts"),
            found("stale-entry", "acme-crm", "p/x.ts"),
        ];
        let (kept, suppressed) = applied(toml, &asked(&[], &[]), &all);
        assert_eq!((kept.as_slice(), suppressed), (&all[1..], 1));
    }

    #[test]
    fn an_ignore_that_matches_nothing_is_a_finding_at_its_place() {
        let toml = "\n[[ignore]]\nrule = \"missing-part\"\npath = \"p/*\"\nreason = \"not yet.\"\n";
        let (kept, _) = applied(toml, &asked(&[], &[]), &[]);
        assert_eq!(rules(&kept), [UNUSED_IGNORE]);
        assert_eq!(kept[0].at.path, FILE);
        let span = kept[0].at.span.unwrap();
        assert_eq!(&toml[span.start..span.end], "\"missing-part\"");
        assert_eq!(kept[0].reasons[0].text, "it was accepted because: not yet");
        // Part of the host, or without that rule: nothing can be said.
        let part = Asked {
            whole: false,
            ..asked(&[], &[])
        };
        assert!(applied(toml, &part, &[]).0.is_empty());
        let without = ["missing-part".to_owned()];
        assert!(applied(toml, &asked(&[], &without), &[]).0.is_empty());
    }

    #[test]
    fn an_ignore_counts_on_its_last_day_and_not_after_it() {
        let toml = |day: &str| {
            format!("[[ignore]]\nrule = \"missing-part\"\nsubject = \"a\"\nreason = \"r\"\nuntil = {day}\n")
        };
        let all = [found("missing-part", "a", "a.ts")];
        let (kept, suppressed) = applied(&toml("2026-05-17"), &asked(&[], &[]), &all);
        assert_eq!((kept.len(), suppressed), (0, 1));
        let (kept, suppressed) = applied(&toml("2026-05-16"), &asked(&[], &[]), &all);
        assert_eq!(rules(&kept), ["missing-part", EXPIRED_IGNORE]);
        assert_eq!(suppressed, 0);
        let span = kept[1].at.span.unwrap();
        assert_eq!(&toml("2026-05-16")[span.start..span.end], "2026-05-16");
    }

    #[test]
    fn severities_are_set_and_off_takes_away() {
        let toml = "[rules.missing-part]\nseverity = \"note\"\n[rules.stale-entry]\nseverity = \"off\"\nreason = \"r\"\n";
        let all = [
            found("missing-part", "a", "a.ts"),
            found("stale-entry", "b", "b.ts"),
        ];
        let (kept, suppressed) = applied(toml, &asked(&[], &[]), &all);
        assert_eq!((rules(&kept), suppressed), (vec!["missing-part"], 1));
        assert_eq!(kept[0].severity, Severity::Note);
        // Whoever names a rule sees it.
        let select = ["stale-entry".to_owned()];
        let (kept, suppressed) = applied(toml, &asked(&select, &[]), &all);
        assert_eq!((rules(&kept), suppressed), (vec!["stale-entry"], 0));
        assert_eq!(kept[0].severity, Severity::Error);
    }

    #[test]
    fn the_rules_about_settings_have_a_severity_too() {
        let toml = "[rules.unused-ignore]\nseverity = \"error\"\n\
                    [[ignore]]\nrule = \"missing-part\"\npath = \"x\"\nreason = \"r\"\n";
        let (kept, _) = applied(toml, &asked(&[], &[]), &[]);
        assert_eq!(kept[0].severity, Severity::Error);
        let without = [UNUSED_IGNORE.to_owned()];
        assert!(applied(toml, &asked(&[], &without), &[]).0.is_empty());
    }

    #[test]
    fn select_and_ignore_choose_rules_and_count_nothing() {
        let all = [
            found("missing-part", "a", "a.ts"),
            found("stale-entry", "b", "b.ts"),
            found("wrong-order", "c", "c.ts"),
        ];
        let select = ["missing-part".to_owned(), "wrong-order".to_owned()];
        let ignore = ["wrong-order".to_owned()];
        let (kept, suppressed) = applied("", &asked(&select, &ignore), &all);
        assert_eq!((rules(&kept), suppressed), (vec!["missing-part"], 0));
    }

    #[test]
    fn a_rule_that_there_is_not_is_refused_wherever_it_is_named() {
        let select = ["mising-part".to_owned()];
        let error = asked(&select, &[]).check(&Settings::default()).unwrap_err();
        assert_eq!(error.message(), "there is no rule `mising-part`");
        assert_eq!(error.helps(), ["did you mean `missing-part`?"]);
        assert_eq!(error.causes(), ["it is named by `--select`"]);
        for (toml, at) in [
            ("\n[rules.stale-entri]\nseverity = \"note\"\n", (2, 8)),
            (
                "[[ignore]]\nrule = \"stale-entri\"\npath = \"a\"\nreason = \"r\"\n",
                (2, 8),
            ),
        ] {
            let settings = Settings::parse(toml).unwrap();
            let error = asked(&[], &[]).check(&settings).unwrap_err();
            let location = error.location().unwrap();
            assert_eq!((location.line, location.column), (Some(at.0), Some(at.1)));
            assert_eq!(error.helps(), ["did you mean `stale-entry`?"]);
        }
    }

    #[test]
    fn findings_about_settings_cannot_be_ignored() {
        let toml = "[[ignore]]\nrule = \"unused-ignore\"\npath = \"tenon.toml\"\nreason = \"r\"\n";
        let settings = Settings::parse(toml).unwrap();
        let error = asked(&[], &[]).check(&settings).unwrap_err();
        assert_eq!(
            error.to_string(),
            "tenon.toml:2:8: findings of `unused-ignore` cannot be ignored"
        );
    }
}
