//! What is made and mended in Java, judged by its compiler.
//!
//! Needs `javac`: without it the tests are skipped with a message, and fail where `CI=true`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::fault::copy_tree;
use crate::support::sandbox::{Sandbox, git, tree};

/// What the compiler says of all sources of a host; nothing if it is not there.
fn compiled(host: &Sandbox) -> Option<Result<(), String>> {
    let sources: Vec<PathBuf> = tree(&host.root)
        .keys()
        .map(|path| host.at(path))
        .filter(|path| path.extension().is_some_and(|end| end == "java"))
        .collect();
    assert!(!sources.is_empty());
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new("javac")
        .arg("-d")
        .arg(out.path())
        .args(sources)
        .output();
    let Ok(ran) = ran else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "`javac` is missing");
        eprintln!("skipped: `javac` is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    Some(if ran.status.success() { Ok(()) } else { Err(said) })
}

/// Fails unless the compiler accepts the host, or refuses it where `why` says what it has to say.
#[track_caller]
fn judged(host: &Sandbox, why: Option<&str>) {
    match (compiled(host), why) {
        (None, _) | (Some(Ok(())), None) => {}
        (Some(Err(said)), Some(why)) => assert!(said.contains(why), "{said}"),
        (Some(Ok(())), Some(why)) => panic!("it is compiled, and not refused: {why}"),
        (Some(Err(said)), None) => panic!("{said}"),
    }
}

fn example(pack: &str) -> Sandbox {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(pack);
    let host = Sandbox::copy_of(&root.join("tests/small/host"));
    for name in ["pack.toml", "files"] {
        let to = host.at("tools/pack").join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        if root.join(name).is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy_tree(&root.join(name), &to);
        } else {
            std::fs::copy(root.join(name), to).unwrap();
        }
    }
    host.write("tenon.toml", "pack = \"./tools/pack\"\n");
    host
}

/// Makes a connector with a sink.
const NEW: [&str; 6] = [
    "new-integration",
    "acme-db",
    "--sink",
    "--no-input",
    "--yes",
    "--quiet",
];

#[test]
fn what_is_made_of_the_starter_and_the_example_compiles() {
    let starter = example("starters/java");
    for words in [&["acme"][..], &["zeta", "--events", "onStart,onStop"]] {
        let new = [&["new-integration"], words, &["--no-input", "--yes", "--quiet"]].concat();
        starter.done(&new);
    }
    judged(&starter, None);
    let seatunnel = example("docs/examples/packs/seatunnel");
    judged(&seatunnel, None);
    for words in [
        &["acme-db", "--sink", "--source"][..],
        &["reader", "--source"],
        &["writer2", "--sink"],
    ] {
        let new = [&["new-integration"], words, &["--no-input", "--yes", "--quiet"]].concat();
        seatunnel.done(&new);
    }
    judged(&seatunnel, None);
    seatunnel.done(&["remove-integration", "socket", "--force", "--yes", "--quiet"]);
    judged(&seatunnel, None);
}

#[test]
fn a_method_that_the_compiler_misses_is_found_and_mended() {
    let host = example("docs/examples/packs/seatunnel");
    let java = "seatunnel-connectors-v2/connector-socket/src/main/java/org/apache/seatunnel/connectors/seatunnel/socket";
    let source = format!("{java}/source/SocketSourceFactory.java");
    host.replace(
        &source,
        "    @Override\n    public Class<? extends SeaTunnelSource> getSourceClass() {\n        return SocketSource.class;\n    }\n",
        "",
    );
    judged(&host, Some("getSourceClass"));
    let found = host.run(&["validate-structure"]);
    assert!(found.out.contains("missing-method"), "{}{}", found.out, found.err);
    host.done(&["validate-structure", "--fix"]);
    judged(&host, None);
    assert!(host.read(&source).contains(
        "    public Class<? extends SeaTunnelSource> getSourceClass() {\n        throw new UnsupportedOperationException(\"not implemented\");\n"
    ));
}

