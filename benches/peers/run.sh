#!/usr/bin/env bash
# One skeleton, made by tenon and by the generators that people use: the same 20 files and, where the tool can do it,
# the same two edits of files that exist. Checks that all write the same bytes, then times the whole process of each.
#
#   benches/peers/run.sh             21 runs each (ROUNDS=n for others), table on standard output
#   PEERS=DIR benches/peers/run.sh   install the tools below DIR and find them there next time
#   TENON=FILE benches/peers/run.sh  another binary than target/release/tenon
#
# Needs node with npm, and python3 with venv. A tool that cannot be installed is named below the table.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
installed="${PEERS:-$work/tools}"
mkdir -p "$installed" "$work/home"
installed="$(realpath "$installed")"
npm="$installed/npm/node_modules"
venv="$installed/venv"
skeleton="$peers/pack/files/integration"
rows=()
notes=()

# ------------------------------------------------------------------------------------------------- the tools

# install TOOL COMMAND…: runs the command unless the tool is there; a failure is noted.
install() {
    local tool="$1"
    shift
    if ! "$@" >"$work/install.log" 2>&1; then
        notes+=("$tool is not in the table: \`$*\` failed: $(grep -v '^$' "$work/install.log" | tail -n 1)")
        return 1
    fi
}

npm_package() {
    [[ -e $npm/$1 ]] || npm install --no-audit --no-fund --ignore-scripts --prefix "$installed/npm" "$1@$2"
}

python_package() {
    [[ -e $venv/bin/python3 ]] || python3 -m venv "$venv"
    [[ -e $venv/bin/$1 ]] || "$venv/bin/pip" install --quiet "$1$2"
}

# ------------------------------------------------------------------------------------------------- the host

# What the integration is added to.
make_host() {
    local dir="$1"
    mkdir -p "$dir/packages/configs/src" "$dir/packages/integrations"
    cat >"$dir/package.json" <<'END'
{
    "name": "bench",
    "private": true,
    "workspaces": ["packages/configs", "packages/integrations/*"]
}
END
    cat >"$dir/packages/configs/package.json" <<'END'
{
    "name": "@bench/configs",
    "version": "0.0.1",
    "dependencies": {
        "@bench/integrations.mocked": "*",
        "@bench/integrations.redis": "*"
    }
}
END
    cat >"$dir/packages/configs/src/index.ts" <<'END'
// The integrations of this host.
export * as Mocked from '@bench/integrations.mocked';
export * as Redis from '@bench/integrations.redis';
END
}

# What stands in the two files that exist: the entry, and the line after which a tool without a parser puts it.
dependency='"@bench/integrations.{{name}}": "*",'
dependency_after='"dependencies": {'
export="export * as {{pascal name}} from '@bench/integrations.{{name}}';"
export_after='// The integrations of this host.'

# ------------------------------------------------------------------------------------------------- translation

# translate PLAIN PASCAL: standard input in another template language; $ stands for the variable.
translate() {
    sed -e "s/{{pascal \([a-z]*\)}}/${2//\$/\\1}/g" -e "s/{{\([a-z]*\)}}/${1//\$/\\1}/g"
}

# The same for a path, which also loses what the pack's format adds.
translate_path() {
    sed -e 's/\.hbs$//' -e 's,\(^\|/\)dot-,\1.,' | translate "$1" "$1"
}

# fill_in: standard input as it must come out.
fill_in() {
    sed -e 's/{{pascal name}}/Acme/g; s/{{pascal first}}/Tickets/g; s/{{pascal second}}/Users/g' \
        -e 's/{{name}}/acme/g; s/{{first}}/tickets/g; s/{{second}}/users/g'
}

# templates TARGET PLAIN PASCAL PATH_PLAIN SUFFIX: the skeleton in another template language.
templates() {
    local from to
    while IFS= read -r from; do
        to="$1/$(translate_path "$4" <<<"$from")$5"
        mkdir -p "$(dirname "$to")"
        translate "$2" "$3" <"$skeleton/$from" >"$to"
    done < <(cd "$skeleton" && find . -type f | sed 's,^\./,,' | sort)
}

