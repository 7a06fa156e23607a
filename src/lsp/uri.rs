//! Addresses of files: `file:///a%20b` and `/a b`.

use std::path::{Path, PathBuf};

/// The path of a `file:` address; nothing for what is no file.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // A host before the path is that of a share; nothing here is on one.
    let rest = &rest[rest.find('/')?..];
    let mut bytes = Vec::with_capacity(rest.len());
    let mut all = rest.bytes();
    while let Some(byte) = all.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(all.next())? * 16 + digit(all.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))?;
    // `/C:/x` is `C:/x`.
    let drive = text.as_bytes().get(2) == Some(&b':') && cfg!(windows);
    Some(PathBuf::from(if drive { &text[1..] } else { &text }))
}

/// The address of a path.
pub fn of(path: &Path) -> String {
    let mut out = String::from("file://");
    let text = path
        .to_string_lossy()
        .replace('\\', if cfg!(windows) { "/" } else { "\\" });
    if !text.starts_with('/') {
        out.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_back() {
        for text in ["/a/b", "/a b/ö#?%.ts", "/x/@a/[id]"] {
            assert_eq!(path(&of(Path::new(text))), Some(PathBuf::from(text)));
        }
        assert_eq!(path("file:///a%3ab"), Some(PathBuf::from("/a:b")));
        assert_eq!(path("file://localhost/a"), Some(PathBuf::from("/a")));
        for wrong in [
            "untitled:1",
            "file:///%zz",
            "file:///%00",
            "file://",
            "file:///%ff",
            "file:///%2",
        ] {
            assert_eq!(path(wrong), None, "{wrong}");
        }
    }
}
