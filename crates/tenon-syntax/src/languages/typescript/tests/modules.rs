//! Where module specifiers lead.

use super::Files;
use crate::languages::typescript::package::Package;
use crate::sources::{ImportTarget, Sources};

fn file(path: &str) -> ImportTarget {
    ImportTarget::File(path.to_owned())
}

fn target(files: &[(&str, &str)], from: &str, specifier: &str) -> ImportTarget {
    let files = Files::of(files);
    Package::new(&files, "", "", &[]).import_target(from, specifier)
}

#[test]
fn whatever_kind_of_file_is_there_is_found() {
    let files = [
        ("p/a.ts", ""),
        ("p/x.json", "{}"),
        ("p/y.js", ""),
        ("p/t.txt", ""),
        ("p/x.vue", ""),
        ("p/z.ts", ""),
        ("p/d.d.ts", ""),
        ("p/m.mts", ""),
        ("p/sub/index.ts", ""),
        ("p/main/package.json", "{ \"main\": \"./lib.js\" }"),
        ("p/main/lib.js", ""),
        ("q.ts", ""),
    ];
    for (specifier, path) in [
        ("./x.json", "p/x.json"),
        ("./x", "p/x.json"),
        ("./y.js", "p/y.js"),
        ("./y", "p/y.js"),
        ("./t.txt?raw", "p/t.txt"),
        ("./x.vue", "p/x.vue"),
        ("./z", "p/z.ts"),
        ("./z.js", "p/z.ts"),
        ("./d.js", "p/d.d.ts"),
        ("./d", "p/d.d.ts"),
        ("./m.mjs", "p/m.mts"),
        ("./sub", "p/sub/index.ts"),
        ("./sub/", "p/sub/index.ts"),
        ("./main", "p/main/lib.js"),
        ("../q", "q.ts"),
    ] {
        assert_eq!(target(&files, "p/a.ts", specifier), file(path), "{specifier}");
    }
    for specifier in ["./none", "./none.json", "../../q", "./sub/none", "."] {
        assert_eq!(
            target(&files, "p/a.ts", specifier),
            ImportTarget::Missing,
            "{specifier}"
        );
    }
}

#[test]
fn built_in_modules_and_packages_are_told_apart() {
    for specifier in ["zlib", "fs/promises", "node:test", "node:zlib"] {
        assert_eq!(
            target(&[], "a.ts", specifier),
            ImportTarget::BuiltIn,
            "{specifier}"
        );
    }
    for specifier in ["react", "@x/y/z", "zlib2"] {
        assert_eq!(
            target(&[], "a.ts", specifier),
            ImportTarget::Package,
            "{specifier}"
        );
    }
}

const ALIAS: &str = "{ // comment\n \"compilerOptions\": { \"paths\": { \"@/*\": [\"./src/*\"] } } }";

#[test]
fn paths_of_the_compiler_lead_to_files_wherever_they_are_configured() {
    let base = |extends: &str| format!("{{ \"extends\": {extends}, \"exclude\": [\"**/*.test.ts\"] }}");
    for (name, extends) in [
        ("base.json", "\"./base.json\""),
        ("base.json", "\"../p/base\""),
        ("base.json", "[\"@not/installed\", \"./base.json\"]"),
    ] {
        let name = format!("p/{name}");
        let config = base(extends);
        let files = [
            ("p/tsconfig.json", config.as_str()),
            (name.as_str(), ALIAS),
            ("p/src/b.ts", ""),
            ("p/src/sub/a.ts", ""),
        ];
        for from in ["p/src/sub/a.ts", "p/src/sub/a.test.ts"] {
            assert_eq!(target(&files, from, "@/b"), file("p/src/b.ts"), "{extends}");
            // Perhaps a build makes it.
            assert_eq!(target(&files, from, "@/none"), ImportTarget::Unknown, "{extends}");
            assert_eq!(target(&files, from, "react"), ImportTarget::Package, "{extends}");
            assert_eq!(target(&files, from, "./none"), ImportTarget::Missing, "{extends}");
        }
    }
}

#[test]
fn a_base_that_is_not_installed_costs_only_itself() {
    let config = "{ \"extends\": \"@not/installed/tsconfig.json\", \"compilerOptions\": { \"paths\": { \"@/*\": [\"./*\"] } } }";
    let files = [("p/tsconfig.json", config), ("p/a.ts", ""), ("p/b.ts", "")];
    assert_eq!(target(&files, "p/a.ts", "./b"), file("p/b.ts"));
    assert_eq!(target(&files, "p/a.ts", "@/b"), file("p/b.ts"));
    assert_eq!(target(&files, "p/a.ts", "react"), ImportTarget::Package);
}

#[test]
fn a_configuration_that_cannot_be_read_hides_no_file() {
    for config in [
        "{",
        "[]",
        "{ \"extends\": \"./tsconfig.json\" }",
        "{ \"extends\": 1 }",
    ] {
        let files = [("p/tsconfig.json", config), ("p/a.ts", ""), ("p/b.ts", "")];
        assert_eq!(target(&files, "p/a.ts", "./b"), file("p/b.ts"), "{config}");
        assert_eq!(target(&files, "p/a.ts", "./c"), ImportTarget::Missing, "{config}");
    }
}

#[test]
fn nothing_outside_the_host_is_looked_at() {
    let files = Files::of(&[
        ("p/tsconfig.json", "{ \"extends\": \"../../../etc/passwd\" }"),
        ("p/a.ts", ""),
    ]);
    let package = Package::new(&files, "", "", &[]);
    for specifier in [
        "../../../etc/passwd",
        "/etc/passwd",
        "../../x",
        "file:///etc/passwd",
    ] {
        assert!(
            !matches!(package.import_target("p/a.ts", specifier), ImportTarget::File(_)),
            "{specifier}"
        );
    }
}
