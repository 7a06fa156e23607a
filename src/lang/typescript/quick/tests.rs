//! The trees of this parser beside those of tree-sitter.

use std::path::{Path, PathBuf};

use crate::lang::flat::Entry;
use crate::lang::tree::Grammar;

/// The first difference between both trees of `source`; nothing if there is none, or this parser gives up.
fn difference(source: &str) -> Option<String> {
    let quick = super::parse(source)?;
    let slow = Grammar::TypeScript.by_tree_sitter(source);
    let slow = match &slow {
        Ok(tree) => tree.entries(),
        Err(_) => return Some("tree-sitter gives up".to_owned()),
    };
    if slow.first().is_some_and(|root| root.marks & Entry::BROKEN != 0) {
        let is_wrong = |entry: &&Entry| entry.kind == u16::MAX || entry.marks & Entry::MISSING != 0;
        let at = slow.iter().find(is_wrong).map_or(0, |entry| entry.start as usize);
        let text: String = source[at.saturating_sub(40)..].chars().take(80).collect();
        return Some(format!("tree-sitter has an error at {at}: {text:?}"));
    }
    let all = 0..quick.len().max(slow.len());
    // How far a node reaches says where something is missing below it, which is better said there.
    let same = |at: &usize| {
        let (Some(a), Some(b)) = (quick.get(*at), slow.get(*at)) else {
            return false;
        };
        Entry { after: 0, ..*a } == Entry { after: 0, ..*b }
    };
    let at = all
        .clone()
        .find(|at| !same(at))
        .or_else(|| all.clone().find(|at| quick.get(*at) != slow.get(*at)))?;
    let show = |entry: Option<&Entry>| {
        let Some(entry) = entry else {
            return "nothing".to_owned();
        };
        let kinds = Grammar::TypeScript.kinds();
        let kind = kinds.get(usize::from(entry.kind)).map_or("ERROR", |kind| kind.0);
        let text = source.get(entry.start as usize..entry.end as usize);
        let text: String = text.unwrap_or("?").chars().take(60).collect();
        let (start, end) = (entry.start, entry.end);
        let Entry {
            field,
            marks,
            parent,
            after,
            ..
        } = entry;
        format!("{kind} field {field} marks {marks} {start}..{end} parent {parent} after {after} {text:?}")
    };
    Some(format!(
        "node {at}: quick {}\n             slow {}",
        show(quick.get(at)),
        show(slow.get(at))
    ))
}

/// Where this parser gives up.
fn stuck(source: &str) -> String {
    if super::has_rarities(source.as_bytes()) {
        return "a rarity".to_owned();
    }
    let Some(mut parser) = super::parser::Parser::new(source) else {
        return "the start".to_owned();
    };
    parser.program();
    let at = parser.token.start as usize;
    let line = source[..at].matches('\n').count() + 1;
    let begin = source[..at].rfind('\n').map_or(0, |at| at + 1);
    let text: String = source[at..].chars().take(30).collect();
    format!("{line}: {:?} ^ {text:?}", &source[begin..at])
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| {
            let wanted = std::env::var("TENON_TS_KIND").unwrap_or("ts".into());
            extension == wanted.as_str()
        }) {
            out.push(path);
        }
    }
}

#[test]
fn corpus() {
    let Ok(dirs) = std::env::var("TENON_TS_CORPUS") else {
        return;
    };
    let mut all = Vec::new();
    dirs.split(':').for_each(|dir| files(Path::new(dir), &mut all));
    let (mut taken, mut refused, mut different) = (0, 0, 0);
    for path in all {
        let Ok(source) = std::fs::read_to_string(&path) else {
            continue;
        };
        let quick = super::parse(&source);
        if quick.is_none() {
            refused += 1;
            println!("REFUSED {} at {}", path.display(), stuck(&source));
            continue;
        }
        taken += 1;
        if let Some(text) = difference(&source) {
            different += 1;
            println!("DIFFERENT {}\n    {text}", path.display());
        }
    }
    println!("TOTAL taken {taken} refused {refused} different {different}");
}

