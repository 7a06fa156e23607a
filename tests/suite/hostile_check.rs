//! `tenon check` in hosts that mean no good: whatever stands in a file that is read, and whatever stands in its
//! place, the check ends soon, within its memory, with findings or one error; nothing reaches the terminal that is
//! a command to it, and the host stays as it was.

use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::support::hosts::{CONFIGS, framework};
use crate::support::sandbox::{Sandbox, Tree, changes};

/// How long a check may take. A build for development is slower, and runs beside other tests.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 40 } else { 5 });
/// How much address space a check may have, in KiB.
const MEMORY: u32 = 3 << 20;
const FORMATS: [&str; 7] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit"];

const OWN: &str = "packages/integrations/acme";
/// Every file of code that a check reads.
const CODE: [&str; 9] = [
    "packages/integrations/acme/src/integration.ts",
    "packages/integrations/acme/src/modules/index.ts",
    "packages/integrations/acme/src/modules/tickets/index.ts",
    "packages/integrations/acme/src/modules/tickets/tickets.service.ts",
    "packages/configs/integrations/src/models/index.ts",
    "packages/configs/integrations/src/models/tickets.ts",
    "apps/api-harmonization/src/app.config.ts",
    "apps/api-harmonization/src/app.module.ts",
    "packages/framework/src/modules/tickets/tickets.service.ts",
];
/// Every manifest that it reads.
const MANIFESTS: [&str; 6] = [
    "package.json",
    "packages/configs/integrations/package.json",
    "packages/integrations/acme/package.json",
    "packages/integrations/acme/tsconfig.json",
    "tenon.toml",
    "tenon.lock",
];

/// A host with one integration, in which nothing is to be found.
fn host() -> Sandbox {
    static MADE: OnceLock<Sandbox> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let host = framework();
        host.done(&[
            "new-integration",
            "acme",
            "--modules",
            "tickets",
            "--activate",
            "tickets",
        ]);
        host.remove(".tenon");
        host.done(&["check"]);
        host
    });
    Sandbox::copy_of(&made.root)
}

/// A run that is ended if it takes too long; nothing then.
fn within(mut command: Command, time: Duration) -> Option<Output> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let reader = |from: Option<Box<dyn std::io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = vec![];
            from.unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        })
    };
    let out = reader(child.stdout.take().map(|pipe| Box::new(pipe) as Box<_>));
    let err = reader(child.stderr.take().map(|pipe| Box::new(pipe) as Box<_>));
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let (stdout, stderr) = (out.join().unwrap(), err.join().unwrap());
            return Some(Output {
                status,
                stdout,
                stderr,
            });
        }
        if start.elapsed() > time {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Checks the host, and says what is wrong with how that went.
fn checked(host: &Sandbox, format: &str) -> Result<(i32, String, String), String> {
    let mut command = Command::new("sh");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")])
        .args([env!("CARGO_BIN_EXE_tenon"), "check", "--format", format])
        .current_dir(&host.root)
        .stdin(Stdio::null());
    let start = Instant::now();
    let Some(output) = within(command, SOON) else {
        return Err(format!("takes more than {SOON:?}"));
    };
    if std::env::var_os("TIMES").is_some() {
        eprintln!("    {:?} {format}", start.elapsed());
    }
    let Some(code) = output.status.code() else {
        return Err(format!("ends by signal {:?}", output.status.signal()));
    };
    let read = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| "prints no UTF-8".to_owned());
    let (out, err) = (read(&output.stdout)?, read(&output.stderr)?);
    let shown: String = format!("{out}{err}").chars().take(3000).collect();
    if !(0..=2).contains(&code) {
        return Err(format!("exits {code}:\n{shown}"));
    }
    if shown.contains("panicked") || shown.contains("overflow") {
        return Err(format!("panics:\n{shown}"));
    }
    if let Some(c) = format!("{out}{err}").chars().find(|c| is_command(*c)) {
        return Err(format!("prints {c:?}:\n{shown:?}"));
    }
    let result_of_error = match format {
        "json" => out.starts_with("{\n  \"version\": 1,\n  \"error\": "),
        _ => out.is_empty(),
    };
    if code == 2 && (!result_of_error || !err.starts_with("error: ") || !err.contains("\nhelp: ")) {
        return Err(format!("is no error with help:\n{shown}"));
    }
    if code == 1 && out.is_empty() {
        return Err("has findings and prints none".to_owned());
    }
    annotations(format, &out, &err)?;
    Ok((code, out, err))
}

