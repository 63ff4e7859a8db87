#!/usr/bin/env bash
# Runs cargo-mutants on the state machine: each small change to src/sale must fail a test. The state machine is pure,
# so it is built only with its own dependencies, and a mutant takes seconds. Arguments go to cargo mutants.
#
#     cargo install --locked cargo-mutants && tests/mutants.sh
#     tests/mutants.sh --list
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$root/target/mutants

rm -rf "$crate/src"
mkdir -p "$crate/src"
for module in domain qr sale text; do cp -r "$root/src/$module.rs" "$root/src/$module" "$crate/src/"; done
# The property tests take too long for each mutant.
find "$crate/src/sale" -path '*/tests/properties*' -delete
find "$crate/src/sale" -name tests.rs -exec sed -i '/^mod properties;$/d' {} +
# The tests of the code with a logo need src/logo.
sed -i '/^mod tests;$/d; /^#\[cfg(test)\]$/d' "$crate/src/qr.rs"
printf 'pub mod domain;\npub mod qr;\npub mod sale;\npub mod text;\n' >"$crate/src/lib.rs"
# The program's package without the dependencies of the other modules.
python3 - "$root/Cargo.toml" "$crate/Cargo.toml" <<'PYTHON'
import re, sys

text = open(sys.argv[1], encoding="utf-8").read()
keep = {"fastrand", "image", "iso_currency", "jiff", "qrcode", "rqrr", "schemars", "serde", "serde_json",
        "serde_path_to_error", "strsim", "thiserror", "tokio", "unicode-properties", "unicode-segmentation", "url"}
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
cargo mutants --jobs 2 --file 'src/sale.rs' --file 'src/sale/**/*.rs' --output . "$@" -- --lib sale::
