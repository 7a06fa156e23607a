//! Statements that load another file (`require`, `require_relative`, `autoload`): read, added, taken out, and each kept once.
//!
//! A `require` binds no name. By convention its file declares the constant that its last segment spells: that is the name which the
//! import has here, and by which it is known whether anything still uses it.

use crate::contract::{Import, ImportKind};
use crate::imports::{Statements, first};
use crate::tree::{Node, Tree, error_count};
use tenon_text::diag::{Error, Result, Span, TextEdit, apply_edits};
use tenon_text::format::{line_end, line_start};
use tenon_text::names::in_case;

use super::grammar::GRAMMAR;
use super::quotes;

/// What loads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loader {
    /// `require "a/b"`: below a directory of the load path.
    Require,
    /// `require_relative "b"`: from the file that says so.
    Relative,
    /// `autoload :B, "a/b"`: when the constant is first named.
    Autoload,
}

/// A statement that loads a file, with a text for its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What loads it.
    pub loader: Loader,
    /// The path as written, without `.rb`.
    pub path: String,
    /// The constant of an `autoload`.
    pub constant: Option<String>,
    /// The whole.
    pub span: Span,
    /// The text of the path, with its quotes.
    pub literal: Span,
}

/// What a string literal says, if nothing in it is worked out or escaped.
pub fn plain(node: &Node<'_>) -> Option<String> {
    let mut parts = node.children().filter(|child| child.is_named());
    match (parts.next(), parts.next()) {
        _ if node.kind() != "string" => None,
        (None, _) => Some(String::new()),
        (Some(only), None) if only.kind() == "string_content" => Some(only.text().into_owned()),
        _ => None,
    }
}

impl Statement {
    /// The statement that `node` is; nothing if it is another one, or its path is worked out when it runs.
    pub fn of(node: &Node<'_>) -> Option<Self> {
        if node.kind() != "call" || node.field("receiver").is_some() {
            return None;
        }
        let loader = match &*node.field("method")?.text() {
            "require" => Loader::Require,
            "require_relative" => Loader::Relative,
            "autoload" => Loader::Autoload,
            _ => return None,
        };
        let list = node.field("arguments")?;
        let arguments: Vec<Node<'_>> = list.children().filter(|child| child.is_named()).collect();
        let (constant, literal) = match (loader, arguments.as_slice()) {
            (Loader::Autoload, [constant, path]) => {
                let text = constant.text();
                (Some(text.trim_matches([':', '"', '\'']).to_owned()), path)
            }
            (Loader::Require | Loader::Relative, [path]) => (None, path),
            _ => return None,
        };
        let path = plain(literal)?;
        Some(Self {
            loader,
            path: path.strip_suffix(".rb").unwrap_or(&path).to_owned(),
            constant,
            span: node.range().into(),
            literal: literal.range().into(),
        })
    }

    /// The specifier: what is relative to the file begins with `./` or `../`.
    pub fn specifier(&self) -> String {
        match self.loader {
            Loader::Relative if !self.path.starts_with("../") => {
                format!("./{}", self.path.trim_start_matches("./"))
            }
            _ => self.path.clone(),
        }
    }

    fn import(&self) -> Import {
        let usual = || in_case("pascal", self.path.rsplit('/').next().unwrap_or_default());
        let is_relative = self.path.starts_with(['.', '/']);
        Import {
            module: self.specifier(),
            name: self.constant.clone().unwrap_or_else(usual),
            kind: match self.loader {
                Loader::Autoload => ImportKind::Named,
                // From the directory in which the program was started: it says nothing of the host.
                Loader::Require if is_relative => ImportKind::Namespace,
                _ => ImportKind::Default,
            },
            ..Import::default()
        }
    }
}

/// Everything that `tree` loads, wherever that is said.
pub fn all(tree: &Tree) -> Vec<Statement> {
    tree.root()
        .dfs()
        .filter_map(|node| Statement::of(&node))
        .collect()
}

/// The imports of `text`.
pub fn read(text: &str) -> Vec<Import> {
    all(&GRAMMAR.parse(text)).iter().map(Statement::import).collect()
}

/// The statement for `import`.
pub fn line(import: &Import) -> String {
    let module = &import.module;
    match import.kind {
        ImportKind::Named => format!("autoload :{}, \"{module}\"", import.name),
        ImportKind::Default if module.starts_with('.') => {
            format!(
                "require_relative \"{}\"",
                module.strip_prefix("./").unwrap_or(module)
            )
        }
        _ => format!("require \"{module}\""),
    }
}

