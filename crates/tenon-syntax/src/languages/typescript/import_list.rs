//! Import statements of one file as data, and one statement printed.

use crate::contract::{Import, ImportKind};
use crate::style::Style;
use crate::tree::{Node, Tree, has_errors};
use tenon_text::diag::Span;

use super::grammar::GRAMMAR;
use super::nodes::{child_of_kind, has_child, unquote};

/// One name in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Specifier {
    pub name: String,
    pub alias: Option<String>,
    pub type_only: bool,
    pub span: Span,
}

impl Specifier {
    pub fn local(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    pub fn print(&self) -> String {
        let word = if self.type_only { "type " } else { "" };
        match &self.alias {
            Some(alias) => format!("{word}{} as {alias}", self.name),
            None => format!("{word}{}", self.name),
        }
    }
}

/// One import statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub module: String,
    pub type_only: bool,
    pub default: Option<String>,
    pub default_end: usize,
    pub namespace: Option<String>,
    /// `None` without braces.
    pub named: Option<Vec<Specifier>>,
    /// The braces.
    pub braces: Span,
    /// What stands behind the module name, as `with { … }`.
    pub attributes: String,
    pub quote: char,
    pub semicolon: bool,
    pub span: Span,
    /// Set for what is not printed anew: `import a = require('a')`, broken code, what has comments in it.
    pub raw: Option<String>,
}

impl Statement {
    /// A statement without bindings.
    pub fn new(module: &str, style: &Style) -> Self {
        Self {
            module: module.to_owned(),
            type_only: false,
            default: None,
            default_end: 0,
            namespace: None,
            named: None,
            braces: Span::at(0),
            attributes: String::new(),
            quote: style.quote,
            semicolon: style.semicolons,
            span: Span::at(0),
            raw: None,
        }
    }

    /// The statement for one import.
    pub fn of(import: &Import, style: &Style) -> Self {
        let mut statement = Self::new(&import.module, style);
        statement.type_only = import.type_only;
        match import.kind {
            ImportKind::Default => statement.default = Some(import.local().to_owned()),
            ImportKind::Namespace => statement.namespace = Some(import.local().to_owned()),
            ImportKind::Named => statement.named = Some(vec![specifier_of(import, false)]),
        }
        statement
    }

    /// Whether nothing is bound.
    pub fn is_side_effect(&self) -> bool {
        self.raw.is_none() && self.default.is_none() && self.namespace.is_none() && self.named.is_none()
    }

    /// The names it binds.
    pub fn locals(&self) -> impl Iterator<Item = &str> {
        let named = self.named.iter().flatten().map(Specifier::local);
        self.default
            .as_deref()
            .into_iter()
            .chain(self.namespace.as_deref())
            .chain(named)
    }

    /// The statement on one line, and if that is too wide and can be broken, on several.
    pub fn print(&self, style: &Style) -> String {
        let flat = self.flat();
        let names = self.named.as_ref().map_or(0, Vec::len);
        if style.columns(&flat) <= style.width || !(names > 1 || names == 1 && self.default.is_some()) {
            return flat;
        }
        self.broken(style)
    }

    /// The statement on one line.
    pub fn flat(&self) -> String {
        let names: Vec<String> = self.named.iter().flatten().map(Specifier::print).collect();
        self.assemble(&match names.as_slice() {
            [] => "{}".to_owned(),
            names => format!("{{ {} }}", names.join(", ")),
        })
    }

    /// The statement with one name a line.
    pub fn broken(&self, style: &Style) -> String {
        let names: Vec<String> = self.named.iter().flatten().map(Specifier::print).collect();
        let lines = names.join(&format!(",\n{}", style.indent));
        self.assemble(&format!("{{\n{}{lines},\n}}", style.indent))
    }

