//! The framework changes under integrations that were right: each that no longer is, is found, and mended where a stub
//! can be made.

use snapbox::str;

use crate::support::hosts::framework;
use crate::support::sandbox::{Sandbox, assert_same};

const SERVICE: &str = "packages/framework/src/modules/tickets/tickets.service.ts";
const INDEX: &str = "packages/framework/src/index.ts";
const OWN: &str = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";

/// A host with the framework's sources in it, two integrations that serve tickets themselves, and one that extends one of
/// them.
fn host() -> Sandbox {
    let host = framework();
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "tickets,cache",
        "--activate",
        "tickets",
    ]);
    host.done(&["new-integration", "nova", "--modules", "tickets,cms"]);
    host.done(&[
        "new-integration",
        "heir",
        "--modules",
        "tickets",
        "--extends",
        "acme",
    ]);
    host.done(&["check"]).says(str![""]);
    host
}

fn concise(host: &Sandbox) -> String {
    host.run(&["check", "--format", "concise"]).out
}

#[test]
fn an_abstract_method_that_is_added_is_missed_in_every_integration_and_mended() {
    let host = host();
    host.replace(
        SERVICE,
        "    abstract getTicket(",
        "    abstract closeTicket(id: Tickets.Model.Ticket['id'], reason?: string): Promise<Tickets.Model.Ticket>;\n    abstract getTicket(",
    );
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/src/modules/tickets/tickets.service.ts:7:14: missing-method: `TicketsService` has no method `closeTicket`
packages/integrations/nova/src/modules/tickets/tickets.service.ts:7:14: missing-method: `TicketsService` has no method `closeTicket`

"#]]
    );
    let fixed = host.run(&["check", "--fix"]);
    assert_eq!(fixed.code, 0, "{}{}", fixed.out, fixed.err);
    for name in ["acme", "nova"] {
        let text = host.read(&OWN.replace("acme", name));
        assert!(
            text.contains("closeTicket(_id: Tickets.Model.Ticket['id'], _reason?: string): Promise<Tickets.Model.Ticket> {\n        throw new NotImplementedException();\n    }\n}"),
            "{text}"
        );
    }
    // The heir inherits it.
    assert!(!host.read(&OWN.replace("acme", "heir")).contains("closeTicket"));
    let once = host.tree();
    host.done(&["check", "--fix"]);
    assert_same(&once, &host.tree());
}

#[test]
fn a_method_that_is_renamed_is_missed_under_its_new_name() {
    let host = host();
    host.replace(SERVICE, "abstract getTicket(", "abstract fetchTicket(");
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/src/modules/tickets/tickets.service.ts:7:14: missing-method: `TicketsService` has no method `fetchTicket`
packages/integrations/nova/src/modules/tickets/tickets.service.ts:7:14: missing-method: `TicketsService` has no method `fetchTicket`

"#]]
    );
}

#[test]
fn a_return_type_that_changes_is_found_at_the_old_one() {
    let host = host();
    host.replace(
        SERVICE,
        "Observable<Tickets.Model.Ticket | undefined>",
        "Promise<Tickets.Model.Ticket | undefined>",
    );
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/src/modules/tickets/tickets.service.ts:12:59: wrong-signature: `getTicket` returns `Observable<Tickets.Model.Ticket | undefined>`, and its contract `Promise<Tickets.Model.Ticket | undefined>`
packages/integrations/nova/src/modules/tickets/tickets.service.ts:12:59: wrong-signature: `getTicket` returns `Observable<Tickets.Model.Ticket | undefined>`, and its contract `Promise<Tickets.Model.Ticket | undefined>`

"#]]
    );
}

#[test]
fn a_parameter_that_changes_its_type_is_found_at_the_old_one() {
    let host = host();
    host.write(
        "packages/framework/src/modules/tickets/tickets.request.ts",
        "export class GetTicketParams {\n    id!: string;\n}\nexport class TicketQuery {\n    id!: number;\n}\n",
    );
    host.replace(
        SERVICE,
        "Tickets.Request.GetTicketParams",
        "Tickets.Request.TicketQuery",
    );
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/src/modules/tickets/tickets.service.ts:12:15: wrong-signature: the parameter `_options` of `getTicket` is `Tickets.Request.GetTicketParams`, and its contract passes `Tickets.Request.TicketQuery`
packages/integrations/nova/src/modules/tickets/tickets.service.ts:12:15: wrong-signature: the parameter `_options` of `getTicket` is `Tickets.Request.GetTicketParams`, and its contract passes `Tickets.Request.TicketQuery`

"#]]
    );
}

#[test]
fn a_parameter_that_goes_is_found_where_it_is_still_needed() {
    let host = host();
    host.replace(
        SERVICE,
        "getTicket(options: Tickets.Request.GetTicketParams)",
        "getTicket()",
    );
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/src/modules/tickets/tickets.service.ts:12:15: wrong-signature: `getTicket` needs the parameter `_options`, and its contract passes none
packages/integrations/nova/src/modules/tickets/tickets.service.ts:12:15: wrong-signature: `getTicket` needs the parameter `_options`, and its contract passes none

"#]]
    );
}

#[test]
fn a_module_that_is_renamed_is_gone_under_its_old_name() {
    let host = host();
    host.replace(INDEX, "export * as Tickets from", "export * as Cases from");
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/package.json:8:9: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/acme/src/integration.ts:13:5: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/heir/package.json:7:9: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/heir/src/integration.ts:10:5: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/nova/package.json:8:9: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/nova/src/integration.ts:13:5: stale-entry: the entry `tickets` is for something that is not there
apps/api-harmonization/src/app.config.ts:7:9: stale-entry: the entry `tickets` is for something that is not there

"#]]
    );
}

#[test]
fn a_module_that_is_removed_is_gone() {
    let host = host();
    host.replace(INDEX, "export * as Tickets from './modules/tickets';\n", "");
    host.remove("packages/framework/src/modules/tickets");
    snapbox::assert_data_eq!(
        concise(&host),
        str![[r#"
packages/integrations/acme/package.json:8:9: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/acme/src/integration.ts:13:5: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/heir/package.json:7:9: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/heir/src/integration.ts:10:5: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/nova/package.json:8:9: stale-entry: the entry `tickets` is for something that is not there
packages/integrations/nova/src/integration.ts:13:5: stale-entry: the entry `tickets` is for something that is not there
apps/api-harmonization/src/app.config.ts:7:9: stale-entry: the entry `tickets` is for something that is not there

"#]]
    );
}
