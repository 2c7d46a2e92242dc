#!/bin/bash
# A run that brings nothing new takes over what the last run made, and leaves the same bytes in OUT
# and in the state as one that makes it all anew, because the results of the last are gone. Where
# anything that they were made of has changed, or one of them was, nothing is taken over.
. "$(dirname "$0")/common.sh"
night "$work/n" --days 4 --people 600 --seed 12
cp -R rules schemas "$work"

# again STATE OUT [options]: the last night once more; says whether it was carried over.
again() {
	local status=0
	"$yice" run --inbox "$inbox" --state "$1" --out "$2" --date "${DATE:-$date}" \
		--rules "$work/rules" --schemas "$work/schemas" "${@:3}" 2>"$work/said" || status=$?
	[ $status -le 1 ] || { cat "$work/said" >&2; exit 1; }
	echo $status >"$work/status"
	grep -q 'is carried over' "$work/said" && echo carried || echo anew
}

expect() { # expect carried|anew WHAT WHICH
	[ "$1" = "$3" ] || { echo "$2: $3, not $1" >&2; exit 1; }
}

# The night before last left people's decisions and the dealers' answers to be judged.
for day in 28 01 02 03; do
	month=$([ "$day" = 28 ] && echo 02 || echo 03)
	inbox=$work/inbox/$day
	mkdir -p "$inbox"
	cp "$work"/n/inbox/*_2026$month$day* "$inbox"
	[ ! -d "$work/o/return" ] || python3 tests/laws/answer.py "$work/o/return" "$inbox" "2026$month$day"
	if [ "$day" = 02 ]; then
		echo decision_id,decided_on,who,action,customer_id,other_customer_id,record_id,attribute,value,note
		echo "m1,2026-03-02,analyst,merge_customers,$(sed -n 2s/,.*//p "$work/o/master/customer.csv"),$(sed -n 3s/,.*//p "$work/o/master/pending.csv"),,,,"
		echo "m2,2026-03-02,analyst,merge_customers,nobody,nobody_else,,,,"
	fi >"$work/decisions.csv"
	[ ! -s "$work/decisions.csv" ] || cp "$work/decisions.csv" "$inbox"
	expect anew "a night with news" "$(DATE=2026-$month-$day again "$work/s" "$work/o")"
done
[ "$(wc -l <"$work/o/master/history.csv")" -gt 1 ] || { echo "the night changed nothing" >&2; exit 1; }

# compare NAME [options]: once carried over, once anew; results, state, audit and status are the same.
compare() {
	local name=$1 status
	shift
	rm -rf "$work"/{s1,s2,o1,o2}
	cp -R "$work/s" "$work/s1"
	cp -R "$work/s" "$work/s2"
	expect carried "$name" "$(again "$work/s1" "$work/o1" "$@")"
	status=$(cat "$work/status")
	mv "$work/o" "$work/away"
	expect anew "$name, its results gone" "$(again "$work/s2" "$work/o2" "$@")"
	mv "$work/away" "$work/o"
	[ "$status" = "$(cat "$work/status")" ] || { echo "$name: status $status, anew $(cat "$work/status")" >&2; exit 1; }
	same "$work/o1" "$work/o2" "$name: what was carried over and what was made anew"
	for state in s1 s2; do # where a run wrote stands in the manifest, and its sum at the end
		sed -i '/^out,/d; /^end,/d' "$work/$state/manifest.csv"
	done
	same "$work/s1" "$work/s2" "$name: the states behind them"
	"$yice" audit --out "$work/o1" >"$work/said"
}
compare "the night again" --publish none
compare "without its lineage" --publish none --tables final
compare "with a snapshot"
compare "for a store that lasts" --publish "sqlite:$work/lasting.sqlite" --tables final

# Into the same OUT, as a schedule does; and once more on what was carried over.
cp -R "$work/s" "$work/s3"
expect carried "into the same OUT" "$(again "$work/s3" "$work/o")"
expect carried "a third time" "$(again "$work/s3" "$work/o")"
cp -R "$work/s3" "$work/s4"
expect carried "the lineage left out" "$(again "$work/s4" "$work/o4" --tables final)"
expect anew "the lineage asked for that the last run left out" "$(again "$work/s4" "$work/o4")"

other() { # other WHAT [options]: not carried over, from a copy of the state as it was
	rm -rf "$work/s5" "$work/o5"
	cp -R "$work/s3" "$work/s5"
	expect anew "$1" "$(again "$work/s5" "$work/o5" --publish none "${@:2}")"
}
DATE=2026-03-04 other "another day"
other "another language" --lang en
sed -i 's/^customer,name,finance>invoice/customer,name,invoice>finance/' "$work/rules/source_priority.csv"
other "another priority"
cp rules/source_priority.csv "$work/rules"
sed -i '$a # what the Ledger says' "$work/rules/followup.csv"
expect anew "lists that may ask for the ledger" "$(again "$work/s4" "$work/o4")"
expect anew "such lists once more" "$(again "$work/s4" "$work/o4")"
cp rules/followup.csv "$work/rules"
inbox=$work/inbox/02 other "other files than the night before"
printf 'x' >>"$work/o/master/vehicle.csv"
other "a result that somebody changed"
truncate -s -1 "$work/o/master/vehicle.csv"
rm "$work/o/return/D001/rejects.xlsx"
other "a result that is gone"
