//! Names of Go: what the language declares itself, and what an import path is called.

/// Types and values that every file knows.
const PREDECLARED: [&str; 29] = [
    "any",
    "bool",
    "byte",
    "comparable",
    "complex128",
    "complex64",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
    "true",
    "false",
    "iota",
    "nil",
    "len",
    "cap",
    "_",
];

/// Words that cannot be names.
const KEYWORDS: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Whether the language itself declares `name`.
pub fn is_predeclared(name: &str) -> bool {
    PREDECLARED.contains(&name)
}

/// Whether `name` is a keyword.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether a name can be used outside its package.
pub fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// What the package at an import path is most likely called: its last element, or the one before a major version.
pub fn base_name(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or_default();
    let is_version = |text: &str| {
        text.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let name = match parts.next() {
        // `…/api/core/v1` is called `v1`; `…/yaml/v3` is not, and only its own files can tell.
        Some(before) if is_version(last) && !path.contains("/api") => before,
        _ => last,
    };
    let name = match name.rsplit_once('.') {
        Some((name, version)) if is_version(version) => name,
        _ => name,
    };
    let name = name.strip_prefix("go-").unwrap_or(name);
    name.chars()
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// Whether an import path is one of the standard library: its first element has no dot.
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_called_by_their_paths() {
        let cases = [
            ("context", "context"),
            ("k8s.io/apimachinery/pkg/runtime", "runtime"),
            ("gopkg.in/yaml.v2", "yaml"),
            ("github.com/x/thing/v2", "thing"),
            ("k8s.io/api/core/v1", "v1"),
            ("github.com/x/go-redis", "redis"),
        ];
        for (path, name) in cases {
            assert_eq!(base_name(path), name, "{path}");
        }
    }
}
