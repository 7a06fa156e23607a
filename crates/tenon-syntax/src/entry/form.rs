//! A compiled example: elements that are read one after the other, and holes.

use super::tokens::{Glue, HOLES, Place, Token, is_hole};

/// In which spelling a hole is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// As it is: `acme-pay`.
    Name,
    /// `acme-pay`
    Kebab,
    /// `acme_pay`
    Snake,
    /// `acmepay`
    Flat,
    /// `acmePay`
    Camel,
    /// `AcmePay`
    Pascal,
    /// `ACME_PAY`
    Constant,
    /// `Acme Pay`: words for people.
    Title,
    /// Any other text of one line, or one value in code.
    Text,
}

impl Spelling {
    /// Whether what stands there names the member. Of other spellings people choose their own: `PagerDuty` for `pagerduty`.
    pub fn is_strict(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Kebab | Self::Snake | Self::Flat | Self::Camel
        )
    }
}

/// A hole of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hole {
    /// How it is spelt.
    pub spelling: Spelling,
    /// Which hole of the pack's text it is: captures bear this number.
    pub id: usize,
}

/// What the compiled example says at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Elem {
    /// One token: pieces that fill it.
    Word {
        pieces: Vec<Piece>,
        place: Place,
        glue: Glue,
    },
    /// `{{_}}`.
    Gap,
    /// What an entry may have beside the example.
    Extra(Extra),
}

/// A piece of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// A hole, by its place in [`Form::holes`].
    Hole(usize),
}

/// Where more than the example may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extra {
    /// Elements before the next one: they end with a comma.
    Before,
    /// Elements behind the last one: they begin with a comma, or on a line of their own.
    After,
    /// Anything between brackets that are empty in the example.
    Inside,
    /// A type between a name and `=`.
    Annotation,
}

/// One text of an example, its conditions decided.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub elems: Vec<Elem>,
    pub holes: Vec<Hole>,
    /// What it consists of where the order does not matter.
    pub shape: Option<Box<Shape>>,
    /// Whether anything may stand in the lines below what it says: a gap on lines of its own ends the example of a text.
    pub is_open: bool,
}

/// What an example of an object consists of.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The kind of the node that is the entry.
    pub kind: Box<str>,
    /// What stands before the members: a key, the header of a table.
    pub head: Option<Form>,
    pub members: Vec<Form>,
}

impl Form {
    /// Adds a token; a gap inside a word stands for itself.
    pub(super) fn push(&mut self, said: &str, token: &Token, holes: &[Option<Hole>]) {
        let mut glue = token.glue;
        let mut pieces: Vec<Piece> = Vec::new();
        let flush = |pieces: &mut Vec<Piece>, elems: &mut Vec<Elem>, glue: &mut Glue| {
            if !pieces.is_empty() {
                elems.push(Elem::Word {
                    pieces: std::mem::take(pieces),
                    place: token.place,
                    glue: *glue,
                });
                *glue = Glue::None;
            }
        };
        for c in said.chars() {
            if !is_hole(c) {
                match pieces.last_mut() {
                    Some(Piece::Text(text)) => text.push(c),
                    _ => pieces.push(Piece::Text(c.into())),
                }
                continue;
            }
            let number = (u32::from(c) - HOLES) as usize;
            match holes.get(number) {
                Some(Some(_)) => pieces.push(Piece::Hole(holes[..number].iter().flatten().count())),
                _ => {
                    flush(&mut pieces, &mut self.elems, &mut glue);
                    self.elems.push(Elem::Gap);
                }
            }
        }
        flush(&mut pieces, &mut self.elems, &mut glue);
    }

    /// Marks where more than the example may stand.
    pub(super) fn with_extras(&mut self) {
        let sign = |elem: Option<&Elem>| match elem {
            Some(Elem::Word {
                pieces,
                place: Place::Code,
                ..
            }) => match pieces.as_slice() {
                [Piece::Text(text)] => text.chars().next().filter(|_| text.len() == 1),
                _ => None,
            },
            _ => None,
        };
        let old = std::mem::take(&mut self.elems);
        let mut depth = 0_usize;
        for (at, elem) in old.iter().enumerate() {
            let this = sign(Some(elem));
            let before = sign(at.checked_sub(1).and_then(|at| old.get(at)));
            let opened = matches!(before, Some('(' | '[' | '{'));
            if matches!(this, Some(')' | ']' | '}')) {
                depth = depth.saturating_sub(1);
                self.elems
                    .push(Elem::Extra(if opened { Extra::Inside } else { Extra::After }));
            } else if opened || (before == Some(',') && depth > 0) {
                self.elems.push(Elem::Extra(Extra::Before));
            } else if this == Some('=')
                && before.is_none()
                && at > 0
                && !matches!(sign(old.get(at + 1)), Some('=' | '>' | '~'))
            {
                self.elems.push(Elem::Extra(Extra::Annotation));
            }
            if matches!(this, Some('(' | '[' | '{')) {
                depth += 1;
            }
            self.elems.push(elem.clone());
        }
    }
}
