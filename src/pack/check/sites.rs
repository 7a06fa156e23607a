//! Checks of single sites: keys that do nothing there, and lists of lines.

use crate::diag::{Error, Result};
use crate::pack::raw::{RawSite, SiteKind};

use super::things::regular;
use super::{Section, missing, place};

/// A key that would do nothing at a site of this kind.
pub(super) fn idle(site: &RawSite) -> Option<&'static str> {
    let list = site.kind == SiteKind::List;
    let lines = site.kind == SiteKind::Lines;
    let manifest = site.kind == SiteKind::Manifest;
    let fields = list || site.kind == SiteKind::Slot;
    let listing = list || lines || manifest;
    missing(&[
        ("closed", listing || !site.closed),
        ("json", manifest || site.json.is_none()),
        ("sorted", listing || !site.sorted),
        ("others", listing || site.others.is_empty()),
        ("also", list || manifest || site.also.is_empty()),
        ("leads-to", list || site.leads_to.is_none()),
        ("field", fields || site.fields.is_empty()),
        ("line", lines || site.line.is_none()),
        ("below", lines || site.below.is_none()),
        ("above", lines || site.above.is_none()),
        ("ahead-of", list || lines || site.ahead_of.is_none()),
        ("entry", !lines || site.entry.is_none()),
        ("container", !lines || site.container.is_none()),
        ("var", !lines || site.var.is_none()),
        ("imports", !lines || site.imports.is_empty()),
    ])
}

/// The regular expressions of a site can be read; of a list of lines, one of them names the entries, and an entry is one line.
pub(super) fn texts(site: &RawSite, text: &str, at: Section<'_>) -> Result<()> {
    for bound in [&site.below, &site.above].into_iter().flatten() {
        regular(text, at, bound)?;
    }
    for other in &site.others {
        regular(text, at, other)?;
    }
    let Some(line) = &site.line else { return Ok(()) };
    if regular(text, at, line)?.captures_len() < 2 {
        return Err(Error::new(format!("`{line}` has no group"))
            .at("pack.toml", place(text, at, line))
            .help("put what names the entry into parentheses"));
    }
    let insert = site.insert.as_deref().unwrap_or_default();
    if insert.contains('\n') {
        return Err(Error::new(format!(
            "an entry of the site `{}` is more than one line",
            site.id
        ))
        .at("pack.toml", place(text, at, &site.id))
        .help("write `insert` on one line"));
    }
    Ok(())
}
