#!/bin/bash
# An output damaged in one place fails the comparison that passed before.
. "$(dirname "$0")/common.sh"
night "$work/n" --people 1200 --faults 0 --seed 5
run "$work/n/inbox" "$work/s" "$work/o"
limits="--recall 1 --precision 1 --values 1 --pair-precision 1 --golden 0.99"
compare() {
	"$build/tests/truth/compare" --truth "$work/n/truth" --out "$1" $limits --examples 0 >"$work/comparison"
}
compare "$work/o" || { cat "$work/comparison"; exit 1; }

damaged() { # damaged TABLE PROGRAM: awk's program over the table, past its header
	rm -rf "$work/bad"
	cp -r "$work/o" "$work/bad"
	awk "$2" "$work/o/$1" >"$work/bad/$1"
	cmp -s "$work/o/$1" "$work/bad/$1" && { echo "not damaged: $1" >&2; exit 1; }
	if compare "$work/bad"; then
		echo "not noticed: $1 $2" >&2
		exit 1
	fi
}
damaged clean/rejects.csv 'NR != 2' # a fault is not told
damaged clean/rejects.csv '{ if (NR == 2) { gsub(/ID_MISSING|VIN_CHECKSUM|ID_REGION/, "NAME_MISSING") } print }'
damaged clean/customer.csv '!done && /^dms_customer/ { done = sub(/resident/, "passport") } { print }'
damaged clean/vehicle.csv '/^invoice/ && !gone++ { next } { print }'
damaged resolve/clusters.csv 'BEGIN { FS = OFS = "," } { if (NR > 1 && NR < 60) $2 = "0"; print }'
damaged master/customer.csv 'BEGIN { FS = OFS = "," } { if (NR > 1) $5 = "王"; print }'
damaged master/vehicle.csv 'NR % 20 != 3'
damaged ledger.csv 'BEGIN { FS = OFS = "," } { if (NR == 3) $6 = 999; print }'
