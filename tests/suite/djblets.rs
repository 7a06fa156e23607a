//! The djblets pack from outside: a project and an extension, made and checked, and everything that a person breaks in
//! them.

use std::path::Path;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::breaks::{complaint, each};
use crate::support::breaks::{Break, all, families, findings};
use crate::support::sandbox::{program, tree};

/// The commands that make a project with support for integrations and three of them.
const PROJECT: [&[&str]; 4] = [
    &["new", "support", "integrations", "--fields", "user:ForeignKey"],
    &[
        "new-integration",
        "acme",
        "--fields",
        "endpoint_url:URLField,token:CharField",
    ],
    &[
        "new-integration",
        "data-dog",
        "--fields",
        "interval:IntegerField,verbose:BooleanField",
    ],
    &["new-integration", "plain"],
];

/// The commands that make an extension with two integrations.
const EXTENSION: [&[&str]; 2] = [
    &[
        "new-integration",
        "acme",
        "--fields",
        "endpoint_url:URLField,token:CharField",
    ],
    &[
        "new-integration",
        "data-dog",
        "--fields",
        "interval:IntegerField,verbose:BooleanField",
    ],
];

fn run(dir: &Path, words: &[&str]) -> String {
    let output = program().args(words).current_dir(dir).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    said
}

/// A host of the pack in a directory of its own.
fn made(kind: &str, name: &str, commands: &[&[&str]]) -> TempDir {
    let dir = TempDir::new().unwrap();
    run(dir.path(), &["new", kind, name, "--pack", "djblets", "--quiet"]);
    let root = dir.path().join(name);
    for words in commands {
        run(&root, &[*words, &["--quiet"]].concat());
    }
    std::fs::remove_dir_all(root.join(".tenon")).unwrap();
    dir
}

fn project() -> &'static Path {
    static MADE: OnceLock<(TempDir, std::path::PathBuf)> = OnceLock::new();
    let (_, root) = MADE.get_or_init(|| {
        let dir = made("host", "shop", &PROJECT);
        let root = dir.path().join("shop");
        (dir, root)
    });
    root
}

fn extension() -> &'static Path {
    static MADE: OnceLock<(TempDir, std::path::PathBuf)> = OnceLock::new();
    let (_, root) = MADE.get_or_init(|| {
        let dir = made("extension", "rb-acme", &EXTENSION);
        let root = dir.path().join("rb-acme");
        (dir, root)
    });
    root
}

fn breaks(on: &str) -> Vec<Break> {
    let all = all("djblets").into_iter();
    all.filter(|of| of.on.iter().any(|host| host == on)).collect()
}

#[test]
fn every_break_of_a_project_is_found_and_nothing_else_is() {
    let root = project();
    assert_eq!(findings(program(), root, &[]), [], "a fresh project has findings");
    let all = breaks("project");
    assert!(all.len() >= 50, "only {} breaks", all.len());
    let said = each(&all, |of| complaint(of, "fresh", root, &[]));
    assert!(said.is_empty(), "\n{said}");
}

#[test]
fn every_break_of_an_extension_is_found_and_nothing_else_is() {
    let root = extension();
    assert_eq!(
        findings(program(), root, &[]),
        [],
        "a fresh extension has findings"
    );
    let said = each(&breaks("extension"), |of| complaint(of, "fresh", root, &[]));
    assert!(said.is_empty(), "\n{said}");
}

/// A project with one file of its own.
fn with(path: &str, text: &str) -> (TempDir, std::path::PathBuf) {
    let dir = made("host", "shop", &[]);
    let root = dir.path().join("shop");
    std::fs::write(root.join(path), text).unwrap();
    (dir, root)
}

const SETTINGS: &str = "shop/settings.py";
const HEAD: &str = "import djblets\n\n";

/// Support is added to these settings, and only the lines with `+` are new.
fn only_these_lines(settings: &str, added: &[&str]) {
    let (_dir, root) = with(SETTINGS, &format!("{HEAD}{settings}"));
    let before = tree(&root);
    run(&root, &["new", "support", "integrations", "--quiet"]);
    let after = std::fs::read_to_string(root.join(SETTINGS)).unwrap();
    let mut rest: Vec<&str> = after.split_inclusive('\n').collect();
    for line in format!("{HEAD}{settings}").split_inclusive('\n') {
        let at = rest.iter().position(|known| *known == line);
        rest.remove(at.unwrap_or_else(|| panic!("{line:?} is gone:\n{after}")));
    }
    let new: Vec<&str> = rest.iter().map(|line| line.trim()).collect();
    assert_eq!(new, added, "{after}");
    assert_eq!(findings(program(), &root, &[]), [], "{after}");
    run(&root, &["undo"]);
    let mut left = tree(&root);
    left.retain(|path, _| !path.starts_with(".tenon"));
    assert_eq!(left, before, "undo leaves something");
}

