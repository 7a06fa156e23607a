//! The state of the parser: where it is in the text, and the nodes so far.
//!
//! Nodes are finished from the leaves up. What is finished and has no parent yet lies on a stack; a parent takes all
//! that came since its beginning. Comments go onto the stack right before the token behind them, and so into
//! the innermost node that has tokens on both of their sides, as with tree-sitter.

use std::cell::Cell;

use super::kinds::{F, K, Numbers};
use super::lexer::{self, Comment, Token};
use crate::flat::Entry;

/// How deep the code may be nested.
const MAX_DEPTH: usize = 150;
/// How many levels a tree may have: chains of calls and sums are as deep as they are long.
const MAX_LEVELS: usize = 1000;

/// Everything went well, or the code is for another parser.
pub type Parsed = Option<()>;

struct Done {
    kind: K,
    field: F,
    start: u32,
    end: u32,
    /// Where its children stand in [`Parser::kids`], and how many they are.
    first: u32,
    count: u32,
}

/// The parser.
pub struct Parser<'s> {
    /// The text.
    pub text: &'s [u8],
    /// The token to be taken next.
    pub token: Token,
    /// The token that was looked at ahead, with nothing but white space before it, and the place from which it was.
    ahead: Cell<Option<(u32, Token)>>,
    /// Comments before it that are in no node yet.
    pending: Vec<Comment>,
    /// Where the last token or comment ended that was taken.
    last_end: u32,
    done: Vec<Done>,
    kids: Vec<u32>,
    stack: Vec<u32>,
    depth: usize,
    /// How many tokens may still be read: what is tried and given up must come to an end.
    fuel: usize,
    /// Whether a line end may end the statement here.
    pub lines_end: bool,
    /// Whether an `in` is no operator here.
    pub no_in: bool,
    /// Whether patterns must have no colons.
    pub plain_patterns: bool,
    /// Whether `<` came before in the statement, or between the same brackets.
    pub after_less: bool,
    /// Whether the next token stands in parentheses that are no call's.
    pub in_parens: bool,
    /// What was in the types that came last.
    pub odd: Odd,
}

/// What the grammar takes for expressions, where types and expressions can stand.
#[derive(Clone, Copy, Default)]
pub struct Odd {
    /// A name of three parts or more, not in brackets.
    pub long_name: bool,
    /// `typeof import('a')`.
    pub import: bool,
}

/// A place to come back to.
pub struct Place {
    token: Token,
    pending: Vec<Comment>,
    last_end: u32,
    done: usize,
    kids: usize,
    stack: usize,
}

/// Where a node began: what is on the stack from here on belongs to it.
#[derive(Clone, Copy)]
pub struct Mark(usize);

impl<'s> Parser<'s> {
    /// A parser at the first token of `text`.
    pub fn new(text: &'s str) -> Option<Self> {
        let len = text.len();
        let mut parser = Self {
            text: text.as_bytes(),
            token: Token {
                kind: K::End,
                start: 0,
                end: 0,
                after_line: false,
            },
            ahead: Cell::new(None),
            pending: Vec::new(),
            last_end: 0,
            done: Vec::with_capacity(len / 6 + 8),
            kids: Vec::with_capacity(len / 6 + 8),
            stack: Vec::new(),
            depth: 0,
            fuel: len * 4 + 1000,
            lines_end: true,
            no_in: false,
            plain_patterns: false,
            after_less: false,
            in_parens: false,
            odd: Odd::default(),
        };
        if text.starts_with("#!") {
            let end = memchr::memchr(b'\n', text.as_bytes()).unwrap_or(len);
            parser.token.kind = K::HashBang;
            parser.token.end = u32::try_from(end).ok()?;
        } else {
            parser.read_from(0)?;
        }
        Some(parser)
    }

    /// Reads the token at `at` or behind what is to be skipped there.
    fn read_from(&mut self, at: usize) -> Parsed {
        self.fuel = self.fuel.checked_sub(1)?;
        if let Some((from, token)) = self.ahead.get()
            && from as usize == at
        {
            self.token = token;
            return Some(());
        }
        let (start, after_line) = lexer::skip(self.text, at, &mut self.pending)?;
        let (kind, end) = lexer::token(self.text, start)?;
        self.token = Token {
            kind,
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
            after_line,
        };
        Some(())
    }

    /// Whether the next token is a `kind`.
    #[inline(always)]
    pub fn at(&self, kind: K) -> bool {
        self.token.kind == kind
    }

    /// Whether the next token is one of `kinds`.
    pub fn at_any(&self, kinds: &[K]) -> bool {
        kinds.contains(&self.token.kind)
    }

    /// The token behind the next one.
    #[inline(always)]
    pub fn second(&self) -> Option<Token> {
        let from = self.token.end;
        match self.ahead.get() {
            Some((at, token)) if at == from => Some(token),
            _ => self.behind(from),
        }
    }