/// The statements that stand directly in `block`.
fn own(block: &Node<'_>) -> Vec<Statement> {
    block.children().filter_map(|node| Statement::of(&node)).collect()
}

/// The blocks with statements of this loader: those of autoloads stand in modules, others at the top of the file.
fn blocks<'t>(tree: &'t Tree, loader: Loader) -> Vec<Node<'t>> {
    let root = tree.root();
    let nodes: Vec<Node<'_>> = if loader == Loader::Autoload {
        root.dfs()
            .filter(|node| matches!(&*node.kind(), "program" | "body_statement"))
            .collect()
    } else {
        vec![root]
    };
    let has = |node: &Node<'_>| own(node).iter().any(|known| known.loader == loader);
    nodes.into_iter().filter(has).collect()
}

/// The statement that `import` would be.
fn wanted(import: &Import) -> Option<Statement> {
    all(&GRAMMAR.parse(&line(import))).into_iter().next()
}

/// See [`crate::language::Language::ensure_import`].
pub fn ensure(source: &str, import: &Import, place: Option<usize>) -> Result<Vec<TextEdit>> {
    let refused = |message: String| {
        let help = format!("write this by hand, then run again: {}", line(import));
        Err(Error::new(message).help(help))
    };
    let wanted = wanted(import).filter(|_| import.kind != ImportKind::Namespace);
    let Some(wanted) = wanted else {
        let path = &import.module;
        return refused(format!(
            "`{path}` is no path of a file in a host that could be loaded"
        ));
    };
    let tree = GRAMMAR.parse(source);
    let blocks = blocks(&tree, wanted.loader);
    for known in blocks.iter().flat_map(own) {
        if known.loader != wanted.loader {
            continue;
        }
        if known.specifier() == wanted.specifier() && known.constant == wanted.constant {
            return Ok(vec![]);
        }
        if let Some(name) = known
            .constant
            .as_ref()
            .filter(|_| known.constant == wanted.constant)
        {
            return refused(format!("`{name}` is loaded already, from `{}`", known.path));
        }
    }
    let text = quotes::like(&line(import), source);
    let block = match (wanted.loader, blocks.as_slice()) {
        (Loader::Autoload, []) => return refused("nothing is loaded by `autoload` here".into()),
        (_, []) => return Ok(vec![first_statement(source, &tree, &text)]),
        (_, [only]) => only.clone(),
        (_, several) => {
            let holds = |block: &&Node<'_>| place.is_some_and(|place| block.range().contains(&place));
            match several.iter().rfind(holds) {
                Some(block) => block.clone(),
                None => return refused("several modules have an `autoload` here".into()),
            }
        }
    };
    Ok(vec![beside(source, &block, &wanted, &text, place)])
}

/// The edit that puts `text` among the statements of `block`, at least one of which has its loader.
fn beside(source: &str, block: &Node<'_>, wanted: &Statement, text: &str, place: Option<usize>) -> TextEdit {
    let statements = own(block);
    let lines = lines(source, block, &statements);
    let known = |at: usize| &statements[at];
    let alike = |group: &std::ops::Range<usize>| -> Vec<usize> {
        group
            .clone()
            .filter(|at| known(*at).loader == wanted.loader)
            .collect()
    };
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let shared = |at: usize| {
        let (own, new) = (folder(&known(at).path), folder(&wanted.path));
        let segments = own.split('/').zip(new.split('/'));
        segments
            .take_while(|(own, new)| own == new && !own.is_empty())
            .count()
    };
    let mut groups: Vec<Vec<usize>> = lines.groups().iter().map(alike).collect();
    groups.retain(|group| !group.is_empty());
    // What is loaded must be there before it is used.
    let is_above = |group: &Vec<usize>| place.is_none_or(|place| known(group[0]).span.start < place);
    if groups.iter().any(is_above) {
        groups.retain(is_above);
    }
    let nearest = |group: &Vec<usize>| group.iter().map(|at| shared(*at)).max().unwrap_or(0);
    groups.sort_by_key(|group| std::cmp::Reverse(nearest(group)));
    let group = groups.first().cloned().unwrap_or_default();
    let sorted = group.is_sorted_by_key(|at| &known(*at).path);
    let edit = lines.in_order(&group, sorted, |at| known(at).path <= wanted.path, text);
    edit.unwrap_or_else(|| lines.after(statements.len() - 1, text))
}

