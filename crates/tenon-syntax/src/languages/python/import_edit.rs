//! Adding a name to the imports of a file, and taking one out: the least that has to change.

use std::ops::Range;

use crate::contract::{Import, ImportKind};
use crate::imports::{Names, Statements, first, with_eol};
use crate::style::Style;
use crate::tree::Node;
use tenon_text::diag::{Error, Result, Span, TextEdit};
use tenon_text::format::{indent_at, line_end, line_start};

use super::grammar::GRAMMAR;
use super::layout::{Wrap, print, wrap_of};
use super::order::{Rank, place, rank, top};
use super::statement::{Name, Statement, line};

/// The edits after which `source` imports `import`. Without `block` it is imported at the top of the file; `block` is a
/// place inside of a function: if the function has imports of its own, it is imported there, as its neighbours are.
///
/// Errors: the name is taken by another import of the same place.
pub fn ensure_import(
    source: &str,
    import: &Import,
    style: &Style,
    block: Option<usize>,
) -> Result<Vec<TextEdit>> {
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    let local = block.and_then(|at| block_with_imports(&root, at));
    let nodes: Vec<Node<'_>> = local.as_ref().unwrap_or(&root).children().collect();
    let editor = ImportEditor {
        source,
        style,
        wrap: wrap_of(
            source,
            if style.aligned_imports {
                Wrap::Aligned
            } else {
                Wrap::Hanging
            },
        ),
        indent: match (&local, nodes.first()) {
            (Some(_), Some(first)) => indent_at(source, first.range().start).to_owned(),
            _ => String::new(),
        },
        within: local
            .as_ref()
            .map_or(Span::new(0, source.len()), |block| block.range().into()),
    };
    let statements: Vec<Statement> = nodes.iter().filter_map(Statement::of).collect();
    // What is imported at the top is known inside of functions too.
    let above: Vec<Statement> = if local.is_some() {
        root.children().filter_map(|node| Statement::of(&node)).collect()
    } else {
        vec![]
    };
    for statement in statements.iter().chain(&above) {
        for known in statement.imports(false) {
            if known.module == import.module && known.name == import.name && known.alias == import.alias {
                return Ok(vec![]);
            }
            let same_package = import.kind == ImportKind::Namespace && known.kind == ImportKind::Namespace;
            if known.local() == import.local() && !same_package {
                return Err(Error::new(format!(
                    "`{}` is imported already, from `{}`",
                    import.local(),
                    known.module
                ))
                .help(format!("rename one of them, then run again: {}", line(import))));
            }
        }
    }
    let same = statements.iter().find(|statement| {
        let plain = statement.names.iter().all(|name| name.name != "*");
        statement.from && plain && statement.module == import.module && import.kind != ImportKind::Namespace
    });
    Ok(vec![match same {
        Some(statement) => editor.add_name(statement, import),
        None => editor.add_statement(&nodes, &statements, import),
    }])
}

/// The innermost function around `at` that has import statements.
fn block_with_imports<'t>(root: &Node<'t>, at: usize) -> Option<Node<'t>> {
    root.dfs()
        .filter(|node| node.kind() == "function_definition" && node.range().contains(&at))
        .filter_map(|function| function.field("body"))
        .filter(|body| body.children().any(|child| Statement::of(&child).is_some()))
        .last()
}

struct ImportEditor<'d> {
    source: &'d str,
    style: &'d Style,
    wrap: Wrap,
    indent: String,
    within: Span,
}

