//! Packs that somebody writes: what `tenon pack check` says of them, in a thread of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use serde_json::{Value, json};

use tenon_pack::problems_with;
use tenon_text::diag::Error;
use tenon_text::guard::guarded;

use super::convert;
use super::text::{Encoding, Lines};
use super::uri;

/// The file that makes a folder a pack.
pub const FILE: &str = "pack.toml";

/// The open documents of a pack: address and text, by path relative to its folder.
pub type Open = BTreeMap<String, (String, Arc<str>)>;

/// Packs that are being checked.
pub struct Packs {
    jobs: Sender<(PathBuf, Open)>,
}

impl Packs {
    /// Waits for packs in a thread of its own.
    pub fn start(out: Sender<Value>, encoding: Encoding) -> Self {
        let (jobs, todo) = mpsc::channel::<(PathBuf, Open)>();
        std::thread::spawn(move || {
            let mut published: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
            while let Ok((dir, open)) = todo.recv() {
                // Of several states of a pack the last one counts.
                let mut all = BTreeMap::from([(dir, open)]);
                all.extend(todo.try_iter());
                for (dir, open) in all {
                    let now = found(&dir, &open, encoding);
                    let before = published.remove(&dir).unwrap_or_default();
                    let gone = before.into_iter().filter(|uri| !now.contains_key(uri));
                    let gone: Vec<(String, Vec<Value>)> = gone.map(|uri| (uri, vec![])).collect();
                    let uris = now.iter().filter(|(_, all)| !all.is_empty());
                    published.insert(dir, uris.map(|(uri, _)| uri.clone()).collect());
                    for (uri, diagnostics) in now.into_iter().chain(gone) {
                        let params = json!({ "uri": uri, "diagnostics": diagnostics });
                        let method = "textDocument/publishDiagnostics";
                        // The server may have ended: then nobody listens.
                        let _ = out.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
                    }
                }
            }
        });
        Self { jobs }
    }

    /// Has the pack in `dir` checked.
    pub fn check(&self, dir: &Path, open: Open) {
        // It ends only when nobody can send any more.
        let _ = self.jobs.send((dir.to_path_buf(), open));
    }
}

/// What is wrong with the pack in `dir`, by address; open documents have something even if it is nothing.
fn found(dir: &Path, open: &Open, encoding: Encoding) -> BTreeMap<String, Vec<Value>> {
    let texts = open
        .iter()
        .map(|(path, (_, text))| (path.clone(), text.to_string()));
    let texts: BTreeMap<String, String> = texts.collect();
    let mut out: BTreeMap<String, Vec<Value>> = open.values().map(|(uri, _)| (uri.clone(), vec![])).collect();
    let is_pack = open
        .get(FILE)
        .is_none_or(|(_, text)| text.lines().any(|line| line.trim() == "[pack]"));
    // Other programs have files of that name too.
    if !is_pack {
        return out;
    }
    let problems = guarded(|| Ok(problems_with(dir, &texts).1)).unwrap_or_else(|defect: Error| vec![defect]);
    for problem in &problems {
        let path = problem.location().map_or(FILE, |at| at.path.as_str());
        let (address, lines) = match open.get(path) {
            Some((uri, text)) => (uri.clone(), Some(Lines::new(Arc::clone(text)))),
            None => (uri::of(&dir.join(path)), None),
        };
        let one = convert::error(problem, lines.as_ref(), encoding);
        out.entry(address).or_default().push(one);
    }
    out
}
