//! Which directories a workspace takes in, by the patterns of its manifest.
//!
//! Knows the workspace files of npm, yarn, pnpm, Cargo, uv, Maven and Go, and the globs that each of them understands. Reads
//! no directory: whether a covered directory exists, or holds a manifest of its own, is for the caller to see. In: the
//! text of a manifest. Out: [`Members`], which answer for one directory at a time.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use tenon_text::diag::{Error, Result};
use tenon_text::manifest::{ManifestFormat, read, twins};
use tenon_text::names::unquoted;

/// The globs of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Globs {
    /// npm and yarn: `*`, `**`, `?`, `[…]`, `{a,b}`; the last pattern that matches decides, `!` takes back; names that
    /// begin with a dot and `node_modules` are passed over.
    Npm,
    /// pnpm: as npm, but `!` takes back wherever it stands; the root is always a member.
    Pnpm,
    /// Cargo and uv: `*`, `**`, `?`, `[…]`.
    Cargo,
    /// Go and Maven: no globs.
    Literal,
}

/// What a workspace manifest says about its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// The patterns as written, in their order.
    pub patterns: Vec<String>,
    /// The patterns of what is left out again.
    pub exclude: Vec<String>,
    /// How to read them.
    pub globs: Globs,
    /// Where the patterns stand, as a JSON pointer; nothing for `go.work`. A new one goes there.
    pub pointer: Option<&'static str>,
    /// Further patterns, and where they stand: those of profiles of Maven.
    pub more: Vec<(String, String)>,
    /// The patterns, once they were asked for.
    sorted: OnceLock<Sorted>,
}

/// The patterns of a list that may be as long as there are members: which of them are the names of directories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sorted {
    /// Where each directory is listed by its name.
    named: HashMap<String, Vec<usize>>,
    /// Where all other patterns stand.
    others: Vec<usize>,
}

impl Members {
    /// All patterns, as written.
    fn all(&self) -> impl Iterator<Item = &str> {
        let more = self.more.iter().map(|(_, pattern)| pattern);
        self.patterns.iter().chain(more).map(String::as_str)
    }

    /// Whether `dir` (relative to the manifest, `/`-separated) is a member. An exclusion also covers what lies below it,
    /// but not a directory that is listed by its very name.
    pub fn covers(&self, dir: &str) -> bool {
        let dir = normal(dir);
        let sorted = self.sorted.get_or_init(|| {
            let mut out = Sorted::default();
            for (at, pattern) in self.all().enumerate() {
                if pattern.contains(['*', '?', '[', '{', '!', '\\'])
                    || pattern.contains("//")
                    || pattern.contains("/.")
                {
                    out.others.push(at);
                } else {
                    out.named.entry(normal(pattern).to_owned()).or_default().push(at);
                }
            }
            out
        });
        let listed = sorted.named.get(dir);
        // Names of other directories say nothing of this one.
        let mut places: Vec<usize> = sorted
            .others
            .iter()
            .chain(listed.into_iter().flatten())
            .copied()
            .collect();
        places.sort_unstable();
        let pattern = |at: usize| match at.checked_sub(self.patterns.len()) {
            None => self.patterns[at].as_str(),
            Some(at) => self.more[at].1.as_str(),
        };
        let patterns: Vec<&str> = places.into_iter().map(pattern).collect();
        if !covers(&patterns, dir, self.globs) {
            return false;
        }
        let listed = listed.is_some() || patterns.iter().any(|pattern| normal(pattern) == dir);
        let mut above = dir.match_indices('/').map(|(at, _)| &dir[..at]).chain([dir]);
        let excluded = above.any(|dir| {
            self.exclude
                .iter()
                .any(|pattern| glob(normal(pattern), dir, self.globs))
        });
        listed || !excluded
    }
}

/// A file in which a package manager lists the members of a workspace.
#[derive(Debug)]
pub struct WorkspaceFile {
    /// Its name; it stands at the root.
    pub file: &'static str,
    /// The manifest of each member.
    pub member: &'static str,
    /// How patterns are read.
    globs: Globs,
    /// Its format and the places in it where members are listed; nothing for one that cannot be edited.
    list: Option<(ManifestFormat, &'static [&'static str])>,
    /// Where it lists what is left out again.
    exclude: &'static str,
    /// What a person writes before a directory to list it.
    pub by_hand: &'static str,
}

