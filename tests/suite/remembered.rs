//! The cache of `validate-structure`: it recalls the last check only if nothing has changed since.

use std::fs::{File, FileTimes};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::support::hosts::made;
use crate::support::sandbox::{Ran, Sandbox};

/// How many integrations the host has.
const COUNT: usize = 10;

fn large() -> Sandbox {
    let host = made();
    host.done(&[
        "new-integration",
        "unit-0",
        "--modules",
        "cms,tickets",
        "--inject",
        "cms:cache",
        "--yes",
    ]);
    let seed = host.at("packages/integrations/unit-0");
    for number in 1..COUNT {
        let to = host.at(&format!("packages/integrations/unit-{number}"));
        std::fs::create_dir_all(&to).unwrap();
        crate::support::fault::copy_tree(&seed, &to);
        for path in ["package.json", "src/integration.ts"] {
            let path = format!("packages/integrations/unit-{number}/{path}");
            let text = host.read(&path).replace("unit-0", &format!("unit-{number}"));
            host.write(&path, text);
        }
    }
    settle();
    host
}

fn check(host: &Sandbox, args: &[&str]) -> Ran {
    let mut command: Command = host.command(&["check", "--format", "json", "--stats"]);
    command
        .args(args)
        .env("XDG_CACHE_HOME", host.outside().join("cache"));
    let mut ran = host.ran(command.output().unwrap());
    // What each part cost is never the same.
    if let Some(at) = ran.out.find(",\n  \"stats\": [") {
        ran.out.truncate(at);
        ran.out.push_str("\n}\n");
    }
    ran
}

/// Whether nothing was read at all, because nothing has changed.
fn is_recalled(ran: &Ran) -> bool {
    ran.err
        .lines()
        .any(|line| line.starts_with("step") && line.contains(" cache "))
}

/// Times of files are kept coarsely: what is remembered must be younger by two seconds.
fn settle() {
    sleep(Duration::from_millis(2100));
}

/// Something has changed since the host was settled: the check sees it, and comes to the same as one without what is
/// remembered. So does the one after it, and the one that then reads nothing.
#[track_caller]
fn is_seen(host: &Sandbox, what: &str) {
    let cold = check(host, &["--no-cache"]);
    let warm = check(host, &[]);
    assert!(!is_recalled(&warm), "{what} is not seen");
    assert_eq!(warm.out, cold.out, "{what}");
    settle();
    assert_eq!(check(host, &[]).out, cold.out, "{what}");
    let warm = check(host, &[]);
    assert!(is_recalled(&warm), "after {what} something is read again");
    assert_eq!(warm.out, cold.out, "{what}");
}

/// Checks with and without the cache: both must find the same. Whether the cache served.
#[track_caller]
fn same(host: &Sandbox) -> bool {
    let (warm, cold) = (check(host, &[]), check(host, &["--no-cache"]));
    assert_eq!(warm.out, cold.out);
    assert!(!is_recalled(&cold));
    is_recalled(&warm)
}

#[test]
fn a_change_that_leaves_size_and_time_is_seen() {
    let host = large();
    assert!(!same(&host), "nothing is known yet");
    assert!(same(&host));
    let service = "packages/integrations/unit-7/src/modules/tickets/tickets.service.ts";
    let before = host.read(service);
    // Another text of the same length, with the old time: only the time of the change itself tells.
    let time = host.at(service).metadata().unwrap().modified().unwrap();
    let name = before.find("getTicket(").unwrap();
    host.write(
        service,
        format!("{}getTicke_{}", &before[..name], &before[name + 9..]),
    );
    let file = File::options().write(true).open(host.at(service)).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
    drop(file);
    is_seen(&host, "another name in one file");
    let ran = check(&host, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("missing-method"), "{}", ran.out);
}

#[test]
fn a_file_that_was_just_written_is_read_again() {
    let host = large();
    assert!(!same(&host));
    host.write("packages/integrations/unit-7/package.json", "{}\n");
    // Of a change within the same tick of its clock the file would not tell.
    assert!(!same(&host));
    assert!(!same(&host));
}

#[test]
fn another_pack_is_another_check() {
    let host = large();
    assert!(!same(&host));
    assert!(same(&host));
    let options = ["--pack", "integration-controller"];
    assert!(!is_recalled(&check(&host, &options)));
}

#[test]
fn contracts_that_come_from_elsewhere_are_seen() {
    let host = large();
    assert!(!same(&host));
    assert!(same(&host));
    // The contract comes from the host's sources now, and asks for more.
    for (path, text) in [
        (
            "src/index.ts",
            "export * as Tickets from './tickets';\nexport * as CMS from './cms';\nexport * as Cache from './cache';\n",
        ),
        (
            "src/tickets.ts",
            "export abstract class Service { abstract brandNew(): void; }\n",
        ),
        (
            "src/cms.ts",
            "export abstract class Service { abstract brandNew(): void; }\n",
        ),
        ("src/cache.ts", "export abstract class Service {}\n"),
    ] {
        host.write(&format!("packages/framework/{path}"), text);
    }
    is_seen(&host, "another contract");
    assert!(check(&host, &[]).out.contains("brandNew"));
}

