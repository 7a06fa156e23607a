//! Syntax trees and structural patterns, for every programming language that has a grammar here.
//!
//! A thin layer over ast-grep, so that its types stand in one module. Parsing never fails: broken code gives
//! a tree with error nodes, which [`error_count`] counts, and so does code that is too long or too deep to be looked
//! at, which [`too_much`] tells from other broken code.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use ast_grep_core::AstGrep;
use ast_grep_core::language::Language;
use ast_grep_core::matcher::{Pattern, PatternBuilder, PatternError};
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use regex::{Captures, Regex};
use tree_sitter::{ParseOptions, ParseState, Parser};

use crate::entry::holds_statements;
use crate::recent::Recent;
use tenon_text::diag::Span;
use tenon_text::format::Indent;

/// What it takes to parse a language and to match patterns in it.
pub struct Grammar {
    /// The word for the language in `pack.toml` and on the command line.
    pub name: &'static str,
    /// The extensions of its source files, without dots.
    pub extensions: &'static [&'static str],
    /// The parser.
    pub parser: fn() -> TSLanguage,
    /// What `$` of a pattern's variable becomes: a letter of identifiers.
    pub variable: char,
    /// Whether `'a'` and `"a"` are the same string.
    pub both_quotes: bool,
    /// What stands around a call in a pattern, if the parser takes a call by itself for something else.
    pub call_within: Option<(&'static str, &'static str)>,
    /// How comments and strings of a fragment are told, and how lists are written.
    pub notation: Notation,
    /// What lines begin with that belong to the statement below them: comments, attributes.
    pub above: &'static [&'static str],
    /// Words that are no identifiers, or that name something that every object or module has, in order.
    pub reserved: &'static str,
    /// What the language has and its parser does not know yet: regular expressions, and what the parser gets in place of their matches, filled
    /// up with spaces, where it does not understand a text as it is.
    pub newer: &'static [(&'static str, &'static str)],
}

/// What is known of a language's notation without parsing: a fragment may be no code by itself.
pub struct Notation {
    /// What begins a comment that ends with its line.
    pub comment: &'static str,
    /// The marks that strings stand between, the longer ones first.
    pub quotes: &'static [&'static str],
    /// The one between which a backslash is itself.
    pub raw_quote: Option<&'static str>,
    /// The one that encloses a single character, and is something else otherwise: a lifetime.
    pub char_quote: Option<&'static str>,
    /// The indentation of a file that shows none.
    pub indent: Indent,
    /// Whether a list may stand in parentheses as well as in square brackets.
    pub tuples: bool,
    /// The brackets between which a comma may stand behind the last entry.
    pub last_comma: &'static str,
    /// Words that may declare several things at once, in parentheses.
    pub grouping: &'static [&'static str],
    /// Whether its formatter sets what follows a name in columns.
    pub columns: bool,
    /// Whether the last expression of a block, without a semicolon, is its value.
    pub block_values: bool,
    /// Whether the fields of a type are parted by commas.
    pub comma_fields: bool,
    /// The words or the sign that declare a variable of a block in braces.
    pub declares: &'static [&'static str],
    /// The word that ends a block, in a language whose blocks no bracket closes.
    pub block_end: Option<&'static str>,
    /// Whether a name alone at the end of a function is its value.
    pub name_values: bool,
    /// Functions whose calls import.
    pub import_calls: &'static [&'static str],
    /// What begins a list in brackets whose elements are words parted by space.
    pub word_lists: &'static [&'static str],
    /// Whether types have arguments in angle brackets. Elsewhere `<` compares, or is half of another sign, and may stand very often.
    pub angle_types: bool,
}

/// How often what is newer than its parser is looked for in one place.
const MAX_NEWER: usize = 4;

