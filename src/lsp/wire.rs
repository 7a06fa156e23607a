//! Messages as they go over the wire: a length, an empty line, JSON. What cannot be read is told, and never ends the
//! server as long as it is known where the next message begins.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// Largest message that is read, in bytes.
const MAX_MESSAGE: u64 = 64 * 1024 * 1024;
/// Longest line of a header, in bytes.
const MAX_HEADER: u64 = 4096;

/// What came.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// A message.
    Message(Value),
    /// Something that is none, and why.
    Bad(String),
}

/// The next message; nothing at the end.
///
/// # Errors
/// If it cannot be told where the next message begins.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let mut length: Option<u64> = None;
    let mut began = false;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(MAX_HEADER).read_until(b'\n', &mut line)? == 0 {
            return if began {
                Err(io::ErrorKind::UnexpectedEof.into())
            } else {
                Ok(None)
            };
        }
        began = true;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let Some(length) = length else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no `Content-Length`"));
    };
    if length > MAX_MESSAGE {
        if io::copy(&mut input.by_ref().take(length), &mut io::sink())? != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        return Ok(Some(Incoming::Bad("the message is larger than 64 MiB".into())));
    }
    let mut body = Vec::new();
    if input.by_ref().take(length).read_to_end(&mut body)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Bad(error.to_string()),
    }))
}

/// Sends `message`.
///
/// # Errors
/// If nobody reads any more.
pub fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(mut bytes: &[u8]) -> Vec<Option<Incoming>> {
        let mut out = vec![];
        while let Ok(message) = read(&mut bytes) {
            let end = message.is_none();
            out.push(message);
            if end {
                break;
            }
        }
        out
    }

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = vec![];
        for text in ["a", "ö", "\u{1f600}"] {
            write(&mut bytes, &json!({ "x": text })).unwrap();
        }
        let read = all(&bytes);
        assert_eq!(read.len(), 4);
        assert_eq!(read[2], Some(Incoming::Message(json!({ "x": "\u{1f600}" }))));
    }

    #[test]
    fn a_bad_message_does_not_hide_the_next() {
        let bytes = b"content-length:3\r\nX: y\r\n\r\n{{{Content-Length: 2\r\n\r\n{}";
        let read = all(bytes);
        assert!(matches!(read[0], Some(Incoming::Bad(_))));
        assert_eq!(read[1], Some(Incoming::Message(json!({}))));
    }

    #[test]
    fn what_has_no_length_or_too_little_ends_it() {
        assert!(all(b"X: y\r\n\r\n{}").is_empty());
        assert!(all(b"Content-Length: 9\r\n\r\n{}").is_empty());
        assert!(all(b"Content-Length: 99999999999999\r\n\r\n{}").is_empty());
    }
}
