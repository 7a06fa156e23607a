//! Types as text, with arguments in angle brackets: the names in them, and other types in place of type parameters.
//!
//! For the languages that write them so. No name is resolved.

use tenon_text::diag::Span;

use crate::class::{Class, Declared};
use crate::contract::{Contract, Method, Visibility};

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.')
}

/// The names in a type, each with its package: of `Map<K, a.B[]>` these are `Map`, `K` and `a.B`. Words that are no names are among them.
pub fn names_in(ty: &str) -> impl Iterator<Item = &str> {
    let words = ty.split(|c| !is_part(c)).map(|word| word.trim_matches('.'));
    words.filter(|word| !word.is_empty())
}

/// A type with other types in place of type parameters.
pub fn substituted(ty: &str, types: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = ty;
    while let Some(start) = rest.find(is_part) {
        let word = &rest[start..];
        let word = &word[..word.find(|c| !is_part(c)).unwrap_or(word.len())];
        let known = types.iter().find(|(name, _)| name == word);
        out.push_str(&rest[..start]);
        out.push_str(known.map_or(word, |(_, with)| with));
        rest = &rest[start + word.len()..];
    }
    out + rest
}

/// The types between the brackets of `<A, Map<B, C>>`.
pub fn arguments(list: &str) -> Vec<String> {
    let inner = list.trim().strip_prefix('<').unwrap_or(list);
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    let mut depth = 0_usize;
    let parts = inner.split(|c| {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    let parts = parts.map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// The names that `<T extends A, U>` declares.
pub fn parameters(list: &str) -> Vec<String> {
    let first = |param: String| param.split_whitespace().next().unwrap_or_default().to_owned();
    arguments(list).into_iter().map(first).collect()
}

/// A type without its arguments and its package.
pub fn bare(ty: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in ty.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.rsplit('.').next().unwrap_or_default().to_owned()
}

/// `method` with other types in place of type parameters.
pub fn with_types(method: &Method, types: &[(String, String)]) -> Method {
    // A type parameter of its own hides one around it.
    let own = method.generics.as_deref().map(parameters).unwrap_or_default();
    let types = types.iter().filter(|(name, _)| !own.contains(name)).cloned();
    let types: Vec<(String, String)> = types.collect();
    let with = |ty: &Option<String>| ty.as_ref().map(|ty| substituted(ty, &types));
    let mut out = method.clone();
    for param in &mut out.params {
        param.ty = with(&param.ty);
    }
    out.generics = with(&out.generics);
    out.returns = with(&out.returns);
    out.bounds = with(&out.bounds);
    out
}

/// `method` of `contract` with the types that `class` gives for type parameters; nothing if it does not say which, and the method needs
/// one.
pub fn for_class(method: &Method, contract: &Contract, class: &Class) -> Option<Method> {
    let params = contract.generics.as_deref().map(parameters).unwrap_or_default();
    let own = method.generics.as_deref().map(parameters).unwrap_or_default();
    let texts = method.params.iter().filter_map(|param| param.ty.as_ref());
    let texts = texts
        .chain(&method.returns)
        .chain(&method.bounds)
        .chain(&method.generics);
    let names: Vec<&str> = texts.flat_map(|text| names_in(text)).collect();
    let is_asked = |param: &String| names.contains(&&**param) && !own.contains(param);
    if !params.iter().any(is_asked) {
        return Some(method.clone());
    }
    let is_it = |base: &&crate::class::Base| base.name.rsplit('.').next() == Some(&*contract.name);
    let base = class.extends.iter().chain(&class.implements).find(is_it)?;
    let written = arguments(base.args.as_deref()?);
    if written.len() != params.len() {
        return None;
    }
    let types: Vec<(String, String)> = params.into_iter().zip(written).collect();
    Some(with_types(method, &types))
}

/// What keeps a compiler from taking the method `own`, which is called so at a place, for `method` of its contract, and where. `params` are
/// the type parameters around it: what they stand for is not known. `is_type` tells the names of types from those that the language itself
/// has.
pub fn mismatch(
    (own, at): (&Declared, Span),
    method: &Method,
    params: &[String],
    is_type: impl Fn(&str) -> bool,
) -> Option<(Span, String)> {
    let name = &own.name;
    let (is, asks) = (own.params.len(), method.params.len());
    if is != asks {
        return Some((
            at,
            format!("`{name}` takes {is} parameters, and its contract has {asks}"),
        ));
    }
    if method.visibility == Visibility::Public && own.visibility != Visibility::Public {
        return Some((at, format!("`{name}` is not `public`, and its contract is")));
    }
    let lists = own.generics.iter().chain(&method.generics);
    let unknown: Vec<String> = lists
        .flat_map(|list| parameters(list))
        .chain(params.to_vec())
        .collect();
    let is_known = |ty: &str| !names_in(ty).any(|name| unknown.iter().any(|param| param == name));
    let array = |rest: bool| if rest { "[]" } else { "" };
    for (param, asked) in own.params.iter().zip(&method.params) {
        let (is, asks) = (param.ty.as_deref()?, asked.ty.as_deref()?);
        let differs = bare(is) + array(param.rest) != bare(asks) + array(asked.rest);
        if differs && is_known(is) && is_known(asks) {
            let takes = format!("the parameter `{}` of `{name}` is `{is}`", param.name);
            return Some((param.span, format!("{takes}, and its contract passes `{asks}`")));
        }
    }
    let (is, asks) = (own.returns.as_deref()?, method.returns.as_deref()?);
    // Of two types with names, what is given back may be one that is built on the contract's.
    let is_plain = |ty: &str| !names_in(ty).any(&is_type);
    let differs = bare(is) != bare(asks) && (is_plain(is) || is_plain(asks));
    let message = || format!("`{name}` gives back `{is}`, and its contract asks for `{asks}`");
    (differs && is_known(is) && is_known(asks)).then(|| (at, message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_taken_apart_and_put_together() {
        let names: Vec<&str> = names_in("Map<K, ? extends a.B[]>").collect();
        assert_eq!(names, ["Map", "K", "extends", "a.B"]);
        assert_eq!(arguments("<A, Map<B, C>>"), ["A", "Map<B, C>"]);
        assert_eq!(parameters("<T extends Comparable<T>, U>"), ["T", "U"]);
        let types = [("T".to_owned(), "List<X>".to_owned())];
        assert_eq!(substituted("Map<T, a.T>[]", &types), "Map<List<X>, a.T>[]");
        assert_eq!(
            (bare("java.util.Map<K, V>[]"), bare("int")),
            ("Map[]".into(), "int".into())
        );
    }
}
