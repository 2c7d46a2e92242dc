#!/bin/bash
# Ten nights, each with its own run, give the master tables and keys of all ten at once; the
# files of one of them come a day late.
. "$(dirname "$0")/common.sh"
night "$work/n" --days 10 --people 600 --seed 10
run "$work/n/inbox" "$work/all" "$work/at_once"
for day in $(seq -w 22 28) 01 02 03; do
	month=$([ "$day" -gt 20 ] && echo 02 || echo 03)
	inbox=$work/inbox_$month$day
	mkdir "$inbox"
	cp "$work"/n/inbox/*_2026$month$day* "$inbox"
	if [ "$day" = 25 ]; then # half of this day's files are late
		mkdir "$work/late"
		mv "$inbox"/*_hq_* "$work/late"
	elif [ "$day" = 26 ]; then
		cp "$work"/late/* "$inbox"
	fi
	rm -rf "$work/nights"
	DATE=2026-$month-$day run "$inbox" "$work/state" "$work/nights"
done
for table in customer vehicle pending ownership contact relation lineage; do
	cmp "$work/at_once/master/$table.csv" "$work/nights/master/$table.csv"
done