/// The longest code that is looked at, in bytes. What people write is shorter; what programs write is mostly shorter, too.
pub const MAX_SIZE: usize = 768 << 10;
/// The most words and signs that it may have: a parser takes about a kilobyte for each. In code that programs write they have more than three bytes
/// in the mean.
const MAX_WORDS: usize = 256_000;
/// The deepest tree that is looked at. Chains of calls and sums of strings are as deep as they are long.
pub const MAX_DEPTH: usize = 10_000;
/// How many `<` may be open in a statement: each may begin a list of types, or compare.
const MAX_ANGLES: usize = 2_000;
/// How many steps a parser may take, in hundreds. For each word or sign of code that people write it takes at most six, so that [`MAX_WORDS`] of them come
/// to three quarters of it.
const MAX_STEPS: usize = 20_000;
/// The same for broken code: behind a syntax error it tries what might be meant, and steps take longer and longer.
const MAX_BROKEN_STEPS: usize = 2_000;
/// A lexer may look ahead as far as it wants, and does so for each line of a long comment, or each string that does not end. It is given
/// so many bytes at once, which are counted.
const CHUNK: usize = 4 << 10;
/// How many chunks it may ask for beyond some for each chunk of the text: 1,000 lines of comments in a row take about half of them.
const MAX_CHUNKS: usize = 8_000;
/// How many it may ask for, for each chunk of the text.
const CHUNKS_PER_CHUNK: usize = 16;

/// How many texts are remembered with their trees.
const REMEMBERED: usize = 32;
/// How long they may be together, in bytes; the last one is remembered in any case.
const REMEMBERED_SIZE: usize = 2 << 20;

/// Longer texts are parsed one after the other: a thread that waited may then know that it is too much, and not all take the memory at once.
const LONG: usize = 256 << 10;

/// What was too much once is not tried again, by hash.
static REFUSED: LazyLock<Mutex<HashMap<u64, TooMuch>>> = LazyLock::new(Mutex::default);
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);
static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    /// The steps of this thread so far: of parsers, in hundreds, of their lexers, in chunks, and of the search for entries.
    static STEPS: Cell<u64> = const { Cell::new(0) };
    static PARSERS: RefCell<HashMap<&'static str, Parser>> = RefCell::default();
    static RECENT: RefCell<Recent<Tree>> = const { RefCell::new(Recent::new(REMEMBERED, REMEMBERED_SIZE)) };
}

/// Counts steps of this thread.
pub(crate) fn count_steps(steps: usize) {
    STEPS.set(STEPS.get().saturating_add(steps as u64));
}

/// How many steps parsing and searching have taken in this thread so far: what a cost that grows too fast is told by.
pub fn steps() -> u64 {
    STEPS.get()
}

/// A parsed file.
#[derive(Clone)]
pub struct Tree(Rc<AstGrep<StrDoc<&'static Grammar>>>);

/// A node of a parsed file.
pub type Node<'t> = ast_grep_core::Node<'t, StrDoc<&'static Grammar>>;

/// What stands in a field of `node`; nothing if it has none.
pub fn said(node: &Node<'_>, field: &str) -> String {
    let field = node.field(field);
    field.map_or(String::new(), |field| field.text().into_owned())
}

/// What stands in the list that a field of `node` is; nothing if it has none.
pub fn listed<'t>(node: &Node<'t>, list: &str) -> Vec<Node<'t>> {
    node.field(list).map_or(vec![], |list| inner(&list))
}

/// The children of `node` that are neither signs nor comments.
pub fn inner<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    let all = node.children();
    all.filter(|child| child.is_named() && !child.kind().contains("comment"))
        .collect()
}

/// The statement below `root` that holds a span; `root` if none does.
pub fn statement<'t>(root: &Node<'t>, span: Span) -> Node<'t> {
    let (mut node, mut found) = (root.clone(), root.clone());
    loop {
        let holds = |child: &Node<'t>| child.range().start <= span.start && span.end <= child.range().end;
        let Some(child) = node.children().find(holds) else {
            return found;
        };
        if node.parent().is_none() || holds_statements(&node.kind()) {
            found = child.clone();
        }
        node = child;
    }
}

impl Tree {
    /// The node of the whole file.
    pub fn root(&self) -> Node<'_> {
        self.0.root()
    }

    /// The text that was parsed.
    pub fn source(&self) -> &str {
        self.0.source()
    }
}

