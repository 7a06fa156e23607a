//! The file of `--baseline` and `--write-baseline`: it may be read from anywhere, but is written only inside the host.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tenon_engine::host::{Host, HostPath};
use tenon_engine::plan::{self, Plan};
use tenon_engine::settings::baseline::Baseline;
use tenon_text::diag::{Error, Result};
use tenon_text::disk;
use tenon_text::format::split_bom;

/// A baseline's file.
pub struct BaselineFile {
    /// Its path in findings: relative to the host if it is inside, else as given.
    pub shown: String,
    /// Its text without BOM, to which spans of findings refer; `None` if there is no such file.
    pub text: Option<Arc<str>>,
    /// Its path in the host, if it is inside.
    inside: Option<HostPath>,
}

impl BaselineFile {
    /// The file at `given`, relative to the current directory.
    ///
    /// # Errors
    /// If its directory does not exist, or the file exists and cannot be read as text.
    pub fn open(given: &str, host: &Host) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Error::new(format!("the baseline `{given}` cannot be read"))
                .because(error)
                .help("give the path of a file that `--write-baseline` wrote")
        };
        let path = Path::new(given);
        let name = path.file_name().unwrap_or_default();
        let dir = match path.parent() {
            Some(dir) if dir != Path::new("") => dir.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let full = dir.canonicalize().map_err(failed)?.join(name);
        let inside = full
            .strip_prefix(host.root())
            .ok()
            .and_then(Path::to_str)
            .map(HostPath::new)
            .transpose()?;
        let text = match &inside {
            Some(path) => host.read(path)?,
            None if disk::stat_itself(&full).map_err(failed)?.is_none() => None,
            None => Some(Arc::from(disk::read_text(&full, disk::MAX_TEXT).map_err(failed)?)),
        };
        Ok(Self {
            shown: inside
                .as_ref()
                .map_or(given.to_owned(), |path| path.as_str().to_owned()),
            text: text.map(|text| Arc::from(split_bom(&text).1)),
            inside,
        })
    }

    /// The parsed baseline; `None` if there is no such file.
    ///
    /// # Errors
    /// If it is no baseline, with the position.
    pub fn baseline(&self) -> Result<Option<Baseline>> {
        let text = self.text.as_deref();
        text.map(|text| Baseline::read(text, &self.shown)).transpose()
    }

    /// The parsed baseline, which must exist.
    ///
    /// # Errors
    /// If there is none, or if it is no baseline.
    pub fn required(&self) -> Result<Baseline> {
        self.baseline()?.ok_or_else(|| {
            Error::new(format!("there is no baseline `{}`", self.shown))
                .help(format!("make it: `--write-baseline {}`", self.shown))
        })
    }

    /// The plan that gives it `text`.
    ///
    /// # Errors
    /// If it is outside the host.
    pub fn plan(&self, host: &Host, text: String) -> Result<Plan> {
        let Some(path) = &self.inside else {
            return Err(
                Error::new(format!("the baseline `{}` is outside the host", self.shown))
                    .help("choose a path inside it: a baseline belongs in version control"),
            );
        };
        plan::rewrite(host, path.clone(), text, format!("baseline {path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_is_read_anywhere_and_written_inside_the_host() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("host")).unwrap();
        let text = Baseline::of(&[]).print();
        std::fs::write(root.join("out.json"), &text).unwrap();
        let host = Host::open(&root.join("host")).unwrap();

        let outside = root.join("out.json");
        let file = BaselineFile::open(outside.to_str().unwrap(), &host).unwrap();
        assert!(file.required().unwrap().is_empty());
        assert!(file.plan(&host, text.clone()).is_err());

        let inside = root.join("host/b.json");
        let file = BaselineFile::open(inside.to_str().unwrap(), &host).unwrap();
        assert_eq!(file.shown, "b.json");
        assert!(file.baseline().unwrap().is_none());
        assert!(file.required().is_err());
        assert_eq!(file.plan(&host, text).unwrap().changes.len(), 1);
        assert!(BaselineFile::open(root.join("none/b.json").to_str().unwrap(), &host).is_err());
    }
}
