//! Lines and columns agree with `diag::line_col`, which reads the text from its start.

use proptest::prelude::*;

use super::super::view::Lines;
use tenon_text::diag::{Span, line_col};

proptest! {
    #[test]
    fn positions_are_those_that_the_whole_text_gives(text in "[a\r\nö\u{10000}]{0,20}", start in 0usize..50, end in 0usize..50) {
        let region = Lines::new(&text).region(Span::new(start, end));
        prop_assert_eq!(region.start, line_col(&text, start));
        prop_assert_eq!(region.end, line_col(&text, end.max(region.span.start)));
        prop_assert!(text.get(region.span.start..region.span.end).is_some());
    }
}

#[test]
fn a_line_has_no_line_break() {
    let lines = Lines::new("a\r\nb\n\nc");
    let all: Vec<&str> = (0..6).map(|number| lines.line(number)).collect();
    assert_eq!(all, ["", "a", "b", "", "c", ""]);
}
