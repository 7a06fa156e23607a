//! Has cargo notice files that are added below the folders which `include_dir!` embeds.

fn main() {
    for dir in ["../../templates", "../../starters"] {
        println!("cargo:rerun-if-changed={dir}");
    }
}
