//! One host, checked in a thread of its own: texts come in, diagnostics and answers go out.
//!
//! A check begins when texts have been quiet for a while, or when something is asked; one that is running is given up when a text
//! changes. Every check is one of the whole host. What panics is told.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use tenon_engine::host::{Host, HostPath};
use tenon_engine::rules::{Asked, Checked, check_unless};
use tenon_engine::settings::{self, Settings};
use tenon_syntax::Source;
use tenon_text::diag::{Diagnostic, Error, Place, Span};
use tenon_text::format::split_bom;
use tenon_text::guard::guarded;

use super::convert::{self, Book, Client};
use super::{Hooks, Opened, uri};

/// How long texts must be quiet before they are checked.
const QUIET: Duration = Duration::from_millis(200);

/// An open document of the host.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its text.
    pub text: Arc<str>,
    /// Its version.
    pub version: i64,
    /// Counts opened documents; increases when one is opened again.
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
    /// Something changed on disk.
    Disk,
    /// This is asked.
    Ask(Ask),
}

/// The requests that the client does not want answered any more, by their ids as JSON.
pub type Cancelled = Arc<Mutex<BTreeSet<String>>>;

/// A host that is being checked.
pub struct Worker {
    /// Its directory.
    pub root: PathBuf,
    /// The folder of its pack, if that is one on disk.
    pub pack_dir: Option<PathBuf>,
    jobs: Sender<Job>,
    superseded: Arc<AtomicBool>,
}

impl Worker {
    /// Checks a host in a thread of its own.
    pub fn start(
        opened: Opened,
        hooks: Hooks,
        out: Sender<Value>,
        client: Client,
        cancelled: Cancelled,
    ) -> Self {
        let (jobs, todo) = mpsc::channel();
        let root = opened.host.root().to_path_buf();
        let pinned = opened.settings.pack.as_ref();
        let pinned = pinned.filter(|pack| pack.text.contains('/'));
        let pack_dir = pinned.map(|pack| root.join(&pack.text));
        let superseded = Arc::new(AtomicBool::new(false));
        let mut checker = Checker {
            root: root.clone(),
            opened,
            hooks,
            out,
            client,
            cancelled,
            superseded: Arc::clone(&superseded),
            open: BTreeMap::new(),
            checked: Checked::default(),
            shown: vec![],
            published: BTreeMap::new(),
        };
        std::thread::spawn(move || {
            checker.work(&todo);
            checker.open.clear();
            checker.send_changed(BTreeMap::new());
        });
        Self {
            root,
            pack_dir,
            jobs,
            superseded,
        }
    }

