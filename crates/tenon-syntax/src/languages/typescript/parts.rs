//! Small readings of types: the models in a result, the parts of a generic type.

use super::grammar::GRAMMAR;
use crate::contract::{Import, Model, Signature};

/// The types below the namespace `top` of the package `specifier` in a result.
pub(super) fn models(signature: &Signature, imports: &[Import], specifier: &str, top: &str) -> Vec<Model> {
    let Some(returns) = &signature.returns else {
        return vec![];
    };
    let Some(local) = imports
        .iter()
        .find(|i| i.module == specifier && i.name == top)
        .map(Import::local)
    else {
        return vec![];
    };
    let prefix = format!("{local}.");
    if !returns.contains(&prefix) {
        return vec![];
    }
    let tree = GRAMMAR.parse(&format!("type _ = {returns};"));
    let params = signature
        .generics
        .as_deref()
        .map(type_parameter_names)
        .unwrap_or_default();
    let mut models: Vec<Model> = vec![];
    for node in tree
        .root()
        .dfs()
        .filter(|node| node.kind() == "nested_type_identifier")
    {
        let path = node.text();
        if !path.starts_with(&prefix) {
            continue;
        }
        let whole = node
            .parent()
            .filter(|parent| parent.kind() == "generic_type")
            .unwrap_or(node.clone());
        let ty = whole.text().into_owned();
        let uses = |name: &String| {
            whole
                .dfs()
                .any(|part| part.is_leaf() && part.text() == name.as_str())
        };
        let generics = params
            .iter()
            .any(uses)
            .then(|| signature.generics.clone())
            .flatten();
        let name = path.rsplit('.').next().unwrap_or_default().trim().to_owned();
        if models.iter().all(|known| known.ty != ty) {
            models.push(Model { name, ty, generics });
        }
    }
    models
}

/// The names that `<T extends A, U>` declares.
pub(super) fn type_parameter_names(generics: &str) -> Vec<String> {
    let tree = GRAMMAR.parse(&format!("type _{generics} = 0;"));
    let root = tree.root();
    let names = root.dfs().filter(|node| node.kind() == "type_parameter");
    names
        .filter_map(|param| param.field("name").map(|name| name.text().into_owned()))
        .collect()
}

/// `A.B<C, D>` as name and arguments.
pub(super) fn generic_parts(ty: &str) -> (String, Vec<String>) {
    let tree = GRAMMAR.parse(&format!("type _ = {ty};"));
    let root = tree.root();
    let value = root
        .dfs()
        .find(|node| node.kind() == "type_alias_declaration")
        .and_then(|node| node.field("value"));
    match value {
        Some(value) if value.kind() == "generic_type" => {
            let mut children = value.named_children();
            let head = children
                .next()
                .map(|name| name.text().into_owned())
                .unwrap_or_default();
            let args = children
                .next()
                .map(|list| list.named_children().map(|arg| arg.text().into_owned()).collect());
            (head, args.unwrap_or_default())
        }
        _ => (ty.to_owned(), vec![]),
    }
}
