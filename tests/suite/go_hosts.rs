//! Go operators as people have them: other line ends, imports written otherwise, registrations elsewhere. Only the lines
//! of what is made are added, what is made is then in order, and `undo` takes every byte back.

use crate::support::hosts::{OPERATOR_MADE_BY, operator};
use crate::support::sandbox::{Sandbox, assert_same, visible};

const MAIN: &str = "cmd/operator/main.go";

const CONSUMER: &str = "\tconsumerRegistery.RegisterConsumer(nova.NewConsumer(namespace, k8sCruder))\n";
const INTEGRATOR: &str =
    "\tif err := integrationRegistery.RegisterIntegrator(nova.NewIntegrator(namespace)); err != nil {
\t\tpanic(err)
\t}
";

/// An operator with one integration.
fn acme() -> Sandbox {
    let host = operator();
    host.done(&["new-integration", "acme", "--quiet"]);
    host.remove(".tenon");
    host
}

/// The lines of `after` that are not in `before`, in order; those of `before` must all be there still.
fn added(before: &str, after: &str) -> Vec<String> {
    let mut old = before.split_inclusive('\n').peekable();
    let mut out = vec![];
    for line in after.split_inclusive('\n') {
        if old.peek() == Some(&line) {
            old.next();
        } else {
            out.push(line.to_owned());
        }
    }
    assert_eq!(old.next(), None, "a line is gone:\n{after}");
    out
}

/// Makes `nova` in `host`, in which `path` has the registrations, and takes it back. What it adds there.
fn made_and_undone(host: &Sandbox, path: &str) -> String {
    let (tree, before) = (host.tree(), host.read(path));
    host.done(&["new-integration", "nova", "--quiet"]);
    let after = host.read(path);
    let lines = added(&before, &after);
    let clean = host.done(&["validate-structure"]).out;
    assert!(clean.starts_with("no findings in "), "{clean}");
    let again = host.done(&["new-integration", "nova"]);
    assert!(
        again.err.contains("nothing to do") || again.out.contains("nothing to do"),
        "{again:?}"
    );
    host.done(&["undo", "--quiet"]);
    let mut left = host.tree();
    left.retain(|path, _| !path.starts_with(".tenon"));
    assert_same(&tree, &left);
    lines.concat()
}

#[test]
fn a_host_with_other_line_ends_keeps_them() {
    let host = acme();
    let text = host.read(MAIN).replace('\n', "\r\n");
    host.write(MAIN, text);
    let added = made_and_undone(&host, MAIN);
    assert_eq!(
        added,
        format!("\t\"example.com/shop/pkg/nova\"\n{CONSUMER}{INTEGRATOR}").replace('\n', "\r\n")
    );
}

#[test]
fn a_host_without_an_integration_gets_the_statements_before_the_reconciler() {
    let host = operator();
    host.done(&["new-integration", "nova", "--quiet"]);
    let made = format!("\n{CONSUMER}\n{INTEGRATOR}\n\tintegrationReconciler := integration.NewReconciler(");
    assert!(host.read(MAIN).contains(&made));
}

#[test]
fn what_stands_above_the_package_stays_there() {
    let host = acme();
    let cgo = "/*\n#include <stdio.h>\n*/\nimport \"C\"\n\nimport (";
    let text = format!(
        "//go:build !windows\n\n{}",
        host.read(MAIN).replacen("import (", cgo, 1)
    );
    host.write(MAIN, text);
    let added = made_and_undone(&host, MAIN);
    assert!(added.starts_with("\t\"example.com/shop/pkg/nova\"\n"), "{added}");
}

