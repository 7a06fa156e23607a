#!/usr/bin/env bash
# Builds the program for other systems, with zig as the C compiler and the linker, and uses what can run here. Builds are those of
# development and without optimisation: what is asked is whether it compiles, links and works.
#
#   packaging/cross.sh [TARGET…]
#
# Needs rustup and python3. A program for aarch64 runs with qemu-aarch64-static, one for Windows with wine, where there are such; for
# macOS it is only checked, since its system libraries are not to be had elsewhere.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
targets=("$@")
((${#targets[@]} > 0)) || targets=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
    x86_64-pc-windows-gnu x86_64-apple-darwin aarch64-apple-darwin)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
tools=$CARGO_TARGET_DIR/cross
options=(--locked --config 'profile.dev.package."*".opt-level=0' --config 'profile.dev.debug=false')
# The glibc that a release for glibc needs at least.
glibc=$(sed -n 's/^  GLIBC: "\(.*\)"$/\1/p' .github/workflows/release.yml)

if ! cmp --silent packaging/cross.txt "$tools/cross.txt"; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement packaging/cross.txt
    cp packaging/cross.txt "$tools/cross.txt"
fi
export PATH="$tools/bin:$PATH"

wrong() {
    echo "FAILED: $1" >&2
    exit 1
}

# The main job with the program that the words start: a host, an integration, the check.
works() {
    local scratch host=(new host shop --pack o2s --quiet)
    scratch=$(mktemp -d)
    (
        cd "$scratch"
        "$@" --version
        "$@" "${host[@]}" >/dev/null
        cd shop
        "$@" new-integration acme --modules tickets --activate tickets --quiet >/dev/null
        "$@" validate-structure --quiet
    ) || wrong "\`$*\` does not do the main job"
    rm -rf "$scratch"
    echo "    it makes and checks an integration"
}

# What starts a program for the machine of a target here; nothing if there is no such thing.
starter() {
    case $1 in
        "$(uname -m)"-unknown-linux-*) echo env ;;
        # Programs for glibc would need that machine's libraries as well.
        *-linux-musl) command -v "qemu-${1%%-*}-static" "qemu-${1%%-*}" | head -n 1 ;;
        *-windows-*) command -v wine64 wine | head -n 1 ;;
    esac
}

for target in "${targets[@]}"; do
    echo "=== $target"
    rustup target add --toolchain "$(rustup show active-toolchain | cut -d ' ' -f 1)" "$target" 2>/dev/null
    if [[ $target == *-apple-* ]]; then
        cargo-zigbuild check "${options[@]}" --target "$target"
        echo "    it compiles; linking needs a Mac"
        continue
    fi
    wanted=$target
    [[ $target != *-linux-gnu ]] || wanted=$target.$glibc
    cargo-zigbuild zigbuild "${options[@]}" --target "$wanted"
    program=$CARGO_TARGET_DIR/$target/debug/tenon
    [[ $target != *windows* ]] || program+=.exe
    case $target in
        *-musl)
            ! readelf --wide --program-headers "$program" | grep -q INTERP || wrong "$program is not static"
            echo "    it is static"
            ;;
        *-gnu)
            if [[ $target == *linux* ]]; then
                newest=$(readelf --wide --version-info "$program" | grep -o 'GLIBC_[0-9.]*' | sort --version-sort | tail -n 1)
                [[ $(printf '%s\n' "$newest" "GLIBC_$glibc" | sort --version-sort | tail -n 1) == "GLIBC_$glibc" ]] ||
                    wrong "$program needs $newest"
                echo "    it needs $newest"
            fi
            ;;
    esac
    starter=$(starter "$target" || true)
    if [[ -n $starter ]]; then
        works "$starter" "$program"
    else
        echo "    skipped: nothing here runs it"
    fi
done
echo "all targets are built"
