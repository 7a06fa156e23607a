//! Code: what is read has positions in the text, and what is edited parses no worse.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Span, apply_edits};
use crate::input::Input;
use crate::lang::Source;
use crate::lang::contract::{Import, ImportKind};
use crate::lang::list::{List, ListRule, Look, check_edit, insert};
use crate::lang::list_remove::remove;
use crate::lang::rule::Rule;
use crate::lang::style::Style;
use crate::lang::tree::{Grammar, error_count};
use crate::lang::typescript::declare;
use crate::lang::typescript::graph::{module_candidates, package_of};
use crate::lang::typescript::imports::{ensure_import, organize, remove_import, used};
use crate::lang::typescript::package::Package;
use crate::lang::typescript::print::{Stub, call_arguments, stub};
use crate::lang::typescript::read_imports;
use crate::lang::typescript::restyle::like;

fn errors(text: &str) -> usize {
    error_count(&Grammar::TypeScript.parse(text))
}

fn inside(text: &str, span: Span) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
}

fn table(text: &str) -> toml::Table {
    text.parse().expect("the rule is TOML")
}

fn list_rules() -> Vec<(ListRule, &'static str)> {
    let compile = |text: &str| Rule::compile(Grammar::TypeScript, &table(text)).expect("the rule is one");
    let rule = |container: Option<&str>, target: Option<&str>, entry: &str| ListRule {
        container: container.map(compile),
        target: target.map(str::to_owned),
        entry: compile(entry),
        name_in: None,
        var: "N".into(),
        after: Some(compile("kind = 'import_statement'")),
        before: None,
    };
    vec![
        (
            rule(None, None, "pattern = \"export * as $N from '$P'\""),
            "export * as New from './new';",
        ),
        (
            rule(
                Some("pattern = 'const L = $L'"),
                Some("L"),
                "kind = 'pair'\nhas = { field = 'key', pattern = '$N' }",
            ),
            "New: 1",
        ),
        (
            rule(
                Some("pattern = 'const L = $L'"),
                Some("L"),
                "pattern = '$N.f($$$)'",
            ),
            "New.f(x)",
        ),
        (
            rule(
                Some("kind = 'statement_block'\ninside = { kind = 'function_declaration' }"),
                None,
                "pattern = '$N.f($$$)'\nkind = 'expression_statement'",
            ),
            "New.f(x);",
        ),
    ]
}

thread_local! {
    static RULES: Vec<(ListRule, &'static str)> = list_rules();
}

/// Lists: what is inserted is there, the others stay, and it can be taken out again.
pub fn list(data: &[u8]) {
    let mut input = Input::new(data);
    let (source, which, crlf) = (input.text(), input.number(), input.number() % 2 == 1);
    if errors(&source) > 0 {
        return;
    }
    RULES.with(|rules| {
        let (rule, entry) = &rules[which % rules.len()];
        let tree = Grammar::TypeScript.parse(&source);
        let Ok(list) = rule.find(&tree) else { return };
        let names = |list: &List<'_>| -> Vec<String> {
            let names = list.entries().iter().map(|entry| entry.name.clone());
            let mut names: Vec<String> = names.collect();
            names.sort();
            names
        };
        let mut old = names(&list);
        for entry in list.entries() {
            inside(&source, entry.span);
            inside(&source, entry.name_span);
        }
        for at in 0..list.entries().len() {
            let Some(edit) = remove(&source, &list, at) else {
                continue;
            };
            let _ = apply_edits(&source, &[edit]);
        }
        if old.iter().any(|name| name == "New") {
            return;
        }
        let look = Look {
            unit: "  ",
            eol: if crlf { "\r\n" } else { "\n" },
        };
        let edit = insert(&source, rule, &list, "New", entry, look);
        let after = apply_edits(&source, &[edit]);
        // The caller refuses what would not parse.
        if check_edit(Grammar::TypeScript, "f.ts", 0, &after).is_err() {
            return;
        }
        let tree = Grammar::TypeScript.parse(&after);
        let list = rule
            .find(&tree)
            .ok()
            .unwrap_or_else(|| panic!("the list is gone:\n{after}"));
        let new = names(&list);
        let at = list.entries().iter().position(|entry| entry.name == "New");
        let at = at.unwrap_or_else(|| panic!("the entry is not there:\n{source:?}\n{after:?}"));
        old.push("New".into());
        old.sort();
        assert_eq!(old, new, "{source:?}\n{after:?}");
        let edit = remove(&after, &list, at).expect("it is there");
        let without = apply_edits(&after, &[edit]);
        if check_edit(Grammar::TypeScript, "f.ts", 0, &without).is_err() {
            return;
        }
        let tree = Grammar::TypeScript.parse(&without);
        let list = rule
            .find(&tree)
            .ok()
            .unwrap_or_else(|| panic!("the list went too:\n{without}"));
        old.retain(|name| name != "New");
        assert_eq!(names(&list), old, "{source:?}\n{after:?}\n{without:?}");
    });
}

