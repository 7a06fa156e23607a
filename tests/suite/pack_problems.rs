//! Every kind of problem that a pack can have is named at its place by `tenon pack check`, and nothing else with it.
//! The problems stand in `tests/problems/cases.txt`.

use std::fs;
use std::path::Path;

use crate::support::fault::copy_tree;
use crate::support::sandbox::Sandbox;

struct Case {
    title: String,
    file: String,
    from: String,
    to: String,
    says: String,
}

fn home() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems")
}

/// The page's head, and its cases.
fn cases(page: &str) -> (String, Vec<Case>) {
    let mut parts = page.split("\n## ");
    let head = parts.next().unwrap().to_owned();
    let case = |part: &str| {
        let mut lines = part.lines();
        let mut case = Case {
            title: lines.next().unwrap().to_owned(),
            file: "pack.toml".to_owned(),
            from: String::new(),
            to: String::new(),
            says: String::new(),
        };
        for line in lines {
            let (sign, rest) = line.split_at(line.len().min(2));
            let add = |to: &mut String| {
                to.push_str(rest);
                to.push('\n');
            };
            match sign {
                "@ " => case.file = rest.to_owned(),
                "- " => add(&mut case.from),
                "+ " => add(&mut case.to),
                "= " | "=" => add(&mut case.says),
                "" => {}
                _ => panic!("`{line}` says nothing"),
            }
        }
        case
    };
    (head, parts.map(case).collect())
}

fn written(head: &str, cases: &[Case]) -> String {
    let mut out = head.to_owned();
    for case in cases {
        out.push_str(&format!("\n## {}\n", case.title));
        if case.file != "pack.toml" {
            out.push_str(&format!("@ {}\n", case.file));
        }
        for (sign, text) in [("- ", &case.from), ("+ ", &case.to), ("= ", &case.says)] {
            text.lines()
                .for_each(|line| out.push_str(&format!("{sign}{line}\n")));
        }
    }
    out
}

#[test]
fn every_problem_of_a_pack_is_named_at_its_place() {
    let path = home().join("cases.txt");
    let page = fs::read_to_string(&path).unwrap();
    let (head, mut all) = cases(&page);
    assert!(all.len() > 30);
    let sandbox = Sandbox::empty();
    let mut wrong = String::new();
    for (at, case) in all.iter_mut().enumerate() {
        let pack = sandbox.root.join(at.to_string()).join("press");
        fs::create_dir_all(&pack).unwrap();
        copy_tree(&home().join("pack"), &pack);
        let file = pack.join(&case.file);
        let text = fs::read_to_string(&file).unwrap();
        // What is one word of a line is given without its end.
        let (from, to) = match text.contains(&case.from) {
            true => (case.from.as_str(), case.to.as_str()),
            false => (case.from.trim_end(), case.to.trim_end()),
        };
        assert_eq!(text.matches(from).count(), 1, "{}: `{from}`", case.title);
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let run = sandbox.run_in(&at.to_string(), &["pack", "check", "press"]);
        assert_eq!(run.code, 1, "{}: {}", case.title, run.err);
        let said = run.err.replace("error: ", "");
        let said: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
        let said = said.join("\n") + "\n";
        if said != case.says {
            wrong.push_str(&format!("{}:\n{said}\n", case.title));
            case.says = said;
        }
    }
    if std::env::var_os("TENON_BLESS").is_some() {
        fs::write(&path, written(&head, &all)).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(page, written(&head, &all));
}

#[test]
fn the_pack_of_the_problems_has_none() {
    let sandbox = Sandbox::empty();
    let dir = home().join("pack");
    let run = sandbox.run(&["pack", "check", dir.to_str().unwrap()]);
    assert_eq!((run.code, run.err.as_str()), (0, "no problems in press 1.0.0\n"));
}
