//! Where a pack comes from, as people write it: in `tenon.toml`, behind `--pack`, in `extends` of another pack.

use std::path::{Component, Path};

use tenon_text::diag::{Error, Result};

/// Where a pack comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `NAME`: built into the program.
    BuiltIn(String),
    /// `./FOLDER`
    Folder(String),
    /// `git+URL@COMMIT`, with `//FOLDER` behind it if the pack does not stand at the root.
    Git {
        /// What git is asked for.
        url: String,
        /// The whole name of a commit, in lower case.
        commit: String,
        /// The folder of the pack; empty for the root.
        folder: String,
    },
    /// `./FILE.crate#sha256=DIGEST`, or `.tar.gz`: an archive as `cargo package` and `git archive` make them.
    Archive {
        /// The file.
        path: String,
        /// SHA-256 of the file in hexadecimal digits, in lower case.
        sha256: String,
    },
}

/// What archives are called.
const ARCHIVES: [&str; 3] = [".crate", ".tar.gz", ".tgz"];

impl Source {
    /// Reads what a person wrote.
    ///
    /// # Errors
    /// If a repository is named without a whole commit, or an archive without its digest.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(rest) = text.strip_prefix("git+") {
            return git(text, rest);
        }
        let (path, digest) = match text.rsplit_once('#') {
            Some((path, digest)) => (path, Some(digest)),
            None => (text, None),
        };
        if ARCHIVES.iter().any(|end| path.ends_with(end)) {
            let sha256 = digest.and_then(|digest| digest.strip_prefix("sha256="));
            let Some(sha256) = sha256.filter(|digest| is_hex(digest, 64)) else {
                return Err(
                    Error::new(format!("the archive `{}` has no digest", path.escape_debug())).help(format!(
                        "write the SHA-256 of the file behind it: `{path}#sha256=…`; `sha256sum {path}` prints it"
                    )),
                );
            };
            return Ok(Self::Archive {
                path: path.to_owned(),
                sha256: sha256.to_ascii_lowercase(),
            });
        }
        Ok(if text.contains(['/', '\\']) || text == "." || text == ".." {
            Self::Folder(text.to_owned())
        } else {
            Self::BuiltIn(text.to_owned())
        })
    }
}

fn git(text: &str, rest: &str) -> Result<Source> {
    let refuse = |why: &str| Error::new(format!("`{}` {why}", text.escape_debug()));
    let shape = "write `git+https://example.com/packs.git@COMMIT`, with `//FOLDER` behind it if the pack is in a folder";
    let Some((url, pinned)) = rest.rsplit_once('@') else {
        return Err(refuse("names no commit").help(shape));
    };
    let (commit, folder) = pinned.split_once("//").unwrap_or((pinned, ""));
    if !is_hex(commit, 40) && !is_hex(commit, 64) {
        return Err(refuse("is not pinned to a commit")
            .because("a branch or a tag can be moved to something else")
            .help("name the commit by all of its 40 digits: `git ls-remote URL` prints them"));
    }
    let (scheme, _) = url.split_once("://").unwrap_or_default();
    let is_plain = !url.contains(|c: char| c.is_control() || c.is_whitespace());
    if !["https", "http", "ssh", "git", "file"].contains(&scheme) || !is_plain {
        return Err(refuse("is not the address of a repository").help(shape));
    }
    if !is_inside(folder) {
        return Err(refuse("leads out of the repository").help("name a folder of it, without `..`"));
    }
    Ok(Source::Git {
        url: url.to_owned(),
        commit: commit.to_ascii_lowercase(),
        folder: folder.trim_matches('/').to_owned(),
    })
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a path stays below where it begins.
pub(super) fn is_inside(path: &str) -> bool {
    !path.contains(['\\', '\0', ':'])
        && !path.starts_with('/')
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn every_kind_is_told_by_its_shape() {
        let parse = |text: &str| Source::parse(text).unwrap();
        assert_eq!(parse("plain"), Source::BuiltIn("plain".into()));
        assert_eq!(parse("./a.b/c"), Source::Folder("./a.b/c".into()));
        let git = |folder: &str| Source::Git {
            url: "ssh://git@example.com/x.git".into(),
            commit: COMMIT.into(),
            folder: folder.into(),
        };
        let text = format!("git+ssh://git@example.com/x.git@{}", COMMIT.to_uppercase());
        assert_eq!(parse(&text), git(""));
        assert_eq!(parse(&format!("{text}//packs/a")), git("packs/a"));
        let digest = "ab".repeat(32);
        let archive = Source::Archive {
            path: "../a-1.0.0.crate".into(),
            sha256: digest.clone(),
        };
        assert_eq!(parse(&format!("../a-1.0.0.crate#sha256={digest}")), archive);
    }

    #[test]
    fn what_is_not_pinned_or_leads_elsewhere_is_refused() {
        for text in [
            "git+https://example.com/x.git",
            "git+https://example.com/x.git@main",
            "git+https://example.com/x.git@0123456",
            &format!("git+--upload-pack=touch x@{COMMIT}"),
            &format!("git+ext::sh -c touch@{COMMIT}"),
            &format!("git+ext://x@{COMMIT}"),
            &format!("git+https://example.com/a b@{COMMIT}"),
            &format!("git+https://example.com/x@{COMMIT}//../y"),
            &format!("git+https://example.com/x@{COMMIT}///etc"),
            "./a.crate",
            "./a.tar.gz#sha256=12",
            "./a.tgz#md5=00",
        ] {
            let error = Source::parse(text).unwrap_err();
            assert!(!error.helps().is_empty(), "{text}");
        }
    }
}
