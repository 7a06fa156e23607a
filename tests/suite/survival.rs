//! Format survives: whatever the patched files look like, only what is inserted differs, it is written as its
//! surroundings are, and undo gives every byte back.

use crate::support::hosts::{APP_CONFIG, APP_MODULE, CONFIGS, MODELS, framework};
use crate::support::sandbox::{Sandbox, assert_same};

const ACTIVATE: [&str; 6] = [
    "new-integration",
    "acme",
    "--modules",
    "tickets",
    "--activate",
    "tickets",
];
const TICKETS: &str = "packages/configs/integrations/src/models/tickets.ts";

/// The patched files, as a person has them who has two other integrations.
const FILES: [(&str, &str); 5] = [
    (
        CONFIGS,
        "{\n    \"name\": \"@o2s/configs.integrations\",\n    \"dependencies\": {\n        \"@o2s/integrations.aaa\": \"*\",\n        \
         \"@o2s/integrations.zzz\": \"*\"\n    },\n    \"scripts\": {\n        \"build\": \"tsc\"\n    }\n}\n",
    ),
    (
        MODELS,
        "export * as CMS from './cms';\n\nexport * as Users from './users';\n",
    ),
    (
        TICKETS,
        "import { Config, Integration } from '@o2s/integrations.zzz/integration';\n\nimport { ApiConfig } from '@o2s/framework/modules';\n\n\
         export const TicketsIntegrationConfig: ApiConfig['integrations']['tickets'] = Config.tickets!;\n\n\
         export import Service = Integration.Tickets.Service;\n",
    ),
    (
        APP_CONFIG,
        "import { CMS, Users } from '@o2s/configs.integrations';\n\nimport { ApiConfig } from '@o2s/framework/modules';\n\n\
         export const AppConfig = {\n    integrations: {\n        cms: CMS.CMSIntegrationConfig,\n        users: Users.UsersIntegrationConfig,\n    },\n} as ApiConfig;\n",
    ),
    (
        APP_MODULE,
        "import { Module } from '@nestjs/common';\n\nimport { Users } from '@o2s/framework/modules';\n\nimport { AppConfig } from './app.config';\n\n\
         export const UsersBaseModule = Users.Module.register(AppConfig);\n\n@Module({\n    imports: [\n        UsersBaseModule,\n    ],\n})\nexport class AppModule {}\n",
    ),
];

fn is_json(path: &str) -> bool {
    path.ends_with(".json")
}

/// Ways in which a file can be written: a name and what makes it so.
type Variant = (&'static str, fn(&str, &str) -> String);

fn indented(text: &str, unit: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let bare = line.trim_start_matches(' ');
        format!("{}{bare}", unit.repeat((line.len() - bare.len()) / 4))
    });
    lines.collect()
}

const VARIANTS: [Variant; 12] = [
    ("as a formatter writes it", |_, text| text.to_owned()),
    ("tabs", |_, text| indented(text, "\t")),
    ("two spaces", |_, text| indented(text, "  ")),
    ("carriage returns", |_, text| text.replace('\n', "\r\n")),
    ("a byte order mark", |_, text| format!("\u{feff}{text}")),
    ("a byte order mark, carriage returns and tabs", |_, text| {
        format!("\u{feff}{}", indented(text, "\t").replace('\n', "\r\n"))
    }),
    ("no final line end", |_, text| text.trim_end().to_owned()),
    ("several final line ends", |_, text| format!("{text}\n\n")),
    ("double quotes", |path, text| {
        if is_json(path) {
            text.to_owned()
        } else {
            text.replace('\'', "\"")
        }
    }),
    ("no semicolons", |path, text| {
        if is_json(path) {
            text.to_owned()
        } else {
            text.replace(";\n", "\n")
        }
    }),
    ("comments", |path, text| {
        let note = |line: &str| {
            if line.trim_end().ends_with([',', ';']) {
                line.replace('\n', " // why\n")
            } else {
                line.to_owned()
            }
        };
        let text: String = text.split_inclusive('\n').map(note).collect();
        if is_json(path) {
            text.replacen("{\n", "{\n    /* head */\n", 1)
        } else {
            format!("/* head */\n{text}// tail\n")
        }
    }),
    ("a mixture of line ends", |_, text| text.replacen('\n', "\r\n", 1)),
];

/// A host whose patched files are `variant` of what they were.
fn host_of(variant: Variant) -> Sandbox {
    let host = framework();
    for (path, text) in FILES {
        host.write(path, (variant.1)(path, text));
    }
    host
}

