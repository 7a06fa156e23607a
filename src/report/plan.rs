//! Plans as text or JSON: the tree of files, the diffs of changed files, a summary.

use std::fmt::Write as _;

use serde_json::{Value, json};

use tenon_engine::plan::{FileDiff, Plan, diffs};

use super::colour::Paint;
use super::escape::clean;
use super::printer::{Report, err, out};

impl Report {
    /// Prints the plan as the result of a dry run.
    pub fn plan(&self, plan: &Plan) {
        if self.is_json() {
            self.json(&plan_json(plan, &[], true));
        } else if plan.is_empty() {
            self.say("nothing would change");
        } else {
            out(&shown(plan, &self.out));
        }
    }

    /// Prints the plan before asking for confirmation.
    pub fn preview(&self, plan: &Plan) {
        err(&shown(plan, &self.err));
    }

    /// Prints the files of a plan that was applied, and the next steps.
    pub fn done(&self, plan: &Plan, next: &[String]) {
        if self.is_json() {
            return self.json(&plan_json(plan, next, false));
        }
        let files = diffs(plan);
        let mut text = String::new();
        for file in &files {
            let _ = writeln!(text, "{} {}", verb(&self.out, file.verb), clean(&file.path));
        }
        out(&text);
        self.summary(&summary(&files));
        if !next.is_empty() {
            self.say("next:");
            for line in next {
                self.say(&format!("  {line}"));
            }
        }
    }

    /// Says that the plan is empty.
    pub fn nothing(&self, plan: &Plan) {
        if self.is_json() {
            self.json(&plan_json(plan, &[], false));
        } else {
            self.say("nothing to do: everything is there already");
        }
    }
}

/// A plan as JSON; what a person does next, and whether nothing was written.
pub fn plan_json(plan: &Plan, next: &[String], dry_run: bool) -> Value {
    let files: Vec<Value> = diffs(plan)
        .into_iter()
        .map(|file| json!({ "path": file.path, "change": file.verb, "added": file.added, "removed": file.removed, "diff": file.unified }))
        .collect();
    json!({ "version": 1, "title": plan.title, "dryRun": dry_run, "files": files, "next": next })
}

fn verb(paint: &Paint, verb: &str) -> String {
    match verb {
        "create" => paint.green("create"),
        "delete" => paint.red("delete"),
        _ => paint.yellow("change"),
    }
}

fn summary(files: &[FileDiff]) -> String {
    let mut parts = Vec::new();
    for (verb, word) in [
        ("create", "created"),
        ("change", "changed"),
        ("delete", "deleted"),
    ] {
        let count = files.iter().filter(|file| file.verb == verb).count();
        if count > 0 {
            parts.push(format!(
                "{count} {} {word}",
                if count == 1 { "file" } else { "files" }
            ));
        }
    }
    parts.join(", ")
}

/// The tree, then the diffs of changed files.
fn shown(plan: &Plan, paint: &Paint) -> String {
    let files = diffs(plan);
    let mut text = String::new();
    let mut above: Vec<&str> = Vec::new();
    for file in &files {
        let mut parts: Vec<&str> = file.path.split('/').collect();
        let name = parts.pop().unwrap_or_default();
        let shared = above.iter().zip(&parts).take_while(|(a, b)| a == b).count();
        for (depth, dir) in parts.iter().enumerate().skip(shared) {
            let _ = writeln!(
                text,
                "{}{}",
                "  ".repeat(depth),
                paint.dim(&format!("{}/", clean(dir)))
            );
        }
        let counts = match file.verb {
            "create" => format!("+{}", file.added),
            "delete" => format!("-{}", file.removed),
            _ => format!("+{} -{}", file.added, file.removed),
        };
        let sign = match file.verb {
            "create" => paint.green("+"),
            "delete" => paint.red("-"),
            _ => paint.yellow("~"),
        };
        let indent = "  ".repeat(parts.len());
        let _ = writeln!(text, "{indent}{sign} {} {}", clean(name), paint.dim(&counts));
        above = parts;
    }
    for file in files.iter().filter(|file| file.verb != "create") {
        text.push('\n');
        for line in file.unified.lines() {
            let line_clean = clean(line);
            let painted = match line.as_bytes().first() {
                Some(b'+') => paint.green(&line_clean),
                Some(b'-') => paint.red(&line_clean),
                Some(b'@') => paint.cyan(&line_clean),
                _ => line_clean,
            };
            let _ = writeln!(text, "{painted}");
        }
    }
    let _ = writeln!(
        text,
        "\n{}",
        summary(&files)
            .replace("created", "to create")
            .replace("changed", "to change")
            .replace("deleted", "to delete")
    );
    text
}
