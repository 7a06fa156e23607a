//! Imports of Java files: read, added where their neighbours would have them, taken out, and put in order.
//!
//! Groups of imports are lines without a blank line between them. A static import stands with others of its kind, any other with
//! those whose packages begin alike. Edits touch no other line.

use std::cmp::Ordering;
use std::ops::Range;

use crate::contract::{Import, ImportKind};
use crate::imports::{Statements, first};
use crate::style::Style;
use crate::tree::{Tree, error_count};
use tenon_text::diag::{Error, Result, Span, TextEdit};
use tenon_text::format::{line_end, line_start};
use tenon_text::regular::regular;

use super::file::{File, Statement};
use super::grammar::GRAMMAR;
use super::print::import_statement;

fn import_of(statement: &Statement) -> Import {
    Import::named(&*statement.module, &*statement.name)
}

/// Every import of `text`, in order.
pub fn read_imports(text: &str) -> Vec<Import> {
    let file = File::read(&GRAMMAR.parse(text));
    file.imports.iter().map(import_of).collect()
}

/// Whether `source` names `name` beside importing it, in code or in what documents it.
pub fn uses(source: &str, name: &str) -> bool {
    used(&GRAMMAR.parse(source), name)
}

fn used(tree: &Tree, name: &str) -> bool {
    // What is imported from everywhere has no name.
    if name == "*" {
        return true;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let root = tree.root();
    let mut nodes = root.children().filter(|node| node.kind() != "import_declaration");
    nodes.any(|node| {
        node.dfs().any(|node| match &*node.kind() {
            "identifier" | "type_identifier" => node.text() == name,
            "block_comment" => {
                let text = node.text();
                text.starts_with("/**") && text.split(|c| !is_part(c)).any(|word| word == name)
            }
            _ => false,
        })
    })
}

fn is_static(module: &str) -> bool {
    module.starts_with("static ")
}

/// In the order of the full names, static ones apart.
fn key(module: &str, name: &str) -> (bool, String) {
    (!is_static(module), format!("{module}.{name}"))
}

fn key_of(statement: &Statement) -> (bool, String) {
    key(&statement.module, &statement.name)
}

/// How many elements two packages have in common at their beginning; none if only one of them is static.
fn common(a: &str, b: &str) -> usize {
    let pairs = a.split('.').zip(b.split('.'));
    pairs.take_while(|(a, b)| a == b).count()
}

/// The edits that give `source` the import; none if it has it, or needs none.
///
/// # Errors
/// When the name is that of another import or of a type of the file.
pub fn ensure_import(source: &str, import: &Import) -> Result<Vec<TextEdit>> {
    let tree = GRAMMAR.parse(source);
    let file = File::read(&tree);
    let line = import_statement(import);
    if import.kind != ImportKind::Named || import.alias.as_ref().is_some_and(|alias| *alias != import.name) {
        return Err(Error::new(format!(
            "`{}` cannot be imported under another name",
            import.name
        )));
    }
    let is_it = |known: &&Statement| known.module == import.module && known.name == import.name;
    let covers = |known: &&Statement| known.module == import.module && known.name == "*";
    if file.imports.iter().any(|known| is_it(&known)) {
        return Ok(vec![]);
    }
    let taken = |what: String| {
        let message = format!(
            "`{}` cannot be imported from `{}`: {what}",
            import.name, import.module
        );
        Err(Error::new(message).help("write its full name where it is used, or rename what is in the way"))
    };
    let types = |module: &str| !is_static(module);
    if types(&import.module) && import.name != "*" {
        let mut others = file.imports.iter().filter(|known| types(&known.module));
        if let Some(other) = others.find(|known| known.name == import.name) {
            return taken(format!("the file imports that of `{}`", other.module));
        }
        let own = file.ty(&import.name).is_some() && import.module != file.package;
        if own {
            return taken("the file declares one itself".to_owned());
        }
        if import.module == file.package || import.module == "java.lang" {
            return Ok(vec![]);
        }
    }
    if file.imports.iter().any(|known| covers(&known)) {
        return Ok(vec![]);
    }
    let lines = lines(source, &file);
    let groups = lines.groups();
    let of = |group: &Range<usize>| &file.imports[group.clone()];
    let near = |group: &Range<usize>| {
        let nearness = of(group)
            .iter()
            .map(|known| common(&known.module, &import.module));
        nearness.max().unwrap_or(0)
    };
    let best = groups.iter().map(near).max().unwrap_or(0);
    let alike = |group: &&Range<usize>| {
        let mut all = of(group).iter();
        all.any(|known| is_static(&known.module) == is_static(&import.module))
    };
    let fitting: Vec<&Range<usize>> = groups.iter().filter(alike).collect();
    let group = match fitting.as_slice() {
        [only] => Some(*only),
        _ => fitting
            .iter()
            .rfind(|group| best > 0 && near(group) == best)
            .copied(),
    };
    if let Some(group) = group {
        let all = of(group);
        let sorted = all.is_sorted_by(|a, b| key_of(a) <= key_of(b));
        let new = key(&import.module, &import.name);
        let mut indices: Vec<usize> = group.clone().collect();
        if !sorted {
            // Beside its like, behind the last of them.
            let near = |at: &usize| common(&file.imports[*at].module, &import.module);
            let best = indices.iter().map(near).max().unwrap_or(0);
            let last = indices.iter().rposition(|at| near(at) == best);
            indices.truncate(last.map_or(indices.len(), |last| last + 1));
        }
        let is_before = |at: usize| key_of(&file.imports[at]) < new;
        return Ok(lines
            .in_order(&indices, sorted, is_before, &line)
            .into_iter()
            .collect());
    }
    Ok(vec![match file.imports.len().checked_sub(1) {
        Some(_) if is_static(&import.module) => lines.apart_before(0, &line),
        Some(last) => lines.apart_after(last, &line),
        None => {
            let code = tree
                .root()
                .children()
                .find(|node| !node.kind().contains("comment"));
            let code = code.map(|node| above(source, &tree, node.range().start));
            first(source, file.package_span.map(|span| span.end), code, 1, &line)
        }
    }])
}

/// Where the comments begin that stand directly above `at`.
fn above(source: &str, tree: &Tree, at: usize) -> usize {
    let root = tree.root();
    let comments: Vec<_> = root
        .children()
        .filter(|node| node.kind().contains("comment"))
        .collect();
    let mut start = at;
    for comment in comments.iter().rev() {
        let range = comment.range();
        let is_near = range.end <= start && source[range.end..start].matches('\n').count() == 1;
        if is_near && source[range.end..start].trim().is_empty() {
            start = range.start;
        }
    }
    start
}

fn lines<'s>(source: &'s str, file: &File) -> Statements<'s> {
    let spans = file.imports.iter().map(|statement| statement.span).collect();
    Statements::new(source, spans, Span::new(0, source.len()), "//")
}

