//! A site that is a list of lines, as it stands in a text.

use super::super::context::Context;
use super::{Actual, State};
use crate::plan::site_rules::line_rule;
use tenon_pack::Site;
use tenon_syntax::list::NotFound;
use tenon_text::diag::Result;

/// Reads the entries of `site` in the text at `path`.
pub(super) fn read(context: &Context<'_, '_>, site: &Site, path: &str) -> Result<State> {
    let Some(text) = context.text(path) else {
        return Ok(State::Broken);
    };
    let list = match line_rule(site)?.find(&text) {
        Ok(list) => list,
        Err(NotFound::Nowhere) => return Ok(State::NoPlace(vec![])),
        Err(NotFound::Ambiguous(places)) => return Ok(State::NoPlace(places)),
    };
    let entries = list.entries.into_iter().map(|entry| Actual {
        name: entry.name,
        span: entry.span,
        name_span: entry.name_span,
        leads: None,
        fields: vec![],
        first_field: 0,
        container: 0,
        misplaced: None,
    });
    Ok(State::Open(entries.collect(), None))
}
