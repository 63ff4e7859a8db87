#!/bin/sh
# Sells one thing through patron-display, and prints the outcome.
#
#     sell.sh 12.50 A1-2047
set -u
amount=$1 reference=$2

# After a kill or a power cut, start it again: the same reference is the same sale, and charges once. Stop after
# some tries.
for pause in 1 2 4 0; do
    patron-display sale --amount "$amount" --ref "$reference" --json >"$reference.json"
    code=$?
    case $code in
    0 | 10 | 20 | 21 | 22 | 30 | 40 | 41 | 64 | 69 | 71 | 75 | 78 | 126 | 127) break ;;
    esac
    sleep "$pause"
done
case $code in
0) echo paid ;;
10) echo "paid in part: see $reference.json for what is owed" ;;
20 | 21) echo "not charged" ;;
22) echo "going back" ;;
30) echo "not known: do not charge again" ;;
40 | 41) echo "not sold: nothing can be paid" ;;
64 | 69 | 71 | 75 | 78) echo "not begun: the sentence on standard error says why" ;;
126 | 127) echo "not begun: patron-display cannot be run" ;;
*) echo "not known: do not charge again; the program ended with $code" ;;
esac
exit $code
