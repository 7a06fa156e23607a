//! Adding a name to the imports of a file, and taking one out: the least that has to change.

use crate::contract::{Import, ImportKind};
use crate::style::Style;
use crate::tree::Node;
use tenon_text::diag::{Error, Result, TextEdit};
use tenon_text::format::{Eol, indent_at, line_end, line_start};

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
        eol: Eol::detect(source).as_str(),
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
    eol: &'d str,
    wrap: Wrap,
    indent: String,
}

impl ImportEditor<'_> {
    fn add_name(&self, statement: &Statement, import: &Import) -> TextEdit {
        let new = match &import.alias {
            None => import.name.clone(),
            Some(alias) => format!("{} as {alias}", import.name),
        };
        let names: Vec<&str> = statement.names.iter().map(|name| name.name.as_str()).collect();
        let at = place(&names, &import.name);
        let (open, close) = statement.brackets.unwrap_or(statement.span);
        let first = &statement.names[0];
        let on_lines = self.source[open..close].contains('\n') && statement.brackets.is_some();
        if on_lines && self.source[open..first.span.0].contains('\n') {
            return self.add_line(statement, at, &new);
        }
        if on_lines {
            return self.add_aligned(statement, at, &new);
        }
        let end = line_end(self.source, statement.span.1);
        let width = self
            .style
            .columns(&self.source[line_start(self.source, statement.span.0)..end]);
        if width + new.len() + 2 <= self.style.width {
            return match at {
                0 => TextEdit::insert(first.span.0, format!("{new}, ")),
                at => TextEdit::insert(statement.names[at - 1].span.1, format!(", {new}")),
            };
        }
        let mut all: Vec<String> = statement.names.iter().map(Name::text).collect();
        all.insert(at, new);
        let text = print(
            &statement.module,
            &all,
            &self.indent,
            self.wrap,
            self.style,
            self.eol,
        );
        TextEdit::replace(statement.span.0..statement.span.1, text)
    }

    /// Each name has a line.
    fn add_line(&self, statement: &Statement, at: usize, new: &str) -> TextEdit {
        let first = &statement.names[0];
        let indent = indent_at(self.source, first.span.0);
        if at == 0 {
            let start = line_start(self.source, first.span.0);
            return TextEdit::insert(start, format!("{indent}{new},{}", self.eol));
        }
        let previous = &statement.names[at - 1];
        let end = line_end(self.source, previous.span.1);
        let rest = &self.source[previous.span.1..end];
        if rest.trim_start().starts_with(',') {
            return TextEdit::insert(end, format!("{}{indent}{new},", self.eol));
        }
        TextEdit::replace(previous.span.1..end, format!(",{rest}{}{indent}{new}", self.eol))
    }

    /// The names stand behind the bracket, one or more on a line.
    fn add_aligned(&self, statement: &Statement, at: usize, new: &str) -> TextEdit {
        let first = &statement.names[0];
        let pad = self
            .style
            .columns(&self.source[line_start(self.source, first.span.0)..first.span.0]);
        let pad = " ".repeat(pad);
        let one_a_line = statement
            .names
            .windows(2)
            .all(|pair| self.source[pair[0].span.1..pair[1].span.0].contains('\n'));
        if at == 0 {
            let gap = if one_a_line {
                format!("{}{pad}", self.eol)
            } else {
                " ".into()
            };
            return TextEdit::insert(first.span.0, format!("{new},{gap}"));
        }
        let previous = &statement.names[at - 1];
        let end = line_end(self.source, previous.span.1);
        let width = self
            .style
            .columns(&self.source[line_start(self.source, previous.span.1)..end]);
        if !one_a_line && width + new.len() + 2 <= self.style.width {
            return TextEdit::insert(previous.span.1, format!(", {new}"));
        }
        TextEdit::insert(previous.span.1, format!(",{}{pad}{new}", self.eol))
    }

    fn add_statement(&self, nodes: &[Node<'_>], statements: &[Statement], import: &Import) -> TextEdit {
        let text = match import.kind {
            ImportKind::Namespace => line(import),
            _ => {
                let name = match &import.alias {
                    None => import.name.clone(),
                    Some(alias) => format!("{} as {alias}", import.name),
                };
                print(
                    &import.module,
                    &[name],
                    &self.indent,
                    self.wrap,
                    self.style,
                    self.eol,
                )
            }
        };
        let groups = self.groups(statements);
        if groups.is_empty() {
            return self.first_statement(nodes, &text);
        }
        match self.group_for(&groups, &import.module) {
            Ok(group) => self.in_group(&groups[group], import, &text),
            Err(0) => {
                let start = self.start_of(groups[0][0]);
                TextEdit::insert(start, format!("{}{text}{}{}", self.indent, self.eol, self.eol))
            }
            Err(behind) => {
                let last = groups[behind - 1].last().map_or(0, |last| last.span.1);
                let at = line_end(self.source, last);
                TextEdit::insert(at, format!("{}{}{}{text}", self.eol, self.eol, self.indent))
            }
        }
    }

    /// The statements between blank lines or other code.
    fn groups<'s>(&self, statements: &'s [Statement]) -> Vec<Vec<&'s Statement>> {
        let mut out: Vec<Vec<&Statement>> = Vec::new();
        for statement in statements {
            let joined = out.last().and_then(|group| group.last()).is_some_and(|last| {
                let gap = &self.source[last.span.1..statement.span.0];
                gap.lines().skip(1).all(|line| {
                    let line = line.trim();
                    line.starts_with('#') || (line.is_empty() && gap.matches('\n').count() == 1)
                })
            });
            match out.last_mut() {
                Some(group) if joined => group.push(statement),
                _ => out.push(vec![statement]),
            }
        }
        out
    }

    /// The group that `module` belongs to; if there is none, behind how many groups a new one goes.
    fn group_for(&self, groups: &[Vec<&Statement>], module: &str) -> std::result::Result<usize, usize> {
        let own = &self.style.own_packages;
        let wanted = rank(module, own);
        let rank_of = |group: &[&Statement]| {
            let mut ranks: Vec<Rank> = group.iter().map(|known| rank(&known.module, own)).collect();
            ranks.sort();
            ranks[ranks.len() / 2]
        };
        let same_top = |group: &&Vec<&Statement>| {
            let is = |known: &&Statement| top(&known.module) == top(module);
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

    fn in_group(&self, group: &[&Statement], import: &Import, text: &str) -> TextEdit {
        let from = import.kind != ImportKind::Namespace;
        let key = |module: &str| module.to_lowercase();
        let keys: Vec<String> = group.iter().map(|known| key(&known.module)).collect();
        let parted = group.is_sorted_by_key(|known| known.from);
        // Some sort by module alone, whatever the form.
        let alike: Vec<&&Statement> = if keys.is_sorted() && !parted {
            group.iter().collect()
        } else {
            group.iter().filter(|known| known.from == from).collect()
        };
        let sorted = alike.is_sorted_by_key(|known| key(&known.module));
        let next = alike
            .iter()
            .find(|known| sorted && key(&known.module) > key(&import.module));
        let before = match (next, alike.last()) {
            (Some(next), _) => Some(**next),
            (None, None) if !from => group.first().copied(),
            _ => None,
        };
        if let Some(next) = before {
            let at = self.start_of(next);
            return TextEdit::insert(at, format!("{}{text}{}", self.indent, self.eol));
        }
        let last = alike.last().map_or(group[group.len() - 1], |last| **last);
        let at = line_end(self.source, last.span.1);
        TextEdit::insert(at, format!("{}{}{text}", self.eol, self.indent))
    }

    /// Where the lines of a statement begin, with the comments directly above it.
    fn start_of(&self, statement: &Statement) -> usize {
        let mut start = line_start(self.source, statement.span.0);
        while start > 0 {
            let above = line_start(self.source, start - 1);
            if !self.source[above..start].trim_start().starts_with('#') || above == 0 {
                break;
            }
            start = above;
        }
        start
    }

    /// The file has no imports yet.
    fn first_statement(&self, nodes: &[Node<'_>], text: &str) -> TextEdit {
        let eol = self.eol;
        let code: Vec<&Node<'_>> = nodes.iter().filter(|node| node.kind() != "comment").collect();
        let is_doc = |node: &&Node<'_>| {
            node.kind() == "expression_statement"
                && node.child(0).is_some_and(|child| child.kind() == "string")
        };
        let gap = |next: Option<&&Node<'_>>| match next.map(|node| node.kind().into_owned()).as_deref() {
            Some("class_definition" | "function_definition" | "decorated_definition") => eol.repeat(2),
            _ => eol.to_owned(),
        };
        if let Some(doc) = code.first().filter(|node| is_doc(node)) {
            let at = line_end(self.source, doc.range().end);
            let rest = &self.source[at..];
            let blank = rest.trim_start_matches(['\r', '\n', ' ']).is_empty()
                || rest.starts_with("\n\n")
                || rest.starts_with("\r\n\r\n");
            let behind = if blank { String::new() } else { gap(code.get(1)) };
            return TextEdit::insert(at, format!("{eol}{eol}{}{text}{behind}", self.indent));
        }
        let Some(first) = code.first() else {
            let end = self.source.trim_end().len();
            let before = if end == 0 { String::new() } else { eol.repeat(2) };
            let behind = if end == self.source.len() { eol } else { "" };
            return TextEdit::insert(end, format!("{before}{text}{behind}"));
        };
        let at = line_start(self.source, first.range().start);
        TextEdit::insert(at, format!("{}{text}{eol}{}", self.indent, gap(Some(first))))
    }
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
        return vec![if imports.len() == 1 {
            without_statement(source, &statement)
        } else {
            without_name(&statement, at)
        }];
    }
    vec![]
}