#[test]
fn packages_may_be_called_otherwise() {
    let host = acme();
    let text = host.read(MAIN);
    let dotted = text
        .replace("\"example.com/shop/pkg/acme\"", ". \"example.com/shop/pkg/acme\"")
        .replace("acme.New", "New");
    host.write(MAIN, dotted);
    let found = host.run(&["validate-structure", "--format", "concise"]).out;
    assert!(
        found
            .lines()
            .filter(|line| line.contains("unrecognised-entry"))
            .count()
            == 2
            && !found.contains("missing"),
        "{found}"
    );
    for alias in ["registry", "r"] {
        let host = acme();
        let text = text
            .replace(
                "\"example.com/shop/pkg/acme\"",
                &format!("{alias} \"example.com/shop/pkg/acme\""),
            )
            .replace("acme.New", &format!("{alias}.New"))
            .replace(
                "\"example.com/shop/pkg/consumer\"",
                "creg \"example.com/shop/pkg/consumer\"",
            )
            .replace("&consumer.Registry", "&creg.Registry");
        host.write(MAIN, text);
        let added = made_and_undone(&host, MAIN);
        assert_eq!(
            added,
            format!("\t\"example.com/shop/pkg/nova\"\n{CONSUMER}{INTEGRATOR}")
        );
    }
}

/// A function of another file that registers the integrations, its imports without parentheses.
const REGISTER: &str = "package main

import \"example.com/shop/pkg/acme\"
import \"example.com/shop/pkg/consumer\"
import \"example.com/shop/pkg/integration\"
import \"example.com/shop/pkg/k8s\"

func register(consumerRegistery *consumer.Registry, integrationRegistery *integration.Registry, k8sCruder *k8s.K8sCrudler, namespace string) {
\t{
\t\t// add acme integrations
\t\tc := acme.NewConsumer(namespace, k8sCruder)
\t\tconsumerRegistery.RegisterConsumer(c)
\t\ti := acme.NewIntegrator(namespace)
\t\tif err := integrationRegistery.RegisterIntegrator(i); err != nil {
\t\t\tpanic(err)
\t\t}
\t}
}
";

#[test]
fn registrations_are_found_where_they_were_moved_to() {
    let host = operator();
    host.write("cmd/operator/register.go", REGISTER);
    host.done(&["new-integration", "acme", "--quiet"]);
    host.remove(".tenon");
    assert_eq!(host.read("cmd/operator/register.go"), REGISTER);
    let added = made_and_undone(&host, "cmd/operator/register.go");
    assert_eq!(
        added,
        format!("import \"example.com/shop/pkg/nova\"\n{INTEGRATOR}{CONSUMER}")
    );
}

#[test]
fn registrations_by_way_of_variables_in_blocks_are_read_and_taken_out() {
    let host = acme();
    let text = host.read(MAIN);
    let of = |kind: &str| format!("acme.New{kind}(namespace");
    let consumer = format!(
        "\tconsumerRegistery.RegisterConsumer({}, k8sCruder))\n",
        of("Consumer")
    );
    let integrator = format!(
        "\tif err := integrationRegistery.RegisterIntegrator({})); err != nil {{\n\t\tpanic(err)\n\t}}\n\n",
        of("Integrator")
    );
    assert!(text.contains(&format!("{consumer}\n{integrator}")), "{text}");
    let block = format!(
        "\t{{\n\t\t// add acme integrations\n\t\tc := {}, k8sCruder)\n\t\tconsumerRegistery.RegisterConsumer(c)\n\t\ti := {})\n\t\tif err := integrationRegistery.RegisterIntegrator(i); err != nil {{\n\t\t\tpanic(err)\n\t\t}}\n\t}}\n\n",
        of("Consumer"),
        of("Integrator")
    );
    host.replace(MAIN, &format!("{consumer}\n{integrator}"), &block);
    let added = made_and_undone(&host, MAIN);
    assert_eq!(
        added,
        format!("\t\"example.com/shop/pkg/nova\"\n{INTEGRATOR}{CONSUMER}")
    );
    host.done(&["remove", "integration", "acme", "--quiet"]);
    assert_eq!(host.read(MAIN), operator().read(MAIN));
}

