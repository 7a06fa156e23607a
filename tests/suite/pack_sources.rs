//! Where packs come from: on top of another pack, out of a repository, out of an archive; and that none is used unasked that is
//! another one than before.

use std::fs;
use std::path::Path;
use std::process::Command;

use snapbox::str;

use crate::support::hosts::framework;
use crate::support::sandbox::{Ran, Sandbox, assert_same, git, visible};

const VARIANT: &str = r#"[pack]
name = "house-pack"
version = "0.1.0"
summary = "The framework as it is used in this house"
language = "typescript"
extends = "o2s"

[kind.integration]
files = "house"

[kind.integration.required]
OWNERS = "somebody answers for every integration"

[kind.integration.site.owners]
kind = "manifest"
file = "owners.json"
pointer = "/owners"
key = "{{name}}"
value = "nobody yet"
why = "the page of owners is made of it"

[[off]]
site = "declared-modules"
reason = "this house lists modules elsewhere"

[[off]]
rule = "missing-export"
for = ["custom-module"]
reason = "custom modules are written by hand here"
"#;

const MADE: &[&str] = &[
    "new-integration",
    "acme",
    "--modules",
    "tickets",
    "--activate",
    "tickets",
];

/// The variant in the folder `at` of the host, and the file that its site stands in.
fn with_variant(at: &str) -> Sandbox {
    let host = framework();
    variant(&host.at(at));
    host.write("owners.json", "{\n  \"owners\": {}\n}\n");
    host
}

