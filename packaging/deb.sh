#!/usr/bin/env bash
# Builds the Debian package in target/debian/. Run it on the oldest system that the package is for. Arguments are passed on
# to cargo deb: packaging/deb.sh --maintainer "NAME <ADDRESS>"
set -euo pipefail
cd "$(dirname "$0")/.."

# Installs the tool below target/, as .ci/run does with its tools.
tools=target/ci-tools
PATH=$PWD/$tools/bin:$PATH
command -v cargo-deb >/dev/null ||
    cargo install --locked --debug --root "$tools" --version 3.8.0 cargo-deb
for needed in dpkg-shlibdeps gzip; do
    command -v "$needed" >/dev/null || { echo "$needed is missing: apt-get install dpkg-dev gzip" >&2; exit 1; }
done

cargo build --profile dist --locked

# The generated files of the package. [package.metadata.deb] in Cargo.toml lists them.
made=target/package
rm -rf "$made"
mkdir -p "$made"
target/dist/patron-display generate man --out "$made/man"
target/dist/patron-display generate completions --out "$made/completions"
packaging/licences.sh | gzip -9n >"$made/third-party.txt.gz"

# Only the new package remains.
rm -f target/debian/patron-display_*.deb
cargo deb --no-build --profile dist --locked "$@"
