#!/bin/sh
# Tests install.sh in an empty home, under each of the shells that people have as /bin/sh. Builds the program; with
# TENON_BUILT=PROGRAM only what takes a release is tested, with that program in it.
# A shell that is not installed is skipped with a word; with CI=true it is a failure.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cargo=$(command -v cargo || echo /nowhere/cargo)
# The empty home must not make cargo fetch everything again.
real_cargo_home=${CARGO_HOME:-$HOME/.cargo}
real_rustup_home=${RUSTUP_HOME:-$HOME/.rustup}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# What is built here is not what is released: how well it is optimised is no matter of install.sh, and takes minutes.
target=${CARGO_TARGET_DIR:-$root/target}/install
count=0

wrong() {
    echo "FAILED: $shell: $1" >&2
    sed 's/^/    /' "$scratch/out" >&2
    exit 1
}

# Runs install.sh with the arguments under $shell, with nothing in the environment but what is named; the
# output is in $scratch/out, the exit code in $code.
run() {
    code=0
    # shellcheck disable=SC2086 # a shell with its applet is two words
    env -i HOME="$home" PATH="$path" CARGO_TARGET_DIR="$target" LC_ALL=C.UTF-8 SHELL="${login_shell:-/bin/sh}" \
        CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_HOME="$cargo_home" RUSTUP_HOME="$real_rustup_home" TENON_RELEASES="$releases" \
        $shell "$script" "$@" >"$scratch/out" 2>&1 </dev/null || code=$?
    count=$((count + 1))
}

expect() {
    [ "$code" -eq "$1" ] || wrong "exit $code, not $1"
    shift
    for text in "$@"; do
        grep -qF -- "$text" "$scratch/out" || wrong "the output lacks: $text"
    done
}

# All files below the directory "$1" but the secret of the user.
files_below() {
    (cd "$1" && find . -type f ! -path '*/state/tenon/key' | LC_ALL=C sort)
}

installed='./bin/tenon
./share/bash-completion/completions/tenon
./share/fish/vendor_completions.d/tenon.fish
./share/man/man1/tenon.1
./share/zsh/site-functions/_tenon'

