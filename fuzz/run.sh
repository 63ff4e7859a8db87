#!/usr/bin/env bash
# Looks for input that breaks a promise of src/promises.rs or src/centrapay/promises.rs: each target
# for a minute, two at a time.
#
#     cargo install --locked cargo-fuzz && fuzz/run.sh
#     fuzz/run.sh 600 answer config          these, for ten minutes each
#     fuzz/run.sh seeds                      the seeds alone, which gives the same result each time
#
# A C++ compiler is needed, for the fuzzer; the sources are safe Rust, so no sanitizer and no nightly
# toolchain are. A run begins with fuzz/seeds and what runs before it found interesting
# (target/fuzz/corpus). Input that breaks a promise is printed, kept in target/fuzz/broken, and
# becomes a seed once the fault is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
targets=("${@:2}")
if [ "${#targets[@]}" -eq 0 ]; then
    for seeds in fuzz/seeds/*/; do targets+=("$(basename "$seeds")"); done
fi
out=target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')

# What is fuzzed has the versions of what is shipped.
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
    printf '\n%s broke a promise; the end of %s:\n' "$target" "$out/$target.log"
    grep -av '^#' "$out/$target.log" | tail -n 40
    for input in "$out/broken/$target-"*; do
        printf '\n%s, as text and in base64:\n' "$input"
        head -c 4096 "$input" | cat -v
        printf '\n'
        head -c 4096 "$input" | base64
    done
done
exit "$broken"
