//! A host in a temporary directory, and runs of the binary in it.
//!
//! The environment of a run is empty but for `PATH` and where the state of the user lies: no home, no colours, no locale. Every run checks that no
//! control character reaches the terminal.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use snapbox::IntoData;
use tempfile::TempDir;

/// Everything below a directory: by path, what it is, its mode and its bytes.
pub type Tree = BTreeMap<String, Node>;

/// One entry of a tree.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    Dir(u32),
    File(u32, Vec<u8>),
    Link(PathBuf),
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dir(mode) => write!(f, "dir {mode:o}"),
            Self::File(mode, bytes) => {
                let text = String::from_utf8_lossy(bytes);
                let shown: String = text.chars().take(4000).collect();
                write!(f, "file {mode:o} {shown:?}")
            }
            Self::Link(to) => write!(f, "link {}", to.display()),
        }
    }
}

/// A directory of its own, which goes with the value.
pub struct Sandbox {
    _dir: TempDir,
    /// The host.
    pub root: PathBuf,
}

impl Sandbox {
    /// A host in which there is nothing.
    pub fn empty() -> Self {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap().join("host");
        fs::create_dir(&root).unwrap();
        Self { _dir: dir, root }
    }

    /// A host with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let sandbox = Self::empty();
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    /// A copy of the host at `root`.
    pub fn copy_of(root: &Path) -> Self {
        let sandbox = Self::empty();
        super::fault::copy_tree(root, &sandbox.root);
        sandbox
    }

    /// The directory above the host, for what must not be in it.
    pub fn outside(&self) -> &Path {
        self.root.parent().unwrap()
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let at = self.at(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.at(path).symlink_metadata().is_ok()
    }

    pub fn remove(&self, path: &str) {
        let at = self.at(path);
        if at.is_dir() {
            fs::remove_dir_all(at)
        } else {
            fs::remove_file(at)
        }
        .unwrap();
    }

    pub fn chmod(&self, path: &str, mode: u32) {
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub fn link(&self, path: &str, to: impl AsRef<Path>) {
        symlink(to, self.at(path)).unwrap();
    }

    /// Replaces the first `from` in a file, which must be there.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}:\n{text}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Everything in the host, tenon's own state included.
    pub fn tree(&self) -> Tree {
        tree(&self.root)
    }

    /// The command, not started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = program();
        command.args(args).current_dir(&self.root);
        command
    }

    /// Runs the binary in the host, with nothing on standard input.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_in("", args)
    }

    /// Runs the binary in a directory of the host.
    #[track_caller]
    pub fn run_in(&self, dir: &str, args: &[&str]) -> Ran {
        let output = self.command(args).current_dir(self.at(dir)).output().unwrap();
        self.ran(output)
    }

    /// What a finished run came to.
    #[track_caller]
    pub fn ran(&self, output: Output) -> Ran {
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            let control = text.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t');
            assert_eq!(
                control, None,
                "a control character reaches the terminal: {text:?}"
            );
            text.replace(self.root.to_str().unwrap(), "HOST")
                .replace(self.outside().to_str().unwrap(), "OUTSIDE")
        };
        let code = output
            .status
            .code()
            .unwrap_or_else(|| panic!("{}", output.status));
        Ran {
            code,
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Runs the binary, which has to succeed.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}\n{}{}", ran.out, ran.err);
        ran
    }

    /// What the program offers `shell` in place of the last of `words`.
    #[track_caller]
    pub fn completed(&self, shell: &str, words: &[&str]) -> String {
        let mut command = self.command(&["--", "tenon"]);
        command
            .args(words)
            .env("TENON_COMPLETE", shell)
            .env("_CLAP_IFS", "\n")
            .env("_CLAP_COMPLETE_INDEX", words.len().to_string());
        let ran = self.ran(command.output().unwrap());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell} {words:?}");
        ran.out
    }

    /// Runs the binary, which has to refuse: exit 2, nothing on standard output, one sentence and what to do
    /// about it on standard error, and the host as it was, bit by bit.
    #[track_caller]
    pub fn refused(&self, args: &[&str]) -> Ran {
        let before = self.tree();
        let ran = self.run(args);
        ran.is_one_error();
        assert_same(&before, &self.tree());
        ran
    }
}

