//! Takes entries of members out of a copy of the files that list them, and puts them in again: does the list come back as it was?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tenon_engine::plan::entries::{EntryList, Reading};
use tenon_pack::Site;
use tenon_syntax::entry::{Document, Syntax};
use tenon_text::diag::{Result, apply_edits};

use crate::found::{LearntSite, SharedFile};
use crate::sites::Renderer;

/// How many members are tried at each site.
const SAMPLE: usize = 3;

/// How entries came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Again {
    /// Of how many members.
    pub tried: usize,
    /// The file was the same as before, byte for byte.
    pub same: usize,
    /// The lines were the same, and stood elsewhere.
    pub moved: usize,
    /// They could not be taken out, or put in.
    pub failed: usize,
}

impl Again {
    /// What people are told of it; nothing where all came back as they were.
    pub fn said(again: Option<Self>) -> String {
        match again {
            Some(Self {
                tried, same, moved, ..
            }) if same < tried => match moved {
                0 => format!("  (of {tried} taken out and made again, {same} as before)"),
                moved => format!(
                    "  (of {tried} taken out and made again, {same} as before and {moved} elsewhere in the list)"
                ),
            },
            _ => String::new(),
        }
    }
}

/// How the entries of some members come back at each of `sites`, which `pack` has under the same ids. A site at which none can be taken
/// out and put in is no site.
pub fn all(sites: &[LearntSite], known: &[Site], shared: &[SharedFile], names: &[String]) -> Vec<Again> {
    let of = |site: &LearntSite| {
        let raw = known.iter().find(|known| known.id == site.id)?;
        let file = shared.iter().find(|file| file.path == site.file)?;
        Some(again(site, raw, file, names))
    };
    sites.iter().map(|site| of(site).unwrap_or_default()).collect()
}

fn again(site: &LearntSite, raw: &Site, file: &SharedFile, names: &[String]) -> Again {
    let members: Vec<usize> = site.members.iter().copied().collect();
    let sample: BTreeSet<usize> = match members.as_slice() {
        [] => BTreeSet::new(),
        [first, .., last] => BTreeSet::from([*first, members[members.len() / 2], *last]),
        [only] => BTreeSet::from([*only]),
    };
    let mut out = Again::default();
    for number in sample.into_iter().take(SAMPLE) {
        out.tried += 1;
        match once(raw, &file.path, &file.text, &names[number]) {
            Ok(Some(text)) if text == *file.text => out.same += 1,
            Ok(Some(text)) => out.moved += usize::from(lines(&text) == lines(&file.text)),
            Ok(None) | Err(_) => out.failed += 1,
        }
    }
    out
}

/// The text after the entry of `name` was taken out and put in again; nothing if that does not go.
fn once(site: &Site, path: &str, text: &str, name: &str) -> Result<Option<String>> {
    let syntax = Syntax::of(path);
    let wanted = Renderer::new().wanted(site, syntax, name)?;
    let doc = Document::new(text.to_owned(), syntax);
    let list = EntryList::new(site, &doc)?;
    let Reading::Entries(entries, _) = list.read(std::slice::from_ref(&wanted)) else {
        return Ok(None);
    };
    let Some(entry) = entries.iter().find(|entry| entry.wanted.is_some()) else {
        return Ok(None);
    };
    let Ok(edits) = list.remove(entry, None) else {
        return Ok(None);
    };
    let doc = Document::new(apply_edits(text, &edits)?, syntax);
    let list = EntryList::new(site, &doc)?;
    let added = list.add(path, &wanted)?;
    added
        .map(|added| apply_edits(doc.text(), &added.edits))
        .transpose()
}

/// The lines of a text, and how often each stands there.
fn lines(text: &str) -> BTreeMap<&str, usize> {
    let mut out = BTreeMap::new();
    for line in text.lines() {
        *out.entry(line).or_default() += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(entry: &str, members: &[usize]) -> LearntSite {
        LearntSite {
            id: "list".to_owned(),
            file: "list.txt".to_owned(),
            entry: entry.to_owned(),
            scope: None,
            members: members.iter().copied().collect(),
            is_closed: false,
        }
    }

    fn tried(entry: &str, text: &str) -> Again {
        let names = ["amber", "cobalt", "indigo"].map(str::to_owned);
        let learnt = site(entry, &[0, 1, 2]);
        let raw = crate::sites::load(&learnt).unwrap();
        let shared = SharedFile {
            path: "list.txt".to_owned(),
            text: text.into(),
            least: 2,
        };
        all(&[learnt], &[raw], &[shared], &names)[0]
    }

    #[test]
    fn entries_come_back_as_they_were_elsewhere_or_otherwise() {
        let again = |same, moved, failed| Again {
            tried: 3,
            same,
            moved,
            failed,
        };
        let entry = "- {{name}} is there";
        let sorted = "- amber is there\n- cobalt is there\n- indigo is there\n";
        assert_eq!(tried(entry, sorted), again(3, 0, 0));
        let unsorted = "- cobalt is there\n- amber is there\n- indigo is there\n";
        let found = tried(entry, unsorted);
        assert_eq!((found.same + found.moved, found.failed), (3, 0));
        assert!(found.moved > 0, "{found:?}");
        // What stands in a gap nobody can know.
        let free = "- [{{name}}]({{#_}}there{{/_}})";
        let text = "- [amber](there)\n- [cobalt](green)\n- [indigo](there)\n";
        assert_eq!(tried(free, text), again(2, 0, 0));
        // One that is not there cannot be taken out.
        assert_eq!(tried("- {{name}} is gone", sorted), again(0, 0, 3));
    }

    #[test]
    fn people_are_told_what_did_not_come_back() {
        let said = |same, moved| {
            Again::said(Some(Again {
                tried: 3,
                same,
                moved,
                failed: 0,
            }))
        };
        assert_eq!(said(3, 0), "");
        assert_eq!(said(1, 0), "  (of 3 taken out and made again, 1 as before)");
        assert!(said(1, 2).ends_with("1 as before and 2 elsewhere in the list)"));
    }
}
