#!/usr/bin/env bash
# A new integration of two modules in a real host, installed: the whole process, and the framework's own generator if
# the host has it.
#
#   benches/peers/o2s.sh HOST             21 runs each (ROUNDS=n for others), table on standard output
#   GENERATOR=5 benches/peers/o2s.sh HOST the framework's own generator, five runs (0: none, which is the default)
#   TENON=FILE benches/peers/o2s.sh HOST  another binary than target/release/tenon
#
# Give it a copy: HOST is written to. `tenon undo` takes every step back before the next (not timed), the generator's
# directory is removed.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ $# == 1 && -d $1 ]] || die "usage: benches/peers/o2s.sh HOST"
host="$(realpath "$1")"
work="$(mktemp -d)"
made="$host/packages/integrations/bench"
generated="$host/packages/integrations/bench-gen"
trap 'clear_up; rm -rf "$work"' EXIT

# What must be so before each run.
undo="if [ -e '$made' ]; then '$tenon' undo --host '$host' --quiet; fi"

clear_up() {
    sh -c "$undo" >/dev/null
    rm -rf "$generated"
}

[[ ! -e $made ]] || die "there is a $made"
[[ ! -e $generated ]] || die "there is a $generated"

say "$("$tenon" --version) on a host with $(find "$host/node_modules" -maxdepth 2 -name package.json -o -maxdepth 3 \
    -path '*/@*' -name package.json 2>/dev/null | wc -l) packages in node_modules, $(du -sm "$host/node_modules" | cut -f1) MiB"

two=(new-integration bench --modules 'tickets,cms' --activate tickets)
rows=()

# row NAME TITLE FRESH COMMAND…
row() {
    local dir="$work/$1"
    arguments "${@:4}" | describe "$dir" "$2" "$host"
    [[ -z $3 ]] || arguments sh -c "$3" >"$dir/fresh"
    rows+=("$dir")
}

row true "nothing (\`true\`): what the driver adds" '' true
row new "\`tenon ${two[*]}\`" "$undo" "$tenon" "${two[@]}" --yes --quiet
row dry "the same with \`--dry-run\`" "$undo" "$tenon" "${two[@]}" --dry-run
row all "\`tenon new-integration bench --modules all\`" "$undo" "$tenon" new-integration bench --modules all --yes --quiet
measure "${rows[@]}"

if [[ ${GENERATOR:-0} != 0 ]]; then
    turbo="$host/node_modules/.bin/turbo"
    [[ -x $turbo ]] || die "the host has no generator of its own: there is no $turbo"
    export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
    rows=()
    row gen "\`turbo gen integration --args bench-gen tickets,cms o2s\` ($("$turbo" --version | tail -n 1))" \
        "rm -rf '$generated'" "$turbo" gen integration --args bench-gen 'tickets,cms' o2s
    echo
    rounds="$GENERATOR" measure "${rows[@]}"
fi
