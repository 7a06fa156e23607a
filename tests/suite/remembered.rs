//! What `validate-structure` remembers of a large host: never more than is so.

use std::fs::{File, FileTimes};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::support::hosts::made;
use crate::support::sandbox::{Ran, Sandbox};

/// How many integrations the host has: enough for them to be remembered.
const COUNT: usize = 55;

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
    // Times of files are kept coarsely: what is remembered must be younger by two seconds.
    sleep(Duration::from_millis(2100));
    host
}

fn check(host: &Sandbox, args: &[&str]) -> Ran {
    let mut command: Command = host.command(&["check", "--format", "json", "--stats"]);
    command
        .args(args)
        .env("XDG_CACHE_HOME", host.outside().join("cache"));
    host.ran(command.output().unwrap())
}

fn remembered(ran: &Ran) -> usize {
    let line = ran
        .err
        .lines()
        .find(|line| line.starts_with("of them remembered"))
        .unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// Checks with and without what is remembered: both must find the same. How many were remembered.
#[track_caller]
fn same(host: &Sandbox) -> usize {
    let (warm, cold) = (check(host, &[]), check(host, &["--no-cache"]));
    assert_eq!(warm.out, cold.out);
    assert_eq!(remembered(&cold), 0);
    remembered(&warm)
}

#[test]
fn what_has_not_changed_is_not_read_again_and_what_has_is() {
    let host = large();
    assert_eq!(same(&host), 0, "nothing is known yet");
    assert_eq!(same(&host), COUNT);
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
    assert_eq!(same(&host), COUNT - 1);
    let ran = check(&host, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("missing-method"), "{}", ran.out);
    host.write(service, &before);
    same(&host);

    // A file more, a file less, a file renamed: the directory tells.
    host.write(
        "packages/integrations/unit-8/src/modules/invoices/index.ts",
        "export {};\n",
    );
    assert!(same(&host) < COUNT - 1);
    host.remove("packages/integrations/unit-8/src/modules/invoices");
    host.remove("packages/integrations/unit-9/src/modules/cms/index.ts");
    assert!(same(&host) < COUNT - 1);
    assert!(check(&host, &[]).out.contains("missing-part"));
}

#[test]
fn what_everything_follows_from_is_part_of_what_is_remembered() {
    let host = large();
    same(&host);
    assert_eq!(same(&host), COUNT);
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
    assert_eq!(same(&host), 0);
    assert!(check(&host, &[]).out.contains("brandNew"));
}

#[test]
fn a_memory_that_is_broken_or_gone_is_as_none() {
    let host = large();
    same(&host);
    let cache = host.outside().join("cache/tenon");
    let file = cache.read_dir().unwrap().next().unwrap().unwrap().path();
    for text in ["", "{", "{\"key\":\"\",\"shapes\":[],\"things\":{}}"] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(same(&host), 0);
        assert_eq!(same(&host), COUNT);
    }
    std::fs::remove_dir_all(&cache).unwrap();
    assert_eq!(same(&host), 0);
    assert_eq!(same(&host), COUNT);
}
