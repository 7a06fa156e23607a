#!/usr/bin/env bash
# Packs the crates as they would be published, and compiles the program from what was packed.
# test-crates.sh DIR    DIR: where they are unpacked
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$1
target=${CARGO_TARGET_DIR:-$PWD/target}
rm -rf "$dir" "$target"/package/*.crate
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
cargo package --workspace --no-verify --locked --allow-dirty --quiet
patches=()
for crate in "$target"/package/*.crate; do
    tar -xzf "$crate" -C "$dir"
    name=$(basename "$crate" .crate)
    patches+=(--config "patch.crates-io.${name%-*}.path='$dir/$name'")
done
cd "$dir"/tenon-cli-*/
# The directory may be below a workspace, of which the published program is no member.
printf '\n[workspace]\n' >>Cargo.toml
CARGO_TARGET_DIR=$target cargo check "${patches[@]}" --quiet
echo "$((${#patches[@]} / 2)) crates are packed, and compile"
