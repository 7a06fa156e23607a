#!/usr/bin/env bash
# Turns the archives of a release into everything else that it holds. The release workflow runs it, and packaging/test.sh with the
# archive of one target.
#
#   packaging/release.sh DIR
#
# DIR has tenon-VERSION-TARGET.tar.gz (.zip for Windows) of each target; beside them it makes the npm packages in DIR/npm, the
# wheels in DIR/pypi, the formula, the bill of materials, install.sh, and `version.txt` by which install.sh finds the newest.
# Packages carry the static programs of Linux; if there is none, as in a test, the one for glibc.
set -euo pipefail

packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(realpath "${1:?the directory with the archives}")
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$packaging/../Cargo.toml" | head -n 1)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

pairs=()
for archive in "$dir"/tenon-"$version"-*.tar.gz "$dir"/tenon-"$version"-*.zip; do
    [[ -e $archive ]] || continue
    target=${archive##*/tenon-"$version"-}
    target=${target%.tar.gz}
    target=${target%.zip}
    if [[ $target == *-linux-gnu && -e ${archive/linux-gnu/linux-musl} ]]; then
        continue
    fi
    mkdir "$scratch/$target"
    python3 -m zipfile -e "$archive" "$scratch/$target" 2>/dev/null || tar -xzf "$archive" -C "$scratch/$target"
    program=$scratch/$target/tenon
    [[ $target != *windows* ]] || program+=.exe
    pairs+=("$target=$program")
    python3 "$packaging/wheel.py" "$program" "$target" "$dir/pypi"
done
if ((${#pairs[@]} == 0)); then
    echo "error: there is no archive of $version in $dir" >&2
    exit 2
fi
python3 "$packaging/npm.py" "$dir/npm" "${pairs[@]}"
python3 "$packaging/formula.py" "$dir" >"$dir/tenon.rb"
python3 "$packaging/sbom.py" >"$dir/tenon-$version.cdx.json"
cp "$packaging/../install.sh" "$dir/install.sh"
echo "$version" >"$dir/version.txt"