impl Grammar {
    /// Parses `source`. The last texts are remembered, with their trees: a file is looked at by several steps
    /// in a row, and the same types and bodies come back method by method.
    pub fn parse(&'static self, source: &str) -> Tree {
        if let Some(tree) = RECENT.with_borrow_mut(|recent| recent.get(self.name, source)) {
            return tree;
        }
        let tree = self.bounded(source);
        RECENT.with_borrow_mut(|recent| recent.put(self.name, source, tree.clone()));
        tree
    }

    /// The tree of `source`, or one that is broken and has positions of `source`.
    fn bounded(&'static self, source: &str) -> Tree {
        let id = || HASHES.hash_one((self.name, source));
        let _turn = (source.len() > LONG).then(|| locked(&TURN));
        let known = {
            let refused = locked(&REFUSED);
            (!refused.is_empty())
                .then(|| refused.get(&id()).copied())
                .flatten()
        };
        let too_much = if let Some(known) = known {
            known
        } else if source.len() > MAX_SIZE || has_more_words(source, MAX_WORDS) {
            TooMuch::Long
        } else if opens_deeper(source, MAX_DEPTH, self.notation.angle_types) {
            TooMuch::Deep
        } else {
            match self.within_limits(source) {
                Ok(tree) => return tree,
                Err(too_much) => too_much,
            }
        };
        locked(&REFUSED).insert(id(), too_much);
        // One character in place of all, where the text has one byte too.
        let at = source.bytes().position(|byte| byte.is_ascii()).unwrap_or(0);
        let broken = format!("{}{}", " ".repeat(at), too_much.stand_in());
        Tree(Rc::new(self.ast_grep(broken)))
    }

    /// The tree of `source`, if it takes no more than [`MAX_STEPS`] and has no more levels than [`MAX_DEPTH`].
    fn within_limits(&'static self, source: &str) -> Result<Tree, TooMuch> {
        let is_sound = |tree: &tree_sitter::Tree| !tree.root_node().has_error();
        let tree = self.read(source.as_bytes());
        let known = match tree.as_ref().is_some_and(is_sound) {
            true => None,
            false => known_to_parser(self.newer, source),
        };
        let known = known.and_then(|known| self.read(known.as_bytes()).filter(is_sound));
        let tree = known.or(tree).ok_or(TooMuch::Hard)?;
        if is_deeper(&tree, MAX_DEPTH) {
            return Err(TooMuch::Deep);
        }
        Ok(Tree(Rc::new(AstGrep::doc(StrDoc {
            src: source.to_owned(),
            lang: self,
            tree,
        }))))
    }

    /// What the parser makes of `bytes`; nothing if it takes too many steps.
    fn read(&'static self, bytes: &[u8]) -> Option<tree_sitter::Tree> {
        let (mut steps, mut chunks) = (0_usize, 0_usize);
        let tree = PARSERS.with_borrow_mut(|parsers| {
            let parser = match parsers.entry(self.name) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let mut parser = Parser::new();
                    parser.set_language(&(self.parser)()).ok()?;
                    place.insert(parser)
                }
            };
            parser.reset();
            let mut step = |state: &ParseState| {
                steps += 1;
                if steps > MAX_STEPS || (steps > MAX_BROKEN_STEPS && state.has_error()) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let options = ParseOptions::new().progress_callback(&mut step);
            let most = MAX_CHUNKS + CHUNKS_PER_CHUNK * (bytes.len() / CHUNK);
            let tree = parser.parse_with_options(
                &mut |at, _| {
                    chunks += 1;
                    // Once it has had enough the text ends for it.
                    let end = if chunks > most {
                        at
                    } else {
                        bytes.len().min(at + CHUNK)
                    };
                    bytes.get(at..end).unwrap_or_default()
                },
                None,
                Some(options),
            );
            tree.filter(|_| chunks <= most)
        });
        count_steps(steps + chunks);
        tree
    }
}

