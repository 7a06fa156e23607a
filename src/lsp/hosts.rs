//! The hosts of a client's documents: found, opened, told what happens on disk, opened anew.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use tenon_engine::host::{canonical, is_host_file};
use tenon_engine::settings;
use tenon_text::diag::Error;

use super::convert;
use super::host::{Job, Worker};
use super::server::{Server, inside};
use super::uri;

impl Server {
    pub(super) fn folders_changed(&mut self, params: &Value) {
        let folders = |pointer: &str| -> Vec<PathBuf> {
            let all = params.pointer(pointer).and_then(Value::as_array);
            let all = all.into_iter().flatten();
            all.filter_map(|folder| uri::path(folder.get("uri")?.as_str()?))
                .collect()
        };
        let (added, removed) = (folders("/event/added"), folders("/event/removed"));
        self.folders.retain(|folder| !removed.contains(folder));
        for folder in added {
            self.root_of(&folder);
            self.folders.push(folder);
        }
        // What nobody looks at any more is no longer checked.
        let open = self.documents.values();
        let open = open.filter_map(|document| self.host_of(document.path.as_deref()?));
        let open = open.map(|worker| &worker.root);
        let folders = self.folders.iter();
        let folders = folders.filter_map(|folder| self.roots.get(&canonical(folder))?.as_ref());
        let kept: BTreeSet<PathBuf> = folders.chain(open).cloned().collect();
        self.workers.retain(|root, _| kept.contains(root));
        self.roots
            .retain(|_, root| root.as_ref().is_none_or(|root| kept.contains(root)));
    }

    /// The root of the host that `dir` is in; it is opened if that is new.
    pub(super) fn root_of(&mut self, dir: &Path) -> Option<PathBuf> {
        let dir = canonical(dir);
        if let Some(known) = self.roots.get(&dir) {
            return known.clone();
        }
        let root = match (self.hooks.open)(&dir) {
            Ok(Some(opened)) => {
                let root = opened.host.root().to_path_buf();
                self.succeeded(&root);
                if !self.workers.contains_key(&root) {
                    let cancelled = Arc::clone(&self.cancelled);
                    let worker = Worker::start(opened, self.hooks, self.out.clone(), self.client, cancelled);
                    if !self.documents.is_empty() {
                        self.tell(&worker);
                    }
                    self.workers.insert(root.clone(), worker);
                }
                Some(root)
            }
            Ok(None) => None,
            Err(error) => {
                self.cannot_open(&dir, &error);
                None
            }
        };
        self.roots.insert(dir, root.clone());
        root
    }

    /// Says why the host that `dir` is in cannot be opened: at its settings, if that is where the fault is.
    fn cannot_open(&mut self, dir: &Path, error: &Error) {
        let at = error.location().filter(|at| at.path == settings::FILE);
        let mut dirs = dir.ancestors();
        let file = dirs
            .find(|dir| is_host_file(dir, settings::FILE))
            .filter(|_| at.is_some());
        let Some(file) = file.map(|dir| dir.join(settings::FILE)) else {
            self.say(
                "window/logMessage",
                json!({ "type": 2, "message": error.to_string() }),
            );
            return;
        };
        let open = self
            .documents
            .values()
            .find(|document| document.path.as_ref() == Some(&file));
        let diagnostic = convert::error(error, open.map(|document| &document.lines), self.client.encoding);
        let address = self.address(&file);
        self.say(
            "textDocument/publishDiagnostics",
            json!({ "uri": address, "diagnostics": [diagnostic] }),
        );
        self.failed.insert(address);
    }

    fn succeeded(&mut self, root: &Path) {
        let address = self.address(&root.join(settings::FILE));
        if self.failed.remove(&address) {
            self.say(
                "textDocument/publishDiagnostics",
                json!({ "uri": address, "diagnostics": [] }),
            );
        }
    }

    /// The address of a path, as the client writes it if the document is open.
    fn address(&self, path: &Path) -> String {
        let mut open = self.documents.iter();
        let known = open.find(|(_, document)| document.path.as_deref() == Some(path));
        known.map_or_else(|| uri::of(path), |(uri, _)| uri.clone())
    }

    /// Files were written, or came or went.
    pub(super) fn on_disk(&mut self, changes: Vec<PathBuf>) {
        let is_kept = |part: Component<'_>| {
            let name = part.as_os_str().to_str();
            matches!(name, Some(".git" | ".tenon" | "target"))
        };
        let changes = changes.iter().filter(|path| !path.components().any(is_kept));
        let changes: Vec<&PathBuf> = changes.collect();
        if changes.iter().any(|path| path.ends_with(settings::FILE)) {
            self.roots.retain(|_, root| root.is_some());
        }
        let mut anew = BTreeSet::new();
        for worker in self.workers.values() {
            let settings = worker.root.join(settings::FILE);
            let pack = worker.pack_dir.as_ref();
            let is_new = |path: &Path| *path == *settings || pack.is_some_and(|dir| path.starts_with(dir));
            if changes.iter().any(|path| is_new(path)) {
                anew.insert(worker.root.clone());
            } else if changes.iter().any(|path| inside(path, &worker.root).is_some()) {
                worker.send(Job::Disk);
            }
        }
        for root in anew {
            self.workers.remove(&root);
            self.roots.retain(|_, known| known.as_ref() != Some(&root));
            self.root_of(&root);
        }
        let dirs = self.documents.values();
        let dirs = dirs.filter_map(|document| document.path.as_deref()?.parent());
        let dirs: BTreeSet<PathBuf> = dirs.map(Path::to_path_buf).collect();
        dirs.iter().for_each(|dir| drop(self.root_of(dir)));
    }
}
