#!/bin/bash
# Rows of one key that change and change back, over four days, rows without a key that are mended and
# sent again, and answers that change back: nights of one file or of several, in any order, give
# the master of all at once. ORDERS=n of them (12).
. "$(dirname "$0")/common.sh"
python3 tests/laws/come_back.py exports "$work/all"
run "$work/all" "$work/s" "$work/once"
python3 tests/laws/come_back.py answers "$work/all" "$work/once/clean/rejects.csv"
run "$work/all" "$work/s" "$work/once"
for order in $(seq "${ORDERS:-12}"); do
	rm -rf "$work/si" "$work/oi"
	ls "$work/all" | LC_ALL=C sort | python3 tests/laws/come_back.py nights "$order" >"$work/nights"
	while read -ra files; do
		mkdir "$work/one"
		(cd "$work/all" && cp "${files[@]}" "$work/one")
		run "$work/one" "$work/si" "$work/oi"
		rm -r "$work/one"
	done <"$work/nights"
	for table in customer pending vehicle ownership contact relation lineage review; do
		cmp -s "$work/once/master/$table.csv" "$work/oi/master/$table.csv" || {
			cat "$work/nights"
			diff "$work/once/master/$table.csv" "$work/oi/master/$table.csv" | cut -c1-300
			echo "$table.csv is another one in order $order" >&2
			exit 1
		}
	done
	"$yice" audit --out "$work/oi" >/dev/null || { echo "order $order does not balance" >&2; exit 1; }
done
