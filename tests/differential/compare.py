#!/usr/bin/env python3
"""Holds the checks to independent implementations over generated and mutated values.

    tests/differential/compare.py DRIVER RULES [COUNT]

python-stdnum judges ID numbers and credit codes, vininfo VINs, phonenumbers (libphonenumber)
mobiles and landlines. Each value gets a verdict from both; where they differ, the pair is a
class of disagreement. Every class must be one of EXPLAINED below, else the exit status is 1.
`make differential` installs the packages into a private environment and runs this.
"""
import collections
import random
import subprocess
import sys

import phonenumbers
import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.exceptions
import vininfo

TODAY = "2026-03-01"
random.seed(20260301)

# (kind, ours, theirs): why. Ours is "ok" or the codes told: of faults the faults, else of doubts
# (?) the doubts, else the repairs (=).
EXPLAINED = {
    ("id", "ok", "InvalidComponent"):
        "python-stdnum wants the county to exist in the birth year; numbers are given later, "
        "so that is no fault (and it lacks the residence permits of 2018)",
    ("id", "?ID_REGION", "InvalidComponent"):
        "an unknown county of a known province is a warning here",
    ("id", "?ID_REGION", "ok"): "a county that only python-stdnum's list has",
    ("id", "=ID_CHARACTERS", "InvalidFormat"):
        "a look-alike is repaired where the check character then holds",
    ("id", "=ID_CHARACTERS", "InvalidChecksum"):
        "the same with O for 0 in the last place",
    ("id", "?ID_REGION", "InvalidFormat"):
        "a look-alike repaired, in a number of an unknown county",
    ("id", "?ID_BIRTHDATE", "ok"): "over a hundred years old",
    ("id", "?ID_BIRTHDATE", "InvalidComponent"): "over a hundred years old",
    ("id", "?ID_BIRTHDATE", "InvalidFormat"): "over a hundred years old, a look-alike repaired",
    ("id", "?ID_BIRTHDATE", "InvalidChecksum"): "over a hundred years old, O for 0 repaired",
    ("id", "?ID_BIRTHDATE ?ID_REGION", "InvalidComponent"): "both of the above",
    ("id", "?ID_BIRTHDATE ?ID_REGION", "InvalidFormat"): "both of the above",
    ("id", "?ID_BIRTHDATE ?ID_REGION", "ok"): "both of the above",
    ("id", "ID_BIRTHDATE", "ok"): "a birth date 120 years ago or ahead",
    ("id", "ID_PLACEHOLDER", "ok"): "a number that is quoted everywhere",
    ("id", "=ID_LENGTH", "InvalidLength"): "15 digits are made 18",
    ("uscc", "USCC_CHECKSUM", "ok"):
        "the organisation code inside fails GB 11714, which python-stdnum does not look at",
    ("uscc", "?USCC_FORMAT", "ok"): "an authority or category that GB 32100 does not have",
    ("uscc", "?USCC_FORMAT", "InvalidFormat"): "the same with letters",
    ("uscc", "USCC_FORMAT", "ok"): "a region of no province",
    ("uscc", "USCC_CHECKSUM USCC_FORMAT", "ok"): "both of the above",
    ("uscc", "?USCC_CHECKSUM", "InvalidChecksum"): "codes of the Fujian pilot are kept",
    ("uscc", "?USCC_CHECKSUM", "InvalidFormat"): "the same with letters for the authority",
    ("uscc", "=USCC_FORMAT", "InvalidFormat"): "I, O, S and Z repaired where both checks hold",
    ("uscc", "ok", "InvalidFormat"): "authorities are letters too: A1, N1, Y1",
    ("uscc", "ID_TYPE", "ok"): "the number is a resident's too, by chance",
    ("vin", "?VIN_CHECKSUM", "checksum"): "outside China the check digit is only a warning",
    ("vin", "=VIN_CHARACTERS", "format"):
        "I, O and Q repaired where the check digit then holds",
    ("vin", "ok", "checksum"): "vininfo refuses U, Z and 0 as model year",
    ("mobile", "ok", "no"): "149, a range of data cards that libphonenumber leaves out",
    ("mobile", "=MOBILE_TOO_SHORT", "no"): "O and I repaired where a mobile then stands there",
    ("mobile", "MOBILE_PLACEHOLDER", "ok"): "a made-up number in a real range",
    ("phone", "?PHONE_FORMAT", "no"): "an area code that was merged away, or none",
    ("phone", "?PHONE_FORMAT", "ok"): "libphonenumber still knows the area code",
    ("phone", "=PHONE_FORMAT", "ok"): "the lost zero of the area code is told",
    ("phone", "=PHONE_FORMAT", "no"): "libphonenumber reads the digits without zero otherwise",
    ("phone", "PHONE_FORMAT", "ok"):
        "a made-up number, a network number without area code (95..., 96...), or a letter that "
        "libphonenumber reads as the key of a telephone",
    ("phone", "ok", "no"): "of the local number only the length is checked, not the exchange",
}


def check_ric(head):
    return "10X98765432"[sum(int(d) * w for d, w in zip(
        head, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11]


def check_org(base):
    value = sum((int(c, 36)) * w for c, w in zip(base, (3, 7, 9, 10, 5, 8, 4, 2)))
    return "0X987654321"[value % 11]


USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_uscc(head):
    value = sum(USCC.index(c) * w for c, w in zip(
        head, (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)))
    return USCC[(31 - value) % 31]


VIN = {**{str(d): d for d in range(10)},
       **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3,
                                              4, 5, 6, 7, 8, 9)))}


def check_vin(vin):
    value = sum(VIN[c] * w for c, w in zip(vin, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4,
                                                 3, 2))) % 11
    return "X" if value == 10 else str(value)