#[test]
fn lists_of_settings_keep_their_manner() {
    // Tuples in double quotes, comments between the elements, the older name of the middleware.
    only_these_lines(
        "INSTALLED_APPS = (\n    \"django.contrib.admin\",  # pages\n    # sites\n    \"django.contrib.sites\",\n    \"pipeline\",\n)\nMIDDLEWARE_CLASSES = (\n    \"a.B\",\n    \"djblets.extensions.middleware.ExtensionsMiddleware\",\n    \"z.Z\",\n)\n",
        &[
            "\"djblets.extensions\",",
            "\"djblets.integrations\",",
            "\"shop.integrations\",",
            "\"djblets.integrations.middleware.IntegrationsMiddleware\",",
        ],
    );
    // Put together from pieces; what stands in one of them is not added again.
    only_these_lines(
        "DJANGO_APPS = [\n    'django.contrib.auth',\n    'django.contrib.sites',\n]\nINSTALLED_APPS = DJANGO_APPS + [\n    'b',\n    'a',\n]\nINSTALLED_APPS += ['djblets.extensions']\nMIDDLEWARE = [\n    'a.B',\n]\n",
        &[
            "'djblets.integrations',",
            "'shop.integrations',",
            "'djblets.integrations.middleware.IntegrationsMiddleware',",
        ],
    );
}

#[test]
fn what_the_settings_have_in_another_way_is_not_added_again() {
    for settings in [
        "INSTALLED_APPS = [\n    'django.contrib.sites.apps.SitesConfig',\n    'pipeline',\n]\n",
        "INSTALLED_APPS = [\n    'pipeline',\n]\nINSTALLED_APPS.append('django.contrib.sites')\n",
        "CONTRIB = ['django.contrib.sites']\nINSTALLED_APPS = [\n    *CONTRIB,\n    'pipeline',\n]\n",
        "INSTALLED_APPS: list[str] = [\n    'django.contrib.sites',\n    'pipeline',\n]\n",
    ] {
        only_these_lines(
            &format!("{settings}MIDDLEWARE = [\n    'a.B',\n]\n"),
            &[
                "'djblets.extensions',",
                "'djblets.integrations',",
                "'shop.integrations',",
                "'djblets.integrations.middleware.IntegrationsMiddleware',",
            ],
        );
    }
}

