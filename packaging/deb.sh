#!/usr/bin/env bash
# Builds the Debian package, on the oldest system that it is for, and leaves it in target/debian/. What is given to it is
# given on to cargo deb: packaging/deb.sh --maintainer "NAME <ADDRESS>"
set -euo pipefail
cd "$(dirname "$0")/.."

# The tool, as .ci/run gets its own.
tools=target/ci-tools
PATH=$PWD/$tools/bin:$PATH
command -v cargo-deb >/dev/null ||
    cargo install --locked --debug --root "$tools" --version 3.8.0 cargo-deb
for needed in dpkg-shlibdeps gzip; do
    command -v "$needed" >/dev/null || { echo "$needed is missing: apt-get install dpkg-dev gzip" >&2; exit 1; }
done

cargo build --release --locked

# What the package has beside the program, as [package.metadata.deb] in Cargo.toml lists it.
made=target/package
rm -rf "$made"
mkdir -p "$made"
target/release/patron-display generate man --out "$made/man"
target/release/patron-display generate completions --out "$made/completions"
packaging/licences.sh | gzip -9n >"$made/third-party.txt.gz"

# So that there is one to install, whatever was built before.
rm -f target/debian/patron-display_*.deb
cargo deb --no-build --locked "$@"
