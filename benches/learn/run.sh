#!/bin/sh
# Measures `tenon learn` by what people did: run.sh TENON CLONES [LIMIT]
# CLONES holds a clone of each repository, called OWNER+NAME; one that is not there is said and left out.
set -eu
tenon=$1 clones=$2 limit=${3:-99}
here=$(dirname "$0")
while read -r data repository pattern; do
    clone=$clones/$repository
    for dir in "$clone/.git" "$clone/repo" "$clone"; do
        [ -e "$dir/HEAD" ] && break
    done
    echo "== $data"
    if [ -e "$dir/HEAD" ]; then
        python3 "$here/score.py" "$tenon" "$dir" "$pattern" "$here/$data.jsonl" "$limit"
    else
        echo "left out: there is no clone at $clone"
    fi
done <<END
coredns coredns+coredns plugin/{name}/
external-dns kubernetes-sigs+external-dns provider/{name}/
gatus TwiN+gatus alerting/provider/{name}/
opentelemetry-js open-telemetry+opentelemetry-js-contrib packages/instrumentation-{name}/
rbintegrations reviewboard+rbintegrations rbintegrations/{name}/
rclone rclone+rclone backend/{name}/
redash getredash+redash redash/query_runner/{name}.py
END
