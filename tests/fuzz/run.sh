#!/usr/bin/env bash
# Feeds each parser with inputs that libFuzzer makes up, led by the code that they reach. Prints lines
# that begin with ok or failed.
#
# usage: tests/fuzz/run.sh [SECONDS [TARGET]...]
#
# SECONDS is for each target (20). What reached something new stays in target/fuzz/corpus, what made a
# parser fall over in target/fuzz/found; `target/fuzz/release/TARGET FILE` tries one of them alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

seconds=${1:-20}
shift || true
targets=("$@")
if ((${#targets[@]} == 0)); then targets=(notification answer message configuration catalog picture); fi

cargo_need
packages_need build tests
folder=$PWD/target/fuzz
# What cargo-fuzz has the compiler do, less what only its nightly releases can.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
RUSTFLAGS=$coverage CARGO_TARGET_DIR=$folder \
    cargo build --quiet --release --locked --manifest-path tests/fuzz/Cargo.toml \
    --target "$(rustc -vV | sed -n 's/^host: //p')"
programs=$(echo "$folder"/*/release)

failed=0
for target in "${targets[@]}"; do
    mkdir -p "$folder/corpus/$target" "$folder/found"
    log=$folder/$target.log
    # Beyond its bounds a parser refuses before it looks.
    if "$programs/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=512 \
        -max_len=20000 -artifact_prefix="$folder/found/$target-" -print_final_stats=1 -verbosity=1 \
        "$folder/corpus/$target" "tests/fuzz/seeds/$target" >"$log" 2>&1; then
        echo "ok fuzz: $target, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
    else
        echo "failed fuzz: $target: $(grep -m 1 -E 'panicked|ERROR|deadly' "$log"), see $log"
        failed=1
    fi
done
exit "$failed"
