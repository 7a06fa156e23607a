//! What is generated, on the framework's published packages: compiler, linter, formatter, tests and the running
//! program say whether it is right.
//!
//! One host is made and installed once; everything the pack offers is made in it, and each tool is run once
//! over all of it. Needs node and npm: without them the test is skipped with a message, and fails where
//! `CI=true`.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../support/breaks.rs"]
#[allow(dead_code)]
mod breaks;
mod breaks_tools;
mod cargo;
mod editor;
mod examples;
mod go;
mod host;
mod list_page;
mod python;
mod vscode;

use host::RealHost;

/// The framework's modules, as the program lists them.
fn modules(host: &RealHost) -> Vec<String> {
    // Where the lines of the help end is no matter.
    let help = host.tenon(&["new-integration", "--help"]);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let list = help
        .split("--modules")
        .nth(1)
        .and_then(|rest| rest.split("[possible values: ").nth(1));
    let list = list.and_then(|rest| rest.split(']').next()).unwrap();
    list.split(',').map(|word| word.trim().to_owned()).collect()
}

#[test]
fn everything_that_is_generated_passes_the_frameworks_own_tools() {
    let Some(host) = RealHost::installed() else { return };
    let modules = modules(host);
    assert_eq!(modules.len(), 18, "{modules:?}");

    // Each module alone, all of them, with injections, extended, extended with injections and controllers.
    for module in &modules {
        host.tenon(&["new-integration", &format!("only-{module}"), "--modules", module]);
    }
    let injections = "cms:cache,tickets:users,tickets:cache,orders:auth,search:articles,carts:auth,carts:customers,carts:payments";
    host.tenon(&[
        "new-integration",
        "everything",
        "--modules",
        "all",
        "--inject",
        injections,
        "--template",
        "o2s,dxp",
    ]);
    host.tenon(&[
        "new-integration",
        "extended",
        "--modules",
        "all",
        "--extends",
        "everything",
    ]);
    host.tenon(&[
        "new-integration",
        "extended-more",
        "--modules",
        "all",
        "--extends",
        "everything",
        "--inject",
        injections,
        "--controller",
    ]);
    host.tenon(&["new-integration", "grown", "--modules", "tickets"]);
    host.tenon(&[
        "new",
        "module",
        "grown",
        "--modules",
        "cms,users",
        "--inject",
        "cms:cache",
    ]);
    host.tenon(&[
        "new",
        "custom-module",
        "warranties",
        "--integration",
        "everything",
    ]);
    host.tenon(&[
        "new",
        "custom-module",
        "service-level-agreements",
        "--integration",
        "grown",
    ]);
    host.tenon(&["new-integration", "everything", "--activate", "all"]);
    // The new packages become linked.
    host.run("npm", &["install", "--no-audit", "--no-fund", "--prefer-offline"]);

    host.run("prettier", &["--check", "."]);
    for package in [
        "modules/warranties",
        "modules/service-level-agreements",
        "integrations/everything",
        "integrations/grown",
    ] {
        host.run_in(
            &format!("packages/{package}"),
            "npm",
            &["run", "--silent", "build"],
        );
    }
    host.write(
        "tsconfig.all.json",
        r#"{"extends":"@o2s/typescript-config/api.json","compilerOptions":{"noEmit":true,"declaration":false,
            "declarationMap":false},"include":["packages/integrations/*/src","packages/modules/*/src"]}"#,
    );
    host.run("tsc", &["-p", "tsconfig.all.json"]);
    host.run(
        "eslint",
        &[
            "-c",
            "packages/integrations/everything/eslint.config.mjs",
            "packages/integrations",
            "packages/modules",
            "--ignore-pattern",
            "**/dist/**",
            "--max-warnings=0",
        ],
    );
    host.write(
        "vitest.all.config.mjs",
        "import { defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { globals: true, \
         isolate: false, \
         include: ['packages/{integrations,modules}/*/src/**/*.spec.ts'] } });\n",
    );
    host.run("vitest", &["run", "--config", "vitest.all.config.mjs"]);
    for package in ["packages/configs/integrations", "apps/api-harmonization"] {
        host.run_in(package, "npm", &["run", "--silent", "build"]);
        host.run_in(package, "npm", &["run", "--silent", "lint"]);
    }

    // It runs: every endpoint of every controller answers 501 from the stubs.
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/serve-check.mjs");
    let said = host.run("node", &[script, host.root().to_str().unwrap()]);
    let last = said.lines().last().unwrap();
    let count: usize = last.split(' ').next().unwrap().parse().unwrap();
    assert!(count > 90 && last.ends_with(" 0 not 501"), "{last}");

    // The tools can fail: a method that goes is missed by the compiler, and by its test.
    let service = "packages/integrations/only-cache/src/modules/cache/cache.service.ts";
    let before = host.read(service);
    host.write(
        service,
        &before.replace(
            "    del(_key: string): Promise<void> {\n        throw new NotImplementedException();\n    }\n",
            "",
        ),
    );
    assert!(host.fails("tsc", &["-p", "tsconfig.all.json"]));
    assert!(host.fails(
        "vitest",
        &["run", "--config", "vitest.all.config.mjs", "only-cache"]
    ));
    host.write(service, &before);
    host.tenon(&["new-integration", "only-cache"]);
}

#[test]
fn the_snapshot_of_the_pack_is_the_published_interface() {
    let Some(host) = RealHost::installed() else { return };
    let installed = host.tenon(&["pack", "snapshot", "framework", "--member", "Service"]);
    let installed: serde_json::Value = serde_json::from_str(&installed).unwrap();
    let kept = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/templates/o2s/snapshot.json"
    ))
    .unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(
        installed, kept,
        "write it anew: tenon pack snapshot framework --member Service > templates/o2s/snapshot.json"
    );
}
