//! Imports are added, taken out and put in order as gofmt leaves them.

use crate::contract::Method;
use crate::contract::{Import, ImportKind};
use crate::languages::go::imports::{ensure_import, organize, read_imports, remove_import};
use crate::languages::go::print::with_stub;
use crate::stub::Stub;
use tenon_text::diag::apply_edits;

fn import(path: &str) -> Import {
    read_imports(&format!("import {path}\n")).pop().unwrap()
}

fn added(source: &str, path: &str) -> String {
    apply_edits(source, &ensure_import(source, &import(path)).unwrap()).unwrap()
}

/// Adding gives `after`, and taking out again gives back what was there.
fn both_ways(before: &str, path: &str, after: &str) {
    for eol in ["\n", "\r\n"] {
        let (before, after) = (before.replace('\n', eol), after.replace('\n', eol));
        let with = added(&before, path);
        assert_eq!(with, after);
        assert_eq!(added(&with, path), with);
        let without = apply_edits(&with, &remove_import(&with, &import(path))).unwrap();
        assert_eq!(without, before);
    }
}

#[test]
fn an_import_joins_the_group_that_is_most_like_it() {
    both_ways(
        "package main\n\nimport (\n\t\"fmt\"\n\t\"os\" // for Exit\n\n\t\"example.com/h/pkg/b\"\n\n\t\"example.com/h/pkg/d\"\n\tlog \"other.org/log\"\n)\n",
        "\"example.com/h/pkg/c\"",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"os\" // for Exit\n\n\t\"example.com/h/pkg/b\"\n\t\"example.com/h/pkg/c\"\n\n\t\"example.com/h/pkg/d\"\n\tlog \"other.org/log\"\n)\n",
    );
    both_ways(
        "package main\n\nimport (\n\t// first\n\t\"fmt\"\n\n\t\"example.com/h/pkg/b\"\n)\n",
        "\"context\"",
        "package main\n\nimport (\n\t\"context\"\n\t// first\n\t\"fmt\"\n\n\t\"example.com/h/pkg/b\"\n)\n",
    );
}

#[test]
fn a_group_is_made_where_none_fits() {
    both_ways(
        "package main\n\nimport (\n\t\"fmt\"\n)\n",
        "\"example.com/h/pkg/b\"",
        "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/h/pkg/b\"\n)\n",
    );
    both_ways(
        "package main\n\nimport (\n\t\"example.com/h/pkg/b\"\n)\n",
        "\"fmt\"",
        "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/h/pkg/b\"\n)\n",
    );
}

#[test]
fn imports_without_parentheses_stay_without() {
    both_ways(
        "package main\n\nimport \"fmt\"\n\nfunc main() {}\n",
        "x \"example.com/h/pkg/b\"",
        "package main\n\nimport \"fmt\"\nimport x \"example.com/h/pkg/b\"\n\nfunc main() {}\n",
    );
    assert_eq!(
        added("//go:build linux\n\npackage main\n\nfunc main() {}\n", "\"fmt\""),
        "//go:build linux\n\npackage main\n\nimport \"fmt\"\n\nfunc main() {}\n"
    );
}

#[test]
fn a_list_whose_brackets_stand_beside_its_imports_stays_as_it_is() {
    for list in [
        "import (\"a\"\n\t\"b\"\n)",
        "import (\n\t\"a\"\n\t\"b\")",
        "import (\"a\"; \"b\")",
    ] {
        both_ways(
            &format!("package p\n\n{list}\n\nvar x = fmt.A\n"),
            "\"fmt\"",
            &format!("package p\n\n{list}\nimport \"fmt\"\n\nvar x = fmt.A\n"),
        );
    }
}

#[test]
fn the_import_of_c_keeps_its_comment() {
    both_ways(
        "package main\n\n/*\n#include <stdio.h>\n*/\nimport \"C\"\n\nimport (\n\t\"fmt\"\n)\n",
        "\"os\"",
        "package main\n\n/*\n#include <stdio.h>\n*/\nimport \"C\"\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n",
    );
    assert_eq!(
        added("package main\n\n// #include <a.h>\nimport \"C\"\n", "\"os\""),
        "package main\n\n// #include <a.h>\nimport \"C\"\n\nimport \"os\"\n"
    );
}

#[test]
fn a_name_that_means_something_else_is_refused() {
    for source in [
        "package main\n\nimport \"a.org/x\"\n",
        "package main\n\nvar x = 1\n",
        "package main\n\nfunc main() {\n\tx, err := f()\n}\n",
    ] {
        let error = ensure_import(source, &import("\"example.com/x\"")).unwrap_err();
        assert!(error.message().contains("`x`"), "{}", error.message());
    }
    assert!(added("package main\n\nimport . \"a.org/x\"\n", "\"a.org/x\"").contains("import \"a.org/x\""));
}

#[test]
fn a_rendered_file_gets_its_imports_in_order() {
    let source = "// Package a does.\npackage a\n\nimport \"b.org/unused\"\n\nimport \"z.org/z\"\n\nimport \"fmt\"\nimport api \"a.org/v1\"\nimport \"fmt\"\n\nfunc f(t api.T) { fmt.Println(z.Z) }\n";
    let (text, errors) = organize(source);
    assert_eq!(errors, 0);
    assert_eq!(
        text,
        "// Package a does.\npackage a\n\nimport (\n\t\"fmt\"\n\n\tapi \"a.org/v1\"\n\t\"z.org/z\"\n)\n\nfunc f(t api.T) { fmt.Println(z.Z) }\n"
    );
    let (text, _) = organize("package a\n\nimport \"fmt\"\n\nimport \"os\"\n\nvar x = os.Args\n");
    assert_eq!(text, "package a\n\nimport \"os\"\n\nvar x = os.Args\n");
}

