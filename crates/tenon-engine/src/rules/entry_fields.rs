//! The fields of the entries of a site, and what they should say.

use tenon_pack::SiteKind;
use tenon_text::diag::Span;
use tenon_text::names::normal;

use super::site::{Is, SiteView, Want};

/// A field of an entry that is expected.
pub struct ExpectedField<'v> {
    /// What names the entry.
    pub entry: &'v str,
    /// The member whose entry it is.
    pub member: &'v str,
    /// The entry.
    pub span: Span,
    /// Whether the field may be absent.
    pub optional: bool,
    /// What stands there.
    pub there: &'v [Is],
    /// What should.
    pub want: &'v Want,
    /// Why.
    pub why: &'v str,
}

/// The fields of the entries of `view` that are expected and lead somewhere.
pub fn expected_fields<'v>(view: &'v SiteView<'_>) -> Vec<ExpectedField<'v>> {
    if view.site.fields.is_empty() && view.site.kind != SiteKind::Entry {
        return vec![];
    }
    let wanted = view.wanted();
    let mut out = Vec::new();
    for entry in view.entries() {
        // What leads nowhere leads to no other member; that is said elsewhere.
        let (Some(expected), false) = (
            wanted.get(&normal(&entry.name)),
            matches!(entry.leads, Some((_, false))),
        ) else {
            continue;
        };
        let fields = entry.fields.iter().zip(entry.wants(expected)).enumerate();
        out.extend(fields.map(|(index, (there, want))| ExpectedField {
            entry: &entry.name,
            member: &expected.member,
            span: entry.span,
            // An example has what another form, or a condition, adds as fields too.
            optional: (view.site.kind == SiteKind::Entry && !view.site.exact)
                || view.site.fields.get(index).is_some_and(|raw| raw.optional),
            there,
            want,
            why: &expected.why,
        }));
    }
    out
}
