//! How findings are mended: every edit is one that `tenon new` would make, or its inverse.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::facts::field;
use crate::plan::entries::EntryList;
use crate::plan::overlay::Overlay;
use crate::plan::{remove_entry, sites};
use tenon_pack::{Site, SiteKind};
use tenon_syntax::contract::Import;
use tenon_syntax::language::Lang;
use tenon_syntax::style::Style;
use tenon_syntax::tree::error_count;
use tenon_text::diag::{Applicability, Draft, FileFix, Fix, Span, TextEdit};
use tenon_text::format::Indent;
use tenon_text::manifest::{self, ManifestFormat, Trace};
use tenon_text::names::unquoted;

use super::context::Context;
use super::site::{Expected, SiteView};

/// Puts the entry into its site, as `tenon new` would. Nothing if it cannot be placed.
pub fn insert_entry(
    context: &Context<'_, '_>,
    site: &Site,
    expected: &Expected,
    values: &Map<String, Value>,
) -> Option<Fix> {
    // An entry without a name is none.
    if !context.may_fix(0) || expected.name.trim().is_empty() {
        return None;
    }
    let mut values = values.clone();
    if let (Some(each), Some(row)) = (&site.each, &expected.row) {
        let row = full_row(&values, each, row);
        values.insert(each.clone(), json!([row]));
    }
    let mut overlay = Overlay::new(context.host());
    let how = sites::SiteStyle {
        style: &context.index.style,
        indent: context.index.indent,
    };
    let done = context.as_if(&values, |scope| {
        sites::add(site, scope, &mut overlay, how, &mut BTreeMap::new())
    });
    done.ok()?;
    let files = changes(&overlay);
    for (path, _) in &files {
        context.may_fix(parsed(site) * context.text(path).map_or(0, |text| text.len()));
    }
    (!files.is_empty()).then(|| Fix {
        title: format!("add the entry `{}`", expected.name),
        applicability: Applicability::Safe,
        files,
    })
}

/// How many times a text is parsed for an edit at `site`: one by example is read back.
fn parsed(site: &Site) -> usize {
    if site.kind == SiteKind::Entry { 4 } else { 1 }
}

/// The row of the answer `each` in `values` that is `row`: it may say more, as what only fixes need is read for them alone.
pub fn full_row(values: &Map<String, Value>, each: &str, row: &Value) -> Value {
    let mut rows = values.get(each).and_then(Value::as_array).into_iter().flatten();
    let full = rows.find(|full| field(full, "id") == field(row, "id"));
    full.unwrap_or(row).clone()
}

/// The edits that an overlay makes, in files without their byte-order marks.
fn changes(overlay: &Overlay<'_>) -> Vec<(String, FileFix)> {
    let mut out = Vec::new();
    for (path, draft) in overlay.drafts() {
        let mut edits = draft.edits();
        let mark = match draft.original().starts_with('\u{feff}') {
            true => '\u{feff}'.len_utf8(),
            false => 0,
        };
        for edit in &mut edits {
            let Span { start, end } = edit.span;
            edit.span = Span::new(start.saturating_sub(mark), end.saturating_sub(mark));
        }
        if !edits.is_empty() {
            out.push((path.to_string(), FileFix::Edit(edits)));
        }
    }
    out
}

/// The fix that edits `path` by `edit`, and adds every import of `imports`; nothing if one cannot be placed, or if what comes
/// out of it all is not sound.
pub fn edit_with_imports<'i>(
    context: &Context<'_, '_>,
    (path, edit): (&str, TextEdit),
    imports: impl FnOnce(&str) -> Vec<&'i Import>,
    (title, applicability): (String, Applicability),
) -> Option<Fix> {
    let grammar = Lang::of_path(path)?;
    let mut draft = Draft::of(context.text(path)?);
    draft.apply(&[edit]).ok()?;
    let style = Style {
        indent: Indent::detect(draft.text())
            .unwrap_or(context.index.indent)
            .unit(),
        ..context.index.style.clone()
    };
    for import in imports(draft.text()) {
        let edits = grammar.ensure_import(draft.text(), import, &style, None).ok()?;
        draft.apply(&edits).ok()?;
    }
    // Only a file that is sound itself is mended.
    (error_count(&grammar.parse(draft.text())) == 0).then(|| Fix {
        title,
        applicability,
        files: vec![(path.to_owned(), FileFix::Edit(draft.edits()))],
    })
}

/// Takes the entry out of its site, with the imports that only it used.
pub fn remove_entry(
    context: &Context<'_, '_>,
    view: &SiteView<'_>,
    index: usize,
    applicability: Applicability,
) -> Option<Fix> {
    let text = context.text(&view.path)?;
    let entry = view.entries().get(index)?;
    if !context.may_fix(parsed(view.site) * text.len()) {
        return None;
    }
    let edits = match view.site.kind {
        SiteKind::Manifest => {
            let format = ManifestFormat::of_path(&view.path)?;
            let pointers: Vec<&String> = [&view.pointer].into_iter().chain(&view.site.also_in).collect();
            let selector = remove_entry::selector(view.site, &entry.name);
            let pointer = pointers.get(entry.container)?;
            manifest::remove(&text, format, &view.path, pointer, &selector, &Trace::default()).ok()?
        }
        SiteKind::Entry => {
            context.sound(&view.path).then_some(())?;
            let document = context.document(&view.path)?;
            let list = EntryList::new(view.site, &document).ok()?;
            remove_entry::without(&list, entry.there.as_ref()?, None, &context.index.style)
                .ok()?
                .edits()
        }
        SiteKind::Member | SiteKind::Slot => return None,
    };
    Some(Fix {
        title: format!("remove the entry `{}`", entry.name),
        applicability,
        files: vec![(view.path.clone(), FileFix::Edit(edits))],
    })
}

/// `right` as what stands at `span` in a file of code: a string keeps its quotes; nothing if it cannot stand there.
pub fn of_the_same_kind(context: &Context<'_, '_>, path: &str, span: Span, right: &str) -> Option<String> {
    let text = context.text(path)?;
    let there = text.get(span.start..span.end)?;
    let bare = unquoted(there);
    if bare.len() < there.len() {
        // What would have to be escaped is left to a person.
        let plain = !right.contains(['\\', '"', '\'', '`', '$', '\n']);
        let quote = &there[..(there.len() - bare.len()) / 2];
        return (plain && !right.is_empty()).then(|| format!("{quote}{right}{quote}"));
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let is_name = |text: &str| {
        let starts = |part: &str| part.starts_with(|c: char| is_part(c) && !c.is_ascii_digit());
        let mut parts = text.split(['.', ':']).filter(|part| !part.is_empty());
        parts.all(|part| starts(part) && part.chars().all(is_part)) && !text.is_empty()
    };
    // What is computed is no value that could be replaced by another.
    (is_name(there) && is_name(right)).then(|| right.to_owned())
}

/// Replaces the text at `span`.
pub fn replace(path: &str, span: Span, text: &str, title: String, applicability: Applicability) -> Fix {
    Fix {
        title,
        applicability,
        files: vec![(
            path.to_owned(),
            FileFix::Edit(vec![TextEdit::replace(span, text)]),
        )],
    }
}
