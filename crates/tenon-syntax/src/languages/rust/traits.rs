//! A trait, read into a contract.

use std::rc::Rc;

use crate::class::{Declared, Parameter};
use crate::contract::{Contract, ContractKind, Method, Param, Property, Visibility};
use crate::tree::{Node, Tree};

use super::krate::{Krate, Meaning, ModPath};
use super::module::{Head, bare};
use super::types::{Rewriter, awaited, one_line, parameters};

/// Where a trait stands.
pub(super) struct Trait<'k> {
    /// The crate.
    pub krate: &'k Krate,
    /// The module.
    pub at: &'k ModPath,
    /// How others call the crate.
    pub specifier: &'k str,
    /// What others reach, and how.
    pub public: &'k [(Vec<String>, Meaning)],
    /// Its file.
    pub file: &'k str,
    /// The tree of that file.
    pub tree: &'k Rc<Tree>,
}

impl Trait<'_> {
    /// What the trait `name` asks for; nothing if the file has none.
    pub fn contract(&self, name: &str) -> Option<Contract> {
        let root = self.tree.root();
        let node = root.dfs().find(|node| {
            node.kind() == "trait_item" && node.field("name").is_some_and(|own| own.text() == name)
        })?;
        let doc = doc_above(&node);
        let generics = node.field("type_parameters").map(|list| one_line(&list.text()));
        let own = generics.as_deref().map(parameters).unwrap_or_default();
        let mut out = Contract {
            name: name.to_owned(),
            kind: ContractKind::Interface,
            doc,
            file: self.file.to_owned(),
            span: node.range().into(),
            generics,
            ..Contract::default()
        };
        // What it builds on has an implementation of its own.
        if let Some(bounds) = node.field("bounds") {
            let bases = bounds
                .named_children()
                .filter(|bound| !matches!(&*bound.kind(), "lifetime" | "removed_trait_bound"));
            out.unread_bases = bases.map(|bound| one_line(&bound.text())).collect();
        }
        let body = node.field("body")?;
        let mut head = Head::default();
        for child in body.named_children() {
            match &*child.kind() {
                "line_comment" | "block_comment" => head.comment(&child.text()),
                "attribute_item" => head.attributes.push(child.text().into_owned()),
                "function_signature_item" | "function_item" => {
                    let doc = std::mem::take(&mut head).doc;
                    out.methods.push(self.method(&child, doc, &own));
                }
                "associated_type" | "const_item" => {
                    let doc = std::mem::take(&mut head).doc;
                    out.properties.extend(self.property(&child, doc, &own));
                }
                _ => head = Head::default(),
            }
        }
        Some(out)
    }

    fn rewriter(&self, own: &[String]) -> Rewriter<'_> {
        Rewriter {
            krate: self.krate,
            at: self.at,
            specifier: self.specifier,
            public: self.public,
            own: own.to_vec(),
            imports: vec![],
        }
    }

    fn property(&self, node: &Node<'_>, doc: Vec<String>, own: &[String]) -> Option<Property> {
        let mut types = self.rewriter(own);
        let constant = node.kind() == "const_item";
        let ty = node.field("type").filter(|_| constant).map(|ty| types.text(&ty));
        Some(Property {
            name: node.field("name")?.text().into_owned(),
            doc,
            ty,
            readonly: constant,
            required: node.field("value").is_none() && (constant || node.field("type").is_none()),
            is_static: true,
            imports: types.imports,
            span: node.range().into(),
            ..Property::default()
        })
    }

    fn method(&self, node: &Node<'_>, doc: Vec<String>, own: &[String]) -> Method {
        let generics = node.field("type_parameters");
        let mut names = own.to_vec();
        names.extend(generics.iter().flat_map(|list| parameters(&list.text())));
        let mut types = self.rewriter(&names);
        let generics = generics.map(|list| types.text(&list));
        let params = node.field("parameters");
        let params = params.iter().flat_map(Node::named_children);
        let params: Vec<Param> = params
            .filter_map(|param| self.param(&param, &mut types))
            .collect();
        let is_async = is_async(node);
        // What is awaited is what an implementation gives: what it is wrapped in need not be named there.
        let returns = node.field("return_type");
        let raw = returns.as_ref().map(|ty| one_line(&ty.text()));
        let future = raw.as_deref().is_some_and(|ty| awaited(ty).is_some());
        let mut inner = self.rewriter(&names);
        inner.imports = types.imports.clone();
        let returns = returns.map(|ty| inner.text(&ty));
        let returns = match returns.as_deref().and_then(awaited) {
            Some(inner) => Some(inner.to_owned()).filter(|ty| ty != "()"),
            None => returns,
        };
        let known = |import: &crate::contract::Import| {
            !future || import.name != "Future" || returns.as_deref().is_some_and(|ty| ty.contains("Future"))
        };
        let mut imports = inner.imports;
        imports.retain(known);
        let bounds = node.children().find(|child| child.kind() == "where_clause");
        let mut types = self.rewriter(&names);
        types.imports = imports;
        let bounds = bounds.map(|clause| types.text(&clause).trim_end_matches(',').to_owned());
        Method {
            name: node
                .field("name")
                .map(|name| name.text().into_owned())
                .unwrap_or_default(),
            doc,
            generics,
            params,
            returns,
            bounds,
            is_async: is_async || future,
            required: node.field("body").is_none(),
            visibility: Visibility::Public,
            imports: types.imports,
            file: self.file.to_owned(),
            span: node.range().into(),
            ..Method::default()
        }
    }

    fn param(&self, node: &Node<'_>, types: &mut Rewriter<'_>) -> Option<Param> {
        let written = parameter(node)?;
        let ty = node.field("type").map(|ty| types.text(&ty));
        Some(Param {
            name: written.name,
            ty,
            ..Param::default()
        })
    }
}

