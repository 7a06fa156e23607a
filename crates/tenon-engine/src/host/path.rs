//! [`HostPath`]: a checked path inside a host. Every rendered path goes through it.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use tenon_text::diag::{Error, Result};

/// A path relative to the host's root: `/`-separated, normalised, never outside the root.
///
/// It is only made by [`HostPath::new`], so code that takes a `HostPath` need not check it. Symbolic links are checked when a
/// file is read or written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPath(String);

/// Names that Windows reserves in every directory, with or without an extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The bytes that need no further check, as a table, since every path is checked.
const PLAIN: [bool; 256] = {
    let mut out = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let at = byte as u8;
        out[byte] = at.is_ascii_alphanumeric() || matches!(at, b'-' | b'_' | b'.');
        byte += 1;
    }
    out
};

/// Longest file name that common file systems take, in bytes.
const MAX_COMPONENT: usize = 255;

impl HostPath {
    /// Checks and normalises `path` (`./` and doubled `/` go away).
    ///
    /// Refuses: empty, absolute, `..`, drive prefixes, backslashes, NUL, control and invisible characters, names that
    /// Windows reserves, names that end in a dot or a blank, components longer than 255 bytes.
    pub fn new(path: &str) -> Result<Self> {
        if is_plain(path) {
            return Ok(Self(path.to_owned()));
        }
        let refuse = |why: &str| {
            Err(Error::new(format!(
                "`{}` is not a path inside the host: {why}",
                path.escape_debug()
            ))
            .help("paths start at the host's root: plain names with `/` between them"))
        };
        if path.starts_with('/') {
            return refuse("it is absolute");
        }
        if path.contains('\\') {
            return refuse("it has a backslash");
        }
        let control = |byte: u8| byte < b' ' || byte == 0x7f;
        if path.bytes().any(control) || (!path.is_ascii() && path.chars().any(char::is_control)) {
            return refuse("it has a control character");
        }
        if !path.is_ascii() && path.chars().any(is_invisible) {
            return refuse("it has a character that nobody sees");
        }
        let mut parts = Vec::new();
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                return refuse("it has `..`");
            }
            if part.contains(':') {
                return refuse("it has a colon");
            }
            if part.ends_with('.') || part.ends_with(' ') {
                return refuse("a name in it ends in a dot or a blank");
            }
            if part.len() > MAX_COMPONENT {
                return refuse("a name in it is longer than 255 bytes");
            }
            if is_device(part.as_bytes()) || is_odd_device(part) {
                return refuse("a name in it is reserved on Windows");
            }
            parts.push(part);
        }
        if parts.is_empty() {
            return refuse("it is empty");
        }
        Ok(Self(parts.join("/")))
    }

    /// `path`, normalised by [`HostPath::new`]; `None` if that refuses it.
    pub fn checked(path: &str) -> Option<Cow<'_, str>> {
        if is_plain(path) {
            return Some(Cow::Borrowed(path));
        }
        Self::new(path).ok().map(|path| Cow::Owned(path.0))
    }

    /// The path as text, with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The absolute path below `root`.
    pub fn under(&self, root: &Path) -> PathBuf {
        root.join(&self.0)
    }

    /// The file's name.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The directory that holds it; `None` at the root.
    pub fn parent(&self) -> Option<HostPath> {
        self.0
            .rsplit_once('/')
            .map(|(parent, _)| HostPath(parent.to_owned()))
    }

    /// All directories above it, outermost first.
    pub fn ancestors(&self) -> Vec<HostPath> {
        self.0
            .match_indices('/')
            .map(|(at, _)| HostPath(self.0[..at].to_owned()))
            .collect()
    }

    /// Whether the path is in Unicode normalisation form C. Some file systems treat names that differ only in their
    /// normalisation as the same.
    pub fn is_composed(&self) -> bool {
        self.0.is_ascii() || is_nfc(&self.0)
    }

    /// A key that is equal for paths that some file system treats as the same; see [`folded`].
    pub fn folded(&self) -> String {
        folded(&self.0)
    }

    /// Checks that the path may be written: no part of it is a directory of git or of this program, under any spelling that a
    /// file system may accept.
    ///
    /// # Errors
    /// If one is, with its name.
    pub fn check_writable(&self) -> Result<()> {
        match self.0.split('/').find(|part| is_private(part)) {
            None => Ok(()),
            Some(part) => Err(
                Error::new(format!("`{self}` lies in `{part}`, where tenon does not write"))
                    .help("this is a fault of the pack, or of a link in the host"),
            ),
        }
    }
}

/// A key for a name or a path that is equal for all that some file system treats as the same: those that differ only in case, of
/// any script (`ſ` is an `s`), or in Unicode normalisation.
pub fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let upper = name.nfd().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).nfd().collect()
}

/// Whether a name is that of a directory of git or of this program, or its short name on Windows: `GIT~1`, or, if several names
/// begin alike, two letters and four digits of a hash, `GI7EBA~1`.
fn is_private(name: &str) -> bool {
    let name = folded(name);
    let short = name
        .rsplit_once('~')
        .filter(|(_, count)| is_all(count, u8::is_ascii_digit));
    [".git", ".tenon"].iter().any(|private| {
        let stem = &private[1..];
        let is_hashed = |short: &str| {
            let digits = short.strip_prefix(&stem[..2]);
            digits.is_some_and(|digits| digits.len() == 4 && is_all(digits, u8::is_ascii_hexdigit))
        };
        name == *private || short.is_some_and(|(short, _)| short == stem || is_hashed(short))
    })
}

