//! Asks git: which files of the host changed, their earlier versions, the files of a remote repository. `repository` runs git
//! in such a way that it runs no other program.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use sha2::{Digest, Sha256};

use tenon_text::diag::{Error, Result};

use super::repository::{Repository, cannot_run, for_transport, temporary};

/// The files below `root` that differ from the merge base of `reference` and the current commit, committed or not, and untracked
/// files; relative to `root`. A submodule is named by its directory, changed or not. Filters of git are not run, so a file with
/// one may be named although it did not change.
///
/// # Errors
/// If there is no git, no repository, or no such commit.
pub fn changed_since(root: &Path, reference: &str) -> Result<Vec<String>> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(
            Error::new(format!("`{}` is not a commit", reference.escape_debug()))
                .help("name a branch, a tag or a commit: `--changed-since origin/main`"),
        );
    }
    let Some(repository) = Repository::around(root)? else {
        return Err(Error::new("this is not a git checkout")
            .because(format!(
                "neither `{}` nor a directory above it has `.git`",
                root.display()
            ))
            .help("`--changed-since` asks git what changed: run it in a clone, or leave the option out"));
    };
    let ask = |args: &[&str]| names(&repository, root, args);
    let mut out = ask(&[
        "diff",
        "--name-only",
        "-z",
        "--relative",
        "--no-ext-diff",
        "--no-textconv",
        "--no-renames",
        "--ignore-submodules=dirty",
        "--merge-base",
        reference,
        "--",
    ])?;
    out.extend(ask(&["ls-files", "--others", "--exclude-standard", "-z"])?);
    // `160000 ID 0\tPATH` is a submodule.
    let staged = ask(&["ls-files", "--stage", "-z"])?;
    let submodules = staged.iter().filter(|line| line.starts_with("160000 "));
    out.extend(submodules.filter_map(|line| Some(line.split_once('\t')?.1.to_owned())));
    for path in &mut out {
        // So ends a repository that is not in this one's index.
        path.truncate(path.trim_end_matches('/').len());
    }
    out.sort();
    out.dedup();
    Ok(out)
}

/// The files below `root` that git tracks or would add; `None` if git cannot tell.
pub fn tracked(root: &Path) -> Option<BTreeSet<String>> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let known = names(&Repository::around(root).ok()??, root, &args).ok()?;
    // In a directory that is ignored as a whole git lists nothing.
    (!known.is_empty()).then(|| known.into_iter().collect())
}

/// The texts of the files at `paths` in all commits, each with its path. Versions that are not UTF-8 are left out; empty if git
/// cannot tell.
pub fn versions(root: &Path, paths: &[&str]) -> Vec<(String, String)> {
    let Ok(Some(repository)) = Repository::around(root) else {
        return vec![];
    };
    let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
    for some in paths.chunks(200) {
        let mut args = vec![
            "log",
            "--all",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--format=",
            "--relative",
            "-z",
            "--",
        ];
        args.extend(some);
        let Ok(words) = names(&repository, root, &args) else {
            continue;
        };
        let mut words = words.into_iter();
        // `:100644 100644 BEFORE AFTER M`, then the path.
        while let Some(head) = words.next() {
            let Some(blob) = head.strip_prefix(':').and_then(|head| head.split(' ').nth(3)) else {
                continue;
            };
            if let Some(path) = words.next()
                && !blob.bytes().all(|byte| byte == b'0')
            {
                wanted.insert((path, blob.to_owned()));
            }
        }
    }
    let all = blobs(&repository, root, wanted).unwrap_or_default().into_iter();
    all.filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes).ok()?)))
        .collect()
}

/// The contents of blobs, read with one run of git.
fn blobs(
    repository: &Repository,
    dir: &Path,
    wanted: BTreeSet<(String, String)>,
) -> Option<Vec<(String, Vec<u8>)>> {
    let ids = wanted.iter().map(|(_, blob)| blob.clone()).collect();
    let (mut git, mut gives) = asked(repository, dir, "--batch", ids)?;
    let mut out = Vec::new();
    for (path, _) in wanted {
        let mut head = String::new();
        gives.read_line(&mut head).ok()?;
        let Some(size) = head
            .trim_end()
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse::<usize>().ok())
        else {
            continue;
        };
        let mut bytes = vec![0; size + 1];
        gives.read_exact(&mut bytes).ok()?;
        bytes.pop();
        out.push((path, bytes));
    }
    drop(gives);
    let _ = git.wait();
    Some(out)
}

/// A run of `git cat-file` that is asked about these objects, a line each, and what it answers.
fn asked(
    repository: &Repository,
    dir: &Path,
    how: &str,
    objects: Vec<String>,
) -> Option<(Child, BufReader<ChildStdout>)> {
    let mut git = repository
        .git(dir)
        .args(["cat-file", how])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut asks, gives) = (git.stdin.take()?, git.stdout.take()?);
    // It answers while it is asked: both ends must go on.
    std::thread::spawn(move || {
        for object in objects {
            if asks.write_all(format!("{object}\n").as_bytes()).is_err() {
                return;
            }
        }
    });
    Some((git, BufReader::new(gives)))
}

