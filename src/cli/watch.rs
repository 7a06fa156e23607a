//! `--watch`: checks again whenever a file changes that the check looked at, or a directory of an integration.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};

use crate::report::Report;
use tenon_engine::host::Host;
use tenon_engine::rules::{self, Asked, Checked};
use tenon_pack::Pack;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

use super::Outcome;

/// How long files must be quiet before the next check: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(80);

/// Checks and shows, until it is interrupted. `first` was shown already.
pub fn run(
    pack: &Pack,
    host: &Host,
    asked: &Asked,
    first: Checked,
    report: &Report,
    show: &dyn Fn(&mut Checked) -> Result<()>,
) -> Result<Outcome> {
    let failed = |error: notify::Error| {
        Error::new("the host cannot be watched")
            .because(error)
            .help("check without `--watch`; on Linux, `fs.inotify.max_user_watches` may be too low")
    };
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        // Nobody listens any more: the program ends.
        let _ = sender.send(event);
    })
    .map_err(failed)?;
    let mut watched: BTreeSet<PathBuf> = BTreeSet::new();
    let mut checked = first;
    loop {
        for dir in directories(host, &checked) {
            if watched.insert(dir.clone()) {
                // A directory may have gone since: then there is nothing to see.
                let _ = watcher.watch(&dir, RecursiveMode::NonRecursive);
            }
        }
        report.say("watching; stop with Ctrl-C");
        wait(&events)?;
        checked = rules::check(pack, host, asked)?;
        show(&mut checked)?;
    }
}

/// Waits for a change, and then until it is quiet.
fn wait(events: &mpsc::Receiver<notify::Result<notify::Event>>) -> Result<()> {
    let changes = |event: &notify::Result<notify::Event>| {
        event
            .as_ref()
            .is_ok_and(|event| !matches!(event.kind, notify::EventKind::Access(_)))
    };
    loop {
        match events.recv() {
            Ok(event) if changes(&event) => break,
            Ok(_) => {}
            Err(_) => return Err(Error::new("the host is no longer watched").help("start the check again")),
        }
    }
    while events.recv_timeout(QUIET).is_ok() {}
    Ok(())
}

/// The directories of every file that was looked at.
fn directories(host: &Host, checked: &Checked) -> BTreeSet<PathBuf> {
    let mut out = BTreeSet::from([host.root().to_path_buf()]);
    for path in checked.seen.keys() {
        let full = host.root().join(path);
        if disk::is_dir(&full).unwrap_or(false) {
            out.insert(full);
        } else if let Some(dir) = full.parent() {
            out.insert(dir.to_path_buf());
        }
    }
    out
}
