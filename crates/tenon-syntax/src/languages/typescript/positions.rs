//! Positions of the tree as those of this crate.

use oxc_ast::ast::Decorator;
use tenon_text::diag::Span;

/// The span in bytes.
pub(super) fn span(span: oxc_span::Span) -> Span {
    Span::new(span.start as usize, span.end as usize)
}

/// Where a declaration with `decorators` begins that would begin at `start` without them.
pub(super) fn first_decorator(decorators: &[Decorator<'_>], start: usize) -> usize {
    decorators
        .first()
        .map_or(start, |first| start.min(first.span.start as usize))
}
