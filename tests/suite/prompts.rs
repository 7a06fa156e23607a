//! Prompts, as a person on a terminal meets them.

use std::process::Command;
use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Session};
use rustix::termios::{LocalModes, tcgetattr};

use crate::support::hosts::{framework, workshop};
use crate::support::sandbox::{Sandbox, assert_same};

const DOWN: &str = "\u{1b}[B";
const BACKSPACE: &str = "\u{7f}";
const ESC: &str = "\u{1b}";
const CTRL_C: &str = "\u{3}";
/// How long a prompt may take, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);
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

    /// On a terminal of `columns` from the first moment on.
    fn narrow(host: &Sandbox, args: &[&str], columns: u16) -> Self {
        let run = host.command(args);
        let mut command = Command::new("sh");
        command
            .arg("-c")
            // A new terminal is given its usual size while the program runs already, so it waits for the other size.
            .arg("read -r _ && exec \"$0\" \"$@\"")
            .arg(run.get_program())
            .args(run.get_args());
        for (key, value) in run.get_envs() {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        if let Some(directory) = run.get_current_dir() {
            command.current_dir(directory);
        }
        let mut talk = Self::spawn(command);
        let process = talk.session.get_process_mut();
        process.set_window_size(columns, 24).unwrap();
        talk.session.send("\n").unwrap();
        talk
    }

    fn spawn(mut command: Command) -> Self {
        command
            .stdin(std::process::Stdio::inherit())
            .env("TERM", "xterm")
            .env("NO_COLOR", "1");
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(PATIENCE));
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

    /// Types as soon as a prompt reads keys. Before that the terminal edits lines itself: it takes a backspace for one
    /// of its own keys, and the prompt never sees it.
    #[track_caller]
    fn types(&mut self, keys: &str) -> &mut Self {
        let terminal = self.session.get_process().get_raw_handle().unwrap();
        let begin = Instant::now();
        while tcgetattr(&terminal)
            .unwrap()
            .local_modes
            .contains(LocalModes::ICANON)
        {
            assert!(begin.elapsed() < PATIENCE, "no key is read: {}", self.seen);
            std::thread::sleep(Duration::from_millis(2));
        }
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
    talk.shows("Name of the integration Acme!");
    // What was typed is kept, to be edited.
    talk.shows("`Acme!` cannot be the name (use lower-case words joined by `-`")
        .types(&BACKSPACE.repeat(5))
        .types("acme\r");
    talk.shows("Which modules does it implement?").types("\r");
    talk.shows("at least one is required: select it with space")
        .types(DOWN)
        .types(" ")
        .types(DOWN)
        .types(DOWN)
        .types(" ")
        .types("\r");
    talk.shows("Which of these modules should the application get from it?")
        .types(DOWN)
        .types(" ")
        .types("\r");
    talk.shows("Which project templates include it?").types("\r");
    talk.shows("+ package.json")
        .shows("+++ b/packages/configs/integrations/package.json");
    talk.shows("Write these changes?").types("y\r");
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
    talk.shows("Write these changes?").types("\r");
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
    assert!(!seen.contains("Write these changes?"), "{seen}");
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
    talk.shows("Write these changes?").types("n\r");
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
        (
            "Which modules does it implement?",
            vec!["new-integration", "acme"],
        ),
        ("Which of these modules should", with(&[])),
        ("Which project templates", with(&["--activate", "cms"])),
        (
            "Write these changes?",
            with(&["--activate", "cms", "--template", "o2s"]),
        ),
        ("Which one do you want to remove?", vec!["remove-integration"]),
    ];
    for (prompt, args) in points {
        let host = framework();
        if args == ["remove-integration"] {
            host.done(&ANSWERED);
        }
        let before = host.tree();
        let mut talk = Talk::begin(&host, &args);
        talk.shows(prompt);
        // The prompt is drawn before it listens.
        std::thread::sleep(Duration::from_millis(60));
        talk.types(key);
        // Where Enter ends the answer, it ends the lack of one too.
        if key == ESC && prompt == "Write these changes?" {
            talk.shows("yes").shows("(y/n) ›").types("\r");
        }
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
    talk.shows("Write these changes?").types("y\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 2, "{seen}");
    assert!(
        seen.contains("`workshop.json` changed after the plan was made"),
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
    talk.shows("Write these changes?");
    let path = crate::support::hosts::MODELS;
    host.write(path, "export * as Mine from './mine';\n");
    talk.types("y\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 2, "{seen}");
    assert!(seen.contains("changed after the plan was made"), "{seen}");
    assert_eq!(host.read(path), "export * as Mine from './mine';\n");
    assert!(!host.exists("packages/integrations/acme") && !host.exists(".tenon"));
}

#[test]
fn init_asks_where_the_check_shall_run_and_says_what_is_there() {
    let host = framework();
    host.write(".gitlab-ci.yml", "a:\n  script: [b]\n");
    let mut talk = Talk::begin(&host, &["init"]);
    talk.shows("Where should the check run automatically?")
        .shows("GitHub: a workflow")
        .shows("GitLab: a job (there is `.gitlab-ci.yml`)")
        .types(DOWN)
        .types(" ")
        .types("\r");
    talk.shows("Should AGENTS.md tell coding agents")
        .shows("(y/n) › no")
        .types("y\r");
    talk.shows("~ .gitlab-ci.yml")
        .shows("+ AGENTS.md")
        .shows("Write these changes?")
        .types("y\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(host.read(".gitlab-ci.yml").contains("tenon:"), "{seen}");
    assert!(!host.exists(".github/workflows"));
    assert!(host.read("AGENTS.md").contains("tenon new-integration NAME"));
}

/// Everything that is asked for `new-integration acme`.
const ANSWERED: [&str; 8] = [
    "new-integration",
    "acme",
    "--modules",
    "cms",
    "--activate",
    "cms",
    "--template",
    "o2s",
];

#[test]
fn a_name_that_exists_is_refused_before_more_is_asked() {
    let host = framework();
    host.done(&ANSWERED);
    let mut talk = Talk::begin(&host, &["new-integration"]);
    talk.shows("Name of the integration").types("acme\r");
    talk.shows("`acme` exists already").types(ESC);
    let (code, seen) = talk.ends();
    assert_eq!(code, 2, "{seen}");
    assert!(!seen.contains("Which modules"), "{seen}");
}

#[test]
fn typing_filters_what_may_be_chosen_and_a_choice_says_what_it_means() {
    let host = framework();
    let mut talk = Talk::begin(&host, &["new-integration", "acme"]);
    talk.shows("Which modules does it implement?").shows("sails");
    talk.types("tick").shows("tickets").types(" ").types("\r");
    talk.shows("Which of these modules").types("\r");
    talk.shows("o2s  the starter Open Self Service")
        .shows("dxp  the DXP Starter Kit")
        .types("\r");
    talk.shows("Write these changes?").types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(host.exists("packages/integrations/acme/src/modules/tickets"));
    assert!(!host.exists("packages/integrations/acme/src/modules/cms"));
}

#[test]
fn yes_takes_every_default_and_names_the_flag_that_has_none() {
    let host = framework();
    let (code, seen) = Talk::begin(&host, &["new-integration", "acme", "--yes"]).ends();
    assert_eq!(code, 2, "{seen}");
    assert!(seen.contains("`--modules` is missing"), "{seen}");
    let args = ["new-integration", "acme", "--modules", "cms", "--yes"];
    let (code, seen) = Talk::begin(&host, &args).ends();
    assert_eq!(code, 0, "{seen}");
    assert!(!seen.contains('?'), "{seen}");
}

#[test]
fn a_dry_run_and_a_check_never_ask() {
    let host = framework();
    for flag in ["--dry-run", "--check"] {
        let before = host.tree();
        let args = ["new-integration", "acme", "--modules", "cms", flag];
        let (code, seen) = Talk::begin(&host, &args).ends();
        assert_eq!(code, i32::from(flag == "--check"), "{seen}");
        assert!(!seen.contains("Which"), "{seen}");
        assert_same(&before, &host.tree());
    }
}

#[test]
fn what_was_left_empty_is_not_asked_again() {
    let host = framework();
    let mut talk = Talk::begin(&host, &["new-integration", "acme", "--modules", "cms"]);
    talk.shows("Which of these modules").types("\r");
    talk.shows("Which project templates").types("\r");
    talk.shows("Write these changes?").types("\r");
    assert_eq!(talk.ends().0, 0);
    let (code, seen) = Talk::begin(&host, &["update"]).ends();
    assert_eq!(code, 0, "{seen}");
    assert!(!seen.contains("Which"), "{seen}");
    assert!(host.read("tenon.lock").contains("answers.activate = []"));
    // It may still be set.
    host.done(&["update", "--set", "activate=cms"]);
    assert!(host.read("tenon.lock").contains("answers.activate = [\"cms\"]"));
}

#[test]
fn a_removal_offers_what_exists_and_enter_means_no() {
    let host = framework();
    host.done(&ANSWERED);
    host.done(&[
        "new-integration",
        "beta",
        "--modules",
        "tickets",
        "--activate",
        "tickets",
    ]);
    let before = host.tree();
    let mut talk = Talk::begin(&host, &["remove-integration"]);
    talk.shows("Which one do you want to remove?")
        .shows("acme")
        .shows("beta")
        .types("bet")
        .types("\r");
    talk.shows("Remove it?").shows("(y/n) › no").types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    // The edits of files that stay are shown; what is in those that go, and digests, are not.
    assert!(seen.contains("-export * as Tickets from"), "{seen}");
    assert!(
        !seen.contains("+++ /dev/null") && !seen.contains("--- a/tenon.lock"),
        "{seen}"
    );
    assert!(seen.contains("nothing was changed"), "{seen}");
    assert_same(&before, &host.tree());
    let mut talk = Talk::begin(&host, &["remove-integration", "beta"]);
    talk.shows("Remove it?").types("y\r");
    assert_eq!(talk.ends().0, 0);
    assert!(!host.exists("packages/integrations/beta") && host.exists("packages/integrations/acme"));
    let refused = host.refused(&["remove-integration"]);
    assert!(refused.err.contains("choose from: acme"), "{}", refused.err);
}

/// A narrow terminal shows each question once, and of a choice what fits.
#[test]
fn what_is_longer_than_a_row_is_drawn_once() {
    let host = framework();
    for name in ["acme", "beta"] {
        host.done(&["new-integration", name, "--modules", "tickets"]);
    }
    let mut talk = Talk::narrow(&host, &["learn"], 50);
    talk.shows("From which members").shows("❯").shows("…");
    for key in ["b", "e", BACKSPACE] {
        talk.types(key).shows("❯").shows("…");
    }
    talk.types(ESC);
    let (code, seen) = talk.ends();
    assert_eq!(code, 2, "{seen}");
    assert_eq!(seen.matches("From which members").count(), 1, "{seen}");
    assert!(!seen.contains("more files"), "{seen}");
    let mut talk = Talk::narrow(&host, &["remove-integration", "beta"], 20);
    talk.shows("(y/n) › no")
        .types("y")
        .shows("(y/n) › yes")
        .types("n");
    talk.shows("(y/n) › no").types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert_eq!(seen.matches("Remove it?").count(), 1, "{seen}");
    assert!(host.exists("packages/integrations/beta"));
}

#[test]
fn a_yes_or_no_question_is_explained_and_no_is_its_default() {
    let host = workshop();
    let pack = host.outside().join("workshop/pack.toml");
    let text = std::fs::read_to_string(&pack).unwrap();
    let asked = "prompt = \"Is it the main unit?\"\n";
    let explained = format!("{asked}help = \"The main unit starts first.\"\n");
    std::fs::write(&pack, text.replace(asked, &explained)).unwrap();
    let mut talk = Talk::begin(&host, &["new-integration", "saw", "--pack", "../workshop"]);
    talk.shows("What stands on it?").types("x\r");
    talk.shows("The main unit starts first.")
        .shows("Is it the main unit?")
        .shows("(y/n) › no")
        .types("\r");
    talk.shows("Write these changes?")
        .shows("(y/n) › yes")
        .types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(host.exists("units/saw") && !host.read("src/main.ts").contains("saw"));
}

#[test]
fn a_key_that_shows_nothing_is_no_part_of_an_answer() {
    let host = framework();
    let mut talk = Talk::begin(
        &host,
        &[
            "new-integration",
            "--modules",
            "cms",
            "--activate",
            "cms",
            "--template",
            "o2s",
        ],
    );
    talk.shows("Name of the integration").types("ac");
    talk.shows("integration ac").types("\u{17}");
    std::thread::sleep(Duration::from_millis(100));
    talk.types("me\r").shows("Write these changes?").types("y\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(host.exists("packages/integrations/acme"), "{seen}");
}

#[test]
fn a_terminal_that_is_resized_goes_on_asking() {
    let host = framework();
    let mut talk = Talk::begin(&host, &["new-integration"]);
    let mut width = 80;
    let mut resized = |talk: &mut Talk| {
        width += 5;
        talk.session.get_process_mut().set_window_size(width, 24).unwrap();
        std::thread::sleep(Duration::from_millis(100));
    };
    for (question, keys) in [
        ("Name of the integration", "acme\r"),
        ("Which modules does it implement?", " \r"),
        ("Which of these modules", "\r"),
        ("Which project templates", "\r"),
        ("Write these changes?", "y\r"),
    ] {
        talk.shows(question);
        std::thread::sleep(Duration::from_millis(100));
        resized(&mut talk);
        talk.types(keys);
    }
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    let mut talk = Talk::begin(&host, &["remove-integration"]);
    talk.shows("Which one").shows("acme");
    resized(&mut talk);
    talk.types("\r").shows("Remove it?").types("y\r");
    assert_eq!(talk.ends().0, 0);
    assert!(!host.exists("packages/integrations/acme"));
}

/// A yes is given by Enter, not by its letter: no key is left to answer the question after it.
#[test]
fn the_enter_after_a_yes_answers_no_other_question() {
    let host = framework();
    let before = host.tree();
    let mut talk = Talk::begin(&host, &["init"]);
    talk.shows("Where should the check run").types("\r");
    talk.shows("Should AGENTS.md tell coding agents")
        .shows("(y/n) › no");
    talk.types("y\r");
    talk.shows("Write these changes?").shows("(y/n) › yes");
    std::thread::sleep(Duration::from_millis(300));
    talk.types("n\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("nothing was changed"), "{seen}");
    assert_same(&before, &host.tree());
}

#[test]
fn several_steps_are_undone_only_after_a_yes() {
    let host = framework();
    host.done(&ANSWERED);
    host.done(&["new-integration", "beta", "--modules", "tickets"]);
    let before = host.tree();
    let mut talk = Talk::begin(&host, &["undo", "--to", "1"]);
    talk.shows("new integration beta --modules tickets")
        .shows("new integration acme")
        .shows("Undo these 2 steps?")
        .shows("(y/n) › no")
        .types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert_same(&before, &host.tree());
    let mut talk = Talk::begin(&host, &["undo"]);
    talk.shows("Undo `new integration beta --modules tickets`?")
        .types("\r");
    assert_eq!(talk.ends().0, 0);
    assert!(!host.exists("packages/integrations/beta") && host.exists("packages/integrations/acme"));
    let (code, seen) = Talk::begin(&host, &["undo", "--to", "1", "--yes"]).ends();
    assert_eq!(code, 0, "{seen}");
    assert!(!seen.contains("Undo"), "{seen}");
    assert!(!host.exists("packages/integrations/acme"));
}

#[test]
fn a_host_inside_of_a_host_is_made_only_after_a_yes() {
    let host = framework();
    let before = host.tree();
    let mut talk = Talk::begin(&host, &["new", "host", "inner", "--pack", "o2s"]);
    talk.shows("inside a host already")
        .shows("(y/n) › no")
        .types("\r");
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert_same(&before, &host.tree());
}

/// The questions of the tour are those that a terminal shows, in their order, and what they make is what the tour goes on with.
#[test]
fn the_tour_shows_what_a_terminal_asks() {
    let place = Sandbox::empty();
    place.done(&["new", "host", "shop", "--pack", "o2s"]);
    let tour = include_str!("../../docs/tour.md");
    let block = tour.split("<!-- asked -->\n```text\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let mut command = place.command(&["new-integration"]);
    command.current_dir(place.at("shop"));
    let mut talk = Talk::spawn(command);
    let mut shown = Vec::new();
    for line in block.lines() {
        let line = line.strip_prefix("? ").unwrap();
        if let Some(question) = line.strip_suffix(" (y/n) › yes") {
            talk.shows(question).shows("(y/n) › yes").types("\r");
            continue;
        }
        match line.split_once('?') {
            Some((question, answer)) => {
                talk.shows(question).shows("enter confirms");
                let answer = answer.trim();
                if !answer.is_empty() {
                    talk.types(answer).types(" ");
                }
                talk.types("\r");
            }
            None => {
                let (question, answer) = line.rsplit_once(' ').unwrap();
                talk.shows(question).types(answer).types("\r");
            }
        }
        shown.push(line);
    }
    let (code, seen) = talk.ends();
    assert_eq!(code, 0, "{seen}");
    assert_eq!(shown.len(), 4, "{shown:?}");
    // No question that the tour does not show.
    let all = place.read("shop/packages/integrations/acme/package.json");
    assert!(all.contains("@o2s/integrations.acme"));
    assert!(place.exists("shop/packages/configs/integrations/src/models/tickets.ts"));
}

#[test]
fn work_of_more_than_a_second_shows_how_far_it_is_and_then_nothing() {
    let host = framework();
    host.done(&ANSWERED);
    let seed = host.at("packages/integrations/acme");
    for number in 0..400 {
        let to = host.at(&format!("packages/integrations/unit-{number}"));
        std::fs::create_dir_all(&to).unwrap();
        crate::support::fault::copy_tree(&seed, &to);
    }
    let mut talk = Talk::begin(&host, &["check", "--no-cache", "--format", "concise"]);
    talk.shows("checking (").shows(" members)");
    let (_, seen) = talk.ends();
    // The line is cleared before the result is printed.
    let result = seen.find("packages/integrations/unit-0").unwrap();
    let last = seen.rfind("checking (").unwrap();
    assert!(
        last < result && seen[last..result].contains("\u{1b}[2K"),
        "{seen:?}"
    );
    // Nobody watches: nothing is shown.
    let ran = host.run(&["check", "--no-cache", "--format", "concise"]);
    assert!(!ran.err.contains("checking"), "{}", ran.err);
    let (_, seen) = Talk::begin(&host, &["check", "--no-cache", "--format", "concise", "--quiet"]).ends();
    assert!(!seen.contains("checking ("), "{seen}");
}
