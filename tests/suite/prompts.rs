//! Prompts, as a person on a terminal meets them.

use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Session};

use crate::support::hosts::{framework, workshop};
use crate::support::sandbox::{Sandbox, assert_same};

const DOWN: &str = "\u{1b}[B";
const ESC: &str = "\u{1b}";
const CTRL_C: &str = "\u{3}";
const SHOW_CURSOR: &str = "\u{1b}[?25h";

/// A run on a terminal of its own.
struct Talk {
    session: OsSession,
    seen: String,
}

impl Talk {
    fn begin(host: &Sandbox, args: &[&str]) -> Self {
        Self::spawn(host.command(args))
    }

    fn spawn(mut command: Command) -> Self {
        command
            .stdin(std::process::Stdio::inherit())
            .env("TERM", "xterm")
            .env("NO_COLOR", "1");
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        Self {
            session,
            seen: String::new(),
        }
    }

    /// Waits until `text` is shown.
    #[track_caller]
    fn shows(&mut self, text: &str) -> &mut Self {
        match self.session.expect(text) {
            Ok(found) => {
                self.seen.push_str(&String::from_utf8_lossy(found.before()));
                self.seen.push_str(text);
            }
            Err(error) => {
                let mut rest = [0; 4096];
                let n = self.session.try_read(&mut rest).unwrap_or(0);
                panic!(
                    "{text:?} is not shown: {error}\nseen: {:?}\nthen: {:?}",
                    self.seen,
                    String::from_utf8_lossy(&rest[..n])
                );
            }
        }
        self
    }

    /// Types; the prompts read one key after the other.
    fn types(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).unwrap();
        self
    }

    /// Waits for the end. Gives the exit code and everything that was shown.
    #[track_caller]
    fn ends(mut self) -> (i32, String) {
        let rest = self.session.expect(Eof).unwrap();
        self.seen.push_str(&String::from_utf8_lossy(rest.as_bytes()));
        match self.session.get_process().wait().unwrap() {
            WaitStatus::Exited(_, code) => (code, self.seen),
            other => panic!("{other:?}: {}", self.seen),
        }
    }
}

