//! One fault, one finding: what two contexts say of the same place, and what only follows from another finding, is said
//! once. Findings of different members meet here for the first time.

use std::collections::BTreeSet;

use tenon_text::diag::Diagnostic;

use super::{missing_part, missing_site};

/// Drops repetitions from sorted findings. What is about a member stands before what is about the host, and stays.
pub fn once(findings: &mut Vec<Diagnostic>) {
    let parts: BTreeSet<String> = findings
        .iter()
        .filter(|finding| finding.rule == missing_part::RULE.id)
        .map(|finding| finding.at.path.clone())
        .collect();
    let mut said = BTreeSet::new();
    findings.retain(|finding| {
        // That the file is not there was said; that nothing can be listed in it follows.
        let follows = finding.rule == missing_site::RULE.id && parts.contains(&finding.at.path);
        !follows && said.insert((finding.rule.clone(), finding.at.clone(), finding.message.clone()))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_text::diag::Place;

    #[test]
    fn what_is_about_a_thing_stays() {
        let one = |rule: &str, subject: &str| Diagnostic::new(rule, subject, Place::file("a.ts"), "so");
        let mut all = vec![
            one("missing-part", "b"),
            one("stale-entry", "b"),
            one("missing-site", ""),
            one("stale-entry", ""),
        ];
        once(&mut all);
        assert_eq!(all, [one("missing-part", "b"), one("stale-entry", "b")]);
    }
}
