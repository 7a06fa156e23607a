//! Python: imports read, added, taken out and put in order; lists that are put together from pieces; classes with what
//! they inherit. Parsing goes through `crate::tree`; other files come through `crate::Source`.

pub mod class;
pub mod imports;
pub mod modules;
pub mod organize;
pub mod pieces;
pub mod print;
pub mod quotes;

/// The name by which the file or directory at `path` is imported.
pub fn module_of(path: &str) -> String {
    let path = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".py");
    path.trim_end_matches("/__init__").replace('/', ".")
}

mod import_edit;
mod layout;
mod order;
mod statement;
