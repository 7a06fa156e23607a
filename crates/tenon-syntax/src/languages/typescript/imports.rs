//! The imports of a file: organised in a rendered one, added to or taken from an existing one.

use crate::style::Style;
use crate::tree::{Node, Tree, error_count, has_errors};
use tenon_text::format::with_lf;

pub use super::import_edit::ensure_import;
pub use super::import_edit::remove_import;
use super::import_list::{Specifier, Statement, first_code, goes_on, parse, statement};
use super::import_order::{Groups, natural};

/// One statement with the comments that travel with it.
struct Item {
    statement: Statement,
    /// Comments above, as they stand, and one behind on the same line.
    above: String,
    behind: String,
    /// Whether a blank line stood above.
    spaced: bool,
}

/// `source` with its import statements merged, sorted and grouped at the top.
///
/// Comments above the first import, a `#!` line and directives stay on top; other comments travel with the
/// import below them. Without import groups in the style, the order stays. Nothing is dropped but duplicates.
/// A source whose imports cannot be parsed stays as it is.
#[cfg(test)]
pub fn organize(source: &str, style: &Style) -> String {
    organize_counting(source, style).0
}

/// As `organize`, with the number of syntax errors that `source` has.
pub fn organize_counting(source: &str, style: &Style) -> (String, usize) {
    let source = with_lf(source);
    let tree = parse(&source);
    let errors = error_count(&tree);
    (organized(&tree, source.clone(), style), errors)
}

fn organized(tree: &Tree, source: String, style: &Style) -> String {
    let root = tree.root();
    let nodes: Vec<Node<'_>> = root.children().collect();
    let Some(first) = nodes.iter().position(|node| node.kind() == "import_statement") else {
        return source;
    };
    if is_broken(&nodes) {
        return source;
    }
    let header_end = header_end(&nodes, first, &source);
    let (items, cuts) = collect(&nodes, first, header_end, &source, style);
    let mut header = source[..header_end].to_owned();
    let mut rest = String::new();
    let mut at = header_end;
    for (start, end) in cuts {
        rest.push_str(&source[at..start]);
        at = end;
    }
    let stays = |node: &&Node<'_>| node.range().start >= header_end && node.kind() != "import_statement";
    let behind = nodes.iter().filter(stays);
    let runs_on = first_code(behind).is_some_and(goes_on);
    rest.push_str(&source[at..]);
    // A blank line between a header and the first import stays one.
    let block = print(merge(items), style, runs_on);
    if !header.is_empty() && !header.ends_with('\n') {
        header.truncate(header.trim_end_matches('\r').len());
        header.push('\n');
    }
    let rest = rest.trim_start_matches([' ', '\t', '\n']);
    if rest.is_empty() {
        return format!("{header}{block}\n");
    }
    let end = if source.ends_with('\n') { "\n" } else { "" };
    format!("{header}{block}\n\n{}{end}", rest.trim_end_matches('\n'))
}

