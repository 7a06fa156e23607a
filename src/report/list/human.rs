//! For people: one line for each member, its name first.

use super::{Listing, severities};

/// The lines.
pub fn render(listing: &Listing) -> String {
    let rows = &listing.rows;
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let several = rows.iter().any(|row| row.kind != rows[0].kind);
    let mut kind = "";
    for row in rows {
        if several && row.kind != kind {
            kind = &row.kind;
            text.push_str(&format!("{}{kind}:\n", if text.is_empty() { "" } else { "\n" }));
        }
        let name = &row.name;
        let made = match row.made_by {
            Some(_) => "tenon",
            None => "by hand",
        };
        let mut line = format!("{name:width$}  {made:7}");
        for entries in row.entries() {
            line.push_str(&format!("  {entries}"));
        }
        let tally = row.tally();
        if tally.all() > 0 {
            line.push_str(&format!("  methods: {}", tally.text()));
            let rest = tally.rest();
            if !rest.is_empty() {
                line.push_str(&format!(" ({rest})"));
            }
        }
        let unregistered: Vec<&str> = row.unregistered().into_iter().collect();
        if !unregistered.is_empty() {
            line.push_str(&format!("  not listed in: {}", unregistered.join(", ")));
        }
        let findings = severities(&row.findings);
        if !findings.is_empty() {
            line.push_str(&format!("  findings: {findings}"));
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}
