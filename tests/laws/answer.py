"""Answers of dealers to what was returned to them: answer.py RETURN INBOX YYYYMMDD

Each dealer mends one row in five, gives a value that is wrong again in one, says 确认无误 in one,
and leaves the others empty."""
import csv
import os
import sys

RIGHT = {
    'mobile': '1380013{:04d}', 'email': 'kunde{:04d}@example.cn', 'name': '王晓{}',
    'gender': '男', 'birth_date': '1980-05-{:02d}', 'postcode': '1000{:02d}',
    'purchase_date': '2025-06-{:02d}', 'plate': '京A8{:04d}',
}
NAMES = '明红丽强伟芳娜静敏军'


def right_value(field, i):
    if field == 'name':
        return RIGHT['name'].format(NAMES[i % len(NAMES)])
    pattern = RIGHT.get(field, '确认无误')
    return pattern.format(i % 28 + 1 if '02d' in pattern else i)


def main():
    returned, inbox, day = sys.argv[1:]
    for dealer in sorted(os.listdir(returned)):
        path = os.path.join(returned, dealer, 'rejects.csv')
        if not os.path.exists(path):
            continue
        rows = list(csv.reader(open(path, encoding='utf-8-sig', newline='')))
        header = rows[0]
        value, code = header.index('更正值'), header.index('错误代码')
        field = {'MOBILE': 'mobile', 'EMAIL': 'email', 'NAME': 'name', 'GENDER': 'gender',
                 'BIRTHDATE': 'birth_date', 'POSTCODE': 'postcode', 'DATE': 'purchase_date',
                 'PLATE': 'plate'}
        for i, row in enumerate(rows[1:]):
            if i % 5 == 0:
                row[value] = right_value(field.get(row[code].split('_')[0], ''), i)
            elif i % 5 == 1:
                row[value] = '1380013800'
            elif i % 5 == 2:
                row[value] = '确认无误'
        target = os.path.join(inbox, f'correction_{dealer}_{day}.csv')
        with open(target, 'w', encoding='utf-8-sig', newline='') as out:
            csv.writer(out, lineterminator='\r\n').writerows(rows)


main()
