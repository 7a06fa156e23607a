//! A shared file: its text, tokens and tree, made once and asked by all members.

use std::sync::OnceLock;

use tenon_text::diag::Span;
use tenon_text::format::{Indent, line_end, line_start};
use tenon_text::manifest::{ManifestFormat, Parsed};
use tenon_text::names::extension;

use super::nodes::{self, Id, Node, Parts};
use super::tables::CONTAINERS;
use super::tokens::{Place, Token, group_ends, lex, unquote};
use super::variables::{self, Values};
use crate::language::Lang;
use crate::languages;
use crate::tree::{Notation, error_count};

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Source code.
    Code(Lang),
    /// A component: its `<script>` is TypeScript or JavaScript, the rest is read by lines.
    Component,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML; what is no valid YAML is read by lines.
    Yaml,
    /// XML; what is no XML that can be read is read by lines.
    Xml,
    /// Markdown, by lines and sections.
    Markdown,
    /// Any other text, by lines; this begins a comment on a line of its own.
    Text(&'static str),
}

impl Syntax {
    /// Whether it is a programming language.
    pub fn is_code(self) -> bool {
        matches!(self, Self::Code(_) | Self::Component)
    }

    /// The syntax of a file, by its name.
    pub fn of(path: &str) -> Self {
        if let Some(grammar) = Lang::of_path(path) {
            return Self::Code(grammar);
        }
        match extension(path).unwrap_or_default() {
            "json" | "jsonc" => Self::Json,
            "toml" => Self::Toml,
            "yaml" | "yml" => Self::Yaml,
            "md" | "mdx" | "markdown" => Self::Markdown,
            "vue" | "svelte" => Self::Component,
            "xml" => Self::Xml,
            "html" | "htm" | "svg" => Self::Text("<!--"),
            "c" | "h" | "cc" | "cpp" | "hpp" | "kt" | "kts" | "swift" | "cs" | "php" | "scala" | "gradle"
            | "proto" | "jsx" | "tsx" | "css" | "scss" | "mod" => Self::Text("//"),
            _ => Self::Text("#"),
        }
    }

    /// Whether entries are nodes of a tree; else they are lines.
    pub(super) fn has_tree(self) -> bool {
        !matches!(self, Self::Markdown | Self::Text(_))
    }

    /// What is known of the notation of code.
    pub(super) fn notation(self) -> Option<&'static Notation> {
        match self {
            Self::Code(language) => Some(language.notation()),
            _ => None,
        }
    }

    pub(super) fn manifest(self) -> Option<ManifestFormat> {
        match self {
            Self::Json => Some(ManifestFormat::Json),
            Self::Toml => Some(ManifestFormat::Toml),
            Self::Yaml => Some(ManifestFormat::Yaml),
            Self::Xml => Some(ManifestFormat::Xml),
            _ => None,
        }
    }
}

/// The longest file with a list that is looked at, in bytes; code has a limit of its own.
const MAX_SIZE: usize = 1 << 20;

/// A file that is read and changed by example.
#[derive(Debug)]
pub struct Document {
    pub(super) text: String,
    pub(super) syntax: Syntax,
    pub(super) tokens: Vec<Token>,
    /// For each token the one that ends the brackets around it.
    ends: Vec<usize>,
    /// The tokens in the order of what they say, and of their places.
    by_text: OnceLock<Vec<usize>>,
    /// Sorted; none inside another.
    pub(super) comments: Vec<Span>,
    pub(super) nodes: Vec<Node>,
    /// The variables that are passed on, and what stands for each.
    pub(super) values: Values,
    /// What the tree covers; all else is read by lines.
    pub(super) tree: Span,
    pub(super) errors: usize,
    problem: Option<String>,
    /// The indentation of a file that shows none.
    pub(super) unit: Option<Indent>,
}