/// All of them. pnpm ignores the list of npm, so its file comes first.
pub static WORKSPACE_FILES: &[WorkspaceFile] = &[
    WorkspaceFile {
        file: "pnpm-workspace.yaml",
        member: "package.json",
        globs: Globs::Pnpm,
        list: Some((ManifestFormat::Yaml, &["/packages"])),
        exclude: "",
        by_hand: "",
    },
    WorkspaceFile {
        file: "package.json",
        member: "package.json",
        globs: Globs::Npm,
        list: Some((ManifestFormat::Json, &["/workspaces", "/workspaces/packages"])),
        exclude: "",
        by_hand: "",
    },
    WorkspaceFile {
        file: "Cargo.toml",
        member: "Cargo.toml",
        globs: Globs::Cargo,
        list: Some((ManifestFormat::Toml, &["/workspace/members"])),
        exclude: "/workspace/exclude",
        by_hand: "",
    },
    WorkspaceFile {
        file: "pyproject.toml",
        member: "pyproject.toml",
        globs: Globs::Cargo,
        list: Some((ManifestFormat::Toml, &["/tool/uv/workspace/members"])),
        exclude: "/tool/uv/workspace/exclude",
        by_hand: "",
    },
    WorkspaceFile {
        file: "pom.xml",
        member: "pom.xml",
        globs: Globs::Literal,
        list: Some((ManifestFormat::Xml, &["/project/modules"])),
        exclude: "",
        by_hand: "",
    },
    WorkspaceFile {
        file: "go.work",
        member: "go.mod",
        globs: Globs::Literal,
        list: None,
        exclude: "",
        by_hand: "use ./",
    },
];

/// The members that the manifest `text` speaks of; `None` if it is none of [`WORKSPACE_FILES`], or lists none. Cargo's implied
/// members (path dependencies, the root package) are not among the patterns.
///
/// # Errors
/// If the text is not valid, or if what should list members is neither a list nor an object.
pub fn member_patterns(text: &str, path: &str) -> Result<Option<Members>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(known) = WORKSPACE_FILES.iter().find(|known| known.file == name) else {
        return Ok(None);
    };
    let (globs, exclude) = (known.globs, known.exclude);
    let Some((format, pointers)) = known.list else {
        return Ok(Some(Members {
            patterns: go_uses(text),
            exclude: Vec::new(),
            globs,
            pointer: None,
            more: Vec::new(),
            sorted: OnceLock::new(),
        }));
    };
    let document = read(text, format, path)?;
    let twins = pointers.iter().flat_map(|pointer| twins(&document, pointer));
    let twins = twins.flat_map(|pointer| {
        let all = document.pointer(&pointer).and_then(strings).unwrap_or_default();
        all.into_iter().map(move |pattern| (pointer.clone(), pattern))
    });
    let more: Vec<(String, String)> = twins.collect();
    // A module of Maven may be named by its file.
    let dir_of = |member: String| match member.rsplit_once('/') {
        Some((dir, file)) if format == ManifestFormat::Xml && file.ends_with(".xml") => dir.to_owned(),
        _ => member,
    };
    let found = pointers
        .iter()
        .find_map(|pointer| Some((*pointer, strings(document.pointer(pointer)?)?)));
    if let (None, Some(value)) = (
        &found,
        pointers
            .iter()
            .rev()
            .find_map(|pointer| document.pointer(pointer)),
    ) && !matches!(value, Value::Null | Value::Object(_))
    {
        return Err(
            Error::new("the workspace lists its members in a way that is not understood")
                .in_file(path)
                .help(format!("make `{}` a list of patterns", pointers[0])),
        );
    }
    let found = found.or((!more.is_empty()).then(|| (pointers[0], vec![])));
    Ok(found.map(|(pointer, patterns)| Members {
        patterns: patterns.into_iter().map(dir_of).collect(),
        more: more
            .into_iter()
            .map(|(pointer, pattern)| (pointer, dir_of(pattern)))
            .collect(),
        exclude: document.pointer(exclude).and_then(strings).unwrap_or_default(),
        globs,
        pointer: Some(pointer),
        sorted: OnceLock::new(),
    }))
}

