//! Names that want to be something else: commands of a terminal or a workflow, markup, line breaks.

use super::*;

const NAME: &str = "a\n::error::b\r\u{1b}[2J\u{9b}31m\u{7}\u{202e}%0A,:|<&\"]]>\u{fffe}\u{0}";

/// Everything that can have a name has this one.
fn hostile() -> Findings {
    let mut diagnostic = finding(NAME, Severity::Error, NAME, Place::span(NAME, 5..9), NAME);
    diagnostic.label = NAME.into();
    diagnostic.help = format!("{NAME} [click](https://example.com)");
    diagnostic.reasons = vec![
        Reason {
            text: NAME.into(),
            at: Some(Place::span(NAME, 0..1)),
        },
        Reason {
            text: NAME.into(),
            at: Some(Place::file(NAME)),
        },
        Reason {
            text: NAME.into(),
            at: None,
        },
    ];
    diagnostic.fix = Some(Fix {
        title: NAME.into(),
        applicability: Applicability::Unsafe,
        files: vec![
            (NAME.into(), FileFix::Edit(vec![TextEdit::replace(0..1, NAME)])),
            (NAME.into(), FileFix::Create(NAME.into())),
        ],
    });
    let mut note = diagnostic.clone();
    note.severity = Severity::Note;
    let mut findings = findings(&[(NAME, NAME)], vec![diagnostic, note]);
    findings.pack = NAME.into();
    findings.noun = NAME.into();
    findings
}

#[test]
fn every_format_prints_hostile_names_harmlessly() {
    for format in Format::value_variants() {
        let name = format!("hostile.{}", extension(*format));
        expect(&name, &render(&hostile(), *format, false));
    }
}

#[test]
fn no_name_reaches_a_terminal_as_a_command() {
    for format in Format::value_variants() {
        let text = render(&hostile(), *format, false);
        assert_eq!(harmful(&text), Vec::<char>::new(), "{format:?}");
    }
    let coloured = render(&hostile(), Format::Human, true);
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(harmful(&stripped), Vec::<char>::new());
    assert!(
        stripped.contains("\\u{1b}[2J"),
        "a sequence was taken for a colour"
    );
}

#[test]
fn a_name_cannot_begin_a_workflow_command() {
    let text = render(&hostile(), Format::Github, false);
    let commands: Vec<&str> = text
        .lines()
        .map(|line| &line[..line.find(' ').unwrap()])
        .collect();
    assert_eq!(commands, ["::error", "::notice"]);
}
