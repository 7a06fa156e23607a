//! Breaks as data: what a person did to a host, and what has to be found because of it.
//!
//! Knows the files below `tests/breaks/`, how to make the host that they are about, and how to read what the program
//! finds. In: the root of a host. Out: findings, and in what they differ from what was expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

/// The commands that make what the breaks are about, in a fresh host or in the repository.
pub const MADE_BY: [&[&str]; 3] = [
    &[
        "new-integration",
        "acme",
        "--modules",
        "tickets,cms,users,orders,cache,auth",
        "--inject",
        "cms:cache,tickets:users",
        "--activate",
        "tickets,cms,cache,auth",
        "--quiet",
    ],
    &[
        "new-integration",
        "nova",
        "--modules",
        "tickets,users",
        "--extends",
        "acme",
        "--controller",
        "--activate",
        "users",
        "--quiet",
    ],
    &[
        "new",
        "custom-module",
        "warranties",
        "--integration",
        "acme",
        "--quiet",
    ],
];

/// How paths are shortened in the data.
const SHORT: [(&str, &str); 5] = [
    ("@acme", "packages/integrations/acme"),
    ("@nova", "packages/integrations/nova"),
    ("@models", "packages/configs/integrations/src/models"),
    ("@configs", "packages/configs/integrations"),
    ("@app", "apps/api-harmonization/src"),
];

/// One break.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Break {
    /// What it is called.
    pub id: String,
    /// What a person did.
    pub what: String,
    /// On which hosts: `fresh`, `repository`.
    #[serde(default = "both")]
    pub on: Vec<String>,
    /// How it is done.
    pub r#do: Vec<Step>,
    /// What is found.
    pub expect: Vec<Expected>,
    /// What is found in the repository, if that is something else.
    pub in_repository: Option<Vec<Expected>>,
    /// Which fixes mend it wholly: `safe` or `unsafe`.
    pub mended: Option<String>,
    /// Whether the host is then what it was before, byte by byte.
    #[serde(default)]
    pub restores: bool,
    /// Whether dependencies have to be installed anew before it shows in a build.
    #[serde(default)]
    pub install: bool,
}

fn both() -> Vec<String> {
    vec!["fresh".to_owned(), "repository".to_owned()]
}

/// One thing done to a host.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Step {
    /// A file or directory is deleted.
    Delete { delete: String },
    /// A file or directory is moved.
    Move { r#move: String, to: String },
    /// A directory is copied.
    Copy { copy: String, to: String },
    /// A file is written.
    Write { write: String, text: String },
    /// A text that stands in a file once is replaced.
    Replace {
        r#in: String,
        replace: String,
        with: String,
    },
}

/// One finding.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The rule.
    pub rule: String,
    /// The file.
    pub at: String,
    /// The line; none for a whole file.
    pub line: Option<u64>,
    /// What is marked there, as far as its first line.
    pub mark: Option<String>,
    /// The integration that it is about; none for the host.
    #[serde(default)]
    pub of: String,
    /// How bad it is.
    #[serde(default = "error")]
    pub severity: String,
    /// A part of the message.
    pub says: String,
}

fn error() -> String {
    "error".to_owned()
}

#[derive(Deserialize)]
struct File {
    r#break: Vec<Break>,
}

/// The breaks of a directory below `tests/breaks`: of each file its first line, which says what they are about, and its
/// breaks.
pub fn families(of: &str) -> Vec<(String, Vec<Break>)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/breaks")
        .join(of);
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        (title.trim_end_matches('.').to_owned(), file.r#break)
    };
    files.iter().map(read).collect()
}

/// All of them.
pub fn all(of: &str) -> Vec<Break> {
    families(of).into_iter().flat_map(|(_, breaks)| breaks).collect()
}

/// A path of the data in full.
pub fn long(path: &str) -> String {
    for (short, long) in SHORT {
        if let Some(rest) = path.strip_prefix(short)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return format!("{long}{rest}");
        }
    }
    path.to_owned()
}

