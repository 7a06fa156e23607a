//! Java files read, their contracts, stubs and imports.

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::contract::ContractKind;
use crate::language::Lang;
use crate::rule::Rule;
use crate::sources::{Against, Definition, ImportTarget, Sources};
use tenon_text::diag::apply_edits;

struct Host(HashMap<&'static str, &'static str>);

impl Source for Host {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).map(|text| Arc::from(*text))
    }

    fn names(&self, path: &str) -> Vec<String> {
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let below = self.0.keys().filter_map(|file| file.strip_prefix(&*prefix));
        let mut names: Vec<String> = below
            .map(|rest| rest.split('/').next().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

const FACTORY: &str = "api/src/main/java/shop/api/Factory.java";
const ACME: &str = "plugins/acme/src/main/java/shop/acme/AcmeFactory.java";

fn host() -> Host {
    Host(HashMap::from([
        (
            FACTORY,
            "package shop.api;\n\nimport java.util.List;\nimport java.io.IOException;\nimport shop.api.options.*;\n\n/**\n * Makes stores.\n *\n * @param <S> the store\n */\npublic interface Factory<S extends Store> extends Named<S>, AutoCloseable {\n    /** What it makes. */\n    S create(Context context, String... names) throws IOException;\n\n    <K extends Comparable<K>> List<K> keys(Options options);\n\n    default int order() {\n        return 0;\n    }\n\n    static int none() {\n        return 0;\n    }\n\n    boolean equals(Object other);\n\n    interface Context {\n        String name();\n    }\n}\n",
        ),
        (
            "api/src/main/java/shop/api/Store.java",
            "package shop.api;\n\npublic class Store {}\n",
        ),
        (
            "api/src/main/java/shop/api/Named.java",
            "package shop.api;\n\nimport java.util.Map;\n\npublic interface Named<T> {\n    Map<String, T> byName(T[] all);\n\n    int order();\n}\n",
        ),
        (
            "api/src/main/java/shop/api/options/Options.java",
            "package shop.api.options;\n\npublic class Options {}\n",
        ),
        (
            "api/src/main/java/shop/api/Base.java",
            "package shop.api;\n\npublic abstract class Base implements Named<String> {\n    protected abstract void open(final int[] at, char c[]);\n\n    abstract long size();\n\n    public int order() {\n        return 1;\n    }\n}\n",
        ),
        (
            ACME,
            "package shop.acme;\n\nimport shop.api.Factory;\n\n@Service(Factory.class)\npublic final class AcmeFactory extends com.lib.Thing implements Factory<AcmeStore>, java.io.Serializable {\n    private static final String NAME = \"acme\", OTHER = \"x\";\n\n    public AcmeFactory(int a) {}\n\n    @Override\n    public AcmeStore create(Context context, String... names) { return null; }\n}\n",
        ),
        (
            "plugins/acme/src/main/java/shop/acme/AcmeStore.java",
            "package shop.acme;\n\nclass AcmeStore extends shop.api.Store {}\n",
        ),
    ]))
}

fn opened<'s>(host: &'s Host, entry: &str) -> packages::Packages<'s> {
    Java::open(
        host,
        &PackageEntry {
            file: entry,
            ..PackageEntry::default()
        },
    )
}

#[test]
fn an_interface_is_read_with_what_it_extends() {
    let host = host();
    let contract = opened(&host, FACTORY).contract(&["Factory"]).unwrap();
    assert_eq!(contract.kind, ContractKind::Interface);
    assert_eq!(contract.doc, ["Makes stores."]);
    assert_eq!(contract.unread_bases, ["AutoCloseable"]);
    let required: Vec<String> = contract.required().map(|method| Java.shape(method)).collect();
    assert_eq!(
        required,
        [
            "S create(Context context, String... names) throws IOException",
            "<K extends Comparable<K>> List<K> keys(Options options)",
            "Map<String, S> byName(S[] all)",
        ]
    );
    let imports = |name: &str| -> Vec<String> {
        let method = contract.method(name).unwrap();
        method
            .imports
            .iter()
            .map(|import| Java.import_statement(import))
            .collect()
    };
    assert_eq!(
        imports("create"),
        ["import java.io.IOException;", "import shop.api.Factory.Context;"]
    );
    assert_eq!(
        imports("keys"),
        ["import java.util.List;", "import shop.api.options.Options;"]
    );
    assert_eq!(imports("byName"), ["import java.util.Map;"]);
}

