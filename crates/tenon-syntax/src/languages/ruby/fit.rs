//! A method held against its contract: whether callers of the one can call the other.

use crate::class::Declared;
use crate::contract::Method;
use tenon_text::diag::Span;

/// What parameters take, by their names and whether they have to be passed.
#[derive(Default)]
struct Takes<'p> {
    /// Values by their places, those that have to be passed first.
    places: Vec<(&'p str, bool)>,
    keys: Vec<(&'p str, bool)>,
    rest: bool,
    more_keys: bool,
}

impl<'p> Takes<'p> {
    fn of(params: impl Iterator<Item = (&'p str, bool)>) -> Self {
        let mut out = Self::default();
        for (name, needed) in params {
            match name {
                // What is passed on may be anything.
                "..." => (out.rest, out.more_keys) = (true, true),
                _ if name == "**nil" || name.starts_with('&') => {}
                _ if name.starts_with("**") => out.more_keys = true,
                _ if name.starts_with('*') => out.rest = true,
                _ if name.ends_with(':') => out.keys.push((name, needed)),
                _ => out.places.push((name, needed)),
            }
        }
        out
    }
}

/// What keeps a caller that knows `method` from calling `own`, and where.
pub fn mismatch(own: &Declared, method: &Method) -> Option<(Span, String)> {
    let has = Takes::of(own.params.iter().map(|it| (&*it.name, it.default.is_none())));
    let asked = Takes::of(method.params.iter().map(|it| (&*it.name, it.default.is_none())));
    let is_needed = |(_, needed): &&(&str, bool)| *needed;
    let passed = asked.places.iter().filter(is_needed).count();
    let mut needed = has.places.iter().filter(is_needed);
    let surplus = needed.nth(passed).filter(|_| !asked.rest);
    let lost = asked.places.get(has.places.len()).filter(|_| !has.rest);
    // Without parameters with names, what has a name comes as one hash in the last place.
    let as_hash = has.keys.is_empty() && (has.rest || has.places.len() > asked.places.len());
    let takes = |name: &str| has.more_keys || as_hash || has.keys.iter().any(|(own, _)| *own == name);
    let passes = |name: &str| asked.more_keys || asked.keys.contains(&(name, true));
    let lost_key = asked.keys.iter().find(|(name, _)| !takes(name));
    let surplus_key = has.keys.iter().filter(is_needed).find(|(name, _)| !passes(name));
    if let Some((name, _)) = surplus.or(surplus_key.filter(|_| lost.or(lost_key).is_none())) {
        let span = own.params.iter().find(|it| it.name == *name)?.span;
        let why = format!("`{}` needs `{name}`, which callers need not pass", own.name);
        return Some((span, why));
    }
    let (name, _) = lost.or(lost_key)?;
    let why = format!("`{}` does not take `{name}`, which callers pass", own.name);
    Some((own.span, why))
}
