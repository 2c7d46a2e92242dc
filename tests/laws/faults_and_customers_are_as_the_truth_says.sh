#!/bin/bash
# A generated night against its truth: every fault told and no other, the values cleaned, the
# records of one customer together, the golden values those of the rules.
. "$(dirname "$0")/common.sh"
night "$work/n" --people 6000 --dealers 9 --faults 1 --seed 3
run "$work/n/inbox" "$work/s" "$work/o"
"$build/tests/truth/compare" --truth "$work/n/truth" --out "$work/o" --recall 0.995 --precision 0.995 \
	--values 0.998 --pair-precision 0.9995 --pair-recall 0.99 --golden 0.995 >"$work/comparison" ||
	{ cat "$work/comparison"; exit 1; }