#[test]
fn an_abstract_class_asks_for_what_it_leaves_open() {
    let host = host();
    let contract = opened(&host, "api/src/main/java/shop/api/Base.java")
        .contract(&["Base"])
        .unwrap();
    assert_eq!(contract.kind, ContractKind::AbstractClass);
    let required: Vec<String> = contract.required().map(|method| Java.shape(method)).collect();
    assert_eq!(
        required,
        [
            "void open(int[] at, char[] c)",
            "long size()",
            "Map<String, String> byName(String[] all)"
        ]
    );
}

#[test]
fn a_stub_has_the_types_that_the_class_gives() {
    let host = host();
    let sources = opened(&host, FACTORY);
    let contract = sources.contract(&["Factory"]).unwrap();
    let class = sources.class(ACME, "AcmeFactory").unwrap();
    let fitted = Java
        .for_class(contract.method("create").unwrap(), &contract, &class)
        .unwrap();
    let style = Style {
        width: 100,
        ..Style::default()
    };
    let stub = Java.stub(&fitted, &style, &Stub::default());
    assert_eq!(
        stub,
        "\t@Override\n\tpublic AcmeStore create(Context context, String... names) throws IOException {\n\t\tthrow new UnsupportedOperationException(\"not implemented\");\n\t}"
    );
    let narrow = Java.stub(
        &fitted,
        &Style {
            width: 50,
            ..Style::default()
        },
        &Stub {
            body: "return null;",
            ..Stub::default()
        },
    );
    assert_eq!(
        narrow,
        "\t@Override\n\tpublic AcmeStore create(\n\t\t\tContext context,\n\t\t\tString... names) throws IOException {\n\t\treturn null;\n\t}"
    );
    // What the class does not say is not guessed.
    let raw = Class {
        implements: vec![],
        extends: None,
        ..(*class).clone()
    };
    assert_eq!(
        Java.for_class(contract.method("byName").unwrap(), &contract, &raw),
        None
    );
    assert!(
        Java.for_class(contract.method("keys").unwrap(), &contract, &raw)
            .is_some()
    );
}

#[test]
fn a_class_is_read_with_positions() {
    let host = host();
    let sources = opened(&host, "");
    let class = sources.class(ACME, "AcmeFactory").unwrap();
    assert_eq!(class.extends.as_ref().unwrap().name, "com.lib.Thing");
    let bases: Vec<(&str, Option<&str>)> = class
        .implements
        .iter()
        .map(|base| (&*base.name, base.args.as_deref()))
        .collect();
    assert_eq!(
        bases,
        [("Factory", Some("<AcmeStore>")), ("java.io.Serializable", None)]
    );
    assert_eq!(class.decorators, ["@Service(Factory.class)"]);
    let fields: Vec<&str> = class.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(fields, ["NAME", "OTHER"]);
    assert_eq!(class.constructor.as_ref().unwrap().len(), 1);
    assert!(class.method("create").unwrap().has_body && class.method("create").unwrap().params[1].rest);
}

