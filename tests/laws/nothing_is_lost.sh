#!/bin/bash
# Every row of the inbox is booked once, and every accepted one is in a cleaned table.
. "$(dirname "$0")/common.sh"
night "$work/n" --people 1500
run "$work/n/inbox" "$work/s" "$work/o"
"$yice" audit --out "$work/o" >"$work/audit" || { cat "$work/audit" >&2; exit 1; }
python3 - "$work" <<'PY'
import csv, sys
work = sys.argv[1]
def table(path):
    return list(csv.DictReader(open(path, encoding='utf-8', newline='')))
ledger = {r['file']: r for r in table(f'{work}/o/ledger.csv')}
for r in table(f'{work}/n/truth/files.csv'):
    booked = ledger.pop(r['file'])
    assert booked['status'] == r['status'], (r, booked)
    if r['status'] == 'ok':
        fates = sum(int(booked[k]) for k in ('accepted', 'flagged', 'rejected', 'duplicate'))
        assert int(booked['rows']) == int(r['rows']) == fates, (r, booked)
assert not ledger, f'booked and never sent: {sorted(ledger)}'
clean = set()
for entity in ('customer', 'vehicle', 'contact'):
    clean |= {r['record_id'] for r in table(f'{work}/o/clean/{entity}.csv')}
rejected = {r['record_id'] for name in ('extract', 'clean')
            for r in table(f'{work}/o/{name}/rejects.csv') if r['action'] == 'reject'}
sent = {r['record_id'] for r in table(f'{work}/n/truth/records.csv') if r['duplicate'] == 'no'}
lost = sent - clean - rejected
assert not lost, f'in no table: {sorted(lost)[:5]} and {len(lost) - 1} more'
PY
