#!/usr/bin/env bash
# What other generators do where a template meets a host that is not as expected. Each case prints the command and what came of it;
# docs/comparison.md shows them.
#
#   benches/peers/habits.sh             all cases
#   PEERS=DIR benches/peers/habits.sh   install the tools below DIR and find them there next time
#
# Needs node with npm, and python3 with venv.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
installed="${PEERS:-$work/tools}"
mkdir -p "$installed"
installed="$(realpath "$installed")"
npm="$installed/npm/node_modules/.bin"
venv="$installed/venv/bin"
export HOME="$work/home" HYGEN_OVERWRITE=1 DO_NOT_TRACK=1
mkdir "$HOME"

[[ -e $npm/plop && -e $npm/moon ]] || npm install --no-audit --no-fund --ignore-scripts --loglevel error --prefix "$installed/npm" \
    plop@4.0.5 hygen@6.2.11 @moonrepo/cli@2.5.5 >/dev/null
[[ -e $venv/python3 ]] || python3 -m venv "$installed/venv"
[[ -e $venv/copier ]] || "$venv/pip" install --quiet --disable-pip-version-check copier==9.19.1 cookiecutter==2.7.1

# What a terminal would show: without colours and the like.
plain() {
    sed 's/\x1b\[[0-9;?]*[A-Za-z]//g; s/\r//g'
}

# Shows a command and what it prints, and how it ended.
show() {
    local status=0
    echo "\$ $*"
    "$@" >"$work/printed" 2>&1 </dev/null || status=$?
    plain <"$work/printed" | sed "s#$work#…#g" | grep -v '^ *$' || true
    echo "(exit $status)"
}

case_in() {
    mkdir -p "$work/$1"
    cd "$work/$1"
    echo "=== $1"
}

export PATH="$npm:$venv:$PATH"

case_in plop
printf 'package main\n\nfunc main() {}\n' >main.go
cat >plopfile.mjs <<'END'
export default function (plop) {
    plop.setGenerator('register', {
        prompts: [{ type: 'input', name: 'name' }],
        actions: [{ type: 'append', path: 'main.go', pattern: '// entries', template: '// {{name}}' }],
    });
}
END
show plop --version
show plop register acme
show cat main.go

case_in plop-unique
printf 'package main\n\n// entries\n' >main.go
cat >plopfile.mjs <<'END'
export default function (plop) {
    plop.setGenerator('register', {
        prompts: [{ type: 'input', name: 'name' }],
        actions: [{ type: 'append', path: 'main.go', pattern: '// entries', unique: true, template: 'register({{name}})' }],
    });
}
END
show plop register acme
show plop register acme
show cat main.go

case_in hygen
mkdir -p _templates/register/new
printf 'package main\n\nfunc main() {}\n' >main.go
printf -- '---\ninject: true\nto: main.go\nafter: "// entries"\n---\n// <%%= name %%>\n' >_templates/register/new/main.ejs.t
show hygen register new --name acme
show hygen register new --name acme
show cat main.go

case_in copier
mkdir template host
echo 'name: {type: str}' >template/copier.yml
echo 'new text' >template/README.md
echo 'old text' >host/README.md
show copier copy --pretend --force --data name=acme template host

case_in cookiecutter
mkdir -p 'template/{{cookiecutter.name}}' template/hooks inside
echo '{"name": "acme"}' >template/cookiecutter.json
echo 'made' >'template/{{cookiecutter.name}}/file'
printf 'open("ran", "w").write("the hook ran")\n' >template/hooks/pre_gen_project.py
show cookiecutter --no-input --output-dir inside template name=../outside
show find outside -type f

# The program itself: the package's script would look for it with node.
moon="$(find "$installed/npm/node_modules/@moonrepo" -path '*/core-*/moon' -type f | head -n 1)"
moon() {
    "$moon" --quiet generate "$1" --to . --defaults -- --name acme
}
template() {
    mkdir -p ".moon/templates/$1"
    printf '%s\n' 'title: Register' 'description: One file' 'variables:' "  name: {type: string, default: ''}" >".moon/templates/$1/template.yml"
    cat >".moon/templates/$1/$2"
}

case_in moon/host
"$moon" --version
mkdir .moon
printf '%s\n' 'projects: []' 'telemetry: false' 'generator:' "  templates: ['./.moon/templates']" >.moon/workspace.yml
printf -- '---\nto: ../../outside.txt\n---\nmade of {{ name }}\n' | template outside file.txt
printf 'entries:\n  {{ name }}: 1\n' | template yaml list.yml
printf '{"entries": {"{{ name }}": 1}}\n' | template json list.json
printf '# By hand.\nentries:\n  nova: 1 # the first\n' >list.yml
printf '// By hand.\n{\n  "entries": {\n    "nova": 1 // the first\n  }\n}\n' >list.json
show moon outside
show find ../.. -maxdepth 1 -name outside.txt
# It asks what to do with a file that exists: up, space and return choose to merge.
merged() {
    "$here/keys.py" 'up space return' "$moon" generate "$1" --to . --defaults -- --name acme | plain | grep -o 'merged .*'
}
show cat list.yml
show merged yaml
show cat list.yml
show merged json
show cat list.json
