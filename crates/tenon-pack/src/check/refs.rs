//! Ids, and what refers to what: kinds, options, fact tables, contracts, folders, sites.

use crate::raw::{OptionKind, RawFact, RawOption, RawSite, SiteKind};

use super::{PackChecker, Place, missing};

/// Words that the command line uses itself, so that no option can have them.
const TAKEN: [&str; 16] = [
    "answers", "check", "color", "dry-run", "force", "format", "help", "host", "instead", "name", "no-input",
    "pack", "quiet", "verbose", "version", "yes",
];

/// Most options of a pack: each is a flag of each kind that has it.
const MAX_OPTIONS: usize = 500;
/// Most sites.
const MAX_SITES: usize = 1_000;
/// Most rules that are expected.
const MAX_RULES: usize = 1_000;
/// Most kinds.
const MAX_KINDS: usize = 200;

/// Whether the pack has no more of anything than it may: looking at all of it takes longer and longer.
pub fn bounded(checker: &mut PackChecker<'_>) -> bool {
    let raw = &checker.pack.raw;
    for (what, count, most) in [
        ("option", raw.options.len(), MAX_OPTIONS),
        ("site", raw.sites.len(), MAX_SITES),
        ("rule", raw.rules.len(), MAX_RULES),
        ("kind", raw.kinds.len(), MAX_KINDS),
    ] {
        if count > most {
            let word = match what {
                "option" => "options",
                "rule" => "rules",
                "kind" => "kinds",
                _ => "sites",
            };
            let message = format!("the pack has {count} {word}");
            checker.fault(
                &Place::of(what, most),
                message,
                format!("a pack has at most {most}"),
            );
            return false;
        }
    }
    true
}

/// Ids become subcommands, flags and completion scripts: plain words, each used once.
pub fn ids(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let kinds = raw.kinds.iter().map(|kind| &kind.id).enumerate();
    let options = raw.options.iter().map(|option| &option.id).enumerate();
    let kinds = kinds.map(|(at, id)| (Place::of("kind", at), id));
    for (at, id) in kinds.chain(options.map(|(at, id)| (Place::of("option", at), id))) {
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
            let message = format!("`{id}` cannot be an id");
            checker.fault(&at.key("id"), message, "use lower-case words joined by `-`");
        }
    }
    for (index, option) in raw.options.iter().enumerate() {
        let id = &option.id;
        let shared = |other: &&RawOption| {
            other.id == *id && other.for_kinds.iter().any(|g| option.for_kinds.contains(g))
        };
        if TAKEN.contains(&id.as_str()) || raw.options[..index].iter().any(|other| shared(&other)) {
            checker.fault(
                &Place::of("option", index).key("id"),
                format!("the option `{id}` is taken"),
                "choose another: it becomes a flag",
            );
        }
    }
    for (index, kind) in raw.kinds.iter().enumerate() {
        let mut before = raw.kinds[..index].iter();
        if before.any(|other| other.id == kind.id) {
            checker.fault(
                &Place::of("kind", index).key("id"),
                format!("there are two kinds `{}`", kind.id),
                "give each its own id: it is what people type after `tenon new`",
            );
        }
    }
}

/// The patterns by which answers are read back match something.
pub fn paths_read(checker: &mut PackChecker<'_>) {
    let pack = checker.pack;
    for (index, read) in pack.raw.reads.iter().enumerate() {
        let at = Place::of("read", index);
        for (key, pattern) in [("file", &read.file), ("files", &read.files)] {
            if let Some(pattern) = pattern {
                one_wildcard(checker, &at.key(key), pattern);
            }
        }
    }
}

