//! Imports in every language: organised, added, taken out.

use crate::code::{broken, errors};
use crate::input::Input;
use tenon_syntax::code::{
    ensure_import, ensure_import_at, import_statement, organize, read_imports, remove_import, uses,
};
use tenon_syntax::contract::{Import, ImportKind};
use tenon_syntax::style::Style;
use tenon_syntax::tree::Grammar;
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
        sort_specifiers: kind.is_multiple_of(3),
        sort_side_effects: kind.is_multiple_of(5),
        quote: if kind % 7 < 3 { '\'' } else { '"' },
        semicolons: kind % 11 < 8,
        width: if kind % 13 < 3 { 40 } else { 100 },
        own_packages: vec!["own".into()],
        aligned_imports: kind % 17 < 5,
        ..Style::default()
    }
}

/// An import of `NewName` as the language has it.
fn new_import(grammar: Grammar, kind: usize, module: String) -> Import {
    let of = |names: [&str; 5]| names[kind / 3 % 5].to_owned();
    match grammar {
        Grammar::TypeScript => Import {
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
        Grammar::Go => {
            let module = of([
                "fmtx",
                "example.com/a/b",
                "gopkg.in/yaml.v3",
                "a/NewName",
                "zz/v2",
            ]);
            let name = tenon_syntax::go::names::base_name(&module);
            let alias = (name != "NewName").then(|| "NewName".to_owned());
            Import {
                name,
                module,
                alias,
                kind: ImportKind::Namespace,
                ..Import::default()
            }
        }
        Grammar::Python => Import {
            module: of(["os", "..a", "own.b", "zz.a.b", "."]),
            name: "NewName".into(),
            type_only: false,
            ..Import::default()
        },
        Grammar::Rust => Import {
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
    let (once, _) = organize(grammar, &source, &style);
    if broken(grammar, &source) {
        return;
    }
    assert_eq!(errors(grammar, &once), 0, "{source:?}\n{once:?}");
    assert_eq!(organize(grammar, &once, &style).0, once, "{source:?}");
    let (old, new) = (read_imports(grammar, &source), read_imports(grammar, &once));
    if grammar == Grammar::Go {
        // What is not used is an error there, and goes.
        assert!(
            new.iter().all(|import| old.contains(import)),
            "{source:?}\n{once:?}"
        );
    } else {
        assert_eq!(sorted(new), sorted(old), "{source:?}\n{once:?}");
    }
    let import = new_import(grammar, kind, module);
    if source.contains("NewName") {
        let _ = ensure_import(grammar, &source, &import, &style);
        let _ = remove_import(grammar, &source, &import, &style);
        return;
    }
    let statement = import_statement(grammar, &import);
    let read = read_imports(grammar, &statement);
    assert_eq!(sorted(read), sorted(vec![import.clone()]), "{statement:?}");
    let edits = match kind % 2 {
        0 => ensure_import(grammar, &source, &import, &style),
        _ => {
            let place = source.len() / 2;
            let place = (0..=place).rev().find(|at| source.is_char_boundary(*at));
            ensure_import_at(grammar, &source, &import, &style, place.unwrap_or(0))
        }
    };
    let Ok(edits) = edits else { return };
    if edits.is_empty() {
        // A star in Rust and Python brings every name.
        let stars = read_imports(grammar, &source);
        assert!(stars.iter().any(|it| it.name == "*"), "{source:?}");
        return;
    }
    let after = apply_edits(&source, &edits).unwrap();
    assert_eq!(errors(grammar, &after), 0, "{source:?}\n{after:?}");
    let mut wanted = read_imports(grammar, &source);
    wanted.push(import.clone());
    assert_eq!(
        sorted(read_imports(grammar, &after)),
        sorted(wanted),
        "{source:?}\n{after:?}"
    );
    let again = ensure_import(grammar, &after, &import, &style).expect("a second time");
    // One inside of a function is not seen from elsewhere.
    if kind.is_multiple_of(2) {
        assert!(again.is_empty(), "{source:?}\n{after:?}\n{again:?}");
    }
    let edits = remove_import(grammar, &after, &import, &style).expect("it is there");
    let back = apply_edits(&after, &edits).unwrap();
    assert_eq!(errors(grammar, &back), 0, "{source:?}\n{after:?}\n{back:?}");
    assert_eq!(
        sorted(read_imports(grammar, &back)),
        sorted(read_imports(grammar, &source)),
        "{source:?}\n{after:?}\n{back:?}"
    );
    let _ = uses(grammar, &source, "x");
}
