//! The pages of the rules hold what they say. The example of each is laid on the host in `tests/rules/host`, which is
//! in order, and checked with the pack in `tests/rules/pack`.
//!
//! On a page, a block ```` ```LANGUAGE path=FILE ```` is a file of the host, `<!-- remove: PATH -->` takes one away, and
//! `<!-- check: ARGS -->` adds to the command line. The block ```` ```text ```` is what the check prints. The block
//! ```` ```toml pack ```` stands in the pack, and ```` ```toml ```` is what `tenon.toml` says where the finding is accepted.

use std::fs;
use std::path::Path;

use crate::{Sandbox, root};

const HEADINGS: [&str; 5] = [
    "## Why",
    "## Example",
    "## How to fix it",
    "## Declared in a pack",
    "## When to ignore it",
];

/// A rule, as `tenon explain` lists it.
struct Rule {
    id: String,
    summary: String,
}

fn rules() -> Vec<Rule> {
    let (text, done) = Sandbox::new().run("tenon explain --format json");
    assert!(done, "{text}");
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    let word = |rule: &serde_json::Value, key: &str| rule[key].as_str().unwrap().to_owned();
    let all = all["rules"].as_array().unwrap().iter();
    all.map(|rule| Rule {
        id: word(rule, "id"),
        summary: word(rule, "summary"),
    })
    .collect()
}

fn page_of(id: &str) -> String {
    fs::read_to_string(root().join(format!("docs/rules/{id}.md"))).unwrap_or_default()
}

/// `Level: error. Fix: safe.`
fn level_and_fix(page: &str) -> Option<(&str, &str)> {
    let line = page.lines().find_map(|line| line.strip_prefix("Level: "))?;
    line.strip_suffix('.')?.split_once(". Fix: ")
}

/// The blocks of a page: what stands after the marks, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let end = if text.is_empty() { "" } else { "\n" };
            out.push((info.to_owned(), text.join("\n") + end));
        }
    }
    out
}

fn comments<'p>(page: &'p str, what: &str) -> impl Iterator<Item = &'p str> {
    let start = format!("<!-- {what}: ");
    page.lines()
        .filter_map(move |line| line.strip_prefix(&start)?.strip_suffix(" -->"))
}

/// A sandbox with the host and the pack beside it.
fn shop() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let rules = root().join("tests/rules");
    let copy = format!("cp -R '{0}/host' '{0}/pack' . && cd host", rules.display());
    let (text, done) = sandbox.run(&copy);
    assert!(done, "{text}");
    sandbox
}

