#!/usr/bin/env bash
# Makes every package of the program that is given and uses each as a stranger would: in an empty home, from a registry on this
# machine that has nothing else. What is not installed is skipped with a word; with CI=true it is a failure.
#
#   packaging/test.sh PROGRAM
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$(realpath "${1:?the program to package}")
target=$(uname -m)-unknown-linux-gnu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
out=$scratch/out

skip() {
    echo "skipped: $1"
    [[ ${CI:-} != true ]]
}

wrong() {
    echo "FAILED: $1" >&2
    exit 1
}

cd "$root"
python3 packaging/archive.py "$program" "$target" "$out"
packaging/release.sh "$out"
python3 packaging/changelog.py Unreleased >/dev/null
! python3 packaging/changelog.py 999.0.0 2>/dev/null || wrong "a release that CHANGELOG.md does not know has a text"

mv "$out"/npm/*.tgz "$out"/pypi/*.whl "$out"
grep -q "sha256 \"$(cut -d ' ' -f 1 "$out"/tenon-*.tar.gz.sha256)\"" "$out/tenon.rb" ||
    wrong "the formula has not the digest of the archive"

# The same again gives the same bytes; what is in the program does not matter for that.
echo small >"$scratch/small"
for again in one two; do
    python3 packaging/archive.py "$scratch/small" "$target" "$scratch/$again" >/dev/null
    python3 packaging/npm.py "$scratch/$again" "$target=$scratch/small" >/dev/null
    python3 packaging/wheel.py "$scratch/small" "$target" "$scratch/$again" >/dev/null
done
diff -r "$scratch/one" "$scratch/two" || wrong "what is made again is not the same"

(cd "$out" && sha256sum --check --quiet ./*.sha256)
tar -tzf "$out"/tenon-*"$target.tar.gz" >"$scratch/listed"
grep -qx tenon "$scratch/listed" || wrong "the archive has no program"
python3 - "$out"/tenon-*.cdx.json <<'CHECK'
import json, sys
bill = json.load(open(sys.argv[1]))
names = {component["name"] for component in bill["components"]}
assert {"clap", "handlebars", "tree-sitter"} <= names, names
assert "proptest" not in names, "what only tests use is no part of the program"
CHECK
if command -v ruby >/dev/null; then
    ruby -c "$out/tenon.rb" >/dev/null || wrong "the formula is no Ruby"
fi

# What a stranger does with the command that runs tenon and a pack: a host, an integration, the check, a wrong command.
cat >"$scratch/story.sh" <<STORY
version='$("$program" --version)'
packages=$out
STORY
cat >>"$scratch/story.sh" <<'STORY'
wrong() {
    echo "FAILED: $1" >&2
    exit 1
}

story() {
    local tenon=$1 begun=$SECONDS status=0
    [[ $($tenon --version) == "$version" ]] || wrong "\`$tenon --version\` is not $version"
    $tenon new host shop --pack "$2" --quiet >/dev/null
    cd shop
    # Its integrations live in an application of the host.
    [[ $2 != djblets ]] || $tenon new support integrations --quiet >/dev/null
    # shellcheck disable=SC2086
    $tenon new-integration acme $3 --quiet >/dev/null
    $tenon validate-structure --quiet || wrong "what \`$tenon\` made is not in order"
    $tenon nonsense >/dev/null 2>&1 || status=$?
    [[ $status == 2 ]] || wrong "\`$tenon nonsense\` ends with $status"
    echo "${tenon}: a host and an integration in $((SECONDS - begun)) s"
}
STORY

# Runs "$1" in an empty home, with nothing of this machine's settings; what is fetched comes from the packages made here.
stranger() {
    local home begun=$SECONDS
    home=$(mktemp -d -p "$scratch")
    mkdir "$home/work"
    (cd "$home/work" && env -i HOME="$home" PATH="$PATH" LC_ALL=C.UTF-8 \
        python3 "$root/packaging/registry.py" "$out" bash -euo pipefail -c "source '$scratch/story.sh'; $1")
    echo "    $((SECONDS - begun)) s with the installation"
}

if command -v npm >/dev/null; then
    # In a host that has it as a dependency, and in one that has nothing.
    stranger 'npm init --yes >/dev/null; npm install --save-dev --no-audit --no-fund --loglevel error tenon-cli; story "npx --no-install tenon" o2s "--modules tickets --activate tickets"'
    # shellcheck disable=SC2016
    stranger '[[ $(npx --yes --package tenon-cli tenon --version) == "$version" ]] || wrong "npx finds another one"'
    # shellcheck disable=SC2016
    stranger 'npm init --yes >/dev/null; npm install --omit=optional --no-audit --no-fund --loglevel error tenon-cli
        status=0; npx --no-install tenon --version 2>err || status=$?
        [[ $status == 2 ]] && grep -q "is not installed" err || wrong "a missing program is not said"'
else
    skip "npm is not installed"
fi
# shellcheck disable=SC2016
stranger 'python3 -m venv env; env/bin/pip install --quiet --disable-pip-version-check tenon-cli; story "$PWD/env/bin/tenon" djblets "--fields endpoint_url:URLField"'
if command -v uvx >/dev/null; then
    stranger 'story "uvx --quiet --from tenon-cli tenon" djblets "--fields endpoint_url:URLField"'
else
    skip "uvx is not installed"
fi
if command -v pipx >/dev/null; then
    stranger 'story "pipx run --quiet --spec tenon-cli tenon" djblets "--fields endpoint_url:URLField"'
else
    skip "pipx is not installed"
fi
if command -v pre-commit >/dev/null; then
    # pre-commit wants setuptools as well, which is not among the packages made here.
    # shellcheck disable=SC2016
    stranger 'version=${version#tenon }; unset PIP_INDEX_URL; export PIP_FIND_LINKS=$packages GIT_AUTHOR_EMAIL=s@example.com GIT_COMMITTER_NAME=s GIT_COMMITTER_EMAIL=s@example.com
        git init --quiet; echo "pack = \"djblets\"" >tenon.toml
        printf "%s\n" "repos:" "  - repo: local" "    hooks:" "      - id: tenon" "        name: tenon" "        entry: tenon explain missing-part" \
            "        language: python" "        additional_dependencies: [tenon-cli==$version]" "        pass_filenames: false" "        always_run: true" >.pre-commit-config.yaml
        git add .; pre-commit run --verbose tenon >out; grep -q missing-part out || wrong "pre-commit does not install the wheel"
        echo "pre-commit: installs the wheel"'
else
    skip "pre-commit is not installed"
fi
echo "the packages work"
