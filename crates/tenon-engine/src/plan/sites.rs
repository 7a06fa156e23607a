//! Adds entries to sites: one function for each kind of site, each an edit of a file in the overlay.
//!
//! An entry that exists stays as it is. A site that cannot be found is an error with the text to write by hand.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::entry::{Document, Syntax};
use tenon_syntax::language::Lang;
use tenon_syntax::style::Style;
use tenon_syntax::tree::error_count;
use tenon_text::diag::{Draft, Error, Result, Span, TextEdit, apply_edits, line_col};
use tenon_text::format::{Format, Indent, split_bom, to_format};
use tenon_text::manifest::{self, ManifestFormat, NewEntry, Order};
use tenon_text::names::in_dir;

use super::entries::{self, EntryList};
use super::overlay::Overlay;
use super::scope::{Iteration, Scope};
use super::slot_holders::holders;
use super::{reflow, site_file};

/// How entries are written.
#[derive(Clone, Copy)]
pub struct SiteStyle<'s> {
    /// How code is printed.
    pub style: &'s Style,
    /// The indentation of files without any.
    pub indent: Indent,
}

/// Adds entries to files of an overlay.
struct SiteEditor<'d, 'a> {
    overlay: &'d mut Overlay<'a>,
    how: SiteStyle<'d>,
    /// For the record: the keys of entries, and their traces, or the earlier holder of a slot.
    entries: &'d mut BTreeMap<String, String>,
}

/// Adds the entries of `site`, one for each row if it is repeated, and their keys to `entries`.
pub fn add(
    site: &Site,
    scope: &mut Scope<'_>,
    overlay: &mut Overlay<'_>,
    how: SiteStyle<'_>,
    entries: &mut BTreeMap<String, String>,
) -> Result<()> {
    if site.may {
        return Ok(());
    }
    let mut editor = SiteEditor {
        overlay,
        how,
        entries,
    };
    for turn in scope.turns(site.each.as_deref(), site.row.as_deref(), site.when.as_deref())? {
        match site.kind {
            SiteKind::Member => member(site, scope, &turn, &mut editor)?,
            SiteKind::Manifest => manifest_entry(site, scope, &turn, &mut editor)?,
            SiteKind::Entry => entry(site, scope, &turn, &mut editor)?,
            SiteKind::Slot => slot(site, scope, &turn, &mut editor)?,
        }
    }
    Ok(())
}

/// The file of the site: its pattern must match exactly one.
fn file(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Iteration,
    editor: &SiteEditor<'_, '_>,
) -> Result<Option<HostPath>> {
    let pattern = scope.text(site.file.as_deref().unwrap_or_default(), turn)?;
    if pattern.contains('*') {
        let found = editor.overlay.glob(&pattern);
        return match found.as_slice() {
            [path] => Ok(Some(path.clone())),
            [] if site.optional => Ok(None),
            [] => Err(Error::new(format!("no file matches `{pattern}`")).help(missing_help(site))),
            many if site.kind == SiteKind::Entry => {
                site_file::choose(site, scope, turn, editor.overlay, &pattern, many).map(Some)
            }
            many => {
                let mut error = Error::new(format!("{} files match `{pattern}`", many.len()));
                for path in many.iter().take(5) {
                    error = error.because(path);
                }
                Err(error.help("one of them has to be chosen: name it in the pack"))
            }
        };
    }
    let path = HostPath::new(&pattern)?;
    if editor.overlay.exists(&path) {
        return Ok(Some(path));
    }
    if site.optional {
        return Ok(None);
    }
    Err(Error::new(format!("there is no file `{path}`")).help(missing_help(site)))
}

fn missing_help(site: &Site) -> String {
    format!(
        "the pack has the site `{}` there; restore the file, or check `--host`",
        site.id
    )
}

fn text_of(editor: &SiteEditor<'_, '_>, path: &HostPath) -> Result<(String, bool)> {
    let text = editor.overlay.read(path)?.unwrap_or_default();
    let (bom, body) = split_bom(&text);
    Ok((body.to_owned(), bom))
}

/// Edits a file; `edits` are of its text without the byte-order mark.
fn save(editor: &mut SiteEditor<'_, '_>, path: &HostPath, bom: bool, mut edits: Vec<TextEdit>) -> Result<()> {
    let shift = if bom { '\u{feff}'.len_utf8() } else { 0 };
    for edit in &mut edits {
        edit.span = Span::new(edit.span.start + shift, edit.span.end + shift);
    }
    editor.overlay.apply(path, &edits)
}