#[test]
fn comments_in_a_list_of_imports_go_with_what_they_are_about() {
    let (text, _) = organize(
        "package a\n\nimport (\n\t// The client.\n\t// Ours.\n\tapi \"a.org/v1\"\n\t\"os\" // Args\n)\n\nvar x = api.F(os.Args)\n",
    );
    assert_eq!(
        text,
        "package a\n\nimport (\n\t\"os\" // Args\n\n\t// The client.\n\t// Ours.\n\tapi \"a.org/v1\"\n)\n\nvar x = api.F(os.Args)\n"
    );
    assert_eq!(organize(&text).0, text);
    let only = "package a\n\nimport (\n\t// Why.\n\t\"os\"\n)\n\nvar x = os.Args\n";
    assert_eq!(organize(only).0, only);
}

#[test]
fn a_stub_stands_behind_the_last_method() {
    let method = Method {
        name: "M".into(),
        ..Method::default()
    };
    let how = Stub {
        body: "panic(1)",
        ..Stub::default()
    };
    let text = "package a\r\n\r\ntype T struct{}\r\n\r\nfunc (t T) A() {}\r\n\r\nfunc g() {}";
    let stubbed = |text: &str| {
        let edit = with_stub(text, "T", &method, &how).unwrap();
        apply_edits(text, &[edit]).unwrap()
    };
    assert_eq!(
        stubbed(text),
        "package a\r\n\r\ntype T struct{}\r\n\r\nfunc (t T) A() {}\r\n\r\nfunc (t T) M() {\r\n\tpanic(1)\r\n}\r\n\r\nfunc g() {}"
    );
    assert_eq!(
        stubbed("package a\n\ntype T[K any] struct{}"),
        "package a\n\ntype T[K any] struct{}\n\nfunc (t *T[K]) M() {\n\tpanic(1)\n}"
    );
    // What begins on the line of the type ends first.
    assert_eq!(
        stubbed("package a\n\ntype T int; func g() {\n}\n"),
        "package a\n\ntype T int; func g() {\n}\n\nfunc (t *T) M() {\n\tpanic(1)\n}\n"
    );
    let alias = Import {
        kind: ImportKind::Namespace,
        ..Import::default()
    };
    assert_eq!(alias.local(), "");
}

const ODD: &str = "package a\n\nimport (\n\t\"a\"; \"b\"\n\tc \"x.org/c\" /* é */; . \"d\"\n)\nimport \"e\"; import _ \"f\"\n\ntype (\n\tT[K any] interface { ~int | string; M(K, ...[2]func(a, b K) (é error)); *x.Y }\n\tU struct { *T[int]; x.Z `tag`; a, b int }\n)\n\nfunc (t *U) M(a ...int) (x, y int) { return }\nconst A, B = \"é\", 1\nvar ( c = A )\n";

#[test]
fn code_that_is_cut_off_anywhere_does_no_harm() {
    let cuts = (0..=ODD.len()).filter(|at| ODD.is_char_boundary(*at));
    let texts = cuts.flat_map(|at| [ODD[..at].to_owned(), format!("package a\n{}", &ODD[at..])]);
    for text in texts {
        for path in ["\"z\"", "q \"x.org/a\"", ". \"b\""] {
            let import = import(path);
            if let Ok(edits) = ensure_import(&text, &import) {
                let with = apply_edits(&text, &edits).unwrap();
                apply_edits(&with, &remove_import(&with, &import)).unwrap();
            }
        }
        organize(&text);
        let files = super::Files::of(&[("p/a.go", &text), ("go.mod", "module x.org\n")]);
        let sources = crate::languages::go::sources::GoSources::new(&files, "p");
        for name in ["T", "U"] {
            let _ = crate::sources::Sources::contract(&sources, &[name]);
            crate::sources::Sources::class(&sources, "p", name);
        }
        let _ = with_stub(&text, "U", &Method::default(), &Stub::default());
    }
}

#[test]
fn what_a_template_says_of_its_imports_stays() {
    for (source, after) in [
        // A comment behind an import without brackets.
        (
            "package p\n\nimport _ \"a.org/x\" // why\n",
            "package p\n\nimport _ \"a.org/x\" // why\n",
        ),
        (
            "package p\n\nimport _ \"a.org/x\" // why\nimport \"fmt\"\n\nvar y = fmt.Y\n",
            "package p\n\nimport (\n\t\"fmt\"\n\n\t_ \"a.org/x\" // why\n)\n\nvar y = fmt.Y\n",
        ),
        // Imports at the end of the file.
        (
            "package p\n\nimport (\n\t_ \"y\"\n\t_ \"x\"\n)\n",
            "package p\n\nimport (\n\t_ \"x\"\n\t_ \"y\"\n)\n",
        ),
        // Groups that are set apart, with imports that are added to them.
        (
            "package p\n\nimport (\n\t_ \"os\"\n\n\t_ \"z.org/z\"\n\n\t_ \"host.org/h/b\"\n)\n\nimport _ \"host.org/h/a\"\nimport _ \"fmt\"\nimport _ \"new.org/n\"\n\nvar x = 1\n",
            "package p\n\nimport (\n\t_ \"fmt\"\n\t_ \"os\"\n\n\t_ \"z.org/z\"\n\n\t_ \"host.org/h/a\"\n\t_ \"host.org/h/b\"\n\n\t_ \"new.org/n\"\n)\n\nvar x = 1\n",
        ),
    ] {
        let (text, errors) = organize(source);
        assert_eq!((text.as_str(), errors), (after, 0));
        assert_eq!(organize(&text).0, text);
    }
}