#[test]
fn the_grammar_has_all_kinds_and_fields() {
    // Words that are nodes with names of their own, and what is no word of the grammar at all.
    let words = [
        "unique",
        "false",
        "null",
        "super",
        "this",
        "true",
        "undefined",
        "end",
        "",
    ];
    assert_eq!(super::kinds::missing(), words);
}

#[test]
fn show() {
    let Ok(source) = std::env::var("TENON_TS_SHOW") else {
        return;
    };
    for (name, entries) in [
        ("quick", super::parse(&source)),
        (
            "slow",
            Grammar::TypeScript
                .by_tree_sitter(&source)
                .ok()
                .map(|tree| tree.entries().to_vec()),
        ),
    ] {
        println!("{name}");
        let entries = entries.unwrap_or_default();
        for (at, entry) in entries.iter().enumerate() {
            let mut depth = 0;
            let mut up = at;
            while up != 0 {
                up = entries[up].parent as usize;
                depth += 1;
            }
            let kind = Grammar::TypeScript
                .kinds()
                .get(usize::from(entry.kind))
                .map_or("ERROR", |kind| kind.0);
            println!(
                "{}{kind} f{} {:?}",
                "  ".repeat(depth),
                entry.field,
                &source[entry.start as usize..entry.end as usize]
            );
        }
    }
}

#[test]
fn mutants() {
    let Ok(dirs) = std::env::var("TENON_TS_MUTANTS") else {
        return;
    };
    let mut all = Vec::new();
    dirs.split(':').for_each(|dir| files(Path::new(dir), &mut all));
    let mut seed = 12345_u64;
    let mut random = move |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below.max(1)
    };
    let (mut taken, mut tried, mut different) = (0, 0, 0);
    let bits = [
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        ";",
        ",",
        ":",
        "=",
        "=>",
        "?",
        ".",
        "?.",
        "!",
        "|",
        "&",
        "+",
        "-",
        "/",
        "*",
        "\n",
        " ",
        " as ",
        " x ",
        "async ",
        "await ",
        "new ",
        "return ",
        "typeof ",
        "readonly ",
        "static ",
        "get ",
        "public ",
        "in ",
        "`",
        "'",
        "0",
        "// c\n",
        "/* c */",
        "\n\n",
        "abstract ",
        "declare ",
        "export ",
        "type ",
        "let ",
        "extends ",
        " is ",
        "...",
        "@x ",
        "if ",
        "else ",
        "function ",
        "class ",
        "import ",
        "${",
        "keyof ",
        "infer ",
        "??",
        "||",
        "++",
        "--",
        "const ",
        "enum ",
        "namespace ",
        "this",
        "super",
        "void ",
        "of ",
        "satisfies ",
    ];
    let started = std::time::Instant::now();
    let limit: u64 = std::env::var("TENON_TS_SECONDS")
        .unwrap_or("60".into())
        .parse()
        .unwrap();
    while started.elapsed().as_secs() < limit {
        let path = &all[random(all.len())];
        let Ok(source) = std::fs::read_to_string(path) else {
            continue;
        };
        if source.len() > 6000 || !source.is_ascii() {
            continue;
        }
        for _ in 0..20 {
            let mut text = source.clone();
            for _ in 0..=random(2) {
                let at = random(text.len());
                match random(3) {
                    0 => {
                        let end = (at + 1 + random(4)).min(text.len());
                        text.replace_range(at..end, "");
                    }
                    1 => text.insert_str(at, bits[random(bits.len())]),
                    _ => {
                        // A piece from elsewhere.
                        let from = random(text.len());
                        let end = (from + random(40)).min(text.len());
                        let piece = text[from..end].to_owned();
                        text.insert_str(at, &piece);
                    }
                }
            }
            tried += 1;
            if super::parse(&text).is_some() {
                taken += 1;
                if let Some(said) = difference(&text) {
                    different += 1;
                    let same = text
                        .bytes()
                        .zip(source.bytes())
                        .take_while(|(a, b)| a == b)
                        .count();
                    let around: String = text[same.saturating_sub(40)..].chars().take(110).collect();
                    println!("DIFFERENT {}\n    {said}\n    around {around:?}", path.display());
                }
            }
        }
    }
    println!("TOTAL tried {tried} taken {taken} different {different}");
}
