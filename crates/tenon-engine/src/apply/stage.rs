//! Building up a transaction: all bytes, from before and to come, on disk before the first file changes.
//!
//! Knows how staged bytes are laid out and made durable. Must not touch a host file. In: a checked plan. Out:
//! `txn/`, published by one rename; before that rename there is nothing to recover.

use std::fs;

use super::check::{Checked, Staged};
use super::journal::{BEFORE, after_file};
use super::key::Key;
use super::store::Store;
use super::sys;
use tenon_text::diag::Result;

/// Stages `checked` and publishes it as the transaction of `store`. On failure the host is untouched.
pub fn stage(store: &Store, checked: &Checked<'_>) -> Result<()> {
    let published = build(store, checked).and_then(|()| publish(store));
    if published.is_err() {
        // What stays behind is worth nothing and is dropped by the next run.
        let _ = store.drop_staging();
    }
    published
}

fn build(store: &Store, checked: &Checked<'_>) -> Result<()> {
    let dir = store.staging();
    let key = Key::read_or_make()?;
    store.ensure_history()?;
    sys::make_private_dir(&dir)?;
    let mut written = vec![];
    if checked.journal.ops.iter().any(|op| op.before.is_some()) {
        let path = dir.join(BEFORE);
        sys::write_new(&path, &checked.before, 0o600)?;
        written.push(path);
    }
    for (index, staged) in checked.after.iter().enumerate() {
        let Some(Staged {
            bytes,
            create_mode,
            exact_mode,
            like,
        }) = staged
        else {
            continue;
        };
        let path = after_file(&dir, index);
        let file = sys::write_new(&path, bytes, *create_mode)?;
        if let Some(like) = like {
            sys::set_owner_like(&file, like);
        }
        if let Some(mode) = exact_mode {
            sys::set_mode(&file, &path, *mode)?;
        }
        written.push(path);
    }
    written.push(checked.journal.save(&dir, &key)?);
    written.push(dir);
    sys::sync_all(&written)
}

fn publish(store: &Store) -> Result<()> {
    let (staging, txn) = (store.staging(), store.txn());
    fs::rename(&staging, &txn).map_err(sys::failed("write", &txn))?;
    let mut dirs = vec![store.dir().to_path_buf()];
    dirs.extend(store.fresh.then(|| store.root.clone()));
    let durable = sys::sync_all(&dirs);
    if durable.is_err() {
        // Not one host file has changed: the transaction goes back to being nothing.
        store.discard(&txn)?;
    }
    durable
}
