//! Plans as text or JSON: the tree of files, the diffs of changed files, a summary.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use tenon_engine::plan::{FileDiff, Plan, diffs, record};

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
            out(&shown(plan, &self.out, true));
        }
    }

    /// Prints several plans as the result of a dry run: with JSON as one document.
    pub fn plans(&self, plans: &[Plan]) {
        match plans {
            [plan] => self.plan(plan),
            plans if self.is_json() => self.json(&plans_json(plans, true)),
            plans => plans.iter().for_each(|plan| self.plan(plan)),
        }
    }

    /// Prints the files of several plans that were applied: with JSON as one document.
    pub fn all_done(&self, plans: &[Plan]) {
        match plans {
            [plan] => self.done(plan, &[]),
            plans if self.is_json() => self.json(&plans_json(plans, false)),
            plans => plans.iter().for_each(|plan| self.done(plan, &[])),
        }
    }

    /// Prints the plan before asking for confirmation: of deleted files only the names, so that the edits of files that stay are seen.
    pub fn preview(&self, plan: &Plan) {
        err(&shown(plan, &self.err, false));
    }

    /// Prints the files of a plan that was applied, and the next steps.
    pub fn done(&self, plan: &Plan, next: &[String]) {
        if self.is_json() {
            return self.json(&plan_json(plan, next, false));
        }
        if self.is_quiet() {
            return;
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

    /// Says that there is nothing that could be updated.
    pub fn nothing_to_update(&self) {
        if self.is_json() {
            self.json(&plan_json(&Plan::default(), &[], false));
        } else {
            self.say("there is nothing to update");
        }
    }

    /// Prints as JSON the plan of an update and the members that are outdated, by kind and name.
    pub fn outdated(&self, plan: &Plan, outdated: &BTreeSet<(String, String)>) {
        let names = outdated
            .iter()
            .map(|(kind, name)| json!({ "kind": kind, "name": name }));
        let mut document = plan_json(plan, &[], true);
        document["outdated"] = names.collect();
        self.json(&document);
    }

    /// Prints that a directory was filled with `files` (path and bytes), or would be.
    pub fn filled(&self, dir: &str, files: &[(String, Vec<u8>)], dry_run: bool, next: &[String]) {
        if self.is_json() {
            let files: Vec<Value> = files
                .iter()
                .map(|(path, bytes)| {
                    let added = String::from_utf8_lossy(bytes).lines().count();
                    json!({ "path": path, "change": "create", "added": added, "removed": 0, "diff": "" })
                })
                .collect();
            let title = format!("create {dir}");
            return self.json(
                &json!({ "version": 1, "title": title, "dryRun": dry_run, "files": files, "next": next }),
            );
        }
        let count = files.len();
        if dry_run {
            let lines: String = files
                .iter()
                .map(|(path, _)| format!("create {dir}/{path}\n"))
                .collect();
            return self.result(&lines);
        }
        self.summary(&format!("{count} files created in `{dir}`"));
        self.say("next:");
        next.iter().for_each(|line| self.say(&format!("  {line}")));
    }

    /// Says that the plan is empty.
    pub fn nothing(&self, plan: &Plan, dry_run: bool) {
        if self.is_json() {
            self.json(&plan_json(plan, &[], dry_run));
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

/// Several plans as one: the files of all of them, in the order in which they are written.
fn plans_json(plans: &[Plan], dry_run: bool) -> Value {
    let files = plans.iter().flat_map(|plan| match plan_json(plan, &[], dry_run) {
        Value::Object(mut plan) => match plan.shift_remove("files") {
            Some(Value::Array(files)) => files,
            _ => vec![],
        },
        _ => vec![],
    });
    let files: Vec<Value> = files.collect();
    let titles: Vec<&str> = plans.iter().map(|plan| plan.title.as_str()).collect();
    json!({ "version": 1, "title": titles.join("; "), "dryRun": dry_run, "files": files, "next": [] })
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

/// The tree, then the diffs of changed files, and with `deleted` those of deleted files.
fn shown(plan: &Plan, paint: &Paint, deleted: bool) -> String {
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
    // The record holds digests, which nobody reads: that it changes is said above.
    let is_read = |verb: &str| verb == "change" || (deleted && verb == "delete");
    let read = |file: &&FileDiff| is_read(file.verb) && file.path != record::FILE;
    for file in files.iter().filter(read) {
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
