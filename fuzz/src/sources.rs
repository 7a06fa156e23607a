//! The sources of a package in every language: names followed, contracts and classes read, stubs and heads written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::code::{errors, inside};
use crate::input::Input;
use tenon_syntax::Source;
use tenon_syntax::class::Class;
use tenon_syntax::contract::{Contract, Method};
use tenon_syntax::head::with_head;
use tenon_syntax::language::{Lang, PackageEntry};
use tenon_syntax::languages::Opened;
use tenon_syntax::sources::{Against, Export};
use tenon_syntax::stub::Stub;
use tenon_syntax::style::Style;
use tenon_text::diag::apply_edits;
use tenon_text::format::Indent;

#[derive(Clone)]
pub(crate) struct Files(pub(crate) BTreeMap<String, Arc<str>>);

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).cloned()
    }

    fn names(&self, dir: &str) -> Vec<String> {
        let inside = self.0.keys().filter_map(|path| match dir {
            "" => Some(path.as_str()),
            dir => path.strip_prefix(dir)?.strip_prefix('/'),
        });
        let mut out: Vec<String> = inside
            .filter_map(|rest| rest.split('/').next().map(str::to_owned))
            .collect();
        out.dedup();
        out
    }
}

impl Files {
    fn is_sound(&self, grammar: Lang) -> bool {
        let mut code = self.0.iter().filter(|(path, _)| Lang::of_path(path).is_some());
        code.all(|(_, text)| errors(grammar, text) == 0)
    }

    fn check(&self, export: &Export) {
        if let Some(text) = self.0.get(&export.file) {
            inside(text, export.span);
        }
    }
}

/// Five files of a package in the language, its entry first.
fn files(grammar: Lang, input: &mut Input<'_>) -> Files {
    let paths = match grammar.name() {
        "typescript" => ["p/index.ts", "p/a.ts", "p/b.ts", "p/c/index.ts", "p/d.d.ts"],
        "go" => ["p/a.go", "p/b.go", "q/c.go", "p/d_test.go", "go.mod"],
        "java" => [
            "x/p/A.java",
            "x/p/B.java",
            "x/p/q/C.java",
            "x/p/q/D.java",
            "pom.xml",
        ],
        "python" => ["p/__init__.py", "p/a.py", "p/b.py", "p/c/__init__.py", "p/c/d.py"],
        "ruby" => [
            "lib/p.rb",
            "lib/p/a.rb",
            "lib/p/b.rb",
            "lib/p/c/d.rb",
            "p.gemspec",
        ],
        _ => [
            "p/src/lib.rs",
            "p/src/a.rs",
            "p/src/b.rs",
            "p/src/c/mod.rs",
            "p/Cargo.toml",
        ],
    };
    let all = paths.into_iter();
    Files(
        all.map(|path| (path.to_owned(), Arc::from(input.text())))
            .collect(),
    )
}

fn entry(grammar: Lang) -> (&'static str, &'static str) {
    match grammar.name() {
        "typescript" => ("p/index.ts", "@x/p"),
        "go" => ("p/a.go", "x/p"),
        "java" => ("x/p/A.java", "x.p"),
        "python" => ("p/__init__.py", "p"),
        "ruby" => ("lib/p.rb", "p"),
        _ => ("p/src/lib.rs", "p"),
    }
}

fn package(grammar: Lang, files: &Files) -> Opened<'_> {
    let (entry, specifier) = entry(grammar);
    let aliases = match grammar.name() {
        "typescript" => vec![("@/".to_owned(), "p/".to_owned())],
        _ => vec![],
    };
    let entered = PackageEntry {
        file: entry,
        specifier,
        aliases: &aliases,
    };
    grammar.open(files, &entered)
}

/// The names that `text` may declare as types, and a few that it may not.
fn words(text: &str) -> BTreeSet<&str> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        .filter(|word| !word.is_empty())
        .collect();
    let heads = [
        "class",
        "interface",
        "struct",
        "type",
        "impl",
        "trait",
        "for",
        "enum",
    ];
    let pairs = words.windows(2).filter(|pair| heads.contains(&pair[0]));
    pairs.map(|pair| pair[1]).take(12).collect()
}

/// Names that lead from file to file.
pub fn graph(data: &[u8]) {
    let mut input = Input::new(data);
    let grammar = input.grammar();
    let files = files(grammar, &mut input);
    let package = package(grammar, &files);
    for export in package.exports(&[]).unwrap_or_default() {
        files.check(&export);
        let _ = package.export(&[&export.name]);
        let _ = package.exports(&[&export.name]);
        let _ = package.alias_of(&[&export.name]);
    }
    for (path, text) in &files.0 {
        if let Some(span) = package.error(path) {
            inside(text, span);
        }
        for used in package.used(path) {
            inside(text, used.span);
            let _ = package.import_target(path, &used.specifier);
            let _ = grammar.package_of(&used.specifier);
            if grammar.name() == "typescript" {}
            for name in &used.names {
                let _ = package.definition(path, name);
            }
        }
        for name in package.own_exports(path) {
            let _ = package.definition(path, &name);
            let _ = package.constant(path, &name);
            if let Some(span) = package.export_statement(path, &name) {
                inside(text, span);
            }
            for export in package.all_of(path, &name) {
                files.check(&export);
            }
            let Some(export) = package.export_of(path, &name) else {
                continue;
            };
            files.check(&export);
            if let Some(class) = package.class(&export.file, &export.local)
                && let Some(base) = &class.extends
            {
                let _ = package.definition(&export.file, &base.name);
            }
        }
    }
}

