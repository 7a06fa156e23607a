//! `tenon validate-structure`: checks every integration of the host, and mends what may be mended.

use std::path::Path;
use std::sync::Arc;

use clap::ArgMatches;

use crate::report::{Format, Report, format, outputs, render};
use tenon_engine::apply;
use tenon_engine::host::{Host, changed_since};
use tenon_engine::rules::{self, Asked, Checked};
use tenon_engine::settings::suppress;
use tenon_engine::settings::{self, Settings, baseline};
use tenon_pack::Pack;
use tenon_text::diag::{Applicability, Diagnostic, Error, Findings, Result, Severity};

use super::Outcome;
use super::baseline::BaselineFile;
use super::context::{Context, Globals, today};
use super::remembered;

/// What decides which findings count.
pub struct Sieve<'a> {
    settings: &'a Settings,
    baseline: Option<BaselineFile>,
    select: Vec<String>,
    ignore: Vec<String>,
    whole: bool,
}

/// Checks the host and prints what was found.
pub fn run(context: Context, given: &ArgMatches, globals: &Globals, report: &Report) -> Result<Outcome> {
    let Context {
        pack,
        mut host,
        settings,
        ..
    } = context;
    let mends = allowed(given).is_some() && !given.get_flag("diff");
    if globals.writes() && (mends || given.contains_id("write-baseline")) {
        host = super::undo::recover(host, report)?;
    } else {
        super::undo::warn_before_reading(&host, report);
    }
    let asked = asked(given, &host)?;
    let outputs = outputs::<Format>(given)?;
    let words = |flag: &str| {
        let all = given.get_many::<String>(flag).into_iter().flatten();
        all.cloned().collect()
    };
    let open = |flag: &str| {
        let path = given.get_one::<String>(flag);
        path.map(|path| BaselineFile::open(path, &host)).transpose()
    };
    let sieve = Sieve {
        settings: &settings,
        baseline: open("baseline")?,
        select: words("select"),
        ignore: words("ignore"),
        whole: asked.is_whole(),
    };
    sieve.asked(&known()).check(&settings)?;
    if let Some(file) = open("write-baseline")? {
        let checked = checked(&pack, &host, &asked, report)?;
        return write_baseline(&host, &file, (&sieve, &checked), globals, report);
    }
    let mut checked = match allowed(given) {
        None if given.get_flag("no-cache") => checked(&pack, &host, &asked, report)?,
        None => cached(&pack, &host, &asked, report)?,
        Some(allowed) => {
            let keep = |checked: &Checked| Ok(sieve.kept(&checked.findings)?.0);
            let mended = report.during("checking and fixing", |_| {
                rules::fix_all(&pack, &host, &asked, allowed, &keep)
            })?;
            if given.get_flag("diff") || !globals.writes() {
                report.plan(&mended.plan);
                // `--diff` asks whether there is something to fix; `--dry-run` what would be written.
                return Ok(if mended.plan.is_empty() || !given.get_flag("diff") {
                    Outcome::Done
                } else {
                    Outcome::Findings
                });
            }
            if !mended.plan.is_empty() {
                apply::commit(host.root(), &mended.plan)?;
                report.fixed(&mended.plan, mended.count);
            }
            mended.checked
        }
    };
    show(&pack, &mut checked, &sieve, &outputs, given, report)?;
    if given.get_flag("watch") {
        return super::watch::run(&pack, &host, &asked, checked, report, &|checked| {
            show(&pack, checked, &sieve, &outputs, given, report)
        });
    }
    let fails = |finding: &Diagnostic| finding.severity != Severity::Note;
    Ok(if checked.findings.diagnostics.iter().any(fails) {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

/// The ids of all rules.
fn known() -> Vec<&'static str> {
    rules::infos().iter().map(|rule| rule.id).collect()
}

/// Which fixes are asked for.
fn allowed(given: &ArgMatches) -> Option<Applicability> {
    if given.get_flag("unsafe-fixes") {
        return Some(Applicability::Unsafe);
    }
    (given.get_flag("fix") || given.get_flag("diff")).then_some(Applicability::Safe)
}

/// Checks; if nothing has changed since the last check of the whole host, what that came to is recalled.
fn cached(pack: &Pack, host: &Host, asked: &Asked, report: &Report) -> Result<Checked> {
    if !asked.is_whole() || asked.seen {
        return checked(pack, host, asked, report);
    }
    let known = remembered::load(host).and_then(|text| rules::recall(&text, pack, host));
    if let Some(known) = known {
        return Ok(known);
    }
    let noting = Asked {
        seen: true,
        ..asked.clone()
    };
    let checked = checked(pack, host, &noting, report)?;
    if let Some(text) = rules::remember(&checked, pack, host) {
        remembered::save(host, &text);
    }
    Ok(checked)
}

/// Checks, and shows on a terminal how far it is.
///
/// # Errors
/// Those of [`rules::check`].
pub fn checked(pack: &Pack, host: &Host, asked: &Asked, report: &Report) -> Result<Checked> {
    report.during("checking", |count| {
        let counted = Asked {
            count: Arc::clone(count),
            ..asked.clone()
        };
        rules::check(pack, host, &counted)
    })
}

/// Of `findings` those that count by the settings alone.
pub fn counting(settings: &Settings, findings: Vec<Diagnostic>) -> Result<Vec<Diagnostic>> {
    let asked = suppress::Asked {
        known: &known(),
        select: &[],
        ignore: &[],
        whole: true,
        today: today(),
    };
    Ok(suppress::apply(findings, settings, &asked)?.0)
}

/// Writes the findings that count wherever they are asked for.
fn show(
    pack: &Pack,
    checked: &mut Checked,
    sieve: &Sieve<'_>,
    outputs: &[(Format, String)],
    given: &ArgMatches,
    report: &Report,
) -> Result<()> {
    for warning in &checked.warnings {
        report.warn(warning);
    }
    sieve.apply(&mut checked.findings)?;
    if given.get_flag("stats") {
        checked.findings.stats = rules::stats(pack, checked);
    }
    for (format, path) in outputs {
        apply::save(Path::new(path), &render(&checked.findings, *format, false))?;
    }
    report.findings(&checked.findings, format::<Format>(given)?);
    if given.get_flag("stats") {
        report.stats(&checked.findings);
    }
    Ok(())
}

impl<'s> Sieve<'s> {
    /// What the settings let through of the rules `select`.
    pub fn of(settings: &'s Settings, select: &[&str]) -> Self {
        Self {
            settings,
            baseline: None,
            select: select.iter().map(|id| (*id).to_owned()).collect(),
            ignore: vec![],
            whole: false,
        }
    }

    fn asked<'a>(&'a self, known: &'a [&'a str]) -> suppress::Asked<'a> {
        suppress::Asked {
            known,
            select: &self.select,
            ignore: &self.ignore,
            whole: self.whole,
            today: today(),
        }
    }

    /// The findings that count, and how many do not.
    ///
    /// # Errors
    /// When a rule is named that there is not, or the baseline cannot be read.
    pub fn kept(&self, findings: &Findings) -> Result<(Vec<Diagnostic>, usize)> {
        let known = known();
        let asked = self.asked(&known);
        let (kept, mut suppressed) = suppress::apply(findings.diagnostics.clone(), self.settings, &asked)?;
        let Some(file) = &self.baseline else {
            return Ok((kept, suppressed));
        };
        let (kept, more) = file.required()?.apply(kept, &file.shown, self.settings, &asked);
        suppressed += more;
        Ok((kept, suppressed))
    }

    /// Leaves in `findings` what counts.
    fn apply(&self, findings: &mut Findings) -> Result<()> {
        (findings.diagnostics, findings.suppressed) = self.kept(findings)?;
        findings.rules = rules::all();
        let applied = |id: &str| {
            !self.ignore.iter().any(|word| word == id)
                && (self.select.is_empty() || self.select.iter().any(|word| word == id))
        };
        findings.rules.retain(|rule| applied(rule.id));
        if let Some(text) = self.settings.text() {
            findings.sources.insert(settings::FILE.to_owned(), text);
        }
        if let Some(file) = &self.baseline
            && let Some(text) = &file.text
        {
            findings.sources.insert(file.shown.clone(), text.clone());
        }
        Ok(())
    }
}