/// References to what the pack does not have, and settings that a kind needs and lacks.
pub fn references(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    let apis: Vec<&str> = raw.api.keys().map(String::as_str).collect();
    let facts: Vec<&str> = raw.facts.keys().map(String::as_str).collect();
    let detect = Place::top("host");
    inside(checker, &detect.key("files"), &raw.detect.files);
    inside(checker, &detect.key("any"), &raw.detect.any);
    inside(checker, &Place::top("style").key("like"), &raw.style.like);
    for (name, fact) in &raw.facts {
        let at = Place::top("facts").key(name);
        inside(checker, &at.key("files"), &fact.files);
        inside(checker, &at.key("manifests"), &fact.manifests);
        if let Some(api) = &fact.api {
            checker.known(&at.key("api"), "api", api, &apis);
        }
        one_source(checker, &at, name, fact);
    }
    for (name, contract) in &raw.contracts {
        if let Some(other) = &contract.like {
            let all: Vec<&str> = raw.contracts.keys().map(String::as_str).collect();
            checker.known(
                &Place::top("contract").key(name).key("like"),
                "contract",
                other,
                &all,
            );
        }
        let at = Place::top("contract").key(name);
        for (index, body) in contract.bodies.iter().enumerate() {
            let at = at.key("bodies").item(index);
            for (key, regex) in [("method", &body.method), ("returns", &body.returns)] {
                if let Some(regex) = regex {
                    checker.regular(&at.key(key), regex);
                }
            }
        }
        checker.known(&at.key("api"), "api", &contract.api, &apis);
        if let Some(other) = &contract.stand_in {
            checker.known(&at.key("stand-in").key("api"), "api", &other.api, &apis);
        }
    }
    let kinds: Vec<&str> = raw.kinds.iter().map(|it| it.id.as_str()).collect();
    for (index, kind) in raw.kinds.iter().enumerate() {
        let at = Place::of("kind", index);
        let distinct = &kind.name.distinct_from;
        checker.all_known(&at.key("distinct-from"), "fact table", distinct, &facts);
        if let Some(table) = &kind.name.one_of {
            checker.known(&at.key("one-of"), "fact table", table, &facts);
        }
        checker.all_known(&at.key("whole-with"), "kind", &kind.whole_with, &kinds);
        if let Some(like) = &kind.like {
            checker.known(&at.key("like"), "kind", like, &kinds);
            if !kinds.contains(&like.as_str()) {
                continue;
            }
            let ids = raw.options.iter().map(|it| (&it.id, &it.for_kinds));
            let ids = ids.chain(raw.sites.iter().map(|it| (&it.id, &it.for_kinds)));
            let ids = ids.chain(raw.folders.iter().map(|it| (&it.templates, &it.for_kinds)));
            let mut all: Vec<&str> = ids
                .filter(|(_, kinds)| kinds.contains(like))
                .map(|(id, _)| id.as_str())
                .collect();
            if raw.requires.iter().any(|it| it.for_kinds.contains(like)) {
                all.push("require");
            }
            for (key, words) in [("only", &kind.only), ("except", &kind.except)] {
                let what = format!("option, site or folder of templates of `{like}` called");
                checker.all_known(&at.key(key), &what, words, &all);
            }
        }
    }
    options(checker);
    for (index, require) in raw.requires.iter().enumerate() {
        let at = Place::of("require", index);
        checker.each(&at, require.each.as_ref());
    }
    for (index, verify) in raw.verifies.iter().enumerate() {
        let at = Place::of("verify", index);
        checker.also_for(&at, &verify.also_for, &verify.for_kinds);
    }
    parts_and_sites(checker);
}

fn options(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    let facts: Vec<&str> = raw.facts.keys().map(String::as_str).collect();
    let options: Vec<&str> = raw.options.iter().map(|option| option.id.as_str()).collect();
    for (index, option) in raw.options.iter().enumerate() {
        let at = Place::of("option", index);
        for (key, word, what, all) in [
            ("from", &option.from, "fact table", &facts),
            ("within", &option.within, "option", &options),
            ("left", &option.left, "option", &options),
        ] {
            if let Some(word) = word {
                checker.known(&at.key(key), what, word, all);
            }
        }
        let regex = option.matching.as_ref();
        let regex = regex.and_then(|regex| checker.regular(&at.key("matching"), regex));
        if let (Some(regex), Some(example)) = (regex, &option.example)
            && !regex.is_match(example)
        {
            checker.fault(
                &at.key("example"),
                format!("the example `{example}` is not an answer to `{}`", option.id),
                "it does not match what `matching` says",
            );
        }
        for value in option.means.keys().filter(|_| !option.choices.is_empty()) {
            let choices: Vec<&str> = option.choices.iter().map(String::as_str).collect();
            checker.known(&at.key("means").key(value), "choice", value, &choices);
        }
        if let Some(kind) = &option.made_by {
            let kinds: Vec<&str> = raw.kinds.iter().map(|kind| kind.id.as_str()).collect();
            checker.known(&at.key("made-by"), "kind", kind, &kinds);
        }
        if lacks_choices(option) {
            checker.fault(
                &at.key("id"),
                format!("the option `{}` has no choices", option.id),
                "give it `from`, `within` or `choices`",
            );
        }
    }
}

