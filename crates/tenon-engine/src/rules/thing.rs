//! One thing, checked: every rule that needs nothing but it and what is known of the host.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::facts::Facts;
use crate::host::{Host, Print, Touched};
use crate::plan::observe::{Observer, RuleBook, Thing};
use crate::plan::scope::Scope;
use tenon_pack::{ExpectKind, SiteKind};
use tenon_syntax::sources;
use tenon_syntax::tree::Grammar;
use tenon_text::diag::{Error, Place, Result};
use tenon_text::names;

use super::coverage;
use super::duplicate_key::Claim;
use super::memory::Remembered;
use super::room::{Left, Room};
use super::survey::Survey;
use super::texts::Texts;
use super::view::{self, Expected, View};
use super::{
    bad_name, broken_export, broken_import, duplicate_entry, forbidden_code, implementation,
    mismatched_entry, mismatched_names, missing_attribute, missing_code, missing_decorator, missing_entry,
    missing_export, missing_method, missing_part, missing_site, not_a_member, not_provided, stale_entry,
    undeclared_dependency, unparsable, unsorted_entry, wrong_base, wrong_signature,
};

/// What a thing should have in a file that is not its own.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Shared {
    /// The site.
    pub site: String,
    /// The file.
    pub path: String,
    /// The entry.
    pub expected: Expected,
}

/// What came of checking a thing.
pub struct Looked {
    /// Its findings.
    pub left: Left,
    /// What it should have elsewhere.
    pub shared: Vec<Shared>,
    /// What it claims for itself.
    pub claims: Vec<Claim>,
    /// The answers that would have made it, if a slot of the host holds it; nothing if it is remembered.
    pub values: Option<Arc<Map<String, Value>>>,
    /// What was looked at and what it looks like, if that is to be remembered.
    pub seen: Option<(Vec<String>, Print)>,
    /// Whether something was looked at through a symbolic link.
    pub saw_links: bool,
    /// Whether all of it was looked at, and nothing was found.
    pub in_order: bool,
    /// What was looked at, if that is kept.
    pub touched: Option<Touched>,
    /// Whether it was not looked at, because it is as it was when nothing was found.
    pub remembered: bool,
}

impl Looked {
    /// A thing whose check met a defect of the program: that is what is found.
    pub fn stopped(thing: &Thing, defect: &Error) -> Self {
        Self {
            left: Left {
                diagnostics: vec![unparsable::defect(thing, defect)],
                applied: vec![unparsable::RULE.id],
                ..Left::default()
            },
            shared: vec![],
            claims: vec![],
            values: None,
            seen: None,
            saw_links: false,
            in_order: false,
            touched: None,
            remembered: false,
        }
    }

    /// A thing that is as it was when nothing was found.
    pub fn remembered(known: Remembered) -> Self {
        Self {
            left: Left {
                files: known.files,
                applied: known.applied,
                asked: known.asked.into_keys().collect(),
                coverage: known.coverage,
                ..Left::default()
            },
            shared: known.shared,
            claims: known.claims,
            values: None,
            seen: None,
            saw_links: known.saw_links,
            in_order: true,
            touched: Some(Touched {
                paths: known.paths.into_iter().collect(),
                through_links: known.saw_links,
            }),
            remembered: true,
        }
    }
}

/// What the things of one thread share.
pub struct Desk<'d, 's> {
    /// What is known of the host.
    pub survey: &'d Survey<'s>,
    /// The facts of the host.
    pub facts: &'d Facts<'s>,
    /// Templates and their values.
    pub scope: &'d RefCell<Scope<'s>>,
    /// The compiled rules.
    pub rules: &'d RuleBook,
    /// The host with nothing read: each thing is looked at in a copy of it.
    pub host: &'d Host,
    /// Whether it is noted what things have of their contracts and sites.
    pub covers: bool,
}

fn config_of(dir: &str) -> String {
    format!("{dir}/tsconfig.json")
}