fn write_baseline(
    host: &Host,
    file: &BaselineFile,
    (sieve, checked): (&Sieve<'_>, &Checked),
    globals: &Globals,
    report: &Report,
) -> Result<Outcome> {
    let (kept, _) = sieve.kept(&checked.findings)?;
    let old = file.baseline()?;
    let text = baseline::written(old.as_ref(), &kept, &sieve.asked(&known()))?;
    let plan = file.plan(host, text)?;
    if plan.is_empty() {
        report.nothing(&plan, !globals.writes());
    } else if !globals.writes() {
        report.plan(&plan);
    } else {
        apply::commit(host.root(), &plan)?;
        report.done(&plan, &[]);
    }
    Ok(Outcome::Done)
}

/// What part of the host is asked about.
fn asked(given: &ArgMatches, host: &Host) -> Result<Asked> {
    let here = std::env::current_dir().ok();
    let what = given.get_many::<String>("what").into_iter().flatten();
    let what = what.map(|word| {
        let full = here
            .as_ref()
            .map(|here| here.join(word))
            .and_then(|path| path.canonicalize().ok());
        let inside = full.as_ref().and_then(|full| full.strip_prefix(host.root()).ok());
        match inside.and_then(Path::to_str) {
            Some(path) if !path.is_empty() => path.to_owned(),
            _ => word.clone(),
        }
    });
    let changed = given.get_one::<String>("changed-since");
    Ok(Asked {
        what: what.collect(),
        changed: changed
            .map(|reference| changed_since(host.root(), reference))
            .transpose()?,
        shard: given
            .get_one::<String>("shard")
            .map(|text| shard(text))
            .transpose()?,
        seen: given.get_flag("watch"),
        coverage: given.get_flag("stats"),
        ..Asked::default()
    })
}

fn shard(text: &str) -> Result<(usize, usize)> {
    let numbers = text
        .split_once('/')
        .and_then(|(share, of)| Some((share.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((share, of)) if (1..=of).contains(&share) => Ok((share, of)),
        _ => Err(Error::new(format!("`{}` is not a share", text.escape_debug()))
            .help("write `--shard 1/4` for the first of four")),
    }
}
