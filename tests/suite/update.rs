//! `tenon update`: what was made comes along with the pack and the contracts, and nothing that people wrote is lost.

use std::path::Path;

use snapbox::str;

use crate::support::fault::copy_tree;
use crate::support::hosts::{BAYS, BAYS_LISTED, bays, framework};
use crate::support::sandbox::{Sandbox, assert_same, git, visible};

const SERVICE: &str = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";
const PACK: [&str; 2] = ["--pack", "../v2"];
const MADE: &[&str] = &[
    "new-integration",
    "acme",
    "--modules",
    "tickets,cms",
    "--activate",
    "tickets",
];

/// The built-in pack with another version, in which `edit` changes what it likes.
pub fn second_version(host: &Sandbox, edit: impl Fn(&Path)) {
    let to = host.outside().join("v2");
    std::fs::create_dir(&to).unwrap();
    copy_tree(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/o2s")),
        &to,
    );
    change(
        &to.join("pack.toml"),
        "version = \"1.0.0\"",
        "version = \"2.0.0\"",
    );
    edit(&to);
}

fn change(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Another head for services, a new file, and one less.
pub fn edited(pack: &Path) {
    let services = pack.join("files/module");
    for entry in std::fs::read_dir(services).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with("service.ts.hbs") {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, format!("// Of the second version.\n{text}")).unwrap();
        }
    }
    std::fs::write(pack.join("files/integration/NOTES.md"), "# Notes\n").unwrap();
    std::fs::remove_file(pack.join("files/integration/README.md.hbs")).unwrap();
}

/// A host in git, in which an integration was made and committed.
fn committed() -> Sandbox {
    let host = framework();
    host.done(MADE);
    git(&host.root, &["init", "-q"]);
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "made"]);
    host
}

