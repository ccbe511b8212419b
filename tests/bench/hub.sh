#!/usr/bin/env bash
# The message server under load, beside its stores' own limits: prints rows of the benchmark's table.
#
# usage: tests/bench/hub.sh [--rows] [sqlite] [postgres] [parked] [hostile]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

heading=yes
if [[ ${1:-} == --rows ]]; then
    heading=''
    shift
fi
cargo_need
packages_need build tests
features=(--locked --no-default-features --features hub,postgres)
cargo build --release "${features[@]}" --bin tillcode-hub >&2
cargo bench "${features[@]}" --bench hub-load --no-run >&2

# Ten thousand connections, and as many at the other end.
ulimit -n "$(ulimit -Hn)"
if [[ -n $heading ]]; then
    echo "| measure | Tillcode | other | ratio |"
    echo "|---|--:|--:|--:|"
fi
HUB_PROGRAM=${HUB_PROGRAM:-${CARGO_TARGET_DIR:-$PWD/target}/release/tillcode-hub} \
    TILL_SKIPPED=${TILL_SKIPPED:-/dev/stderr} \
    cargo bench "${features[@]}" --quiet --bench hub-load -- "$@" |
    awk -F '\t' 'NF == 4 { printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4; fflush() }'
if [[ -z $heading ]]; then exit; fi
echo
echo "Load of the machine at the end: $(cut -d ' ' -f 1-3 /proc/loadavg) on $(nproc) cores, the generator among it."
