#!/bin/bash
# master/history.csv, told by merge from what the state remembers, says what `yice diff` finds
# between the outputs of the two nights.
. "$(dirname "$0")/common.sh"
night "$work/n" --days 3 --people 600 --seed 21
mkdir "$work/first" "$work/second"
cp "$work"/n/inbox/*_20260301* "$work"/n/inbox/*_20260302* "$work/first"
cp "$work"/n/inbox/*_20260303* "$work/second"
DATE=2026-03-02 run "$work/first" "$work/state" "$work/before"
cp -R "$work/before" "$work/kept"
DATE=2026-03-03 run "$work/second" "$work/state" "$work/after"
"$yice" diff --clear --quiet "$work/kept" "$work/after" >"$work/diff.csv"
python3 - "$work/diff.csv" "$work/after/master/history.csv" <<'END'
import csv, sys
bookkeeping = {"first_seen", "last_seen", "sources", "record_count"}
golden = {"customer", "pending", "vehicle"}
found, told = set(), set()
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    if row["table"] not in golden or row["attribute"] in bookkeeping:
        continue
    key = "vin" if row["table"] == "vehicle" else "customer_id"
    found.add((row["table"], row["key"], row["change"], row["attribute"] or key, row["a"], row["b"]))
for row in csv.DictReader(open(sys.argv[2], encoding="utf-8")):
    change, old, new = "changed", row["old_value"], row["new_value"]
    if row["attribute"] in ("vin", "customer_id"):
        change, old, new = ("added" if not old else "removed"), "", ""
    told.add((row["entity"], row["key"], change, row["attribute"], old, new))
assert told, "nothing changed between the two nights"
for line in sorted(found ^ told)[:10]:
    print(line, file=sys.stderr)
sys.exit(found != told)
END