/// The same with what a page changes.
fn broken(page: &str) -> Sandbox {
    let mut sandbox = shop();
    for path in comments(page, "remove") {
        assert!(
            sandbox.run(&format!("rm -r {path}")).1,
            "there is no `{path}` to remove"
        );
    }
    for (info, text) in blocks(page) {
        if let Some((_, path)) = info.split_once(" path=") {
            write(&sandbox.here.join(path), &text);
        }
    }
    sandbox
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The command that the page shows.
fn check(page: &str, id: &str) -> String {
    let args: String = comments(page, "check").map(|args| format!(" {args}")).collect();
    format!("tenon check --pack ../pack --select {id}{args}")
}

#[test]
fn the_host_of_the_examples_is_in_order_and_every_rule_looks_at_it() {
    let (text, done) = shop().run("tenon check --pack ../pack");
    assert!(done, "{text}");
    let of_the_host = rules()
        .iter()
        .filter(|rule| !page_of(&rule.id).contains("Nothing: it is about"))
        .count();
    assert!(text.contains(&format!(", {of_the_host} rules")), "{text}");
}

#[test]
fn what_the_pack_of_the_examples_makes_is_in_order() {
    let mut sandbox = shop();
    let made = sandbox.run("tenon new unit gamma --jobs all --serve prices --pack ../pack --yes --quiet");
    assert!(made.1, "{}", made.0);
    let (text, done) = sandbox.run("tenon check --pack ../pack");
    assert!(done, "{text}");
}

#[test]
fn every_rule_has_a_page_with_all_that_belongs_on_it() {
    let all = rules();
    for rule in &all {
        let page = page_of(&rule.id);
        let id = &rule.id;
        assert!(
            page.starts_with(&format!("# {id}\n")),
            "docs/rules/{id}.md has another title"
        );
        assert!(
            level_and_fix(&page).is_some(),
            "docs/rules/{id}.md lacks `Level: …. Fix: ….`"
        );
        let found: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(found, HEADINGS, "docs/rules/{id}.md has other headings");
        let (printed, _) = Sandbox::new().run(&format!("tenon explain {id}"));
        assert!(printed.starts_with(&format!("{id}\n\n")), "{printed}");
        assert!(!printed.contains("<!--") && !printed.contains("```"), "{printed}");
    }
    for entry in fs::read_dir(root().join("docs/rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".md").unwrap();
        assert!(
            id == "README" || all.iter().any(|rule| rule.id == id),
            "there is no rule for docs/rules/{name}"
        );
    }
}

#[test]
fn examples_print_what_they_show() {
    let bless = std::env::var_os("TENON_BLESS").is_some();
    let mut wrong = Vec::new();
    for Rule { id, .. } in rules() {
        let page = page_of(&id);
        let (text, done) = broken(&page).run(&check(&page, &id));
        assert!(!done && text.contains(&format!("[{id}]: ")), "{id}: {text}");
        let (start, rest) = page.split_once("```text\n").expect(&id);
        let (shown, end) = rest.split_once("```\n").expect(&id);
        if shown != text {
            if bless {
                let new = format!("{start}```text\n{text}```\n{end}");
                fs::write(root().join(format!("docs/rules/{id}.md")), new).unwrap();
            } else {
                wrong.push(format!("docs/rules/{id}.md: the example prints:\n{text}"));
            }
        }
        let (level, fix) = level_and_fix(&page).expect(&id);
        let printed = level.split([',', ' ']).next().unwrap();
        assert!(
            text.contains(&format!("{printed}[{id}]")),
            "{id} is no {printed}:\n{text}"
        );
        let word = match (text.contains("(--fix)"), text.contains("(--unsafe-fixes)")) {
            (true, _) => "safe",
            (_, true) => "unsafe",
            _ => "none",
        };
        assert!(
            fix.split([',', ' ']).any(|known| known == word),
            "{id}: the fix is {word}"
        );
    }
    assert!(
        wrong.is_empty(),
        "{}\n\nto rewrite the pages: TENON_BLESS=1 cargo test --test docs",
        wrong.join("\n")
    );
}

#[test]
fn fixes_mend_the_examples() {
    let mut seen = 0;
    for Rule { id, .. } in rules() {
        let page = page_of(&id);
        let mut sandbox = broken(&page);
        let command = check(&page, &id);
        let (text, _) = sandbox.run(&command);
        let flag = match (text.contains("(--fix)"), text.contains("(--unsafe-fixes)")) {
            (true, _) => "--fix",
            (_, true) => "--unsafe-fixes",
            _ => continue,
        };
        seen += 1;
        sandbox.run(&format!("{command} {flag}"));
        // Nothing is left of it, and nothing else came of it.
        let (text, done) = sandbox.run("tenon check --pack ../pack");
        assert!(done, "after `{flag}`, {id}: {text}");
    }
    assert!(seen > 5, "only {seen} examples have a fix");
}

#[test]
fn what_the_pages_say_to_settings_is_so() {
    for Rule { id, .. } in rules() {
        let page = page_of(&id);
        let mut sandbox = broken(&page);
        let says = |wanted: &str| blocks(&page).into_iter().find(|(info, _)| info == wanted);
        let Some((_, setting)) = says("toml") else {
            panic!("docs/rules/{id}.md does not say how to accept it")
        };
        let path = sandbox.here.join("tenon.toml");
        let before = fs::read_to_string(&path).unwrap_or_default();
        write(&path, &format!("{setting}\n{before}"));
        let args: String = comments(&page, "check").collect();
        let args = args.split("--select").next().unwrap_or_default();
        let (text, _) = sandbox.run(&format!("tenon check --pack ../pack {args}"));
        let accepted = text.contains("suppressed") || text.contains(&format!("note[{id}]"));
        assert!(accepted && !text.contains("tenon.toml:1:"), "{id}: {text}");
        for level in ["error", "warning"] {
            assert!(!text.contains(&format!("{level}[{id}]")), "{id}: {text}");
        }
    }
}

#[test]
fn what_the_pages_show_of_the_pack_stands_in_it() {
    let pack = fs::read_to_string(root().join("tests/rules/pack/pack.toml")).unwrap();
    for Rule { id, .. } in rules() {
        for (info, text) in blocks(&page_of(&id)) {
            assert!(
                info != "toml pack" || pack.contains(&text),
                "docs/rules/{id}.md shows of the pack:\n{text}"
            );
        }
    }
}

#[test]
fn the_index_of_the_rules_is_up_to_date() {
    let path = root().join("docs/rules/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (start, _) = text.split_once("| rule |").expect("a table");
    let mut new = format!("{start}| rule | reports | level | fix |\n|---|---|---|---|\n");
    for Rule { id, summary } in rules() {
        let page = page_of(&id);
        let (level, fix) = level_and_fix(&page).expect(&id);
        let level = level.split(',').next().unwrap();
        new.push_str(&format!("| [{id}]({id}.md) | {summary} | {level} | {fix} |\n"));
    }
    if new != text && std::env::var_os("TENON_BLESS").is_some() {
        fs::write(&path, new).unwrap();
        return;
    }
    assert_eq!(
        text, new,
        "to rewrite the index: TENON_BLESS=1 cargo test --test docs"
    );
}
