//! Contracts, classes and imports, read from sources that stand in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Source;
use crate::contract::{Contract, Import};
use crate::sources::{Against, Definition, Sources};
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::error_count;
use tenon_text::diag::apply_edits;

use super::package::Package;
use super::use_read::{import_statement, read_imports};
use super::{imports, print};
use crate::languages::rust::grammar::GRAMMAR;

struct MemoryFiles(BTreeMap<&'static str, &'static str>);

impl Source for MemoryFiles {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).map(|text| Arc::from(*text))
    }
}

fn style() -> Style {
    Style {
        indent: "\t".into(),
        tab_width: 4,
        width: 100,
        ..Style::default()
    }
}

/// A crate of several files that others call `api`.
fn api() -> MemoryFiles {
    MemoryFiles(BTreeMap::from([
        (
            "api/src/lib.rs",
            "//! The api.\nmod deep;\npub mod types;\nmod ways;\npub use deep::inner::{Deep, Reader as Source};\npub use crate::ways::*;\n",
        ),
        (
            "api/src/deep/mod.rs",
            "pub(crate) mod inner;\n#[path = \"elsewhere.rs\"]\nmod other;\n",
        ),
        ("api/src/deep/elsewhere.rs", "pub struct Hidden;\n"),
        (
            "api/src/deep/inner.rs",
            concat!(
                "use std::fmt;\n",
                "use std::future::Future;\n",
                "\n",
                "use bytes::Bytes;\n",
                "\n",
                "use crate::types::{Item, list::List as Items};\n",
                "use super::super::ways::Way;\n",
                "\n",
                "pub struct Deep;\n",
                "\n",
                "/// Reads things.\n",
                "///\n",
                "/// Twice.\n",
                "#[must_use]\n",
                "pub trait Reader<'r, T: Clone>: Send + fmt::Debug {\n",
                "/// What it gives.\n",
                "    type Output: Send;\n",
                "    /// How much.\n",
                "    const MOST: usize;\n",
                "    const LEAST: u8 = 1;\n",
                "\n",
                "/// Reads one.\n",
                "    async fn read(&mut self, from: &'r Item, (a, b): (u8, u8)) -> Result<Self::Output, crate::types::Problem>;\n",
                "fn later(&self, bytes: Bytes) -> impl Future<Output = Items<T>> + Send;\n",
                "fn nothing(&self) -> impl Future<Output = ()>;\n",
                "fn show<W>(&self, out: &mut W, way: Way) -> fmt::Result\n",
                "    where\n",
                "        W: fmt::Write,\n",
                "        Self: Sized;\n",
                "fn make(name: String) -> Box<Self>\n",
                "    where\n",
                "        Self: Sized;\n",
                "fn given(&self) -> usize {\n",
                "        1\n",
                "    }\n",
                "}\n",
            ),
        ),
        (
            "api/src/types.rs",
            "pub mod list {\n    pub struct List<T>(T);\n}\npub struct Item;\npub struct Problem;\n",
        ),
        ("api/src/ways.rs", "pub enum Way { Here }\n"),
        (
            "one/src/lib.rs",
            "use api::{Source, Way};\nuse api::types as kinds;\nmod parts;\npub use parts::One;\npub const NAME: &str = \"one\";\n#[cfg(test)]\nmod tests { impl api::Source<'static, u8> for Fake {} }\n",
        ),
        (
            "one/src/parts.rs",
            "use api::types::{Item, Problem};\nuse api::Source;\n\npub struct One;\n\nimpl<'r> Source<'r, u8> for One {\n    type Output = u8;\n    const MOST: usize = 2;\n\n    async fn read(&mut self, from: &Item, _: (u8, u8)) -> Result<u8, Problem> {\n        Ok(1)\n    }\n    fn nothing(&mut self) -> impl Future<Output = ()> {}\n    fn later(&self) {}\n    async fn given(&self) -> usize { 2 }\n}\n",
        ),
    ]))
}