/// The contracts of the entry and of the namespaces right below it.
fn contracts(package: &Opened<'_>) -> Vec<Contract> {
    let mut paths = vec![];
    for export in package.exports(&[]).unwrap_or_default().into_iter().take(16) {
        let below = package.exports(&[&export.name]).unwrap_or_default();
        paths.push(vec![export.name.clone()]);
        let below = below.into_iter().take(8);
        paths.extend(below.map(|inner| vec![export.name.clone(), inner.name]));
    }
    let contract = |path: &Vec<String>| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        package.contract(&path).ok()
    };
    paths.iter().filter_map(contract).collect()
}

fn styles() -> [Style; 2] {
    let style = Style {
        indent: "\t".into(),
        ..Style::default()
    };
    [
        style.clone(),
        Style {
            width: 30,
            semicolons: false,
            ..style
        },
    ]
}

fn printed(grammar: Lang, method: &Method, style: &Style) -> String {
    let how = Stub {
        doc: true,
        receiver: "a A",
        ..Stub::default()
    };
    grammar.stub(method, style, &how)
}

/// Contracts, and the stubs made of them.
pub fn contract(data: &[u8]) {
    let mut input = Input::new(data);
    let grammar = input.grammar();
    let files = files(grammar, &mut input);
    let sound = files.is_sound(grammar);
    let all = contracts(&package(grammar, &files));
    assert_eq!(
        all,
        contracts(&package(grammar, &files)),
        "read a second time: {:?}",
        files.0
    );
    for contract in &all {
        if let Some(text) = files.0.get(&contract.file) {
            inside(text, contract.span);
        }
        for method in &contract.methods {
            for style in styles() {
                let text = printed(grammar, method, &style);
                let _ = grammar.call_arguments(method);
                let _ = grammar.shape(method);
                if sound && method.accessor.is_none() {
                    let class = grammar.in_a_class(&text);
                    assert_eq!(errors(grammar, &class), 0, "{class}\n{:?}", files.0);
                }
            }
        }
        for property in &contract.properties {
            let _ = grammar.property_stub(property, &styles()[0], "x");
        }
    }
}

fn check(text: &str, class: &Class) {
    inside(text, class.span);
    inside(text, class.body);
    inside(text, class.name_span);
    for base in class.extends.iter().chain(&class.implements) {
        inside(text, base.span);
    }
    for field in &class.fields {
        inside(text, field.span);
    }
}

/// Classes of one file.
pub fn classes(data: &[u8]) {
    let mut input = Input::new(data);
    let grammar = input.grammar();
    let path = entry(grammar).0;
    let text = input.text();
    let files = Files(BTreeMap::from([(path.to_owned(), Arc::from(text.as_str()))]));
    let package = package(grammar, &files);
    for name in words(&text) {
        let named = match grammar.name() {
            // One of the implementations of a type.
            "rust" => vec![name.to_owned(), format!("impl A for {name}")],
            _ => vec![name.to_owned()],
        };
        for class in named.iter().filter_map(|name| package.class(path, name)) {
            check(&text, &class);
            for method in &class.methods {
                assert_eq!(package.file_of(path, name, method), path);
                inside(&text, method.span);
                for param in &method.params {
                    inside(&text, param.span);
                }
            }
        }
    }
}

/// Implementations held against contracts: heads rewritten, stubs added.
pub fn implement(data: &[u8]) {
    let mut input = Input::new(data);
    let grammar = input.grammar();
    let files = files(grammar, &mut input);
    if !files.is_sound(grammar) {
        return;
    }
    let (entry, specifier) = entry(grammar);
    let contracts = contracts(&package(grammar, &files));
    let known = contracts.iter().map(|contract| contract.name.clone()).collect();
    let against = Against {
        specifier,
        words: &known,
        containers: &BTreeSet::from(["Promise".to_owned(), "Vec".to_owned()]),
    };
    let places = [
        entry,
        *files
            .0
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .first()
            .unwrap_or(&entry),
    ];
    for path in places.iter().chain(
        [
            "p/a.ts",
            "p/b.go",
            "x/p/B.java",
            "p/a.py",
            "lib/p/a.rb",
            "p/src/a.rs",
        ]
        .iter(),
    ) {
        let Some(text) = files.0.get(*path) else { continue };
        for name in words(text) {
            implemented(grammar, &files, (path, name), &contracts, &against);
        }
    }
}

fn implemented(
    grammar: Lang,
    files: &Files,
    (path, name): (&str, &str),
    contracts: &[Contract],
    against: &Against<'_>,
) {
    let package = package(grammar, files);
    let Some(class) = package.class(path, name) else {
        return;
    };
    let Some(text) = files.0.get(path) else { return };
    let [style, _] = styles();
    let indent = Indent::Spaces(4);
    for contract in contracts.iter().take(4) {
        for method in &contract.methods {
            let mut methods = class.methods.iter();
            let Some(own) = methods.find(|own| own.name == method.name && !own.is_static) else {
                let how = Stub::default();
                let edit = grammar.with_stub(text, &class, (method, &how), (&style, indent));
                if let Some(edit) = edit.filter(|_| method.accessor.is_none()) {
                    let after = apply_edits(text, &[edit]).unwrap();
                    assert_eq!(errors(grammar, &after), 0, "{method:?}\n{text}\n{after}");
                }
                continue;
            };
            if package.file_of(path, name, own) != path {
                continue;
            }
            if let Some(mismatch) = package.signature_mismatch(path, own, method, against) {
                inside(text, mismatch.span);
            }
            let Some(edit) = with_head(grammar, text, own, method, (&style, indent)) else {
                continue;
            };
            let after = apply_edits(text, &[edit]).unwrap();
            assert_eq!(errors(grammar, &after), 0, "{method:?}\n{text}\n{after}");
        }
    }
}
