//! The one list of languages. A new one is a folder with a [`Language`](crate::language::Language), and two lines here.

#[cfg(test)]
mod current_tests;
pub mod go;
pub mod java;
pub mod python;
pub mod ruby;
pub mod rust;
pub mod typescript;

use std::ops::Deref;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, de};
use tenon_text::names::{extension, listed};

use crate::Source;
use crate::language::{Lang, Opens, PackageEntry};
use crate::sources::Sources;
use crate::tree::Tree;

/// Makes of the list what needs all languages.
macro_rules! languages {
    ($($module:ident::$language:ident),*) => {
        /// Every language, in the order in which people are offered them.
        pub const ALL: [Lang; [$(stringify!($language)),*].len()] = [$(Lang(&$module::$language)),*];

        /// The sources of one package in any language.
        pub enum Opened<'s> {
            $(#[doc = "Of this language."] $language(Box<<$module::$language as Opens>::Sources<'s>>)),*,
            /// Of a language that is not in the list.
            Other,
        }

        impl<'s> Deref for Opened<'s> {
            type Target = dyn Sources + 's;

            fn deref(&self) -> &Self::Target {
                match self {
                    $(Self::$language(sources) => sources.as_ref()),*,
                    Self::Other => &NoSources,
                }
            }
        }

        impl Lang {
            /// The sources of `source` that are entered so.
            pub fn open<'s>(self, source: &'s dyn Source, entry: &PackageEntry<'_>) -> Opened<'s> {
                $(if self == Lang(&$module::$language) {
                    let sources = $module::$language::open(source, entry);
                    return Opened::$language(Box::new(sources));
                })*
                Opened::Other
            }
        }
    };
}

languages!(
    typescript::TypeScript,
    go::Go,
    java::Java,
    python::Python,
    ruby::Ruby,
    rust::Rust
);

/// The language of what stands between `<script>` and `</script>`.
pub const SCRIPT: Lang = Lang(&typescript::TypeScript);

/// What a language without a reader has.
struct NoSources;

impl Sources for NoSources {
    fn tree(&self, _path: &str) -> Option<Rc<Tree>> {
        None
    }
}

/// The words for them.
pub fn names() -> [&'static str; ALL.len()] {
    ALL.map(Lang::name)
}

/// The language of a source file, by its extension or its whole name.
pub fn of_path(path: &str) -> Option<Lang> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut all = ALL.into_iter();
    match extension(path) {
        Some(own) => all.find(|language| language.grammar().extensions.contains(&own)),
        None => all.find(|language| language.file_names().contains(&name)),
    }
}

/// Whether a directory called `name` is filled by a package manager or a compiler.
pub fn is_derived(name: &str) -> bool {
    let mut all = ALL.iter();
    all.any(|language| language.derived_dirs().contains(&name))
}

/// Whether a package manager writes the file called `name` (in small letters) to pin what a host depends on.
pub fn is_pinned(name: &str) -> bool {
    let mut all = ALL.iter();
    all.any(|language| language.pinned_files().contains(&name))
}

/// What code imports the file or directory at `path` as, in a language where that does not contain the path.
pub fn imported_as(path: &str) -> Option<String> {
    ALL.iter().find_map(|language| language.imported_as(path))
}

impl Lang {
    /// The language called `name`.
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|language| language.name() == name)
    }

    /// The language of a source file, by its extension or its whole name.
    pub fn of_path(path: &str) -> Option<Self> {
        of_path(path)
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| {
            let known = listed(&names().map(str::to_owned));
            de::Error::custom(format!("unknown language `{name}`, expected one of {known}"))
        })
    }
}

#[cfg(any(test, feature = "schema"))]
impl schemars::JsonSchema for Lang {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "enum": names() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_reserves_its_own_words() {
        for language in ALL {
            let words: Vec<&str> = language.grammar().reserved.split_ascii_whitespace().collect();
            assert!(words.windows(2).all(|pair| pair[0] < pair[1]), "{words:?}");
        }
        let [typescript, go, .., rust] = ALL;
        assert!(typescript.reserves("any") && !go.reserves("any"));
        assert!(go.reserves("chan") && !rust.reserves("chan"));
    }

    #[test]
    fn languages_are_known_by_their_names_and_extensions() {
        for language in ALL {
            assert_eq!(Lang::named(language.name()), Some(language));
            for extension in language.grammar().extensions {
                assert_eq!(of_path(&format!("a/b.{extension}")), Some(language));
            }
            for name in language.file_names() {
                assert_eq!(of_path(&format!("a/{name}")), Some(language));
            }
        }
        assert_eq!((of_path("a/b.txt"), Lang::named("cobol")), (None, None));
    }
}