/// The text of a slot's file is the same when nobody holds the slot.
fn vacated(path: &str, text: &str) -> String {
    if path == TICKETS {
        text.replace("integrations.zzz", "_")
            .replace("integrations.acme", "_")
    } else {
        text.to_owned()
    }
}

/// Whether `whole` is `part` with text inserted into it.
fn is_within(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|wanted| rest.any(|c| c == wanted))
}

/// What `after` says in lines of its own.
fn new_lines<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    let mut old: Vec<&str> = before.split_inclusive('\n').collect();
    let mut new = vec![];
    for line in after.split_inclusive('\n') {
        match old.iter().position(|known| *known == line) {
            Some(at) => {
                old.remove(at);
            }
            None => new.push(line),
        }
    }
    new
}

/// Lines of `before` that `after` lacks.
fn lost_lines(before: &str, after: &str) -> usize {
    new_lines(after, before).len()
}

#[track_caller]
fn check_style(what: &str, before: &str, after: &str) {
    let context = format!("{what}\n--- before\n{before}\n--- after\n{after}");
    let bom = |text: &str| text.matches('\u{feff}').count();
    assert_eq!(bom(before), bom(after), "{context}");
    assert_eq!(
        before.starts_with('\u{feff}'),
        after.starts_with('\u{feff}'),
        "{context}"
    );
    let end = |text: &str| text[text.trim_end().len()..].to_owned();
    assert_eq!(end(before), end(after), "the end of the file\n{context}");
    let tabs = before.contains("\n\t");
    let two = !tabs
        && before.contains("\n  ")
        && before
            .lines()
            .any(|line| line.starts_with("  ") && !line.starts_with("   "));
    let crlf = before.matches("\r\n").count() * 2 > before.matches('\n').count();
    for line in new_lines(before, after)
        .into_iter()
        .filter(|line| line.ends_with('\n'))
    {
        if crlf || !before.contains('\r') {
            assert_eq!(line.ends_with("\r\n"), crlf, "{line:?}\n{context}");
        }
        let indent: &str = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        assert!(
            if tabs {
                !indent.contains(' ')
            } else {
                !indent.contains('\t')
            },
            "{line:?}\n{context}"
        );
        assert!(
            tabs || two || indent.len().is_multiple_of(4),
            "{line:?}\n{context}"
        );
        if !before.contains('\'') {
            assert!(!line.contains('\''), "{line:?}\n{context}");
        }
        if !before.contains(';') {
            assert!(!line.contains(';'), "{line:?}\n{context}");
        }
    }
}

#[test]
fn only_what_is_inserted_differs_in_every_style_and_undo_gives_every_byte_back() {
    for variant in VARIANTS {
        let host = host_of(variant);
        let before = host.tree();
        let texts: Vec<(&str, String)> = FILES.iter().map(|(path, _)| (*path, host.read(path))).collect();
        host.done(&ACTIVATE);
        for (path, old) in &texts {
            let new = host.read(path);
            let what = format!("{}: {path}", variant.0);
            assert_ne!(*old, new, "{what}");
            let (old, new) = (vacated(path, old), vacated(path, &new));
            assert!(
                is_within(&old, &new),
                "{what}: something is lost\n{old}\n->\n{new}"
            );
            // A line may gain a comma at its end, or a name among its imports.
            let lost = lost_lines(&old, &new);
            assert!(lost <= 1, "{what}: {lost} lines changed\n{old}\n->\n{new}");
            check_style(&what, &old, &new);
        }
        host.run(&ACTIVATE).exits(0).prints("");
        host.done(&["undo"]);
        assert_same(&before, &host.tree());
        assert!(!host.exists(".tenon"), "{}", variant.0);
    }
}

/// One file in one shape: what it was, what it becomes.
#[track_caller]
fn becomes(path: &str, before: &str, after: &str) {
    let host = host_of(VARIANTS[0]);
    host.write(path, before);
    let tree = host.tree();
    host.done(&ACTIVATE);
    assert_eq!(host.read(path), after);
    host.done(&["undo"]);
    assert_same(&tree, &host.tree());
}

