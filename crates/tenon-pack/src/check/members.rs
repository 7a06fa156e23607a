//! Checks of what speaks of members that exist: how they are found, `read` of options, `required` files, fields of sites, and
//! what sites say to checks.

use crate::raw::{RawSite, SiteKind};
use crate::raw_check::RawRead;

use super::{PackChecker, Place, missing};

/// References to what the pack does not have, keys that are needed and lacking, and keys that would do nothing.
pub fn references(checker: &mut PackChecker<'_>) {
    let pack = checker.pack;
    let raw = &pack.raw;
    let facts: Vec<&str> = raw.facts.keys().map(String::as_str).collect();
    let kinds: Vec<&str> = raw.kinds.iter().map(|it| it.id.as_str()).collect();
    for (index, declared) in raw.kind_members.iter().enumerate() {
        let at = Place::of("members", index);
        checker.known(&at.key("kind"), "kind", &declared.kind, &kinds);
        checker.known(&at.key("rows"), "fact table", &declared.rows, &facts);
    }
    for (index, read) in raw.reads.iter().enumerate() {
        reads(checker, &Place::of("read", index), read);
    }
    for (index, folder) in raw.folders.iter().enumerate() {
        let files: Vec<String> = pack.templates(folder).map(|template| template.becomes).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        for required in folder.required.keys() {
            let at = Place::of("folder", index).key("required").key(required);
            checker.known(&at, "template that makes the file", required, &files);
        }
    }
    sites(checker);
}

fn reads(checker: &mut PackChecker<'_>, at: &Place, read: &RawRead) {
    let pack = checker.pack;
    let is_known = |id: &&String| pack.kind(id).is_ok();
    for kind in read.for_kinds.iter().filter(is_known) {
        let asked: Vec<&str> = pack.answered(kind).map(|q| q.id.as_str()).collect();
        let what = format!("option of `{kind}` called");
        checker.known(&at.key("option"), &what, &read.option, &asked);
        if let Some(each) = &read.each {
            checker.known(&at.key("each"), &what, each, &asked);
        }
    }
    let option = &read.option;
    let sources = [
        read.files.is_some(),
        read.find.is_some(),
        read.site.is_some(),
        read.pointer.is_some(),
        read.containing.is_some() && read.find.is_none(),
    ];
    if sources.iter().filter(|given| **given).count() != 1 {
        checker.fault(
            &at.key("option"),
            format!("how `{option}` is read back needs exactly one source"),
            "give it one of `files`, `find`, `pointer`, `containing`, `site`",
        );
    }
    if read.files.is_none() && read.site.is_none() {
        let var = read.var.is_some() || read.find.is_none();
        let needed = [("file", read.file.is_some()), ("var", var)];
        if let Some(lacks) = missing(&needed) {
            checker.fault(
                &at.key("option"),
                format!("how `{option}` is read back has no `{lacks}`"),
                format!("add `{lacks} = …`"),
            );
        }
    }
    if let Some(site) = &read.site {
        let slots = pack.raw.sites.iter().filter(|site| site.kind == SiteKind::Slot);
        let slots: Vec<&str> = slots.map(|site| site.id.as_str()).collect();
        checker.known(&at.key("site"), "site of kind `slot` called", site, &slots);
    }
    let used = read.var.as_deref().zip(read.find.as_deref());
    checker.variable(&at.key("var"), used, "find");
}

/// What sites say to checks, and the variables that they take.
fn sites(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    let rests = raw.reads.iter().filter_map(|read| read.rest.as_deref());
    let rests: Vec<&str> = rests.collect();
    for (index, site) in raw.sites.iter().enumerate() {
        let at = Place::of("site", index);
        if let Some(key) = idle(site) {
            checker.fault(
                &at.key("id"),
                format!("the site `{}` does nothing with `{key}`", site.id),
                "its kind has no such key: see docs/packs.md",
            );
        }
        let what = "`rest` of a `read` that is called";
        checker.all_known(&at.key("also"), what, &site.also, &rests);
        checker.variable(
            &at.key("var"),
            site.var.as_deref().zip(site.entry.as_deref()),
            "match",
        );
        for (index, field) in site.fields.iter().enumerate() {
            let at = at.key("field").item(index).key("var");
            checker.variable(&at, Some((field.var.as_str(), &field.find)), "find");
            if field.is.is_none() && field.declared_in.is_none() && field.exported_in.is_none() {
                checker.fault(
                    &at,
                    format!(
                        "the field `{}` of the site `{}` expects nothing",
                        field.var, site.id
                    ),
                    "give it `is`, `declared-in` or `exported-in`",
                );
            }
        }
    }
}

/// A key that would do nothing at a site of this kind.
fn idle(site: &RawSite) -> Option<&'static str> {
    let manifest = site.kind == SiteKind::Manifest;
    let by_example = site.kind == SiteKind::Entry;
    let slot = site.kind == SiteKind::Slot;
    let listing = manifest || by_example;
    missing(&[
        ("closed", listing || !site.closed),
        ("others", listing || site.others.is_empty()),
        ("json", manifest || site.json.is_none()),
        ("sorted", listing || !site.sorted),
        ("also", manifest || by_example || site.also.is_empty()),
        ("field", slot || site.fields.is_empty()),
        ("ahead-of", by_example || site.ahead_of.is_none()),
        ("match", !by_example || site.entry.is_none()),
        ("entry", by_example || slot || site.text.is_none()),
        ("form", by_example || site.forms.is_empty()),
        ("in", by_example || site.scope.is_none()),
        ("exact", by_example || !site.exact),
        ("behind", by_example || site.behind.is_none()),
        ("var", !by_example || site.var.is_none()),
    ])
}
