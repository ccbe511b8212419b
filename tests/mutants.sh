#!/usr/bin/env bash
# Breaks the pure machine on purpose, one place after the other, and lists what no test notices.
#
# usage: tests/mutants.sh [--left] [--shard K/N] [--jobs N] [--seeds N] [FILE]...
#
# FILE is a file of src/terminal without its end (pace, trip/plan); without one, all are taken.
# --left tries only what tests/mutants.md says is left: for when tests were added and nothing else.
# --shard takes a part, 0/4 to 3/4; --jobs works in so many copies (2); --seeds is how many of the
# simulation's seeds try what the unit tests leave (20; 0: none).
#
# Three passes, each over what the one before did not notice: the machine's scenes, its random steps
# against a model, and the simulation. What stays is written to tests/mutants.md, where a reason that
# somebody wrote behind a line is kept; a shard only prints. Logs are in target/mutants.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

version=27.1.0
folder=$PWD/target/mutants
# The till's random steps against a model; slower than all the rest together.
model=whatever_happens_the_till_stays_right
jobs=2 part=0 parts=1 seeds=20 timeout=0 left=() files=()
excluded=(--exclude-re planted --exclude 'src/terminal/tests*' --exclude 'src/terminal/tests/**')

usage() {
    sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}

# The tool in the version that the list was made with.
tool_need() {
    PATH=$PWD/target/tools/bin:$PATH
    if [[ $(cargo mutants --version 2>/dev/null || true) != "cargo-mutants $version" ]]; then
        cargo install --locked --root target/tools --version "$version" cargo-mutants
    fi
}

# A copy to break, so that no interruption leaves a defect in the sources. Times are new: an old one
# would let cargo take the copy's last mutant for built. The window and the programs are left out, or
# each mutant would have to wait for them.
tree_make() {
    local tree=$folder/$1/tree
    mkdir -p "$tree"
    rm -rf "$tree/src" "$tree/tests" "$tree/assets" "$tree/packaging"
    git ls-files -z --cached --others --exclude-standard -- \
        Cargo.toml Cargo.lock README.md assets config packaging src tests |
        while IFS= read -r -d '' file; do
            if [[ -e $file ]]; then printf '%s\0' "$file"; fi
        done | xargs -0 cp --parents -t "$tree"
    sed -i -e '/^#\[cfg(feature = "\(terminal\|hub\)")\]$/{N;/pub mod \(cli\|hub\|runtime\|ui\);/d}' \
        "$tree/src/lib.rs"
    sed -i -e '/^\[\[bin\]\]$/,/^$/d' -e '/^default-run/d' -e 's/^autotests = .*/&\nautobins = false/' \
        "$tree/Cargo.toml"
}

# One pass of one worker: name, worker, what cargo is told, then what the test program is told.
pass() {
    local name=$1 worker=$2 cargo=$3
    shift 3
    local out=$folder/$worker/$name status=0
    rm -rf "$out"
    mkdir -p "$out/mutants.out"
    echo '{}' >"$out/mutants.out/outcomes.json"
    # What the passes before noticed is not tried again. All workers must hear of the same, or they
    # would divide what is left in different ways.
    touch "$out/mutants.out/"{missed,timeout,unviable,previously_caught}.txt
    cp "$folder/noticed.txt" "$out/mutants.out/caught.txt"
    (
        cd "$folder/$worker/tree"
        # A defect may ask for memory without end.
        ulimit -v 12000000
        # shellcheck disable=SC2086
        nice cargo mutants --in-place --iterate --output "$out" --no-shuffle --baseline skip \
            --shard "$((worker * parts + part))/$((jobs * parts))" --sharding round-robin \
            "${files[@]}" "${excluded[@]}" \
            --timeout "$timeout" --build-timeout 600 --cargo-arg=--locked $cargo -- -- "$@"
    ) >"$out.log" 2>&1 || status=$?
    # 2: some were not noticed, 3: some never ended.
    if ((status != 0 && status != 2 && status != 3)); then
        echo "failed: pass $name of worker $worker ended with $status" >&2
        tail -n 20 "$out.log" >&2
        return 1
    fi
}

