//! Repositories that mean no good: whatever a clone or an archive has of git's, and whatever the environment says to git, looking
//! at it runs no other program, and what comes of it is what comes of it without.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::update::{edited, second_version};
use crate::support::fault::copy_tree;
use crate::support::hosts::framework;
use crate::support::sandbox::{Sandbox, git};

pub const ACME: &str = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";
pub const BETA: &str = "packages/integrations/beta/src/modules/tickets/tickets.service.ts";
pub const MARKER: &str = "<<<<<<< a\n=======\n>>>>>>> b\n";

pub const CHECK: &[&str] = &[
    "check",
    "--select",
    "conflict-marker",
    "--format",
    "concise",
    "--changed-since",
    "main",
];
const UPDATE: &[&str] = &["update", "--dry-run", "--pack", "../v2"];
pub const REMOVE: &[&str] = &["remove-integration", "acme", "--dry-run", "--force"];
/// What changed, what stood in a file before, what git keeps.
const ALL: &[&[&str]] = &[CHECK, UPDATE, REMOVE];

/// A host below the root of a checkout: `acme` has a conflict since before the branch began, `beta` has one that is not
/// committed, and a second version of the pack lies beside the host.
pub fn checkout() -> Sandbox {
    static MADE: OnceLock<Sandbox> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let host = framework();
        for name in ["acme", "beta"] {
            host.done(&["new-integration", name, "--modules", "tickets"]);
        }
        let top = host.outside();
        git(top, &["init", "-q", "-b", "main"]);
        git(top, &["add", "-A"]);
        git(top, &["commit", "-qm", "made"]);
        append(&host.at(ACME), MARKER);
        git(top, &["commit", "-qam", "conflict"]);
        git(top, &["checkout", "-qb", "work"]);
        append(&host.at(BETA), MARKER);
        second_version(&host, edited);
        host
    });
    copied(made)
}

/// A copy of a host with what lies beside it.
fn copied(from: &Sandbox) -> Sandbox {
    let host = Sandbox::empty();
    fs::remove_dir(&host.root).unwrap();
    copy_tree(from.outside(), host.outside());
    host
}

/// What commands that ask git come to.
fn looks(host: &Sandbox, commands: &[&[&str]], env: &[(&str, &str)]) -> Vec<(i32, String, String)> {
    let looks = commands.iter().map(|args| {
        let mut command = host.command(args);
        command.envs(env.iter().copied());
        let ran = host.ran(command.output().unwrap());
        (ran.code, ran.out, ran.err)
    });
    looks.collect()
}

/// What it comes to where nothing is wrong.
fn expected() -> &'static [(i32, String, String)] {
    static EXPECTED: OnceLock<Vec<(i32, String, String)>> = OnceLock::new();
    EXPECTED.get_or_init(|| {
        let looks = looks(&checkout(), ALL, &[]);
        let [check, update, remove] = looks.as_slice() else {
            panic!("{looks:?}")
        };
        assert!(check.1.contains(BETA) && !check.1.contains("acme"), "{check:?}");
        // What was written is in git alone, and so is found there.
        assert!(
            update.1.contains(BETA) && !update.2.contains("stays"),
            "{update:?}"
        );
        assert_eq!(remove.0, 0, "{remove:?}");
        looks
    })
}

/// Where a program that was run leaves its mark.
fn sentinel(host: &Sandbox) -> PathBuf {
    host.outside().join("ran")
}

/// Git as anyone types it, without settings of a user.
fn plain_git(dir: &Path, args: &[&str]) {
    Command::new("git")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap();
}

pub fn append(path: &Path, text: &str) {
    let before = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, format!("{before}{text}")).unwrap();
}

/// A way to have git run something.
struct Attack {
    name: &'static str,
    /// What is appended to the configuration; `RUN` is a command, `TOP` the directory beside the host.
    config: &'static str,
    /// What `.gitattributes` in the host says.
    attributes: &'static str,
    /// What else there is to it.
    also: fn(&Sandbox),
    /// What a person types in the host to be attacked; nothing if git asks only in front of a terminal.
    falls_for: &'static [&'static str],
}

const NONE: Attack = Attack {
    name: "",
    config: "",
    attributes: "",
    also: |_| (),
    falls_for: &[],
};

