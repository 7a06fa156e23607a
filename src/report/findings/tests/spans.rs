//! What people see of a span: tabs, CRLF, wide characters, many lines, long lines, spans past the end.

use super::*;

/// The snippet of a finding at `span` of `source`, without its title and the summary.
fn snippet(source: &str, span: std::ops::Range<usize>) -> String {
    let mut diagnostic = finding("x", Severity::Error, "", Place::span("a", span), "m");
    diagnostic.label = "here".into();
    let text = render(
        &findings(&[("a", source)], vec![diagnostic]),
        Format::Human,
        false,
    );
    let (_, rest) = text.split_once("error[x]: m\n").unwrap();
    rest.split_once("\n\n").unwrap().0.to_owned()
}

fn of(source: &str, part: &str) -> String {
    let start = source.find(part).unwrap();
    snippet(source, start..start + part.len())
}

#[test]
fn a_span_past_the_end_is_at_the_end() {
    assert_eq!(snippet("ab", 7..99), " --> a:1:3\n  |\n1 | ab\n  |   ^ here");
    assert_eq!(snippet("ab\n", 7..99), " --> a:2:1\n  |\n2 |\n  | ^ here");
    assert_eq!(snippet("", 0..0), " --> a:1:1\n  |\n1 |\n  | ^ here");
}

#[test]
fn a_span_that_ends_before_it_starts_is_empty() {
    let span = std::ops::Range { start: 2, end: 1 };
    assert_eq!(snippet("abc", span), " --> a:1:3\n  |\n1 | abc\n  |   ^ here");
}

#[test]
fn a_span_that_cuts_a_character_begins_with_it() {
    assert_eq!(snippet("aöb", 2..3), " --> a:1:2\n  |\n1 | aöb\n  |  ^ here");
}

#[test]
fn wide_characters_take_two_columns_and_count_as_one() {
    assert_eq!(
        of("日本 = x", "x"),
        " --> a:1:6\n  |\n1 | 日本 = x\n  |        ^ here"
    );
    assert_eq!(
        of("日本 = x", "本"),
        " --> a:1:2\n  |\n1 | 日本 = x\n  |   ^^ here"
    );
}

#[test]
fn a_tab_is_shown_as_four_spaces_and_counts_as_one() {
    assert_eq!(of("\tx", "x"), " --> a:1:2\n  |\n1 |     x\n  |     ^ here");
}

#[test]
fn line_ends_of_windows_are_not_shown() {
    assert_eq!(
        of("a\r\nbc\r\n", "bc\r\n"),
        " --> a:2:1\n  |\n2 | bc\n  | ^^ here"
    );
    assert_eq!(
        of("ab\r\ncd\r\n", "b\r\nc"),
        " --> a:1:2\n  |\n1 |   ab\n  |  __^\n2 | | cd\n  | |_^ here"
    );
}

#[test]
fn a_span_over_many_lines_is_folded() {
    let source: String = (1..=100_000).map(|number| format!("line {number}\n")).collect();
    let start = source.find("line 7\n").unwrap();
    let expected = "
      --> a:7:1
       |
     7 | / line 7
     8 | | line 8
     9 | | line 9
    10 | | line 10
...      |
 99999 | | line 99999
100000 | | line 100000
       | |___________^ here";
    assert_eq!(snippet(&source, start..source.len()), expected[1..]);
}

#[test]
fn a_line_of_a_megabyte_is_cut_around_the_span() {
    let long = "x".repeat(500_000);
    let source = format!("{long}<needle>{long}");
    let expected = format!(
        " --> a:1:500001\n  |\n1 | …{}<needle>{}…\n  | {}^^^^^^^^ here",
        "x".repeat(40),
        "x".repeat(72),
        " ".repeat(41)
    );
    assert_eq!(of(&source, "<needle>"), expected);
    for span in [
        0..source.len(),
        0..1,
        70..source.len() - 70,
        source.len()..source.len(),
    ] {
        let shown = snippet(&source, span);
        assert!(shown.lines().all(|line| line.chars().count() < 150), "{shown}");
    }
    let lines = format!("{source}\n{source}\n{source}");
    let shown = snippet(&lines, 500_000..lines.len() - 3);
    assert!(shown.lines().all(|line| line.chars().count() < 150), "{shown}");
}