impl Document {
    /// Cuts `text` into tokens and parses it. Never fails: what cannot be parsed is a [`Self::problem`].
    pub fn new(text: impl Into<String>, syntax: Syntax) -> Self {
        let text: String = text.into();
        if text.len() > MAX_SIZE {
            let why = format!("the file has more than {} MiB", MAX_SIZE >> 20);
            return Self {
                problem: Some(why),
                ..Self::of_fragment(&text, syntax, vec![])
            };
        }
        let (mut parts, mut tree, mut problem, mut errors) =
            (Parts::default(), Span::new(0, text.len()), None, 0);
        let marks: &[&str] = match syntax {
            Syntax::Json => &["//", "/*"],
            Syntax::Xml => &["<!--"],
            _ => &["#"],
        };
        let parsed = match syntax {
            Syntax::Code(grammar) => nodes::parse(grammar, &text).map(|tree| {
                errors = error_count(&tree);
                nodes::of_code(&tree)
            }),
            Syntax::Component => {
                tree = script(&text);
                nodes::parse(languages::SCRIPT, &blank_outside(&text, tree)).map(|tree| {
                    errors = error_count(&tree);
                    nodes::of_code(&tree)
                })
            }
            Syntax::Markdown | Syntax::Text(_) => Err(String::new()),
            Syntax::Json | Syntax::Toml | Syntax::Yaml | Syntax::Xml => {
                let body = tenon_text::format::split_bom(&text).1.len();
                let format = syntax.manifest().unwrap_or(ManifestFormat::Yaml);
                Parsed::parse(&text[text.len() - body..], format, "")
                    .map(|parsed| {
                        let mut pieces = parsed.outline();
                        for piece in &mut pieces {
                            piece.span.start += text.len() - body;
                            piece.span.end += text.len() - body;
                        }
                        nodes::of_manifest(&text, pieces, marks, syntax == Syntax::Yaml)
                    })
                    .map_err(|error| error.message().to_owned())
            }
        };
        match parsed {
            Ok(found) => parts = found,
            Err(why) => {
                tree = Span::new(0, 0);
                // A YAML file of several documents, a template, or XML that declares entities has lines all the same.
                if !why.is_empty() && !matches!(syntax, Syntax::Yaml | Syntax::Xml) {
                    problem = Some(why);
                }
            }
        }
        if tree.end < text.len() || parts.nodes.is_empty() {
            parts.comments.extend(comments(&text, syntax, tree));
            parts.comments.sort_unstable();
            parts.comments.dedup_by(|inner, outer| inner.end <= outer.end);
        }
        let mut tokens = lex(&text, &parts.comments, &parts.strings, syntax.has_tree());
        if syntax == Syntax::Yaml {
            unquote(&mut tokens);
        }
        nodes::with_tokens(&mut parts.nodes, &tokens, &text);
        let ends = group_ends(&text, &tokens);
        Self {
            values: variables::values(
                &text,
                (&tokens, &ends),
                syntax.notation().map_or(&[], |notation| notation.declares),
            ),
            ends,
            by_text: OnceLock::new(),
            text,
            syntax,
            tokens,
            comments: parts.comments,
            nodes: parts.nodes,
            tree,
            errors,
            problem,
            unit: None,
        }
    }

    /// The tokens of an entry that stands nowhere yet.
    pub(super) fn of_fragment(text: &str, syntax: Syntax, tokens: Vec<Token>) -> Self {
        Self {
            ends: group_ends(text, &tokens),
            by_text: OnceLock::new(),
            text: text.to_owned(),
            syntax,
            tokens,
            comments: vec![],
            nodes: vec![],
            values: Values::new(),
            tree: Span::new(0, text.len()),
            errors: 0,
            problem: None,
            unit: None,
        }
    }

    /// The same, where `unit` is the indentation of a file that shows none.
    #[must_use]
    pub fn indented(mut self, unit: Indent) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the text is read.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Why the text is not understood at all: it is no valid manifest, or too long or nested too deep.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whether what stands at `span` is code, and no comment and no string.
    pub fn is_code_at(&self, span: Span) -> bool {
        let after = self.tokens.partition_point(|token| token.start <= span.start);
        let token = after.checked_sub(1).map(|at| &self.tokens[at]);
        self.syntax.is_code()
            && token.is_some_and(|token| token.place == Place::Code && span.start < token.end)
    }

    pub(super) fn token(&self, at: usize) -> &str {
        let token = &self.tokens[at];
        &self.text[token.start..token.end]
    }