/// A script that leaves the mark, with what git calls it for done.
fn script(host: &Sandbox, path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\ntouch {}\n", sentinel(host).display())).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn attacks() -> Vec<Attack> {
    vec![
        Attack {
            name: "file system monitor",
            config: "[core]\n\tfsmonitor = \"RUN\"\n",
            falls_for: &["status"],
            ..NONE
        },
        Attack {
            name: "clean filter",
            config: "[filter \"evil\"]\n\tclean = \"RUN; cat\"\n\trequired = true\n",
            attributes: "* filter=evil\n",
            falls_for: &["diff"],
            ..NONE
        },
        Attack {
            name: "filter whose name ends the option that turns it off",
            config: "[filter \"a=b\"]\n\tclean = \"RUN; cat\"\n",
            attributes: "* filter=a=b\n",
            falls_for: &["diff"],
            ..NONE
        },
        Attack {
            name: "filter process",
            config: "[filter \"evil\"]\n\tprocess = \"RUN\"\n",
            attributes: "* filter=evil\n",
            falls_for: &["diff"],
            ..NONE
        },
        Attack {
            name: "hooks",
            config: "[core]\n\thooksPath = TOP/hooks\n",
            also: |host| script(host, &host.outside().join("hooks/post-index-change")),
            falls_for: &["read-tree", "HEAD"],
            ..NONE
        },
        Attack {
            name: "text conversion",
            config: "[diff \"evil\"]\n\ttextconv = \"RUN; cat\"\n",
            attributes: "* diff=evil\n",
            falls_for: &["diff"],
            ..NONE
        },
        Attack {
            name: "program for differences",
            config: "[diff \"evil\"]\n\tcommand = \"RUN\"\n",
            attributes: "* diff=evil\n",
            falls_for: &["diff"],
            ..NONE
        },
        Attack {
            name: "program for all differences",
            config: "[diff]\n\texternal = \"RUN\"\n",
            falls_for: &["diff"],
            ..NONE
        },
        Attack {
            name: "included file",
            config: "[include]\n\tpath = TOP/included\n",
            also: |host| {
                let text = format!("[core]\n\tfsmonitor = \"touch {}\"\n", sentinel(host).display());
                fs::write(host.outside().join("included"), text).unwrap();
            },
            falls_for: &["status"],
            ..NONE
        },
        Attack {
            name: "program for signatures",
            config: "[log]\n\tshowSignature = true\n[gpg]\n\tprogram = TOP/gpg\n",
            also: |host| script(host, &host.outside().join("gpg")),
            falls_for: &["log", "--all"],
            ..NONE
        },
        Attack {
            name: "pagers, editors, aliases and who asks for passwords",
            config: "[core]\n\tpager = \"RUN\"\n\teditor = \"RUN\"\n\taskPass = \"RUN\"\n[pager]\n\tdiff = \"RUN\"\n\tlog = \"RUN\"\n\tls-files = \
                     \"RUN\"\n\tconfig = \"RUN\"\n[alias]\n\tdiff = \"!RUN\"\n\tls-files = \"!RUN\"\n\tlog = \"!RUN\"\n[credential]\n\thelper = \
                     \"!RUN\"\n",
            ..NONE
        },
        Attack {
            name: "checkout elsewhere",
            config: "[core]\n\tworktree = TOP/v2\n",
            ..NONE
        },
    ]
}

/// Puts an attack into the configuration at `config`.
fn attack(host: &Sandbox, config: &Path, attack: &Attack) {
    let top = host.outside().display().to_string();
    let run = format!("touch {}", sentinel(host).display());
    append(config, &attack.config.replace("RUN", &run).replace("TOP", &top));
    append(&host.at(".gitattributes"), attack.attributes);
    (attack.also)(host);
}

