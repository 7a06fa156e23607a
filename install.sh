#!/bin/sh
# Builds tenon from this checkout and installs it for one user. Run with --help for what it takes.
set -eu

rustup_command="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"

usage() {
    cat <<'USAGE'
Usage: ./install.sh [--to DIR] [--try] [--yes]
       ./install.sh [--to DIR] --uninstall

Builds tenon with cargo and installs, below DIR (default: ~/.local):

  bin/tenon
  share/bash-completion/completions/tenon
  share/zsh/site-functions/_tenon
  share/fish/vendor_completions.d/tenon.fish
  share/man/man1/tenon.1

  --to DIR      install below DIR
  --try         run `tenon try` afterwards: the main job on a throw-away host
  --yes, -y     if cargo is missing, install Rust with rustup without asking
  --uninstall   remove these five files, and the directories that are empty then
  --help, -h    print this

It needs no root, a C compiler, and Rust; if Rust is missing it says how to get it, and asks.
USAGE
}

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "error: $1"
    shift
    for help in "$@"; do
        say "help: $help"
    done
    exit 2
}

prefix=
try=no
yes=no
uninstall=no
while [ $# -gt 0 ]; do
    case $1 in
        --to)
            [ $# -ge 2 ] || fail "\`--to\` needs a directory"
            prefix=$2
            shift
            ;;
        --to=*) prefix=${1#--to=} ;;
        --try) try=yes ;;
        --yes | -y) yes=yes ;;
        --uninstall) uninstall=yes ;;
        --help | -h)
            usage
            exit 0
            ;;
        *) fail "\`$1\` is not an option of install.sh" "see \`./install.sh --help\`" ;;
    esac
    shift
done
if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || fail "HOME is not set" "name a directory: \`./install.sh --to DIR\`"
    prefix=$HOME/.local
fi
case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
esac

# What is installed, the program last: as long as it is not there, nothing is.
files='share/bash-completion/completions/tenon
share/zsh/site-functions/_tenon
share/fish/vendor_completions.d/tenon.fish
share/man/man1/tenon.1
bin/tenon'

# Removes the directory of "$1" below the prefix and those above it, as far as they are empty.
remove_empty_dirs() {
    dir=$1
    while dir=$(dirname "$dir") && [ "$dir" != . ]; do
        rmdir "$prefix/$dir" 2>/dev/null || break
    done
}

if [ "$uninstall" = yes ]; then
    removed=no
    for file in $files; do
        if [ -e "$prefix/$file" ]; then
            rm "$prefix/$file"
            say "removed $prefix/$file"
            removed=yes
        fi
        remove_empty_dirs "$file"
    done
    [ "$removed" = yes ] || say "nothing to remove below $prefix"
    exit 0
fi

source=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
grep -q '^name = "tenon"' "$source/Cargo.toml" 2>/dev/null ||
    fail "install.sh stands in no checkout of tenon" "clone the repository and run \`./install.sh\` in it"

find_cargo() {
    if command -v cargo >/dev/null 2>&1; then
        return 0
    fi
    # rustup was run, but this shell was started before.
    rust=${CARGO_HOME:-${HOME:-}/.cargo}/bin
    if [ -x "$rust/cargo" ]; then
        PATH=$rust:$PATH
        export PATH
        return 0
    fi
    return 1
}

if ! find_cargo; then
    say "tenon is built with cargo, and there is none. The command that installs Rust for this user:"
    say ""
    say "  $rustup_command"
    say ""
    if [ "$yes" = no ]; then
        if [ -t 0 ] && [ -t 2 ]; then
            printf 'Run it now? [y/N] ' >&2
            read -r answer || answer=
            case $answer in
                y | Y | yes | Yes) ;;
                *) fail "cargo is missing" "run that command, then \`./install.sh\` again" ;;
            esac
        else
            fail "cargo is missing" "run that command, or \`./install.sh --yes\`, which runs it"
        fi
    fi
    command -v curl >/dev/null 2>&1 || fail "curl is missing, so Rust cannot be fetched" "install curl or Rust"
    sh -c "$rustup_command" || fail "Rust could not be installed"
    find_cargo || fail "cargo is still missing" "open a new shell and run \`./install.sh\` again"
