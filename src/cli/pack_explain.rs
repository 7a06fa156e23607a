//! `tenon pack explain`: describes on one page what a pack makes and checks.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::ArgMatches;

use crate::report::{Report, count};
use tenon_engine::plan::{self, Plan};
use tenon_engine::trial;
use tenon_pack::{Kind, OptionKind, Pack, PackOption, Site, SiteKind};
use tenon_text::diag::Result;

use super::Outcome;

/// Prints the page of the pack in a folder, or of a built-in one.
pub fn run(given: &ArgMatches, report: &Report) -> Result<Outcome> {
    let dir = given.get_one::<String>("dir").map_or(".", String::as_str);
    let pack = super::pack_test::open(dir)?;
    let page = page(&pack)?;
    if report.is_json() {
        report.json(&serde_json::json!({ "version": 1, "page": page }));
    } else if given.get_flag("markdown") {
        report.raw(&page);
    } else {
        report.page(&page);
    }
    Ok(Outcome::Done)
}

/// The page as Markdown.
fn page(pack: &Pack) -> Result<String> {
    let mut out = format!("# {} {}\n\n{}.\n", pack.name(), pack.version(), pack.summary());
    if let Some(docs) = pack.docs() {
        let _ = write!(out, "\nDocumentation: {docs}\n");
    }
    let _ = write!(out, "\nA host is recognised by {}.\n", pack.recognised_by());
    for kind in pack.kinds() {
        of_kind(pack, kind, &mut out)?;
    }
    checks(pack, &mut out);
    Ok(out)
}

fn of_kind(pack: &Pack, kind: &Kind, out: &mut String) -> Result<()> {
    let _ = write!(out, "\n## tenon new {} NAME\n\n{}.\n", kind.id, kind.summary);
    let options: Vec<&PackOption> = pack.options(&kind.id).collect();
    if !options.is_empty() {
        out.push_str("\nIt asks:\n\n");
    }
    for option in options {
        let must = if option.required { "; required" } else { "" };
        let _ = writeln!(
            out,
            "- `--{}`: {} {}{must}",
            option.id,
            option.prompt,
            answers_of(option)
        );
    }
    for require in pack.requires(&kind.id) {
        let _ = writeln!(out, "- refused unless `{}`: {}", require.that, require.say);
    }
    let Some((host, plan)) = trial::example(pack, kind)? else {
        out.push_str("\nThe pack's tests have no host for an example.\n");
        return Ok(());
    };
    shown(&host, &plan, out);
    for line in &kind.next {
        let _ = writeln!(out, "\nNext step: `{line}`");
    }
    Ok(())
}

/// The created files and the diffs of changed files of an example.
fn shown(host: &str, plan: &Plan, out: &mut String) {
    let diffs = plan::diffs(plan);
    let made: Vec<_> = diffs.iter().filter(|diff| diff.verb == "create").collect();
    if !made.is_empty() {
        let _ = write!(out, "\nOn {host}, `{}` makes:\n\n", plan.title);
    }
    for diff in made {
        let _ = writeln!(out, "- `{}`, {}", diff.path, count(diff.added, "line"));
    }
    let changed: Vec<_> = diffs.iter().filter(|diff| diff.verb != "create").collect();
    if changed.is_empty() {
        return;
    }
    out.push_str("\nand changes:\n");
    for diff in changed {
        let _ = write!(out, "\n```diff\n{}\n```\n", diff.unified.trim_end());
    }
}

fn answers_of(option: &PackOption) -> String {
    let choices = match (&option.from, &option.within) {
        (Some(from), _) => format!("of the {from} of the host"),
        (None, Some(within)) => format!("of the answers to `--{within}`"),
        (None, None) => format!("of {}", option.choices.join(", ")),
    };
    match option.kind {
        OptionKind::Many => format!("(any {choices})"),
        OptionKind::One => format!("(one {choices})"),
        OptionKind::Flag => "(yes or no)".to_owned(),
        OptionKind::Pairs => format!("(pairs with one {choices})"),
        OptionKind::Text => "(text)".to_owned(),
    }
}

fn checks(pack: &Pack, out: &mut String) {
    out.push_str("\n## What is checked\n\n");
    let kinds: BTreeSet<&str> = pack
        .kind_members()
        .iter()
        .map(|declared| declared.kind.as_str())
        .collect();
    if kinds.is_empty() {
        out.push_str("Nothing: no kind of the pack has a `home`.\n");
        return;
    }
    for declared in pack.kind_members() {
        let _ = writeln!(
            out,
            "Each `{}` in `{}`, whoever wrote it:\n",
            declared.kind, declared.dir
        );
        for folder in pack.folders(&declared.kind) {
            for (file, required) in &folder.required {
                let dir = folder.dir.as_deref().unwrap_or(".");
                let _ = writeln!(
                    out,
                    "- `{dir}/{}` is there: {} (`missing-part`)",
                    file,
                    required.why()
                );
            }
        }
        for site in pack.sites(&declared.kind).filter(|site| !site.may) {
            let _ = writeln!(out, "- {}", of_site(site));
        }
        for pack_rule in pack.rules(&declared.kind) {
            let _ = writeln!(
                out,
                "- `{}` ({}): {}",
                pack_rule.file,
                pack_rule.kind.name(),
                pack_rule.why
            );
        }
        out.push('\n');
    }
}

fn of_site(site: &Site) -> String {
    let place = match (site.kind, &site.file) {
        (SiteKind::Member, _) => "the workspace".to_owned(),
        (_, Some(file)) => format!("`{file}`"),
        (_, None) => "the host".to_owned(),
    };
    let pointer = site
        .pointer
        .as_ref()
        .map_or(String::new(), |pointer| format!(" at `{pointer}`"));
    let entry = match site.kind {
        SiteKind::Entry => site
            .text
            .as_deref()
            .or(site.forms.first().map(|form| form.entry.as_str())),
        SiteKind::Manifest => site.key.as_deref().or(site.value.as_deref()),
        SiteKind::Member | SiteKind::Slot => site.value.as_deref(),
    };
    let why = site.why.as_ref().map_or(String::new(), |why| format!(": {why}"));
    let rule = match site.kind {
        SiteKind::Member => "not-a-member",
        _ => "missing-entry",
    };
    format!(
        "{place}{pointer} lists `{}`{why} (`{rule}`)",
        entry.unwrap_or_default()
    )
}
