//! `tenon new module`: modules for an existing integration, made by tenon or by hand.

use snapbox::str;

use crate::support::hosts::framework;
use crate::support::sandbox::{Sandbox, assert_same, expect};

const ENTRY: &str = "packages/integrations/acme/src/integration.ts";
const INDEX: &str = "packages/integrations/acme/src/modules/index.ts";

/// An integration as a person writes one: other quotes, comments, its own order.
fn by_hand(host: &Sandbox) {
    let package = "{\n  // ours\n  \"name\": \"@o2s/integrations.acme\",\n  \"o2sModules\": [\"users\"]\n}\n";
    host.write("packages/integrations/acme/package.json", package);
    host.write(INDEX, "// what we serve\nexport * as Users from \"./users\"\n");
    host.write(
        ENTRY,
        "import { Config as C } from \"@o2s/framework/modules\"\n\nimport { Service as UsersService } from \"./modules/users\"\n\n\
         export * as Integration from \"./modules/index\"\n\nexport const Config = {\n  users: {\n    name: \"acme\",\n    service: UsersService, // the old one\n  },\n}\n",
    );
    host.write(
        "packages/integrations/acme/src/modules/users/index.ts",
        "export class Service {}\n",
    );
}

#[test]
fn a_module_is_added_to_an_integration_that_tenon_made() {
    let host = framework();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    let before = host.tree();
    let ran = host.run(&[
        "new",
        "module",
        "acme",
        "--modules",
        "cms",
        "--inject",
        "cms:cache",
        "--activate",
        "cms",
    ]);
    ran.exits(0).prints(str![[r#"
change apps/api-harmonization/src/app.config.ts
change packages/configs/integrations/package.json
create packages/configs/integrations/src/models/cms.ts
change packages/configs/integrations/src/models/index.ts
change packages/integrations/acme/package.json
change packages/integrations/acme/src/integration.ts
create packages/integrations/acme/src/modules/cms/cms.service.spec.ts
create packages/integrations/acme/src/modules/cms/cms.service.ts
create packages/integrations/acme/src/modules/cms/index.ts
change packages/integrations/acme/src/modules/index.ts
change tenon.lock

"#]]);
    expect(
        &host.read(ENTRY),
        str![[r#"
import { ApiConfig, Cache } from '@o2s/framework/modules';

import { Service as CmsService } from './modules/cms';
import { Service as TicketsService } from './modules/tickets';

export * as Integration from './modules/index';

export const Config: Partial<ApiConfig['integrations']> = {
    cms: {
        name: 'acme',
        service: CmsService,
        imports: [Cache.Module],
    },
    tickets: {
        name: 'acme',
        service: TicketsService,
    },
};

"#]],
    );
    assert_eq!(
        host.read(INDEX),
        "export * as CMS from './cms';\nexport * as Tickets from './tickets';\n"
    );
    let after = host.tree();
    host.run(&["new", "module", "acme", "--modules", "cms"])
        .exits(0)
        .prints("");
    assert_same(&after, &host.tree());
    host.done(&["undo"]);
    assert_same(&before, &host.tree());
}

#[test]
fn a_module_is_added_to_an_integration_written_by_hand() {
    let host = framework();
    by_hand(&host);
    let before = host.tree();
    host.done(&["new", "module", "acme", "--modules", "cms"]);
    expect(
        &host.read(ENTRY),
        str![[r#"
import { Config as C } from "@o2s/framework/modules"

import { Service as CmsService } from "./modules/cms"
import { Service as UsersService } from "./modules/users"

export * as Integration from "./modules/index"

export const Config = {
  cms: {
    name: "acme",
    service: CmsService,
  },
  users: {
    name: "acme",
    service: UsersService, // the old one
  },
}

"#]],
    );
    expect(
        &host.read(INDEX),
        str![[r#"
// what we serve
export * as CMS from "./cms"
export * as Users from "./users"

"#]],
    );
    expect(
        &host.read("packages/integrations/acme/package.json"),
        str![[r#"
{
  // ours
  "name": "@o2s/integrations.acme",
  "o2sModules": ["cms", "users"]
}

"#]],
    );
    host.done(&["undo"]);
    assert_same(&before, &host.tree());
}

#[test]
fn a_module_that_is_there_by_hand_is_a_conflict_that_names_its_files() {
    let host = framework();
    by_hand(&host);
    host.refused(&["new", "module", "acme", "--modules", "users"])
        .says(str![[r#"
error: 1 file exists already and it says something else
  because: packages/integrations/acme/src/modules/users/index.ts
help: nothing was changed; choose another name, or move these files away first

"#]]);
}

#[test]
fn an_unknown_integration_is_an_error_that_guesses() {
    let host = framework();
    by_hand(&host);
    host.refused(&["new", "module", "acne", "--modules", "cms"])
        .says(str![[r#"
error: `acne` is not one of this host's integrations
help: did you mean `acme`?

"#]]);
    host.refused(&["new", "module", "zebra", "--modules", "cms"])
        .says(str![[r#"
error: `zebra` is not one of this host's integrations
help: choose from: acme

"#]]);
    host.refused(&["new", "module", "--modules", "cms"])
        .says(str![[r#"
error: the name is missing
help: give it: `tenon new module NAME`

"#]]);
}

#[test]
fn a_new_integration_over_one_written_by_hand_is_refused() {
    let host = framework();
    by_hand(&host);
    host.refused(&["new-integration", "acme", "--modules", "cms"])
        .says(str![[r#"
error: `acme` exists already, at `packages/integrations/acme/package.json`
help: choose another name, or add to it with another kind: see `tenon new --help`

"#]]);
}

#[test]
fn an_entry_point_without_a_place_is_refused_with_the_lines_to_write() {
    let host = framework();
    by_hand(&host);
    for computed in ["makeConfig()", "x"] {
        host.write(ENTRY, format!("export const Config = {computed};\n"));
        host.refused(&["new", "module", "acme", "--modules", "cms"]);
    }
    host.refused(&["new", "module", "acme", "--modules", "cms"])
        .says(str![[r#"
error: `packages/integrations/acme/src/integration.ts` has no `export const Config = { }`
  --> packages/integrations/acme/src/integration.ts
help: nothing was changed; write this by hand, then run again:
import { Service as CmsService } from './modules/cms';
cms: {
    name: 'acme',
    service: CmsService,
}

"#]]);
}

#[test]
fn more_modules_are_added_by_the_same_command_and_no_file_of_people_is_touched() {
    let host = framework();
    host.done(&["new-integration", "acme", "--modules", "tickets"]);
    let service = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";
    host.write(service, "export class Service {} // ours by now\n");
    let before = host.tree();
    host.done(&["new-integration", "acme", "--modules", "tickets,cms"]);
    assert_eq!(host.read(service), "export class Service {} // ours by now\n");
    assert_eq!(
        host.read(INDEX),
        "export * as CMS from './cms';\nexport * as Tickets from './tickets';\n"
    );
    assert!(
        host.read("tenon.lock")
            .contains("answers.modules = [\"tickets\", \"cms\"]"),
        "{}",
        host.read("tenon.lock")
    );
    host.run(&["new-integration", "acme"]).exits(0).prints("");
    host.done(&["undo"]);
    assert_same(&before, &host.tree());
}