    /// The token if it is a sign or word of code.
    pub(super) fn code(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at)?;
        (token.place == Place::Code).then(|| &self.text[token.start..token.end])
    }

    /// The token that closes the brackets around the one at `at`: for an opening bracket those around it, for a closing one itself. The
    /// number of tokens if it stands in none.
    pub(super) fn group_end(&self, at: usize) -> usize {
        self.ends.get(at).copied().unwrap_or(self.tokens.len())
    }

    /// The tokens that say `said`, in the order of the text.
    pub(super) fn tokens_saying(&self, said: &str) -> &[usize] {
        let by_text = self.by_text.get_or_init(|| {
            let mut all: Vec<usize> = (0..self.tokens.len()).collect();
            all.sort_by(|a, b| self.token(*a).cmp(self.token(*b)));
            all
        });
        let from = by_text.partition_point(|at| self.token(*at) < said);
        let count = by_text[from..].partition_point(|at| self.token(*at) == said);
        &by_text[from..from + count]
    }

    /// The comment in which a byte stands.
    pub(super) fn comment_at(&self, byte: usize) -> Option<Span> {
        let behind = self.comments.partition_point(|span| span.start <= byte);
        let span = self.comments[..behind].last()?;
        (byte < span.end).then_some(*span)
    }

    /// The last token that begins before a byte.
    pub(super) fn token_before(&self, byte: usize) -> Option<&Token> {
        self.token_at(byte).checked_sub(1).map(|at| &self.tokens[at])
    }

    /// The first token at or behind a byte.
    pub(super) fn token_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.start < byte)
    }

    /// The nodes directly in `id` that have tokens.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let end = self.nodes[id].next;
        let mut at = id + 1;
        std::iter::from_fn(move || {
            while at < end {
                let this = at;
                at = self.nodes[at].next.max(at + 1);
                if self.nodes[this].first < self.nodes[this].last {
                    return Some(this);
                }
            }
            None
        })
    }

    /// The innermost node that holds the tokens from `first` to before `last`.
    pub(super) fn around(&self, first: usize, last: usize) -> Id {
        let start = self.tokens[first].start;
        let mut id = self
            .nodes
            .partition_point(|node| node.start <= start)
            .saturating_sub(1);
        while id > 0
            && (self.nodes[id].first > first
                || self.nodes[id].last < last
                || self.nodes[id].first == self.nodes[id].last)
        {
            id = self.nodes[id].parent;
        }
        id
    }

    pub(super) fn is_container(&self, id: Id) -> bool {
        id == 0 || (self.nodes[id].named && self.nodes[id].is_one(CONTAINERS))
    }

    /// Whether the tree covers these bytes.
    pub(super) fn in_tree(&self, span: Span) -> bool {
        !self.nodes.is_empty() && self.tree.start <= span.start && span.end <= self.tree.end
    }

    /// The line end that the line at `offset` has, or the usual one on the last line.
    pub(super) fn eol(&self, offset: usize) -> &'static str {
        let end = line_end(&self.text, offset);
        match self.text.as_bytes()[end..] {
            [b'\r', ..] => "\r\n",
            [b'\n', ..] => "\n",
            _ => tenon_text::format::Eol::detect(&self.text).as_str(),
        }
    }

    /// The text between two bytes, without comments and the space before them.
    pub(super) fn without_comments(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        let mut done = from;
        let first = self.comments.partition_point(|span| span.end <= from);
        for comment in self.comments[first..].iter().take_while(|span| span.start < to) {
            out.push_str(&self.text[done..comment.start.max(done)]);
            let on_own_line = out.rfind('\n').is_some_and(|at| out[at..].trim().is_empty());
            out.truncate(out.trim_end_matches([' ', '\t']).len());
            if on_own_line {
                out.truncate(
                    out.strip_suffix('\n')
                        .map_or(out.len(), |rest| rest.trim_end_matches('\r').len()),
                );
            }
            // Some grammars count the line end to the comment.
            let end = comment.end.min(to);
            let held = &self.text[comment.start..end];
            done = comment.start + held.trim_end_matches(['\n', '\r']).len();
            done = done.max(from);
        }
        out.push_str(&self.text[done.min(to)..to]);
        out
    }

    /// Whether only space, comments and a separator stand between `from` and the end of its line.
    pub(super) fn ends_line(&self, from: usize, mark: &str) -> bool {
        let rest = self.without_comments(from, line_end(&self.text, from).max(from));
        let rest = rest.trim();
        rest.is_empty() || rest == mark || matches!(rest, "," | ";")
    }

    /// Whether only space stands before `at` on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        self.text[line_start(&self.text, at)..at]
            .trim_matches(['\u{feff}', ' ', '\t'])
            .is_empty()
    }
}

/// Where the code of the first `<script>` stands.
fn script(text: &str) -> Span {
    let open = text
        .find("<script")
        .and_then(|at| Some(at + text[at..].find('>')? + 1));
    let close = open.and_then(|open| Some(open + text[open..].find("</script>")?));
    Span::new(open.unwrap_or(0), close.or(open).unwrap_or(0))
}

/// `text` with blanks outside of `span`, as long as before.
fn blank_outside(text: &str, span: Span) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if (span.start..span.end).contains(&at) || c == '\n' {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
    out
}

/// The comments of text without a tree: `<!-- -->`, blocks of code in Markdown, lines that begin with the mark.
fn comments(text: &str, syntax: Syntax, tree: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut done = 0;
    if !matches!(syntax, Syntax::Yaml) {
        while let Some(at) = text[done..].find("<!--").map(|at| at + done) {
            let end = text[at..].find("-->").map_or(text.len(), |end| at + end + 3);
            if end <= tree.start || at >= tree.end {
                out.push(Span::new(at, end));
            }
            done = end;
        }
    }
    let (mut at, mut fence): (usize, Option<(usize, &str)>) = (0, None);
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let end = at + line.trim_end_matches(['\n', '\r']).len();
        if syntax == Syntax::Markdown {
            let mark = ["```", "~~~"].into_iter().find(|mark| words.starts_with(mark));
            match (fence, mark) {
                (None, Some(mark)) => fence = Some((at, mark)),
                (Some((start, open)), Some(mark))
                    if open == mark && words.trim_matches(['`', '~']).is_empty() =>
                {
                    out.push(Span::new(start, end));
                    fence = None;
                }
                _ => {}
            }
        } else {
            let mark = match syntax {
                Syntax::Text(mark) => mark,
                Syntax::Xml => "<!--",
                _ => "#",
            };
            if mark != "<!--" && syntax != Syntax::Component && words.starts_with(mark) {
                out.push(Span::new(at + line.len() - line.trim_start().len(), end));
            }
        }
        at += line.len();
    }
    out.extend(fence.map(|(start, _)| Span::new(start, text.len())));
    out.sort_unstable();
    out
}
