#!/usr/bin/env bash
# What a check costs where a host has very many of something: lines, functions, imports, keys, brackets in a file of each language and format; members,
# sound and broken; options, sites, rules and kinds of a pack.
#
#   benches/hostile/run.sh time [--size BYTES] [--limit SECONDS] [--only WORD]…    what takes longer, or more than 300 MiB
#   benches/hostile/run.sh double [--small N] [--only WORD]…                       what takes more than twice as much for twice as many
#   benches/hostile/run.sh broken [--count N] [--only WORD]…                       what N broken members cost, beside N sound ones
#   TENON=FILE                                                                     with another binary than target/release/tenon
#
# `double` counts instructions with valgrind. All fail where something is too much.
set -euo pipefail
hostile="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec python3 "$hostile/measure.py" "$(realpath "${TENON:-${CARGO_TARGET_DIR:-$hostile/../../target}/release/tenon}")" "$@"
