//! What was written by hand follows the contracts of its host, where `tenon update` runs: what was made is rendered anew, and
//! what was not can be mended method by method.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::Report;
use tenon_engine::facts::{Facts, field};
use tenon_engine::host::Host;
use tenon_engine::plan::{Plan, record::Record};
use tenon_engine::rules::{self, Asked, Checked};
use tenon_engine::settings::Settings;
use tenon_pack::Pack;
use tenon_text::diag::{Applicability, Diagnostic, Result};

use super::check::Sieve;

/// Things by name, with the generators that make such things.
pub type Others = BTreeMap<String, String>;

/// What following comes to.
#[derive(Default)]
pub struct Followed {
    /// What is written.
    pub plan: Plan,
    /// The things that are behind their contracts, by generator and name.
    pub outdated: BTreeSet<(String, String)>,
    /// Heads of methods that are written anew, over bodies that were written for the old ones: file, and what was wrong.
    heads: BTreeSet<(String, String)>,
    /// What does not follow by itself.
    left: Vec<Diagnostic>,
}

/// What stands in the host and is not in the record.
///
/// # Errors
/// When the facts of the host cannot be read.
pub fn others(pack: &Pack, facts: &Facts<'_>, record: &Record) -> Result<Others> {
    let mut out = Others::new();
    for subject in pack.subjects() {
        for row in facts.rows(&subject.rows)?.iter() {
            let name = field(row, "id");
            if record.get(&subject.generator, name).is_none() {
                out.insert(name.to_owned(), subject.generator.clone());
            }
        }
    }
    Ok(out)
}

/// Finds out how those of `others` that `names` names, all if it names none, come to have the methods of their contracts.
///
/// # Errors
/// Those of a check.
pub fn follow(
    (pack, host, settings): (&Pack, &Host, &Settings),
    others: &Others,
    names: &[&String],
) -> Result<Followed> {
    let is_wanted = |name: &String| names.is_empty() || names.contains(&name);
    let what: Vec<String> = others.keys().filter(|name| is_wanted(name)).cloned().collect();
    if what.is_empty() {
        return Ok(Followed::default());
    }
    let asked = Asked {
        what,
        ..Asked::default()
    };
    let sieve = Sieve::of(settings, &rules::ABOUT_CONTRACTS);
    let own = |checked: &Checked| -> Result<Vec<Diagnostic>> {
        let mut kept = sieve.kept(&checked.findings)?.0;
        kept.retain(|finding| others.contains_key(&finding.subject));
        Ok(kept)
    };
    let mut out = Followed::default();
    let seen = std::cell::RefCell::new(&mut out);
    let keep = |checked: &Checked| {
        let kept = own(checked)?;
        let mut out = seen.borrow_mut();
        for finding in &kept {
            let generator = others.get(&finding.subject).cloned().unwrap_or_default();
            out.outdated.insert((generator, finding.subject.clone()));
            if let Some(fix) = &finding.fix
                && fix.applicability == Applicability::Unsafe
            {
                out.heads
                    .insert((finding.at.path.clone(), finding.message.clone()));
            }
        }
        Ok(kept)
    };
    let mended = rules::fix_all(pack, host, &asked, Applicability::Unsafe, &keep)?;
    out.left = own(&mended.checked)?;
    out.plan = mended.plan;
    Ok(out)
}

impl Followed {
    /// Says what a person has to look at; gives whether that is something left to do.
    pub fn tell(&self, report: &Report) -> bool {
        for (path, why) in &self.heads {
            report.warn(&format!(
                "`{path}`: {why}; the head becomes the contract's, and the body is for you to look at"
            ));
        }
        for finding in &self.left {
            report.warn(&format!(
                "`{}` does not follow by itself: {} (`{}`)",
                finding.subject, finding.message, finding.at.path
            ));
        }
        !self.left.is_empty()
    }
}