/// For each of `paths`, below `root`, how many of these commits found it there. Nothing if git cannot tell.
pub fn found_by(root: &Path, commits: &[String], paths: &[&str]) -> Option<Vec<usize>> {
    let repository = Repository::around(root).ok()??;
    let all = paths
        .iter()
        .flat_map(|path| commits.iter().map(move |commit| (commit, path)));
    let objects = all.map(|(commit, path)| format!("{commit}^:./{path}")).collect();
    let (mut git, gives) = asked(&repository, root, "--batch-check", objects)?;
    let answers: Vec<String> = gives.lines().map_while(std::io::Result::ok).collect();
    let _ = git.wait();
    let is_there = |answer: &&String| !answer.ends_with(" missing");
    let count = |answers: &[String]| answers.iter().filter(is_there).count();
    (answers.len() == paths.len() * commits.len()).then(|| answers.chunks(commits.len()).map(count).collect())
}

/// What one commit did with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path, relative to the root of the host.
    pub path: String,
    /// Whether the commit added it.
    pub is_new: bool,
}

/// The last `count` commits that added files below `dir`, the newest first: the id of each, and all files that it changed. Merges are left
/// out; empty if git cannot tell.
pub fn additions(root: &Path, dir: &str, count: usize) -> Vec<(String, Vec<ChangedFile>)> {
    let Ok(Some(repository)) = Repository::around(root) else {
        return vec![];
    };
    let dir = if dir.is_empty() { "." } else { dir };
    let most = format!("--max-count={count}");
    let log = [
        "log",
        "--diff-filter=A",
        "--no-renames",
        "--format=%H",
        &most,
        "--",
        dir,
    ];
    let Ok(found) = repository.git(root).args(log).output() else {
        return vec![];
    };
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    let commits: Vec<&str> = found.split_whitespace().collect();
    if commits.is_empty() {
        return vec![];
    }
    let mut show = vec![
        "show",
        "--name-status",
        "--no-renames",
        "--relative",
        "--format=%x01%H",
        "-z",
    ];
    show.extend(&commits);
    let Ok(shown) = repository.git(root).args(show).output() else {
        return vec![];
    };
    let text = String::from_utf8_lossy(&shown.stdout);
    text.split('\u{1}')
        .skip(1)
        .map(|commit| {
            let mut words = commit.split(['\0', '\n']).filter(|word| !word.is_empty());
            let id = words.next().unwrap_or_default().to_owned();
            let mut out = Vec::new();
            while let (Some(status), Some(path)) = (words.next(), words.next()) {
                out.push(ChangedFile {
                    path: path.to_owned(),
                    is_new: status == "A",
                });
            }
            (id, out)
        })
        .collect()
}

