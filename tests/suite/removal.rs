//! `tenon remove`: what was made goes without a trace, what people wrote stays, what others build on is refused.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use snapbox::str;

use crate::support::hosts::{framework, made};
use crate::support::sandbox::{Sandbox, assert_same, visible};

const ENTRY: &str = "packages/integrations/acme/src/integration.ts";

/// Three integrations that switch the same modules between them.
const THREE: [&[&str]; 3] = [
    &[
        "new-integration",
        "acme",
        "--modules",
        "tickets,cms",
        "--inject",
        "cms:cache",
        "--activate",
        "tickets",
    ],
    &[
        "new-integration",
        "beta",
        "--modules",
        "tickets,users",
        "--activate",
        "tickets,users",
    ],
    &[
        "new-integration",
        "gamma",
        "--modules",
        "users,search,tickets",
        "--activate",
        "users,search",
    ],
];

fn orders() -> Vec<[usize; 3]> {
    let all = (0..3).flat_map(|a| (0..3).flat_map(move |b| (0..3).map(move |c| [a, b, c])));
    all.filter(|[a, b, c]| a != b && b != c && a != c).collect()
}

#[test]
fn three_that_share_everything_go_in_any_order_without_a_trace() {
    let orders = orders();
    assert_eq!(orders.len(), 6);
    for order in orders {
        let host = made();
        let before = visible(&host.root);
        for args in THREE {
            host.done(args);
        }
        for (at, one) in order.into_iter().enumerate() {
            host.done(&["remove-integration", THREE[one][1], "--yes"]);
            if at < 2 {
                host.run(&["check"]).exits(0);
            }
        }
        host.done(&["undo"]);
        host.done(&["remove-integration", THREE[order[2]][1]]);
        assert_same(&before, &visible(&host.root));
    }
}