fn strings(value: &Value) -> Option<Vec<String>> {
    Some(
        value
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    )
}

/// The directories that `use` lines and blocks name.
fn go_uses(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut in_block = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let dir = if in_block {
            in_block = line != ")";
            if in_block { line } else { "" }
        } else if let Some(rest) = line
            .strip_prefix("use")
            .filter(|rest| rest.starts_with([' ', '\t', '(']))
        {
            let rest = rest.trim_start();
            in_block = rest == "(";
            if in_block {
                ""
            } else {
                rest.trim_start_matches('(').trim_end_matches(')').trim()
            }
        } else {
            ""
        };
        if !dir.is_empty() {
            out.push(unquoted(dir).to_owned());
        }
    }
    out
}

/// The directory that npm and pnpm fill, in which no member stands.
const INSTALLED: &str = "node_modules";

/// Whether `patterns`, read as `globs`, take in `dir`.
pub fn covers(patterns: &[&str], dir: &str, globs: Globs) -> bool {
    let dir = normal(dir);
    let ordered = globs == Globs::Npm;
    let web = matches!(globs, Globs::Npm | Globs::Pnpm);
    if web && dir.split('/').any(|segment| segment == INSTALLED) {
        return false;
    }
    let mut covered = globs == Globs::Pnpm && dir.is_empty();
    let mut taken_back = false;
    for pattern in patterns {
        match pattern.strip_prefix('!').filter(|_| web) {
            Some(negated) if glob(normal(negated), dir, globs) => {
                covered &= !ordered;
                taken_back |= !ordered;
            }
            Some(_) => {}
            None => covered |= glob(normal(pattern), dir, globs),
        }
    }
    covered && !taken_back
}

/// Without a leading `./` and trailing slashes; nothing for the root.
fn normal(path: &str) -> &str {
    let mut path = path.trim();
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    let path = path.trim_end_matches('/');
    if path == "." { "" } else { path }
}

/// Whether one pattern matches. Time grows with the product of both lengths at worst.
fn glob(pattern: &str, dir: &str, globs: Globs) -> bool {
    if globs == Globs::Literal {
        return pattern == dir;
    }
    if let Some(matches) = plain_glob(pattern, dir, globs != Globs::Cargo) {
        return matches;
    }
    let dirs: Vec<&str> = if dir.is_empty() {
        Vec::new()
    } else {
        dir.split('/').collect()
    };
    let web = globs != Globs::Cargo;
    let all = if web {
        alternatives(pattern)
    } else {
        vec![pattern.to_owned()]
    };
    all.iter().any(|pattern| {
        let segments: Vec<&str> = pattern
            .split('/')
            .filter(|segment| !matches!(*segment, "" | "."))
            .collect();
        wildcard(
            &segments,
            &dirs,
            |segment| *segment == "**",
            |_, dir| !web || !dir.starts_with('.'),
            |segment, dir| name(segment, dir, web),
        )
    })
}

/// Whether a pattern of names and `*` matches; nothing for one with more in it.
fn plain_glob(pattern: &str, dir: &str, web: bool) -> Option<bool> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'*' | b'@');
    let mut segments = pattern.split('/').filter(|segment| !segment.is_empty());
    let mut all = segments.clone();
    let is_known = |segment: &str| segment == "*" || !segment.contains('*');
    if dir.is_empty() || !pattern.bytes().all(is_plain) || !all.all(is_known) {
        return None;
    }
    let fits = |name: &str| {
        segments.next().is_some_and(|segment| match segment {
            "*" => !web || !name.starts_with('.'),
            segment => segment == name,
        })
    };
    Some(dir.split('/').all(fits) && segments.next().is_none())
}

