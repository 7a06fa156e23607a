//! Where the files of a pack come from: the program, or a folder on disk (symbolic links refused).

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::diag::{Error, Result};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Largest file that a pack may have, in bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024;
/// Most files that a pack may have.
const MAX_FILES: usize = 5_000;

/// All files of one pack.
pub enum PackFiles {
    /// Built into the program.
    Embedded {
        /// The pack's folder name.
        name: String,
        /// Its folder.
        dir: &'static Dir<'static>,
    },
    /// Read from a folder, once.
    Folder {
        /// The folder's name.
        name: String,
        /// Contents by path relative to the folder.
        files: BTreeMap<String, Vec<u8>>,
    },
}

impl PackFiles {
    /// All packs that are built in, sorted by name.
    pub fn embedded() -> Vec<Self> {
        let mut all: Vec<Self> = EMBEDDED
            .dirs()
            .filter_map(|dir| {
                let name = dir.path().file_name()?.to_str()?.to_owned();
                Some(Self::Embedded { name, dir })
            })
            .collect();
        all.sort_by(|a, b| a.name().cmp(b.name()));
        all
    }

    /// Reads the folder `root`.
    ///
    /// Refuses symbolic links, files over 4 MiB, more than 5,000 files, names that are not UTF-8.
    pub fn folder(root: &Path) -> Result<Self> {
        let shown = root.display().to_string();
        if !root.join("pack.toml").is_file() {
            return Err(
                Error::new(format!("`{shown}` is not a pack: it has no `pack.toml`"))
                    .help("give the folder that holds `pack.toml`, or the name of a built-in pack"),
            );
        }
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(root).follow_links(false).sort_by_file_name() {
            let entry = entry.map_err(|error| Error::new("cannot read the pack").because(error))?;
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let Some(path) = relative.to_str() else {
                return Err(Error::new(format!(
                    "`{}` in the pack is not UTF-8",
                    relative.display()
                )));
            };
            let path = path.replace('\\', "/");
            if entry.path_is_symlink() && entry.depth() > 0 {
                return Err(Error::new(format!("`{path}` in the pack is a symbolic link"))
                    .help("packs are plain files: replace the link by what it points to"));
            }
            if !entry.file_type().is_file() {
                continue;
            }
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            if size > MAX_FILE || files.len() >= MAX_FILES {
                return Err(Error::new(format!("the pack is too large at `{path}`"))
                    .help("a pack has at most 5,000 files of at most 4 MiB"));
            }
            let bytes = std::fs::read(entry.path())
                .map_err(|error| Error::new(format!("cannot read `{path}` of the pack")).because(error))?;
            files.insert(path, bytes);
        }
        let name = root
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("pack")
            .to_owned();
        Ok(Self::Folder { name, files })
    }

    /// The folder's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Embedded { name, .. } | Self::Folder { name, .. } => name,
        }
    }

    /// The bytes of one file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        match self {
            Self::Embedded { dir, .. } => dir
                .get_file(dir.path().join(path))
                .map(include_dir::File::contents),
            Self::Folder { files, .. } => files.get(path).map(Vec::as_slice),
        }
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Result<String> {
        let Some(bytes) = self.bytes(path) else {
            return Err(Error::new(format!(
                "the pack `{}` has no file `{path}`",
                self.name()
            )));
        };
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Error::new(format!("`{path}` of the pack `{}` is not UTF-8", self.name())))
    }

    /// All paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        fn walk(dir: &'static Dir<'static>, root: &Path, out: &mut Vec<String>) {
            for file in dir.files() {
                if let Some(path) = file.path().strip_prefix(root).ok().and_then(Path::to_str) {
                    out.push(path.to_owned());
                }
            }
            for below in dir.dirs() {
                walk(below, root, out);
            }
        }
        match self {
            Self::Embedded { dir, .. } => {
                let mut out = Vec::new();
                walk(dir, dir.path(), &mut out);
                out.sort();
                out
            }
            Self::Folder { files, .. } => files.keys().cloned().collect(),
        }
    }

    /// SHA-256 over all paths and contents, the first 16 hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for path in self.paths().iter().filter(|path| !path.starts_with("tests/")) {
            let bytes = self.bytes(path).unwrap_or_default();
            hash.update((path.len() as u64).to_le_bytes());
            hash.update(path.as_bytes());
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        hash.finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
