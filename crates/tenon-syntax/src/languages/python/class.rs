//! Classes of a Python file, as written.

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::{Accessor, Visibility};
use crate::tree::{Node, Tree, listed};
use tenon_text::diag::Span;

/// All classes that `tree` declares at its top, also below conditions.
pub fn all(tree: &Tree) -> Vec<Class> {
    let mut out = Vec::new();
    collect(&tree.root(), &mut out);
    out
}

fn collect(node: &Node<'_>, out: &mut Vec<Class>) {
    for child in node.children() {
        match &*child.kind() {
            "class_definition" => out.extend(read(&child, &child)),
            "decorated_definition" => {
                if let Some(definition) = child.field("definition")
                    && definition.kind() == "class_definition"
                {
                    out.extend(read(&definition, &child));
                }
            }
            "if_statement" | "try_statement" | "else_clause" | "except_clause" | "block" => {
                collect(&child, out);
            }
            _ => {}
        }
    }
}

/// The class `node`, which stands in `whole` with its decorators.
fn read(node: &Node<'_>, whole: &Node<'_>) -> Option<Class> {
    let name = node.field("name")?;
    let body = node.field("body")?;
    let mut bases = bases(node).into_iter();
    let methods: Vec<Declared> = body.children().filter_map(|child| method(&child)).collect();
    let constructor = methods.iter().find(|method| method.name == "__init__");
    Some(Class {
        name: name.text().into_owned(),
        name_span: name.range().into(),
        extends: bases.next(),
        implements: bases.collect(),
        decorators: decorators(whole),
        exported: true,
        is_abstract: methods.iter().any(|method| method.is_abstract),
        constructor: constructor.map(|method| method.params.clone()),
        fields: body.children().filter_map(|child| field(&child)).collect(),
        methods,
        body: body.range().into(),
        span: whole.range().into(),
        ..Class::default()
    })
}

/// What a class is built on, but for `object` and what stands behind a keyword.
fn bases(node: &Node<'_>) -> Vec<Base> {
    listed(node, "superclasses")
        .into_iter()
        .filter(|child| matches!(&*child.kind(), "identifier" | "attribute" | "subscript"))
        .filter_map(|child| {
            let name = match &*child.kind() {
                "subscript" => child.field("value")?.text().into_owned(),
                _ => child.text().into_owned(),
            };
            (name != "object").then(|| Base {
                name,
                args: None,
                span: child.range().into(),
            })
        })
        .collect()
}

fn decorators(whole: &Node<'_>) -> Vec<String> {
    whole
        .children()
        .filter(|child| child.kind() == "decorator")
        .map(|child| child.text().trim().to_owned())
        .collect()
}

fn field(node: &Node<'_>) -> Option<Field> {
    let assignment = node.child(0).filter(|_| node.kind() == "expression_statement")?;
    let left = assignment
        .field("left")
        .filter(|left| assignment.kind() == "assignment" && left.kind() == "identifier")?;
    // A type alone sets nothing.
    assignment.field("right")?;
    Some(Field {
        doc: vec![],
        optional: false,
        name: left.text().into_owned(),
        ty: assignment.field("type").map(|ty| ty.text().into_owned()),
        readonly: false,
        is_static: true,
        is_abstract: false,
        visibility: visibility(&left.text()),
        decorators: vec![],
        span: assignment.range().into(),
    })
}

fn visibility(name: &str) -> Visibility {
    if name.starts_with('_') && !name.ends_with("__") {
        Visibility::Protected
    } else {
        Visibility::Public
    }
}

