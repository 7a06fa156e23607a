//! The docs hold what they say: every session in them runs and prints what they show, every command parses,
//! every link resolves, every key of a pack is explained.
//!
//! A page is one session. Its ```` ```console ```` blocks run in order in an empty directory, shown as `/code`;
//! `…` on a line of its own stands for any lines. `<!-- run: … -->` runs a command that is not shown. What
//! stands in the block after `<!-- file: PATH -->` or `<!-- append: PATH -->` is written to that file. What
//! stands between `<!-- help: COMMAND -->` and the end of the block after it is that command's help. Commands
//! in ```` ```console parse ```` and ```` ```sh ```` blocks are only parsed. `TENON_BLESS=1 cargo test --test docs`
//! (`just docs`) writes what the program prints into the pages.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use expectrl::{Eof, Expect, Session};
use regex::Regex;

#[path = "docs/book.rs"]
mod book;
#[path = "docs/cookbook.rs"]
mod cookbook;
#[path = "docs/pack_keys.rs"]
mod pack_keys;
#[path = "docs/pictures.rs"]
mod pictures;
#[path = "docs/rules.rs"]
mod rules;

const SHOWN: &str = "/code";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let top = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];
    let mut all: Vec<PathBuf> = top.iter().map(|page| root().join(page)).collect();
    let docs = walkdir::WalkDir::new(root().join("docs")).sort_by_file_name();
    all.extend(
        docs.into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.extension().is_some_and(|ext| ext == "md")),
    );
    all
}

fn shown(page: &Path) -> String {
    page.strip_prefix(root()).unwrap().display().to_string()
}

/// A directory in which commands run as a person would run them, without what this machine sets.
struct Sandbox {
    dir: tempfile::TempDir,
    here: PathBuf,
    /// Whether the commands that a page shows run on a terminal.
    on_terminal: bool,
}

impl Sandbox {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let code = dir.path().canonicalize().unwrap().join("code");
        fs::create_dir(&code).unwrap();
        Self {
            dir,
            here: code,
            on_terminal: false,
        }
    }

    /// Writes a file below where the session is, or what comes behind what it says.
    fn write(&self, path: &str, text: &str, appends: bool) {
        let path = self.here.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = match appends {
            true => fs::read_to_string(&path).unwrap() + "\n",
            false => String::new(),
        };
        fs::write(path, before + text).unwrap();
    }

    /// What a shell prints for `line`, both streams together, and whether it succeeded.
    fn run(&mut self, line: &str) -> (String, bool) {
        let out = self.shell(&format!("exec 2>&1\n{line}")).output().unwrap();
        (
            self.ended(String::from_utf8(out.stdout).unwrap()),
            out.status.success(),
        )
    }

    /// What a command of a page prints: on a terminal that is as wide as a page, if the session has one.
    fn shown(&mut self, line: &str) -> String {
        if !self.on_terminal {
            return self.run(line).0;
        }
        let mut command = self.shell(&format!("stty cols 200\n{line}"));
        command
            .stdin(Stdio::inherit())
            .env("TERM", "xterm")
            .env("NO_COLOR", "1");
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(60)));
        let Ok(found) = session.expect(Eof) else {
            let mut seen = [0; 65536];
            let n = session.try_read(&mut seen).unwrap_or(0);
            let seen = String::from_utf8_lossy(&seen[..n]);
            panic!("`{line}` does not end on a terminal: does it ask?\n{seen}");
        };
        let text = String::from_utf8_lossy(found.as_bytes()).into_owned();
        self.ended(printed(&text))
    }

    /// A shell for `script` where the session is.
    fn shell(&self, script: &str) -> Command {
        let bin = Path::new(env!("CARGO_BIN_EXE_tenon")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                &format!("{script}\nstatus=$?\npwd > \"$PWD_FILE\"\nexit $status\n"),
            ])
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.dir.path())
            .env("PWD_FILE", self.dir.path().join("pwd"))
            .env("LC_ALL", "C.UTF-8")
            .current_dir(&self.here)
            .stdin(Stdio::null());
        command
    }

    /// Goes where the shell ended. Gives its output with the directory as a page shows it.
    fn ended(&mut self, text: String) -> String {
        self.here = PathBuf::from(
            fs::read_to_string(self.dir.path().join("pwd"))
                .unwrap()
                .trim_end(),
        );
        let code = self.dir.path().canonicalize().unwrap().join("code");
        text.replace(code.to_str().unwrap(), SHOWN)
    }
}

