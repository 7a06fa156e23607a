//! Statements that load another file (`require`, `require_relative`, `autoload`): read and added.
//!
//! A `require` binds no name. By convention its file declares the constant that its last segment spells: that is the name which the
//! import has here, and by which it is known whether anything still uses it. What is relative to the file begins with `./` or `../`.

use crate::contract::{Import, ImportKind};
use crate::imports::dotted::{Conventions, Dotted};
use crate::imports::{first, with_comment};
use crate::quotes;
use crate::tree::{Node, Tree, listed, said};
use tenon_text::diag::{Error, Result, Span, TextEdit};
use tenon_text::names::{in_case, in_dir, literal};

use super::grammar::GRAMMAR;

/// How they are written. What is relative comes behind all else.
static CONVENTIONS: Conventions = Conventions {
    print: line,
    is_first: |import| !import.module.starts_with('.'),
    part: '/',
    comment: "#",
};

/// A statement that loads a file, with a text for its path.
pub struct Loaded {
    /// An `autoload` is a named one. One of the whole module is a path from the directory in which the program was started: it says
    /// nothing of the host.
    pub import: Import,
    /// The whole.
    pub span: Span,
    /// The text of the path, with its quotes.
    pub literal: Span,
    /// Whether it may fail.
    pub is_tried: bool,
}

impl Loaded {
    /// The statement that `node` is; nothing if it is another one, or its path is worked out when it runs.
    pub fn of(node: &Node<'_>) -> Option<Self> {
        if node.kind() != "call" || node.field("receiver").is_some() {
            return None;
        }
        let (word, arguments) = (said(node, "method"), listed(node, "arguments"));
        let (constant, path) = match (&*word, arguments.as_slice()) {
            ("autoload", [constant, path]) => (Some(constant), path),
            ("require" | "require_relative", [path]) => (None, path),
            _ => return None,
        };
        let text = path.text();
        let known = literal(&text).filter(|text| !text.contains("#{"))?;
        let known = known.strip_suffix(".rb").unwrap_or(known);
        let constant = constant.map(|name| name.text().trim_matches([':', '"', '\'']).to_owned());
        let kind = match &*word {
            "autoload" => ImportKind::Named,
            "require" if known.starts_with(['.', '/']) => ImportKind::Namespace,
            _ => ImportKind::Default,
        };
        let import = Import {
            module: match word == "require_relative" && !known.starts_with("../") {
                true => format!("./{}", known.trim_start_matches("./")),
                false => known.to_owned(),
            },
            name: constant.unwrap_or_else(|| in_case("pascal", in_dir(known).1)),
            kind,
            ..Import::default()
        };
        Some(Self {
            import,
            span: node.range().into(),
            literal: path.range().into(),
            is_tried: false,
        })
    }
}

/// Everything that `tree` loads, wherever that is said.
pub fn all(tree: &Tree) -> Vec<Loaded> {
    let (mut out, mut open) = (vec![], vec![(tree.root(), false)]);
    while let Some((node, is_tried)) = open.pop() {
        out.extend(Loaded::of(&node).map(|found| Loaded { is_tried, ..found }));
        let is_tried = is_tried || node.children().any(|child| child.kind() == "rescue");
        let below: Vec<_> = node.children().map(|child| (child, is_tried)).collect();
        open.extend(below.into_iter().rev());
    }
    out
}

/// The statement for `import`.
pub fn line(import: &Import) -> String {
    let module = &import.module;
    let path = module.trim_start_matches("./");
    match import.kind {
        ImportKind::Named => format!("autoload :{}, \"{module}\"", import.name),
        ImportKind::Default if module.starts_with('.') => format!("require_relative \"{path}\""),
        _ => format!("require \"{module}\""),
    }
}

/// What is loaded as `import` is, by the block that says so: autoloads stand in modules, others at the top of the file.
pub fn blocks<'s>(source: &'s str, tree: &Tree, import: &Import) -> Vec<Dotted<'s>> {
    let is_lazy = import.kind == ImportKind::Named;
    let block = |node: Node<'_>| {
        let within = match node.parent() {
            Some(_) if is_lazy && node.kind() == "body_statement" => node.range().into(),
            None => Span::new(0, source.len()),
            Some(_) => return None,
        };
        let all = node.children().filter_map(|child| Loaded::of(&child));
        let all = all.map(|loaded| (loaded.import, loaded.span));
        let all = all.filter(|(known, _)| (known.kind == ImportKind::Named) == is_lazy);
        Some(Dotted::new(source, within, all.collect(), &CONVENTIONS)).filter(|block| !block.all().is_empty())
    };
    tree.root().dfs().filter_map(block).collect()
}

/// See [`crate::language::Language::ensure_import`].
pub fn ensure(source: &str, import: &Import, place: Option<usize>) -> Result<Vec<TextEdit>> {
    let refused = |message: String| {
        let help = format!("write this by hand, then run again: {}", line(import));
        Err(Error::new(message).help(help))
    };
    let (module, name) = (&import.module, &import.name);
    if import.kind == ImportKind::Namespace {
        return refused(format!("`{module}` is no path of a file in a host"));
    }
    let tree = GRAMMAR.parse(source);
    let blocks = blocks(source, &tree, import);
    for known in blocks.iter().flat_map(Dotted::all) {
        let is_lazy = known.kind == ImportKind::Named;
        if known.kind == import.kind && known.module == *module && (!is_lazy || known.name == *name) {
            return Ok(vec![]);
        }
        if is_lazy && known.name == *name {
            return refused(format!("`{name}` is loaded already, from `{}`", known.module));
        }
    }
    let text = quotes::like(&GRAMMAR, &line(import), source);
    let holds = |block: &&Dotted<'_>| place.is_some_and(|place| block.within().range().contains(&place));
    let only = blocks.first().filter(|_| blocks.len() == 1);
    let block = blocks.iter().rfind(holds).or(only);
    if let Some(edit) = block.and_then(|block| block.add(import, &text, place)) {
        return Ok(vec![edit]);
    }
    if import.kind == ImportKind::Named {
        return refused("there is no clear place for an `autoload` here".into());
    }
    let root = tree.root();
    let code = root.children().find(|node| node.kind() != "comment");
    let code = code.map(|code| with_comment(source, code.range().start, "#"));
    Ok(vec![first(source, None, code, 1, &text)])
}
