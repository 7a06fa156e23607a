//! Stages a transaction: all old and new contents are durable on disk before the first file changes.
//!
//! In: a checked plan. Out: `txn/`, published by one rename; before that there is nothing to recover. Changes no file of the host.

use std::fs;

use super::check::{CheckedPlan, Staged};
use super::journal::{BEFORE, after_file};
use super::key::SecretKey;
use super::store::Store;
use super::sys;
use tenon_text::diag::Result;

/// Stages `checked` and publishes it as the transaction of `store`. On failure the host is untouched.
pub fn stage(store: &Store, checked: &CheckedPlan<'_>) -> Result<()> {
    let published = build(store, checked).and_then(|()| publish(store));
    if published.is_err() {
        // The next run removes leftovers.
        let _ = store.drop_staging();
    }
    published
}

fn build(store: &Store, checked: &CheckedPlan<'_>) -> Result<()> {
    let dir = store.staging();
    let key = SecretKey::read_or_make()?;
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
        // No file of the host has changed yet: drop the transaction.
        store.discard(&txn)?;
    }
    durable
}
