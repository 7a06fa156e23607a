//! `tenon pack check --host DIR`: how much each part of a pack sees in a host.

use std::path::Path;

use tenon_engine::host::Host;
use tenon_engine::rules::Asked;
use tenon_engine::rules::coverage::Counted;
use tenon_pack::{Pack, SiteKind};
use tenon_text::diag::Result;

use crate::report::{Report, count as counted};

/// Says what every kind, file, site and rule of `pack` saw in the host at `root`; how many saw nothing.
///
/// # Errors
/// If the host cannot be read.
pub fn report(pack: &Pack, root: &Path, report: &Report) -> Result<usize> {
    let host = Host::open(root)?;
    let asked = Asked {
        coverage: true,
        ..Asked::default()
    };
    let checked = super::check::checked(pack, &host, &asked, report)?;
    let count = |what: &Counted| checked.counts.get(what).copied().unwrap_or_default();
    let mut blind = 0;
    let mut line = |text: String, count: usize, noun: &str| {
        if count == 0 {
            blind += 1;
            report.warn(&format!("{text} sees nothing in this host"));
        } else {
            report.say(&format!("{text}: {}", counted(count, noun)));
        }
    };
    for declared in pack.kind_members() {
        let kind = &declared.kind;
        line(
            format!("kind `{kind}`"),
            count(&Counted::Members(kind.clone())),
            "member",
        );
        for folder in pack.folders(kind) {
            for file in folder.required.keys() {
                line(
                    format!("file `{file}`"),
                    count(&Counted::File(kind.clone(), file.clone())),
                    "file",
                );
            }
        }
        for site in pack
            .sites(kind)
            .filter(|site| !matches!(site.kind, SiteKind::Member | SiteKind::Slot))
        {
            line(
                format!("site `{}`", site.id),
                count(&Counted::Site(site.id.clone())),
                "entry",
            );
        }
        for (index, pack_rule) in pack.rules(kind).enumerate() {
            let relation = pack_rule.kind.name().to_owned();
            let what = Counted::Rule(index, kind.clone(), relation.clone(), pack_rule.file.clone());
            line(
                format!("rule `{relation}` of `{}`", pack_rule.file),
                count(&what),
                "file",
            );
        }
    }
    Ok(blind)
}