fn contract() -> Contract {
    let memory = api();
    let package = Package::new(&memory, "api/src/lib.rs", "api");
    package.contract(&["Source"]).unwrap()
}

#[test]
fn a_trait_is_read_with_all_its_parts() {
    let contract = contract();
    assert_eq!(contract.name, "Reader");
    assert_eq!(contract.doc, ["Reads things.", "", "Twice."]);
    assert_eq!(contract.generics.as_deref(), Some("<'r, T: Clone>"));
    assert_eq!(contract.unread_bases, ["Send", "fmt::Debug"]);
    let asked: Vec<&str> = contract.required().map(|method| method.name.as_str()).collect();
    assert_eq!(asked, ["read", "later", "nothing", "show", "make"]);
    let properties: Vec<_> = contract
        .properties
        .iter()
        .map(|property| {
            (
                property.name.as_str(),
                property.ty.as_deref(),
                property.is_asked(),
            )
        })
        .collect();
    assert_eq!(
        properties,
        [
            ("Output", None, true),
            ("MOST", Some("usize"), true),
            ("LEAST", Some("u8"), false)
        ]
    );
}

#[test]
fn types_are_named_as_others_name_them() {
    let contract = contract();
    let imports = |name: &str| -> Vec<String> {
        let method = contract.method(name).unwrap();
        method.imports.iter().map(import_statement).collect()
    };
    let shape = |name: &str| print::shape(contract.method(name).unwrap());
    assert_eq!(
        shape("read"),
        "async fn read(&mut self, from: &'r Item, (a, b): (u8, u8)) -> Result<Self::Output, Problem>"
    );
    assert_eq!(
        imports("read"),
        ["use api::types::Item;", "use api::types::Problem;"]
    );
    assert_eq!(shape("later"), "async fn later(&self, bytes: Bytes) -> List<T>");
    assert_eq!(
        imports("later"),
        ["use bytes::Bytes;", "use api::types::list::List;"]
    );
    assert_eq!(shape("nothing"), "async fn nothing(&self)");
    assert_eq!(imports("nothing"), <[&str; 0]>::default());
    assert_eq!(imports("show"), ["use api::Way;", "use std::fmt;"]);
}

#[test]
fn stubs_are_laid_out_as_rustfmt_does() {
    let contract = contract();
    let stub = |name: &str, body: &str| {
        let how = Stub {
            body,
            ..Stub::default()
        };
        let style = Style { width: 97, ..style() };
        print::stub(contract.method(name).unwrap(), &style, &how).replace('\t', "    ")
    };
    assert_eq!(
        stub("read", "Err(Problem)"),
        "    async fn read(\n        &mut self,\n        _from: &'r Item,\n        (a, b): (u8, u8),\n    ) -> Result<Self::Output, Problem> {\n        Err(Problem)\n    }"
    );
    assert_eq!(stub("nothing", ""), "    async fn nothing(&self) {}");
    assert_eq!(
        stub("show", "out.write_str(\"\")"),
        "    fn show<W>(&self, out: &mut W, _way: Way) -> fmt::Result\n    where\n        W: fmt::Write,\n        Self: Sized,\n    {\n        out.write_str(\"\")\n    }"
    );
    for method in contract.required() {
        let text = format!("impl X for Y {{\n{}\n}}", stub(&method.name, "x"));
        assert_eq!(error_count(&GRAMMAR.parse(&text)), 0, "{text}");
    }
}

