//! Imports organised, added and removed.

use crate::contract::{Import, ImportKind};
use crate::languages::typescript::import_read::read_imports;
use crate::languages::typescript::imports::{ensure_import, organize, remove_import, used};
use crate::sources::Sources;
use crate::style::Style;
use crate::tree::error_count;
use tenon_text::diag::apply_edits;

use super::Files;
use crate::languages::typescript::grammar::GRAMMAR;

fn style() -> Style {
    Style {
        indent: "    ".to_owned(),
        tab_width: 4,
        width: 80,
        quote: '\'',
        import_groups: ["@acme/core", "@acme/host", "^(../)", "^(./)"]
            .map(str::to_owned)
            .to_vec(),
        ..Style::default()
    }
}

#[test]
fn imports_are_merged_sorted_and_grouped() {
    let source = "// Licence.\n\nimport { b } from './b';\nimport { Things } from \"@acme/host\";\nimport Def, { z as A, y } from 'lib2'\n\
        import type { T } from 'lib10';\nimport { x, y, type Z } from 'lib2';\nimport * as all from 'lib10';\nimport '../side';\n\
        import { Things, Aaa } from '@acme/host';\nimport { c } from '../c';\n/* with b */\nimport { a } from './a'; // behind\n\
        import { T, U } from 'lib3';\nimport type { T } from 'lib3';\n\nexport * as X from './x';\nconst late = 1;\nimport 'last';\n";
    let expected = "// Licence.

import 'last';
import Def, { z as A, type Z, x, y } from 'lib2';
import { T, U } from 'lib3';
import type { T } from 'lib10';
import * as all from 'lib10';

import { Aaa, Things } from '@acme/host';

import { c } from '../c';
import '../side';

/* with b */
import { a } from './a'; // behind
import { b } from './b';

export * as X from './x';
const late = 1;
";
    assert_eq!(organize(source, &style()), expected);
    assert_eq!(organize(expected, &style()), expected);
}

#[test]
fn a_name_with_a_quote_in_it_keeps_its_own() {
    let style = Style {
        quote: '"',
        ..style()
    };
    let source = "import { B } from 'b';\nimport { A } from '\"a';\n\nconst x = [A, B];\n";
    let expected = "import { A } from '\"a';\nimport { B } from \"b\";\n\nconst x = [A, B];\n";
    assert_eq!(organize(source, &style), expected);
    assert_eq!(organize(expected, &style), expected);
}

#[test]
fn long_lists_break_one_name_a_line() {
    let source = "import { Alpha, Beta, Gamma, Delta, Epsilon } from '@acme/a-module-with-a-long-name';\n\
        import { OneVeryLongNameThatCannotBeBrokenIntoPieces } from '@acme/another-module-with-a-long-name';\n";
    let expected = "import {
    Alpha,
    Beta,
    Delta,
    Epsilon,
    Gamma,
} from '@acme/a-module-with-a-long-name';
import { OneVeryLongNameThatCannotBeBrokenIntoPieces } from '@acme/another-module-with-a-long-name';
";
    assert_eq!(organize(source, &style()), expected);
    assert_eq!(organize(expected, &style()), expected);
}

#[test]
fn without_groups_the_order_stays() {
    let source =
        "'use strict';\nimport z from 'z';\n\nimport { b, a } from 'a';\nimport { c } from 'a';\ncode();\n";
    let expected = "'use strict';\nimport z from \"z\";\n\nimport { a, b, c } from \"a\";\n\ncode();\n";
    assert_eq!(organize(source, &Style::default()), expected);
    assert_eq!(organize("code();\n", &style()), "code();\n");
    assert_eq!(organize("import a from 'a';", &style()), "import a from 'a';\n");
}

#[test]
fn files_that_are_not_typescript_are_organised_without_harm() {
    let source = "#!/usr/bin/env x\nimport { a } from 'b'\nimport x = require('x');\nimport { } from 'c';\nimport d from 'd' with { type: 'json' };\nfoo(\n";
    for end in 0..source.len() {
        let once = organize(&source[..end], &style());
        assert_eq!(organize(&once, &style()), once, "{}", &source[..end]);
    }
}

const FILE: &str = "// Licence.\n\nimport { Marked } from '@fw/common';\nimport { map, of } from 'reactive';\n\n\
    import { Carts, Users } from '@acme/host';\n\nimport {\n    Alpha,\n    Beta,\n    Gamma,\n    TheLongestOfAllTheNamesInTheWholeFile,\n} from './names';\n\nclass X {}\n";