/// What stays on a terminal of what was sent to it: no progress that was cleared, no colours.
fn printed(sent: &str) -> String {
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\x1b\[[0-9;?]*[A-Za-z]|\r").unwrap());
    let kept = sent
        .split('\n')
        .map(|line| line.rsplit("\u{1b}[2K").next().unwrap_or_default());
    let kept: Vec<_> = kept.map(|line| CODE.replace_all(line, "")).collect();
    kept.join("\n")
}

/// Whether `text` is `expected`, in which a line `…` stands for any lines.
fn agrees(expected: &[String], text: &[String]) -> bool {
    match expected.split_first() {
        None => text.is_empty(),
        Some((first, rest)) if first == "…" => (0..=text.len()).any(|at| agrees(rest, &text[at..])),
        Some((first, rest)) => text.first() == Some(first) && agrees(rest, &text[1..]),
    }
}

/// `text` with the same number of lines before and after the one `…` as `expected` has; all of it otherwise.
fn elided(expected: &[String], text: Vec<String>) -> Vec<String> {
    let holes: Vec<usize> = (0..expected.len()).filter(|&at| expected[at] == "…").collect();
    let [hole] = holes[..] else { return text };
    let tail = expected.len() - hole - 1;
    if hole + tail >= text.len() || (hole == 0 && tail == 0) {
        return text;
    }
    [&text[..hole], &["…".to_owned()], &text[text.len() - tail..]].concat()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// The commands of a block, each with the lines that it prints.
fn commands(block: &[String]) -> Vec<(String, Vec<String>)> {
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), out.last_mut()) {
            (Some(command), _) => out.push((command.to_owned(), vec![])),
            (None, Some((command, printed))) => {
                if command.ends_with('\\') {
                    command.push('\n');
                    command.push_str(line.strip_prefix("> ").unwrap_or(line));
                } else {
                    printed.push(line.clone());
                }
            }
            (None, None) => panic!("a console block must begin with a command, not with `{line}`"),
        }
    }
    out
}

/// The page as it should be, and what is not so.
fn played(page: &str, mut sandbox: Sandbox, wrong: &mut Vec<String>) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut source = page.lines().map(str::to_owned).peekable();
    let mut help: Option<String> = None;
    let mut file: Option<(String, bool)> = None;
    while let Some(line) = source.next() {
        out.push(line.clone());
        if let Some(hidden) = line
            .strip_prefix("<!-- run: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        {
            let (text, done) = sandbox.run(hidden);
            if !done {
                wrong.push(format!("`{hidden}` failed:\n{text}"));
            }
        }
        if let Some(command) = line
            .strip_prefix("<!-- help: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        {
            help = Some(command.to_owned());
        }
        for (mark, appends) in [("<!-- file: ", false), ("<!-- append: ", true)] {
            let path = line.strip_prefix(mark).and_then(|rest| rest.strip_suffix(" -->"));
            file = path.map(|path| (path.to_owned(), appends)).or(file);
        }
        let kind = line.trim_start_matches('`');
        let fence = &line[..line.len() - kind.len()];
        if fence.len() < 3 || kind.is_empty() {
            continue;
        }
        let block: Vec<String> = source.by_ref().take_while(|line| line != fence).collect();
        if let Some((path, appends)) = file.take() {
            sandbox.write(&path, &(block.join("\n") + "\n"), appends);
        }
        if let Some(command) = help.take() {
            let (text, _) = sandbox.run(&format!("{command} --help"));
            // The global options stand once, with the program's own help.
            let shared = if command == "tenon" {
                text.len()
            } else {
                text.find("\nGlobal options:").unwrap_or(text.len())
            };
            let text = lines(text[..shared].trim_end());
            if text != block {
                wrong.push(format!("`{command} --help` prints something else"));
            }
            out.extend(text);
        } else if kind == "console" {
            for (command, expected) in commands(&block) {
                let text = lines(&sandbox.shown(&command));
                out.extend(lines(&format!("$ {}", command.replace("\\\n", "\\\n> "))));
                if agrees(&expected, &text) {
                    out.extend(expected);
                } else {
                    wrong.push(format!("`{command}` prints:\n{}\n", text.join("\n")));
                    out.extend(elided(&expected, text));
                }
            }
        } else {
            out.extend(block);
        }
        out.push(fence.to_owned());
    }
    out.join("\n") + "\n"
}