/// What is wrong with what the first commands of all come to: something was run, or it is not what it should be.
fn judge(name: &str, host: &Sandbox, commands: usize, env: &[(&str, &str)]) -> Vec<String> {
    let mut wrong = vec![];
    for (is, should) in looks(host, &ALL[..commands], env).iter().zip(expected()) {
        if is != should {
            let shown = |(code, out, err): &(i32, String, String)| {
                let out: String = out.chars().take(600).collect();
                format!("exit {code}\n{err}{out}")
            };
            wrong.push(format!("{name}: {}\ninstead of {}", shown(is), shown(should)));
        }
    }
    if sentinel(host).exists() {
        wrong.push(format!("{name}: runs something"));
    }
    wrong
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Carries the attacks out, each and all at once, against what `prepare` makes of a checkout, which says where the configuration is.
#[track_caller]
fn holds_against(attacks: &[Attack], prepare: impl Fn(&Sandbox) -> PathBuf) {
    let mut wrong = vec![];
    let all = checkout();
    let config = prepare(&all);
    for one in attacks {
        attack(&all, &config, one);
        let host = checkout();
        attack(&host, &prepare(&host), one);
        wrong.extend(judge(one.name, &host, 1, &[]));
        if !one.falls_for.is_empty() {
            plain_git(&host.root, one.falls_for);
            assert!(sentinel(&host).exists(), "{}: is no attack", one.name);
        }
    }
    wrong.extend(judge("all of them", &all, ALL.len(), &[]));
    none(&wrong);
}

/// A commit that says it is signed, on a branch of the repository in `dir`.
fn signed(dir: &Path) {
    let commit = git(dir, &["cat-file", "commit", "HEAD"]);
    let (head, message) = commit.split_once("\n\n").unwrap();
    let text = format!(
        "{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n{message}\n"
    );
    let file = dir.join("signed");
    fs::write(&file, text).unwrap();
    let id = git(dir, &["hash-object", "-t", "commit", "-w", "signed"]);
    fs::remove_file(file).unwrap();
    git(dir, &["update-ref", "refs/heads/signed", &id]);
}

/// Files of the host that git takes for a repository without a checkout, as a pull request can bring them.
pub fn nested(host: &Sandbox) -> PathBuf {
    let (git_dir, work_tree) = ("--git-dir=.", "--work-tree=.");
    git(
        &host.root,
        &["init", "-q", "--bare", "--template=", "-b", "main", "."],
    );
    fs::write(
        host.at("config"),
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n",
    )
    .unwrap();
    // What is committed there is another text.
    let text = host.read("package.json");
    host.write("package.json", text.clone() + "\n");
    git(&host.root, &[git_dir, work_tree, "add", "package.json"]);
    git(&host.root, &[git_dir, work_tree, "commit", "-qm", "nested"]);
    host.write("package.json", text);
    signed(&host.root);
    host.at("config")
}

#[test]
fn a_bare_repository_among_the_files_of_a_host_is_only_files() {
    holds_against(&attacks(), nested);
}

#[test]
fn the_configuration_of_a_clone_runs_nothing() {
    holds_against(&attacks(), |host| {
        signed(host.outside());
        host.outside().join(".git/config")
    });
}

#[test]
fn the_configuration_that_a_git_file_leads_to_runs_nothing() {
    holds_against(&attacks()[..2], |host| {
        let dot_git = host.outside().join(".git");
        fs::rename(&dot_git, host.outside().join("elsewhere")).unwrap();
        fs::write(dot_git, "gitdir: elsewhere\n").unwrap();
        host.outside().join("elsewhere/config")
    });
}

#[test]
fn the_configuration_of_one_worktree_runs_nothing() {
    holds_against(&attacks()[..2], |host| {
        let config = host.outside().join(".git/config");
        append(&config, "[extensions]\n\tworktreeConfig = true\n");
        host.outside().join(".git/config.worktree")
    });
}

/// A repository inside the checkout, which git would ask whether something changed there.
#[test]
fn the_configuration_of_a_submodule_runs_nothing() {
    let submodule = |host: &Sandbox| {
        let dir = host.at("library");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("a"), "a\n").unwrap();
        git(&dir, &["init", "-q"]);
        git(&dir, &["add", "-A"]);
        git(&dir, &["commit", "-qm", "a"]);
        fs::write(dir.join(".gitattributes"), "* filter=evil\n").unwrap();
        fs::write(dir.join("a"), "b\n").unwrap();
        git(&host.root, &["add", "library"]);
        dir.join(".git/config")
    };
    holds_against(&attacks()[..2], submodule);
}

