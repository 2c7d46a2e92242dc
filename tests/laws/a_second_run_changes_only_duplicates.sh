#!/bin/bash
# The same inbox again: nothing is new, the master stays as it was.
. "$(dirname "$0")/common.sh"
night "$work/n"
run "$work/n/inbox" "$work/s" "$work/o1"
run "$work/n/inbox" "$work/s" "$work/o2"
for folder in resolve master return; do
	same "$work/o1/$folder" "$work/o2/$folder" "$folder of the first run and of the second"
done
python3 - "$work" <<'PY'
import csv, sys
def ledger(run):
    rows = csv.DictReader(open(f'{sys.argv[1]}/{run}/ledger.csv', encoding='utf-8', newline=''))
    return {r['file']: r for r in rows}
first, second = ledger('o1'), ledger('o2')
assert first.keys() == second.keys()
for file, r in second.items():
    if r['status'] == 'ok':
        assert r['duplicate'] == r['rows'] == first[file]['rows'], r
PY