#[test]
fn sessions_in_the_docs_print_what_they_show() {
    let bless = std::env::var_os("TENON_BLESS").is_some();
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut here = Vec::new();
        let new = played(&text, Sandbox::new(), &mut here);
        if bless && new != text {
            fs::write(&page, new).unwrap();
            continue;
        }
        wrong.extend(here.into_iter().map(|what| format!("{}: {what}", shown(&page))));
    }
    assert!(
        wrong.is_empty(),
        "{}\n\nto rewrite the pages: TENON_BLESS=1 cargo test --test docs",
        wrong.join("\n")
    );
}

/// Whoever pastes the commands of these pages into a terminal is asked nothing, and sees what the page shows.
#[test]
fn pages_for_beginners_show_what_a_terminal_shows() {
    // The pages are being rewritten.
    if std::env::var_os("TENON_BLESS").is_some() {
        return;
    }
    let mut wrong = Vec::new();
    let guides = |page: &PathBuf| {
        let name = page.file_stem().unwrap().to_str().unwrap();
        name.starts_with("getting-started") || ["tour", "learn", "write-a-pack", "ci"].contains(&name)
    };
    let pages: Vec<PathBuf> = pages().into_iter().filter(guides).collect();
    assert_eq!(pages.len(), 8, "{pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let mut here = Vec::new();
        let mut sandbox = Sandbox::new();
        sandbox.on_terminal = true;
        played(&text, sandbox, &mut here);
        wrong.extend(here.into_iter().map(|what| format!("{}: {what}", shown(&page))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn commands_in_the_docs_parse() {
    let mut sandbox = Sandbox::new();
    assert!(sandbox.run("tenon new host shop --pack o2s --quiet && cd shop").1);
    // The pack that CONTRIBUTING.md has people write.
    let pack = root().join("templates/o2s");
    assert!(sandbox.run(&format!("cp -R '{}' my-pack", pack.display())).1);
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut kind = String::new();
        for line in text.lines() {
            if let Some(next) = line.strip_prefix("```") {
                kind = next.to_owned();
            }
            if kind != "sh" && kind != "console parse" {
                continue;
            }
            let command = line.strip_prefix("$ ").unwrap_or(line);
            let command = command.split(" > ").next().unwrap_or(command);
            let Some(words) = command.strip_prefix("tenon ") else {
                continue;
            };
            seen += 1;
            let (text, done) = sandbox.run(&format!("tenon {words} --help"));
            assert!(done, "{}: `{command}` does not parse:\n{text}", shown(&page));
        }
    }
    assert!(seen > 0, "no command was looked at");
}

#[test]
fn every_command_has_its_help_in_the_reference() {
    let reference = fs::read_to_string(root().join("docs/commands.md")).unwrap();
    let mut sandbox = Sandbox::new();
    assert!(sandbox.run("tenon new host shop --pack o2s --quiet && cd shop").1);
    for (command, heading) in [
        ("tenon", "Commands:"),
        ("tenon new", "Kinds:"),
        ("tenon pack", "Commands:"),
    ] {
        let (text, _) = sandbox.run(&format!("{command} --help"));
        let listed: Vec<&str> = text
            .lines()
            .skip_while(|line| *line != heading)
            .skip(1)
            .take_while(|line| !line.is_empty())
            // What is set in deeper goes on from the line before.
            .filter(|line| !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|word| *word != "help")
            .collect();
        assert!(
            !listed.is_empty(),
            "`{command} --help` lists nothing under `{heading}`"
        );
        for word in listed {
            // Both names of one command: the page has its help once.
            if (command, word) == ("tenon new", "integration") {
                let mut options = |command: &str| {
                    let text = sandbox.run(&format!("{command} --help")).0;
                    text[text.find("Arguments:").unwrap()..].to_owned()
                };
                assert_eq!(options("tenon new integration"), options("tenon new-integration"));
                continue;
            }
            let wanted = format!("<!-- help: {command} {word} -->");
            assert!(reference.contains(&wanted), "docs/commands.md lacks `{wanted}`");
        }
    }
}

/// The part of a link after `#` by which a heading is reached.
fn anchor(heading: &str) -> String {
    let text: String = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect();
    text.replace(' ', "-")
}

fn anchors(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let mut fenced = false;
    let mut out = Vec::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if !fenced && line.starts_with('#') {
            out.push(anchor(line.trim_start_matches('#').trim()));
        }
    }
    out
}

#[test]
fn links_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.starts_with("```");
            if fenced {
                continue;
            }
            for found in link.captures_iter(line) {
                let target = &found[1];
                if target.contains("://") {
                    continue;
                }
                seen += 1;
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let file = if file.is_empty() {
                    page.clone()
                } else {
                    page.parent().unwrap().join(file)
                };
                assert!(file.exists(), "{}: `{target}` leads nowhere", shown(&page));
                assert!(
                    anchor.is_empty() || anchors(&file).contains(&anchor.to_owned()),
                    "{}: `{target}` names no heading",
                    shown(&page)
                );
            }
        }
    }
    assert!(seen > 0, "no link was looked at");
}

