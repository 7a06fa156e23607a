//! How findings are mended: every edit is one that a generator would make, or its inverse.

use std::collections::BTreeMap;

use diffy::{DiffOptions, HunkRange};
use serde_json::{Map, Value, json};

use crate::facts::field;
use crate::plan::overlay::Overlay;
use crate::plan::site_rules::{line_rule, list_rule};
use crate::plan::{remove_entry as take_out, sites};
use tenon_pack::{Site, SiteKind};
use tenon_syntax::contract::Import;
use tenon_syntax::language::Lang;
use tenon_syntax::lines;
use tenon_syntax::style::Style;
use tenon_syntax::tree::error_count;
use tenon_text::diag::{Applicability, FileFix, Fix, Result, Span, TextEdit, apply_edits};
use tenon_text::format::{Indent, split_bom};
use tenon_text::manifest::{self, ManifestFormat, Trace};

use super::context::Context;
use super::site::{Expected, SiteView};

/// Puts the entry into its site, as the generator would. Nothing if it cannot be placed.
pub fn insert_entry(
    context: &Context<'_, '_>,
    site: &Site,
    expected: &Expected,
    values: &Map<String, Value>,
) -> Option<Fix> {
    if !context.may_fix(0) {
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
    let files = changes(&overlay).ok()?;
    for (path, _) in &files {
        context.may_fix(context.text(path).map_or(0, |text| text.len()));
    }
    (!files.is_empty()).then(|| Fix {
        title: format!("add the entry `{}`", expected.name),
        applicability: Applicability::Safe,
        files,
    })
}

/// The row of the answer `each` in `values` that is `row`: it may say more, as what only fixes need is read for them alone.
pub fn full_row(values: &Map<String, Value>, each: &str, row: &Value) -> Value {
    let mut rows = values.get(each).and_then(Value::as_array).into_iter().flatten();
    let full = rows.find(|full| field(full, "id") == field(row, "id"));
    full.unwrap_or(row).clone()
}

/// What an overlay changes in files that exist.
pub fn changes(overlay: &Overlay<'_>) -> Result<Vec<(String, FileFix)>> {
    let mut out = Vec::new();
    for (path, before, after) in overlay.edited()? {
        let edits = between(split_bom(&before).1, split_bom(&after).1);
        if !edits.is_empty() {
            out.push((path.to_string(), FileFix::Edit(edits)));
        }
    }
    Ok(out)
}

/// `text` with every import of `imports`; nothing if one cannot be placed, or if what comes out of it all is not sound.
pub fn with_imports<'i>(
    context: &Context<'_, '_>,
    grammar: Lang,
    mut text: String,
    imports: impl Iterator<Item = &'i Import>,
) -> Option<String> {
    let style = Style {
        indent: Indent::detect(&text).unwrap_or(context.index.indent).unit(),
        ..context.index.style.clone()
    };
    for import in imports {
        let edits = grammar.ensure_import(&text, import, &style, None).ok()?;
        text = apply_edits(&text, &edits).ok()?;
    }
    // Only a file that is sound itself is mended.
    (error_count(&grammar.parse(&text)) == 0).then_some(text)
}

/// The edits, line by line, that turn `before` into `after`.
pub fn between(before: &str, after: &str) -> Vec<TextEdit> {
    let offsets = |text: &str| -> Vec<usize> {
        let mut at = 0;
        let ends = text.split_inclusive('\n').map(|line| {
            at += line.len();
            at
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (old, new) = (offsets(before), offsets(after));
    // Lines are counted from 1, and a range without lines begins behind the line that it names.
    let bytes = |range: HunkRange, offsets: &[usize]| {
        let first = range.start() - usize::from(!range.is_empty());
        offsets[first]..offsets[first + range.len()]
    };
    let patch = DiffOptions::new().set_context_len(0).create_patch(before, after);
    let hunks = patch.hunks().iter();
    hunks
        .map(|hunk| {
            TextEdit::replace(
                bytes(hunk.old_range(), &old),
                &after[bytes(hunk.new_range(), &new)],
            )
        })
        .collect()
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
    if !context.may_fix(text.len()) {
        return None;
    }
    let edits = match view.site.kind {
        SiteKind::Manifest => {
            let format = ManifestFormat::of_path(&view.path)?;
            let pointers: Vec<&String> = view.site.pointer.iter().chain(&view.site.also_in).collect();
            let selector = take_out::selector(view.site, &entry.name);
            let pointer = pointers.get(entry.container)?;
            manifest::remove(&text, format, &view.path, pointer, &selector, &Trace::default()).ok()?
        }
        SiteKind::List => {
            let grammar = Lang::of_path(&view.path)?;
            context.tree(&view.path)?;
            let rules = list_rule(grammar, view.site).ok()?;
            let style = &context.index.style;
            let after = take_out::list_entry(&text, grammar, (&rules, index), "", style, &|len| {
                context.may_fix(len)
            })?;
            between(&text, &after)
        }
        SiteKind::Lines => {
            let list = line_rule(view.site).ok()?.find(&text).ok()?;
            vec![lines::remove(&text, &list, index)?]
        }
        SiteKind::Member | SiteKind::Slot => return None,
    };
    Some(Fix {
        title: format!("remove the entry `{}`", entry.name),
        applicability,
        files: vec![(view.path.clone(), FileFix::Edit(edits))],
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_text::diag::apply_edits;

    #[test]
    fn edits_are_as_small_as_lines() {
        let before = "a\nb\nc\nd";
        for after in ["a\nB\nc\nd", "a\nc\nd", "x\na\nb\nc\nd\n", "", "a\nb\nb2\nc\nd"] {
            assert_eq!(apply_edits(before, &between(before, after)).unwrap(), after);
        }
        assert_eq!(between(before, "a\nc\nd"), [TextEdit::replace(2..4, "")]);
    }

    proptest::proptest! {
        #[test]
        fn edits_make_any_text_of_any_other(before in "[ab\n]{0,12}", after in "[ab\n]{0,12}") {
            proptest::prop_assert_eq!(apply_edits(&before, &between(&before, &after)).unwrap(), after);
        }
    }
}
