#!/usr/bin/env bash
# Runs the check for action.yml: annotations on standard output, tenon.sarif, the job's summary.
#
#   TENON                the program
#   TENON_ARGS           more arguments, separated by blanks
#   TENON_CHANGED_SINCE  a ref; empty: everything is checked
#   TENON_SUMMARY        true or false
#
# Writes `exit-code` and `sarif-file` to $GITHUB_OUTPUT, and exits as tenon does.
set -uo pipefail

sarif=${RUNNER_TEMP:?}/tenon.sarif
text=$RUNNER_TEMP/tenon.txt
rm -f "$sarif" "$text"

args=(validate-structure --no-input --format github --output "sarif=$sarif" --output "concise=$text")
if [[ -n ${TENON_CHANGED_SINCE:-} ]]; then
    args+=("--changed-since=$TENON_CHANGED_SINCE")
fi
# Blanks separate arguments; nothing else is special in them.
read -r -a more <<<"${TENON_ARGS:-}"
"${TENON:?}" "${args[@]}" ${more[@]+"${more[@]}"}
status=$?

{
    echo "exit-code=$status"
    if [[ -s $sarif ]]; then
        echo "sarif-file=$sarif"
    fi
} >>"${GITHUB_OUTPUT:?}"

if [[ ${TENON_SUMMARY:-true} == true ]]; then
    {
        case $status in
            0) echo "### tenon: clean" ;;
            1) echo "### tenon: findings" ;;
            *) echo "### tenon: the check could not be done (exit code $status)" ;;
        esac
        if [[ -s $text ]]; then
            echo
            # Indented, so that nothing in it is taken for markup. A summary may have 1 MiB.
            head -c 500000 "$text" | sed 's/^/    /'
        fi
    } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
exit "$status"
