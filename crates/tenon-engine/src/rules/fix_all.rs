//! Applying fixes: to the texts in memory, again and again until nothing is left that may be mended. What comes out is
//! a plan like any other.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::host::{Host, HostPath};
use crate::plan::Plan;
use crate::plan::overlay::Overlay;
use tenon_pack::Pack;
use tenon_text::diag::{Applicability, Diagnostic, FileFix, Fix, Result, TextEdit, apply_edits};
use tenon_text::format::split_bom;

use super::check::{Asked, Checked, check};

/// How often what fixes bring about may itself be mended.
const MAX_ROUNDS: usize = 16;

/// Texts that stand in place of what is on disk.
type Texts = BTreeMap<String, Arc<str>>;

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
    let mut texts = Texts::new();
    let mut count = 0;
    let mut checked = check(pack, host, asked)?;
    for _ in 0..MAX_ROUNDS {
        let applied = apply(host, &mut texts, &keep(&checked)?, allowed)?;
        if applied == 0 {
            break;
        }
        count += applied;
        let asked = Asked {
            instead: Arc::new(texts.clone()),
            ..asked.clone()
        };
        checked = check(pack, host, &asked)?;
    }
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

/// Applies the fixes that do not touch what an earlier one of this round touches; the number of them.
fn apply(host: &Host, texts: &mut Texts, findings: &[Diagnostic], allowed: Applicability) -> Result<usize> {
    let mut edits: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    let mut created: BTreeMap<&str, &str> = BTreeMap::new();
    let mut count = 0;
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    for fix in fixes.filter(|fix| fix.applicability <= allowed) {
        if !fits(fix, &edits, &created) {
            continue;
        }
        count += 1;
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
    Ok(count)
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
