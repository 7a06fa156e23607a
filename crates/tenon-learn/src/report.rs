//! What was found, for people: as text, as Markdown, and as a value that becomes JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use tenon_syntax::entry::learn::NameIndex;
use tenon_text::diag::line_col;

use crate::again::Again;
use crate::code::HOME;
use crate::found::{LearntSite, LeftOut, SharedFile};
use crate::members::Members;
use crate::own_files::OwnFile;
use crate::rules::LearntRule;

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Where the members are: `plugins/{name}`.
    pub home: String,
    /// What a member is called.
    pub kind: String,
    /// The names of the members.
    pub members: Vec<String>,
    /// Siblings that are no members.
    pub others: Vec<String>,
    /// The files that members have.
    pub files: Vec<Seen>,
    /// What their files have in common.
    pub rules: Vec<Seen>,
    /// The lists that members stand in.
    pub sites: Vec<Seen>,
    /// What was found and left out, and why.
    pub left_out: Vec<LeftOut>,
}

/// Something that most members have.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// A path; of a member's own file a template.
    pub file: String,
    /// The entry of a site, as the pack has it; of a rule, what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// How many members have it.
    pub count: usize,
    /// Of how many.
    pub of: usize,
    /// The members that have it not.
    pub without: Vec<Outlier>,
    /// Of a site: how the entries of some members came back that were taken out and put in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
}

/// A member that is not as the others: an exception, or a defect.
#[derive(Clone, Debug, Serialize)]
pub struct Outlier {
    /// Its name.
    pub member: String,
    /// The first line of the file that names it all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// What a report is made from.
pub(crate) struct Findings<'f> {
    pub kind: &'f str,
    pub members: &'f Members,
    pub own: &'f [OwnFile],
    pub shared: &'f [SharedFile],
    pub sites: &'f [LearntSite],
    /// How entries came back at each of these.
    pub again: &'f [Again],
    pub rules: &'f [LearntRule],
    pub left_out: Vec<LeftOut>,
}

impl Findings<'_> {
    /// The report.
    pub fn report(self) -> Report {
        let names = self.members.names();
        let of = names.len();
        let files = self.own.iter().map(|file| {
            let without = (0..of).filter(|number| !file.members.contains_key(number));
            let home = if self.members.home.is_file { "" } else { "/" };
            Seen {
                file: match (file.is_elsewhere, file.template.as_str()) {
                    (true, path) => path.to_owned(),
                    (false, path) => format!("{}{home}{path}", self.members.home.pattern()),
                },
                entry: None,
                count: file.members.len(),
                of,
                without: without
                    .map(|number| Outlier {
                        member: names[number].clone(),
                        line: None,
                    })
                    .collect(),
                again: None,
            }
        });
        let sites = self.sites.iter().zip(self.again).map(|(site, again)| {
            let text = self
                .shared
                .iter()
                .find(|file| file.path == site.file)
                .map(|file| &*file.text);
            let without: Vec<usize> = (0..of).filter(|number| !site.members.contains(number)).collect();
            let index = NameIndex::new(names.iter().map(String::as_str));
            let named = if without.is_empty() {
                vec![]
            } else {
                index.find(text.unwrap_or_default())
            };
            let line = |number: usize| {
                let it = named.iter().find(|it| it.member == number)?;
                Some(line_col(text?, it.span.start).line)
            };
            Seen {
                file: site.file.clone(),
                entry: Some(site.entry.clone()),
                count: site.members.len(),
                of,
                without: without
                    .into_iter()
                    .map(|number| Outlier {
                        member: names[number].clone(),
                        line: line(number),
                    })
                    .collect(),
                again: Some(*again),
            }
        });
        let rules = self.rules.iter().map(|rule| Seen {
            file: rule.file.replace(HOME, &self.members.home.pattern()),
            entry: Some(rule.what.shown()),
            count: rule.members.len(),
            of: rule.members.len() + rule.except.len(),
            without: rule
                .except
                .iter()
                .map(|number| Outlier {
                    member: names[*number].clone(),
                    line: None,
                })
                .collect(),
            again: None,
        });
        Report {
            rules: rules.collect(),
            home: self.members.home.pattern(),
            kind: self.kind.to_owned(),
            others: self.members.others.clone(),
            files: files.collect(),
            sites: sites.collect(),
            left_out: left_out(self.left_out, &self.members.home.pattern()),
            members: names,
        }
    }
}

/// What was left out, each once, with the place of the members where a template speaks of a member's home.
fn left_out(all: Vec<LeftOut>, home: &str) -> Vec<LeftOut> {
    let mut out: Vec<LeftOut> = Vec::new();
    for mut it in all {
        it.file = it.file.replace(HOME, home);
        if !out
            .iter()
            .any(|known| known.file == it.file && known.why == it.why)
        {
            out.push(it);
        }
    }
    out
}