fi

# An older cargo would fail too, with a sentence that few understand.
wanted=$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' "$source/Cargo.toml")
version=$(cd "$source" && cargo --version) || fail "cargo does not run"
minor=$(printf '%s\n' "$version" | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')
if [ -n "$minor" ] && [ -n "$wanted" ] && [ "$minor" -lt "$wanted" ]; then
    fail "tenon needs Rust 1.$wanted or newer, and this is $version" "run \`rustup update stable\`"
fi
command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 ||
    fail "there is no C compiler, and the parsers that tenon is built with need one" \
        "on Debian and Ubuntu: \`apt-get install gcc libc6-dev\`; on macOS: \`xcode-select --install\`"

say "building (this takes some minutes the first time)"
(cd "$source" && cargo build --release --locked) || fail "the build failed" "see the messages above; nothing was installed"
target=${CARGO_TARGET_DIR:-target}
case $target in
    /*) ;;
    *) target=$source/$target ;;
esac
built=$target/release/tenon
[ -x "$built" ] || fail "the build left no program at $built"

# Everything is made in one directory first; then each file is moved to its place. Whatever stops this in
# between, the trap puts back what was there.
umask 022
made_prefix=no
[ -d "$prefix" ] || made_prefix=yes
mkdir -p "$prefix" || fail "cannot make $prefix" "choose another directory: \`./install.sh --to DIR\`"
stage=$prefix/.tenon-install.$$
placed=

back() {
    status=$?
    trap - EXIT
    for file in $placed; do
        if [ -e "$stage/old/$file" ]; then
            mv -f "$stage/old/$file" "$prefix/$file"
        else
            rm -f "$prefix/$file"
        fi
    done
    rm -rf "$stage"
    if [ "$status" -ne 0 ]; then
        for file in $files; do
            remove_empty_dirs "$file"
        done
        [ "$made_prefix" = no ] || rmdir "$prefix" 2>/dev/null || true
        say "nothing was installed"
    fi
    exit "$status"
}
trap back EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

for file in $files; do
    mkdir -p "$stage/new/$(dirname "$file")" "$stage/old/$(dirname "$file")" ||
        fail "cannot write below $prefix" "choose another directory: \`./install.sh --to DIR\`"
done
cp "$built" "$stage/new/bin/tenon"
chmod 755 "$stage/new/bin/tenon"
# The completions are made away from any host: they must not know the flags of one.
cd "$stage"
new=$stage/new/bin/tenon
"$new" completions bash >"$stage/new/share/bash-completion/completions/tenon"
"$new" completions zsh >"$stage/new/share/zsh/site-functions/_tenon"
"$new" completions fish >"$stage/new/share/fish/vendor_completions.d/tenon.fish"
"$new" man >"$stage/new/share/man/man1/tenon.1"
for file in $files; do
    [ -s "$stage/new/$file" ] || fail "$file was made empty"
done
cd "$source"

for file in $files; do
    mkdir -p "$prefix/$(dirname "$file")"
    if [ -e "$prefix/$file" ]; then
        [ -f "$prefix/$file" ] || fail "$prefix/$file is not a file" "move it away and run \`./install.sh\` again"
        cp -p "$prefix/$file" "$stage/old/$file"
    fi
    placed="$placed $file"
    mv -f "$stage/new/$file" "$prefix/$file"
done
placed=
rm -rf "$stage"
trap - EXIT INT TERM HUP

for file in $files; do
    say "installed $prefix/$file"
done
case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *)
        say ""
        say "$prefix/bin is not on PATH. To put it there, add this line to the file your shell reads at its start:"
        say "  export PATH=\"$prefix/bin:\$PATH\""
        ;;
esac
if [ "$try" = yes ]; then
    say ""
    "$prefix/bin/tenon" try
fi