/// Characters that a terminal or a viewer takes for more than themselves.
fn is_command(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A runner takes every line that begins with `::` for a command, and `##[` and `##vso[` wherever they stand.
fn annotations(format: &str, out: &str, err: &str) -> Result<(), String> {
    for line in out.lines().chain(err.lines()) {
        let own = format == "github"
            && ["::error file=", "::warning file=", "::notice file="]
                .iter()
                .any(|command| line.starts_with(command));
        let other = line.trim_start().starts_with("::") && !own;
        let old = !own && (line.contains("##[") || line.contains("##vso["));
        if other || old {
            return Err(format!("a command for a runner: {line:?}"));
        }
    }
    Ok(())
}

/// Checks a host to which something was done, in one of the formats.
fn judge(
    wrong: &mut Vec<String>,
    at: usize,
    name: &str,
    host: &Sandbox,
    expected: impl Fn(i32, &str) -> bool,
) {
    let before = state(host);
    if std::env::var_os("TIMES").is_some() {
        eprintln!("{name}");
    }
    let format = FORMATS[at % FORMATS.len()];
    match checked(host, format) {
        Err(what) => wrong.push(format!("{name} ({format}): {what}")),
        Ok((code, out, err)) if !expected(code, &format!("{out}{err}")) => {
            let shown: String = format!("{out}{err}").chars().take(2000).collect();
            wrong.push(format!("{name} ({format}): exit {code}\n{shown}"));
        }
        Ok(_) => {}
    }
    let changed = changes(&before, &state(host));
    if !changed.is_empty() {
        wrong.push(format!("{name}: {} files changed", changed.len()));
    }
}

/// The tree of the host; what is no file, directory or link is left out.
fn state(host: &Sandbox) -> Tree {
    let odd = host.at("odd");
    if odd.symlink_metadata().is_ok() {
        return Tree::new();
    }
    crate::support::sandbox::tree(&host.root)
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

const DEEP: usize = 100_000;

/// Texts that no parser likes, each with a name.
fn hostile_code() -> Vec<(&'static str, Vec<u8>)> {
    let twice = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(DEEP), close.repeat(DEEP)).into_bytes()
    };
    vec![
        ("deep brackets", twice("[", "", "]")),
        ("open brackets", twice("[", "", "")),
        ("deep parentheses", twice("(", "1", ")")),
        ("deep blocks", twice("{", "", "}")),
        ("open blocks", twice("{", "", "")),
        ("closing braces", twice("}", "", "")),
        ("deep objects", twice("const a = {a:", "1", "}")),
        (
            "deep generics",
            format!("type A = {}B{};", "A<".repeat(DEEP), ">".repeat(DEEP)).into_bytes(),
        ),
        (
            "open generics",
            format!("type A = {}", "A<".repeat(DEEP)).into_bytes(),
        ),
        ("deep calls", twice("f(", "", ")")),
        ("deep functions", twice("() => ", "1", "")),
        ("deep ternaries", twice("a ? b : ", "1", "")),
        ("deep negation", twice("!", "1", "")),
        ("long sum", twice("1 + ", "1", "")),
        ("long chain", format!("a{};", ".b".repeat(DEEP)).into_bytes()),
        ("long calls", format!("a{};", ".b()".repeat(DEEP)).into_bytes()),
        ("deep templates", twice("`${", "1", "}`")),
        ("open templates", twice("`${", "", "")),
        ("deep classes", twice("class A { m() { ", "", " } }")),
        ("deep namespaces", twice("export namespace A { ", "", " }")),
        ("deep ifs", twice("if (a) ", "b;", "")),
        ("decorators", twice("@A() ", "class B {}", "")),
        (
            "a long type",
            format!("type A = {}B;", "B | ".repeat(DEEP)).into_bytes(),
        ),
        (
            "conflict marks",
            "<<<<<<< a\n=======\n>>>>>>> b\n".repeat(DEEP).into_bytes(),
        ),
        (
            "one long string",
            format!("export const a = '{}';\n", "x".repeat(5_000_000)).into_bytes(),
        ),
        (
            "one long comment",
            format!("/* {} */\n", "x *".repeat(1_500_000)).into_bytes(),
        ),
        (
            "noise",
            (0..300_000_u32)
                .map(|at| b"({[<>]})'\"`$/*=;,.:\n a"[(at.wrapping_mul(2_654_435_761) >> 16) as usize % 22])
                .collect(),
        ),
    ]
}