/// Whether one name matches one segment of a pattern.
fn name(segment: &str, name: &str, web: bool) -> bool {
    if web && name.starts_with('.') && !segment.starts_with('.') {
        return false;
    }
    let (tokens, chars): (Vec<Token>, Vec<char>) = (tokens(segment), name.chars().collect());
    wildcard(
        &tokens,
        &chars,
        |token| matches!(token, Token::Star),
        |_, _| true,
        |token, c| match token {
            Token::Any => true,
            Token::Star => false,
            Token::Char(wanted) => wanted == c,
            Token::Class(negated, ranges) => {
                ranges.iter().any(|(from, to)| (from..=to).contains(&c)) != *negated
            }
        },
    )
}

enum Token {
    Star,
    Any,
    Char(char),
    Class(bool, Vec<(char, char)>),
}

fn tokens(segment: &str) -> Vec<Token> {
    let chars: Vec<char> = segment.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        out.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '[' => {
                let negated = matches!(chars.get(at), Some('!' | '^'));
                let first = at + usize::from(negated);
                let close = chars
                    .iter()
                    .skip(first + 1)
                    .position(|c| *c == ']')
                    .map(|n| first + 1 + n);
                match close {
                    Some(close) => {
                        at = close + 1;
                        Token::Class(negated, ranges(&chars[first..close]))
                    }
                    None => Token::Char('['),
                }
            }
            c => Token::Char(c),
        });
    }
    out
}

fn ranges(chars: &[char]) -> Vec<(char, char)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&from) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(&to)) => {
                out.push((from, to));
                at += 3;
            }
            _ => {
                out.push((from, from));
                at += 1;
            }
        }
    }
    out
}

