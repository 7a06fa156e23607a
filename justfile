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

# Write the schemas, and what the program prints into README.md and docs/; read the diff afterwards
captures:
    TENON_BLESS=1 cargo test --locked --bin tenon the_published_schema
    TENON_BLESS=1 cargo test --locked --test docs
    git diff --stat

# Time the program, and beside it what else makes such files (docs/performance.md)
bench:
    cargo bench --locked --bench plan
    cargo build --release --locked
    benches/peers/run.sh