/// The same for manifests, of whatever syntax.
fn hostile_manifests() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(DEEP), close.repeat(DEEP)).into_bytes()
    };
    let exports = format!(
        "{{\"name\": \"x\", \"exports\": {}\"./a.js\"{}}}",
        "{\"import\":".repeat(1000),
        "}".repeat(1000)
    );
    vec![
        ("deep brackets", deep("[", "", "]")),
        ("open brackets", deep("[", "", "")),
        ("deep objects", deep("{\"a\":", "1", "}")),
        ("deep exports", exports.into_bytes()),
        (
            "deep arrays of TOML",
            deep("[", "", "]")
                .splice(0..0, *b"a = ")
                .collect::<Vec<_>>()
                .into_iter()
                .collect(),
        ),
        ("deep tables", format!("a = {}", "{a=".repeat(DEEP)).into_bytes()),
        ("deep keys", format!("{}a = 1", "a.".repeat(DEEP)).into_bytes()),
        (
            "one long string",
            format!("{{\"a\": \"{}\"}}", "x".repeat(5_000_000)).into_bytes(),
        ),
        (
            "a long number",
            format!("{{\"a\": {}}}", "9".repeat(1_000_000)).into_bytes(),
        ),
        (
            "many names",
            format!(
                "{{{}\"z\": 1}}",
                (0..100_000)
                    .map(|at| format!("\"n{at}\": 1,"))
                    .collect::<String>()
            )
            .into_bytes(),
        ),
        ("a comment", format!("/* {}", "*".repeat(1_000_000)).into_bytes()),
    ]
}

/// Bytes that are no text, or none.
fn not_text() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("nothing", vec![]),
        ("invalid UTF-8", b"export const a = '\xff\xfe';\n".to_vec()),
        ("half a character", b"\xe2\x82".to_vec()),
        ("NUL", b"\0\0\0\0".to_vec()),
        (
            "NUL in code",
            b"{\"a\0\": \"\0\"}\nexport \0 const a = '\0';\n".to_vec(),
        ),
        (
            "escape sequences",
            b"\x1b[31m\x1b]0;title\x07 \x9b\xc2\x9b31m\n::error::x\n##[error]x\n".to_vec(),
        ),
        (
            "commands",
            "::error::x\n##[error]x\n##vso[task.x]y\n\u{1b}[2J\u{202e}\n\r::warning::y\r\n".into(),
        ),
        ("16-bit text", b"\xff\xfe{\0}\0".to_vec()),
    ]
}

