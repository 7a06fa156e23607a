//! Symbolic links: followed inside the host, never out of it.

use snapbox::str;

use crate::support::hosts::{MODELS, framework};
use crate::support::sandbox::{Sandbox, assert_same};

const ACTIVATE: [&str; 6] = [
    "new-integration",
    "acme",
    "--modules",
    "tickets",
    "--activate",
    "tickets",
];

#[test]
fn a_link_inside_the_host_stays_and_the_file_behind_it_is_changed() {
    let host = framework();
    std::fs::rename(host.at(MODELS), host.at("packages/real.ts")).unwrap();
    host.link(MODELS, "../../../../real.ts");
    let before = host.tree();
    host.done(&ACTIVATE);
    assert!(host.at(MODELS).is_symlink());
    assert!(
        host.read("packages/real.ts")
            .contains("export * as Tickets from './tickets';\n")
    );
    host.done(&["undo"]);
    assert_same(&before, &host.tree());
}

#[test]
fn a_link_out_of_the_host_is_neither_read_nor_written() {
    let host = framework();
    host.write("../mine.ts", "export * as Mine from './mine';\n");
    host.remove(MODELS);
    host.link(MODELS, host.outside().join("mine.ts"));
    host.refused(&ACTIVATE).says(str![[r#"
error: `packages/configs/integrations/src/models/index.ts` is a symbolic link out of the host
help: tenon neither reads nor writes through it

"#]]);
    assert_eq!(host.read("../mine.ts"), "export * as Mine from './mine';\n");
}

#[test]
fn a_linked_directory_out_of_the_host_is_not_written_into() {
    let host = framework();
    std::fs::create_dir(host.outside().join("elsewhere")).unwrap();
    host.link("packages/integrations", "../../elsewhere");
    host.refused(&ACTIVATE).says(str![[r#"
error: `packages/integrations/acme/.gitignore` leads out of the host
  --> packages/integrations/acme/.gitignore
  because: `HOST/packages/integrations` is a symbolic link to `OUTSIDE/elsewhere`
help: replace the link by what it points to, or choose another path

"#]]);
    assert_eq!(
        std::fs::read_dir(host.outside().join("elsewhere"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_link_to_nothing_and_a_link_to_itself_are_refused() {
    for to in ["nothing.ts", "index.ts"] {
        let host = framework();
        host.remove(MODELS);
        host.link(MODELS, to);
        host.refused(&ACTIVATE);
    }
}

#[test]
fn a_host_is_the_same_through_a_link_to_it() {
    let host = framework();
    let before = host.tree();
    let place = Sandbox::empty();
    place.link("shop", &host.root);
    let ran = place.run(&[&ACTIVATE[..], &["--host", "shop"]].concat());
    ran.exits(0);
    assert!(host.exists("packages/integrations/acme/package.json"));
    place.run(&["undo", "--host", "shop"]).exits(0);
    assert_same(&before, &host.tree());
    assert!(place.at("shop").is_symlink());
}

#[test]
fn a_link_in_the_way_of_a_new_file_is_refused() {
    let host = framework();
    host.write("../target.txt", "mine\n");
    host.write("packages/integrations/acme/notes.txt", "\n");
    host.link(
        "packages/integrations/acme/README.md",
        host.outside().join("target.txt"),
    );
    host.refused(&ACTIVATE);
    host.remove("packages/integrations/acme/README.md");
    host.link("packages/integrations/acme/README.md", "nothing");
    host.refused(&ACTIVATE);
}
