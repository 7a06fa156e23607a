//! One import added to, or taken from, an existing file, as text edits in the file's own habits.

use std::cmp::Ordering;

use crate::contract::{Import, ImportKind};
use crate::style::Style;
use crate::tree::{Node, Tree};
use tenon_text::diag::{Error, Result, Span, TextEdit};

use super::import_list::{Specifier, Statement, first_code, goes_on, parse, specifier_of, statements};
use super::import_order::{Groups, natural};
use crate::imports::{Names, Statements, with_eol};

/// The edits that make the file `source` import `import`; none if it does.
///
/// # Errors
/// When the local name stands for something else, or is imported as a type only.
pub fn ensure_import(source: &str, import: &Import, style: &Style) -> Result<Vec<TextEdit>> {
    let tree = parse(source);
    let list = statements(&tree);
    let style = own_habits(source, &list, style);
    if let Some(existing) = list
        .iter()
        .find(|statement| statement.locals().any(|name| name == import.local()))
    {
        return present(existing, import);
    }
    if declares(&tree, import.local()) {
        return Err(Error::new(format!("`{}` is already declared", import.local())));
    }
    let mergeable = list.iter().find(|statement| {
        statement.module == import.module
            && (statement.raw.is_none() || statement.named.is_some())
            && statement.namespace.is_none()
            && !statement.is_side_effect()
            && (import.type_only || !statement.type_only)
            && !(statement.type_only && statement.default.is_some())
    });
    if let (Some(statement), ImportKind::Named) = (mergeable, import.kind) {
        return Ok(add_name(source, statement, import, &style));
    }
    if let (Some(statement), ImportKind::Default, false) = (mergeable, import.kind, import.type_only)
        && statement.default.is_none()
        && !statement.type_only
    {
        return Ok(vec![TextEdit::insert(
            statement.braces.start,
            format!("{}, ", import.local()),
        )]);
    }
    Ok(vec![add_statement(source, &tree, &list, import, &style)])
}

/// The edits that take `import` out of the file `source`; none if it is not there.
///
/// Undoes [`ensure_import`] byte for byte, but for a list of names that its author broke over lines without need.
///
/// # Errors
/// Never so far; the result leaves room for refusals.
pub fn remove_import(source: &str, import: &Import, style: &Style) -> Result<Vec<TextEdit>> {
    let tree = parse(source);
    let list = statements(&tree);
    let style = own_habits(source, &list, style);
    let Some(at) = list.iter().position(|statement| binds(statement, import)) else {
        return Ok(vec![]);
    };
    let statement = &list[at];
    let names = statement.named.as_ref().map_or(0, Vec::len);
    let others =
        usize::from(statement.default.is_some()) + usize::from(statement.namespace.is_some()) + names;
    if others <= 1 {
        return Ok(vec![lines(source, &list).without(at)]);
    }
    match import.kind {
        ImportKind::Named if names == 1 => {
            // `import D, { A }`: the braces go with the comma before them.
            Ok(vec![TextEdit::replace(
                Span::new(statement.default_end, statement.braces.end),
                "",
            )])
        }
        ImportKind::Named => Ok(remove_name(source, statement, import, &style)),
        ImportKind::Default => {
            let start = statement.default_end - import.local().len();
            let end = if statement.named.is_some() {
                statement.braces.start
            } else {
                statement.default_end
            };
            Ok(vec![TextEdit::replace(Span::new(start, end), "")])
        }
        ImportKind::Namespace => Ok(vec![]),
    }
}

/// Whether a statement binds what `import` asks for.
fn binds(statement: &Statement, import: &Import) -> bool {
    if statement.module != import.module {
        return false;
    }
    match import.kind {
        ImportKind::Default => statement.default.as_deref() == Some(import.local()),
        ImportKind::Namespace => statement.namespace.as_deref() == Some(import.local()),
        ImportKind::Named => statement
            .named
            .iter()
            .flatten()
            .any(|name| name.name == import.name && name.local() == import.local()),
    }
}

/// The local name is taken: by this import, or by another one.
fn present(existing: &Statement, import: &Import) -> Result<Vec<TextEdit>> {
    let local = import.local();
    if !binds(existing, import) {
        return Err(Error::new(format!(
            "`{local}` is already imported from `{}`",
            existing.module
        ))
        .help(format!(
            "import `{}` from `{}` under another name",
            import.name, import.module
        )));
    }
    let inline = existing
        .named
        .iter()
        .flatten()
        .find(|name| name.local() == local && name.type_only);
    if (existing.type_only || inline.is_some()) && !import.type_only {
        return Err(Error::new(format!(
            "`{local}` is imported from `{}` as a type only",
            existing.module
        ))
        .help("remove the word `type` from the import"));
    }
    Ok(vec![])
}