/// The cursor is shown at the end, however often it was hidden.
fn cursor_is_back(seen: &str) -> bool {
    match (seen.rfind("\u{1b}[?25l"), seen.rfind(SHOW_CURSOR)) {
        (Some(hidden), Some(shown)) => hidden < shown,
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[test]
fn a_person_is_asked_told_what_is_wrong_and_shown_the_plan() {
    let host = framework();
    let mut talk = Talk::begin(&host, &["new-integration"]);
    talk.shows("Name of the integration").types("Acme!\r");
    talk.shows("`Acme!` cannot be the name (use lower-case words joined by `-`, such as `acme-crm`)");
    talk.shows("Name of the integration").types("acme\r");
    talk.shows("Which modules does it serve?").types("\r");
    // None is not an answer to a question that needs one: it is asked again.
    talk.shows("Which modules does it serve?")
        .types(DOWN)
        .types(" ")
        .types(DOWN)
        .types(DOWN)
        .types(" ")
        .types("\r");
    talk.shows("Which of them shall the host serve from it now?")
        .types(DOWN)
        .types(" ")
        .types("\r");
    talk.shows("Which project templates include it?").types("\r");
    talk.shows("+ package.json")
        .shows("+++ b/packages/configs/integrations/package.json");
    talk.shows("Do this?").types("y");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(
        seen.contains("create packages/integrations/acme/package.json"),
        "{seen}"
    );
    assert!(cursor_is_back(&seen), "{seen:?}");
    assert!(
        host.exists("packages/integrations/acme/src/modules/cms"),
        "{seen}"
    );
    assert!(host.exists("packages/integrations/acme/src/modules/tickets"));
    assert!(!host.exists("packages/integrations/acme/src/modules/cache"));
    assert!(host.exists("packages/configs/integrations/src/models/tickets.ts"));
    assert!(!host.exists("packages/configs/integrations/src/models/cms.ts"));
}

#[test]
fn what_was_given_is_not_asked() {
    let host = framework();
    let args = [
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--activate",
        "cms",
        "--template",
        "o2s",
    ];
    let mut talk = Talk::begin(&host, &args);
    talk.shows("Do this?").types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(!seen.contains("Which"), "{seen}");
    assert!(host.exists("packages/configs/integrations/src/models/cms.ts"));
}

#[test]
fn yes_on_the_command_line_is_not_asked_for() {
    let host = framework();
    let args = [
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--activate",
        "cms",
        "--template",
        "o2s",
        "--yes",
    ];
    let (code, seen) = Talk::begin(&host, &args).ends();
    assert_eq!(code, 0, "{seen}");
    assert!(!seen.contains("Do this?"), "{seen}");
}

#[test]
fn without_input_nothing_is_asked_on_a_terminal_either() {
    let host = framework();
    let before = host.tree();
    let (code, seen) = Talk::begin(&host, &["new-integration", "acme", "--no-input"]).ends();
    assert_eq!(code, 2, "{seen}");
    assert!(seen.contains("`--modules` is missing"), "{seen}");
    assert_same(&before, &host.tree());
}

#[test]
fn no_changes_nothing_and_is_no_error() {
    let host = framework();
    let before = host.tree();
    let args = [
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--activate",
        "cms",
        "--template",
        "o2s",
    ];
    let mut talk = Talk::begin(&host, &args);
    talk.shows("Do this?").types("n");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("nothing was changed"), "{seen}");
    assert!(cursor_is_back(&seen), "{seen:?}");
    assert_same(&before, &host.tree());
}

/// What is shown, and what a person does then: at each of these points an end leaves everything as it was.
fn ended_at_each_prompt(key: &str, code: i32, said: &str) {
    let with = |more: &[&'static str]| [&["new-integration", "acme", "--modules", "cms"][..], more].concat();
    let points = [
        ("Name of the integration", vec!["new-integration"]),
        ("Which modules does it serve?", vec!["new-integration", "acme"]),
        ("Which of them shall the host serve", with(&[])),
        ("Which project templates", with(&["--activate", "cms"])),
        ("Do this?", with(&["--activate", "cms", "--template", "o2s"])),
    ];
    for (prompt, args) in points {
        if key == ESC && prompt.starts_with("Name") {
            // In a line of text Esc is a key like any other.
            continue;
        }
        let host = framework();
        let before = host.tree();
        let mut talk = Talk::begin(&host, &args);
        talk.shows(prompt);
        // The prompt is drawn before it listens.
        std::thread::sleep(Duration::from_millis(60));
        talk.types(key);
        let (ended, seen) = talk.ends();
        assert_eq!(ended, code, "{prompt} {seen}");
        assert!(seen.contains(said), "{prompt} {seen}");
        assert!(cursor_is_back(&seen), "{prompt} {seen:?}");
        assert_same(&before, &host.tree());
    }
}

#[test]
fn escape_cancels_and_nothing_is_changed() {
    ended_at_each_prompt(ESC, 2, "cancelled, nothing was changed");
}

#[test]
fn an_interrupt_exits_130_with_the_cursor_shown_and_nothing_changed() {
    for _ in 0..3 {
        ended_at_each_prompt(CTRL_C, 130, SHOW_CURSOR);
    }
}

/// A person may edit files while a prompt waits: what is edited by then is not overwritten.
#[test]
fn a_file_that_is_edited_while_a_prompt_waits_keeps_the_edit() {
    let host = workshop();
    let mut talk = Talk::begin(
        &host,
        &[
            "new-integration",
            "--pack",
            "../workshop",
            "--label",
            "x",
            "--main",
        ],
    );
    talk.shows("Name of the unit");
    let edited = "{\n  \"name\": \"bench\",\n  \"units\": {},\n  \"mine\": true\n}\n";
    host.write("workshop.json", edited);
    talk.types("saw\r");
    talk.shows("Do this?").types("y");
    let (code, seen) = talk.ends();
    assert_eq!(code, 2, "{seen}");
    assert!(
        seen.contains("`workshop.json` has other bytes than the plan expects"),
        "{seen}"
    );
    assert_eq!(host.read("workshop.json"), edited);
    assert!(!host.exists("units/saw"));
    host.done(&["new-integration", "saw", "--pack", "../workshop"]);
    assert!(host.read("workshop.json").contains("\"mine\": true"));
}

#[test]
fn a_file_that_is_edited_while_the_plan_is_looked_at_keeps_the_edit() {
    let host = framework();
    let args = [
        "new-integration",
        "acme",
        "--modules",
        "cms",
        "--activate",
        "cms",
        "--template",
        "o2s",
    ];
    let mut talk = Talk::begin(&host, &args);
    talk.shows("Do this?");
    let path = crate::support::hosts::MODELS;
    host.write(path, "export * as Mine from './mine';\n");
    talk.types("y");
    let (code, seen) = talk.ends();
    assert_eq!(code, 2, "{seen}");
    assert!(seen.contains("has other bytes than the plan expects"), "{seen}");
    assert_eq!(host.read(path), "export * as Mine from './mine';\n");
    assert!(!host.exists("packages/integrations/acme") && !host.exists(".tenon"));
}

#[test]
fn init_asks_where_the_check_shall_run_and_says_what_is_there() {
    let host = framework();
    host.write(".gitlab-ci.yml", "a:\n  script: [b]\n");
    let mut talk = Talk::begin(&host, &["init"]);
    talk.shows("Where shall the check run automatically?")
        .shows("GitHub: a workflow")
        .shows("GitLab: a job (there is `.gitlab-ci.yml`)")
        .types(DOWN)
        .types(" ")
        .types("\r");
    talk.shows("~ .gitlab-ci.yml").shows("Do this?").types("y");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(host.read(".gitlab-ci.yml").contains("tenon:"), "{seen}");
    assert!(!host.exists(".github/workflows"));
}