/// A text with all paths shortened.
pub fn short(text: &str) -> String {
    let mut out = text.to_owned();
    for (short, long) in SHORT {
        out = out.replace(long, short);
    }
    out
}

impl Break {
    /// What a table says of it: the rules, the places, and how it is mended.
    pub fn cells(&self) -> [String; 3] {
        let each = |column: &dyn Fn(&Expected) -> String| {
            let mut all: Vec<String> = self.expect.iter().map(column).collect();
            all.dedup();
            all.join("<br>")
        };
        let mended = match self.mended.as_deref() {
            Some("safe") => "yes",
            Some(_) => "unsafe",
            None => "",
        };
        let place = |one: &Expected| match one.line {
            Some(line) => format!("`{}:{line}`", one.at),
            None => format!("`{}`", one.at),
        };
        [
            each(&|one| format!("`{}`", one.rule)),
            each(&place),
            mended.to_owned(),
        ]
    }

    /// Does it to the host at `root`. A file that changes becomes a new one: the old one may be shared.
    pub fn apply(&self, root: &Path) {
        let at = |path: &str| root.join(long(path));
        for step in &self.r#do {
            match step {
                Step::Delete { delete } if at(delete).is_dir() => {
                    std::fs::remove_dir_all(at(delete)).unwrap()
                }
                Step::Delete { delete } => std::fs::remove_file(at(delete)).unwrap(),
                Step::Move { r#move, to } => std::fs::rename(at(r#move), at(to)).unwrap(),
                Step::Copy { copy, to } => link_tree(&at(copy), &at(to)),
                Step::Write { write, text } => write_anew(&at(write), text),
                Step::Replace {
                    r#in: path,
                    replace,
                    with,
                } => {
                    let text = std::fs::read_to_string(at(path)).unwrap();
                    let count = text.matches(replace.as_str()).count();
                    assert_eq!(count, 1, "{}: {path} has {replace:?} {count} times", self.id);
                    write_anew(&at(path), &text.replace(replace, with));
                }
            }
        }
    }

    /// The paths that it touches.
    pub fn paths(&self) -> Vec<String> {
        let of = |step: &Step| match step {
            Step::Delete { delete: path }
            | Step::Write { write: path, .. }
            | Step::Replace { r#in: path, .. } => {
                vec![long(path)]
            }
            Step::Move { r#move: from, to } => vec![long(from), long(to)],
            Step::Copy { to, .. } => vec![long(to)],
        };
        self.r#do.iter().flat_map(of).collect()
    }

    /// What is expected on a host.
    pub fn expected(&self, host: &str) -> &[Expected] {
        match &self.in_repository {
            Some(other) if host == "repository" => other,
            _ => &self.expect,
        }
    }

    /// In what the findings differ from those that are expected; nothing if they do not.
    pub fn differs(&self, host: &str, findings: &[Finding]) -> String {
        let mut open: Vec<&Expected> = self.expected(host).iter().collect();
        let mut out = String::new();
        for finding in findings {
            match open.iter().position(|expected| finding.is(expected, host)) {
                Some(at) => drop(open.remove(at)),
                None => out += &format!("  found, not expected: {}\n", finding.shown()),
            }
        }
        for expected in open {
            out += &format!("  expected, not found: {expected:?}\n");
        }
        out
    }
}

fn write_anew(path: &Path, text: &str) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, text).unwrap();
}

/// Makes a tree whose files are those of another one. What changes a file has to replace it.
pub fn link_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            link_tree(&from, &to);
        } else {
            std::fs::hard_link(&from, &to).unwrap();
        }
    }
}

/// A finding of the program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The integration, or nothing.
    pub of: String,
    /// What it says.
    pub message: String,
    /// How bad it is.
    pub severity: String,
    /// The line.
    pub line: Option<u64>,
    /// What is marked, as far as its first line.
    pub mark: Option<String>,
    /// Whether and how it can be mended.
    pub fix: Option<String>,
}