/// Whether the function says `async`.
pub(super) fn is_async(node: &Node<'_>) -> bool {
    let mut words = node
        .children()
        .filter(|child| child.kind() == "function_modifiers");
    words.any(|words| words.text().split_whitespace().any(|word| word == "async"))
}

/// A parameter as written; nothing for an attribute or a comment. `self` is called as it is taken: `&self`.
pub(super) fn parameter(node: &Node<'_>) -> Option<Parameter> {
    let (name, ty) = match &*node.kind() {
        "self_parameter" => (one_line(&node.text()), None),
        "parameter" => {
            let pattern = node.field("pattern")?;
            let name = pattern.text();
            let name = if pattern.kind() == "self" {
                "self".to_owned()
            } else {
                one_line(&name)
            };
            (name, node.field("type").map(|ty| one_line(&ty.text())))
        }
        _ => return None,
    };
    Some(Parameter {
        name,
        ty,
        optional: false,
        rest: false,
        default: None,
        field: None,
        decorators: vec![],
        span: node.range().into(),
    })
}

/// A function as written.
pub(super) fn declared(node: &Node<'_>) -> Declared {
    let params = node.field("parameters");
    Declared {
        name: node
            .field("name")
            .map(|name| name.text().into_owned())
            .unwrap_or_default(),
        generics: node.field("type_parameters").map(|list| one_line(&list.text())),
        params: params
            .iter()
            .flat_map(Node::named_children)
            .filter_map(|param| parameter(&param))
            .collect(),
        returns: node.field("return_type").map(|ty| one_line(&ty.text())),
        is_async: is_async(node),
        has_body: node.field("body").is_some(),
        span: node.range().into(),
        ..Declared::default()
    }
}

/// The documentation above a declaration.
fn doc_above(node: &Node<'_>) -> Vec<String> {
    let mut above = vec![];
    let mut next = node.prev();
    while let Some(node) = next {
        match &*node.kind() {
            "line_comment" | "block_comment" => above.push(node.text().into_owned()),
            "attribute_item" => {}
            _ => break,
        }
        next = node.prev();
    }
    let mut head = Head::default();
    above.iter().rev().for_each(|comment| head.comment(comment));
    head.doc
}

/// The name of the trait and of the type of an `impl` block, without arguments.
pub(super) fn implemented(node: &Node<'_>) -> Option<(String, String)> {
    let name = |field: &str| node.field(field).map(|node| bare(&node.text()));
    Some((name("trait")?, name("type")?))
}