fn with(args: &[&'static str]) -> Vec<&'static str> {
    [args, &PACK].concat()
}

#[test]
fn what_nobody_touched_is_as_if_it_were_made_today() {
    let host = framework();
    let fresh = framework();
    for host in [&host, &fresh] {
        second_version(host, edited);
    }
    for args in [
        MADE,
        &[
            "new-integration",
            "beta",
            "--modules",
            "tickets",
            "--extends",
            "acme",
        ],
        &["new", "module", "beta", "--modules", "cms", "--activate", "cms"],
        &["new", "custom-module", "receipts", "--integration", "acme"],
    ] {
        host.done(args);
        fresh.done(&[args, &PACK].concat());
    }
    host.run(&["update"]).exits(0).says(str![[r#"
nothing to do: everything is there already

"#]]);
    let ran = host.run(&with(&["update", "--check"]));
    ran.exits(1).prints(str![[r#"
integration acme
integration beta
module beta

"#]]);
    host.done(&with(&["update"]));
    assert_same(&visible(&fresh.root), &visible(&host.root));
    host.run(&with(&["update", "--check"])).exits(0).prints("");
    host.run(&with(&["check"])).exits(0);
}

/// Every file of code that the pack at `to` makes for an integration ends with one more line.
fn longer(to: &Path) -> usize {
    let mut changed = 0;
    let mut open = vec![to.join("files")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("files/host") {
                    open.push(path);
                }
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            let mark = match name.trim_end_matches(".hbs").rsplit('.').next() {
                Some("py") => "# Of the second version.\n",
                Some("rs" | "go") => "// Of the second version.\n",
                _ => continue,
            };
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, format!("{}\n{mark}", text.trim_end())).unwrap();
            changed += 1;
        }
    }
    changed
}

#[test]
fn with_every_pack_what_nobody_touched_is_as_if_it_were_made_today() {
    let packs: [(&str, &[&[&str]]); 3] = [
        (
            "cargo",
            &[
                &["new", "service", "keyring"],
                &["new-integration", "saw", "--services", "keyring"],
            ],
        ),
        (
            "djblets",
            &[
                &["new", "support", "integrations"],
                &["new-integration", "saw", "--fields", "url:CharField"],
            ],
        ),
        (
            "integration-controller",
            &[
                &["new", "service", "keyring"],
                &["new-integration", "saw", "--service", "keyring"],
                &["new", "consumer", "more", "--in", "saw"],
            ],
        ),
    ];
    for (pack, made) in packs {
        let host = Sandbox::empty();
        let to = host.outside().join("v2");
        std::fs::create_dir(&to).unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(pack);
        copy_tree(&from, &to);
        change(
            &to.join("pack.toml"),
            "version = \"1.0.0\"",
            "version = \"2.0.0\"",
        );
        assert!(longer(&to) > 3, "{pack}");
        let run = |dir: &str, args: &[&str]| {
            let ran = host.run_in(dir, args);
            assert_eq!(ran.code, 0, "{pack}: {args:?}: {}", ran.err);
        };
        host.done(&["new", "host", "then", "--pack", pack]);
        std::fs::remove_dir_all(host.at("then/.tenon")).unwrap();
        std::fs::create_dir(host.at("today")).unwrap();
        copy_tree(&host.at("then"), &host.at("today"));
        let second = to.to_string_lossy().into_owned() + "/";
        let second = ["--pack", second.as_str()];
        for args in made {
            run("then", args);
            run("today", &[args, &second[..]].concat());
        }
        run("then", &[&["update"], &second[..]].concat());
        assert_same(&visible(&host.at("today")), &visible(&host.at("then")));
        let check = host.run_in("then", &[&["update", "--check"], &second[..]].concat());
        assert_eq!(check.code, 0, "{pack}: {}", check.err);
    }
}

#[test]
fn what_people_wrote_elsewhere_in_a_file_stays() {
    let host = committed();
    second_version(&host, edited);
    let mine = "        // ours\n        throw new NotImplementedException();";
    host.replace(SERVICE, "        throw new NotImplementedException();", mine);
    host.remove("packages/integrations/acme/turbo.json");
    host.done(&with(&["update"]));
    let text = host.read(SERVICE);
    assert!(
        text.starts_with("// Of the second version.\n") && text.contains(mine),
        "{text}"
    );
    assert!(!host.exists("packages/integrations/acme/turbo.json"));
    assert!(!host.exists("packages/integrations/acme/README.md"));
    assert_eq!(host.read("packages/integrations/acme/NOTES.md"), "# Notes\n");
    // The text as the pack made it is in no commit: it is remembered.
    let third = host.outside().join("v2/files/module");
    for entry in std::fs::read_dir(third).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with("service.ts.hbs") {
            change(&path, "// Of the second version.", "// Of the third version.");
        }
    }
    host.done(&with(&["update"]));
    let text = host.read(SERVICE);
    assert!(
        text.starts_with("// Of the third version.\n") && text.contains(mine),
        "{text}"
    );
    host.done(&["undo", "--to", "2"]);
    assert!(host.read(SERVICE).contains(mine));
    assert!(host.exists("packages/integrations/acme/README.md"));
}

#[test]
fn changes_at_one_place_stand_between_markers_and_the_check_says_so() {
    let host = committed();
    second_version(&host, edited);
    let text = host.read(SERVICE);
    host.write(SERVICE, format!("// Ours.\n{text}"));
    let ran = host.run(&with(&["update"]));
    ran.exits(1);
    assert!(ran.err.contains("has conflicts"), "{}", ran.err);
    assert!(host.read(SERVICE).starts_with("<<<<<<< "));
    let ran = host.run(&with(&["check"]));
    ran.exits(1);
    assert!(ran.out.contains("error[conflict-marker]"), "{}", ran.out);
}

#[test]
fn without_the_text_that_was_written_nothing_is_guessed() {
    let host = framework();
    host.done(MADE);
    second_version(&host, edited);
    let text = host.read(SERVICE);
    host.write(SERVICE, format!("// Ours.\n{text}"));
    let ran = host.run(&with(&["update"]));
    ran.exits(1);
    let said = format!(
        "warning: `{SERVICE}` stays: somebody changed it, and its earlier text is neither in git nor stored here"
    );
    assert!(ran.err.contains(&said), "{}", ran.err);
    assert!(
        ran.err.contains("-// Ours.\n+// Of the second version.\n"),
        "{}",
        ran.err
    );
    assert!(host.read(SERVICE).starts_with("// Ours.\n"));
    // It is not forgotten that this is to be done.
    host.run(&with(&["update", "--check"])).exits(1);
}

#[test]
fn what_stands_in_the_way_of_a_new_file_stays() {
    let host = committed();
    second_version(&host, edited);
    host.write("packages/integrations/acme/NOTES.md", "mine\n");
    let ran = host.run(&with(&["update"]));
    ran.exits(0);
    assert!(
        ran.err.contains("`packages/integrations/acme/NOTES.md` stays"),
        "{}",
        ran.err
    );
    assert_eq!(host.read("packages/integrations/acme/NOTES.md"), "mine\n");
}

#[test]
fn what_the_record_has_and_the_host_has_not_is_said_and_left_alone() {
    let host = committed();
    host.done(&["new-integration", "beta", "--modules", "tickets"]);
    second_version(&host, edited);
    host.remove("packages/integrations/beta");
    let said = "`beta` was not updated: `tenon.lock` has it, and it is not there; `tenon remove integration beta` takes it out of there";
    let ran = host.run(&with(&["update", "beta"]));
    assert!(ran.err.contains(said), "{}", ran.err);
    ran.exits(1);
    let ran = host.run(&with(&["update"]));
    assert!(ran.err.contains(said), "{}", ran.err);
    ran.exits(0);
    assert!(!host.at("packages/integrations/beta").exists());
    assert!(host.at("packages/integrations/acme/NOTES.md").exists());
    host.done(&with(&["remove", "integration", "beta", "--yes"]));
    let ran = host.run(&with(&["update", "--check"]));
    assert!(!ran.err.contains("beta"), "{}", ran.err);
    ran.exits(0);
}

#[test]
fn an_entry_that_an_update_leaves_out_is_told() {
    let host = bays("export const bays = {\n  two: null,\n};\n", "");
    host.done(&["new", "bay", "one"]);
    host.done(&["new", "bay", "two"]);
    host.write("pack/pack.toml", format!("{BAYS}{BAYS_LISTED}"));
    let said = host.done(&["update", "--yes"]).err;
    assert!(
        said.contains("depot.ts:2:3: this begins as the entry of `two` for the site `list` does and goes on otherwise: nothing was added there"),
        "{said}"
    );
    assert_eq!(
        host.read("depot.ts"),
        "export const bays = {\n  two: null,\n  one: open('one'),\n};\n"
    );
}

#[test]
fn a_contract_that_moves_takes_what_was_made_along() {
    let host = committed();
    host.done(&["new-integration", "beta", "--modules", "tickets"]);
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "two"]);
    let contract = "packages/framework/src/modules/tickets/tickets.service.ts";
    let mine = "export class TicketsService extends Tickets.Service {\n    // ours";
    host.replace(
        SERVICE,
        "export class TicketsService extends Tickets.Service {",
        mine,
    );
    let before = host.read(contract);
    let (head, body) = before.split_once("    abstract getTicket").unwrap();
    host.write(
        contract,
        format!("{head}    abstract closeTicket(id: string): string;\n    abstract getTicket{body}"),
    );
    host.run(&["check"]).exits(1);
    host.done(&["update"]);
    host.run(&["check"]).exits(0);
    for name in ["acme", "beta"] {
        let text = host.read(&SERVICE.replace("acme", name));
        assert!(text.contains("closeTicket("), "{text}");
    }
    assert!(host.read(SERVICE).contains("// ours"));
    // It changes.
    host.replace(
        contract,
        "closeTicket(id: string)",
        "closeTicket(id: string, why: string)",
    );
    host.done(&["update"]);
    assert!(
        host.read(SERVICE)
            .contains("closeTicket(_id: string, _why: string)")
    );
    // It goes.
    host.write(contract, &before);
    host.done(&["update"]);
    let text = host.read(SERVICE);
    assert!(
        !text.contains("closeTicket") && text.contains("// ours"),
        "{text}"
    );
    host.run(&["check"]).exits(0);
}

#[test]
fn what_was_written_by_hand_follows_its_contract() {
    let host = framework();
    host.done(MADE);
    host.done(&["new-integration", "beta", "--modules", "tickets"]);
    // Nothing says any more who wrote acme.
    let record = host.read("tenon.lock");
    let beta = |line: &&str| !line.starts_with("made.integration.acme.");
    let kept: Vec<&str> = record.lines().filter(beta).collect();
    host.write("tenon.lock", kept.join("\n") + "\n");
    host.run(&["update", "--check"]).exits(0);
    let contract = "packages/framework/src/modules/tickets/tickets.service.ts";
    let before = host.read(contract);
    let (head, body) = before.split_once("    abstract getTicket").unwrap();
    host.write(
        contract,
        format!("{head}    abstract closeTicket(id: string): string;\n    abstract getTicket{body}"),
    );
    host.run(&["update", "--check"])
        .exits(1)
        .prints("integration acme\nintegration beta\n")
        .says("2 members are outdated: `tenon update` updates them\n");
    host.done(&["update", "acme"]);
    assert!(host.read(SERVICE).contains("closeTicket(_id: string): string {"));
    host.done(&["update"]);
    assert!(
        host.read(&SERVICE.replace("acme", "beta"))
            .contains("closeTicket(")
    );
    host.run(&["check"]).exits(0);
    // It changes under a body that a person has written.
    host.replace(
        SERVICE,
        "closeTicket(_id: string): string {",
        "closeTicket(id: string): string {\n        return id;\n    }\n\n    other() {",
    );
    host.replace(
        contract,
        "closeTicket(id: string)",
        "closeTicket(id: number, why: string)",
    );
    let ran = host.run(&["update", "--yes"]);
    ran.exits(0);
    assert!(ran.err.contains("check that the body fits it"), "{}", ran.err);
    let text = host.read(SERVICE);
    assert!(
        text.contains("closeTicket(id: number, _why: string): string {\n        return id;"),
        "{text}"
    );
    host.run(&["check"]).exits(0);
    host.run(&["undo"]).exits(0);
    assert!(host.read(SERVICE).contains("closeTicket(id: string): string {"));
    // What cannot be settled here is said.
    host.run(&["update", "nobody"]).exits(2);
}

#[test]
fn an_option_that_is_new_is_asked_for() {
    let host = committed();
    second_version(&host, |pack| {
        change(
            &pack.join("pack.toml"),
            "[kind.integration.option.activate]",
            "[kind.integration.option.owner]\nkind = \"text\"\nrequired = true\nprompt = \"Who looks after it?\"\n\n[kind.integration.option.activate]",
        );
        std::fs::write(pack.join("files/integration/OWNER.hbs"), "{{owner}}\n").unwrap();
    });
    let ran = host.refused(&with(&["update"]));
    assert!(
        ran.err.contains("`--owner` is missing: Who looks after it?"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("--set OPTION=ANSWER"), "{}", ran.err);
    host.refused(&with(&["update", "--set", "onwer=me"]))
        .says(str![[r#"
error: the pack has no option `onwer`
help: did you mean `owner`?

"#]]);
    host.done(&with(&["update", "--set", "owner=me"]));
    assert_eq!(host.read("packages/integrations/acme/OWNER"), "me\n");
    assert!(host.read("tenon.lock").contains("answers.owner = [\"me\"]"));
}

#[test]
fn only_what_is_named_comes_along() {
    let host = committed();
    host.done(&["new-integration", "beta", "--modules", "users"]);
    second_version(&host, edited);
    host.refused(&with(&["update", "bta"])).says(str![[r#"
error: there is no `bta` here
help: did you mean `beta`?

"#]]);
    host.done(&with(&["update", "beta"]));
    assert!(host.exists("packages/integrations/beta/NOTES.md"));
    assert!(!host.exists("packages/integrations/acme/NOTES.md"));
}

#[test]
fn two_branches_that_each_make_something_merge_without_a_conflict_in_the_record() {
    let host = committed();
    host.done(&["init"]);
    assert_eq!(host.read(".gitattributes"), "tenon.lock merge=union\n");
    host.run(&["init"]).exits(0).prints("");
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "init"]);
    git(&host.root, &["checkout", "-qb", "other"]);
    host.done(&["new-integration", "beta", "--modules", "users"]);
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "beta"]);
    git(&host.root, &["checkout", "-q", "-"]);
    host.done(&["new-integration", "gamma", "--modules", "users"]);
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "gamma"]);
    git(&host.root, &["merge", "-q", "other", "-m", "both"]);
    host.run(&["update", "--check"]).exits(0);
    host.run(&["check"]).exits(0);
    host.done(&["remove-integration", "beta"]);
    host.done(&["remove-integration", "gamma"]);
    git(&host.root, &["add", "-A"]);
    git(
        &host.root,
        &[
            "diff",
            "--cached",
            "--quiet",
            "HEAD~1^",
            "--",
            "packages",
            "tenon.lock",
        ],
    );
}
