//! One parsed file (or one namespace block in it): what it imports, declares and exports, by name.
//!
//! Only the top level is read; bodies are looked at when a contract needs them. Knows nothing of other files.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use crate::class::Class;
use crate::fast::Fast;
use crate::sources::{ExportKind, Origin, Used};
use crate::tree::{Grammar, Node, Tree, first_error};
use tenon_text::diag::Span;
use tenon_text::names::unquoted;

use super::barrel;
use super::import_types::{Masked, mask};
use super::members::doc_before;

/// What a local name is bound to by an import.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// The specifier.
    pub module: String,
    /// The exported name; `None` for the whole module.
    pub name: Option<String>,
    /// `import type`, or `type` before the name.
    pub type_only: bool,
}

/// What an exported name leads to.
#[derive(Clone, Debug)]
pub(super) enum Lead {
    /// A name of the same module.
    Local(String),
    /// `export { name } from 'module'`
    From(String, String),
    /// `export * as N from 'module'`
    Whole(String),
    /// `export import N = A.B.C`
    Path(Vec<String>),
}

/// One exported name.
#[derive(Clone, Debug)]
pub(super) struct Exported {
    pub name: String,
    pub lead: Lead,
    pub span: Span,
    pub doc: Vec<String>,
}

/// One declaration at the top level.
#[derive(Clone, Debug)]
pub(super) struct Decl {
    pub kind: ExportKind,
    /// The declaration without `export` and decorators.
    pub span: Span,
    pub doc: Vec<String>,
}

/// A parsed file, shared by its namespace blocks.
pub(super) struct Parsed {
    /// What is parsed: its `import('…')` types hidden.
    text: String,
    tree: OnceCell<Rc<Tree>>,
    /// The `import('…')` types that names stand for in `tree`.
    pub masked: Vec<Masked>,
}

impl Parsed {
    /// Where the first syntax error stands. A file that was read without its tree has none.
    pub fn error(&self) -> Option<Span> {
        self.tree.get().and_then(|tree| first_error(tree))
    }

    /// The syntax tree, made when it is first asked for.
    pub fn tree(&self) -> &Rc<Tree> {
        self.tree
            .get_or_init(|| Rc::new(Grammar::TypeScript.parse(&self.text)))
    }
}

/// A file, or a namespace block in one.
pub(super) struct Module {
    /// The path; for a block with `#Name` behind.
    pub key: String,
    /// The path of the file.
    pub path: String,
    body: Rc<Body>,
}

impl Deref for Module {
    type Target = Body;

    fn deref(&self) -> &Body {
        &self.body
    }
}

/// What a file, or a namespace block in one, says, wherever it stands.
pub struct Body {
    pub(super) file: Rc<Parsed>,
    pub(super) imports: HashMap<String, Binding, Fast>,
    /// `import X = A.B.C`
    pub(super) paths: HashMap<String, Vec<String>, Fast>,
    pub(super) exports: Vec<Exported>,
    /// Specifiers of `export * from`.
    pub(super) stars: Vec<String>,
    pub(super) decls: HashMap<String, Decl, Fast>,
    /// The classes that were asked for, by name.
    pub(super) classes: RefCell<HashMap<String, Option<Rc<Class>>, Fast>>,
    /// What names stand for that other packages declare.
    pub(super) outside: RefCell<HashMap<String, Rc<Origin>, Fast>>,
    /// The modules that it uses, once that was asked for.
    pub(super) used: OnceCell<Vec<Used>>,
}

impl Module {
    /// A file at `path`.
    pub fn new(path: &str, body: Rc<Body>) -> Self {
        Self {
            key: path.to_owned(),
            path: path.to_owned(),
            body,
        }
    }

    /// The namespace block `name` of this module.
    pub fn block(&self, name: &str) -> Option<Self> {
        let decl = self
            .decls
            .get(name)
            .filter(|decl| decl.kind == ExportKind::Namespace)?;
        let file = Rc::clone(&self.file);
        let mut body = Body::empty(Rc::clone(&file));
        let node = node_at(file.tree(), decl.span)?;
        let ambient =
            self.path.ends_with(".d.ts") || node.parent().is_some_and(|p| p.kind() == "ambient_declaration");
        body.statements(&node.field("body")?, ambient);
        Some(Self {
            key: format!("{}#{name}", self.key),
            path: self.path.clone(),
            body: Rc::new(body),
        })
    }
}

impl Body {
    /// Reads a file.
    pub(super) fn parse(text: &str) -> Self {
        let Some(passed) = barrel::read(text) else {
            return Self::parsed(text);
        };
        let file = Parsed {
            text: text.to_owned(),
            tree: OnceCell::new(),
            masked: vec![],
        };
        Self {
            exports: passed.exports,
            stars: passed.stars,
            ..Self::empty(Rc::new(file))
        }
    }

