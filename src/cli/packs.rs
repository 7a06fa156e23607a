//! Opens packs from wherever they are, and refuses one that changed since the host last used it.

use std::path::{Path, PathBuf};

use crate::report::Report;
use tenon_engine::host::{Host, HostPath, Remote, files_at};
use tenon_engine::plan::record::{self, Record};
use tenon_pack::{MAX_ALL, MAX_FILE, MAX_FILES, Pack, PackFiles, Source};
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

/// The pack that `wanted` names: a name, a folder, a repository, an archive. Paths are relative to `from`, else to the current
/// directory.
///
/// # Errors
/// If it cannot be read or fetched, or has problems.
pub fn open_pack(wanted: &str, from: &Path, report: &Report) -> Result<Pack> {
    let source = Source::parse(wanted)?;
    let is_absent = |path: &str| matches!(disk::stat(&from.join(path)), Ok(None));
    let from = match &source {
        Source::Folder(path) | Source::Archive { path, .. } if is_absent(path) => Path::new(""),
        _ => from,
    };
    Pack::open(&source, from, &|url, commit, folder| {
        fetched(url, commit, folder, report)
    })
}

/// The pack that the settings of the host at `root` (canonical) name. A folder or an archive must be inside the host.
///
/// # Errors
/// Those of [`open_pack`], and if it leads out of the host.
pub fn open_own(wanted: &str, root: &Path, report: &Report) -> Result<Pack> {
    Pack::open_inside(&Source::parse(wanted)?, root, &|url, commit, folder| {
        fetched(url, commit, folder, report)
    })
}

/// The files of a pack in a repository.
fn fetched(url: &str, commit: &str, folder: &str, report: &Report) -> Result<PackFiles> {
    let cache = super::remembered::cache().map(|dir| dir.join("packs"));
    let Some(cache) = cache else {
        return Err(Error::new("there is no directory for fetched packs")
            .help("set `XDG_CACHE_HOME` or `HOME` to a directory that can be written to"));
    };
    let remote = Remote {
        url,
        commit,
        folder,
        max_file: MAX_FILE,
        max_files: MAX_FILES,
        max_all: MAX_ALL,
    };
    let files = files_at(&cache, &remote, &|what| report.fetches(what))?;
    if !files.contains_key("pack.toml") {
        return Err(Error::new(format!("there is no pack in {url} at {commit}"))
            .because(match folder {
                "" => "its root has no `pack.toml`".to_owned(),
                folder => format!("its folder `{folder}` has no `pack.toml`"),
            })
            .help("name the folder that holds `pack.toml` behind the commit: `…@COMMIT//FOLDER`"));
    }
    let name = PathBuf::from(if folder.is_empty() { url } else { folder });
    let name = name.file_stem().and_then(|name| name.to_str()).unwrap_or("pack");
    Ok(PackFiles::of(name, files))
}

/// Refuses a pack whose digest is not the one in the record of `host`.
///
/// # Errors
/// If it is not, or the record cannot be read.
pub fn unchanged(host: &Host, pack: &Pack) -> Result<()> {
    let Some(is) = pack.pin() else { return Ok(()) };
    let record = host.read(&HostPath::new(record::FILE)?)?;
    let record = Record::read(record.as_deref().unwrap_or_default())?;
    match record.pinned(pack.name()) {
        Some(known) if known != is => Err(Error::new(format!(
            "the pack `{}` is not the one that this host used so far",
            pack.name()
        ))
        .because(format!("`{}` records the digest {known}", record::FILE))
        .because(format!("its digest is now {is}"))
        .help("see what changed in it; `tenon update` updates the members to it and records its digest")),
        _ => Ok(()),
    }
}