#[test]
fn a_cache_that_is_broken_or_gone_is_as_none() {
    let host = large();
    same(&host);
    let cache = host.outside().join("cache/tenon");
    let file = cache.read_dir().unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap();
    let (head, paths) = text.split_once('\n').unwrap();
    let other = [
        String::new(),
        "{".to_owned(),
        "{}\n".to_owned(),
        head.to_owned(),
        format!("{head}\n"),
        format!("{head}\n{}", &paths[..paths.len() / 2]),
        format!("{head}\n{paths}\n../other"),
        format!("{}\n{paths}", &head[..head.len() / 2]),
    ];
    for text in &other {
        std::fs::write(&file, text).unwrap();
        assert!(!same(&host), "{text}");
        assert!(same(&host));
    }
    std::fs::write(&file, [0xff, 0xfe, 0]).unwrap();
    assert!(!same(&host));
    std::fs::remove_dir_all(&cache).unwrap();
    assert!(!same(&host));
    assert!(same(&host));
}

#[test]
fn where_nothing_has_changed_nothing_is_read_and_any_change_is_seen() {
    let host = large();
    same(&host);
    assert!(is_recalled(&check(&host, &[])));
    same(&host);
    let unit = |number: usize| format!("packages/integrations/unit-{number}");
    let shared = "packages/configs/integrations/src/models/index.ts";
    host.write(shared, format!("{}\nconst x = ;\n", host.read(shared)));
    is_seen(&host, "a file that all share");

    host.write(
        "packages/integrations/more/package.json",
        "{ \"name\": \"more\" }\n",
    );
    is_seen(&host, "an integration more");
    host.remove(&unit(3));
    is_seen(&host, "an integration less");
    std::fs::rename(host.at(&unit(4)), host.at("packages/integrations/other")).unwrap();
    is_seen(&host, "an integration with another name");

    let cms = host.at(&unit(5)).join("src/modules/cms");
    std::fs::rename(cms.join("index.ts"), cms.join("other.ts")).unwrap();
    is_seen(&host, "a file with another name");
    let at = host.at(&unit(6)).join("src/modules");
    std::fs::rename(at.join("cms/index.ts"), at.join("cms.tmp")).unwrap();
    std::fs::rename(at.join("tickets/index.ts"), at.join("cms/index.ts")).unwrap();
    std::fs::rename(at.join("cms.tmp"), at.join("tickets/index.ts")).unwrap();
    is_seen(&host, "two files in each other's place");
    host.write(
        &format!("{}/src/modules/invoices/index.ts", unit(7)),
        "export {};\n",
    );
    is_seen(&host, "a file more");
    host.write(&format!("{}/package.json", unit(8)), "");
    is_seen(&host, "a file without content");
    let module = format!("{}/src/integration.ts", unit(9));
    host.remove(&module);
    host.link(&module, "nothing.ts");
    is_seen(&host, "a link to nothing");
    host.write(&format!("{}/src/nothing.ts", unit(9)), "export {};\n");
    is_seen(&host, "what it leads to");
}

#[test]
fn what_is_behind_links_is_seen() {
    let host = large();
    let unit = "packages/integrations/unit-3";
    let service = format!("{unit}/src/modules/cms/cms.service.ts");
    let real = "packages/service.ts";
    std::fs::rename(host.at(&service), host.at(real)).unwrap();
    host.link(&service, host.at(real));
    is_seen(&host, "the link");
    // The link and its directory stay as they are.
    let text = host.read(real);
    host.write(real, text.replace("class ", "klass "));
    is_seen(&host, "another text behind it");
    host.remove(real);
    is_seen(&host, "nothing behind it");
    host.write(real, &text);
    is_seen(&host, "something behind it");
    std::fs::rename(host.at(&format!("{unit}/src")), host.at("packages/src")).unwrap();
    host.link(&format!("{unit}/src"), host.at("packages/src"));
    is_seen(&host, "a directory that is a link now");
    host.remove("packages/src/modules/cms/index.ts");
    is_seen(&host, "a file less behind it");
}

#[test]
fn a_package_that_things_depend_on_is_seen() {
    let host = large();
    let extra = "packages/configs/extra/package.json";
    let named = |name: &str| format!("{{ \"name\": \"@o2s/configs.{name}\", \"version\": \"1.0.0\" }}\n");
    host.write(extra, named("extra"));
    for number in [3, 4] {
        let path = format!("packages/integrations/unit-{number}/package.json");
        let text = host.read(&path).replacen(
            "\"devDependencies\": {",
            "\"devDependencies\": {\n        \"@o2s/configs.extra\": \"*\",",
            1,
        );
        host.write(&path, text);
    }
    is_seen(&host, "a package");
    assert!(!check(&host, &[]).out.contains("unknown-dependency"));
    host.write(extra, named("other"));
    is_seen(&host, "its new name");
    assert!(check(&host, &[]).out.contains("unknown-dependency"));
}