fn parts_and_sites(checker: &mut PackChecker<'_>) {
    let pack = checker.pack;
    let raw = &pack.raw;
    let contracts: Vec<&str> = raw.contracts.keys().map(String::as_str).collect();
    for (index, folder) in raw.folders.iter().enumerate() {
        let at = Place::of("folder", index);
        checker.each(&at, folder.each.as_ref());
        if let Some(contract) = &folder.contract {
            checker.known(&at.key("contract"), "contract", contract, &contracts);
        }
        if pack.templates(folder).next().is_none() {
            let paths = pack.files.paths();
            let mut folders: Vec<&str> = paths
                .filter_map(|path| Some(path.strip_prefix("files/")?.split_once('/')?.0))
                .collect();
            folders.dedup();
            checker.known(
                &at.key("templates"),
                "folder of templates",
                &folder.templates,
                &folders,
            );
        }
    }
    for (index, site) in raw.sites.iter().enumerate() {
        let at = Place::of("site", index);
        checker.also_for(&at, &site.also_for, &site.for_kinds);
        checker.each(&at, site.each.as_ref());
        if let Some(lacks) = lacks(site) {
            checker.fault(
                &at.key("id"),
                format!("the site `{}` has no `{lacks}`", site.id),
                format!("a site of this kind needs it: add `{lacks} = …`"),
            );
        }
        if let Some((key, other)) = keyless(site) {
            checker.fault(
                &at.key("id"),
                format!("the entries of the site `{}` have no key of their own", site.id),
                format!("`{key}` is the same for every member, and `{other}` is not: say in `{key}` whose entry it is, with `{{{{name}}}}`"),
            );
        }
    }
}

/// What should tell entries apart and does not, and what shows that they differ.
fn keyless(site: &RawSite) -> Option<(&'static str, &'static str)> {
    let varies = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains("{{"));
    let same = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.contains("{{"));
    match site.kind {
        SiteKind::Manifest if same(&site.key) && varies(&site.value) => Some(("key", "value")),
        SiteKind::Manifest if same(&site.key) && varies(&site.json) => Some(("key", "json")),
        _ => None,
    }
}

/// Patterns of files must stay in the host.
fn inside(checker: &mut PackChecker<'_>, at: &Place, patterns: &[String]) {
    for (index, pattern) in patterns.iter().enumerate() {
        if pattern.contains('\\') || pattern.split('/').any(|name| matches!(name, "" | "..")) {
            let message = format!("`{pattern}` leads out of the host");
            let help = "patterns start at the host's root: names with `/` between them";
            checker.fault(&at.item(index), message, help);
        }
        one_wildcard(checker, &at.item(index), pattern);
    }
}

/// A name of a pattern holds one `*` or `{capture}`, and is not hidden: one with more matches nothing.
pub(super) fn one_wildcard(checker: &mut PackChecker<'_>, at: &Place, pattern: &str) {
    let mut text = String::new();
    let mut rest = pattern;
    // What a template expression becomes is known only later.
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        text.push('x');
        rest = after
            .split_once("}}")
            .map_or("", |(_, rest)| rest.trim_start_matches('}'));
    }
    text.push_str(rest);
    for name in text.split('/') {
        let wildcards = name.matches(['*', '{']).count();
        if wildcards > 1 || (wildcards == 1 && name.starts_with('.')) {
            let message = format!("`{pattern}` can match nothing");
            let help = "a name in a pattern holds one `*` or `{capture}`, and does not begin with a dot then";
            checker.fault(at, message, help);
            return;
        }
    }
}

fn one_source(checker: &mut PackChecker<'_>, at: &Place, name: &str, fact: &RawFact) {
    let all = [
        fact.api.is_some(),
        !fact.files.is_empty(),
        !fact.manifests.is_empty(),
        fact.module_of.is_some(),
    ];
    if all.iter().filter(|given| **given).count() != 1 {
        checker.fault(
            at,
            format!("the fact table `{name}` needs exactly one source"),
            "give it one of `api`, `files`, `manifests`, `module-of`",
        );
    }
}

/// A setting that the site's kind needs and that is not there.
fn lacks(site: &RawSite) -> Option<&'static str> {
    match site.kind {
        SiteKind::Member => missing(&[("value", site.value.is_some())]),
        SiteKind::Manifest => missing(&[
            ("file", site.file.is_some()),
            ("pointer", site.pointer.is_some()),
            (
                "value",
                site.value.is_some() || (site.json.is_some() && site.key.is_some()),
            ),
        ]),
        SiteKind::Entry => missing(&[
            ("file", site.file.is_some()),
            ("entry", site.text.is_some() || !site.forms.is_empty()),
        ]),
        SiteKind::Slot => missing(&[
            ("file", site.file.is_some()),
            ("entry", site.text.is_some() || site.entry.is_some()),
            ("var", site.text.is_some() || site.var.is_some()),
            ("value", site.value.is_some()),
        ]),
    }
}

fn lacks_choices(option: &RawOption) -> bool {
    let has = option.from.is_some() || option.within.is_some() || !option.choices.is_empty();
    matches!(
        option.kind,
        OptionKind::Many | OptionKind::One | OptionKind::Pairs
    ) && !has
        && option.follows.is_empty()
}
