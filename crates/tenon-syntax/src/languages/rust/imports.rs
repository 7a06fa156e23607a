//! Imports of a file: added and taken out as rustfmt would leave them, and put in order in a rendered file.

use std::cmp::Ordering;
use std::ops::Range;

use crate::contract::Import;
use crate::imports::{Statements, first, with_eol};
use crate::style::Style;
use crate::tree::{Tree, error_count};
use tenon_text::diag::{Error, Result, Span, TextEdit};
use tenon_text::format::{line_end, line_start, with_lf};

use super::grammar::GRAMMAR;
use super::use_order::Edition;
use super::use_read::{Decl, decls, edition, is_inner_doc, is_sorted, leaf_of, tree_of};
use super::use_tree::{End, Leaf, UseTree};

/// Where a name comes from: the standard library, another crate, this crate.
fn category(path: &[String]) -> usize {
    match path
        .iter()
        .find(|segment| !segment.is_empty())
        .map(String::as_str)
    {
        Some("std" | "core" | "alloc") => 0,
        Some("crate" | "self" | "super") => 2,
        _ => 1,
    }
}

/// The edits after which `source` imports `import`: none if it does already.
///
/// A declaration of the same module takes the name in; else it gets a declaration of its own, in the group of its
/// kind.
///
/// # Errors
/// When the name stands for something else in the file.
pub fn ensure_import(source: &str, import: &Import, style: &Style) -> Result<Vec<TextEdit>> {
    let tree = GRAMMAR.parse(source);
    let decls = decls(&tree);
    let leaf = leaf_of(import);
    let (name, module) = leaf
        .path
        .split_last()
        .map_or(("", &[][..]), |(n, m)| (n.as_str(), m));
    for decl in &decls {
        for known in decl.leaves() {
            let same_glob = known.glob && !leaf.glob && known.path == module && leaf.alias.is_none();
            if known == leaf || same_glob {
                return Ok(vec![]);
            }
            if !leaf.glob && known.local() == leaf.local() && leaf.local() != "_" {
                return Err(taken(leaf.local(), &leaf.path));
            }
        }
    }
    if !leaf.glob && declares(&tree, leaf.local()) {
        return Err(taken(leaf.local(), &leaf.path));
    }
    // What a file declares itself is there under its name: `name` of no module is a crate.
    if module.is_empty() && !leaf.glob && name == leaf.local() && leaf.alias.is_none() {
        return Ok(vec![]);
    }
    let edition = edition(&decls);
    let page = Page::of(source, style, edition);
    if let Some(edit) = joined(&decls, &leaf, &page) {
        return Ok(vec![edit]);
    }
    Ok(vec![added(&tree, &decls, &leaf, &page)])
}

fn taken(name: &str, path: &[String]) -> Error {
    Error::new(format!(
        "`{name}` stands for something else already, and `{}` is needed",
        path.join("::")
    ))
    .help("import one of them under another name")
}

/// Whether the file declares something called `name`.
fn declares(tree: &Tree, name: &str) -> bool {
    let root = tree.root();
    root.children().any(|item| {
        let kinds = [
            "struct_item",
            "enum_item",
            "union_item",
            "type_item",
            "trait_item",
            "mod_item",
        ];
        kinds.contains(&&*item.kind()) && item.field("name").is_some_and(|own| own.text() == name)
    })
}

/// How the file is written.
struct Page<'t> {
    source: &'t str,
    unit: String,
    width: usize,
    edition: Edition,
}

impl<'t> Page<'t> {
    fn of(source: &'t str, style: &Style, edition: Edition) -> Self {
        let unit = if style.indent.contains('\t') {
            "\t".to_owned()
        } else {
            style.indent.clone()
        };
        Self {
            source,
            unit: if unit.is_empty() { "    ".to_owned() } else { unit },
            width: style.width,
            edition,
        }
    }