/// What the host calls its registries, and where the reconciler is made.
#[test]
fn what_a_host_calls_its_registries_is_read() {
    let registries = "\t\t// registries\n\t\tconsumerRegistery    = &consumer.Registry{}\n\t\tintegrationRegistery = &integration.Registry{}\n\t)\n";
    for declared in [
        "\t)\n\tconsumers := new(consumer.Registry)\n\tintegrators := new(integration.Registry)\n",
        "\t)\n\tconsumers, integrators := &consumer.Registry{}, &integration.Registry{}\n",
        "\t)\n\tvar integrators = &integration.Registry{}\n\tvar consumers *consumer.Registry = &consumer.Registry{}\n",
    ] {
        let host = operator();
        host.replace(MAIN, registries, declared);
        let text = host.read(MAIN);
        let text = text
            .replace("consumerRegistery", "consumers")
            .replace("integrationRegistery", "integrators");
        host.write(MAIN, text);
        let added = made_and_undone(&host, MAIN);
        assert!(
            added.contains("\tconsumers.RegisterConsumer(nova.NewConsumer(namespace, k8sCruder))\n"),
            "{added}"
        );
        assert!(
            added.contains("\tif err := integrators.RegisterIntegrator(nova.NewIntegrator(namespace)); err"),
            "{added}"
        );
    }
    let host = operator();
    host.replace(MAIN, "&consumer.Registry{}", "registry()");
    let said = host.refused(&["new-integration", "nova"]).err;
    assert!(
        said.contains("no variable is a `consumer.Registry` where the entry goes"),
        "{said}"
    );
    let host = operator();
    host.replace(MAIN, "\t\t// registries\n", "\t\tothers = &consumer.Registry{}\n");
    let said = host.refused(&["new-integration", "nova"]).err;
    assert!(
        said.contains("`consumer.Registry` may be any of `consumerRegistery`, `others`"),
        "{said}"
    );
}

#[test]
fn registrations_stand_before_what_makes_the_reconciler_however_that_is_written() {
    let made = "integrationReconciler := integration.NewReconciler(integrationRegistery)\n";
    for (written, begins) in [
        (
            "var integrationReconciler *integration.Reconciler\n\tintegrationReconciler = integration.NewReconciler(integrationRegistery)\n",
            "\tintegrationReconciler = integration.",
        ),
        (
            "var integrationReconciler *integration.Reconciler\n\tif once {\n\t\tintegrationReconciler = integration.NewReconciler(integrationRegistery)\n\t}\n",
            "\tif once {\n\t\tintegrationReconciler",
        ),
    ] {
        let host = operator();
        host.replace(MAIN, made, written);
        let text = host.read(MAIN);
        host.done(&["new-integration", "nova", "--quiet"]);
        let after = host.read(MAIN);
        assert!(
            after.contains(&format!("{CONSUMER}\n{INTEGRATOR}\n{begins}")),
            "{after}"
        );
        host.done(&["undo", "--quiet"]);
        assert_eq!(host.read(MAIN), text);
    }
    // In a helper the consumers' registry is not known.
    let host = operator();
    host.replace(
        MAIN,
        made,
        "integrationReconciler := reconciler(integrationRegistery)\n",
    );
    let helper = "func reconciler(r *integration.Registry) *integration.Reconciler {\n\treturn integration.NewReconciler(r)\n}\n\nfunc watchNamespace()";
    host.replace(MAIN, "func watchNamespace()", helper);
    let said = host.refused(&["new-integration", "nova"]).err;
    assert!(
        said.contains("no variable is a `consumer.Registry` where the entry goes"),
        "{said}"
    );
}

#[test]
fn a_missing_place_is_told_with_what_to_write() {
    let host = acme();
    host.write(MAIN, "package main\n\nfunc main() {}\n");
    let said = host.refused(&["new-integration", "nova"]).err;
    assert!(said.contains("RegisterConsumer(nova.NewConsumer("), "{said}");
}

#[test]
fn a_name_that_the_file_has_otherwise_is_refused() {
    let host = acme();
    let said = host.refused(&["new-integration", "flag"]).err;
    assert!(said.contains("the file imports `flag` under that name"), "{said}");
    let said = host.refused(&["new-integration", "once"]).err;
    assert!(said.contains("calls something of its own so"), "{said}");
}

