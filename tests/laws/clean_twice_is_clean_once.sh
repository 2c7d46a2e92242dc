#!/bin/bash
# What clean made is clean: cleaned again, no value changes.
. "$(dirname "$0")/common.sh"
night "$work/n"
run "$work/n/inbox" "$work/s" "$work/o"
for entity in customer vehicle contact; do
	"$yice" clean --table $entity --rules rules --rejects "$work/rejects.csv" \
		<"$work/o/clean/$entity.csv" >"$work/twice.csv"
	cmp "$work/o/clean/$entity.csv" "$work/twice.csv"
done