# A directory of releases with the program "$1": version 9.9.9, and 9.9.8 whose digest is wrong.
make_releases() {
    releases=file://$scratch/releases
    [ ! -e "$scratch/releases" ] || return 0
    mkdir -p "$scratch/releases/latest/download"
    tar -czf "$scratch/archive.tar.gz" -C "$(dirname "$1")" "$(basename "$1")"
    echo 9.9.9 >"$scratch/releases/latest/download/version.txt"
    for version in 9.9.9 9.9.8; do
        dir=$scratch/releases/download/v$version
        mkdir -p "$dir"
        for platform in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-apple-darwin aarch64-apple-darwin; do
            name=tenon-$version-$platform.tar.gz
            ln "$scratch/archive.tar.gz" "$dir/$name"
            (cd "$dir" && if command -v sha256sum; then sha256sum "$name"; else shasum -a 256 "$name"; fi) |
                tail -n 1 >"$dir/$name.sha256"
        done
    done
    for file in "$scratch"/releases/download/v9.9.8/*.sha256; do
        sed 's/^......../00000000/' "$file" >"$file.new"
        mv "$file.new" "$file"
    done
}

# install.sh by itself, as it is when it was fetched, in a place where there is no cargo.
test_release() {
    shell=$1
    home="$scratch/release of $count"
    mkdir "$home"
    path=/usr/bin:/bin
    cargo_home=$home/.cargo
    script=$scratch/alone/install.sh
    mkdir -p "$scratch/alone"
    cp "$root/install.sh" "$script"

    run --from-source
    expect 2 'install.sh is not in a checkout'
    run --version ../../x
    expect 2 'is not a release of tenon'
    run --version 9.9.7
    expect 4 'there is no release 9.9.7 for this machine'
    run --version 9.9.8
    expect 2 'does not have the digest that is published with it'
    [ -z "$(files_below "$home")" ] || wrong 'something was written'

    run --try
    expect 0 'taking release 9.9.9' "installed $home/.local/bin/tenon" 'The host is deleted.'
    [ "$(files_below "$home/.local")" = "$installed" ] || wrong 'other files than those five'
    run --version v9.9.9 --to "$home/else where"
    expect 0 "installed $home/else where/bin/tenon"
    # Read from a pipe, as `curl … | sh` has it.
    # shellcheck disable=SC2086
    (cd "$home" && env -i HOME="$home" PATH="$path" TENON_RELEASES="$releases" $shell -s -- --to "$home/piped" \
        <"$script" >"$scratch/out" 2>&1) || wrong 'it does not run from a pipe'
    [ "$(files_below "$home/piped")" = "$installed" ] || wrong 'other files than those five'
    run --uninstall
    [ -z "$(files_below "$home/.local")" ] || wrong 'files stay after --uninstall'
    # Nothing that computes a digest: it is not taken unchecked.
    few=$scratch/unchecked
    rm -rf "$few"
    mkdir "$few"
    for tool in sh env cat dirname grep sed mkdir rmdir rm mv cp chmod mktemp head cut tar gzip uname getconf git; do
        from=$(command -v "$tool") && ln -s "$from" "$few/$tool"
    done
    path=$few
    shell_path=$(command -v "${shell%% *}")
    shell="$shell_path${shell#"${shell%% *}"}"
    case $1 in
        # busybox finds its own applets.
        busybox*) ;;
        *)
            run --to "$home/unchecked"
            expect 2 'there is no program that computes a SHA-256'
            [ ! -e "$home/unchecked" ] || wrong 'something was installed unchecked'
            ;;
    esac
    echo "install.sh takes releases under $1"
}

test_shell() {
    shell=$1
    home="$scratch/home of $count"
    mkdir "$home"
    path=$(dirname "$cargo"):/usr/bin:/bin
    cargo_home=$real_cargo_home
    script=$root/install.sh

    run --help
    expect 0 'Usage: ./install.sh' '--uninstall'
    run --nonsense
    expect 2 "error: \`--nonsense\` is not an option"
    run --to
    expect 2 "error: \`--to\` needs a directory"
    [ -z "$(files_below "$home")" ] || wrong 'something was written'

    run --try
    expect 0 "installed $home/.local/bin/tenon" "$home/.local/bin is not on PATH" "\$ tenon new-integration" \
        'The host is deleted.'
    [ "$(files_below "$home/.local")" = "$installed" ] || wrong 'other files than those five'
    "$home/.local/bin/tenon" --version >/dev/null || wrong 'the program does not run'
    head -1 "$home/.local/share/zsh/site-functions/_tenon" | grep -q '#compdef tenon' || wrong 'no zsh completion'
    bash -n "$home/.local/share/bash-completion/completions/tenon" || wrong 'the bash completion does not parse'
    grep -q '^\.TH tenon 1' "$home/.local/share/man/man1/tenon.1" || wrong 'no manual page'

    # A release that is not there is built, if it is the checkout's own; another one is not.
    releases=file://$scratch/nowhere
    run --version "$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)"
    expect 0 'it is built from source' "installed $home/.local/bin/tenon"
    run --version 9.9.9
    expect 4 'there is no release 9.9.9 for this machine'

    # Again, over what is there, and with the directory on PATH, for somebody whose shell is zsh.
    path=$home/.local/bin:$path
    ! grep -q fpath "$scratch/out" || wrong 'it speaks of fpath to those who have no zsh'
    login_shell=/usr/bin/zsh
    run
    login_shell=
    expect 0 "installed $home/.local/bin/tenon" "fpath=(\"$home/.local/share/zsh/site-functions\" \$fpath)"
    ! grep -q 'is not on PATH' "$scratch/out" || wrong 'it says that the directory is not on PATH'
    [ "$(files_below "$home/.local")" = "$installed" ] || wrong 'other files than those five'

    # The cache goes too, and nothing that is not tenon's.
    mkdir -p "$home/.cache/tenon/packs/x" "$home/.cache/else"
    echo x >"$home/.cache/tenon/packs/x/HEAD"
    echo x >"$home/.cache/tenon/0123.check"
    run --uninstall
    expect 0 "removed $home/.local/bin/tenon" "removed $home/.local/state/tenon/key" "removed $home/.cache/tenon"
    [ ! -e "$home/.cache/tenon" ] || wrong 'the cache stays after --uninstall'
    [ -d "$home/.cache/else" ] || wrong "somebody else's cache is gone"
    [ ! -e "$home/.local/state" ] || wrong 'the secret stays after --uninstall'
    [ -z "$(files_below "$home")" ] || wrong 'files stay after --uninstall'
    [ ! -e "$home/.local/share" ] || wrong 'directories stay after --uninstall'
    run --uninstall
    expect 0 'nothing to remove'

    run --to "$home/else where"
    expect 0 "installed $home/else where/bin/tenon"
    [ "$(files_below "$home/else where")" = "$installed" ] || wrong 'other files than those five'
    # Somebody else's files stay.
    echo mine >"$home/else where/bin/mine"
    run --uninstall --to "$home/else where"
    [ "$(files_below "$home/else where")" = ./bin/mine ] || wrong 'it removed what is not its own'

    # A place that cannot be filled: all is as before.
    half="$home/half"
    mkdir -p "$half/bin/tenon" "$half/share/man/man1"
    echo old >"$half/share/man/man1/tenon.1"
    run --to "$half"
    expect 2 "$half/bin/tenon is not a file" 'nothing was installed'
    [ "$(files_below "$half")" = ./share/man/man1/tenon.1 ] || wrong 'half of it was installed'
    [ "$(cat "$half/share/man/man1/tenon.1")" = old ] || wrong 'an older file was not put back'
    : >"$home/file"
    run --to "$home/file/x"
    expect 2 'cannot make'

    # No cargo: it says how to get it, and asks nobody where nobody is.
    few=$scratch/few
    rm -rf "$few"
    mkdir "$few"
    for tool in sh env cat dirname grep sed mkdir rmdir rm mv cp chmod mktemp cc curl; do
        from=$(command -v "$tool") && ln -s "$from" "$few/$tool"
    done
    path=$few
    cargo_home=$home/.cargo
    shell_path=$(command -v "${shell%% *}")
    shell="$shell_path${shell#"${shell%% *}"}"
    run
    expect 2 'error: cargo is missing' 'sh.rustup.rs' "./install.sh --yes"
    [ -z "$(files_below "$home/.local")" ] || wrong 'something was installed without cargo'
    # With --yes it fetches rustup: here a stand-in that puts the real cargo in its place.
    rm "$few/curl"
    cat >"$few/curl" <<STANDIN
#!/bin/sh
echo 'mkdir -p "\$CARGO_HOME/bin" && printf "#!/bin/sh\nexport CARGO_HOME=$real_cargo_home PATH=$(dirname "$cargo"):/usr/bin:/bin\nexec $cargo \"\\\$@\"\n" > "\$CARGO_HOME/bin/cargo" && chmod +x "\$CARGO_HOME/bin/cargo"'
STANDIN
    chmod +x "$few/curl"
    run --yes
    expect 0 "installed $home/.local/bin/tenon"

    # No C compiler, an old cargo.
    rm "$few/cc"
    run
    expect 2 'there is no C compiler'
    printf '#!/bin/sh\necho "cargo 1.63.0 (fd9c4297c 2022-07-01)"\n' >"$few/cargo"
    chmod +x "$few/cargo"
    run
    expect 2 'or newer, and this is cargo 1.63.0'
    echo "install.sh works under $1"
}

built=${TENON_BUILT:-}
releases=file://$scratch/nowhere
for shell in dash 'busybox ash' 'bash --posix'; do
    if command -v "${shell%% *}" >/dev/null; then
        if [ -z "$built" ]; then
            test_shell "$shell"
        fi
        make_releases "${built:-$target/release/tenon}"
        test_release "$shell"
        releases=file://$scratch/nowhere
    else
        echo "skipped: ${shell%% *} is not installed"
        [ "${CI:-}" != true ] || exit 1
    fi
done
echo "$count runs of install.sh"
