//! Applying fixes: to the texts in memory, again and again until nothing is left that may be mended. What comes out is
//! a plan like any other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::host::{Host, HostPath};
use crate::plan::Plan;
use crate::plan::overlay::Overlay;
use tenon_pack::Pack;
use tenon_text::diag::{Applicability, Diagnostic, FileFix, Fix, Result, TextEdit, apply_edits};
use tenon_text::format::split_bom;

use super::check::{Asked, Checked, check};
use super::unparsable;

/// How often what fixes bring about may itself be mended.
const MAX_ROUNDS: usize = 16;

/// Texts that stand in place of what is on disk.
pub type Texts = BTreeMap<String, Arc<str>>;

/// What mending came to.
pub struct Fixed {
    /// What is written.
    pub plan: Plan,
    /// How many findings are mended.
    pub count: usize,
    /// The check of the host as it is afterwards.
    pub checked: Checked,
}

/// Mends everything that `allowed` allows of the findings that `keep` lets through.
pub fn fix_all(
    pack: &Pack,
    host: &Host,
    asked: &Asked,
    allowed: Applicability,
    keep: &dyn Fn(&Checked) -> Result<Vec<Diagnostic>>,
) -> Result<Fixed> {
    let (texts, count, checked) = fix_texts(pack, host, asked, allowed, keep)?;
    let mut overlay = Overlay::new(host);
    for (path, text) in texts {
        let path = HostPath::new(&path)?;
        if host.exists(&path) {
            overlay.edit(&path, text.to_string());
        } else {
            overlay.create(path, text.to_string(), false)?;
        }
    }
    Ok(Fixed {
        plan: overlay.into_plan(match count {
            1 => "fix 1 finding".to_owned(),
            _ => format!("fix {count} findings"),
        })?,
        count,
        checked,
    })
}

/// The texts with everything fixed that may be, how many findings that fixes, and the check of the host as it is then.
pub fn fix_texts(
    pack: &Pack,
    host: &Host,
    asked: &Asked,
    allowed: Applicability,
    keep: &dyn Fn(&Checked) -> Result<Vec<Diagnostic>>,
) -> Result<(Texts, usize, Checked)> {
    let mut texts = Texts::new();
    let mut count = 0;
    let mut checked = check(pack, host, asked)?;
    // Fixes that did not help.
    let mut refused: BTreeSet<Key> = BTreeSet::new();
    // Fixes that take each other back lead to texts that were there before.
    let mut seen = vec![texts.clone()];
    for _ in 0..MAX_ROUNDS {
        let mut found = keep(&checked)?;
        found.retain(|finding| {
            let is_allowed = |fix: &Fix| fix.applicability <= allowed;
            finding.fix.as_ref().is_some_and(is_allowed) && !refused.contains(&key(finding))
        });
        let mut after = texts.clone();
        let applied = apply(host, &mut after, &found)?;
        if applied.is_empty() || seen.contains(&after) {
            break;
        }
        let asked = Asked {
            instead: Arc::new(after.clone()),
            ..asked.clone()
        };
        let then = check(pack, host, &asked)?;
        let useless = useless(&applied, &checked, &then);
        if useless.is_empty() {
            count += applied.len();
            seen.push(after.clone());
            texts = after;
            checked = then;
        } else {
            refused.extend(useless);
        }
    }
    Ok((texts, count, checked))
}

/// What tells a finding from others, wherever it stands in its file.
type Key = (String, String, String, String);

fn key(finding: &Diagnostic) -> Key {
    (
        finding.rule.clone(),
        finding.subject.clone(),
        finding.at.path.clone(),
        finding.message.clone(),
    )
}

