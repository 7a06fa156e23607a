//! What the fuzz targets do: one function each. A function takes bytes, makes of them what its parser or editor takes,
//! and ends by a panic if one of the promises is broken. So does an input that takes more steps, or longer, than its length allows.

mod code;
mod data;
mod imports;
mod input;
mod manifests;
mod packs;
mod sources;
mod steps;

pub use code::{entry, restyle, rule};
pub use data::{config, findings, format, names, settings_file as settings, workspace};
pub use imports::imports;
pub use manifests::{manifest_json, manifest_toml, manifest_xml, manifest_yaml};
pub use packs::{archive, template};
pub use sources::{classes, contract, graph, implement};
pub use steps::measured;