#[test]
fn a_changed_contract_is_reported_and_stubs_are_put_in() {
    let host = acme();
    let types = "pkg/integration/types.go";
    host.replace(
        types,
        "\tIntegrates() string\n",
        "\tIntegrates() string\n\tClose(context.Context, ...string) (is bool, err error)\n",
    );
    let found = host.run(&["validate-structure", "--format", "concise"]);
    assert_eq!(found.code, 1);
    assert!(
        found.out.contains("`Integrator` has no method `Close`"),
        "{}",
        found.out
    );
    host.done(&["validate-structure", "--fix"]);
    let text = host.read("pkg/acme/integrator.go");
    assert!(
        text.ends_with("\nfunc (i *Integrator) Close(ctx context.Context, text ...string) (is bool, err error) {\n\tpanic(\"not implemented\")\n}\n"),
        "{text}"
    );
    host.replace(types, "\tIntegrates() string\n", "\tIntegrates() []string\n");
    let found = host.run(&["validate-structure", "--format", "concise"]);
    assert!(
        found
            .out
            .contains("`Integrates` returns `string`, and its contract `[]string`"),
        "{}",
        found.out
    );
}

#[test]
fn doubles_and_what_programs_wrote_are_no_integrations() {
    let host = acme();
    let double = "\nfunc (m *ConsumerMock) GVKs() []string { return nil }\n\ntype ConsumerMock struct{}\n";
    host.write(
        "pkg/mocks/consumer.go",
        format!("// Code generated by moq; DO NOT EDIT.\n\npackage mocks\n{double}"),
    );
    host.write("pkg/other/consumer_test.go", format!("package other\n{double}"));
    host.write("pkg/doubles/consumer.go", format!("package doubles\n{double}"));
    let clean = host.done(&["validate-structure"]).out;
    assert!(clean.starts_with("no findings in 1 integration;"), "{clean}");
}

#[test]
fn what_was_made_goes_again_without_a_trace() {
    let host = operator();
    let before = host.tree();
    for words in OPERATOR_MADE_BY {
        host.done(words);
    }
    for words in [
        ["remove", "consumer", "http"],
        ["remove", "integrator", "http"],
        ["remove", "integration", "nova"],
        ["remove", "service", "keycloak"],
        ["remove", "integration", "acme"],
    ] {
        host.done(&[&words[..], &["--quiet"]].concat());
        let clean = host.done(&["validate-structure"]).out;
        assert!(clean.starts_with("no findings"), "{words:?}: {clean}");
    }
    let mut left = host.tree();
    left.retain(|path, _| !path.starts_with(".tenon"));
    assert_same(&before, &left);
}

/// What the host calls its registries is not known: nothing is written that the compiler would refuse.
#[test]
fn an_entry_never_uses_a_name_that_the_host_does_not_declare() {
    let block = "\n\t\t// registries\n\t\tconsumerRegistery    = &consumer.Registry{}\n\t\tintegrationRegistery = &integration.Registry{}\n\t)\n";
    for declared in [
        "\n\t)\n\tconsumers := new(consumer.Registry)\n\tintegrators := new(integration.Registry)\n",
        "\n\t)\n\tvar consumers consumer.Registry\n\tvar integrators integration.Registry\n",
    ] {
        let host = operator();
        let text = host.read(MAIN);
        assert!(text.contains(block), "{text}");
        let text = text.replace(block, declared);
        let text = text.replace("consumerRegistery", "consumers");
        host.write(MAIN, text.replace("integrationRegistery", "integrators"));
        let before = visible(&host.root);
        let ran = host.run(&["new-integration", "acme", "--yes"]);
        // Where the pack reads what they are called, it uses that.
        if ran.code == 0 {
            let text = host.read(MAIN);
            assert!(text.contains("consumers.RegisterConsumer("), "{text}");
            assert!(text.contains("integrators.RegisterIntegrator("), "{text}");
            continue;
        }
        ran.is_one_error();
        assert!(
            ran.err
                .contains("declares no `consumerRegistery`, which the entry uses"),
            "{}",
            ran.err
        );
        assert_same(&before, &visible(&host.root));
    }
}
