#!/usr/bin/env bash
# Runs every benchmark in its shortest form, so that each goes on working. The figures that it prints mean nothing.
#
#   TENON=FILE benches/short.sh    with another binary than target/release/tenon
#   PEERS=DIR benches/short.sh     install the other generators below DIR and find them there next time
set -euo pipefail
benches="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tenon="$(realpath "${TENON:-${CARGO_TARGET_DIR:-$benches/../target}/release/tenon}")"
export TENON="$tenon" ROUNDS=1
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

step() {
    echo "--- $1"
    "$benches/$1" "${@:2}"
}

DIR="$work/hosts" step scale/run.sh 10
step update.sh 3
step shared/run.sh 10
# One file of each language, with few of one kind; members, sound and broken.
while read -r file kind; do
    step hostile/run.sh double --small 100 --made "$work/made" --only "$file $kind"
done <<'END'
acme/src/integration.ts reexported
pkg/acme/consumer.go constants
acme/integration.py classes
acme/src/lib.rs types
SeaTunnelSink.java functions
acme/file_parser.rb classes
configs/integrations/package.json keys
seatunnel-connectors-v2/pom.xml modules
cargo members none
pack options
pack rules
END
step hostile/run.sh broken --count 10 --made "$work/made" --only "cargo members"
python3 "$benches/lsp/measure.py" "$tenon" "$work/hosts/10" 2
step peers/run.sh
step peers/habits.sh >"$work/habits"
grep -c '^\$ ' "$work/habits"
# The script for a real host, on one that tenon made: without the framework's own generator.
(cd "$work" && "$tenon" new host shop --pack o2s --quiet && mkdir shop/node_modules)
step peers/o2s.sh "$work/shop"
