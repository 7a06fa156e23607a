//! Whatever is chosen: a second run has nothing to do, and undo gives the host back.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::hosts::{framework, made};
use crate::support::sandbox::{Sandbox, assert_same};

/// A choice: modules, those of them that are activated, pairs of injections.
#[derive(Clone, Debug)]
struct Choice {
    modules: BTreeSet<usize>,
    activate: BTreeSet<usize>,
    inject: Vec<(usize, usize)>,
    twice: bool,
}

fn choice(of: usize) -> impl Strategy<Value = Choice> {
    let some = proptest::collection::btree_set(0..of, 1..=of);
    let pairs = proptest::collection::vec((0..of, 0..of), 0..4);
    (some.clone(), some, pairs, any::<bool>()).prop_map(|(modules, wished, pairs, twice)| Choice {
        activate: modules.intersection(&wished).copied().collect(),
        inject: pairs
            .into_iter()
            .filter(|(left, right)| modules.contains(left) && left != right)
            .collect(),
        modules,
        twice,
    })
}

fn holds(fresh: fn() -> Sandbox, names: &[&str], cases: u32) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    // The same cases each time: a failure that comes and goes helps nobody.
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(&choice(names.len()), |choice| {
        let joined = |set: &BTreeSet<usize>| set.iter().map(|at| names[*at]).collect::<Vec<_>>().join(",");
        let inject: Vec<String> = choice
            .inject
            .iter()
            .map(|(left, right)| format!("{}:{}", names[*left], names[*right]))
            .collect();
        let (modules, activate, inject) = (
            joined(&choice.modules),
            joined(&choice.activate),
            inject.join(","),
        );
        let mut args = vec!["new-integration", "acme", "--modules", &modules];
        if !activate.is_empty() {
            args.extend(["--activate", &activate]);
        }
        if !inject.is_empty() {
            args.extend(["--inject", &inject]);
        }
        let host = fresh();
        let before = host.tree();
        host.done(&args);
        let after = host.tree();
        host.run(&args).exits(0).prints("");
        host.run(&["new-integration", "acme"]).exits(0).prints("");
        host.run(&[&args[..], &["--check"]].concat()).exits(0).prints("");
        assert_same(&after, &host.tree());
        if choice.twice {
            let other: Vec<&str> = args
                .iter()
                .map(|arg| if *arg == "acme" { "other" } else { *arg })
                .collect();
            host.done(&other);
            host.done(&["undo"]);
            assert_same(&after, &host.tree());
        }
        host.done(&["undo"]);
        assert_same(&before, &host.tree());
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn any_choice_on_a_host_with_the_framework_is_made_once_and_taken_back() {
    holds(framework, &["cache", "cms", "sails", "tickets", "users"], 15);
}

#[test]
fn any_choice_on_a_made_host_is_made_once_and_taken_back() {
    let names = [
        "articles",
        "auth",
        "billing-accounts",
        "cache",
        "carts",
        "checkout",
        "cms",
        "customers",
        "invoices",
        "notifications",
        "orders",
        "organizations",
        "payments",
        "products",
        "resources",
        "search",
        "tickets",
        "users",
    ];
    holds(made, &names, 15);
}