    fn assemble(&self, braces: &str) -> String {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let mut parts = vec![];
        parts.extend(self.default.clone());
        parts.extend(self.namespace.as_ref().map(|name| format!("* as {name}")));
        if self.named.is_some() {
            parts.push(braces.to_owned());
        }
        let word = if self.type_only { "import type" } else { "import" };
        let from = if parts.is_empty() {
            String::new()
        } else {
            format!("{} from ", parts.join(", "))
        };
        let attributes = if self.attributes.is_empty() {
            String::new()
        } else {
            format!(" {}", self.attributes)
        };
        let end = if self.semicolon { ";" } else { "" };
        let quote = self.quote;
        format!("{word} {from}{quote}{}{quote}{attributes}{end}", self.module)
    }
}

/// The first of `nodes` that is no comment.
pub(super) fn first_code<'n, 't: 'n>(nodes: impl IntoIterator<Item = &'n Node<'t>>) -> Option<&'n Node<'t>> {
    nodes.into_iter().find(|node| node.kind() != "comment")
}

/// Whether a statement begins with what would belong to one before it that ends without a semicolon, or with what the
/// parser takes for that: `in` and no letter behind it.
pub(super) fn goes_on(node: &Node<'_>) -> bool {
    let text = node.text();
    let word = text.strip_prefix("in");
    text.starts_with(['/', '(', '[', '`', '+', '-', '<', '.', ';'])
        || word.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphabetic()))
}

/// The specifier for a named import.
pub(super) fn specifier_of(import: &Import, inline_type: bool) -> Specifier {
    Specifier {
        name: import.name.clone(),
        alias: import.alias.clone().filter(|alias| *alias != import.name),
        type_only: inline_type,
        span: Span::at(0),
    }
}

/// Parses a file.
pub(super) fn parse(source: &str) -> Tree {
    GRAMMAR.parse(source)
}

/// The import statements at the top level, in order.
pub(super) fn statements(tree: &Tree) -> Vec<Statement> {
    let root = tree.root();
    root.named_children()
        .filter(|node| node.kind() == "import_statement")
        .map(|node| statement(&node))
        .collect()
}

/// Reads one `import_statement`.
pub(super) fn statement(node: &Node<'_>) -> Statement {
    let text = node.text().into_owned();
    let mut out = Statement::new("", &Style::default());
    out.span = node.range().into();
    out.semicolon = text.ends_with(';');
    let Some(source) = node.field("source") else {
        out.raw = Some(text);
        return out;
    };
    out.module = unquote(&source);
    out.quote = source.text().chars().next().unwrap_or('"');
    out.type_only = has_child(node, "type");
    // What has no mark of a comment has none.
    let commented = || text.contains("/*") || text.contains("//");
    if has_errors(node) {
        out.raw = Some(text);
        return out;
    }
    if commented() && node.dfs().any(|part| part.kind() == "comment") {
        out.raw = Some(text.clone());
    }
    let tail = &text[source.range().end - node.range().start..];
    out.attributes = tail.trim_end_matches(';').trim().to_owned();
    let Some(clause) = child_of_kind(node, "import_clause") else {
        return out;
    };
    for child in clause.named_children() {
        match &*child.kind() {
            "identifier" => {
                out.default = Some(child.text().into_owned());
                out.default_end = child.range().end;
            }
            "namespace_import" => {
                out.namespace = child.named_children().last().map(|name| name.text().into_owned());
            }
            "named_imports" => {
                out.braces = child.range().into();
                let specifiers = child
                    .named_children()
                    .filter(|part| part.kind() == "import_specifier");
                out.named = Some(specifiers.filter_map(|part| specifier(&part)).collect());
            }
            _ => {}
        }
    }
    out
}

fn specifier(node: &Node<'_>) -> Option<Specifier> {
    Some(Specifier {
        name: node.field("name")?.text().into_owned(),
        alias: node.field("alias").map(|alias| alias.text().into_owned()),
        type_only: has_child(node, "type"),
        span: node.range().into(),
    })
}
