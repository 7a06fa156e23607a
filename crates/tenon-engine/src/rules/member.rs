//! One member, checked: every rule that needs nothing but it and what is known of the host.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::facts::Facts;
use crate::host::{Host, lock};
use crate::plan::read_back::{Member, OptionReader};
use crate::plan::scope::Scope;
use tenon_pack::{PackRule, RuleKind, SiteKind};
use tenon_syntax::language::PackageEntry;
use tenon_text::diag::{Error, Result};

use super::all_members::{Claim, SharedEntry};
use super::class_coverage;
use super::class_view::ClassView;
use super::context::{Collected, Context};
use super::coverage::{Cause, Counted};
use super::implementation::Base;
use super::index::HostIndex;
use super::registry::RULES;
use super::site::{self, Expected, SiteView};
use super::texts::Texts;
use super::{duplicate_key, find_implementation, unparsable};

/// What came of checking a member.
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
    /// A member whose check met a defect of the program: that is what is found.
    pub fn stopped(member: &Member, defect: &Error) -> Self {
        Self {
            left: Collected {
                diagnostics: vec![unparsable::defect(member, defect)],
                applied: vec![unparsable::RULE.id],
                ..Collected::default()
            },
            shared: vec![],
            claims: vec![],
            values: None,
        }
    }
}

/// What the members of one thread share.
pub struct Worker<'d, 's> {
    /// What is known of the host.
    pub index: &'d HostIndex<'s>,
    /// The facts of the host.
    pub facts: &'s Facts<'s>,
    /// Templates and their values.
    pub scope: &'d RefCell<Scope<'s>>,
    /// The same for what is made to mend something, once that is needed.
    pub makes: &'d RefCell<Option<Scope<'s>>>,
    /// The host.
    pub host: &'d Host,
    /// Whether it is noted what members have of their contracts and sites.
    pub covers: bool,
}

