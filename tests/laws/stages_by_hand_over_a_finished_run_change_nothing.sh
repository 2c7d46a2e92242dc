#!/bin/bash
# The stages by hand over what a run left, with the state that already holds that run: where nothing
# was changed they give the bytes that the run wrote, on the first night, on a later one, and after
# somebody was forgotten. Only resolve/repeated.csv comes with a stage by hand,
# and audit finds nothing to complain about.
. "$(dirname "$0")/common.sh"
night "$work/n"
mkdir "$work/inbox"

again() { # again DATE WHAT
	local out=$work/out
	rm -rf "$work/was"
	cp -r "$out" "$work/was"
	for stage in resolve merge; do
		yice $stage --rules rules --in "$out" --out "$out" --state "$work/s" --date "$1"
	done
	for stage in report return; do
		yice $stage --in "$out" --out "$out" --state "$work/s" --date "$1"
	done
	"$yice" audit --out "$out" >"$work/audit" || { echo "$2: $(head -3 "$work/audit")" >&2; exit 1; }
	rm "$out/resolve/repeated.csv"
	same "$work/was" "$out" "$2"
}

for day in 2026-03-01 2026-03-02 2026-03-03; do
	cp "$work"/n/inbox/*_"${day//-/}"* "$work/inbox/"
	DATE=$day run "$work/inbox" "$work/s" "$work/out"
	again $day "the stages by hand over the night of $day"
done
[ "$(rows "$work/out/master/history.csv")" -gt 0 ] || { echo "no night told a change" >&2; exit 1; }

# The night that forgets is the last one made again; its report compares with the nights before it.
person=$(python3 -c '
import csv, sys
print(next(row["id_number"] for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")) if row["id_number"]))
' "$work/out/master/customer.csv")
"$yice" forget "$person" --state "$work/s" --out "$work/out" >"$work/forgot" 2>&1 || { cat "$work/forgot" >&2; exit 1; }
again $date "the stages by hand after somebody was forgotten"
