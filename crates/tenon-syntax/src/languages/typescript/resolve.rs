//! From a module specifier to a file, by `oxc_resolver` over the host's own reader.
//!
//! Nothing outside the host is read: the resolver sees a file system whose root is the host, and everything it asks goes through
//! [`Source`], where it is recorded like any other look. A package that a specifier names is not searched for; what may name one
//! is a package to the caller.

use std::cell::OnceCell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nodejs_built_in_modules::is_nodejs_builtin_module;
use oxc_resolver::{
    AliasValue, FileMetadata, FileSystem, ResolveContext, ResolveError, ResolveOptions, ResolverGeneric,
    TsConfig, TsconfigDiscovery,
};
use serde_json::Value;

use crate::Source;
use crate::roots::normalised;
use crate::sources::ImportTarget;
use tenon_text::manifest::{self, ManifestFormat};
use tenon_text::names::in_dir;

/// Where the host stands in the file system that the resolver sees.
const ROOT: &str = if cfg!(windows) { "C:\\" } else { "/" };

scoped_tls_hkt::scoped_thread_local! {
    /// The host that is read while something is resolved: the resolver's file system may not borrow.
    static SOURCE: for<'a> &'a (dyn Source + 'a)
}

/// The host as the resolver sees it.
struct HostFiles {
    /// Leave out the `extends` of compiler configurations that lead nowhere.
    mends_extends: bool,
}

/// The path in the host of what the resolver calls `path`.
fn in_host(path: &Path) -> Option<String> {
    let inner = path.strip_prefix(ROOT).ok()?.to_str()?;
    Some(inner.replace('\\', "/"))
}

fn in_resolver(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

fn absent() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl FileSystem for HostFiles {
    fn new() -> Self {
        Self { mends_extends: false }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_to_string(path).map(String::into_bytes)
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        let path = in_host(path).ok_or_else(absent)?;
        let text = SOURCE
            .with(|source| source.configuration(&path))
            .ok_or_else(absent)?;
        // What is no JSON for us is none for the resolver, whose own reader does not stand every text.
        let is_json = path.ends_with(".json");
        if is_json && manifest::read(&text, ManifestFormat::Json, &path).is_err() {
            // To a compiler an empty configuration says nothing.
            if !text.trim().is_empty() {
                SOURCE.with(|source| source.doubt(&path));
            }
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        if self.mends_extends && is_json {
            return Ok(without_lost_bases(&path, &text).unwrap_or_else(|| text.to_string()));
        }
        Ok(text.to_string())
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let path = in_host(path).ok_or_else(absent)?;
        let (is_file, is_dir) = SOURCE.with(|source| {
            let is_file = !path.is_empty() && source.exists(&path);
            (is_file, !is_file && (path.is_empty() || source.is_dir(&path)))
        });
        (is_file || is_dir)
            .then(|| FileMetadata::new(is_file, is_dir, false))
            .ok_or_else(absent)
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        Err(ResolveError::PathNotSupported(path.to_owned()))
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }
}

/// A compiler configuration without those `extends` that are not in the host: packages that are not installed.
fn without_lost_bases(path: &str, text: &str) -> Option<String> {
    let mut value = manifest::read(text, ManifestFormat::Json, path).ok()?;
    let (dir, _) = in_dir(path);
    let is_there = |base: &Value| {
        let base = base.as_str().unwrap_or_default();
        let base = (base.starts_with('.')).then(|| normalised(dir, base)).flatten();
        base.is_some_and(|base| {
            SOURCE.with(|source| source.exists(&base) || source.exists(&format!("{base}.json")))
        })
    };
    let extends = value.get_mut("extends")?;
    match extends {
        Value::Array(bases) => bases.retain(is_there),
        one if !is_there(one) => *one = Value::Array(vec![]),
        _ => {}
    }
    Some(value.to_string())
}

/// How the modules of one package are found.
pub(super) struct Resolver {
    /// The entry file.
    pub entry: String,
    /// The name under which others import the entry.
    pub specifier: String,
    /// Prefixes that stand for folders, whatever a compiler's configuration says.
    aliases: Vec<(String, String)>,
    resolver: OnceCell<ResolverGeneric<HostFiles>>,
    /// The same, for configurations of which a base is missing.
    mending: OnceCell<ResolverGeneric<HostFiles>>,
}

impl Resolver {
    pub fn new(entry: &str, specifier: &str, aliases: &[(String, String)]) -> Self {
        Self {
            entry: entry.to_owned(),
            specifier: specifier.to_owned(),
            aliases: aliases.to_vec(),
            resolver: OnceCell::new(),
            mending: OnceCell::new(),
        }
    }

    /// Where `specifier`, written in the file `from`, leads.
    pub fn resolve(&self, source: &dyn Source, from: &str, specifier: &str) -> ImportTarget {
        if specifier == self.specifier && !specifier.is_empty() {
            return ImportTarget::File(self.entry.clone());
        }
        if is_nodejs_builtin_module(specifier) || specifier.starts_with("node:") {
            return ImportTarget::BuiltIn;
        }
        let is_relative =
            matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../");
        if is_relative && normalised(in_dir(from).0, specifier).is_none() {
            return ImportTarget::Missing;
        }
        SOURCE.set(source, || {
            let plain = self.resolver.get_or_init(|| self.with(false));
            let (resolver, config) = match config_of(plain, from, source) {
                Ok(config) => (plain, config),
                Err(_) => {
                    let mending = self.mending.get_or_init(|| self.with(true));
                    (mending, config_of(mending, from, source).ok().flatten())
                }
            };
            let (dir, _) = in_dir(from);
            let context = &mut ResolveContext::default();
            let found =
                resolver.resolve_with_context(in_resolver(dir), specifier, config.as_deref(), context);
            match found {
                Ok(found) => match in_host(found.path()) {
                    Some(path) => ImportTarget::File(path),
                    None => ImportTarget::Unknown,
                },
                Err(error) if is_relative => match error {
                    ResolveError::NotFound(_) | ResolveError::ExtensionAlias(..) => ImportTarget::Missing,
                    _ => ImportTarget::Unknown,
                },
                Err(_) if specifier.starts_with(['#', '/']) => ImportTarget::Unknown,
                // A path of the compiler without a file: one that is generated, or a package of the same name.
                Err(_) if self.is_alias(specifier, config.as_deref()) => ImportTarget::Unknown,
                Err(_) => ImportTarget::Package,
            }
        })
    }

    fn is_alias(&self, specifier: &str, config: Option<&TsConfig>) -> bool {
        let paths = config.and_then(|config| config.compiler_options.paths.as_ref());
        let mut patterns = paths.into_iter().flatten().map(|(pattern, _)| pattern);
        let mut own = self.aliases.iter();
        own.any(|(prefix, _)| specifier.starts_with(prefix.as_str()))
            || patterns.any(|pattern| match pattern.split_once('*') {
                Some(("", "")) => false,
                Some((start, end)) => specifier.starts_with(start) && specifier.ends_with(end),
                None => specifier == pattern,
            })
    }

    fn with(&self, mends_extends: bool) -> ResolverGeneric<HostFiles> {
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let alias = |(prefix, folder): &(String, String)| {
            let folder = in_resolver(folder.trim_end_matches('/'));
            let folder = AliasValue::Path(folder.to_string_lossy().into_owned());
            (prefix.trim_end_matches('/').to_owned(), vec![folder])
        };
        let options = ResolveOptions {
            cwd: Some(PathBuf::from(ROOT)),
            tsconfig: Some(TsconfigDiscovery::Auto),
            alias: self.aliases.iter().map(alias).collect(),
            extensions: list(&[
                ".ts", ".d.ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json",
            ]),
            extension_alias: vec![
                (".js".to_owned(), list(&[".ts", ".d.ts", ".tsx", ".js", ".jsx"])),
                (".jsx".to_owned(), list(&[".tsx", ".d.ts", ".jsx"])),
                (".mjs".to_owned(), list(&[".mts", ".d.mts", ".ts", ".mjs"])),
                (".cjs".to_owned(), list(&[".cts", ".d.cts", ".ts", ".cjs"])),
            ],
            modules: vec![],
            node_path: false,
            symlinks: false,
            ..ResolveOptions::default()
        };
        ResolverGeneric::new_with_file_system(HostFiles { mends_extends }, options)
    }
}

/// The compiler's configuration for the file `from`: the nearest that includes it, else the nearest. None if there is none.
fn config_of(
    resolver: &ResolverGeneric<HostFiles>,
    from: &str,
    source: &dyn Source,
) -> Result<Option<Arc<TsConfig>>, ResolveError> {
    if let Some(config) = resolver.find_tsconfig(in_resolver(from))? {
        return Ok(Some(config));
    }
    let mut dir = in_dir(from).0;
    loop {
        let path = if dir.is_empty() {
            "tsconfig.json".to_owned()
        } else {
            format!("{dir}/tsconfig.json")
        };
        if source.exists(&path) {
            return resolver.resolve_tsconfig(in_resolver(&path)).map(Some);
        }
        if dir.is_empty() {
            return Ok(None);
        }
        dir = in_dir(dir).0;
    }
}
