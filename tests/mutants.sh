#!/usr/bin/env bash
# Changes the state machine in every small way that cargo-mutants knows, and looks whether its tests
# notice. The machine is pure, so it is built here with what it knows and nothing else: a mutant
# takes seconds. Arguments are passed on to cargo mutants.
#
#     cargo install --locked cargo-mutants && tests/mutants.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$root/target/mutants

rm -rf "$crate/src"
mkdir -p "$crate/src"
for module in config money payment qr sale; do
    cp -r "$root/src/$module.rs" "$root/src/$module" "$crate/src/" 2>/dev/null ||
        cp "$root/src/$module.rs" "$crate/src/"
done
# What is made up at random takes too long to be tried against each mutant.
for tests in sale/tests sale/polls/tests; do
    rm -r "$crate/src/$tests/properties"*
    sed -i '/^mod properties;$/d' "$crate/src/$tests.rs"
done
mkdir -p "$crate/config"
cp "$root"/config/* "$crate/config/"
printf 'pub mod config;\npub mod money;\npub mod payment;\npub mod qr;\npub mod sale;\n' >"$crate/src/lib.rs"
# The package as it is, without what only the rest of it needs.
python3 - "$root/Cargo.toml" "$crate/Cargo.toml" <<'PYTHON'
import re, sys

text = open(sys.argv[1], encoding="utf-8").read()
keep = {"directories", "fastrand", "image", "iso_currency", "jiff", "qrcode", "rqrr", "secrecy", "serde", "serde_json",
        "strsim", "tempfile", "thiserror", "toml", "tracing", "unicode-properties", "unicode-segmentation", "url"}
lines, section = [], ""
for line in text.splitlines():
    if line.startswith("["):
        section = line
    wanted = section in ("[package]", "[dependencies]", "[features]")
    dependency = section == "[dependencies]" and re.match(r"([\w-]+) ?=", line)
    if wanted and (not dependency or dependency[1] in keep):
        lines.append(line)
open(sys.argv[2], "w", encoding="utf-8").write(
    "\n".join(lines) + "\n[profile.dev]\ndebug = false\n[workspace]\n")
PYTHON
cp "$root/Cargo.lock" "$crate/"

cd "$crate"
cargo mutants --jobs 2 --file 'src/sale.rs' --file 'src/sale/*.rs' \
    --exclude 'src/sale/weakness.rs' --output . "$@" -- --lib sale::
