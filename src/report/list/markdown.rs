//! Markdown: a table for each kind, then the findings.

use super::{Found, Listing, counted, severities};
use crate::report::count;
use crate::report::escape::clean_line;

/// The document.
pub fn render(listing: &Listing) -> String {
    let mut out = format!("# {}\n\n{}\n", text(&listing.pack), summary(listing));
    for group in listing.groups() {
        out.push_str(&format!("\n## {}\n\n", text(group.kind)));
        let head = ["name", "made by", "registered", "findings"]
            .into_iter()
            .map(str::to_owned);
        let tail = ["listed in"].into_iter().map(str::to_owned);
        let columns = group.columns.iter().map(|column| text(column));
        let head: Vec<String> = head.chain(columns).chain(tail).collect();
        line(&mut out, &head);
        line(&mut out, &vec!["---".to_owned(); head.len()]);
        for row in &group.rows {
            let cells = row.cells();
            let mut all = vec![
                format!("**{}**", text(&row.name)),
                row.made_by.as_ref().map_or("by hand", |_| "tenon").to_owned(),
            ];
            let unregistered: Vec<&str> = row.unregistered().into_iter().collect();
            all.push(match row.is_registered() {
                None => String::new(),
                Some(true) => "yes".to_owned(),
                Some(false) => format!("no: {}", text(&unregistered.join(", "))),
            });
            all.push(severities(&row.findings));
            for column in &group.columns {
                all.push(match cells.get(column) {
                    None => String::new(),
                    Some(tally) => match tally.rest() {
                        rest if rest.is_empty() => tally.text(),
                        rest => format!("{} ({rest})", tally.text()),
                    },
                });
            }
            let entries: Vec<String> = row.entries().iter().map(|entry| text(entry)).collect();
            all.push(entries.join("<br>"));
            line(&mut out, &all);
        }
    }
    if listing.all_findings().next().is_some() {
        out.push_str("\n## Findings\n\n");
    }
    for row in &listing.rows {
        row.findings
            .iter()
            .for_each(|found| finding(&mut out, &row.name, found));
    }
    listing
        .findings
        .iter()
        .for_each(|found| finding(&mut out, "the host", found));
    out
}

fn summary(listing: &Listing) -> String {
    let tally = listing.tally();
    let mut all: Vec<String> = listing
        .groups()
        .iter()
        .map(|group| count(group.rows.len(), &group.kind.replace('`', "")))
        .collect();
    if tally.all() > 0 {
        let rest = tally.rest();
        let rest = if rest.is_empty() {
            rest
        } else {
            format!(" ({rest})")
        };
        all.push(format!("{} methods implemented{rest}", tally.text()));
    }
    let unregistered = listing
        .rows
        .iter()
        .filter(|row| row.is_registered() == Some(false));
    all.extend(counted(unregistered.count(), "not registered", "not registered"));
    let count = listing.all_findings().count();
    all.push(counted(count, "finding", "findings").unwrap_or_else(|| "no findings".to_owned()));
    clean_line(&all.join("; "))
}

fn finding(out: &mut String, of: &str, found: &Found) {
    let line = found.line.map_or(String::new(), |line| format!(":{line}"));
    out.push_str(&format!(
        "- **{}** {} `{}`: {} ({}{line})\n",
        text(of),
        match found.severity {
            tenon_text::diag::Severity::Error => "error",
            tenon_text::diag::Severity::Warning => "warning",
            tenon_text::diag::Severity::Note => "note",
        },
        found.rule,
        text(&found.message),
        text(&found.path),
    ));
}

fn line(out: &mut String, cells: &[String]) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// `plain` on one line, in which nothing is markup: names come from the host's files. Back-ticks of messages stay where
/// they come in pairs.
fn text(plain: &str) -> String {
    let plain = clean_line(plain);
    let ticks = plain.matches('`').count().is_multiple_of(2);
    let mut out = String::with_capacity(plain.len());
    let mut code = false;
    for c in plain.chars() {
        match c {
            '`' if ticks => {
                code = !code;
                out.push(c);
            }
            // Tables are split at bars before anything else is read.
            '|' => out.push_str("\\|"),
            '\\' | '*' | '_' | '[' | ']' | '~' | '#' | '!' | '`' if !code => {
                out.push('\\');
                out.push(c);
            }
            '<' if !code => out.push_str("&lt;"),
            '>' if !code => out.push_str("&gt;"),
            '&' if !code => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}
