# shellcheck shell=bash
# What run.sh and o2s.sh share; not run by itself.

peers="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$peers/../.." && pwd)"
rounds="${ROUNDS:-21}"

die() {
    echo "error: $*" >&2
    exit 2
}

say() {
    echo "$*" >&2
}

# The release build of tenon.
tenon="${TENON:-${CARGO_TARGET_DIR:-$root/target}/release/tenon}"
[[ -x $tenon ]] || die "there is no $tenon: run \`cargo build --release --locked\`, or name a binary with TENON="
tenon="$(realpath "$tenon")"

# The interpreter itself: what stands on PATH may be a script that needs the real home.
python="$(python3 -c 'import sys; print(sys.executable)')" || die "python3 is needed"

# describe DIR TITLE CWD: a row of the table; the command's arguments follow on standard input, one a line.
describe() {
    mkdir -p "$1"
    echo "$2" >"$1/name"
    echo "$3" >"$1/cwd"
    cat >"$1/run"
}

arguments() {
    printf '%s\n' "$@"
}

measure() {
    local load
    load="$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
    "$python" -ISS "$peers/measure.py" "$rounds" "$@"
    echo
    echo "$rounds runs each, interleaved, on $(uname -sm) with $(getconf _NPROCESSORS_ONLN) cores; load before: $load," \
        "after: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
}