/// Where a promised object is missing, git asks whoever promised it.
#[test]
fn nothing_that_a_repository_lacks_is_fetched() {
    const PROMISE: &str = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = far\n[remote \"far\"]\n\tpromisor = true\n";
    let ways = [
        "\turl = \"ext::RUN\"\n[protocol]\n\tallow = always\n",
        "\turl = ssh://nowhere/x\n[core]\n\tsshCommand = \"RUN;\"\n",
        "\turl = git://nowhere/x\n[core]\n\tgitProxy = TOP/proxy\n",
        "\turl = TOP/v2\n\tuploadpack = \"RUN;\"\n",
    ];
    let mut wrong = vec![];
    for way in ways {
        for nests in [false, true] {
            let prepare = || {
                let host = checkout();
                let config = if nests {
                    nested(&host)
                } else {
                    host.outside().join(".git/config")
                };
                let dir = if nests { &host.root } else { host.outside() };
                // What is on every branch, and what a file said once.
                let lost = git(dir, &["rev-parse", "HEAD:./"]);
                script(&host, &host.outside().join("proxy"));
                let way = if way.contains("ext::") {
                    way.replace("RUN", "TOP/proxy")
                } else {
                    way.to_owned()
                };
                let text = Box::leak(format!("{PROMISE}{way}").into_boxed_str());
                attack(&host, &config, &Attack { config: text, ..NONE });
                let objects = config.parent().unwrap().join("objects");
                fs::remove_file(objects.join(&lost[..2]).join(&lost[2..])).unwrap();
                host
            };
            let victim = prepare();
            plain_git(&victim.root, &["log", "--all", "--raw"]);
            assert!(sentinel(&victim).exists(), "{way}: is no attack");
            let host = prepare();
            looks(&host, &[CHECK, UPDATE], &[]);
            if sentinel(&host).exists() {
                wrong.push(format!("{way} ({nests})"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn what_the_environment_says_to_git_leads_nowhere_else() {
    let host = checkout();
    let at = |name: &str| host.outside().join(name).display().to_string();
    let run = format!("touch {}", sentinel(&host).display());
    let other = nested(&checkout());
    let other = other.parent().unwrap().display().to_string();
    fs::create_dir(host.outside().join("none")).unwrap();
    fs::write(
        host.outside().join("none/.gitconfig"),
        format!("[core]\n\tfsmonitor = \"{run}\"\n[filter \"evil\"]\n\tclean = \"{run}; cat\"\n[diff]\n\texternal = \"{run}\"\n"),
    )
    .unwrap();
    append(&host.at(".gitattributes"), "* filter=evil\n");
    let parameters = format!("'core.fsmonitor'='{run}'");
    let settings: [(&str, &str); 23] = [
        ("HOME", &at("none")),
        ("GIT_CONFIG_GLOBAL", &at("none/.gitconfig")),
        ("GIT_CONFIG_SYSTEM", &at("none/.gitconfig")),
        ("GIT_CONFIG_PARAMETERS", &parameters),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
        ("GIT_CONFIG_VALUE_0", &run),
        ("GIT_DIR", &other),
        ("GIT_COMMON_DIR", &other),
        ("GIT_WORK_TREE", &at("v2")),
        ("GIT_INDEX_FILE", &at("none/index")),
        ("GIT_OBJECT_DIRECTORY", &at("none")),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", &at("none")),
        ("GIT_NAMESPACE", "none"),
        ("GIT_PREFIX", "none/"),
        ("GIT_EXTERNAL_DIFF", &run),
        ("GIT_PAGER", &run),
        ("GIT_EDITOR", &run),
        ("GIT_SSH_COMMAND", &run),
        ("GIT_ASKPASS", &run),
        ("GIT_TRACE", &sentinel(&host).display().to_string()),
        ("GIT_LITERAL_PATHSPECS", "0"),
        ("GIT_EXEC_PATH", &at("none")),
    ];
    for (name, value) in settings {
        none(&judge(name, &host, 1, &[(name, value)]));
    }
}

/// `.` on the `PATH` is where the program stands, not the directory of the host.
#[test]
fn a_git_among_the_files_of_a_host_is_not_run() {
    let host = checkout();
    script(&host, &host.at("git"));
    let path = format!(".:{}", std::env::var("PATH").unwrap());
    none(&judge("PATH", &host, ALL.len(), &[("PATH", &path)]));
}
