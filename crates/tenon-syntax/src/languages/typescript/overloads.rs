//! The one implementation behind several signatures.

use crate::contract::{Method, Param, Signature};

/// A signature that serves every overload: types that differ are joined, type parameters become `unknown`.
pub(super) fn implementation(method: &Method) -> Signature {
    let all = &method.overloads;
    if all.is_empty() {
        return Signature {
            generics: method.generics.clone(),
            params: method.params.clone(),
            returns: method.returns.clone(),
        };
    }
    let generic = all.iter().any(|overload| overload.generics.is_some());
    let most = all
        .iter()
        .map(|overload| overload.params.len())
        .max()
        .unwrap_or(0);
    let mut params: Vec<Param> = vec![];
    for at in 0..most {
        let there: Vec<&Param> = all
            .iter()
            .filter_map(|overload| overload.params.get(at))
            .collect();
        let Some(first) = there.first() else { continue };
        let rest = there.iter().any(|param| param.rest);
        let mixed = rest && !there.iter().all(|param| param.rest);
        let types = there.iter().map(|param| param.ty.as_deref());
        let ty = if mixed || (rest && generic) {
            "unknown[]".to_owned()
        } else {
            joined(types, generic)
        };
        let after_optional = params.last().is_some_and(|last| last.optional);
        let missing = there.len() < all.len() || there.iter().any(|param| param.optional);
        let mut name = first.name.clone();
        if params.iter().any(|known| known.name == name) {
            name = format!("{name}{at}");
        }
        params.push(Param {
            name,
            ty: Some(ty),
            optional: !rest && (missing || after_optional),
            rest,
            default: None,
        });
        if rest {
            break;
        }
    }
    let returns = joined(all.iter().map(|overload| overload.returns.as_deref()), generic);
    Signature {
        generics: None,
        params,
        returns: Some(returns),
    }
}

/// One type for several.
fn joined<'t>(types: impl Iterator<Item = Option<&'t str>>, generic: bool) -> String {
    let mut distinct: Vec<&str> = vec![];
    for ty in types {
        let ty = ty.unwrap_or("unknown");
        if !distinct.contains(&ty) {
            distinct.push(ty);
        }
    }
    // The type parameters of one signature mean nothing in another.
    if generic || distinct.contains(&"unknown") {
        return "unknown".to_owned();
    }
    if let [only] = distinct.as_slice() {
        return (*only).to_owned();
    }
    let in_union = |ty: &&str| {
        if ty.contains("=>") || ty.contains(" extends ") {
            format!("({ty})")
        } else {
            (*ty).to_owned()
        }
    };
    distinct.iter().map(in_union).collect::<Vec<_>>().join(" | ")
}
