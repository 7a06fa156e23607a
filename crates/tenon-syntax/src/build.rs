//! Where a build puts what it makes of the sources of a package. A language with such a build reads it from its compiler's configuration.

/// The build of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The directory of the package.
    pub dir: String,
    /// The directory below it for what is built.
    pub out: String,
    /// The directories below it that may be the root of what is built, likeliest first.
    pub roots: Vec<String>,
    /// The ends of names of built files.
    pub built: &'static [&'static str],
    /// The ends of names of sources.
    pub sources: &'static [&'static str],
}

impl Build {
    /// The sources that the built file `target` may come from, likeliest first.
    pub fn sources(&self, target: &str) -> Vec<String> {
        let Some(built) = self.in_out(target) else {
            return vec![format!("{}/{}", self.dir, target.trim_start_matches("./"))];
        };
        let Some(stem) = self.built.iter().find_map(|end| built.strip_suffix(end)) else {
            return vec![];
        };
        let mut out = Vec::new();
        for root in &self.roots {
            let parts = [self.dir.as_str(), root.as_str(), stem].into_iter();
            let base = parts
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("/");
            out.extend(self.sources.iter().map(|end| format!("{base}{end}")));
        }
        out
    }

    /// Where the build puts the file that was meant by `target`, which has no source: the same file below another root. `exists` says
    /// whether a source is there.
    pub fn meant(&self, target: &str, exists: impl Fn(&str) -> bool) -> Option<String> {
        let root = self.roots.first().map_or("", String::as_str);
        let built = self.in_out(target)?;
        let rest = match built.strip_prefix(&format!("{root}/")) {
            Some(rest) if !root.is_empty() => rest.to_owned(),
            _ if root.is_empty() => format!("src/{built}"),
            _ => return None,
        };
        let right = format!("./{}/{rest}", self.out);
        self.sources(&right)
            .iter()
            .any(|source| exists(source))
            .then_some(right)
    }

    /// `target` below the directory for what is built.
    fn in_out<'t>(&self, target: &'t str) -> Option<&'t str> {
        let target = target.trim_start_matches("./");
        target.strip_prefix(&*self.out)?.strip_prefix('/')
    }
}
