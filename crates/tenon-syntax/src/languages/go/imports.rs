//! Imports of Go files: read, added where their neighbours would have them, taken out, and put in order.
//!
//! An import may stand in parentheses with others or alone; groups in parentheses are lines without a blank line between
//! them, each sorted by path, as `gofmt` leaves them. Edits touch no other line.

use std::collections::HashMap;
use std::ops::Range;

use crate::contract::{Import, ImportKind};
use crate::imports::{Statements, first, with_eol};
use crate::language::PublicNames;
use crate::tree::{Node, Tree};
use tenon_text::diag::{Error, Result, Span, TextEdit};
use tenon_text::format::{line_end, line_start};

use super::decl::spec;
use super::file::Spec;
use super::grammar::GRAMMAR;
use super::names::{base_name, is_standard};
use super::print::spec_text;

/// One `import` declaration.
struct Block {
    span: Span,
    specs: Vec<Spec>,
    parens: bool,
}

fn blocks(tree: &Tree) -> Vec<Block> {
    let root = tree.root();
    let all = root.children().filter(|node| node.kind() == "import_declaration");
    all.map(|node| Block {
        span: node.range().into(),
        parens: node.children().any(|child| child.kind() == "import_spec_list"),
        specs: specs(&node),
    })
    .collect()
}

fn specs(node: &Node<'_>) -> Vec<Spec> {
    node.dfs()
        .filter(|node| node.kind() == "import_spec")
        .filter_map(|node| spec(&node))
        .collect()
}

/// The name that an import has in its file; empty for one that binds none.
pub fn local_name(import: &Import) -> String {
    match import.alias.as_deref() {
        Some("_" | ".") => String::new(),
        Some(alias) => alias.to_owned(),
        None => base_name(&import.module),
    }
}

fn import_of(spec: &Spec) -> Import {
    Import {
        module: spec.path.clone(),
        name: base_name(&spec.path),
        alias: spec.alias.clone(),
        kind: ImportKind::Namespace,
        type_only: false,
    }
}

/// Every import of `text`, in order.
pub fn read_imports(text: &str) -> Vec<Import> {
    let tree = GRAMMAR.parse(text);
    let all = blocks(&tree);
    all.iter().flat_map(|block| &block.specs).map(import_of).collect()
}

/// What `text` calls the packages that it imports; the first of two that are called alike.
pub fn public_names(text: &str) -> PublicNames {
    let imports = read_imports(text);
    let called = |import: &Import| import.module.rsplit('/').next().unwrap_or_default().to_owned();
    let mut packages = HashMap::new();
    for import in &imports {
        packages
            .entry(local_name(import))
            .or_insert_with(|| called(import));
    }
    let is_opened = |import: &&Import| import.alias.as_deref() == Some(".");
    let mut opened = imports.iter().filter(is_opened);
    let opened = match (opened.next(), opened.next()) {
        (Some(only), None) => Some(called(only)),
        _ => None,
    };
    PublicNames { packages, opened }
}

/// Whether `source` uses the package that it calls `name`.
pub fn uses(source: &str, name: &str) -> bool {
    used(&GRAMMAR.parse(source), name)
}

fn used(tree: &Tree, name: &str) -> bool {
    tree.root().dfs().any(|node| match &*node.kind() {
        "qualified_type" => node
            .field("package")
            .is_some_and(|package| package.text() == name),
        "selector_expression" => node
            .field("operand")
            .is_some_and(|operand| operand.kind() == "identifier" && operand.text() == name),
        _ => false,
    })
}

/// The edits that give `source` the import; none if it has it.
pub fn ensure_import(source: &str, import: &Import) -> Result<Vec<TextEdit>> {
    let tree = GRAMMAR.parse(source);
    let blocks = blocks(&tree);
    let local = local_name(import);
    for spec in blocks.iter().flat_map(|block| &block.specs) {
        let known = local_name(&import_of(spec));
        if spec.path == import.module && known == local {
            return Ok(vec![]);
        }
        if known == local && !local.is_empty() {
            return Err(taken(
                &local,
                import,
                &format!("imports `{}` under that name", spec.path),
            ));
        }
    }
    if !local.is_empty() && bound(&tree, &local) {
        return Err(taken(&local, import, "calls something of its own so"));
    }
    let text = spec_text(import);
    let list = blocks
        .iter()
        .filter(|block| block.parens && !is_c(block) && is_broken(source, block));
    if let Some(block) = list.max_by_key(|block| block.specs.len()) {
        return Ok(vec![into_list(source, block, import, &text)]);
    }
    let line = format!("import {text}");
    let declarations = declarations(source, &blocks);
    let alone = blocks.iter().rposition(|block| !is_c(block));
    if let Some(at) = alone {
        return Ok(vec![declarations.after(at, &line)]);
    }
    if let Some(last) = blocks.len().checked_sub(1) {
        return Ok(vec![declarations.apart_after(last, &line)]);
    }
    let root = tree.root();
    let clause = root.children().find(|node| node.kind() == "package_clause");
    let Some(clause) = clause else {
        return Err(Error::new(
            "the file has no package clause, so there is no place for an import",
        ));
    };
    Ok(vec![first(source, Some(clause.range().end), None, 1, &line)])
}

