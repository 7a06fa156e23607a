//! A pack on top of another: a company's variant of a framework's pack.
//!
//! What has the name of something in the base stands in its place, what has a name of its own comes on top, and `[[off]]` takes
//! something of the base away, with a reason. Files of the variant stand in place of those of the base with the same path.

use std::collections::BTreeMap;

use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;

use super::FILE;
use super::files::PackFiles;
use super::kind::is_shared;
use super::places::{Origins, Place, Places};
use super::raw::{Kind, RawIdentity, RawOff, RawPack, RawStyle};

/// The files of both.
pub fn files(base: &PackFiles, own: &PackFiles) -> PackFiles {
    let mut out = BTreeMap::new();
    for path in base.paths().filter(|path| !path.starts_with("tests/")) {
        let bytes = base.bytes(path).unwrap_or_default().to_vec();
        // The variant's digest is about all that it comes to.
        let path = match path {
            FILE => format!("base/{}/{FILE}", base.name()),
            _ => path.to_owned(),
        };
        out.insert(path, bytes);
    }
    for path in own.paths() {
        out.insert(path.to_owned(), own.bytes(path).unwrap_or_default().to_vec());
    }
    PackFiles::of(own.name(), out)
}

/// `own` on top of `base`, and what of it is `own`'s; `places` are those of `own`.
///
/// # Errors
/// If they are about different languages, or what is turned off is not in the base, with its place.
pub fn merge(
    mut base: RawPack,
    (own, own_origins): (RawPack, &Origins),
    places: &Places<'_>,
) -> Result<(RawPack, Origins)> {
    if base.pack.language != own.pack.language {
        return Err(Error::new(format!(
            "the pack `{}` is about another language than `{}`, which it extends",
            own.pack.name, base.pack.name
        ))
        .at(FILE, places.find(&Place::top("pack").key("language")))
        .help("give it the `language` of the other"));
    }
    for (index, off) in own.offs.iter().enumerate() {
        turn_off(&mut base, off).map_err(|error| {
            let at = Place::of("off", index);
            let at = off.named().map_or(at.clone(), |(what, _)| at.key(what));
            error.at(FILE, places.find(&at))
        })?;
    }
    let mut own = own;
    for kind in &mut own.kinds {
        share(&mut base, kind);
    }
    let pack = RawIdentity {
        docs: own.pack.docs.or(base.pack.docs),
        ..own.pack
    };
    let mut offs = base.offs;
    offs.extend(own.offs);
    let mut origins = Origins {
        facts: own_origins.facts.clone(),
        ..Origins::default()
    };
    let to = &mut (&mut origins, own_origins);
    let mut raw = RawPack {
        pack,
        offs,
        detect: if own.detect.files.is_empty() && own.detect.any.is_empty() {
            base.detect
        } else {
            own.detect
        },
        style: RawStyle {
            like: or(own.style.like, base.style.like),
            width: own.style.width.or(base.style.width),
            quotes: own.style.quotes.or(base.style.quotes),
            import_groups: or(own.style.import_groups, base.style.import_groups),
        },
        api: over(base.api, own.api),
        facts: over(base.facts, own.facts),
        contracts: over(base.contracts, own.contracts),
        names: over(base.names, own.names),
        kinds: named((to, "kind"), base.kinds, own.kinds, |one, other| {
            one.id == other.id
        }),
        options: named((to, "option"), base.options, own.options, |one, other| {
            one.id == other.id && meet(&one.for_kinds, &other.for_kinds)
        }),
        verifies: named((to, "verify"), base.verifies, own.verifies, |_, _| false),
        requires: named((to, "require"), base.requires, own.requires, |_, _| false),
        folders: named((to, "folder"), base.folders, own.folders, |one, other| {
            one.templates == other.templates && meet(&one.for_kinds, &other.for_kinds)
        }),
        sites: named((to, "site"), base.sites, own.sites, |one, other| {
            one.id == other.id && meet(&one.for_kinds, &other.for_kinds)
        }),
        kind_members: named(
            (to, "members"),
            base.kind_members,
            own.kind_members,
            |one, other| one.kind == other.kind,
        ),
        reads: named((to, "read"), base.reads, own.reads, |one, other| {
            one.option == other.option && meet(&one.for_kinds, &other.for_kinds)
        }),
        rules: named((to, "rule"), base.rules, own.rules, |_, _| false),
        story: or(own.story, base.story),
    };
    // The home of a kind that is the base's stands there.
    for folder in raw.folders.iter_mut().filter(|folder| folder.dir.is_none()) {
        let mut kinds = raw
            .kinds
            .iter()
            .filter(|kind| folder.for_kinds.contains(&kind.id));
        let has_home = kinds.any(|kind| kind.home.is_some());
        folder.dir = has_home.then(|| "{{home}}".to_owned());
    }
    Ok((raw, origins))
}

/// Gives `kind` what it has of the kind of `base` that it is like.
fn share(base: &mut RawPack, kind: &mut Kind) {
    let Some(like) = &kind.like else { return };
    if kind.home.is_none() {
        let like = base.kinds.iter().find(|other| other.id == *like);
        kind.home = like.and_then(|like| like.home.clone());
    }
    let add = |kinds: &mut Vec<String>, item: &str| {
        if kinds.contains(like) && !kinds.contains(&kind.id) && is_shared(item, &kind.only, &kind.except) {
            kinds.push(kind.id.clone());
        }
    };
    base.options
        .iter_mut()
        .for_each(|it| add(&mut it.for_kinds, &it.id));
    base.reads
        .iter_mut()
        .for_each(|it| add(&mut it.for_kinds, &it.option));
    base.requires
        .iter_mut()
        .for_each(|it| add(&mut it.for_kinds, "require"));
    base.folders
        .iter_mut()
        .for_each(|it| add(&mut it.for_kinds, &it.templates));
    base.sites
        .iter_mut()
        .for_each(|it| add(&mut it.for_kinds, &it.id));
}

