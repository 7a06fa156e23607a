//! Adding a line to a list in a text that is no code.

use super::super::scope::{Scope, Turn};
use super::super::site_rules::line_rule;
use super::{Desk, file, no_place, note, save, text_of};
use tenon_pack::Site;
use tenon_syntax::lines;
use tenon_syntax::list::New;
use tenon_text::diag::{Result, apply_edits};
use tenon_text::format::Format;
use tenon_text::names::normal;

/// Adds the entry of `site` for `turn`, unless it is there.
pub(super) fn add(site: &Site, scope: &mut Scope<'_>, turn: &Turn, desk: &mut Desk<'_, '_>) -> Result<()> {
    let Some(path) = file(site, scope, turn, desk)? else {
        return Ok(());
    };
    let mut say = |template: &Option<String>| scope.text(template.as_deref().unwrap_or_default(), turn);
    let (name, entry) = (say(&site.name)?, say(&site.insert)?);
    let ahead_of = say(&site.ahead_of)?;
    let (body, bom) = text_of(desk, &path)?;
    let rule = line_rule(site)?;
    let list = rule
        .find(&body)
        .map_err(|why| no_place(&why, &path, site, &entry))?;
    if list
        .entries
        .iter()
        .any(|entry| normal(&entry.name) == normal(&name))
    {
        return Ok(());
    }
    let new = New {
        name: &name,
        text: &entry,
        ahead_of: &ahead_of,
    };
    let edit = lines::insert(&body, &rule, &list, new, Format::detect(&body).eol.as_str());
    save(desk, &path, bom, apply_edits(&body, &[edit])?);
    note(desk, site, &path, &name, "entry".into());
    Ok(())
}
