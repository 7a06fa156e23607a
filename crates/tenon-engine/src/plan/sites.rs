//! Adding entries to sites: one function per kind of place, all of them edits of the overlay's text.
//!
//! What is there already stays as it is. What cannot be placed is an error with the text to write by hand.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::host::HostPath;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::code;
use tenon_syntax::list::{self, Look, New, NotFound};
use tenon_syntax::style::Style;
use tenon_syntax::tree::{Grammar, error_count};
use tenon_text::diag::{Error, LineCol, Result, TextEdit, apply_edits, line_col};
use tenon_text::format::{Format, Indent, split_bom, to_format};
use tenon_text::manifest::{self, ManifestFormat, NewEntry, Order};
use tenon_text::names::normal;

use super::observe::RuleBook;
use super::overlay::Overlay;
use super::scope::{Scope, Turn};
use super::{reflow, site_file};

/// The overlay and what sites need beside it.
struct Desk<'d, 'a> {
    overlay: &'d mut Overlay<'a>,
    style: &'d Style,
    /// The indentation of files that show none.
    indent: Indent,
    /// For the record: site and file, and what stood there before if it was a slot.
    entries: &'d mut BTreeMap<String, String>,
}

/// Adds the entries of `site` for every turn.
pub fn add(
    site: &Site,
    scope: &mut Scope<'_>,
    overlay: &mut Overlay<'_>,
    (style, indent, rules): (&Style, Indent, &RuleBook),
    entries: &mut BTreeMap<String, String>,
) -> Result<()> {
    if site.may {
        return Ok(());
    }
    let mut desk = Desk {
        overlay,
        style,
        indent,
        entries,
    };
    for turn in scope.turns(site.each.as_deref(), site.row.as_deref(), site.when.as_deref())? {
        match site.kind {
            SiteKind::Member => member(site, scope, &turn, &mut desk)?,
            SiteKind::Manifest => manifest_entry(site, scope, &turn, &mut desk)?,
            SiteKind::List => list_entry(site, scope, &turn, &mut desk, rules)?,
            SiteKind::Lines => lines::add(site, scope, &turn, &mut desk)?,
            SiteKind::Slot => slot(site, scope, &turn, &mut desk, rules)?,
        }
    }
    Ok(())
}

