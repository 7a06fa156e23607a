//! What the fuzz targets do: one function each. A function takes bytes, makes of them what its parser or editor takes,
//! and ends by a panic if one of the promises is broken.
//!
//! The program is a binary, so its modules are compiled into this crate by their paths.
#![allow(dead_code, unused_imports)]

#[path = "../../src/answers/mod.rs"]
mod answers;
#[path = "../../src/diag/mod.rs"]
mod diag;
#[path = "../../src/facts/mod.rs"]
mod facts;
#[path = "../../src/host/mod.rs"]
mod host;
#[path = "../../src/lang/mod.rs"]
mod lang;
#[path = "../../src/pack/mod.rs"]
mod pack;
#[path = "../../src/plan/mod.rs"]
mod plan;
#[path = "../../src/report/mod.rs"]
mod report;
#[path = "../../src/rules/mod.rs"]
mod rules;
#[path = "../../src/settings/mod.rs"]
mod settings;

/// Private in its own place.
#[path = "../../src/pack/template_read.rs"]
mod template_read;

mod code;
mod data;
mod imports;
mod input;
mod manifests;
mod packs;
mod sources;

pub use code::{lines, list, restyle, rule};
pub use data::{config, findings, format, names, settings_file as settings, workspace};
pub use imports::imports;
pub use manifests::{manifest_json, manifest_toml, manifest_yaml, toml_json};
pub use packs::{archive, template};
pub use sources::{classes, contract, graph, implement};
