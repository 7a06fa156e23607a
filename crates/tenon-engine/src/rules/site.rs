//! A site of a pack as it stands in a host: what is listed there, and what should be. Data only; what it amounts to
//! is for the rules.

use serde_json::Value;

use crate::facts::field;
use crate::plan::scope::{Iteration, Scope};
use crate::plan::site_file::files_with_list;
use crate::plan::site_rules::others;
use tenon_pack::{Site, SiteKind, row_name};
use tenon_syntax::language::Lang;
use tenon_syntax::tree::Node;
use tenon_text::diag::{Result, Span};
use tenon_text::manifest::{ManifestFormat, twins};

use super::context::Context;
use super::entry_list;
pub use super::site_view::{Actual, Expected, Is, SiteView, State, Want, bare, declared, meets};

/// What a site of the context's member should list, by file: once for each turn.
pub fn expected(context: &Context<'_, '_>, site: &Site) -> Result<Vec<(String, Expected)>> {
    let mut out = Vec::new();
    if site.may || site.unchecked || site.except.contains(&context.member.name) {
        return Ok(out);
    }
    let name = match (site.kind, &site.key) {
        (SiteKind::Entry, _) => Some(""),
        (SiteKind::Manifest, Some(key)) => Some(key.as_str()),
        _ => site.value.as_deref(),
    };
    let Some(name) = name else { return Ok(out) };
    let turns = context.turns(site.each.as_deref(), site.row.as_deref(), site.when.as_deref())?;
    for turn in turns {
        let path = file_of(context, site, &turn)?;
        let expected = one(context, site, (name, &path), &turn, false)?;
        // What renders empty was not read back, and names nothing.
        if !expected.name.trim().is_empty() {
            out.push((path, expected));
        }
    }
    for also in &site.also {
        for row in context
            .values
            .get(also)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if is_of_another(context, field(row, "id")) {
                continue;
            }
            let each = site.each.as_deref().unwrap_or_default();
            let turn = Iteration::of(row_name(each, site.row.as_deref()), row.clone());
            let path = file_of(context, site, &turn)?;
            let expected = one(context, site, (name, &path), &turn, true)?;
            out.push((path, expected));
        }
    }
    Ok(out)
}

/// Whether a member of another kind has this name, which then asks for its entry itself.
fn is_of_another(context: &Context<'_, '_>, name: &str) -> bool {
    let mut members = context.index.named(name);
    members.any(|member| member.kind != context.member.kind)
}

fn file_of(context: &Context<'_, '_>, site: &Site, turn: &Iteration) -> Result<String> {
    let path = context.render(site.file.as_deref().unwrap_or_default(), turn)?;
    if !path.contains('*') {
        return Ok(path);
    }
    let found = context.glob(&path);
    if let [only] = found.as_slice() {
        return Ok(only.path.clone());
    }
    if site.kind == SiteKind::Entry {
        let text = |path: &str| {
            context
                .text(path)
                .map(|text| text.to_string())
                .unwrap_or_default()
        };
        let texts: Vec<(String, String)> = found
            .iter()
            .map(|found| (found.path.clone(), text(&found.path)))
            .collect();
        if let Some(first) = files_with_list(site, &texts)?.into_iter().next() {
            return Ok(first);
        }
    }
    Ok(path)
}

fn one(
    context: &Context<'_, '_>,
    site: &Site,
    (name, path): (&str, &str),
    turn: &Iteration,
    loose: bool,
) -> Result<Expected> {
    let expected = Expected {
        member: context.member.name.clone(),
        name: context.render(name, turn)?,
        loose,
        row: turn.row(),
        why: context.render(site.why.as_deref().unwrap_or_default(), turn)?,
        fields: if loose {
            vec![]
        } else {
            context.in_scope(|scope| wants(scope, site, turn))?
        },
        or_in: site
            .or_in
            .as_deref()
            .map(|dir| context.render(dir, turn))
            .transpose()?,
        entry: None,
        pointer: match site.pointer.as_deref().filter(|pointer| pointer.contains("{{")) {
            Some(pointer) => Some(context.render(pointer, turn)?),
            None => None,
        },
    };
    if site.kind == SiteKind::Entry {
        return entry_list::expected(context, site, path, turn, expected);
    }
    Ok(expected)
}

