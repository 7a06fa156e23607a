//! `tenon lsp`, talked to as an editor talks to it.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::client::{Client, uri};
use crate::support::hosts::framework;
use crate::support::sandbox::Sandbox;

const SERVICE: &str = "packages/integrations/acme/src/modules/tickets/tickets.service.ts";

/// A host with an integration that serves tickets.
fn host() -> Sandbox {
    let host = framework();
    host.done(&[
        "new-integration",
        "acme",
        "--modules",
        "cms,tickets",
        "--activate",
        "tickets",
    ]);
    host
}

fn modern() -> Value {
    json!({
        "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename", "delete"] } },
        "textDocument": { "publishDiagnostics": { "relatedInformation": true } },
    })
}

fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics
        .iter()
        .map(|one| one["code"].as_str().unwrap_or_default())
        .collect()
}

/// The position of the first `word`, in UTF-16 columns.
fn find(text: &str, word: &str) -> Value {
    let at = text
        .find(word)
        .unwrap_or_else(|| panic!("no {word:?} in:\n{text}"));
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() })
}

fn in_document(path: &Path, position: &Value) -> Value {
    json!({ "textDocument": { "uri": uri(path) }, "position": position })
}

fn actions(client: &mut Client, path: &Path, range: &Value) -> Vec<Value> {
    let params =
        json!({ "textDocument": { "uri": uri(path) }, "range": range, "context": { "diagnostics": [] } });
    client
        .request("textDocument/codeAction", params)
        .as_array()
        .unwrap()
        .clone()
}

/// `text` after the edits of one document, all in UTF-16.
fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = position["character"].as_u64().unwrap();
        let mut at = start;
        for c in text[start..].chars() {
            if left == 0 {
                break;
            }
            left -= c.len_utf16() as u64;
            at += c.len_utf8();
        }
        at
    };
    let mut all: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (
                offset(&range["start"]),
                offset(&range["end"]),
                edit["newText"].as_str().unwrap(),
            )
        })
        .collect();
    all.sort();
    let mut out = text.to_owned();
    for (start, end, new) in all.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out
}

#[test]
fn a_finding_comes_while_it_is_typed_and_goes_with_its_fix() {
    let host = host();
    let path = host.at(SERVICE);
    let before = host.tree();
    let mut client = Client::of(&[&host.root], modern());
    assert_eq!(rules(&client.open(&path)), Vec::<&str>::new());

    // One letter of the method's name goes.
    let text = host.read(SERVICE);
    let at = find(&text, "getTicket(");
    let end = json!({ "line": at["line"], "character": at["character"].as_u64().unwrap() + 1 });
    let range = json!({ "start": at, "end": end });
    let found = client.change(&path, 2, json!([{ "range": range, "text": "" }]));
    assert_eq!(rules(&found), ["missing-method"]);
    let broken = text.replacen("getTicket(", "etTicket(", 1);
    assert_eq!(found[0]["range"]["start"], find(&broken, "TicketsService"));
    assert_eq!(found[0]["severity"], 1);
    let contract = found[0]["relatedInformation"][0]["location"]["uri"]
        .as_str()
        .unwrap();
    assert!(contract.contains("/packages/framework/src/"), "{contract}");
    assert!(
        found[0]["message"]
            .as_str()
            .unwrap()
            .contains("help: was it renamed to `etTicket`?")
    );

    // What the contract asks for is put back by the fix, which applies to the text as it is typed.
    let all = actions(&mut client, &path, &found[0]["range"]);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["title"], "Add a stub of `getTicket`");
    assert_eq!(
        (&all[0]["kind"], &all[0]["isPreferred"]),
        (&json!("quickfix"), &json!(true))
    );
    let change = &all[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": uri(&path), "version": 2 }));
    let mended = edited(&broken, &change["edits"]);
    assert_eq!(rules(&client.write(&path, 3, &mended)), Vec::<&str>::new());

    // The page of the rule, where the finding is and nowhere else.
    client.write(&path, 4, &broken);
    let hover = client.request(
        "textDocument/hover",
        in_document(&path, &find(&broken, "TicketsService")),
    );
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        text.starts_with("**missing-method**: `TicketsService` has no method"),
        "{text}"
    );
    assert!(text.contains("## Why"), "{text}");
    let none = client.request(
        "textDocument/hover",
        in_document(&path, &json!({ "line": 0, "character": 0 })),
    );
    assert_eq!(none, Value::Null);

    // Closed without saving, the file is as it is on disk.
    client.notify(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri(&path) } }),
    );
    assert_eq!(client.published(&path), Vec::<Value>::new());
    assert_eq!(client.stop(), Some(0));
    assert_eq!(before, host.tree(), "nothing is written");
}

