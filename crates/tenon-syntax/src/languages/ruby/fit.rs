//! A method held against its contract: whether callers of the one can call the other.

use crate::class::{Declared, Parameter};
use crate::contract::{Method, Param};
use tenon_text::diag::Span;

/// What a parameter takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// One value, by its place.
    Place,
    /// One value, by its name.
    Key,
    /// All further values.
    Rest,
    /// All further values with names.
    Keys,
    /// A block, or `**nil`: nothing that callers count.
    Nothing,
}

fn takes(name: &str) -> Takes {
    match name {
        "**nil" => Takes::Nothing,
        _ if name.starts_with('&') => Takes::Nothing,
        _ if name.starts_with("**") => Takes::Keys,
        _ if name.starts_with('*') => Takes::Rest,
        _ if name.ends_with(':') => Takes::Key,
        _ => Takes::Place,
    }
}

/// What keeps a caller that knows `method` from calling `own`, and where.
pub fn mismatch(own: &Declared, method: &Method) -> Option<(Span, String)> {
    if own.is_static != method.is_static {
        return None;
    }
    // What passes everything on takes everything.
    let forwards = own.params.iter().any(|param| param.name == "...");
    if forwards || method.params.iter().any(|param| param.name == "...") {
        return None;
    }
    let of = |wanted: Takes| {
        own.params
            .iter()
            .filter(move |param| takes(&param.name) == wanted)
    };
    let asked = |wanted: Takes| {
        method
            .params
            .iter()
            .filter(move |param| takes(&param.name) == wanted)
    };
    let needed = |param: &&Param| param.default.is_none();
    let (least, most) = (
        asked(Takes::Place).filter(needed).count(),
        asked(Takes::Place).count(),
    );
    let rest = asked(Takes::Rest).count() > 0;
    let required: Vec<&Parameter> = of(Takes::Place).filter(|param| param.default.is_none()).collect();
    if let Some(param) = required.get(least).filter(|_| !rest) {
        return Some((
            param.span,
            format!(
                "`{}` needs `{}`, which callers need not pass",
                own.name, param.name
            ),
        ));
    }
    let room = of(Takes::Place).count();
    let takes_all = of(Takes::Rest).count() > 0;
    if room < most && !takes_all {
        let lost = asked(Takes::Place)
            .nth(room)
            .map_or("", |param| param.name.as_str());
        return Some((
            own.span,
            format!("`{}` does not take `{lost}`, which callers pass", own.name),
        ));
    }
    let takes_keys = of(Takes::Keys).count() > 0;
    // Without parameters with names, what has a name comes as one hash in the last place.
    let as_hash = of(Takes::Key).count() == 0 && (takes_all || room > most);
    for param in asked(Takes::Key) {
        if !takes_keys && !as_hash && of(Takes::Key).all(|own| own.name != param.name) {
            return Some((
                own.span,
                format!(
                    "`{}` does not take `{}`, which callers pass",
                    own.name, param.name
                ),
            ));
        }
    }
    if asked(Takes::Keys).count() > 0 {
        return None;
    }
    let passes = |name: &str| asked(Takes::Key).filter(needed).any(|param| param.name == name);
    let lost = of(Takes::Key).find(|param| param.default.is_none() && !passes(&param.name))?;
    Some((
        lost.span,
        format!(
            "`{}` needs `{}`, which callers need not pass",
            own.name, lost.name
        ),
    ))
}
