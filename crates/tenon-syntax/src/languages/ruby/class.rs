//! Classes and modules of a Ruby file, as written, each under its full name: `Shop::Gateways::Acme`.

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::Visibility;
use crate::tree::{Node, Tree};
use tenon_text::diag::Span;

/// Calls by which a class gets methods that its text does not name.
const DYNAMIC: &[&str] = &[
    "class_eval",
    "class_exec",
    "define_method",
    "eval",
    "instance_eval",
    "instance_exec",
    "method_missing",
    "module_eval",
    "send",
];

/// A class or a module.
#[derive(Debug)]
pub struct Declaration {
    /// What it holds.
    pub class: Class,
    /// Whether it is a module.
    pub is_module: bool,
    /// Whether it may have methods that its text does not name.
    pub is_open: bool,
}

/// All classes and modules that `tree` declares, in the order of the text; of one that is opened twice each part.
pub fn all(tree: &Tree) -> Vec<Declaration> {
    let mut out = Vec::new();
    collect(&tree.root(), "", &mut out);
    out
}

/// The full name of what is declared as `name` in `nesting`.
pub fn full(nesting: &str, name: &str) -> String {
    match name.strip_prefix("::") {
        Some(name) => name.to_owned(),
        None if nesting.is_empty() => name.to_owned(),
        None => format!("{nesting}::{name}"),
    }
}

fn collect(node: &Node<'_>, nesting: &str, out: &mut Vec<Declaration>) {
    for child in node.children() {
        match &*child.kind() {
            "class" | "module" => {
                let Some(declaration) = read(&child, nesting) else {
                    continue;
                };
                let name = declaration.class.name.clone();
                out.push(declaration);
                if let Some(body) = child.field("body") {
                    collect(&body, &name, out);
                }
            }
            "if" | "unless" | "then" | "else" | "begin" => collect(&child, nesting, out),
            _ => {}
        }
    }
}

fn read(node: &Node<'_>, nesting: &str) -> Option<Declaration> {
    let name = node.field("name")?;
    let base = node.field("superclass");
    let head = base.as_ref().unwrap_or(&name).range().end;
    let word = node.children().filter(|child| child.kind() == "end").last()?;
    let mut reader = Reader::default();
    if let Some(body) = node.field("body") {
        reader.read(&body, false);
    }
    reader.apply_named();
    let is_open = node.dfs().any(|inner| {
        let is_dynamic = inner.kind() == "identifier" && DYNAMIC.contains(&&*inner.text());
        is_dynamic && !is_literal_definition(&inner)
    });
    let constructor = reader.methods.iter().find(|method| method.name == "initialize");
    let class = Class {
        name: full(nesting, &name.text()),
        name_span: name.range().into(),
        generics: None,
        extends: base.and_then(|base| built_on(&base.children().last()?)),
        implements: reader.included,
        decorators: vec![],
        exported: true,
        default: false,
        is_abstract: reader.is_abstract,
        constructor: constructor.map(|method| method.params.clone()),
        fields: reader.fields,
        methods: reader.methods,
        body: Span::new(head, word.range().start),
        span: node.range().into(),
    };
    Some(Declaration {
        class,
        is_module: node.kind() == "module",
        is_open,
    })
}

/// Whether `word` defines one method whose name it says: `define_method(:name)`.
fn is_literal_definition(word: &Node<'_>) -> bool {
    let call = word.parent().filter(|_| word.text() == "define_method");
    let list = call.and_then(|call| call.field("arguments"));
    let first = list.and_then(|list| list.children().find(|child| child.is_named()));
    first.is_some_and(|first| first.kind() == "simple_symbol")
}

fn built_on(node: &Node<'_>) -> Option<Base> {
    let name = match &*node.kind() {
        "element_reference" => node.field("object")?.text().into_owned(),
        _ => node.text().into_owned(),
    };
    Some(Base {
        name,
        args: None,
        span: node.range().into(),
    })
}

/// What was read of the body of a class so far.
#[derive(Default)]
struct Reader {
    methods: Vec<Declared>,
    fields: Vec<Field>,
    included: Vec<Base>,
    is_abstract: bool,
    visibility: Visibility,
    /// Methods whose visibility is said elsewhere: `private :name`.
    named: Vec<(String, Visibility)>,
}

impl Reader {
    fn read(&mut self, body: &Node<'_>, is_static: bool) {
        let mut before: Option<Node<'_>> = None;
        for node in body.children().filter(|child| child.is_named()) {
            if node.kind() == "comment" {
                continue;
            }
            self.statement(&node, before.as_ref(), is_static);
            before = Some(node);
        }
    }

    fn statement(&mut self, node: &Node<'_>, before: Option<&Node<'_>>, is_static: bool) {
        match &*node.kind() {
            "method" | "singleton_method" => {
                let visibility = self.visibility;
                self.methods.extend(method(node, before, is_static, visibility));
            }
            "identifier" => match &*node.text() {
                "abstract!" | "interface!" => self.is_abstract = true,
                word => self.visibility = visibility(word).unwrap_or(self.visibility),
            },
            "call" if node.field("receiver").is_none() => self.call(node, before, is_static),
            "alias" => {
                let name = node.field("name");
                self.fields.extend(name.map(|name| named(&name.text(), &name)));
            }
            "singleton_class" => {
                let outer = std::mem::take(&mut self.visibility);
                if let Some(body) = node.field("body") {
                    self.read(&body, true);
                }
                self.visibility = outer;
            }
            "if" | "unless" | "then" | "else" | "begin" => self.read(node, is_static),
            _ => {}
        }
    }

