//! What the sources must look like, where the compiler cannot tell: no circles of imports, the fences, no word of a framework.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

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
        "crates/tenon-syntax/src/languages/typescript/rewrite.rs",
        "may nest",
        "the verb: types nest",
    ),
    (
        "crates/tenon-syntax/src/languages/typescript/public.rs",
        "may nest",
        "the verb: namespaces nest",
    ),
];

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
        "    Term::stderr()",
        "a question is drawn where its prompt is",
    ),
];

/// Writing outside `apply`.
const WRITERS: &[(&str, &str, &str)] = &[
    ("crates/tenon-engine/src/host/repository.rs", "tempfile::", OF_GIT),
    (
        "crates/tenon-engine/src/host/repository.rs",
        "fs::write(at, configuration(",
        OF_GIT,
    ),
    (
        "crates/tenon-engine/src/host/repository.rs",
        "File::create(self.index())",
        OF_GIT,
    ),
    (
        "crates/tenon-engine/src/host/repository.rs",
        "::symlink(from, to)",
        OF_GIT,
    ),
    (
        "crates/tenon-engine/src/host/repository.rs",
        "File::create(to)",
        OF_GIT,
    ),
    (
        "crates/tenon-engine/src/host/repository.rs",
        "fs::create_dir(to)",
        OF_GIT,
    ),
    (
        "crates/tenon-text/src/disk.rs",
        "OpenOptions",
        "opens files for reading only",
    ),
];

const OF_GIT: &str = "the temporary directory that git takes for the repository's common one";

const OF_TESTS: &str =
    "is compiled for tests alone: the host of the examples, which the pages of the rules use as well";

/// Reading outside `host` and where packs are read.
const READERS: &[(&str, &str, &str)] = &[
    (
        "crates/tenon-engine/src/rules/testing.rs",
        "fs::read_dir(dir)",
        OF_TESTS,
    ),
    (
        "crates/tenon-engine/src/rules/testing.rs",
        "path.is_dir()",
        OF_TESTS,
    ),
    (
        "crates/tenon-engine/src/rules/testing.rs",
        "fs::read_to_string(&path)",
        OF_TESTS,
    ),
    (
        "crates/tenon-syntax/src/languages/typescript/resolve.rs",
        "self.read_to_string(path)",
        "the names of `oxc_resolver`'s file system, which is the host's reader",
    ),
    (
        "crates/tenon-syntax/src/languages/typescript/resolve.rs",
        "fn read_to_string(",
        "the names of `oxc_resolver`'s file system, which is the host's reader",
    ),
    (
        "crates/tenon-syntax/src/languages/typescript/resolve.rs",
        "fn symlink_metadata(",
        "the names of `oxc_resolver`'s file system, which is the host's reader",
    ),
    (
        "src/cli/new.rs",
        "disk::read_text(Path::new(path)",
        "the answers file lies wherever the person says",
    ),
    (
        "src/cli/new.rs",
        "disk::stat_itself(dir)",
        "whether a new host's directory has to be taken back",
    ),
    (
        "src/cli/new.rs",
        "read_dir(&dir)",
        "a new host goes into an empty directory",
    ),
    ("src/cli/context.rs", "canonicalize()", "where `--pack` points"),
    (
        "src/cli/packs.rs",
        "disk::stat(",
        "where `--pack` points, which is no host",
    ),
    (
        "crates/tenon-pack/src/load.rs",
        "full.canonicalize()",
        "whether a pack is in its host",
    ),
    (
        "crates/tenon-pack/src/load.rs",
        "disk::is_absent(",
        "whether a pack is in its host",
    ),
    (
        "src/cli/try_it.rs",
        "disk::stat(",
        "where the pack lies, which is no host",
    ),
    (
        "src/cli/baseline.rs",
        "dir.canonicalize()",
        "a baseline lies wherever the person says",
    ),
    (
        "src/cli/baseline.rs",
        "disk::",
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
        "disk::read_text(",
        "the cache of a check lies in the user's cache directory",
    ),
    (
        "src/cli/watch.rs",
        "disk::is_dir(",
        "what to watch, not what it says",
    ),
    (
        "src/cli/undo.rs",
        "join(STATE_DIR))",
        "looking upwards for the root, before there is a host",
    ),
    (
        "src/cli/undo.rs",
        "join(record::FILE))",
        "looking upwards for the root, before there is a host",
    ),
];

