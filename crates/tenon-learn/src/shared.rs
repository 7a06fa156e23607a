//! The files of a host that name many of its members.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tenon_engine::host::{Host, HostPath};
use tenon_engine::plan::record;
use tenon_engine::settings;
use tenon_syntax::entry::learn::NameIndex;
use tenon_syntax::languages::is_pinned;
use tenon_text::names::{extension, in_dir, normal};

use crate::found::{LeftOut, SharedFile};
use crate::history::History;
use crate::members::Members;
use crate::own_files::OwnFile;

/// Larger files are not read: people do not write lists of members into them.
const MAX_SIZE: u64 = 1024 * 1024;

/// The files of `host`, without packs and what this program keeps: they speak of members as the pack that is learnt will.
pub fn files(host: &Host) -> Vec<String> {
    let mut all = host.all_below("");
    let packs: Vec<String> = all
        .iter()
        .filter_map(|path| Some(format!("{}/", path.strip_suffix("/pack.toml")?)))
        .collect();
    all.retain(|path| {
        let is_in_pack = packs.iter().any(|pack| path.starts_with(pack));
        !is_in_pack && path != settings::FILE && path != record::FILE
    });
    all
}

/// The files of `host` that name enough members, and are neither a member's own nor written by programs alone. How many are enough
/// depends on whether people changed the file when they added members.
pub fn find(
    host: &Host,
    found: &Members,
    own: &[OwnFile],
    all: &[String],
    index: &NameIndex,
    history: &mut History,
) -> (Vec<SharedFile>, Vec<LeftOut>) {
    let owned: BTreeSet<&str> = own
        .iter()
        .flat_map(|file| file.members.values().map(String::as_str))
        .collect();
    let is_shared =
        |path: &&String| found.owner(path).is_none() && !owned.contains(path.as_str()) && is_written(path);
    let paths: Vec<&String> = all.iter().filter(is_shared).collect();
    let total = found.all.len();
    let (mut out, mut left_out) = (Vec::new(), Vec::new());
    let named = named(host, &paths, index);
    let many = named.iter().filter(|(.., members)| members.len() * 3 >= total);
    history.watch(host, &many.map(|(path, ..)| *path).collect::<Vec<_>>());
    for (path, text, members) in named {
        match history.enough(path, total) {
            Some(least) if members.len() >= least => out.push(SharedFile {
                path: path.to_owned(),
                text,
                least,
            }),
            None if members.len() * 2 >= total => left_out.push(LeftOut {
                names: (history.share(path) > Some(0)).then_some(members.len()),
                ..LeftOut::new(
                    path,
                    format!(
                        "names {} members, and fewer than half of the last {} commits that added one changed it",
                        members.len(),
                        history.there(path)
                    ),
                )
            }),
            _ => {}
        }
    }
    (out, left_out)
}

/// The members that are none: below their homes is a file that names at least half of the others.
pub fn registries(host: &Host, found: &Members, all: &[String], index: &NameIndex) -> Vec<String> {
    let paths: Vec<&String> = all
        .iter()
        .filter(|path| found.owner(path).is_some() && is_written(path))
        .collect();
    let half = found.all.len().div_ceil(2);
    let named = named(host, &paths, index)
        .into_iter()
        .filter(|(.., members)| members.len() > half);
    let owners: BTreeSet<usize> = named.filter_map(|(path, ..)| found.owner(path)).collect();
    owners
        .into_iter()
        .map(|number| found.all[number].name.clone())
        .collect()
}

/// The texts of the files at `paths` that are texts, and the members that each names.
pub fn named<'p>(
    host: &Host,
    paths: &[&'p String],
    index: &NameIndex,
) -> Vec<(&'p str, Arc<str>, BTreeSet<usize>)> {
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let mut out: Vec<_> = std::thread::scope(|scope| {
        let work = || {
            let mut out = Vec::new();
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Some(text) = read(host, path) {
                    let members: BTreeSet<usize> = index.find(&text).iter().map(|it| it.member).collect();
                    if members.len() > 1 {
                        out.push((path.as_str(), text, members));
                    }
                }
            }
            out
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_default())
            .collect()
    });
    out.sort_by(|a, b| a.0.cmp(b.0));
    out
}

/// The text of a file; nothing if it is none, or too long.
fn read(host: &Host, path: &str) -> Option<Arc<str>> {
    let path = HostPath::new(path).ok()?;
    if host.size(&path).is_none_or(|size| size > MAX_SIZE) {
        return None;
    }
    let text = String::from_utf8(host.read_bytes(&path).ok()??).ok()?;
    (!text.contains('\0')).then(|| text.into())
}

/// Whether people write the file, or a program writes it from what they wrote: not one that only pins versions, tells what changed, or
/// comes from elsewhere.
pub fn is_written(path: &str) -> bool {
    let name = in_dir(path).1.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let pins = extension(&name) == Some("lock")
        || name.ends_with("-lock.json")
        || name.ends_with("-lock.yaml")
        || is_pinned(&name);
    let tells = matches!(
        stem,
        "changelog" | "changes" | "history" | "news" | "releases" | "authors" | "contributors"
    );
    let is_foreign = path.split('/').any(|dir| {
        matches!(
            normal(dir).as_str(),
            "vendor" | "thirdparty" | "testdata" | "fixtures" | "snapshots"
        )
    });
    let tells_below = in_dir(path).0.split('/').any(|dir| {
        matches!(
            normal(dir).as_str(),
            "changelog"
                | "changelogs"
                | "changes"
                | "releases"
                | "releasenotes"
                | "whatsnew"
                | "newsfragments"
        )
    });
    let is_built = name.contains(".min.") || matches!(extension(&name), Some("map" | "snap" | "po" | "svg"));
    !(pins || tells || tells_below || is_foreign || is_built)
}