/// `source` with what its parser knows in place of what is `newer`, each at its place; nothing if there is no such code.
fn known_to_parser(newer: &[(&str, &str)], source: &str) -> Option<String> {
    let mut text = Cow::Borrowed(source);
    for (pattern, known) in newer {
        let pattern = Regex::new(pattern).ok()?;
        // One match may hold several places.
        for _ in 0..MAX_NEWER {
            let Cow::Owned(after) = pattern.replace_all(&text, |found: &Captures<'_>| {
                let mut out = String::new();
                found.expand(known, &mut out);
                let missing = found[0].len().saturating_sub(out.len());
                out.extend(std::iter::repeat_n(' ', missing));
                out
            }) else {
                break;
            };
            text = Cow::Owned(after);
        }
    }
    match text {
        Cow::Owned(text) if text.len() == source.len() => Some(text),
        _ => None,
    }
}

/// What `mutex` holds; what panicked while it was held has left it as it should be.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether `source` has more than `max` words and signs.
fn has_more_words(source: &str, max: usize) -> bool {
    if source.len() <= max {
        return false;
    }
    let (mut words, mut inside) = (0_usize, false);
    source.bytes().any(|byte| {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
        words += usize::from(if is_word {
            !inside
        } else {
            !byte.is_ascii_whitespace()
        });
        inside = is_word;
        words > max
    })
}

/// Whether more than `max` brackets are open somewhere in `source`, those in strings and comments counted too, or more than [`MAX_ANGLES`] in a
/// statement. A parser keeps what it has read of each of them, some of them in several ways at once, so that it is not asked.
fn opens_deeper(source: &str, max: usize, angle_types: bool) -> bool {
    if source.len() <= max.min(MAX_ANGLES) {
        return false;
    }
    let (mut open, mut angles) = (0_usize, 0_usize);
    source.bytes().any(|byte| {
        match byte {
            b'(' | b'[' => open += 1,
            b'{' => (open, angles) = (open + 1, 0),
            b')' | b']' => open = open.saturating_sub(1),
            b'}' => (open, angles) = (open.saturating_sub(1), 0),
            b';' => angles = 0,
            b'<' if angle_types => angles += 1,
            b'>' => angles = angles.saturating_sub(1),
            _ => {}
        }
        open > max || angles > MAX_ANGLES
    })
}

/// Whether `tree` has more levels than `max`.
fn is_deeper(tree: &tree_sitter::Tree, max: usize) -> bool {
    // Each level but the root has a node of its own.
    if tree.root_node().descendant_count() <= max {
        return false;
    }
    let mut cursor = tree.walk();
    let mut depth = 0;
    loop {
        if cursor.goto_first_child() {
            depth += 1;
            if depth > max {
                return true;
            }
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
            depth -= 1;
        }
    }
}

/// Why code is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// It has too many bytes, or too many words.
    Long,
    /// Its syntax tree is nested too deep.
    Deep,
    /// The parser took too many steps, or its lexer looked at the text too often.
    Hard,
}

impl TooMuch {
    const ALL: [Self; 3] = [Self::Long, Self::Deep, Self::Hard];

    /// What stands in place of the code.
    fn stand_in(self) -> &'static str {
        match self {
            Self::Long => "(",
            Self::Deep => "[",
            Self::Hard => "{",
        }
    }
}

/// What is wrong with `source`, if `tree` was made without it: it is too long, too deep, or so broken that a parser
/// finds no end.
pub fn too_much(source: &str, tree: &Tree) -> Option<String> {
    let parsed = tree.source().trim_start();
    let why = TooMuch::ALL.into_iter().find(|why| why.stand_in() == parsed)?;
    if source.trim() == parsed {
        return None;
    }
    Some(match why {
        TooMuch::Long => format!(
            "the file has more than {} KiB, or more than {MAX_WORDS} words and signs",
            MAX_SIZE >> 10
        ),
        TooMuch::Deep => format!("the code is nested more than {MAX_DEPTH} levels deep"),
        TooMuch::Hard => "the file takes too many steps to parse: it has syntax errors, strings that do not end, or very many lines of \
                          comments in a row"
            .to_owned(),
    })
}

