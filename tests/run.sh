#!/usr/bin/env bash
# Everything that is checked, from a clean clone: `bash tests/run.sh`.
#
# usage: tests/run.sh [--only SECTION]...      sections: format lint test doc sim fuzz requests labels peers gui offline pays prints kill
#
# The last line is the sum, alone: "N passed, N failed, N skipped". What should have run and did not
# is counted as failed. A test that this machine cannot run is counted as skipped and named in that
# line with the reason; where CI is set it fails instead. Ends with 1 if anything failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

sections=(format lint test doc sim fuzz requests labels peers gui offline pays prints kill)
passed=0 failed=0 skipped=0
logs=target/tests
target=${CARGO_TARGET_DIR:-$PWD/target}

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}

# One failure, with the end of its output from standard input; all of them are said again at the end.
broken() {
    failed=$((failed + 1))
    {
        echo "failed $1"
        tail -n 60
    } | tee -a "$failures"
}

# Runs one command as one check; its output is shown only if it fails.
check() {
    local name=$1
    shift
    if "$@" >"$logs/check.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        broken "$name: $*" <"$logs/check.log"
    fi
}

# One check that this machine cannot run.
leave_out() {
    local name=$1 reason=$2
    if [[ -n ${CI:-} ]]; then
        broken "$name" <<<"It did not run, and on CI everything has to: $reason"
        return
    fi
    skipped=$((skipped + 1))
    echo "skipped: $name: $reason" | tee -a "$left_out"
}

section_format() {
    check "format" cargo fmt --check
    check "format {fuzz}" cargo fmt --check --manifest-path tests/fuzz/Cargo.toml
    check "format {labels}" cargo fmt --check --manifest-path tests/labels/Cargo.toml
    check "format {peers}" cargo fmt --check --manifest-path tests/peers/Cargo.toml
}

section_lint() {
    local features
    for features in terminal hub hub,postgres; do
        check "lint {$features}" cargo clippy --locked --all-targets --no-default-features \
            --features "$features" -- -D warnings
    done
    check "lint {all}" cargo clippy --locked --all-targets --all-features -- -D warnings
    check "lint {none}" cargo clippy --locked --all-targets --no-default-features -- -D warnings
}

section_doc() {
    RUSTDOCFLAGS="-D warnings" check "documentation" \
        cargo doc --locked --no-deps --all-features --document-private-items
}

# Adds up cargo's own results. A target that began and never gave a result has failed.
section_test() {
    local log=$logs/cargo.log status=0 begun=0 ended=0 ok=0 bad=0 ignored=0 before=0 out=0 word
    before=$(grep -c '^skipped: ' "$left_out" || true)
    # Tests add a line for themselves: see tests/it/support/skipped.rs.
    TILL_SKIPPED=$left_out \
        cargo test --locked --all-features --no-fail-fast >"$log" 2>&1 || status=$?
    while read -r word; do
        case $word in
            begun) begun=$((begun + 1)) ;;
            ended*)
                ended=$((ended + 1))
                IFS=: read -r _ ok bad ignored <<<"$word"
                passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + ignored))
                ;;
        esac
    done < <(sed -nE \
        -e 's/^ +(Running|Doc-tests) .*/begun/p' \
        -e 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored;.*/ended:\1:\2:\3/p' \
        "$log")
    # They ended well as far as cargo knows.
    out=$(grep -c '^skipped: ' "$left_out" || true)
    out=$((out - before))
    passed=$((passed - out)) skipped=$((skipped + out))
    grep -E '^test result: |^error' "$log" || true
    if ((status != 0)); then
        # What the failed ones printed, then their names.
        sed -n '/^failures:$/,/^test result: /p' "$log" | tail -n 200 | tee -a "$failures"
    fi
    if ((begun == 0)); then
        broken "cargo test: nothing ran" <"$log"
    elif ((begun > ended)); then
        failed=$((failed + begun - ended - 1))
        broken "cargo test: $((begun - ended)) targets ended without a result" <"$log"
    elif ((status != 0 && failed == 0)); then
        broken "cargo test: it ended with $status" <"$log"
    fi
}

# Adds up a log whose lines begin with ok, failed or note.
count() {
    passed=$((passed + $(grep -c '^ok ' "$2" || true)))
    failed=$((failed + $(grep -c '^failed ' "$2" || true)))
    grep '^failed ' "$2" >>"$failures" || true
    if ! grep -Eq '^(ok|failed) ' "$2"; then
        broken "$1: nothing ran" <"$2"
    fi
}

window() {
    local log=$logs/$1.log
    # As the tests build it, so that nothing is compiled twice.
    if ! cargo test --locked --all-features --no-run >"$logs/build.log" 2>&1; then
        broken "$1: the program does not build" <"$logs/build.log"
        return
    fi
    TILL_PROGRAM=${TILL_PROGRAM:-$target/debug/tillcode} bash tests/gui/all.sh "$1" 2>&1 |
        tee "$log" || true
    count "$1" "$log"
}

