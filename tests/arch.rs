//! What the sources must look like: the direction of dependencies, the fences, no word of a framework.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Each layer imports only from the ones before it; the ones in one row never import each other.
///
/// The design brackets `answers` with `facts`. Answers are rows of fact tables (a module that may be chosen is
/// a fact of the host), so the true order is `facts < answers`. It brackets `plan` with `rules`; rules read answers back and
/// render what is missing as the generator does, so it is `plan < rules`.
const LAYERS: &[&[&str]] = &[
    &["diag"],
    &["lang"],
    &["pack"],
    &["host"],
    &["settings"],
    &["facts"],
    &["answers"],
    &["plan"],
    &["rules"],
    &["apply", "report"],
    &["lsp", "trial"],
    &["cli"],
    &["main"],
];

/// Words of frameworks. `src/` knows languages and file formats; what a framework is stands in its pack.
const WORDS: &[&str] = &[
    "o2s",
    "openselfservice",
    "djblets",
    "django",
    "nestjs",
    "nest",
    "enmasse",
    "syndesis",
    "reviewboard",
    "integration-controller",
];

/// Lines in which such a word is another word.
const OTHER_WORDS: &[(&str, &str, &str)] = &[
    (
        "crates/tenon-syntax/src/typescript/rewrite.rs",
        "may nest",
        "the verb: types nest",
    ),
    (
        "crates/tenon-syntax/src/typescript/public.rs",
        "may nest",
        "the verb: namespaces nest",
    ),
];

/// Files over 500 lines, each with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions over 80 lines, each with the reason.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[(
    "crates/tenon-engine/src/facts/entity.rs",
    "entity",
    "one search in several steps that share what they look at; to be split",
)];

/// Printing outside `report`.
const PRINTERS: &[(&str, &str, &str)] = &[
    (
        "src/cli/lsp.rs",
        "serve(std::io::stdin(), std::io::stdout(), hooks)",
        "what goes there is the protocol, and nobody reads it",
    ),
    (
        "crates/tenon-engine/src/answers/prompt.rs",
        "stdin().is_terminal()",
        "asks whether a person is there; prints nothing",
    ),
    (
        "crates/tenon-engine/src/answers/prompt.rs",
        "Term::stderr().show_cursor()",
        "a prompt's cursor is the prompt's affair",
    ),
];

/// Writing outside `apply`.
const WRITERS: &[(&str, &str, &str)] = &[(
    "src/cli/try_it.rs",
    "tempfile::tempdir()",
    "the throw-away directory of `tenon try`, which is no host",
)];

/// Reading outside `host` and where packs are read.
const READERS: &[(&str, &str, &str)] = &[
    (
        "crates/tenon-syntax/src/typescript/resolve.rs",
        "self.read_to_string(path)",
        "the names of `oxc_resolver`'s file system, which is the host's reader",
    ),
    (
        "crates/tenon-syntax/src/typescript/resolve.rs",
        "fn read_to_string(",
        "the names of `oxc_resolver`'s file system, which is the host's reader",
    ),
    (
        "crates/tenon-syntax/src/typescript/resolve.rs",
        "fn symlink_metadata(",
        "the names of `oxc_resolver`'s file system, which is the host's reader",
    ),
    (
        "src/cli/new.rs",
        "read_to_string(path)",
        "the answers file lies wherever the person says",
    ),
    (
        "src/cli/new.rs",
        "!dir.exists()",
        "whether a new host's directory has to be taken back",
    ),
    (
        "src/cli/new.rs",
        "read_dir(&dir)",
        "a new host goes into an empty directory",
    ),
    (
        "src/cli/context.rs",
        "join(&path).exists()",
        "where `--pack` points, which is no host",
    ),
    (
        "src/cli/packs.rs",
        "join(path).exists()",
        "where `--pack` points, which is no host",
    ),
    (
        "src/cli/baseline.rs",
        "dir.canonicalize()",
        "a baseline lies wherever the person says",
    ),
    (
        "src/cli/baseline.rs",
        "read_to_string(&full)",
        "a baseline lies wherever the person says",
    ),
    (
        "src/cli/check.rs",
        "BaselineFile::open(path",
        "a baseline, which opens its file itself",
    ),
    (
        "src/cli/check.rs",
        "path.canonicalize()",
        "a path of the command line, as the shell in that directory means it",
    ),
    (
        "src/cli/remembered.rs",
        "read_to_string(path)",
        "what is remembered lies in the user's cache directory",
    ),
    (
        "src/cli/remembered.rs",
        "path.exists()",
        "what is remembered lies in the user's cache directory",
    ),
    (
        "src/cli/watch.rs",
        "full.is_dir()",
        "what to watch, not what it says",
    ),
    (
        "src/cli/undo.rs",
        "join(STATE_DIR).is_dir()",
        "looking upwards for the root, before there is a host",
    ),
];

