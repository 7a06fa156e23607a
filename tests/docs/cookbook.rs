//! The recipes of `docs/pack-cookbook.md`, each tried as it stands there.

use std::fs;
use std::path::Path;

use super::{Sandbox, root, shown};

const PAGE: &str = "docs/pack-cookbook.md";

/// What stands around a site: how the host is recognised, and what an integration is.
const REST: &str = r#"
[host]
files = ["FILE"]

[kind.integration]
summary = "An integration"
home = "plugins/{{name}}"
known-by = ["about.txt"]
may-be-empty = true
files = "plugin"
"#;

fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n")
}

/// Writes a file below the directory `at`.
fn put(at: &Path, path: &str, text: &str) {
    let path = at.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The `pack.toml` that has `text` of a recipe, about `file`.
fn pack(language: &str, file: &str, text: &str) -> String {
    let identity = format!(
        "[pack]\nname = \"recipe\"\nversion = \"1.0.0\"\nsummary = \"A recipe\"\nlanguage = \"{language}\"\n"
    );
    format!("{identity}{}{text}", REST.replace("FILE", file))
}

/// Tries a recipe: what the file is afterwards, and what is wrong.
fn tried(marked: &str, site: &str, before: &str, wrong: &mut Vec<String>) -> String {
    let mut words = marked.split(' ');
    let (language, file) = (words.next().unwrap(), words.next().unwrap());
    let (others, flags): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('+'));
    let mut sandbox = Sandbox::new();
    let at = sandbox.here.clone();
    let put = |path: &str, text: &str| put(&at, path, text);
    put("pack/pack.toml", &pack(language, file, site));
    put("pack/files/plugin/about.txt", "made\n");
    put("pack/files/plugin/Cargo.toml.hbs", &manifest("{{name}}"));
    put(
        "pack/files/plugin/index.ts.hbs",
        "export const {{camel name}} = 1;\n",
    );
    for other in others {
        let other = &other[1..];
        let text = match other.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "toml" => manifest("other"),
            "ts" => other
                .split('/')
                .map(|name| format!("export const {name} = 1;\n"))
                .nth(1)
                .unwrap(),
            "py" => "class Billing:\n    pass\n".to_owned(),
            _ => String::new(),
        };
        put(&format!("host/{other}"), &text);
    }
    put(&format!("host/{file}"), before);
    let host = at.join("host").join(file);
    let mut run = |line: &str, good: bool| {
        let (text, done) = sandbox.run(line);
        if done != good {
            wrong.push(format!("{PAGE}, `{file}`: `{line}`:\n{text}"));
        }
    };
    run("tenon pack check pack", true);
    run("cd host && tenon check --pack ../pack", true);
    let new = format!("tenon new-integration acme --pack ../pack {}", flags.join(" "));
    run(&new, true);
    let after = fs::read_to_string(&host).unwrap();
    run("tenon check --pack ../pack", true);
    fs::write(&host, before).unwrap();
    // Who holds a slot is the host's choice, and of what is `unchecked` nothing is said.
    let quiet = ["kind = \"slot\"", "unchecked = true"];
    run(
        "tenon check --pack ../pack",
        quiet.iter().any(|key| site.contains(key)),
    );
    fs::write(&host, &after).unwrap();
    run("tenon remove-integration acme --pack ../pack", true);
    let back = fs::read_to_string(&host).unwrap();
    if back != before {
        wrong.push(format!("{PAGE}, `{file}`: removal leaves\n{back}"));
    }
    after
}

/// Tries a rule on a host with two members: a file that is wrong, and one that is right; with `fix` the one becomes the other.
fn ruled(marked: &str, [rule, bad, good]: &[String; 3], wrong: &mut Vec<String>) {
    let words: Vec<&str> = marked.split(' ').collect();
    let (language, file) = (words[0], words[1]);
    let mut sandbox = Sandbox::new();
    let at = sandbox.here.clone();
    let put = |path: &str, text: &str| put(&at, path, text);
    put("pack/pack.toml", &pack(language, file, rule));
    put("pack/files/plugin/about.txt", "made\n");
    for member in ["acme", "billing"] {
        put(&format!("host/plugins/{member}/about.txt"), "made\n");
    }
    put(&format!("host/{file}"), good);
    let mut run = |line: &str, good: bool| {
        let (text, done) = sandbox.run(line);
        if done != good {
            wrong.push(format!("{PAGE}, `{file}`: `{line}`:\n{text}"));
        }
    };
    run("tenon pack check pack", true);
    run("cd host && tenon check --pack ../pack", true);
    put(&format!("host/{file}"), bad);
    run("tenon check --pack ../pack", false);
    if words.contains(&"fix") {
        run("tenon check --pack ../pack --fix", true);
        let fixed = fs::read_to_string(at.join("host").join(file)).unwrap();
        if fixed != *good {
            wrong.push(format!("{PAGE}, `{file}`: the fix makes\n{fixed}"));
        }
    }
}

#[test]
fn rules_find_what_the_page_shows() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let mut wrong = Vec::new();
    let mut lines = page.lines();
    let mut count = 0;
    while let Some(line) = lines.next() {
        let marked = line
            .strip_prefix("<!-- rule: ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        let Some(marked) = marked else { continue };
        count += 1;
        let blocks: [String; 3] = std::array::from_fn(|_| {
            let open = lines.find(|line| line.starts_with("```")).unwrap();
            let fence = &open[..open.len() - open.trim_start_matches('`').len()];
            let block = lines.by_ref().take_while(|line| *line != fence);
            block.map(|line| format!("{line}\n")).collect()
        });
        ruled(marked, &blocks, &mut wrong);
    }
    assert_eq!(count, 3, "rules on the page");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn recipes_do_what_the_page_shows() {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let mut wrong = Vec::new();
    let mut out: Vec<String> = Vec::new();
    let mut lines = page.lines();
    let mut count = 0;
    while let Some(line) = lines.next() {
        out.push(line.to_owned());
        let marked = line
            .strip_prefix("<!-- recipe: ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        let Some(marked) = marked else { continue };
        count += 1;
        let mut blocks: Vec<String> = Vec::new();
        while blocks.len() < 3 {
            let line = lines.next().unwrap();
            out.push(line.to_owned());
            if line.starts_with("```") {
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let text: String = block.iter().map(|line| format!("{line}\n")).collect();
                if blocks.len() == 2 {
                    let after = tried(marked, &blocks[0], &blocks[1], &mut wrong);
                    if after != text {
                        wrong.push(format!("{PAGE}, `{marked}` is afterwards:\n{after}"));
                    }
                    out.extend(after.lines().map(str::to_owned));
                } else {
                    out.extend(block.iter().map(|line| (*line).to_owned()));
                }
                out.push("```".to_owned());
                blocks.push(text);
            }
        }
    }
    assert!(count > 10, "only {count} recipes are found");
    if std::env::var_os("TENON_BLESS").is_some() {
        fs::write(&path, out.join("\n") + "\n").unwrap();
        wrong.retain(|what| !what.contains("is afterwards:"));
    }
    assert!(wrong.is_empty(), "{}: {}", shown(&path), wrong.join("\n"));
}
