//! Finds the names of members in a text, in whatever spelling.

use std::collections::{HashMap, HashSet};

use tenon_text::diag::Span;
use tenon_text::names::normal;

/// A place that names a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The number of the member.
    pub member: usize,
    /// What names it: `AcmePay` in `NewAcmePayClient`.
    pub span: Span,
}

/// The names of members, to be found in texts: `acme-pay` is found as `AcmePay`, `acme_pay`, `ACME PAY`.
#[derive(Debug, Default)]
pub struct NameIndex {
    /// Names in their normal form.
    keys: HashMap<String, usize>,
    /// All texts with which such a name begins, at the end of one of its pieces or not.
    beginnings: HashSet<String>,
}

/// A piece of a word: `Acme` in `AcmePay2`.
struct Piece {
    span: Span,
    /// Whether a name may go on from the piece before: they stand in one word, or only `-`, `.` or a space stands between.
    is_joined: bool,
}

impl NameIndex {
    /// The index of these names; a name's number is its place. Names of one letter, and a second name with the same normal form, are
    /// left out.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut out = Self::default();
        for (number, name) in names.into_iter().enumerate() {
            let key = normal(name);
            if key.chars().count() < 2 || out.keys.contains_key(&key) {
                continue;
            }
            let ends = key.char_indices().map(|(at, c)| at + c.len_utf8());
            out.beginnings.extend(ends.map(|end| key[..end].to_owned()));
            out.keys.insert(key, number);
        }
        out
    }

    /// The member whose name this is, in any spelling.
    pub fn member(&self, text: &str) -> Option<usize> {
        self.keys.get(&normal(text)).copied()
    }

    /// The places in `text` that name a member, in order; of several at one place the longest.
    pub fn find(&self, text: &str) -> Vec<Named> {
        let pieces = pieces(text);
        let mut out = Vec::new();
        let mut at = 0;
        let mut key = String::new();
        while at < pieces.len() {
            key.clear();
            let mut best = None;
            for (next, piece) in pieces.iter().enumerate().skip(at) {
                if next > at && !piece.is_joined {
                    break;
                }
                let said = &text[piece.span.range()];
                if said.is_ascii() {
                    key.extend(said.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
                } else {
                    key.push_str(&normal(said));
                }
                if !self.beginnings.contains(&key) {
                    break;
                }
                if let Some(member) = self.keys.get(&key) {
                    best = Some((next, *member));
                }
            }
            match best {
                Some((last, member)) => {
                    let span = Span::new(pieces[at].span.start, pieces[last].span.end);
                    out.push(Named { member, span });
                    at = last + 1;
                }
                None => at += 1,
            }
        }
        out
    }
}

/// The pieces of the words of `text`.
fn pieces(text: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before: Option<char> = None;
    // What stands between the last piece and the next: nothing but one of these joins them.
    let mut gap = String::new();
    while let Some((at, c)) = chars.next() {
        if !c.is_alphanumeric() {
            if gap.len() < 3 {
                gap.push(c);
            }
            before = None;
            continue;
        }
        let next = chars.peek().map(|(_, c)| *c);
        let goes_on = before.is_some_and(|before| {
            let is_new = before.is_numeric() != c.is_numeric()
                || (before.is_lowercase() && c.is_uppercase())
                || (before.is_uppercase() && c.is_uppercase() && next.is_some_and(char::is_lowercase));
            !is_new
        });
        match out.last_mut() {
            Some(last) if goes_on => last.span.end = at + c.len_utf8(),
            last => {
                let is_joined = last.is_some() && matches!(gap.as_str(), "" | "_" | "-" | "." | " ");
                out.push(Piece {
                    span: Span::new(at, at + c.len_utf8()),
                    is_joined,
                });
            }
        }
        gap.clear();
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::NameIndex;

    #[test]
    fn a_name_is_found_in_every_spelling_and_in_no_other_word() {
        let index = NameIndex::new(["acme-pay", "s3", "http", "aws", "aws-lambda"]);
        let found = |text: &str| -> Vec<(usize, String)> {
            let found = index.find(text).into_iter();
            found
                .map(|it| (it.member, text[it.span.range()].to_owned()))
                .collect()
        };
        let one = |text: &str, member: usize, said: &str| {
            assert_eq!(found(text), [(member, said.to_owned())], "{text}");
        };
        one("NewAcmePayClient", 0, "AcmePay");
        one("import acme_pay", 0, "acme_pay");
        one("type ACMEPay struct", 0, "ACMEPay");
        one("The Acme Pay service", 0, "Acme Pay");
        one("ACME_PAY_KEY", 0, "ACME_PAY");
        one("S3Bucket", 1, "S3");
        one("HTTPServer", 2, "HTTP");
        one("'@scope/instrumentation-aws-lambda'", 4, "aws-lambda");
        one("aws.client", 3, "aws");
        assert!(found("https paws acme (pay) profile").is_empty());
    }
}
