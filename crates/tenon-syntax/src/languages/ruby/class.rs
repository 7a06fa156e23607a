//! Classes and modules of a Ruby file, as written, each under its full name: `Shop::Gateways::Acme`.

use std::collections::HashMap;

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::Visibility;
use crate::sources::ExportKind;
use crate::tree::{Node, Tree, inner, listed, said};
use tenon_text::diag::Span;

/// Words by which a class gets methods that its text does not name.
const DYNAMIC: &str = "class_eval class_exec define_method method_missing module_eval";

/// A class or a module: all parts of it that a file declares, as one.
#[derive(Debug)]
pub struct Declaration {
    /// What it holds. What is included stands in the order in which Ruby asks it.
    pub class: Class,
    /// Whether it is a class, or a module: a namespace.
    pub kind: ExportKind,
    /// Whether it may have methods that its text does not name.
    pub is_open: bool,
    /// Who may call the methods that come next.
    visibility: Visibility,
    /// Where methods stand in the class, by their names and whether they are static.
    methods: HashMap<(String, bool), Vec<usize>>,
}

/// Declarations in the order of the text, and where each stands among them, by its name.
pub type Declarations = (Vec<Declaration>, HashMap<String, usize>);

/// All classes and modules that `tree` declares.
pub fn all(tree: &Tree) -> Declarations {
    let mut out = Declarations::default();
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

fn collect(node: &Node<'_>, nesting: &str, out: &mut Declarations) {
    for child in node.children() {
        match &*child.kind() {
            "class" | "module" => {
                let new = Declaration::of(&child, nesting);
                let name = new.class.name.clone();
                match out.1.get(&name) {
                    Some(at) => out.0[*at].join(new),
                    None => {
                        out.1.insert(name.clone(), out.0.len());
                        out.0.push(new);
                    }
                }
                let body = child.field("body");
                body.iter().for_each(|body| collect(body, &name, out));
            }
            "if" | "unless" | "then" | "else" | "begin" => collect(&child, nesting, out),
            _ => {}
        }
    }
}

impl Declaration {
    fn of(node: &Node<'_>, nesting: &str) -> Self {
        let (name, base) = (node.field("name"), node.field("superclass"));
        let head = base.as_ref().or(name.as_ref()).unwrap_or(node).range().end;
        let is_extended = |call: Node<'_>| {
            let by = said(&call, "arguments");
            said(&call, "method") == "extend" && !by.trim_start_matches('(').starts_with("T::")
        };
        let mut out = Self {
            kind: if node.kind() == "module" {
                ExportKind::Namespace
            } else {
                ExportKind::Class
            },
            is_open: node.dfs().any(|word| makes_methods(&word)),
            class: Class {
                name: full(nesting, &said(node, "name")),
                name_span: name.unwrap_or(node.clone()).range().into(),
                extends: base.and_then(|base| Some(built_on(&base.children().last()?))),
                exported: true,
                is_extended: node.dfs().any(is_extended),
                body: Span::new(head, node.range().end.saturating_sub("end".len()).max(head)),
                span: node.range().into(),
                ..Class::default()
            },
            visibility: Visibility::Public,
            methods: HashMap::new(),
        };
        out.read(listed(node, "body"), false);
        out.class.implements.reverse();
        out
    }

    /// Adds another part. What says on what the class is built stands for the whole.
    fn join(&mut self, mut other: Self) {
        if self.class.extends.is_none() && other.class.extends.is_some() {
            std::mem::swap(self, &mut other);
        }
        self.is_open |= other.is_open;
        self.class.is_extended |= other.class.is_extended;
        self.class.methods.extend(other.class.methods);
        self.class.fields.extend(other.class.fields);
        self.class.implements.extend(other.class.implements);
    }

    fn read(&mut self, statements: Vec<Node<'_>>, is_static: bool) {
        for node in statements {
            match &*node.kind() {
                "method" | "singleton_method" => self.method(&node, &node, is_static, self.visibility),
                "identifier" => match &*node.text() {
                    "abstract!" | "interface!" => self.class.is_abstract = true,
                    word => {
                        self.visibility = visibility(word).unwrap_or(self.visibility);
                        let is_section = !is_static && self.visibility != Visibility::Public;
                        let start = is_section.then_some(node.range().start);
                        self.class.section = self.class.section.or(start);
                    }
                },
                "call" if node.field("receiver").is_none() => self.call(&node, is_static),
                "alias" => self.field(&said(&node, "name"), &node),
                "singleton_class" => {
                    let outer = std::mem::take(&mut self.visibility);
                    self.read(listed(&node, "body"), true);
                    self.visibility = outer;
                }
                "if" | "unless" | "then" | "else" | "begin" => self.read(inner(&node), is_static),
                _ => {}
            }
        }
    }

    /// A call in the body of a class: it may declare methods by their names, or say something of them.
    fn call(&mut self, node: &Node<'_>, is_static: bool) {
        let word = said(node, "method");
        let visibility = visibility(&word);
        for argument in listed(node, "arguments") {
            let text = argument.text();
            let name = text.trim_start_matches(':');
            match (&*argument.kind(), visibility) {
                ("method" | "singleton_method", _) => {
                    self.method(&argument, node, is_static, visibility.unwrap_or(self.visibility));
                }
                ("constant" | "scope_resolution", _) if matches!(&*word, "include" | "prepend") => {
                    self.class.implements.push(built_on(&argument));
                }
                ("simple_symbol", Some(visibility)) => {
                    let known = self.methods.get(&(name.to_owned(), is_static));
                    for at in known.into_iter().flatten() {
                        self.class.methods[*at].visibility = visibility;
                    }
                }
                ("simple_symbol", None) => self.field(name, &argument),
                _ => {}
            }
        }
    }

    /// What a statement may declare under the name `name`: `attr_reader :name`.
    fn field(&mut self, name: &str, node: &Node<'_>) {
        self.class.fields.push(Field {
            name: name.to_owned(),
            optional: true,
            span: node.range().into(),
            ..Field::default()
        });
    }

    /// A method, which stands in `statement`. What stands before that may be its signature.
    fn method(&mut self, node: &Node<'_>, statement: &Node<'_>, is_static: bool, visibility: Visibility) {
        let object = said(node, "object");
        if !matches!(&*object, "" | "self") {
            return;
        }
        let before = statement.prev().filter(|before| said(before, "method") == "sig");
        let first = before.as_ref().map(|before| before.range().start);
        let start = first.unwrap_or(node.range().start);
        let block = before.as_ref().and_then(|before| before.field("block"));
        let signature = block.map(|block| flat(&said(&block, "body")));
        let is_asked = signature.as_ref().is_some_and(|text| text.contains("abstract"));
        let (name, is_static) = (said(node, "name"), is_static || !object.is_empty());
        let known = self.methods.entry((name.clone(), is_static)).or_default();
        known.push(self.class.methods.len());
        self.class.methods.push(Declared {
            name,
            params: listed(node, "parameters").iter().map(parameter).collect(),
            is_static,
            is_abstract: only_raises(node) || is_asked,
            signature,
            has_body: true,
            visibility,
            span: Span::new(start, node.range().end),
            ..Declared::default()
        });
    }
}

