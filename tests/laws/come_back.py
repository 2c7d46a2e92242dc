"""What tests/laws/rows_that_come_back_do_not_ask_when_they_came.sh needs.

exports INBOX           four days of a dealer, one letter of a pattern each; and rows without a key, sent again mended
answers INBOX REJECTS   three days of answers to every fault (clean/rejects.csv), those that were settled
                        before a list told them too: one thing, another, the first again
nights SEED             the files of standard input in another order, a night for each line: of one file
                        each with an odd seed, else of several"""
import csv, os, random, sys

# What a key's row says from day to day; "-": the export lacks it, "AB": two rows (two cars).
PATTERNS = ["A B A A", "A B A B", "A A B A", "A - A B", "A B B A", "B A C A", "AB AB BA A", "A AB B A", "A A A A", "A B A A"]
HEAD = ["经销商代码", "客户编号", "客户类型", "客户姓名", "证件类型", "证件号码", "手机", "省份", "城市", "区县", "地址1", "职业", "车架号"]
# Their rows lack the number, so that no table can use them as they come.
UNUSABLE = (8, 9)
NAMES = ["赵敏", "李建国", "孙立", "周文", "吴波", "郑洁", "冯刚", "陈晨", "王先生", "李"]


def number(i):
    digits = "1101051985061%d1%02d" % (i % 3, i + 10)
    digits = digits[:17].ljust(17, "0")
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return digits + "10X98765432"[sum(w * int(d) for w, d in zip(weights, digits)) % 11]


def row(key, letter):
    n = "ABC".index(letter)
    mobile = "139123%02d%03d" % (key, 400 + n) if key % 3 else "1391234"  # of every third key too short
    id_number = "" if key in UNUSABLE else number(key)
    return ["D001", "K%d" % key, "个人", NAMES[key], "身份证", id_number, "1391234" if key in UNUSABLE else mobile, "北京市", "北京市", "朝阳区",
            "三环北路%d号%d室" % (key + 1, 101 + n), "教师" if n else "工程师", ""]


GUESTS = ["活动编号", "活动名称", "经销商代码", "客户姓名", "手机", "证件号码", "通知日期"]
ORDERS = ["经销商代码", "工单号", "车架号", "送修人", "送修人手机", "维修类型", "进厂日期", "里程"]
VIN = "LFV2A1151H3201804"
# File -> rows. A guest is a name, a mobile and an ID number; an order a number, a VIN, a mobile and a mileage.
MENDED = {
    "activity_D001_20260221": [("王芳", "1391", ""), ("王芳", "1366", ""), ("李建国", "1392", ""), ("赵敏", "13912343411", ""),
                               ("", "1395", number(3)), ("陈晨", "1394", number(1)), ("王女士", "13612345675", "")],
    "activity_D001_20260221_bad": [("王芳", "13661234562", ""), ("李建国", "1392", ""), ("陈晨", "13912344", number(1)), ("周文", "1395", number(3))],
    "activity_D001_20260221_bad_bad": [("李建国", "13912343522", ""), ("陈晨", "13912344001", number(1)), ("王芳", "13912343570", ""),
                                       ("王静", "13612345675", ""), ("周文", "13912344003", number(3))],
    "activity_D001_20260222": [("王芳", "1391", ""), ("李建国", "13912343522", "")],
    "activity_D001_20260222_bad": [("王芳", "13912343570", "")],
    "dms_service_D001_20260221": [("0", VIN, "1391", "100"), ("", VIN, "1391", "200"), ("-", VIN[:-1], "13912342468", "300"), ("R9", VIN, "1391", "100")],
    "dms_service_D001_20260221_bad": [("R7", VIN, "13912342468", "200"), ("R9", VIN, "13912342468", "100")],
    "dms_service_D001_20260221_bad_bad": [("0", VIN, "13912342468", "300"), ("0", VIN, "13912342468", "100")],
    "dms_service_D001_20260223": [("R7", VIN, "13912342468", "250")],
}


def mended(inbox):
    for file, rows in MENDED.items():
        with open(os.path.join(inbox, file + ".csv"), "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(GUESTS if file.startswith("activity") else ORDERS)
            for row in rows:
                if file.startswith("activity"):
                    out.writerow(["H1", "车展", "D001", *row, "2026-02-20"])
                else:
                    out.writerow(["D001", row[0], row[1], "王芳", row[2], "保养", "2026-02-20", row[3]])


def exports(inbox):
    os.makedirs(inbox)
    mended(inbox)
    for day in range(4):
        with open(os.path.join(inbox, "dms_customer_D001_2026022%d.csv" % (day + 1)), "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(HEAD)
            for key, pattern in enumerate(PATTERNS):
                for letter in pattern.split()[day].replace("-", ""):
                    out.writerow(row(key, letter))


def answers(inbox, rejects):
    with open(rejects, encoding="utf-8", newline="") as f:
        asked = list(csv.DictReader(f))
    assert asked, "no fault: nothing is shown"
    for day in range(3):
        with open(os.path.join(inbox, "correction_D001_2026030%d.csv" % (day + 1)), "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            place = {"文件": "file", "行号": "row"} if day == 1 else {}
            out.writerow(["退回编号", *place, "更正值"])
            for i, line in enumerate(asked):
                mobile = "1391235%04d" % (i * 2 + day % 2)
                value = {"mobile": mobile, "id_number": number(i), "vin": VIN}.get(line["field"], ["张伟明", "李国强"][day % 2])
                out.writerow([line["reject_id"], *[line[column] for column in place.values()], value])


def nights(seed):
    dice = random.Random(seed)
    files = sys.stdin.read().split()
    dice.shuffle(files)
    while files:
        n = 1 if seed % 2 else dice.randint(1, 3)
        print(*files[:n])
        del files[:n]


if sys.argv[1] == "nights":
    nights(int(sys.argv[2]))
else:
    {"exports": exports, "answers": answers}[sys.argv[1]](*sys.argv[2:])
