#!/usr/bin/env bash
# Gets tenon for a run of action.yml with install.sh: the release's program if there is one for this machine, else built
# from source.
#
#   TENON_VERSION  the release, such as 0.1.0; empty: the one of this checkout
#
# Writes `tenon=PATH` to $GITHUB_OUTPUT.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
version=${TENON_VERSION:-$own}
version=${version#v}
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
    echo "::error::\`version\` is not a release of tenon: write it like 0.1.0"
    exit 2
fi

prefix=${RUNNER_TEMP:?}/tenon-$version
status=0
"$source/install.sh" --version "$version" --to "$prefix" --yes || status=$?
if [[ $status == 4 && $version != "$own" ]]; then
    # Its sources are not here, but where they were tagged.
    url=$(sed -n 's/^repository = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
    status=0
    cargo install --locked --root "$prefix" --git "$url" --tag "v$version" tenon || status=$?
fi
if [[ $status != 0 ]]; then
    echo "::error::tenon $version could not be installed"
    exit 2
fi
"$prefix/bin/tenon" --version
echo "tenon=$prefix/bin/tenon" >>"${GITHUB_OUTPUT:?}"
