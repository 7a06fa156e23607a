//! Statements that load another file (`require`, `require_relative`, `autoload`): read, added and taken out.
//!
//! A `require` binds no name. By convention its file declares the constant that its last segment spells: that is the name which the
//! import has here, and by which it is known whether anything still uses it.

use std::ops::Range;

use crate::contract::{Import, ImportKind};
use crate::imports::{Statements, first};
use crate::tree::{Node, Tree};
use tenon_text::diag::{Error, Result, Span, TextEdit};
use tenon_text::format::line_start;
use tenon_text::names::in_case;

use super::grammar::GRAMMAR;
use super::quotes::{self, plain};

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

    /// Whether it loads the same as another.
    fn is(&self, other: &Self) -> bool {
        (self.loader, self.specifier(), &self.constant) == (other.loader, other.specifier(), &other.constant)
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
            format!("require_relative \"{}\"", module.trim_start_matches("./"))
        }
        _ => format!("require \"{module}\""),
    }
}

/// A block in which files are loaded, and the statements directly in it.
struct Block {
    within: Span,
    all: Vec<Statement>,
}

impl Block {
    /// The blocks with statements of this loader: those of autoloads stand in modules, others at the top of the file.
    fn of(tree: &Tree, loader: Loader) -> Vec<Self> {
        let is_block = |node: &Node<'_>| match &*node.kind() {
            "body_statement" => loader == Loader::Autoload,
            kind => kind == "program",
        };
        let block = |node: Node<'_>| Self {
            within: match node.parent() {
                Some(_) => node.range().into(),
                None => Span::new(0, tree.source().len()),
            },
            all: node.children().filter_map(|node| Statement::of(&node)).collect(),
        };
        let mut out: Vec<Self> = tree.root().dfs().filter(is_block).map(block).collect();
        out.retain(|block| block.all.iter().any(|known| known.loader == loader));
        out
    }

    fn lines<'s>(&self, source: &'s str) -> Statements<'s> {
        let spans = self.all.iter().map(|known| known.span).collect();
        Statements::new(source, spans, self.within, "#")
    }

    /// The edit that puts `text` among the statements with the loader of `wanted`: in the group with the nearest folder, above `place`.
    fn add(&self, source: &str, wanted: &Statement, text: &str, place: Option<usize>) -> TextEdit {
        let lines = self.lines(source);
        let path = |at: &usize| &self.all[*at].path;
        let alike = |group: Range<usize>| -> Vec<usize> {
            group.filter(|at| self.all[*at].loader == wanted.loader).collect()
        };
        let mut groups: Vec<Vec<usize>> = lines.groups().into_iter().map(alike).collect();
        groups.retain(|group| !group.is_empty());
        let is_above = |group: &[usize]| place.is_none_or(|place| self.all[group[0]].span.start < place);
        let shared = |at: &usize| {
            let segments = path(at).split('/').zip(wanted.path.split('/'));
            segments.take_while(|(own, new)| own == new).count()
        };
        let nearest = |group: &[usize]| group.iter().map(shared).max();
        groups.sort_by_key(|group| std::cmp::Reverse((is_above(group), nearest(group))));
        let group = groups.first().cloned().unwrap_or_default();
        let sorted = group.is_sorted_by_key(path);
        let edit = lines.in_order(&group, sorted, |at| *path(&at) <= wanted.path, text);
        edit.unwrap_or_else(|| lines.after(self.all.len() - 1, text))
    }
}

/// The statement that `import` would be; nothing for what stands below the directory in which a program is started.
fn wanted(import: &Import) -> Option<Statement> {
    let tree = GRAMMAR.parse(&line(import));
    let wanted = all(&tree).into_iter().next();
    wanted.filter(|_| import.kind != ImportKind::Namespace)
}

/// See [`crate::language::Language::ensure_import`].
pub fn ensure(source: &str, import: &Import, place: Option<usize>) -> Result<Vec<TextEdit>> {
    let refused = |message: String| {
        let help = format!("write this by hand, then run again: {}", line(import));
        Err(Error::new(message).help(help))
    };
    let Some(wanted) = wanted(import) else {
        return refused(format!("`{}` is no path of a file in a host", import.module));
    };
    let tree = GRAMMAR.parse(source);
    let blocks = Block::of(&tree, wanted.loader);
    for known in blocks.iter().flat_map(|block| &block.all) {
        if known.is(&wanted) {
            return Ok(vec![]);
        }
        if wanted.constant.is_some() && known.constant == wanted.constant {
            let name = &import.name;
            return refused(format!("`{name}` is loaded already, from `{}`", known.path));
        }
    }
    let text = quotes::like(&line(import), source);
    let holds = |block: &&Block| place.is_some_and(|place| block.within.range().contains(&place));
    let only = blocks.first().filter(|_| blocks.len() == 1);
    match blocks.iter().rfind(holds).or(only) {
        Some(block) => Ok(vec![block.add(source, &wanted, &text, place)]),
        None if wanted.loader == Loader::Autoload => {
            refused("it cannot be told where an `autoload` goes here".into())
        }
        None => Ok(vec![first_statement(source, &tree, &text, wanted.loader)]),
    }
}

/// The edit for a file that loads nothing in this way: what is relative comes behind all else that is loaded.
fn first_statement(source: &str, tree: &Tree, text: &str, loader: Loader) -> TextEdit {
    let is_relative = loader == Loader::Relative;
    let other = if is_relative {
        Loader::Require
    } else {
        Loader::Relative
    };
    if let Some(block) = Block::of(tree, other).first() {
        let lines = block.lines(source);
        return match is_relative {
            true => lines.apart_after(block.all.len() - 1, text),
            false => lines.apart_before(0, text),
        };
    }
    let root = tree.root();
    let code = root.children().find(|node| node.kind() != "comment");
    let code = code.map(|code| with_comment(source, code.range().start));
    first(source, None, code, 1, text)
}

/// What comments begin with that speak to the shell, the interpreter or a type checker.
const DIRECTIVES: [&str; 6] = [
    "#!",
    "# -*-",
    "# encoding:",
    "# coding:",
    "# frozen_string_literal:",
    "# typed:",
];

/// Where the comments begin that stand directly above the code at `code` and speak to people.
fn with_comment(source: &str, code: usize) -> usize {
    let mut at = line_start(source, code);
    while let Some(end) = at.checked_sub(1) {
        let line = source[line_start(source, end)..end].trim();
        if !line.starts_with('#') || DIRECTIVES.iter().any(|mark| line.starts_with(mark)) {
            break;
        }
        at = line_start(source, end);
    }
    at
}

/// See [`crate::language::Language::remove_import`].
pub fn remove(source: &str, import: &Import) -> Option<TextEdit> {
    let wanted = wanted(import)?;
    let tree = GRAMMAR.parse(source);
    Block::of(&tree, wanted.loader).iter().find_map(|block| {
        let at = block.all.iter().position(|known| known.is(&wanted))?;
        Some(block.lines(source).without(at))
    })
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
