//! Runs a command under `fault.c` so that each of its writes fails once, and looks at trees.
//!
//! Knows the preloaded library and how to start programs under it. Must not know what the program does. In: a
//! way to make a tree, a command, a check. Out: a panic that names the fault point, or how many there were.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How a call fails; see `fault.c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL, in the middle of the call if it is a write.
    Kill,
    /// This one call: no space left on the device.
    Enospc,
    /// This one call: input/output error.
    Eio,
    /// From this call on, nothing that takes space works.
    Full,
    /// From this call on, nothing works.
    Dead,
}

/// The ways in which a call fails and the program lives on.
pub const ERRORS: [Fault; 4] = [Fault::Enospc, Fault::Eio, Fault::Full, Fault::Dead];

/// What became of a command.
pub struct Run {
    /// Its exit status and what it printed.
    pub output: Output,
    /// Whether the fault point was reached.
    pub hit: bool,
    /// Calls by name (`fsync`, `rename` …), and `total`; empty if the command was killed.
    pub counts: BTreeMap<String, usize>,
}

impl Run {
    /// Standard output and standard error as text.
    pub fn text(&self) -> String {
        let (out, err) = (&self.output.stdout, &self.output.stderr);
        format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
    }

    /// Whether it was killed.
    pub fn killed(&self) -> bool {
        self.output.status.signal() == Some(9)
    }
}

/// The library, compiled when its source is newer, next to the running test.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        // Crates in `crates/` use this file as well.
        let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let source = above.find_map(|dir| {
            let source = dir.join("tests/support/fault.c");
            source.is_file().then_some(source)
        });
        let source = source.unwrap();
        let library = std::env::current_exe().unwrap().with_file_name("tenon-fault.so");
        let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        if changed(&library) > changed(&source) {
            return library;
        }
        let fresh = library.with_extension(format!("{}.so", std::process::id()));
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wno-unused-result", "-o"])
            .args([&fresh, &source])
            .arg("-ldl")
            .output()
            .unwrap();
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        fs::rename(&fresh, &library).unwrap();
        library
    })
}

/// Runs `command` with the `at`-th write below `root` failing as `fault`; 0 lets all pass and counts them.
pub fn run(mut command: Command, root: &Path, fault: Fault, at: usize) -> Run {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let report = std::env::temp_dir().join(format!("tenon-fault-{}-{number}", std::process::id()));
    let output = command
        .env("LD_PRELOAD", shim())
        .env("TENON_FAULT_ROOT", root.canonicalize().unwrap())
        .env("TENON_FAULT", format!("{fault:?}").to_lowercase())
        .env("TENON_FAULT_AT", at.to_string())
        .env("TENON_FAULT_REPORT", &report)
        .output()
        .unwrap();
    let text = fs::read_to_string(&report).unwrap_or_default();
    let _ = fs::remove_file(&report);
    let counts: BTreeMap<String, usize> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, count)| (name.to_owned(), count.parse().unwrap()))
        .collect();
    let killed = output.status.signal() == Some(9);
    let hit = killed || counts.get("hit") == Some(&1);
    assert!(
        killed || counts.contains_key("total"),
        "the library was not loaded"
    );
    Run { output, hit, counts }
}

/// For N = 1, 2, … makes a tree with `fresh`, runs `command` in it with the N-th write failing as `fault`, and
/// calls `check`; ends with the first run that does not reach the fault. Gives the number of fault points.
pub fn drive<Host: AsRef<Path>>(
    fault: Fault,
    fresh: impl Fn() -> Host,
    command: impl Fn(&Path) -> Command,
    check: impl Fn(usize, &Path, &Run),
) -> usize {
    for at in 1.. {
        let fresh = fresh();
        let host = fresh.as_ref();
        let ran = run(command(host), host, fault, at);
        if !ran.hit {
            assert!(
                ran.output.status.success(),
                "{fault:?} at {at}, not reached: {}",
                ran.text()
            );
            return at - 1;
        }
        assert_eq!(
            ran.killed(),
            fault == Fault::Kill,
            "{fault:?} at {at}: {}",
            ran.text()
        );
        check(at, host, &ran);
    }
    unreachable!("the loop ends by return")
}

/// Everything below a directory, but `.tenon`: by path, what it is, its mode and its bytes.
pub fn snapshot(root: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, dir: &Path, into: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if name == ".tenon" {
                continue;
            }
            let metadata = fs::symlink_metadata(&path).unwrap();
            let mode = metadata.permissions().mode() & 0o7777;
            if metadata.is_symlink() {
                into.insert(name, format!("link {}", fs::read_link(&path).unwrap().display()));
            } else if metadata.is_dir() {
                into.insert(name, format!("dir {mode:o}"));
                walk(root, &path, into);
            } else {
                let bytes = fs::read(&path).unwrap();
                into.insert(
                    name,
                    format!("file {mode:o} {:?}", String::from_utf8_lossy(&bytes)),
                );
            }
        }
    }
    let mut into = BTreeMap::new();
    walk(root, root, &mut into);
    into
}

/// Makes the directory `to` what `from` is. A journal is for one place only, so what begins anew begins at the same one.
pub fn restore_tree(from: &Path, to: &Path) {
    fs::remove_dir_all(to).unwrap();
    fs::create_dir(to).unwrap();
    copy_tree(from, to);
}

/// Copies a tree with links and modes.
pub fn copy_tree(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        let metadata = fs::symlink_metadata(&from).unwrap();
        if metadata.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&from).unwrap(), &to).unwrap();
        } else if metadata.is_dir() {
            fs::create_dir(&to).unwrap();
            copy_tree(&from, &to);
            fs::set_permissions(&to, metadata.permissions()).unwrap();
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}
