use std::fmt;

/// A wish for one service to use another, and how far it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Integration {
    /// Its name, unique in its namespace.
    pub name: String,
    /// The namespace.
    pub namespace: String,
    /// What is integrated: the integrator that handles it.
    pub target: String,
    /// Whether it shall be set up.
    pub enabled: bool,
    /// Whether it is set up.
    pub integrated: bool,
}

impl Integration {
    /// An integration with `target` that is not set up yet.
    pub fn new(
        name: impl Into<String>,
        namespace: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            namespace: namespace.into(),
            target: target.into(),
            ..Self::default()
        }
    }
}

/// An object of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub gvk: Gvk,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
}

/// Group, version and kind of objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// The group; empty for the core.
    pub group: String,
    /// The version.
    pub version: String,
    /// The kind.
    pub kind: String,
}

impl Gvk {
    /// The kind `kind` of `group` in `version`.
    pub fn new(
        group: impl Into<String>,
        version: impl Into<String>,
        kind: impl Into<String>,
    ) -> Self {
        Self {
            group: group.into(),
            version: version.into(),
            kind: kind.into(),
        }
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {}", self.group, self.version, self.kind)
    }
}