#[test]
fn a_package_is_declared_with_the_version_that_the_host_has_now() {
    let host = host();
    let neighbour = "packages/framework/package.json";
    host.replace(
        neighbour,
        "\"9.9.9\"",
        "\"9.9.9\",\n    \"dependencies\": { \"left-pad\": \"^1.0.0\" }",
    );
    let (path, other) = (host.at(SERVICE), host.at(neighbour));
    let mut client = Client::of(&[&host.root], modern());
    client.open(&path);
    client.open(&other);
    let declared = |client: &mut Client, version: i64, range: &str| {
        let text = format!("import 'left-pad';\n{}// {version}\n", host.read(SERVICE));
        let found = client.write(&path, version, &text);
        assert_eq!(rules(&found), ["undeclared-dependency"]);
        let all = actions(client, &path, &found[0]["range"]);
        let edits = all[0]["edit"]["documentChanges"][0]["edits"].to_string();
        assert!(edits.contains(range), "{range}: {edits}");
    };
    declared(&mut client, 2, "^1.0.0");
    let newer = host.read(neighbour).replace("^1.0.0", "^2.0.0");
    client.write(&other, 2, &newer);
    declared(&mut client, 3, "^2.0.0");
    client.stop();
}

#[test]
fn columns_are_counted_as_it_was_agreed_on() {
    let host = host();
    let path = host.at(SERVICE);
    let broken = host.read(SERVICE).replacen("getTicket(", "etTicket(", 1);
    let broken = broken
        .replacen("export class", "/* ö\u{1f600} */ export class", 1)
        .replace('\n', "\r\n");
    for (encodings, agreed, column) in [
        (json!({}), "utf-16", 10 + 13),
        (
            json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } }),
            "utf-8",
            13 + 13,
        ),
    ] {
        let mut client = Client::start();
        let params = json!({ "capabilities": encodings, "rootUri": uri(&host.root) });
        let capabilities = client.request("initialize", params);
        assert_eq!(capabilities["capabilities"]["positionEncoding"], agreed);
        client.notify("initialized", json!({}));
        let found = client.open_as(&path, &broken);
        assert_eq!(found[0]["range"]["start"]["character"], column, "{found:?}");
        // A client that knows nothing of versions gets plain changes.
        let all = actions(&mut client, &path, &found[0]["range"]);
        assert!(all[0]["edit"]["changes"][uri(&path)].is_array(), "{all:?}");
        client.stop();
    }
}

#[test]
fn entries_lead_to_what_they_stand_for_and_methods_to_their_contract() {
    let host = host();
    let mut client = Client::of(&[&host.root], modern());
    let mut leads = |path: &str, word: &str| {
        let at = host.at(path);
        client.open(&at);
        let place = client.request(
            "textDocument/definition",
            in_document(&at, &find(&host.read(path), word)),
        );
        let to = place["uri"].as_str().unwrap_or("nowhere").to_owned();
        let to = to
            .strip_prefix(&format!("{}/", uri(&host.root)))
            .unwrap_or(&to)
            .to_owned();
        (to, place["range"]["start"]["line"].clone())
    };
    // A slot, a dependency, an entry of the integration's own, a method.
    let slot = "packages/configs/integrations/src/models/tickets.ts";
    let own = "packages/integrations/acme/package.json";
    assert_eq!(leads(slot, "@o2s/integrations.acme").0, own);
    assert_eq!(
        leads(
            "packages/configs/integrations/package.json",
            "@o2s/integrations.acme"
        )
        .0,
        own
    );
    assert_eq!(
        leads("packages/integrations/acme/src/modules/index.ts", "Tickets").0,
        SERVICE
    );
    let (contract, line) = leads(SERVICE, "getTicket");
    assert!(contract.starts_with("packages/framework/src/"), "{contract}");
    let declared = host.read(&contract);
    let line = usize::try_from(line.as_u64().unwrap()).unwrap();
    assert!(
        declared.lines().nth(line).unwrap().contains("getTicket"),
        "{line}\n{declared}"
    );
    assert_eq!(leads(SERVICE, "import").0, "nowhere");
    client.stop();
}

