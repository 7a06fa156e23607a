//! [`Scratch`]: a throw-away host in a temporary directory. Files are written without a journal; the directory is removed when the
//! value is dropped.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::host::HostPath;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;

use super::sys::failed;

/// All files of a host by path, and its directories, whose paths end with `/`.
pub type FileTree = BTreeMap<String, Vec<u8>>;

/// A host in a temporary directory, or in an empty one that a person chose.
pub struct Scratch {
    /// Removed on drop; `None` if the directory is kept.
    _dir: Option<tempfile::TempDir>,
    root: PathBuf,
}

impl Scratch {
    /// A host with these files.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn with(files: &FileTree) -> Result<Self> {
        let dir = tempfile::tempdir()
            .map_err(|error| Error::new("no temporary directory can be made").because(error))?;
        let root = dir
            .path()
            .canonicalize()
            .map_err(failed("find", dir.path()))?
            .join("host");
        fs::create_dir(&root).map_err(failed("make", &root))?;
        let scratch = Self {
            _dir: Some(dir),
            root,
        };
        for (path, bytes) in files {
            match path.strip_suffix('/') {
                Some(dir) => {
                    let dir = HostPath::new(dir)?.under(&scratch.root);
                    fs::create_dir_all(&dir).map_err(failed("make", &dir))?;
                }
                None => scratch.put(path, bytes)?,
            }
        }
        Ok(scratch)
    }

    /// An empty host in the directory `dir`, which is kept.
    ///
    /// # Errors
    /// If the directory exists and is not empty, or cannot be made.
    pub fn kept(dir: &Path) -> Result<Self> {
        super::fill(dir, &[])?;
        super::make_root(dir)?;
        Ok(Self {
            _dir: None,
            root: dir.canonicalize().map_err(failed("find", dir))?,
        })
    }

    /// Its root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file, and the directories that it needs.
    ///
    /// # Errors
    /// If the path leads out of the host, or the file cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let full = HostPath::new(path)?.under(&self.root);
        if let Some(dir) = full.parent() {
            fs::create_dir_all(dir).map_err(failed("make", dir))?;
        }
        fs::write(&full, bytes).map_err(failed("write", &full))
    }

    /// Removes a file; its directory stays.
    ///
    /// # Errors
    /// If it is not there, or cannot be removed.
    pub fn remove(&self, path: &str) -> Result<()> {
        let full = HostPath::new(path)?.under(&self.root);
        fs::remove_file(&full).map_err(failed("remove", &full))
    }

    /// All files and directories in it, except tenon's own state.
    ///
    /// # Errors
    /// If something cannot be read.
    pub fn tree(&self) -> Result<FileTree> {
        let mut out = FileTree::new();
        self.walk("", &mut out)?;
        Ok(out)
    }

    fn walk(&self, below: &str, out: &mut FileTree) -> Result<()> {
        let dir = self.root.join(below);
        for entry in fs::read_dir(&dir).map_err(failed("list", &dir))? {
            let entry = entry.map_err(failed("list", &dir))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if below.is_empty() && name == ".tenon" {
                continue;
            }
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            let full = entry.path();
            if disk::is_dir(&full).map_err(failed("look at", &full))? {
                self.walk(&path, out)?;
                out.insert(format!("{path}/"), vec![]);
            } else {
                let bytes = disk::read(&full, disk::MAX_TEXT).map_err(failed("read", &full))?;
                out.insert(path, bytes);
            }
        }
        Ok(())
    }
}
