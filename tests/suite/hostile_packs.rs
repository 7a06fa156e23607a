//! Packs and hosts that want to do more than they may: each is refused with a sentence and nothing is written, in little time and
//! memory.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::hosts::workshop;
use crate::support::sandbox::{Sandbox, assert_same, program, tree};

/// What a run may have: the program, its address space in KiB, and how long it may take.
struct Bounds {
    program: OsString,
    memory: u32,
    time: Duration,
}

/// `TENON_HOSTILE=target/release/tenon` holds a release build on a quiet machine to what is promised; a build for tests on a
/// machine that has other things to do gets more.
fn bounds() -> Bounds {
    match std::env::var_os("TENON_HOSTILE") {
        Some(release) => Bounds {
            program: fs::canonicalize(release).unwrap().into_os_string(),
            memory: 200 << 10,
            time: Duration::from_secs(1),
        },
        None => Bounds {
            program: program().get_program().to_owned(),
            memory: 1 << 20,
            time: Duration::from_secs(20),
        },
    }
}

/// What is done to the host and the pack beside it.
type Deed = Box<dyn Fn(&Sandbox)>;

/// One attempt: what it is called, what is done, the command, and part of what is said to it.
struct Attempt {
    name: String,
    deed: Deed,
    args: Vec<String>,
    said: &'static str,
}

const NEW: [&str; 2] = ["new-integration", "saw"];

fn attempt(name: &str, args: &[&str], said: &'static str, deed: impl Fn(&Sandbox) + 'static) -> Attempt {
    Attempt {
        name: name.to_owned(),
        deed: Box::new(deed),
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        said,
    }
}

/// `from` becomes `to` in the pack's `pack.toml`.
fn pack(name: &str, from: &'static str, to: &str, said: &'static str) -> Attempt {
    let to = to.to_owned();
    attempt(name, &NEW, said, move |host| {
        host.replace("../workshop/pack.toml", from, &to)
    })
}

/// What entries must not say is found by this rule.
fn rule(name: &str, rule: &str, said: &'static str) -> Attempt {
    let never = format!("{ENTRY}\nnever = [{{ find = {rule}, say = \"no\", help = \"no\" }}]");
    pack(name, ENTRY, &never, said)
}

/// The pack has this template.
fn template(name: &str, text: &str, said: &'static str) -> Attempt {
    let text = text.to_owned();
    attempt(name, &NEW, said, move |host| {
        host.write("../workshop/files/unit/x.txt.hbs", &text);
    })
}

/// A file of a unit with this name.
fn named(file: &str, said: &'static str) -> Attempt {
    let at = format!("../workshop/files/unit/{file}");
    attempt(&format!("a file called {file}"), &NEW, said, move |host| {
        host.write(&at, "x\n")
    })
}

const FILES: &str = "files = \"unit\"";
const LIST: &str = "file = \"src/units.ts\"";
const MANIFEST: &str = "file = \"workshop.json\"\npointer";
const ENTRY: &str = "in = \"\"\nentry = \"export * as {{pascal name}} from './{{name}}';\"";
const OPTION: &str = "[kind.integration.option.label]";
const OUTSIDE: &str = "is not a path inside the host";

