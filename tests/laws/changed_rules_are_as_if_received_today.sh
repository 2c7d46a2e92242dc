#!/bin/bash
# What was received under other rules is judged anew under those of today, the answers of
# dealers too: the master is that of a state which receives everything today.
. "$(dirname "$0")/common.sh"
night "$work/n" --people 300 --seed 5
cp -R rules "$work/rules"
# Other rules: a prefix that nobody knows is kept with a warning, and no e-mail is doubted.
sed -i 's/^MOBILE_PREFIX,blank,no/MOBILE_PREFIX,warn,yes/; s/^EMAIL_FORMAT,blank,no/EMAIL_FORMAT,warn,yes/' \
	"$work/rules/codes.csv"
! cmp -s rules/codes.csv "$work/rules/codes.csv"
days=(2026-03-01 2026-03-02 2026-03-03)
for day in "${days[@]}"; do
	mkdir "$work/inbox_$day"
	cp "$work"/n/inbox/*_"${day//-/}"* "$work/inbox_$day"
	# a dealer answers what was returned to it the day before: some rightly, some not, some
	# with a word that only the other rules let count
	if [ -d "$work/o/return" ]; then
		python3 tests/laws/answer.py "$work/o/return" "$work/inbox_$day" "${day//-/}"
	fi
	rm -rf "$work/o"
	DATE=$day run "$work/inbox_$day" "$work/s" "$work/o"
done
mkdir "$work/empty" "$work/all"
cp "$work"/inbox_*/* "$work/all"
run "$work/empty" "$work/s" "$work/changed" --rules "$work/rules"
run "$work/all" "$work/s_today" "$work/today" --rules "$work/rules"
run "$work/all" "$work/s_before" "$work/before"
! cmp -s "$work/before/master/customer.csv" "$work/today/master/customer.csv"
for table in customer vehicle pending ownership contact relation lineage review rejects; do
	cmp "$work/changed/master/$table.csv" "$work/today/master/$table.csv"
done
cmp "$work/changed/resolve/clusters.csv" "$work/today/resolve/clusters.csv"