make_expected() {
    local from to
    make_host "$work/bare"
    cp -a "$work/bare" "$work/files"
    while IFS= read -r from; do
        to="$work/files/packages/integrations/acme/$(sed -e 's/\.hbs$//' -e 's,\(^\|/\)dot-,\1.,' <<<"$from" | fill_in)"
        mkdir -p "$(dirname "$to")"
        fill_in <"$skeleton/$from" >"$to"
    done < <(cd "$skeleton" && find . -type f | sed 's,^\./,,' | sort)
    cp -a "$work/files" "$work/wired"
    (
        cd "$work/wired/packages/configs"
        sed -i "/\"dependencies\": {/a\\        $(fill_in <<<"$dependency")" package.json
        sed -i "1a$(fill_in <<<"$export")" src/index.ts
    )
    [[ $(find "$work/files/packages/integrations/acme" -type f | wc -l) == 20 ]] || die "the skeleton has not 20 files"
}

# row TOOL TITLE EXPECTED COMMAND…: runs the tool once on a fresh host, compares, and makes it a row of the table.
# EXPECTED is `wired` (files and edits) or `files`.
row() {
    local tool="$1" title="$2" expected="$3"
    local dir="$work/rows/$tool" host="$work/hosts/$tool"
    shift 3
    mkdir -p "$work/hosts"
    cp -a "$work/bare" "$host"
    arguments "$@" | describe "$dir" "$title" "$host"
    arguments sh -c "rm -rf '$host' && cp -a '$work/bare' '$host'" >"$dir/fresh"
    (cd "$host" && HOME="$work/home" "$@" </dev/null >"$work/log" 2>&1) || die "$tool: $(cat "$work/log")"
    # What a tool keeps for itself is no part of the skeleton.
    diff -r --exclude=tenon.lock --exclude=.tenon --exclude=.moon "$work/$expected" "$host" >"$work/diff" ||
        die "$tool writes something else:"$'\n'"$(cat "$work/diff")"$'\n'"$(cat "$work/log")"
    rows+=("$dir")
    say "$title: writes what it should"
}

# ------------------------------------------------------------------------------------------------- one by one

add_nothing() {
    mkdir -p "$work/hosts"
    arguments true | describe "$work/rows/true" "nothing (\`true\`): what the driver adds" "$work"
    rows+=("$work/rows/true")
}

add_tenon() {
    row tenon "$("$tenon" --version), 20 files and 2 edits" wired \
        "$tenon" new-integration acme --pack "$peers/pack" --first tickets --second users --yes --quiet
}

add_plop() {
    install plop npm_package plop 4 || return 0
    local dir="$work/plop"
    mkdir -p "$dir"
    # shellcheck disable=SC2016 # `$` stands for the variable
    templates "$dir/files" '{{$}}' '{{pascalCase $}}' '{{$}}' .hbs
    cat >"$dir/plopfile.mjs" <<END
const input = (name) => ({ type: 'input', name, message: name });

export default function (plop) {
    plop.setGenerator('integration', {
        prompts: [input('name'), input('first'), input('second')],
        actions: [
            {
                type: 'addMany',
                base: 'files',
                templateFiles: 'files/**',
                destination: 'packages/integrations/{{name}}',
                globOptions: { dot: true },
            },
            {
                type: 'append',
                path: 'packages/configs/package.json',
                pattern: '$dependency_after',
                template: '        $dependency',
            },
            {
                type: 'append',
                path: 'packages/configs/src/index.ts',
                pattern: '$export_after',
                template: "$(translate '{{$}}' '{{pascalCase $}}' <<<"$export")",
            },
        ],
    });
}
END
    row plop "plop $("$npm/.bin/plop" --version), 20 files and 2 edits" wired \
        "$npm/.bin/plop" --plopfile "$dir/plopfile.mjs" --dest "$work/hosts/plop" --no-progress integration acme tickets users
}

