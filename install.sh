#!/bin/sh
# Installs tenon for one user: the program of a release, or one that is built from this checkout. It may be run from a checkout
# or by itself (`curl … | sh`). Run with --help for what it takes.
set -eu

rustup_command="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"

# Where releases are: `download/vVERSION/tenon-VERSION-TARGET.tar.gz` and, with `.sha256` behind it, its digest as
# `sha256sum` prints it; `latest/download/version.txt` names the newest. A mirror or a directory (file://) may stand in.
releases=${TENON_RELEASES:-https://github.com/tenon-rs/tenon/releases}

usage() {
    cat <<'USAGE'
Usage: ./install.sh [--version VERSION | --from-source] [--to DIR] [--try] [--yes]
       ./install.sh [--to DIR] --uninstall

Installs tenon, below DIR (default: ~/.local):

  bin/tenon
  share/bash-completion/completions/tenon
  share/zsh/site-functions/_tenon
  share/fish/vendor_completions.d/tenon.fish
  share/man/man1/tenon.1

The program comes from a release if this script is used without a checkout, if the checkout
is that of a release, or with --version; its digest is compared. Otherwise, or if the release
has no program for this machine, it is built from the checkout with cargo.

  --version VERSION  take this release, such as 0.1.0, or `latest`
  --from-source      build, even if there is a release
  --to DIR           install below DIR
  --try              run `tenon try` afterwards: what a pack does, on a temporary host
  --yes, -y          if cargo is needed and missing, install Rust with rustup without asking
  --uninstall        remove these five files, and the directories that are empty then; without
                     --to also the cache, and the secret by which tenon knows its own history
  --help, -h         print this

It needs no root. A release needs curl or wget; building needs a C compiler and Rust, and
if Rust is missing the script says how to get it, and asks. Releases are taken from
TENON_RELEASES, if that is set: a URL, also of a directory (file:///…).

Exit codes: 0 done, 2 it could not be done, 4 there is no such release for this machine.
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
release=
from_source=no
while [ $# -gt 0 ]; do
    case $1 in
        --to)
            [ $# -ge 2 ] || fail "\`--to\` needs a directory"
            prefix=$2
            shift
            ;;
        --to=*) prefix=${1#--to=} ;;
        --version)
            [ $# -ge 2 ] || fail "\`--version\` needs a release, such as 0.1.0"
            release=${2#v}
            shift
            ;;
        --version=*)
            release=${1#--version=}
            release=${release#v}
            ;;
        --from-source) from_source=yes ;;
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
elsewhere=yes
if [ -z "$prefix" ]; then
    elsewhere=no
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
    # The secret is the user's, not the installation's: another one may need it.
    state=${XDG_STATE_HOME:-${HOME:-}/.local/state}
    if [ "$elsewhere" = no ] && [ -d "$state/tenon" ]; then
        for file in "$state"/tenon/key "$state"/tenon/key-*; do
            [ ! -f "$file" ] || { rm "$file" && say "removed $file" && removed=yes; }
        done
        rmdir "$state/tenon" "$state" 2>/dev/null || true
    fi
    cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/tenon
    if [ "$elsewhere" = no ] && [ -d "$cache" ]; then
        # What tenon puts there, and nothing else.
        rm -rf "$cache/packs"
        rm -f "$cache"/*.check
        rmdir "$cache" 2>/dev/null || true
        say "removed $cache"
        removed=yes
    fi
    [ "$removed" = yes ] || say "nothing to remove below $prefix"
    exit 0
fi

# The checkout that contains this script, if there is one. A script that is read from a pipe has none.
source=
if [ -f "$0" ]; then
    source=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    grep -q '^name = "tenon-cli"' "$source/Cargo.toml" 2>/dev/null || source=
fi
own=
[ -z "$source" ] || own=$(sed -n '/^version = /{s/^version = "\(.*\)"$/\1/p;q;}' "$source/Cargo.toml")
if [ -n "$release" ] && [ "$from_source" = yes ]; then
    fail "\`--version\` and \`--from-source\` exclude each other"
elif [ "$from_source" = yes ]; then
    [ -n "$source" ] || fail "install.sh is not in a checkout of tenon" "clone the repository and run \`./install.sh\` in it"
elif [ -z "$release" ] && [ -z "$source" ]; then
    release=latest
elif [ -z "$release" ] && [ "$(cd "$source" && git describe --tags --exact-match 2>/dev/null)" = "v$own" ]; then
    release=$own
fi
case $release in
    '' | latest) ;;
    *[!0-9A-Za-z.+-]* | -* | .*) fail "\`$release\` is not a release of tenon" "write it like 0.1.0" ;;
esac

scratch=
# Removes what was fetched. The trap that puts an older installation back is set later and calls this too.
tidy() {
    [ -z "$scratch" ] || rm -rf "$scratch"
}
trap 'status=$?; tidy; exit $status' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Writes what is at "$1" to the file "$2"; fails without a word if there is nothing.
fetch() {
    case $1 in
        file://*) cp "${1#file://}" "$2" 2>/dev/null ;;
        *)
            if command -v curl >/dev/null 2>&1; then
                curl --fail --silent --location --retry 2 --output "$2" "$1"
            elif command -v wget >/dev/null 2>&1; then
                wget -q -O "$2" "$1"
            else
                fail "neither curl nor wget is there, so no release can be fetched" "install one of them"
            fi
            ;;
    esac
}

# The SHA-256 of the file "$1".
digest() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum "$1"
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256 "$1"
    elif command -v openssl >/dev/null 2>&1; then
        openssl dgst -sha256 -r "$1"
    else
        fail "there is no program that computes a SHA-256, so the release cannot be checked" \
            "install sha256sum, shasum or openssl"
    fi | cut -d ' ' -f 1
}

# The targets of releases that may run here, the better one first.
targets() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) cpu=x86_64 ;;
        Linux-aarch64 | Linux-arm64) cpu=aarch64 ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
    esac
    if [ -n "${cpu:-}" ]; then
        # The static one runs everywhere; the other one takes what the system brings.
        ! getconf GNU_LIBC_VERSION >/dev/null 2>&1 || echo "$cpu-unknown-linux-gnu"
        echo "$cpu-unknown-linux-musl"
    fi
}

# Sets `built` to the release's program for this machine; 1 if it has none.
take_release() {
    scratch=$(mktemp -d) || fail "no temporary directory can be made"
    if [ "$release" = latest ]; then
        fetch "$releases/latest/download/version.txt" "$scratch/version.txt" || return 1
        release=$(head -n 1 "$scratch/version.txt")
        case $release in
            '' | *[!0-9A-Za-z.+-]* | -* | .*) fail "$releases names no release" ;;
        esac
    fi
    for target in $(targets); do
        name=tenon-$release-$target.tar.gz
        url=$releases/download/v$release/$name
        fetch "$url" "$scratch/$name" || continue
        fetch "$url.sha256" "$scratch/$name.sha256" || fail "the release has no digest of $name"
        wanted=$(cut -d ' ' -f 1 <"$scratch/$name.sha256")
        found=$(digest "$scratch/$name")
        [ -n "$found" ] || exit 2
        [ "$found" = "$wanted" ] ||
            fail "$name does not have the digest that is published with it" "it is $found; $wanted is expected"
        mkdir -p "$scratch/$target"
        tar -xzf "$scratch/$name" -C "$scratch/$target" tenon || fail "$name cannot be unpacked"
        built=$scratch/$target/tenon
        if "$built" --version >/dev/null 2>&1; then
            say "taking release $release for $target"
            return 0
        fi
        say "$name does not run here"
    done
    return 1
}

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

# Sets `built` to a program that is built from the checkout.
build() {
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
}

built=
if [ -n "$release" ] && take_release; then
    :
elif [ -n "$release" ] && [ "$release" != "$own" ]; then
    say "error: there is no release $release for this machine at $releases"
    say "help: name another one with \`--version\`, or clone the repository and run \`./install.sh\` in it"
    # Told apart from other errors: who has the sources may build them.
    exit 4
else
    [ -z "$release" ] || say "there is no release $release for this machine: it is built from source"
    build
fi

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
    tidy
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
cd "$prefix"

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
tidy
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
case ${SHELL:-} in
    */zsh)
        say ""
        say "zsh finds the completions if their directory is on its fpath. Add this line to ~/.zshrc, above \`compinit\`:"
        say "  fpath=(\"$prefix/share/zsh/site-functions\" \$fpath)"
        ;;
esac
if [ "$try" = yes ]; then
    say ""
    "$prefix/bin/tenon" try
fi