fn paths() -> Vec<Attempt> {
    let mut out = vec![];
    for dir in [
        "..",
        "../{{name}}",
        "units/../../x",
        "units/{{name}}/../../../x",
        "/tmp/tenon-hostile",
        "//server/share",
        "C:/x",
        "c:x",
        "units\\\\..\\\\x",
        "\\\\\\\\?\\\\C:\\\\x",
        "units/\\u0000x",
        "units/a\\u001bx",
        "units/NUL/..",
    ] {
        out.push(pack(
            &format!("files in {dir}"),
            FILES,
            &format!("files = {{ templates = \"unit\", in = \"{dir}\" }}"),
            OUTSIDE,
        ));
    }
    for dir in [".g\\u200cit", "units/\\u202egnp.x"] {
        out.push(pack(
            &format!("files in {dir}"),
            FILES,
            &format!("files = {{ templates = \"unit\", in = \"{dir}\" }}"),
            "nobody sees",
        ));
    }
    for dir in [".git/hooks", ".tenon", "units/.git", ".GIT/hooks"] {
        out.push(pack(
            &format!("files in {dir}"),
            FILES,
            &format!("files = {{ templates = \"unit\", in = \"{dir}\" }}"),
            "tenon does not write",
        ));
    }
    for home in [
        "..",
        "../{{name}}",
        "/tmp/tenon-hostile/{{name}}",
        "C:/{{name}}",
        ".git/{{name}}",
    ] {
        out.push(pack(
            &format!("a home in {home}"),
            "home = \"units/{{name}}\"",
            &format!("home = \"{home}\""),
            "",
        ));
    }
    for file in [
        "../workshop/pack.toml",
        "/etc/passwd",
        "src/../../x.ts",
        "C:/x.ts",
    ] {
        out.push(pack(
            &format!("a list in {file}"),
            LIST,
            &format!("file = \"{file}\""),
            "",
        ));
        let to = format!("file = \"{file}\"\npointer");
        out.push(pack(&format!("a manifest in {file}"), MANIFEST, &to, ""));
    }
    out.push(pack(
        "a glob that leads out",
        "known-by = [\"unit.json\"]",
        "known-by = [\"../../../../../passwd\"]",
        "leads out of the host",
    ));
    out.push(attempt(
        "a file named by an answer",
        &["new-integration", "saw", "--label", "../../../x"],
        OUTSIDE,
        |host| host.write("../workshop/files/unit/{{label}}.txt", "x\n"),
    ));
    out.push(named("dot-git/hooks/pre-commit", "tenon does not write"));
    out
}

fn answers() -> Vec<Attempt> {
    let mut out = vec![];
    for name in [
        "../saw",
        "a/b",
        "a\\b",
        "-rf",
        "a b",
        "A",
        "con",
        "nul",
        "aux",
        "a\u{202e}b",
        "ä",
        "$(id)",
        ".",
        "..",
        "",
    ] {
        out.push(attempt(
            &format!("a thing called {name:?}"),
            &["new-integration", "--", name],
            "",
            |_| {},
        ));
    }
    out.push(attempt(
        "an answer that leaves its text",
        &["new-integration", "saw", "--label", "x'; evil(); '"],
        "does not parse",
        |host| {
            host.write(
                "../workshop/files/unit/x.ts.hbs",
                "export const a = '{{label}}' +;\n",
            )
        },
    ));
    out
}

