//! Imports added and taken out, in every language: what was there before is there again, byte for byte.

use tenon_text::diag::apply_edits;

use crate::contract::Import;
use crate::language::Lang;
use crate::languages::{ALL, names};
use crate::style::Style;

fn added(language: Lang, source: &str, import: &Import) -> String {
    let edits = language
        .ensure_import(source, import, &Style::default(), None)
        .unwrap();
    apply_edits(source, &edits).unwrap()
}

fn removed(language: Lang, source: &str, import: &Import) -> String {
    let edits = language.remove_import(source, import, &Style::default()).unwrap();
    apply_edits(source, &edits).unwrap()
}

/// What an import statement brings in.
fn import(language: Lang, statement: &str) -> Import {
    let mut all = language.read_imports(statement).into_iter();
    all.next().unwrap_or_else(|| panic!("{statement}"))
}

/// For each language, statements that are added, and files that they are added to.
fn cases() -> Vec<(Lang, Vec<Import>, Vec<&'static str>)> {
    let of = |language: &Lang| -> (Vec<&str>, Vec<&str>) {
        match language.name() {
            "typescript" => (
                vec![
                    "import { A } from './new/a';",
                    "import { B } from './new/b';",
                    "import C from 'c';",
                    "import { D } from './known';",
                ],
                vec![
                    "",
                    "f();\n",
                    "'use strict';\n\nf();\n",
                    "// Licence.\n\nf();\n",
                    "import { K } from './known';\n\nf();\n",
                    "import { K } from './known'; // why\nf();\n",
                    "import r from 'r';\n\nimport { K } from './known';\n\nf();\n",
                    "// Licence.\nimport { K } from './known';\n",
                    "import {\n  K, // why\n  Z\n} from './known';\nf();\n",
                ],
            ),
            "go" => (
                vec![
                    "package p\nimport \"new/a\"",
                    "package p\nimport \"new/b\"",
                    "package p\nimport \"strings\"",
                ],
                vec![
                    "package p\n\nvar x = 1\n",
                    "package p\n",
                    "package p\n\nimport \"fmt\"\n\nvar x = 1\n",
                    "package p\n\nimport (\n\t\"fmt\"\n)\n\nvar x = 1\n",
                    "package p\n\nimport (\n\t\"fmt\" // why\n\n\t// More.\n\t\"old/x\"\n)\n",
                    "package p\n\nimport _ \"x\" // why\n",
                ],
            ),
            "python" => (
                vec![
                    "from new.a import A",
                    "from new.b import B",
                    "import os",
                    "from known import D",
                ],
                vec![
                    "f()\n",
                    "class A:\n    pass\n",
                    "\"\"\"Doc.\"\"\"\n\nf()\n",
                    "\"\"\"Doc.\"\"\"\n",
                    "#!/usr/bin/env python\n# Licence.\nimport abc\n\n\nf()\n",
                    "import abc  # why\n\nfrom known import K\n\nf()\n",
                    "from known import (\n    K,  # why\n    Z\n)\n",
                    "from known import K\nf()\n",
                ],
            ),
            "java" => (
                vec![
                    "import acme.a.A;",
                    "import known.b.B;",
                    "import java.util.List;",
                    "import static known.C.d;",
                ],
                vec![
                    "package p;\n\nclass Own {}\n",
                    "package p;\n",
                    "class Own {}\n",
                    "/* Licence. */\npackage p;\n\n/** Doc. */\nclass Own {}\n",
                    "package p;\n\nimport known.K;\n\nclass Own {}\n",
                    "package p;\n\nimport known.K; // why\n\n// More.\nimport java.util.Map;\n\nclass Own {}\n",
                    "package p;\n\nimport static known.C.e;\n\nimport known.K;\nclass Own {}\n",
                ],
            ),
            "ruby" => (
                vec![
                    "require \"new/a\"",
                    "require \"known/b\"",
                    "require_relative \"new/c\"",
                    "require_relative \"../d\"",
                ],
                vec![
                    "",
                    "f\n",
                    "class A\nend\n",
                    "# frozen_string_literal: true\n\nf\n",
                    "# frozen_string_literal: true\n",
                    "#!/usr/bin/env ruby\n# Licence.\nmodule A\nend\n",
                    "require 'json' # why\n\n# More.\nrequire 'known/k'\n\nf\n",
                    "# typed: strict\n\nrequire 'known/k'\nrequire_relative 'own'\nf\n",
                    "require_relative 'own'; f\n",
                    "require 'known/a'\nf\nrequire 'known/z'\n",
                ],
            ),
            _ => (
                vec![
                    "use new::a::A;",
                    "use new::b::B;",
                    "use std::fmt;",
                    "use crate::x::X;",
                ],
                vec![
                    "fn f() {}\n",
                    "//! Doc.\n\nfn f() {}\n",
                    "//! Doc.\n",
                    "use std::io;\n\nfn f() {}\n",
                    "use std::io; // why\n\n// More.\nuse known::K;\n\nfn f() {}\n",
                    "use known::K;\nfn f() {}\n",
                ],
            ),
        }
    };
    let case = |language: Lang| {
        let (statements, files) = of(&language);
        let imports = statements.iter().map(|statement| import(language, statement));
        (language, imports.collect(), files)
    };
    ALL.into_iter().map(case).collect()
}

