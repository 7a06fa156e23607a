//! Finds the file of a site whose pattern matches several files: the one that contains its list.

use crate::host::HostPath;
use tenon_pack::Site;
use tenon_syntax::entry::{Document, Syntax};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Error, Result};
use tenon_text::format::split_bom;

use super::entries::{EntryList, Reading, by_hand};
use super::overlay::Overlay;
use super::scope::{Iteration, Scope};

/// The one of `files` that contains the list of `site`; an error if none or several do.
pub fn choose(
    site: &Site,
    scope: &mut Scope<'_>,
    turn: &Iteration,
    overlay: &Overlay<'_>,
    pattern: &str,
    files: &[HostPath],
) -> Result<HostPath> {
    let mut trees = vec![];
    for path in files {
        let text = overlay.read(path)?.unwrap_or_default();
        trees.push((path.as_str().to_owned(), split_bom(&text).1.to_owned()));
    }
    let found = files_with_list(site, &trees)?;
    let entry = by_hand(site, Syntax::of(pattern), &mut |text| scope.text(text, turn))?;
    match found.as_slice() {
        [path] => HostPath::new(path),
        [] => Err(Error::new(format!(
            "no file that matches `{pattern}` has a place for the site `{}`",
            site.id
        ))
        .help(format!(
            "nothing was changed; write this where it belongs, then run again:\n{entry}"
        ))),
        many => {
            let files = many.join("`, `");
            Err(
                Error::new(format!("the site `{}` may be in any of `{files}`", site.id)).help(format!(
                    "nothing was changed; write this into one of them by hand, then run again:\n{entry}"
                )),
            )
        }
    }
}

/// The paths of those of `files`, given with their texts, that have entries of `site`, else those in which a place for them is.
///
/// # Errors
/// If an entry of the site is no example.
pub fn files_with_list(site: &Site, files: &[(String, String)]) -> Result<Vec<String>> {
    let (mut with_entries, mut with_place) = (vec![], vec![]);
    for (path, text) in files {
        if Lang::of_path(path).is_some_and(|language| language.is_aside(path, text)) {
            continue;
        }
        let document = Document::new(text.as_str(), Syntax::of(path));
        match EntryList::new(site, &document)?.read(&[]) {
            Reading::Entries(entries, _) if !entries.is_empty() => with_entries.push(path.clone()),
            Reading::Entries(_, Some(_)) => with_place.push(path.clone()),
            _ => {}
        }
    }
    Ok(if with_entries.is_empty() {
        with_place
    } else {
        with_entries
    })
}
