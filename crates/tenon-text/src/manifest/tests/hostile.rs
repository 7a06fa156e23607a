//! Files that nobody means well with: an error or the right answer, soon.

use std::time::{Duration, Instant};

use super::*;

const J: ManifestFormat = ManifestFormat::Json;
const T: ManifestFormat = ManifestFormat::Toml;
const Y: ManifestFormat = ManifestFormat::Yaml;
const X: ManifestFormat = ManifestFormat::Xml;

/// Generous: the tests run unoptimised, beside others. What is quadratic takes minutes.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn deep_nesting_is_an_error() {
    const DEEP: usize = 100_000;
    let cases = [
        (J, "[".repeat(DEEP)),
        (J, format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP))),
        (J, "{\"a\":".repeat(DEEP)),
        (J, format!("{}{}", "[".repeat(300), "]".repeat(300))),
        (T, format!("a = {}", "[".repeat(DEEP))),
        (T, format!("a = {}1{}", "{a = ".repeat(DEEP), "}".repeat(DEEP))),
        (T, format!("{}a = 1", "a.".repeat(DEEP))),
        (T, format!("[{}a]", "a.".repeat(DEEP))),
        (Y, format!("a: {}", "[".repeat(DEEP))),
        (Y, format!("a: {}", "{a: ".repeat(DEEP))),
        (Y, "- ".repeat(DEEP)),
        (Y, format!("a: {}1", "!x &y ".repeat(DEEP))),
        (X, "<a>".repeat(DEEP)),
        (X, format!("{}{}", "<a>".repeat(DEEP), "</a>".repeat(DEEP))),
        (X, format!("{}{}", "<a>".repeat(300), "</a>".repeat(300))),
        (
            X,
            format!(
                "<!DOCTYPE a [{}]><a>&e9;</a>",
                (1..10)
                    .map(|at| format!("<!ENTITY e{at} \"{}\">", format!("&e{};", at - 1).repeat(10)))
                    .collect::<String>()
            ),
        ),
        (Y, (0..1000).map(|at| format!("{}a:\n", " ".repeat(at))).collect()),
    ];
    for (format, text) in cases {
        let start = Instant::now();
        let result = insert(&text, format, "f", "", &key("x", 1), &Order::Auto);
        assert!(result.is_err(), "{format:?} {}", &text[..20]);
        assert!(start.elapsed() < SOON, "{format:?} {}", &text[..20]);
    }
}

#[test]
fn what_no_person_wrote_is_not_read() {
    for format in [J, T, Y, X] {
        let text = format!("{}[]", " ".repeat(1 << 20));
        let error = read(&text, format, "f").unwrap_err();
        assert_eq!(error.message(), "a manifest of more than 1 MiB is not read");
        assert!(Parsed::parse(&text, format, "f").is_err());
    }
}

#[test]
fn xml_is_read_up_to_a_length_of_its_own_and_with_so_many_attributes() {
    let attributes = |n: usize| (0..n).map(|at| format!(" a{at}='>'")).collect::<String>();
    let said = |text: &str| read(text, X, "f").err().map(|error| error.message().to_owned());
    assert_eq!(said(&format!("<a{}/>", attributes(1_000))), None);
    let many = format!("<a{}/>", attributes(1_001));
    let refused = "an element with more than 1000 attributes is not read";
    assert_eq!(said(&many).as_deref(), Some(refused));
    // What stands in comments opens no quote.
    let each = "<b c=\"d\">it's</b>".repeat(2_000);
    assert_eq!(
        said(&format!("<!-- it's --><?a '?><a><![CDATA[ ' ]]>{each}</a>")),
        None
    );
    let long = format!("<a>{}</a>", " ".repeat(512 << 10));
    assert_eq!(
        said(&long).as_deref(),
        Some("XML of more than 512 KiB is not read")
    );
}