/// Adds an import, checks that adding again does nothing and removing gives the source, and returns the result.
fn ensured(source: &str, import: &Import, style: &Style) -> String {
    let once = apply_edits(source, &ensure_import(source, import, style).unwrap()).unwrap();
    assert_eq!(ensure_import(&once, import, style).unwrap(), [], "{once}");
    let back = apply_edits(&once, &remove_import(&once, import, style).unwrap()).unwrap();
    assert_eq!(back, source, "{once}");
    once
}

/// The lines that are in the second text only.
fn added(source: &str, result: &str) -> Vec<String> {
    let known: Vec<&str> = source.lines().collect();
    result
        .lines()
        .filter(|line| !known.contains(line))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_name_is_added_to_the_import_of_its_module() {
    let cases = [
        (
            "@acme/host",
            "Orders",
            "import { Carts, Orders, Users } from '@acme/host';",
        ),
        ("reactive", "zip", "import { map, of, zip } from 'reactive';"),
        (
            "@fw/common",
            "Global",
            "import { Global, Marked } from '@fw/common';",
        ),
        ("./names", "Delta", "    Delta,"),
        ("./names", "Zeta", "    Zeta,"),
        ("@new/module", "Thing", "import { Thing } from '@new/module';"),
        ("@acme/core/x", "Thing", "import { Thing } from '@acme/core/x';"),
        ("../up", "Thing", "import { Thing } from '../up';"),
        ("./abc", "Thing", "import { Thing } from './abc';"),
        ("zap", "z", "import { z } from 'zap';"),
    ];
    for (module, name, line) in cases {
        let result = ensured(FILE, &Import::named(module, name), &style());
        assert_eq!(added(FILE, &result), [line], "{module}");
        assert_eq!(organize(&result, &style()), result, "{module}");
        let crlf = FILE.replace('\n', "\r\n");
        let result_crlf = ensured(&crlf, &Import::named(module, name), &style());
        assert_eq!(result_crlf, result.replace('\n', "\r\n"), "{module}");
    }
}

#[test]
fn every_kind_of_import_can_be_added() {
    let default = Import {
        kind: ImportKind::Default,
        ..Import::named("reactive", "Rx")
    };
    assert_eq!(
        added(FILE, &ensured(FILE, &default, &style())),
        ["import Rx, { map, of } from 'reactive';"]
    );
    let namespace = Import {
        kind: ImportKind::Namespace,
        ..Import::named("reactive", "Rx")
    };
    assert_eq!(
        added(FILE, &ensured(FILE, &namespace, &style())),
        ["import * as Rx from 'reactive';"]
    );
    let aliased = Import {
        alias: Some("Own".to_owned()),
        ..Import::named("reactive", "Observable")
    };
    assert_eq!(
        added(FILE, &ensured(FILE, &aliased, &style())),
        ["import { Observable as Own, map, of } from 'reactive';"]
    );
    let typed = Import {
        type_only: true,
        ..Import::named("reactive", "Observer")
    };
    assert_eq!(
        added(FILE, &ensured(FILE, &typed, &style())),
        ["import { type Observer, map, of } from 'reactive';"]
    );
    let typed = Import {
        type_only: true,
        ..Import::named("typed", "T")
    };
    assert_eq!(
        added(FILE, &ensured(FILE, &typed, &style())),
        ["import type { T } from 'typed';"]
    );
    let source = "import Def from 'def';\n";
    assert_eq!(
        ensured(source, &Import::named("def", "a"), &style()),
        "import Def, { a } from 'def';\n"
    );
}

#[test]
fn a_list_breaks_when_it_gets_too_wide_and_closes_again() {
    let source = "import { Alpha, Beta, Gamma } from '@acme/host/with/a/long/module/name/x';\n\ncode();\n";
    let result = ensured(
        source,
        &Import::named("@acme/host/with/a/long/module/name/x", "Delta"),
        &style(),
    );
    assert_eq!(
        result,
        "import {\n    Alpha,\n    Beta,\n    Delta,\n    Gamma,\n} from '@acme/host/with/a/long/module/name/x';\n\ncode();\n"
    );
}

#[test]
fn a_file_keeps_its_own_habits() {
    let source = "import { b } from \"b\"\nimport { c, a } from \"c\"\n\nrun()\n";
    assert_eq!(
        ensured(source, &Import::named("./x", "x"), &Style::default()),
        "import { b } from \"b\"\nimport { c, a } from \"c\"\nimport { x } from \"./x\"\n\nrun()\n"
    );
    assert_eq!(
        ensured(source, &Import::named("c", "b2"), &style())
            .lines()
            .nth(1),
        Some("import { c, a, b2 } from \"c\"")
    );
    for source in [
        "",
        "code();\n",
        "code();",
        "// Licence.\n\ncode();\n",
        "/** Of code. */\ncode();\n",
        "'use client';\n\ncode();\n",
        "\u{feff}code();\n",
    ] {
        ensured(source, &Import::named("m", "n"), &style());
    }
    assert_eq!(
        ensured(
            "// Licence.\n\n/** Of code. */\ncode();\n",
            &Import::named("m", "n"),
            &style()
        ),
        "// Licence.\n\nimport { n } from 'm';\n\n/** Of code. */\ncode();\n"
    );
}

#[test]
fn an_import_ends_before_a_statement_that_could_go_on_with_it() {
    let import = Import::named("./port", "Port");
    let style = Style {
        semicolons: false,
        ..style()
    };
    for begins in [
        "/a/.test(b)",
        "(() => 1)()",
        "[a, b].map(c)",
        "`a`.length",
        "+a",
        "<A>b",
        ";a()",
        ".5",
        "in3()",
        "// a\n/b/.c",
    ] {
        let after = ensured(begins, &import, &style);
        assert_eq!(after, format!("import {{ Port }} from './port';\n\n{begins}"));
        assert_eq!(error_count(&GRAMMAR.parse(&after)), 0, "{after}");
    }
    let source = "import b from './b';\n\n// c\n/d/.test(e);\n";
    assert_eq!(organize(source, &style), source);
    let moved = organize(";\nimport './a';\nb();\n", &style);
    assert_eq!(moved, "import './a';\n\n;\n\nb();\n");
    assert_eq!(organize(&moved, &style), moved);
    assert_eq!(organize("// a\rimport './b';\n", &style), "// a\nimport './b'\n");
    for begins in ["// a\nb()", "/* a */ b()", "b()", "interface A {}"] {
        let after = ensured(begins, &import, &style);
        assert_eq!(after, format!("import {{ Port }} from './port'\n\n{begins}"));
    }
}

#[test]
fn an_import_goes_before_what_shares_a_line_with_the_one_before_it() {
    let import = Import::named("./port", "Port");
    for (before, after) in [
        (
            "import a from './a'; b +\n\nc;\n",
            "import a from './a';import { Port } from './port'; b +\n\nc;\n",
        ),
        (
            "import a from './a'; // b\nc;\n",
            "import a from './a'; // b\nimport { Port } from './port';\nc;\n",
        ),
    ] {
        assert_eq!(ensured(before, &import, &style()), after);
    }
}

#[test]
fn a_name_that_means_something_else_is_refused() {
    let refusal = |source: &str, import: &Import| {
        ensure_import(source, import, &style())
            .unwrap_err()
            .message()
            .to_owned()
    };
    assert_eq!(
        refusal(FILE, &Import::named("other", "Carts")),
        "`Carts` is already imported from `@acme/host`"
    );
    assert_eq!(
        refusal(FILE, &Import::named("other", "X")),
        "`X` is already declared"
    );
    assert_eq!(
        refusal("export const X = 1;", &Import::named("other", "X")),
        "`X` is already declared"
    );
    assert_eq!(
        refusal("import type { A } from 'a';", &Import::named("a", "A")),
        "`A` is imported from `a` as a type only"
    );
    assert_eq!(
        remove_import(FILE, &Import::named("reactive", "other"), &style()).unwrap(),
        []
    );
}

#[test]
fn use_is_looked_for_outside_of_imports() {
    let source =
        "import { A, B, C, D } from 'x';\nconst a: A<string> = { C };\n// B\nfoo('B', x.B);\nexport { D };\n";
    let found: Vec<&str> = ["A", "B", "C", "D", "E"]
        .into_iter()
        .filter(|name| used(source, name))
        .collect();
    assert_eq!(found, ["A", "C", "D"]);
}

#[test]
fn a_quote_inside_of_a_module_name_belongs_to_it() {
    let text = "import { a } from \"`b\";\n";
    assert_eq!(read_imports(text)[0].module, "`b");
    let files = Files::of(&[("pkg/src/index.ts", text)]);
    assert_eq!(files.package().used("pkg/src/index.ts")[0].specifier, "`b");
    let organized = organize(text, &style());
    assert_eq!(read_imports(&organized)[0].module, "`b", "{organized}");
}
