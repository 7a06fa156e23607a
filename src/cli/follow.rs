//! The part of `tenon update` for members that were written by hand: they have no record to render again, so methods that the
//! host's contracts ask for are fixed one by one.

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

/// Members by name, with the kinds that make such members.
pub type Others = BTreeMap<String, String>;

/// The fixes of members that were written by hand, and what is left.
#[derive(Default)]
pub struct Followed {
    /// The changes of the fixes.
    pub plan: Plan,
    /// The members that do not match their contracts, by kind and name.
    pub outdated: BTreeSet<(String, String)>,
    /// Signatures that are replaced above bodies written for the old ones: file, and what was wrong.
    signatures: BTreeSet<(String, String)>,
    /// Findings that have no fix.
    left: Vec<Diagnostic>,
}

/// The members of the host that are not in the record.
///
/// # Errors
/// When the facts of the host cannot be read.
pub fn others(pack: &Pack, facts: &Facts<'_>, record: &Record) -> Result<Others> {
    let mut out = Others::new();
    for declared in pack.kind_members() {
        for row in facts.rows(&declared.rows)?.iter() {
            let name = field(row, "id");
            if record.get(&declared.kind, name).is_none() {
                out.insert(name.to_owned(), declared.kind.clone());
            }
        }
    }
    Ok(out)
}

/// Plans the fixes that give the members `names` among `others` (all if empty) the methods of their contracts.
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
    let shared = std::cell::RefCell::new(&mut out);
    let keep = |checked: &Checked| {
        let kept = own(checked)?;
        let mut out = shared.borrow_mut();
        for finding in &kept {
            let kind = others.get(&finding.subject).cloned().unwrap_or_default();
            out.outdated.insert((kind, finding.subject.clone()));
            if let Some(fix) = &finding.fix
                && fix.applicability == Applicability::Unsafe
            {
                out.signatures
                    .insert((finding.at.path.clone(), finding.message.clone()));
            }
        }
        Ok(kept)
    };
    let fixed = rules::fix_all(pack, host, &asked, Applicability::Unsafe, &keep)?;
    out.left = own(&fixed.checked)?;
    out.plan = fixed.plan;
    Ok(out)
}

impl Followed {
    /// Warns of what a person has to look at; returns whether something is left to do.
    pub fn warn(&self, report: &Report) -> bool {
        for (path, why) in &self.signatures {
            report.warn(&format!(
                "`{path}`: {why}; the signature becomes the contract's: check that the body fits it"
            ));
        }
        for finding in &self.left {
            report.warn(&format!(
                "`{}` cannot be updated automatically: {} (`{}`)",
                finding.subject, finding.message, finding.at.path
            ));
        }
        !self.left.is_empty()
    }
}
