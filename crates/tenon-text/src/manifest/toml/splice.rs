//! Inserting and removing lines, sections and array elements in TOML text.
//!
//! A line or section is inserted behind what stands above it (`line end + text`) and removed together with the line end
//! before it, so that the last line keeps or lacks its line end as before.

use serde_json::{Map, Value};

use super::super::brackets::{Brackets, Comments, Defaults};
use super::super::node::{Body, Child, File, Layout, Node};
use super::super::ops::{Document, Place, Syntax};
use super::super::values::container_of;
use super::super::{NewEntry, lines};
use super::{Toml, last_leaf, own_start, print};
use crate::diag::{Result, Span, TextEdit};
use crate::format::{indent_at, line_start};

impl Syntax for Toml {
    fn parse(&self, file: File<'_>) -> Result<Node> {
        super::parse(file)
    }

    fn insert(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        entry: &NewEntry,
    ) -> Result<Vec<TextEdit>> {
        let container = place.container();
        let children = container.children().unwrap_or_default();
        // Tables under headers of their own, if that is what most neighbours are.
        let apart = children.iter().filter(|child| child.apart).count();
        let all_apart = !children.is_empty() && apart == children.len();
        let is_wide = matches!(entry, NewEntry::Key(_, Value::Object(map)) if map.len() > 1);
        let all_apart = all_apart || (is_wide && apart * 2 > children.len());
        match (container.layout(), entry) {
            (Some(Layout::Brackets), _) => insert_bracketed(document, container, index, entry),
            (Some(Layout::Tables), NewEntry::Item(Value::Object(map))) => tables(document, place, &[], map),
            (Some(Layout::Section(_) | Layout::Implied), NewEntry::Key(name, Value::Object(map)))
                if all_apart =>
            {
                let members: Vec<_> = map.iter().collect();
                section(document, place, std::slice::from_ref(name), ["[", "]"], &members)
            }
            (Some(Layout::Section(header)), NewEntry::Key(name, value)) => {
                insert_line(document, container, *header, index, name, value)
            }
            (Some(Layout::Implied), NewEntry::Key(name, value)) if !all_apart => {
                insert_dotted(document, place, index, name, value)
            }
            _ => Err(self.cannot(document, place)),
        }
    }

    fn create(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        missing: &[String],
        entry: &NewEntry,
    ) -> Result<Vec<TextEdit>> {
        let container = place.container();
        let children = container.children().unwrap_or_default();
        let lines_only = !children.is_empty() && !children.iter().any(|child| child.apart);
        let dotted = container.layout() == Some(&Layout::Implied) && lines_only;
        let inline = container.layout() == Some(&Layout::Brackets) || dotted;
        match (missing, entry) {
            (_, NewEntry::Key(name, value)) if !inline => {
                section(document, place, missing, ["[", "]"], &[(name, value)])
            }
            (_, NewEntry::Item(Value::Object(map))) if !inline => tables(document, place, missing, map),
            ([above @ .., name], NewEntry::Item(value)) if !inline && !above.is_empty() => section(
                document,
                place,
                above,
                ["[", "]"],
                &[(name, &Value::Array(vec![value.clone()]))],
            ),
            _ => {
                let mut nested = entry.clone();
                for step in missing.iter().rev() {
                    nested = NewEntry::Key(step.clone(), container_of(nested));
                }
                self.insert(document, place, children.len(), &nested)
            }
        }
    }

    fn remove(
        &self,
        document: &Document<'_>,
        place: &Place<'_>,
        index: usize,
        hollow: Option<&str>,
    ) -> Result<Vec<TextEdit>> {
        let text = document.file.text;
        let container = place.container();
        let children = container.children().unwrap_or_default();
        if container.layout() == Some(&Layout::Brackets) {
            return Ok(brackets(document, container)?.remove(index, hollow));
        }
        let Some(child) = children.get(index) else {
            return Ok(Vec::new());
        };
        let mut leaves = Vec::new();
        collect(child, &mut leaves);
        let leaves = joined(text, leaves);
        if child.apart {
            return Ok(leaves
                .into_iter()
                .map(|span| delete_section(text, span))
                .collect());
        }
        let is_root = place.parent().is_none();
        let only = is_root && children.iter().filter(|child| !child.apart).count() == 1;
        let before_sections = only && leaves.len() == 1 && children.len() > 1;
        let delete = |span: Span| {
            let whole = Span::new(span.start, lines::tail(text, span.end));
            if before_sections {
                lines::delete_with_blank_below(text, span)
            } else if brought_its_end(container, index) {
                lines::delete_with_end(text, whole)
            } else {
                lines::delete(text, whole)
            }
        };
        Ok(leaves.into_iter().map(delete).collect())
    }

