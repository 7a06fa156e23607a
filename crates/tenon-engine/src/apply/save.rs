//! Writes single files that are no part of a plan: a report to a path that a person gave, and caches. A file is replaced
//! atomically.

use std::io::Write;
use std::path::Path;

use tenon_text::diag::{Error, Result};
use tenon_text::disk;

/// Writes `text` to `path`, replacing the file there.
///
/// # Errors
/// If it cannot be written; the old file is then unchanged.
pub fn save(path: &Path, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(format!("`{}` cannot be written", path.display()))
            .because(error)
            .help("give the path of a file in a directory that exists and can be written to")
    };
    // A pipe or a device cannot be replaced.
    if disk::stat(path)
        .map_err(failed)?
        .is_some_and(|found| !found.is_file())
    {
        return std::fs::write(path, text).map_err(failed);
    }
    let dir = match path.parent() {
        Some(dir) if dir != Path::new("") => dir,
        _ => Path::new("."),
    };
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut file = tempfile::Builder::new();
    #[cfg(unix)]
    file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = file.tempfile_in(dir).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Like [`save`], but makes the directory and ignores failures: for caches.
pub fn save_if_possible(path: &Path, text: &str) {
    if let Some(dir) = path.parent()
        && std::fs::create_dir_all(dir).is_ok()
    {
        // A cache may be lost at any time.
        let _ = save(path, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.txt");
        save(&path, "one\n").unwrap();
        save(&path, "two\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two\n");
        assert!(save(&dir.path().join("none/report.txt"), "").is_err());
        save_if_possible(&dir.path().join("a/b/c.txt"), "c");
        assert_eq!(
            std::fs::read_to_string(dir.path().join("a/b/c.txt")).unwrap(),
            "c"
        );
    }
}