#[test]
fn implementations_are_those_of_the_module_and_the_ones_below_it() {
    let memory = MemoryFiles(BTreeMap::from([
        ("src/lib.rs", "pub trait Port {}\nmod a;\nmod b;\nmod c;\n"),
        ("src/a.rs", "impl crate::Port for A {}\n"),
        ("src/b/mod.rs", "mod inner;\n"),
        ("src/b/inner.rs", "impl crate::Port for B {}\n"),
        ("src/c.rs", "use crate::Port;\n"),
    ]));
    let package = Package::new(&memory, "", "");
    let files = |path: &str| -> Vec<String> {
        let found = package.all_of(path, "impl Port").into_iter();
        found.map(|export| export.file).collect()
    };
    assert_eq!(files("src/lib.rs"), ["src/a.rs", "src/b/inner.rs"]);
    assert_eq!(files("src/a.rs"), ["src/a.rs"]);
    assert_eq!(files("src/b/mod.rs"), ["src/b/inner.rs"]);
    assert_eq!(files("src/c.rs"), [""; 0]);
}

#[test]
fn implementations_are_found_in_every_file_but_tests() {
    let memory = api();
    let package = Package::new(&memory, "", "");
    let found = package.all_of("one/src/lib.rs", "impl Source");
    let locals: Vec<_> = found
        .iter()
        .map(|export| (export.file.as_str(), export.local.as_str()))
        .collect();
    assert_eq!(locals, [("one/src/parts.rs", "impl Source for One")]);
    let class = package.class("one/src/parts.rs", "impl Source for One").unwrap();
    assert_eq!(class.name, "One");
    let methods: Vec<&str> = class.methods.iter().map(|method| method.name.as_str()).collect();
    assert_eq!(methods, ["read", "nothing", "later", "given"]);
    let fields: Vec<&str> = class.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["Output", "MOST"]);
    assert_eq!(
        package.constant("one/src/parts.rs", "crate::NAME").as_deref(),
        Some("one")
    );
    assert_eq!(package.constant("one/src/lib.rs", "\"x\"").as_deref(), Some("x"));
}

#[test]
fn names_are_followed_to_other_crates() {
    let memory = api();
    let package = Package::new(&memory, "", "");
    let outside = |path: &[&str]| Definition::Outside {
        module: "api".into(),
        path: path.iter().map(|part| (*part).to_owned()).collect(),
    };
    assert_eq!(
        package.definition("one/src/lib.rs", "Source"),
        outside(&["Source"])
    );
    assert_eq!(
        package.definition("one/src/lib.rs", "kinds::Item"),
        outside(&["types", "Item"])
    );
    assert_eq!(
        package.definition("one/src/lib.rs", "parts"),
        Definition::Module("one/src/parts.rs".into())
    );
    assert!(
        matches!(package.definition("one/src/lib.rs", "One"), Definition::Declared { file, .. } if file == "one/src/parts.rs")
    );
    assert_eq!(
        package.definition("one/src/lib.rs", "String"),
        Definition::Unknown
    );
    let used: Vec<String> = package
        .used("one/src/parts.rs")
        .into_iter()
        .map(|used| used.specifier)
        .collect();
    assert_eq!(used, ["api"]);
}

#[test]
fn what_does_not_fit_is_told() {
    let memory = api();
    let package = Package::new(&memory, "", "");
    let class = package.class("one/src/parts.rs", "impl Source for One").unwrap();
    let contract = contract();
    let nothing = BTreeSet::new();
    let against = Against {
        specifier: "api",
        words: &nothing,
        containers: &nothing,
    };
    let wrong = |name: &str| {
        let own = class.method(name).unwrap();
        let method = contract.method(name).unwrap();
        package
            .signature_mismatch("one/src/parts.rs", own, method, &against)
            .map(|wrong| wrong.message)
    };
    assert_eq!(wrong("read"), None);
    assert_eq!(
        wrong("nothing").as_deref(),
        Some("`nothing` takes `&mut self`, and its trait `&self`")
    );
    assert_eq!(
        wrong("later").as_deref(),
        Some("`later` takes 0 parameters, and its trait passes 1")
    );
    assert_eq!(
        wrong("given").as_deref(),
        Some("`given` is `async`, and its trait does not make it so")
    );
}

