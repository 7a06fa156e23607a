//! Applying fixes: to the texts in memory, again and again until nothing is left that may be mended. What comes out is
//! a plan like any other.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::host::{Host, HostPath};
use crate::plan::overlay::Overlay;
use crate::plan::remove_entry::remove_unused;
use crate::plan::{self, Plan};
use tenon_pack::Pack;
use tenon_syntax::language::Lang;
use tenon_syntax::style::Style;
use tenon_text::diag::{Applicability, Diagnostic, Draft, FileFix, Fix, Result, TextEdit, apply_edits};
use tenon_text::format::split_bom;

use super::check::{Asked, Checked, check};
use super::unparsable;

/// How many rounds may leave as many findings that could be mended as there were before: what fixes bring about is mended as well.
const MAX_IDLE: usize = 16;

/// How many bytes of code may be searched for unused imports, in each file and round.
const MAX_SEARCHED: usize = 8 << 20;

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
    let style = plan::code_style(host, pack)?;
    let asked = &Asked {
        fixing: true,
        ..asked.clone()
    };
    let mut checked = check(pack, host, asked)?;
    // Fixes that did not help.
    let mut refused: BTreeSet<Key> = BTreeSet::new();
    // Fixes that take each other back lead to texts that were there before.
    let mut seen = HashSet::from([hash(&texts)]);
    let (mut idle, mut fewest) = (0, usize::MAX);
    // Entries that go to one place are inserted together, unless that does not help.
    let mut together = true;
    while idle <= MAX_IDLE {
        let mut found = keep(&checked)?;
        found.retain(|finding| {
            let is_allowed = |fix: &Fix| fix.applicability <= allowed;
            finding.fix.as_ref().is_some_and(is_allowed) && !refused.contains(&key(finding))
        });
        match found.len() < fewest {
            true => fewest = found.len(),
            false => idle += 1,
        }
        let mut after = texts.clone();
        let applied = apply(host, &mut after, &found, (together, &style))?;
        if applied.is_empty() || seen.contains(&hash(&after)) {
            if std::mem::take(&mut together) {
                continue;
            }
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
            seen.insert(hash(&after));
            texts = after;
            checked = then;
            together = true;
        } else if !std::mem::take(&mut together) {
            refused.extend(useless);
        }
    }
    Ok((texts, count, checked))
}

/// Tells texts from others.
fn hash(texts: &Texts) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish()
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

/// Applies the fixes that do not touch what an earlier one of this round touches; the findings that they are of. With `together` they
/// may insert at one place, in their order.
fn apply<'f>(
    host: &Host,
    texts: &mut Texts,
    findings: &'f [Diagnostic],
    (together, style): (bool, &Style),
) -> Result<Vec<&'f Diagnostic>> {
    let mut edits: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    let mut created: BTreeMap<&str, &str> = BTreeMap::new();
    let mut applied = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        if !fits(fix, &edits, &created, together) {
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
        let after = match Lang::of_path(path).filter(|_| edits.len() > 1) {
            None => apply_edits(body, &edits)?,
            // An import that two fixes stop using was still used when each was made.
            Some(language) => {
                let removed: Vec<&str> = edits.iter().map(|edit| &body[edit.span.range()]).collect();
                let mut draft = Draft::of(body);
                draft.apply(&edits)?;
                let searched = Cell::new(0);
                let may = |bytes: usize| searched.replace(searched.get() + bytes) < MAX_SEARCHED;
                remove_unused(&mut draft, &removed.join("\n"), language, style, &may);
                draft.text().to_owned()
            }
        };
        let after = if bom { format!("\u{feff}{after}") } else { after };
        texts.insert(path.to_owned(), Arc::from(after));
    }
    for (path, text) in created {
        texts.insert(path.to_owned(), Arc::from(text));
    }
    Ok(applied)
}

fn fits(
    fix: &Fix,
    edits: &BTreeMap<&str, Vec<TextEdit>>,
    created: &BTreeMap<&str, &str>,
    together: bool,
) -> bool {
    fix.files.iter().all(|(path, change)| match change {
        FileFix::Create(_) => !created.contains_key(path.as_str()),
        FileFix::Edit(new) => {
            let there = edits.get(path.as_str()).map_or(&[][..], Vec::as_slice);
            // What brings a line end on both sides is the first of its list.
            let inserts = |edit: &TextEdit| {
                let text = edit.text.trim_matches([' ', '\t']);
                edit.span.start == edit.span.end && !(text.starts_with(['\r', '\n']) && text.ends_with('\n'))
            };
            let apart = |a: &TextEdit, b: &TextEdit| {
                let is_same = a == b || (together && a.span == b.span && inserts(a) && inserts(b));
                a.span.end < b.span.start || b.span.end < a.span.start || is_same
            };
            new.iter()
                .all(|edit| there.iter().all(|other| apart(edit, other)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::Applicability;

    #[test]
    fn entries_that_go_to_one_place_are_all_added_in_one_run() {
        let pack = "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"typescript\"\n[host]\nfiles = [\"a.ts\"]\n\
                    [kind.integration]\nsummary = \"One\"\nhome = \"units/{{name}}\"\n[kind.integration.site.list]\nfile = \"a.ts\"\nwhy = \"it is read\"\n\
                    in = \"const all = []\"\nentry = \"{{camel name}}\"\nimports = [\"import { {{camel name}} } from './{{name}}';\"]\n\
                    [kind.integration.site.keys]\nkind = \"manifest\"\nfile = \"a.json\"\npointer = \"/units\"\nkey = \"{{name}}\"\nvalue = \"1\"\nwhy = \"it is read\"\n";
        let names: Vec<String> = (0..60).map(|n| format!("u{n:02}")).collect();
        let mut host = vec![
            ("a.ts".to_owned(), "const all = [];\n".to_owned()),
            ("a.json".to_owned(), "{\n  \"units\": {}\n}\n".to_owned()),
        ];
        for name in &names {
            host.push((format!("units/{name}/about.txt"), String::new()));
            host.push((format!("{name}.ts"), format!("export const {name} = 1;\n")));
        }
        let host: Vec<(&str, &str)> = host.iter().map(|(path, text)| (&**path, &**text)).collect();
        let shop = Shop::of(&[("pack.toml", pack)], &host);
        assert_eq!(shop.findings().len(), 120);
        let fixed = shop.fixed(Applicability::Safe);
        assert_eq!(fixed.findings(), [""; 0]);
        let all = names.join(", ");
        let text: String = fixed
            .text("a.ts")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(
            text.contains(&format!("[{all}]")) || text.contains(&format!("[ {all}, ]")),
            "{text}"
        );
        assert_eq!(fixed.text("a.json").matches("\": \"1\"").count(), 60);
    }

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
