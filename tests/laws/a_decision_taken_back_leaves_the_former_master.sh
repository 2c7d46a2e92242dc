#!/bin/bash
# People merge two customers, and a pending one with a third, keep two apart, split a record off,
# accept a change that waits and refuse what the program proposes; when they take it all back,
# the master is what it was, to the byte.
. "$(dirname "$0")/common.sh"
night "$work/n"
mkdir "$work/empty"
for day in 1 2; do # a car that is sold on: its date of purchase waits for a person
	cp "fixtures/run/a_car_sold_twice/$day/invoice_hq_2026030$day.csv" \
		"$work/n/inbox/invoice_hq_2026030${day}_SOLD.csv"
done
run "$work/n/inbox" "$work/s" "$work/before"
mapfile -t customer < <(tail -n +2 "$work/before/master/customer.csv" | cut -d, -f1 | head -4)
pending=$(tail -n +2 "$work/before/master/pending.csv" | cut -d, -f1 | head -1)
decide() {
	yice review --state "$work/s" --by analyst --date $date "$@" >"$work/said"
	sed 's/:.*//' "$work/said"
}
review_of() { sed -n "s/^\([0-9a-f]*\),$1,[0-9a-f]*,$2,.*/\1/p" "$work/before/master/review.csv" | head -1; }
attached=$(grep -m1 'mobile_name.*,id,' "$work/before/resolve/clusters.csv")
made=(
	"$(decide add merge_customers customer_id="${customer[0]}" other_customer_id="${customer[1]}")"
	"$(decide add merge_customers customer_id="$pending" other_customer_id="${customer[2]}")"
	"$(decide add keep_apart customer_id="${customer[2]}" other_customer_id="${customer[3]}")"
	"$(decide add split customer_id="$(cut -d, -f2 <<<"$attached")" record_id="$(cut -d, -f1 <<<"$attached")")"
	"$(decide accept "$(review_of change_held purchase_date)")"
)
run "$work/empty" "$work/s" "$work/decided"
for gone in "${customer[1]}" "$pending"; do
	grep -q "^$gone," "$work/decided/master/superseded.csv"
	! grep -q "^$gone," "$work/decided/master/customer.csv" "$work/decided/master/pending.csv"
done
! grep -q "^$(cut -d, -f1,2 <<<"$attached")," "$work/decided/resolve/clusters.csv"
grep -q '^vehicle,.*,purchase_date,.*,decision,' "$work/decided/master/lineage.csv"
for one in "${made[@]}"; do
	[ -n "$one" ]
	decide remove "$one" >/dev/null
done
run "$work/empty" "$work/s" "$work/after"
for table in "$work"/before/master/*.csv; do
	case $table in
	*/history.csv) continue ;; # tells what changed since the run before
	*/superseded.csv) # and of the key that the record which was split off had meanwhile
		grep -vFf <(cut -d, -f1 "$work/decided/master/pending.csv" | tail -n +2) \
			"$work/after/master/superseded.csv" | cmp "$table" -
		continue
		;;
	esac
	cmp "$table" "$work/after/master/$(basename "$table")"
done
cmp "$work/before/resolve/clusters.csv" "$work/after/resolve/clusters.csv"
