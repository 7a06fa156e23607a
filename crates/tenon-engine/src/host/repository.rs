//! Finds the git repository around a directory, and runs git on it without running any program that the repository names.
//!
//! Git obeys the configuration of the repository, which may name programs: file system monitors, filters, hooks, transport
//! helpers. Reading a clone must not run anything. So this module finds the repository by `.git` alone (files that look like a
//! bare repository are plain files), and git never loads its configuration: it gets a temporary common directory with a
//! configuration written here, and a copy of the index. Of the settings of the repository and the user only those on a list are
//! copied; none of them names a program.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tenon_text::diag::{Error, Result};
use tenon_text::disk;

/// What git finds in the repository's common directory, apart from its configuration, its hooks and its objects.
const SHARED: [&str; 6] = ["info", "logs", "packed-refs", "refs", "reftable", "shallow"];

/// Settings that are copied: how files are compared with commits, and how the repository is stored.
const SETTINGS: [&str; 14] = [
    "core.autocrlf",
    "core.checkstat",
    "core.eol",
    "core.excludesfile",
    "core.filemode",
    "core.ignorecase",
    "core.longpaths",
    "core.precomposeunicode",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "core.symlinks",
    "core.trustctime",
    "extensions.objectformat",
    "extensions.refstorage",
];

/// Longest `.git` file that points to a directory, in bytes.
const MAX_POINTER: u64 = 16 * 1024;

/// A repository that git can be run on.
pub struct Repository {
    /// Where its `HEAD` is.
    git_dir: PathBuf,
    /// Where its objects are.
    objects: PathBuf,
    /// Where its files are checked out.
    work_tree: Option<PathBuf>,
    /// The temporary common directory that git uses.
    own: tempfile::TempDir,
}

impl Repository {
    /// The repository whose checkout contains `dir`; `None` if there is none.
    ///
    /// # Errors
    /// If git is not there, or its configuration cannot be read.
    pub fn around(dir: &Path) -> Result<Option<Self>> {
        let found = dir
            .ancestors()
            .find_map(|dir| Some((dir, git_dir(&dir.join(".git"))?)));
        found
            .map(|(work_tree, git_dir)| Self::new(git_dir, Some(work_tree.to_owned())))
            .transpose()
    }

    /// The repository without a checkout in `git_dir`.
    ///
    /// # Errors
    /// If git is not there, or its configuration cannot be read.
    pub fn bare(git_dir: &Path) -> Result<Self> {
        Self::new(git_dir.to_owned(), None)
    }

    fn new(git_dir: PathBuf, work_tree: Option<PathBuf>) -> Result<Self> {
        let common = common_dir(&git_dir);
        let repository = Self {
            objects: common.join("objects"),
            git_dir,
            work_tree,
            own: temporary()?,
        };
        repository.fill(&common).map_err(unprepared)?;
        let mut settings = settings(&mut user(repository.own.path()))?;
        for file in [common.join("config"), repository.git_dir.join("config.worktree")] {
            if disk::is_file(&file).map_err(unprepared)? {
                let mut git = repository.git(repository.own.path());
                git.args(["config", "--no-includes", "--file"]).arg(file);
                settings.extend(self::settings(&mut git)?);
            }
        }
        let at = repository.own.path().join("config");
        fs::write(at, configuration(&settings)).map_err(unprepared)?;
        Ok(repository)
    }

    fn fill(&self, common: &Path) -> std::io::Result<()> {
        for name in SHARED {
            let from = common.join(name);
            if disk::stat(&from)?.is_some() {
                share(&from, &self.own.path().join(name))?;
            }
        }
        // A copy, since git updates the index; with its modification time, which git compares with those of files.
        let index = self.git_dir.join("index");
        if self.work_tree.is_some() && disk::is_file(&index)? {
            let mut own = File::create(self.index())?;
            let mut theirs = disk::open(&index)?;
            std::io::copy(&mut theirs, &mut own)?;
            own.set_modified(theirs.metadata()?.modified()?)?;
        }
        Ok(())
    }

    fn index(&self) -> PathBuf {
        self.own.path().join("index")
    }

    /// A git command in `dir`, without standard input or prompts.
    pub fn git(&self, dir: &Path) -> Command {
        let own = self.own.path();
        let mut git = command(own, |_| false);
        git.arg("-C")
            .arg(dir)
            .env("GIT_DIR", &self.git_dir)
            .env("GIT_COMMON_DIR", own)
            .env("GIT_OBJECT_DIRECTORY", &self.objects)
            .env("GIT_INDEX_FILE", self.index())
            // No configuration of the user.
            .env("HOME", own)
            .env("XDG_CONFIG_HOME", own)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            // Missing objects are not fetched; older versions know only the second variable.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_ALLOW_PROTOCOL", "none");
        if let Some(work_tree) = &self.work_tree {
            git.env("GIT_WORK_TREE", work_tree);
        }
        git
    }
}

/// A git command in `dir` with the user's configuration, for access to other machines.
pub fn for_transport(dir: &Path) -> Command {
    const KEPT: [&str; 9] = [
        "GIT_ASKPASS",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
        "GIT_PROXY_COMMAND",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
    ];
    const KINDS: [&str; 5] = [
        "GIT_CONFIG_KEY_",
        "GIT_CONFIG_VALUE_",
        "GIT_HTTP_",
        "GIT_SSH_",
        "GIT_SSL_",
    ];
    let mut git = command(dir, |name| {
        KEPT.contains(&name) || KINDS.iter().any(|kind| name.starts_with(kind))
    });
    git.env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
    git
}

