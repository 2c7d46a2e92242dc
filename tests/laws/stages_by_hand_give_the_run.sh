#!/bin/bash
# From a fresh state, the stages one by one give the bytes of `yice run`.
. "$(dirname "$0")/common.sh"
night "$work/n"
run "$work/n/inbox" "$work/s" "$work/run"
hand=$work/hand
yice extract --schemas schemas --out "$hand" --date $date "$work"/n/inbox/*
yice clean --rules rules --in "$hand" --out "$hand"
yice resolve --rules rules --in "$hand" --out "$hand"
yice merge --rules rules --in "$hand" --out "$hand"
yice report --in "$hand" --out "$hand"
yice return --in "$hand" --out "$hand"
# What only a run knows stays out of both.
for table in $(cd "$work/run" && find . -name '*.csv' -o -name '*.html' -o -name '*.prom' -o -name '*.xlsx' | LC_ALL=C sort); do
	cmp -s "$work/run/$table" "$hand/$table" || differ="${differ:-} $table"
done
[ -z "${differ:-}" ] || { echo "not the same:$differ" >&2; exit 1; }