#[test]
fn paths_in_the_docs_exist() {
    let path = regex::Regex::new(
        r"`((?:src|crates/tenon-[a-z]+|docs|tests|templates|benches|\.ci|\.github)/[^`\s]*)`",
    )
    .unwrap();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        // What a program prints speaks of the host that it ran in.
        let prose: Vec<&str> = text.split("\n```").step_by(2).collect();
        for found in path.captures_iter(&prose.join("\n")) {
            let named = &found[1];
            // A pattern, or a name with a placeholder, stands for many.
            if !named.contains(['*', '<', '{', '…']) {
                assert!(
                    root().join(named).exists(),
                    "{}: there is no `{named}`",
                    shown(&page)
                );
            }
        }
    }
}

#[test]
fn no_path_of_a_machine_stands_in_the_docs() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for word in ["/tmp/", "/root/", "/home/", "/Users/"] {
            assert!(!text.contains(word), "{} has `{word}`", shown(&page));
        }
    }
}

/// The keys that a file of serde types reads, by the type that reads them.
fn keys_of(source: &str) -> BTreeMap<String, Vec<String>> {
    let source = fs::read_to_string(root().join(source)).unwrap();
    let kebab = |name: &str| {
        let mut out = String::new();
        for (at, c) in name.char_indices() {
            if c.is_uppercase() && at > 0 {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        }
        out.replace('_', "-")
    };
    let rename = regex::Regex::new(r#"rename = "([^"]+)""#).unwrap();
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut within, mut renamed) = (None, None);
    for line in source.lines() {
        let text = line.trim();
        if let Some(rest) = text
            .strip_prefix("pub struct ")
            .or(text.strip_prefix("pub enum "))
        {
            within = rest.split_whitespace().next().map(str::to_owned);
        } else if line == "}" {
            within = None;
        } else if let Some(found) = rename.captures(text).filter(|_| text.starts_with("#[serde")) {
            renamed = Some(found[1].to_owned());
        } else if let Some(within) = &within {
            let field = text
                .strip_prefix("pub ")
                .and_then(|rest| rest.split_once(':'))
                .map(|(name, _)| name);
            let variant = text
                .strip_suffix(',')
                .filter(|name| name.chars().all(char::is_alphanumeric));
            if let Some(name) = field.or(variant) {
                keys.entry(within.clone())
                    .or_default()
                    .push(renamed.take().unwrap_or_else(|| kebab(name)));
            }
        }
    }
    keys
}

fn every_key_is_explained(source: &str, page: &str, at_least: usize) {
    let guide = fs::read_to_string(root().join(page)).unwrap();
    let keys = keys_of(source);
    assert!(
        keys.values().map(Vec::len).sum::<usize>() > at_least,
        "keys were not found: {keys:?}"
    );
    for (owner, keys) in keys {
        let marker = format!("<!-- keys: {owner} -->");
        let Some((_, section)) = guide.split_once(&marker) else {
            panic!("{page} lacks `{marker}`")
        };
        let section = section.split("<!-- keys: ").next().unwrap_or_default();
        for key in keys {
            assert!(
                section.contains(&format!("`{key}`")),
                "{page}, `{owner}`: `{key}` is not explained"
            );
        }
    }
}

#[test]
fn every_key_of_the_settings_is_explained() {
    every_key_is_explained("crates/tenon-engine/src/settings/raw.rs", "docs/settings.md", 12);
}

#[test]
fn every_test_that_the_security_page_names_exists() {
    let page = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let mut sources = String::new();
    for dir in ["tests", "crates", "src"] {
        for entry in walkdir::WalkDir::new(root().join(dir)) {
            let entry = entry.unwrap();
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs")
            {
                sources.push_str(&fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let name = regex::Regex::new(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`").unwrap();
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.matches('|').count() == 3);
    let mut seen = 0;
    for row in rows {
        let tests = row.rsplit('|').nth(1).unwrap();
        for found in name.captures_iter(tests) {
            seen += 1;
            assert!(
                sources.contains(&format!("fn {}(", &found[1])),
                "there is no test `{}`",
                &found[1]
            );
        }
    }
    assert!(seen > 50, "only {seen} tests are named");
}

/// The names `tenon` in registries are other people's: no page tells anyone to install one of those packages.
#[test]
fn no_page_installs_a_package_that_is_not_ours() {
    let mut all: Vec<PathBuf> = pages();
    all.extend(
        [
            "install.sh",
            "action.yml",
            "packaging/test.sh",
            "packaging/Dockerfile",
        ]
        .map(|path| root().join(path)),
    );
    let install = regex::Regex::new(
        r"(?:npm (?:install|i|add)|pnpm add|yarn add|npx(?: --yes| -y)?|pip install|pipx (?:run|install)|uvx|uv tool (?:run|install)|cargo install|cargo binstall)(?: --?[a-z][a-z-]*)* tenon(?:[^a-z-]|$)|dependencies: \[tenon(?:[^a-z-]|$)",
    )
    .unwrap();
    for wrong in [
        "npm install --save-dev tenon`",
        "uvx tenon",
        "npx tenon check",
        "cargo install tenon",
        "additional_dependencies: [tenon==0.1.0]",
    ] {
        assert!(install.is_match(wrong), "{wrong}");
    }
    let mut found = vec![];
    for page in all {
        let text = fs::read_to_string(&page).unwrap();
        // What `--no` names is installed already.
        let lines = text
            .lines()
            .filter(|line| install.is_match(&line.replace("npx --no-install tenon", "")));
        found.extend(lines.map(|line| format!("{}: {line}", shown(&page))));
    }
    assert_eq!(found, Vec::<String>::new());
    let page = fs::read_to_string(root().join("docs/install.md")).unwrap();
    assert!(page.contains("No release has been published yet") && page.contains("`tenon-cli`"));
}
