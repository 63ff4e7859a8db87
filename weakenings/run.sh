#!/usr/bin/env bash
# Shows that the model checker notices a missing safeguard. Each patch in weakenings/patches takes one safeguard out
# of a copy of the state machine; the checker must then find a counterexample. Without a patch it must find none.
#
#     weakenings/run.sh                           all of them
#     weakenings/run.sh countdown-as-verdict      this one
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/target/weakenings
copy=$out/copy
names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
    names=("")
    for patch in weakenings/patches/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi

failed=0
for name in "${names[@]}"; do
    rm -rf "$copy"
    mkdir -p "$copy/src" "$copy/tests/it"
    cp -r src/domain.rs src/domain src/sale.rs src/sale src/text "$copy/src/"
    cp -r tests/it/model "$copy/tests/it/"
    cp -r weakenings "$copy/"
    mv "$copy/weakenings/src/lib.rs" "$copy/src/lib.rs"
    # What is checked has the versions of what is shipped.
    cp Cargo.lock "$copy/weakenings/Cargo.lock"
    if [ -n "$name" ] && ! patch -d "$copy" -p1 --fuzz=0 --quiet <"weakenings/patches/$name.patch"; then
        echo "weakenings/patches/$name.patch does not apply: write it anew for the changed code"
        failed=1
        continue
    fi
    if ! cargo build --quiet --manifest-path "$copy/weakenings/Cargo.toml" --target-dir "$out"; then
        echo "${name:-the model} does not build"
        failed=1
        continue
    fi
    "$out/debug/weakenings" ${name:+"$name"} || failed=1
done
exit "$failed"
