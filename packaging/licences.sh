#!/usr/bin/env bash
# Prints the licences of all crates that are linked into the program. Each text appears once, below the names of its
# crates.
set -euo pipefail
cd "$(dirname "$0")/.."

manifests=$(cargo metadata --locked --format-version 1 | grep -o '"manifest_path":"[^"]*"' | cut -d'"' -f4)
declare -A texts crates
without=
while read -r name version licence; do
    directory=$(dirname "$(grep -m1 -F "/$name-${version#v}/Cargo.toml" <<<"$manifests")")
    crate="$name ${version#v} ($licence)"
    any=
    for file in "$directory"/{LICENSE,LICENCE,COPYING,COPYRIGHT,NOTICE,UNLICENSE,license}* "$directory"/fonts/*LICENSE*; do
        [ -f "$file" ] || continue
        sum=$(sha256sum <"$file")
        texts[$sum]=$file
        crates[$sum]+="$crate"$'\n'
        any=yes
    done
    [ -n "$any" ] || without+="$crate"$'\n'
# The program has its own licence file. Macros are not linked.
done < <(cargo tree --locked -e normal,no-proc-macro --prefix none --format '{p}|{l}' |
    sed 's/ (\*)$//; s/ (\/[^)]*)//; s/|/ /' | grep -v '^patron-display ' | sort -u)

printf 'The crates that are linked into patron-display, and their licences.\n'
printf '\nThe built-in font is Fira Sans: Copyright 2012-2015, The Mozilla Foundation and Telefonica S.A.,\n'
printf 'under the SIL Open Font License, version 1.1 (https://openfontlicense.org).\n'
printf '\nCrates without a licence text:\n\n%s' "$without"
for sum in $(printf '%s\n' "${!texts[@]}" | cut -d' ' -f1 | sort); do
    printf '\n%s\n\n%s\n' "$(printf '=%.0s' {1..78})" "${crates["$sum  -"]}"
    cat "${texts["$sum  -"]}"
done
