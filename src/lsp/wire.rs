//! Messages as they go over the wire: a length, an empty line, JSON. What cannot be read is told, and the next message is
//! looked for: nothing but the end of the input ends it.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// Largest message that is read, in bytes.
const MAX_MESSAGE: u64 = 64 * 1024 * 1024;
/// Largest message that is skipped, in bytes: whoever announces more has lost count.
const MAX_SKIPPED: u64 = 1024 * 1024 * 1024;
/// How much of a line of a header is read at once, in bytes.
const MAX_LINE: u64 = 4096;
/// Most lines of a header.
const MAX_LINES: usize = 100;
/// The field that is needed.
const LENGTH: &str = "content-length:";

/// What came.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// A message.
    Message(Value),
    /// Something that is none, and why.
    Bad(String),
}

/// Reads messages.
pub struct Reader<R> {
    input: R,
    /// Bytes of a message that was refused and is still to be passed over.
    skip: u64,
    /// Whether it is unknown where the next message begins: it is looked for, and that was told.
    lost: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Self {
        Self {
            input,
            skip: 0,
            lost: false,
        }
    }

    /// The next message; nothing at the end.
    ///
    /// # Errors
    /// If the input fails, or ends within a message.
    pub fn read(&mut self) -> io::Result<Option<Incoming>> {
        if io::copy(&mut self.input.by_ref().take(self.skip), &mut io::sink())? != self.skip {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.skip = 0;
        loop {
            match self.header()? {
                Header::End => return Ok(None),
                Header::Length(length) if length <= MAX_MESSAGE => {
                    self.lost = false;
                    return self.body(length).map(Some);
                }
                Header::Length(length) if length <= MAX_SKIPPED => {
                    self.lost = false;
                    self.skip = length;
                    return Ok(Some(Incoming::Bad("the message is larger than 64 MiB".into())));
                }
                Header::Length(_) | Header::None if self.lost => {}
                Header::Length(length) => {
                    self.lost = true;
                    return Ok(Some(Incoming::Bad(format!("no message has {length} bytes"))));
                }
                Header::None => {
                    self.lost = true;
                    let why = "a header has no `Content-Length`, so that nobody knows where its message ends";
                    return Ok(Some(Incoming::Bad(why.into())));
                }
            }
        }
    }

    /// Reads on to the next empty line.
    fn header(&mut self) -> io::Result<Header> {
        let mut length = None;
        let mut began = false;
        for _ in 0..MAX_LINES {
            let line = self.line()?;
            if line.is_empty() {
                return match began {
                    false => Ok(Header::End),
                    // Garbage that ends is no message that is cut off.
                    true if length.is_none() => Ok(Header::None),
                    true => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
            let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
            let line = line.trim();
            if line.is_empty() && began {
                break;
            }
            began = began || !line.is_empty();
            // Where something else stood before, it may begin within a line.
            let at = if self.lost {
                line.rfind(LENGTH)
            } else {
                line.starts_with(LENGTH).then_some(0)
            };
            if let Some(at) = at {
                length = line[at + LENGTH.len()..].trim().parse().ok();
            }
        }
        Ok(length.map_or(Header::None, Header::Length))
    }

    /// The next line, of a long one no more than its end; empty at the end of the input.
    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            let count = self.input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
            if count == 0 || line.ends_with(b"\n") {
                return Ok(line);
            }
            let kept = line.len().saturating_sub(2 * LENGTH.len() + 20);
            line.drain(..kept);
        }
    }

    fn body(&mut self, length: u64) -> io::Result<Incoming> {
        // Room grows with what comes, not with what is announced.
        let mut body = Vec::new();
        if self.input.by_ref().take(length).read_to_end(&mut body)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(match serde_json::from_slice(&body) {
            Ok(message) => Incoming::Message(message),
            Err(error) => Incoming::Bad(error.to_string()),
        })
    }
}

/// What stands before a message.
enum Header {
    /// How long it is, in bytes.
    Length(u64),
    /// Nothing that could be understood.
    None,
    /// The input is at its end.
    End,
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

    /// What is read of `bytes`, and whether it ends within a message.
    fn all(bytes: &[u8]) -> (Vec<Incoming>, bool) {
        let mut reader = Reader::new(bytes);
        let mut out = vec![];
        loop {
            match reader.read() {
                Ok(Some(message)) => out.push(message),
                Ok(None) => return (out, false),
                Err(_) => return (out, true),
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = vec![];
        for text in ["a", "ö", "\u{1f600}"] {
            write(&mut bytes, &json!({ "x": text })).unwrap();
        }
        let (read, cut) = all(&bytes);
        assert_eq!((read.len(), cut), (3, false));
        assert_eq!(read[2], Incoming::Message(json!({ "x": "\u{1f600}" })));
    }

    #[test]
    fn nothing_bad_hides_the_next_message() {
        let long = "x".repeat(100_000);
        for bad in [
            &b"content-length:3\r\nX: y\r\n\r\n{{{"[..],
            b"Content-Length: 2\r\n\r\n\xff\xfe",
            b"Content-Length: 0\r\n\r\n",
            b"X: y\r\n\r\n{}",
            b"Content-Length: two\r\n\r\n{}",
            b"Content-Length: -2\r\n\r\n{}",
            b"Content-Length: 99999999999999\r\n\r\n{}",
            b"Content-Length: 99999999999999999999999\r\n\r\n{}",
            b"{}\n\n{}\n\n\n\n[]\n\n",
            b"\xff\xfe\x00\n\n",
            format!("{long}\n\n{long}").as_bytes(),
            format!("{}\n", "X: y\n".repeat(1000)).as_bytes(),
        ] {
            let (read, cut) = all(&[bad, b"Content-Length: 2\r\n\r\n{}"].concat());
            let shown = String::from_utf8_lossy(&bad[..bad.len().min(60)]);
            assert!(
                matches!(read[..], [Incoming::Bad(_), Incoming::Message(_)]),
                "{shown}: {read:?}"
            );
            assert!(!cut, "{shown}");
        }
    }

    #[test]
    fn a_message_that_is_too_large_is_told_before_it_came_and_then_passed_over() {
        let length = MAX_MESSAGE + 1;
        let mut bytes = format!("Content-Length: {length}\r\n\r\n").into_bytes();
        let (read, cut) = all(&bytes);
        assert!(matches!(read[..], [Incoming::Bad(_)]) && cut, "{read:?}");
        bytes.resize(bytes.len() + usize::try_from(length).unwrap(), b'x');
        bytes.extend(b"Content-Length: 2\r\n\r\n{}");
        let (read, cut) = all(&bytes);
        assert!(matches!(read[..], [Incoming::Bad(_), Incoming::Message(_)]) && !cut);
    }

    #[test]
    fn a_message_that_is_cut_off_is_no_end() {
        assert_eq!(all(b"Content-Length: 9\r\n\r\n{}"), (vec![], true));
        assert_eq!(all(b"Content-Length: 9\r\n"), (vec![], true));
        assert_eq!(all(b""), (vec![], false));
    }
}
