//! The hosts on which the tests run, each made once and copied.

use std::path::Path;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::sandbox::{Sandbox, program};

/// The configs package, which every activation changes.
pub const CONFIGS: &str = "packages/configs/integrations/package.json";
/// The list of models.
pub const MODELS: &str = "packages/configs/integrations/src/models/index.ts";
/// The application's list of integrations.
pub const APP_CONFIG: &str = "apps/api-harmonization/src/app.config.ts";
/// The application's list of modules.
pub const APP_MODULE: &str = "apps/api-harmonization/src/app.module.ts";

/// What is said when the interface comes from the pack.
pub const SNAPSHOT_WARNING: &str = "warning: `@o2s/framework/modules` is not installed here: its interface is taken from the pack `o2s 1.0.0`\n";

/// What `tenon new host` makes, as a clone of it would be: nothing is installed, so interfaces come from the
/// pack's snapshot.
pub fn made() -> Sandbox {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    new_host(&MADE, "o2s")
}

/// A copy of the host that `tenon new host` makes with a pack, which it does once.
fn new_host(once: &OnceLock<TempDir>, pack: &str) -> Sandbox {
    let dir = once.get_or_init(|| {
        let dir = TempDir::new().unwrap();
        let output = program()
            .args(["new", "host", "shop", "--pack", pack])
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        std::fs::remove_dir_all(dir.path().join("shop/.tenon")).unwrap();
        dir
    });
    Sandbox::copy_of(&dir.path().join("shop"))
}

/// The commands that make what is tested in a small Go operator.
pub const OPERATOR_MADE_BY: [&[&str]; 5] = [
    &["new", "service", "keycloak", "--quiet"],
    &["new-integration", "acme", "--quiet"],
    &["new-integration", "nova", "--service", "keycloak", "--quiet"],
    &["new", "consumer", "http", "--in", "acme", "--quiet"],
    &["new", "integrator", "http", "--in", "acme", "--quiet"],
];

/// A small Go operator without integrations.
pub fn operator() -> Sandbox {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    new_host(&MADE, "integration-controller")
}

/// The same with the sources of a framework of five modules in it.
pub fn framework() -> Sandbox {
    let host = made();
    for (path, text) in FRAMEWORK {
        host.write(&format!("packages/framework/{path}"), text);
    }
    host
}

/// A host of the small pack below, and that pack beside it; commands need `--pack ../workshop`.
pub fn workshop() -> Sandbox {
    let host = Sandbox::with(WORKSHOP);
    workshop_pack(host.outside());
    host
}

/// The same with the pack in the host as well, which names it.
pub fn pinned_workshop() -> Sandbox {
    let host = workshop();
    workshop_pack(&host.root);
    host.write("tenon.toml", "pack = \"./workshop\"\n");
    host
}

/// Writes the small pack to `dir/workshop`.
pub fn workshop_pack(dir: &Path) {
    for (path, text) in WORKSHOP_PACK {
        let at = dir.join("workshop").join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    }
}