impl Report {
    /// The report as text for a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{} members at {}: {}",
            self.members.len(),
            self.home,
            tenon_text::names::listed(&self.members)
        );
        if !self.others.is_empty() {
            let _ = writeln!(
                out,
                "beside them, and no members: {}",
                tenon_text::names::listed(&self.others)
            );
        }
        for (title, all) in [
            ("each has", &self.files),
            ("in its files", &self.rules),
            ("each is listed in", &self.sites),
        ] {
            if all.is_empty() {
                continue;
            }
            let _ = writeln!(out, "\n{title}");
            for seen in all {
                let _ = write!(out, "  {:>4} of {}  {}", seen.count, seen.of, seen.file);
                let _ = match seen.entry.as_deref() {
                    Some(entry) => writeln!(out, "  {}{}", line_of(entry), Again::said(seen.again)),
                    None => writeln!(out),
                };
            }
        }
        let outliers = self.outliers();
        if !outliers.is_empty() {
            let _ = writeln!(out, "\nexceptions or defects?");
            for (member, places) in outliers {
                let _ = writeln!(out, "  {member}: {}", places.join(", "));
            }
        }
        if !self.left_out.is_empty() {
            let _ = writeln!(out, "\nleft out");
            for it in &self.left_out {
                let _ = writeln!(out, "  {}: {}", it.file, it.why);
            }
        }
        out
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "# {} members at `{}`\n\n{}\n",
            self.members.len(),
            self.home,
            self.members.join(", ")
        );
        for (title, all) in [
            ("Each has", &self.files),
            ("In its files", &self.rules),
            ("Each is listed in", &self.sites),
        ] {
            if all.is_empty() {
                continue;
            }
            let _ = writeln!(
                out,
                "\n## {title}\n\n| members | of | file | entry |\n|---:|---:|---|---|"
            );
            for seen in all {
                let entry = seen
                    .entry
                    .as_deref()
                    .map(line_of)
                    .unwrap_or_default()
                    .replace('|', "\\|");
                let entry = if entry.is_empty() {
                    entry
                } else {
                    format!("`{entry}`")
                };
                let _ = writeln!(
                    out,
                    "| {} | {} | `{}` | {entry} |",
                    seen.count, seen.of, seen.file
                );
            }
        }
        let outliers = self.outliers();
        if !outliers.is_empty() {
            let _ = writeln!(out, "\n## Exceptions or defects?\n");
            for (member, places) in outliers {
                let _ = writeln!(out, "- `{member}`: {}", places.join(", "));
            }
        }
        if !self.left_out.is_empty() {
            let _ = writeln!(out, "\n## Left out\n");
            for it in &self.left_out {
                let _ = writeln!(out, "- `{}`: {}", it.file, it.why);
            }
        }
        out
    }

    /// The members that lack what at least three quarters have, and where.
    fn outliers(&self) -> Vec<(&str, Vec<String>)> {
        let mut out: Vec<(&str, Vec<String>)> = Vec::new();
        let rules = self.rules.iter().map(|seen| (seen, true));
        let others = self.files.iter().chain(&self.sites).map(|seen| (seen, false));
        let usual = others
            .chain(rules)
            .filter(|(seen, _)| seen.count * 4 >= seen.of * 3);
        for (seen, is_rule) in usual {
            for outlier in &seen.without {
                let place = match (&seen.entry, outlier.line) {
                    (Some(what), _) if is_rule => format!("no {what} in {}", seen.file),
                    (None, _) => format!("no {}", seen.file),
                    (Some(_), Some(line)) => format!("{}:{line} says it otherwise", seen.file),
                    (Some(_), None) => format!("not in {}", seen.file),
                };
                match out.iter_mut().find(|(member, _)| *member == outlier.member) {
                    Some((_, places)) if !places.contains(&place) => places.push(place),
                    Some(_) => {}
                    None => out.push((&outlier.member, vec![place])),
                }
            }
        }
        out
    }

    /// The shared files in which members are listed.
    pub fn listed_in(&self) -> BTreeSet<&str> {
        self.sites.iter().map(|site| site.file.as_str()).collect()
    }
}

/// The first line of an entry that names the member, cut to what fits a line.
fn line_of(entry: &str) -> String {
    let line = entry
        .lines()
        .find(|line| line.contains("name}}") && !line.trim_start().starts_with("//"));
    let line = line.or_else(|| entry.lines().next()).unwrap_or_default().trim();
    let mut out: String = line.chars().take(70).collect();
    if out.len() < line.len() || entry.lines().count() > 1 {
        out.push('…');
    }
    out
}
