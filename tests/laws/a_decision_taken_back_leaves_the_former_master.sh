#!/bin/bash
# People merge two customers, and a pending one with a third; when they take it back, the master
# is what it was, to the byte.
. "$(dirname "$0")/common.sh"
night "$work/n"
mkdir "$work/empty"
run "$work/n/inbox" "$work/s" "$work/before"
mapfile -t customer < <(tail -n +2 "$work/before/master/customer.csv" | cut -d, -f1 | head -3)
pending=$(tail -n +2 "$work/before/master/pending.csv" | cut -d, -f1 | head -1)
decide() {
	yice review --state "$work/s" --by analyst --date $date "$@" >"$work/said"
	sed 's/:.*//' "$work/said"
}
one=$(decide add merge_customers customer_id="${customer[0]}" other_customer_id="${customer[1]}")
two=$(decide add merge_customers customer_id="$pending" other_customer_id="${customer[2]}")
run "$work/empty" "$work/s" "$work/merged"
for gone in "${customer[1]}" "$pending"; do
	grep -q "^$gone," "$work/merged/master/superseded.csv"
	! grep -q "^$gone," "$work/merged/master/customer.csv" "$work/merged/master/pending.csv"
done
decide remove "$one" >/dev/null
decide remove "$two" >/dev/null
run "$work/empty" "$work/s" "$work/after"
for table in "$work"/before/master/*.csv; do
	case $table in */history.csv) continue ;; esac # tells what changed since the run before
	cmp "$table" "$work/after/master/$(basename "$table")"
done
