//! `tenon.toml`: what it may say, and what it does to commands.

use snapbox::str;

use crate::support::hosts::{made, pinned_workshop};

#[test]
fn a_pack_of_another_version_than_the_host_wants_is_refused() {
    let host = pinned_workshop();
    host.write("tenon.toml", "pack = \"./workshop\"\npack-version = \"0.2.0\"\n");
    host.refused(&["list"]).says(str![[r#"
error: this host needs version 0.2.0 of the pack `workshop`, and this is 0.1.0
  --> tenon.toml:2:16
help: use the release of tenon that has that version
help: or change to this one: write `pack-version = "0.1.0"`

"#]]);
    host.write("tenon.toml", "pack = \"./workshop\"\npack-version = \"0.1.0\"\n");
    host.done(&["list"]);
}

#[test]
fn the_version_of_a_pack_that_is_recognised_is_looked_at_too() {
    let host = made();
    host.write("tenon.toml", "pack-version = \"0.0.1\"\n");
    let ran = host.refused(&["list"]);
    assert!(
        ran.err
            .starts_with("error: this host needs version 0.0.1 of the pack `o2s`"),
        "{}",
        ran.err
    );
}

#[test]
fn what_the_settings_say_of_their_pack_is_not_about_another_one() {
    let host = pinned_workshop();
    host.write("tenon.toml", "pack = \"o2s\"\npack-version = \"9.0.0\"\n");
    host.done(&["list", "--pack", "../workshop"]);
}

#[test]
fn a_default_answers_an_option_that_nothing_else_answers() {
    let host = pinned_workshop();
    host.write(
        "tenon.toml",
        "pack = \"./workshop\"\n\n[answers.integration]\nlabel = \"from settings\"\nmain = true\n",
    );
    host.done(&["new-integration", "saw"]);
    assert!(host.read("units/saw/unit.json").contains("\"from settings\""));
    assert!(host.read("src/main.ts").contains("unit-saw"));

    host.write("../answers.toml", "label = \"from file\"\n");
    host.done(&["new-integration", "axe", "--answers", "../answers.toml"]);
    assert!(host.read("units/axe/unit.json").contains("\"from file\""));
    host.done(&["new-integration", "awl", "--label", "from flag"]);
    assert!(host.read("units/awl/unit.json").contains("\"from flag\""));
}

#[test]
fn a_default_that_is_set_later_does_not_touch_what_stands() {
    let host = pinned_workshop();
    host.write("tenon.toml", "pack = \"./workshop\"\n");
    host.done(&["new-integration", "saw", "--label", "old"]);
    host.write(
        "tenon.toml",
        "pack = \"./workshop\"\n\n[answers.integration]\nlabel = \"new\"\nmain = true\n",
    );
    host.done(&["new-integration", "saw", "--check"]);
}

#[test]
fn a_default_for_what_is_not_asked_is_refused() {
    let host = pinned_workshop();
    let pin = "pack = \"./workshop\"\n\n";
    host.write(
        "tenon.toml",
        format!("{pin}[answers.integration]\nlabl = \"x\"\n"),
    );
    host.refused(&["list"]).says(str![[r#"
error: `integration` does not ask for `labl`
  --> tenon.toml:4:1
help: did you mean `label`?

"#]]);
    host.write("tenon.toml", format!("{pin}[answers.intgration]\n"));
    host.refused(&["list"]).says(str![[r#"
error: the pack `workshop` has no kind `intgration`
  --> tenon.toml:3:10
help: did you mean `integration`?

"#]]);
}

#[test]
fn a_misspelt_setting_is_an_error_at_its_place_that_guesses() {
    let host = pinned_workshop();
    host.write(
        "tenon.toml",
        "pack = \"./workshop\"\n\n[[ignore]]\nrule = \"missing-part\"\npaht = \"a\"\nreason = \"r\"\n",
    );
    host.refused(&["list"]).says(str![[r#"
error: `paht` is not a setting
  --> tenon.toml:5:1
help: did you mean `path`?

"#]]);
}

#[test]
fn undo_needs_no_sound_settings() {
    let host = pinned_workshop();
    host.done(&["new-integration", "saw", "--label", "x", "--pack", "../workshop"]);
    host.write("tenon.toml", "pakc = 1\n");
    host.done(&["undo"]);
}

#[test]
fn every_example_of_the_settings_page_is_taken() {
    let page = include_str!("../../docs/settings.md");
    let mut examples = 0;
    for block in page.split("```toml\n").skip(1) {
        let example = block.split("\n```").next().unwrap();
        let host = made();
        host.done(&["new-integration", "legacy", "--modules", "cms"]);
        host.write("tenon.toml", format!("{example}\n"));
        host.remove("packages/integrations/legacy/tsconfig.json");
        let ran = host.run(&["check", "--format", "concise"]);
        assert!(ran.code < 2, "{example}\n{}", ran.err);
        // What it accepts is not reported, and nothing in it is without effect.
        assert!(
            !ran.out.contains("missing-part") && !ran.out.contains("unused"),
            "{}",
            ran.out
        );
        examples += 1;
    }
    assert!(examples > 0);
}
