#!/usr/bin/env bash
# Checks that the oldest Rust that Cargo.toml names compiles the program, its tests and its benchmarks. Needs rustup, which fetches
# that Rust if it is not there.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
rustup toolchain list | grep -q "^${version}[.-]" || rustup toolchain install --profile minimal --no-self-update "$version"
cargo "+$version" --version
cargo "+$version" check --locked --all-targets
