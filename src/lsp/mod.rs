//! `tenon lsp`: what `validate-structure` finds, in an editor, while people type.
//!
//! Knows the Language Server Protocol, as far as it is needed: `wire` frames messages, `text` and `uri` turn positions and
//! addresses into ours and back, `server` takes messages in order, `hosts` finds what they
//! belong to, `host` checks one host in a thread of its own. What is found, and how it is mended, comes from `rules`;
//! nothing is written to a host: editors apply the edits.
//!
//! The protocol is spoken with `serde_json` values and no crate of its types: [a decision](../../docs/decisions/lsp-without-types.md).

mod convert;
mod host;
mod hosts;
mod server;
mod text;
mod uri;
mod wire;

use std::io::{BufReader, Stdin, Stdout};
use std::path::Path;
use std::sync::mpsc;

use serde_json::Value;

use tenon_engine::host::Host;
use tenon_engine::settings::Settings;
use tenon_pack::Pack;
use tenon_text::diag::{Diagnostic, Result};

use wire::{Incoming, Reader};

/// A host that was found, and its pack.
pub struct Opened {
    /// The pack.
    pub pack: Pack,
    /// The host.
    pub host: Host,
    /// What its settings say.
    pub settings: Settings,
}

/// What the server needs of the command line's own knowledge.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// The host that a directory is in; nothing if no pack recognises it.
    pub open: fn(&Path) -> Result<Option<Opened>>,
    /// Of findings those that count by the settings.
    pub counting: fn(&Settings, Vec<Diagnostic>) -> Result<Vec<Diagnostic>>,
}

/// What reaches the server.
enum Event {
    /// From the editor.
    Message(Incoming),
    /// The editor is gone; why what it sent last is no message, if it is none.
    Closed(Option<std::io::Error>),
}

/// Serves until the editor ends it; whether it ended as the protocol wants it.
///
/// # Errors
/// If the input ends within a message, or cannot be read.
pub fn serve(stdin: Stdin, stdout: Stdout, hooks: Hooks) -> Result<bool> {
    let (events, incoming) = mpsc::channel();
    let (out, outgoing) = mpsc::channel::<Value>();
    // Ends with the program: nothing can wake it from reading.
    std::thread::spawn(move || {
        let mut input = Reader::new(BufReader::new(stdin.lock()));
        let end = loop {
            match input.read() {
                Ok(Some(message)) => {
                    if events.send(Event::Message(message)).is_err() {
                        return;
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        // Nobody is left to be told if this fails.
        let _ = events.send(Event::Closed(end));
    });
    let writer = std::thread::spawn(move || {
        let mut output = stdout.lock();
        for message in outgoing.into_iter().take_while(|message| !message.is_null()) {
            // An editor that went away is noticed where it is read from.
            if wire::write(&mut output, &message).is_err() {
                return;
            }
        }
    });
    let done = server::Server::new(out, hooks).run(&incoming);
    // Everything that was to be said is said; a writer that panicked has nothing more to say.
    let _ = writer.join();
    done
}
