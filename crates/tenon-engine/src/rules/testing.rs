//! A small host in memory, for tests of rules: the host and the pack of the examples in `docs/rules/`, in which nothing is
//! wrong, with what a test changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use crate::host::Host;
use tenon_pack::{Pack, PackFiles};
use tenon_text::diag::{Applicability, Diagnostic, line_col};

use super::check::{Asked, Checked, check};
use super::fix_all::{Texts, fix_texts};

static HOST: LazyLock<Texts> = LazyLock::new(|| read("host"));
static PACK: LazyLock<Texts> = LazyLock::new(|| read("pack"));

fn read(name: &str) -> Texts {
    fn walk(root: &Path, dir: &Path, out: &mut Texts) {
        for entry in fs::read_dir(dir).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                out.insert(name, fs::read_to_string(&path).unwrap().into());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/rules")
        .join(name);
    let mut out = Texts::new();
    walk(&root, &root, &mut out);
    out
}

/// A host and a pack.
#[derive(Clone)]
pub struct Shop {
    host: Texts,
    pack: Texts,
}

/// The host and the pack of the examples.
pub fn shop() -> Shop {
    Shop {
        host: HOST.clone(),
        pack: PACK.clone(),
    }
}

impl Shop {
    /// Another pack and another host.
    pub fn of(pack: &[(&str, &str)], host: &[(&str, &str)]) -> Self {
        let texts = |files: &[(&str, &str)]| {
            let files = files.iter();
            files
                .map(|(path, text)| ((*path).to_owned(), (*text).into()))
                .collect()
        };
        Self {
            host: texts(host),
            pack: texts(pack),
        }
    }

    /// With a file.
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.host.insert(path.to_owned(), text.into());
        self
    }

    /// Without a file, or a directory.
    pub fn without(mut self, path: &str) -> Self {
        let below = format!("{path}/");
        let count = self.host.len();
        self.host
            .retain(|file, _| file != path && !file.starts_with(&below));
        assert!(self.host.len() < count, "there is no `{path}`");
        self
    }

    /// With `to` in place of `from`, which stands once in the file.
    pub fn edit(mut self, path: &str, from: &str, to: &str) -> Self {
        replace(&mut self.host, path, from, to);
        self
    }

    /// The same in the pack.
    pub fn pack(mut self, from: &str, to: &str) -> Self {
        replace(&mut self.pack, "pack.toml", from, to);
        self
    }

    /// With this at the end of the pack.
    pub fn and_pack(mut self, text: &str) -> Self {
        let pack = format!("{}\n{text}", self.pack["pack.toml"]);
        self.pack.insert("pack.toml".to_owned(), pack.into());
        self
    }

    fn load(&self) -> Pack {
        let files = self.pack.iter();
        let files = files.map(|(path, text)| (path.clone(), text.as_bytes().to_vec()));
        Pack::load(PackFiles::of("shop", files.collect())).unwrap()
    }

    fn check(&self) -> Checked {
        check(&self.load(), &host(&self.host), &Asked::default()).unwrap()
    }

    /// What every finding says, as `PATH:LINE:COLUMN RULE MESSAGE`.
    pub fn findings(&self) -> Vec<String> {
        let checked = self.check();
        let all = checked.findings.diagnostics.iter();
        all.map(|finding| shown(&self.host, finding)).collect()
    }

    /// The findings themselves.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.check().findings.diagnostics
    }

    /// The host with everything fixed that may be; with what is found then.
    pub fn fixed(&self, allowed: Applicability) -> Self {
        let asked = Asked::default();
        let keep = |checked: &Checked| Ok(checked.findings.diagnostics.clone());
        let (texts, _, _) = fix_texts(&self.load(), &host(&self.host), &asked, allowed, &keep).unwrap();
        let mut out = self.clone();
        out.host.extend(texts);
        out
    }

    /// The files of the host.
    pub fn paths(&self) -> Vec<String> {
        self.host.keys().cloned().collect()
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> &str {
        &self.host[path]
    }

    /// The files that differ from those of `other`.
    pub fn changed(&self, other: &Self) -> Vec<&str> {
        let all = self.host.iter();
        let changed = all.filter(|(path, text)| other.host.get(*path) != Some(text));
        changed.map(|(path, _)| path.as_str()).collect()
    }
}

fn replace(texts: &mut Texts, path: &str, from: &str, to: &str) {
    let text = &texts[path];
    assert_eq!(text.matches(from).count(), 1, "`{from}` in `{path}`:\n{text}");
    let text = text.replacen(from, to, 1);
    texts.insert(path.to_owned(), text.into());
}

/// A host of which nothing is on disk.
fn host(texts: &Texts) -> Host {
    Host::empty(Path::new("/dev/null/host")).afresh(&Arc::new(texts.clone()))
}

fn shown(texts: &Texts, finding: &Diagnostic) -> String {
    let at = finding.at.span.map_or(String::new(), |span| {
        let at = line_col(&texts[&finding.at.path], span.start);
        format!(":{}:{}", at.line, at.column)
    });
    format!("{}{at} {} {}", finding.at.path, finding.rule, finding.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_is_in_order() {
        assert_eq!(shop().findings(), [""; 0]);
    }
}