    /// What stands between `use ` and `;`, behind `taken` columns.
    fn lay(&self, tree: &UseTree, taken: usize) -> String {
        let text = tree.lay(0, taken, self.width.saturating_sub(1));
        let lines = text.lines().map(|line| {
            let bare = line.trim_start_matches(' ');
            format!("{}{bare}", self.unit.repeat((line.len() - bare.len()) / 4))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The same, in place of what `decl` says.
    fn in_place(&self, tree: &UseTree, decl: &Decl) -> String {
        let at = decl.inside.start;
        with_eol(self.source, at, &self.lay(tree, self.column(at)))
    }

    fn column(&self, at: usize) -> usize {
        self.source[line_start(self.source, at)..at].chars().count()
    }
}

/// The edit of a declaration that takes the name in.
fn joined(decls: &[Decl], leaf: &Leaf, page: &Page<'_>) -> Option<TextEdit> {
    if leaf.glob {
        return None;
    }
    let plain = || decls.iter().filter(|decl| decl.is_plain());
    let module = &leaf.path[..leaf.path.len() - 1];
    let alone = plain().filter(|decl| {
        let names = decl
            .tree
            .as_ref()
            .is_some_and(|tree| matches!(tree.end, End::Name(_)));
        names
            && decl
                .leaves()
                .iter()
                .any(|own| own.path.len() > 1 && own.path[..own.path.len() - 1] == *module)
    });
    // Where each name has a declaration of its own, another one gets one too.
    let one_each = alone.count() > 1;
    for decl in plain() {
        let Some(tree) = &decl.tree else { continue };
        if !is_sorted(tree, page.edition) || is_laid_otherwise(decl, tree, page) {
            continue;
        }
        let mut after = tree.clone();
        if !join(&mut after, &leaf.path, leaf, one_each) {
            continue;
        }
        after.sort(page.edition);
        let text = page.in_place(&after, decl);
        return Some(TextEdit::replace(decl.inside, text));
    }
    None
}

/// Whether the declaration is written otherwise than it would be printed: then it stays as it is.
fn is_laid_otherwise(decl: &Decl, tree: &UseTree, page: &Page<'_>) -> bool {
    page.in_place(tree, decl) != page.source[decl.inside.start..decl.inside.end]
}

/// Puts the leaf into `tree`, whose path is compared with `path`, what is left of the leaf's.
fn join(tree: &mut UseTree, path: &[String], leaf: &Leaf, one_each: bool) -> bool {
    let own = tree.path.len();
    match &mut tree.end {
        End::List(items) => {
            let Some(rest) = path
                .strip_prefix(tree.path.as_slice())
                .filter(|rest| !rest.is_empty())
            else {
                return false;
            };
            if items.iter_mut().any(|item| join_inside(item, rest, leaf)) {
                return true;
            }
            // A list of names takes names; one that has paths in it takes paths.
            let takes_paths = items.iter().any(|item| item.path.len() > 1);
            let may = rest.len() == 1 || (takes_paths && own > 0);
            if may {
                items.push(UseTree::name(rest.to_vec(), leaf.alias.clone()));
            }
            may
        }
        End::Name(alias) => {
            if one_each || own < 2 || path.len() != own || tree.path[..own - 1] != path[..own - 1] {
                return false;
            }
            let first = UseTree::name(tree.path[own - 1..].to_vec(), alias.clone());
            let second = UseTree::name(path[own - 1..].to_vec(), leaf.alias.clone());
            tree.path.pop();
            tree.end = End::List(vec![first, second]);
            true
        }
        End::Glob => false,
    }
}

/// Inside a list a name joins only what shares a module with it.
fn join_inside(item: &mut UseTree, rest: &[String], leaf: &Leaf) -> bool {
    let is_self = item.path.last().is_some_and(|last| last == "self");
    !is_self
        && item.path.len() < rest.len() + usize::from(matches!(item.end, End::Name(_)))
        && join(item, rest, leaf, false)
}

/// The declarations with the comments and attributes above them, as lines of the file.
fn lines<'s>(source: &'s str, decls: &[Decl]) -> Statements<'s> {
    let spans = decls.iter().map(|decl| Span::new(decl.start, decl.span.end));
    Statements::new(source, spans.collect(), Span::new(0, source.len()), "//")
}

/// A declaration of its own.
fn added(tree: &Tree, decls: &[Decl], leaf: &Leaf, page: &Page<'_>) -> TextEdit {
    let source = page.source;
    let new = tree_of(leaf);
    let text = format!("use {};", page.lay(&new, 4));
    let kind = category(&leaf.path);
    let lines = lines(source, decls);
    let groups = lines.groups();
    let kinds = |group: &Range<usize>| -> Vec<usize> {
        let private = decls[group.clone()].iter().filter(|decl| !decl.public);
        let mut kinds: Vec<usize> = private
            .flat_map(|decl| decl.leaves().into_iter().take(1))
            .map(|leaf| category(&leaf.path))
            .collect();
        kinds.dedup();
        kinds
    };
    let same = groups.iter().find(|group| kinds(group).contains(&kind));
    let mixed = || groups.iter().find(|group| kinds(group).len() > 1);
    if let Some(group) = same.or_else(mixed) {
        let is_behind = |at: &usize| {
            let tree = decls[*at].tree.as_ref();
            tree.is_some_and(|tree| tree.compare(&new, page.edition) == Ordering::Greater)
        };
        return match group.clone().find(is_behind) {
            Some(next) => lines.before(next, &text),
            None => lines.after(group.end - 1, &text),
        };
    }
    let is_later = |group: &&Range<usize>| kinds(group).first().is_some_and(|first| *first > kind);
    if let Some(later) = groups.iter().find(is_later) {
        return lines.apart_before(later.start, &text);
    }
    match decls.len().checked_sub(1) {
        Some(last) => lines.apart_after(last, &text),
        None => first(
            source,
            top(tree),
            Some(0),
            usize::from(!source.trim().is_empty()),
            &text,
        ),
    }
}

/// The end of what stands before imports: documentation and attributes of the file, crates, modules.
fn top(tree: &Tree) -> Option<usize> {
    let source = tree.source();
    let mut end = None;
    for node in tree.root().children() {
        let text = node.text();
        let stop = node.range().start + text.trim_end().len();
        let takes = match &*node.kind() {
            "inner_attribute_item" | "extern_crate_declaration" | "shebang" => true,
            "mod_item" => node.field("body").is_none(),
            "line_comment" | "block_comment" => {
                // A comment that belongs to what follows stays there.
                let gap = source[stop..].trim_start_matches([' ', '\t', '\r']);
                is_inner_doc(&text) || gap.starts_with("\n\n") || gap.starts_with("\n\r\n")
            }
            _ => break,
        };
        if takes {
            end = Some(stop);
        }
    }
    end
}

/// The edits after which `source` no longer imports `import`; none if it does not.
pub fn remove_import(source: &str, import: &Import, style: &Style) -> Vec<TextEdit> {
    let tree = GRAMMAR.parse(source);
    let decls = decls(&tree);
    let leaf = leaf_of(import);
    let page = Page::of(source, style, edition(&decls));
    for (at, decl) in decls.iter().enumerate() {
        let is_it = decl.is_plain() && decl.leaves().contains(&leaf);
        let Some(tree) = decl.tree.as_ref().filter(|_| is_it) else {
            continue;
        };
        let mut after = tree.clone();
        if !without(&mut after, &leaf.path, leaf.glob) {
            return vec![lines(source, &decls).without(at)];
        }
        after.sort(page.edition);
        let text = page.in_place(&after, decl);
        return vec![TextEdit::replace(decl.inside, text)];
    }
    vec![]
}

/// Takes the name at `path` out; whether anything is left.
fn without(tree: &mut UseTree, path: &[String], glob: bool) -> bool {
    let own = tree.path.clone();
    match &mut tree.end {
        End::Name(_) => !(!glob && (own == path || (own.len() == 1 && own[0] == "self" && path.is_empty()))),
        End::Glob => !(glob && own == path),
        End::List(items) => {
            if let Some(rest) = path.strip_prefix(own.as_slice()) {
                items.retain_mut(|item| without(item, rest, glob));
            }
            !items.is_empty()
        }
    }
}

/// A rendered file with its imports merged, sorted and grouped, and how many syntax errors it has. Re-exports,
/// declarations with attributes or comments, and those that share a line with something, stay where they are.
pub fn organize(text: &str, style: &Style) -> (String, usize) {
    let source = with_lf(text);
    let tree = GRAMMAR.parse(&source);
    let errors = error_count(&tree);
    let decls = decls(&tree);
    let own: Vec<&Decl> = decls
        .iter()
        .filter(|decl| decl.is_plain() && decl.start == decl.span.start && is_alone(&source, decl.span))
        .collect();
    let Some(first) = own.first() else {
        return (source, errors);
    };
    let mut all: Vec<UseTree> = vec![];
    for leaf in own.iter().flat_map(|decl| decl.leaves()) {
        let one = tree_of(&leaf);
        let joined = !leaf.glob
            && all
                .iter_mut()
                .any(|known| is_of_module(known, &leaf) && join(known, &leaf.path, &leaf, false));
        if !joined {
            all.push(one);
        }
    }
    for tree in &mut all {
        tree.sort(Edition::E2024);
    }
    all.sort_by(|a, b| {
        let kinds = category(&a.path).cmp(&category(&b.path));
        kinds.then_with(|| a.compare(b, Edition::E2024))
    });
    all.dedup();
    let page = Page::of(&source, style, Edition::E2024);
    let mut block = String::new();
    let mut last = None;
    for tree in &all {
        let kind = category(&tree.path);
        if last.is_some_and(|last| last != kind) {
            block.push('\n');
        }
        last = Some(kind);
        block += &format!("use {};\n", page.lay(tree, 4));
    }
    let start = line_start(&source, first.start);
    let mut between = String::new();
    let mut at = start;
    for decl in own {
        between += &source[at..line_start(&source, decl.start)];
        at = line_end(&source, decl.span.end);
        at += source[at..].find('\n').map_or(0, |end| end + 1);
    }
    let rest = source[at..].trim_start_matches('\n');
    let mut out = source[..start].to_owned() + &block;
    // What stood between them stays behind them, set apart like everything that does.
    if !between.trim().is_empty() {
        out.push('\n');
        out += between.trim_start_matches('\n');
    }
    let out = squeezed(&out);
    if rest.is_empty() {
        return (out.trim_end_matches('\n').to_owned() + "\n", errors);
    }
    (format!("{}\n\n{rest}", out.trim_end_matches('\n')), errors)
}

/// Whether nothing else stands on the lines of `span`.
fn is_alone(source: &str, span: Span) -> bool {
    let before = &source[line_start(source, span.start)..span.start];
    let behind = &source[span.end..line_end(source, span.end)];
    before.trim().is_empty() && behind.trim().is_empty()
}

/// Whether `known` is about the module of the leaf.
fn is_of_module(known: &UseTree, leaf: &Leaf) -> bool {
    let module = &leaf.path[..leaf.path.len() - 1];
    match &known.end {
        End::Name(_) => known.path.len() > 1 && known.path[..known.path.len() - 1] == *module,
        End::List(_) => known.path == module,
        End::Glob => false,
    }
}

/// `text` without several blank lines in a row.
fn squeezed(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() && out.ends_with("\n\n") {
            continue;
        }
        out.push_str(line);
    }
    out
}

/// Whether `name` is used in `source` outside of its imports.
pub fn uses(source: &str, name: &str) -> bool {
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    let mut found = root.dfs().filter(|node| {
        matches!(
            &*node.kind(),
            "identifier" | "type_identifier" | "shorthand_field_identifier"
        ) && node.text() == name
    });
    found.any(|node| !node.ancestors().any(|above| above.kind() == "use_declaration"))
}
