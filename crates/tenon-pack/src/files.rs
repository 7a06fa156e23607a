//! Where the files of a pack come from: the program, an archive, or a folder on disk (symbolic links refused).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use super::digest;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;
use tenon_text::format::with_lf;
use tenon_text::names::nearest;

/// The packs that are built in, each in its folder.
static TEMPLATES: Dir<'static> = include_dir!("$TENON_TEMPLATES");

/// Largest file that a pack may have, in bytes.
pub const MAX_FILE: u64 = 4 * 1024 * 1024;
/// Most files that a pack may have.
pub const MAX_FILES: usize = 5_000;
/// The most that all files of a pack may have together, in bytes.
pub const MAX_ALL: u64 = 128 << 20;

/// All files of one pack.
#[derive(Clone)]
pub struct PackFiles {
    name: String,
    /// Contents by path relative to the pack's folder.
    files: BTreeMap<String, Cow<'static, [u8]>>,
    /// Whether it is a part of the program.
    built_in: bool,
}

impl PackFiles {
    /// All packs that are built in, sorted by name.
    pub fn embedded() -> Vec<Self> {
        let mut all: Vec<Self> = TEMPLATES.dirs().map(Self::of_dir).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    fn of_dir(root: &'static Dir<'static>) -> Self {
        let relative = |path: &Path| {
            let path = path.strip_prefix(root.path()).unwrap_or(path);
            path.to_string_lossy().replace('\\', "/")
        };
        let mut files = BTreeMap::new();
        let mut dirs = vec![root];
        while let Some(dir) = dirs.pop() {
            dirs.extend(dir.dirs());
            let all = dir.files();
            files.extend(all.map(|file| (relative(file.path()), Cow::Borrowed(file.contents()))));
        }
        Self {
            name: root.path().to_string_lossy().into_owned(),
            files,
            built_in: true,
        }
    }

    /// Reads the folder `root`.
    ///
    /// Refuses what is neither file nor folder, files over 4 MiB, more than 5,000 files, names that are not UTF-8.
    pub fn folder(root: &Path) -> Result<Self> {
        let shown = root.display().to_string();
        let unreadable =
            |path: &str, error| Error::new(format!("cannot read `{path}` of the pack")).because(error);
        if !disk::is_file(&root.join("pack.toml")).map_err(|error| unreadable("pack.toml", error))? {
            let error = Error::new(format!("`{shown}` is not a pack: it has no `pack.toml`"));
            let built_in = Self::embedded();
            return Err(match nearest(&shown, built_in.iter().map(Self::name)) {
                Some(near) => error.help(format!("did you mean the built-in pack `{near}`?")),
                None => error.help("give the folder that holds `pack.toml`, or the name of a built-in pack"),
            });
        }
        let (mut files, mut all) = (BTreeMap::new(), 0_u64);
        for entry in WalkDir::new(root).follow_links(false).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                Error::new("cannot read the pack")
                    .because(error)
                    .help("make it readable, then run the command again")
            })?;
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
            // A link to the folder itself is followed.
            if entry.file_type().is_dir() || entry.depth() == 0 {
                continue;
            }
            let too_large = || {
                Error::new(format!("the pack is too large at `{path}`"))
                    .help("a pack has at most 5,000 files of at most 4 MiB, and 128 MiB in all")
            };
            if files.len() >= MAX_FILES || all > MAX_ALL {
                return Err(too_large());
            }
            let bytes = disk::read_itself(entry.path(), MAX_FILE).map_err(|error| match error.kind() {
                ErrorKind::FileTooLarge => too_large(),
                _ => unreadable(&path, error).help("packs are plain files and folders"),
            })?;
            all += bytes.len() as u64;
            files.insert(path, bytes);
        }
        let name = root.file_name().and_then(|name| name.to_str());
        Ok(Self::of(name.unwrap_or("pack"), files))
    }

    /// These files, by path relative to the pack's root, as a pack called `name`. The lines of texts end with a line feed alone:
    /// a checkout may have given them other ends.
    pub fn of(name: &str, files: BTreeMap<String, Vec<u8>>) -> Self {
        let files = files.into_iter();
        let lf = |bytes: Vec<u8>| match std::str::from_utf8(&bytes) {
            Ok(text) if text.contains('\r') => with_lf(text).into_bytes(),
            _ => bytes,
        };
        Self {
            name: name.to_owned(),
            files: files.map(|(path, bytes)| (path, Cow::Owned(lf(bytes)))).collect(),
            built_in: false,
        }
    }

    /// SHA-256 over all paths and contents, whole; nothing for what is built in, which is as trustworthy as the program.
    pub fn pin(&self) -> Option<String> {
        (!self.built_in).then(|| digest::whole(self.contents()))
    }

    /// The folder's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes of one file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| &**bytes)
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Result<&str> {
        let Some(bytes) = self.bytes(path) else {
            let error = Error::new(format!("the pack `{}` has no file `{path}`", self.name()));
            return Err(error.help("`pack.toml` names it: add the file, or remove the line"));
        };
        std::str::from_utf8(bytes).map_err(|_| {
            let error = Error::new(format!("`{path}` of the pack `{}` is not UTF-8", self.name()));
            error.help("save it as UTF-8")
        })
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// SHA-256 over all paths and contents, the first 16 hexadecimal digits.
    pub fn digest(&self) -> String {
        digest::of(self.contents())
    }

    fn contents(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), &**bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_in_a_folder_has_the_digest_of_the_same_pack_built_in() {
        for built_in in PackFiles::embedded() {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../templates")
                .join(built_in.name());
            let folder = PackFiles::folder(&root).unwrap();
            assert_eq!(folder.digest(), built_in.digest());
            assert!(folder.files == built_in.files);
        }
    }
}