/// Whether a name is declared at the top level.
fn declares(tree: &Tree, name: &str) -> bool {
    let root = tree.root();
    root.named_children().any(|statement| {
        let inner = if statement.kind() == "export_statement" {
            statement.field("declaration")
        } else {
            Some(statement)
        };
        inner.is_some_and(|node| {
            let is_it = |node: &crate::tree::Node<'_>| node.field("name").is_some_and(|n| n.text() == name);
            is_it(&node)
                || node
                    .named_children()
                    .any(|child| child.kind() == "variable_declarator" && is_it(&child))
        })
    })
}

/// `style` with the quotes and semicolons that the file's imports have.
fn own_habits(source: &str, list: &[Statement], style: &Style) -> Style {
    let mut style = style.clone();
    if !list.is_empty() {
        let single = list.iter().filter(|statement| statement.quote == '\'').count();
        style.quote = if single * 2 >= list.len() { '\'' } else { '"' };
        style.semicolons = list.iter().filter(|statement| statement.semicolon).count() * 2 >= list.len();
    }
    let broken = list.iter().find_map(|statement| {
        let first = statement.named.as_ref()?.first()?;
        let line = &source[..first.span.start];
        let margin = &line[line.rfind('\n')? + 1..];
        (statement.braces.start < line.len() - margin.len() && margin.trim().is_empty())
            .then(|| margin.to_owned())
    });
    if let Some(margin) = broken.filter(|margin| !margin.is_empty()) {
        style.indent = margin;
    }
    style
}

/// Whether names stand in order, by either reading of case.
fn order_of(names: &[Specifier]) -> Option<fn(&str, &str) -> Ordering> {
    let insensitive: fn(&str, &str) -> Ordering = |a, b| natural(&a.to_lowercase(), &b.to_lowercase());
    [natural as fn(&str, &str) -> Ordering, insensitive]
        .into_iter()
        .find(|compare| {
            names
                .windows(2)
                .all(|pair| compare(pair[0].local(), pair[1].local()).is_le())
        })
}

fn add_name(source: &str, statement: &Statement, import: &Import, style: &Style) -> Vec<TextEdit> {
    let new = specifier_of(import, import.type_only && !statement.type_only);
    let text = new.print();
    let Some(names) = statement.named.as_ref().filter(|names| !names.is_empty()) else {
        return match (&statement.named, &statement.default) {
            (Some(_), _) => vec![TextEdit::replace(statement.braces, format!("{{ {text} }}"))],
            (None, _) => vec![TextEdit::insert(statement.default_end, format!(", {{ {text} }}"))],
        };
    };
    let at = order_of(names).map_or(names.len(), |compare| {
        names
            .iter()
            .position(|name| compare(name.local(), new.local()).is_gt())
            .unwrap_or(names.len())
    });
    let list = names_in(source, statement, style);
    if !list.is_broken() && statement.raw.is_none() {
        let mut wider = statement.clone();
        wider.named.get_or_insert_default().insert(at, new);
        if style.columns(&wider.flat()) > style.width {
            let text = with_eol(source, statement.span.start, &wider.broken(style));
            return changed(source, statement.span, &text);
        }
    }
    vec![list.insert(at, &text)]
}

/// The names in the braces of a statement that has some.
fn names_in<'s>(source: &'s str, statement: &Statement, style: &Style) -> Names<'s> {
    Names {
        source,
        spans: statement.named.iter().flatten().map(|name| name.span).collect(),
        brackets: statement.braces,
        width: style.width,
    }
}

fn remove_name(source: &str, statement: &Statement, import: &Import, style: &Style) -> Vec<TextEdit> {
    let names = statement.named.as_deref().unwrap_or_default();
    let is_it = |name: &Specifier| name.name == import.name && name.local() == import.local();
    let Some(at) = names.iter().position(is_it) else {
        return vec![];
    };
    let braces = &source[statement.braces.start..statement.braces.end];
    let mut narrower = statement.clone();
    narrower.named.get_or_insert_default().remove(at);
    let is_wide = |statement: &Statement| style.columns(&statement.flat()) > style.width;
    let is_plain = braces.contains('\n') && statement.raw.is_none();
    if is_plain && is_wide(statement) && !is_wide(&narrower) {
        return changed(source, statement.span, &narrower.flat());
    }
    names_in(source, statement, style).without(at)
}

