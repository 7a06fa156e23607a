//! Messages in the order in which they come: what is open, which host it belongs to, who answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use serde_json::{Value, json};

use crate::diag::Error;
use crate::host::{canonical, is_host_file};
use crate::lang::guard::guarded;
use crate::rules::session::OnDisk;
use crate::settings;

use super::convert::{self, Client};
use super::host::{Ask, Cancelled, Job, Open, What, Worker};
use super::pack_file::{self, Packs};
use super::text::{Encoding, Lines};
use super::wire::Incoming;
use super::{Event, Hooks, completion, uri};

/// Where in its life the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Fresh,
    Running,
    Ending,
}

/// An open document.
struct Document {
    lines: Lines,
    version: i64,
    /// What it really is on disk, symbolic links resolved; nothing for what is no file.
    path: Option<PathBuf>,
    /// The root of its host.
    host: Option<PathBuf>,
}

/// The state of the server.
pub struct Server {
    out: Sender<Value>,
    hooks: Hooks,
    life: Life,
    client: Client,
    watches: bool,
    folders: Vec<PathBuf>,
    documents: BTreeMap<String, Document>,
    workers: BTreeMap<PathBuf, Worker>,
    /// By directory the root of the host that it is in.
    roots: BTreeMap<PathBuf, Option<PathBuf>>,
    /// Where it was said why a host cannot be opened.
    failed: BTreeSet<String>,
    cancelled: Cancelled,
    packs: Option<Packs>,
}

impl Server {
    /// A server that nobody has talked to; what it says goes to `out`.
    pub fn new(out: Sender<Value>, hooks: Hooks) -> Self {
        Self {
            out,
            hooks,
            life: Life::Fresh,
            client: Client {
                encoding: Encoding::Utf16,
                document_changes: false,
                creates: false,
                related: false,
            },
            watches: false,
            folders: vec![],
            documents: BTreeMap::new(),
            workers: BTreeMap::new(),
            roots: BTreeMap::new(),
            failed: BTreeSet::new(),
            cancelled: Cancelled::default(),
            packs: None,
        }
    }