impl Finding {
    fn read(root: &Path, value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let location = &value["location"];
        let path = text(&location["path"]);
        let span = || {
            let offset = |end: &str| usize::try_from(location[end]["offset"].as_u64()?).ok();
            let source = std::fs::read_to_string(root.join(&path)).ok()?;
            let source = source.trim_start_matches('\u{feff}');
            let marked = source.get(offset("start")?..offset("end")?)?;
            Some(marked.split('\n').next().unwrap_or_default().to_owned())
        };
        Self {
            rule: text(&value["rule"]),
            of: text(&value["subject"]),
            message: text(&value["message"]),
            severity: text(&value["severity"]),
            line: location["start"]["line"].as_u64(),
            mark: span(),
            fix: value["fix"]["applicability"].as_str().map(str::to_owned),
            path,
        }
    }

    /// Whether it is the same as one in a host that is otherwise broken, where it may stand elsewhere.
    fn is_same(&self, other: &Self) -> bool {
        (&self.rule, &self.path, &self.of, &self.message)
            == (&other.rule, &other.path, &other.of, &other.message)
    }

    fn is(&self, expected: &Expected, host: &str) -> bool {
        // The lines of files that the repository has too are others there; what is marked is not.
        let own = ["@acme", "@nova", "packages/integrations/"]
            .iter()
            .any(|own| expected.at.starts_with(own));
        self.rule == expected.rule
            && short(&self.path) == expected.at
            && self.of == expected.of
            && self.severity == expected.severity
            && short(&self.message).contains(&expected.says)
            && self.mark == expected.mark
            && (self.line == expected.line || host == "repository" && !own)
    }

    /// As it would be written in the data.
    pub fn shown(&self) -> String {
        let place = match (&self.line, &self.mark) {
            (Some(line), Some(mark)) => format!(", line = {line}, mark = {mark:?}"),
            _ => String::new(),
        };
        let of = if self.of.is_empty() {
            String::new()
        } else {
            format!(", of = {:?}", self.of)
        };
        format!(
            "{{ rule = {:?}, at = {:?}{place}{of}, says = {:?} }}",
            self.rule,
            short(&self.path),
            short(&self.message)
        )
    }
}

/// What `tenon validate-structure` with `args` finds in the host at `root`.
pub fn findings(mut command: Command, root: &Path, args: &[&str]) -> Vec<Finding> {
    let output = command
        .args(["validate-structure", "--format", "json"])
        .args(args)
        .current_dir(root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let value: Value = serde_json::from_str(&said)
        .unwrap_or_else(|_| panic!("{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr)));
    let all = value["findings"].as_array().unwrap();
    all.iter().map(|finding| Finding::read(root, finding)).collect()
}

/// Those of `findings` that are not in `before`.
pub fn new_ones(findings: Vec<Finding>, before: &[Finding]) -> Vec<Finding> {
    let mut before: Vec<&Finding> = before.iter().collect();
    let is_new = |finding: &Finding| match before.iter().position(|known| finding.is_same(known)) {
        Some(at) => {
            before.remove(at);
            false
        }
        None => true,
    };
    let mut is_new = is_new;
    findings.into_iter().filter(|finding| is_new(finding)).collect()
}

/// What the framework's own tools notice of each break, as measured: `tsc`, `eslint`, build.
pub fn tools() -> BTreeMap<String, [bool; 3]> {
    let text = std::fs::read_to_string(tools_path()).unwrap_or_default();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let row = |value: &toml::Value| ["tsc", "eslint", "build"].map(|tool| value[tool].as_bool().unwrap());
    table.iter().map(|(id, value)| (id.clone(), row(value))).collect()
}

/// What tools notice of each break of another pack, as measured.
pub fn measured(of: &str, tools: [&str; 2]) -> BTreeMap<String, [bool; 2]> {
    let text = std::fs::read_to_string(measured_path(of)).unwrap_or_default();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let row = |value: &toml::Value| tools.map(|tool| value[tool].as_bool().unwrap());
    table.iter().map(|(id, value)| (id.clone(), row(value))).collect()
}

/// Where that is kept.
pub fn measured_path(of: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/breaks");
    dir.join(format!("tools-{of}.toml"))
}

/// Where that is kept.
pub fn tools_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/breaks/tools.toml")
}