fn in_every(places: &[&str], texts: &[(&'static str, Vec<u8>)]) -> Vec<String> {
    let mut wrong = vec![];
    for (at, place) in places.iter().enumerate() {
        let host = host();
        for (nth, (name, bytes)) in texts.iter().enumerate() {
            host.write(place, bytes);
            // Bytes that are no text cannot be a sound file; anything else may happen to be one.
            judge(
                &mut wrong,
                at + nth,
                &format!("{name} in {place}"),
                &host,
                |_, _| true,
            );
        }
    }
    wrong
}

#[test]
fn code_that_no_parser_likes() {
    // A third of them in each place: all of them in all places take minutes, and no parser knows the place.
    for (at, place) in CODE.iter().enumerate() {
        let all = hostile_code().into_iter().enumerate();
        let some = all.filter(|(nth, _)| nth % 3 == at % 3).map(|(_, text)| text);
        none(&in_every(&[*place], &some.collect::<Vec<_>>()));
    }
}

#[test]
fn manifests_that_no_parser_likes() {
    none(&in_every(&MANIFESTS, &hostile_manifests()));
}

#[test]
fn bytes_that_are_no_text() {
    none(&in_every(&CODE, &not_text()));
    none(&in_every(&MANIFESTS, &not_text()));
}

#[test]
fn a_file_of_50_megabytes() {
    let mut wrong = vec![];
    let big = vec![b'a'; 50 << 20];
    for (at, place) in CODE.iter().chain(&MANIFESTS).enumerate() {
        let host = host();
        host.write(place, &big);
        judge(&mut wrong, at, place, &host, |code, text| {
            *place == "tenon.lock" || (code > 0 && (text.contains("larger than") || code == 1))
        });
    }
    none(&wrong);
}

/// What may stand where a file is meant to be.
fn put(host: &Sandbox, place: &str, what: &str) {
    let at = host.at(place);
    std::fs::remove_file(&at).unwrap();
    let name = at.file_name().unwrap().to_owned();
    match what {
        "nothing" => {}
        "a link to itself" => host.link(place, name),
        "a link to nothing" => host.link(place, "none"),
        "a link out of the host" => {
            std::fs::write(host.outside().join("secret"), "TOP-SECRET\n").unwrap();
            host.link(place, host.outside().join("secret"));
        }
        "a link to a directory" => host.link(place, "."),
        "a link to a device" => host.link(place, "/dev/zero"),
        "a directory" => std::fs::create_dir(at).unwrap(),
        "a pipe" => {
            let made = Command::new("mkfifo").arg(&at).status().unwrap();
            assert!(made.success());
            host.write("odd", "");
        }
        "a socket" => {
            // A socket's path may not be long.
            let _ = std::os::unix::net::UnixListener::bind(&at);
            host.write("odd", "");
        }
        what => panic!("{what}"),
    }
}

#[test]
fn what_is_no_file_in_place_of_one() {
    let mut wrong = vec![];
    let all = [
        "nothing",
        "a link to itself",
        "a link to nothing",
        "a link out of the host",
        "a link to a directory",
        "a link to a device",
        "a directory",
        "a pipe",
        "a socket",
    ];
    for (at, place) in CODE.iter().chain(&MANIFESTS).enumerate() {
        for what in all {
            let host = host();
            put(&host, place, what);
            judge(
                &mut wrong,
                at,
                &format!("{what} at {place}"),
                &host,
                |code, text| {
                    !text.contains("TOP-SECRET") && (code > 0 || *place == "tenon.lock" || what == "nothing")
                },
            );
        }
    }
    none(&wrong);
}

#[test]
fn a_file_that_may_not_be_read() {
    let host = host();
    host.chmod(CODE[0], 0);
    if std::fs::read(host.at(CODE[0])).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let mut wrong = vec![];
    for (at, place) in CODE.iter().chain(&MANIFESTS).enumerate() {
        let host = self::host();
        host.chmod(place, 0);
        let ran = checked(&host, FORMATS[at % 7]);
        host.chmod(place, 0o644);
        match ran {
            Err(what) => wrong.push(format!("{place}: {what}")),
            Ok((0, ..)) if *place != "tenon.lock" => wrong.push(format!("{place}: nothing is said")),
            Ok(_) => {}
        }
    }
    none(&wrong);
}

/// Names that want to be more than names.
const NAMES: [&str; 12] = [
    "::error::x",
    "a\n::error::x",
    "\u{1b}[31mred",
    "\u{1b}]0;title\u{7}",
    "a\r::warning::x",
    "\u{202e}txt.live",
    "##[error]x",
    "##vso[task.setvariable variable=x]y",
    "%0A::error::x",
    "-rf",
    "a'\"`$(x){{name}}<b>&amp;",
    "\u{9b}2J",
];

#[test]
fn names_of_integrations_that_want_to_be_more() {
    let mut wrong = vec![];
    for name in NAMES {
        let host = host();
        let from = host.at(OWN);
        std::fs::create_dir(host.at(&format!("packages/integrations/{name}"))).unwrap();
        crate::support::fault::copy_tree(&from, &host.at(&format!("packages/integrations/{name}")));
        // With findings in it, in every format.
        let manifest = format!("packages/integrations/{name}/package.json");
        let text = host.read(&manifest).replace(
            "integrations.acme",
            &format!("integrations.{}", name.escape_default()),
        );
        host.write(&manifest, text);
        host.write(
            &format!("packages/integrations/{name}/src/integration.ts"),
            format!("export const {name} = ;\n"),
        );
        every_format(&mut wrong, &format!("an integration {name:?}"), &host);
    }
    none(&wrong);
}

#[test]
fn names_of_files_that_want_to_be_more() {
    let mut wrong = vec![];
    for name in NAMES {
        let host = host();
        let inside = format!("{OWN}/src/modules/{name}");
        host.write(
            &format!("{inside}/{name}.service.ts"),
            "import { x } from 'nowhere';\nclass {\n",
        );
        host.write(&format!("{inside}/index.ts"), "export * from './none';\n");
        host.write(
            &format!("packages/configs/integrations/src/models/{name}.ts"),
            "const = ;\n",
        );
        every_format(&mut wrong, &format!("files {name:?}"), &host);
    }
    none(&wrong);
}

#[test]
fn contents_that_want_to_be_more() {
    let mut wrong = vec![];
    for name in NAMES {
        let host = host();
        let in_code = name.replace(['\n', '\r', '\'', '`'], " ");
        let in_json = serde_json::to_string(name).unwrap();
        // Names that findings repeat: entries, specifiers, packages, exports.
        host.write(
            CODE[1],
            format!("export * as Tickets from './{in_code}';\nexport * as A from '{in_code}';\n"),
        );
        host.write(CODE[4], format!("export * as X from '{in_code}';\n// {name}\n"));
        host.write(
            CODE[3],
            format!("import {{ x }} from '{in_code}';\nexport class T extends Y {{ '{in_code}'() {{}} }}\n"),
        );
        host.replace(
            CONFIGS,
            "\"dependencies\": {",
            &format!("\"dependencies\": {{ {in_json}: {in_json}, \"@o2s/integrations.x\": \"*\","),
        );
        host.replace(
            "packages/integrations/acme/package.json",
            "\"exports\": {",
            &format!(
                "\"exports\": {{ {in_json}: {in_json}, \"./y\": \"./dist/{}\",",
                &in_json[1..in_json.len() - 1]
            ),
        );
        every_format(&mut wrong, &format!("contents {name:?}"), &host);
    }
    none(&wrong);
}

fn every_format(wrong: &mut Vec<String>, name: &str, host: &Sandbox) {
    let before = host.tree();
    for format in FORMATS {
        if let Err(what) = checked(host, format) {
            wrong.push(format!("{name} ({format}): {what}"));
        }
    }
    if !changes(&before, &host.tree()).is_empty() {
        wrong.push(format!("{name}: files changed"));
    }
}

#[test]
fn very_many_entries() {
    let mut wrong = vec![];
    let host = host();
    let mut many = String::new();
    for at in 0..10_000 {
        let _ = writeln!(many, "export * as M{at} from './m{at}';");
    }
    for place in [CODE[1], CODE[4], CODE[2], "packages/framework/src/index.ts"] {
        let old = host.read(place);
        host.write(place, format!("{old}{many}"));
        judge(
            &mut wrong,
            1,
            &format!("10,000 modules in {place}"),
            &host,
            |_, _| true,
        );
        host.write(place, old);
    }
    let mut same = String::new();
    for _ in 0..10_000 {
        let _ = writeln!(same, "export * as Tickets from './tickets';");
    }
    host.write(CODE[1], same);
    judge(&mut wrong, 2, "10,000 times the same", &host, |code, _| code == 1);
    none(&wrong);
}

#[test]
fn circles() {
    let mut wrong = vec![];
    let service = CODE[3];
    let dir = "packages/integrations/acme/src/modules/tickets";
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "imports",
            &[
                (
                    service,
                    "import { B } from './b';\nexport { B as TicketsService };\n",
                ),
                (
                    "b.ts",
                    "import { TicketsService as B } from './tickets.service';\nexport { B };\n",
                ),
            ],
        ),
        (
            "stars",
            &[
                (
                    service,
                    "export * from './b';\nexport * from './tickets.service';\n",
                ),
                (
                    "b.ts",
                    "export * from './tickets.service';\nexport * from './index';\nexport * from '.';\n",
                ),
            ],
        ),
        (
            "bases",
            &[
                (
                    service,
                    "import { B } from './b';\nexport class TicketsService extends B {}\n",
                ),
                (
                    "b.ts",
                    "import { TicketsService } from './tickets.service';\nexport class B extends TicketsService {}\n",
                ),
            ],
        ),
        (
            "own base",
            &[(service, "export class TicketsService extends TicketsService {}\n")],
        ),
        (
            "namespaces",
            &[(
                service,
                "export namespace N { export import A = N.B; export import B = N.A; }\nexport import TicketsService = N.A.B.A;\n",
            )],
        ),
        (
            "configurations",
            &[
                ("../../../tsconfig.json", "{\"extends\": \"./tsconfig.json\"}"),
                (
                    "../../../tsconfig.lint.json",
                    "{\"extends\": \"./tsconfig.json\"}",
                ),
            ],
        ),
        (
            "the contract",
            &[
                (
                    "/packages/framework/src/modules/tickets/tickets.service.ts",
                    "import { B } from './b';\nexport abstract class TicketService extends B { abstract a(x: A<A<B>>): C; }\ntype A<T> = T | A<T>;\ntype C = D; type D = C;\n",
                ),
                (
                    "/packages/framework/src/modules/tickets/b.ts",
                    "import { TicketService } from './tickets.service';\nexport abstract class B extends TicketService { abstract b(): B; }\n",
                ),
            ],
        ),
    ];
    for (at, (name, files)) in cases.iter().enumerate() {
        let host = host();
        for (path, text) in *files {
            let path = match (
                path.strip_prefix('/'),
                path.starts_with("packages"),
                path.strip_prefix("../../../"),
            ) {
                (Some(path), ..) => path.to_owned(),
                (_, true, _) => (*path).to_owned(),
                (.., Some(path)) => format!("{OWN}/{path}"),
                _ => format!("{dir}/{path}"),
            };
            host.write(&path, text);
        }
        judge(&mut wrong, at, &format!("a circle of {name}"), &host, |_, _| true);
    }
    none(&wrong);
}