#[test]
fn an_update_of_the_pack_is_merged_with_what_people_wrote() {
    let host = example("docs/examples/packs/seatunnel");
    host.done(&NEW);
    for words in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "made"]] {
        git(&host.root, words);
    }
    let home = "seatunnel-connectors-v2/connector-acme-db";
    let writer = format!(
        "{home}/src/main/java/org/apache/seatunnel/connectors/seatunnel/acmedb/sink/AcmeDbSinkWriter.java"
    );
    let ours = "        System.out.println(element);\n";
    host.replace(
        &writer,
        "        throw new UnsupportedOperationException(\"Acme Db writes nothing yet\");\n",
        ours,
    );
    let template = "tools/pack/files/sink/{{pascal name}}SinkWriter.java.hbs";
    host.replace(template, "public class", "/** Writes rows. */\npublic class");
    host.replace(
        "tools/pack/pack.toml",
        "version = \"1.0.0\"",
        "version = \"1.1.0\"",
    );
    host.done(&["update", "--yes"]);
    let text = host.read(&writer);
    assert!(
        text.contains(ours) && text.contains("/** Writes rows. */\npublic class"),
        "{text}"
    );
    judged(&host, None);
    host.done(&["validate-structure"]);
}

const PACK: &str = "[pack]\nname = 'a'\nversion = '1.0.0'\nsummary = 'A'\nlanguage = 'java'\n[host]\nfiles = ['core/src/main/java/core/Store.java']\n\
    [api.core]\nspecifier = 'core'\nentry = ['core/src/main/java/core/Store.java']\n[contract.store]\napi = 'core'\nsymbol = 'Store'\n\
    [kind.store]\nsummary = 'A store'\ncase = 'lower'\nhome = 'stores/{{name}}'\nknown-by = ['src/main/java/stores/{name}/{file}.java']\nfiles = 'store'\n\
    [[kind.store.rule]]\nexpect = 'class'\nfile = '{{home}}/src/main/java/stores/{{name}}/{{pascal name}}Store.java'\nexport = '{{pascal name}}Store'\ncontract = 'store'\nwhy = 'so'\n";