/// The binary in an environment in which nothing is set.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("XDG_STATE_HOME", state_home());
    command.stdin(Stdio::null());
    command
}

/// Where the state of the user lies in runs of tests: one for all, as for one user with many hosts.
pub fn state_home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("state")
}

/// What git prints in `dir`, as a person without settings.
#[track_caller]
pub fn git(dir: &Path, args: &[&str]) -> String {
    let who = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.c",
        "-c",
        "commit.gpgsign=false",
    ];
    let output = Command::new("git")
        .args(who)
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// What a run came to. The host's path is written `HOST`, the one above it `OUTSIDE`.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Compares standard output; `SNAPSHOTS=overwrite` rewrites what is expected.
    #[track_caller]
    pub fn prints(&self, expected: impl IntoData) -> &Self {
        expect(&self.out, expected);
        self
    }

    /// Compares standard error.
    #[track_caller]
    pub fn says(&self, expected: impl IntoData) -> &Self {
        expect(&self.err, expected);
        self
    }

    /// Compares the exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    /// Exit 2 and one error with help.
    #[track_caller]
    pub fn is_one_error(&self) -> &Self {
        assert_eq!(self.code, 2, "{}{}", self.out, self.err);
        assert_eq!(self.out, "", "{}", self.err);
        let count = |word: &str| self.err.lines().filter(|line| line.starts_with(word)).count();
        assert_eq!(count("error: "), 1, "{}", self.err);
        // What the grammar refuses ends in its own words of help.
        let help = count("help: ") >= 1 || self.err.ends_with("For more information, try '--help'.\n");
        assert!(help, "no help:\n{}", self.err);
        self
    }
}

/// Compares a text with what is expected, byte for byte; `SNAPSHOTS=overwrite` rewrites what is expected.
#[track_caller]
pub fn expect(actual: &str, expected: impl IntoData) {
    let assert = snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV);
    assert.normalize_paths(false).eq(actual, expected);
}

/// The tree below `root`.
/// The files that people own: without tenon's own state.
pub fn visible(root: &Path) -> Tree {
    let mut tree = tree(root);
    tree.retain(|path, _| path != ".tenon" && !path.starts_with(".tenon/"));
    tree
}

pub fn tree(root: &Path) -> Tree {
    fn walk(root: &Path, dir: &Path, into: &mut Tree) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let mode = metadata.permissions().mode() & 0o7777;
            if metadata.is_symlink() {
                into.insert(name, Node::Link(fs::read_link(&path).unwrap()));
            } else if metadata.is_dir() {
                into.insert(name, Node::Dir(mode));
                walk(root, &path, into);
            } else if !metadata.is_file() {
                // A pipe or a device: to read it would take for ever.
                into.insert(
                    name,
                    Node::Link(PathBuf::from(format!("{:?}", metadata.file_type()))),
                );
            } else {
                into.insert(name, Node::File(mode, fs::read(&path).unwrap()));
            }
        }
    }
    let mut into = Tree::new();
    walk(root, root, &mut into);
    into
}

/// The paths at which two trees differ, with what stands there.
pub fn changes(before: &Tree, after: &Tree) -> Vec<String> {
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    let differs = paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path));
    differs
        .map(|path| format!("{path}: {:?} -> {:?}", before.get(path), after.get(path)))
        .collect()
}

/// Two trees are equal, or the test ends with what differs.
#[track_caller]
pub fn assert_same(before: &Tree, after: &Tree) {
    let changes = changes(before, after);
    assert!(
        changes.is_empty(),
        "{} changes:\n{}",
        changes.len(),
        changes.join("\n")
    );
}
