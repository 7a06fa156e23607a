//! One thing, checked: every rule that needs nothing but it and what is known of the host.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::facts::Facts;
use crate::host::Host;
use crate::plan::observe::{Member, Observer};
use crate::plan::scope::Scope;
use tenon_pack::{ExpectKind, SiteKind};
use tenon_syntax::language::Lang;
use tenon_syntax::rule::Pattern;
use tenon_text::diag::{Error, Place, Result};
use tenon_text::names;

use super::class_coverage;
use super::context::{Collected, Context};
use super::duplicate_key::Claim;
use super::implementation::Base;
use super::index::HostIndex;
use super::site::{self, Expected, SiteView};
use super::texts::Texts;
use super::{
    bad_name, broken_export, broken_import, duplicate_entry, find_implementation, forbidden_code,
    mismatched_entry, mismatched_names, missing_attribute, missing_code, missing_decorator, missing_entry,
    missing_export, missing_method, missing_part, missing_site, not_a_member, not_provided, stale_entry,
    undeclared_dependency, unparsable, unsorted_entry, wrong_base, wrong_signature,
};

/// What a thing should have in a file that is not its own.
#[derive(Clone, Debug)]
pub struct SharedEntry {
    /// The site.
    pub site: String,
    /// The file.
    pub path: String,
    /// The entry.
    pub expected: Expected,
}

/// What came of checking a thing.
pub struct MemberCheck {
    /// Its findings.
    pub left: Collected,
    /// What it should have elsewhere.
    pub shared: Vec<SharedEntry>,
    /// What it claims for itself.
    pub claims: Vec<Claim>,
    /// The answers that would have made it, if a slot of the host holds it.
    pub values: Option<Arc<Map<String, Value>>>,
}

impl MemberCheck {
    /// A thing whose check met a defect of the program: that is what is found.
    pub fn stopped(thing: &Member, defect: &Error) -> Self {
        Self {
            left: Collected {
                diagnostics: vec![unparsable::defect(thing, defect)],
                applied: vec![unparsable::RULE.id],
                ..Collected::default()
            },
            shared: vec![],
            claims: vec![],
            values: None,
        }
    }
}

/// What the things of one thread share.
pub struct Worker<'d, 's> {
    /// What is known of the host.
    pub index: &'d HostIndex<'s>,
    /// The facts of the host.
    pub facts: &'d Facts<'s>,
    /// Templates and their values.
    pub scope: &'d RefCell<Scope<'s>>,
    /// The host.
    pub host: &'d Host,
    /// Whether it is noted what things have of their contracts and sites.
    pub covers: bool,
}

/// Checks `thing`; if it is not `wanted`, only what others need to know of it is found out.
pub fn look(worker: &Worker<'_, '_>, thing: &Member, wanted: bool) -> Result<MemberCheck> {
    let index = worker.index;
    let texts = Texts::new(worker.host);
    let code = index.pack.language().open(&texts, "", "", &[]);
    let values = Arc::new(values(worker, thing, false)?);
    let context = Context::new(index, thing, values, worker.facts, (&texts, code), worker.scope);
    if worker.covers {
        context.note_coverage();
    }
    if wanted {
        if let Some(name) = index.pack.language().compiler_file() {
            let config = format!("{}/{name}", thing.dir);
            if context.stands(&config) {
                // Without it other rules know less, and shall not be silent about it.
                context.sound(&config);
            }
        }
        bad_name::thing(&context);
        if !unanswered(&context) {
            missing_part::check(&context)?;
        }
        expectations(&context)?;
    }
    let (views, shared) = sites(&context, wanted)?;
    for view in &views {
        listed(&context, view)?;
        missing_entry::check(&context, view, &|_| context.all_values());
    }
    for expect in index.pack.expects(&thing.generator) {
        if wanted && expect.kind == ExpectKind::Provided {
            not_provided::check(&context, expect, &views)?;
        }
    }
    let claims = claims(&context)?;
    let mut slots = index.slots.iter();
    let holds = slots.any(|slot| slot.thing.as_deref() == Some(&*thing.name));
    let values = holds.then(|| Arc::clone(&context.values));
    let mut left = context.collect();
    if !wanted {
        left.diagnostics.clear();
    }
    Ok(MemberCheck {
        left,
        shared,
        claims,
        values,
    })
}

/// The answers that would have made `thing`.
pub fn values(worker: &Worker<'_, '_>, thing: &Member, for_fixes: bool) -> Result<Map<String, Value>> {
    let observer = Observer {
        pack: worker.index.pack,
        choices: &worker.index.choices,
        slots: &worker.index.slots,
        for_fixes,
    };
    observer.values(thing, worker.host, &mut worker.scope.borrow_mut())
}

/// The rules about what is listed in a view; what is missing there is another matter.
pub fn listed(context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
    missing_site::check(context, view);
    stale_entry::check(context, view);
    duplicate_entry::check(context, view);
    unsorted_entry::check(context, view);
    bad_name::entries(context, view);
    mismatched_entry::check(context, view);
    forbidden_code::entries(context, view)
}