/// `source` with an import added, and what is left when it is taken out again.
fn with(source: &str, import: &Import) -> (String, String) {
    let edits = imports::ensure_import(
        source,
        import,
        &Style {
            indent: "    ".into(),
            ..style()
        },
    )
    .unwrap();
    let after = apply_edits(source, &edits).unwrap();
    assert_eq!(imports::ensure_import(&after, import, &style()).unwrap(), []);
    let edits = imports::remove_import(
        &after,
        import,
        &Style {
            indent: "    ".into(),
            ..style()
        },
    );
    let back = apply_edits(&after, &edits).unwrap();
    (after, back)
}

#[test]
fn an_import_joins_its_neighbours() {
    let cases = [
        ("use api::{A, C};\n", "use api::{A, B, C};\n"),
        ("use api::C;\n", "use api::{B, C};\n"),
        ("use api::{A, types::X};\n", "use api::{A, B, types::X};\n"),
        (
            "use api::A;\nuse api::C;\n",
            "use api::A;\nuse api::B;\nuse api::C;\n",
        ),
        (
            "pub use api::C;\n\nfn f() {}\n",
            "pub use api::C;\n\nuse api::B;\n\nfn f() {}\n",
        ),
        (
            "use api::{\n    A, // a\n    C,\n};\n",
            "use api::B;\nuse api::{\n    A, // a\n    C,\n};\n",
        ),
        ("use api::{C, A};\n", "use api::B;\nuse api::{C, A};\n"),
        (
            "#[cfg(x)]\nuse api::C;\n",
            "use api::B;\n#[cfg(x)]\nuse api::C;\n",
        ),
        (
            "use std::fmt;\n\nuse crate::x;\n",
            "use std::fmt;\n\nuse api::B;\n\nuse crate::x;\n",
        ),
        (
            "use bytes::Bytes;\nuse std::fmt;\n",
            "use api::B;\nuse bytes::Bytes;\nuse std::fmt;\n",
        ),
        (
            "//! Doc.\n\nfn f() {}\n",
            "//! Doc.\n\nuse api::B;\n\nfn f() {}\n",
        ),
        (
            "mod a;\r\nmod b;\r\n\r\nfn f() {}\r\n",
            "mod a;\r\nmod b;\r\n\r\nuse api::B;\r\n\r\nfn f() {}\r\n",
        ),
        ("fn f() {}\n", "use api::B;\n\nfn f() {}\n"),
    ];
    for (source, expected) in cases {
        let (after, back) = with(source, &Import::named("api", "B"));
        assert_eq!(after, expected, "{source}");
        assert_eq!(error_count(&GRAMMAR.parse(&after)), 0);
        // A list of one has no brackets: what was one stays a list only with two names.
        assert_eq!(back, source, "{after}");
    }
}

#[test]
fn a_name_that_is_taken_is_refused() {
    for source in ["use std::fmt::B;\n", "struct B;\n", "use x::Y as B;\n"] {
        assert!(
            imports::ensure_import(source, &Import::named("api", "B"), &style()).is_err(),
            "{source}"
        );
    }
    for source in ["use api::*;\n", "use api::{self, B};\n", "pub use api::B;\n"] {
        assert_eq!(
            imports::ensure_import(source, &Import::named("api", "B"), &style()).unwrap(),
            [],
            "{source}"
        );
    }
}

#[test]
fn a_rendered_file_gets_its_imports_in_order() {
    let source = "//! Doc.\n\nuse b::Z;\nuse crate::own::Thing;\nuse a::b::C;\nuse a::b::C;\nuse std::fmt;\nuse a::b::A;\nuse a::glob::*;\npub use b::Y;\n\n\nfn f() {}\n";
    let (text, errors) = imports::organize(source, &style());
    assert_eq!(errors, 0);
    assert_eq!(
        text,
        "//! Doc.\n\nuse std::fmt;\n\nuse a::b::{A, C};\nuse a::glob::*;\nuse b::Z;\n\nuse crate::own::Thing;\n\npub use b::Y;\n\n\nfn f() {}\n"
    );
    assert_eq!(imports::organize(&text, &style()).0, text);
}

