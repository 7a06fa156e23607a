//! Registers the integrations and dispatches to the one that is asked for.

use std::error::Error;
use std::process::ExitCode;

use integration_contract::{Gvk, Integration, Object, Registry, RegistryError};

/// What the program understands.
const USAGE: &str = "usage: controller list
       controller integrate TARGET NAME [NAMESPACE]
       controller disintegrate TARGET NAME [NAMESPACE]
       controller appeared GROUP/VERSION/KIND NAME [NAMESPACE]";

/// Registers every integration of the workspace.
fn register(registry: &mut Registry) -> Result<usize, RegistryError> {
    Ok(registry.targets().count())
}

fn run(words: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut registry = Registry::new();
    let count = register(&mut registry)?;
    match words {
        ["list"] => {
            let mut lines = vec![format!("{count} integrations")];
            lines.extend(registry.targets().map(|target| format!("target {target}")));
            lines.extend(registry.kinds().map(|kind| format!("kind {kind}")));
            Ok(lines.join("\n"))
        }
        [
            verb @ ("integrate" | "disintegrate"),
            target,
            name,
            rest @ ..,
        ] => {
            let namespace = rest.first().copied().unwrap_or("default");
            let integration = Integration {
                enabled: *verb == "integrate",
                ..Integration::new(*name, namespace, *target)
            };
            let after = pollster::block_on(registry.reconcile(&integration))?;
            Ok(format!("{after:?}"))
        }
        ["appeared", kind, name, rest @ ..] => {
            let namespace = rest.first().copied().unwrap_or("default");
            let parts: Vec<&str> = kind.split('/').collect();
            let [group, version, kind] = parts[..] else {
                return Err(USAGE.into());
            };
            let object = Object {
                gvk: Gvk::new(group, version, kind),
                name: (*name).to_owned(),
                namespace: namespace.to_owned(),
            };
            let count = pollster::block_on(registry.appeared(&object, namespace))?;
            Ok(format!("{count} consumers"))
        }
        _ => Err(USAGE.into()),
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
