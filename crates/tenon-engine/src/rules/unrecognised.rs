//! What a site does not recognise: members that its file names, but not in an entry that can be read.

use std::collections::HashSet;

use tenon_pack::SiteKind;
use tenon_text::diag::Span;
use tenon_text::names::normal;

use crate::plan::entries::{EntryList, Reading, Wanted};

use super::context::Context;
use super::site::{SiteView, State};

/// The entries of a site that are expected, are not found, and are named in the file all the same.
pub struct Unrecognised {
    /// By the place in [`SiteView::expected`]; where the file names it.
    pub mentions: Vec<(usize, Span)>,
    /// Whether that are most of those that are expected: then the list itself is not understood.
    pub is_whole_list: bool,
}

/// What `view` does not recognise.
pub fn unrecognised(context: &Context<'_, '_>, view: &SiteView<'_>) -> Unrecognised {
    let mut out = Unrecognised {
        mentions: vec![],
        is_whole_list: false,
    };
    let there: HashSet<String> = view.entries().iter().map(|entry| normal(&entry.name)).collect();
    let missing: Vec<(usize, &Wanted)> = view
        .expected
        .iter()
        .enumerate()
        .filter(|(_, expected)| !there.contains(&normal(&expected.name)))
        .filter_map(|(index, expected)| Some((index, expected.entry.as_ref()?)))
        .collect();
    if missing.is_empty() || !matches!(view.state, State::Open(..)) {
        return out;
    }
    let Some(document) = context.document(&view.path) else {
        return out;
    };
    let Ok(list) = EntryList::new(view.site, &document) else {
        return out;
    };
    // What other lists of the file have is theirs.
    let sites = context.index.pack.all_sites().iter();
    let beside = sites.filter(|site| {
        site.kind == SiteKind::Entry && site.file == view.site.file && site.id != view.site.id
    });
    let mut others: Vec<Span> = view.entries().iter().map(|entry| entry.span).collect();
    for site in beside {
        if let Ok(Reading::Entries(entries, _)) = EntryList::new(site, &document).map(|list| list.read(&[])) {
            others.extend(entries.iter().map(|entry| entry.found.extent));
        }
    }
    others.sort_unstable();
    // Within one list none holds another; of two lists one may.
    others.dedup_by(|inner, outer| inner.end <= outer.end);
    for (index, wanted) in missing {
        out.mentions
            .extend(list.mention(wanted, &others).map(|span| (index, span)));
    }
    out.is_whole_list = out.mentions.len() > 1 && out.mentions.len() * 2 > view.expected.len();
    out
}
