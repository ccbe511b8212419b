#!/usr/bin/env bash
# Tillcode beside Chromium and beside other encoders, in one run: prints one Markdown table.
#
# usage: tests/bench.sh [--taps N] [--starts N] [--import-rows N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

folder=target/bench
target=${CARGO_TARGET_DIR:-$PWD/target}

machine() {
    local model
    model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    echo "$(nproc) cores of ${model:-$(uname -m)}, $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
}

# Lines of the Rust benchmark, made into rows: name, ours, theirs, ratio.
rows() {
    awk -F '\t' 'NF == 4 { printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }'
}

# The encoders of receipt printers: built or run.
peers() {
    PEERS=$PWD/target/tools/peers CARGO_TARGET_DIR=$target/peers \
        cargo "$@" --release --locked --manifest-path tests/peers/Cargo.toml
}

cargo_need
packages_need build kiosk headless bench
mkdir -p "$folder"
cargo build --release --locked --bin tillcode >&2
cargo bench --locked --no-run >&2
bash tests/bench/page.sh "$folder/page" >&2
bash tests/peers/install.sh target/tools/peers >&2
peers build >&2

cat <<TEXT
Measured on $(date -u +%Y-%m-%d), $(machine).
Screens of 1280 × 800 drawn in software (Xvfb), no graphics card.
A ratio above 1 is in Tillcode's favor.

| measure | Tillcode | other | ratio |
|---|--:|--:|--:|
TEXT
TILL_PROGRAM=${TILL_PROGRAM:-$target/release/tillcode} \
    /usr/bin/python3 tests/bench/measure.py "$folder" "$@"
TILL_PROGRAM=${TILL_PROGRAM:-$target/release/tillcode} \
    /usr/bin/python3 tests/bench/printing.py "$folder"
cargo bench --locked --quiet 2>/dev/null | rows
peers run --quiet | rows
bash tests/bench/hub.sh --rows 2>/dev/null
echo
echo "The other side of the first rows is $(chromium --version 2>/dev/null | cut -d ' ' -f 1,2), a kiosk on a static page of 60 buttons with the npm package qrcode."
