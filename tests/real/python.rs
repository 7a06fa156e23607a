//! The djblets pack on the published packages: a project with support and three integrations, checked by Django itself, by
//! its tests, by ruff, and by requests to the pages of the administration.
//!
//! Needs python3 (with `venv`) and PyPI: without them the test is skipped with a message, and fails where `CI=true`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the project stands on.
const PACKAGES: [&str; 2] = ["Djblets==6.1", "ruff"];

/// A configuration is added through the form, and a signal reaches the handler with what was saved.
const VISIT: &str = r#"
import logging
import re

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.test import Client

settings.ALLOWED_HOSTS.append('testserver')
from shop.integrations.base import get_integration_manager

manager = get_integration_manager()
names = sorted(str(integration.name) for integration in manager.get_integrations())
print('registered:', ', '.join(names))

client = Client(enforce_csrf_checks=True)
get_user_model().objects.create_superuser('admin', password='secret')


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]


page = client.get('/admin/login/')
done = client.post(
    '/admin/login/?next=/admin/integrations/',
    {'username': 'admin', 'password': 'secret', 'csrfmiddlewaretoken': token(page)},
)
assert done.status_code == 302, done.content
page = client.get('/admin/integrations/')
assert page.status_code == 200
for name in names:
    assert name in page.content.decode(), name
print('listed:', ', '.join(names))

acme = next(i for i in manager.get_integrations() if str(i.name) == 'Acme')
add = f'/admin/integrations/{acme.integration_id}/configs/add/'
page = client.get(add)
assert page.status_code == 200 and 'endpoint_url' in page.content.decode()
done = client.post(
    add,
    {
        'name': 'Mine',
        'enabled': 'on',
        'endpoint_url': 'https://example.com/hook',
        'token': 't0',
        'csrfmiddlewaretoken': token(page),
    },
)
assert done.status_code == 302, done.content.decode()
page = client.get('/admin/integrations/')
assert '"Mine"' in page.content.decode()
manager.check_expired()
(config,) = acme.get_configs()
assert config.enabled and config.get('endpoint_url') == 'https://example.com/hook'
print('saved:', config.name)

heard = []


class Handler(logging.Handler):
    def emit(self, record):
        heard.append(record.getMessage())


logging.getLogger('shop.integrations.acme.integration').addHandler(Handler())
logging.getLogger('shop.integrations.acme.integration').setLevel(logging.INFO)
user = get_user_model().objects.get()
user_logged_in.send(sender=type(user), request=None, user=user)
assert heard == ['Mine: admin logged in'], heard
print('heard:', heard[0])
"#;

fn base() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-python")
}

fn is_skipped() -> bool {
    let there = Command::new("python3").args(["-m", "venv", "--help"]).output();
    if there.is_ok_and(|output| output.status.success()) {
        return false;
    }
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "`python3` with `venv` is missing"
    );
    eprintln!("skipped: `python3` with `venv` is not installed, so nothing can be run on the real framework");
    true
}

fn output(dir: &Path, tool: &str, words: &[&str]) -> Output {
    let installed = base().join("venv/bin").join(tool);
    Command::new(if installed.exists() {
        installed
    } else {
        PathBuf::from(tool)
    })
    .args(words)
    .env("DJANGO_SETTINGS_MODULE", "shop.settings")
    .current_dir(dir)
    .stdin(Stdio::null())
    .output()
    .unwrap()
}

fn run(dir: &Path, tool: &str, words: &[&str]) -> String {
    let output = output(dir, tool, words);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let shown = words.first().unwrap_or(&"");
    assert!(
        output.status.success(),
        "{tool} {shown}\n{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

/// A project with support and three integrations, in order as far as the program says.
fn project(name: &str, support: &[&str]) -> PathBuf {
    let tenon = env!("CARGO_BIN_EXE_tenon");
    let dir = base().join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    run(
        &dir,
        tenon,
        &["new", "host", "shop", "--pack", "djblets", "--quiet"],
    );
    let shop = dir.join("shop");
    let words = ["new", "support", "integrations", "--quiet"];
    run(&shop, tenon, &[&words[..], support].concat());
    for (name, fields) in [
        ("acme", "endpoint_url:URLField,token:CharField"),
        (
            "data-dog",
            "interval:IntegerField,verbose:BooleanField,level:ChoiceField,mail:EmailField,rate:FloatField",
        ),
    ] {
        run(
            &shop,
            tenon,
            &["new-integration", name, "--fields", fields, "--quiet"],
        );
    }
    run(&shop, tenon, &["new-integration", "plain", "--quiet"]);
    run(&shop, tenon, &["validate-structure"]);
    shop
}

#[test]
fn a_project_with_integrations_runs_on_the_published_framework() {
    if is_skipped() {
        return;
    }
    if !base().join("venv/bin/ruff").exists() {
        std::fs::create_dir_all(base()).unwrap();
        run(&base(), "python3", &["-m", "venv", "venv"]);
        run(&base(), "pip", &[&["install", "--quiet"][..], &PACKAGES].concat());
    }
    let fields = "user:ForeignKey,active:BooleanField,note:CharField,until:DateTimeField,count:IntegerField,link:URLField";
    for support in [&[][..], &["--fields", fields]] {
        let shop = project(&format!("with-{}", support.len()), support);
        for words in [
            &["manage.py", "check"][..],
            &["manage.py", "makemigrations", "--check", "--dry-run"],
            &["manage.py", "test"],
            &["manage.py", "migrate", "--run-syncdb"],
        ] {
            run(&shop, "python", words);
        }
        run(&shop, "ruff", &["check", "--no-cache", "."]);
        run(&shop, "ruff", &["format", "--no-cache", "--check", "."]);
        let said = run(&shop, "python", &["-c", VISIT]);
        let names = "Acme, Data Dog, Plain";
        assert_eq!(
            said,
            format!("registered: {names}\nlisted: {names}\nsaved: Mine\nheard: Mine: admin logged in\n")
        );
        // The tools can fail: without its application the framework does not start.
        let settings = shop.join("shop/settings.py");
        let text = std::fs::read_to_string(&settings).unwrap();
        std::fs::write(&settings, text.replace("    'djblets.integrations',\n", "")).unwrap();
        assert!(!output(&shop, "python", &["manage.py", "check"]).status.success());
    }
}