    fn hollow(&self, document: &Document<'_>, container: &Node) -> Option<String> {
        let bracketed = container.layout() == Some(&Layout::Brackets);
        bracketed
            .then(|| brackets(document, container).ok()?.hollow())
            .flatten()
    }

    fn is_bare(&self, document: &Document<'_>, place: &Place<'_>) -> bool {
        let container = place.container();
        match container.layout() {
            Some(Layout::Brackets) => brackets(document, container).is_ok_and(|list| !list.keeps_comments()),
            Some(Layout::Section(Some(header))) => {
                let text = document.file.text;
                let from = lines::tail(text, header.end);
                own_start(container).is_none_or(|start| text[from..start].trim().is_empty())
            }
            _ => true,
        }
    }
}

impl Toml {
    fn cannot(&self, document: &Document<'_>, place: &Place<'_>) -> crate::diag::Error {
        let names = print::path(&place.names());
        document
            .file
            .error(
                place.container().span.start,
                format!("`{names}` has no place of its own to insert into"),
            )
            .help(format!("write the header `[{names}]` first"))
    }
}

/// Whether the line of the child at `index` is one that an insertion would have put before the next one, with the line end
/// behind it: there is no header above, and no line of its own table.
fn brought_its_end(container: &Node, index: usize) -> bool {
    let children = container.children().unwrap_or_default();
    let is_line: &dyn Fn(&Child) -> bool = match container.layout() {
        Some(Layout::Section(None)) => &|child| !child.apart,
        Some(Layout::Implied) => &is_leaf,
        _ => return false,
    };
    !children[..index].iter().any(is_line) && children[index + 1..].iter().any(is_line)
}

/// Whether `child` is a line and no table that dotted keys make.
fn is_leaf(child: &Child) -> bool {
    !child.apart && child.node.layout() != Some(&Layout::Implied)
}

/// The spans that go with `child`: lines and, under their headers, sections.
fn collect(child: &Child, out: &mut Vec<Span>) {
    match (child.node.layout(), child.node.children()) {
        (Some(Layout::Section(_)), children) => {
            out.push(child.node.span);
            for child in children.unwrap_or_default().iter().filter(|child| child.apart) {
                collect(child, out);
            }
        }
        (Some(Layout::Tables | Layout::Implied), Some(children)) => {
            for child in children {
                collect(child, out);
            }
        }
        _ => out.push(child.span),
    }
}

/// `spans` in their order, those with only blanks between them as one.
fn joined(text: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last)
                if text[lines::tail(text, last.end).min(span.start)..span.start]
                    .trim()
                    .is_empty() =>
            {
                last.end = last.end.max(span.end);
            }
            _ => out.push(span),
        }
    }
    out
}

fn brackets<'t>(document: &Document<'t>, container: &Node) -> Result<Brackets<'t>> {
    let children = container.children().unwrap_or_default();
    if let Some(dotted) = children
        .iter()
        .find(|child| child.node.layout() == Some(&Layout::Implied))
    {
        let message = "an inline table with dotted keys cannot be edited";
        return Err(document
            .file
            .error(dotted.span.start, message)
            .help("edit it by hand"));
    }
    let items = children.iter().map(|child| child.span).collect();
    Ok(Brackets {
        text: document.file.text,
        span: container.span,
        items,
        comments: Comments::Hash,
    })
}