fn method(node: &Node<'_>) -> Option<Declared> {
    let (definition, whole) = match &*node.kind() {
        "function_definition" => (node.clone(), node),
        "decorated_definition" => (node.field("definition")?, node),
        _ => return None,
    };
    if definition.kind() != "function_definition" {
        return None;
    }
    let name = definition.field("name")?.text().into_owned();
    let decorators = decorators(whole);
    let has = |names: &[&str]| {
        decorators.iter().any(|decorator| {
            let bare = decorator.trim_start_matches('@');
            let bare = bare.split('(').next().unwrap_or_default();
            names.contains(&bare.rsplit('.').next().unwrap_or_default())
        })
    };
    let is_class = has(&["classmethod"]);
    let is_static = is_class || has(&["staticmethod"]);
    let skip = usize::from(is_class || !is_static);
    Some(Declared {
        visibility: visibility(&name),
        params: parameters(&definition).into_iter().skip(skip).collect(),
        returns: definition.field("return_type").map(|ty| ty.text().into_owned()),
        is_async: definition.children().any(|child| child.kind() == "async"),
        is_static,
        is_abstract: has(&["abstractmethod", "abstractproperty"]) || only_raises(&definition),
        has_body: true,
        accessor: has(&["property", "cached_property", "abstractproperty"]).then_some(Accessor::Get),
        decorators,
        span: whole.range().into(),
        name,
        ..Declared::default()
    })
}

/// Whether a function does nothing but raise `NotImplementedError`.
fn only_raises(definition: &Node<'_>) -> bool {
    let statements: Vec<Node<'_>> = listed(definition, "body")
        .into_iter()
        .filter(|child| {
            !(child.kind() == "expression_statement"
                && child.child(0).is_some_and(|first| first.kind() == "string"))
        })
        .collect();
    matches!(statements.as_slice(), [only]
        if only.kind() == "raise_statement" && only.text().contains("NotImplementedError"))
}

fn parameters(definition: &Node<'_>) -> Vec<Parameter> {
    let list = listed(definition, "parameters");
    list.iter().filter_map(parameter).collect()
}

fn parameter(node: &Node<'_>) -> Option<Parameter> {
    let text = |field: &str| node.field(field).map(|node| node.text().into_owned());
    let named = || {
        let first = node.children().find(|child| child.is_named());
        first.map(|first| first.text().into_owned())
    };
    let (name, ty, default) = match &*node.kind() {
        "identifier" => (node.text().into_owned(), None, None),
        "typed_parameter" => (named()?, text("type"), None),
        "default_parameter" => (text("name")?, None, text("value")),
        "typed_default_parameter" => (text("name")?, text("type"), text("value")),
        "list_splat_pattern" | "dictionary_splat_pattern" => (node.text().into_owned(), None, None),
        "keyword_separator" => ("*".to_owned(), None, None),
        "positional_separator" => ("/".to_owned(), None, None),
        _ => return None,
    };
    Some(Parameter {
        rest: name.starts_with('*') && name.len() > 1,
        optional: default.is_some(),
        name,
        ty,
        default,
        field: None,
        decorators: vec![],
        span: Span::from(node.range()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::python::grammar::GRAMMAR;

    #[test]
    fn a_class_is_read() {
        let source = "@final\nclass A(Base, mixins.B[int], object, metaclass=M):\n    name = 'x'\n    kind: str = 'y'\n    only: int\n\n    @classmethod\n    def make(cls, a, *, b: int = 1, **kw) -> A: ...\n\n    @property\n    def p(self): return 1\n\n    def must(self):\n        \"\"\"Doc.\"\"\"\n        raise NotImplementedError('x')\n";
        let tree = GRAMMAR.parse(source);
        let class = all(&tree).remove(0);
        assert_eq!(class.extends.unwrap().name, "Base");
        assert_eq!(class.implements.len(), 1);
        assert_eq!(class.implements[0].name, "mixins.B");
        assert_eq!(class.decorators, ["@final"]);
        let fields: Vec<&str> = class.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(fields, ["name", "kind"]);
        let make = &class.methods[0];
        assert!(make.is_static && !make.is_abstract);
        let names: Vec<&str> = make.params.iter().map(|param| param.name.as_str()).collect();
        assert_eq!(names, ["a", "*", "b", "**kw"]);
        assert_eq!(class.methods[1].accessor, Some(Accessor::Get));
        assert!(class.methods[2].is_abstract);
    }
}