/// Checks `thing` in `host`, in which nothing was read before; if it is not `wanted`, only what others need to know of it
/// is found out.
pub fn look(desk: &Desk<'_, '_>, thing: &Thing, host: &Host, wanted: bool) -> Result<Looked> {
    let survey = desk.survey;
    let texts = Texts::new(host);
    let code = sources::open(survey.pack.language(), &texts, "", "", &[]);
    let values = Arc::new(values(desk, thing, host, false)?);
    let room = Room::new(
        survey,
        thing,
        values,
        (desk.rules, desk.facts),
        (host, &texts, code),
        desk.scope,
    );
    if desk.covers {
        room.note_coverage();
    }
    if wanted {
        let config = config_of(&thing.dir);
        if room.stands(&config) {
            // Without it other rules know less, and shall not be silent about it.
            room.sound(&config);
        }
        bad_name::thing(&room);
        if !unanswered(&room) {
            missing_part::check(&room)?;
        }
        expectations(&room)?;
    }
    let (views, shared) = sites(&room, wanted)?;
    for view in &views {
        listed(&room, view)?;
        missing_entry::check(&room, view, &|_| room.all_values());
    }
    for expect in survey.pack.expects(&thing.generator) {
        if wanted && expect.kind == ExpectKind::Provided {
            not_provided::check(&room, expect, &views)?;
        }
    }
    let claims = claims(&room)?;
    let mut slots = survey.slots.iter();
    let holds = slots.any(|slot| slot.thing.as_deref() == Some(&*thing.name));
    let values = holds.then(|| Arc::clone(&room.values));
    let mut left = room.leave();
    if !wanted {
        left.diagnostics.clear();
    }
    Ok(Looked {
        in_order: wanted && left.diagnostics.is_empty(),
        left,
        seen: None,
        saw_links: host.saw_links(),
        touched: None,
        remembered: false,
        shared,
        claims,
        values,
    })
}

/// The answers that would have made `thing`.
pub fn values(
    desk: &Desk<'_, '_>,
    thing: &Thing,
    host: &Host,
    for_fixes: bool,
) -> Result<Map<String, Value>> {
    let observer = Observer {
        pack: desk.survey.pack,
        choices: &desk.survey.choices,
        rules: desk.rules,
        slots: &desk.survey.slots,
        for_fixes,
    };
    observer.values(thing, host, &mut desk.scope.borrow_mut())
}

/// The rules about what is listed in a view; what is missing there is another matter.
pub fn listed(room: &Room<'_, '_>, view: &View<'_>) -> Result<()> {
    missing_site::check(room, view);
    stale_entry::check(room, view);
    duplicate_entry::check(room, view);
    unsorted_entry::check(room, view);
    bad_name::entries(room, view);
    mismatched_entry::check(room, view);
    forbidden_code::entries(room, view)
}

fn expectations(room: &Room<'_, '_>) -> Result<()> {
    for expect in room.survey.pack.expects(&room.thing.generator) {
        match expect.kind {
            ExpectKind::Exports => missing_export::check(room, expect)?,
            ExpectKind::Class => classes(room, expect)?,
            ExpectKind::Value => bad_name::value(room, expect)?,
            ExpectKind::Says => mismatched_entry::says(room, expect)?,
            ExpectKind::Never => forbidden_code::check(room, expect)?,
            ExpectKind::EntryPoints => broken_export::check(room, expect)?,
            ExpectKind::Dependencies => undeclared_dependency::check(room, expect)?,
            ExpectKind::Agree => mismatched_names::check(room, expect)?,
            ExpectKind::Imports => broken_import::check(room, expect)?,
            ExpectKind::Has => missing_code::check(room, expect)?,
            // These need what comes later.
            ExpectKind::Unique | ExpectKind::Provided => {}
        }
    }
    Ok(())
}

fn classes(room: &Room<'_, '_>, expect: &tenon_pack::Expect) -> Result<()> {
    let raw = expect
        .contract
        .as_deref()
        .and_then(|name| room.survey.pack.contract(name));
    for turn in room.turns_of(expect)? {
        let why = room.say(&expect.why, &turn)?;
        for of in implementation::all(room, expect, &turn)? {
            if !expect.if_built_on {
                wrong_base::check(room, &of, &why, expect.severity);
            } else if of.base != implementation::Base::Right {
                continue;
            }
            missing_decorator::check(room, &of, expect, &why);
            missing_attribute::check(room, &of, expect, &why);
            if let Some(raw) = raw {
                missing_method::check(room, &of, raw, &why, expect.severity);
                coverage::class(room, &of, expect, raw, &turn);
            }
            wrong_signature::check(room, &of, &why, expect.severity);
        }
    }
    Ok(())
}