/// Rules of packs.
pub fn rule(data: &[u8]) {
    let mut input = Input::new(data);
    let (rule, code, which) = (input.text(), input.text(), input.number());
    let Ok(table) = rule.parse::<toml::Table>() else {
        return;
    };
    let grammars = [Grammar::TypeScript, Grammar::Python, Grammar::Go, Grammar::Rust];
    let grammar = grammars[which % 4];
    let checked = Rule::check(grammar, &table).is_ok();
    let Ok(rule) = Rule::compile(grammar, &table) else {
        assert!(!checked);
        return;
    };
    let tree = grammar.parse(&code);
    let root = tree.root();
    let all = rule.find_all(&root);
    assert_eq!(rule.find(&root).is_some(), !all.is_empty());
    for found in all.iter().take(20) {
        inside(&code, found.node().range().into());
        let _ = rule.matched(&found.node());
    }
}

struct Files(BTreeMap<String, Arc<str>>);

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).cloned()
    }
}

fn files(input: &mut Input<'_>) -> Files {
    let paths = ["p/index.ts", "p/a.ts", "p/b.ts", "p/c/index.ts", "p/d.d.ts"];
    Files(
        paths
            .into_iter()
            .map(|path| (path.to_owned(), Arc::from(input.text())))
            .collect(),
    )
}

/// Names that lead from file to file.
pub fn graph(data: &[u8]) {
    let files = files(&mut Input::new(data));
    let package = Package::new(
        &files,
        "p/index.ts",
        "@x/p",
        &[("@/".to_owned(), "p/".to_owned())],
    );
    for export in package.exports(&[]).unwrap_or_default() {
        let _ = package.export(&[&export.name]);
        let _ = package.exports(&[&export.name]);
        let _ = package.alias_of(&[&export.name]);
    }
    for (path, text) in &files.0 {
        for used in package.used(path) {
            let candidates = module_candidates(text).any(|name| name == used.specifier);
            let _ = (
                package.leads(path, &used.specifier),
                package_of(&used.specifier),
                candidates,
            );
        }
        for name in package.own_exports(path) {
            let _ = package.origin(path, &name);
            let Some(export) = package.export_of(path, &name) else {
                continue;
            };
            if let Some(text) = files.0.get(&export.file)
                && !text.contains("import(")
            {
                inside(text, export.span);
            }
            if let Some(class) = package.class(&export.file, &export.local)
                && let Some(base) = class.extends
            {
                let _ = package.origin(&export.file, &base.name);
            }
        }
    }
}

/// Contracts, and the stubs made of them.
pub fn contract(data: &[u8]) {
    let files = files(&mut Input::new(data));
    let package = Package::new(
        &files,
        "p/index.ts",
        "@x/p",
        &[("@/".to_owned(), "p/".to_owned())],
    );
    let sound = files.0.values().all(|text| errors(text) == 0);
    for export in package.exports(&[]).unwrap_or_default() {
        let mut paths = vec![vec![export.name.clone()]];
        for inner in package
            .exports(&[&export.name])
            .unwrap_or_default()
            .into_iter()
            .take(8)
        {
            paths.push(vec![export.name.clone(), inner.name]);
        }
        for path in paths {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let Ok(contract) = package.contract(&path) else {
                continue;
            };
            for method in &contract.methods {
                for style in [
                    Style::default(),
                    Style {
                        width: 30,
                        semicolons: false,
                        ..Style::default()
                    },
                ] {
                    let text = stub(
                        method,
                        &style,
                        &Stub {
                            doc: true,
                            ..Stub::default()
                        },
                    );
                    let _ = call_arguments(method);
                    if sound && method.accessor.is_none() {
                        let class = format!("class A {{\n{text}\n}}\n");
                        assert_eq!(errors(&class), 0, "{class}\n{:?}", files.0);
                    }
                }
            }
        }
    }
}