#[test]
fn uses_are_told_from_imports() {
    let source = "use a::{B, C};\nfn f(b: B) { println!(\"{}\", d); }\n";
    assert!(imports::uses(source, "B") && !imports::uses(source, "C") && imports::uses(source, "d"));
    let names: Vec<String> = read_imports(source)
        .iter()
        .map(|import| import.local().to_owned())
        .collect();
    assert_eq!(names, ["B", "C"]);
}

#[test]
fn broken_code_gives_what_can_be_read() {
    let memory = api();
    let whole = memory.0["api/src/deep/inner.rs"];
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let text: &'static str = Box::leak(whole[..end].to_owned().into_boxed_str());
        let memory = MemoryFiles(BTreeMap::from([("src/lib.rs", text)]));
        let package = Package::new(&memory, "src/lib.rs", "api");
        let _ = package.contract(&["Reader"]);
        let _ = imports::ensure_import(text, &Import::named("api", "B"), &style());
    }
}

#[test]
fn globs_that_lead_in_circles_end() {
    let block = |name: &str| {
        format!(
            "pub mod {name} {{ pub use super::a::*; pub use super::b::*; pub use super::c::*; pub use other::*; use more::*; use super::b::inner::*; pub use super::c::inner::*; }}\n"
        )
    };
    let text = ["a", "b", "c"].map(block).join("") + "pub use a::*;\npub use crate::b::*;\nuse c::Missing;\n";
    let text: &'static str = Box::leak(text.into_boxed_str());
    let memory = MemoryFiles(BTreeMap::from([("src/lib.rs", text)]));
    let package = Package::new(&memory, "src/lib.rs", "api");
    let begun = std::time::Instant::now();
    assert!(package.export(&["Missing"]).is_err());
    package.definition("src/lib.rs", "Missing");
    package.used("src/lib.rs");
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn what_a_glob_gives_comes_from_its_crate() {
    let text = "use api::*;\nuse std::io;\nuse super::x;\nfn f() { use std::mem; mem::drop(u8::MAX); types::make(); other::make(); }\n";
    let memory = MemoryFiles(BTreeMap::from([("src/lib.rs", text)]));
    let package = Package::new(&memory, "", "");
    let given = Definition::Outside {
        module: "api".into(),
        path: vec!["Item".into()],
    };
    assert_eq!(package.definition("src/lib.rs", "Item"), given);
    assert_eq!(package.definition("src/lib.rs", "Vec"), Definition::Unknown);
    let used: Vec<String> = package
        .used("src/lib.rs")
        .into_iter()
        .map(|used| used.specifier)
        .collect();
    assert_eq!(used, ["api"]);
}

#[test]
fn what_stands_between_imports_is_set_apart_behind_them() {
    let text = "use c::D;\n#[cfg(test)]\nuse b::C;\nuse a::B;\n\nfn f() {}\n";
    let organized = imports::organize(text, &style()).0;
    assert_eq!(
        organized,
        "use a::B;\nuse c::D;\n\n#[cfg(test)]\nuse b::C;\n\nfn f() {}\n"
    );
    assert_eq!(imports::organize(&organized, &style()).0, organized);
}

#[test]
fn what_shares_a_line_with_an_import_stays() {
    for text in ["use b::C; use a::B;\n\nfn f() {}\n", "use b::C; fn f() {}\n"] {
        assert_eq!(imports::organize(text, &style()).0, text);
    }
    assert_eq!(
        imports::organize("use c::D; // why\nuse b::C;\nuse a::B;\n", &style()).0,
        "use c::D; // why\nuse a::B;\nuse b::C;\n"
    );
}