fn lines<'s>(source: &'s str, block: &Node<'_>, statements: &[Statement]) -> Statements<'s> {
    let within = match block.parent() {
        Some(_) => block.range().into(),
        None => Span::new(0, source.len()),
    };
    Statements::new(
        source,
        statements.iter().map(|known| known.span).collect(),
        within,
        "#",
    )
}

/// The edit for a file that loads nothing in this way: what is relative comes last of all that is loaded, the rest first.
fn first_statement(source: &str, tree: &Tree, text: &str) -> TextEdit {
    let root = tree.root();
    let statements = own(&root);
    if !statements.is_empty() {
        let lines = lines(source, &root, &statements);
        let is_head = |at: &usize| statements[*at].loader == Loader::Require;
        return match (0..statements.len()).rfind(is_head) {
            Some(last) => lines.apart_after(last, text),
            None => lines.apart_before(0, text),
        };
    }
    let code = root.children().find(|node| node.kind() != "comment");
    let code = code.map(|code| with_comment(source, code.range().start));
    first(source, None, code, 1, text)
}

/// Whether a comment speaks to a program: the shell, the interpreter, a type checker.
fn is_directive(comment: &str) -> bool {
    let said = comment.trim_start_matches('#').trim();
    let word = said.split([':', ' ']).next().unwrap_or_default();
    comment.starts_with("#!")
        || matches!(
            word,
            "-*-"
                | "encoding"
                | "coding"
                | "frozen_string_literal"
                | "typed"
                | "warn_indent"
                | "shareable_constant_value"
        )
}

/// Where the comments begin that stand directly above the code at `code` and speak to people.
fn with_comment(source: &str, code: usize) -> usize {
    let mut at = line_start(source, code);
    while let Some(end) = at.checked_sub(1) {
        let above = line_start(source, end);
        let line = source[above..end].trim();
        if !line.starts_with('#') || is_directive(line) {
            break;
        }
        at = above;
    }
    at
}

/// See [`crate::language::Language::remove_import`].
pub fn remove(source: &str, import: &Import) -> Vec<TextEdit> {
    let Some(wanted) = wanted(import) else {
        return vec![];
    };
    let tree = GRAMMAR.parse(source);
    for block in blocks(&tree, wanted.loader) {
        let statements = own(&block);
        let is_it = |known: &Statement| {
            known.specifier() == wanted.specifier()
                && known.loader == wanted.loader
                && known.constant == wanted.constant
        };
        if let Some(at) = statements.iter().position(is_it) {
            return vec![lines(source, &block, &statements).without(at)];
        }
    }
    vec![]
}

/// A rendered file in which nothing is loaded twice, and the number of its syntax errors. The order stays: a file may need what the one
/// before has declared.
pub fn organize(source: &str) -> (String, usize) {
    let mut text = source.to_owned();
    loop {
        let tree = GRAMMAR.parse(&text);
        let root = tree.root();
        let statements = own(&root);
        let is_known = |at: &usize| {
            let same = |known: &Statement| {
                (known.loader, &known.path, &known.constant)
                    == (
                        statements[*at].loader,
                        &statements[*at].path,
                        &statements[*at].constant,
                    )
            };
            let span = statements[*at].span;
            let is_alone = text[line_start(&text, span.start)..span.start].trim().is_empty()
                && text[span.end..line_end(&text, span.end)].trim().is_empty();
            is_alone && statements[..*at].iter().any(same)
        };
        let Some(at) = (0..statements.len()).find(is_known) else {
            return (text.clone(), error_count(&tree));
        };
        match apply_edits(&text, &[lines(&text, &root, &statements).without(at)]) {
            Ok(after) if after.len() < text.len() => text = after,
            _ => return (text.clone(), error_count(&tree)),
        }
    }
}

/// Whether `source` names the constant `name` beside loading its file.
pub fn uses(source: &str, name: &str) -> bool {
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    root.dfs().any(|node| {
        let is = match &*node.kind() {
            "constant" | "string_content" => node.text() == name,
            "simple_symbol" => node.text().strip_prefix(':') == Some(name),
            _ => false,
        };
        is && !node.ancestors().any(|above| Statement::of(&above).is_some())
    })
}
