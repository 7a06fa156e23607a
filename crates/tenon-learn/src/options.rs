//! Files that only some members have: each group of them that go together becomes an option.

use std::collections::{BTreeMap, BTreeSet};

use tenon_text::names::{in_case, in_dir};

use crate::own_files::OwnFile;

/// The most options that a kind gets: nobody wants to answer more questions about files.
const MOST: usize = 3;

/// Files that members have together, or not at all.
#[derive(Clone, Debug)]
pub struct LearntOption {
    /// Its id: a word of the command line.
    pub id: String,
    /// The files.
    pub files: Vec<OwnFile>,
}

impl LearntOption {
    /// The members that have the files.
    pub fn members(&self) -> &BTreeSet<usize> {
        &self.files[0].exact
    }

    /// What the files are called, for a question.
    pub fn shown(&self) -> String {
        let name = |file: &OwnFile| format!("`{}`", filled(in_dir(&file.template).1, "NAME"));
        let names: Vec<String> = self.files.iter().map(name).collect();
        names.join(" and ")
    }
}

/// The options for `files` that only some members have; the option that most members have first.
pub fn of(files: Vec<OwnFile>) -> Vec<LearntOption> {
    let mut groups: BTreeMap<BTreeSet<usize>, Vec<OwnFile>> = BTreeMap::new();
    for file in files {
        groups.entry(file.exact.clone()).or_default().push(file);
    }
    let mut out: Vec<LearntOption> = Vec::new();
    let mut groups: Vec<Vec<OwnFile>> = groups.into_values().collect();
    groups.sort_by_key(|files| std::cmp::Reverse(files[0].exact.len()));
    for files in groups.into_iter().take(MOST) {
        let word = word(&files[0].template);
        let is_taken = |id: &String| out.iter().any(|other| other.id == *id);
        let mut id = format!("with-{word}");
        let mut number = 1;
        while is_taken(&id) {
            number += 1;
            id = format!("with-{word}-{number}");
        }
        out.push(LearntOption { id, files });
    }
    out
}

/// A word for the file at `path`, a template: its name without the member's and without extensions; that of its directory if nothing
/// is left.
fn word(path: &str) -> String {
    let mut parts = path.split('/').rev().map(|part| {
        let plain = filled(part.trim_start_matches('.'), "");
        let stem = plain.split('.').next().unwrap_or_default();
        in_case("kebab", stem)
    });
    let is_word = |word: &String| word.starts_with(|c: char| c.is_ascii_lowercase()) && word.is_ascii();
    parts.find(is_word).unwrap_or_else(|| "file".to_owned())
}

/// The template `text` with `name` in its holes.
pub fn filled(text: &str, name: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        out.push_str(before);
        out.push_str(name);
        rest = behind.split_once("}}").map_or("", |(_, behind)| behind);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(template: &str, members: &[usize]) -> OwnFile {
        OwnFile {
            template: template.to_owned(),
            is_elsewhere: template.starts_with("tests/"),
            members: members.iter().map(|it| (*it, template.to_owned())).collect(),
            exact: members.iter().copied().collect(),
        }
    }

    #[test]
    fn files_that_go_together_are_one_option() {
        let found = of(vec![
            file("tests/{{name}}.py", &[7, 8, 9]),
            file("test_{{name}}.py", &[1, 2, 3]),
            file("urls.py", &[1, 2, 4, 5]),
            file("views.py", &[1, 2, 4, 5]),
            file("a/.rc", &[6, 7, 8]),
        ]);
        let shown: Vec<(&str, String)> = found.iter().map(|it| (it.id.as_str(), it.shown())).collect();
        assert_eq!(
            shown,
            [
                ("with-urls", "`urls.py` and `views.py`".to_owned()),
                ("with-test", "`test_NAME.py`".to_owned()),
                ("with-rc", "`.rc`".to_owned()),
            ]
        );
        assert_eq!(word("tests/{{name}}.py"), "tests");
        assert_eq!(word("{{name}}_internal_test.go"), "internal-test");
    }
}
