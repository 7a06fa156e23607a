//! The book: `docs/SUMMARY.md` lists every page of `docs/` once, and nothing else.

use std::collections::BTreeSet;
use std::fs;

use super::root;

#[test]
fn every_page_stands_in_the_summary_once() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let link = regex::Regex::new(r"\]\(([^)]+\.md)\)").unwrap();
    let mut listed = BTreeSet::new();
    for found in link.captures_iter(&summary) {
        assert!(
            listed.insert(found[1].to_owned()),
            "{} is listed twice",
            &found[1]
        );
    }
    let pages: BTreeSet<String> = super::pages()
        .iter()
        .filter_map(|page| page.strip_prefix(root().join("docs")).ok())
        .map(|page| page.display().to_string())
        // What lies under examples/ belongs to the packs there and is read where they are.
        .filter(|page| page != "SUMMARY.md" && !page.starts_with("examples/"))
        .collect();
    let lacking: Vec<_> = pages.difference(&listed).collect();
    assert!(lacking.is_empty(), "docs/SUMMARY.md lacks {lacking:?}");
    let gone: Vec<_> = listed.difference(&pages).collect();
    assert!(
        gone.is_empty(),
        "docs/SUMMARY.md lists what is not there: {gone:?}"
    );
}