fn record(editor: &mut SiteEditor<'_, '_>, site: &Site, path: &HostPath, what: &str, value: String) {
    let key = if what.is_empty() {
        format!("{} {path}", site.id)
    } else {
        format!("{} {path} {what}", site.id)
    };
    editor.entries.insert(key, value);
}

fn member(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Iteration,
    editor: &mut SiteEditor<'_, '_>,
) -> Result<()> {
    let dir = scope.text(site.value.as_deref().unwrap_or_default(), turn)?;
    let Some(place) = super::workspace::place(editor.overlay, &dir)? else {
        return Ok(());
    };
    let before = editor.overlay.read(&place.file)?.unwrap_or_default();
    let entry = NewEntry::Item(Value::String(dir.clone()));
    let inserted = manifest::insert(
        &before,
        place.format,
        place.file.as_str(),
        place.pointer,
        &entry,
        &Order::Auto,
    )?;
    editor.overlay.apply(&place.file, &inserted.edits)?;
    record(editor, site, &place.file, &dir, "member".into());
    Ok(())
}

/// The value of an entry of a manifest.
fn value_of(site: &Site, scope: &mut Scope<'_>, turn: &Iteration) -> Result<Value> {
    let Some(json) = &site.json else {
        let text = scope.text(site.value.as_deref().unwrap_or_default(), turn)?;
        return Ok(Value::String(text));
    };
    let text = scope.text(json, turn)?;
    serde_json::from_str(&text).map_err(|error| {
        Error::new(format!("the value of the site `{}` is not JSON: {text}", site.id))
            .in_file("pack.toml")
            .because(error)
    })
}

fn manifest_entry(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Iteration,
    editor: &mut SiteEditor<'_, '_>,
) -> Result<()> {
    let Some(path) = file(site, scope, turn, editor)? else {
        return Ok(());
    };
    let Some(format) = ManifestFormat::of_path(path.as_str()) else {
        return Err(Error::new(format!(
            "`{path}` is not a JSON, TOML, YAML or XML file"
        )));
    };
    let pointer = scope.text(site.pointer.as_deref().unwrap_or_default(), turn)?;
    let value = value_of(site, scope, turn)?;
    let before = editor.overlay.read(&path)?.unwrap_or_default();
    let existing = manifest::entries(&before, format, path.as_str(), &pointer)?;
    // The host has another kind of value there: it is configured in another way.
    if site.optional && site.key.is_none() {
        let whole = manifest::read(&before, format, path.as_str())?;
        if whole.pointer(&pointer).is_some_and(|value| !value.is_array()) {
            return Ok(());
        }
    }
    if existing.is_none() && site.optional {
        return Ok(());
    }
    if format == ManifestFormat::Xml {
        let whole = manifest::read(&before, format, path.as_str())?;
        let twins = manifest::twins(&whole, &pointer);
        let mut lists = twins.iter().filter_map(|twin| whole.pointer(twin)?.as_array());
        if lists.any(|list| list.contains(&value)) {
            return Ok(());
        }
    }
    let (entry, what) = match &site.key {
        Some(key) => {
            let key = named(site, scope.text(key, turn)?)?;
            if existing
                .iter()
                .flatten()
                .any(|entry| entry.key.as_deref() == Some(&key))
            {
                return Ok(());
            }
            for pointer in &site.also_in {
                let others = manifest::entries(&before, format, path.as_str(), pointer)?;
                if others
                    .iter()
                    .flatten()
                    .any(|entry| entry.key.as_deref() == Some(&key))
                {
                    return Ok(());
                }
            }
            (NewEntry::Key(key.clone(), value), key)
        }
        None => {
            let what = match value.as_str() {
                Some(text) => named(site, text.to_owned())?,
                None => String::new(),
            };
            (NewEntry::Item(value), what)
        }
    };
    let inserted = manifest::insert(&before, format, path.as_str(), &pointer, &entry, &Order::Auto)?;
    if inserted.edits.is_empty() {
        return Ok(());
    }
    editor.overlay.apply(&path, &inserted.edits)?;
    let mut spread = false;
    if let NewEntry::Item(_) = entry {
        let after = editor.overlay.read(&path)?.unwrap_or_default();
        let edit = reflow::break_if_too_wide(&after, format, path.as_str(), &pointer, editor.how.style)?;
        spread = edit.is_some();
        editor.overlay.apply(&path, edit.as_slice())?;
    }
    let mut trace = serde_json::to_value(&inserted.trace).unwrap_or_default();
    if spread && let Some(trace) = trace.as_object_mut() {
        trace.insert(reflow::SPREAD.into(), true.into());
    }
    let trace = trace.to_string();
    record(
        editor,
        site,
        &path,
        &what,
        if trace == "{}" { "entry".into() } else { trace },
    );
    Ok(())
}