fn insert_bracketed(
    document: &Document<'_>,
    container: &Node,
    index: usize,
    entry: &NewEntry,
) -> Result<Vec<TextEdit>> {
    let list = brackets(document, container)?;
    let is_table = matches!(container.body, Body::Object(..));
    let unit = document.look.indent.unit();
    let defaults = Defaults {
        own_line: false,
        unit: if unit == "  " { "    " } else { &unit },
        gap: " ",
        pad: if is_table { " " } else { "" },
        eol: document.look.eol,
    };
    let placement = list.placement(index, &defaults);
    let sibling = list.items.get(index.saturating_sub(1));
    let literal = sibling.is_some_and(|item| document.file.text[item.start..].starts_with('\''));
    let text = match entry {
        NewEntry::Item(value) => print::print(value, literal),
        NewEntry::Key(name, value) => {
            print::print(value, false).map(|value| format!("{} = {value}", print::key(name)))
        }
    };
    let text = text.map_err(|error| error.in_file(document.file.path))?;
    Ok(list.insert(index, &text, &placement, &defaults))
}

/// `name = value` as a line, under the header of `container` or at the top of the document.
fn insert_line(
    document: &Document<'_>,
    container: &Node,
    header: Option<Span>,
    index: usize,
    name: &str,
    value: &Value,
) -> Result<Vec<TextEdit>> {
    let text = document.file.text;
    let eol = document.look.eol.as_str();
    let children = container.children().unwrap_or_default();
    let own = |child: &&Child| !child.apart;
    let previous = children[..index.min(children.len())]
        .iter()
        .rev()
        .find(own)
        .map(last_leaf);
    let next = children.iter().filter(own).min_by_key(|child| child.span.start);
    let (key, value) = as_neighbours(children, name, value);
    let line = member_line(document, previous.or(next), &key, value)?;
    let indent = previous
        .or(next)
        .map_or("", |child| indent_at(text, child.span.start));
    let edit = match (previous, header, next) {
        (Some(child), _, _) => {
            TextEdit::insert(lines::tail(text, child.span.end), format!("{eol}{indent}{line}"))
        }
        (None, Some(header), _) => {
            TextEdit::insert(lines::tail(text, header.end), format!("{eol}{indent}{line}"))
        }
        (None, None, Some(first)) => TextEdit::insert(first.span.start, format!("{line}{eol}{indent}")),
        (None, None, None) => first_line(text, eol, container, &line),
    };
    Ok(vec![edit])
}

/// `name.member` with the member's value where the table would have one member and its neighbours are written so.
fn as_neighbours<'v>(children: &[Child], name: &str, value: &'v Value) -> (String, &'v Value) {
    let plain = (print::key(name), value);
    let Value::Object(map) = value else { return plain };
    let mut members = map.iter();
    let (Some((member, inner)), None) = (members.next(), members.next()) else {
        return plain;
    };
    let has = |child: &&Child, layout: Layout| {
        let own = child.node.children().unwrap_or_default();
        let is_it = |own: &Child| own.key.as_ref().is_some_and(|key| key.name == *member);
        child.node.layout() == Some(&layout) && !child.apart && own.iter().any(is_it)
    };
    let dotted = children
        .iter()
        .filter(|child| has(child, Layout::Implied))
        .count();
    let inline = children
        .iter()
        .filter(|child| has(child, Layout::Brackets))
        .count();
    if dotted <= inline {
        return plain;
    }
    (format!("{}.{}", plain.0, print::key(member)), inner)
}

/// The first line of a document that has sections or comments only.
fn first_line(text: &str, eol: &str, root: &Node, line: &str) -> TextEdit {
    let mut sections = Vec::new();
    for child in root.children().unwrap_or_default() {
        collect(child, &mut sections);
    }
    match sections.into_iter().map(|span| span.start).min() {
        Some(header) => {
            let at = lines::comment_block_start(text, line_start(text, header));
            TextEdit::insert(at, format!("{line}{eol}{eol}"))
        }
        None if text.trim().is_empty() => TextEdit::insert(0, format!("{line}{eol}")),
        None => TextEdit::insert(text.trim_end().len(), format!("{eol}{line}")),
    }
}

