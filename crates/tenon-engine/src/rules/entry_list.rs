//! A site by example as it stands in a host: what members should have there, and what they have.

use std::collections::HashSet;

use tenon_pack::{Site, SiteKind};
use tenon_syntax::contract::Import;
use tenon_syntax::entry::{Document, Side, Syntax};
use tenon_syntax::language::Lang;
use tenon_syntax::sources::{ImportTarget, Used};
use tenon_text::diag::{Result, Span, line_col};
use tenon_text::names::normal;

use crate::plan::entries::{EntryList, Reading, There, Wanted, wanted};
use crate::plan::scope::Iteration;

use super::context::Context;
use super::site_view::{Actual, Expected, Is, SiteView, State, Want, declared};

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
                None if Some(id) == form.example.key || !hole.varies || value.is_empty() => Want::default(),
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
    let document = Document::new(&*text, Syntax::of(path));
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
        Reading::NotUnderstood(_) => return Ok(State::Broken),
    };
    let mut used = match Syntax::of(path) {
        Syntax::Code(grammar) if grammar == context.index.pack.language() => context.code.used(path),
        _ => vec![],
    };
    used.sort_by_key(|used| used.span.start);
    let imports = Lang::of_path(path).map_or(vec![], |language| language.read_imports(&text));
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
    let Some(text) = context.text(path).filter(|text| text.contains(&wanted.name)) else {
        return false;
    };
    let document = Document::new(&*text, Syntax::of(path));
    EntryList::new(site, &document).is_ok_and(|list| list.holds(wanted))
}

/// The entries of a site that are expected, are not found, and are named in the file all the same.
pub struct Unrecognised {
    /// By the place in [`SiteView::expected`]; where the file names it.
    pub mentions: Vec<(usize, Span)>,
    /// Whether that are most of those that are expected: then the list itself is not understood.
    pub is_whole_list: bool,
}

/// What `view` does not recognise.
pub fn unrecognised(context: &Context<'_, '_>, view: &SiteView<'_>) -> Unrecognised {
    let mut out = Unrecognised {
        mentions: vec![],
        is_whole_list: false,
    };
    let there: HashSet<String> = view.entries().iter().map(|entry| normal(&entry.name)).collect();
    let missing: Vec<(usize, &Wanted)> = view
        .expected
        .iter()
        .enumerate()
        .filter(|(_, expected)| !there.contains(&normal(&expected.name)))
        .filter_map(|(index, expected)| Some((index, expected.entry.as_ref()?)))
        .collect();
    let (false, State::Open(..), Some(text)) = (missing.is_empty(), &view.state, context.text(&view.path))
    else {
        return out;
    };
    let document = Document::new(&*text, Syntax::of(&view.path));
    let Ok(list) = EntryList::new(view.site, &document) else {
        return out;
    };
    // What other lists of the file have is theirs.
    let sites = context.index.pack.all_sites().iter();
    let beside = sites.filter(|site| {
        site.kind == SiteKind::Entry && site.file == view.site.file && site.id != view.site.id
    });
    let mut others: Vec<Span> = view.entries().iter().map(|entry| entry.span).collect();
    for site in beside {
        if let Ok(Reading::Entries(entries, _)) = EntryList::new(site, &document).map(|list| list.read(&[])) {
            others.extend(entries.iter().map(|entry| entry.found.extent));
        }
    }
    for (index, wanted) in missing {
        out.mentions
            .extend(list.mention(wanted, &others).map(|span| (index, span)));
    }
    out.is_whole_list = out.mentions.len() > 1 && out.mentions.len() * 2 > view.expected.len();
    out
}

/// What the file of a site takes from elsewhere, read once for all its entries.
struct Names {
    used: Vec<Used>,
    imports: Vec<Import>,
}

impl Names {
    /// The import that binds `name`.
    fn import(&self, name: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.local() == name)
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
        (
            bare(used.span),
            leads_to(&used.specifier) != ImportTarget::Missing,
        )
    });
    let mut fields: Vec<Vec<Is>> = Vec::new();
    for number in 0..list.len() {
        for (id, hole) in list.form(number).example.holes.iter().enumerate() {
            let value = there.found.values.iter().find(|value| value.hole.id == id);
            let Some(value) = value.filter(|_| there.form == number) else {
                fields.push(vec![]);
                continue;
            };
            let mut is = Is {
                text: value.text.clone(),
                span: value.span,
                declared: None,
            };
            let want = expected.and_then(|expected| expected.fields.get(fields.len())?.is.clone());
            if hole.bound.is_some() {
                is.declared = declared(context, path, &value.text);
                // What the file calls otherwise, or has from elsewhere, is compared by where that is declared.
                if let Some(want) = want.as_ref().filter(|want| names.import(want).is_none()) {
                    is.text.clone_from(want);
                }
                if Some(id) == list.form(number).example.key
                    && is_imported_from_nowhere(context, path, names.import(&value.text))
                {
                    leads.get_or_insert((value.span, false));
                }
            }
            // A specifier may be written in several ways.
            if let (Some(want), Some(used)) = (want, specifier.filter(|used| holds(used.span, value.span))) {
                let meant = used.specifier.replace(&value.text, &want);
                let (ImportTarget::File(one), ImportTarget::File(other)) =
                    (leads_to(&used.specifier), leads_to(&meant))
                else {
                    fields.push(vec![is]);
                    continue;
                };
                if one == other {
                    is.text = want;
                }
            }
            fields.push(vec![is]);
        }
    }
    Actual {
        name: there.name,
        span: extent,
        name_span: there.name_span,
        leads,
        fields,
        container: 0,
        misplaced: None,
    }
}

/// Whether the file at `path` has `import`, and from a module of the host that is not there.
fn is_imported_from_nowhere(context: &Context<'_, '_>, path: &str, import: Option<&Import>) -> bool {
    import.is_some_and(|import| context.code.import_target(path, &import.module) == ImportTarget::Missing)
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