/// The part of `span` that differs from `text`, replaced.
fn changed(source: &str, span: Span, text: &str) -> Vec<TextEdit> {
    let old = &source[span.start..span.end];
    let mut start = old.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(start) || !text.is_char_boundary(start) {
        start -= 1;
    }
    let longest = old.len().min(text.len()) - start;
    let mut end = old
        .bytes()
        .rev()
        .zip(text.bytes().rev())
        .take(longest)
        .take_while(|(a, b)| a == b)
        .count();
    while !old.is_char_boundary(old.len() - end) || !text.is_char_boundary(text.len() - end) {
        end -= 1;
    }
    let span = Span::new(span.start + start, span.end - end);
    vec![TextEdit::replace(span, &text[start..text.len() - end])]
}

/// The statements, as lines of the file.
fn lines<'s>(source: &'s str, list: &[Statement]) -> Statements<'s> {
    let spans = list.iter().map(|statement| statement.span).collect();
    Statements::new(source, spans, Span::new(0, source.len()), "//")
}

/// A new statement at the place that its neighbours suggest.
fn add_statement(source: &str, tree: &Tree, list: &[Statement], import: &Import, style: &Style) -> TextEdit {
    let text = Statement::of(import, style).print(style);
    let groups = Groups::shared(style);
    let group_of = |module: &str| match style.import_groups.is_empty() {
        true => family(module),
        false => groups.of(module),
    };
    let own = group_of(&import.module);
    let group: Vec<usize> = (0..list.len())
        .filter(|at| group_of(&list[*at].module) == own)
        .collect();
    let compare = |a: &str, b: &str| natural(a, b).is_le();
    let sorted = group.is_sorted_by(|a, b| compare(&list[*a].module, &list[*b].module));
    let is_before = |at: usize| compare(&list[at].module, &import.module);
    let lines = lines(source, list);
    if let Some(edit) = lines.in_order(&group, sorted, is_before, &text) {
        return edit;
    }
    let apart = !style.import_groups.is_empty();
    let before = list
        .iter()
        .rposition(|statement| group_of(&statement.module) < own);
    match before {
        _ if list.is_empty() => at_top(source, tree, &text),
        Some(before) if apart => lines.apart_after(before, &text),
        Some(before) => lines.after(before, &text),
        None if apart => lines.apart_before(0, &text),
        None => lines.before(0, &text),
    }
}

/// Where a module comes from, when the style names no groups.
fn family(module: &str) -> usize {
    match module {
        module if module.starts_with("..") => 3,
        module if module.starts_with('.') => 4,
        module if module.starts_with("@/") || module.starts_with('~') || module.starts_with('#') => 2,
        module if module.starts_with("node:") => 0,
        _ => 1,
    }
}

/// The first import of a file: behind `#!`, directives and the comments at the top.
fn at_top(source: &str, tree: &Tree, text: &str) -> TextEdit {
    let eol = with_eol(source, 0, "\n");
    let eol = eol.as_str();
    let text = with_eol(source, 0, text);
    let root = tree.root();
    let mut start = if source.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    for node in root.children() {
        let next = node.range();
        let is_directive =
            node.kind() == "expression_statement" && node.child(0).is_some_and(|c| c.kind() == "string");
        let gap = source[next.end..].len() - source[next.end..].trim_start().len();
        let blank_behind = source[next.end..next.end + gap].matches('\n').count() > 1;
        let is_header =
            node.kind() == "hash_bang_line" || is_directive || (node.kind() == "comment" && blank_behind);
        if !is_header {
            break;
        }
        start = next.end + gap;
    }
    if start >= source.len() {
        let lead = if source.is_empty() || source.ends_with('\n') {
            ""
        } else {
            eol
        };
        return TextEdit::insert(source.len(), format!("{lead}{text}{eol}"));
    }
    // Read with what these begin, the statement would go on.
    let behind: Vec<Node<'_>> = root
        .children()
        .filter(|node| node.range().start >= start)
        .collect();
    let runs_on = !text.ends_with(';') && first_code(&behind).is_some_and(goes_on);
    let end = if runs_on { ";" } else { "" };
    TextEdit::insert(start, format!("{text}{end}{eol}{eol}"))
}
