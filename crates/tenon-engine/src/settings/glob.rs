//! Patterns of paths: `*` stands for any text in one name, `**` as a name for any number of directories, none included.
//! Everything else stands for itself: directories may be called `[slug]`.

use globset::{GlobBuilder, GlobMatcher};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// The pattern in `text`; nothing if it is too large to be compiled.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<String> = text.split('*').map(globset::escape).collect();
        let glob = GlobBuilder::new(&parts.join("*"))
            .literal_separator(true)
            .backslash_escape(false)
            .build()
            .ok()?;
        Some(Self {
            text: text.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }

    /// Whether it matches all of `path`. Takes time in proportion to the length of the path.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_one_name_and_two_stars_do_not() {
        for (pattern, path) in [
            ("a/b.ts", "a/b.ts"),
            ("a/*.ts", "a/b.ts"),
            ("a/*", "a/b"),
            ("a/**/c", "a/c"),
            ("a/**/c", "a/b/b/c"),
            ("**", "a/b/c"),
            ("app/[slug]/*.{a}?", "app/[slug]/x.{a}?"),
            ("**/c", "c"),
            ("a/**", "a/b/c"),
            ("a*b*c/d", "axxbyybc/d"),
            ("**/x/**/y*", "a/x/b/c/yes"),
        ] {
            assert!(
                Pattern::parse(pattern).unwrap().matches(path),
                "{pattern} must match {path}"
            );
        }
        for (pattern, path) in [
            ("a/*", "a/b/c"),
            ("*", "a/b"),
            ("a/**/c", "ab/c"),
            ("**/c", "a/bc"),
            ("a", "a/b"),
            ("a/b/c", "a/b"),
            ("a*b", "acbd"),
            ("[ab]", "a"),
            ("a?", "ab"),
            ("{a,b}", "a"),
        ] {
            assert!(
                !Pattern::parse(pattern).unwrap().matches(path),
                "{pattern} must not match {path}"
            );
        }
    }

    #[test]
    fn hostile_patterns_take_no_time() {
        let pattern = "**/".repeat(500) + &"*a".repeat(200);
        let path = "a/".repeat(500) + &"a".repeat(199);
        assert!(Pattern::parse(&pattern).is_none_or(|pattern| !pattern.matches(&path)));
    }
}