    /// Takes messages until the client ends it; whether it asked to shut down before.
    pub fn run(mut self, events: &Receiver<Event>) -> bool {
        let done = loop {
            match events.recv() {
                Ok(Event::Message(Incoming::Message(message))) => {
                    if message.get("method").and_then(Value::as_str) == Some("exit") {
                        break self.life == Life::Ending;
                    }
                    if let Err(defect) = guarded(|| {
                        self.take(&message);
                        Ok(())
                    }) {
                        self.say("window/logMessage", json!({ "type": 1, "message": defect.to_string() }));
                    }
                }
                Ok(Event::Message(Incoming::Bad(why))) => {
                    self.send(json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": why } }));
                }
                Ok(Event::Closed) | Err(_) => break false,
            }
        };
        // The writer stops at nothing.
        self.send(Value::Null);
        done
    }

    fn send(&self, message: Value) {
        // The writer ends when the client is gone: then nobody listens.
        let _ = self.out.send(message);
    }

    fn say(&self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn reply(&self, id: &Value, result: Value) {
        self.send(json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    fn refuse(&self, id: &Value, code: i32, message: &str) {
        self.send(json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }));
    }

    fn take(&mut self, message: &Value) {
        let id = message.get("id").filter(|id| id.is_string() || id.is_number());
        let params = message.get("params").unwrap_or(&Value::Null);
        match (message.get("method").and_then(Value::as_str), id) {
            (Some(method), Some(id)) => self.request(method, id, params),
            (Some(method), None) => self.notified(method, params),
            // An answer to what the server asked.
            (None, Some(_)) if message.get("result").is_some() || message.get("error").is_some() => {}
            (None, id) => self.refuse(id.unwrap_or(&Value::Null), -32600, "this is no message"),
        }
    }

    fn request(&mut self, method: &str, id: &Value, params: &Value) {
        match (self.life, method) {
            (Life::Fresh, "initialize") => {
                let answer = self.initialize(params);
                self.reply(id, answer);
            }
            (Life::Fresh, _) => self.refuse(id, -32002, "the server is not initialized"),
            (Life::Ending, _) => self.refuse(id, -32600, "the server is shutting down"),
            (Life::Running, "shutdown") => {
                self.life = Life::Ending;
                self.workers.clear();
                self.reply(id, Value::Null);
            }
            (Life::Running, "textDocument/codeAction") => self.ask(What::Actions, id, params),
            (Life::Running, "textDocument/hover") => self.ask(What::Hover, id, params),
            (Life::Running, "textDocument/definition") => self.ask(What::Definition, id, params),
            (Life::Running, "textDocument/completion") => {
                let document = uri_in(params).and_then(|uri| self.documents.get(uri));
                let pack = document.filter(|document| is_pack_file(document));
                let items = pack.and_then(|document| {
                    let offset = document.lines.offset(params.get("position")?, self.client.encoding)?;
                    Some(completion::at(&document.lines, offset, self.client.encoding))
                });
                self.reply(id, items.unwrap_or(Value::Null));
            }
            (Life::Running, "initialize") => self.refuse(id, -32600, "the server is initialized already"),
            (Life::Running, _) => self.refuse(id, -32601, &format!("there is no method `{method}` here")),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.life = Life::Running;
        let can = |pointer: &str| params.pointer(pointer).and_then(Value::as_bool) == Some(true);
        let has = |pointer: &str, word: &str| {
            let all = params.pointer(pointer).and_then(Value::as_array);
            all.is_some_and(|all| all.iter().any(|item| item.as_str() == Some(word)))
        };
        let utf8 = has("/capabilities/general/positionEncodings", "utf-8");
        self.client = Client {
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            document_changes: can("/capabilities/workspace/workspaceEdit/documentChanges"),
            creates: has("/capabilities/workspace/workspaceEdit/resourceOperations", "create"),
            related: can("/capabilities/textDocument/publishDiagnostics/relatedInformation"),
        };
        self.watches = can("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration");
        let folders = params.get("workspaceFolders").and_then(Value::as_array);
        let folders = folders.into_iter().flatten();
        self.folders = folders.filter_map(|folder| uri::path(folder.get("uri")?.as_str()?)).collect();
        if self.folders.is_empty() {
            let root = params.get("rootUri").and_then(Value::as_str).and_then(uri::path);
            let path = params.get("rootPath").and_then(Value::as_str).map(PathBuf::from);
            self.folders.extend(root.or(path));
        }
        self.packs = Some(Packs::start(self.out.clone(), self.client.encoding));
        json!({
            "capabilities": {
                "positionEncoding": if utf8 { "utf-8" } else { "utf-16" },
                "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
                "hoverProvider": true,
                "definitionProvider": true,
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                "completionProvider": { "triggerCharacters": ["[", "\"", ".", "=", "{", ","] },
                "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
            },
            "serverInfo": { "name": "tenon", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    fn notified(&mut self, method: &str, params: &Value) {
        if method == "$/cancelRequest" {
            if let Some(id) = params.get("id")
                && let Ok(mut all) = self.cancelled.lock()
            {
                all.insert(id.to_string());
            }
            return;
        }
        if self.life != Life::Running {
            return;
        }
        match method {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => {
                self.open(params);
            }
            "textDocument/didChange" => {
                self.change(params);
            }
            "textDocument/didClose" => {
                if let Some(document) = uri_in(params).and_then(|uri| self.documents.remove(uri)) {
                    self.texts(document.host.as_deref());
                    self.check_pack(document.path.as_deref());
                }
            }
            "textDocument/didSave" => {
                let path = uri_in(params).and_then(|uri| self.documents.get(uri)?.path.clone());
                self.on_disk(path.into_iter().map(|path| (path, false)).collect());
            }
            "workspace/didChangeWatchedFiles" => {
                let changes = params.get("changes").and_then(Value::as_array);
                let changes = changes.into_iter().flatten().filter_map(|change| {
                    let path = uri::path(change.get("uri")?.as_str()?)?;
                    let came_or_went = change.get("type").and_then(Value::as_u64) != Some(2);
                    Some((canonical(&path), came_or_went))
                });
                self.on_disk(changes.collect());
            }
            "workspace/didChangeWorkspaceFolders" => self.folders_changed(params),
            _ => {}
        }
    }

    fn initialized(&mut self) {
        if self.watches {
            let pattern = "**/*.{ts,tsx,mts,cts,js,mjs,cjs,json,toml,yaml,yml,go,mod,py,cfg,rs,hbs,lock}";
            self.send(json!({
                "jsonrpc": "2.0",
                "id": "watch",
                "method": "client/registerCapability",
                "params": { "registrations": [{
                    "id": "watch",
                    "method": "workspace/didChangeWatchedFiles",
                    "registerOptions": { "watchers": [{ "globPattern": pattern }] },
                }] },
            }));
        }
        for folder in self.folders.clone() {
            self.root_of(&folder);
        }
    }

    fn folders_changed(&mut self, params: &Value) {
        let folders = |pointer: &str| -> Vec<PathBuf> {
            let all = params.pointer(pointer).and_then(Value::as_array);
            let all = all.into_iter().flatten();
            all.filter_map(|folder| uri::path(folder.get("uri")?.as_str()?)).collect()
        };
        let (added, removed) = (folders("/event/added"), folders("/event/removed"));
        self.folders.retain(|folder| !removed.contains(folder));
        for folder in added {
            self.root_of(&folder);
            self.folders.push(folder);
        }
        // What nobody looks at any more is no longer checked.
        let open: BTreeSet<&PathBuf> = self.documents.values().filter_map(|document| document.host.as_ref()).collect();
        let kept = self.folders.iter().filter_map(|folder| self.roots.get(&canonical(folder))?.as_ref());
        let kept: BTreeSet<PathBuf> = kept.chain(open).cloned().collect();
        self.workers.retain(|root, _| kept.contains(root));
        self.roots.retain(|_, root| root.as_ref().is_none_or(|root| kept.contains(root)));
    }

    /// The root of the host that `dir` is in; it is opened if that is new.
    fn root_of(&mut self, dir: &Path) -> Option<PathBuf> {
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
        let file = dirs.find(|dir| is_host_file(dir, settings::FILE)).filter(|_| at.is_some());
        let Some(file) = file.map(|dir| dir.join(settings::FILE)) else {
            self.say("window/logMessage", json!({ "type": 2, "message": error.to_string() }));
            return;
        };
        let open = self.documents.values().find(|document| document.path.as_ref() == Some(&file));
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
            self.say("textDocument/publishDiagnostics", json!({ "uri": address, "diagnostics": [] }));
        }
    }

    /// The address of a path, as the client writes it if the document is open.
    fn address(&self, path: &Path) -> String {
        let mut open = self.documents.iter();
        let known = open.find(|(_, document)| document.path.as_deref() == Some(path));
        known.map_or_else(|| uri::of(path), |(uri, _)| uri.clone())
    }

    fn open(&mut self, params: &Value) -> Option<()> {
        let document = params.get("textDocument")?;
        let address = document.get("uri")?.as_str()?.to_owned();
        let text = document.get("text")?.as_str()?;
        let path = uri::path(&address).map(|path| canonical(&path));
        let host = path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let host = host.and_then(|dir| self.root_of(&dir));
        self.documents.insert(
            address,
            Document {
                lines: Lines::new(Arc::from(text)),
                version: document.get("version").and_then(Value::as_i64).unwrap_or(0),
                path: path.clone(),
                host: host.clone(),
            },
        );
        self.texts(host.as_deref());
        self.check_pack(path.as_deref());
        Some(())
    }

    fn change(&mut self, params: &Value) -> Option<()> {
        let address = uri_in(params)?;
        let document = self.documents.get_mut(address)?;
        let changes = params.get("contentChanges")?.as_array()?;
        document.lines = document.lines.changed(changes, self.client.encoding)?;
        let version = params.pointer("/textDocument/version").and_then(Value::as_i64);
        document.version = version.unwrap_or(document.version + 1);
        let (host, path) = (document.host.clone(), document.path.clone());
        self.texts(host.as_deref());
        self.check_pack(path.as_deref());
        Some(())
    }

    /// Tells the host at `root` what is open in it.
    fn texts(&self, root: Option<&Path>) {
        let Some(worker) = root.and_then(|root| self.workers.get(root)) else {
            return;
        };
        let all = self.documents.iter().filter_map(|(uri, document)| {
            let path = inside(document.path.as_deref()?, &worker.root)?;
            let open = Open {
                text: Arc::clone(&document.lines.text),
                version: document.version,
                uri: uri.clone(),
            };
            Some((path, open))
        });
        worker.send(Job::Texts(all.collect()));
    }

    /// Has the pack checked that the file at `path` belongs to, if it belongs to one that is open.
    fn check_pack(&self, path: Option<&Path>) {
        let (Some(path), Some(packs)) = (path, &self.packs) else { return };
        let dirs = self.documents.values().filter(|document| is_pack_file(document));
        let dirs = dirs.filter_map(|document| document.path.as_deref()?.parent());
        let own = path.parent().filter(|_| path.ends_with(pack_file::FILE));
        for dir in dirs.chain(own).filter(|dir| path.starts_with(dir)).collect::<BTreeSet<_>>() {
            let open = self.documents.iter().filter_map(|(uri, document)| {
                let path = inside(document.path.as_deref()?, dir)?;
                Some((path, (uri.clone(), Arc::clone(&document.lines.text))))
            });
            packs.check(dir, open.collect());
        }
    }

    /// Files were written, or came or went.
    fn on_disk(&mut self, changes: Vec<(PathBuf, bool)>) {
        let matters = |path: &Path| {
            let mut names = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            !names.any(|name| matches!(name.as_str(), ".git" | ".tenon" | "target"))
        };
        let changes: Vec<(PathBuf, bool)> = changes.into_iter().filter(|(path, _)| matters(path)).collect();
        if changes.iter().any(|(path, _)| path.ends_with(settings::FILE)) {
            self.roots.retain(|_, root| root.is_some());
        }
        let mut anew = BTreeSet::new();
        for worker in self.workers.values() {
            let settings = worker.root.join(settings::FILE);
            let is_new = |path: &Path| {
                *path == *settings || worker.pack_dir.as_ref().is_some_and(|dir| path.starts_with(dir))
            };
            if changes.iter().any(|(path, _)| is_new(path)) {
                anew.insert(worker.root.clone());
                continue;
            }
            let own = changes.iter().filter_map(|(path, came_or_went)| {
                Some(OnDisk {
                    path: inside(path, &worker.root)?,
                    came_or_went: *came_or_went,
                })
            });
            let own: Vec<OnDisk> = own.collect();
            if !own.is_empty() {
                worker.send(Job::Disk(own));
            }
        }
        for root in anew {
            self.workers.remove(&root);
            self.roots.retain(|_, known| known.as_ref() != Some(&root));
            self.root_of(&root);
        }
        self.find_hosts_again();
        for (path, _) in &changes {
            self.check_pack(Some(path));
        }
    }

    /// Looks for the hosts of the documents that have none that is open.
    fn find_hosts_again(&mut self) {
        let lost = self.documents.iter().filter_map(|(uri, document)| {
            let lost = document.host.as_ref().is_none_or(|root| !self.workers.contains_key(root));
            Some((uri.clone(), document.path.as_deref()?.parent()?.to_path_buf())).filter(|_| lost)
        });
        let lost: Vec<(String, PathBuf)> = lost.collect();
        for (uri, dir) in lost {
            let host = self.root_of(&dir);
            if let Some(document) = self.documents.get_mut(&uri) {
                document.host = host;
            }
        }
        for root in self.workers.keys() {
            self.texts(Some(root));
        }
    }

    fn ask(&mut self, what: What, id: &Value, params: &Value) {
        let document = uri_in(params).and_then(|uri| self.documents.get(uri));
        let worker = document.and_then(|document| {
            let worker = self.workers.get(document.host.as_ref()?)?;
            Some((worker, inside(document.path.as_deref()?, &worker.root)?))
        });
        match worker {
            Some((worker, path)) => worker.send(Job::Ask(Ask {
                id: id.clone(),
                what,
                path,
                params: params.clone(),
            })),
            None => self.reply(id, Value::Null),
        }
    }
}

fn uri_in(params: &Value) -> Option<&str> {
    params.pointer("/textDocument/uri").and_then(Value::as_str)
}

fn is_pack_file(document: &Document) -> bool {
    document.path.as_ref().is_some_and(|path| path.ends_with(pack_file::FILE))
}

/// `path` relative to `root`, with `/`.
fn inside(path: &Path, root: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let names: Option<Vec<&str>> = inside.components().map(|part| part.as_os_str().to_str()).collect();
    names.filter(|names| !names.is_empty()).map(|names| names.join("/"))
}
