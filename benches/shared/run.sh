#!/usr/bin/env bash
# `tenon check` on hosts whose members are all listed in the same few files, sound and broken in several ways: what each costs, and how that grows.
#
#   benches/shared/run.sh [N]     with N and 8 × N members, 1250 unless said otherwise
#   TENON=FILE                    with another binary than target/release/tenon
#
# Fails where 8 times the members cost more than 12 times as much, or where broken members cost more than 3 times what sound ones do. CPU time is
# compared, the least of three runs: what else the machine does counts little there.
set -euo pipefail
shared="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tenon="$(realpath "${TENON:-${CARGO_TARGET_DIR:-$shared/../../target}/release/tenon}")"
few="${1:-1250}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# cost PARTS COUNT: CPU time in milliseconds
cost() {
    local dir="$work/$1-$2"
    [[ -d $dir ]] || python3 "$shared/make.py" "$dir" "$2" "$1" >/dev/null
    python3 - "$tenon" "$dir" <<'PYTHON'
import os, subprocess, sys

def once() -> float:
    before = os.times()
    command = [sys.argv[1], "check", "--no-cache", "--format", "concise", "--pack", "../pack"]
    done = subprocess.run(command, cwd=f"{sys.argv[2]}/host", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode < 2, done.returncode
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system

print(round(min(once() for _ in range(3)) * 1000))
PYTHON
}

failed=0
echo "| wrong in every member | $few members | $((8 * few)) members |"
echo "|---|---:|---:|"
for parts in none file value json typescript go markdown stale; do
    one="$(cost "$parts" "$few")"
    many="$(cost "$parts" "$((8 * few))")"
    [[ $parts == none ]] && sound="$many"
    echo "| $parts | $one ms | $many ms |"
    ((few < 100 || many <= 12 * one)) || { echo "it grows faster than the host" >&2 && failed=1; }
    ((few < 100 || many <= 3 * sound)) || { echo "it costs more than three times what sound members do" >&2 && failed=1; }
    rm -rf "${work:?}/$parts-"*
done
exit "$failed"
