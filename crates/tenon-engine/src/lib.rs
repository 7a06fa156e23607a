//! The engine of tenon: reads a repository (the host), plans changes from a pack, writes them, and checks the host.
//!
//! It knows no framework, which is described by a pack ([`tenon_pack`]), and prints nothing, which the program does.
//!
//! | module | what it does |
//! |---|---|
//! | [`host`] | reads the host, and nothing else does |
//! | [`settings`] | reads `tenon.toml`, the baseline and comments that suppress findings |
//! | [`facts`] | reads tables of facts from the host, as the pack describes them |
//! | [`answers`] | collects and checks the answers to the options of a kind |
//! | [`plan`] | plans new members, updates and removals as values |
//! | [`apply`] | writes a plan atomically, and undoes it; nothing else writes |
//! | [`rules`] | checks the members of a host, and fixes findings |
//! | [`trial`] | tries a pack on throw-away hosts |
//!
//! # Example
//!
//! A pack with one kind of member, a plugin that is listed in `plugins.json`:
//!
//! ```
//! use tenon_engine::answers::{self, Sources};
//! use tenon_engine::apply::{self, FileTree, Scratch};
//! use tenon_engine::facts::Facts;
//! use tenon_engine::host::Host;
//! use tenon_engine::plan::{self, NewRequest};
//! use tenon_engine::rules::{self, Asked};
//! use tenon_pack::{Pack, PackFiles};
//!
//! # fn main() -> tenon_text::diag::Result<()> {
//! let pack = r#"
//! [pack]
//! name = "acme"
//! version = "1.0.0"
//! summary = "Plugins of Acme"
//! language = "typescript"
//!
//! [host]
//! files = ["plugins.json"]
//!
//! [kind.plugin]
//! summary = "A plugin and its entry"
//! home = "plugins/{{name}}"
//! files = "plugin"
//!
//! [kind.plugin.site.registration]
//! kind = "manifest"
//! file = "plugins.json"
//! pointer = "/plugins"
//! value = "{{name}}"
//! why = "Acme loads what is listed there"
//! "#;
//! let template = "export const plugin = '{{name}}';\n";
//! let pack = Pack::load(PackFiles::of(
//!     "acme",
//!     [
//!         ("pack.toml".to_owned(), pack.into()),
//!         ("files/plugin/index.ts.hbs".to_owned(), template.into()),
//!     ]
//!     .into(),
//! ))?;
//!
//! // A host in a temporary directory.
//! let list = br#"{ "plugins": [] }"#.to_vec();
//! let dir = Scratch::with(&FileTree::from([("plugins.json".to_owned(), list.clone())]))?;
//!
//! // Plan a plugin: nothing is written.
//! let host = Host::open(dir.root())?;
//! let facts = Facts::new(&host, &pack, plan::code_style(&host, &pack)?);
//! let kind = pack.kind("plugin")?;
//! let sources = Sources::default();
//! let answers = answers::collect(&pack, kind, &facts, "mail".to_owned(), &sources, None)?;
//! let planned = plan::build(&NewRequest {
//!     pack: &pack,
//!     host: &host,
//!     facts: &facts,
//!     kind,
//!     answers: &answers,
//! })?;
//! let paths: Vec<&str> = planned.plan.changes.keys().map(|path| path.as_str()).collect();
//! assert_eq!(paths, ["plugins.json", "plugins/mail/index.ts", "tenon.lock"]);
//!
//! // Write it.
//! apply::commit(dir.root(), &planned.plan)?;
//!
//! // Check the host: first complete, then without the entry.
//! let check = || rules::check(&pack, &Host::open(dir.root())?, &Asked::default());
//! assert!(check()?.findings.diagnostics.is_empty());
//! dir.put("plugins.json", &list)?;
//! assert_eq!(check()?.findings.diagnostics[0].rule, "missing-entry");
//! # Ok(())
//! # }
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod answers;
pub mod apply;
pub mod facts;
pub mod host;
pub mod plan;
pub mod rules;
pub mod settings;
pub mod trial;