#[test]
fn an_integration_is_registered_before_the_end_of_the_method() {
    let dir = made("host", "shop", &[&["new", "support", "integrations"]]);
    let root = dir.path().join("shop");
    let path = root.join("shop/integrations/apps.py");
    let before = std::fs::read_to_string(&path).unwrap();
    let call = "        get_integration_manager()\n";
    assert!(before.ends_with(call), "{before}");
    let before = before + "        return\n";
    std::fs::write(&path, &before).unwrap();
    run(&root, &["new-integration", "acme", "--quiet"]);
    let after = std::fs::read_to_string(&path).unwrap();
    let added =
        "        get_integration_manager().register_integration_class(AcmeIntegration)\n        return\n";
    assert!(after.ends_with(&format!("{call}{added}")), "{after}");
    assert_eq!(findings(program(), &root, &[]), []);
    run(&root, &["remove-integration", "acme", "--yes", "--quiet"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}

/// The layout of rbintegrations before May 2026.
#[test]
fn a_list_of_integrations_that_a_loop_hooks_is_the_site() {
    let dir = made("extension", "rb-acme", &EXTENSION);
    let root = dir.path().join("rb-acme");
    let path = root.join("rb_acme/extension.py");
    let text = "from reviewboard.extensions.base import Extension\nfrom reviewboard.extensions.hooks import IntegrationHook\n\nfrom rb_acme.acme.integration import AcmeIntegration\nfrom rb_acme.data_dog.integration import DataDogIntegration\n\n\nclass RbAcmeExtension(Extension):\n    integrations = [\n        AcmeIntegration,\n        DataDogIntegration,\n    ]\n\n    def initialize(self):\n        for integration in self.integrations:\n            IntegrationHook(self, integration)\n";
    std::fs::write(&path, text).unwrap();
    assert_eq!(findings(program(), &root, &[]), []);
    run(&root, &["new-integration", "mail", "--quiet"]);
    let after = std::fs::read_to_string(&path).unwrap();
    let list = "        DataDogIntegration,\n        MailIntegration,\n    ]\n";
    assert!(
        after.contains(list) && after.matches("IntegrationHook(").count() == 1,
        "{after}"
    );
    assert_eq!(findings(program(), &root, &[]), [], "{after}");
    run(&root, &["remove-integration", "mail", "--yes", "--quiet"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    std::fs::write(&path, text.replace("        AcmeIntegration,\n", "")).unwrap();
    let found = findings(program(), &root, &[]);
    assert!(
        matches!(found.as_slice(), [only] if only.rule == "missing-entry" && only.of == "acme"),
        "{found:?}"
    );
    run(&root, &["validate-structure", "--fix", "--quiet"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn line_ends_and_a_missing_one_stay() {
    let settings =
        "INSTALLED_APPS = [\r\n    'django.contrib.sites',\r\n]\r\nMIDDLEWARE = [\r\n    'a.B',\r\n]";
    let (_dir, root) = with(SETTINGS, settings);
    run(&root, &["new", "support", "integrations", "--quiet"]);
    let after = std::fs::read_to_string(root.join(SETTINGS)).unwrap();
    assert_eq!(
        after.matches('\n').count(),
        after.matches("\r\n").count(),
        "{after:?}"
    );
    assert!(
        after.ends_with(']') && after.contains("    'djblets.integrations',\r\n"),
        "{after:?}"
    );
}

#[test]
fn settings_that_are_split_are_found() {
    let (_dir, root) = with("shop/__init__.py", "");
    let text = std::fs::read_to_string(root.join(SETTINGS)).unwrap();
    std::fs::remove_file(root.join(SETTINGS)).unwrap();
    std::fs::create_dir(root.join("shop/settings")).unwrap();
    std::fs::write(root.join("shop/settings/base.py"), &text).unwrap();
    let dev = "from shop.settings.base import *\n\nDEBUG = True\nINSTALLED_APPS += ['debug_toolbar']\n";
    std::fs::write(root.join("shop/settings/dev.py"), dev).unwrap();
    run(&root, &["new", "support", "integrations", "--quiet"]);
    let base = std::fs::read_to_string(root.join("shop/settings/base.py")).unwrap();
    assert!(base.contains("'shop.integrations',"), "{base}");
    assert_eq!(
        std::fs::read_to_string(root.join("shop/settings/dev.py")).unwrap(),
        dev
    );
    assert_eq!(findings(program(), &root, &[]), []);
}

#[test]
fn hooks_and_their_imports_go_where_their_neighbours_are() {
    let (_dir, root) = {
        let dir = made("extension", "rb-acme", &[]);
        let root = dir.path().join("rb-acme");
        (dir, root)
    };
    let path = root.join("rb_acme/extension.py");
    let before = "from reviewboard.extensions.base import Extension\nfrom reviewboard.extensions.hooks import IntegrationHook, URLHook\n\n\nclass RbAcmeExtension(Extension):\n    def initialize(self):\n        from rb_acme.alpha import AlphaIntegration\n        from rb_acme.zeta import ZetaIntegration\n\n        IntegrationHook(self, AlphaIntegration)\n        IntegrationHook(self, ZetaIntegration)\n\n        URLHook(self, [])\n";
    std::fs::write(&path, before).unwrap();
    run(
        &root,
        &[
            "new-integration",
            "data-dog",
            "--class",
            "DataDogIntegration",
            "--quiet",
        ],
    );
    let after = std::fs::read_to_string(&path).unwrap();
    let import = "        from rb_acme.data_dog.integration import DataDogIntegration\n";
    let hook = "        IntegrationHook(self, DataDogIntegration)\n";
    assert_eq!(
        after,
        before
            .replace(
                "        from rb_acme.zeta",
                &format!("{import}        from rb_acme.zeta")
            )
            .replace(
                "        IntegrationHook(self, Zeta",
                &format!("{hook}        IntegrationHook(self, Zeta")
            )
    );
}

#[test]
fn names_and_kinds_of_fields_are_checked() {
    let root = project();
    for (fields, says) in [
        ("token", "`token` is not a pair"),
        ("Token:CharField", "`Token` cannot be a name"),
        ("class:CharField", "`class` cannot be a name"),
        ("a:CharField,a:URLField", "`--fields` names `a` twice"),
        ("a:CharFeld", "did you mean `CharField`?"),
    ] {
        let words = ["new-integration", "other", "--fields", fields, "--dry-run"];
        let output = program().args(words).current_dir(root).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{fields}: {said}");
    }
}

/// What the tools notice of a break, as measured: `manage.py check`, importing, ruff, mypy.
fn noticed() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/breaks/tools-djblets.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The table of `docs/validation.md`; `TENON_BLESS=1` writes it.
#[test]
fn the_table_of_breaks_in_django_applications_is_in_the_docs() {
    const TOOLS: [&str; 4] = ["check", "import", "ruff", "mypy"];
    let measured = noticed();
    let mut tables = String::new();
    let (mut count, mut none, mut sums) = (0, 0, [0; 4]);
    for (family, breaks) in families("djblets") {
        tables += &format!(
            "\n### {family}\n\n| what a person does | is found by | at | `--fix` | check | import | ruff | mypy |\n|---|---|---|---|---|---|---|---|\n"
        );
        for of in &breaks {
            let [rules, places, mended] = of.cells();
            let row = TOOLS.map(|tool| measured[&of.id][tool].as_bool().unwrap());
            count += 1;
            none += usize::from(!row.contains(&true));
            for (sum, yes) in sums.iter_mut().zip(row) {
                *sum += usize::from(yes);
            }
            let tools = row.map(|yes| if yes { "yes" } else { "–" }).join(" | ");
            tables += &format!("| {} | {rules} | {places} | {mended} | {tools} |\n", of.what);
        }
    }
    assert_eq!(count, measured.len(), "something was measured that is no break");
    let [check, import, ruff, mypy] = sums;
    let summary = format!(
        "Of {count} breaks `manage.py check` notices {check}, importing {import}, ruff {ruff}, mypy {mypy}; {none} none of them; `tenon` finds all.\n"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- breaks: djblets -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /breaks: djblets -->").unwrap();
    let right =
        format!("{before}<!-- breaks: djblets -->\n{summary}{tables}\n<!-- /breaks: djblets -->{after}");
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &right).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == right,
        "the table of docs/validation.md is not of today: TENON_BLESS=1 cargo test --test main table_of_breaks"
    );
}

/// As Review Board's own repository: its application of integrations has no `apps.py`.
#[test]
fn an_application_without_a_configuration_gets_one_with_its_first_integration() {
    use crate::support::sandbox::{Sandbox, assert_same, visible};
    let base = "from djblets.integrations.integration import Integration as Base\nfrom djblets.integrations.manager import IntegrationManager\n\n\n\
                class Integration(Base):\n    \"\"\"An integration.\"\"\"\n\n\n\
                def get_integration_manager():\n    from reviewboard.integrations.models import IntegrationConfig\n\n    return IntegrationManager(IntegrationConfig)\n";
    let settings = "INSTALLED_APPS = [\n    'django.contrib.sites',\n    'djblets.integrations',\n    'reviewboard.integrations',\n]\n";
    let host = Sandbox::with(&[
        ("manage.py", ""),
        ("pyproject.toml", "[project]\nname = \"ReviewBoard\"\n"),
        ("reviewboard/__init__.py", ""),
        ("reviewboard/settings.py", settings),
        ("reviewboard/integrations/__init__.py", ""),
        ("reviewboard/integrations/base.py", base),
        ("reviewboard/integrations/models.py", ""),
        ("reviewboard/integrations/views.py", ""),
    ]);
    const APPS: &str = "reviewboard/integrations/apps.py";
    let without = visible(&host.root);
    host.done(&["new-integration", "acme", "--fields", "url:URLField"]);
    let with_one = visible(&host.root);
    let apps = host.read(APPS);
    for line in [
        "class IntegrationsConfig(AppConfig):",
        "    name = 'reviewboard.integrations'",
        // Models are not there yet when the file is imported.
        "        from reviewboard.integrations.acme.integration import AcmeIntegration",
        "        get_integration_manager().register_integration_class(AcmeIntegration)",
    ] {
        assert!(apps.lines().any(|own| own == line), "{line:?} in {apps}");
    }
    let found = host.run(&["check", "--no-cache"]).out;
    assert!(!found.contains("acme") && !found.contains("apps.py"), "{found}");
    // The second one goes into the same file, and leaves it as it was.
    host.done(&["new-integration", "beta"]);
    host.done(&["remove-integration", "beta", "--yes"]);
    assert_same(&with_one, &visible(&host.root));
    host.done(&["remove-integration", "acme", "--yes"]);
    assert_same(&without, &visible(&host.root));
    // What the first one made stays as long as another one is registered in it, and goes with the last.
    host.done(&["new-integration", "acme"]);
    host.done(&["new-integration", "beta"]);
    host.done(&["remove-integration", "acme", "--yes"]);
    let apps = host.read(APPS);
    assert!(
        apps.contains("BetaIntegration") && !apps.contains("Acme"),
        "{apps}"
    );
    host.done(&["update", "--check"]);
    host.done(&["remove-integration", "beta", "--yes"]);
    assert_same(&without, &visible(&host.root));
}
