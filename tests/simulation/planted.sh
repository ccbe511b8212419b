#!/bin/sh
# Stands between cargo and the compiler of this package alone, so that nothing else is built anew:
#   RUSTC_WORKSPACE_WRAPPER=tests/simulation/planted.sh cargo test --all-features --test simulation planted -- --nocapture
exec "$@" --cfg planted