    /// The token at `at` or behind what is skipped there; the end of the file for what is none.
    pub fn behind(&self, at: u32) -> Option<Token> {
        let mut comments = Vec::new();
        let (start, after_line) = lexer::skip(self.text, at as usize, &mut comments)?;
        let found = lexer::token(self.text, start);
        let (kind, end) = found.unwrap_or((K::End, start));
        let token = Token {
            kind,
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
            after_line,
        };
        if at == self.token.end && comments.is_empty() && found.is_some() {
            self.ahead.set(Some((at, token)));
        }
        Some(token)
    }

    /// Where a node begins that takes the next token.
    #[inline(always)]
    pub fn mark(&mut self) -> Mark {
        self.take_comments(self.pending.len());
        Mark(self.stack.len())
    }

    fn take_comments(&mut self, count: usize) {
        for at in 0..count {
            let Comment { start, end } = self.pending[at];
            self.push(K::Comment, start, end);
        }
        self.pending.drain(..count);
    }

    #[inline(always)]
    fn push(&mut self, kind: K, start: u32, end: u32) {
        self.stack.push(index(self.done.len()));
        self.last_end = end;
        self.done.push(Done {
            kind,
            field: F::None,
            start,
            end,
            first: 0,
            count: 0,
        });
    }

    /// Takes the next token as it is.
    pub fn bump(&mut self) -> Parsed {
        self.bump_as(self.token.kind)
    }

    /// Takes the next token as a `kind`.
    pub fn bump_as(&mut self, kind: K) -> Parsed {
        let Token { start, end, .. } = self.token;
        self.leaf(kind, start, end)
    }

    /// Takes the text from `start`, where the next token begins, up to `end` as one token.
    pub fn leaf(&mut self, kind: K, start: u32, end: u32) -> Parsed {
        self.part(kind, start, end);
        self.read_from(end as usize)
    }

    /// The same, without reading what is behind it.
    #[inline(always)]
    pub fn part(&mut self, kind: K, start: u32, end: u32) {
        self.take_comments(self.pending.len());
        self.push(kind, start, end);
    }

    /// Goes on behind `end`, where the last [`Self::part`] ended.
    pub fn go_on(&mut self, end: u32) -> Parsed {
        self.read_from(end as usize)
    }

    /// Takes the next token, which must be a `kind`.
    pub fn expect(&mut self, kind: K) -> Parsed {
        if !self.at(kind) {
            return None;
        }
        self.bump()
    }

    /// Takes the next token if it is a `kind`.
    pub fn eat(&mut self, kind: K) -> Option<bool> {
        if self.at(kind) {
            self.bump()?;
            return Some(true);
        }
        Some(false)
    }

    /// Takes a question mark, if it is next. Whether it was; what is behind a comment there is for others.
    pub fn eat_question(&mut self) -> Option<bool> {
        let is = self.eat(K::Question)?;
        (!is || self.pending.is_empty()).then_some(is)
    }

    /// Makes a node of all that came since `mark`.
    pub fn finish(&mut self, kind: K, mark: Mark) {
        let below = &self.stack[mark.0..];
        let (Some(first), Some(last)) = (below.first(), below.last()) else {
            return;
        };
        let (start, end) = (self.done[*first as usize].start, self.done[*last as usize].end);
        let from = index(self.kids.len());
        self.kids.extend_from_slice(below);
        let count = index(self.kids.len()) - from;
        self.stack.truncate(mark.0);
        self.stack.push(index(self.done.len()));
        self.done.push(Done {
            kind,
            field: F::None,
            start,
            end,
            first: from,
            count,
        });
    }

    /// Makes a node of all that there is, up to the end of the text.
    pub fn finish_whole(&mut self, kind: K) {
        self.take_comments(self.pending.len());
        self.finish(kind, Mark(0));
        if let Some(at) = self.stack.last() {
            self.done[*at as usize].end = index(self.text.len());
        }
    }

    /// Says what the last finished node is to its parent.
    #[inline(always)]
    pub fn field(&mut self, field: F) {
        if let Some(at) = self.stack.last() {
            self.done[*at as usize].field = field;
        }
    }

    /// Says what the node that began at `mark` is to its parent.
    #[inline(always)]
    pub fn field_at(&mut self, mark: Mark, field: F) {
        if let Some(at) = self.stack.get(mark.0) {
            self.done[*at as usize].field = field;
        }
    }

    /// What the last finished node is.
    pub fn last_kind(&self) -> Option<K> {
        Some(self.done[*self.stack.last()? as usize].kind)
    }

    /// What the node that began at `mark` is.
    pub fn kind_at(&self, mark: Mark) -> Option<K> {
        Some(self.done[*self.stack.get(mark.0)? as usize].kind)
    }

    /// Where the node that began at `mark` begins in the text.
    pub fn start_of(&self, mark: Mark) -> u32 {
        let at = self.stack.get(mark.0);
        at.map_or(self.token.start, |at| self.done[*at as usize].start)
    }