#[test]
fn two_imports_that_are_added_and_taken_out_leave_nothing() {
    let mut seen = 0;
    for (language, imports, files) in cases() {
        for source in files
            .iter()
            .flat_map(|file| [(*file).to_owned(), file.replace('\n', "\r\n")])
        {
            for one in &imports {
                for other in imports.iter().filter(|other| *other != one) {
                    let first = added(language, &source, one);
                    let both = added(language, &first, other);
                    let crlf = source.contains('\r');
                    assert!(
                        !crlf || both.matches('\n').count() == both.matches("\r\n").count(),
                        "{both:?}"
                    );
                    for (a, b) in [(one, other), (other, one)] {
                        let back = removed(language, &removed(language, &both, a), b);
                        let said = format!("{language:?} {source:?} {} {}: {both:?}", a.module, b.module);
                        assert_eq!(back, source, "{said}");
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(seen > 500, "{seen} of {:?}", names());
}

#[test]
fn line_ends_of_neighbours_stay_as_they_are() {
    for (language, imports, files) in cases() {
        for file in files {
            // Every second line end, first the odd and then the even ones.
            for odd in [0, 1] {
                let mut at = odd;
                let mixed: String = file
                    .split_inclusive('\n')
                    .map(|line| {
                        at += 1;
                        if at % 2 == 0 {
                            line.replace('\n', "\r\n")
                        } else {
                            line.to_owned()
                        }
                    })
                    .collect();
                for import in &imports {
                    let with = added(language, &mixed, import);
                    let back = removed(language, &with, import);
                    assert_eq!(back, mixed, "{language:?}: {with:?}");
                }
            }
        }
    }
}

#[test]
fn what_shares_a_line_with_an_import_stays() {
    let take = |name: &str, source: &str, statement: &str| {
        let language = Lang::named(name).unwrap();
        removed(language, source, &import(language, statement))
    };
    let go = "package p\n\nimport (\"io\"; \"math\")\n";
    assert_eq!(
        take("go", go, "package p\nimport \"io\""),
        "package p\n\nimport (\"math\")\n"
    );
    assert_eq!(
        take("go", go, "package p\nimport \"math\""),
        "package p\n\nimport (\"io\")\n"
    );
    assert_eq!(
        take("python", "import os; f(\n    1)\n", "import os"),
        "f(\n    1)\n"
    );
    assert_eq!(
        take(
            "typescript",
            "import { A } from 'a'; f();\n",
            "import { A } from 'a';"
        ),
        " f();\n"
    );
    let python = Lang::named("python").unwrap();
    let doc = "\"\"\"Doc.\"\"\"; f(\n    1)\n";
    assert_eq!(
        added(python, doc, &import(python, "import os")),
        "\"\"\"Doc.\"\"\"; import os; f(\n    1)\n"
    );
}

#[test]
fn an_import_with_a_comment_in_it_is_known_and_grows() {
    let typescript = Lang::named("typescript").unwrap();
    let source = "import {\n  K, // why\n  Z,\n} from './known';\n";
    let of = |name: &str| import(typescript, &format!("import {{ {name} }} from './known';"));
    assert_eq!(added(typescript, source, &of("K")), source);
    assert_eq!(
        added(typescript, source, &of("L")),
        "import {\n  K, // why\n  L,\n  Z,\n} from './known';\n"
    );
}

#[test]
fn a_comment_goes_with_the_name_that_it_stands_behind() {
    let typescript = Lang::named("typescript").unwrap();
    let source = "import {\n  A, // one\n  B // two\n} from './a';\n";
    let of = |name: &str| import(typescript, &format!("import {{ {name} }} from './a';"));
    assert_eq!(
        removed(typescript, source, &of("A")),
        "import {\n  B // two\n} from './a';\n"
    );
    let python = Lang::named("python").unwrap();
    let source = "from a import (\n    A,  # one\n    B  # two\n)\n";
    let b = import(python, "from a import B");
    assert_eq!(removed(python, source, &b), "from a import (\n    A  # one\n)\n");
}
