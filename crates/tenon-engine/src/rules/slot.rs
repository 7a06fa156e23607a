//! A slot of the host: a file that can hold one member for each row.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::facts::field;
use crate::plan::read_back::Slot;
use crate::plan::scope::Iteration;
use tenon_pack::{Site, row_name};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Result, Span};

use super::context::{AnswersOf, Context};
use super::site::{self, SiteView, State};

/// A slot, and what it holds.
pub struct SlotView<'v> {
    /// The site of the pack.
    pub site: &'v Site,
    /// The slot.
    pub slot: &'v Slot,
    /// What it holds.
    pub holder: Holder<'v>,
}

/// What a slot holds.
pub enum Holder<'v> {
    /// Nothing.
    Nothing,
    /// More than one: the first, and where the second stands.
    Several(&'v str, Span, Span),
    /// Something that is not in this host, at this place.
    Gone(&'v str, Span),
    /// A member that does not have the row that the slot is for: member, row, place.
    Unfit(&'v str, String, Span),
    /// A member that may hold it; the file as the entry that says so.
    Member(Box<SiteView<'v>>),
}

impl<'v> SlotView<'v> {
    /// Reads what `slot` holds; nothing if no rule has anything to say of it. `answers_of` gives the answers of its holder.
    pub fn read(
        context: &Context<'_, '_>,
        site: &'v Site,
        slot: &'v Slot,
        answers_of: AnswersOf<'_>,
    ) -> Result<Option<Self>> {
        let view = |holder| Ok(Some(Self { site, slot, holder }));
        if !context.sound(&slot.path) {
            return Ok(None);
        }
        let (holder, span) = match (slot.holders.as_slice(), &slot.row) {
            ([], Some(_)) => return view(Holder::Nothing),
            ([], None) => return Ok(None),
            ([only], _) => only,
            ([first, second, ..], _) => return view(Holder::Several(&first.0, first.1, second.1)),
        };
        let Some(member) = &slot.member else {
            let package = package_root(holder);
            let installed = context.is_installed(holder);
            // A package of that name may stand in a directory of another, which is reported there.
            return match installed || context.has_package(&package) {
                true => Ok(None),
                false => view(Holder::Gone(holder, *span)),
            };
        };
        context.mark(&slot.path, *span, context.target(member, None));
        let (Some(row), Some(each)) = (&slot.row, &site.each) else {
            return Ok(None);
        };
        let kind = site.for_kinds.first().map_or("", String::as_str);
        let Some(answers) = answers_of(member, kind, false) else {
            return Ok(None);
        };
        if let Some(id) = unfit(context, kind, (row, each), &answers) {
            return view(Holder::Unfit(member, id, *span));
        }
        let entry = entry(context, site, slot, (&answers, row, each), *span)?;
        entry.map_or(Ok(None), |entry| view(Holder::Member(Box::new(entry))))
    }
}

/// The id of `row`, if a member with these answers does not have it.
fn unfit(
    context: &Context<'_, '_>,
    kind: &str,
    (row, each): (&Value, &str),
    answers: &Arc<Map<String, Value>>,
) -> Option<String> {
    let mut options = context.index.pack.options(kind);
    let within = options.find(|option| option.id == each)?.within.as_ref()?;
    let rows = answers.get(within).and_then(Value::as_array);
    let mut rows = rows.into_iter().flatten();
    let has = rows.any(|own| field(own, "id") == field(row, "id"));
    (!has).then(|| field(row, "id").to_owned())
}

/// The file of the slot as a site with one entry; nothing if it cannot be read.
fn entry<'v>(
    context: &Context<'_, '_>,
    site: &'v Site,
    slot: &Slot,
    (answers, row, each): (&Map<String, Value>, &Value, &str),
    span: Span,
) -> Result<Option<SiteView<'v>>> {
    let (Some(grammar), Some(tree)) = (Lang::of_path(&slot.path), context.tree(&slot.path)) else {
        return Ok(None);
    };
    let iteration = Iteration::of(row_name(each, site.row.as_deref()), row.clone());
    let name = field(row, "id").to_owned();
    let expected = site::Expected {
        member: String::new(),
        name: name.clone(),
        loose: false,
        row: iteration.row(),
        why: site.why.clone().unwrap_or_default(),
        fields: context.as_if(answers, |scope| site::wants(scope, site, &iteration))?,
        or_in: None,
        entry: None,
        pointer: None,
    };
    let actual = site::Actual {
        name,
        span,
        name_span: span,
        leads: None,
        fields: site::fields(context, site, grammar, &slot.path, &tree.root())?,
        first_field: 0,
        container: 0,
        misplaced: None,
        there: None,
    };
    let state = State::Open(vec![actual], None);
    Ok(Some(SiteView::new(
        site,
        slot.path.clone(),
        state,
        vec![expected],
    )))
}

/// `@a/b` of `@a/b/c`.
pub fn package_root(specifier: &str) -> String {
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    specifier.split('/').take(parts).collect::<Vec<_>>().join("/")
}