/// What a check of the disk finds, and what the client shows: rule, path and line of each.
fn compared(host: &Sandbox, client: &mut Client) -> (Vec<String>, Vec<String>) {
    let ran = host.run(&["check", "--format", "json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let line = |line: &Value| line.as_u64().unwrap_or(1);
    let found = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| {
            let at = &finding["location"];
            let path = at["path"].as_str().unwrap();
            // What is about no file that is there is shown elsewhere.
            host.at(path).is_file().then(|| {
                format!(
                    "{} {path}:{}",
                    finding["rule"].as_str().unwrap(),
                    line(&at["start"]["line"])
                )
            })
        });
    let mut found: Vec<String> = found.collect();
    // Whatever was sent before this was looked at.
    client.request(
        "textDocument/hover",
        in_document(&host.at(SERVICE), &json!({ "line": 0, "character": 0 })),
    );
    let root = format!("{}/", uri(&host.root));
    let shown = client.shown.iter().flat_map(|(uri, all)| {
        let path = uri.strip_prefix(&root).unwrap_or(uri).to_owned();
        all.iter()
            .filter(|one| {
                one["code"].is_string() && !one["message"].as_str().unwrap().starts_with("packages/")
            })
            .map(move |one| {
                let line = one["range"]["start"]["line"].as_u64().unwrap() + 1;
                format!("{} {path}:{line}", one["code"].as_str().unwrap())
            })
    });
    let mut shown: Vec<String> = shown.collect();
    found.sort();
    shown.sort();
    (found, shown)
}

#[test]
fn after_every_change_it_finds_what_a_check_finds() {
    let host = host();
    host.done(&["new-integration", "beta", "--modules", "tickets"]);
    let mut client = Client::of(&[&host.root], modern());
    client.open(&host.at(SERVICE));
    let slot = "packages/configs/integrations/src/models/tickets.ts";
    let contract = "packages/framework/src/modules/tickets/tickets.service.ts";
    let contract = if host.exists(contract) {
        contract.to_owned()
    } else {
        let all = walkdir::WalkDir::new(host.at("packages/framework"));
        let mut all = all.into_iter().map(|entry| entry.unwrap().into_path());
        let is_it = |path: &std::path::PathBuf| {
            path.is_file() && std::fs::read_to_string(path).unwrap().contains("getTicket")
        };
        all.find(is_it)
            .unwrap()
            .strip_prefix(&host.root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    let changes: &[(&str, &str, &str)] = &[
        (SERVICE, "getTicket(", "getTickets("),
        (
            "packages/integrations/acme/package.json",
            "\"name\": \"@o2s/integrations.acme\"",
            "\"name\": \"@o2s/integrations.other\"",
        ),
        (
            "packages/integrations/beta/src/modules/index.ts",
            "Tickets",
            "Tickts",
        ),
        (slot, "@o2s/integrations.acme", "@o2s/integrations.beta"),
        (slot, "@o2s/integrations.beta", "@o2s/integrations.none"),
        (&contract, "getTicket(", "getTicketsAll("),
        (SERVICE, "class", "klass"),
        (SERVICE, "klass", "class"),
        (
            "packages/integrations/acme/package.json",
            "@o2s/integrations.other",
            "@o2s/integrations.acme",
        ),
        (
            "packages/configs/integrations/package.json",
            "\"@o2s/integrations.acme\": \"*\"",
            "\"@o2s/integrations.gone\": \"*\"",
        ),
        // What one package is called matters to those that declare it.
        (
            "packages/integrations/beta/package.json",
            "\"dependencies\": {",
            "\"dependencies\": {\n        \"@o2s/configs.integrations\": \"*\",",
        ),
        (
            "packages/configs/integrations/package.json",
            "\"name\": \"@o2s/configs.integrations\"",
            "\"name\": \"@o2s/configs.else\"",
        ),
        (
            "packages/configs/integrations/package.json",
            "@o2s/configs.else",
            "@o2s/configs.integration",
        ),
        (
            "packages/configs/integrations/package.json",
            "@o2s/configs.integration",
            "@o2s/configs.integrations",
        ),
    ];
    let mut finds = 0;
    for (step, (path, from, to)) in changes.iter().enumerate() {
        host.replace(path, from, to);
        let version = i64::try_from(step).unwrap() + 2;
        if *path == SERVICE {
            client.write(&host.at(path), version, &host.read(path));
        }
        let change = json!({ "uri": uri(&host.at(path)), "type": 2 });
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
        let (found, shown) = compared(&host, &mut client);
        assert_eq!(shown, found, "after {path}: {from} -> {to}");
        finds += found.len();
    }
    assert!(finds > 10, "the changes break too little: {finds}");

    // Files come and go: a directory of an integration, then one of its files.
    host.done(&["new-integration", "gamma", "--modules", "cms"]);
    let made = host.at("packages/integrations/gamma");
    let files: Vec<Value> = walkdir::WalkDir::new(&made)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .map(|path| json!({ "uri": uri(&path), "type": 1 }))
        .collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": files }));
    let shared = ["packages/configs/integrations/package.json", "tenon.lock"];
    let shared: Vec<Value> = shared
        .iter()
        .map(|path| json!({ "uri": uri(&host.at(path)), "type": 2 }))
        .collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": shared }));
    let (found, shown) = compared(&host, &mut client);
    assert_eq!(shown, found, "after an integration came");
    let gone = host.at("packages/integrations/gamma/src/modules/cms/index.ts");
    std::fs::remove_file(&gone).unwrap();
    let change = json!({ "uri": uri(&gone), "type": 3 });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    let (found, shown) = compared(&host, &mut client);
    assert_eq!(shown, found, "after a file went");
    client.stop();
}

#[test]
fn the_host_is_found_above_and_below_and_each_folder_has_its_own() {
    let (one, two) = (host(), host());
    let empty = Sandbox::empty();
    empty.write("a.ts", "export class A {}\n");
    // Below the host's root; above it; two hosts at once; none.
    let inside = one.at("packages/integrations/acme/src");
    for folders in [
        vec![inside.as_path()],
        vec![one.outside()],
        vec![&*one.root, &*two.root, &*empty.root],
        vec![],
    ] {
        let mut client = Client::of(&folders, modern());
        for host in [&one, &two] {
            let broken = host.read(SERVICE).replacen("getTicket(", "etTicket(", 1);
            assert_eq!(
                rules(&client.open_as(&host.at(SERVICE), &broken)),
                ["missing-method"]
            );
        }
        let quiet = empty.at("a.ts");
        let document =
            json!({ "uri": uri(&quiet), "languageId": "x", "version": 1, "text": "export class A {" });
        client.notify("textDocument/didOpen", json!({ "textDocument": document }));
        assert_eq!(
            actions(
                &mut client,
                &one.at(SERVICE),
                &json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 1 } })
            ),
            Vec::<Value>::new()
        );
        let hover = client.request(
            "textDocument/hover",
            in_document(&quiet, &json!({ "line": 0, "character": 0 })),
        );
        assert_eq!(hover, Value::Null);
        let uris: Vec<&String> = client.shown.keys().collect();
        assert!(uris.iter().all(|shown| **shown != uri(&quiet)), "{uris:?}");
        assert!(client.said.is_empty(), "no pack, no word: {:?}", client.said);
        // A folder that is taken away takes its findings along.
        if folders.len() == 3 {
            client.notify(
                "textDocument/didClose",
                json!({ "textDocument": { "uri": uri(&two.at(SERVICE)) } }),
            );
            let event = json!({ "added": [], "removed": [{ "uri": uri(&two.root), "name": "x" }] });
            client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
            client.request(
                "textDocument/hover",
                in_document(&one.at(SERVICE), &json!({ "line": 0, "character": 0 })),
            );
        }
        assert_eq!(client.stop(), Some(0));
    }
}

