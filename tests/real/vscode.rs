//! The extension for VS Code: the compiler has nothing to say about it, and it can be packaged.
//!
//! Needs node and npm: without them the test is skipped with a message, and fails where `CI=true`.

use std::path::Path;
use std::process::Command;

#[test]
fn the_extension_compiles_and_is_packaged_with_what_it_needs() {
    if !Command::new("npm")
        .arg("--version")
        .output()
        .is_ok_and(|out| out.status.success())
    {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "npm is missing");
        println!("skipped: npm is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode");
    let files = [
        "package.json",
        "package-lock.json",
        ".npmrc",
        "tsconfig.json",
        ".vscodeignore",
        "README.md",
        "LICENSE.txt",
        "src/extension.ts",
    ];
    std::fs::create_dir(dir.path().join("src")).unwrap();
    for file in files {
        std::fs::copy(source.join(file), dir.path().join(file)).unwrap();
    }
    let run = |program: &str, args: &[&str]| {
        let out = Command::new(program)
            .args(args)
            .current_dir(dir.path())
            .output()
            .unwrap();
        let said = [out.stdout, out.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat();
        assert!(out.status.success(), "{program} {args:?}:\n{said}");
        said
    };
    run("npm", &["ci", "--no-audit", "--no-fund", "--prefer-offline"]);
    // Its own script compiles and bundles first.
    run("npx", &["vsce", "package", "--out", "tenon.vsix"]);
    let listed = run("npx", &["vsce", "ls"]);
    for file in ["out/extension.js", "package.json", "README.md", "LICENSE.txt"] {
        assert!(
            listed.lines().any(|line| line.trim() == file),
            "{file} is not in it:\n{listed}"
        );
    }
    assert!(!listed.contains("node_modules"), "{listed}");
    // What VS Code loads: it needs nothing but the editor's own module.
    let script = "const m = require('module'), load = m._load; const asked = [];\
        m._load = function (name, ...rest) { if (name === 'vscode') { asked.push(name); return new Proxy(function () {}, { get: (_, key) => key === 'version' ? '1.91.0' : class {} }); } return load.call(this, name, ...rest); };\
        const it = require('./out/extension.js'); console.log(typeof it.activate, typeof it.deactivate, asked.length > 0);";
    assert_eq!(run("node", &["-e", script]).trim(), "function function true");
}
