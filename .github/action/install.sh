#!/usr/bin/env bash
# Gets tenon for a run of action.yml: the release's program if there is one for this machine, else built from source.
#
#   TENON_VERSION  the release, such as 0.1.0; empty: the one of this checkout
#
# Writes `tenon=PATH` to $GITHUB_OUTPUT.
#
# A release has `tenon-VERSION-TARGET.tar.gz` with `tenon` in it, and beside it the same name with `.sha256`, as
# `sha256sum` prints it.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
version=${TENON_VERSION:-$own}
version=${version#v}
url=$(sed -n 's/^repository = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
    echo "::error::\`version\` is not a release of tenon: write it like 0.1.0"
    exit 2
fi

case $(uname -s)-$(uname -m) in
    Linux-x86_64) target=x86_64-unknown-linux-gnu ;;
    Linux-aarch64) target=aarch64-unknown-linux-gnu ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    *) target= ;;
esac

prefix=${RUNNER_TEMP:?}/tenon-$version
mkdir -p "$prefix/bin"

# The release's program, if its digest is right; 1 if there is none.
release() {
    [[ -n $target ]] || return 1
    local name=tenon-$version-$target.tar.gz
    local from=$url/releases/download/v$version/$name
    (
        cd "$prefix"
        curl --fail --silent --show-error --location --retry 3 --output "$name" "$from" 2>/dev/null || exit 1
        curl --fail --silent --show-error --location --retry 3 --output "$name.sha256" "$from.sha256"
        if command -v sha256sum >/dev/null; then
            sha256sum --check --quiet "$name.sha256"
        else
            shasum --algorithm 256 --check --quiet "$name.sha256"
        fi || {
            echo "::error::the release's file $name does not have the digest that is published with it"
            exit 3
        }
        tar -xzf "$name" -C bin tenon
    )
}

status=0
release || status=$?
if [[ $status == 3 ]]; then
    exit 2
elif [[ $status != 0 ]]; then
    echo "There is no program of release $version for this machine: it is built from source, which takes some minutes."
    if [[ $version == "$own" ]]; then
        "$source/install.sh" --yes --to "$prefix"
    else
        cargo install --locked --root "$prefix" --git "$url" --tag "v$version" tenon
    fi
fi
"$prefix/bin/tenon" --version
echo "tenon=$prefix/bin/tenon" >>"${GITHUB_OUTPUT:?}"