#[test]
fn settings_are_read_as_they_are_typed_and_anew_when_they_are_saved() {
    let host = host();
    host.replace(SERVICE, "getTicket(", "etTicket(");
    host.write("tenon.toml", "pack = \"o2s\"\n");
    let mut client = Client::of(&[&host.root], modern());
    assert_eq!(rules(&client.open(&host.at(SERVICE))), ["missing-method"]);
    let settings = host.at("tenon.toml");
    client.open(&settings);
    let ignoring = "pack = \"o2s\"\n\n[[ignore]]\nrule = \"missing-method\"\npath = \"packages/**\"\nreason = \"it is being written\"\n";
    assert!(client.write(&settings, 2, ignoring).is_empty());
    client.request(
        "textDocument/hover",
        in_document(&settings, &json!({ "line": 0, "character": 0 })),
    );
    assert_eq!(
        client.shown[&uri(&host.at(SERVICE))],
        Vec::<Value>::new(),
        "what is ignored is not shown"
    );
    // The page of a rule by its name.
    let hover = client.request(
        "textDocument/hover",
        in_document(&settings, &find(ignoring, "missing-method")),
    );
    assert!(
        hover["contents"]["value"]
            .as_str()
            .unwrap()
            .starts_with("# missing-method"),
        "{hover}"
    );
    let broken = client.write(&settings, 3, "pack = \"o2s\"\npak = 1\n");
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!(broken[0]["range"]["start"], json!({ "line": 1, "character": 0 }));

    // Saved like that, no check can begin; mended, it does.
    host.write("tenon.toml", "pack = \"o3s\"\n");
    client.notify(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": uri(&settings) } }),
    );
    loop {
        let shown = client.published(&settings);
        if shown
            .iter()
            .any(|one| one["message"].as_str().unwrap().contains("o3s"))
        {
            break;
        }
    }
    host.write("tenon.toml", "pack = \"o2s\"\n");
    client.write(&settings, 4, "pack = \"o2s\"\n");
    client.notify(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": uri(&settings) } }),
    );
    while rules(&client.published(&host.at(SERVICE))) != ["missing-method"] {}
    client.stop();
}