/// Command lines.
type Commands = &'static [&'static [&'static str]];

/// A pack with a host of its own: the commands that make the host ready, and what an integration is asked.
const PACKS: [(&str, Commands, &[&str]); 4] = [
    ("cargo", &[], &[]),
    (
        "djblets",
        &[&["new", "support", "integrations"]],
        &["--fields", "url:CharField"],
    ),
    ("integration-controller", &[], &[]),
    ("o2s", &[], &["--modules", "tickets,cms", "--activate", "tickets"]),
];

#[test]
fn with_every_pack_three_go_in_any_order_without_a_trace() {
    for (pack, ready, asked) in PACKS {
        let host = Sandbox::empty();
        host.done(&["new", "host", "shop", "--pack", pack]);
        let run = |args: &[&str]| {
            let ran = host.run_in("shop", args);
            assert_eq!(ran.code, 0, "{pack}: {args:?}: {}", ran.err);
        };
        for args in ready {
            run(args);
        }
        let before = visible(&host.at("shop"));
        for order in orders() {
            for name in ["saw", "plane", "rasp"] {
                run(&[&["new-integration", name][..], asked].concat());
            }
            run(&["check"]);
            for at in order {
                run(&["remove-integration", ["saw", "plane", "rasp"][at]]);
            }
            assert_same(&before, &visible(&host.at("shop")));
        }
    }
}

#[test]
fn any_choices_go_in_any_order_without_a_trace() {
    const MODULES: [&str; 4] = ["cache", "cms", "tickets", "users"];
    let some = proptest::collection::btree_set(0..MODULES.len(), 1..=MODULES.len());
    let one = (some.clone(), some);
    let all = (
        proptest::collection::vec(one, 2..4),
        proptest::collection::vec(any::<u8>(), 4),
    );
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&all, |(choices, keys)| {
        let host = framework();
        let before = visible(&host.root);
        let mut names = Vec::new();
        for (at, (modules, wished)) in choices.iter().enumerate() {
            let name = ["saw", "plane", "rasp"][at];
            let words = |set: &mut dyn Iterator<Item = &usize>| {
                set.map(|at| MODULES[*at]).collect::<Vec<_>>().join(",")
            };
            let (modules, activate) = (
                words(&mut modules.iter()),
                words(&mut modules.intersection(wished)),
            );
            let mut args = vec!["new-integration", name, "--modules", &modules];
            if !activate.is_empty() {
                args.extend(["--activate", &activate]);
            }
            host.done(&args);
            names.push((keys[at], name));
        }
        names.sort_unstable();
        for (_, name) in &names {
            host.done(&["remove-integration", name]);
        }
        assert_same(&before, &visible(&host.root));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn a_custom_module_goes_from_everywhere() {
    let host = made();
    host.done(THREE[0]);
    let before = visible(&host.root);
    host.done(&["new", "custom-module", "receipts", "--integration", "acme"]);
    let ran = host.refused(&["remove-integration", "acme"]);
    ran.says(str![[r#"
error: other members depend on `acme`
  because: the custom-module `receipts`, in `packages/integrations/acme/src/modules/receipts/index.ts`
help: remove these first, or make them depend on something else

"#]]);
    host.done(&["remove", "custom-module", "receipts"]);
    assert_same(&before, &visible(&host.root));
}

#[test]
fn modules_go_alone() {
    let host = made();
    host.done(THREE[1]);
    let before = visible(&host.root);
    host.done(&[
        "new",
        "module",
        "beta",
        "--modules",
        "cms,search",
        "--activate",
        "search",
    ]);
    host.done(&["remove", "module", "beta", "--modules", "cms,search"]);
    assert_same(&before, &visible(&host.root));
    host.done(&["remove", "module", "beta", "--modules", "users"]);
    host.run(&["check"]).exits(0);
    assert!(!host.exists("packages/integrations/beta/src/modules/users"));
    assert!(!host.exists("packages/configs/integrations/src/models/users.ts"));
    assert!(host.exists("packages/configs/integrations/src/models/tickets.ts"));
    host.run(&["new-integration", "beta"]).exits(0).prints("");
    host.refused(&["remove", "module", "beta"]).says(str![[r#"
error: `beta` has more than one module
help: say which of them go: `--modules A,B` or `--activate A,B`

"#]]);
    host.refused(&["remove", "module", "beta", "--modules", "cms"])
        .says(str![[r#"
error: `beta` has no `cms`
help: it has `tickets`

"#]]);
}

#[test]
fn what_people_wrote_stays_until_it_is_asked_for() {
    let host = made();
    let before = visible(&host.root);
    host.done(THREE[0]);
    host.replace(ENTRY, "name: 'acme'", "name: 'acme' /* ours */");
    host.write(
        "packages/integrations/acme/src/client.ts",
        "export const url = '';\n",
    );
    let ran = host.run(&["remove-integration", "acme"]);
    ran.exits(0).says(str![[r#"
warning: `packages/integrations/acme/src/client.ts` stays: somebody added it
warning: `packages/integrations/acme/src/integration.ts` stays: somebody changed it
`--force` removes these as well
4 files changed, 21 files deleted

"#]]);
    assert!(host.read(ENTRY).contains("/* ours */"));
    assert!(host.exists("packages/integrations/acme/src/client.ts"));
    host.done(&["undo"]);
    assert!(host.exists("packages/integrations/acme/package.json"));
    host.done(&["remove-integration", "acme", "--force"]);
    assert_same(&before, &visible(&host.root));
}

/// An integration that nobody recorded: its files and its wiring are those of one that was made.
fn by_hand(args: &[&str]) -> Sandbox {
    let host = framework();
    host.done(args);
    host.remove("tenon.lock");
    host
}

#[test]
fn what_was_written_by_hand_goes_when_it_is_asked_for() {
    let before = visible(&framework().root);
    let host = by_hand(&["new-integration", "acme", "--modules", "tickets,users"]);
    let all = visible(&host.root);
    let ran = host.refused(&["remove-integration", "acme"]);
    ran.says(str![[r#"
error: tenon did not make `acme`: its 19 files were written by hand
  because: packages/integrations/acme/.gitignore
  because: packages/integrations/acme/.prettierrc.mjs
  because: packages/integrations/acme/README.md
  because: packages/integrations/acme/eslint.config.mjs
  because: packages/integrations/acme/lint-staged.config.mjs
  because: and 14 more
help: `--force` removes them as well; `tenon undo` restores them
help: `--force --dry-run` shows everything that would change

"#]]);
    assert_same(&all, &visible(&host.root));
    host.done(&["remove-integration", "acme", "--force"]);
    assert_same(&before, &visible(&host.root));
}

#[test]
fn what_the_host_serves_goes_to_who_is_named() {
    let host = by_hand(THREE[1]);
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    let all = visible(&host.root);
    host.refused(&["remove-integration", "beta", "--force"])
        .says(str![[r#"
error: the host serves from `beta`, and it is not recorded who did before
  because: `packages/configs/integrations/src/models/tickets.ts` holds it
  because: `packages/configs/integrations/src/models/users.ts` holds it
help: name who takes over: `--instead OTHER`

"#]]);
    host.refused(&["remove-integration", "beta", "--force", "--instead", "acme"])
        .says(str![[r#"
error: `acme` has no `users`, so it cannot take it over
  because: `packages/configs/integrations/src/models/users.ts` holds it
help: name another one with `--instead`, or make it there first

"#]]);
    assert_same(&all, &visible(&host.root));
    host.done(&["new", "module", "acme", "--modules", "users"]);
    host.done(&["remove-integration", "beta", "--force", "--instead", "acme"]);
    host.run(&["check"]).exits(0);
    let model = host.read("packages/configs/integrations/src/models/users.ts");
    assert!(model.contains("@o2s/integrations.acme/integration"), "{model}");
}

#[test]
fn who_extends_it_is_named() {
    let host = framework();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    host.done(&[
        "new-integration",
        "beta",
        "--modules",
        "tickets",
        "--extends",
        "acme",
    ]);
    let all = visible(&host.root);
    let ran = host.refused(&["remove-integration", "acme"]);
    ran.says(str![[r#"
error: other members depend on `acme`
  because: the integration `beta`, in `packages/integrations/beta/src/modules/tickets/tickets.service.ts:2:49`
help: remove these first, or make them depend on something else

"#]]);
    assert_same(&all, &visible(&host.root));
    host.done(&["remove-integration", "beta"]);
    host.done(&["remove-integration", "acme"]);
    assert_same(&visible(&framework().root), &visible(&host.root));
}

#[test]
fn where_it_is_still_spoken_of_is_told() {
    let host = made();
    host.done(THREE[0]);
    host.write("docs/acme.md", "# Acme\n\nSee `packages/integrations/acme`.\n");
    let ran = host.run(&["remove-integration", "acme", "--dry-run"]);
    ran.exits(0);
    assert!(
        ran.err.contains("warning: `docs/acme.md:3` still mentions it"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_not_there_is_an_error_that_guesses() {
    let host = made();
    host.done(THREE[0]);
    host.refused(&["remove-integration", "acne"]).says(str![[r#"
error: there is no integration `acne` here
help: did you mean `acme`?

"#]]);
    assert_eq!(host.run(&["remove-integration"]).code, 2);
    assert_eq!(host.run(&["remove-integration", "acme", "--check"]).code, 1);
}

#[test]
fn a_service_goes_only_when_nobody_takes_it() {
    for (pack, flag) in [("integration-controller", "--service"), ("cargo", "--services")] {
        let host = Sandbox::empty();
        host.done(&["new", "host", "shop", "--pack", pack]);
        let before = visible(&host.at("shop"));
        let run = |args: &[&str], code: i32| {
            let ran = host.run_in("shop", args);
            assert_eq!(ran.code, code, "{pack}: {args:?}: {}", ran.err);
            ran
        };
        run(&["new", "service", "keyring"], 0);
        run(&["new-integration", "beta", flag, "keyring"], 0);
        let all = visible(&host.at("shop"));
        let said = run(&["remove", "service", "keyring"], 2).err;
        assert!(
            said.contains("other members depend on `keyring`"),
            "{pack}: {said}"
        );
        assert_same(&all, &visible(&host.at("shop")));
        run(&["remove-integration", "beta"], 0);
        run(&["remove", "service", "keyring"], 0);
        assert_same(&before, &visible(&host.at("shop")));
    }
}

#[test]
fn an_entry_that_a_thing_may_have_is_not_missed_and_goes_with_it() {
    let host = Sandbox::empty();
    host.done(&["new", "extension", "shop", "--pack", "djblets"]);
    let run = |args: &[&str]| {
        let ran = host.run_in("shop", args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    };
    let hook = "        URLHook(self, [\n            path('shop/', include('shop.urls')),\n        ])\n";
    let extension = "shop/shop/extension.py";
    for name in ["acme", "beta"] {
        run(&["new-integration", name, "--fields", "url:CharField"]);
    }
    let text = host.read(extension);
    host.write(extension, format!("{text}\n{hook}"));
    run(&["check"]);
    let own = "            path('shop/', include('shop.urls')),\n            path('acme/',\n                 include('shop.acme.urls')),\n";
    host.replace(
        extension,
        "            path('shop/', include('shop.urls')),\n",
        own,
    );
    run(&["check"]);
    run(&["remove-integration", "acme"]);
    let text = host.read(extension);
    assert!(
        text.ends_with(hook) && !text.contains("acme") && text.contains("beta"),
        "{text}"
    );
}

#[test]
fn an_entry_that_another_needs_stays() {
    let host = made();
    host.done(THREE[0]);
    host.done(&["new", "custom-module", "receipts", "--integration", "acme"]);
    // Nothing tells any more who brought the dependency.
    host.remove("tenon.lock");
    host.done(&["remove", "custom-module", "receipts", "--force"]);
    let manifest = host.read("packages/configs/integrations/package.json");
    assert!(manifest.contains("\"@o2s/integrations.acme\""), "{manifest}");
    host.run(&["check"]).exits(0);
}