/// The rendered name of an entry.
///
/// # Errors
/// If it is empty: what it is made of has no value.
fn named(site: &Site, name: String) -> Result<String> {
    if name.trim().is_empty() {
        let error = Error::new(format!("an entry of the site `{}` would have no name", site.id));
        return Err(error.help("nothing was changed; give the options of which its name is made"));
    }
    Ok(name)
}

/// Adds the entry of `site` that is written as an example, and the imports that it needs.
fn entry(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Iteration,
    editor: &mut SiteEditor<'_, '_>,
) -> Result<()> {
    let Some(path) = file(site, scope, turn, editor)? else {
        return Ok(());
    };
    let (body, bom) = text_of(editor, &path)?;
    let syntax = Syntax::of(path.as_str());
    let mut wanted = entries::wanted(site, syntax, &mut |text| scope.text(text, turn))?;
    let format = Format {
        indent: Indent::detect(&body).unwrap_or(editor.how.indent),
        ..Format::detect(&body)
    };
    for form in &mut wanted.forms {
        form.text = match syntax {
            Syntax::Code(grammar) => format_like(&form.text, &body, grammar, &format),
            _ => form.text.trim_end().to_owned(),
        };
    }
    let document = Document::new(body.as_str(), syntax).indented(editor.how.indent);
    let list = EntryList::new(site, &document)?;
    let added = match list.add(path.as_str(), &wanted) {
        Ok(Some(added)) => added,
        Ok(None) => {
            if let Some(span) = list.begun_otherwise(&wanted) {
                let at = line_col(&body, span.start);
                let name = &wanted.name;
                editor.overlay.note(format!(
                    "{path}:{}:{}: this begins as the entry of `{name}` for the site `{}` does and goes on otherwise: nothing was added there",
                    at.line, at.column, site.id
                ));
            }
            return Ok(());
        }
        // Code in which the place is not found was changed; in any other text it may be absent.
        Err(_) if site.optional && !syntax.is_code() && !list.is_open(&wanted) => return Ok(()),
        Err(error) => return Err(error),
    };
    let place = added
        .edits
        .iter()
        .map(|edit| edit.span.start)
        .min()
        .unwrap_or_default();
    let mut draft = Draft::of(body.as_str());
    draft.apply(&added.edits)?;
    if let Syntax::Code(grammar) = syntax {
        add_imports(
            editor.how,
            grammar,
            &wanted.forms[added.form].imports,
            place,
            &mut draft,
        )?;
        let text = entries::form_by_hand(&wanted.forms[added.form]);
        declared(editor, grammar, (&path, &body), draft.text(), &text)?;
    }
    save(editor, &path, bom, draft.edits())?;
    let trace = match added.hollow {
        Some(hollow) => serde_json::json!({ "hollow": hollow }).to_string(),
        None => "entry".to_owned(),
    };
    record(editor, site, &path, &wanted.name, trace);
    Ok(())
}

/// Refuses an entry that uses a name which is declared neither in its file nor beside it.
fn declared(
    editor: &SiteEditor<'_, '_>,
    grammar: Lang,
    (path, before): (&HostPath, &str),
    after: &str,
    entry: &str,
) -> Result<()> {
    let mut names = grammar.undeclared(before, after);
    let (dir, _) = in_dir(path.as_str());
    let pattern = format!("{dir}/*");
    for other in editor.overlay.glob(pattern.trim_start_matches('/')) {
        if names.is_empty() {
            break;
        }
        if other != *path && Lang::of_path(other.as_str()) == Some(grammar) {
            let text = editor.overlay.read(&other)?.unwrap_or_default();
            names.retain(|name| !text.contains(&**name));
        }
    }
    match names.first() {
        None => Ok(()),
        Some(name) => Err(
            Error::new(format!("`{path}` declares no `{name}`, which the entry uses"))
                .in_file(path.as_str())
                .help(format!(
                    "nothing was changed; write this by hand with what stands for `{name}` there, then run again:\n{}",
                    entry.trim()
                )),
        ),
    }
}

