"""What dealers type and send, and a look at what came of it. Usage: disguises.py STEP FOLDER"""
import csv
import io
import json
import os
import shutil
import sys
import zipfile

import openpyxl

STEP, WORK = sys.argv[1:3]
FIRST, SECOND, THIRD = (f'{WORK}/{name}' for name in ('first', 'second', 'third'))
GOOD = {  # dealer -> the name under which its corrections come
    'D001': 'correction_D001_20260302.xls',  # as LibreOffice saves it
    'D002': 'correction_D002_20260302.xlsx',  # an .xls
    'D003': 'correction_D003_20260302.xls',  # a web page
    'D004': 'correction_D004_20260302.XLS',  # an .xlsx
    'D005': 'correction_D005_20260302.xlsx',  # CSV in GB18030
}
BAD = {  # file -> what its sender is told
    'correction_D006_20260302_a.xlsx': '密码',
    'correction_D006_20260302_b.xlsx': '不完整',
    'correction_D006_20260302_c.xls': '不完整',
    'correction_D006_20260302_d.xls': '压缩包',
    'correction_D006_20260302_e.xlsx': '空的',
    'correction_D006_20260302_f.xls': '网页',
    'correction_D006_20260302_g.csv': '表头',
    'correction_D006_20260302 (1).xlsx': '日期',
    'correction_D006.xlsx': '经销商代码_年月日',
    'correction_D006_20260302_h.ods': '结尾',
}


def rows_of(path, encoding='utf-8'):
    with open(path, encoding=encoding, newline='') as f:
        return list(csv.DictReader(f))


def returned(out, dealer):
    return rows_of(f'{out}/return/{dealer}/rejects.csv', 'utf-8-sig')


def todo():
    """What each dealer mends: 退回编号 -> the value that the generator knows to be right."""
    right = {(r['record_id'], r['code']): r['right'] for r in rows_of(f'{WORK}/n/truth/faults.csv')}
    plan = {}
    for dealer in GOOD:
        own = [(r['退回编号'], right.get((r['文件'].split('.')[0] + ':' + r['行号'], r['错误代码'])))
               for r in returned(FIRST, dealer) if f'_{dealer}_' in r['文件']]
        plan[dealer] = dict([pair for pair in own if pair[1]][:8])
        assert len(plan[dealer]) >= 2, (dealer, own)
    return plan


def type_corrections():
    os.mkdir(f'{WORK}/typed')
    for dealer, values in todo().items():
        book = openpyxl.load_workbook(f'{FIRST}/return/{dealer}/rejects.xlsx')
        sheet = book.worksheets[0]
        at = [c.value for c in sheet[1]].index('更正值')
        for row in sheet.iter_rows(min_row=2):
            row[at].value = values.get(row[0].value)
        book.save(f'{WORK}/typed/{dealer}.xlsx')


def as_csv(dealer, encoding):
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(['退回编号', '更正值'])
    w.writerows(todo()[dealer].items())
    return out.getvalue().encode(encoding)


def send():
    os.mkdir(f'{WORK}/inbox')
    inbox = {name: f'{WORK}/inbox/{name}' for name in list(GOOD.values()) + list(BAD)}
    for dealer, source in (('D001', 'saved/D001.xls'), ('D002', 'saved/D002.xls'),
                           ('D003', 'saved/D003.html'), ('D004', 'typed/D004.xlsx')):
        shutil.copy(f'{WORK}/{source}', inbox[GOOD[dealer]])
    whole = {ending: open(f'{WORK}/{path}', 'rb').read()
             for ending, path in (('xlsx', 'typed/D004.xlsx'), ('xls', 'saved/D001.xls'))}
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, 'w') as z:
        z.writestr('photo.jpg', 'no workbook')
    for name, data in (
            (GOOD['D005'], as_csv('D005', 'gb18030')),
            ('correction_D006_20260302_b.xlsx', whole['xlsx'][:3000]),
            ('correction_D006_20260302_c.xls', whole['xls'][:3000]),
            ('correction_D006_20260302_d.xls', zipped.getvalue()),
            ('correction_D006_20260302_e.xlsx', b''),
            ('correction_D006_20260302_f.xls', b'<html><body>please log in</body></html>'),
            ('correction_D006_20260302_g.csv', '客户姓名,手机\r\n王小明,13800138000\r\n'.encode()),
            ('correction_D006_20260302 (1).xlsx', whole['xlsx']),
            ('correction_D006.xlsx', whole['xlsx']),
            ('correction_D006_20260302_h.ods', whole['xlsx'])):
        with open(inbox[name], 'wb') as f:
            f.write(data)
    # What was never returned to D006: numbers of D001's, invented ones, none, and a formula.
    theirs = list(todo()['D001'].items())[:2]
    with open(f'{WORK}/inbox/correction_D006_20260302_z.csv', 'w', newline='', encoding='utf-8-sig') as f:
        w = csv.writer(f)
        w.writerow(['退回编号', '更正值'])
        w.writerows(theirs + [('0123456789abcdef', 'x'), ('不存在', 'x'), ('', 'x'), ("=cmd|' /C calc'!A0", 'x')])


def check():
    status = {r['reject_id']: r['status'] for r in rows_of(f'{SECOND}/report/returns.csv')}
    ledger = {r['file']: r for r in rows_of(f'{SECOND}/ledger.csv')}
    for dealer, values in todo().items():
        stem = GOOD[dealer].rsplit('.', 1)[0]
        carried = {v for table in ('customer', 'vehicle', 'contact')
                   for r in rows_of(f'{SECOND}/clean/{table}.csv') for v in r.values()
                   if r['record_id'].startswith(stem + ':')}
        for reject_id, value in values.items():
            assert status[reject_id] == 'fixed', (dealer, reject_id, value, status[reject_id])
            assert value in carried, (dealer, value)
        assert ledger[GOOD[dealer]]['status'] == 'ok', ledger[GOOD[dealer]]
    told = returned(SECOND, 'D006')
    for name, word in BAD.items():
        mine = [r for r in told if r['文件'] == name]
        assert len(mine) == 1 and word in mine[0]['错误说明'], (name, mine)
        assert ledger[name]['status'] == 'quarantined' and ledger[name]['sender'] == 'D006', ledger[name]
        page = open(f'{SECOND}/return/D006/summary.html', encoding='utf-8').read()
        assert name in page and word in page, name
    rows = [r for r in told if r['文件'] == 'correction_D006_20260302_z.csv']
    assert [r['行号'] for r in rows] == ['2', '3', '4', '5', '6', '7'], rows
    assert {r['错误代码'] for r in rows} == {'VALUE_UNKNOWN'}, rows
    assert rows[-1]['原值'].startswith("'="), rows[-1]
    assert ledger['correction_D006_20260302_z.csv']['rejected'] == '6'
    json.dump([r['退回编号'] for r in told if r['文件'].startswith('correction_')], open(f'{WORK}/answers', 'w'))


def after():
    answers = json.load(open(f'{WORK}/answers'))
    status = {r['reject_id']: r['status'] for r in rows_of(f'{THIRD}/report/returns.csv')}
    listed = {r['退回编号'] for r in returned(THIRD, 'D006')}
    for reject_id in answers:
        assert (status[reject_id] == 'open') == (reject_id in listed), (reject_id, status[reject_id])
    quarantined = {r['退回编号'] for r in returned(SECOND, 'D006') if r['错误代码'] == 'FILE_QUARANTINED'}
    assert len(quarantined) == len(BAD) and not quarantined & listed


{'type': type_corrections, 'send': send, 'check': check, 'after': after}[STEP]()