/// The site's file: the pattern must lead to exactly one.
fn file(site: &Site, scope: &mut Scope<'_>, turn: &Turn, desk: &Desk<'_, '_>) -> Result<Option<HostPath>> {
    let pattern = scope.text(site.file.as_deref().unwrap_or_default(), turn)?;
    if pattern.contains('*') {
        let found = desk.overlay.glob(&pattern);
        return match found.as_slice() {
            [path] => Ok(Some(path.clone())),
            [] if site.optional => Ok(None),
            [] => Err(Error::new(format!("no file matches `{pattern}`")).help(missing_help(site))),
            many if site.kind == SiteKind::List => {
                site_file::choose(site, scope, turn, desk.overlay, &pattern, many).map(Some)
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
    if desk.overlay.exists(&path) {
        return Ok(Some(path));
    }
    if site.optional {
        return Ok(None);
    }
    Err(Error::new(format!("there is no file `{path}`")).help(missing_help(site)))
}

fn missing_help(site: &Site) -> String {
    format!(
        "the site `{}` of the pack stands there; restore the file, or check `--host`",
        site.id
    )
}

fn text_of(desk: &Desk<'_, '_>, path: &HostPath) -> Result<(String, bool)> {
    let text = desk.overlay.read(path)?.unwrap_or_default();
    let (bom, body) = split_bom(&text);
    Ok((body.to_owned(), bom))
}

fn save(desk: &mut Desk<'_, '_>, path: &HostPath, bom: bool, body: String) {
    let text = if bom { format!("\u{feff}{body}") } else { body };
    desk.overlay.edit(path, text);
}

fn note(desk: &mut Desk<'_, '_>, site: &Site, path: &HostPath, what: &str, value: String) {
    let key = if what.is_empty() {
        format!("{} {path}", site.id)
    } else {
        format!("{} {path} {what}", site.id)
    };
    desk.entries.insert(key, value);
}

fn member(site: &Site, scope: &mut Scope<'_>, turn: &Turn, desk: &mut Desk<'_, '_>) -> Result<()> {
    let dir = scope.text(site.value.as_deref().unwrap_or_default(), turn)?;
    let Some(place) = super::workspace::place(desk.overlay, &dir)? else {
        return Ok(());
    };
    let before = desk.overlay.read(&place.file)?.unwrap_or_default();
    let entry = NewEntry::Item(Value::String(dir.clone()));
    let inserted = manifest::insert(
        &before,
        place.format,
        place.file.as_str(),
        place.pointer,
        &entry,
        &Order::Auto,
    )?;
    let after = apply_edits(&before, &inserted.edits);
    desk.overlay.edit(&place.file, after);
    note(desk, site, &place.file, &dir, "member".into());
    Ok(())
}

/// The value of an entry of a manifest.
fn value_of(site: &Site, scope: &mut Scope<'_>, turn: &Turn) -> Result<Value> {
    let Some(json) = &site.json else {
        let text = scope.text(site.value.as_deref().unwrap_or_default(), turn)?;
        return Ok(Value::String(text));
    };
    let text = scope.text(json, turn)?;
    serde_json::from_str(&text).map_err(|error| {
        Error::new(format!("the value of the site `{}` is no JSON: {text}", site.id))
            .in_file("pack.toml")
            .because(error)
    })
}

fn manifest_entry(site: &Site, scope: &mut Scope<'_>, turn: &Turn, desk: &mut Desk<'_, '_>) -> Result<()> {
    let Some(path) = file(site, scope, turn, desk)? else {
        return Ok(());
    };
    let Some(format) = ManifestFormat::of_path(path.as_str()) else {
        return Err(Error::new(format!("`{path}` is no JSON, TOML or YAML file")));
    };
    let pointer = scope.text(site.pointer.as_deref().unwrap_or_default(), turn)?;
    let value = value_of(site, scope, turn)?;
    let before = desk.overlay.read(&path)?.unwrap_or_default();
    let existing = manifest::entries(&before, format, path.as_str(), &pointer)?;
    // Where an item belongs stands something else: the host says it in another way.
    if site.optional && site.key.is_none() {
        let whole = manifest::read(&before, format, path.as_str())?;
        if whole.pointer(&pointer).is_some_and(|value| !value.is_array()) {
            return Ok(());
        }
    }
    if existing.is_none() && site.optional {
        return Ok(());
    }
    let (entry, what) = match &site.key {
        Some(key) => {
            let key = scope.text(key, turn)?;
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
            let what = value.as_str().unwrap_or_default().to_owned();
            (NewEntry::Item(value), what)
        }
    };
    let inserted = manifest::insert(&before, format, path.as_str(), &pointer, &entry, &Order::Auto)?;
    if inserted.edits.is_empty() {
        return Ok(());
    }
    let mut after = apply_edits(&before, &inserted.edits);
    let mut spread = false;
    if let NewEntry::Item(_) = entry {
        let reflowed = reflow::break_if_too_wide(after.clone(), format, path.as_str(), &pointer, desk.style)?;
        spread = reflowed != after;
        after = reflowed;
    }
    desk.overlay.edit(&path, after);
    let mut trace = serde_json::to_value(&inserted.trace).unwrap_or_default();
    if spread && let Some(trace) = trace.as_object_mut() {
        trace.insert(reflow::SPREAD.into(), true.into());
    }
    let trace = trace.to_string();
    note(
        desk,
        site,
        &path,
        &what,
        if trace == "{}" { "entry".into() } else { trace },
    );
    Ok(())
}

fn grammar_of(path: &HostPath) -> Result<Grammar> {
    Grammar::of_path(path.as_str())
        .ok_or_else(|| Error::new(format!("`{path}` is in no language that has a grammar here")))
}

fn list_entry(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Turn,
    desk: &mut Desk<'_, '_>,
    rules: &RuleBook,
) -> Result<()> {
    let Some(path) = file(site, scope, turn, desk)? else {
        return Ok(());
    };
    let grammar = grammar_of(&path)?;
    let name = scope.text(site.name.as_deref().unwrap_or_default(), turn)?;
    let (body, bom) = text_of(desk, &path)?;
    let indent = desk.indent;
    let entry = scope.text(site.insert.as_deref().unwrap_or_default(), turn)?;
    // As the file is written, which is found out only where it is needed.
    let dressed = || {
        let format = Format {
            indent: Indent::detect(&body).unwrap_or(indent),
            ..Format::detect(&body)
        };
        (dress(&entry, &body, grammar, &format), format)
    };
    let rules = &*rules.list(grammar, site)?;
    let tree = grammar.parse(&body);
    let list = rules
        .find(&tree)
        .map_err(|why| no_place(&why, &path, site, &dressed().0))?;
    if list
        .entries()
        .iter()
        .chain(list.elsewhere())
        .any(|entry| normal(&entry.name) == normal(&name))
    {
        return Ok(());
    }
    let (entry, format) = dressed();
    let unit = format.indent.unit();
    let look = Look {
        unit: &unit,
        eol: format.eol.as_str(),
    };
    let ahead_of = scope.text(site.ahead_of.as_deref().unwrap_or_default(), turn)?;
    let new = New {
        name: &name,
        text: &entry,
        ahead_of: &ahead_of,
    };
    let edit = list::insert(&body, rules, &list, new, look);
    if !list.takes(&body, &edit) {
        let message = "the list is written on the lines of what is around it";
        return Err(Error::new(message)
            .at(path.as_str(), line_col(&body, list.span().start))
            .help(format!("write this by hand, then run again:\n{entry}")));
    }
    let errors = error_count(&tree);
    let place = edit.span.start + edit.text.len() - edit.text.trim_start().len();
    let after = apply_edits(&body, &[edit]);
    let after = with_imports(site, scope, turn, desk, (grammar, place), after)?;
    list::check_edit(grammar, path.as_str(), errors, &after)
        .map_err(|error| error.help(format!("write this by hand, then run again:\n{entry}")))?;
    save(desk, &path, bom, after);
    note(desk, site, &path, &name, "entry".into());
    Ok(())
}

fn slot(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Turn,
    desk: &mut Desk<'_, '_>,
    rules: &RuleBook,
) -> Result<()> {
    let Some(path) = file(site, scope, turn, desk)? else {
        return Ok(());
    };
    let grammar = grammar_of(&path)?;
    let value = scope.text(site.value.as_deref().unwrap_or_default(), turn)?;
    let by_hand = scope.text(site.insert.as_deref().unwrap_or_default(), turn)?;
    let (body, bom) = text_of(desk, &path)?;
    let var = site.var.as_deref().unwrap_or_default();
    let rule = rules.slot(grammar, site)?;
    let tree = grammar.parse(&body);
    let holders: Vec<_> = rule
        .find_all(&tree.root())
        .iter()
        .filter_map(|found| found.var(var))
        .collect();
    let holder = match holders.as_slice() {
        [holder] => holder,
        [] => return Err(no_place(&NotFound::Nowhere, &path, site, &by_hand)),
        many => {
            let places: Vec<LineCol> = many
                .iter()
                .map(|node| line_col(&body, node.range().start))
                .collect();
            return Err(no_place(&NotFound::Ambiguous(places), &path, site, &by_hand));
        }
    };
    let was = holder.text().to_string();
    if was == value {
        return Ok(());
    }
    let after = apply_edits(&body, &[TextEdit::replace(holder.range(), &value)]);
    list::check_edit(grammar, path.as_str(), error_count(&tree), &after)?;
    save(desk, &path, bom, after);
    note(desk, site, &path, "", was);
    Ok(())
}

/// The entry in the file's own indentation, quotes and semicolons.
fn dress(entry: &str, body: &str, grammar: Grammar, format: &Format) -> String {
    let lf = Format {
        bom: false,
        eol: tenon_text::format::Eol::Lf,
        ..*format
    };
    let entry = to_format(entry.trim_end(), Indent::Spaces(4), &lf);
    code::like(grammar, &entry, body)
}

fn with_imports(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Turn,
    desk: &Desk<'_, '_>,
    (grammar, mut place): (Grammar, usize),
    mut body: String,
) -> Result<String> {
    for template in &site.imports {
        let text = scope.text(template, turn)?;
        if text.trim().is_empty() {
            continue;
        }
        for import in code::read_imports(grammar, &text) {
            let unit = Indent::detect(&body).unwrap_or(desk.indent);
            let style = Style {
                indent: unit.unit(),
                ..desk.style.clone()
            };
            let edits = code::ensure_import_at(grammar, &body, &import, &style, place)?;
            let length = body.len();
            body = apply_edits(&body, &edits);
            // Imports stand above what needs them.
            place = (place + body.len()).saturating_sub(length);
        }
    }
    Ok(body)
}

fn no_place(why: &NotFound, path: &HostPath, site: &Site, entry: &str) -> Error {
    let error = match why {
        NotFound::Nowhere => Error::new(format!(
            "`{path}` has no place for the site `{}`: nothing there matches",
            site.id
        ))
        .in_file(path.as_str()),
        NotFound::Ambiguous(places) => {
            let lines: Vec<String> = places.iter().map(|at| at.line.to_string()).collect();
            Error::new(format!(
                "`{path}` has {} places for the site `{}`: lines {}",
                places.len(),
                site.id,
                lines.join(", ")
            ))
            .in_file(path.as_str())
        }
    };
    error.help(format!(
        "nothing was changed; write this there by hand, then run again:\n{entry}"
    ))
}

#[path = "site_lines.rs"]
mod lines;