#[test]
fn nothing_that_is_sent_ends_the_server() {
    let host = host();
    let mut client = Client::start();
    let answer = client.answer("textDocument/hover", json!({}));
    assert_eq!(answer["error"]["code"], -32002);
    client.raw(b"Content-Length: 5\r\n\r\n{nope");
    assert_eq!(client.await_answer(&Value::Null)["error"]["code"], -32700);
    client.request("initialize", json!({ "capabilities": { "general": 1, "workspace": [] }, "workspaceFolders": [1, { "uri": "nowhere:x" }], "rootUri": uri(&host.root) }));
    client.notify("initialized", json!(1));
    assert_eq!(client.answer("initialize", json!({}))["error"]["code"], -32600);
    assert_eq!(client.answer("tenon/nope", json!({}))["error"]["code"], -32601);
    client.send(&json!([1, 2]));
    client.send(&json!({ "id": {} }));
    client.send(&json!({ "jsonrpc": "2.0", "id": "watch", "result": null }));
    let path = host.at(SERVICE);
    client.open(&path);
    let broken = [
        json!(null),
        json!([]),
        json!({ "textDocument": 1 }),
        json!({ "textDocument": { "uri": "file://%zz", "text": 1 } }),
        json!({ "textDocument": { "uri": uri(&path), "version": "x" }, "contentChanges": [{ "text": 1 }], "position": { "line": -1, "character": 1e9 }, "range": {} }),
        json!({ "textDocument": { "uri": uri(&path) }, "contentChanges": [{ "range": { "start": { "line": 99999, "character": 9 }, "end": { "line": 0, "character": 0 } }, "text": "" }], "position": { "line": 99999, "character": 99999 } }),
        json!({ "textDocument": { "uri": "untitled:1", "text": "x", "version": 1 } }),
        json!({ "changes": [{ "uri": 1 }, { "uri": "file:///../..", "type": 9 }], "event": { "added": [{}], "removed": 3 } }),
    ];
    for params in broken {
        for method in ["didOpen", "didChange", "didSave", "didClose"] {
            client.notify(&format!("textDocument/{method}"), params.clone());
        }
        for method in [
            "workspace/didChangeWatchedFiles",
            "workspace/didChangeWorkspaceFolders",
            "$/cancelRequest",
            "$/nope",
        ] {
            client.notify(method, params.clone());
        }
        for method in ["hover", "definition", "codeAction"] {
            client.answer(&format!("textDocument/{method}"), params.clone());
        }
    }
    assert!(
        client
            .said
            .iter()
            .all(|said| said["method"] != "window/logMessage"),
        "{:?}",
        client.said
    );
    // It still works.
    assert_eq!(
        rules(&client.open_as(&path, &host.read(SERVICE).replacen("getTicket(", "x(", 1))),
        ["missing-method"]
    );
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn a_stream_without_frames_is_told_once_and_the_next_message_is_found() {
    let mut client = Client::start();
    client.request("initialize", json!({ "capabilities": {} }));
    for bad in [
        &b"X: y\r\n\r\n{}"[..],
        b"Content-Length: two\r\n\r\n{}",
        b"Content-Length: 99999999999999\r\n\r\n{}",
        b"{\"jsonrpc\":\"2.0\"}\n\n{}\n\n{}\n\n",
        b"\xff\xfe\x00\x01\n\n",
        b"Content-Length: 4\r\n\r\n\xff\xfe{}",
        &[b"x".repeat(100_000), b"\n\n".to_vec()].concat(),
    ] {
        client.raw(bad);
        assert_eq!(client.await_answer(&Value::Null)["error"]["code"], -32700);
        // What comes next is the answer to this, and not another error.
        assert_eq!(client.answer("tenon/nope", json!({}))["error"]["code"], -32601);
    }
    // One that is too large to be read is told at once.
    client.raw(b"Content-Length: 99999999\r\n\r\n");
    assert_eq!(client.await_answer(&Value::Null)["error"]["code"], -32700);
    // The rest of it does not come.
    assert_eq!(client.ended(), Some(2));
}

#[test]
fn it_ends_when_the_protocol_says_so() {
    // Asked to, and then nothing else is done.
    let mut client = Client::of(&[], json!({}));
    client.request("shutdown", Value::Null);
    assert_eq!(
        client.answer("textDocument/hover", json!({}))["error"]["code"],
        -32600
    );
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), Some(0));
    // Without having been asked to.
    let mut client = Client::of(&[], json!({}));
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), Some(1));
    // The editor is gone.
    let mut client = Client::start();
    assert_eq!(client.ended(), Some(1));
}