impl Language for &'static Grammar {
    fn kind_to_id(&self, kind: &str) -> u16 {
        self.get_ts_language().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        let id = self.get_ts_language().field_id_for_name(field);
        id.map(std::num::NonZero::get)
    }

    fn expando_char(&self) -> char {
        self.variable
    }

    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        if self.expando_char() == '$' {
            return Cow::Borrowed(query);
        }
        // `$NAME`, `$_` and `$$$NAME` are written with a letter that the grammar takes for an identifier.
        let mut out = String::with_capacity(query.len() + 8);
        let mut rest = query;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            let dollars = tail.len() - tail.trim_start_matches('$').len();
            let next = tail[dollars..].chars().next();
            let is_variable = next.is_some_and(|c| c.is_ascii_uppercase() || c == '_') || dollars == 3;
            let with = if is_variable { self.variable } else { '$' };
            out.extend(std::iter::repeat_n(with, dollars));
            rest = &tail[dollars..];
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    fn build_pattern(&self, builder: &PatternBuilder) -> Result<Pattern, PatternError> {
        builder.build(|source| StrDoc::try_new(source, *self))
    }
}

impl LanguageExt for &'static Grammar {
    fn get_ts_language(&self) -> TSLanguage {
        (self.parser)()
    }
}

/// Whether `node` or anything below it is an error or missing.
pub fn has_errors(node: &Node<'_>) -> bool {
    node.get_inner_node().has_error()
}

/// How many error and missing nodes the tree has; an edit that makes it grow is refused.
pub fn error_count(tree: &Tree) -> usize {
    let root = tree.root();
    if !has_errors(&root) {
        return 0;
    }
    root.dfs()
        .filter(|node| node.is_error() || node.is_missing())
        .count()
}