/// Classes of one file.
pub fn classes(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for class in declare::classes(&text) {
        inside(&text, class.span);
        inside(&text, class.body);
        inside(&text, class.name_span);
        for method in &class.methods {
            inside(&text, method.span);
            for param in &method.params {
                inside(&text, param.span);
            }
        }
        for field in &class.fields {
            inside(&text, field.span);
        }
    }
}

fn sorted(mut imports: Vec<Import>) -> Vec<Import> {
    for import in &mut imports {
        import.type_only = false;
    }
    imports.sort();
    imports.dedup();
    imports
}

/// Imports: organised, added, taken out.
pub fn imports(data: &[u8]) {
    let mut input = Input::new(data);
    let (source, kind, module) = (input.text(), input.number(), input.text());
    let style = Style {
        import_groups: if kind % 2 == 0 {
            vec![]
        } else {
            vec!["^@x".into(), "^[.]".into()]
        },
        sort_specifiers: kind % 3 == 0,
        sort_side_effects: kind % 5 == 0,
        quote: if kind % 7 < 3 { '\'' } else { '"' },
        semicolons: kind % 11 < 8,
        ..Style::default()
    };
    if errors(&source) > 0 {
        let _ = organize(&source, &style);
        return;
    }
    let once = organize(&source, &style);
    assert_eq!(errors(&once), 0, "{source:?}\n{once:?}");
    assert_eq!(organize(&once, &style), once, "{source:?}");
    assert_eq!(
        sorted(read_imports(&once)),
        sorted(read_imports(&source)),
        "{source:?}\n{once:?}"
    );

    let module = if module.is_empty()
        || module.contains(['\'', '"', '\\', '\n', '\r'])
        || module.chars().any(char::is_control)
    {
        "./new".to_owned()
    } else {
        module
    };
    let import = Import {
        module,
        name: "NewName".into(),
        kind: [ImportKind::Named, ImportKind::Default, ImportKind::Namespace][kind % 3],
        type_only: kind % 4 == 1,
        ..Import::default()
    };
    if source.contains("NewName") {
        let _ = ensure_import(&source, &import, &style);
        let _ = remove_import(&source, &import, &style);
        return;
    }
    let Ok(edits) = ensure_import(&source, &import, &style) else {
        return;
    };
    let after = apply_edits(&source, &edits);
    assert_eq!(errors(&after), 0, "{source:?}\n{after:?}");
    let mut wanted = read_imports(&source);
    wanted.push(import.clone());
    assert_eq!(
        sorted(read_imports(&after)),
        sorted(wanted),
        "{source:?}\n{after:?}"
    );
    let again = ensure_import(&after, &import, &style).expect("a second time");
    assert!(again.is_empty(), "{source:?}\n{after:?}");
    let edits = remove_import(&after, &import, &style).expect("it is there");
    let back = apply_edits(&after, &edits);
    assert_eq!(errors(&back), 0, "{source:?}\n{after:?}\n{back:?}");
    assert_eq!(
        sorted(read_imports(&back)),
        sorted(read_imports(&source)),
        "{source:?}\n{back:?}"
    );
    let _ = used(&source, "x");
}

/// Snippets in the habits of a file.
pub fn restyle(data: &[u8]) {
    let mut input = Input::new(data);
    let (snippet, file) = (input.text(), input.text());
    let once = like(&snippet, &file);
    assert_eq!(like(&once, &file), once, "{snippet:?} {file:?}");
    if errors(&snippet) == 0 && !snippet.contains('\r') {
        assert_eq!(errors(&once), 0, "{snippet:?} {file:?}\n{once:?}");
    }
}