    /// Reads a file by its syntax tree.
    pub(super) fn parsed(text: &str) -> Self {
        let (text, masked) = mask(text);
        let file = Rc::new(Parsed {
            text: text.into_owned(),
            tree: OnceCell::new(),
            masked,
        });
        let mut body = Self::empty(Rc::clone(&file));
        body.statements(&file.tree().root(), false);
        body
    }

    fn empty(file: Rc<Parsed>) -> Self {
        Self {
            file,
            imports: HashMap::default(),
            paths: HashMap::default(),
            exports: vec![],
            stars: vec![],
            decls: HashMap::default(),
            classes: RefCell::default(),
            outside: RefCell::default(),
            used: OnceCell::new(),
        }
    }

    /// The node of a declaration.
    pub(super) fn node(&self, decl: &Decl) -> Option<Node<'_>> {
        node_at(self.file.tree(), decl.span)
    }

    /// The names under which `local` is exported.
    pub(super) fn exported_as<'m>(&'m self, local: &'m str) -> impl Iterator<Item = &'m str> {
        self.exports.iter().filter_map(move |export| match &export.lead {
            Lead::Local(name) if name == local => Some(export.name.as_str()),
            _ => None,
        })
    }

    fn statements(&mut self, parent: &Node<'_>, ambient: bool) {
        for statement in parent.named_children() {
            let kind = statement.kind();
            match &*kind {
                "import_statement" => self.import(&statement),
                "import_alias" => drop(self.import_path(&statement)),
                "export_statement" => self.export(&statement),
                "comment" => {}
                _ => {
                    let names = self.declare(&statement, &statement);
                    if ambient {
                        for name in names {
                            self.publish(&statement, name.clone(), Lead::Local(name));
                        }
                    }
                }
            }
        }
    }

    fn publish(&mut self, statement: &Node<'_>, name: String, lead: Lead) {
        if self.exports.iter().any(|known| known.name == name) {
            return;
        }
        self.exports.push(Exported {
            name,
            lead,
            span: statement.range().into(),
            doc: doc_before(statement),
        });
    }

    fn import(&mut self, statement: &Node<'_>) {
        let statement_type = has_child(statement, "type");
        if let Some(clause) = child_of_kind(statement, "import_require_clause") {
            let name = clause.named_children().find(|child| child.kind() == "identifier");
            let module = clause.named_children().find(|child| child.kind() == "string");
            if let (Some(name), Some(module)) = (name, module) {
                let binding = Binding {
                    module: unquote(&module),
                    name: None,
                    type_only: statement_type,
                };
                self.imports.insert(name.text().into_owned(), binding);
            }
            return;
        }
        let Some(module) = statement.field("source").map(|source| unquote(&source)) else {
            return;
        };
        let Some(clause) = child_of_kind(statement, "import_clause") else {
            return;
        };
        for child in clause.named_children() {
            let bind = |name: Option<String>, type_only| Binding {
                module: module.clone(),
                name,
                type_only,
            };
            match &*child.kind() {
                "identifier" => {
                    let binding = bind(Some("default".to_owned()), statement_type);
                    self.imports.insert(child.text().into_owned(), binding);
                }
                "namespace_import" => {
                    if let Some(name) = child.named_children().find(|child| child.kind() == "identifier") {
                        self.imports
                            .insert(name.text().into_owned(), bind(None, statement_type));
                    }
                }
                "named_imports" => {
                    for specifier in child
                        .named_children()
                        .filter(|child| child.kind() == "import_specifier")
                    {
                        let Some(name) = specifier.field("name").map(|name| unquote(&name)) else {
                            continue;
                        };
                        let local = specifier
                            .field("alias")
                            .map_or(name.clone(), |alias| alias.text().into_owned());
                        let type_only = statement_type || has_child(&specifier, "type");
                        self.imports.insert(local, bind(Some(name), type_only));
                    }
                }
                _ => {}
            }
        }
    }

    /// `import X = A.B.C`; returns `X`.
    fn import_path(&mut self, alias: &Node<'_>) -> Option<String> {
        let mut children = alias.named_children().filter(|child| child.kind() != "comment");
        let name = children.next()?.text().into_owned();
        let path = segments(&children.next()?.text());
        self.paths.insert(name.clone(), path);
        Some(name)
    }

    fn export(&mut self, statement: &Node<'_>) {
        let source = statement.field("source").map(|source| unquote(&source));
        for child in statement.named_children() {
            let kind = child.kind();
            match (&*kind, &source) {
                ("export_clause", _) => self.export_clause(statement, &child, source.as_deref()),
                ("namespace_export", Some(source)) => {
                    if let Some(name) = child.named_children().last() {
                        self.publish(statement, unquote(&name), Lead::Whole(source.clone()));
                    }
                }
                ("import_alias", _) => {
                    if let Some(name) = self.import_path(&child) {
                        let path = self.paths.get(&name).cloned().unwrap_or_default();
                        self.publish(statement, name, Lead::Path(path));
                    }
                }
                ("decorator" | "comment" | "string", _) => {}
                _ => {
                    let names = self.declare(statement, &child);
                    if has_child(statement, "default") || has_child(statement, "=") {
                        let local = match &*kind {
                            "identifier" => child.text().into_owned(),
                            _ => names.into_iter().next().unwrap_or_else(|| "default".to_owned()),
                        };
                        self.publish(statement, "default".to_owned(), Lead::Local(local));
                    } else {
                        for name in names {
                            self.publish(statement, name.clone(), Lead::Local(name));
                        }
                    }
                }
            }
        }
        if let Some(source) = source
            && has_child(statement, "*")
        {
            self.stars.push(source);
        }
    }

    fn export_clause(&mut self, statement: &Node<'_>, clause: &Node<'_>, source: Option<&str>) {
        for specifier in clause
            .named_children()
            .filter(|child| child.kind() == "export_specifier")
        {
            let Some(name) = specifier.field("name").map(|name| unquote(&name)) else {
                continue;
            };
            let public = specifier
                .field("alias")
                .map_or(name.clone(), |alias| unquote(&alias));
            let lead = match source {
                Some(source) => Lead::From(source.to_owned(), name),
                None => Lead::Local(name),
            };
            self.publish(statement, public, lead);
        }
    }

    /// Records what `node` declares; the documentation stands before `statement`.
    fn declare(&mut self, statement: &Node<'_>, node: &Node<'_>) -> Vec<String> {
        let kind = match &*node.kind() {
            "ambient_declaration" | "expression_statement" => {
                let inner: Vec<Node<'_>> = node.named_children().collect();
                return inner
                    .iter()
                    .flat_map(|child| self.declare(statement, child))
                    .collect();
            }
            "class_declaration" | "class" => ExportKind::Class,
            "abstract_class_declaration" => ExportKind::AbstractClass,
            "interface_declaration" => ExportKind::Interface,
            "type_alias_declaration" => ExportKind::TypeAlias,
            "function_declaration" | "function_signature" | "generator_function_declaration" => {
                ExportKind::Function
            }
            "enum_declaration" => ExportKind::Enum,
            "internal_module" => ExportKind::Namespace,
            "lexical_declaration" | "variable_declaration" => {
                let declarators: Vec<Node<'_>> = node
                    .named_children()
                    .filter(|child| child.kind() == "variable_declarator")
                    .collect();
                return declarators
                    .iter()
                    .filter_map(|declarator| self.record(statement, declarator, ExportKind::Const))
                    .collect();
            }
            _ => return vec![],
        };
        self.record(statement, node, kind).into_iter().collect()
    }

    fn record(&mut self, statement: &Node<'_>, node: &Node<'_>, kind: ExportKind) -> Option<String> {
        let named = node.field("name");
        let name = match &named {
            Some(name) => name.text().into_owned(),
            None if kind == ExportKind::Class => "default".to_owned(),
            None => return None,
        };
        let decl = Decl {
            kind,
            span: node.range().into(),
            doc: doc_before(statement),
        };
        // A namespace may add to a class or function of the same name: that one stays.
        let keeps = |known: &Decl| kind == ExportKind::Namespace || known.kind != ExportKind::Namespace;
        match self.decls.get(&name) {
            Some(known) if keeps(known) => {}
            _ => drop(self.decls.insert(name.clone(), decl)),
        }
        Some(name)
    }
}

/// The node with exactly `span`, outermost first.
pub(super) fn node_at(tree: &Tree, span: Span) -> Option<Node<'_>> {
    let mut node = tree.root();
    loop {
        let inside = node.children().find(|child| {
            let range = child.range();
            range.start <= span.start && span.end <= range.end
        })?;
        if Span::from(inside.range()) == span && inside.is_named() {
            return Some(inside);
        }
        node = inside;
    }
}

/// Whether `node` has a direct child that is the word or mark `token`.
pub(super) fn has_child(node: &Node<'_>, token: &str) -> bool {
    node.children().any(|child| child.kind() == token)
}

/// The first direct child of a kind.
pub(super) fn child_of_kind<'t>(node: &Node<'t>, kind: &str) -> Option<Node<'t>> {
    node.children().find(|child| child.kind() == kind)
}

/// The text of a name or of a plain string literal without its quotes.
pub(super) fn unquote(node: &Node<'_>) -> String {
    unquoted(&node.text()).to_owned()
}

/// `A.B.C`, however it is spaced, as its names.
pub(super) fn segments(text: &str) -> Vec<String> {
    text.split('.').map(|part| part.trim().to_owned()).collect()
}
