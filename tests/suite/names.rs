//! Names: which are refused, and how.

use snapbox::str;

use crate::support::hosts::framework;
use crate::support::sandbox::expect;

#[test]
fn a_name_that_cannot_be_one_is_refused_with_the_reason() {
    let host = framework();
    let long = "a".repeat(300);
    let names = [
        "",
        "class",
        "new",
        "framework",
        "../x",
        "a/../../x",
        "/etc/x",
        "a/b",
        "C:\\x",
        "Acme",
        "acme_crm",
        "acme--crm",
        "-",
        "acme-",
        "1acme",
        "açme",
        "акме",
        "аcme",
        "acme\u{200b}",
        "acme crm",
        " acme",
        "a.b",
        "con",
        "nul",
        "a\u{1b}[2Jb",
        "a\nb",
        "{{name}}",
        "$(x)",
        "a'b",
        "a\"b",
        "`x`",
        long.as_str(),
        "🙂",
    ];
    let mut said = String::new();
    for name in names {
        let ran = host.refused(&["new-integration", "--modules", "cms", "--", name]);
        said.push_str(&format!(
            "{}\n{}",
            name.escape_debug()
                .to_string()
                .chars()
                .take(20)
                .collect::<String>(),
            ran.err
        ));
    }
    expect(
        &said,
        str![[r#"

error: `` cannot be the name: it is empty
help: use lower-case words joined by `-`, such as `acme-crm`
class
error: `class` cannot be the name: it is a reserved word
help: choose another word, or add one to it
new
error: `new` cannot be the name: it is a reserved word
help: choose another word, or add one to it
framework
error: `framework` cannot be the name: it is a reserved word
help: choose another word, or add one to it
../x
error: `../x` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
a/../../x
error: `a/../../x` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
/etc/x
error: `/etc/x` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
a/b
error: `a/b` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
C:\\x
error: `C:\\x` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
Acme
error: `Acme` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
help: did you mean `acme`?
acme_crm
error: `acme_crm` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
help: did you mean `acme-crm`?
acme--crm
error: `acme--crm` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
help: did you mean `acme-crm`?
-
error: `-` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
acme-
error: `acme-` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
help: did you mean `acme`?
1acme
error: `1acme` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
açme
error: `açme` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
акме
error: `акме` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
аcme
error: `аcme` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
acme\u{200b}
error: `acme\u{200b}` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
acme crm
error: `acme crm` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
help: did you mean `acme-crm`?
 acme
error: ` acme` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
help: did you mean `acme`?
a.b
error: `a.b` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
con
error: `con` is not a path inside the host: a name in it is reserved on Windows
help: paths start at the host's root: plain names with `/` between them
nul
error: `nul` is not a path inside the host: a name in it is reserved on Windows
help: paths start at the host's root: plain names with `/` between them
a\u{1b}[2Jb
error: `a\u{1b}[2Jb` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
a\nb
error: `a\nb` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
{{name}}
error: `{{name}}` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
$(x)
error: `$(x)` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
a\'b
error: `a\'b` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
a\"b
error: `a\"b` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
`x`
error: ``x`` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`
aaaaaaaaaaaaaaaaaaaa
error: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` cannot be the name: it has 300 characters, and at most 64 are allowed
help: use lower-case words joined by `-`, such as `acme-crm`
🙂
error: `🙂` cannot be the name
help: use lower-case words joined by `-`, such as `acme-crm`

"#]],
    );
}

#[test]
fn a_name_that_differs_from_a_neighbour_in_case_or_separators_only_is_refused() {
    let host = framework();
    host.write("packages/integrations/AcmeCrm/package.json", "{}\n");
    host.refused(&["new-integration", "acme-crm", "--modules", "cms"])
        .says(str![[r#"
error: `acme-crm` differs from `AcmeCrm` only in case or separators
help: choose a name that differs in its letters

"#]]);
    host.refused(&["new-integration", "acmecrm", "--modules", "cms"]);
}

#[test]
fn a_directory_that_another_file_system_holds_for_the_same_is_refused() {
    let host = framework();
    host.write("packages/integrations/ACME/notes.txt", "no package here\n");
    host.refused(&["new-integration", "acme", "--modules", "cms"])
        .says(str![[r#"
error: `packages/integrations/acme` and `packages/integrations/ACME` differ only in upper and lower case, or in how an accent is written
help: on many file systems they are the same; choose another name

"#]]);
}

#[test]
fn a_file_name_of_control_characters_reaches_no_terminal() {
    let host = framework();
    host.write("packages/integrations/a\u{1b}[2Jb/package.json", "{}\n");
    host.write("packages/integrations/c\nd/package.json", "{}\n");
    host.write("packages/integrations/plain/package.json", "{}\n");
    host.run(&["list"])
        .exits(0)
        .prints("plain  by hand  findings: 5 errors\n");
    host.refused(&["new", "module", "zebra", "--modules", "cms"])
        .says(str![[r#"
error: `zebra` is not one of this host's integrations
help: choose from: plain

"#]]);
    let ran = host.run(&["new", "module", "--help"]);
    assert!(!ran.exits(0).out.contains("2Jb"), "{}", ran.out);
    for shell in ["bash", "zsh", "fish"] {
        let offer = host.completed(shell, &["new", "module", ""]);
        assert!(
            offer.contains("plain") && !offer.contains("2Jb"),
            "{shell}: {offer}"
        );
    }
}

/// A shell may run what it is offered.
#[test]
fn a_directory_named_as_a_command_is_not_run_by_completion() {
    let host = framework();
    for name in [
        "$(touch ran)",
        "`touch ran`",
        "\";touch ran;\"",
        "';touch ran;'",
        "--yes",
    ] {
        host.write(&format!("packages/integrations/{name}/package.json"), "{}\n");
    }
    host.write("packages/integrations/good.one/package.json", "{}\n");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let offer = host.completed(shell, &["new", "module", ""]);
        assert!(
            offer.contains("good.one") && !offer.contains("touch"),
            "{shell}: {offer}"
        );
    }
}

#[test]
fn a_name_on_the_command_line_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let host = framework();
    let before = host.tree();
    let mut command = host.command(&["new-integration", "--modules", "cms"]);
    command.arg(std::ffi::OsStr::from_bytes(b"ac\xffme"));
    host.ran(command.output().unwrap()).is_one_error();
    crate::support::sandbox::assert_same(&before, &host.tree());
}