struct File {
    path: String,
    text: String,
    /// Lines outside tests, by number from 1.
    code: Vec<(usize, String)>,
}

impl File {
    fn layer(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap();
        inside.split(['/', '.']).next().unwrap()
    }
}

/// All sources. Modules that only tests use count as tests: files and folders called `tests`, `*_tests.rs`.
fn sources() -> Vec<File> {
    fn walk(dir: &Path, into: &mut Vec<File>) {
        for entry in fs::read_dir(dir).unwrap() {
            let at = entry.unwrap().path();
            if at.is_dir() {
                walk(&at, into);
            } else if at.extension().is_some_and(|extension| extension == "rs") {
                let path = at
                    .strip_prefix(env!("CARGO_MANIFEST_DIR"))
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                let text = fs::read_to_string(&at).unwrap();
                let is_test = path.contains("/tests/") || path.ends_with("tests.rs");
                let code = if is_test { vec![] } else { code(&text) };
                into.push(File { path, text, code });
            }
        }
    }
    let mut files = vec![];
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "only {} sources are found", files.len());
    files
}

/// The lines of `text` before its test module, comments cut off.
fn code(text: &str) -> Vec<(usize, String)> {
    let mut lines = vec![];
    let all: Vec<&str> = text.lines().collect();
    for (at, line) in all.iter().enumerate() {
        let opens_tests = all
            .get(at + 1)
            .is_some_and(|next| next.trim_start().starts_with("mod tests {"));
        if line.trim() == "#[cfg(test)]" && opens_tests {
            break;
        }
        let line = line.split(" //").next().unwrap();
        if !line.trim_start().starts_with("//") {
            lines.push((at + 1, line.to_owned()));
        }
    }
    lines
}

/// The layers that a line of code names: `crate::x`, and `crate::{x, y::z}` on one line.
fn imported(line: &str) -> Vec<String> {
    let mut found = vec![];
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group.split(['}', ',']).map(str::trim).collect(),
            None => vec![rest],
        };
        for name in names {
            let word: String = name
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            if !word.is_empty() {
                found.push(word);
            }
        }
    }
    found
}

fn level(layer: &str) -> usize {
    LAYERS
        .iter()
        .position(|row| row.contains(&layer))
        .unwrap_or_else(|| panic!("`{layer}` has no place in the direction of dependencies"))
}

