//! A site by example as it stands in a host: what members should have there, and what they have.

use std::collections::HashMap;

use tenon_pack::Site;
use tenon_syntax::contract::{Import, ImportKind};
use tenon_syntax::entry::{Side, Spelling, Syntax};
use tenon_syntax::language::Lang;
use tenon_syntax::sources::{Definition, ExportKind, ImportTarget, Used};
use tenon_text::diag::{Result, Span, line_col};
use tenon_text::names::normal;

use crate::plan::entries::{EntryList, Reading, There, Wanted, wanted};
use crate::plan::scope::Iteration;

use super::context::Context;
use super::site_view::{Actual, Expected, Is, State, Want, declared};
use super::soundness::Fault;

/// What the context's member should have at `site`, in the file at `path`.
pub fn expected(
    context: &Context<'_, '_>,
    site: &Site,
    path: &str,
    turn: &Iteration,
    mut expected: Expected,
) -> Result<Expected> {
    let syntax = Syntax::of(path);
    let entry = wanted(site, syntax, &mut |text| context.render(text, turn))?;
    expected.name.clone_from(&entry.name);
    expected.fields = wants(context, site, path, &entry)?;
    expected.entry = Some(entry);
    Ok(expected)
}

/// What the holes of an entry must hold, those of all forms one after the other.
fn wants(context: &Context<'_, '_>, site: &Site, path: &str, entry: &Wanted) -> Result<Vec<Want>> {
    let mut out = Vec::new();
    let forms = site.forms_in(Syntax::of(path))?;
    for (form, wanted) in forms.iter().zip(&entry.forms) {
        for (id, hole) in form.example.holes.iter().enumerate() {
            let value = &wanted.values[id];
            out.push(match hole.bound {
                Some(import) => {
                    let text = wanted.imports.get(import).map_or("", String::as_str);
                    let declared_in = declared_by(context, path, text, value);
                    // Several names of one file are told apart by what they are called.
                    let is = (Some(id) != form.example.key && keeps_its_name(path, text, value))
                        .then(|| value.clone());
                    Want {
                        is,
                        declared_in,
                        ..Want::default()
                    }
                }
                None if Some(id) == form.example.key
                    || !hole.varies
                    || value.is_empty()
                    || hole.spelling == Spelling::Title
                    || !form.compiled.reads(id) =>
                {
                    Want::default()
                }
                None => Want {
                    is: Some(value.clone()),
                    ..Want::default()
                },
            });
        }
    }
    Ok(out)
}

/// Whether the import statement `import` of the file at `path` gives a name under which its module knows it: `local`.
fn keeps_its_name(path: &str, import: &str, local: &str) -> bool {
    let imports = Lang::of_path(path).map(|language| language.read_imports(import));
    let mut imports = imports.unwrap_or_default().into_iter();
    imports.any(|import| import.local() == local && import.name == local)
}

/// The file that declares the name `local`, which the import statement `import` gives to the file at `path`.
fn declared_by(context: &Context<'_, '_>, path: &str, import: &str, local: &str) -> Option<String> {
    let imports = Lang::of_path(path)?.read_imports(import);
    let import: &Import = imports.iter().find(|import| import.local() == local)?;
    let ImportTarget::File(file) = context.code.import_target(path, &import.module) else {
        return None;
    };
    match context.code.export_of(&file, &import.name) {
        // What cannot be followed may come from anywhere.
        Some(export) if export.kind == ExportKind::Unknown => None,
        Some(export) => Some(export.file),
        None if import.local() == import.name => None,
        None => Some(file),
    }
}

/// Reads what stands at `site` in the file at `path`.
pub fn read(context: &Context<'_, '_>, site: &Site, path: &str, expected: &[Expected]) -> Result<State> {
    let Some(text) = context.text(path) else {
        return Ok(State::Broken);
    };
    let Some(document) = context.document(path) else {
        return Ok(State::Broken);
    };
    let list = EntryList::new(site, &document)?;
    let wanted: Vec<Wanted> = expected
        .iter()
        .filter_map(|expected| expected.entry.clone())
        .collect();
    let (entries, place) = match list.read(&wanted) {
        Reading::Entries(entries, place) => (entries, place),
        Reading::NoPlace(places) => {
            let places = places.iter().map(|span| line_col(&text, span.start));
            return Ok(State::NoPlace(places.collect()));
        }
        Reading::NotUnderstood(why) => {
            context.fault_at(path, Fault::TooMuch(why));
            return Ok(State::Broken);
        }
    };
    let anchor = wanted
        .first()
        .and_then(|wanted| list.anchors(wanted).into_iter().next());
    let place = anchor.map(|anchor| anchor.found.extent).or(place);
    let mut used = match Syntax::of(path) {
        Syntax::Code(grammar) if grammar == context.index.pack.language() => context.code.used(path),
        _ => vec![],
    };
    used.sort_by_key(|used| used.span.start);
    let imports = Lang::of_path(path).map_or(vec![], |language| language.read_imports(&text));
    let imports = imports.into_iter().rev();
    let imports = imports
        .map(|import| (import.local().to_owned(), import))
        .collect();
    let names = Names { used, imports };
    let out = entries.into_iter().map(|there| {
        let expected = there.wanted.and_then(|of| expected.get(of));
        let anchors = expected
            .and_then(|expected| expected.entry.as_ref())
            .map(|entry| list.anchors(entry));
        let start = there.found.extent.start;
        let mut entry = actual(context, &list, path, (there, expected), &names);
        entry.misplaced = anchors.into_iter().flatten().find_map(|anchor| {
            let at = anchor.found.extent;
            let (wrong, behind) = match anchor.side {
                Side::Before => (at.start < start, false),
                Side::Behind => (at.start > start, true),
            };
            wrong.then_some((at, behind))
        });
        entry
    });
    Ok(State::Open(out.collect(), place))
}