fn grammar_of(path: &HostPath) -> Result<Lang> {
    Lang::of_path(path.as_str())
        .ok_or_else(|| Error::new(format!("`{path}` is in no language that has a grammar here")))
}

fn slot(site: &Site, scope: &mut Scope<'_>, turn: &Iteration, editor: &mut SiteEditor<'_, '_>) -> Result<()> {
    let Some(path) = file(site, scope, turn, editor)? else {
        return Ok(());
    };
    let grammar = grammar_of(&path)?;
    let value = scope.text(site.value.as_deref().unwrap_or_default(), turn)?;
    let by_hand = scope.text(site.insert.as_deref().unwrap_or_default(), turn)?;
    let (body, bom) = text_of(editor, &path)?;
    let holders = holders(site, path.as_str(), &body)?;
    let (was, span) = match holders.as_slice() {
        [holder] => holder.clone(),
        many => {
            let lines: Vec<usize> = many
                .iter()
                .map(|(_, span)| line_col(&body, span.start).line)
                .collect();
            return Err(no_place(&lines, &path, site, &by_hand));
        }
    };
    if was == value {
        return Ok(());
    }
    let edits = vec![TextEdit::replace(span, &value)];
    let after = apply_edits(&body, &edits)?;
    if error_count(&grammar.parse(&after)) > error_count(&grammar.parse(&body)) {
        return Err(Error::new(format!("the edit of `{path}` would not parse")).in_file(path.as_str()));
    }
    save(editor, &path, bom, edits)?;
    record(editor, site, &path, "", was);
    Ok(())
}

/// The entry with the indentation, quotes and semicolons of the file.
fn format_like(entry: &str, body: &str, grammar: Lang, format: &Format) -> String {
    let lf = Format {
        bom: false,
        eol: tenon_text::format::Eol::Lf,
        ..*format
    };
    let entry = to_format(entry.trim_end(), Indent::of_template(entry), &lf);
    grammar.like(&entry, body)
}

/// Adds the imports of `texts`, which the code at `place` needs.
fn add_imports(
    how: SiteStyle<'_>,
    grammar: Lang,
    texts: &[String],
    mut place: usize,
    draft: &mut Draft,
) -> Result<()> {
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        for import in grammar.read_imports(text) {
            let unit = Indent::detect(draft.text()).unwrap_or(how.indent);
            let style = Style {
                indent: unit.unit(),
                ..how.style.clone()
            };
            let edits = grammar.ensure_import(draft.text(), &import, &style, Some(place))?;
            let length = draft.text().len();
            draft.apply(&edits)?;
            // Imports are inserted above the code that needs them.
            place = (place + draft.text().len()).saturating_sub(length);
        }
    }
    Ok(())
}

/// A slot that is not there, or is there on several lines.
fn no_place(lines: &[usize], path: &HostPath, site: &Site, entry: &str) -> Error {
    let message = if lines.is_empty() {
        format!(
            "`{path}` has no place for the site `{}`: nothing there matches",
            site.id
        )
    } else {
        let all: Vec<String> = lines.iter().map(usize::to_string).collect();
        let all = all.join(", ");
        format!(
            "`{path}` has {} places for the site `{}`: lines {all}",
            lines.len(),
            site.id
        )
    };
    let error = Error::new(message).in_file(path.as_str());
    error.help(format!(
        "nothing was changed; write this there by hand, then run again:\n{entry}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_takes_the_steps_of_its_file_from_its_own() {
        let typescript = Lang::named("typescript").unwrap();
        let entry = |step: &str| format!("const all = [\n{step}{{\n{step}{step}key: One,\n{step}}},\n];");
        for own in [2, 4].map(|step| " ".repeat(step)) {
            for of_file in [2, 4] {
                let format = Format {
                    indent: Indent::Spaces(of_file),
                    ..Format::default()
                };
                assert_eq!(
                    format_like(&entry(&own), "", typescript, &format),
                    entry(&" ".repeat(of_file))
                );
            }
        }
    }
}