# Far more steps than beside the other tests; any number by command: SIM_STEPS=200000.
section_sim() {
    SIM_STEPS=${SIM_STEPS:-1000000} check "simulation" \
        cargo test --locked --all-features --test simulation whatever -- --nocapture
    grep -E '^\| events handled' "$logs/check.log" || true
}

# Requests made from the hub's own description of itself, by a tool that is installed beside the build.
section_requests() {
    local tool=target/tools/requests list=tests/hub/requests/requirements.txt
    if ! cmp -s "$list" "$tool/installed"; then
        /usr/bin/python3 -m venv --clear "$tool" >"$logs/tool.log" 2>&1 &&
            "$tool/bin/pip" install --quiet --requirement "$list" >>"$logs/tool.log" 2>&1 &&
            cp "$list" "$tool/installed" || tail -n 20 "$logs/tool.log"
    fi
    check "requests: the hub builds" cargo build --locked --all-features --bin tillcode-hub
    check "requests: schemathesis finds nothing" /usr/bin/python3 tests/hub/requests/run.py \
        "$target/debug/tillcode-hub" "$tool/bin/schemathesis"
    grep '^note ' "$logs/check.log" || true
}

# Twenty seconds for each parser are a look; any number by command: FUZZ_SECS=3600.
section_fuzz() {
    local log=$logs/fuzz.log
    bash tests/fuzz/run.sh "${FUZZ_SECS:-20}" 2>&1 | tee "$log" || true
    count fuzz "$log"
}

# What label printers are told, drawn by a renderer of others'. A package of its own: it is large.
# And random documents for all printers, far more than beside the other tests; any number by command:
# PRINT_CASES=1000.
section_labels() {
    CARGO_TARGET_DIR=$target/labels check "label printers, by another's renderer" \
        cargo test --locked --manifest-path tests/labels/Cargo.toml
    PRINT_CASES=${PRINT_CASES:-100000} check "random documents" \
        cargo test --locked --all-features --lib print::tests::random
}

# What receipt printers are told, beside other encoders, which are installed beside the build.
section_peers() {
    local name="receipt printers, beside other encoders" folder=$PWD/target/tools/peers
    if ! bash tests/peers/install.sh "$folder" >"$logs/peers.log" 2>&1; then
        tail -n 20 "$logs/peers.log"
        leave_out "$name" "they cannot be installed, see $logs/peers.log"
        return
    fi
    PEERS=$folder CARGO_TARGET_DIR=$target/peers check "$name" \
        cargo test --locked --lib --manifest-path tests/peers/Cargo.toml
}

section_gui() {
    window screens
}

section_offline() {
    window offline
}

section_pays() {
    window pays
}

section_prints() {
    window prints
}

# Killed far more often than beside the other tests; any number by command: MINT_KILLS=20
# HUB_KILLS=5 PRINT_KILLS=5.
section_kill() {
    MINT_KILLS=${MINT_KILLS:-200} check "kill -9 within a mint" \
        cargo test --locked --all-features --test it kill::mint -- --nocapture
    grep -E '^mint of ' "$logs/check.log" || true
    HUB_KILLS=${HUB_KILLS:-50} check "kill -9 of the hub under load" \
        cargo test --locked --all-features --test hub kill:: -- --nocapture
    grep -E 'acknowledged' "$logs/check.log" || true
    PRINT_KILLS=${PRINT_KILLS:-50} check "kill -9 amid a sheet" \
        cargo test --locked --all-features --test it printing::kills -- --nocapture
    grep -E 'kills: ' "$logs/check.log" || true
    window kill
}

# rustup leaves these out of its small profile.
components_need() {
    if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
        if command -v rustup >/dev/null; then
            rustup component add rustfmt clippy
        else
            echo "rustfmt and clippy are missing: install them with the toolchain" >&2
            return 1
        fi
    fi
}

chosen=()
while (($# > 0)); do
    case $1 in
        --only)
            if [[ " ${sections[*]} " != *" ${2:-} "* ]]; then
                usage >&2
                exit 2
            fi
            chosen+=("$2")
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done
if ((${#chosen[@]} == 0)); then chosen=("${sections[@]}"); fi

mkdir -p "$logs"
left_out=$PWD/$logs/skipped
: >"$left_out"
failures=$PWD/$logs/failures
: >"$failures"
cargo_need
packages_need build kiosk headless tests
components_need
export CARGO_TERM_COLOR=never

for section in "${chosen[@]}"; do
    began=$SECONDS
    echo "== $section"
    "section_$section"
    echo "== $section took $((SECONDS - began)) s"
done
if ((failed > 0)); then
    echo "== what failed"
    cat "$failures"
fi
reasons=$(sed -n 's/^skipped: //p' "$left_out" | paste -s -d ';')
echo "$passed passed, $failed failed, $skipped skipped${reasons:+ (${reasons//;/; })}"
if ((failed > 0)); then exit 1; fi
