//! Rebuilds the program when a file of a built-in pack is added, changed or removed: the macro that embeds
//! the packs does not notice new files by itself.
fn main() {
    println!("cargo:rerun-if-changed=templates");
    println!("cargo:rerun-if-changed=build.rs");
}