/// The NUL-separated names that a git command prints.
fn names(repository: &Repository, dir: &Path, args: &[&str]) -> Result<Vec<String>> {
    let output = repository.git(dir).args(args).output().map_err(cannot_run)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default().trim().to_owned();
        return Err(Error::new("git cannot say what changed")
            .because(said)
            .help("in CI, check out the whole history: `fetch-depth: 0`"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

/// A folder at a commit of a remote repository.
pub struct Remote<'r> {
    /// The URL of the repository.
    pub url: &'r str,
    /// The full id of the commit.
    pub commit: &'r str,
    /// The folder; empty for the root of the repository.
    pub folder: &'r str,
    /// Largest allowed file, in bytes.
    pub max_file: u64,
    /// Most allowed files.
    pub max_files: usize,
    /// Most allowed bytes of all files together.
    pub max_all: u64,
}

/// The files below the folder of `remote`, by path relative to it. Fetched objects are cached below `cache`, so that the network is
/// used once. Nothing is checked out, so no filter, hook or submodule of the repository is used. `fetches` gets a message before a
/// slow fetch, and may refuse it.
///
/// # Errors
/// If git cannot fetch the commit, or it contains links, submodules, or too many or too large files.
pub fn files_at(
    cache: &Path,
    remote: &Remote<'_>,
    fetches: &dyn Fn(&str) -> Result<()>,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let Remote { url, commit, .. } = *remote;
    let id: String = Sha256::digest(url.as_bytes())
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let store = cache.join(id);
    let has = || {
        let repository = Repository::bare(&store).ok()?;
        let commit = format!("{commit}^{{commit}}");
        let asked = run(repository.git(&store).args(["cat-file", "-e", &commit]));
        asked.is_ok().then_some(repository)
    };
    if !matches!(tenon_text::disk::is_file(&store.join("HEAD")), Ok(true)) {
        // Not in the current directory: anything may be there.
        let elsewhere = temporary()?;
        let mut init = for_transport(elsewhere.path());
        init.args(["init", "--quiet", "--bare", "--template=", "--"]);
        run(init.arg(&store))?;
    }
    let repository = match has() {
        Some(repository) => repository,
        None => {
            fetches(&format!("fetching {url}"))?;
            // Some servers refuse a commit that is not the tip of a branch.
            if let Err(first) = fetch(&store, &["--depth=1", "--", url, commit]) {
                let heads = "+refs/heads/*:refs/heads/*";
                let tags = "+refs/tags/*:refs/tags/*";
                fetch(&store, &["--", url, heads, tags]).map_err(|_| first)?;
            }
            has().ok_or_else(|| {
                Error::new(format!("`{url}` has no commit `{commit}`"))
                    .help("name a commit that a branch or a tag of it leads to")
            })?
        }
    };
    listed(&repository, &store, remote)
}

/// Fetches objects into `store`.
fn fetch(store: &Path, args: &[&str]) -> Result<String> {
    let mut git = for_transport(store);
    git.arg("--git-dir").arg(store).args([
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-auto-gc",
    ]);
    run(git.args(args))
}

/// The files of a fetched commit.
fn listed(repository: &Repository, store: &Path, remote: &Remote<'_>) -> Result<BTreeMap<String, Vec<u8>>> {
    let prefix = match remote.folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let tree = format!("{}:{}", remote.commit, remote.folder);
    let ls_tree = ["ls-tree", "-r", "-z", "--long", "--full-tree", &tree, "--"];
    // Few objects may make a tree of any size.
    let most = remote.max_files as u64 * MAX_LISTED;
    let listing = run_bounded(repository.git(store).args(ls_tree), most)
        .map_err(|error| error.because(format!("in the folder `{prefix}` of {}", remote.url)))?;
    let (mut wanted, mut all) = (BTreeSet::new(), 0_u64);
    // `100644 blob ID SIZE\tPATH`
    for line in listing.split('\0').filter(|line| !line.is_empty()) {
        let (head, path) = line.split_once('\t').unwrap_or_default();
        let words: Vec<&str> = head.split_whitespace().collect();
        let refuse = |why: &str| {
            Error::new(format!(
                "`{prefix}{}` in {} {why}",
                path.escape_debug(),
                remote.url
            ))
            .help("packs are plain files: name another commit")
        };
        let [mode, kind, blob, size] = words.as_slice() else {
            return Err(refuse("cannot be read"));
        };
        if *kind != "blob" || *mode == "120000" {
            return Err(refuse("is a link or a submodule"));
        }
        let size = size.parse::<u64>().unwrap_or(0);
        all = all.saturating_add(size);
        if size > remote.max_file || all > remote.max_all || wanted.len() >= remote.max_files {
            return Err(refuse("is too much for a pack"));
        }
        wanted.insert((path.to_owned(), (*blob).to_owned()));
    }
    let count = wanted.len();
    let out: BTreeMap<_, _> = blobs(repository, store, wanted)
        .unwrap_or_default()
        .into_iter()
        .collect();
    if out.len() != count {
        return Err(
            Error::new(format!("git cannot read what it has of {}", remote.url))
                .because(store.display())
                .help("delete that folder, then run the command again"),
        );
    }
    Ok(out)
}

/// How long the line of a file in the list of a tree may be on average, in bytes.
const MAX_LISTED: u64 = 1024;

/// The output of a git command, which is ended once it has printed more than `most` bytes.
fn run_bounded(git: &mut Command, most: u64) -> Result<String> {
    let mut child = git
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(cannot_run)?;
    let mut out = Vec::new();
    let read = child
        .stdout
        .take()
        .map(|gives| gives.take(most).read_to_end(&mut out));
    let is_too_much = out.len() as u64 >= most;
    if is_too_much {
        // It may have ended by itself meanwhile.
        let _ = child.kill();
    }
    let status = child.wait().map_err(cannot_run)?;
    let help = "packs are plain files, at most 5,000 of at most 4 MiB: name another commit or folder";
    if is_too_much {
        return Err(Error::new("git cannot fetch the pack")
            .because("it has too many files")
            .help(help));
    }
    if !status.success() || !matches!(read, Some(Ok(_))) {
        return Err(Error::new("git cannot fetch the pack")
            .because("it has no such folder, or it cannot be read")
            .help("try the same by hand: `git ls-remote URL`"));
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The output of a git command.
fn run(git: &mut Command) -> Result<String> {
    let output = git.output().map_err(cannot_run)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::new("git cannot fetch the pack")
        .because(said.lines().last().unwrap_or_default().trim())
        .help("try the same by hand: `git ls-remote URL`"))
}