add_hygen() {
    install hygen npm_package hygen 6 || return 0
    local dir="$work/hygen/integration/new" at=0 file version plain='<%- $ %>' pascal='<%- h.changeCase.pascal($) %>'
    mkdir -p "$dir"
    templates "$work/hygen-files" "$plain" "$pascal" "$plain" ''
    while IFS= read -r file; do
        at=$((at + 1))
        { arguments --- "to: packages/integrations/<%- name %>/$file" --- && cat "$work/hygen-files/$file"; } >"$dir/$at.t"
    done < <(cd "$work/hygen-files" && find . -type f | sed 's,^\./,,')
    arguments --- 'to: packages/configs/package.json' 'inject: true' "after: '$dependency_after'" 'eof_last: false' --- \
        "        $(translate "$plain" "$pascal" <<<"$dependency")" >"$dir/manifest.t"
    arguments --- 'to: packages/configs/src/index.ts' 'inject: true' "after: '$export_after'" 'eof_last: false' --- \
        "$(translate "$plain" "$pascal" <<<"$export")" >"$dir/index.t"
    export HYGEN_TMPLS="$work/hygen"
    version="$({ "$npm/.bin/hygen" 2>/dev/null || true; } | sed -n 's/^Hygen v//p')"
    row hygen "hygen $version, 20 files and 2 edits" wired \
        "$npm/.bin/hygen" integration new --name acme --first tickets --second users
}

add_copier() {
    install copier python_package copier '>=9,<10' || return 0
    local dir="$work/copier" name
    # shellcheck disable=SC2016 # `$` stands for the variable
    templates "$dir/files/packages/integrations/{{ name }}" '{{ $ }}' '{{ $|capitalize }}' '{{ $ }}' .jinja
    echo '_subdirectory: files' >"$dir/copier.yml"
    for name in name first second; do
        arguments "$name:" '    type: str' >>"$dir/copier.yml"
    done
    row copier "$("$venv/bin/copier" --version), 20 files" files \
        "$venv/bin/copier" copy --quiet --defaults --data name=acme --data first=tickets --data second=users "$dir" .
}

add_cookiecutter() {
    install cookiecutter python_package cookiecutter '>=2,<3' || return 0
    local dir="$work/cookiecutter" version plain='{{cookiecutter.$}}'
    # shellcheck disable=SC2016 # `$` stands for the variable
    templates "$dir/{{cookiecutter.name}}" "$plain" '{{cookiecutter.$|capitalize}}' "$plain" ''
    echo '{"name": "", "first": "", "second": ""}' >"$dir/cookiecutter.json"
    version="$("$venv/bin/cookiecutter" --version | sed 's/^Cookiecutter \([^ ]*\).*/\1/')"
    row cookiecutter "cookiecutter $version, 20 files" files \
        "$venv/bin/cookiecutter" --no-input --output-dir packages/integrations "$dir" name=acme first=tickets second=users
}

add_moon() {
    install moon npm_package @moonrepo/cli 2 || return 0
    # Its workspace and its templates are part of the host.
    local dir="$work/bare/.moon/templates/integration" name binary
    # The program itself; the package's script starts node first.
    binary="$(find "$npm/@moonrepo" -path '*/core-*/moon' -type f | head -n 1)"
    if [[ -z $binary ]]; then
        notes+=("moon is not in the table: the package has no program for this machine")
        return 0
    fi
    # shellcheck disable=SC2016 # `$` stands for the variable
    templates "$dir/packages/integrations/[name]" '{{ $ }}' '{{ $ | pascal_case }}' '[$]' ''
    arguments 'title: Skeleton' 'description: An integration of two modules' 'variables:' >"$dir/template.yml"
    for name in name first second; do
        arguments "  $name:" '    type: string' "    default: ''" >>"$dir/template.yml"
    done
    arguments 'projects: []' 'telemetry: false' 'generator:' "  templates: ['./.moon/templates']" >"$work/bare/.moon/workspace.yml"
    row moon "$("$binary" --version), 20 files" files \
        "$binary" --quiet generate integration --to . --defaults -- --name acme --first tickets --second users
}

export NO_COLOR=1
make_expected
add_nothing
add_tenon
add_plop
add_hygen
add_copier
add_cookiecutter
add_moon
notes+=(
    "copier and cookiecutter cannot edit a file that exists (cookiecutter: only with a hook, that is, a program of one's own); moon merges JSON and YAML, but asks: they make the 20 files only"
    "tenon also syncs every file to the disk, writes its record \`tenon.lock\` and keeps what \`undo\` needs; the others do not"
    "moon is timed without the node script of its npm package"
)
HOME="$work/home" measure "${rows[@]}"
echo
printf -- '- %s\n' "${notes[@]}"
