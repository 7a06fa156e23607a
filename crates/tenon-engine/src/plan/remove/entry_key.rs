//! [`EntryKey`]: identifies an entry of a site.

use crate::plan::entries::Wanted;
use tenon_pack::Site;
use tenon_text::names::normal;

/// An entry of a site, by its place and name.
#[derive(Clone, Debug)]
pub(super) struct EntryKey<'p> {
    /// The site.
    pub site: &'p Site,
    /// The file; empty for a workspace member, whose manifest is searched.
    pub path: String,
    /// The name of the entry.
    pub name: String,
    /// The pointers at which a manifest may have it.
    pub pointers: Vec<String>,
    /// For a repeated site, the id of the row.
    pub row: Option<String>,
    /// The entry, for a site by example.
    pub wanted: Option<Wanted>,
}

impl EntryKey<'_> {
    /// Its key in the record: site, path and name.
    pub(super) fn recorded(&self) -> String {
        format!("{} {} {}", self.site.id, self.path, self.name)
    }

    pub(super) fn is_same_place(&self, other: &Self) -> bool {
        self.path == other.path
            && self.pointers == other.pointers
            && normal(&self.name) == normal(&other.name)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.site.id == other.site.id && self.path == other.path && normal(&self.name) == normal(&other.name)
    }
}
