//! Whether a method has the signature that an interface asks for. In Go the types have to be the same.

use tenon_text::diag::Span;

use super::file::{Function, Parameter};
use super::tree::Packages;

/// A method, the file it stands in, and the names of the type parameters that it may use.
type Side<'a> = (&'a str, &'a Function, &'a [String]);

/// What is wrong with the method, and where; nothing if it fits or cannot be told.
pub fn signature_mismatch(packages: &Packages<'_>, own: Side<'_>, asked: Side<'_>) -> Option<(Span, String)> {
    let name = &own.1.name;
    let list = Lists { packages, own, asked };
    if let Some((at, mine, theirs)) = list.compare(&own.1.params, &asked.1.params, own.1.name_span) {
        let message = match (mine, theirs) {
            (Some(mine), Some(theirs)) => {
                format!(
                    "the parameter `{}` of `{name}` is `{}`, and its contract passes `{}`",
                    mine.name,
                    text(mine),
                    text(theirs)
                )
            }
            (Some(mine), None) => format!(
                "`{name}` takes `{}`, and its contract passes {}",
                format!("{} {}", mine.name, text(mine)).trim(),
                count(asked.1.params.len())
            ),
            (None, _) => format!(
                "`{name}` takes {}, and its contract passes {}",
                count(own.1.params.len()),
                count(asked.1.params.len())
            ),
        };
        return Some((at, message.replace("the parameter `` of", "a parameter of")));
    }
    let at = own.1.result_span.unwrap_or(own.1.name_span);
    let (at, _, _) = list.compare(&own.1.results, &asked.1.results, at)?;
    let at = if own.1.results.len() == asked.1.results.len() {
        at
    } else {
        own.1.result_span.unwrap_or(at)
    };
    // What is called alike and is not the same is told apart by where it comes from.
    let alike = own
        .1
        .results
        .iter()
        .map(text)
        .eq(asked.1.results.iter().map(text));
    if let (true, [mine], [theirs]) = (alike, own.1.results.as_slice(), asked.1.results.as_slice()) {
        let whole = |side: Side<'_>, param: &Parameter| {
            let name = packages.canonical(side.0, &param.ty, &[]).unwrap_or_default();
            name.replace(' ', "")
        };
        let (mine, theirs) = (whole(own, mine), whole(asked, theirs));
        return Some((
            at,
            format!("`{name}` returns `{mine}`, and its contract `{theirs}`"),
        ));
    }
    let all = |list: &[Parameter]| match list {
        [] => "nothing".to_owned(),
        [only] => format!("`{}`", text(only)),
        many => format!("`({})`", many.iter().map(text).collect::<Vec<_>>().join(", ")),
    };
    Some((
        at,
        format!(
            "`{name}` returns {}, and its contract {}",
            all(&own.1.results),
            all(&asked.1.results)
        ),
    ))
}

fn count(n: usize) -> String {
    match n {
        0 => "none".to_owned(),
        1 => "one parameter".to_owned(),
        n => format!("{n} parameters"),
    }
}

fn text(param: &Parameter) -> String {
    let rest = if param.variadic { "..." } else { "" };
    let flat: Vec<&str> = param.ty.text.split_whitespace().collect();
    format!("{rest}{}", flat.join(" "))
}

struct Lists<'l, 's> {
    packages: &'l Packages<'s>,
    own: Side<'l>,
    asked: Side<'l>,
}

/// Where two lists differ, and what stands there in each.
type Difference<'l> = (Span, Option<&'l Parameter>, Option<&'l Parameter>);

impl<'l> Lists<'l, '_> {
    fn compare(&self, own: &'l [Parameter], asked: &'l [Parameter], end: Span) -> Option<Difference<'l>> {
        for (at, mine) in own.iter().enumerate() {
            let Some(theirs) = asked.get(at) else {
                return Some((mine.span, Some(mine), None));
            };
            if !self.same(mine, theirs)? {
                return Some((mine.span, Some(mine), Some(theirs)));
            }
        }
        let theirs = asked.get(own.len())?;
        Some((end, None, Some(theirs)))
    }

    /// Whether two parameters have the same type; nothing if that cannot be told.
    fn same(&self, mine: &Parameter, theirs: &Parameter) -> Option<bool> {
        // Type parameters are called differently on the two sides.
        if !self.own.2.is_empty() || !self.asked.2.is_empty() {
            return Some(true);
        }
        let own = self.packages.canonical(self.own.0, &mine.ty, &[])?;
        let asked = self.packages.canonical(self.asked.0, &theirs.ty, &[])?;
        Some(own == asked && mine.variadic == theirs.variadic)
    }
}
