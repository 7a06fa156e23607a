//! Compiles the patterns of sites.

use std::sync::Arc;

use tenon_pack::Site;
use tenon_syntax::language::Lang;
use tenon_syntax::rule::Rule;
use tenon_text::diag::{Error, Result};
use tenon_text::regular::regular;

fn located(error: Error, site: &Site) -> Error {
    error
        .in_file("pack.toml")
        .because(format!("in the site `{}`", site.id))
}

/// Recognises the names of entries of a site that no member made.
pub fn others(site: &Site) -> Result<impl Fn(&str) -> bool + use<>> {
    let rules: Vec<_> = site
        .others
        .iter()
        .map(|text| regular(text))
        .collect::<Result<_>>()?;
    Ok(move |name: &str| {
        rules
            .iter()
            .any(|rule| rule.on(name).is_ok_and(|rule| rule.is_match(name)))
    })
}

/// The rule of a site that is a slot, compiled once for each language.
pub fn slot_rule(grammar: Lang, site: &Site) -> Result<Arc<Rule>> {
    let entry = needed(site.entry.as_ref(), site)?;
    entry.rule(grammar).map_err(|error| located(error, site))
}

fn needed<T>(entry: Option<T>, site: &Site) -> Result<T> {
    entry.ok_or_else(|| Error::new(format!("the site `{}` has no `entry`", site.id)).in_file("pack.toml"))
}