fn expectations(context: &Context<'_, '_>) -> Result<()> {
    for expect in context.index.pack.expects(&context.thing.generator) {
        match expect.kind {
            ExpectKind::Exports => missing_export::check(context, expect)?,
            ExpectKind::Class => classes(context, expect)?,
            ExpectKind::Value => bad_name::value(context, expect)?,
            ExpectKind::Says => mismatched_entry::says(context, expect)?,
            ExpectKind::Never => forbidden_code::check(context, expect)?,
            ExpectKind::EntryPoints => broken_export::check(context, expect)?,
            ExpectKind::Dependencies => undeclared_dependency::check(context, expect)?,
            ExpectKind::Agree => mismatched_names::check(context, expect)?,
            ExpectKind::Imports => broken_import::check(context, expect)?,
            ExpectKind::Has => missing_code::check(context, expect)?,
            // These need what comes later.
            ExpectKind::Unique | ExpectKind::Provided => {}
        }
    }
    Ok(())
}

fn classes(context: &Context<'_, '_>, expect: &tenon_pack::Expect) -> Result<()> {
    let raw = expect
        .contract
        .as_deref()
        .and_then(|name| context.index.pack.contract(name));
    for turn in context.turns_of(expect)? {
        let why = context.say(&expect.why, &turn)?;
        for of in find_implementation::all(context, expect, &turn)? {
            if !expect.if_built_on {
                wrong_base::check(context, &of, &why, expect.severity);
            } else if of.base != Base::Right {
                continue;
            }
            missing_decorator::check(context, &of, expect, &why);
            missing_attribute::check(context, &of, expect, &why);
            if let Some(raw) = raw {
                missing_method::check(context, &of, raw, &why, expect.severity);
                class_coverage::class(context, &of, expect, raw, &turn);
            }
            wrong_signature::check(context, &of, &why, expect.severity);
        }
    }
    Ok(())
}

/// Whether a thing lacks the answer to a required question: it was not made as the generator makes it.
fn unanswered(context: &Context<'_, '_>) -> bool {
    let mut questions = context.index.pack.questions(&context.thing.generator);
    questions.any(|question| {
        question.required
            && context
                .values
                .get(&question.id)
                .is_none_or(|value| value.is_null())
    })
}

/// The sites in the thing's own files, and what it should have in others.
fn sites<'p>(context: &Context<'_, 'p>, wanted: bool) -> Result<(Vec<SiteView<'p>>, Vec<SharedEntry>)> {
    let pack = context.index.pack;
    let (mut views, mut shared): (Vec<SiteView<'p>>, Vec<SharedEntry>) = (Vec::new(), Vec::new());
    if unanswered(context) {
        return Ok((views, shared));
    }
    let own = format!("{}/", context.thing.dir);
    for site in pack.sites(&context.thing.generator) {
        match site.kind {
            SiteKind::Slot => {}
            SiteKind::Member if !wanted => {}
            SiteKind::Member => {
                for (_, expected) in site::expected(context, site)? {
                    not_a_member::check(context, site, &expected)?;
                }
            }
            SiteKind::List | SiteKind::Lines | SiteKind::Manifest => {
                let mut here: Vec<(String, Vec<Expected>)> = Vec::new();
                for (path, expected) in site::expected(context, site)? {
                    if !path.starts_with(&own) {
                        shared.push(SharedEntry {
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
                    && let Some(path) =
                        own_file(site, &context.thing.name).filter(|path| path.starts_with(&own))
                {
                    here.push((path, vec![]));
                }
                for (path, expected) in here.into_iter().filter(|_| wanted) {
                    views.push(site::read(context, site, path, expected)?);
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
    context: &Context<'_, '_>,
    (table, var): (&Pattern, &str),
    pattern: &str,
    (index, why): (usize, &str),
) -> Result<Vec<Claim>> {
    let mut out = Vec::new();
    for path in context.files(pattern) {
        let (Some(grammar), Some(tree)) = (Lang::of_path(&path), context.tree(&path)) else {
            continue;
        };
        for found in table.rule(grammar)?.find_all(&tree.root()) {
            let Some(node) = found.var(var) else { continue };
            let Some(value) = context.code.constant(&path, &node.text()) else {
                continue;
            };
            out.push(Claim {
                of: format!("code {index}"),
                value,
                thing: context.thing.name.clone(),
                at: Place::span(&*path, node.range()),
                why: why.to_owned(),
            });
        }
    }
    Ok(out)
}

fn claims(context: &Context<'_, '_>) -> Result<Vec<Claim>> {
    let mut out = Vec::new();
    for (index, expect) in context.index.pack.expects(&context.thing.generator).enumerate() {
        if expect.kind != ExpectKind::Unique {
            continue;
        }
        for turn in context.turns_of(expect)? {
            let path = context.say(&expect.file, &turn)?;
            if let (Some(table), Some(var)) = (&expect.find, &expect.var) {
                let why = context.say(&expect.why, &turn)?;
                out.extend(claims_in_code(context, (table, var), &path, (index, &why))?);
                continue;
            }
            let Some(manifest) = context.manifest(&path) else {
                continue;
            };
            let pointer = expect.pointer.as_deref().unwrap_or_default();
            if let Some((Value::String(value), span)) = manifest.get(pointer) {
                out.push(Claim {
                    of: format!("{} {index}", names::normal(pointer)),
                    value,
                    thing: context.thing.name.clone(),
                    at: Place::span(&*path, span),
                    why: context.say(&expect.why, &turn)?,
                });
            }
        }
    }
    Ok(out)
}
