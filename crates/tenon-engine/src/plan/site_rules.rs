//! Compiles the patterns of sites.

use tenon_pack::Site;
use tenon_syntax::lines::LineRule;
use tenon_syntax::list::ListRule;
use tenon_syntax::rule::Rule;
use tenon_syntax::tree::Grammar;
use tenon_text::diag::{Error, Result};
use tenon_text::regular::regular;

fn rule(grammar: Grammar, table: Option<&toml::Table>, site: &Site) -> Result<Option<Rule>> {
    table
        .map(|table| Rule::compile(grammar, table))
        .transpose()
        .map_err(|error| {
            error
                .in_file("pack.toml")
                .because(format!("in the site `{}`", site.id))
        })
}

/// The rules of a site that is a list, compiled.
pub fn list_rule(grammar: Grammar, site: &Site) -> Result<ListRule> {
    Ok(ListRule {
        containers: [&site.container, &site.or_container]
            .into_iter()
            .flatten()
            .filter_map(|table| rule(grammar, Some(table), site).transpose())
            .collect::<Result<_>>()?,
        target: site.target.clone(),
        entry: needed(rule(grammar, site.entry.as_ref(), site)?, site)?,
        name_in: rule(grammar, site.name_in.as_ref(), site)?,
        var: site.var.clone().unwrap_or_default(),
        follow: site.follow.then_some(grammar),
        last: site.last,
        several: site.several,
        after: rule(grammar, site.after.as_ref(), site)?,
        before: rule(grammar, site.before.as_ref(), site)?,
        follows: rule(grammar, site.follows.as_ref(), site)?,
        precedes: rule(grammar, site.precedes.as_ref(), site)?,
    })
}

/// The rule of a site that is a list of lines, compiled.
pub fn line_rule(site: &Site) -> Result<LineRule> {
    Ok(LineRule {
        line: regular(site.line.as_deref().unwrap_or_default())?,
        below: site.below.as_deref().map(regular).transpose()?,
        above: site.above.as_deref().map(regular).transpose()?,
        last: site.last,
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

/// The rule of a site that is a slot, compiled.
pub fn slot_rule(grammar: Grammar, site: &Site) -> Result<Rule> {
    needed(rule(grammar, site.entry.as_ref(), site)?, site)
}

fn needed(rule: Option<Rule>, site: &Site) -> Result<Rule> {
    rule.ok_or_else(|| Error::new(format!("the site `{}` has no `entry`", site.id)).in_file("pack.toml"))
}