#[test]
fn a_manifest_of_every_shape_gets_one_dependency() {
    // Minified.
    becomes(
        CONFIGS,
        r#"{"name":"c","dependencies":{"b":"1","a":"2"},"x":[]}"#,
        r#"{"name":"c","dependencies":{"b":"1","a":"2","@o2s/integrations.acme":"*"},"x":[]}"#,
    );
    becomes(
        CONFIGS,
        r#"{"dependencies":{}}"#,
        r#"{"dependencies":{"@o2s/integrations.acme":"*"}}"#,
    );
    becomes(
        CONFIGS,
        r#"{"name":"c"}"#,
        r#"{"name":"c","dependencies":{"@o2s/integrations.acme":"*"}}"#,
    );
    // An empty object shows no style.
    becomes(
        CONFIGS,
        "{}",
        "{\n  \"dependencies\": {\n    \"@o2s/integrations.acme\": \"*\"\n  }\n}",
    );
    // Sorted: in its place. Unsorted: last.
    becomes(
        CONFIGS,
        "{\n  \"dependencies\": {\n    \"@o2s/a\": \"1\",\n    \"b\": \"2\"\n  }\n}\n",
        "{\n  \"dependencies\": {\n    \"@o2s/a\": \"1\",\n    \"@o2s/integrations.acme\": \"*\",\n    \"b\": \"2\"\n  }\n}\n",
    );
    becomes(
        CONFIGS,
        "{\n  \"dependencies\": {\n    \"z\": \"1\",\n    \"b\": \"2\"\n  }\n}\n",
        "{\n  \"dependencies\": {\n    \"z\": \"1\",\n    \"b\": \"2\",\n    \"@o2s/integrations.acme\": \"*\"\n  }\n}\n",
    );
    // There already, in whatever version: nothing to do there.
    let host = host_of(VARIANTS[0]);
    let text = "{ \"dependencies\": { \"@o2s/integrations.acme\": \"workspace:^\" } }";
    host.write(CONFIGS, text);
    host.done(&ACTIVATE);
    assert_eq!(host.read(CONFIGS), text);
}

#[test]
fn a_list_of_models_of_every_shape_gets_one_line() {
    let line = "export * as Tickets from './tickets';\n";
    becomes(MODELS, "", line);
    becomes(MODELS, "// none yet\n", &format!("// none yet\n{line}"));
    becomes(
        MODELS,
        "// none yet",
        "// none yet\nexport * as Tickets from './tickets';",
    );
    becomes(
        MODELS,
        "export * as Users from './users';\nexport * as CMS from './cms';\n",
        "export * as Users from './users';\nexport * as CMS from './cms';\nexport * as Tickets from './tickets';\n",
    );
    becomes(
        MODELS,
        "export * as CMS from \"./cms\"\nexport * as Users from \"./users\"\n",
        "export * as CMS from \"./cms\"\nexport * as Tickets from \"./tickets\"\nexport * as Users from \"./users\"\n",
    );
    // Under another path it is there already.
    let host = host_of(VARIANTS[0]);
    let text = "export * as Tickets from './own/tickets';\n";
    host.write(MODELS, text);
    host.done(&ACTIVATE);
    assert_eq!(host.read(MODELS), text);
}

#[test]
fn a_configuration_of_every_shape_gets_one_entry() {
    let head = "import { Tickets } from '@o2s/configs.integrations';\n\n";
    let entry = "tickets: Tickets.TicketsIntegrationConfig";
    becomes(
        APP_CONFIG,
        &format!("{head}export const AppConfig = {{ integrations: {{ a: A.x }} }};\n"),
        &format!("{head}export const AppConfig = {{ integrations: {{ a: A.x, {entry} }} }};\n"),
    );
    becomes(
        APP_CONFIG,
        &format!(
            "{head}export const AppConfig = {{\n  integrations: {{\n    b: B.x,\n    a: A.x // last\n  }}\n}}\n"
        ),
        &format!(
            "{head}export const AppConfig = {{\n  integrations: {{\n    b: B.x,\n    a: A.x, // last\n    {entry}\n  }}\n}}\n"
        ),
    );
    becomes(
        APP_CONFIG,
        &format!("{head}export const AppConfig = {{\n  integrations: {{\n    // none\n  }}\n}}\n"),
        &format!(
            "{head}export const AppConfig = {{\n  integrations: {{\n    // none\n    {entry},\n  }}\n}}\n"
        ),
    );
}

#[test]
fn modes_survive() {
    let host = host_of(VARIANTS[0]);
    let modes = [
        (CONFIGS, 0o600),
        (MODELS, 0o664),
        (TICKETS, 0o755),
        (APP_CONFIG, 0o640),
    ];
    for (path, mode) in modes {
        host.chmod(path, mode);
    }
    let before = host.tree();
    host.done(&ACTIVATE);
    for (path, mode) in modes {
        let now =
            std::os::unix::fs::PermissionsExt::mode(&host.at(path).metadata().unwrap().permissions()) & 0o777;
        assert_eq!(now, mode, "{path}");
    }
    host.done(&["undo"]);
    assert_same(&before, &host.tree());
}