impl ImportEditor<'_> {
    fn add_name(&self, statement: &Statement, import: &Import) -> TextEdit {
        let new = match &import.alias {
            None => import.name.clone(),
            Some(alias) => format!("{} as {alias}", import.name),
        };
        let names: Vec<&str> = statement.names.iter().map(|name| name.name.as_str()).collect();
        let at = place(&names, &import.name);
        let list = names_in(self.source, statement, self.style);
        let end = line_end(self.source, statement.span.1);
        let width = self
            .style
            .columns(&self.source[line_start(self.source, statement.span.0)..end]);
        let broken = list.is_broken() && statement.brackets.is_some();
        if broken || width + new.len() + 2 <= self.style.width {
            return list.insert(at, &new);
        }
        let mut all: Vec<String> = statement.names.iter().map(Name::text).collect();
        all.insert(at, new);
        let text = print(&statement.module, &all, &self.indent, self.wrap, self.style, "\n");
        let text = with_eol(self.source, statement.span.0, &text);
        TextEdit::replace(statement.span.0..statement.span.1, text)
    }

    fn add_statement(&self, nodes: &[Node<'_>], statements: &[Statement], import: &Import) -> TextEdit {
        let text = match import.kind {
            ImportKind::Namespace => line(import),
            _ => {
                let name = match &import.alias {
                    None => import.name.clone(),
                    Some(alias) => format!("{} as {alias}", import.name),
                };
                print(&import.module, &[name], &self.indent, self.wrap, self.style, "\n")
            }
        };
        let lines = lines(self.source, statements, self.within);
        let groups = lines.groups();
        if groups.is_empty() {
            return self.first_statement(nodes, &text);
        }
        let parts: Vec<&[Statement]> = groups.iter().map(|group| &statements[group.clone()]).collect();
        match self.group_for(&parts, &import.module) {
            Ok(group) => in_group(&lines, groups[group].clone(), statements, import, &text),
            Err(0) => lines.apart_before(0, &text),
            Err(behind) => lines.apart_after(groups[behind - 1].end - 1, &text),
        }
    }

    /// The group that `module` belongs to; if there is none, behind how many groups a new one goes.
    fn group_for(&self, groups: &[&[Statement]], module: &str) -> std::result::Result<usize, usize> {
        let own = &self.style.own_packages;
        let wanted = rank(module, own);
        let rank_of = |group: &[Statement]| {
            let mut ranks: Vec<Rank> = group.iter().map(|known| rank(&known.module, own)).collect();
            ranks.sort();
            ranks[ranks.len() / 2]
        };
        let same_top = |group: &&&[Statement]| {
            let is = |known: &Statement| top(&known.module) == top(module);
            wanted != Rank::Relative && group.iter().any(is)
        };
        if let Some(at) = groups.iter().position(|group| same_top(&group)) {
            return Ok(at);
        }
        if let Some(at) = groups.iter().position(|group| rank_of(group) == wanted) {
            return Ok(at);
        }
        // One group in which everything stands together.
        if let [group] = groups
            && wanted > Rank::Future
            && group
                .iter()
                .any(|known| rank(&known.module, own) != rank_of(group))
        {
            return Ok(0);
        }
        Err(groups
            .iter()
            .rposition(|group| rank_of(group) < wanted)
            .map_or(0, |at| at + 1))
    }

    /// The file has no imports yet.
    fn first_statement(&self, nodes: &[Node<'_>], text: &str) -> TextEdit {
        let code: Vec<&Node<'_>> = nodes.iter().filter(|node| node.kind() != "comment").collect();
        let is_doc = |node: &&Node<'_>| {
            node.kind() == "expression_statement"
                && node.child(0).is_some_and(|child| child.kind() == "string")
        };
        let gap = |next: Option<&&Node<'_>>| match next.map(|node| node.kind().into_owned()).as_deref() {
            Some("class_definition" | "function_definition" | "decorated_definition") => 2,
            _ => 1,
        };
        let text = format!("{}{text}", self.indent);
        match code.first() {
            Some(doc) if is_doc(doc) => {
                let end = doc.range().end;
                first(self.source, Some(end), None, gap(code.get(1)), &text)
            }
            code => {
                let start = code.map(|code| code.range().start);
                first(self.source, None, start, gap(code), &text)
            }
        }
    }
}

/// The statements, as lines of what they stand in.
fn lines<'s>(source: &'s str, statements: &[Statement], within: Span) -> Statements<'s> {
    let spans = statements
        .iter()
        .map(|statement| Span::new(statement.span.0, statement.span.1));
    Statements::new(source, spans.collect(), within, "#")
}

/// The names of a statement.
fn names_in<'s>(source: &'s str, statement: &Statement, style: &Style) -> Names<'s> {
    let (open, close) = statement.brackets.unwrap_or(statement.span);
    let spans = statement
        .names
        .iter()
        .map(|name| Span::new(name.span.0, name.span.1));
    Names {
        source,
        spans: spans.collect(),
        brackets: Span::new(open, close),
        width: style.width,
    }
}

/// A statement in a group, in the order of the others.
fn in_group(
    lines: &Statements<'_>,
    group: Range<usize>,
    statements: &[Statement],
    import: &Import,
    text: &str,
) -> TextEdit {
    let from = import.kind != ImportKind::Namespace;
    let key = |at: &usize| statements[*at].module.to_lowercase();
    let parted = group.clone().is_sorted_by_key(|at| statements[at].from);
    let all: Vec<usize> = group.clone().collect();
    // Some sort by module alone, whatever the form.
    let alike: Vec<usize> = match all.is_sorted_by_key(key) && !parted {
        true => all,
        false => all
            .into_iter()
            .filter(|at| statements[*at].from == from)
            .collect(),
    };
    let wanted = import.module.to_lowercase();
    let edit = lines.in_order(&alike, alike.is_sorted_by_key(key), |at| key(&at) <= wanted, text);
    edit.unwrap_or_else(|| match from {
        true => lines.after(group.end - 1, text),
        false => lines.before(group.start, text),
    })
}

/// The edits after which `source` does not import what it knows as `local`; none if it does not anyway. A blank line that
/// stood only between this import and others goes with it.
pub fn remove_import(source: &str, local: &str) -> Vec<TextEdit> {
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    for node in root.dfs() {
        let Some(statement) = Statement::of(&node) else {
            continue;
        };
        let imports = statement.imports(false);
        let Some(at) = imports.iter().position(|import| import.local() == local) else {
            continue;
        };
        if imports.len() > 1 {
            return names_in(source, &statement, &Style::default()).without(at);
        }
        let Some(block) = node.parent() else { continue };
        let all: Vec<Statement> = block.children().filter_map(|node| Statement::of(&node)).collect();
        let at = all
            .iter()
            .position(|other| other.span == statement.span)
            .unwrap_or(0);
        let within = match block.parent() {
            Some(_) => block.range().into(),
            None => Span::new(0, source.len()),
        };
        return vec![lines(source, &all, within).without(at)];
    }
    vec![]
}

#[cfg(test)]
#[path = "import_edit_tests.rs"]
mod tests;
