# Recipes for contributors; CI runs `.ci/run`, which calls the same commands.

# List the recipes
default:
    @just --list

# Run the tests
test:
    cargo test --locked

# Check format, lints and shell scripts
lint:
    .ci/run fmt clippy shellcheck

# Format the sources
fmt:
    cargo fmt

# Everything that CI runs; installs what is missing on a Debian-like machine
ci:
    .ci/run

# Write what the program prints into README.md and docs/; read the diff afterwards
captures:
    TENON_BLESS=1 cargo test --locked --test docs
    git diff --stat

# Run the benchmarks
bench:
    cargo bench --locked
