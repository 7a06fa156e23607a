//! Tests of `apply`: what it does to a tree (`plans`), what it refuses (`refusals`), what it does not obey
//! (`foreign`), and what is left after each of its writes has failed in every way (`crash`, `first_step`).

#[cfg(target_os = "linux")]
mod crash;
#[path = "../../../../../tests/support/fault.rs"]
#[cfg(unix)]
mod fault;
#[cfg(target_os = "linux")]
mod first_step;
#[cfg(unix)]
mod foreign;
#[cfg(unix)]
mod plans;
#[cfg(unix)]
mod refusals;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::recover::Recovery;
use super::*;
use crate::plan::Change;
use fault::snapshot;

type FileTree = BTreeMap<String, String>;

fn path(path: &str) -> HostPath {
    HostPath::new(path).unwrap()
}

/// A new directory; in memory where there is such a place, since these tests write a lot.
fn temp() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn put(root: &Path, name: &str, bytes: &str, mode: u32) {
    let at = root.join(name);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    fs::write(&at, bytes).unwrap();
    fs::set_permissions(&at, fs::Permissions::from_mode(mode)).unwrap();
}

fn create(bytes: &str) -> Change {
    Change::Create {
        after: bytes.into(),
        executable: false,
    }
}

fn modify(before: &str, after: &str) -> Change {
    Change::Modify {
        before: before.into(),
        after: after.into(),
    }
}

fn delete(before: &str) -> Change {
    Change::Delete {
        before: before.into(),
    }
}

fn plan(title: &str, changes: impl IntoIterator<Item = (&'static str, Change)>) -> Plan {
    let changes = changes
        .into_iter()
        .map(|(name, change)| (path(name), change))
        .collect();
    Plan {
        title: title.to_owned(),
        changes,
    }
}

/// A host with one of everything that a plan can meet.
fn mixed_host() -> TempDir {
    let host = temp();
    let root = host.path();
    put(root, "keep.txt", "keep", 0o644);
    put(root, "src/main.rs", "main", 0o640);
    put(root, "run.sh", "run", 0o755);
    put(root, "real/target.txt", "target", 0o664);
    symlink("real/target.txt", root.join("link.txt")).unwrap();
    put(root, "old/only/gone.txt", "secret", 0o600);
    fs::set_permissions(root.join("old/only"), fs::Permissions::from_mode(0o750)).unwrap();
    put(root, "full/a.txt", "a", 0o644);
    put(root, "full/b.txt", "b", 0o644);
    fs::create_dir(root.join("empty")).unwrap();
    host
}

fn mixed_plan() -> Plan {
    plan(
        "mixed",
        [
            ("new/deep/er/file.txt", create("file")),
            (
                "new/deep/tool.sh",
                Change::Create {
                    after: "tool".into(),
                    executable: true,
                },
            ),
            ("empty/new.txt", create("")),
            ("src/main.rs", modify("main", "fn main() {}")),
            ("run.sh", modify("run", "")),
            ("link.txt", modify("target", "other target")),
            ("old/only/gone.txt", delete("secret")),
            ("full/a.txt", delete("a")),
        ],
    )
}

/// The mixed host as planned, made without `apply`.
fn mixed_planned() -> FileTree {
    let host = mixed_host();
    let root = host.path();
    fs::create_dir_all(root.join("new/deep/er")).unwrap();
    fs::write(root.join("new/deep/er/file.txt"), "file").unwrap();
    fs::write(root.join("new/deep/tool.sh"), "tool").unwrap();
    let tool = root.join("new/deep/tool.sh");
    let plain = fs::metadata(&tool).unwrap().permissions().mode() & 0o777;
    // The umask takes from 0777 what it took from 0666, as long as it treats x like r.
    fs::set_permissions(&tool, fs::Permissions::from_mode(plain | (plain & 0o444) >> 2)).unwrap();
    fs::write(root.join("empty/new.txt"), "").unwrap();
    fs::write(root.join("src/main.rs"), "fn main() {}").unwrap();
    fs::write(root.join("run.sh"), "").unwrap();
    fs::write(root.join("real/target.txt"), "other target").unwrap();
    fs::remove_dir_all(root.join("old")).unwrap();
    fs::remove_file(root.join("full/a.txt")).unwrap();
    snapshot(root)
}

/// A smaller one, for tests in which two calls fail.
fn small_host() -> TempDir {
    let host = temp();
    put(host.path(), "m.sh", "m", 0o755);
    put(host.path(), "z/gone.txt", "gone", 0o600);
    host
}

fn small_plan() -> Plan {
    plan(
        "small",
        [
            ("d/x.txt", create("x")),
            ("m.sh", modify("m", "mm")),
            ("z/gone.txt", delete("gone")),
        ],
    )
}

fn small_planned() -> FileTree {
    let host = small_host();
    fs::create_dir(host.path().join("d")).unwrap();
    fs::write(host.path().join("d/x.txt"), "x").unwrap();
    fs::write(host.path().join("m.sh"), "mm").unwrap();
    fs::remove_dir_all(host.path().join("z")).unwrap();
    snapshot(host.path())
}

/// A plan of `count` files: a third each created, modified and deleted, in ten directories.
fn many(count: usize) -> (TempDir, Plan) {
    let host = temp();
    let mut plan = Plan {
        title: "many".to_owned(),
        changes: BTreeMap::new(),
    };
    for index in 0..count {
        let name = format!("dir{}/file{index}.txt", index % 10);
        let before = format!("before {index}\n").repeat(40);
        if index % 3 > 0 {
            put(host.path(), &name, &before, 0o644);
        }
        let change = match index % 3 {
            0 => create(&format!("created {index}\n").repeat(40)),
            1 => modify(&before, &format!("after {index}\n").repeat(40)),
            _ => delete(&before),
        };
        plan.changes.insert(path(&name), change);
    }
    (host, plan)
}

fn undo_last(root: &Path) -> Result<Receipt> {
    commit_undo(root, &undo_plan(root, None, false)?)
}