def digits(n):
    return "".join(random.choices("0123456789", k=n))


def region(regions):
    return random.choice(regions) if random.random() < 0.9 else digits(6)


def make_id(regions):
    birth = "%04d%02d%02d" % (random.randint(1915, 2024), random.randint(1, 12),
                              random.randint(1, 28))
    head = region(regions) + birth + digits(3)
    return head + check_ric(head)


def make_uscc(regions):
    base = "".join(random.choices(USCC, k=8)) if random.random() < 0.5 else digits(8)
    first = random.choice(["91", "91", "91", "92", "93", "11", "12", "51", "52", "A1", "N2", "94"])
    org = base + (check_org(base) if random.random() < 0.9 else random.choice("0123456789"))
    head = first + region(regions) + org
    return head + check_uscc(head)


def make_vin(_):
    wmi = random.choice(["LFV", "LSV", "LBV", "LE4", "LSG", "LRW", "HES", "WAU", "WBA", "WVW",
                         "JTE", "1G1", "5YJ", "KMH", "VF1"])
    vin = list(wmi + "".join(random.choices(list(VIN), k=14)))
    vin[9] = random.choice("ABCDEFGHJKLMNPRSTVWXY123456789")
    vin[8] = check_vin(vin)
    return "".join(vin)


def make_mobile(_):
    return "1" + random.choice("3456789") + digits(9)


def make_phone(_):
    if random.random() < 0.2:
        return "0" + random.choice(["10", "21", "20", "28", "755", "571"]) + digits(8)
    return "0" + str(random.randint(310, 999)) + digits(random.choice([7, 8]))


def mutate(value, alphabet):
    """One slip of a hand: another character, one too many, one too few, two swapped."""
    i = random.randrange(len(value))
    slip = random.randrange(5)
    if slip == 0:
        return value[:i] + random.choice(alphabet) + value[i + 1:]
    if slip == 1:
        return value[:i] + value[i + 1:]
    if slip == 2:
        return value[:i] + random.choice(alphabet) + value[i:]
    if slip == 3 and i + 1 < len(value):
        return value[:i] + value[i + 1] + value[i] + value[i + 2:]
    return value[:i] + random.choice("OIQZSX* ") + value[i + 1:]


def judge_stdnum(module):
    def judge(value):
        try:
            module.validate(value)
            return "ok"
        except KeyError:  # python-stdnum 2.2 where a province is known and the county is not
            return "InvalidComponent"
        except stdnum.exceptions.ValidationError as error:
            return type(error).__name__
    return judge


def judge_vin(value):
    try:
        vin = vininfo.Vin(value)
    except vininfo.exceptions.ValidationError:
        return "format"
    return "ok" if vin.verify_checksum() else "checksum"


def judge_mobile(value):
    try:
        number = phonenumbers.parse(value, "CN")
    except phonenumbers.NumberParseException:
        return "no"
    return "ok" if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE else "no"


def judge_phone(value):
    try:
        number = phonenumbers.parse(value, "CN")
    except phonenumbers.NumberParseException:
        return "no"
    return "ok" if phonenumbers.is_valid_number(number) else "no"


KINDS = {  # kind: (how the driver calls it, made by, judged by, alphabet of slips)
    "id": ("id:resident", make_id, judge_stdnum(stdnum.cn.ric), "0123456789XA"),
    "uscc": ("id:uscc", make_uscc, judge_stdnum(stdnum.cn.uscc), USCC + "IOSVZ"),
    "vin": ("vin", make_vin, judge_vin, "".join(VIN) + "IOQ"),
    "mobile": ("mobile", make_mobile, judge_mobile, "0123456789"),
    "phone": ("phone", make_phone, judge_phone, "0123456789"),
}


def ours(fields):
    told = {"wrong": set(), "doubt": set(), "fixed": set()}
    for field in fields:
        code, _, weight = field.split("/")
        told[weight].add({"wrong": "", "doubt": "?", "fixed": "="}[weight] + code)
    return " ".join(sorted(told["wrong"] or told["doubt"] or told["fixed"])) or "ok"


def is_invalid(verdict):
    return verdict != "ok" and not all(c[0] in "?=" for c in verdict.split())


def main():
    driver, rules = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 40000
    with open(f"{rules}/ref/regions.csv", encoding="utf-8") as f:
        rows = [line.split(",") for line in f][1:]
    regions = [r[0] for r in rows if r[2] == "county"]
    values = []
    for kind, (_, make, _, alphabet) in KINDS.items():
        for i in range(count):
            value = make(regions)
            values.append((kind, value if i % 2 else mutate(value, alphabet)))
    lines = "".join(f"{KINDS[kind][0]}\t{value}\n" for kind, value in values)
    told = subprocess.run([driver, rules, TODAY], input=lines, capture_output=True, text=True,
                          check=True).stdout.splitlines()
    assert len(told) == len(values)

    classes = collections.defaultdict(list)
    agreed = collections.Counter()
    for (kind, value), line in zip(values, told):
        verdict = ours(line.split("\t")[5:])
        other = KINDS[kind][2](value)
        if is_invalid(verdict) == (other != "ok") and (verdict == "ok") == (other == "ok"):
            agreed[kind] += 1
        else:
            classes[kind, verdict, other].append(value)

    unexplained = 0
    for (kind, verdict, other), examples in sorted(classes.items(), key=lambda c: -len(c[1])):
        why = EXPLAINED.get((kind, verdict, other))
        unexplained += why is None
        print(f"{kind:7} {len(examples):6}  ours {verdict:28} theirs {other:18} "
              f"{examples[0]}  {why or 'UNEXPLAINED'}")
    print(f"{len(values)} values, {sum(agreed.values())} agreed, "
          f"{len(classes)} classes of disagreement, {unexplained} unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