#[test]
fn names_that_double_with_every_step() {
    let mut wrong = vec![];
    let host = host();
    let mut aliases = String::from("export namespace N {\n    export import A0 = N;\n");
    for at in 1..60 {
        let before = at - 1;
        let _ = writeln!(
            aliases,
            "    export import A{at} = N.A{before}.A{before}.A{before};"
        );
    }
    aliases.push_str("}\nexport import TicketsService = N.A59;\n");
    host.write(CODE[3], &aliases);
    judge(&mut wrong, 0, "aliases that double", &host, |_, _| true);
    let mut types =
        String::from("export abstract class TicketService {\n    abstract a(): T59;\n}\ntype T0 = string;\n");
    for at in 1..60 {
        let before = at - 1;
        let _ = writeln!(types, "type T{at} = [T{before}, T{before}, T{before}];");
    }
    host.write(CODE[8], &types);
    judge(&mut wrong, 1, "types that double", &host, |_, _| true);
    let mut stars = String::new();
    for at in 0..40 {
        let next = at + 1;
        host.write(
            &format!("packages/integrations/acme/src/modules/tickets/s{at}.ts"),
            format!("export * from './s{next}';\nexport * from './t{next}';\n"),
        );
        host.write(
            &format!("packages/integrations/acme/src/modules/tickets/t{at}.ts"),
            format!("export * from './s{next}';\nexport * from './t{next}';\n"),
        );
        let _ = writeln!(stars, "export * from './s{at}';");
    }
    host.write(CODE[3], &stars);
    judge(&mut wrong, 2, "stars that double", &host, |_, _| true);
    none(&wrong);
}

