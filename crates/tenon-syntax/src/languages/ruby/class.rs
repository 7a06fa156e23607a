//! Classes and modules of a Ruby file, as written, each under its full name: `Shop::Gateways::Acme`.

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::Visibility;
use crate::tree::{Node, Tree};
use tenon_text::diag::Span;

/// Words by which a class gets methods that its text does not name.
const DYNAMIC: [&str; 5] = [
    "class_eval",
    "class_exec",
    "define_method",
    "method_missing",
    "module_eval",
];

/// A class or a module.
#[derive(Debug, Default)]
pub struct Declaration {
    /// What it holds.
    pub class: Class,
    /// Whether it is a module.
    pub is_module: bool,
    /// Whether it may have methods that its text does not name.
    pub is_open: bool,
    /// Who may call the methods that come next.
    visibility: Visibility,
    /// Methods whose visibility is said by their names: `private :name`.
    named: Vec<(String, Visibility)>,
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

/// What stands in a field of `node`; nothing if it has none.
fn said(node: &Node<'_>, field: &str) -> String {
    let field = node.field(field);
    field.map_or(String::new(), |field| field.text().into_owned())
}

/// The children of the field `list` of `node` that are no signs.
fn listed<'t>(node: &Node<'t>, list: &str) -> Vec<Node<'t>> {
    let list = node.field(list);
    let all = list.iter().flat_map(|list| list.children());
    all.filter(|child| child.is_named() && child.kind() != "comment")
        .collect()
}

fn collect(node: &Node<'_>, nesting: &str, out: &mut Vec<Declaration>) {
    for child in node.children() {
        match &*child.kind() {
            "class" | "module" => {
                let declaration = Declaration::of(&child, nesting);
                let name = declaration.class.name.clone();
                out.push(declaration);
                child
                    .field("body")
                    .iter()
                    .for_each(|body| collect(body, &name, out));
            }
            "if" | "unless" | "then" | "else" | "begin" => collect(&child, nesting, out),
            _ => {}
        }
    }
}

impl Declaration {
    fn of(node: &Node<'_>, nesting: &str) -> Self {
        let (name, base) = (node.field("name"), node.field("superclass"));
        let head = base.as_ref().or(name.as_ref()).unwrap_or(node).range();
        let dynamic = node.dfs().any(|word| {
            let is_word = word.kind() == "identifier" && DYNAMIC.contains(&&*word.text());
            is_word && !names_what_it_defines(&word)
        });
        let mut out = Self {
            is_module: node.kind() == "module",
            is_open: dynamic,
            ..Self::default()
        };
        out.class.name = full(nesting, &said(node, "name"));
        out.class.name_span = name.unwrap_or(node.clone()).range().into();
        out.class.extends = base.and_then(|base| built_on(&base.children().last()?));
        out.class.exported = true;
        out.class.body = Span::new(
            head.end,
            node.range().end.saturating_sub("end".len()).max(head.end),
        );
        out.class.span = node.range().into();
        out.read(listed(node, "body"), false);
        for (name, visibility) in std::mem::take(&mut out.named) {
            let own = out.class.methods.iter_mut();
            own.filter(|own| own.name == name && !own.is_static)
                .for_each(|own| own.visibility = visibility);
        }
        let constructor = out
            .class
            .methods
            .iter()
            .find(|method| method.name == "initialize");
        out.class.constructor = constructor.map(|method| method.params.clone());
        out
    }

    fn read(&mut self, statements: Vec<Node<'_>>, is_static: bool) {
        let mut before: Option<Node<'_>> = None;
        for node in statements {
            match &*node.kind() {
                "method" | "singleton_method" => {
                    self.class
                        .methods
                        .extend(method(&node, before.as_ref(), is_static, self.visibility));
                }
                "identifier" => match &*node.text() {
                    "abstract!" | "interface!" => self.class.is_abstract = true,
                    word => self.visibility = visibility(word).unwrap_or(self.visibility),
                },
                "call" if node.field("receiver").is_none() => self.call(&node, before.as_ref(), is_static),
                "alias" => self.class.fields.push(named(&said(&node, "name"), &node)),
                "singleton_class" => {
                    let outer = std::mem::take(&mut self.visibility);
                    self.read(listed(&node, "body"), true);
                    self.visibility = outer;
                }
                "if" | "unless" | "then" | "else" | "begin" => {
                    self.read(
                        node.children().filter(|child| child.is_named()).collect(),
                        is_static,
                    );
                }
                _ => {}
            }
            before = Some(node);
        }
    }

