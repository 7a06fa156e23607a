//! Imports in every language: organised, added, taken out.

use crate::code::{broken, errors};
use crate::input::Input;
use tenon_syntax::contract::{Import, ImportKind};
use tenon_syntax::language::Lang;
use tenon_syntax::style::Style;
use tenon_text::diag::apply_edits;

fn sorted(mut imports: Vec<Import>) -> Vec<Import> {
    for import in &mut imports {
        import.type_only = false;
    }
    imports.sort();
    imports.dedup();
    imports
}

fn style(kind: usize) -> Style {
    Style {
        import_groups: if kind.is_multiple_of(2) {
            vec![]
        } else {
            vec!["^@x".into(), "^[.]".into()]
        },
        quote: if kind % 7 < 3 { '\'' } else { '"' },
        semicolons: kind % 11 < 8,
        width: if kind % 13 < 3 { 40 } else { 100 },
        own_packages: vec!["own".into()],
        aligned_imports: kind % 17 < 5,
        ..Style::default()
    }
}

/// An import of `NewName` as the language has it.
fn new_import(grammar: Lang, kind: usize, module: String) -> Import {
    let of = |names: [&str; 5]| names[kind / 3 % 5].to_owned();
    match grammar.name() {
        "typescript" => Import {
            module: if module.is_empty()
                || module.contains(['\'', '"', '\\'])
                || module.chars().any(char::is_control)
            {
                "./new".to_owned()
            } else {
                module
            },
            name: "NewName".into(),
            kind: [ImportKind::Named, ImportKind::Default, ImportKind::Namespace][kind % 3],
            type_only: kind % 4 == 1,
            ..Import::default()
        },
        "go" => {
            let module = of([
                "fmtx",
                "example.com/a/b",
                "gopkg.in/yaml.v3",
                "a/NewName",
                "zz/v2",
            ]);
            let name = tenon_syntax::languages::go::names::base_name(&module);
            let alias = (name != "NewName").then(|| "NewName".to_owned());
            Import {
                name,
                module,
                alias,
                kind: ImportKind::Namespace,
                ..Import::default()
            }
        }
        "java" => Import {
            module: of(["java.util", "com.example.a", "own.b", "x", "zz.a.b.c"]),
            name: "NewName".into(),
            ..Import::default()
        },
        "ruby" => Import {
            module: of([
                "new_name",
                "a/new_name",
                "own/b/new_name",
                "./new_name",
                "../new_name",
            ]),
            name: "NewName".into(),
            kind: ImportKind::Default,
            ..Import::default()
        },
        "python" => Import {
            module: of(["os", "..a", "own.b", "zz.a.b", "."]),
            name: "NewName".into(),
            type_only: false,
            ..Import::default()
        },
        _ => Import {
            module: of(["std::fmt", "crate::a", "super", "zz::a::b", "self::b"]),
            name: "NewName".into(),
            ..Import::default()
        },
    }
}

/// Imports: organised, added, taken out.
pub fn imports(data: &[u8]) {
    let mut input = Input::new(data);
    let (grammar, source, kind, module) = (input.grammar(), input.text(), input.number(), input.text());
    let style = style(kind);
    let (once, _) = grammar.organize(&source, &style);
    if broken(grammar, &source) {
        return;
    }
    assert_eq!(errors(grammar, &once), 0, "{source:?}\n{once:?}");
    assert_eq!(grammar.organize(&once, &style).0, once, "{source:?}");
    let (old, new) = (grammar.read_imports(&source), grammar.read_imports(&once));
    if matches!(grammar.name(), "go" | "java") {
        // What is not used is an error in Go, and against every style of Java: it goes.
        assert!(
            new.iter().all(|import| old.contains(import)),
            "{source:?}\n{once:?}"
        );
    } else {
        assert_eq!(sorted(new), sorted(old), "{source:?}\n{once:?}");
    }
    let import = new_import(grammar, kind, module);
    if source.contains("NewName") {
        let _ = grammar.ensure_import(&source, &import, &style, None);
        let _ = grammar.remove_import(&source, &import, &style);
        return;
    }
    let statement = grammar.import_statement(&import);
    let read = grammar.read_imports(&statement);
    assert_eq!(sorted(read), sorted(vec![import.clone()]), "{statement:?}");
    let edits = match kind % 2 {
        0 => grammar.ensure_import(&source, &import, &style, None),
        _ => {
            let place = source.len() / 2;
            let place = (0..=place).rev().find(|at| source.is_char_boundary(*at));
            grammar.ensure_import(&source, &import, &style, Some(place.unwrap_or(0)))
        }
    };
    let Ok(edits) = edits else { return };
    if edits.is_empty() {
        // A star in Rust and Python brings every name.
        let stars = grammar.read_imports(&source);
        assert!(stars.iter().any(|it| it.name == "*"), "{source:?}");
        return;
    }
    let after = apply_edits(&source, &edits).unwrap();
    assert_eq!(errors(grammar, &after), 0, "{source:?}\n{after:?}");
    let mut wanted = grammar.read_imports(&source);
    wanted.push(import.clone());
    assert_eq!(
        sorted(grammar.read_imports(&after)),
        sorted(wanted),
        "{source:?}\n{after:?}"
    );
    let again = grammar
        .ensure_import(&after, &import, &style, None)
        .expect("a second time");
    // One inside of a function is not seen from elsewhere.
    if kind.is_multiple_of(2) {
        assert!(again.is_empty(), "{source:?}\n{after:?}\n{again:?}");
    }
    let edits = grammar
        .remove_import(&after, &import, &style)
        .expect("it is there");
    let back = apply_edits(&after, &edits).unwrap();
    assert_eq!(errors(grammar, &back), 0, "{source:?}\n{after:?}\n{back:?}");
    assert_eq!(
        sorted(grammar.read_imports(&back)),
        sorted(grammar.read_imports(&source)),
        "{source:?}\n{after:?}\n{back:?}"
    );
    let _ = grammar.uses(&source, "x");
}