# The same pass by all workers, after the unbroken tests have passed.
passes() {
    local name=$1 cargo=$2 worker running=() began=$SECONDS
    shift 2
    echo "== $name"
    # shellcheck disable=SC2086
    (cd "$folder/0/tree" && cargo test --locked ${cargo//--cargo-arg=/} -- "$@") \
        >"$folder/$name.log" 2>&1 || {
        echo "failed: the unbroken tests" >&2
        tail -n 60 "$folder/$name.log" >&2
        exit 1
    }
    for ((worker = 1; worker < jobs; worker++)); do
        # Only once: what is built for the first is good for all, but for our own package.
        if [[ ! -e $folder/$worker/tree/target/$name ]]; then
            rm -rf "$folder/$worker/tree/target"
            cp -a "$folder/0/tree/target" "$folder/$worker/tree/target"
            touch "$folder/$worker/tree/target/$name"
        fi
    done
    for ((worker = 0; worker < jobs; worker++)); do
        pass "$name" "$worker" "$cargo" "$@" &
        running+=($!)
    done
    for worker in "${running[@]}"; do wait "$worker"; done
    for ((worker = 0; worker < jobs; worker++)); do
        cat "$folder/$worker/$name/mutants.out/"{caught,timeout,unviable}.txt >>"$folder/noticed.txt"
    done
    echo "== $name took $((SECONDS - began)) s"
}

while (($# > 0)); do
    case $1 in
        --left) left=(--left) ;;
        --shard)
            IFS=/ read -r part parts <<<"${2:-}"
            shift
            ;;
        --jobs)
            jobs=${2:-}
            shift
            ;;
        --seeds)
            seeds=${2:-}
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            if [[ ! -e src/terminal/$1.rs ]]; then
                usage >&2
                exit 2
            fi
            files+=(--file "src/terminal/$1.rs")
            ;;
    esac
    shift
done
for number in "$jobs" "$part" "$parts" "$seeds"; do
    if [[ ! $number =~ ^[0-9]{1,6}$ ]]; then
        usage >&2
        exit 2
    fi
done
if ((jobs < 1 || part >= parts)); then
    usage >&2
    exit 2
fi
if ((${#files[@]} == 0)); then files=(--file 'src/terminal/*.rs' --file 'src/terminal/*/*.rs'); fi

cargo_need
tool_need
if ((seeds > 0)); then packages_need build kiosk; fi
unset CARGO_TARGET_DIR RUSTFLAGS
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=1 CARGO_PROFILE_DEV_DEBUG=0 RUST_BACKTRACE=0
# A failure is all that is asked for: not the smallest one, and not to be remembered.
export PROPTEST_MAX_SHRINK_ITERS=0 PROPTEST_DISABLE_FAILURE_PERSISTENCE=true

for ((worker = 0; worker < jobs; worker++)); do
    tree_make "$worker"
done
# Some have nothing that could be changed: they are in the list all the same.
(cd "$folder/0/tree" && cargo mutants --list-files "${files[@]}" "${excluded[@]}") >"$folder/files.txt"
: >"$folder/noticed.txt"
if ((${#left[@]})); then
    (cd "$folder/0/tree" && cargo mutants --list "${files[@]}" "${excluded[@]}") >"$folder/all.txt"
    /usr/bin/python3 tests/mutants/list.py --noticed tests/mutants.md "$folder/all.txt" >"$folder/noticed.txt"
fi
lib="--no-default-features --cargo-arg=--lib"
export CARGO_PROFILE_DEV_OPT_LEVEL=0
timeout=10
passes scenes "$lib" terminal:: --skip "$model"
timeout=120
passes model "$lib" "$model"
names=(scenes model)
if ((seeds > 0)); then
    export CARGO_PROFILE_DEV_OPT_LEVEL=1 SIM_SEEDS=0..$seeds
    timeout=300
    passes simulation "--features=terminal,hub --cargo-arg=--test=simulation" whatever_happens
    names+=(simulation)
fi
writes=()
if ((parts == 1)); then writes=(--write tests/mutants.md); fi
/usr/bin/python3 tests/mutants/list.py "${left[@]}" "${writes[@]}" "$folder" "$jobs" "${names[@]}"
