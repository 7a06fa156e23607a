//! Compiles the patterns of sites.

use std::sync::Arc;

use tenon_pack::Site;
use tenon_syntax::language::Lang;
use tenon_syntax::list::ListRule;
use tenon_syntax::rule::Rule;
use tenon_text::diag::{Error, Result};
use tenon_text::regular::regular;

fn rule(grammar: Lang, table: Option<&toml::Table>, site: &Site) -> Result<Option<Rule>> {
    let rule = table.map(|table| Rule::compile(grammar, table));
    rule.transpose().map_err(|error| located(error, site))
}

fn located(error: Error, site: &Site) -> Error {
    error
        .in_file("pack.toml")
        .because(format!("in the site `{}`", site.id))
}

/// The rules of a site that is a list, compiled once for each language.
pub fn list_rule(grammar: Lang, site: &Site) -> Result<Arc<ListRule>> {
    site.compiled.get(grammar, || compiled(grammar, site))
}

fn compiled(grammar: Lang, site: &Site) -> Result<ListRule> {
    Ok(ListRule {
        containers: [&site.container, &site.or_container]
            .into_iter()
            .flatten()
            .filter_map(|pattern| rule(grammar, Some(pattern), site).transpose())
            .collect::<Result<_>>()?,
        target: site.target.clone(),
        entry: needed(rule(grammar, site.entry.as_deref(), site)?, site)?,
        name_in: rule(grammar, site.name_in.as_deref(), site)?,
        var: site.var.clone().unwrap_or_default(),
        language: grammar,
        follow: site.follow,
        last: site.last,
        several: site.several,
        after: rule(grammar, site.after.as_deref(), site)?,
        before: rule(grammar, site.before.as_deref(), site)?,
        follows: rule(grammar, site.follows.as_deref(), site)?,
        precedes: rule(grammar, site.precedes.as_deref(), site)?,
    })
}

/// Recognises the names of entries of a site that no member made.
pub fn others(site: &Site) -> Result<impl Fn(&str) -> bool + use<>> {
    let rules: Vec<_> = site
        .others
        .iter()
        .map(|text| regular(text))
        .collect::<Result<_>>()?;
    Ok(move |name: &str| rules.iter().any(|rule| rule.is_match(name)))
}

/// The rule of a site that is a slot, compiled once for each language.
pub fn slot_rule(grammar: Lang, site: &Site) -> Result<Arc<Rule>> {
    let entry = needed(site.entry.as_ref(), site)?;
    entry.rule(grammar).map_err(|error| located(error, site))
}

fn needed<T>(entry: Option<T>, site: &Site) -> Result<T> {
    entry.ok_or_else(|| Error::new(format!("the site `{}` has no `entry`", site.id)).in_file("pack.toml"))
}