/// The declarations, as lines of the file.
fn declarations<'s>(source: &'s str, blocks: &[Block]) -> Statements<'s> {
    let spans = blocks.iter().map(|block| block.span).collect();
    Statements::new(source, spans, Span::new(0, source.len()), "//")
}

/// The specs of a declaration, as lines between its brackets.
fn lines<'s>(source: &'s str, block: &Block) -> Statements<'s> {
    let spans = block.specs.iter().map(|spec| spec.span).collect();
    let Span { start, end } = block.span;
    let open = source[start..end].find('(').map_or(start, |at| start + at + 1);
    Statements::new(source, spans, Span::new(open, end - 1), "//")
}

fn taken(local: &str, import: &Import, what: &str) -> Error {
    Error::new(format!(
        "the package `{}` would be called `{local}`, and the file {what}",
        import.module
    ))
    .help("choose another name, or rename what is in the way")
}

/// Whether something in the file is declared under the name, so that it would hide an import.
fn bound(tree: &Tree, name: &str) -> bool {
    tree.root().dfs().any(|node| {
        if node.kind() != "identifier" && node.kind() != "type_identifier" {
            return false;
        }
        if node.text() != name {
            return false;
        }
        let Some(parent) = node.parent() else { return false };
        match &*parent.kind() {
            "var_spec"
            | "const_spec"
            | "parameter_declaration"
            | "variadic_parameter_declaration"
            | "function_declaration"
            | "type_spec" => true,
            "expression_list" => parent.parent().is_some_and(|outer| {
                matches!(&*outer.kind(), "short_var_declaration" | "range_clause")
                    && outer
                        .field("left")
                        .is_some_and(|left| left.range() == parent.range())
            }),
            _ => false,
        }
    })
}

fn is_c(block: &Block) -> bool {
    block.specs.iter().any(|spec| spec.path == "C")
}

/// Whether the brackets of a list stand on other lines than what is between them.
fn is_broken(source: &str, block: &Block) -> bool {
    let Span { start, end } = block.span;
    let begins = |spec: &Spec| line_start(source, spec.span.start) > start;
    let ends = |spec: &Spec| line_end(source, spec.span.end) < end;
    source[start..end].contains('\n')
        && block.specs.first().is_none_or(begins)
        && block.specs.last().is_none_or(ends)
}

/// How many elements two paths have in common at their beginning.
fn common(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// A spec in the list: in the group of its like, in order of the paths, as gofmt sorts them.
fn into_list(source: &str, block: &Block, import: &Import, text: &str) -> TextEdit {
    let lines = lines(source, block);
    let groups = lines.groups();
    let path = import.module.as_str();
    let standard = is_standard(path);
    let specs = |group: &Range<usize>| &block.specs[group.clone()];
    let nearness = |group: &Range<usize>| {
        let near = |spec: &&Spec| is_standard(&spec.path) == standard && (!standard || spec.alias.is_none());
        let best = specs(group).iter().filter(near);
        best.map(|spec| if standard { 1 } else { common(&spec.path, path) })
            .max()
            .unwrap_or(0)
    };
    let best = groups.iter().map(nearness).max().unwrap_or(0);
    let fits: Vec<&Range<usize>> = groups
        .iter()
        .filter(|group| best > 0 && nearness(group) == best)
        .collect();
    // Of several groups that would do, one that has nothing else, the last of them.
    let is_pure = |group: &&&Range<usize>| {
        let mut specs = specs(group).iter();
        specs.all(|spec| standard || common(&spec.path, path) == best)
    };
    let is_std = |group: &Range<usize>| specs(group).iter().all(|spec| is_standard(&spec.path));
    let group = fits.iter().rfind(is_pure).or(fits.last()).copied();
    let group = group.or_else(|| groups.iter().rfind(|group| !standard && !is_std(group)));
    let group: Vec<usize> = group.cloned().into_iter().flatten().collect();
    let is_before = |at: usize| block.specs[at].path.as_str() < path;
    let edit = lines.in_order(&group, true, is_before, text);
    edit.unwrap_or_else(|| match block.specs.len().checked_sub(1) {
        Some(_) if standard => lines.apart_before(0, text),
        Some(last) => lines.apart_after(last, text),
        None => {
            let at = line_start(source, block.span.end);
            TextEdit::insert(at, with_eol(source, block.span.start, &format!("\t{text}\n")))
        }
    })
}

/// The edits that take the import out; none if it is not there.
pub fn remove_import(source: &str, import: &Import) -> Vec<TextEdit> {
    let tree = GRAMMAR.parse(source);
    let local = local_name(import);
    let is_it = |spec: &Spec| spec.path == import.module && local_name(&import_of(spec)) == local;
    let blocks = blocks(&tree);
    let found = blocks
        .iter()
        .enumerate()
        .find_map(|(of, block)| Some((of, block.specs.iter().position(is_it)?)));
    let edit = found.map(|(of, at)| match blocks[of].specs.len() {
        1 => declarations(source, &blocks).without(of),
        _ => lines(source, &blocks[of]).without(at),
    });
    edit.into_iter().collect()
}

/// An import of a rendered file, with the comments of its own.
struct Item<'s> {
    import: Import,
    /// The lines right above it.
    above: Vec<&'s str>,
    /// What stands behind it.
    behind: &'s str,
    group: usize,
}

