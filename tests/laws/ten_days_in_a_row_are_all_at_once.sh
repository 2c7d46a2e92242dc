#!/bin/bash
# Ten nights, each with its own run, give the master tables and keys of all ten at once: with
# the answers of the dealers to the night before (also to what only the whole shows), with
# people's decisions, one of them taken back, and with files of one night that come a day late.
# So do the same nights from the last to the first.
. "$(dirname "$0")/common.sh"
night "$work/n" --days 10 --people 600 --seed 10
decide() { # DECISION_ID ACTION CUSTOMER OTHER
	[ -e "$inbox/decisions.csv" ] ||
		echo decision_id,decided_on,who,action,customer_id,other_customer_id,record_id,attribute,value,note \
			>"$inbox/decisions.csv"
	echo "$1,2026-$month-$day,analyst,$2,$3,$4,,,," >>"$inbox/decisions.csv"
}
customer() { sed -n "$(($1 + 1))s/,.*//p" "$work/nights/master/$2.csv"; }
for day in $(seq -w 22 28) 01 02 03; do
	month=$([ "$day" -gt 20 ] && echo 02 || echo 03)
	inbox=$work/inbox/2026-$month-$day
	mkdir -p "$inbox"
	cp "$work"/n/inbox/*_2026$month$day* "$inbox"
	[ ! -d "$work/nights/return" ] ||
		python3 tests/laws/answer.py "$work/nights/return" "$inbox" "2026$month$day"
	case $day in
	25) # half of this day's files are late
		mkdir "$work/late"
		mv "$inbox"/*_hq_* "$work/late"
		;;
	26)
		cp "$work"/late/* "$inbox"
		decide m1 merge_customers "$(customer 1 customer)" "$(customer 2 customer)"
		decide m2 merge_customers "$(customer 3 customer)" "$(customer 1 pending)"
		;;
	27) decide k1 keep_apart "$(customer 4 customer)" "$(customer 5 customer)" ;;
	28) decide m1 remove "" "" ;;
	esac
	rm -rf "$work/nights"
	DATE=2026-$month-$day run "$inbox" "$work/state" "$work/nights"
done
run "$work/inbox" "$work/all" "$work/at_once"
for code in SHARED_ID MOBILE_SHARED NAME_CONFLICT; do
	grep -q ",$code,.*,applied," "$work/at_once/clean/corrections.csv"
done
for inbox in $(printf '%s\n' "$work"/inbox/* | sort -r); do
	rm -rf "$work/backwards"
	run "$inbox" "$work/state_backwards" "$work/backwards"
done
for table in customer vehicle pending ownership contact relation lineage; do
	cmp "$work/at_once/master/$table.csv" "$work/nights/master/$table.csv"
	cmp "$work/at_once/master/$table.csv" "$work/backwards/master/$table.csv"
done