#[test]
fn names_lead_through_imports_packages_and_modules() {
    let host = host();
    let sources = opened(&host, "");
    let file_of = |name: &str| match sources.definition(ACME, name) {
        Definition::Declared { file, local, .. } => format!("{file} {local}"),
        Definition::Outside { module, path } => format!("{module} {}", path.join(".")),
        other => format!("{other:?}"),
    };
    assert_eq!(file_of("Factory.Context"), format!("{FACTORY} Factory.Context"));
    assert_eq!(
        file_of("AcmeStore"),
        "plugins/acme/src/main/java/shop/acme/AcmeStore.java AcmeStore"
    );
    assert_eq!(
        file_of("shop.api.Store"),
        "api/src/main/java/shop/api/Store.java Store"
    );
    assert_eq!(file_of("com.lib.Thing"), "com.lib Thing");
    assert_eq!(file_of("Nowhere"), "Unknown");
    assert_eq!(
        sources.import_target(ACME, "shop.api.Factory"),
        ImportTarget::File(FACTORY.to_owned())
    );
    assert_eq!(sources.import_target(ACME, "java.util"), ImportTarget::Package);
    assert_eq!(Java.imported_as(ACME).as_deref(), Some("shop.acme.AcmeFactory"));
    assert_eq!(
        Java.imported_as("plugins/acme/src/main/java/shop/acme")
            .as_deref(),
        Some("shop.acme")
    );
    assert_eq!(Java.imported_as("docs/acme"), None);
}

#[test]
fn heads_that_no_compiler_takes_are_told() {
    let host = host();
    let sources = opened(&host, FACTORY);
    let contract = sources.contract(&["Factory"]).unwrap();
    let told = |text: &'static str, name: &str| {
        let mut all = self::host();
        all.0.insert(ACME, text);
        let other = opened(&all, FACTORY);
        let class = other.class(ACME, "A").unwrap();
        let method = Java
            .for_class(contract.method(name).unwrap(), &contract, &class)
            .unwrap();
        let none = Default::default();
        let against = Against {
            specifier: "",
            words: &none,
            containers: &none,
        };
        other
            .signature_mismatch(ACME, class.method(name).unwrap(), &method, &against)
            .map(|found| found.message)
    };
    let head = |head: &str, name: &str| {
        let text: &'static str =
            format!("package shop.acme;\nclass A implements Factory<B> {{ {head} {{}} }}\n").leak();
        told(text, name)
    };
    assert_eq!(
        head("public B create(Factory.Context c, String... names)", "create"),
        None
    );
    assert_eq!(head("public B create(Context c, String[] names)", "create"), None);
    assert_eq!(
        head("public Sub create(Context c, final String... n)", "create"),
        None
    );
    let said = head("public B create(Context c)", "create").unwrap();
    assert_eq!(said, "`create` takes 1 parameters, and its contract has 2");
    let said = head("B create(Context c, String... n)", "create").unwrap();
    assert_eq!(said, "`create` is not `public`, and its contract is");
    let said = head("public void create(Context c, String... n)", "create").unwrap();
    assert_eq!(said, "`create` gives back `void`, and its contract asks for `B`");
    let said = head("public B create(Context c, int... n)", "create").unwrap();
    assert_eq!(
        said,
        "the parameter `n` of `create` is `int`, and its contract passes `String`"
    );
    assert_eq!(head("public <K> List<K> keys(K options)", "keys"), None);
}

fn added(source: &str, statement: &str) -> String {
    let import = Java.read_imports(statement).remove(0);
    let edits = Java
        .ensure_import(source, &import, &Style::default(), None)
        .unwrap();
    apply_edits(source, &edits).unwrap()
}

#[test]
fn an_import_goes_where_its_neighbours_are() {
    let google = "package p;\n\nimport static a.B.c;\n\nimport com.a.X;\nimport com.c.Z;\n\nclass A {}\n";
    assert_eq!(
        added(google, "import com.b.Y;"),
        google.replace("import com.c", "import com.b.Y;\nimport com.c")
    );
    assert_eq!(
        added(google, "import org.z.Y;"),
        google.replace("Z;\n", "Z;\nimport org.z.Y;\n")
    );
    assert_eq!(
        added(google, "import static z.B.c;"),
        google.replace("B.c;\n", "B.c;\nimport static z.B.c;\n")
    );
    let apache = "package p;\n\nimport org.apache.x.A;\n\nimport org.slf4j.Log;\n\nimport java.util.List;\nimport java.util.Map;\n\nclass A {}\n";
    assert_eq!(
        added(apache, "import java.util.Locale;"),
        apache.replace("List;\n", "List;\nimport java.util.Locale;\n")
    );
    assert_eq!(
        added(apache, "import org.apache.w.B;"),
        apache.replace(
            "import org.apache.x",
            "import org.apache.w.B;\nimport org.apache.x"
        )
    );
    assert_eq!(
        added(apache, "import net.x.C;"),
        apache.replace("Map;\n", "Map;\n\nimport net.x.C;\n")
    );
    let mixed = "package p;\n\nimport org.b.B;\nimport org.a.A;\nimport java.util.Map;\n\nclass A {}\n";
    assert_eq!(
        added(mixed, "import org.c.C;"),
        mixed.replace("A;\nimport java", "A;\nimport org.c.C;\nimport java")
    );
}

