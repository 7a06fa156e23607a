//! What is added to imports and taken from them.

use super::*;
use tenon_text::diag::apply_edits;

fn style() -> Style {
    Style {
        indent: "    ".into(),
        width: 79,
        own_packages: vec!["shop".into()],
        ..Style::default()
    }
}

fn with(source: &str, module: &str, name: &str) -> String {
    let edits = ensure_import(source, &Import::named(module, name), &style(), None).unwrap();
    apply_edits(source, &edits).unwrap()
}

#[test]
fn a_name_joins_the_statement_of_its_module_in_order() {
    for (before, after) in [
        ("from a.b import B, D\n", "from a.b import B, C, D\n"),
        ("from a.b import (B, D)\n", "from a.b import (B, C, D)\n"),
        (
            "from a.b import (\n    B,\n    D,\n)\n",
            "from a.b import (\n    B,\n    C,\n    D,\n)\n",
        ),
        (
            "from a.b import (\n    A,\n    B  # last\n)\n",
            "from a.b import (\n    A,\n    B,  # last\n    C\n)\n",
        ),
        (
            "from a.b import (B,\n                 D)\n",
            "from a.b import (B,\n                 C,\n                 D)\n",
        ),
        (
            "from a.b import (A, B,\n                 D)\n",
            "from a.b import (A, B, C,\n                 D)\n",
        ),
        ("from a.b import C\n", "from a.b import C\n"),
    ] {
        assert_eq!(with(before, "a.b", "C"), after);
    }
}

#[test]
fn a_statement_that_grows_too_wide_is_broken_as_the_file_breaks_others() {
    let long = "from shop.some.rather.long.module import FirstClass, SecondClass, ThirdClass\n";
    assert_eq!(
        with(long, "shop.some.rather.long.module", "Zoo"),
        "from shop.some.rather.long.module import (\n    FirstClass,\n    SecondClass,\n    ThirdClass,\n    Zoo,\n)\n"
    );
    let aligned = format!("from a import (A,\n               B)\n{long}");
    let pad = " ".repeat(42);
    assert!(
        with(&aligned, "shop.some.rather.long.module", "Zoo").ends_with(&format!(
            "import (FirstClass,\n{pad}SecondClass,\n{pad}ThirdClass,\n{pad}Zoo)\n"
        ))
    );
}

#[test]
fn a_new_statement_goes_into_its_group() {
    let source = "\"\"\"Doc.\"\"\"\n\nfrom __future__ import annotations\n\nimport os\n\nfrom kit.db import models\nfrom kit.urls import path\n\nfrom shop.a import A\n\n\nclass B:\n    pass\n";
    for (module, expected) in [
        ("json", "import os\nfrom json import X\n\nfrom kit.db"),
        ("kit.forms", "models\nfrom kit.forms import X\nfrom kit.urls"),
        ("lamp.x", "import path\nfrom lamp.x import X\n\nfrom shop"),
        ("shop.b", "import A\nfrom shop.b import X\n\n\nclass"),
    ] {
        let out = with(source, module, "X");
        assert!(out.contains(expected), "{module}: {out}");
    }
}

#[test]
fn a_group_that_is_missing_is_made() {
    assert_eq!(
        with(
            "import os\n\nfrom kit.db import models\n\n\nA = 1\n",
            "shop.a",
            "X"
        ),
        "import os\n\nfrom kit.db import models\n\nfrom shop.a import X\n\n\nA = 1\n"
    );
    assert_eq!(
        with("from shop.a import A\n", "kit.db", "X"),
        "from kit.db import X\n\nfrom shop.a import A\n"
    );
}

#[test]
fn the_first_import_stands_below_the_docstring_and_above_the_code() {
    for (before, after) in [
        ("", "from a import X\n"),
        ("\"\"\"Doc.\"\"\"\n", "\"\"\"Doc.\"\"\"\n\nfrom a import X\n"),
        (
            "\"\"\"Doc.\"\"\"\n\nA = 1\n",
            "\"\"\"Doc.\"\"\"\n\nfrom a import X\n\nA = 1\n",
        ),
        (
            "#!/usr/bin/python\nA = 1\n",
            "#!/usr/bin/python\nfrom a import X\n\nA = 1\n",
        ),
        (
            "class A:\n    pass\n",
            "from a import X\n\n\nclass A:\n    pass\n",
        ),
    ] {
        assert_eq!(with(before, "a", "X"), after);
    }
}

#[test]
fn inside_a_function_that_imports_it_is_imported_there() {
    let source = "from shop.base import Base\n\n\nclass A:\n    def go(self):\n        \"\"\"Go.\"\"\"\n        from shop.b import B\n        from shop.d import D\n\n        B(D)\n";
    let at = source.find("B(D)").unwrap();
    let import = Import::named("shop.c", "C");
    let edits = ensure_import(source, &import, &style(), Some(at)).unwrap();
    assert!(apply_edits(source, &edits).unwrap().contains(
        "        from shop.b import B\n        from shop.c import C\n        from shop.d import D\n\n        B(D)\n"
    ));
    let known = Import::named("shop.base", "Base");
    assert!(
        ensure_import(source, &known, &style(), Some(at))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn imports_for_types_do_not_count() {
    let source = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from shop.a import A\n\nB = 1\n";
    let out = with(source, "shop.a", "A");
    assert!(
        out.starts_with("from typing import TYPE_CHECKING\n\nfrom shop.a import A\n\nif"),
        "{out}"
    );
}

#[test]
fn line_ends_stay() {
    assert_eq!(
        with("import os\r\n\r\nfrom shop.a import A\r\n", "shop.b", "B"),
        "import os\r\n\r\nfrom shop.a import A\r\nfrom shop.b import B\r\n"
    );
}

#[test]
fn a_taken_name_is_refused() {
    let import = Import::named("b", "A");
    assert!(ensure_import("from a import A\n", &import, &style(), None).is_err());
}

#[test]
fn an_import_is_taken_out() {
    for (before, after) in [
        ("import os\nfrom a import A\n", "import os\n"),
        ("from a import A, B\n", "from a import B\n"),
        ("from a import B, A\n", "from a import B\n"),
        (
            "from a import (\n    A,\n    B,\n)\n",
            "from a import (\n    B,\n)\n",
        ),
        ("import os\n\nfrom a import A\n\nX = 1\n", "import os\n\nX = 1\n"),
    ] {
        assert_eq!(apply_edits(before, &remove_import(before, "A")).unwrap(), after);
    }
}