    /// A call in the body of a class: it may declare methods by their names, or say something of them.
    fn call(&mut self, node: &Node<'_>, before: Option<&Node<'_>>, is_static: bool) {
        let word = node
            .field("method")
            .map(|name| name.text().into_owned())
            .unwrap_or_default();
        let visibility = visibility(&word);
        let Some(list) = node.field("arguments") else {
            return;
        };
        for argument in list.children().filter(|child| child.is_named()) {
            match &*argument.kind() {
                "method" | "singleton_method" => {
                    let visibility = visibility.unwrap_or(self.visibility);
                    self.methods
                        .extend(method(&argument, before, is_static, visibility));
                }
                "constant" | "scope_resolution" if matches!(&*word, "include" | "prepend") => {
                    self.included.extend(built_on(&argument));
                }
                "simple_symbol" => {
                    let name = argument.text();
                    let name = name.trim_start_matches(':');
                    match visibility {
                        Some(visibility) => self.named.push((name.to_owned(), visibility)),
                        None => self.fields.push(named(name, &argument)),
                    }
                }
                _ => {}
            }
        }
    }

    fn apply_named(&mut self) {
        for (name, visibility) in &self.named {
            let mut own = self.methods.iter_mut();
            if let Some(method) = own.find(|method| method.name == *name && !method.is_static) {
                method.visibility = *visibility;
            }
        }
    }
}

/// Who may call what follows the word. What is private in Ruby is inherited.
fn visibility(word: &str) -> Option<Visibility> {
    match word {
        "public" => Some(Visibility::Public),
        "private" | "protected" => Some(Visibility::Protected),
        _ => None,
    }
}

/// What a call in a class may declare under the name `name`: `attr_reader :name`.
fn named(name: &str, node: &Node<'_>) -> Field {
    Field {
        name: name.to_owned(),
        doc: vec![],
        ty: None,
        optional: true,
        readonly: false,
        is_static: false,
        is_abstract: false,
        visibility: Visibility::Public,
        decorators: vec![],
        span: node.range().into(),
    }
}

/// `before` is the statement before it, which may be its signature.
fn method(
    node: &Node<'_>,
    before: Option<&Node<'_>>,
    is_static: bool,
    visibility: Visibility,
) -> Option<Declared> {
    let name = node.field("name")?.text().into_owned();
    let object = node.field("object");
    if object.as_ref().is_some_and(|object| object.text() != "self") {
        return None;
    }
    let signature = before.filter(|before| before.field("method").is_some_and(|name| name.text() == "sig"));
    let says_so = signature.is_some_and(|signature| {
        signature
            .dfs()
            .any(|inner| inner.kind() == "identifier" && inner.text() == "abstract")
    });
    let start = signature.map_or(node.range().start, |signature| signature.range().start);
    Some(Declared {
        doc: vec![],
        generics: None,
        params: parameters(node),
        returns: None,
        is_async: false,
        is_static: is_static || object.is_some(),
        is_abstract: says_so || only_raises(node),
        optional: false,
        has_body: true,
        visibility,
        accessor: None,
        decorators: signature
            .iter()
            .map(|signature| signature.text().into_owned())
            .collect(),
        span: Span::new(start, node.range().end),
        name,
    })
}

/// Whether a method does nothing but raise `NotImplementedError`.
fn only_raises(node: &Node<'_>) -> bool {
    let Some(body) = node.field("body") else {
        return false;
    };
    let is_statement = |child: &Node<'_>| child.is_named() && child.kind() != "comment";
    let statements: Vec<Node<'_>> = match &*body.kind() {
        "body_statement" => body.children().filter(is_statement).collect(),
        _ => vec![body],
    };
    let [only] = statements.as_slice() else {
        return false;
    };
    let raises = only
        .field("method")
        .is_some_and(|name| matches!(&*name.text(), "raise" | "fail"));
    let first = only
        .field("arguments")
        .and_then(|list| list.children().find(|child| child.is_named()));
    raises
        && first.is_some_and(|first| {
            let text = first.text();
            let name = text.trim_start_matches("::");
            name == "NotImplementedError" || name.starts_with("NotImplementedError.new")
        })
}

fn parameters(node: &Node<'_>) -> Vec<Parameter> {
    let Some(list) = node.field("parameters") else {
        return vec![];
    };
    list.children()
        .filter(|child| child.is_named())
        .map(|child| parameter(&child))
        .collect()
}

/// Marks are part of the name: `name:`, `*rest`, `**options`, `&block`.
fn parameter(node: &Node<'_>) -> Parameter {
    let text = |field: &str| node.field(field).map(|node| node.text().into_owned());
    let kind = node.kind();
    let name = match (&*kind, text("name")) {
        ("keyword_parameter", Some(name)) => format!("{name}:"),
        ("optional_parameter", Some(name)) => name,
        _ => node.text().into_owned(),
    };
    let default = text("value");
    Parameter {
        optional: default.is_some(),
        rest: name.starts_with(['*', '&', '.']),
        name,
        ty: None,
        default,
        field: None,
        decorators: vec![],
        span: node.range().into(),
    }
}
