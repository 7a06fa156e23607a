//! The files of a host that name many of its members.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tenon_engine::host::{Host, HostPath};
use tenon_syntax::entry::learn::NameIndex;
use tenon_text::diag::Result;
use tenon_text::names::{extension, in_dir};

use crate::members::Members;
use crate::own_files::OwnFile;

/// Larger files are not read: people do not write lists of members into them.
const MAX_SIZE: u64 = 1024 * 1024;

/// A file that names many members.
#[derive(Clone, Debug)]
pub struct SharedFile {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// How many members it names.
    pub members: usize,
}

/// The files of `host` that name at least a third of the members, and are neither a member's own nor written by programs alone.
///
/// # Errors
/// If a path of the host cannot be named.
pub fn find(
    host: &Host,
    found: &Members,
    own: &[OwnFile],
    all: &[String],
    index: &NameIndex,
) -> Result<Vec<SharedFile>> {
    let owned: BTreeSet<&str> = own.iter().flat_map(|file| file.members.values().map(String::as_str)).collect();
    let paths: Vec<&String> = all
        .iter()
        .filter(|path| !found.home.holds(path) && !owned.contains(path.as_str()) && is_written(path))
        .collect();
    let least = found.usual();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let mut out: Vec<SharedFile> = std::thread::scope(|scope| {
        let work = || {
            let mut out = Vec::new();
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                out.extend(read(host, path, least, index));
            }
            out
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    });
    out.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(out)
}

fn read(host: &Host, path: &str, least: usize, index: &NameIndex) -> Option<SharedFile> {
    let path = HostPath::new(path).ok()?;
    if host.size(&path).is_none_or(|size| size > MAX_SIZE) {
        return None;
    }
    let bytes = host.read_bytes(&path).ok()??;
    let text = String::from_utf8(bytes).ok()?;
    if text.contains('\0') {
        return None;
    }
    let members: BTreeSet<usize> = index.find(&text).iter().map(|it| it.member).collect();
    (members.len() >= least).then(|| SharedFile {
        path: path.to_string(),
        text: text.into(),
        members: members.len(),
    })
}

/// Whether people write the file, or a program writes it from what they wrote: not one that only pins versions, tells what changed, or
/// comes from elsewhere.
fn is_written(path: &str) -> bool {
    let name = in_dir(path).1.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let pins = extension(&name) == Some("lock")
        || name.ends_with("-lock.json")
        || name.ends_with("-lock.yaml")
        || matches!(name.as_str(), "go.sum" | "go.work.sum" | "npm-shrinkwrap.json" | "gopkg.lock");
    let tells = matches!(stem, "changelog" | "changes" | "history" | "news" | "releases" | "authors" | "contributors");
    let is_foreign = path.split('/').any(|dir| {
        matches!(dir, "vendor" | "third_party" | "node_modules" | "testdata" | "fixtures" | "__snapshots__" | "changelogs" | "releases")
    });
    let is_built = name.ends_with(".min.js") || name.ends_with(".map") || name.ends_with(".snap") || name.ends_with(".po") || name.ends_with(".svg");
    !(pins || tells || is_foreign || is_built || path.starts_with("tenon") || path.starts_with(".tenon"))
}