struct File {
    path: String,
    text: String,
    /// Lines outside tests, by number from 1.
    code: Vec<(usize, String)>,
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
    for root in roots() {
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(root), &mut files);
    }
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

/// The folders with the sources of the program and of its libraries.
fn roots() -> Vec<String> {
    let mut roots = vec!["src".to_owned()];
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        roots.push(format!("crates/{name}/src"));
    }
    roots.sort();
    roots
}

/// The modules of one crate by their paths: `["rules", "check"]`; the root of the crate is empty.
fn modules(root: &str, files: &[File]) -> BTreeMap<Vec<String>, usize> {
    let mut modules = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let Some(inside) = file.path.strip_prefix(&format!("{root}/")) else {
            continue;
        };
        let mut path: Vec<String> = inside
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if ["mod", "lib", "main"].contains(&path.last().unwrap().as_str()) {
            path.pop();
        }
        modules.insert(path, index);
    }
    modules
}

/// The paths that code names, as segments, and those that it passes on with `pub use`; a group is taken apart.
fn named_paths(code: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    fn expand(tree: &str, above: &[String], into: &mut Vec<Vec<String>>) {
        let (mut depth, mut start) = (0, 0);
        let mut parts = vec![];
        for (at, c) in tree.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(&tree[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&tree[start..]);
        for part in parts
            .iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
        {
            let (head, group) = part.split_once('{').unwrap_or((part, ""));
            let head = head.split(" as ").next().unwrap();
            let mut path = above.to_vec();
            path.extend(
                head.split("::")
                    .map(|word| word.trim().to_owned())
                    .filter(|word| !word.is_empty() && word != "self"),
            );
            match group.strip_suffix('}') {
                Some(group) => expand(group, &path, into),
                None => into.push(path),
            }
        }
    }
    let mut paths = vec![];
    let statements = regex::Regex::new(r"(?m)^\s*(?:pub\([a-z]+\) )?use ([^;]+);").unwrap();
    for found in statements.captures_iter(code) {
        expand(&found[1].replace('\n', " "), &[], &mut paths);
    }
    let passed_on = regex::Regex::new(r"(?m)^\s*pub use ([^;]+);").unwrap();
    let mut public = vec![];
    for found in passed_on.captures_iter(code) {
        expand(&found[1].replace('\n', " "), &[], &mut public);
    }
    let code = passed_on.replace_all(code, "");
    let rest = statements.replace_all(&code, "");
    let inline = regex::Regex::new(r"\b(?:crate|super)(?:::[A-Za-z_]\w*)+").unwrap();
    for found in inline.find_iter(&rest) {
        paths.push(found.as_str().split("::").map(str::to_owned).collect());
    }
    (paths, public)
}

/// `paths`, and those in `code` that begin with the name of a module which one of them brings: `use super::go;`, then `go::print::stub`.
fn with_modules(
    mut paths: Vec<Vec<String>>,
    code: &str,
    own: &[String],
    modules: &BTreeMap<Vec<String>, usize>,
) -> Vec<Vec<String>> {
    let inline = regex::Regex::new(r"(?:^|[^:\w])([a-z]\w*(?:::[A-Za-z_]\w*)+)").unwrap();
    let brought: BTreeMap<String, Vec<String>> = paths
        .iter()
        .filter_map(|path| {
            Some((
                path.last()?.clone(),
                resolved(path, own, modules, &BTreeMap::new())?,
            ))
        })
        .filter(|(name, module)| module.last() == Some(name))
        .collect();
    for found in inline.captures_iter(code) {
        let words: Vec<String> = found[1].split("::").map(str::to_owned).collect();
        if let Some(module) = brought.get(&words[0]) {
            let below = words[1..].iter().cloned();
            paths.push(
                ["crate".to_owned()]
                    .into_iter()
                    .chain(module.iter().cloned())
                    .chain(below)
                    .collect(),
            );
        }
    }
    paths
}

/// The module that a path leads to, if it is one of this crate.
fn resolved(
    path: &[String],
    own: &[String],
    modules: &BTreeMap<Vec<String>, usize>,
    passed_on: &BTreeMap<Vec<String>, Vec<String>>,
) -> Option<Vec<String>> {
    let mut at: Vec<String> = match path.first()?.as_str() {
        "crate" => vec![],
        "super" => own.to_vec(),
        child => {
            let mut below = own.to_vec();
            below.push(child.to_owned());
            modules.contains_key(&below).then(|| own.to_vec())?
        }
    };
    let mut rest = if path[0] == "crate" { &path[1..] } else { path };
    while rest.first().is_some_and(|word| word == "super") {
        at.pop();
        rest = &rest[1..];
    }
    for word in rest {
        at.push(word.clone());
        if let Some(defined) = passed_on.get(&at) {
            return Some(defined.clone());
        }
        if !modules.contains_key(&at) {
            at.pop();
            break;
        }
    }
    modules.contains_key(&at).then_some(at)
}

#[test]
fn no_two_files_import_each_other_in_a_circle() {
    let files = sources();
    let mut wrong = vec![];
    let mut edges = 0;
    for root in roots() {
        let modules = modules(&root, &files);
        let code = |index: &usize| -> String {
            let lines = files[*index].code.iter();
            lines.map(|(_, line)| format!("{line}\n")).collect()
        };
        // A name that a module passes on is that of the module that defines it.
        let mut passed_on = BTreeMap::new();
        for (module, index) in &modules {
            for path in named_paths(&code(index)).1 {
                let name = path.last().unwrap().clone();
                if let Some(to) = resolved(&path, module, &modules, &BTreeMap::new()) {
                    passed_on.insert([module.as_slice(), &[name]].concat(), to);
                }
            }
        }
        let mut imports: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
        for (module, index) in &modules {
            let text = code(index);
            let found: BTreeSet<_> = with_modules(named_paths(&text).0, &text, module, &modules)
                .iter()
                .filter_map(|path| resolved(path, module, &modules, &passed_on))
                .filter(|to| to != module)
                .collect();
            edges += found.len();
            imports.insert(module, found);
        }
        // What cannot be reached from what imports it stands in no circle.
        let reach = |from: &Vec<String>| {
            let mut seen = BTreeSet::new();
            let mut todo: Vec<Vec<String>> = imports[from].iter().cloned().collect();
            while let Some(next) = todo.pop() {
                if seen.insert(next.clone()) {
                    todo.extend(imports[&next].iter().cloned());
                }
            }
            seen
        };
        for (module, found) in &imports {
            for to in found.iter().filter(|to| reach(to).contains(*module)) {
                wrong.push(format!(
                    "{}: `{}` imports `{}`, which leads back to it",
                    files[modules[*module]].path,
                    module.join("::"),
                    to.join("::")
                ));
            }
        }
    }
    assert!(edges > 300, "only {edges} imports are seen");
    assert!(wrong.is_empty(), "{}\n{} in all", wrong.join("\n"), wrong.len());
}

#[test]
fn paths_are_seen_in_groups_and_in_code() {
    let code =
        "use crate::a::{self, b::{C, d}};\npub(crate) use e::F as G;\nlet x = super::h::i(crate::j::K);\n";
    let paths: Vec<String> = named_paths(code).0.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        paths,
        [
            "crate::a",
            "crate::a::b::C",
            "crate::a::b::d",
            "e::F",
            "super::h::i",
            "crate::j::K"
        ]
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
        " disk::",
        "(disk::",
        "!disk::",
    ];
    // `disk` is what reads. `apply` looks at what it is about to replace: that is its check, not a source of facts.
    fence(
        &[
            "src/disk.rs",
            "crates/tenon-engine/src/host/",
            "crates/tenon-pack/src/files.rs",
            "crates/tenon-pack/src/archive.rs",
            "crates/tenon-engine/src/apply/",
            "crates/tenon-text/src/disk.rs",
        ],
        &marks,
        READERS,
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

/// The folders of languages, and the one list of them.
const LANGUAGES: &str = "crates/tenon-syntax/src/languages/";

/// Files that may name files of a language's tools.
const TOOLS: &[(&str, &str)] = &[(
    "crates/tenon-syntax/src/workspace.rs",
    "the table of package managers: in which file each lists the members of a workspace",
)];

#[test]
fn no_file_outside_its_folder_names_a_language() {
    let names = regex::Regex::new(
        r#"\b(?:typescript|javascript|go|java|python|ruby|rust)::|\b(?:TypeScript|JavaScript|Java|Python|Ruby)\b|"(?:typescript|javascript|go|java|python|ruby|rust)""#,
    )
    .unwrap();
    let literals = regex::Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    let tools = regex::Regex::new(
        r"[tj]sconfig|node_modules|package\.json|pom\.xml|META-INF|Gemfile|gemspec|Cargo\.toml|go\.(?:mod|work)\b|pyproject|pnpm|rustfmt|gofmt|@types/|__init__|__pycache__|\.venv|\bundefined\b|\.[cm]?[jt]sx?\b|\.java\b|\.py\b|\.rb\b|\.rs\b",
    )
    .unwrap();
    let (mut wrong, mut used) = (vec![], BTreeSet::new());
    for file in sources() {
        if file.path.starts_with(LANGUAGES) {
            continue;
        }
        for (number, line) in &file.code {
            let named = names.is_match(line);
            let is_literal = |text: regex::Match<'_>| tools.is_match(text.as_str());
            let tool = !line.trim().starts_with("#[path") && literals.find_iter(line).any(is_literal);
            if tool && TOOLS.iter().any(|(path, _)| *path == file.path) {
                used.insert(file.path.clone());
            } else if named || tool {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    for (path, reason) in TOOLS {
        println!("{path}: {reason}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(used.len(), TOOLS.len(), "an exemption is not needed any more");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(LANGUAGES);
    let list = fs::read_to_string(folder.join("mod.rs")).unwrap();
    let mut known = 0;
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            assert!(list.contains(&format!("{name}::")), "{name} is not in the list");
            known += 1;
        }
    }
    assert!(known > 3, "only {known} languages are found");
}

/// Languages that are held to the size which a contributor is told of.
const SMALL: [&str; 2] = ["java", "ruby"];

/// The text of a file up to the tests in it.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap()
}

#[test]
fn no_comment_outside_its_folder_names_such_a_language() {
    let names = regex::Regex::new(&format!(r"(?i)\b(?:{})\b", SMALL.join("|"))).unwrap();
    let files = sources().into_iter();
    let files = files.filter(|file| !file.path.starts_with(LANGUAGES) && !file.code.is_empty());
    let named: Vec<String> = files
        .flat_map(|file| {
            let lines = without_tests(&file.text).lines().enumerate();
            let lines = lines.filter(|(_, line)| names.is_match(line));
            let said = |(at, line): (usize, &str)| format!("{}:{}: {}", file.path, at + 1, line.trim());
            lines.map(said).collect::<Vec<_>>()
        })
        .collect();
    assert!(named.is_empty(), "{}", named.join("\n"));
}

#[test]
fn a_language_is_less_than_a_thousand_lines() {
    for name in SMALL {
        let folder = format!("{LANGUAGES}{name}/");
        let files = sources()
            .into_iter()
            .filter(|file| file.path.starts_with(&folder));
        let lines = |file: File| match file.code.last() {
            // Up to the tests in the file; comments and blank lines count.
            Some(_) => file
                .text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap()
                .lines()
                .count(),
            None => 0,
        };
        let sum: usize = files.map(lines).sum();
        assert!((300..1000).contains(&sum), "{name} takes {sum} lines");
    }
}
