//! `tenon try`: the story of a pack, which is data, on a throw-away host.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::fault::copy_tree;
use crate::support::sandbox::{Sandbox, assert_same, tree};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The first steps of every story here.
const HOST: &str =
    "[[story.steps]]\nsay = \"A host.\"\ndo = \"make\"\nkind = \"host\"\nname = \"platform\"\n\n";

/// A pack of somebody else, in `pack/` beside the host, with this story.
fn foreign(story: &str) -> Sandbox {
    let place = Sandbox::empty();
    let pack = place.outside().join("pack");
    fs::create_dir(&pack).unwrap();
    copy_tree(&Path::new(ROOT).join("templates/cargo"), &pack);
    let text = fs::read_to_string(pack.join("pack.toml")).unwrap();
    let (before, _) = text.split_once("[story]").unwrap();
    fs::write(pack.join("pack.toml"), format!("{before}{story}")).unwrap();
    fs::create_dir(place.outside().join("tmp")).unwrap();
    place
}

/// The program in an environment in which its temporary files are seen.
fn tried(place: &Sandbox, args: &[&str]) -> Output {
    let mut command = place.command(args);
    command.env("TMPDIR", place.outside().join("tmp"));
    command.output().unwrap()
}

/// The commands that were shown, as one script.
fn shown(said: &str) -> String {
    let commands = said.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(|line| format!("{line}\n")).collect()
}

/// Runs a script in `dir` as a person who has the program on the path; what it prints.
fn pasted(dir: &Path, script: &str) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_tenon"));
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-c", script])
        .env_clear()
        .env("PATH", format!("{}:{path}", program.parent().unwrap().display()))
        .env("TMPDIR", dir)
        .current_dir(dir)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Without the program's own state, in which times and digests of steps stand.
fn files(dir: &Path) -> crate::support::sandbox::Tree {
    let mut tree = tree(dir);
    tree.retain(|path, _| !path.split('/').any(|name| name == ".tenon"));
    tree
}