/// The applied findings that are still found as often as before, or whose fix left a file that cannot be parsed.
fn useless(applied: &[&Diagnostic], before: &Checked, after: &Checked) -> Vec<Key> {
    let counts = |checked: &Checked| {
        let mut out: BTreeMap<Key, usize> = BTreeMap::new();
        for finding in &checked.findings.diagnostics {
            *out.entry(key(finding)).or_default() += 1;
        }
        out
    };
    let broken = |checked: &Checked| -> BTreeSet<String> {
        let all = checked.findings.diagnostics.iter();
        let broken = all.filter(|finding| finding.rule == unparsable::RULE.id);
        broken.map(|finding| finding.at.path.clone()).collect()
    };
    let (was, is) = (counts(before), counts(after));
    let breaks = &broken(after) - &broken(before);
    let is_useless = |finding: &&&Diagnostic| {
        let key = key(finding);
        let mut files = finding.fix.iter().flat_map(|fix| &fix.files);
        is.get(&key) >= was.get(&key) || files.any(|(path, _)| breaks.contains(path))
    };
    applied
        .iter()
        .filter(is_useless)
        .map(|finding| key(finding))
        .collect()
}

/// Applies the fixes that do not touch what an earlier one of this round touches; the findings that they are of.
fn apply<'f>(host: &Host, texts: &mut Texts, findings: &'f [Diagnostic]) -> Result<Vec<&'f Diagnostic>> {
    let mut edits: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    let mut created: BTreeMap<&str, &str> = BTreeMap::new();
    let mut applied = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        if !fits(fix, &edits, &created) {
            continue;
        }
        applied.push(finding);
        for (path, change) in &fix.files {
            match change {
                FileFix::Create(text) => {
                    created.insert(path, text);
                }
                FileFix::Edit(new) => {
                    let all = edits.entry(path).or_default();
                    // Two fixes may ask for the same: an import that both need.
                    all.extend(
                        new.iter()
                            .filter(|edit| !all.contains(edit))
                            .cloned()
                            .collect::<Vec<_>>(),
                    );
                }
            }
        }
    }
    for (path, edits) in edits {
        let before = match texts.get(path) {
            Some(text) => Some(Arc::clone(text)),
            None => host.read(&HostPath::new(path)?)?,
        };
        let before = before.unwrap_or_default();
        let (bom, body) = split_bom(&before);
        let after = apply_edits(body, &edits)?;
        let after = if bom { format!("\u{feff}{after}") } else { after };
        texts.insert(path.to_owned(), Arc::from(after));
    }
    for (path, text) in created {
        texts.insert(path.to_owned(), Arc::from(text));
    }
    Ok(applied)
}

fn fits(fix: &Fix, edits: &BTreeMap<&str, Vec<TextEdit>>, created: &BTreeMap<&str, &str>) -> bool {
    fix.files.iter().all(|(path, change)| match change {
        FileFix::Create(_) => !created.contains_key(path.as_str()),
        FileFix::Edit(new) => {
            let there = edits.get(path.as_str()).map_or(&[][..], Vec::as_slice);
            let apart =
                |a: &TextEdit, b: &TextEdit| a.span.end < b.span.start || b.span.end < a.span.start || a == b;
            new.iter()
                .all(|edit| there.iter().all(|other| apart(edit, other)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;
    use tenon_text::diag::Applicability;

    #[test]
    fn fixes_that_take_each_other_back_come_to_an_end() {
        let rule = |value: &str| {
            format!(
                "[[kind.unit.rule]]\nexpect = 'value'\nfile = 'units/{{{{name}}}}/package.json'\npointer = '/label'\nvalue = '{value}'\nwhy = 'so'\n"
            )
        };
        let shop = shop().and_pack(&rule("one")).and_pack(&rule("two")).edit(
            "units/alpha/package.json",
            "\"counter\"",
            "\"label\": \"one\",\n    \"counter\"",
        );
        let fixed = shop.fixed(Applicability::Unsafe);
        let text = fixed.text("units/alpha/package.json");
        assert!(
            text.contains("\"label\": \"two\"") || text.contains("\"label\": \"one\""),
            "{text}"
        );
    }
}
