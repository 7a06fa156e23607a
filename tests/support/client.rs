//! A client of `tenon lsp`: it speaks the protocol over the binary's standard input and output.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    id: i64,
    /// The last diagnostics, by address.
    pub shown: BTreeMap<String, Vec<Value>>,
    /// What the server said of its own accord: everything but diagnostics.
    pub said: Vec<Value>,
}

impl Client {
    /// A server that nobody has talked to.
    pub fn start() -> Self {
        let mut command = super::sandbox::program();
        let mut child = command
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (send, messages) = channel();
        std::thread::spawn(move || {
            loop {
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    if out.read_line(&mut line).unwrap() == 0 {
                        return;
                    }
                    match line.trim().strip_prefix("Content-Length: ") {
                        Some(number) => length = number.parse().unwrap(),
                        None => break,
                    }
                }
                let mut body = vec![0; length];
                out.read_exact(&mut body).unwrap();
                if send.send(serde_json::from_slice(&body).unwrap()).is_err() {
                    return;
                }
            }
        });
        Self {
            stdin: child.stdin.take(),
            child,
            messages,
            id: 0,
            shown: BTreeMap::new(),
            said: vec![],
        }
    }

    /// A server that serves these folders for a client with these capabilities.
    pub fn of(folders: &[&Path], capabilities: Value) -> Self {
        let mut client = Self::start();
        let folders: Vec<Value> = folders
            .iter()
            .map(|dir| json!({ "uri": uri(dir), "name": "x" }))
            .collect();
        let params = json!({ "capabilities": capabilities, "workspaceFolders": folders });
        client.request("initialize", params);
        client.notify("initialized", json!({}));
        client
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next message.
    fn next(&mut self) -> Value {
        let message = self
            .messages
            .recv_timeout(PATIENCE)
            .expect("the server says nothing");
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().unwrap().to_owned();
            let all = message["params"]["diagnostics"].as_array().unwrap().clone();
            self.shown.insert(uri, all);
        } else if message.get("method").is_some() {
            self.said.push(message.clone());
        }
        message
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.await_answer(&json!(id))
    }

    pub fn await_answer(&mut self, id: &Value) -> Value {
        loop {
            let message = self.next();
            if message["id"] == *id && message.get("method").is_none() {
                return message;
            }
        }
    }

    /// The result of a request.
    #[track_caller]
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// Opens the file at `path`, as it is on disk, and waits for what is found in it.
    pub fn open(&mut self, path: &Path) -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        self.open_as(path, &text)
    }

    /// Opens it with this text.
    pub fn open_as(&mut self, path: &Path, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri(path), "languageId": "x", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.settled(path, 1)
    }

    /// Gives an open document another text.
    pub fn write(&mut self, path: &Path, version: i64, text: &str) -> Vec<Value> {
        self.change(path, version, json!([{ "text": text }]))
    }

    pub fn change(&mut self, path: &Path, version: i64, changes: Value) -> Vec<Value> {
        let document = json!({ "uri": uri(path), "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
        self.settled(path, version)
    }

    /// What is found in this version.
    fn settled(&mut self, path: &Path, version: i64) -> Vec<Value> {
        let uri = uri(path);
        loop {
            let message = self.next();
            let params = &message["params"];
            let is_it =
                message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri.as_str();
            if is_it && (params["version"] == version || params.get("version").is_none()) {
                return params["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// Waits until something is published for `path`.
    pub fn published(&mut self, path: &Path) -> Vec<Value> {
        let uri = uri(path);
        loop {
            let message = self.next();
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri.as_str()
            {
                return self.shown[&uri].clone();
            }
        }
    }

    /// Ends the server as the protocol wants it; its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.ended()
    }

    /// The exit code.
    pub fn ended(&mut self) -> Option<i32> {
        drop(self.stdin.take());
        let until = std::time::Instant::now() + PATIENCE;
        while std::time::Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server does not end");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address of a path that has no unusual characters.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