#[test]
fn texts_are_checked_when_they_are_left_alone_and_at_once_when_something_is_asked() {
    let host = host();
    let path = host.at(SERVICE);
    let sound = host.read(SERVICE);
    let broken = sound.replacen("getTicket(", "x(", 1);
    let mut client = Client::of(&[&host.root], modern());
    client.open(&path);
    let change = |version: i64, text: &str| {
        let document = json!({ "uri": uri(&path), "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        let message = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params });
        let body = message.to_string();
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    };
    // Of texts that follow each other hardly one is told of but the last.
    for version in 2..20 {
        client.raw(change(version, &broken).as_bytes());
        std::thread::sleep(std::time::Duration::from_millis(40));
    }
    client.raw(change(20, &sound).as_bytes());
    let mut told = 1;
    while !client.published(&path).is_empty() {
        told += 1;
    }
    assert!(told < 4, "{told} of 19 texts");
    client.raw((change(21, &sound) + &change(22, &broken)).as_bytes());
    let start = json!({ "line": 0, "character": 0 });
    client.request("textDocument/hover", in_document(&path, &start));
    assert_eq!(rules(&client.shown[&uri(&path)]), ["missing-method"]);
    client.stop();
}

#[test]
fn what_is_cancelled_is_not_answered() {
    let host = host();
    let mut client = Client::of(&[&host.root], modern());
    let path = host.at(SERVICE);
    client.open(&path);
    client.notify("$/cancelRequest", json!({ "id": "late" }));
    let params = in_document(&path, &json!({ "line": 0, "character": 0 }));
    client.send(&json!({ "jsonrpc": "2.0", "id": "late", "method": "textDocument/hover", "params": params }));
    assert_eq!(client.await_answer(&json!("late"))["error"]["code"], -32800);
    client.stop();
}
