#!/usr/bin/env bash
# Runs the property tests and the random long days with a random seed and prints the seed. Pass a seed to repeat a run.
#
#     tests/seeds.sh
#     tests/seeds.sh 4711
set -euo pipefail
cd "$(dirname "$0")/.."
seed=${1:-$RANDOM$RANDOM}
echo "seed $seed"
PROPTEST_RNG_SEED=$seed cargo test --locked --lib properties
LEDGER_SEED=$seed cargo test --locked --test it ledger::
