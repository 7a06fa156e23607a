//! One host, checked in a thread of its own: texts come in, diagnostics and answers go out.
//!
//! Jobs are done in order; of texts that follow each other only the last are looked at, so that typing never queues up
//! checks. What panics is told, and the host is opened anew.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use tenon_engine::host::{Host, HostPath};
use tenon_engine::rules::session::{OnDisk, Session, Texts};
use tenon_engine::settings::{self, Settings};
use tenon_pack::Pack;
use tenon_syntax::Source;
use tenon_text::diag::{Diagnostic, Error, Place, Result, Span};
use tenon_text::format::split_bom;
use tenon_text::guard::guarded;

use super::convert::{self, Book, Client};
use super::{Hooks, Opened, uri};

/// How long it must be quiet after an edit: a client may send several at once.
const QUIET: Duration = Duration::from_millis(5);

/// An open document of the host.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its text.
    pub text: Arc<str>,
    /// Its version.
    pub version: i64,
    /// The how manieth document it is that was opened: one that was closed begins anew.
    pub serial: u64,
    /// Its address, as the client writes it.
    pub uri: String,
}

/// What the client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Fixes for a range.
    Actions,
    /// The page of a rule.
    Hover,
    /// Where something leads.
    Definition,
}

/// A question about a document.
pub struct Ask {
    /// The request.
    pub id: Value,
    /// What is asked.
    pub what: What,
    /// The document, relative to the host.
    pub path: String,
    /// The parameters of the request.
    pub params: Value,
}

/// Something to do.
pub enum Job {
    /// These documents are open now, by path relative to the host.
    Texts(BTreeMap<String, Open>),
    /// This changed on disk.
    Disk(Vec<OnDisk>),
    /// This is asked.
    Ask(Ask),
}

/// The requests that the client does not want answered any more, by their ids as JSON.
pub type Cancelled = Arc<Mutex<std::collections::BTreeSet<String>>>;

/// A host that is being checked.
pub struct Worker {
    /// Its directory.
    pub root: PathBuf,
    /// The folder of its pack, if that is one on disk.
    pub pack_dir: Option<PathBuf>,
    jobs: Sender<Job>,
}

impl Worker {
    /// Opens a host in a thread of its own.
    pub fn start(
        opened: Opened,
        hooks: Hooks,
        out: Sender<Value>,
        client: Client,
        cancelled: Cancelled,
    ) -> Self {
        let (jobs, todo) = mpsc::channel();
        let root = opened.host.root().to_path_buf();
        let pinned = opened
            .settings
            .pack
            .as_ref()
            .filter(|pack| pack.text.contains('/'));
        let pack_dir = pinned.map(|pack| root.join(&pack.text));
        std::thread::spawn(move || {
            let mut desk = Desk {
                root: opened.host.root().to_path_buf(),
                settings: opened.settings,
                hooks,
                out,
                client,
                cancelled,
                open: BTreeMap::new(),
                sources: BTreeMap::new(),
                shown: vec![],
                published: BTreeMap::new(),
                versions: BTreeMap::new(),
            };
            desk.work(&opened.pack, &opened.host, &todo);
            desk.clear();
        });
        Self { root, pack_dir, jobs }
    }

    /// Has something done, unless the thread has ended.
    pub fn send(&self, job: Job) {
        // It ends only when nobody can send any more.
        let _ = self.jobs.send(job);
    }
}

struct Desk {
    root: PathBuf,
    settings: Settings,
    hooks: Hooks,
    out: Sender<Value>,
    client: Client,
    cancelled: Cancelled,
    open: BTreeMap<String, Open>,
    /// The texts of the files that they point into.
    sources: BTreeMap<String, Arc<str>>,
    /// The findings that are shown, each with the path at which.
    shown: Vec<(String, Diagnostic)>,
    /// What was published, by address.
    published: BTreeMap<String, Vec<Value>>,
    /// The versions of the documents for which something was published last.
    versions: BTreeMap<String, (u64, i64)>,
}

impl Desk {
    fn work(&mut self, pack: &Pack, host: &Host, todo: &Receiver<Job>) {
        let mut session: Option<Session<'_>> = None;
        let mut queue: VecDeque<Job> = VecDeque::new();
        self.checked(pack, host, &mut session, &[]);
        loop {
            let job = match queue.pop_front() {
                Some(job) => job,
                None => match todo.recv() {
                    Ok(job) => job,
                    Err(_) => return,
                },
            };
            if matches!(job, Job::Texts(_))
                && queue.is_empty()
                && let Ok(more) = todo.recv_timeout(QUIET)
            {
                queue.push_back(more);
            }
            queue.extend(todo.try_iter());
            match job {
                Job::Texts(open) => {
                    self.open = open;
                    if !matches!(queue.front(), Some(Job::Texts(_))) {
                        self.checked(pack, host, &mut session, &[]);
                    }
                }
                Job::Disk(changes) => self.checked(pack, host, &mut session, &changes),
                Job::Ask(ask) => self.answer(&ask, session.as_mut()),
            }
        }
    }