    /// Makes the node that began at `mark` a `kind`.
    pub fn rename_at(&mut self, mark: Mark, kind: K) {
        if let Some(at) = self.stack.get(mark.0) {
            self.done[*at as usize].kind = kind;
        }
    }

    /// Where the last token or comment ended that was taken.
    pub fn last_end(&self) -> u32 {
        self.last_end
    }

    /// A place to come back to.
    pub fn place(&self) -> Place {
        Place {
            token: self.token,
            pending: self.pending.clone(),
            last_end: self.last_end,
            done: self.done.len(),
            kids: self.kids.len(),
            stack: self.stack.len(),
        }
    }

    /// Goes back to `place`; nothing that was finished before it was changed.
    pub fn back(&mut self, place: Place) {
        self.token = place.token;
        self.pending = place.pending;
        self.last_end = place.last_end;
        self.done.truncate(place.done);
        self.kids.truncate(place.kids);
        self.stack.truncate(place.stack);
    }

    /// One level deeper; gives up where that is too deep.
    pub fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let done = read(self);
        self.depth -= 1;
        done
    }

    /// Reads what stands in brackets, where no line ends a statement.
    pub fn enclosed(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.within(false, read)
    }

    /// Reads what stands between brackets, with commas between one and the next, and takes the one that closes.
    pub fn list(&mut self, close: K, one: impl Fn(&mut Self) -> Parsed) -> Parsed {
        self.enclosed(|p| {
            while !p.at(close) {
                one(p)?;
                if !p.eat(K::Comma)? {
                    break;
                }
            }
            p.expect(close)
        })
    }

    /// Reads the statements of a block.
    pub fn in_block(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.within(true, read)
    }

    fn within(&mut self, lines_end: bool, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        let after_less = std::mem::take(&mut self.after_less);
        let before = (self.lines_end, self.no_in, self.in_parens, self.odd.long_name);
        (self.lines_end, self.no_in, self.in_parens) = (lines_end, false, false);
        let done = self.deeper(read);
        (self.lines_end, self.no_in, self.in_parens, self.odd.long_name) = before;
        self.after_less = after_less;
        done
    }

    /// The end of a statement: a semicolon, or a place where one is put by itself.
    pub fn semicolon(&mut self) -> Parsed {
        self.end_of(true)
    }

    /// The end of a member: the same where no operator could stand.
    pub fn end_of(&mut self, in_code: bool) -> Parsed {
        if self.at(K::Semicolon) {
            return self.bump();
        }
        self.line_end(Some(in_code))?.then_some(())
    }

    /// Takes the semicolon that is put here by itself, with the comments that come before it. Whether there is one.
    fn line_end(&mut self, in_code: Option<bool>) -> Option<bool> {
        let mut at = self.last_end;
        for count in 0..=self.pending.len() {
            if lexer::is_statement_end(self.text, at as usize, in_code)? {
                self.take_comments(count);
                return Some(true);
            }
            match self.pending.get(count) {
                Some(comment) => at = comment.end,
                None => break,
            }
        }
        Some(false)
    }

    /// The same where a semicolon may be put and need not be, so that only comments before it show.
    pub fn optional_line_end(&mut self) -> Parsed {
        match self.line_end(None) {
            None if !self.pending.is_empty() => None,
            _ => Some(()),
        }
    }

    /// The entries of the tree whose root is the only node without a parent.
    pub fn entries(self, numbers: &Numbers) -> Option<Vec<Entry>> {
        let [root] = self.stack.as_slice() else {
            return None;
        };
        let mut out: Vec<Entry> = Vec::with_capacity(self.done.len());
        // Nodes to be written, with the entries of their parents; what ends a node comes behind its children.
        let mut todo: Vec<(u32, u32)> = vec![(*root, 0)];
        let mut open: Vec<(u32, usize)> = Vec::new();
        while let Some((node, parent)) = todo.pop() {
            while open.last().is_some_and(|(_, left)| *left > todo.len()) {
                let (at, _) = open.pop()?;
                out[at as usize].after = index(out.len());
            }
            let done = &self.done[node as usize];
            let at = index(out.len());
            let kind = numbers.kinds[done.kind as usize];
            if kind == 0 {
                return None;
            }
            out.push(Entry {
                kind,
                field: numbers.fields[done.field as usize],
                marks: if done.kind == K::Comment { Entry::EXTRA } else { 0 },
                start: done.start,
                end: done.end,
                parent,
                after: at + 1,
            });
            if done.count > 0 {
                if open.len() == MAX_LEVELS {
                    return None;
                }
                open.push((at, todo.len()));
                let kids = &self.kids[done.first as usize..(done.first + done.count) as usize];
                todo.extend(kids.iter().rev().map(|kid| (*kid, at)));
            }
        }
        let all = index(out.len());
        for (at, _) in open {
            out[at as usize].after = all;
        }
        Some(out)
    }
}

/// `len` as it is kept; texts are far shorter than 4 GiB.
fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