fn loops() -> Vec<Attempt> {
    let mut out = vec![
        template(
            "a partial",
            "{{> files/unit/x.txt.hbs}}",
            "partials and decorators",
        ),
        template(
            "a partial that calls itself",
            "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}",
            "partials and decorators",
        ),
        template(
            "blocks in blocks",
            &format!("{}x{}", "{{#if main}}".repeat(5000), "{{/if}}".repeat(5000)),
            "nests too deep",
        ),
        template(
            "brackets in brackets",
            &format!(
                "{{{{#if {}main{}}}}}x{{{{/if}}}}",
                "(not ".repeat(5000),
                ")".repeat(5000)
            ),
            "nests too deep",
        ),
        template(
            "very many expressions",
            &"{{name}} ".repeat(100_000),
            "too many expressions",
        ),
        template("the environment", "{{env.HOME}}", "env"),
        template("a helper that reads", "{{read \"/etc/passwd\"}}", "read"),
        template(
            "a lookup of the environment",
            "{{lookup @root \"env\"}}{{@root.env.HOME}}",
            "",
        ),
        template("a prototype", "{{name.constructor.prototype}}", ""),
    ];
    // Every unit four times inside each other, fifty of them.
    let each = "{{#each @root.facts.units}}".repeat(4) + "{{/each}}{{/each}}{{/each}}{{/each}}\n";
    out.push(attempt("loops in loops", &NEW, "turn more than", move |host| {
        for n in 0..50 {
            host.write(&format!("units/u{n}/unit.json"), "{}\n");
        }
        host.write("../workshop/files/unit/x.txt.hbs", &each);
    }));
    let doubled = format!(
        "{{{{#with name}}}}{}{{{{this}}}}{}{{{{/with}}}}\n",
        "{{#with (concat this this)}}".repeat(40),
        "{{/with}}".repeat(40)
    );
    out.push(template("a text that doubles", &doubled, "2 MiB"));
    let quoted = (0..40).fold("name".to_owned(), |inner, _| format!("(json {inner})"));
    out.push(template(
        "a text that is quoted again and again",
        &format!("{{{{concat {quoted}}}}}"),
        "2 MiB",
    ));
    let has = (0..9).fold("kind = \"identifier\"".to_owned(), |inner, _| {
        format!("has = {{ stopBy = \"end\", {inner} }}")
    });
    out.push(rule(
        "a rule that searches in searches",
        &format!("{{ pattern = \"export * as $NAME from '$PATH'\", {has} }}"),
        "again and again",
    ));
    let deep = (0..60).fold("{ kind = \"identifier\" }".to_owned(), |inner, _| {
        format!("{{ not = {inner} }}")
    });
    out.push(rule(
        "a rule that nests",
        &format!("{{ pattern = \"export * as $NAME from '$PATH'\", not = {deep} }}"),
        "nested too deeply",
    ));
    out.push(rule(
        "a regex that backtracks elsewhere",
        "{ pattern = \"export * as $NAME from '$PATH'\", regex = \"(a*)*b(?=x)\" }",
        "look-around",
    ));
    out.push(rule(
        "a regex that is too large",
        "{ pattern = \"export * as $NAME from '$PATH'\", regex = \"(x{1000}){1000}\" }",
        "counts too far",
    ));
    let mut leaves = "{ kind = \"identifier\" }".to_owned();
    for _ in 0..13 {
        leaves = format!("{{ any = [{leaves}, {leaves}] }}");
    }
    out.push(rule(
        "a rule of very many parts",
        &format!("{{ pattern = \"export * as $NAME from '$PATH'\", any = [{leaves}] }}"),
        "the rule has 8193 parts",
    ));
    let options = (0..8_000)
        .map(|n| format!("[kind.integration.option.o{n}]\nkind = \"flag\"\nprompt = \"Is it?\"\n\n"));
    let options: String = options.collect();
    out.push(pack(
        "very many options",
        OPTION,
        &format!("{options}{OPTION}"),
        "the pack has 8002 options",
    ));
    let nested = format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000));
    for (name, entry, said) in [
        ("an entry that nests", nested, "nothing was changed"),
        (
            "an entry of many places",
            "{{_}}, ".repeat(4_200),
            "is not an example",
        ),
        (
            "an entry of more places than can be read",
            "{{_}}, ".repeat(20_000),
            "too many expressions",
        ),
    ] {
        out.push(pack(
            name,
            ENTRY,
            &format!("in = \"\"\nentry = \"{entry}\""),
            said,
        ));
    }
    out
}

fn collisions() -> Vec<Attempt> {
    let two = |a: &'static str, b: &'static str| {
        move |host: &Sandbox| {
            // A file system that holds them for one cannot have both: names that are rendered can.
            host.replace("../workshop/pack.toml", "files = \"unit\"", &format!(
                "files = [\"unit\", {{ templates = \"one\", in = \"{{{{home}}}}/{a}\" }}, {{ templates = \"one\", in = \"{{{{home}}}}/{b}\" }}]"
            ));
            host.write("../workshop/files/one/x.txt", "x\n");
        }
    };
    vec![
        attempt("two files at one path", &NEW, "are both", two("a", "a")),
        attempt("two files that differ in case", &NEW, "are both", two("a", "A")),
        attempt(
            "two files that differ in how an accent is written",
            &NEW,
            "an accent as a character of its own",
            two("\u{e9}", "e\u{301}"),
        ),
        attempt("a file where a directory is", &NEW, "", |host| {
            host.write("units", "I am a file\n")
        }),
        attempt("a directory where a file is", &NEW, "", |host| {
            fs::create_dir_all(host.at("units/saw/unit.json/deep")).unwrap();
            host.write("units/saw/unit.json/deep/x", "x\n");
        }),
    ]
}

fn links() -> Vec<Attempt> {
    vec![
        attempt("a link in the pack", &NEW, "symbolic link", |host| {
            host.link("../workshop/files/unit/link", "/etc/passwd")
        }),
        attempt("a linked folder in the pack", &NEW, "symbolic link", |host| {
            host.link("../workshop/files/unit/etc", "/etc")
        }),
        attempt("a folder that leads out", &NEW, "", |host| {
            host.link("units", host.outside().join("elsewhere"))
        }),
        attempt("a chain of links that leads out", &NEW, "", |host| {
            host.link("a", host.outside().join("elsewhere"));
            host.link("b", "a");
            host.link("units", "b");
        }),
        attempt("links in a circle", &NEW, "", |host| {
            host.link("a", "units");
            host.link("units", "a");
        }),
        attempt("a site's file that leads out", &NEW, "", |host| {
            host.remove("src/units.ts");
            host.link("src/units.ts", host.outside().join("elsewhere/units.ts"));
        }),
        attempt("the record leads out", &NEW, "", |host| {
            host.link("tenon.lock", host.outside().join("elsewhere/units.ts"))
        }),
        attempt("the folder of steps leads out", &NEW, "", |host| {
            host.link(".tenon", host.outside().join("elsewhere"))
        }),
    ]
}