/// Where the first error of the tree stands; nothing if it has none.
pub fn first_error(tree: &Tree) -> Option<Span> {
    let root = tree.root();
    if !has_errors(&root) {
        return None;
    }
    let mut errors = root.dfs().filter(|node| node.is_error() || node.is_missing());
    let at = errors.next()?.range().start;
    // The root begins where the first token does, so its own text would not do.
    let source = tree.source();
    let line = source
        .get(at..)
        .and_then(|rest| rest.lines().next())
        .map_or(0, str::len);
    Some(Span::new(at, (at + line.max(1)).min(source.len()).max(at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::go::grammar::GRAMMAR as GO;
    use crate::languages::python::grammar::GRAMMAR as PYTHON;
    use crate::languages::ruby::grammar::GRAMMAR as RUBY;
    use crate::languages::rust::grammar::GRAMMAR as RUST;
    use crate::languages::typescript::grammar::GRAMMAR as TYPESCRIPT;

    #[test]
    fn patterns_match_in_every_grammar() {
        let cases = [
            (
                &TYPESCRIPT,
                "export * as A from './a';",
                "export * as $NS from '$PATH'",
            ),
            (&PYTHON, "register(A, b)\n", "register($A, $B)"),
            (&RUST, "fn main() { add(a, b); }", "add($A, $$$)"),
            (&RUBY, "Kit.register :a, A\n", "Kit.register $NAME, $_"),
        ];
        for (grammar, source, pattern) in cases {
            let tree = grammar.parse(source);
            let pattern = Pattern::try_new(pattern, grammar).unwrap();
            assert!(tree.root().find(pattern).is_some(), "{}", grammar.name);
        }
    }

    #[test]
    fn code_that_is_too_much_is_broken_and_says_so() {
        let deep = |text: &str| format!("é{}", text.repeat(50_000));
        let cases = [
            (&TYPESCRIPT, deep("[")),
            (&TYPESCRIPT, deep("1 + ")),
            (&TYPESCRIPT, format!("{}a", " ".repeat(MAX_SIZE))),
            (&GO, deep("(")),
            (&PYTHON, deep("- ")),
            (&RUST, deep("!")),
            (&RUBY, deep("[")),
            (&RUBY, deep("a { ")),
            (&RUBY, deep("\"#{")),
        ];
        for (grammar, text) in cases {
            let tree = grammar.parse(&text);
            assert!(error_count(&tree) > 0);
            let at = first_error(&tree).unwrap();
            assert!(text.get(at.start..at.end).is_some(), "{at:?}");
        }
        let tree = TYPESCRIPT.parse(&format!("{}1;", "1 + ".repeat(12_000)));
        let said = too_much("1 + 1 ...", &tree).unwrap();
        assert_eq!(said, "the code is nested more than 10000 levels deep");
        let tree = TYPESCRIPT.parse("(");
        assert_eq!(too_much("(", &tree), None);
        let sum = format!("{}1;", "1 + ".repeat(5000));
        assert_eq!(error_count(&TYPESCRIPT.parse(&sum)), 0);
    }

    #[test]
    fn code_of_which_a_parser_would_keep_too_much_is_not_parsed() {
        let long = "the file has more than 768 KiB, or more than 256000 words and signs";
        let deep = "the code is nested more than 10000 levels deep";
        for (grammar, text, why) in [
            (&GO, "f(".repeat(20_000), deep),
            (&PYTHON, "{1:".repeat(20_000), deep),
            (&RUST, "a<".repeat(3_000), deep),
            (&RUST, format!("const A: A = {}1;", "!".repeat(300_000)), long),
            (&GO, "`\n".repeat(300_000), long),
            (&PYTHON, "é ".repeat(260_000), long),
        ] {
            let before = steps();
            let tree = grammar.parse(&text);
            assert_eq!(too_much(&text, &tree).as_deref(), Some(why), "{}", grammar.name);
            // What stands in its place is parsed.
            assert!(steps() - before < 10, "{} steps", steps() - before);
        }
        // Where no types have arguments, `<` may stand as often as it likes.
        let appended = "list << 1\n".repeat(3_000);
        for grammar in [&PYTHON, &RUBY] {
            assert_eq!(
                too_much(&appended, &grammar.parse(&appended)),
                None,
                "{}",
                grammar.name
            );
        }
        // As dense as what programs write.
        let dense = "const value_of_it = 1234567;\n".repeat(20_000);
        assert_eq!(error_count(&TYPESCRIPT.parse(&dense)), 0);
        let braces = format!("{}{}", "{ a(); }\n".repeat(20_000), "// {\n".repeat(900));
        assert_eq!(error_count(&TYPESCRIPT.parse(&braces)), 0);
    }

    #[test]
    fn a_lexer_that_looks_ahead_again_and_again_is_stopped() {
        for (grammar, text) in [
            (
                &PYTHON,
                format!("a = 1\n{}", "# one of very many lines\n".repeat(20_000)),
            ),
            (&RUST, format!("const A: u8 = 1;\n{}", "r#\"".repeat(60_000))),
        ] {
            let tree = grammar.parse(&text);
            let said = too_much(&text, &tree).unwrap_or_else(|| panic!("{}", grammar.name));
            assert!(
                said.starts_with("the file takes too many steps to parse"),
                "{said}"
            );
        }
        // A parser may go several ways at once: here it takes twenty steps for each word.
        let ends = "end\n".repeat(190_000);
        let said = too_much(&ends, &RUBY.parse(&ends)).unwrap();
        assert!(
            said.starts_with("the file takes too many steps to parse"),
            "{said}"
        );
        // What people comment out is read.
        let sound = format!(
            "a = 1\n{}b = 2\n",
            "# a line of a comment of some length\n".repeat(1_000)
        );
        assert_eq!(error_count(&PYTHON.parse(&sound)), 0);
    }

    #[test]
    fn errors_are_counted() {
        assert_eq!(error_count(&TYPESCRIPT.parse("const a = 1;")), 0);
        assert!(error_count(&TYPESCRIPT.parse("const = = {")) > 0);
        for source in [
            "const a = 1;",
            "const = = {",
            "f(a",
            "if (a) {",
            "a b c",
            "class A { x( }",
        ] {
            let tree = TYPESCRIPT.parse(source);
            let root = tree.root();
            let nodes = root.dfs().filter(|node| node.is_error() || node.is_missing());
            assert_eq!(error_count(&tree), nodes.count(), "{source}");
        }
    }
}
