//! `oxc_parser` behind a fence: no text is too long or too deep for it.

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use super::grammar::GRAMMAR;
use crate::tree::{MAX_SIZE, first_error};
use tenon_text::diag::Span;
use tenon_text::names::extension;

/// The parser calls itself for each level of code. Up to this length the stack is made large enough for the deepest code that
/// such a text can hold. A longer text is read if tree-sitter, which needs no stack, finds no error in it and no more than
/// [`crate::tree::MAX_DEPTH`] levels.
const MAX_UNCHECKED: usize = 128 << 10;
/// Stack that one byte of code may need: of 10,000 times `(` each took 1.6 KiB.
const STACK_PER_BYTE: usize = 2 << 10;

/// The deepest `a<b<c` without an end of it: the parser reads all that follows once for each, as a type and as a comparison.
const MAX_OPEN_TYPES: usize = 200;

/// How the file at `path` is parsed, by its extension. JavaScript may hold JSX, and need not be a module.
pub(super) fn source_type(path: &str) -> SourceType {
    let name = path.rsplit('/').next().unwrap_or(path);
    if [".d.ts", ".d.mts", ".d.cts"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        SourceType::d_ts()
    } else if name.ends_with(".tsx") {
        SourceType::tsx()
    } else if [".js", ".jsx", ".mjs", ".cjs"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        SourceType::mjs().with_jsx(true).with_unambiguous(true)
    } else {
        SourceType::ts()
    }
}

/// Whether the file at `path` is TypeScript or JavaScript, by its extension.
pub(super) fn is_source(path: &str) -> bool {
    let known = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
    extension(path).is_some_and(|end| known.contains(&end))
}

/// What `read` makes of the tree of `text`, and where the first syntax error stands.
pub(super) fn parse<T: Default>(
    text: &str,
    kind: SourceType,
    read: impl FnOnce(&Program<'_>) -> T,
) -> (T, Option<Span>) {
    if let Some(at) = open_types(text) {
        return (T::default(), Some(Span::at(at)));
    }
    if text.len() > MAX_UNCHECKED {
        if text.len() > MAX_SIZE {
            return (T::default(), Some(Span::at(0)));
        }
        if let Some(at) = first_error(&GRAMMAR.parse(text)) {
            return (T::default(), Some(at));
        }
    }
    let stack = text.len().min(MAX_UNCHECKED) * STACK_PER_BYTE + (256 << 10);
    stacker::maybe_grow(stack, stack, || {
        let allocator = Allocator::default();
        let options = ParseOptions {
            allow_return_outside_function: kind.is_javascript(),
            ..ParseOptions::default()
        };
        let parsed = Parser::new(&allocator, text, kind).with_options(options).parse();
        let error = parsed.diagnostics.errors().next().map(|error| {
            let label = error.labels.as_slice().first();
            let start = label.map_or(0, |label| label.offset() as usize).min(text.len());
            let line = text.get(start..).and_then(|rest| rest.lines().next());
            Span::new(start, start + line.map_or(0, str::len))
        });
        (read(&parsed.program), error)
    })
}

/// Where more types are opened in each other than anybody writes.
fn open_types(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let (mut depth, mut deepest) = (0_usize, None);
    let ends = memchr::memchr3_iter(b'<', b'>', b';', bytes).map(Some);
    for at in ends.chain([None]) {
        let before = at.and_then(|at| at.checked_sub(1)).map_or(b' ', |at| bytes[at]);
        match at.map(|at| bytes[at]) {
            Some(b'<') if is_part(before) => {
                depth += 1;
                if depth == MAX_OPEN_TYPES {
                    deepest = at;
                }
            }
            Some(b'>') if before != b'=' => depth = depth.saturating_sub(1),
            Some(b';') | None if depth > MAX_OPEN_TYPES => return deepest,
            Some(b';') => depth = 0,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_are_opened_and_never_closed_are_an_error_where_they_are_too_many() {
        let wrong = |text: &str| parse(text, SourceType::ts(), |_| ()).1.map(|span| span.start);
        assert_eq!(wrong(&"a<".repeat(300)), Some(399));
        for sound in [
            format!("type A = {}b{};", "a<".repeat(600), ">".repeat(600)),
            "if (a<b) { c(); }\n".repeat(150),
            "const a = b<c> ? 1 : 2;\n".repeat(500),
        ] {
            assert_eq!(wrong(&sound), None, "{sound}");
        }
    }
}
