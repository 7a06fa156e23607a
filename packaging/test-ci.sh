#!/usr/bin/env bash
# Runs what `tenon init` adds with the runners that people have: pre-commit, lefthook and husky in a repository of a stranger,
# GitLab's job and component with gitlab-ci-local, the steps of action.yml as GitHub runs them. In each a host that is in order
# passes, and a broken one does not. What is not installed is skipped with a word; with CI=true it is a failure.
#
#   packaging/test-ci.sh PROGRAM
#
# npm packages are installed below $CI_TOOLS, if that is set, and found there next time.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$(realpath "${1:?the program}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tools=${CI_TOOLS:-$scratch/tools}
mkdir -p "$tools" "$scratch/bin" "$scratch/home"
tools=$(realpath "$tools")
ln -s "$program" "$scratch/bin/tenon"
real_home=$HOME
# The archive's notice is made of what cargo has fetched.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export HOME=$scratch/home PATH=$scratch/bin:$tools/node_modules/.bin:$PATH LC_ALL=C.UTF-8

skip() {
    echo "skipped: $1"
    [[ ${CI:-} != true ]]
}

wrong() {
    echo "FAILED: $1" >&2
    sed 's/^/    /' "$scratch/out" >&2
    exit 1
}

git config --global user.email stranger@example.com
git config --global user.name Stranger
git config --global init.defaultBranch main
git config --global advice.detachedHead false

# A repository with a host and one integration, committed; the shell is in it then.
repository() {
    cd "$scratch"
    tenon new host "$1" --pack o2s --quiet >/dev/null
    cd "$1"
    tenon new-integration acme --modules tickets --activate tickets --quiet >/dev/null 2>&1
    git init --quiet
    git add .
    git commit --quiet --message host
}

break_it() {
    sed -i.bak s/getTicketList/getTickets/ packages/integrations/acme/src/modules/tickets/tickets.service.ts
    rm packages/integrations/acme/src/modules/tickets/tickets.service.ts.bak
}

# A sound change can be committed and a broken one cannot.
hook_works() {
    echo >>README.md
    git add .
    git commit --message sound >"$scratch/out" 2>&1 || wrong "$1 stops a sound commit"
    break_it
    ! git commit --all --message broken >"$scratch/out" 2>&1 || wrong "$1 lets a broken commit through"
    grep -q 'missing-method' "$scratch/out" || wrong "$1 does not say what is wrong"
    echo "$1: a sound commit passes, a broken one does not"
}

if command -v pre-commit >/dev/null; then
    repository pre-commit-host
    tenon init --hook pre-commit --quiet >/dev/null
    pre-commit install >/dev/null
    hook_works pre-commit
    # The hook that other repositories name, with the program that is installed.
    git stash --quiet
    (cd "$root" && git clone --quiet --no-local . "$scratch/hooks")
    cp "$root/.pre-commit-hooks.yaml" "$scratch/hooks/"
    git -C "$scratch/hooks" add .
    git -C "$scratch/hooks" commit --quiet --allow-empty --message "as it is"
    pre-commit try-repo "$scratch/hooks" tenon-system >"$scratch/out" 2>&1 || wrong ".pre-commit-hooks.yaml stops a sound host"
    git stash pop --quiet
    git add .
    ! pre-commit try-repo "$scratch/hooks" tenon-system >"$scratch/out" 2>&1 || wrong ".pre-commit-hooks.yaml passes a broken host"
else
    skip "pre-commit is not installed"
fi

if command -v npm >/dev/null; then
    [[ -e $tools/node_modules/lefthook ]] || HOME=$real_home npm install --no-audit --no-fund --loglevel error --prefix "$tools" \
        lefthook@2.2.2 husky@9.1.7 gitlab-ci-local@4.61.0 >/dev/null
    repository lefthook-host
    tenon init --hook lefthook --quiet >/dev/null
    lefthook install >/dev/null
    hook_works lefthook

    repository husky-host
    tenon init --hook husky --quiet >/dev/null
    husky
    hook_works husky
else
    skip "npm is not installed"
fi

if command -v gitlab-ci-local >/dev/null && command -v rsync >/dev/null; then
    repository gitlab-host
    git remote add origin https://gitlab.example.com/shop/host.git
    tenon init --ci gitlab --quiet >/dev/null
    job_works() {
        git add .
        # Without containers here: the job's script, in the shell.
        gitlab-ci-local --force-shell-executor tenon >"$scratch/out" 2>&1 || wrong "GitLab's job fails on a sound host"
        break_it
        ! gitlab-ci-local --force-shell-executor tenon >"$scratch/out" 2>&1 || wrong "GitLab's job passes a broken host"
        [[ -s gl-code-quality-report.json ]] || wrong "there is no report"
        git checkout --quiet packages
        echo "$1: a sound host passes, a broken one does not"
    }
    job_works "GitLab's job"
    cp "$root/ci/gitlab/templates/validate-structure.yml" .
    printf 'include:\n  - local: validate-structure.yml\n    inputs:\n      job: tenon\n      args: --stats\n' >.gitlab-ci.yml
    job_works "GitLab's component"
else
    skip "gitlab-ci-local or rsync is not installed"
fi

# What action.yml runs: it installs a release, here one in a directory, and checks a pull request of one broken integration.
repository action-host
mkdir -p "$scratch/runner" "$scratch/releases"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
for libc in gnu musl; do
    python3 "$root/packaging/archive.py" "$program" "$(uname -m)-unknown-linux-$libc" "$scratch/releases/download/v$version" >/dev/null
done
export RUNNER_TEMP=$scratch/runner GITHUB_OUTPUT=$scratch/runner/output GITHUB_STEP_SUMMARY=$scratch/runner/summary.md
TENON_RELEASES=file://$scratch/releases "$root/.github/action/install.sh" >"$scratch/out" 2>&1 || wrong "the action does not install"
TENON=$(sed -n 's/^tenon=//p' "$GITHUB_OUTPUT")
export TENON
tenon new-integration other --modules cms --quiet >/dev/null 2>&1
git add . && git commit --quiet --message other
git branch base
break_it
git commit --quiet --all --message broken
status=0
TENON_CHANGED_SINCE=base "$root/.github/action/check.sh" >"$scratch/out" 2>&1 || status=$?
[[ $status == 1 ]] || wrong "the action ends with $status on a broken pull request"
grep -q '^::error .*file=packages/integrations/acme/.*missing-method' "$scratch/out" || wrong "no line is annotated"
python3 - "$(sed -n 's/^sarif-file=//p' "$GITHUB_OUTPUT")" <<'CHECK' || wrong "the SARIF file is not right"
import json, sys
results = json.load(open(sys.argv[1]))["runs"][0]["results"]
assert [result["ruleId"] for result in results] == ["missing-method"], results
CHECK
grep -q '^### tenon: findings' "$GITHUB_STEP_SUMMARY" || wrong "the job has no summary"
git revert --no-edit HEAD >/dev/null
TENON_CHANGED_SINCE=base "$root/.github/action/check.sh" >"$scratch/out" 2>&1 || wrong "the action fails on a sound pull request"
echo "the action: installs, annotates, writes SARIF and a summary"
