//! Interfaces as contracts, method sets, and what does not fit.

use crate::contract::Contract;
use crate::language::Language;
use crate::languages::go::Go;
use crate::languages::go::print::{import_statement, shape};
use crate::languages::go::sources::GoSources;
use crate::sources::{Against, Definition, Sources};
use crate::stub::Stub;
use crate::style::Style;

use super::Files;

const TYPES: &str = "package integration

import (
\t\"context\"

\tapi \"example.com/host/pkg/apis/v1\"
\t. \"example.com/host/pkg/dots\"
\t\"k8s.io/apimachinery/pkg/runtime\"
)

// Consumer is told of objects.
type Consumer interface {
\t// Exists says whether
\t// it is there.
\tExists() bool
\tClosed(a, b string, rest ...*api.Thing) (n int, err error)
\tLookup(context.Context, runtime.Object, func(key string) (Own, error)) map[string][]Dotted
\tOther
\tStore[api.Thing]
\truntime.Gone
}

// Own is of this package.
type Own struct{}

type (
\t// Other stands in another file's manner.
\tOther interface{ Reset(Own) }
)
";

fn files(gomod: bool) -> Files {
    let mut all = vec![
        ("pkg/integration/types.go", TYPES),
        (
            "pkg/integration/store.go",
            "package integration\n\ntype Store[T any] interface {\n\tPut(T) error\n}\n",
        ),
        ("pkg/dots/d.go", "package dots\n\ntype Dotted int\n"),
        (
            "pkg/apis/v1/types.go",
            "package v1\n\ntype Thing struct{}\ntype Alias = Thing\n",
        ),
        (
            "pkg/a/a.go",
            "package a\n\nimport (\n\tv1 \"example.com/host/pkg/apis/v1\"\n\t\"example.com/host/pkg/integration\"\n)\n\ntype base struct{}\n\nfunc (base) Exists() bool { return true }\n\ntype Consumer struct {\n\t*base\n\tintegration.Other\n}\n\nfunc (c *Consumer) Put(t v1.Alias) error { return nil }\n",
        ),
        (
            "pkg/a/b.go",
            "package a\n\nfunc (c *Consumer) Closed(a string, b int, rest ...string) (int, error) { return 0, nil }\n",
        ),
        ("pkg/a/a_test.go", "package a\n\nfunc (c *Consumer) Lookup() {}\n"),
    ];
    if gomod {
        all.push(("go.mod", "module example.com/host // the host\n\ngo 1.20\n"));
    }
    Files::of(&all)
}

fn contract(gomod: bool) -> Contract {
    let files = files(gomod);
    GoSources::new(&files, "pkg/integration/types.go")
        .contract(&["Consumer"])
        .unwrap()
}

#[test]
fn an_interface_is_read_as_others_write_it() {
    for gomod in [true, false] {
        let contract = contract(gomod);
        let shapes: Vec<String> = contract.methods.iter().map(shape).collect();
        assert_eq!(
            shapes,
            [
                "Exists() bool",
                "Closed(a string, b string, rest ...*api.Thing) (n int, err error)",
                "Lookup(context.Context, runtime.Object, func(key string) (integration.Own, error)) map[string][]dots.Dotted",
                "Reset(integration.Own)",
                "Put(api.Thing) error",
            ]
        );
        assert_eq!(contract.doc, ["Consumer is told of objects."]);
        assert_eq!(contract.methods[0].doc, ["Exists says whether", "it is there."]);
        assert_eq!(contract.unread_bases, ["runtime.Gone"]);
        let imports: Vec<String> = contract.methods[2].imports.iter().map(import_statement).collect();
        assert_eq!(
            imports,
            [
                "import \"context\"",
                "import \"example.com/host/pkg/dots\"",
                "import \"example.com/host/pkg/integration\"",
                "import \"k8s.io/apimachinery/pkg/runtime\"",
            ]
        );
        let imports: Vec<String> = contract.methods[4].imports.iter().map(import_statement).collect();
        assert_eq!(
            imports,
            [
                "import api \"example.com/host/pkg/apis/v1\"",
                "import \"example.com/host/pkg/integration\"",
            ]
        );
    }
}

#[test]
fn a_stub_names_what_has_no_name() {
    let contract = contract(true);
    let how = Stub {
        receiver: "c *Consumer",
        body: "panic(\"later\")",
        doc: true,
        ..Stub::default()
    };
    let text = Go.stub(&contract.methods[2], &Style::default(), &how);
    assert_eq!(
        text,
        "func (c *Consumer) Lookup(ctx context.Context, object runtime.Object, value func(key string) (integration.Own, error)) map[string][]dots.Dotted {\n\tpanic(\"later\")\n}"
    );
    let text = Go.stub(&contract.methods[1], &Style::default(), &how);
    assert!(
        text.contains("Closed(a, b string, rest ...*api.Thing) (n int, err error)"),
        "{text}"
    );
}

#[test]
fn a_method_set_spans_files_and_what_is_embedded() {
    let files = files(true);
    let sources = GoSources::new(&files, "");
    let class = sources.class("pkg/a", "Consumer").unwrap();
    let names: Vec<&str> = class.methods.iter().map(|method| method.name.as_str()).collect();
    assert_eq!(names, ["Put", "Closed", "Exists", "Reset"]);
    assert!(class.implements.is_empty());
    let closed = class.method("Closed").unwrap();
    assert_eq!(sources.file_of("pkg/a/a.go", "Consumer", closed), "pkg/a/b.go");
    let origin = sources.definition("pkg/a/a.go", "v1.Thing");
    assert!(matches!(origin, Definition::Declared { file, .. } if file == "pkg/apis/v1/types.go"));
}

#[test]
fn another_type_does_not_fit() {
    let files = files(true);
    let sources = GoSources::new(&files, "pkg/integration");
    let contract = sources.contract(&["Consumer"]).unwrap();
    let class = sources.class("pkg/a", "Consumer").unwrap();
    let against = Against {
        specifier: "",
        words: &Default::default(),
        containers: &Default::default(),
    };
    let signature_mismatch = |name: &str, file: &str| {
        let method = contract.method(name).unwrap();
        sources
            .signature_mismatch(file, class.method(name).unwrap(), method, &against)
            .map(|wrong| wrong.message)
    };
    assert_eq!(
        signature_mismatch("Closed", "pkg/a/b.go").unwrap(),
        "the parameter `b` of `Closed` is `int`, and its contract passes `string`"
    );
    assert_eq!(signature_mismatch("Exists", "pkg/a/a.go"), None);
    // Type parameters are not followed, other names for a type are.
    assert_eq!(signature_mismatch("Put", "pkg/a/a.go"), None);
}
