"""What tests/forget/check needs to know of the exports, told apart from the program.

relatives INBOX TRUTH            adds an export in which another customer names the person
who MASTER                       the person: ID number, name, mobile, customer_id
search ID NAME MOBILE PATH...    files with the number, or with name and mobile on one line
others ID BEFORE AFTER           0 where the master tables differ in rows of that customer only
again INBOX NEXT ID MOBILE       the exports under names of the next day, the person's rows changed
"""
import csv
import glob
import gzip
import os
import shutil
import sqlite3
import sys
import zipfile

KNOWN = "110101199003070142"


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.reader(f))


def relatives(inbox, _truth):
    head = ["经销商代码", "客户编号", "客户类型", "客户姓名", "证件类型", "证件号码", "手机", "省份", "城市", "区县", "地址1",
            "联系人姓名", "联系人电话", "亲属姓名", "亲属关系", "亲属手机", "亲属证件号码", "车架号", "购车日期", "兴趣爱好"]
    plain = ["湖北省", "武汉市", "洪山区", "长春街335号"]
    for number, kin in (("20260301", ["", "", "", "", "", ""]), ("20260302", ["", "", "", "", "", ""])):
        with open(os.path.join(inbox, f"dms_customer_D001_{number}_Z.csv"), "w", encoding="gb18030", newline="") as f:
            out = csv.writer(f)
            out.writerow(head)
            out.writerow(["D001", "KHZ1", "个人", "欧阳静怡", "身份证", KNOWN[:17] + check(KNOWN), "13912340077", *plain, *kin, "", "2020-01-0" + number[-1], ""])
            out.writerow(["D001", "KHZ2", "个人", "诸葛明远", "身份证", "32010219850512301" + check("320102198505123010"), "13912340088", *plain,
                          "欧阳静怡", "13912340077", "欧阳静怡", "配偶", "13912340077", KNOWN[:17] + check(KNOWN), "", "2020-02-0" + number[-1],
                          f"找欧阳静怡（139-1234 0077）约球{number[-1]}，或+86 13912340077"])
            out.writerow(["D001", "KHZ3", "个人", "欧阳静怡", "", "", "13912340077", *plain, *kin, "", "2020-03-0" + number[-1], ""])
            # the same phone, and a name within a text
            out.writerow(["D001", "KHZ4", "个人", "诸葛明慧", "身份证", "32010219870512302" + check("320102198705123020"), "13912340077", *plain,
                          "欧阳静怡", "13912340077", "", "", "", "", "", "2020-04-0" + number[-1], "随欧阳静怡钓鱼" + number[-1]])


def check(number):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return "10X98765432"[sum(int(d) * w for d, w in zip(number, weights)) % 11]


def who(master):
    head, *body = rows(os.path.join(master, "customer.csv"))
    person = dict(zip(head, next(r for r in body if r[2] == KNOWN[:17] + check(KNOWN))))
    print(person["id_number"], person["name"], person["mobile"], person["customer_id"])


def contents(path):
    with open(path, "rb") as f:
        data = f.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(path) as z:
            data = b"\n".join(z.read(n).replace(b"</row>", b"\n") for n in z.namelist())
    return data


def lines_of(path, data):
    """A SQLite file by rows: in its pages they stand side by side."""
    if data[:15] != b"SQLite format 3":
        return data.split(b"\n")
    store = sqlite3.connect(path)
    store.text_factory = bytes
    tables = [t.decode() for t, in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
            for t in tables for row in store.execute(f'SELECT * FROM "{t}"')]


def search(number, name, mobile, *paths):
    files = [f for p in paths for f in ([p] if os.path.isfile(p) else glob.glob(p + "/**/*", recursive=True)) if os.path.isfile(f)]
    for path in files:
        data = contents(path)
        names = [name.encode("utf-8"), name.encode("gb18030")]
        both = any(mobile.encode() in line.replace(b" ", b"").replace(b"-", b"") and any(n in line for n in names)
                   for line in lines_of(path, data))
        if number.encode() in data or number.encode("utf-16-le") in data or both:
            print(path)


def others(customer, before, after):
    for table in ("customer", "pending", "ownership", "contact", "relation", "lineage", "review", "vehicle"):
        old, new = rows(os.path.join(before, table + ".csv")), rows(os.path.join(after, table + ".csv"))
        gone = set(map(tuple, old)) - set(map(tuple, new))
        came = set(map(tuple, new)) - set(map(tuple, old))
        # what named the person in another one's row may be emptied; nothing else may differ
        naming = [r for r in gone if customer not in r and not any("13912340077" in c or KNOWN[:17] in c for c in r)]
        if naming and table == "lineage":
            naming = [r for r in naming if r[2] not in
                      ("contact_phone", "relative_mobile", "relative_id_number", "contact_name", "interests")]
        if naming or len(came) > len(gone):
            sys.exit(f"{table}: {naming[:3]} {list(came)[:3]}")


def again(inbox, following, number, mobile):
    for path in glob.glob(inbox + "/*.csv"):
        stem, name = os.path.basename(path)[:-4].split("_2026030")
        target = os.path.join(following, f"{stem}_20260304_{name[0]}{name[2:]}.csv")
        with open(path, "rb") as f:
            lines = f.read().split(b"\n")
        for i, line in enumerate(lines):
            if number.encode() in line or mobile.encode() in line:
                lines[i] = line.replace(b"2020-0", b"2021-0")
        with open(target, "wb") as f:
            f.write(b"\n".join(lines))
    shutil.rmtree(following + "/none", ignore_errors=True)


{"relatives": relatives, "who": who, "search": search, "others": others, "again": again}[sys.argv[1]](*sys.argv[2:])