fn sizes() -> Vec<Attempt> {
    vec![
        attempt(
            "a file of the pack that is too large",
            &NEW,
            "too large",
            |host| {
                let file = fs::File::create(host.at("../workshop/files/unit/large")).unwrap();
                file.set_len(1 << 33).unwrap();
            },
        ),
        attempt("a pack.toml that is too large", &NEW, "", |host| {
            let file = fs::File::create(host.at("../workshop/pack.toml")).unwrap();
            file.set_len(1 << 33).unwrap();
        }),
        attempt("very many files in the pack", &NEW, "too large", |host| {
            for n in 0..5_100 {
                fs::File::create(host.at(&format!("../workshop/files/unit/{n}"))).unwrap();
            }
        }),
        attempt("a manifest of the host that is too large", &NEW, "", |host| {
            let file = fs::File::create(host.at("workshop.json")).unwrap();
            file.set_len(64 << 20).unwrap();
        }),
        attempt("arrays in arrays", &NEW, "", |host| {
            host.write(
                "../workshop/pack.toml",
                format!("a = {}1{}\n", "[".repeat(100_000), "]".repeat(100_000)),
            );
        }),
        attempt("a manifest that nests", &NEW, "", |host| {
            host.write(
                "workshop.json",
                format!("{{\"units\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000)),
            );
        }),
    ]
}

/// Runs one attempt; what is wrong with what came of it.
fn run(attempt: &Attempt) -> Option<String> {
    let host = workshop();
    fs::create_dir(host.outside().join("elsewhere")).unwrap();
    fs::write(
        host.outside().join("elsewhere/units.ts"),
        "export * as Vice from './vice';\n",
    )
    .unwrap();
    (attempt.deed)(&host);
    let before = (tree(&host.root), tree(&host.outside().join("elsewhere")));
    let Bounds {
        program,
        memory,
        time,
    } = bounds();
    let mut words: Vec<String> = vec![program.to_string_lossy().into_owned()];
    let at = attempt
        .args
        .iter()
        .position(|arg| arg == "--")
        .unwrap_or(attempt.args.len());
    words.extend(attempt.args[..at].iter().cloned());
    words.extend(["--pack".to_owned(), "../workshop".to_owned(), "--yes".to_owned()]);
    words.extend(attempt.args[at..].iter().cloned());
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -v {memory}; exec \"$@\""), "sh"])
        .args(&words)
        .current_dir(&host.root)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = limited.spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > time {
            child.kill().unwrap();
            return Some(format!("{}: not done after {time:?}", attempt.name));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let wrong = |why: &str| {
        let shown: String = said.chars().take(600).collect();
        Some(format!("{}: {why}\n{shown}", attempt.name))
    };
    if output.status.code() != Some(2) {
        return wrong(&format!("it ended with {:?}", output.status));
    }
    if said.contains("panicked")
        || said.contains("defect")
        || !said.contains("error:")
        || !said.contains(attempt.said)
    {
        return wrong("it is not said what is wrong");
    }
    if said.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return wrong("control characters reach the terminal");
    }
    assert_same(&before.0, &tree(&host.root));
    assert_same(&before.1, &tree(&host.outside().join("elsewhere")));
    None
}

fn all() -> Vec<Attempt> {
    [paths(), answers(), loops(), collisions(), links(), sizes()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn whoever_wants_more_than_a_pack_may_gets_nothing() {
    let attempts = all();
    assert!(attempts.len() >= 60, "only {}", attempts.len());
    let wrong: Vec<String> = attempts.iter().filter_map(run).collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        attempts.len(),
        wrong.join("\n")
    );
    assert!(!Path::new("/tmp/tenon-hostile").exists());
}

#[test]
fn what_the_attempts_begin_with_works() {
    let host = workshop();
    symlink("units.ts", host.at("src/inside.ts")).unwrap();
    host.done(&["new-integration", "saw", "--pack", "../workshop"]);
}