/// Checks `member`; if it is not `wanted`, only what others need to know of it is found out.
pub fn look(worker: &Worker<'_, '_>, member: &Member, wanted: bool) -> Result<MemberCheck> {
    let index = worker.index;
    let texts = Texts::new(worker.host);
    let code = index.pack.language().open(&texts, &PackageEntry::default());
    let values = Arc::new(values(worker, member, false)?);
    let scopes = (worker.scope, worker.makes);
    let context = Context::new(index, member, values, worker.facts, (&texts, code), scopes);
    if worker.covers {
        context.note_coverage();
    }
    if wanted {
        if let Some(name) = index.pack.language().compiler_file() {
            let config = format!("{}/{name}", member.dir);
            if context.stands(&config) {
                // Without it other rules know less, and shall not be silent about it.
                context.sound(&config);
            }
        }
        for rule in RULES {
            context.at_cost(|| Counted::Check(rule.info().id), || rule.check_member(&context))?;
        }
        if worker.covers {
            count(&context)?;
        }
        for (at, pack_rule) in index.pack.rules(&member.kind).enumerate() {
            let check = || {
                for rule in RULES {
                    let id = || Counted::Check(rule.info().id);
                    context.at_cost(id, || rule.check_pack_rule(&context, pack_rule))?;
                }
                match pack_rule.kind {
                    RuleKind::Class => classes(&context, pack_rule),
                    _ => Ok(()),
                }
            };
            let checked = context.at_cost(|| counted(at, &member.kind, pack_rule), check);
            look_for_files(&context, at, pack_rule)?;
            if let Err(error) = checked {
                let what = format!("the rule `{}` of `{}`", pack_rule.kind.name(), pack_rule.file);
                not_known(&context, what, vec![], error)?;
            }
        }
    }
    let (views, shared) = sites(&context, wanted)?;
    for view in &views {
        let site = || Counted::Site(view.site.id.clone());
        context.count(site, view.entries().len());
        context.at_cost(site, || site_rules(&context, view))?;
    }
    // What a member lists that is no choice any more is said there.
    if wanted && !context.has_found() {
        for option in context.found_empty() {
            let what = format!("what follows from the option `{}`", option.id);
            context.not_checked(what, no_answer(&context, &option.id), vec![]);
        }
    }
    let claims = duplicate_key::claims(&context)?;
    for rule in RULES {
        rule.check_files(&context);
    }
    let mut slots = index.slots.iter();
    let holds = slots.any(|slot| slot.member.as_deref() == Some(&*member.name));
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

/// Checks a site by every rule.
pub fn site_rules(context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
    for rule in RULES {
        context.at_cost(
            || Counted::Check(rule.info().id),
            || rule.check_site(context, view),
        )?;
    }
    Ok(())
}

/// Notes whether a rule of the pack with a pattern of files has any to look at, until one has.
fn look_for_files(context: &Context<'_, '_>, at: usize, pack_rule: &PackRule) -> Result<()> {
    let known = lock(&context.index.looks)
        .get(&(context.member.kind.clone(), at))
        .copied();
    if !pack_rule.file.contains('*') || known == Some(true) {
        return Ok(());
    }
    for turn in context.turns_of(pack_rule)? {
        let pattern = context.render(&pack_rule.file, &turn)?;
        let is_any = !context.glob(&pattern).is_empty();
        let mut looks = lock(&context.index.looks);
        *looks.entry((context.member.kind.clone(), at)).or_default() |= is_any;
    }
    Ok(())
}

/// A rule of the pack for a kind, the `at`th of it.
fn counted(at: usize, kind: &str, pack_rule: &PackRule) -> Counted {
    Counted::Rule(
        at,
        kind.to_owned(),
        pack_rule.kind.name().to_owned(),
        pack_rule.file.clone(),
    )
}

/// Why nothing is known of what depends on `option`, and what causes it.
fn no_answer(context: &Context<'_, '_>, option: &str) -> (String, Cause) {
    let mut unread = context.index.pack.unread(&context.member.kind);
    match unread.any(|unread| unread.id == option) {
        true => {
            let why = format!("the pack does not say how the option `{option}` is read back");
            (why, Cause::Pack)
        }
        false => (
            format!("the option `{option}` has no answer there"),
            Cause::Member,
        ),
    }
}

/// Notes that `what` cannot be told of the member, because an option on which it depends has no answer; else the error stands.
fn not_known(context: &Context<'_, '_>, what: String, sites: Vec<String>, error: Error) -> Result<()> {
    let mut options = context.values.iter();
    let Some((option, _)) = options.find(|(_, answer)| answer.is_null()) else {
        return Err(error);
    };
    context.not_checked(what, no_answer(context, option), sites);
    Ok(())
}

/// Counts the files that the context's member must have and has, and those that its rules look at.
fn count(context: &Context<'_, '_>) -> Result<()> {
    let pack = context.index.pack;
    let kind = &context.member.kind;
    context.count(|| Counted::Members(kind.clone()), 1);
    for folder in pack.folders(kind) {
        for turn in context.turns(
            folder.each.as_deref(),
            folder.row.as_deref(),
            folder.when.as_deref(),
        )? {
            let dir = context.render(folder.dir.as_deref().unwrap_or_default(), &turn)?;
            for file in folder.required.keys() {
                let path = format!("{dir}/{}", context.render(file, &turn)?);
                let there = usize::from(context.exists(&path));
                context.count(|| Counted::File(kind.clone(), file.clone()), there);
            }
        }
    }
    for (index, pack_rule) in pack.rules(kind).enumerate() {
        for turn in context.turns_of(pack_rule)? {
            let path = context.render(&pack_rule.file, &turn)?;
            let files = context
                .files(&path)
                .into_iter()
                .filter(|path| context.stands(path));
            let files = match &pack_rule.pointer {
                Some(pointer) if pack_rule.is_about_values() => {
                    let pointer = context.render(pointer, &turn)?;
                    let manifests = files.filter_map(|path| context.manifest(&path));
                    manifests.map(|manifest| manifest.all(&pointer).len()).sum()
                }
                _ => files.count(),
            };
            context.count(|| counted(index, kind, pack_rule), files);
        }
    }
    Ok(())
}

/// The answers that would have made `member`.
pub fn values(worker: &Worker<'_, '_>, member: &Member, for_fixes: bool) -> Result<Map<String, Value>> {
    let reader = OptionReader {
        pack: worker.index.pack,
        choices: &worker.index.choices,
        slots: &worker.index.slots,
        for_fixes,
    };
    reader.values(member, worker.host, &mut worker.scope.borrow_mut())
}

/// Checks the classes that `pack_rule` speaks of.
fn classes(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    let raw = pack_rule
        .contract
        .as_deref()
        .and_then(|name| context.index.pack.contract(name));
    for turn in context.turns_of(pack_rule)? {
        let why = context.render(&pack_rule.why, &turn)?;
        for of in find_implementation::all(context, pack_rule, &turn)? {
            if pack_rule.if_built_on && of.base != Base::Right {
                continue;
            }
            let class = ClassView {
                of: &of,
                pack_rule,
                contract: raw,
                why: &why,
            };
            for rule in RULES {
                context.at_cost(
                    || Counted::Check(rule.info().id),
                    || rule.check_class(context, &class),
                )?;
            }
            if let Some(raw) = raw {
                class_coverage::class(context, &of, pack_rule, raw, &turn);
            }
        }
    }
    Ok(())
}

/// The sites in the member's own files, and what it should have in others.
fn sites<'p>(context: &Context<'_, 'p>, wanted: bool) -> Result<(Vec<SiteView<'p>>, Vec<SharedEntry>)> {
    let pack = context.index.pack;
    let (mut views, mut shared): (Vec<SiteView<'p>>, Vec<SharedEntry>) = (Vec::new(), Vec::new());
    if let Some(option) = context.lacks_an_answer() {
        let sites = pack.sites(&context.member.kind);
        let sites = sites.map(|site| site.id.clone()).collect();
        context.not_checked("the files and sites", no_answer(context, option), sites);
        return Ok((views, shared));
    }
    let own = format!("{}/", context.member.dir);
    for site in pack.sites(&context.member.kind) {
        if let Some(option) = pack.unread_at(&context.member.kind, site) {
            let what = format!("the site `{}`", site.id);
            context.not_checked(what, no_answer(context, &option.id), vec![site.id.clone()]);
            continue;
        }
        match site.kind {
            SiteKind::Slot | SiteKind::Member => {}
            SiteKind::Entry | SiteKind::Manifest => {
                let mut here: Vec<(String, Vec<Expected>)> = Vec::new();
                let expected = match site::expected(context, site) {
                    Ok(expected) => expected,
                    Err(error) => {
                        let what = format!("the site `{}`", site.id);
                        not_known(context, what, vec![site.id.clone()], error)?;
                        continue;
                    }
                };
                for (path, expected) in expected {
                    if !path.starts_with(&own) {
                        shared.push(SharedEntry {
                            site: site.id.clone(),
                            path,
                            expected,
                        });
                        continue;
                    }
                    let is_there = |(known, all): &&mut (String, Vec<Expected>)| {
                        *known == path && all.iter().all(|known| known.pointer == expected.pointer)
                    };
                    match here.iter_mut().find(is_there) {
                        Some((_, all)) => all.push(expected),
                        None => here.push((path, vec![expected])),
                    }
                }
                // Nothing may be expected of a list in which there is something all the same.
                if here.is_empty()
                    && let Some(path) =
                        own_file(site, &context.member.name).filter(|path| path.starts_with(&own))
                {
                    here.push((path, vec![]));
                }
                for (path, expected) in here.into_iter().filter(|_| wanted) {
                    let read = || site::read(context, site, path, expected);
                    views.push(context.at_cost(|| Counted::Site(site.id.clone()), read)?);
                }
            }
        }
    }
    Ok((views, shared))
}

/// The file of a site, if it depends on the name of the member and nothing else.
fn own_file(site: &tenon_pack::Site, name: &str) -> Option<String> {
    let path = site.file.as_deref()?.replace("{{name}}", name);
    (!path.contains("{{") && !path.contains('*')).then_some(path)
}