/// The edits that take the import out; none if it is not there.
pub fn remove_import(source: &str, import: &Import) -> Vec<TextEdit> {
    let file = File::read(&GRAMMAR.parse(source));
    let is_it = |known: &Statement| known.module == import.module && known.name == import.name;
    let found = file.imports.iter().position(is_it);
    found
        .map(|at| lines(source, &file).without(at))
        .into_iter()
        .collect()
}

/// A rendered file with its imports in order, without those that nothing names, and the number of its syntax errors. Groups are those
/// of `style`, else those of the text; imports that are parted by comments stay as they are.
pub fn organize(source: &str, style: &Style) -> (String, usize) {
    let tree = GRAMMAR.parse(source);
    let errors = error_count(&tree);
    let file = File::read(&tree);
    let (Some(top), Some(last), 0) = (file.imports.first(), file.imports.last(), errors) else {
        return (source.to_owned(), errors);
    };
    let (start, end) = (
        line_start(source, top.span.start),
        line_end(source, last.span.end),
    );
    let is_import = |line: &str| {
        line.trim().is_empty() || (line.starts_with("import ") && line.trim_end().ends_with(';'))
    };
    if !source[start..end].lines().all(is_import) {
        return (source.to_owned(), errors);
    }
    let groups = lines(source, &file).groups();
    let group_of = |at: usize| match style.import_groups.is_empty() {
        true => groups.iter().position(|group| group.contains(&at)).unwrap_or(0),
        false => rank(style, &file.imports[at]),
    };
    let is_needed = |statement: &Statement| {
        let here = !is_static(&statement.module)
            && (statement.module == file.package || statement.module == "java.lang");
        !here && used(&tree, &statement.name)
    };
    let all = file.imports.iter().enumerate();
    let mut kept: Vec<(usize, &Statement)> = all
        .filter(|(_, statement)| is_needed(statement))
        .map(|(at, statement)| (group_of(at), statement))
        .collect();
    kept.sort_by(|(a, one), (b, other)| match a.cmp(b) {
        Ordering::Equal => key_of(one).cmp(&key_of(other)),
        order => order,
    });
    kept.dedup_by(|(_, one), (_, other)| one.module == other.module && one.name == other.name);
    let mut out = source[..start].to_owned();
    for (at, (group, statement)) in kept.iter().enumerate() {
        if at > 0 && kept[at - 1].0 != *group {
            out.push('\n');
        }
        out.push_str(&import_statement(&import_of(statement)));
        out.push('\n');
    }
    let rest = source[end..].trim_start_matches('\n');
    if !kept.is_empty() && !rest.is_empty() {
        out.push('\n');
    }
    (out + rest, errors)
}

/// What stands in the list of groups for the imports that no expression matches; they are the first group without it.
const OTHERS: &str = "<THIRD_PARTY_MODULES>";

/// The group of an import: the first expression that matches what stands behind `import`.
fn rank(style: &Style, statement: &Statement) -> usize {
    let full = format!("{}.{}", statement.module, statement.name);
    let groups = || style.import_groups.iter();
    let found = groups().position(|group| regular(group).is_ok_and(|group| group.is_match(&full)));
    let found = found.or_else(|| groups().position(|group| group == OTHERS));
    found.map_or(0, |at| at + 1)
}
