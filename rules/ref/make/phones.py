"""Mobile ranges and area codes of mainland China, from phonenumbers (libphonenumber)."""
import re

from phonenumbers.carrierdata import CARRIER_DATA
from phonenumbers.data.region_CN import PHONE_METADATA_CN
from phonenumbers.geodata import GEOCODE_DATA

MOBILE = re.compile(PHONE_METADATA_CN.mobile.national_number_pattern)
FIXED = re.compile(PHONE_METADATA_CN.fixed_line.national_number_pattern)

# What libphonenumber does not tell apart: MIIT's plan of network numbers. Resold numbers are
# a person's; data cards and satellite phones seldom; machines' numbers have 13 digits.
KINDS = {
    "162": "virtual", "165": "virtual", "167": "virtual", "170": "virtual", "171": "virtual",
    "145": "data_card", "147": "data_card", "149": "data_card", "1349": "satellite",
    "1740": "satellite",
}
MACHINES = {
    "10646": "中国联通", "10647": "中国移动", "10648": "中国移动", "10649": "中国电信",
    "1400": "中国联通", "1410": "中国电信", "1440": "中国移动", "146": "中国联通",
    "148": "中国移动",
}
# 149 is not in libphonenumber's pattern for mobiles beyond its table; voice SIMs exist.
ALSO = {"149": "中国电信"}
# Area codes that were given up, and the one to dial since.
CANCELLED = {
    "0565": "0551", "0732": "0731", "0733": "0731", "0520": "0512", "0890": "0898",
    "0899": "0898", "0910": "029", "0410": "024", "0413": "024",
    "0634": "0531", "0852": "0851", "0853": "0851",
}
# libphonenumber has dropped them, since the city's numbers moved to a neighbour's code (0371,
# 024); other public lists still hold them to be in use, and so do exports: no number is doubted
# for them.
STILL_MET = {"0378": ("河南省开封市", "7"), "0414": ("辽宁省本溪市", "7")}


def operator(prefix):
    for n in range(len(prefix), 1, -1):
        found = CARRIER_DATA.get("86" + prefix[:n])
        if found:
            return found.get("zh") or found.get("en")
    return ALSO.get(prefix[:3], "")


def kind(prefix):
    return next((KINDS[k] for k in sorted(KINDS, reverse=True) if prefix.startswith(k)), "mobile")


def shortest(values):
    """{5-digit prefix: value} with equal neighbours of one shorter prefix joined."""
    for n in (4, 3):
        stems = {p[:n] for p in values if len(p) == n + 1}
        for stem in stems:
            children = [values.get(stem + d) for d in "0123456789"]
            if children[0] and children.count(children[0]) == 10:
                for d in "0123456789":
                    del values[stem + d]
                values[stem] = children[0]
    return values


def mobile_ranges():
    values = {}
    for number in range(13000, 20000):
        prefix = str(number)
        if MOBILE.fullmatch(prefix + "123456") or prefix[:3] in ALSO:
            values[prefix] = (operator(prefix), kind(prefix), 11)
    values = shortest(values)
    values.update({p: (o, "machine", 13) for p, o in MACHINES.items()})
    yield ["prefix", "operator", "kind", "digits"]
    for prefix in sorted(values):
        yield [prefix, *values[prefix]]


def area_codes():
    yield ["code", "place", "digits", "merged_into"]
    rows = []
    for code in ["10"] + [str(n) for n in range(20, 30)] + [str(n) for n in range(310, 1000)]:
        digits = [str(n) for n in (7, 8) if FIXED.fullmatch(code + "5" * n)]
        merged = CANCELLED.get("0" + code, "")
        if digits and not merged and (len(code) == 3 or "8" in digits):
            rows.append(["0" + code, place(code), "|".join(digits), ""])
    rows += [[code, "", "", to] for code, to in CANCELLED.items()]
    rows += [[code, *of, ""] for code, of in STILL_MET.items()]
    yield from sorted(rows)


def place(code):
    """The city that the code is for; where only parts are named, the first."""
    if code == "10":
        return "北京市"
    keys = sorted(k for k in GEOCODE_DATA if k.startswith("86" + code))
    return GEOCODE_DATA[keys[0]].get("zh", "") if keys else ""
