#!/usr/bin/env bash
# How long `tenon update` takes over many integrations that a second version of the pack has outdated.
#
#   benches/update.sh [N]      N integrations of two modules each, 1000 unless said otherwise
#
# Needs a release build (`cargo build --release`) and git. Everything is made in a temporary directory.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
tenon=${TENON:-$root/target/release/tenon}
count=${1:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$root/templates/o2s" "$work/second"
sed -i 's/^version = "1.0.0"/version = "1.1.0"/' "$work/second/pack.toml"
for template in "$work"/second/files/module/*service.ts.hbs; do
    sed -i '1i // Of the second version.' "$template"
done

cd "$work"
"$tenon" new host shop --pack o2s --quiet >/dev/null
cd shop
git init --quiet
for ((i = 1; i <= count; i++)); do
    "$tenon" new-integration "unit-$i" --modules tickets,cms --quiet >/dev/null 2>&1
done
git add -A
git -c user.name=bench -c user.email=bench@example.com commit --quiet -m made
# One file in ten was changed by somebody.
for ((i = 1; i <= count; i += 10)); do
    echo '// ours' >>"packages/integrations/unit-$i/src/modules/cms/cms.service.ts"
done

took() {
    local begun ended
    begun=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    ended=$(date +%s%N)
    echo "$(((ended - begun) / 1000000)) ms"
}
echo "$count integrations, nothing outdated: $(took "$tenon" update --check)"
echo "$count integrations, all outdated, written: $(took "$tenon" update --pack "$work/second/" --yes)"
echo "changed files that kept what was written in them: $(grep -l '^// ours' packages/integrations/*/src/modules/cms/cms.service.ts | xargs grep -l '^// Of the second version' | wc -l)"
