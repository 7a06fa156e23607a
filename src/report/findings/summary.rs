//! Counts of findings, and the summary line of the human format.

use std::collections::BTreeSet;

use tenon_text::diag::{Applicability, Findings, Severity};

/// Counts of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are notes.
    pub notes: usize,
    /// Subjects with at least one finding, without the host.
    pub subjects: usize,
    /// Findings about the host as a whole.
    pub hostwide: usize,
    /// Findings that `--fix` fixes.
    pub safe: usize,
    /// Findings that only `--unsafe-fixes` fixes.
    pub unsafe_: usize,
}

impl Counts {
    /// The counts of `findings`.
    pub fn of(findings: &Findings) -> Self {
        let mut counts = Self::default();
        let mut subjects = BTreeSet::new();
        for diagnostic in &findings.diagnostics {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
            match diagnostic.fix.as_ref().map(|fix| fix.applicability) {
                Some(Applicability::Safe) => counts.safe += 1,
                Some(Applicability::Unsafe) => counts.unsafe_ += 1,
                None => {}
            }
            if diagnostic.subject.is_empty() {
                counts.hostwide += 1;
            } else {
                subjects.insert(&diagnostic.subject);
            }
        }
        counts.subjects = subjects.len();
        counts
    }

    /// All findings.
    pub fn all(&self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// `3 findings (2 errors, 1 warning) in 2 of 8 integrations; 145 files, 17 rules; 2 fixable with --fix`
    pub fn sentence(&self, findings: &Findings) -> String {
        let inspected = findings.inspected;
        let noun = if findings.noun.is_empty() {
            "subject"
        } else {
            &findings.noun
        };
        let looked = format!(
            "{}, {}",
            count(inspected.files, "file"),
            count(inspected.rules, "rule")
        );
        let mut parts = if self.all() == 0 {
            vec![
                format!("no findings in {}", count(inspected.members, noun)),
                looked,
            ]
        } else {
            vec![
                format!("{} {}", self.kinds(), self.places(findings, noun)),
                looked,
            ]
        };
        match (self.safe, self.unsafe_) {
            (0, 0) => {}
            (safe, 0) => parts.push(format!("{safe} fixable with --fix")),
            (0, other) => parts.push(format!("{other} fixable with --unsafe-fixes")),
            (safe, other) => parts.push(format!(
                "{safe} fixable with --fix, {other} more with --unsafe-fixes"
            )),
        }
        if findings.suppressed > 0 {
            parts.push(format!("{} suppressed", findings.suppressed));
        }
        parts.join("; ")
    }

    fn kinds(&self) -> String {
        let kinds = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.notes, "note"),
        ];
        let kinds: Vec<String> = kinds
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| count(*number, word))
            .collect();
        format!("{} ({})", count(self.all(), "finding"), kinds.join(", "))
    }

    fn places(&self, findings: &Findings, noun: &str) -> String {
        let members = findings.inspected.members;
        match (self.subjects, self.hostwide) {
            (0, _) => format!("in the host; {}", count(members, noun)),
            // A finding may be about a member that no longer exists: then there are more subjects than members.
            (subjects, 0) if subjects > members => format!("in {}", count(subjects, noun)),
            (subjects, 0) => format!("in {subjects} of {}", count(members, noun)),
            (subjects, _) if subjects > members => format!("in {} and the host", count(subjects, noun)),
            (subjects, _) => format!("in {subjects} of {} and the host", count(members, noun)),
        }
    }
}

/// A number with its noun: `1 entry`, `2 entries`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        return format!("1 {noun}");
    }
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{number} {stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn nouns_are_counted_in_plain_english() {
        let counted = ["integration", "entity", "bus", "gateway", "patch"].map(|noun| count(2, noun));
        assert_eq!(
            counted,
            [
                "2 integrations",
                "2 entities",
                "2 buses",
                "2 gateways",
                "2 patches"
            ]
        );
        assert_eq!(count(1, "entity"), "1 entity");
    }
}