#[test]
fn long_files_take_no_longer_than_their_length() {
    let words: Vec<String> = (0..30_000).map(|at| format!("{at:06}")).collect();
    let list = |quote: &str, gap: &str| {
        words
            .iter()
            .map(|word| format!("{quote}{word}{quote}"))
            .collect::<Vec<_>>()
            .join(gap)
    };
    let lines = |before: &str, after: &str| {
        words
            .iter()
            .map(|word| format!("{before}{word}{after}\n"))
            .collect::<String>()
    };
    let long = "x".repeat(700_000);
    let cases = [
        (J, format!("{{\"a\":[{}]}}", list("\"", ","))),
        (
            J,
            format!("{{\n  \"a\": [\n    {}\n  ]\n}}", list("\"", ",\n    ")),
        ),
        (J, format!("{{\"a\": [], \"b\": \"{long}\"}}")),
        (J, format!("{{\"a\": [], {}\"b\": 0}}", lines("\"", "\": 1,"))),
        (T, format!("a = [{}]\n", list("'", ", "))),
        (T, format!("a = []\nb = '{long}'\n")),
        (T, format!("a = []\n{}", lines("[b.c", "]\nx = 1"))),
        (T, format!("a = []\n{}", lines("b.c", ".x = 1"))),
        (Y, format!("a: [{}]\n", list("'", ", "))),
        (Y, format!("a:\n{}", lines("  - '", "' # x"))),
        (Y, format!("a: []\nb: {long}\n")),
        (Y, format!("a: []\nb: '{}'\n", lines("\n", ""))),
        (Y, format!("a: []\nb: |\n{}", lines("  ", ""))),
        (Y, format!("a: []\nb:\n{}", lines("  ", ""))),
        (Y, format!("a: []\nb: {}\n", " ".repeat(700_000))),
        (Y, format!("a: []\nb:{}\n", "\n# c".repeat(200_000))),
        (X, format!("<a>\n{}</a>\n", lines("  <b>", "</b>"))),
        (
            X,
            format!("<a><b>x</b><b>y</b>{}</a>\n", "<!-- c -->".repeat(40_000)),
        ),
        (X, format!("<a>{}</a>\n", lines("<b>", "</b>").replace('\n', ""))),
    ];
    for (format, text) in cases {
        let start = Instant::now();
        let done = insert(&text, format, "f", "/a", &item("new"), &Order::Auto).unwrap();
        let after = apply_edits(&text, &done.edits).unwrap();
        let edits = remove(
            &after,
            format,
            "f",
            "/a",
            &Selector::Item("new".into()),
            &done.trace,
        )
        .unwrap();
        assert!(
            apply_edits(&after, &edits).unwrap() == text,
            "{format:?} {}",
            &text[..40]
        );
        assert!(
            start.elapsed() < SOON,
            "{format:?} {} {:?}",
            &text[..40],
            start.elapsed()
        );
    }
}

#[test]
fn nonsense_is_an_error_with_its_position() {
    let cases = [
        (J, "{\"a\": \"\\q\"}", "f:1:8"),
        (J, "{\"a\": \"\\ud800\"}", "f:1:8"),
        (J, "{\"a\": \"\0\"}", "f:1:8"),
        (J, "\0", "f:1:1"),
        (J, "", "f:1:1"),
        (J, "// only\n", "f:2:1"),
        (J, "{\"a\": 1e999}", "f:1:7"),
        (J, "{\"a\": 01}", "f:1:8"),
        (J, "{\"a\": 1} x", "f:1:10"),
        (J, "{\"a\" 1}", "f:1:6"),
        (J, "{\"a\": 1 \"b\": 2}", "f:1:8"),
        (T, "a = \"\\q\"", "f:1:7"),
        (T, "a = \0", "f:1:5"),
        (T, "a = 1\na = 2\n", "f:2:1"),
        (T, "[a\n", "f:1:3"),
        (Y, "a: \"\\q\"", "f:1:4"),
        (Y, "a: \0", "f:1:4"),
        (Y, "a: [1, 2\nb: 3\n", "f:2:2"),
        (Y, "a: &x [*x]\n", "f:1:8"),
        (Y, "a:\n\t- b\n", "f:2:2"),
        (X, "<a>\n  <b></c>\n</a>", "f:2:6"),
        (X, "<a>\0</a>", "f:1:4"),
        (X, "<a k='1' k='2'/>", "f:1:10"),
        (X, "<a>&#0;</a>", "f:1:4"),
    ];
    for (format, text, position) in cases {
        let error = read(text, format, "f").unwrap_err().to_string();
        assert!(error.starts_with(&format!("{position}: ")), "{text:?}: {error}");
    }
    assert!(read("{}", J, "f").is_ok());
    assert!(
        insert("{}", J, "f", "a", &item(1), &Order::Auto).is_err(),
        "a pointer begins with a slash"
    );
}
