"""pandas_job.py INBOX OUT: the plain job with pandas on Arrow strings."""
import pathlib
import sys

import numpy as np
import pandas as pd
from exports import (CHECK_DIGITS, EXPORTS, FIELDS, HONORIFICS, MOBILE_RANK, NAME_RANK, NARROW,
                     RESIDENT, WEIGHTS, WIDE)


def given(inbox):
    parts = []
    for export, (source, *columns) in EXPORTS.items():
        used = [column for column in columns if column]
        for path in sorted(inbox.glob(f"{export}_*.csv")):
            part = pd.read_csv(path, usecols=used, dtype="string[pyarrow]", keep_default_na=False)
            part = part.rename(columns=dict(zip(columns, FIELDS)))
            parts.append(part.assign(source=source, typed=columns[4] is not None))
    return pd.concat(parts, ignore_index=True).fillna({field: "" for field in FIELDS})


def bare(value):
    wide = ~value.str.match(r"^[\x00-\x7f]*$")
    value = value.where(~wide, value[wide].str.translate(str.maketrans(WIDE, NARROW)))
    return value.str.replace(" ", "", regex=False).str.replace("-", "", regex=False)


def mobile_of(value):
    length = value.str.len()
    long, short = (length == 14) & value.str.startswith("+86"), (length == 13) & value.str.startswith("86")
    return value.mask(long, value.str[3:]).mask(short, value.str[2:])


def id_right(value):
    formed = value.str.match(r"^[0-9]{17}.$")
    digits = value.where(formed, "0" * 18)
    number = digits.str[:17].astype("int64")
    total = sum(number // 10 ** (16 - place) % 10 * weight for place, weight in enumerate(WEIGHTS))
    check = pd.Series(np.array(list(CHECK_DIGITS))[total % 11], index=value.index)
    return formed & (check == value.str[17:])


def check(rows):
    rows["name"] = rows["name"].str.replace("　", " ", regex=False).str.strip(" ")
    rows["id"] = bare(rows["id"].str.upper())
    rows["mobile"] = mobile_of(bare(rows["mobile"]))
    length = rows["name"].str.len()
    honorific = (length == 3) & rows["name"].str[1:].isin(HONORIFICS)
    rows["name_code"] = np.select([length == 1, honorific], ["NAME_TOO_SHORT", "NAME_HONORIFIC"], "")
    judged = np.where(rows["typed"], rows["type"] == "身份证", rows["id"].str.match(RESIDENT))
    rows["judged"] = judged & (rows["id"] != "")
    rows["id_code"] = np.where(rows["judged"] & ~id_right(rows["id"]), "ID_CHECKSUM", "")
    short = (rows["mobile"].str.len() < 11) & (rows["mobile"] != "")
    rows["mobile_code"] = np.where(short, "MOBILE_TOO_SHORT", "")
    return rows


def rejects(rows):
    parts = []
    for field, value, code in [("name", "name", "name_code"), ("id_number", "id", "id_code"),
                               ("mobile", "mobile", "mobile_code")]:
        wrong = rows[rows[code] != ""]
        parts.append(wrong[["source", "dealer", "key"]].assign(field=field, value=wrong[value],
                                                               code=wrong[code]))
    return pd.concat(parts)


def best(rows, value, ranks):
    usable = rows[(rows[f"{value}_code"] == "") & (rows[value] != "") & rows["source"].isin(ranks)]
    rank = usable["source"].map(ranks)
    ordered = usable.assign(rank=rank).sort_values(["rank", "dealer", "key", value])
    return ordered.drop_duplicates("id").set_index("id")[value]


def master(rows):
    known = rows[rows["judged"] & (rows["id_code"] == "")]
    table = pd.DataFrame(index=pd.Index(known["id"].unique(), name="id_number"))
    return table.join(best(known, "name", NAME_RANK)).join(best(known, "mobile", MOBILE_RANK))


def main():
    inbox, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rows = check(given(inbox))
    rejects(rows).to_csv(out / "rejects.csv", index=False)
    master(rows).to_csv(out / "master.csv")


if __name__ == "__main__":
    main()
