//! One line for each finding, `file:line:column: rule: text`, as editors and `grep` expect it.

use std::fmt::Write as _;

use super::view::{View, path_of};
use crate::report::escape::clean_line;

/// The lines; none if there are no findings. A finding about a whole file is at `1:1`, so that every line parses.
pub fn render(view: &View) -> String {
    let mut text = String::new();
    for diagnostic in view.diagnostics() {
        let (line, column) = view
            .region(&diagnostic.at)
            .map_or((1, 1), |region| (region.start.line, region.start.column));
        let _ = writeln!(
            text,
            "{}:{line}:{column}: {}: {}",
            clean_line(path_of(&diagnostic.at)),
            clean_line(&diagnostic.rule),
            clean_line(&diagnostic.message)
        );
    }
    text
}
