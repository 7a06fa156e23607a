//! `conflict-marker`: a merge was not finished.

use memchr::memmem;

use tenon_text::diag::{Diagnostic, Place, RuleInfo, Span};

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "conflict-marker",
    summary: "a file still has the markers of a merge that was not finished",
    page: include_str!("../../../../docs/rules/conflict-marker.md"),
};

/// The first marker of the file at `path`, which belongs to the member `subject`. All three kinds must be there, in order and each at the beginning of a line: a row
/// of `=` alone is a heading.
pub fn check(subject: &str, path: &str, text: &str) -> Option<Diagnostic> {
    memmem::find(text.as_bytes(), b"<<<<<<< ")?;
    let mut first = None;
    let mut state = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        match state {
            0 if bare.starts_with("<<<<<<< ") => {
                first = Some(Span::new(at, at + bare.len()));
                state = 1;
            }
            1 if bare == "=======" => state = 2,
            2 if bare.starts_with(">>>>>>> ") => {
                let finding = Diagnostic::new(
                    RULE.id,
                    subject,
                    Place::span(path, first?),
                    "a merge was not finished: its markers are still there",
                );
                return Some(
                    finding
                        .label("the first side begins here")
                        .help("decide between both sides and delete the marker lines; nothing else in this file was checked"),
                );
            }
            _ => {}
        }
        at += line.len();
    }
    None
}