/// Matches `texts` against `patterns`, where those that are `star` stand for any number of texts that `may` be taken.
/// Goes back to the last star only, so it never takes exponential time.
fn wildcard<P, T>(
    patterns: &[P],
    texts: &[T],
    star: impl Fn(&P) -> bool,
    may: impl Fn(&P, &T) -> bool,
    one: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < texts.len() {
        if patterns.get(p).is_some_and(&star) {
            back = Some((p, t));
            p += 1;
        } else if patterns.get(p).is_some_and(|pattern| one(pattern, &texts[t])) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = back.filter(|(at, from)| may(&patterns[*at], &texts[*from])) {
            back = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    patterns[p..].iter().all(star)
}

/// A pattern with its braces written out; as it is if that gives too many.
fn alternatives(pattern: &str) -> Vec<String> {
    const MOST: usize = 256;
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(next) = open.pop() {
        if done.len() + open.len() > MOST {
            return vec![pattern.to_owned()];
        }
        match innermost_braces(&next) {
            Some((from, to)) => {
                let parts = next[from + 1..to].split(',');
                open.extend(parts.map(|part| format!("{}{part}{}", &next[..from], &next[to + 1..])));
            }
            None => done.push(next),
        }
    }
    done
}

/// The first `{…,…}` without braces inside.
fn innermost_braces(pattern: &str) -> Option<(usize, usize)> {
    let mut open = None;
    for (at, c) in pattern.char_indices() {
        match (c, open) {
            ('{', _) => open = Some(at),
            ('}', Some(from)) if pattern[from..at].contains(',') => return Some((from, at)),
            ('}', _) => open = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npm_patterns() {
        let cases: [(&[&str], &str, bool); 22] = [
            (&["packages/*"], "packages/a", true),
            (&["packages/*"], "packages/a/b", false),
            (&["packages/*"], "packages", false),
            (&["./packages/*/"], "packages/a/", true),
            (&["packages/**"], "packages/a/b", true),
            (&["packages/**"], "packages", true),
            (&["**/lib"], "a/b/lib", true),
            (&["**"], ".git/x", false),
            (&["packages/*"], "packages/.x", false),
            (&["packages/**"], "packages/node_modules/x", false),
            (&["{apps,libs/{a,b}}/*"], "libs/b/x", true),
            (&["{apps,libs}/*"], "tools/x", false),
            (&["a/*", "!a/x"], "a/x", false),
            (&["a/*", "!a/x"], "a/y", true),
            (&["!a/x", "a/*"], "a/x", true),
            (&["a/*", "!a/*", "a/x"], "a/x", true),
            (&["a/p-*-q"], "a/p-1-2-q", true),
            (&["a/p-*-q"], "a/p-q", false),
            (&["a/[!b-d]?"], "a/ex", true),
            (&["a/[!b-d]?"], "a/cx", false),
            (&["web"], "./web", true),
            (&[], "web", false),
        ];
        for (patterns, dir, expected) in cases {
            assert_eq!(
                covers(patterns, dir, Globs::Npm),
                expected,
                "{dir} in {patterns:?}"
            );
        }
    }

    #[test]
    fn pnpm_takes_back_wherever_it_stands() {
        assert!(!covers(
            &["!**/test/**", "packages/**"],
            "packages/a/test/x",
            Globs::Pnpm
        ));
        assert!(covers(&["!**/test/**", "packages/**"], "packages/a", Globs::Pnpm));
        assert!(covers(&["packages/**"], ".", Globs::Pnpm));
    }

    #[test]
    fn every_manifest_is_read() {
        let cargo = "[workspace]\nmembers = [\"crates/*\", \"xtask\", \"old/keep\"]\nexclude = [\"crates/bad\", \"old\"]\n";
        let go = "go 1.25\n\nuse ./tools // x\nuse (\n\t./a\n\t\"./b/c\" // y\n)\nreplace x => y\n";
        let cases = [
            ("package.json", "{\"workspaces\": [\"a/*\"]}", "a/x", true),
            (
                "package.json",
                "{\"workspaces\": {\"packages\": [\"a/*\"]}}",
                "a/x",
                true,
            ),
            (
                "pnpm-workspace.yaml",
                "packages:\n  - 'a/*'\n  - '!a/x'\n",
                "a/x",
                false,
            ),
            ("Cargo.toml", cargo, "crates/a", true),
            ("Cargo.toml", cargo, "crates/.a", true),
            ("Cargo.toml", cargo, "crates/bad", false),
            ("Cargo.toml", cargo, "old/keep", true),
            ("Cargo.toml", cargo, "other", false),
            (
                "sub/pyproject.toml",
                "[tool.uv.workspace]\nmembers = [\"a/*\"]\nexclude = [\"a/s*\"]\n",
                "a/seed",
                false,
            ),
            (
                "pom.xml",
                "<project><modules><module>a</module><module>b/c</module></modules></project>",
                "b/c",
                true,
            ),
            (
                "pom.xml",
                "<project><modules><module>a</module></modules></project>",
                "b",
                false,
            ),
            (
                "pom.xml",
                "<project><profiles><profile><modules><module>a</module></modules></profile><profile><id>x</id><modules><module>b/pom.xml</module></modules></profile></profiles></project>",
                "b",
                true,
            ),
            ("go.work", go, "b/c", true),
            ("go.work", go, "tools", true),
            ("go.work", go, "tools/x", false),
        ];
        for (path, text, dir, expected) in cases {
            let members = member_patterns(text, path).unwrap().unwrap();
            assert_eq!(members.covers(dir), expected, "{dir} in {path}: {members:?}");
        }
        assert_eq!(member_patterns("{}", "package.json").unwrap(), None);
        assert_eq!(member_patterns("{}", "x.json").unwrap(), None);
        assert_eq!(member_patterns("<project/>", "pom.xml").unwrap(), None);
        assert!(member_patterns("{", "package.json").is_err());
    }

    #[test]
    fn hostile_patterns_take_no_time() {
        let stars = "*a".repeat(2000);
        let deep = "**/a/".repeat(2000);
        let braces = "{a,b}".repeat(40);
        let dir = format!("{}b", "a".repeat(4000));
        let path = format!("{}b", "a/".repeat(4000));
        let start = std::time::Instant::now();
        assert!(!covers(&[&stars, &deep, &braces], &dir, Globs::Npm));
        assert!(!covers(&[&stars, &deep, &braces], &path, Globs::Npm));
        assert!(start.elapsed().as_secs() < 10);
    }
}
