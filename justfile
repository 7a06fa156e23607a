# Recipes for contributors; CI runs `.ci/run`, which calls the same commands.

# List the recipes
default:
    @just --list

# Run the tests
test:
    cargo test --locked

# Check format, lints, shell scripts and workflows
lint:
    .ci/run fmt clippy lint

# Format the sources
fmt:
    cargo fmt

# Everything that CI runs; installs what is missing on a Debian-like machine
ci:
    .ci/run

# Write the schemas, and what the program prints into README.md and docs/; read the diff afterwards
captures:
    TENON_BLESS=1 cargo test --locked --workspace --lib --bins -- the_published_schema the_page_about_formats
    TENON_BLESS=1 cargo test --locked --test docs
    git diff --stat

# The docs as a searchable book in target/book
book:
    .ci/run tools book

# Make every package of a program that was built, and use each as a stranger would
packages program="target/debug/tenon":
    packaging/test.sh {{program}}

# Licences, sources and known weaknesses of what the program is built with
supply:
    .ci/run tools supply

# The oldest Rust that Cargo.toml names compiles everything
msrv:
    packaging/msrv.sh

# Build for other systems, and use what can run here (docs/supply-chain.md)
cross *targets:
    packaging/cross.sh {{targets}}

# What each dependency costs in room and in building (docs/supply-chain.md)
costs:
    packaging/costs.py

# Whether a check's cost grows with what hostile files have very many of (docs/performance.md)
hostile what="double" *arguments:
    cargo build --release --locked
    benches/hostile/run.sh {{what}} {{arguments}}

# Time the program, and beside it what else makes such files (docs/performance.md)
bench:
    cargo bench --locked --bench plan
    cargo build --release --locked
    benches/peers/run.sh
