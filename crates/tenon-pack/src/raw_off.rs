//! What a pack turns off of the one that it extends. As written, like [`super::raw`].

use serde::Deserialize;

/// `[[off]]`: something of the pack that this one extends and that is not wanted. It names exactly one of them.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawOff {
    /// A kind, with all that is only for it.
    #[serde(default)]
    pub kind: Option<String>,
    /// An option.
    #[serde(default)]
    pub option: Option<String>,
    /// Files, by their folder of templates.
    #[serde(default, rename = "files")]
    pub folder: Option<String>,
    /// A site.
    #[serde(default)]
    pub site: Option<String>,
    /// Rules of the pack, by their `file`.
    #[serde(default)]
    pub expect: Option<String>,
    /// A rule of `validate-structure`.
    #[serde(default)]
    pub rule: Option<String>,
    /// Only for these kinds.
    #[serde(default, rename = "for")]
    pub for_kinds: Vec<String>,
    /// Why.
    pub reason: String,
}

impl RawOff {
    /// What is named, and of which kind it is; nothing unless it is exactly one.
    pub fn named(&self) -> Option<(&'static str, &str)> {
        let all = [
            ("kind", &self.kind),
            ("option", &self.option),
            ("files", &self.folder),
            ("site", &self.site),
            ("expect", &self.expect),
            ("rule", &self.rule),
        ];
        let mut given = all
            .into_iter()
            .filter_map(|(kind, word)| Some((kind, word.as_deref()?)));
        given.next().filter(|_| given.next().is_none())
    }
}