/// `own`, or `base` if that is empty.
fn or<T>(own: Vec<T>, base: Vec<T>) -> Vec<T> {
    if own.is_empty() { base } else { own }
}

fn over<T>(mut base: BTreeMap<String, T>, own: BTreeMap<String, T>) -> BTreeMap<String, T> {
    base.extend(own);
    base
}

fn meet(one: &[String], other: &[String]) -> bool {
    one.iter().any(|word| other.contains(word))
}

/// The items of both in order: each of `own` where the first stood that is the same, else at the end. Which they are is noted
/// as the origins of `list`.
fn named<T>(
    ((origins, own_origins), list): (&mut (&mut Origins, &Origins), &'static str),
    base: Vec<T>,
    own: Vec<T>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let mut own: Vec<(usize, T)> = own.into_iter().enumerate().collect();
    let mut out: Vec<(Option<usize>, T)> = Vec::new();
    for item in base {
        let (here, rest) = own.into_iter().partition(|(_, new)| same(&item, new));
        own = rest;
        // A second one that is the same as one that was replaced goes as well.
        let is_gone = out
            .iter()
            .any(|(index, placed)| index.is_some() && same(&item, placed));
        let here: Vec<(usize, T)> = here;
        if here.is_empty() && !is_gone {
            out.push((None, item));
        }
        out.extend(here.into_iter().map(|(index, item)| (Some(index), item)));
    }
    out.extend(own.into_iter().map(|(index, item)| (Some(index), item)));
    let places = own_origins.lists.get(list);
    let place = |index: Option<usize>| places?.get(index?)?.clone();
    let (places, items) = out.into_iter().map(|(index, item)| (place(index), item)).unzip();
    origins.lists.insert(list, places);
    items
}

/// Takes out of `base` what `off` names.
fn turn_off(base: &mut RawPack, off: &RawOff) -> Result<()> {
    let Some((what, word)) = off.named() else {
        return Err(Error::new("`[[off]]` names not exactly one thing")
            .help("give it one of `kind`, `option`, `files`, `site`, `expect`, `rule`, and a `reason`"));
    };
    if off.reason.trim().is_empty() {
        return Err(Error::new(format!("nothing says why the {what} `{word}` is off"))
            .help("give it a `reason`: people ask for it later"));
    }
    let known: Vec<String> = match what {
        "kind" => base.kinds.iter().map(|it| it.id.clone()).collect(),
        "option" => base.options.iter().map(|it| it.id.clone()).collect(),
        "files" => base.folders.iter().map(|it| it.templates.clone()).collect(),
        "site" => base.sites.iter().map(|it| it.id.clone()).collect(),
        "expect" => base.rules.iter().map(|it| it.file.clone()).collect(),
        // Rules are the program's: which there are is known where they are run.
        _ => return Ok(()),
    };
    if !known.iter().any(|own| own == word) {
        let error = Error::new(format!("the base `{}` has no {what} `{word}`", base.pack.name));
        return Err(match nearest(word, known.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("it has: {}", tenon_text::names::listed(&known))),
        });
    }
    match what {
        "kind" => without_kind(base, word),
        "option" => keep(&mut base.options, off, |it| (&it.id, &mut it.for_kinds)),
        "files" => keep(&mut base.folders, off, |it| (&it.templates, &mut it.for_kinds)),
        "site" => keep(&mut base.sites, off, |it| (&it.id, &mut it.for_kinds)),
        _ => keep(&mut base.rules, off, |it| (&it.file, &mut it.for_kinds)),
    }
    Ok(())
}

/// Takes out the items that `off` names, for the kinds that it names or for all.
fn keep<T>(
    items: &mut Vec<T>,
    off: &RawOff,
    parts: impl for<'i> Fn(&'i mut T) -> (&'i String, &'i mut Vec<String>),
) {
    let Some((_, word)) = off.named() else { return };
    items.retain_mut(|item| {
        let (name, kinds) = parts(item);
        if name != word {
            return true;
        }
        if off.for_kinds.is_empty() {
            return false;
        }
        kinds.retain(|own| !off.for_kinds.contains(own));
        !kinds.is_empty()
    });
}

fn without_kind(base: &mut RawPack, id: &str) {
    base.kinds.retain(|own| own.id != id);
    base.kind_members.retain(|own| own.kind != id);
    let strip = |kinds: &mut Vec<String>| {
        kinds.retain(|own| own != id);
        !kinds.is_empty()
    };
    base.options.retain_mut(|it| strip(&mut it.for_kinds));
    base.requires.retain_mut(|it| strip(&mut it.for_kinds));
    base.folders.retain_mut(|it| strip(&mut it.for_kinds));
    base.sites.retain_mut(|it| strip(&mut it.for_kinds));
    base.reads.retain_mut(|it| strip(&mut it.for_kinds));
    base.rules.retain_mut(|it| strip(&mut it.for_kinds));
    base.verifies.retain_mut(|it| strip(&mut it.for_kinds));
}
