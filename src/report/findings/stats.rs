//! What each part of a check saw and cost, as a table for people.

use std::fmt::Write as _;
use std::time::Duration;

use tenon_text::diag::{Part, Stat};

use super::count;

/// The word for a part.
pub(super) fn word(part: Part) -> &'static str {
    match part {
        Part::Step => "step",
        Part::Kind => "kind",
        Part::File => "file",
        Part::Site => "site",
        Part::PackRule => "expectation",
        Part::Rule => "rule",
    }
}

/// The share of `stat` in the time of all parts like it, in percent.
pub(super) fn share(stats: &[Stat], stat: &Stat) -> f64 {
    let like = stats.iter().filter(|other| other.part == stat.part);
    let all: Duration = like.map(|other| other.time).sum();
    if all.is_zero() {
        return 0.0;
    }
    100.0 * stat.time.as_secs_f64() / all.as_secs_f64()
}

/// A line for each part. What saw nothing says so.
pub(super) fn text(stats: &[Stat]) -> String {
    let mut out = String::new();
    let width = stats
        .iter()
        .map(|stat| stat.name.chars().count())
        .max()
        .unwrap_or(0)
        .min(72);
    for stat in stats {
        let (part, name) = (word(stat.part), &stat.name);
        let (members, seen, matches) = (stat.members, stat.seen, stat.matches);
        let saw = match stat.part {
            Part::Step => String::new(),
            Part::Kind => count(members, "member"),
            Part::File => format!("{seen} in {}", count(members, "member")),
            Part::Site => format!(
                "{}, {matches} of {}",
                count(seen, "entry"),
                count(members, "member")
            ),
            Part::PackRule => format!("{} in {}", count(seen, "file"), count(members, "member")),
            Part::Rule => format!("{} in {}", count(matches, "finding"), count(members, "check")),
        };
        let cost = match stat.part {
            Part::Kind | Part::File => String::new(),
            _ => format!(
                "{:.1} ms, {:.0} %",
                stat.time.as_secs_f64() * 1e3,
                share(stats, stat)
            ),
        };
        let line = format!("{part:11} {name:width$} {saw:36} {cost}");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
