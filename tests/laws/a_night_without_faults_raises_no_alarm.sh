#!/bin/bash
# Nothing is told of exports that are right, but what belongs to them: prospects without an ID
# number, imports without a check digit, counties in no table, a salesman's phone.
. "$(dirname "$0")/common.sh"
night "$work/n" --people 4000 --faults 0 --seed 5
run "$work/n/inbox" "$work/s" "$work/o"
"$build/tests/truth/compare" --truth "$work/n/truth" --out "$work/o" --recall 1 --precision 1 --values 1 \
	--pair-precision 1 --pair-recall 0.995 --golden 0.995 >"$work/comparison" ||
	{ cat "$work/comparison"; exit 1; }
