"""Answers of dealers to what was returned to them: answer.py RETURN INBOX YYYYMMDD

Each dealer mends one row in five, gives a value that is wrong again in one, says 确认无误 in one,
and leaves the others empty. Of the faults that only the whole shows it mends two in three. Every
second dealer leaves nothing but the number of the fault and its answer."""
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


WHOLE = ('SHARED_ID', 'MOBILE_SHARED', 'NAME_CONFLICT', 'CHANGE_HELD', 'VALUE_FIXED')
OF_LABEL = {'姓名': 'name', '性别': 'gender', '出生日期': 'birth_date', '购车日期': 'purchase_date'}


def id_number(i):
    """Of a woman born in 1970, the i-th of her day in Dongcheng."""
    digits = f'11010119700{i % 9 + 1}{i // 9 % 28 + 1:02d}{i * 2 % 1000:03d}'
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + '10X98765432'[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def whole_value(code, label, i):
    if i % 3 == 2:
        return '确认无误'
    if code == 'SHARED_ID':
        return id_number(i)
    return right_value('mobile' if code == 'MOBILE_SHARED' else OF_LABEL.get(label, ''), i)


def main():
    returned, inbox, day = sys.argv[1:]
    for n, dealer in enumerate(sorted(os.listdir(returned))):
        path = os.path.join(returned, dealer, 'rejects.csv')
        if not os.path.exists(path):
            continue
        rows = list(csv.reader(open(path, encoding='utf-8-sig', newline='')))
        header = rows[0]
        value, code, label = (header.index(h) for h in ('更正值', '错误代码', '字段'))
        field = {'MOBILE': 'mobile', 'EMAIL': 'email', 'NAME': 'name', 'GENDER': 'gender',
                 'BIRTHDATE': 'birth_date', 'POSTCODE': 'postcode', 'DATE': 'purchase_date',
                 'PLATE': 'plate'}
        for i, row in enumerate(rows[1:]):
            if row[code] in WHOLE:
                row[value] = whole_value(row[code], row[label], i)
            elif i % 5 == 0:
                row[value] = right_value(field.get(row[code].split('_')[0], ''), i)
            elif i % 5 == 1:
                row[value] = '1380013800'
            elif i % 5 == 2:
                row[value] = '确认无误'
            if n % 2:
                rows[i + 1] = [cell if c in (0, value) else '' for c, cell in enumerate(row)]
        target = os.path.join(inbox, f'correction_{dealer}_{day}.csv')
        with open(target, 'w', encoding='utf-8-sig', newline='') as out:
            csv.writer(out, lineterminator='\r\n').writerows(rows)


main()