    /// Brings the check up to the open documents and the disk, and publishes what it finds.
    fn checked<'p>(
        &mut self,
        pack: &'p Pack,
        host: &Host,
        session: &mut Option<Session<'p>>,
        disk: &[OnDisk],
    ) {
        let texts = self
            .open
            .iter()
            .map(|(path, open)| (path.clone(), Arc::clone(&open.text)));
        let instead: Texts = Arc::new(texts.collect());
        let done = guarded(|| {
            if session.is_none() {
                let (opened, memory) = Session::open(pack, &self.root, (self.hooks.load)(host))?;
                *session = Some(opened);
                (self.hooks.save)(host, &memory);
            }
            if let Some(session) = session.as_mut() {
                session.update(&instead, disk)?;
            }
            Ok(())
        });
        let mut errors = vec![];
        if let Some(text) = self.open.get(settings::FILE) {
            match Settings::parse(&text.text) {
                Ok(settings) => self.settings = settings,
                Err(error) => errors.push(error),
            }
        }
        if let Err(error) = done {
            if error.location().is_none() {
                self.log(&error);
                // What it knows may be half of it.
                *session = None;
            } else {
                errors.push(error);
            }
        }
        self.publish(session.as_ref(), &errors);
    }

    fn log(&self, error: &Error) {
        let mut message = error.to_string();
        error
            .causes()
            .iter()
            .for_each(|cause| message.push_str(&format!("\nbecause: {cause}")));
        self.say("window/logMessage", &json!({ "type": 1, "message": message }));
    }

    fn say(&self, method: &str, params: &Value) {
        // The server may have ended: then nobody listens.
        let _ = self
            .out
            .send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn uri(&self, path: &str) -> String {
        match self.open.get(path) {
            Some(open) => open.uri.clone(),
            None => uri::of(&self.root.join(path)),
        }
    }

    /// The text of a file as it is now, without byte-order mark.
    fn text(&self, path: &str) -> Option<Arc<str>> {
        if let Some(open) = self.open.get(path) {
            return Some(Arc::clone(&open.text));
        }
        if let Some(text) = self.sources.get(path) {
            return Some(Arc::clone(text));
        }
        let text = Host::empty(&self.root).text(path)?;
        match split_bom(&text) {
            (true, body) => Some(Arc::from(body)),
            (false, _) => Some(text),
        }
    }

    fn publish(&mut self, session: Option<&Session<'_>>, errors: &[Error]) {
        if let Some(session) = session {
            let found = session.checked().findings;
            self.sources = found.sources;
            let findings = found.diagnostics;
            let all = match (self.hooks.counting)(&self.settings, findings.clone()) {
                Ok(counting) => counting,
                Err(_) => findings,
            };
            let is_file = |path: &str| self.open.contains_key(path) || is_file(&self.root, path);
            let shown = all.into_iter().map(|finding| {
                let path = finding.at.path.clone();
                let thing = session.thing(&finding.subject);
                let path = match thing.filter(|_| !is_file(&path)) {
                    Some(thing) => thing.path.clone(),
                    None => path,
                };
                (path, finding)
            });
            self.shown = shown.collect();
        }
        let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let text = |path: &str| self.text(path);
        let uri = |path: &str| self.uri(path);
        let mut book = Book::new(&text);
        for (path, finding) in &self.shown {
            let elsewhere = *path != finding.at.path;
            let one = convert::diagnostic(finding, &mut book, self.client, &uri, elsewhere);
            all.entry(uri(path)).or_default().push(one);
        }
        for error in errors {
            let path = error.location().map_or("", |at| at.path.as_str());
            let one = convert::error(error, book.lines(path), self.client.encoding);
            all.entry(uri(path)).or_default().push(one);
        }
        self.send_changed(all);
    }

    /// Publishes what differs from what was published, and what is about a new version of an open document.
    fn send_changed(&mut self, mut all: BTreeMap<String, Vec<Value>>) {
        let versions: BTreeMap<String, (u64, i64)> = self
            .open
            .values()
            .map(|open| (open.uri.clone(), (open.serial, open.version)))
            .collect();
        let gone = self.published.keys().filter(|uri| !all.contains_key(*uri));
        let mut addresses: Vec<String> = gone.chain(versions.keys()).cloned().collect();
        addresses.sort();
        addresses.dedup();
        for uri in addresses {
            all.entry(uri).or_default();
        }
        for (uri, diagnostics) in &all {
            let version = versions.get(uri);
            let known = self.published.get(uri).map_or(&[][..], Vec::as_slice);
            let is_new = version.is_some() && self.versions.get(uri) != version;
            if known == diagnostics.as_slice() && !is_new {
                continue;
            }
            let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
            if let Some((_, version)) = version {
                params["version"] = json!(version);
            }
            self.say("textDocument/publishDiagnostics", &params);
        }
        all.retain(|_, diagnostics| !diagnostics.is_empty());
        (self.published, self.versions) = (all, versions);
    }

    /// Takes back everything that was published.
    fn clear(&mut self) {
        self.open.clear();
        self.send_changed(BTreeMap::new());
    }

    fn answer(&mut self, ask: &Ask, session: Option<&mut Session<'_>>) {
        let id = ask.id.to_string();
        let cancelled = self.cancelled.lock().is_ok_and(|mut all| all.remove(&id));
        let answer = if cancelled {
            Err((-32800, "the request was cancelled".to_owned()))
        } else {
            let done = guarded(|| {
                Ok(match ask.what {
                    What::Actions => self.actions(ask),
                    What::Hover => self.hover(ask),
                    What::Definition => match session {
                        Some(session) => self.definition(ask, session)?,
                        None => None,
                    },
                })
            });
            done.map_err(|error| (-32603, error.to_string()))
        };
        let message = match answer {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": ask.id, "result": result }),
            Err((code, message)) => {
                json!({ "jsonrpc": "2.0", "id": ask.id, "error": { "code": code, "message": message } })
            }
        };
        // The server may have ended: then nobody listens.
        let _ = self.out.send(message);
    }

    /// The findings that are shown in `path` and meet `span`; those about the whole file stand at its beginning.
    fn at(&self, path: &str, span: Span) -> Vec<&Diagnostic> {
        let meets = |finding: &Diagnostic| {
            let own = finding
                .at
                .span
                .filter(|_| finding.at.path == path)
                .unwrap_or_default();
            own.start <= span.end && span.start <= own.end
        };
        let here = self.shown.iter().filter(|(at, _)| at == path);
        here.map(|(_, finding)| finding)
            .filter(|finding| meets(finding))
            .collect()
    }

    fn actions(&self, ask: &Ask) -> Option<Value> {
        let (path, encoding) = (ask.path.as_str(), self.client.encoding);
        let only = ask.params.pointer("/context/only").and_then(Value::as_array);
        let wanted = |kind: &Value| {
            kind.as_str()
                .is_some_and(|kind| kind.is_empty() || kind == "quickfix")
        };
        if only.is_some_and(|only| !only.is_empty() && !only.iter().any(wanted)) {
            return Some(json!([]));
        }
        let text = |path: &str| self.text(path);
        let uri = |path: &str| self.uri(path);
        let known = |path: &str| (self.uri(path), self.open.get(path).map(|open| open.version));
        let mut book = Book::new(&text);
        let span = book.lines(path)?.span(ask.params.get("range")?, encoding)?;
        let mut out = vec![];
        for finding in self.at(path, span) {
            let Some(fix) = &finding.fix else { continue };
            let elsewhere = finding.at.path != path;
            let shown = convert::diagnostic(finding, &mut book, self.client, &uri, elsewhere);
            out.extend(convert::action(fix, shown, &mut book, self.client, &known));
        }
        Some(Value::Array(out))
    }

    fn hover(&self, ask: &Ask) -> Option<Value> {
        let (path, encoding) = (ask.path.as_str(), self.client.encoding);
        let text = |path: &str| self.text(path);
        let mut book = Book::new(&text);
        let lines = book.lines(path)?;
        let at = lines.offset(ask.params.get("position")?, encoding)?;
        let findings = self.at(path, Span::at(at));
        if let Some(first) = findings.first() {
            let span = first
                .at
                .span
                .filter(|_| first.at.path == path)
                .unwrap_or_default();
            return Some(convert::hover(&findings, lines.range(span, encoding)));
        }
        if path != settings::FILE {
            return None;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let start = lines.text[..at].rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
        let end = lines.text[at..]
            .find(|c| !is_part(c))
            .map_or(lines.text.len(), |end| at + end);
        let page = convert::page(lines.text.get(start..end)?)?;
        Some(
            json!({ "contents": { "kind": "markdown", "value": page }, "range": lines.range(Span::new(start, end), encoding) }),
        )
    }

    fn definition(&self, ask: &Ask, session: &mut Session<'_>) -> Result<Option<Value>> {
        let text = |path: &str| self.text(path);
        let mut book = Book::new(&text);
        let position = ask.params.get("position");
        let offset = book
            .lines(&ask.path)
            .zip(position)
            .and_then(|(lines, position)| lines.offset(position, self.client.encoding));
        let Some(offset) = offset else { return Ok(None) };
        let Some(Place { path, span }) = session.leads(&ask.path, offset)? else {
            return Ok(None);
        };
        if !is_file(&self.root, &path) && !self.open.contains_key(&path) {
            return Ok(None);
        }
        let range = book.range(&path, span, self.client.encoding);
        Ok(Some(json!({ "uri": self.uri(&path), "range": range })))
    }
}

fn is_file(root: &Path, path: &str) -> bool {
    HostPath::new(path).is_ok() && Host::empty(root).exists_file(path)
}