/// `prefix.name = value`, below the lines of a table that dotted keys make.
fn insert_dotted(
    document: &Document<'_>,
    place: &Place<'_>,
    index: usize,
    name: &str,
    value: &Value,
) -> Result<Vec<TextEdit>> {
    let text = document.file.text;
    let children = place.container().children().unwrap_or_default();
    let leaf = children[..index].iter().rev().find(|child| is_leaf(child));
    let Some((sibling, after)) = leaf.map(|leaf| (leaf, true)).or_else(|| {
        children
            .iter()
            .find(|child| is_leaf(child))
            .map(|leaf| (leaf, false))
    }) else {
        return Err(Toml.cannot(document, place));
    };
    let Some(key) = &sibling.key else {
        return Err(Toml.cannot(document, place));
    };
    let eol = document.look.eol.as_str();
    let indent = indent_at(text, sibling.span.start);
    let dotted = format!(
        "{}{}",
        &text[sibling.span.start..key.span.start],
        print::key(name)
    );
    let line = member_line(document, Some(sibling), &dotted, value)?;
    Ok(vec![if after {
        TextEdit::insert(
            lines::tail(text, sibling.span.end),
            format!("{eol}{indent}{line}"),
        )
    } else {
        TextEdit::insert(sibling.span.start, format!("{line}{eol}{indent}"))
    }])
}

/// `key = value`, with blanks round the sign unless `sibling` goes without, and quotes as `sibling` has them.
fn member_line(document: &Document<'_>, sibling: Option<&Child>, key: &str, value: &Value) -> Result<String> {
    let text = document.file.text;
    // A table that dotted keys make begins before its own key ends.
    let between = |child: &Child| text.get(child.key.as_ref()?.span.end..child.node.span.start);
    let sign = if sibling.and_then(between) == Some("=") {
        "="
    } else {
        " = "
    };
    let literal = sibling.is_some_and(|child| text[child.node.span.start..].starts_with('\''));
    let value = print::print(value, literal).map_err(|error| error.in_file(document.file.path))?;
    Ok(format!("{key}{sign}{value}"))
}

/// A new `[[header]]` for `missing` below `place`.
fn tables(
    document: &Document<'_>,
    place: &Place<'_>,
    missing: &[String],
    members: &Map<String, Value>,
) -> Result<Vec<TextEdit>> {
    let members: Vec<_> = members.iter().collect();
    section(document, place, missing, ["[[", "]]"], &members)
}

/// A new header for `missing` below `place`, with `members`: behind the sections that stand there, or at the end.
fn section(
    document: &Document<'_>,
    place: &Place<'_>,
    missing: &[String],
    [open, close]: [&str; 2],
    members: &[(&String, &Value)],
) -> Result<Vec<TextEdit>> {
    let text = document.file.text;
    let eol = document.look.eol.as_str();
    let named = |at: usize| place.child(at)?.key.as_ref().map(|key| key.name.clone());
    let mut names: Vec<String> = (1..place.nodes.len()).filter_map(named).collect();
    names.extend_from_slice(missing);
    let mut out = format!("{open}{}{close}", print::path(&names));
    for (name, value) in members {
        out.push_str(eol);
        out.push_str(&member_line(document, None, &print::key(name), value)?);
    }
    let mut siblings = Vec::new();
    if place.parent().is_some() {
        for child in place
            .container()
            .children()
            .unwrap_or_default()
            .iter()
            .filter(|child| child.apart)
        {
            collect(child, &mut siblings);
        }
    }
    let end = siblings.iter().map(|span| span.end).max();
    let at = end.map_or(text.trim_end().len(), |end| {
        lines::comment_block_end(text, lines::tail(text, end))
    });
    Ok(vec![match at {
        0 => TextEdit::insert(0, format!("{out}{eol}")),
        at => TextEdit::insert(at, format!("{eol}{eol}{out}")),
    }])
}

/// Removes a section, and the blank line above it.
fn delete_section(text: &str, span: Span) -> TextEdit {
    let end = lines::tail(text, span.end);
    let start = line_start(text, span.start);
    if start == 0 {
        let rest = text[end..].trim().is_empty();
        return if rest {
            lines::delete(text, Span::new(0, end))
        } else {
            lines::delete_with_blank_below(text, Span::new(0, span.end))
        };
    }
    let start = lines::break_before(text, start);
    let above = line_start(text, start);
    let blank = above > 0 && text[above..start].trim().is_empty();
    TextEdit::replace(
        if blank {
            lines::break_before(text, above)
        } else {
            start
        }..end,
        "",
    )
}