/// What is shown is what is done: pasted in order, the commands print and leave the same.
#[track_caller]
fn same_when_pasted(place: &Sandbox, args: &[&str]) -> String {
    let output = tried(place, &[args, &["--keep", "kept here"]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let other = Sandbox::empty();
    let script = shown(&said);
    let printed = pasted(&other.root, &script);
    assert_eq!(printed, String::from_utf8(output.stdout).unwrap(), "{script}");
    assert_same(&files(&place.at("kept here")), &files(&other.at("kept here")));
    script
}

#[test]
fn the_stories_of_all_packs_make_break_find_fix_and_remove_and_can_be_pasted() {
    let packs = fs::read_dir(Path::new(ROOT).join("templates")).unwrap();
    let mut count = 0;
    for pack in packs {
        let name = pack.unwrap().file_name().into_string().unwrap();
        let place = Sandbox::empty();
        fs::create_dir(place.outside().join("tmp")).unwrap();
        let script = same_when_pasted(&place, &["try", &name]);
        let mut rest = script.as_str();
        for step in [
            "tenon new host ",
            "cd ",
            "tenon new-integration acme",
            "tenon validate-structure\n",
            "sed ",
            "tenon validate-structure\n",
            "tenon validate-structure --fix\n",
            "tenon remove-integration acme",
        ] {
            let at = rest.find(step);
            assert!(at.is_some(), "{name} lacks `{step}`:\n{script}");
            rest = &rest[at.unwrap() + step.len()..];
        }
        count += 1;
    }
    assert!(count >= 4);
}

#[test]
fn a_throw_away_host_leaves_nothing() {
    let place = foreign(HOST);
    let output = tried(&place, &["try"]);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("$ cd \"$(mktemp -d)\"\n")
    );
    assert!(place.tree().is_empty());
    assert!(tree(&place.outside().join("tmp")).is_empty());
}

#[test]
fn the_story_of_a_foreign_pack_runs_on_that_pack() {
    let story = format!(
        "{HOST}[[story.steps]]\nsay = \"More.\"\ndo = \"make\"\nkind = \"integration\"\nname = \"acme\"\n\n\
         [[story.steps]]\nsay = \"Less.\"\ndo = \"delete\"\nfile = \"README.md\"\n\n\
         [[story.steps]]\nsay = \"Check.\"\ndo = \"check\"\n"
    );
    let place = foreign(&story);
    let script = same_when_pasted(&place, &["try", "../pack"]);
    assert!(script.contains("\nrm README.md\n"), "{script}");
    let named = format!("--pack {}", place.outside().join("pack").display());
    assert_eq!(script.matches(&named).count(), 3, "{script}");
}

#[test]
fn texts_of_a_story_mean_nothing_to_a_shell() {
    let with = "'; touch ../pwned; $(touch ../pwned) `touch ../pwned` & / \\\\ \\\" | > !x";
    let story = format!(
        "{HOST}[[story.steps]]\nsay = \"$(touch ../pwned)\"\ndo = \"replace\"\nfile = \"README.md\"\ntext = \"# platform\"\nwith = \"{with}\"\n\n\
         [[story.steps]]\nsay = \"Again.\"\ndo = \"delete\"\nfile = \"README.md\"\ntext = \"'; touch ../pwned; $(touch ../pwned) `touch ../pwned` & / \\\\\"\n"
    );
    let place = foreign(&story);
    let readme = place.outside().join("pack/files/host/README.md.hbs");
    assert!(
        fs::read_to_string(readme).unwrap().starts_with("# {{name}}\n"),
        "the test wants that line"
    );
    let script = same_when_pasted(&place, &["try", "../pack"]);
    assert!(script.contains("sed -i.bak "), "{script}");
    let all: Vec<String> = tree(place.outside()).into_keys().collect();
    assert!(all.iter().all(|path| !path.ends_with("pwned")), "{all:?}");
}

#[test]
fn a_story_that_wants_more_than_a_throw_away_host_is_refused_before_anything_is_made() {
    let step = |rest: &str| format!("{HOST}[[story.steps]]\nsay = \"x\"\n{rest}\n");
    let make = |rest: &str| step(&format!("do = \"make\"\nkind = \"integration\"\n{rest}"));
    let file = |path: &str| step(&format!("do = \"delete\"\nfile = \"{path}\""));
    let mut stories = vec![
        // Command lines, and the keys that they had.
        "[[story.steps]]\nsay = \"x\"\nrun = [\"pack\", \"test\", \"../pack\", \"--run-verify\"]\n"
            .to_owned(),
        step("run = [\"new\", \"host\", \"x\", \"--pack\", \"git+https://example.com/x\"]"),
        step("do = \"list\"\nrun = [\"list\", \"--output\", \"json=../pwned\"]"),
        step("do = \"list\"\nthen-in = \"../../host\""),
        step("do = \"list\"\noutput = \"../pwned\""),
        step("do = \"list\"\nhost = \"..\""),
        step("do = \"list\"\npack = \"../pack\""),
        step("do = \"verify\""),
        step("do = \"pack\""),
        step("do = \"tenon\""),
        step("do = [\"sh\"]"),
        // The host is made once, and first.
        "[[story.steps]]\nsay = \"x\"\ndo = \"list\"\n".to_owned(),
        "[[story.steps]]\nsay = \"x\"\ndo = \"undo\"\n".to_owned(),
        step("do = \"make\"\nkind = \"host\"\nname = \"other\""),
        step("do = \"remove\"\nkind = \"host\"\nname = \"platform\""),
        // What there is not.
        make("name = \"acme\"\nanswers = { output = \"../pwned\" }"),
        make("name = \"acme\"\nanswers = { pack = \"../pack\" }"),
        make("name = \"acme\"\nanswers = { host = \"/\" }"),
        make("name = \"acme\"\nfile = \"README.md\""),
        make(""),
        step("do = \"make\"\nkind = \"pack\"\nname = \"acme\""),
        step("do = \"make\"\nkind = \"--pack\"\nname = \"acme\""),
        step("do = \"check\"\nname = \"--output=json=x\""),
        // Answers of another kind, and texts that a terminal obeys.
        step("do = \"make\"\nkind = \"consumer\"\nname = \"x\"\nanswers = { in = true }"),
        step("do = \"make\"\nkind = \"consumer\"\nname = \"x\"\nanswers = { in = [\"acme\"] }"),
        step("do = \"make\"\nkind = \"consumer\"\nname = \"x\"\nanswers = { in = \"a\\u001b[2J\" }"),
        step("do = \"delete\"\nfile = \"README.md\"\ntext = \"a\\nb\""),
        step("do = \"replace\"\nfile = \"README.md\"\ntext = \"a\"\nwith = \"a\\nb\""),
        step("do = \"replace\"\nfile = \"README.md\"\ntext = \"a\""),
        step("do = \"delete\"\nfile = \"README.md\"\ntext = \"\""),
        "[[story.steps]]\nsay = \"x\\u001b[2J\"\ndo = \"list\"\n".to_owned(),
    ];
    for name in [
        "../x",
        "/x",
        "-x",
        "--pack=../pack",
        "a b",
        "a;touch x",
        "$(x)",
        ".",
        "..",
        ".git",
        "",
    ] {
        stories.push(make(&format!("name = \"{name}\"")));
        stories.push(HOST.replace("platform", name));
        stories.push(step(&format!(
            "do = \"remove\"\nkind = \"integration\"\nname = \"{name}\""
        )));
    }
    for path in [
        "../x",
        "/etc/passwd",
        "a/../../x",
        "C:/x",
        "c:x",
        "a\\\\x",
        "-rf",
        "",
        ".",
        "a\\u0000",
        "a\\u001b[2J",
        ".tenon/history/1/journal",
        ".TENON/x",
        ".git/config",
    ] {
        stories.push(file(path));
    }
    for story in stories {
        let place = foreign(&story);
        let before = tree(place.outside());
        let output = tried(&place, &["try", "../pack", "--keep", "kept"]);
        assert_same(&before, &tree(place.outside()));
        let ran = place.ran(output);
        ran.is_one_error();
        assert!(ran.err.contains("--> pack.toml:"), "{story}\n{}", ran.err);
    }
}

#[test]
fn a_story_that_does_not_go_as_it_is_told_ends() {
    for (step, why) in [
        ("do = \"find\"", "has no finding"),
        ("do = \"delete\"\nfile = \"nothing.txt\"", "has no file"),
        (
            "do = \"delete\"\nfile = \"README.md\"\ntext = \"nowhere\"",
            "0 times",
        ),
        ("do = \"remove\"\nkind = \"integration\"\nname = \"acme\"", "acme"),
    ] {
        let place = foreign(&format!("{HOST}[[story.steps]]\nsay = \"x\"\n{step}\n"));
        let output = tried(&place, &["try", "../pack"]);
        let ran = place.ran(output);
        ran.exits(2);
        assert!(ran.err.contains(why), "{step}: {}", ran.err);
        assert!(tree(&place.outside().join("tmp")).is_empty());
    }
}

#[test]
fn only_an_empty_directory_is_taken_for_a_host_that_stays() {
    let place = foreign(HOST);
    place.write("full/mine.txt", "mine\n");
    place.refused(&["try", "--keep", "full"]);
    place.refused(&["try", "--keep", "full/mine.txt"]);
    place.refused(&["try", "--keep", "."]);
    fs::create_dir(place.at("empty")).unwrap();
    place.done(&["try", "--keep", "empty"]);
    assert!(place.exists("empty/platform/Cargo.toml"));
    place.refused(&["try", "--keep", "empty"]);
}

#[test]
fn a_pack_that_is_tested_runs_nothing_unasked_and_writes_nowhere_else() {
    let place = foreign("[[kind.integration.verify]]\nrun = [\"touch\", \"CANARY\"]\n");
    let canary = place.outside().join("canary");
    let toml = place.outside().join("pack/pack.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("CANARY", canary.to_str().unwrap())).unwrap();
    let before = tree(place.outside());
    let args = ["pack", "test", "../pack", "--combinations", "1"];
    assert!(tried(&place, &args).status.success());
    assert_same(&before, &tree(place.outside()));
    assert!(
        tried(&place, &[&args[..], &["--run-verify"]].concat())
            .status
            .success()
    );
    assert!(canary.exists(), "the command is run where a person says so");
    // Files that lead out lead nowhere.
    for dir in ["../../escaped", "..", "/tmp/tenon-escaped"] {
        let files = format!("    {{ templates = \"integration\", in = \"{dir}\" }},\n");
        fs::write(&toml, text.replacen("    \"integration\",\n", &files, 1)).unwrap();
        let before = tree(place.outside());
        let output = tried(&place, &args);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_same(&before, &tree(place.outside()));
    }
    assert!(!Path::new("/tmp/tenon-escaped").exists());
}
