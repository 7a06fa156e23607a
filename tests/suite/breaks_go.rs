//! Everything that a person breaks in a Go operator, one thing at a time: found by the right rule at the right place, and
//! nothing else; mended where that is promised.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use super::breaks::{complaint, each};
use crate::support::breaks::{all, families, findings, measured};
use crate::support::hosts::{OPERATOR_MADE_BY, operator};
use crate::support::sandbox::{Sandbox, program};

const PACK: &str = "integration-controller";
const TOOLS: [&str; 2] = ["vet", "build"];

/// An operator with two integrations, one of which has a second pair, and a service.
fn shop() -> &'static Sandbox {
    static SHOP: OnceLock<Sandbox> = OnceLock::new();
    SHOP.get_or_init(|| {
        let host = operator();
        for words in OPERATOR_MADE_BY {
            host.done(words);
        }
        host.remove(".tenon");
        host
    })
}

#[test]
fn every_break_of_a_go_operator_is_found_and_nothing_else_is() {
    let root = &shop().root;
    let before = findings(program(), root, &[]);
    assert_eq!(before, [], "a fresh host has findings");
    let said = each(&all(PACK), |of| complaint(of, "fresh", root, &before));
    assert!(said.is_empty(), "\n{said}");
}

#[test]
fn there_are_enough_breaks_of_a_go_operator() {
    let breaks = all(PACK);
    assert!(breaks.len() >= 60, "{}", breaks.len());
    let ids: BTreeSet<&str> = breaks.iter().map(|of| of.id.as_str()).collect();
    assert_eq!(ids.len(), breaks.len(), "an id is there twice");
    let known = measured(PACK, TOOLS);
    let gone: Vec<&String> = known.keys().filter(|id| !ids.contains(id.as_str())).collect();
    assert_eq!(gone, <[&String; 0]>::default(), "measured, and no break");
    let never: Vec<&&str> = ids.iter().filter(|id| !known.contains_key(**id)).collect();
    assert_eq!(never, <[&&str; 0]>::default(), "a break that was not measured");
}

/// The table of `docs/validation.md`; `TENON_BLESS=1` writes it.
#[test]
fn the_table_of_go_breaks_is_in_the_docs() {
    let known = measured(PACK, TOOLS);
    let (mut tables, mut noticed) = (String::new(), [0; 2]);
    for (family, breaks) in families(PACK) {
        tables += &format!(
            "\n### {family}\n\n| what a person does | is found by | at | `--fix` | go vet | go build |\n|---|---|---|---|---|---|\n"
        );
        for of in &breaks {
            let [rules, places, mended] = of.cells();
            let tools = match known.get(&of.id) {
                Some(row) => {
                    for (noticed, yes) in noticed.iter_mut().zip(row) {
                        *noticed += usize::from(*yes);
                    }
                    row.map(|yes| if yes { "yes" } else { "–" }).join(" | ")
                }
                None => "? | ?".to_owned(),
            };
            tables += &format!("| {} | {rules} | {places} | {mended} | {tools} |\n", of.what);
        }
    }
    let [vet, build] = noticed;
    let count = known.len();
    let summary = format!(
        "Of {count} breaks that were measured, `go vet` notices {vet}, `go build` {build}; `tenon` finds all.\n"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- go breaks -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /go breaks -->").unwrap();
    let right = format!("{before}<!-- go breaks -->\n{summary}{tables}\n<!-- /go breaks -->{after}");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &right).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == right,
        "the table of docs/validation.md is not of today: TENON_BLESS=1 cargo test --test main table_of_go_breaks"
    );
}
