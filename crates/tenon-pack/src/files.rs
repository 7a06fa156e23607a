//! Where the files of a pack come from: the program, or a folder on disk (symbolic links refused).

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;
use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use super::digest;
use super::raw::RawDetect;
use tenon_text::diag::{Error, Result};

/// Everything below `templates/`, large files packed.
static TEMPLATES: Dir<'static> = include_dir!("$OUT_DIR/templates");

// `EMBEDDED`: the packs below `templates/`, sorted by name; `PACKED`: the paths of their packed files, sorted. Both worked
// out by the build script.
include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// An embedded file.
struct Content {
    stored: &'static [u8],
    /// What it unpacks to, once it was asked for.
    unpacked: OnceLock<Vec<u8>>,
}

impl Content {
    /// The bytes of the file called `path`.
    fn bytes(&'static self, path: &str) -> &'static [u8] {
        if PACKED.binary_search(&path).is_err() {
            return self.stored;
        }
        self.unpacked.get_or_init(|| {
            let mut out = Vec::new();
            // What the build script packed unpacks: a test compares every file with its source.
            let _ = DeflateDecoder::new(self.stored).read_to_end(&mut out);
            out
        })
    }
}

/// The embedded files by path, `PACK/…`: the macro's own look-up compares with each file in turn.
fn contents() -> &'static BTreeMap<&'static str, Content> {
    fn collect(dir: &'static Dir<'static>, out: &mut BTreeMap<&'static str, Content>) {
        for file in dir.files() {
            let content = Content {
                stored: file.contents(),
                unpacked: OnceLock::new(),
            };
            out.extend(file.path().to_str().map(|path| (path, content)));
        }
        dir.dirs().for_each(|dir| collect(dir, out));
    }
    static CONTENTS: OnceLock<BTreeMap<&'static str, Content>> = OnceLock::new();
    CONTENTS.get_or_init(|| {
        let mut out = BTreeMap::new();
        collect(&TEMPLATES, &mut out);
        out
    })
}

/// Largest file that a pack may have, in bytes.
pub const MAX_FILE: u64 = 4 * 1024 * 1024;
/// Most files that a pack may have.
pub const MAX_FILES: usize = 5_000;

/// A pack that is built in.
pub struct Embedded {
    /// The pack's folder name.
    name: &'static str,
    /// Digest over its files.
    digest: &'static str,
    /// Its `pack.toml` as JSON.
    json: &'static str,
    /// The table `[detect]` of it, as JSON.
    detect: &'static str,
    /// Its files, by path relative to the folder, sorted.
    files: &'static [&'static str],
}

/// All files of one pack.
#[derive(Clone)]
pub enum PackFiles {
    /// Built into the program.
    Embedded(&'static Embedded),
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
        EMBEDDED.iter().map(Self::Embedded).collect()
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

    /// These files, by path relative to the pack's root, as a pack called `name`.
    pub fn of(name: &str, files: BTreeMap<String, Vec<u8>>) -> Self {
        Self::Folder {
            name: name.to_owned(),
            files,
        }
    }

    /// SHA-256 over all paths and contents, whole; nothing for what is built in, which is as trustworthy as the program.
    pub fn pin(&self) -> Option<String> {
        match self {
            Self::Embedded(_) => None,
            Self::Folder { files, .. } => Some(digest::whole(contents_of(files))),
        }
    }

    /// The folder's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Embedded(pack) => pack.name,
            Self::Folder { name, .. } => name,
        }
    }

    /// The bytes of one file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        match self {
            Self::Embedded(pack) => {
                let path = format!("{}/{path}", pack.name);
                contents().get(path.as_str()).map(|content| content.bytes(&path))
            }
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

    /// What `pack.toml` says, as JSON, if that was made of it when the program was built.
    pub fn json(&self) -> Option<&'static str> {
        match self {
            Self::Embedded(pack) => Some(pack.json),
            Self::Folder { .. } => None,
        }
    }

    /// What its hosts have, if that was taken out of `pack.toml` when the program was built.
    pub fn detect(&self) -> Option<RawDetect> {
        match self {
            Self::Embedded(pack) => serde_json::from_str(pack.detect).ok(),
            Self::Folder { .. } => None,
        }
    }

    /// All paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        match self {
            Self::Embedded(pack) => pack.files.iter().map(|path| (*path).to_owned()).collect(),
            Self::Folder { files, .. } => files.keys().cloned().collect(),
        }
    }

    /// SHA-256 over all paths and contents, the first 16 hexadecimal digits.
    pub fn digest(&self) -> String {
        match self {
            Self::Embedded(pack) => pack.digest.to_owned(),
            Self::Folder { files, .. } => digest::of(contents_of(files)),
        }
    }
}

fn contents_of(files: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, &[u8])> {
    let all = files.iter();
    all.map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_in_a_folder_has_the_digest_of_the_same_pack_built_in() {
        for built_in in PackFiles::embedded() {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("templates")
                .join(built_in.name());
            let folder = PackFiles::folder(&root).unwrap();
            assert_eq!(folder.digest(), built_in.digest());
            assert_eq!(folder.paths(), built_in.paths());
            for path in folder.paths() {
                assert_eq!(folder.bytes(&path), built_in.bytes(&path), "{path}");
            }
        }
    }
}
