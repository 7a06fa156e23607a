//! Cost grows linearly.

use std::time::Instant;

use super::*;

fn host(count: usize) -> String {
    let entries = (0..count).map(|n| format!("  {{ id: 'part-{n}', path: './parts/part-{n}' }},\n"));
    format!("export const all = [\n{}];\n", entries.collect::<String>())
}

#[test]
#[ignore = "prints times; run with --release --ignored --nocapture"]
fn times() {
    let example = site("a.ts", "", "{ id: '{{kebab}}', path: './parts/{{kebab}}' }").example();
    let go = site("a.go", "", "_ \"example.com/plugins/{{kebab}}\"").example();
    for count in [500, 5_000] {
        let text = host(count);
        let imports = format!(
            "package a\n\nimport (\n{})\n",
            (0..count)
                .map(|n| format!("\t_ \"example.com/plugins/part-{n}\"\n"))
                .collect::<String>()
        );
        for (text, example, path) in [(text, &example, "a.ts"), (imports, &go, "a.go")] {
            let start = Instant::now();
            let doc = Document::new(&*text, Syntax::of(path));
            let parsed = start.elapsed();
            let start = Instant::now();
            let found = doc.find(example, None);
            let matched = start.elapsed();
            assert_eq!(found.matches.len(), count);
            let start = Instant::now();
            let lists = lists(&doc, &found.matches, None);
            let listed = start.elapsed();
            let start = Instant::now();
            let inserted = insert(
                &doc,
                example,
                &found.matches,
                None,
                if path == "a.ts" {
                    "{ id: 'x', path: './parts/x' }"
                } else {
                    "_ \"example.com/plugins/x\""
                },
            )
            .unwrap();
            println!(
                "{path} {count} entries, {} KB: document {parsed:?}, match {matched:?}, lists {listed:?} ({}), insert {:?} {}",
                text.len() / 1024,
                lists.len(),
                start.elapsed(),
                inserted.edits.len()
            );
        }
    }
}