/// What the fields of `site` must say in `turn`.
pub fn wants(scope: &mut Scope<'_>, site: &Site, turn: &Iteration) -> Result<Vec<Want>> {
    let mut say = |text: &Option<String>| text.as_deref().map(|text| scope.text(text, turn)).transpose();
    let fields = site.fields.iter().map(|raw| {
        Ok(Want {
            is: say(&raw.is)?.filter(|text| !text.is_empty()),
            declared_in: say(&raw.declared_in)?,
            exported_in: say(&raw.exported_in)?,
        })
    });
    fields.collect()
}

/// The id of the row that an entry is for, for messages.
pub fn row_id(expected: &Expected) -> &str {
    expected.row.as_deref().map_or("", |row| field(row, "id"))
}

/// Reads what stands at `site` in the file at `path`. All that is `expected` is expected at the same pointer.
pub fn read<'p>(
    context: &Context<'_, '_>,
    site: &'p Site,
    path: String,
    expected: Vec<Expected>,
) -> Result<SiteView<'p>> {
    let state = if !context.stands(&path) {
        State::NoFile
    } else if !context.sound(&path) {
        State::Broken
    } else {
        match site.kind {
            SiteKind::Manifest => {
                let own = expected.iter().find_map(|expected| expected.pointer.as_deref());
                let pointer = own.or(site.pointer.as_deref()).unwrap_or_default();
                manifest(context, site, &path, pointer)
            }
            SiteKind::Entry => entry_list::read(context, site, &path, &expected)?,
            SiteKind::Member | SiteKind::Slot => State::Broken,
        }
    };
    let mut view = SiteView::new(site, path, state, expected);
    let is_others = others(site)?;
    let names = view.entries().iter().map(|entry| entry.name.clone());
    view.allowed = names.filter(|name| is_others(name)).collect();
    Ok(view)
}

fn manifest(context: &Context<'_, '_>, site: &Site, path: &str, pointer: &str) -> State {
    let Some(parsed) = context.manifest(path) else {
        return State::Broken;
    };
    let mut out = Vec::new();
    let mut found = false;
    let twins = match ManifestFormat::of_path(path) {
        Some(ManifestFormat::Xml) => twins(&parsed.to_value(), pointer),
        _ => vec![],
    };
    let others = site.also_in.iter().chain(&twins).map(String::as_str);
    for (container, pointer) in std::iter::once(pointer).chain(others).enumerate() {
        let Some(entries) = parsed.entries(pointer) else {
            continue;
        };
        if site.optional && site.key.is_none() && !parsed.is_array(pointer) {
            continue;
        }
        found = true;
        for entry in entries {
            let name = match (&site.key, &entry.key) {
                (Some(_), Some(key)) => key.clone(),
                (None, None) => entry.value.as_str().unwrap_or_default().to_owned(),
                _ => continue,
            };
            out.push(Actual {
                name,
                span: entry.span,
                name_span: entry.key_span.unwrap_or(entry.value_span),
                leads: None,
                fields: vec![],
                first_field: 0,
                container,
                misplaced: None,
                there: None,
            });
        }
    }
    if found {
        let opening = |span: Span| Span::new(span.start, span.start + 1);
        State::Open(out, parsed.span(pointer).map(opening))
    } else {
        State::NoPlace(vec![])
    }
}

/// The fields of `site` in the entry `node`.
pub fn fields(
    context: &Context<'_, '_>,
    site: &Site,
    grammar: Lang,
    path: &str,
    node: &Node<'_>,
) -> Result<Vec<Vec<Is>>> {
    let mut out = Vec::new();
    // Where attributes are nodes of their own before what they are about, they belong to it.
    let mut nodes = vec![node.clone()];
    while let Some(attribute) = nodes
        .last()
        .and_then(Node::prev)
        .filter(|node| node.kind() == "attribute_item")
    {
        nodes.push(attribute);
    }
    for raw in &site.fields {
        let rule = raw.find.rule(grammar)?;
        let mut all = Vec::new();
        let mut matches = Vec::new();
        for node in nodes.iter().rev() {
            matches.extend(rule.find_all(node)?);
        }
        for found in matches {
            let Some(node) = found.var(&raw.var) else { continue };
            let text = node.text();
            let declared = raw
                .declared_in
                .as_ref()
                .and_then(|_| declared(context, path, &text));
            all.push(Is {
                text: bare(&text),
                span: node.range().into(),
                declared,
            });
        }
        out.push(all);
    }
    Ok(out)
}
