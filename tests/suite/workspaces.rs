//! Workspaces: a new package becomes a member where members are listed, and nothing happens where a pattern
//! takes it in already.

use crate::support::hosts::framework;
use crate::support::sandbox::{Sandbox, assert_same};

const NEW: [&str; 4] = ["new-integration", "mmm", "--modules", "cms"];
const PNPM: &str = "pnpm-workspace.yaml";

fn host_of(file: &str, text: &str) -> Sandbox {
    let host = framework();
    host.write(file, text);
    host
}

/// The workspace manifest `file` is `before` and becomes `after`; undo gives it back.
#[track_caller]
fn becomes(file: &str, before: &str, after: &str) {
    let host = host_of(file, before);
    let tree = host.tree();
    host.done(&NEW);
    assert_eq!(host.read(file), after);
    host.run(&NEW).exits(0).prints("");
    host.done(&["undo"]);
    assert_same(&tree, &host.tree());
}

#[track_caller]
fn stays(file: &str, text: &str) {
    becomes(file, text, text);
}

#[test]
fn a_pattern_that_covers_the_package_is_enough() {
    stays("package.json", r#"{ "workspaces": ["packages/integrations/*"] }"#);
    stays("package.json", r#"{ "workspaces": ["packages/**"] }"#);
    stays(
        "package.json",
        r#"{ "workspaces": { "packages": ["./packages/integrations/*"] } }"#,
    );
    stays(
        "package.json",
        r#"{ "workspaces": ["packages/integrations/mmm"] }"#,
    );
    stays(PNPM, "packages:\n  - 'packages/**'\n");
}

#[test]
fn a_list_gets_the_package_in_its_place() {
    becomes(
        "package.json",
        "{\n  \"workspaces\": [\n    \"packages/integrations/aaa\",\n    \"packages/integrations/zzz\"\n  ]\n}\n",
        "{\n  \"workspaces\": [\n    \"packages/integrations/aaa\",\n    \"packages/integrations/mmm\",\n    \"packages/integrations/zzz\"\n  ]\n}\n",
    );
    becomes(
        "package.json",
        "{\n  \"workspaces\": [\n    \"packages/integrations/zzz\",\n    \"apps/a\"\n  ]\n}\n",
        "{\n  \"workspaces\": [\n    \"packages/integrations/zzz\",\n    \"apps/a\",\n    \"packages/integrations/mmm\"\n  ]\n}\n",
    );
    becomes(
        "package.json",
        r#"{"workspaces":["apps/*","packages/configs/*"]}"#,
        r#"{"workspaces":["apps/*","packages/configs/*","packages/integrations/mmm"]}"#,
    );
}

#[test]
fn a_list_in_an_object_gets_the_package() {
    becomes(
        "package.json",
        "{\n  \"workspaces\": {\n    \"nohoist\": [],\n    \"packages\": []\n  }\n}\n",
        "{\n  \"workspaces\": {\n    \"nohoist\": [],\n    \"packages\": [\n      \"packages/integrations/mmm\"\n    ]\n  }\n}\n",
    );
    becomes(
        "package.json",
        r#"{"workspaces":{"packages":["apps/*"]}}"#,
        r#"{"workspaces":{"packages":["apps/*","packages/integrations/mmm"]}}"#,
    );
}

#[test]
fn a_yaml_list_of_every_shape_gets_the_package() {
    becomes(
        PNPM,
        "# ours\npackages:\n  - 'apps/*' # apps\n  - 'packages/integrations/zzz'\n",
        "# ours\npackages:\n  - 'apps/*' # apps\n  - 'packages/integrations/mmm'\n  - 'packages/integrations/zzz'\n",
    );
    becomes(
        PNPM,
        "packages:\n- apps/*\n",
        "packages:\n- apps/*\n- packages/integrations/mmm\n",
    );
    becomes(
        PNPM,
        "packages:\r\n    - \"apps/*\"\r\n",
        "packages:\r\n    - \"apps/*\"\r\n    - \"packages/integrations/mmm\"\r\n",
    );
    becomes(
        PNPM,
        "packages: [\"apps/*\"]\n",
        "packages: [\"apps/*\", \"packages/integrations/mmm\"]\n",
    );
    becomes(
        PNPM,
        "packages: ['apps/*']\ncatalog: {}\n",
        "packages: ['apps/*', 'packages/integrations/mmm']\ncatalog: {}\n",
    );
}

#[test]
fn pnpm_does_not_read_what_npm_reads() {
    let host = framework();
    host.write(PNPM, "packages:\n  - apps/*\n");
    let npm = host.read("package.json");
    host.done(&NEW);
    assert_eq!(
        host.read(PNPM),
        "packages:\n  - apps/*\n  - packages/integrations/mmm\n"
    );
    assert_eq!(host.read("package.json"), npm);
}

/// A pattern takes the directory in, and another one takes it out again: adding it once more would say both.
#[test]
fn a_package_that_a_pattern_takes_out_is_told_or_added_after_it() {
    let host = host_of(
        "package.json",
        "{\n  \"workspaces\": [\n    \"packages/**\",\n    \"!packages/integrations/mmm\"\n  ]\n}\n",
    );
    let before = host.tree();
    let ran = host.run(&NEW);
    if ran.code == 0 {
        let text = host.read("package.json");
        let (out, back) = (
            text.find("\"!packages/integrations/mmm\"").unwrap(),
            text.find("\"packages/integrations/mmm\"").unwrap(),
        );
        assert!(out < back, "{text}");
        host.done(&["undo"]);
    } else {
        ran.is_one_error();
    }
    assert_same(&before, &host.tree());
}

#[test]
fn a_host_that_lists_no_members_gets_no_list() {
    stays("package.json", "{ \"name\": \"shop\" }\n");
}

#[test]
fn a_workspace_that_cannot_be_read_is_refused() {
    for (file, text) in [
        ("package.json", r#"{ "workspaces": "packages/*" }"#),
        (PNPM, "packages: [\n"),
        (PNPM, "packages: apps\n"),
    ] {
        host_of(file, text).refused(&NEW);
    }
}

#[test]
fn a_host_has_no_integration_yet_only_where_one_would_be_a_member() {
    let place = Sandbox::empty();
    place.done(&["new", "host", "shop", "--pack", "o2s"]);
    let check = |ends: &str| {
        let ran = place.run_in("shop", &["check", "--format", "concise"]);
        assert!(
            ran.out.ends_with(ends) && ran.out.is_empty() == ends.is_empty(),
            "{}",
            ran.out
        );
        ran.exits(i32::from(!ends.is_empty()));
    };
    let empty =
        "packages/integrations:1:1: empty-facts: the host has no `integrations`: nothing was inspected\n";
    check("");
    place.replace(
        "shop/package.json",
        "packages/integrations/*",
        "packages/connectors/*",
    );
    check(empty);
    place.replace(
        "shop/package.json",
        "packages/connectors/*",
        "packages/integrations/*",
    );
    place.replace(
        "shop/packages/configs/integrations/package.json",
        "\"devDependencies\": {",
        "\"devDependencies\": { \"@o2s/integrations.gone\": \"*\",",
    );
    check(empty);
}

#[test]
fn a_module_of_maven_is_listed_at_the_root_and_goes_again() {
    let pack = "[pack]\nname = 'a'\nversion = '1.0.0'\nsummary = 'A'\nlanguage = 'java'\n[host]\nfiles = ['pom.xml']\n\
        [kind.integration]\nsummary = 'A plugin'\nhome = 'plugins/{{name}}'\nknown-by = ['pom.xml', 'notes.txt']\nfiles = 'plugin'\n\
        [kind.integration.site.workspace]\nkind = 'member'\nvalue = '{{home}}'\n";
    let pom = |modules: &str| {
        format!(
            "<project>\r\n\t<modules>{modules}</modules>\r\n\t<!-- Plugins are modules. -->\r\n</project>\r\n"
        )
    };
    let host = |modules: &str| {
        Sandbox::with(&[
            ("tools/pack.toml", pack),
            (
                "tools/files/plugin/pom.xml.hbs",
                "<project><artifactId>{{name}}</artifactId></project>\n",
            ),
            ("tools/files/plugin/notes.txt", "Notes\n"),
            ("tenon.toml", "pack = './tools'\n"),
            ("pom.xml", &pom(modules)),
            ("core/pom.xml", "<project/>\n"),
            ("plugins/zeta/pom.xml", "<project/>\n"),
        ])
    };
    for (before, after) in [
        (
            "\r\n\t\t<module>core</module>\r\n\t\t<module>plugins/zeta</module> <!-- last -->\r\n\t",
            "\r\n\t\t<module>core</module>\r\n\t\t<module>plugins/acme</module>\r\n\t\t<module>plugins/zeta</module> <!-- last -->\r\n\t",
        ),
        (
            "<module>core</module><module>plugins/zeta</module>",
            "<module>core</module><module>plugins/acme</module><module>plugins/zeta</module>",
        ),
        (
            "<module>plugins/zeta</module>",
            "<module>plugins/acme</module><module>plugins/zeta</module>",
        ),
    ] {
        let host = host(before);
        let tree = host.tree();
        host.done(&["new-integration", "acme", "--yes", "--quiet"]);
        assert_eq!(host.read("pom.xml"), pom(after));
        host.done(&["validate-structure"]);
        host.done(&["remove-integration", "acme", "--yes", "--quiet"]);
        host.remove(".tenon");
        assert_same(&tree, &host.tree());
    }
    let host = host("\r\n\t\t<module>core</module>\r\n\t\t<module>plugins/zeta/pom.xml</module>\r\n\t");
    host.done(&["new-integration", "acme", "--yes", "--quiet"]);
    host.replace("pom.xml", "\r\n\t\t<module>plugins/acme</module>", "");
    let ran = host.run(&["validate-structure", "--fix"]);
    assert!(
        ran.code == 0 && host.read("pom.xml").contains("<module>plugins/acme</module>"),
        "{}{}",
        ran.out,
        ran.err
    );
}

#[test]
fn a_module_that_go_work_does_not_list_is_told_with_the_line_to_write() {
    let pack = "[pack]\nname = 'a'\nversion = '1.0.0'\nsummary = 'A'\nlanguage = 'go'\n[host]\nfiles = ['go.mod']\n\
        [kind.integration]\nsummary = 'A plugin'\nhome = 'plugins/{{name}}'\nknown-by = ['plugin.go']\nfiles = 'plugin'\n\
        [kind.integration.site.workspace]\nkind = 'member'\nvalue = '{{home}}'\nwhy = 'the build looks there'\n";
    let host = Sandbox::with(&[
        ("tools/pack.toml", pack),
        ("tenon.toml", "pack = './tools'\n"),
        ("go.mod", "module shop\n"),
        ("go.work", "go 1.26\n\nuse (\n\t.\n\t./plugins/nova // first\n)\n"),
        ("plugins/acme/go.mod", "module acme\n"),
        ("plugins/acme/plugin.go", "package acme\n"),
        ("plugins/nova/go.mod", "module nova\n"),
        ("plugins/nova/plugin.go", "package nova\n"),
        // No module of its own: it is part of that of the root.
        ("plugins/zeta/plugin.go", "package zeta\n"),
    ]);
    host.write("tools/files/plugin/plugin.go.hbs", "package {{name}}\n");
    let check = |code: i32, said: &str| {
        let ran = host.run(&["check", "--no-cache", "--format", "concise"]);
        assert_eq!(ran.out, said);
        ran.exits(code);
    };
    let found = "go.work:1:1: not-a-member: `plugins/acme` is not a member of the workspace\n";
    check(1, found);
    let ran = host.run(&["check", "--no-cache"]);
    assert!(ran.out.contains("add `use ./plugins/acme` there"), "{}", ran.out);
    host.replace("go.work", "use (", "use ./plugins/acme\n\nuse (");
    check(0, "");
    host.remove("go.work");
    let left =
        "the site `workspace` of `acme` and 1 more: not checked, as no `go.work` at the root lists members";
    check(1, &format!("plugins/acme/plugin.go:1:1: empty-facts: {left}\n"));
}