/// Whether an import is broken, so that nothing is moved.
fn is_broken(nodes: &[Node<'_>]) -> bool {
    let last = nodes
        .iter()
        .rposition(|node| node.kind() == "import_statement")
        .unwrap_or(0);
    nodes[..=last].iter().any(|node| {
        let is_import = node.kind() == "import_statement";
        node.is_error() || (is_import && has_errors(node))
    })
}

/// Where the statements begin: behind comments and directives at the top.
fn header_end(nodes: &[Node<'_>], first_import: usize, source: &str) -> usize {
    let first_code = nodes
        .iter()
        .position(|node| !matches!(&*node.kind(), "comment" | "hash_bang_line") && !is_directive(node))
        .unwrap_or(0);
    if first_code == first_import {
        nodes[first_import].range().start
    } else {
        comment_start(nodes, first_code, source)
    }
}

/// The start of the comments that stand directly above a statement.
fn comment_start(nodes: &[Node<'_>], at: usize, source: &str) -> usize {
    let mut start = nodes[at].range().start;
    for node in nodes[..at].iter().rev() {
        let gap = &source[node.range().end..start];
        if node.kind() != "comment" || gap.matches('\n').count() > 1 {
            break;
        }
        start = node.range().start;
    }
    start
}

fn is_directive(node: &Node<'_>) -> bool {
    node.kind() == "expression_statement" && node.child(0).is_some_and(|child| child.kind() == "string")
}

/// The imports with their comments, and the ranges they leave.
fn collect(
    nodes: &[Node<'_>],
    first: usize,
    header_end: usize,
    source: &str,
    style: &Style,
) -> (Vec<Item>, Vec<(usize, usize)>) {
    let mut items: Vec<Item> = vec![];
    let mut cuts = vec![];
    let mut pending: Vec<usize> = vec![];
    for (at, node) in nodes.iter().enumerate() {
        if node.range().end <= header_end {
            continue;
        }
        let range = node.range();
        match &*node.kind() {
            "comment" => {
                let same_line = at > 0 && !source[nodes[at - 1].range().end..range.start].contains('\n');
                let after_import = at > 0 && nodes[at - 1].kind() == "import_statement";
                match items.last_mut() {
                    Some(item) if same_line && after_import && at > first => {
                        item.behind = node.text().into_owned();
                        cuts.push((range.start, range.end));
                    }
                    _ => pending.push(at),
                }
            }
            "import_statement" => {
                let mut statement = statement(node);
                // A name with such a quote in it keeps its own.
                if !statement.module.contains(style.quote) {
                    statement.quote = style.quote;
                }
                statement.semicolon = style.semicolons;
                let start = pending.first().map_or(range.start, |at| nodes[*at].range().start);
                let mut above = source[start..range.start].to_owned();
                while above.contains("\n\n\n") {
                    above = above.replace("\n\n\n", "\n\n");
                }
                let gap = source[..start].len() - source[..start].trim_end_matches([' ', '\t', '\n']).len();
                let spaced = source[start - gap..start].matches('\n').count() > 1;
                cuts.push((start, range.end));
                pending.clear();
                items.push(Item {
                    statement,
                    above,
                    behind: String::new(),
                    spaced,
                });
            }
            _ => pending.clear(),
        }
    }
    (items, cuts)
}

/// One statement for each module and kind.
fn merge(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = vec![];
    for item in items {
        let into = out
            .iter_mut()
            .find(|known| can_merge(&known.statement, &item.statement));
        let Some(into) = into else {
            out.push(item);
            continue;
        };
        into.above.push_str(&item.above);
        if into.behind.is_empty() {
            into.behind = item.behind;
        }
        let target = &mut into.statement;
        target.default = target.default.take().or(item.statement.default);
        target.namespace = target.namespace.take().or(item.statement.namespace);
        if let Some(names) = item.statement.named {
            let list = target.named.get_or_insert_default();
            for name in names {
                add(list, name);
            }
        }
    }
    for item in &mut out {
        if let Some(list) = item.statement.named.take() {
            let mut distinct = vec![];
            for name in list {
                add(&mut distinct, name);
            }
            item.statement.named = Some(distinct);
        }
    }
    drop_types_imported_as_values(&mut out);
    out
}

/// A name imported both as a type and as a value is a value.
fn drop_types_imported_as_values(items: &mut Vec<Item>) {
    let values: Vec<(String, String, String)> = items
        .iter()
        .filter(|item| !item.statement.type_only)
        .flat_map(|item| {
            let module = item.statement.module.clone();
            let names = item
                .statement
                .named
                .iter()
                .flatten()
                .filter(|name| !name.type_only);
            names
                .map(move |name| (module.clone(), name.name.clone(), name.local().to_owned()))
                .collect::<Vec<_>>()
        })
        .collect();
    for item in items.iter_mut().filter(|item| item.statement.type_only) {
        let module = item.statement.module.clone();
        if let Some(list) = &mut item.statement.named {
            list.retain(|name| {
                !values
                    .iter()
                    .any(|(m, n, l)| *m == module && *n == name.name && *l == name.local())
            });
        }
    }
    items.retain(|item| {
        let statement = &item.statement;
        let emptied = statement.raw.is_none()
            && statement.type_only
            && statement.named.as_ref().is_some_and(Vec::is_empty);
        !(emptied && statement.default.is_none() && statement.namespace.is_none())
    });
}

fn add(list: &mut Vec<Specifier>, name: Specifier) {
    match list
        .iter_mut()
        .find(|known| known.name == name.name && known.local() == name.local())
    {
        Some(known) => known.type_only &= name.type_only,
        None => list.push(name),
    }
}

fn can_merge(a: &Statement, b: &Statement) -> bool {
    let same = a.module == b.module && a.type_only == b.type_only && a.attributes == b.attributes;
    if !same || a.raw.is_some() || b.raw.is_some() || a.is_side_effect() != b.is_side_effect() {
        return false;
    }
    let clash = |x: &Option<String>, y: &Option<String>| matches!((x, y), (Some(x), Some(y)) if x != y);
    let default = a.default.is_some() || b.default.is_some();
    let namespace = a.namespace.is_some() || b.namespace.is_some();
    let named = a.named.is_some() || b.named.is_some();
    // `import D, * as N` is allowed, `* as N, { A }` is not; a type import has either a default or names.
    let clashing = clash(&a.default, &b.default) || clash(&a.namespace, &b.namespace);
    !(clashing || (namespace && named) || (a.type_only && default && (named || namespace)))
}

/// The block of imports, without a final line break.
/// The statements in their order. If what stands behind them could go on with the last one, that has its semicolon.
fn print(mut items: Vec<Item>, style: &Style, runs_on: bool) -> String {
    let groups = Groups::shared(style);
    for list in items.iter_mut().filter_map(|item| item.statement.named.as_mut()) {
        list.sort_by(|a, b| natural(a.local(), b.local()));
    }
    let sorted = !style.import_groups.is_empty();
    if sorted {
        items.sort_by(|a, b| {
            let (a, b) = (&a.statement.module, &b.statement.module);
            groups.of(a).cmp(&groups.of(b)).then_with(|| natural(a, b))
        });
    }
    if let Some(last) = items.last_mut() {
        last.statement.semicolon |= runs_on;
    }
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            let before = &items[at - 1].statement;
            let apart = if sorted {
                groups.of(&before.module) != groups.of(&item.statement.module)
            } else {
                item.spaced
            };
            out.push_str(if apart { "\n\n" } else { "\n" });
        }
        out.push_str(&item.above);
        out.push_str(&item.statement.print(style));
        if !item.behind.is_empty() {
            out.push(' ');
            out.push_str(&item.behind);
        }
    }
    out
}

/// Whether the name `name` occurs in `source` outside import statements.
pub fn used(source: &str, name: &str) -> bool {
    if !source.contains(name) {
        return false;
    }
    let tree = parse(source);
    let root = tree.root();
    let mut stack: Vec<Node<'_>> = root
        .named_children()
        .filter(|node| node.kind() != "import_statement")
        .collect();
    while let Some(node) = stack.pop() {
        let is_name = matches!(
            &*node.kind(),
            "identifier"
                | "type_identifier"
                | "shorthand_property_identifier"
                | "shorthand_property_identifier_pattern"
        );
        if is_name && node.text() == name {
            return true;
        }
        stack.extend(node.named_children());
    }
    false
}