/// Whether a thing lacks the answer to a required question: it was not made as the generator makes it.
fn unanswered(room: &Room<'_, '_>) -> bool {
    let mut questions = room.survey.pack.questions(&room.thing.generator);
    questions.any(|question| {
        question.required && room.values.get(&question.id).is_none_or(|value| value.is_null())
    })
}

/// The sites in the thing's own files, and what it should have in others.
fn sites<'p>(room: &Room<'_, 'p>, wanted: bool) -> Result<(Vec<View<'p>>, Vec<Shared>)> {
    let pack = room.survey.pack;
    let (mut views, mut shared): (Vec<View<'p>>, Vec<Shared>) = (Vec::new(), Vec::new());
    if unanswered(room) {
        return Ok((views, shared));
    }
    let own = format!("{}/", room.thing.dir);
    for site in pack.sites(&room.thing.generator) {
        match site.kind {
            SiteKind::Slot => {}
            SiteKind::Member if !wanted => {}
            SiteKind::Member => {
                for (_, expected) in view::expected(room, site)? {
                    not_a_member::check(room, site, &expected)?;
                }
            }
            SiteKind::List | SiteKind::Lines | SiteKind::Manifest => {
                let mut here: Vec<(String, Vec<Expected>)> = Vec::new();
                for (path, expected) in view::expected(room, site)? {
                    if !path.starts_with(&own) {
                        shared.push(Shared {
                            site: site.id.clone(),
                            path,
                            expected,
                        });
                        continue;
                    }
                    match here.iter_mut().find(|(known, _)| *known == path) {
                        Some((_, all)) => all.push(expected),
                        None => here.push((path, vec![expected])),
                    }
                }
                // Nothing may be expected of a list in which there is something all the same.
                if here.is_empty()
                    && let Some(path) = own_file(site, &room.thing.name).filter(|path| path.starts_with(&own))
                {
                    here.push((path, vec![]));
                }
                for (path, expected) in here.into_iter().filter(|_| wanted) {
                    views.push(view::read(room, site, path, expected)?);
                }
            }
        }
    }
    Ok((views, shared))
}

/// The file of a site, if it depends on the name of the thing and nothing else.
fn own_file(site: &tenon_pack::Site, name: &str) -> Option<String> {
    let path = site.file.as_deref()?.replace("{{name}}", name);
    (!path.contains("{{") && !path.contains('*')).then_some(path)
}

/// What the matches of a rule in files of code stand for, each a claim; what is computed claims nothing.
fn claims_in_code(
    room: &Room<'_, '_>,
    (table, var): (&toml::Table, &str),
    pattern: &str,
    (index, why): (usize, &str),
) -> Result<Vec<Claim>> {
    let mut out = Vec::new();
    for path in room.files(pattern) {
        let (Some(grammar), Some(tree)) = (Grammar::of_path(&path), room.tree(&path)) else {
            continue;
        };
        for found in room.rules.rule(grammar, table)?.find_all(&tree.root()) {
            let Some(node) = found.var(var) else { continue };
            let Some(value) = room.code.constant(&path, &node.text()) else {
                continue;
            };
            out.push(Claim {
                of: format!("code {index}"),
                value,
                thing: room.thing.name.clone(),
                at: Place::span(&*path, node.range()),
                why: why.to_owned(),
            });
        }
    }
    Ok(out)
}

fn claims(room: &Room<'_, '_>) -> Result<Vec<Claim>> {
    let mut out = Vec::new();
    for (index, expect) in room.survey.pack.expects(&room.thing.generator).enumerate() {
        if expect.kind != ExpectKind::Unique {
            continue;
        }
        for turn in room.turns_of(expect)? {
            let path = room.say(&expect.file, &turn)?;
            if let (Some(table), Some(var)) = (&expect.find, &expect.var) {
                let why = room.say(&expect.why, &turn)?;
                out.extend(claims_in_code(room, (table, var), &path, (index, &why))?);
                continue;
            }
            let Some(manifest) = room.manifest(&path) else {
                continue;
            };
            let pointer = expect.pointer.as_deref().unwrap_or_default();
            if let Some((Value::String(value), span)) = manifest.get(pointer) {
                out.push(Claim {
                    of: format!("{} {index}", names::normal(pointer)),
                    value,
                    thing: room.thing.name.clone(),
                    at: Place::span(&*path, span),
                    why: room.say(&expect.why, &turn)?,
                });
            }
        }
    }
    Ok(out)
}
