"""The dealer's hands, and a look at what came of it. Usage: mend_workbook.py STEP FOLDER"""
import csv
import json
import sys

import openpyxl

STEP, WORK = sys.argv[1:3]
FIRST, SECOND = f'{WORK}/first', f'{WORK}/second'


def rows_of(path, encoding='utf-8'):
    with open(path, encoding=encoding, newline='') as f:
        return list(csv.DictReader(f))


def returned(out, dealer):
    return rows_of(f'{out}/return/{dealer}/rejects.csv', 'utf-8-sig')


def record_of(line):
    return line['文件'].split('.')[0] + ':' + line['行号']


def right_values():
    """What should have stood there, by record and code: of the generator's truth."""
    return {(r['record_id'], r['code']): r['right']
            for r in rows_of(f'{WORK}/n/truth/faults.csv') if r['right']}


def plan():
    """退回编号 -> (what becomes of it, what is typed)."""
    right, told = right_values(), returned(FIRST, 'D001')
    own = [r for r in told if '_D001_' in r['文件']]
    mended = [r for r in own if (record_of(r), r['错误代码']) in right]
    todo = {r['退回编号']: ('fixed', right[record_of(r), r['错误代码']]) for r in mended[:12]}
    rest = [r for r in own if r['退回编号'] not in todo]
    wrong = next(r for r in rest if r['错误代码'] == 'MOBILE_MISSING')
    sure = next(r for r in rest if r['错误代码'] == 'ADDRESS_MISSING')
    todo[wrong['退回编号']] = ('wrong_again', '1380013')
    todo[sure['退回编号']] = ('confirmed', '确认无误')
    return todo


def type_corrections():
    book = openpyxl.load_workbook(f'{WORK}/opened.xlsx')
    assert book.sheetnames == ['退回清单', '说明'], book.sheetnames
    sheet, todo = book.worksheets[0], plan()
    header = [c.value for c in sheet[1]]
    told = returned(FIRST, 'D001')
    at = {name: i for i, name in enumerate(header)}
    assert header == list(told[0]), header
    for line, row in zip(told, sheet.iter_rows(min_row=2)):
        for name, cell in zip(header, row):
            assert cell.data_type in 'sn' and (cell.value is None or isinstance(cell.value, str)), cell
            assert (cell.value or '').lstrip("'") == line[name].lstrip("'"), (cell.value, line[name])
        if line['退回编号'] in todo:
            row[at['更正值']].value = todo[line['退回编号']][1]
    for row in range(sheet.max_row, 1, -1):  # she deletes what she does not know
        if sheet.cell(row, at['退回编号'] + 1).value not in todo and row % 3 == 0:
            sheet.delete_rows(row)
    sheet.move_range(f'I1:I{sheet.max_row}', cols=6)  # and puts her column at the end
    sheet.delete_cols(9)
    book.save(f'{WORK}/typed.xlsx')
    json.dump(todo, open(f'{WORK}/plan.json', 'w'))


def invent():
    """D003 answers with a number of D001's, and with one that never was."""
    theirs = returned(FIRST, 'D001')[0]['退回编号']
    with open(f'{WORK}/inbox/correction_D003_20260302.csv', 'w', newline='', encoding='utf-8-sig') as f:
        w = csv.writer(f)
        w.writerow(['退回编号', '更正值'])
        w.writerow([theirs, '13800138000'])
        w.writerow(['0123456789abcdef', '13800138000'])


def check():
    todo = json.load(open(f'{WORK}/plan.json'))
    status = {r['reject_id']: r for r in rows_of(f'{SECOND}/report/returns.csv')}
    before = {r['退回编号'] for r in returned(FIRST, 'D001')}
    now = {r['退回编号']: r for r in returned(SECOND, 'D001')}
    ledger = {r['file']: r for r in rows_of(f'{SECOND}/ledger.csv')}
    for reject_id, (becomes, typed) in todo.items():
        assert status[reject_id]['status'] == becomes, (status[reject_id], becomes, typed)
        assert (reject_id in now) == (becomes == 'wrong_again'), reject_id
        assert (status[reject_id]['closed_on'] == '2026-03-02') == (becomes != 'wrong_again')
        if becomes == 'wrong_again':
            assert typed in now[reject_id]['错误说明'], now[reject_id]
    unanswered = before - set(todo)
    assert len(unanswered) > 5
    for reject_id in unanswered & set(now):
        r = status[reject_id]
        assert r['status'] == 'open' and r['days'] == '1' and r['first_sent'] == '2026-03-01', r
        assert now[reject_id]['首次退回'] == '2026-03-01'
    assert len(unanswered & set(now)) > 0.8 * len(unanswered)
    # each value typed is a record now, digit by digit, and some decide in the master
    typed = {t for becomes, t in todo.values() if becomes == 'fixed'}
    records = {v for table in ('customer', 'vehicle', 'contact')
               for r in rows_of(f'{SECOND}/clean/{table}.csv') for v in r.values()
               if r['record_id'].startswith('correction_D001_20260302:')}
    assert typed <= records, typed - records
    decided = {r['value'] for r in rows_of(f'{SECOND}/master/lineage.csv')
               if r['record_id'].startswith('correction_D001_20260302:')}
    assert decided & typed, (decided, typed)
    # what could not be used has its answer, in the ledger too
    assert any(r['文件'] == 'correction_D002_20260302.xlsx' for r in returned(SECOND, 'D002'))
    assert ledger['correction_D002_20260302.xlsx']['status'] == 'quarantined'
    answers = [r for r in returned(SECOND, 'D003') if r['文件'] == 'correction_D003_20260302.csv']
    assert [r['行号'] for r in answers] == ['2', '3'], answers
    assert ledger['correction_D003_20260302.csv']['rejected'] == '2'
    assert status[answers[0]['退回编号']]['status'] == 'open'
    with open(f'{WORK}/mended', 'w') as f:
        for r in rows_of(f'{SECOND}/resolve/clusters.csv'):
            if r['record_id'].startswith('correction_D001_20260302:'):
                f.write(r['customer_id'] + ' ' + r['record_id'] + '\n')


{'type': type_corrections, 'invent': invent, 'check': check}[STEP]()