/// Everything that a contract can ask for: type parameters of the contract and of a method, types beside it, inside of it and in other
/// packages, arrays, variable arguments, exceptions, overloads, and what an interface that it extends asks for.
#[test]
fn every_shape_of_method_is_stubbed_as_the_compiler_wants_it() {
    let store = "package core;\n\nimport core.model.*;\nimport java.io.IOException;\nimport java.util.List;\nimport java.util.Map;\n\n\
        public interface Store<K extends Comparable<K>, V> extends Named<Map<K, V>> {\n    V get(K key) throws IOException, Broken;\n\n    \
        <T extends Number> List<? super T> sums(Map.Entry<K, V>[] all, T... more);\n\n    void open(Options options, Row row, java.net.URI at);\n\n    \
        void put(K key);\n\n    void put(K key, V value);\n\n    default int size() {\n        return 0;\n    }\n\n    @Deprecated\n    int[] sizes(final int a[]);\n\n    \
        class Options {}\n}\n";
    let host = Sandbox::with(&[
        ("pack/pack.toml", PACK),
        (
            "pack/files/store/src/main/java/stores/{{name}}/{{pascal name}}Store.java.hbs",
            "package stores.{{name}};\n",
        ),
        ("tenon.toml", "pack = './pack'\n"),
        ("core/src/main/java/core/Store.java", store),
        (
            "core/src/main/java/core/Named.java",
            "package core;\n\nimport java.util.Set;\n\npublic interface Named<T> {\n    Set<T> names();\n\n    int size();\n}\n",
        ),
        (
            "core/src/main/java/core/Broken.java",
            "package core;\n\npublic class Broken extends Exception {}\n",
        ),
        (
            "core/src/main/java/core/model/Row.java",
            "package core.model;\n\npublic class Row {}\n",
        ),
        (
            "stores/acme/src/main/java/stores/acme/AcmeStore.java",
            "package stores.acme;\n\nimport core.Store;\n\nimport java.util.UUID;\n\npublic class AcmeStore implements Store<UUID, AcmeStore.Thing> {\n    static class Thing {}\n\n    public void put(UUID key) {}\n}\n",
        ),
    ]);
    judged(&host, Some("AcmeStore is not abstract"));
    let found = host.run(&["validate-structure"]);
    assert_eq!(
        found.out.matches("[missing-method]").count(),
        6,
        "{}{}",
        found.out,
        found.err
    );
    host.done(&["validate-structure", "--fix"]);
    judged(&host, None);
    let text = host.read("stores/acme/src/main/java/stores/acme/AcmeStore.java");
    for part in [
        "    public AcmeStore.Thing get(UUID key) throws IOException, Broken {\n",
        "    public <T extends Number> List<? super T> sums(",
        "    public Set<Map<UUID, AcmeStore.Thing>> names() {\n",
        "import core.Store;\nimport core.Store.Options;\n",
        "import core.model.Row;\n",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    // A class that does not say what the type parameters are gets no stub: it would be a guess.
    let raw = "package stores.acme;\n\npublic class AcmeStore implements core.Store {}\n";
    host.write("stores/acme/src/main/java/stores/acme/AcmeStore.java", raw);
    host.run(&["validate-structure", "--fix"]);
    let text = host.read("stores/acme/src/main/java/stores/acme/AcmeStore.java");
    assert!(
        !text.contains("get(K key)") && !text.contains("names()"),
        "{text}"
    );
}

const POM: &str = "seatunnel-connectors-v2/pom.xml";

#[test]
fn a_module_of_a_profile_is_listed_and_the_next_one_goes_to_those_of_the_project() {
    let by_example = "in = \"/project/modules\"\nentry = \"<module>connector-{{name}}</module>\"";
    let by_value = "kind = \"manifest\"\npointer = \"/project/modules\"\nvalue = \"connector-{{name}}\"";
    let profile = "    <profiles>\n        <profile>\n            <id>all</id>\n            <modules>\n                <module>connector-kafka</module>\n                <module>connector-socket</module>\n            </modules>\n        </profile>\n    </profiles>\n";
    for site in [by_example, by_value] {
        let host = example("docs/examples/packs/seatunnel");
        host.replace("tools/pack/pack.toml", by_example, site);
        host.replace(POM, "        <module>connector-socket</module>\n", "");
        host.replace(
            POM,
            "        <module>connector-kafka</module> <!-- needs a broker -->\n",
            "",
        );
        host.replace(POM, "</project>\n", &format!("{profile}</project>\n"));
        host.done(&["check"]);
        let before = host.read(POM);
        host.done(&NEW);
        let own = "        <module>connector-acme-db</module>\n";
        let after = host.read(POM);
        assert_eq!(after.replacen(own, "", 1), before, "{after}");
        assert!(after.find(own) < after.find("</modules>"), "{after}");
        host.done(&["remove-integration", "acme-db", "--yes", "--quiet"]);
        assert_eq!(host.read(POM), before);
        host.done(&["remove-integration", "socket", "--force", "--yes", "--quiet"]);
        let line = "                <module>connector-socket</module>\n";
        assert_eq!(host.read(POM), before.replace(line, ""));
    }
}

#[test]
fn the_first_module_goes_into_an_element_that_closes_itself() {
    let host = example("docs/examples/packs/seatunnel");
    let whole = host.read(POM);
    let (head, rest) = whole.split_once("    <modules>").unwrap();
    let (modules, tail) = rest.split_once("</modules>").unwrap();
    let profile = format!(
        "    <profiles>\n        <profile>\n            <modules>{modules}</modules>\n        </profile>\n    </profiles>\n"
    );
    let tail = tail.replace("</project>", &format!("{profile}</project>"));
    let before = format!("{head}    <modules />{tail}");
    host.write(POM, &before);
    host.done(&["check"]);
    host.done(&NEW);
    let said = "<modules>\n        <module>connector-acme-db</module>\n    </modules>";
    assert_eq!(host.read(POM), before.replace("<modules />", said));
    host.done(&["check"]);
    host.done(&["remove-integration", "acme-db", "--yes", "--quiet"]);
    assert_eq!(host.read(POM), before);
    host.done(&NEW);
    host.done(&["undo"]);
    assert_eq!(host.read(POM), before);
}
