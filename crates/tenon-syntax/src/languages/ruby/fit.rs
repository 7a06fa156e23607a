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
    /// It passes everything on: what that is is not known.
    forwards: bool,
}

impl<'p> Takes<'p> {
    fn of(params: impl Iterator<Item = (&'p str, bool)>) -> Self {
        let mut out = Self::default();
        for (name, needed) in params {
            match name {
                "..." => out.forwards = true,
                "**nil" => {}
                _ if name.starts_with('&') => {}
                _ if name.starts_with("**") => out.more_keys = true,
                _ if name.starts_with('*') => out.rest = true,
                _ if name.ends_with(':') => out.keys.push((name, needed)),
                _ => out.places.push((name, needed)),
            }
        }
        out
    }

    fn needed(&self) -> usize {
        self.places.iter().filter(|(_, needed)| *needed).count()
    }
}

/// What keeps a caller that knows `method` from calling `own`, and where.
pub fn mismatch(own: &Declared, method: &Method) -> Option<(Span, String)> {
    let has = Takes::of(own.params.iter().map(|it| (&*it.name, it.default.is_none())));
    let asked = Takes::of(method.params.iter().map(|it| (&*it.name, it.default.is_none())));
    if own.is_static != method.is_static || has.forwards || asked.forwards {
        return None;
    }
    let span = |name: &str| {
        own.params
            .iter()
            .find(|it| it.name == name)
            .map_or(own.span, |it| it.span)
    };
    let needs = |name: &str| {
        (
            span(name),
            format!("`{}` needs `{name}`, which callers need not pass", own.name),
        )
    };
    let lacks = |name: &str| {
        (
            own.span,
            format!("`{}` does not take `{name}`, which callers pass", own.name),
        )
    };
    let mut required = has.places.iter().filter(|(_, needed)| *needed);
    if let Some((name, _)) = required.nth(asked.needed()).filter(|_| !asked.rest) {
        return Some(needs(name));
    }
    if let Some((name, _)) = asked.places.get(has.places.len()).filter(|_| !has.rest) {
        return Some(lacks(name));
    }
    // Without parameters with names, what has a name comes as one hash in the last place.
    let as_hash = has.keys.is_empty() && (has.rest || has.places.len() > asked.places.len());
    let knows = |name: &str| has.keys.iter().any(|(own, _)| *own == name);
    let lost = asked
        .keys
        .iter()
        .find(|(name, _)| !has.more_keys && !as_hash && !knows(name));
    if let Some((name, _)) = lost {
        return Some(lacks(name));
    }
    let passed = |name: &str| asked.keys.iter().any(|(key, needed)| *key == name && *needed);
    let lost = has.keys.iter().find(|(name, needed)| *needed && !passed(name))?;
    (!asked.more_keys).then(|| needs(lost.0))
}