    /// A call in the body of a class: it may declare methods by their names, or say something of them.
    fn call(&mut self, node: &Node<'_>, before: Option<&Node<'_>>, is_static: bool) {
        let word = said(node, "method");
        let visibility = visibility(&word);
        for argument in listed(node, "arguments") {
            let text = argument.text();
            let name = text.trim_start_matches(':');
            match (&*argument.kind(), visibility) {
                ("method" | "singleton_method", _) => {
                    let visibility = visibility.unwrap_or(self.visibility);
                    self.class
                        .methods
                        .extend(method(&argument, before, is_static, visibility));
                }
                ("constant" | "scope_resolution", _) if matches!(&*word, "include" | "prepend") => {
                    self.class.implements.extend(built_on(&argument));
                }
                ("simple_symbol", Some(visibility)) => self.named.push((name.to_owned(), visibility)),
                ("simple_symbol", None) => self.class.fields.push(named(name, &argument)),
                _ => {}
            }
        }
    }
}

/// Whether `word` defines one method whose name it says: `define_method(:name)`.
fn names_what_it_defines(word: &Node<'_>) -> bool {
    let call = word.parent().filter(|_| word.text() == "define_method");
    let first = call.and_then(|call| listed(&call, "arguments").into_iter().next());
    first.is_some_and(|first| first.kind() == "simple_symbol")
}

fn built_on(node: &Node<'_>) -> Option<Base> {
    let name = if node.kind() == "element_reference" {
        said(node, "object")
    } else {
        node.text().into_owned()
    };
    let span = node.range().into();
    Some(Base {
        name,
        args: None,
        span,
    })
}

/// Who may call what follows the word. What is private in Ruby is inherited.
fn visibility(word: &str) -> Option<Visibility> {
    match word {
        "public" => Some(Visibility::Public),
        "private" | "protected" => Some(Visibility::Protected),
        _ => None,
    }
}

/// What a statement in a class may declare under the name `name`: `attr_reader :name`.
fn named(name: &str, node: &Node<'_>) -> Field {
    Field {
        name: name.to_owned(),
        optional: true,
        span: node.range().into(),
        ..Field::default()
    }
}

/// `before` is the statement before it, which may be its signature.
fn method(
    node: &Node<'_>,
    before: Option<&Node<'_>>,
    is_static: bool,
    visibility: Visibility,
) -> Option<Declared> {
    let object = said(node, "object");
    let signature = before.filter(|before| said(before, "method") == "sig");
    let is_abstract = |inner: Node<'_>| inner.kind() == "identifier" && inner.text() == "abstract";
    let start = signature.map_or(node.range().start, |signature| signature.range().start);
    matches!(&*object, "" | "self").then(|| Declared {
        name: said(node, "name"),
        params: listed(node, "parameters").iter().map(parameter).collect(),
        is_static: is_static || !object.is_empty(),
        is_abstract: only_raises(node) || signature.is_some_and(|it| it.dfs().any(is_abstract)),
        has_body: true,
        visibility,
        span: Span::new(start, node.range().end),
        ..Declared::default()
    })
}

/// Whether a method does nothing but raise `NotImplementedError`.
fn only_raises(node: &Node<'_>) -> bool {
    let body = node.field("body").filter(|body| body.kind() != "body_statement");
    let statements = body.map_or_else(|| listed(node, "body"), |only| vec![only]);
    let [only] = statements.as_slice() else {
        return false;
    };
    let arguments = listed(only, "arguments");
    let error = arguments
        .first()
        .map(|first| first.text().into_owned())
        .unwrap_or_default();
    let error = error.trim_start_matches("::").split(['.', '(']).next() == Some("NotImplementedError");
    error && matches!(&*said(only, "method"), "raise" | "fail")
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