impl Item<'_> {
    fn print(&self) -> String {
        format!("{} {}", spec_text(&self.import), self.behind)
            .trim_end()
            .to_owned()
    }
}

/// A comment on the line behind `at`.
fn remark(source: &str, at: usize) -> &str {
    let behind = source[at..].lines().next().unwrap_or_default().trim();
    if behind.starts_with("//") { behind } else { "" }
}

fn items<'s>(source: &'s str, blocks: &[Block]) -> Vec<Item<'s>> {
    let mut out: Vec<Item<'s>> = vec![];
    // A list in which groups are set apart keeps them; else the standard library's stands first.
    let grouped = blocks
        .iter()
        .find(|block| block.parens && lines(source, block).groups().len() > 1);
    let groups: Vec<&[Spec]> = grouped.map_or(vec![], |block| {
        let groups = lines(source, block).groups();
        groups.into_iter().map(|group| &block.specs[group]).collect()
    });
    let group_of = |spec: &Spec| {
        let standard = is_standard(&spec.path);
        if groups.is_empty() {
            return usize::from(!standard);
        }
        let own = groups
            .iter()
            .position(|group| group.iter().any(|own| own.span == spec.span));
        let near = |own: &Spec| match (standard, is_standard(&own.path)) {
            (true, true) => 1,
            (false, false) => common(&own.path, &spec.path),
            _ => 0,
        };
        let nearness = |at: &usize| groups[*at].iter().map(near).max().unwrap_or(0);
        let nearest = (0..groups.len()).max_by_key(nearness);
        let nearest = nearest.filter(|at| nearness(at) > 0);
        // Before or behind all others, if it is like none of them.
        let group = own.or(nearest).map(|at| at + 1);
        group.unwrap_or(if standard { 0 } else { groups.len() + 1 })
    };
    for block in blocks {
        for spec in &block.specs {
            let mut above: Vec<&str> = vec![];
            if block.parens {
                let lines = source[block.span.start..spec.span.start].lines().rev().skip(1);
                above = lines
                    .map(str::trim)
                    .take_while(|line| line.starts_with("//"))
                    .collect();
                above.reverse();
            }
            out.push(Item {
                import: import_of(spec),
                above,
                behind: remark(source, spec.span.end),
                group: group_of(spec),
            });
        }
    }
    out
}

/// A rendered file with its imports in one list, without those that nothing uses.
pub fn organize(source: &str) -> (String, usize) {
    let tree = GRAMMAR.parse(source);
    let errors = crate::tree::error_count(&tree);
    let blocks: Vec<Block> = blocks(&tree).into_iter().filter(|block| !is_c(block)).collect();
    let (Some(first), true) = (blocks.first(), errors == 0) else {
        return (source.to_owned(), errors);
    };
    let mut imports: Vec<Item<'_>> = vec![];
    for item in items(source, &blocks) {
        let (module, local) = (&item.import.module, local_name(&item.import));
        let is_it = |known: &Item<'_>| known.import.module == *module && local_name(&known.import) == local;
        if (local.is_empty() || used(&tree, &local)) && !imports.iter().any(is_it) {
            imports.push(item);
        }
    }
    imports.sort_by(|a, b| (a.group, &a.import.module).cmp(&(b.group, &b.import.module)));
    let is_bare = |item: &Item<'_>| item.above.is_empty() && (item.behind.is_empty() || !first.parens);
    let text = match imports.as_slice() {
        [] => String::new(),
        [only] if is_bare(only) => format!("import {}\n\n", only.print()),
        _ => {
            let mut list = String::new();
            for (at, item) in imports.iter().enumerate() {
                if at > 0 && imports[at - 1].group != item.group {
                    list.push('\n');
                }
                item.above
                    .iter()
                    .for_each(|line| list.push_str(&format!("\t{line}\n")));
                list.push_str(&format!("\t{}\n", item.print()));
            }
            format!("import (\n{list})\n\n")
        }
    };
    // The declarations go, each with its comment and the blank lines behind it; the first one's place is that of the list.
    let mut out = String::new();
    let mut at = 0;
    for block in &blocks {
        out.push_str(&source[at..block.span.start]);
        if block.span == first.span {
            out.push_str(&text);
        }
        let mut rest = &source[block.span.end..];
        if !block.parens {
            let remark = remark(source, block.span.end);
            rest = rest
                .trim_start_matches([' ', '\t'])
                .strip_prefix(remark)
                .unwrap_or(rest);
        }
        at = source.len() - rest.trim_start_matches(['\n', '\r', ' ', '\t']).len();
    }
    let rest = &source[at..];
    if rest.is_empty() {
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    (out + rest, errors)
}