#[test]
fn deep_directories_and_links_in_circles() {
    let mut wrong = vec![];
    let host = host();
    host.link(&format!("{OWN}/src/loop"), "..");
    host.link("packages/integrations/linked", "acme");
    host.link("packages/integrations/out", "/etc");
    host.link("packages/integrations/self", "self");
    host.link("packages/integrations/up", "../..");
    host.write(
        &format!("{OWN}/src{}/deep.ts", "/d".repeat(400)),
        "import x from 'y';\n",
    );
    for nth in 0..6 {
        judge(&mut wrong, nth, "links in circles", &host, |_, text| {
            !text.contains("hostname")
        });
    }
    none(&wrong);
}

/// Names that a disk may hold and that no path of a host can have.
const UNNAMEABLE: [&str; 6] = [
    "a:b",
    "aux",
    "dot.",
    "blank ",
    "line\nfeed",
    "turned\u{202e}round",
];

#[test]
fn a_name_that_cannot_be_looked_at_is_a_finding_and_ends_nothing() {
    for name in UNNAMEABLE {
        let host = host();
        let shown = format!("packages/integrations/{name}");
        std::fs::create_dir(host.at(&shown)).unwrap();
        crate::support::fault::copy_tree(&host.at(OWN), &host.at(&shown));
        let before = host.tree();
        for format in FORMATS {
            let ran = host.run(&["check", "--format", format]);
            ran.exits(1);
            assert!(ran.out.contains("unparsable"), "{name:?} ({format}): {}", ran.out);
        }
        let ran = host.run(&["check", "--format", "json"]);
        let out: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let found = out["findings"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{name:?}: {}", ran.out);
        assert_eq!(
            found[0]["location"]["path"],
            shown.as_str(),
            "{name:?}: {}",
            ran.out
        );
        let ran = host.done(&["list"]);
        assert!(ran.out.starts_with("acme"), "{name:?}: {}", ran.out);
        let ran = host.done(&["list", "--format", "json"]);
        assert!(ran.out.contains("unparsable"), "{name:?}: {}", ran.out);
        host.done(&["new-integration", "other", "--modules", "tickets", "--dry-run"]);
        host.done(&["update", "--dry-run"]);
        host.completed("bash", &["new", ""]);
        assert_eq!(changes(&before, &host.tree()), Vec::<String>::new());
    }
}

#[test]
fn within_a_member_such_a_name_is_a_finding_of_the_member() {
    let host = host();
    let (from, to) = (
        format!("{OWN}/src/modules/tickets"),
        format!("{OWN}/src/modules/a:b"),
    );
    std::fs::create_dir(host.at(&to)).unwrap();
    crate::support::fault::copy_tree(&host.at(&from), &host.at(&to));
    for _ in 0..2 {
        let ran = host.run(&["check", "--format", "concise"]);
        ran.exits(1);
        assert!(
            ran.out.contains("unparsable") && ran.out.contains("a:b"),
            "{}",
            ran.out
        );
    }
    host.done(&["list"]);
}