const FRAMEWORK: &[(&str, &str)] = &[
    (
        "package.json",
        "{\n    \"name\": \"@o2s/framework\",\n    \"version\": \"9.9.9\"\n}\n",
    ),
    (
        "src/index.ts",
        "export * as Cache from './modules/cache';\nexport * as CMS from './modules/cms';\n\
         export * as Sails from './modules/sails';\nexport * as Tickets from './modules/tickets';\n\
         export * as Users from './modules/users';\nexport * as Version from './version';\n",
    ),
    ("src/version.ts", "export const VERSION = '9.9.9';\n"),
    (
        "src/modules/cache/index.ts",
        "export { CacheService as Service } from './cache.service';\n",
    ),
    (
        "src/modules/cache/cache.service.ts",
        "export abstract class CacheService {\n    abstract get(key: string): Promise<string | undefined>;\n}\n",
    ),
    (
        "src/modules/cms/index.ts",
        "export { CmsService as Service } from './cms.service';\nexport * as Model from './cms.model';\n",
    ),
    (
        "src/modules/cms/cms.service.ts",
        "import { Observable } from 'rxjs';\n\nimport * as Model from './cms.model';\n\n\
         export abstract class CmsService {\n    abstract getPage(slug: string): Observable<Model.Page>;\n}\n",
    ),
    (
        "src/modules/cms/cms.model.ts",
        "export class Page {\n    slug!: string;\n}\n",
    ),
    (
        "src/modules/sails/index.ts",
        "export { SailService as Service } from './sails.service';\n",
    ),
    (
        "src/modules/sails/sails.service.ts",
        "export abstract class SailService {\n    /** Hoists so many. */\n    abstract hoist(count?: number): Promise<void>;\n}\n",
    ),
    (
        "src/modules/tickets/index.ts",
        "export { TicketsModule as Module } from './tickets.module';\n\
         export { TicketController as Controller } from './tickets.controller';\n\
         export { TicketService as Service } from './tickets.service';\n\
         export * as Model from './tickets.model';\nexport * as Request from './tickets.request';\n",
    ),
    (
        "src/modules/tickets/tickets.module.ts",
        "export class TicketsModule {\n    static register(config: unknown) {\n        return config;\n    }\n}\n",
    ),
    (
        "src/modules/tickets/tickets.controller.ts",
        "export class TicketController {}\n",
    ),
    (
        "src/modules/tickets/tickets.service.ts",
        "import { Observable } from 'rxjs';\n\nimport * as Tickets from './';\n\n\
         export abstract class TicketService {\n\
         \x20   abstract getTicket(options: Tickets.Request.GetTicketParams): Observable<Tickets.Model.Ticket | undefined>;\n}\n",
    ),
    (
        "src/modules/tickets/tickets.model.ts",
        "export class Ticket {\n    id!: string;\n}\n",
    ),
    (
        "src/modules/tickets/tickets.request.ts",
        "export class GetTicketParams {\n    id!: string;\n}\n",
    ),
    (
        "src/modules/users/index.ts",
        "export { UserService as Service } from './users.service';\n",
    ),
    (
        "src/modules/users/users.service.ts",
        "export abstract class UserService {\n    abstract getUser(id: string): Promise<string>;\n}\n",
    ),
];

const WORKSHOP: &[(&str, &str)] = &[
    ("workshop.json", "{\n  \"name\": \"bench\",\n  \"units\": {}\n}\n"),
    ("src/units.ts", "export * as Vice from './vice';\n"),
    ("src/main.ts", "import { run } from 'unit-vice';\n\nrun();\n"),
];

/// Two files for a unit, an entry in a manifest, an entry in a list, and a slot.
const WORKSHOP_PACK: &[(&str, &str)] = &[
    (
        "pack.toml",
        r#"[pack]
name = "workshop"
version = "0.1.0"
summary = "Units of a workshop"
language = "typescript"

[host]
files = ["workshop.json"]

[style]
like = ["workshop.json"]

[kind.integration]
summary = "A unit"
prompt = "Name of the unit"
home = "units/{{name}}"
known-by = ["unit.json"]
plural = "units"
may-be-empty = true
files = "unit"
next = ["use {{name}}"]

[kind.integration.option.label]
kind = "text"
prompt = "What stands on it?"

[kind.integration.option.main]
kind = "flag"
prompt = "Is it the main unit?"

[kind.integration.site.manifest]
kind = "manifest"
file = "workshop.json"
pointer = "/units"
key = "{{name}}"
value = "units/{{name}}"

[kind.integration.site.list]
file = "src/units.ts"
in = ""
entry = "export * as {{pascal name}} from './{{name}}';"

[kind.integration.site.main]
kind = "slot"
when = "main"
file = "src/main.ts"
entry = "import { run } from 'unit-{{name}}';"
"#,
    ),
    (
        "files/unit/unit.json.hbs",
        "{\n    \"name\": {{json name}},\n    \"label\": {{json label}}\n}\n",
    ),
    (
        "files/unit/src/{{name}}.ts.hbs",
        "export const {{camel name}} = {{json label}};\n",
    ),
];

/// A pack of bays, each a folder, to which sites are added.
pub const BAYS: &str = r#"[pack]
name = "depot"
version = "1.0.0"
summary = "Bays of a depot"
language = "typescript"

[host]
files = ["depot.ts"]

[kind.bay]
summary = "A bay"
home = "bays/{{name}}"
files = "bay"
"#;

/// The site at which bays are listed in an object of `depot.ts`.
pub const BAYS_LISTED: &str = r#"
[kind.bay.site.list]
file = "depot.ts"
in = "export const bays = {}"
entry = "{{camel name}}: open('{{name}}')"
why = "the depot opens it"
"#;

/// A host of bays with this `depot.ts`, whose pack has this behind [`BAYS`].
pub fn bays(depot: &str, sites: &str) -> Sandbox {
    Sandbox::with(&[
        ("depot.ts", depot),
        ("tenon.toml", "pack = \"./pack\"\n"),
        ("pack/pack.toml", &format!("{BAYS}{sites}")),
        ("pack/files/bay/index.ts", "export {};\n"),
    ])
}