fn without_statement(source: &str, statement: &Statement) -> TextEdit {
    let start = line_start(source, statement.span.0);
    let mut end = line_end(source, statement.span.1);
    if source[end..].starts_with("\r\n") {
        end += 2;
    } else if source[end..].starts_with('\n') {
        end += 1;
    }
    let blank_above = source[..start].ends_with("\n\n") || source[..start].ends_with("\r\n\r\n");
    let next = source[end..].lines().next().unwrap_or_default();
    let alone = next.trim().is_empty() && blank_above;
    if alone && !source[end..].trim_start_matches(['\r', '\n']).is_empty() {
        let rest = &source[end..];
        let step = if rest.starts_with("\r\n") { 2 } else { 1 };
        return TextEdit::replace(start..end + step.min(rest.len()), "");
    }
    TextEdit::replace(start..end, "")
}

fn without_name(statement: &Statement, at: usize) -> TextEdit {
    let name = &statement.names[at];
    if let Some(next) = statement.names.get(at + 1) {
        return TextEdit::replace(name.span.0..next.span.0, "");
    }
    // The last one: what parts it from the one before goes with it.
    TextEdit::replace(statement.names[at - 1].span.1..name.span.1, "")
}

#[cfg(test)]
#[path = "import_edit_tests.rs"]
mod tests;