    /// Has something done, unless the thread has ended.
    pub fn send(&self, job: Job) {
        let supersedes = !matches!(job, Job::Ask(_));
        // It ends only when nobody can send any more.
        let _ = self.jobs.send(job);
        if supersedes {
            self.superseded.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.superseded.store(true, Ordering::Relaxed);
    }
}

/// Diagnostics of a document, with its serial and version if it is open.
type Published = (Option<(u64, i64)>, Vec<Value>);

struct Checker {
    root: PathBuf,
    opened: Opened,
    hooks: Hooks,
    out: Sender<Value>,
    client: Client,
    cancelled: Cancelled,
    /// Whether what is being checked has changed meanwhile.
    superseded: Arc<AtomicBool>,
    open: BTreeMap<String, Open>,
    /// The last check.
    checked: Checked,
    /// The findings that are shown, each with the path at which.
    shown: Vec<(String, Diagnostic)>,
    /// What was published, by address.
    published: BTreeMap<String, Published>,
}

impl Checker {
    fn work(&mut self, todo: &Receiver<Job>) {
        let mut asks: VecDeque<Ask> = VecDeque::new();
        // How long to wait for more before the next check; nothing if there is nothing to check.
        let mut wait = Some(Duration::ZERO);
        loop {
            let job = match wait {
                Some(wait) => todo.recv_timeout(wait),
                None => todo.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match job {
                Ok(Job::Texts(open)) => {
                    self.open = open;
                    wait = Some(QUIET);
                }
                Ok(Job::Disk) => wait = Some(QUIET),
                Ok(Job::Ask(ask)) => {
                    asks.push_back(ask);
                    wait = wait.map(|_| Duration::ZERO);
                }
                Err(RecvTimeoutError::Timeout) => wait = (!self.check()).then_some(QUIET),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if wait.is_none() {
                asks.drain(..).for_each(|ask| self.answer(&ask));
            }
        }
    }

    /// Checks the host with the open documents in place of what is on disk, and publishes what is found; whether it came to an
    /// end.
    fn check(&mut self) -> bool {
        self.superseded.store(false, Ordering::Relaxed);
        let texts = self.open.iter();
        let texts = texts.map(|(path, open)| (path.clone(), Arc::clone(&open.text)));
        let asked = Asked {
            coverage: true,
            instead: Arc::new(texts.collect()),
            ..Asked::default()
        };
        let opened = &self.opened;
        let done = guarded(|| check_unless(&opened.pack, &opened.host, &asked, &self.superseded));
        let mut errors = vec![];
        if let Some(text) = self.open.get(settings::FILE) {
            match Settings::parse(&text.text) {
                Ok(settings) => self.opened.settings = settings,
                Err(error) => errors.push(error),
            }
        }
        match done {
            Ok(None) => return false,
            Ok(Some(checked)) => self.checked = checked,
            Err(error) if error.location().is_some() => errors.push(error),
            Err(error) => self.log(&error),
        }
        self.publish(&errors);
        true
    }

    fn log(&self, error: &Error) {
        let causes = error.causes().iter().map(|cause| format!("\nbecause: {cause}"));
        let message = error.to_string() + &causes.collect::<String>();
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
        if let Some(text) = self.checked.findings.sources.get(path) {
            return Some(Arc::clone(text));
        }
        let text = Host::empty(&self.root).text(path)?;
        match split_bom(&text) {
            (true, body) => Some(Arc::from(body)),
            (false, _) => Some(text),
        }
    }

    fn publish(&mut self, errors: &[Error]) {
        let findings = self.checked.findings.diagnostics.clone();
        let counting = (self.hooks.counting)(&self.opened.settings, findings.clone());
        let is_file = |path: &str| self.open.contains_key(path) || is_file(&self.root, path);
        let shown = counting.unwrap_or(findings).into_iter().map(|finding| {
            let path = &finding.at.path;
            // What is about no file that is there is shown where its integration was found.
            let found_at = self.checked.found_at.get(&finding.subject);
            let path = found_at.filter(|_| !is_file(path)).unwrap_or(path);
            (path.clone(), finding)
        });
        self.shown = shown.collect();
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
    fn send_changed(&mut self, found: BTreeMap<String, Vec<Value>>) {
        let open = self.open.values();
        let open = open.map(|open| (open.uri.clone(), (Some((open.serial, open.version)), vec![])));
        let mut all: BTreeMap<String, Published> = open.collect();
        for (uri, diagnostics) in found {
            all.entry(uri).or_default().1 = diagnostics;
        }
        let before = std::mem::replace(&mut self.published, all);
        let gone = before.keys().filter(|uri| !self.published.contains_key(*uri));
        let nothing = Published::default();
        let gone = gone.map(|uri| (uri, &nothing));
        let differ = self.published.iter();
        let differ = differ.filter(|(uri, new)| before.get(*uri) != Some(*new));
        for (uri, (version, diagnostics)) in gone.chain(differ) {
            let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
            if let Some((_, version)) = version {
                params["version"] = json!(version);
            }
            self.say("textDocument/publishDiagnostics", &params);
        }
    }

    fn answer(&self, ask: &Ask) {
        let id = ask.id.to_string();
        let cancelled = self.cancelled.lock().is_ok_and(|mut all| all.remove(&id));
        let answer = if cancelled {
            Err((-32800, "the request was cancelled".to_owned()))
        } else {
            let done = guarded(|| {
                Ok(match ask.what {
                    What::Actions => self.actions(ask),
                    What::Hover => self.hover(ask),
                    What::Definition => self.definition(ask),
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

    /// Where what stands at a position leads: from an entry to what it stands for, from a method to its contract. The nearest
    /// if several are round it.
    fn definition(&self, ask: &Ask) -> Option<Value> {
        let text = |path: &str| self.text(path);
        let mut book = Book::new(&text);
        let encoding = self.client.encoding;
        let at = book
            .lines(&ask.path)?
            .offset(ask.params.get("position")?, encoding)?;
        let marks = self.checked.marks.iter();
        let round =
            marks.filter(|mark| mark.path == ask.path && (mark.span.start..=mark.span.end).contains(&at));
        let nearest = round.min_by_key(|mark| mark.span.end - mark.span.start)?;
        let Place { path, span } = &nearest.to;
        if !is_file(&self.root, path) && !self.open.contains_key(path) {
            return None;
        }
        let range = book.range(path, *span, encoding);
        Some(json!({ "uri": self.uri(path), "range": range }))
    }
}

fn is_file(root: &Path, path: &str) -> bool {
    HostPath::new(path).is_ok() && Host::empty(root).exists_file(path)
}
