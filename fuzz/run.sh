#!/usr/bin/env bash
# Searches for input that breaks a property of src/properties.rs or src/centrapay/properties.rs. Each target runs for
# a minute, two at a time.
#
#     cargo install --locked cargo-fuzz && fuzz/run.sh
#     fuzz/run.sh 600 answer config          these targets for ten minutes each
#     fuzz/run.sh seeds                      only the seeds; the result is always the same
#
# The fuzzer needs a C++ compiler. The sources are safe Rust, so they need no sanitizer and no nightly toolchain. A run
# starts with fuzz/seeds and the interesting inputs of earlier runs (target/fuzz/corpus). Input that breaks a property
# is printed and saved in target/fuzz/broken. Add it to the seeds after the fault is fixed.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
targets=("${@:2}")
if [ "${#targets[@]}" -eq 0 ]; then
    for seeds in fuzz/seeds/*/; do targets+=("$(basename "$seeds")"); done
fi
out=target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')

# Uses the dependency versions of the program.
cp Cargo.lock fuzz/Cargo.lock
cargo fuzz build --sanitizer none --target-dir "$out"

fuzz() {
    local target=$1 log=$out/$1.log input
    mkdir -p "$out/corpus/$target"
    if [ "$seconds" = seeds ]; then
        input=("fuzz/seeds/$target" -runs=0)
    else
        input=("$out/corpus/$target" "fuzz/seeds/$target" -max_total_time="$seconds")
    fi
    if "$out/$host/release/$target" "${input[@]}" -artifact_prefix="$out/broken/$target-" \
        -timeout=10 -rss_limit_mb=1024 >"$log" 2>&1; then
        printf '%s: %s\n' "$target" "$(grep -a '^#.*DONE' "$log" | tr -s ' \t' ' ')"
    else
        printf '%s: BROKEN\n' "$target"
        touch "$out/broken/$target"
    fi
}

rm -rf "$out/broken"
mkdir -p "$out/broken"
for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
    fuzz "$target" &
done
wait

broken=0
for target in "${targets[@]}"; do
    [ -e "$out/broken/$target" ] || continue
    broken=1
    printf '\n%s broke a property; the end of %s:\n' "$target" "$out/$target.log"
    grep -av '^#' "$out/$target.log" | tail -n 40
    for input in "$out/broken/$target-"*; do
        printf '\n%s, as text and in base64:\n' "$input"
        head -c 4096 "$input" | cat -v
        printf '\n'
        head -c 4096 "$input" | base64
    done
done
exit "$broken"
