//! Messages in the order in which they come: what is open, which host it belongs to, who answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use serde_json::{Value, json};

use tenon_engine::host::canonical;
use tenon_text::diag::{Error, Result};
use tenon_text::guard::guarded;

use super::convert::Client;
use super::host::{Ask, Cancelled, Job, Open, What, Worker};
use super::text::{Encoding, Lines};
use super::wire::Incoming;
use super::{Event, Hooks, uri};

/// Where in its life the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Fresh,
    Running,
    Ending,
}

/// An open document.
pub(super) struct Document {
    pub(super) lines: Lines,
    pub(super) version: i64,
    pub(super) serial: u64,
    /// What it really is on disk, symbolic links resolved; nothing for what is no file.
    pub(super) path: Option<PathBuf>,
}

/// The state of the server.
pub struct Server {
    pub(super) out: Sender<Value>,
    pub(super) hooks: Hooks,
    life: Life,
    pub(super) client: Client,
    pub(super) watches: bool,
    pub(super) folders: Vec<PathBuf>,
    pub(super) documents: BTreeMap<String, Document>,
    pub(super) workers: BTreeMap<PathBuf, Worker>,
    /// By directory the root of the host that it is in.
    pub(super) roots: BTreeMap<PathBuf, Option<PathBuf>>,
    /// Where it was said why a host cannot be opened.
    pub(super) failed: BTreeSet<String>,
    pub(super) cancelled: Cancelled,
    pub(super) opened: u64,
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
            opened: 0,
        }
    }

    /// Takes messages until the client ends it; whether it asked to shut down before.
    ///
    /// # Errors
    /// If the client's input ends within a message.
    pub fn run(mut self, events: &Receiver<Event>) -> Result<bool> {
        let done = loop {
            match events.recv() {
                Ok(Event::Message(Incoming::Message(message))) => {
                    if message.get("method").and_then(Value::as_str) == Some("exit") {
                        break Ok(self.life == Life::Ending);
                    }
                    if let Err(defect) = guarded(|| {
                        self.take(&message);
                        Ok(())
                    }) {
                        self.say(
                            "window/logMessage",
                            json!({ "type": 1, "message": defect.to_string() }),
                        );
                    }
                }
                Ok(Event::Message(Incoming::Bad(why))) => {
                    self.send(
                        json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": why } }),
                    );
                }
                Ok(Event::Closed(Some(error))) => {
                    break Err(Error::new("what the editor sends ends within a message")
                        .because(error)
                        .help("start the server again"));
                }
                Ok(Event::Closed(None)) | Err(_) => break Ok(false),
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

    pub(super) fn say(&self, method: &str, params: Value) {
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
            creates: has(
                "/capabilities/workspace/workspaceEdit/resourceOperations",
                "create",
            ),
            related: can("/capabilities/textDocument/publishDiagnostics/relatedInformation"),
        };
        self.watches = can("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration");
        let folders = params.get("workspaceFolders").and_then(Value::as_array);
        let folders = folders.into_iter().flatten();
        self.folders = folders
            .filter_map(|folder| uri::path(folder.get("uri")?.as_str()?))
            .collect();
        if self.folders.is_empty() {
            let root = params.get("rootUri").and_then(Value::as_str).and_then(uri::path);
            let path = params.get("rootPath").and_then(Value::as_str).map(PathBuf::from);
            self.folders.extend(root.or(path));
        }
        json!({
            "capabilities": {
                "positionEncoding": if utf8 { "utf-8" } else { "utf-16" },
                "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
                "hoverProvider": true,
                "definitionProvider": true,
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
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
                // Of requests that were answered before nobody takes them out.
                if all.len() > 1000 {
                    all.clear();
                }
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
                    self.texts(document.path.as_deref());
                }
            }
            "textDocument/didSave" => {
                let path = uri_in(params).and_then(|uri| self.documents.get(uri)?.path.clone());
                self.on_disk(path.into_iter().collect());
            }
            "workspace/didChangeWatchedFiles" => {
                let changes = params.get("changes").and_then(Value::as_array);
                let changes = changes
                    .into_iter()
                    .flatten()
                    .filter_map(|change| Some(canonical(&uri::path(change.get("uri")?.as_str()?)?)));
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

    fn open(&mut self, params: &Value) -> Option<()> {
        let document = params.get("textDocument")?;
        let address = document.get("uri")?.as_str()?.to_owned();
        let text = document.get("text")?.as_str()?;
        let path = uri::path(&address).map(|path| canonical(&path));
        if let Some(dir) = path.as_deref().and_then(Path::parent) {
            self.root_of(dir);
        }
        self.opened += 1;
        self.documents.insert(
            address,
            Document {
                lines: Lines::new(Arc::from(text)),
                version: document.get("version").and_then(Value::as_i64).unwrap_or(0),
                serial: self.opened,
                path: path.clone(),
            },
        );
        self.texts(path.as_deref());
        Some(())
    }

    fn change(&mut self, params: &Value) -> Option<()> {
        let address = uri_in(params)?;
        let document = self.documents.get_mut(address)?;
        let changes = params.get("contentChanges")?.as_array()?;
        document.lines = document.lines.changed(changes, self.client.encoding)?;
        let version = params.pointer("/textDocument/version").and_then(Value::as_i64);
        document.version = version.unwrap_or(document.version + 1);
        let path = document.path.clone();
        self.texts(path.as_deref());
        Some(())
    }

    /// The host that the file at `path` is in: the innermost.
    pub(super) fn host_of(&self, path: &Path) -> Option<&Worker> {
        let mut dirs = path.ancestors().skip(1);
        dirs.find_map(|dir| self.workers.get(dir))
    }

    /// Tells the host that the file at `path` is in what is open in it.
    fn texts(&self, path: Option<&Path>) {
        if let Some(worker) = path.and_then(|path| self.host_of(path)) {
            self.tell(worker);
        }
    }

    /// Tells a host what is open in it.
    pub(super) fn tell(&self, worker: &Worker) {
        let all = self.documents.iter().filter_map(|(uri, document)| {
            let path = inside(document.path.as_deref()?, &worker.root)?;
            let open = Open {
                text: Arc::clone(&document.lines.text),
                version: document.version,
                serial: document.serial,
                uri: uri.clone(),
            };
            Some((path, open))
        });
        worker.send(Job::Texts(all.collect()));
    }

    fn ask(&mut self, what: What, id: &Value, params: &Value) {
        let document = uri_in(params).and_then(|uri| self.documents.get(uri));
        let worker = document.and_then(|document| {
            let path = document.path.as_deref()?;
            let worker = self.host_of(path)?;
            Some((worker, inside(path, &worker.root)?))
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

/// `path` relative to `root`, with `/`.
pub(super) fn inside(path: &Path, root: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let names: Option<Vec<&str>> = inside
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    names
        .filter(|names| !names.is_empty())
        .map(|names| names.join("/"))
}