/// What the block of a signature says, on one line: `params(a: A).returns(B)`.
fn flat(block: &str) -> String {
    block.split_whitespace().fold(String::new(), |out, word| {
        let is_inside = out.is_empty() || out.ends_with(['(', '[']) || word.starts_with([')', ']', '.']);
        out + if is_inside { "" } else { " " } + word
    })
}

/// Whether a word makes methods, and does not say their names as `define_method(:name)` does.
fn makes_methods(word: &Node<'_>) -> bool {
    if word.kind() != "identifier" || !DYNAMIC.split(' ').any(|known| known == word.text()) {
        return false;
    }
    let call = word.parent().filter(|_| word.text() == "define_method");
    let first = call.and_then(|call| listed(&call, "arguments").into_iter().next());
    first.is_none_or(|first| first.kind() != "simple_symbol")
}

fn built_on(node: &Node<'_>) -> Base {
    let name = match &*node.kind() {
        "element_reference" => said(node, "object"),
        _ => node.text().into_owned(),
    };
    Base {
        name,
        span: node.range().into(),
        ..Base::default()
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

/// Whether a method does nothing but raise `NotImplementedError`.
fn only_raises(node: &Node<'_>) -> bool {
    let Some(body) = node.field("body") else {
        return false;
    };
    let only = match inner(&body).as_slice() {
        [only] => only.clone(),
        _ => body,
    };
    let text = only.text();
    let error = ["raise", "fail"].iter().find_map(|word| text.strip_prefix(word));
    let error = error.map(|error| error.trim_start_matches(['(', ' ', ':']));
    only.kind() == "call" && error.is_some_and(|error| error.starts_with("NotImplementedError"))
}

/// Marks are part of the name: `name:`, `*rest`, `**options`, `&block`.
fn parameter(node: &Node<'_>) -> Parameter {
    let name = match &*node.kind() {
        "keyword_parameter" => said(node, "name") + ":",
        "optional_parameter" => said(node, "name"),
        _ => node.text().into_owned(),
    };
    let default = node.field("value").map(|value| value.text().into_owned());
    Parameter {
        optional: default.is_some(),
        rest: name.starts_with(['*', '&', '.']),
        name,
        default,
        span: node.range().into(),
        ..Parameter::default()
    }
}