/// An empty temporary directory, removed on drop.
pub fn temporary() -> Result<tempfile::TempDir> {
    tempfile::tempdir().map_err(unprepared)
}

/// A git command in `dir`, without environment variables that point it elsewhere; `keeps` selects variables to keep.
fn command(dir: &Path, keeps: impl Fn(&str) -> bool) -> Command {
    let mut git = Command::new("git");
    for (name, _) in std::env::vars_os() {
        let known = name.to_string_lossy().to_ascii_uppercase();
        if known.starts_with("GIT_") && !keeps(&known) {
            git.env_remove(name);
        }
    }
    git.args(["--no-pager", "--no-optional-locks", "--literal-pathspecs"])
        .args(["-c", "safe.bareRepository=explicit"])
        .args(["-c", "core.fsmonitor=false"])
        .args(["-c", "core.hooksPath=/dev/null"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .current_dir(dir);
    git
}

/// The git directory of a `.git`: itself, or the one that the file names; `None` if it is neither.
fn git_dir(at: &Path) -> Option<PathBuf> {
    let dir = if disk::is_dir(at).ok()? {
        at.to_owned()
    } else {
        at.parent()?.join(pointer(at)?.strip_prefix("gitdir:")?.trim())
    };
    let is_one = dir.join("HEAD").symlink_metadata().is_ok()
        && disk::is_dir(&common_dir(&dir).join("objects")).ok()?;
    is_one.then_some(dir)
}

/// The common directory of the worktrees of a repository, given the git directory of one of them.
fn common_dir(git_dir: &Path) -> PathBuf {
    match pointer(&git_dir.join("commondir")) {
        Some(to) => git_dir.join(to.trim()),
        None => git_dir.to_owned(),
    }
}

fn pointer(at: &Path) -> Option<String> {
    let mut text = String::new();
    let file = disk::open(at).ok()?;
    file.take(MAX_POINTER).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(unix)]
fn share(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

/// Links need a privilege on Windows.
#[cfg(not(unix))]
fn share(from: &Path, to: &Path) -> std::io::Result<()> {
    if !disk::is_dir(from)? {
        return std::io::copy(&mut disk::open(from)?, &mut File::create(to)?).map(drop);
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        share(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// A git command that reads the settings of the machine and the user, not those of a repository.
fn user(dir: &Path) -> Command {
    let mut git = command(dir, |name| name == "GIT_CONFIG_GLOBAL");
    git.env("GIT_DIR", dir.join("none")).arg("config");
    git
}

/// The settings that `git config` lists and that are copied, in order.
fn settings(git: &mut Command) -> Result<Vec<(String, String)>> {
    let output = git.args(["--list", "-z"]).output().map_err(cannot_run)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new("git cannot read its configuration")
            .because(said.lines().next().unwrap_or_default().trim())
            .help("`git config --list` shows whether it is fixed"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let all = text.split('\0').filter(|entry| !entry.is_empty());
    let all = all.map(|entry| entry.split_once('\n').unwrap_or((entry, "true")));
    let wanted = all.filter(|(key, _)| is_taken_over(key));
    Ok(wanted
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect())
}

/// Whether a setting is copied; those of branches and remotes are needed to resolve `@{upstream}`.
fn is_taken_over(key: &str) -> bool {
    let is_of = |section: &str, name: &str| key.starts_with(section) && key.ends_with(name);
    SETTINGS.contains(&key)
        || is_of("branch.", ".merge")
        || is_of("branch.", ".remote")
        || is_of("remote.", ".fetch")
}

/// A file of configuration with these settings.
fn configuration(settings: &[(String, String)]) -> String {
    let mut text = String::from("[core]\n\trepositoryformatversion = 1\n");
    let home = std::env::home_dir();
    let dir = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let dir = dir.or_else(|| Some(home.as_ref()?.join(".config")));
    let mut ignore = dir.map(|dir| dir.join("git/ignore"));
    for (key, value) in settings {
        match key.as_str() {
            "core.excludesfile" => {
                ignore = match value.strip_prefix("~/") {
                    Some(below) => home.as_ref().map(|home| home.join(below)),
                    None => Some(PathBuf::from(value)),
                };
            }
            key => text.push_str(&setting(key, value)),
        }
    }
    // Neither a pipe nor a device is opened.
    let ignore = ignore.filter(|path| path.is_absolute() && matches!(disk::is_file(path), Ok(true)));
    if let Some(path) = ignore.as_deref().and_then(Path::to_str) {
        text.push_str(&setting("core.excludesfile", path));
    }
    text
}

/// A setting as a line of a configuration file: `branch.a.b.merge` is `merge` of `[branch "a.b"]`.
fn setting(key: &str, value: &str) -> String {
    let quoted = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace('\n', "\\n"))
    };
    let (section, name) = key.split_once('.').unwrap_or_default();
    let section = match name.rsplit_once('.') {
        Some((sub, _)) => format!("{section} {}", quoted(sub)),
        None => section.to_owned(),
    };
    let name = name.rsplit('.').next().unwrap_or_default();
    format!("[{section}]\n\t{name} = {}\n", quoted(value))
}

/// The error when git is not installed.
pub fn cannot_run(error: std::io::Error) -> Error {
    Error::new("git cannot be run")
        .because(error)
        .help("`--changed-since` and packs in repositories need git: install it")
}

/// The error when the temporary directory for git cannot be written.
fn unprepared(error: std::io::Error) -> Error {
    Error::new("nothing can be written for git")
        .because(error)
        .help("make room where temporary files lie, or let `TMPDIR` name another directory")
}
