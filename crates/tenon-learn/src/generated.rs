//! Files that a program writes and people commit: what they say of it, and where the repository says how it is run.

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::host::Host;
use tenon_syntax::Source;
use tenon_syntax::language::Lang;
use tenon_text::names::in_dir;

use crate::found::LearntSite;

/// How many lines at the beginning of a file say that it is generated.
const HEAD: usize = 10;
/// The longest line that says how a program is run.
const MAX_LINE: usize = 200;

/// What a person does next, a sentence for each program that writes files of `sites`. `all` are the files of the host.
pub fn next(host: &Host, all: &[String], sites: &[LearntSite]) -> Vec<String> {
    let text = |path: &str| (host as &dyn Source).text(path);
    let files: BTreeSet<&str> = sites.iter().map(|site| site.file.as_str()).collect();
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let Some(said) = text(file).and_then(|text| header(&text).map(str::to_owned)) else {
            continue;
        };
        let how = program(&said, all).and_then(|program| {
            let name = in_dir(&program).1.to_owned();
            let others = all.iter().filter(|path| *path != file && **path != program);
            let lines = others.filter_map(|path| Some((path, text(path)?)));
            lines
                .filter_map(|(path, text)| {
                    run(&text, &name).map(|(number, line)| (path, number, line.to_owned()))
                })
                .min_by_key(|(path, ..)| (path.matches('/').count(), path.len()))
        });
        let how = match how {
            Some((path, number, line)) => format!("`{line}` in `{path}:{number}`"),
            None => format!("it says `{said}`"),
        };
        out.entry(how).or_default().push(format!("`{file}`"));
    }
    let sentence = |(how, files): (String, Vec<String>)| {
        format!("run the program that writes {}: {how}", files.join(" and "))
    };
    out.into_iter().map(sentence).collect()
}

/// The line that says that a program writes the file, without the marks of a comment.
fn header(text: &str) -> Option<&str> {
    let says = |line: &&str| {
        let line = line.to_lowercase();
        let by_program = ["by", "from", "using", "with"].map(|word| format!("generated {word}"));
        let by_program = by_program.iter().any(|words| line.contains(words));
        by_program || (line.contains("generated") && line.contains("do not edit"))
    };
    let line = text.lines().take(HEAD).find(says)?;
    let is_mark = |c: char| !c.is_alphanumeric() && c != '@';
    Some(line.trim_matches(is_mark))
        .filter(|line| line.len() <= MAX_LINE && !line.contains('`') && !line.contains("{{"))
}

/// The file of the host that `said` names.
fn program(said: &str, all: &[String]) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let words = said
        .split(|c: char| !is_part(c))
        .map(|word| word.trim_matches(['.', '/']));
    let mut files = words.filter(|word| word.contains(['.', '/'])).filter_map(|word| {
        let is_it = |path: &str| path == word || path.ends_with(&format!("/{word}"));
        let whole = all.iter().find(|path| is_it(path));
        // People leave out what a program's name ends with.
        whole.or_else(|| {
            let mut stems = all
                .iter()
                .filter(|path| path.rsplit_once('.').is_some_and(|(stem, _)| is_it(stem)));
            stems.next().filter(|_| word.contains('/'))
        })
    });
    files.next().cloned()
}

/// The line that runs the program called `name`, with its number.
fn run<'t>(text: &'t str, name: &str) -> Option<(usize, &'t str)> {
    if !text.contains(name) {
        return None;
    }
    let runs = |line: &str| {
        let behind = line.split_once(name).map(|(before, _)| before);
        behind.is_some_and(|before| {
            let mut words = before.split(|c: char| !c.is_alphanumeric());
            words.any(|word| {
                let is_language = Lang::named(word.trim_end_matches(|c: char| c.is_ascii_digit())).is_some();
                is_language
                    || matches!(
                        word,
                        "run"
                            | "generate"
                            | "exec"
                            | "sh"
                            | "bash"
                            | "make"
                            | "node"
                            | "bun"
                            | "deno"
                            | "tsx"
                    )
            })
        })
    };
    let mut lines = text.lines().enumerate();
    let is_plain = |line: &str| line.len() <= MAX_LINE && !line.contains('`') && !line.contains("{{");
    let (number, line) = lines.find(|(_, line)| is_plain(line) && runs(line))?;
    Some((number + 1, line.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_that_a_program_writes_the_file() {
        let said = "generated by tools/list.py; DO NOT EDIT";
        assert_eq!(header(&format!("// {said}\n\npackage x\n")), Some(said));
        assert_eq!(
            header("# Code generated from units.toml.\n"),
            Some("Code generated from units.toml")
        );
        assert_eq!(header("# What is generated stands below.\n"), None);
        let all = ["a/tools/list.py", "units.toml"].map(str::to_owned);
        assert_eq!(program(said, &all).as_deref(), Some("a/tools/list.py"));
        assert_eq!(program("generated by hand", &all), None);
        assert_eq!(
            program("Auto-generated using tools/list.", &all).as_deref(),
            Some("a/tools/list.py")
        );
        assert_eq!(
            header("// Auto-generated using tools/list.\n"),
            Some("Auto-generated using tools/list")
        );
    }

    #[test]
    fn the_line_that_runs_it_is_found() {
        let text = "all:\n\t@echo list.py is old\n\tpython3 tools/list.py > list\n";
        assert_eq!(run(text, "list.py"), Some((3, "python3 tools/list.py > list")));
        assert_eq!(run("list.py is a program\n", "list.py"), None);
        let text = "{\n  \"list\": \"node tools/list.ts\"\n}\n";
        assert_eq!(
            run(text, "list.ts"),
            Some((2, "\"list\": \"node tools/list.ts\""))
        );
    }
}