/// Whether what is wanted stands in the file at `path`, wherever there.
pub fn has(context: &Context<'_, '_>, site: &Site, path: &str, wanted: &Wanted) -> bool {
    let named = context.text(path).is_some_and(|text| text.contains(&wanted.name));
    let Some(document) = named.then(|| context.document(path)).flatten() else {
        return false;
    };
    EntryList::new(site, &document).is_ok_and(|list| list.holds(wanted))
}

/// What the file of a site takes from elsewhere, read once for all its entries.
struct Names {
    used: Vec<Used>,
    imports: HashMap<String, Import>,
}

impl Names {
    /// The import that binds `name`.
    fn import(&self, name: &str) -> Option<&Import> {
        self.imports.get(name)
    }

    /// What is used from `extent` on.
    fn specifiers(&self, extent: Span) -> impl Iterator<Item = &Used> {
        let first = self.used.partition_point(|used| used.span.start < extent.start);
        let own = self.used[first..].iter();
        own.take_while(move |used| used.span.start < extent.end)
    }
}

fn actual(
    context: &Context<'_, '_>,
    list: &EntryList<'_>,
    path: &str,
    (there, expected): (There, Option<&Expected>),
    names: &Names,
) -> Actual {
    let extent = there.found.extent;
    let inside = |span: Span| extent.start <= span.start && span.end <= extent.end;
    let text = list.document.text();
    let is_quoted = |span: Span| text[span.range()].starts_with(['\'', '"', '`']);
    let specifier = names
        .specifiers(extent)
        .find(|used| inside(used.span) && is_quoted(used.span));
    let leads_to = |specifier: &str| context.code.import_target(path, specifier);
    let bare = |span: Span| Span::new(span.start + 1, (span.end - 1).max(span.start + 1));
    let mut leads = specifier.map(|used| {
        let is_there = leads_to(&used.specifier) != ImportTarget::Missing;
        (bare(used.span), is_there)
    });
    let holes_of = |form| &list.form(form).example.holes;
    let first_field: usize = (0..there.form).map(|form| holes_of(form).len()).sum();
    let mut fields: Vec<Vec<Is>> = Vec::new();
    for (id, hole) in holes_of(there.form).iter().enumerate() {
        let Some(value) = there.found.values.iter().find(|value| value.hole.id == id) else {
            fields.push(vec![]);
            continue;
        };
        let mut is = Is {
            text: value.text.clone(),
            span: value.span,
            declared: None,
        };
        let want = expected.and_then(|expected| expected.fields.get(first_field + id)?.is.clone());
        if hole.bound.is_some() {
            is.declared = declared(context, path, &value.text);
            // What the file calls otherwise, or has from elsewhere, is compared by where that is declared.
            if let Some(want) = want.as_ref().filter(|want| names.import(want).is_none()) {
                is.text.clone_from(want);
            }
            let import = names.import(&value.text);
            let target = import.map(|import| leads_to(&import.module));
            // What another package declares cannot be read. Where a whole module is imported, its file is all that has to be there.
            let is_gone = || match target {
                Some(ImportTarget::Missing) => true,
                Some(ImportTarget::File(_)) if import.is_some_and(|it| it.kind == ImportKind::Namespace) => {
                    false
                }
                Some(ImportTarget::File(_)) | None => {
                    context.code.definition(path, &value.text) == Definition::Unknown
                }
                Some(_) => false,
            };
            if Some(id) == list.form(there.form).example.key && is_gone() {
                leads.get_or_insert((value.span, false));
            }
        }
        // People choose such spellings themselves: `PagerDuty`.
        let is_free = hole.bound.is_none() && !hole.spelling.is_strict() && hole.spelling != Spelling::Text;
        if let Some(want) = want
            .as_ref()
            .filter(|want| is_free && normal(want) == normal(&is.text))
        {
            is.text.clone_from(want);
        }
        // A specifier may be written in several ways.
        if let (Some(want), Some(used)) = (want, specifier.filter(|used| holds(used.span, value.span))) {
            let meant = used.specifier.replace(&value.text, &want);
            if let (ImportTarget::File(one), ImportTarget::File(other)) =
                (leads_to(&used.specifier), leads_to(&meant))
                && one == other
            {
                is.text = want;
            }
        }
        fields.push(vec![is]);
    }
    Actual {
        name: there.name.clone(),
        span: extent,
        name_span: there.name_span,
        leads,
        fields,
        first_field,
        container: 0,
        misplaced: None,
        there: Some(there),
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
