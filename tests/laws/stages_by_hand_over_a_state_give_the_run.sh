#!/bin/bash
# extract and clean by hand know no state. From resolve on, --state adds what earlier runs received,
# whatever of it the inbox still holds: the master, the clusters and all that is returned are those
# of `yice run`.
. "$(dirname "$0")/common.sh"
night "$work/n"
mkdir "$work/all"

# nights FIRST...: what `yice run` makes of the inbox as it grows, and the state before the last.
nights() {
	rm -rf "$work/all" "$work/new" "$work/s" "$work/run" "$work/before"
	mkdir "$work/all" "$work/new"
	for day in "$@"; do
		rm -rf "$work/new" "$work/before"
		mkdir "$work/new"
		[ ! -d "$work/s" ] || cp -r "$work/s" "$work/before"
		for d in ${day//+/ }; do
			cp "$work"/n/inbox/*_"$d"* "$work/new/"
		done
		cp "$work"/new/* "$work/all/"
		run "$work/all" "$work/s" "$work/run"
	done
}

by_hand() { # by_hand INBOX: the stages over the state before the last night
	hand=$work/hand
	rm -rf "$hand" "$work/state"
	cp -r "$work/before" "$work/state"
	yice extract --schemas schemas --out "$hand" --date $date "$1"/*
	yice clean --rules rules --in "$hand" --out "$hand"
	for stage in resolve merge; do
		yice $stage --rules rules --in "$hand" --out "$hand" --state "$work/state" --date $date
	done
	for stage in report return; do
		yice $stage --in "$hand" --out "$hand" --state "$work/state" --date $date
	done
}

compare() { # compare WHAT
	local differ=
	"$yice" audit --out "$hand" >"$work/audit" || true
	grep -q 'the ledger balances' "$work/audit" || { echo "$1: $(head -3 "$work/audit")" >&2; exit 1; }
	for table in $(cd "$work/run" && find master resolve return report/returns.csv -type f | LC_ALL=C sort); do
		cmp -s "$work/run/$table" "$hand/$table" || differ="$differ $table"
	done
	[ -z "$differ" ] || { echo "$1: not the same:$differ" >&2; exit 1; }
}

nights 20260301 20260302 20260303
by_hand "$work/all"
compare "the whole inbox over two nights"
nights 20260301+20260302 20260303
by_hand "$work/all"
compare "the whole inbox over one night"
# Answers to what earlier runs told cannot be judged without them.
rm "$work"/n/inbox/correction_*
nights 20260301+20260302 20260303
by_hand "$work/new"
compare "the new files alone"
nights 20260301 20260303 20260302
by_hand "$work/all"
compare "the whole inbox, a night that came late"