#[test]
fn a_module_imports_only_from_layers_before_its_own() {
    let mut wrong = vec![];
    let mut seen = BTreeSet::new();
    for file in sources() {
        let own = file.layer().to_owned();
        let at = level(&own);
        for (number, line) in &file.code {
            for other in imported(line) {
                seen.insert((own.clone(), other.clone()));
                if other != own && level(&other) >= at {
                    wrong.push(format!("{}:{number}: `{own}` imports `{other}`", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The look itself works: these are there today.
    for (own, other) in [
        ("plan", "host"),
        ("apply", "plan"),
        ("answers", "facts"),
        ("cli", "apply"),
    ] {
        assert!(
            seen.contains(&(own.into(), other.into())),
            "`{own}` no longer imports `{other}`"
        );
    }
}

#[test]
fn groups_of_imports_are_seen() {
    assert_eq!(imported("use crate::{diag::Error, host};"), ["diag", "host"]);
    assert_eq!(
        imported("let a = crate::lang::x(crate::plan::y);"),
        ["lang", "plan"]
    );
    let grouped = sources()
        .into_iter()
        .find(|file| file.text.lines().any(|line| line.trim() == "use crate::{"));
    assert!(
        grouped.is_none(),
        "an import group over several lines is not seen: {}",
        grouped.unwrap().path
    );
}

#[test]
fn no_word_of_a_framework_stands_in_the_sources() {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut wrong = vec![];
    let mut used = BTreeSet::new();
    for file in sources() {
        for (number, line) in file.text.lines().enumerate() {
            let lower = line.to_lowercase();
            for word in WORDS {
                let whole = lower.match_indices(word).any(|(at, _)| {
                    !lower[..at].ends_with(is_word) && !lower[at + word.len()..].starts_with(is_word)
                });
                let reason = OTHER_WORDS
                    .iter()
                    .position(|(path, part, _)| *path == file.path && line.contains(part));
                match (whole, reason) {
                    (false, _) => {}
                    (true, Some(reason)) => {
                        used.insert(reason);
                    }
                    (true, None) => {
                        wrong.push(format!("{}:{}: `{word}`: {}", file.path, number + 1, line.trim()))
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        used.len(),
        OTHER_WORDS.len(),
        "an exemption is not needed any more"
    );
}

/// Lines outside `allowed` with one of `marks`, unless exempted; every exemption must be needed.
fn fence(allowed: &[&str], marks: &[&str], exemptions: &[(&str, &str, &str)]) {
    let mut wrong = vec![];
    let mut used = BTreeSet::new();
    for file in sources()
        .iter()
        .filter(|file| !allowed.iter().any(|path| file.path.starts_with(path)))
    {
        for (number, line) in &file.code {
            if !marks.iter().any(|mark| line.contains(mark)) {
                continue;
            }
            match exemptions
                .iter()
                .position(|(path, part, _)| *path == file.path && line.contains(part))
            {
                Some(at) => {
                    used.insert(at);
                }
                None => wrong.push(format!("{}:{number}: {}", file.path, line.trim())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let spare: Vec<_> = exemptions
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at))
        .map(|(_, spare)| spare)
        .collect();
    assert!(spare.is_empty(), "exemptions that nothing needs: {spare:?}");
    let inside = sources()
        .iter()
        .filter(|file| allowed.iter().any(|path| file.path.starts_with(path)))
        .any(|file| {
            file.code
                .iter()
                .any(|(_, line)| marks.iter().any(|mark| line.contains(mark)))
        });
    assert!(inside, "the fence fences nothing: no mark stands where it may");
}

#[test]
fn only_report_prints() {
    let marks = [
        "print!(",
        "println!(",
        "stdout()",
        " stderr()",
        "::stderr()",
        "stdin()",
        "error.print()",
        "dbg!(",
    ];
    fence(&["src/report/"], &marks, PRINTERS);
}

#[test]
fn only_apply_writes_files() {
    let marks = [
        "fs::write",
        "File::create",
        "OpenOptions",
        "fs::rename",
        "fs::remove",
        "fs::create_dir",
        "fs::copy",
        "fs::set_permissions",
        "fs::hard_link",
        " symlink(",
        "::symlink(",
        "tempfile::",
        "set_len(",
    ];
    fence(&["crates/tenon-engine/src/apply/"], &marks, WRITERS);
}

#[test]
fn only_host_pack_files_and_apply_read_files() {
    let marks = [
        "fs::read",
        "File::open",
        "read_dir",
        "read_to_string",
        "WalkDir",
        ".is_file()",
        ".is_dir()",
        ".exists()",
        ".canonicalize()",
        "fs::metadata",
        "symlink_metadata(",
    ];
    // `apply` looks at what it is about to replace: that is its check, not a source of facts.
    fence(
        &[
            "crates/tenon-engine/src/host/",
            "crates/tenon-pack/src/files.rs",
            "crates/tenon-pack/src/archive.rs",
            "crates/tenon-engine/src/apply/",
        ],
        &marks,
        READERS,
    );
}

#[test]
fn files_have_at_most_500_lines() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|file| file.text.lines().count() > 500)
        .map(|file| file.path.clone())
        .collect();
    let known: Vec<&str> = LONG_FILES.iter().map(|(path, _)| *path).collect();
    assert_eq!(
        long, known,
        "left: files over 500 lines; right: those with a reason"
    );
}

#[test]
fn functions_have_at_most_80_lines() {
    let mut long = vec![];
    let mut count = 0;
    for file in sources() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let start = line.trim_start();
            let is_fn = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn "]
                .iter()
                .any(|head| start.starts_with(head));
            if !is_fn || line.ends_with(';') {
                continue;
            }
            count += 1;
            let close = format!("{}}}", &line[..line.len() - start.len()]);
            let end = lines[at..].iter().position(|line| *line == close).unwrap_or(0);
            if end + 1 > 80 && !line.ends_with('}') {
                let name = start
                    .split("fn ")
                    .nth(1)
                    .unwrap()
                    .split(['(', '<'])
                    .next()
                    .unwrap();
                long.push((file.path.clone(), name.to_owned(), end + 1));
            }
        }
    }
    assert!(count > 500, "only {count} functions are found");
    let known: Vec<(&str, &str)> = LONG_FUNCTIONS
        .iter()
        .map(|(path, name, _)| (*path, *name))
        .collect();
    let long: Vec<(&str, &str)> = long
        .iter()
        .map(|(path, name, _)| (path.as_str(), name.as_str()))
        .collect();
    assert_eq!(
        long, known,
        "left: functions over 80 lines; right: those with a reason"
    );
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|file| !file.text.trim_start().starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn every_layer_is_a_module_and_every_module_has_a_layer() {
    let mut modules: BTreeMap<String, usize> = BTreeMap::new();
    for file in sources() {
        *modules.entry(file.layer().to_owned()).or_default() += 1;
    }
    for module in modules.keys() {
        level(module);
    }
    let unbuilt: Vec<&str> = LAYERS
        .iter()
        .flat_map(|row| row.iter().copied())
        .filter(|layer| !modules.contains_key(*layer))
        .collect();
    assert!(unbuilt.is_empty(), "there is no module for {unbuilt:?}");
}

/// Cargo finds no test by itself here (`autotests = false`): a file that neither `main.rs` nor the manifest names
/// never runs.
#[test]
fn every_test_file_runs() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(tests.join("main.rs")).unwrap();
    let manifest = fs::read_to_string(tests.join("../Cargo.toml")).unwrap();
    let mut seen = 0;
    for dir in [tests.clone(), tests.join("suite")] {
        for entry in fs::read_dir(dir).unwrap() {
            let at = entry.unwrap().path();
            let name = at.file_stem().unwrap().to_str().unwrap().to_owned();
            let named = if at.join("main.rs").is_file() {
                manifest.contains(&format!("tests/{name}/main.rs"))
            } else if at.extension().is_some_and(|extension| extension == "rs") {
                main.contains(&format!("mod {name};")) || manifest.contains(&format!("tests/{name}.rs"))
            } else {
                continue;
            };
            assert!(
                named,
                "{} is no test of Cargo.toml and no module of tests/main.rs",
                at.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 15, "only {seen} files are found");
}