#[test]
fn what_is_known_without_an_import_gets_none() {
    let source = "package p.q;\n\nimport a.b.*;\nimport a.c.Known;\n\nclass A {}\n";
    for statement in [
        "import p.q.Other;",
        "import java.lang.String;",
        "import a.b.C;",
        "import a.c.Known;",
    ] {
        assert_eq!(added(source, statement), source, "{statement}");
    }
    let refused = |statement: &str| {
        let import = Java.read_imports(statement).remove(0);
        let error = Java
            .ensure_import(source, &import, &Style::default(), None)
            .unwrap_err();
        error.message().to_owned()
    };
    assert_eq!(
        refused("import x.Known;"),
        "`Known` cannot be imported from `x`: the file imports that of `a.c`"
    );
    assert_eq!(
        refused("import x.A;"),
        "`A` cannot be imported from `x`: the file declares one itself"
    );
}

#[test]
fn imports_of_a_rendered_file_are_put_in_order() {
    let source = "package p;\n\nimport java.util.Map;\nimport java.lang.String;\nimport org.a.A;\nimport static x.Y.z;\nimport java.util.List;\nimport p.Own;\nimport java.util.List;\nimport un.Used;\n\n\n/** See {@link A}. */\nclass C {\n    Map<String, List<Own>> all = z();\n}\n";
    let (one, errors) = Java.organize(source, &Style::default());
    let body = "\n/** See {@link A}. */\nclass C {\n    Map<String, List<Own>> all = z();\n}\n";
    assert_eq!(errors, 0);
    assert_eq!(
        one,
        format!(
            "package p;\n\nimport static x.Y.z;\nimport java.util.List;\nimport java.util.Map;\nimport org.a.A;\n{body}"
        )
    );
    let style = Style {
        import_groups: ["^org\\.", "^java\\.", "^static "].map(str::to_owned).to_vec(),
        ..Style::default()
    };
    assert_eq!(
        Java.organize(source, &style).0,
        format!(
            "package p;\n\nimport org.a.A;\n\nimport java.util.List;\nimport java.util.Map;\n\nimport static x.Y.z;\n{body}"
        )
    );
    let broken = source.replace("class C {", "class C {{");
    assert_eq!(Java.organize(&broken, &style).0, broken);
}

#[test]
fn patterns_match_calls_annotations_and_methods() {
    let source = "package a;\n\n@Service(name = \"x\")\nclass A {\n    @Override\n    public String id() {\n        return \"x\";\n    }\n\n    void all(R reg) {\n        reg.add(new B(1));\n        Object c = reg.add(2);\n    }\n}\n";
    let tree = grammar::GRAMMAR.parse(source);
    for (rule, count) in [
        ("pattern = '$_.add($_)'", 2),
        ("pattern = 'reg.add(new $TYPE($$$))'", 1),
        ("pattern = 'new $TYPE($$$)'", 1),
        ("pattern = 'return $ID;'", 1),
        ("pattern = '@Service($$$)'", 1),
        (
            "kind = 'method_declaration'\nhas = { field = 'name', pattern = '$NAME' }",
            2,
        ),
    ] {
        let compiled = Rule::compile(Lang(&Java), &rule.parse().unwrap()).unwrap();
        assert_eq!(compiled.find_all(&tree.root()).unwrap().len(), count, "{rule}");
    }
}
