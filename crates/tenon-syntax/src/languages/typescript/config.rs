//! What a compiler configuration (`tsconfig.json`) says of where sources stand and where the build puts them.
//!
//! Pure: the caller reads the file. `extends` is followed within a directory.

use serde_json::Value;

use crate::Source;
use tenon_text::manifest::{self, ManifestFormat};

/// The settings that say where files go, as written; paths relative to the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `outDir`
    pub out_dir: Option<String>,
    /// `rootDir`
    pub root_dir: Option<String>,
    /// The directories of `include`, without patterns; `.` for files beside the configuration.
    pub include: Vec<String>,
    /// `paths`: prefix of specifiers (`@/`) and the folder it stands for, longest first.
    pub aliases: Vec<(String, String)>,
    /// `extends`
    pub extends: Option<String>,
}

impl Config {
    /// Reads a configuration that was parsed already.
    pub fn of(value: &Value) -> Self {
        let options = &value["compilerOptions"];
        let text = |value: &Value| value.as_str().map(clean);
        let mut aliases = Vec::new();
        for (prefix, folders) in options["paths"].as_object().into_iter().flatten() {
            let folder = folders.get(0).and_then(Value::as_str);
            if let (Some(prefix), Some(folder)) =
                (prefix.strip_suffix('*'), folder.and_then(|f| f.strip_suffix('*')))
            {
                let base = options["baseUrl"].as_str().map(clean).unwrap_or_default();
                aliases.push((prefix.to_owned(), joined(&base, &clean(folder))));
            }
        }
        aliases.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        let include = value["include"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(fixed_part)
            .collect();
        Self {
            out_dir: text(&options["outDir"]),
            root_dir: text(&options["rootDir"]),
            include,
            aliases,
            extends: text(&value["extends"])
                .filter(|_| value["extends"].as_str().is_some_and(|e| e.starts_with('.'))),
        }
    }

    /// This configuration, with what it does not say itself taken from the one that it extends.
    #[must_use]
    pub fn over(mut self, base: Self) -> Self {
        self.out_dir = self.out_dir.or(base.out_dir);
        self.root_dir = self.root_dir.or(base.root_dir);
        if self.include.is_empty() {
            self.include = base.include;
        }
        if self.aliases.is_empty() {
            self.aliases = base.aliases;
        }
        self
    }

    /// Whether `folder` is one of the included directories or below one.
    pub fn includes(&self, folder: &str) -> bool {
        let folder = folder.trim_end_matches('/');
        let inside = |dir: &String| dir.is_empty() || folder == dir || folder.starts_with(&format!("{dir}/"));
        self.include.is_empty() || self.include.iter().any(inside)
    }

    /// The directories that may be the root of what is compiled: below `outDir` a file stands as it does below
    /// that. Without `rootDir` it is what all included files have in common, so directories that are only there
    /// after a build count in and out.
    pub fn roots(&self, exists: impl Fn(&str) -> bool) -> Vec<String> {
        if let Some(root) = &self.root_dir {
            return vec![root.clone()];
        }
        let all: Vec<&str> = self.include.iter().map(String::as_str).collect();
        if all.is_empty() {
            return vec![String::new()];
        }
        let present: Vec<&str> = all.iter().copied().filter(|dir| exists(dir)).collect();
        let mut roots = vec![common(&all)];
        let narrow = common(&present);
        if !present.is_empty() && narrow != roots[0] {
            roots.insert(0, narrow);
        }
        roots
    }
}

/// The configuration at `path`, with what it takes over from those that it extends and that stand beside it. Nothing if it cannot be read.
pub fn read_config(source: &dyn Source, path: &str) -> Option<Config> {
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let one = |path: &str| {
        let text = source.text(path)?;
        let value = manifest::read(&text, ManifestFormat::Json, path);
        let value = value.inspect_err(|_| source.doubt(path)).ok()?;
        Some(Config::of(&value))
    };
    let mut out = one(path)?;
    // Paths of a base are relative to the base: only what stands in the same directory can be taken as it is.
    for _ in 0..8 {
        let Some(base) = out.extends.take().filter(|base| !base.contains('/')) else {
            break;
        };
        let name = if base.ends_with(".json") {
            base
        } else {
            format!("{base}.json")
        };
        let Some(base) = one(&format!("{dir}/{name}")) else {
            break;
        };
        let next = base.extends.clone();
        out = out.over(base);
        out.extends = next;
    }
    Some(out)
}

/// `./a/` as `a`, `.` as nothing.
fn clean(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    if path == "." {
        String::new()
    } else {
        path.to_owned()
    }
}

/// What stands before the first pattern of a path: a directory.
fn fixed_part(pattern: &str) -> String {
    let pattern = clean(pattern);
    let parts: Vec<&str> = pattern
        .split('/')
        .take_while(|part| !part.contains(['*', '?', '{']))
        .filter(|part| !part.is_empty() && !is_source(part))
        .collect();
    parts.join("/")
}

fn is_source(name: &str) -> bool {
    [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".json"]
        .iter()
        .any(|extension| name.ends_with(extension))
}

fn joined(base: &str, path: &str) -> String {
    match (base, path) {
        ("", path) => format!("{path}/").trim_start_matches('/').to_owned(),
        (base, "") => format!("{base}/"),
        (base, path) => format!("{base}/{path}/"),
    }
}

/// The directory that all of `dirs` are in, or are.
fn common(dirs: &[&str]) -> String {
    let mut parts: Option<Vec<&str>> = None;
    for dir in dirs {
        let own: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
        parts = Some(match parts {
            None => own,
            Some(so_far) => so_far
                .into_iter()
                .zip(own)
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a)
                .collect(),
        });
    }
    parts.unwrap_or_default().join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_root_is_what_all_included_files_have_in_common() {
        let config = |include: &[&str]| {
            Config::of(&json!({ "compilerOptions": { "outDir": "./dist" }, "include": include }))
        };
        assert_eq!(config(&["src"]).roots(|_| true), ["src"]);
        assert_eq!(config(&["src", "*.ts", "generated/*"]).roots(|_| true), [""]);
        assert_eq!(
            config(&["src", "generated"]).roots(|dir| dir == "src"),
            ["src", ""]
        );
        assert_eq!(config(&["src/**/*.ts"]).roots(|_| true), ["src"]);
        assert_eq!(config(&[]).roots(|_| true), [""]);
    }

    #[test]
    fn aliases_are_prefixes_with_the_longest_first() {
        let config = Config::of(&json!({ "compilerOptions": { "paths": {
            "@/*": ["./src/*"], "@/generated/*": ["./generated/*"] } } }));
        assert_eq!(
            config.aliases,
            [
                ("@/generated/".to_owned(), "generated/".to_owned()),
                ("@/".to_owned(), "src/".to_owned())
            ]
        );
    }
}
