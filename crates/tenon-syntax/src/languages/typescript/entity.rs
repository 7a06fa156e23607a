//! What a contract is mainly about: the class that its methods return, alone or in a list, and everything else
//! that stands beside that class in its namespace.

use serde_json::{Value, json};

use crate::contract::{Contract, Method};
use crate::sources::{Export, ExportKind, Sources};
use tenon_text::diag::Result;

/// A result type taken apart: `Wrapper<Name[] | undefined>`.
struct Returned<'m> {
    method: &'m Method,
    /// The type's path below the namespace, if it stands there and has no arguments.
    name: Option<String>,
    array: bool,
    optional: bool,
}

/// The entity of `contract`, whose models are the exports of `namespace`; null if there is none.
///
/// It is the class that an alias called like the contract's own namespace mentions first; else the first
/// class that a method returns, directly or as the only argument of an alias.
/// `others` are the names of another package's namespace that stands in place of this one.
pub fn entity(
    package: &dyn Sources,
    contract: &Contract,
    namespace: &[&str],
    others: Option<&[Export]>,
) -> Result<Value> {
    let exports = package.exports(namespace)?;
    let exports: Vec<Export> = exports
        .into_iter()
        .map(|export| {
            let path: Vec<&str> = namespace.iter().copied().chain([export.name.as_str()]).collect();
            package.export(&path).map_or(export.clone(), |found| Export {
                name: export.name.clone(),
                ..found
            })
        })
        .collect();
    let prefix = format!("{}.", namespace.join("."));
    let returned: Vec<Returned<'_>> = contract
        .required()
        .map(|method| taken_apart(method, &prefix))
        .collect();
    let is_class = |name: &str| {
        exports
            .iter()
            .any(|export| export.name == name && export.kind == ExportKind::Class)
    };
    let mentioned = |alias: &str| -> Result<Vec<String>> {
        let path: Vec<&str> = namespace.iter().copied().chain([alias]).collect();
        let text = package
            .alias_of(&path)
            .ok()
            .flatten()
            .map(|alias| alias.ty)
            .unwrap_or_default();
        Ok(names_below(&text, &prefix))
    };
    let element = |alias: &str| -> Result<Option<String>> {
        let path: Vec<&str> = namespace.iter().copied().chain([alias]).collect();
        let alias = package.alias_of(&path).ok().flatten();
        Ok(alias.and_then(|alias| match alias.args.as_slice() {
            [only] => only
                .strip_prefix(&prefix)
                .filter(|name| is_class(name))
                .map(str::to_owned),
            _ => None,
        }))
    };
    let own = namespace.first().copied().unwrap_or_default();
    let mut entity = mentioned(own)?
        .into_iter()
        .find(|name| is_class(name))
        .filter(|name| {
            returned
                .iter()
                .filter_map(|r| r.name.as_deref())
                .any(|returned| returned == name || returned == own)
        });
    for r in &returned {
        if entity.is_none()
            && let Some(name) = &r.name
        {
            entity = if is_class(name) {
                Some(name.clone())
            } else {
                element(name)?
            };
        }
    }
    let Some(entity) = entity else {
        return Ok(Value::Null);
    };
    let mut list = None;
    for r in &returned {
        if let Some(name) = r.name.as_deref().filter(|name| *name != entity && list.is_none())
            && element(name)?.as_deref() == Some(&entity)
        {
            list = Some(name.to_owned());
        }
    }
    let overrides: Vec<Value> = returned
        .iter()
        .filter(|r| r.name.as_deref() == Some(&entity) || (r.name.is_some() && r.name == list))
        .map(|r| {
            json!({
                "method": r.method.name,
                "model": r.name,
                "list": r.name == list,
                "array": r.array,
                "optional": r.optional,
            })
        })
        .collect();
    Ok(json!({
        "name": entity,
        "list": list,
        "overrides": overrides,
        "rest": rest(&exports, others, &entity, list.as_deref()),
    }))
}

/// Every other name of the namespace: whether it is a value, and whether it stands in the other package.
fn rest(exports: &[Export], others: Option<&[Export]>, entity: &str, list: Option<&str>) -> Vec<Value> {
    let mine = exports
        .iter()
        .map(|export| (export, others.is_none_or(|others| has(others, &export.name))));
    let extra = others
        .into_iter()
        .flatten()
        .filter(|export| !has(exports, &export.name));
    mine.chain(extra.map(|export| (export, true)))
        .filter(|(export, _)| export.name != entity && Some(export.name.as_str()) != list)
        .map(|(export, other)| {
            let value = matches!(
                export.kind,
                ExportKind::Class
                    | ExportKind::AbstractClass
                    | ExportKind::Const
                    | ExportKind::Function
                    | ExportKind::Enum
                    | ExportKind::Namespace
            );
            json!({ "name": export.name, "value": value, "other": other })
        })
        .collect()
}

fn has(exports: &[Export], name: &str) -> bool {
    exports.iter().any(|export| export.name == name)
}

fn taken_apart<'m>(method: &'m Method, prefix: &str) -> Returned<'m> {
    let returns = method.returns.as_deref().unwrap_or_default();
    let inner = match returns.split_once('<') {
        Some((wrapper, rest)) if wrapper.chars().all(char::is_alphanumeric) => rest.strip_suffix('>'),
        _ => Some(returns),
    };
    let inner = inner.unwrap_or(returns);
    let optional = inner.ends_with("| undefined");
    let core = inner.trim_end_matches("| undefined").trim();
    let array = core.ends_with("[]");
    let core = core.trim_end_matches("[]");
    let name = core
        .strip_prefix(prefix)
        .filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    Returned {
        method,
        name: name.map(str::to_owned),
        array,
        optional,
    }
}

/// The names right after each occurrence of `prefix` in `text`.
fn names_below(text: &str, prefix: &str) -> Vec<String> {
    text.match_indices(prefix)
        .map(|(at, _)| {
            text[at + prefix.len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}
