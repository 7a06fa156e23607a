#!/usr/bin/env bash
# `tenon validate-structure` on hosts of 10, 1,000 and 10,000 integrations, beside what merely listing and reading the
# same files takes, what git takes to look whether any of them changed, and beside a general structural search.
#
#   benches/scale/run.sh                 hosts of all three sizes, made in a temporary directory; tables on standard output
#   benches/scale/run.sh 1000            one size
#   DIR=path benches/scale/run.sh        make the hosts there and leave them
#   AST_GREP=file benches/scale/run.sh   with `ast-grep run` of one pattern, by this binary
#   ROUNDS=n, TENON=file                 as for benches/peers
#
# Cold means without what tenon remembers of the host; the files themselves are in the page cache for every row.
set -euo pipefail
rounds="${ROUNDS:-5}"
export ROUNDS="$rounds"
# shellcheck source=../peers/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../peers/common.sh"
scale="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
command -v git >/dev/null || die "git is needed: what is remembered is compared with its index"
command -v rg >/dev/null || die "ripgrep is needed: the floor is what it takes to list and to read the files"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
hosts="$(realpath -m "${DIR:-$work/hosts}")"
export XDG_CACHE_HOME="$work/cache"

sizes=("$@")
((${#sizes[@]})) || sizes=(10 1000 10000)
for size in "${sizes[@]}"; do
    host="$hosts/$size"
    [[ -d $host ]] || python3 "$scale/make.py" "$tenon" "$host" "$size" >&2
    files="$(rg --files --hidden --no-ignore "$host" | wc -l)"
    echo
    echo "## $size integrations, $files files"
    echo
    rows=()
    # row NAME TITLE COMMAND…
    row() {
        local dir="$work/$size-$1"
        arguments "${@:3}" | describe "$dir" "$2" "$host"
        rows+=("$dir")
    }
    # shellcheck disable=SC2016
    row list '`rg --files`: lists the files' rg --files --hidden --no-ignore
    # shellcheck disable=SC2016
    row read '`rg --count`: reads them' sh -c 'rg --hidden --no-ignore --count no_such_text_anywhere || true'
    # An index of its own, so that nothing of it stands in the host.
    own_git=(env "GIT_DIR=$work/$size.git" "GIT_WORK_TREE=$host" git)
    "${own_git[@]}" init --quiet
    (cd "$host" && "${own_git[@]}" add --all && sleep 2 && "${own_git[@]}" update-index -q --refresh)
    # shellcheck disable=SC2016
    row look '`git diff-files`: looks whether one of them changed' "${own_git[@]}" diff-files --quiet
    if [[ -n ${AST_GREP:-} ]]; then
        # shellcheck disable=SC2016
        row sg "\`ast-grep run\` with one pattern ($("$AST_GREP" --version | tail -n 1))" \
            sh -c "'$AST_GREP' run --lang ts --pattern \"export * as \\\$A from '\\\$B'\" >/dev/null"
    fi
    row cold "\`tenon check --no-cache\`" "$tenon" check --no-cache
    row warm "\`tenon check\`, nothing changed" "$tenon" check
    # What is remembered is trusted only if the files are some seconds older.
    (cd "$host" && sleep 3 && "$tenon" check --quiet >/dev/null)
    measure "${rows[@]}"
done