fn variant(at: &Path) {
    for (path, text) in [
        ("pack.toml", VARIANT),
        ("files/house/OWNERS.hbs", "{{name}}: nobody yet\n"),
        ("files/integration/README.md.hbs", "# {{name}} of this house\n"),
    ] {
        let to = at.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
}

/// A run with a cache directory beside the host.
#[track_caller]
fn cached(host: &Sandbox, args: &[&str]) -> Ran {
    let mut command = host.command(args);
    command.env("XDG_CACHE_HOME", host.outside().join("cache"));
    host.ran(command.output().unwrap())
}

#[test]
fn a_variant_overrides_adds_and_turns_off() {
    let host = with_variant("packs/house");
    host.write("tenon.toml", "pack = \"./packs/house\"\n");
    let before = visible(&host.root);
    host.done(MADE);
    assert_eq!(
        host.read("packages/integrations/acme/README.md"),
        "# acme of this house\n"
    );
    assert_eq!(
        host.read("packages/integrations/acme/OWNERS"),
        "acme: nobody yet\n"
    );
    assert_eq!(
        host.read("owners.json"),
        "{\n  \"owners\": {\n    \"acme\": \"nobody yet\"\n  }\n}\n"
    );
    // What it did not speak of is the base's.
    assert!(
        host.read("apps/api-harmonization/src/app.config.ts")
            .contains("TicketsIntegrationConfig")
    );
    assert!(
        host.read("packages/integrations/acme/package.json")
            .contains("\"o2sModules\": [],")
    );
    assert!(
        host.read("tenon.lock")
            .contains("acme.pack = \"house-pack 0.1.0\"")
    );
    host.run(&["check"]).exits(0);
    host.run(&["update", "--check"]).exits(0);
    // Its own part and site are guarded like those of the base.
    host.remove("packages/integrations/acme/OWNERS");
    host.write("owners.json", "{\n  \"owners\": {}\n}\n");
    let found = host.run(&["check", "--quiet", "--format", "json"]);
    found.exits(1);
    for rule in ["missing-part", "missing-entry"] {
        assert!(found.out.contains(rule), "{}", found.out);
    }
    host.done(&["check", "--fix"]);
    assert_eq!(
        host.read("packages/integrations/acme/OWNERS"),
        "acme: nobody yet\n"
    );
    host.done(&["remove-integration", "acme", "--force"]);
    assert_same(&before, &visible(&host.root));
}

#[test]
fn a_kind_of_a_variant_has_of_the_bases_what_it_is_like() {
    let host = with_variant("packs/house");
    host.write("tenon.toml", "pack = \"./packs/house\"\n");
    let like = "[kind.sketch]\nsummary = \"An integration that nobody answers for\"\nlike = \"integration\"\nexcept = [\"owners\"]\n\n[kind.integration]\n";
    host.replace("packs/house/pack.toml", "[kind.integration]\n", like);
    host.done(&["new", "sketch", "acme", "--modules", "tickets"]);
    for file in ["README.md", "OWNERS", "src/modules/tickets/tickets.service.ts"] {
        assert!(
            host.exists(&format!("packages/integrations/acme/{file}")),
            "{file}"
        );
    }
    assert_eq!(host.read("owners.json"), "{\n  \"owners\": {}\n}\n");
    host.replace("packs/house/pack.toml", "[\"owners\"]", "[\"owner\"]");
    let typo = host.refused(&["list"]).err;
    assert!(
        typo.contains("pack.toml:11:11") && typo.contains("did you mean `owners`?"),
        "{typo}"
    );
}

#[test]
fn members_of_a_variant_may_live_elsewhere() {
    let host = with_variant("packs/house");
    host.write("tenon.toml", "pack = \"./packs/house\"\n");
    let moved = "[kind.integration]\nsummary = \"An integration of this house\"\nhome = \"packages/house/{{name}}\"\nknown-by = [\"package.json\"]\nplural = \"integrations\"\n";
    host.replace("packs/house/pack.toml", "[kind.integration]\n", moved);
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    assert!(host.exists("packages/house/acme/OWNERS"));
    assert!(host.exists("packages/house/acme/src/modules/tickets/tickets.service.ts"));
    assert!(!host.exists("packages/integrations/acme"));
}

#[test]
fn what_the_base_made_comes_along_with_its_variant() {
    let host = with_variant("packs/house");
    host.done(MADE);
    host.write("tenon.toml", "pack = \"./packs/house\"\n");
    host.run(&["update", "--check"])
        .exits(1)
        .prints("integration acme\n");
    host.done(&["update"]);
    assert_eq!(
        host.read("packages/integrations/acme/README.md"),
        "# acme of this house\n"
    );
    assert!(host.read("owners.json").contains("acme"));
    assert!(
        host.read("tenon.lock")
            .contains("acme.pack = \"house-pack 0.1.0\"")
    );
    host.run(&["check"]).exits(0);
}

#[test]
fn mistakes_in_a_variant_are_named_where_they_stand() {
    let host = with_variant("packs/house");
    let pack = "packs/house/pack.toml";
    let whole = host.read(pack);
    let run = |text: &str| {
        host.write(pack, text);
        let ran = host.run(&["list", "--pack", "./packs/house"]);
        ran.is_one_error();
        ran.err
    };
    let typo = run(&whole.replace("site = \"declared-modules\"", "site = \"declared-module\""));
    assert!(
        typo.contains("pack.toml:23:") && typo.contains("did you mean `declared-modules`?"),
        "{typo}"
    );
    let two = run(&whole.replace(
        "site = \"declared-modules\"",
        "site = \"config\"\nfiles = \"module\"",
    ));
    assert!(two.contains("names not exactly one thing"), "{two}");
    let why = run(&whole.replace("\"this house lists modules elsewhere\"", "\" \""));
    assert!(why.contains("nothing says why"), "{why}");
    let language = run(&whole.replace("\"typescript\"", "\"go\""));
    assert!(language.contains("another language"), "{language}");
    let alone = run(&whole.replace("extends = \"o2s\"\n", ""));
    assert!(
        alone.contains("pack.toml:7:") && alone.contains("the kind `integration` has no `summary`"),
        "{alone}"
    );
    let kind = run(&whole.replace("kind.integration", "kind.integraton"));
    assert!(
        kind.contains("pack.toml:8:") && kind.contains("did you mean `integration`?"),
        "{kind}"
    );
    // What it says of a kind itself would stand for all that the base says of it.
    let half = run(&whole.replace(
        "[kind.integration]\n",
        "[kind.integration]\nmay-be-empty = true\n",
    ));
    assert!(half.contains("the kind `integration` has no `summary`"), "{half}");
    let itself = run(&whole.replace("extends = \"o2s\"", "extends = \".\""));
    assert!(itself.contains("without end"), "{itself}");
    let none = run(&whole.replace("extends = \"o2s\"", "extends = \"o2z\""));
    assert!(none.contains("did you mean `o2s`?"), "{none}");
    host.write(
        pack,
        whole.replace("rule = \"missing-export\"", "rule = \"missing-exports\""),
    );
    let rule = host.run(&["check", "--pack", "./packs/house"]);
    rule.is_one_error();
    assert!(
        rule.err.contains("did you mean `missing-export`?"),
        "{}",
        rule.err
    );
}

#[test]
fn a_pack_that_changed_is_not_used_unasked() {
    let host = with_variant("packs/house");
    host.write("tenon.toml", "pack = \"./packs/house\"\n");
    host.done(MADE);
    host.write("packs/house/files/house/OWNERS.hbs", "{{name}}: everybody\n");
    for args in [
        &["check"][..],
        &["list"],
        &["new-integration", "beta", "--modules", "tickets"],
    ] {
        let ran = host.run(args);
        ran.is_one_error();
        assert!(
            ran.err.contains("is not the one that this host used so far"),
            "{}",
            ran.err
        );
    }
    assert!(!host.exists("packages/integrations/beta"));
    host.done(&["update"]);
    assert_eq!(
        host.read("packages/integrations/acme/OWNERS"),
        "acme: everybody\n"
    );
    host.run(&["check"]).exits(0);
    // Its tests make nothing.
    host.write("packs/house/tests/one/host/a.txt", "a");
    host.run(&["check"]).exits(0);
}

#[test]
fn a_pack_comes_out_of_a_repository_once_and_without_running_anything() {
    let host = framework();
    host.write("owners.json", "{\n  \"owners\": {}\n}\n");
    let far = host.outside().join("far");
    variant(&far.join("packs/house"));
    // What a check-out would run or bring.
    fs::write(far.join(".gitattributes"), "* filter=evil\n").unwrap();
    git(&far, &["init", "-q"]);
    git(&far, &["add", "-A"]);
    git(&far, &["commit", "-qm", "one"]);
    let commit = git(&far, &["rev-parse", "HEAD"]);
    let url = format!("file://{}", far.display());
    let pack = format!("git+{url}@{commit}//packs/house");
    host.write("tenon.toml", format!("pack = \"{pack}\"\n"));
    let first = cached(&host, &["list"]);
    first.exits(0);
    assert!(first.err.contains("fetching file://"), "{}", first.err);
    // The second time nothing is asked of it, even if it is gone.
    fs::rename(&far, host.outside().join("gone")).unwrap();
    let second = cached(
        &host,
        &["new-integration", "acme", "--modules", "tickets", "--yes"],
    );
    second.exits(0);
    assert!(!second.err.contains("fetching"), "{}", second.err);
    assert_eq!(
        host.read("packages/integrations/acme/OWNERS"),
        "acme: nobody yet\n"
    );
    cached(&host, &["check"]).exits(0);
    // `init` pins it as it is.
    let far = host.outside().join("gone");
    git(&far, &["branch", "other"]);
    for (wanted, why) in [
        (format!("git+{url}@other//packs/house"), "not pinned to a commit"),
        (format!("git+{url}@{commit}//packs"), "no pack in"),
        (
            format!("git+{url}@{}", "0".repeat(40)),
            "git cannot fetch the pack",
        ),
        (format!("git+--upload-pack=touch@{commit}"), "not the address"),
        (format!("git+ext::sh@{commit}"), "not the address"),
    ] {
        let ran = cached(&host, &["list", "--pack", &wanted]);
        ran.is_one_error();
        assert!(ran.err.contains(why), "{wanted}: {}", ran.err);
    }
}

#[test]
fn links_and_submodules_in_a_repository_are_refused() {
    let host = framework();
    let far = host.outside().join("far");
    variant(&far);
    std::os::unix::fs::symlink("/etc/passwd", far.join("files/house/secret")).unwrap();
    git(&far, &["init", "-q"]);
    git(&far, &["add", "-A"]);
    git(&far, &["commit", "-qm", "link"]);
    let link = git(&far, &["rev-parse", "HEAD"]);
    git(&far, &["rm", "-q", "--cached", "files/house/secret"]);
    let cacheinfo = format!("160000,{link},files/house/sub");
    git(&far, &["update-index", "--add", "--cacheinfo", &cacheinfo]);
    git(&far, &["commit", "-qm", "submodule"]);
    let submodule = git(&far, &["rev-parse", "HEAD"]);
    for commit in [link, submodule] {
        let wanted = format!("git+file://{}@{commit}", far.display());
        let ran = cached(&host, &["list", "--pack", &wanted]);
        ran.is_one_error();
        assert!(ran.err.contains("is a link or a submodule"), "{}", ran.err);
    }
}

#[test]
fn a_repository_of_few_objects_and_very_much_content_is_refused() {
    let host = framework();
    let far = host.outside().join("far");
    variant(&far);
    git(&far, &["init", "-q"]);
    git(&far, &["add", "-A"]);
    git(&far, &["commit", "-qm", "pack"]);
    // One blob of 4 MiB in 40 places, and trees that hold the one before sixteen times.
    let script = r#"
        blob=$(head -c 4194304 /dev/zero | git hash-object -w --stdin)
        toml=$(git hash-object -w pack.toml)
        large=$({ printf '100644 blob %s\tpack.toml\n' "$toml"; for n in $(seq 40); do printf '100644 blob %s\tf%s\n' "$blob" "$n"; done; } | git mktree)
        tree=$(printf '100644 blob %s\tpack.toml\n' "$toml" | git mktree)
        for level in 1 2 3 4 5 6; do
            tree=$(for n in $(seq 16); do printf '040000 tree %s\td%s\n' "$tree" "$n"; done | git mktree)
        done
        git commit-tree -m large "$large"
        git commit-tree -m many "$tree"
    "#;
    let made = Command::new("sh")
        .args(["-ec", script])
        .current_dir(&far)
        .envs(AUTHOR)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made = String::from_utf8(made.stdout).unwrap();
    for (commit, why) in made.lines().zip(["is too much for a pack", "too many files"]) {
        git(&far, &["branch", why.replace(' ', "-").as_str(), commit]);
        let wanted = format!("git+file://{}@{commit}", far.display());
        let ran = cached(&host, &["list", "--pack", &wanted]);
        ran.is_one_error();
        assert!(ran.err.contains(why), "{}", ran.err);
    }
}

/// Who commits, for git without a configuration.
const AUTHOR: [(&str, &str); 4] = [
    ("GIT_AUTHOR_NAME", "a"),
    ("GIT_AUTHOR_EMAIL", "a@example.com"),
    ("GIT_COMMITTER_NAME", "a"),
    ("GIT_COMMITTER_EMAIL", "a@example.com"),
];

/// An archive of `dir` as `tar` makes it with these arguments, and how a pack in it is named.
fn archive(dir: &Path, to: &Path, args: &[&str]) -> String {
    let done = Command::new("tar")
        .arg("-czf")
        .arg(to)
        .arg("-C")
        .arg(dir)
        .args(args)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let sum = Command::new("sha256sum").arg(to).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    let digest = sum.split_whitespace().next().unwrap();
    format!(
        "./packs/{}#sha256={digest}",
        to.file_name().unwrap().to_str().unwrap()
    )
}

#[test]
fn a_pack_comes_out_of_an_archive_with_its_digest() {
    let host = framework();
    host.write("owners.json", "{\n  \"owners\": {}\n}\n");
    fs::create_dir(host.at("packs")).unwrap();
    let far = host.outside().join("far");
    variant(&far.join("house-0.1.0"));
    let good = archive(&far, &host.at("packs/house-0.1.0.crate"), &["house-0.1.0"]);
    host.write("tenon.toml", format!("pack = \"{good}\"\n"));
    host.done(MADE);
    assert_eq!(
        host.read("packages/integrations/acme/OWNERS"),
        "acme: nobody yet\n"
    );
    host.run(&["check"]).exits(0);
    // Another file under the same name is refused before anything is read out of it.
    fs::write(far.join("house-0.1.0/files/house/OWNERS.hbs"), "x\n").unwrap();
    let other = archive(&far, &host.at("packs/house-0.1.0.crate"), &["house-0.1.0"]);
    let ran = host.run(&["check"]);
    ran.is_one_error();
    assert!(
        ran.err.contains("is not the archive that is meant"),
        "{}",
        ran.err
    );
    // With its digest it is an archive that is meant, but not the pack that was used.
    host.write("tenon.toml", format!("pack = \"{other}\"\n"));
    let ran = host.run(&["check"]);
    ran.is_one_error();
    assert!(
        ran.err.contains("is not the one that this host used so far"),
        "{}",
        ran.err
    );
    host.run(&["list", "--pack", "./packs/house-0.1.0.crate"])
        .exits(2)
        .says(str![[r#"
error: the archive `./packs/house-0.1.0.crate` has no digest
help: write the SHA-256 of the file behind it: `./packs/house-0.1.0.crate#sha256=…`; `sha256sum ./packs/house-0.1.0.crate` prints it

"#]]);
}

#[test]
fn hostile_archives_are_refused() {
    let host = framework();
    fs::create_dir(host.at("packs")).unwrap();
    let far = host.outside().join("far");
    variant(&far.join("p"));
    let path = host.at("packs/p.tar.gz");
    std::os::unix::fs::symlink("/etc/passwd", far.join("p/link")).unwrap();
    let link = archive(&far, &path, &["p"]);
    let refused = |wanted: &str, why: &str| {
        let ran = host.run(&["list", "--pack", wanted]);
        ran.is_one_error();
        assert!(ran.err.contains(why), "{}", ran.err);
    };
    refused(&link, "is neither a file nor a folder");
    fs::remove_file(far.join("p/link")).unwrap();
    let out = archive(&far, &path, &["--transform", "s,^p/files,../files,", "p"]);
    refused(&out, "leads out of the archive");
    let absolute = archive(&far, &path, &["-P", "--transform", "s,^p/files,/tmp/files,", "p"]);
    refused(&absolute, "leads out of the archive");
    // 512 MiB of zeros are half a megabyte, packed.
    let bomb = far.join("p/files/house/bomb");
    fs::File::create(&bomb).unwrap().set_len(512 << 20).unwrap();
    let bomb = archive(&far, &path, &["p"]);
    refused(&bomb, "is too large");
    fs::write(&path, b"no archive at all").unwrap();
    let sum = Command::new("sha256sum").arg(&path).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    refused(
        &format!(
            "./packs/p.tar.gz#sha256={}",
            sum.split_whitespace().next().unwrap()
        ),
        "cannot read",
    );
}