fn is_all(text: &str, is: fn(&u8) -> bool) -> bool {
    !text.is_empty() && text.as_bytes().iter().all(is)
}

/// Whether `path` needs no further check: names of letters, digits, dashes, underscores and dots.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if PLAIN[usize::from(*byte)] {
            continue;
        }
        if *byte != b'/' || !is_plain_name(&bytes[start..at]) {
            return false;
        }
        start = at + 1;
    }
    is_plain_name(&bytes[start..])
}

fn is_plain_name(part: &[u8]) -> bool {
    part.last().is_some_and(|last| *last != b'.') && part.len() <= MAX_COMPONENT && !is_device(part)
}

/// Whether Windows reserves the name.
fn is_device(part: &[u8]) -> bool {
    // All of them begin with one of five letters, and have three or four letters.
    let begins = matches!(
        part.first(),
        Some(b'a' | b'c' | b'l' | b'n' | b'p' | b'A' | b'C' | b'L' | b'N' | b'P')
    );
    if !begins || (part.len() > 4 && part[3] != b'.' && part[4] != b'.') {
        return false;
    }
    let stem = part.split(|byte| *byte == b'.').next().unwrap_or(part);
    DEVICES
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device.as_bytes()))
}

/// Whether Windows reserves a name with other characters: the two names of the console, ports with a superscript digit, and any
/// device with blanks before its extension.
fn is_odd_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    let is_port = |name: &str| {
        let port = name.strip_suffix(['¹', '²', '³']);
        port.is_some_and(|port| matches!(port, "com" | "lpt"))
    };
    let lower = stem.to_lowercase();
    is_device(stem.as_bytes()) || matches!(lower.as_str(), "conin$" | "conout$") || is_port(&lower)
}

/// Characters that some file systems ignore in names (HFS+ took `.g\u{200c}it` for `.git`), that change the direction of text or
/// end a line, and that are invisible.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

impl fmt::Display for HostPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises() {
        assert_eq!(HostPath::new("./a//b/./c.ts").unwrap().as_str(), "a/b/c.ts");
    }

    #[test]
    fn refuses_everything_that_leaves_the_host() {
        for bad in [
            "",
            ".",
            "/",
            "/etc/passwd",
            "..",
            "a/../b",
            "../x",
            "C:/x",
            "c:x",
            "a\\b",
            "a\0b",
            "a\nb",
            "con",
            "a/NUL.txt",
            "x./y",
            "x /y",
            "a/com1",
            "COM¹",
            "lpt³.txt",
            "CONIN$",
            "a/conout$.log",
            "nul .txt",
            "con  ",
            "x. ",
            "a:b",
            "x/.git::$INDEX_ALLOCATION",
            ".g\u{200c}it",
            "a\u{2028}b",
            "a\u{3164}",
        ] {
            assert!(HostPath::new(bad).is_err(), "{bad:?} must be refused");
        }
        assert!(HostPath::new(&"x".repeat(256)).is_err());
    }

    #[test]
    fn what_is_plain_is_what_a_closer_look_leaves_as_it_is() {
        for device in DEVICES {
            let long = format!("{}.txt", device.to_uppercase());
            assert!(is_device(device.as_bytes()) && is_device(long.as_bytes()));
        }
        for plain in ["a", "src/a-b_c.d.ts", ".git/x", "con-x/auxiliary", "..a"] {
            assert!(is_plain(plain), "{plain}");
            assert_eq!(HostPath::new(&format!("./{plain}")).unwrap().as_str(), plain);
        }
        for other in [
            "", "/", "a/", "a//b", ".", "a/..", "a.", "con", "a/com1.x", "é", "a b", "a:b",
        ] {
            assert!(!is_plain(other), "{other}");
        }
    }

    #[test]
    fn no_name_of_the_directory_of_git_is_written_to() {
        for private in [
            ".git", ".GIT", ".gıt", "git~1", "GIT~12", "Gi7EbA~1", ".tenon", "TENON~1", "te12af~3",
        ] {
            let path = HostPath::new(&format!("a/{private}/config")).unwrap();
            assert!(path.check_writable().is_err(), "{private}");
        }
        for other in [
            ".gitignore",
            "git",
            "git~",
            "git~x",
            "legit~1",
            "gitter~1",
            ".github",
            "tenon",
        ] {
            assert!(HostPath::new(other).unwrap().check_writable().is_ok(), "{other}");
        }
    }

    #[test]
    fn names_that_are_one_somewhere_are_one() {
        for (one, other) in [
            ("SRC", "src"),
            ("\u{17f}rc", "src"),
            ("\u{212a}ey", "key"),
            ("stra\u{df}e", "STRASSE"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("\u{212b}", "a\u{30a}"),
            ("\u{3c3}\u{3c2}", "\u{3a3}\u{3a3}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("cafe"), folded("caf\u{e9}"));
        let is_composed = |path: &str| HostPath::new(path).unwrap().is_composed();
        assert!(is_composed("caf\u{e9}") && !is_composed("cafe\u{301}") && !is_composed("\u{212b}"));
    }

    #[test]
    fn lists_directories_outermost_first() {
        let path = HostPath::new("a/b/c").unwrap();
        let above: Vec<_> = path.ancestors().iter().map(|p| p.as_str().to_owned()).collect();
        assert_eq!(above, ["a", "a/b"]);
    }
}
