"""polars_job.py INBOX OUT: the plain job with Polars, lazy and streaming, on all processors."""
import pathlib
import sys

import polars as pl
from exports import (CHECK_DIGITS, EXPORTS, FIELDS, HONORIFICS, MOBILE_RANK, NAME_RANK, NARROW,
                     RESIDENT, WEIGHTS, WIDE)


def given(inbox):
    parts = []
    for export, (source, *columns) in EXPORTS.items():
        files = sorted(inbox.glob(f"{export}_*.csv"))
        named = [
            (pl.col(column) if column else pl.lit(None, pl.String)).alias(field)
            for field, column in zip(FIELDS, columns)
        ]
        parts.append(
            pl.scan_csv(files, infer_schema=False).select(
                pl.lit(source).alias("source"), pl.lit(columns[4] is not None).alias("typed"), *named
            )
        )
    return pl.concat(parts)


def empty_to_null(value):
    return pl.when(value != "").then(value)


def bare(value):
    wide = value.str.len_bytes() != value.str.len_chars()
    half = pl.when(wide).then(value.str.replace_many(list(WIDE), list(NARROW))).otherwise(value)
    return half.str.replace_all(" ", "", literal=True).str.replace_all("-", "", literal=True)


def mobile_of(value):
    length = value.str.len_chars()
    return (
        pl.when((length == 14) & value.str.starts_with("+86")).then(value.str.slice(3))
        .when((length == 13) & value.str.starts_with("86")).then(value.str.slice(2))
        .otherwise(value)
    )


def id_code(value):
    number = value.str.slice(0, 17).str.to_integer(strict=False)
    total = sum(
        (number // 10 ** (16 - place)) % 10 * weight for place, weight in enumerate(WEIGHTS)
    )
    check = (total % 11).replace_strict(range(11), list(CHECK_DIGITS), return_dtype=pl.String)
    right = (value.str.len_chars() == 18) & (check == value.str.slice(17))
    return pl.when(right.fill_null(False)).then(pl.lit("")).otherwise(pl.lit("ID_CHECKSUM"))


def name_code(value):
    length = value.str.len_chars()
    return (
        pl.when(length < 2).then(pl.lit("NAME_TOO_SHORT"))
        .when((length == 3) & value.str.slice(1).is_in(HONORIFICS)).then(pl.lit("NAME_HONORIFIC"))
        .when(value.is_not_null()).then(pl.lit(""))
    )


def checked(rows):
    name, number, mobile = pl.col("name"), pl.col("id"), pl.col("mobile")
    judged = (pl.col("typed") & (pl.col("type") == "身份证")) | (
        ~pl.col("typed") & number.str.contains(RESIDENT)
    )
    return rows.with_columns(
        empty_to_null(name.str.replace_all("　", " ", literal=True).str.strip_chars()),
        empty_to_null(bare(number.str.to_uppercase())),
        empty_to_null(mobile_of(bare(mobile))),
        pl.col("dealer", "key").fill_null(""),
    ).with_columns(
        name_code(name).alias("name_code"),
        pl.when(judged & number.is_not_null()).then(id_code(number)).alias("id_code"),
        pl.when(mobile.str.len_chars() < 11).then(pl.lit("MOBILE_TOO_SHORT"))
        .when(mobile.is_not_null()).then(pl.lit("")).alias("mobile_code"),
    )


def rejects(rows):
    return pl.concat(
        rows.filter(pl.col(code) != "").select(
            "source", "dealer", "key", pl.lit(field).alias("field"), pl.col(value).alias("value"),
            pl.col(code).alias("code"),
        )
        for field, value, code in [("name", "name", "name_code"), ("id_number", "id", "id_code"),
                                   ("mobile", "mobile", "mobile_code")]
    )


def best(value, ranks):
    """The value of the best source; the order that decides ties stands before it."""
    order = pl.concat_str(
        pl.col("source").replace_strict(ranks, default=None), "dealer", pl.lit(" "), "key",
        pl.lit(" "), value,
    )
    return pl.col(value).get(
        pl.when(pl.col(f"{value}_code") == "").then(order).arg_min(), null_on_oob=True
    )


def master(rows):
    return (
        rows.filter(pl.col("id_code") == "")
        .group_by(pl.col("id").alias("id_number"))
        .agg(best("name", NAME_RANK), best("mobile", MOBILE_RANK))
    )


def main():
    inbox, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rows = checked(given(inbox)).collect(engine="streaming").lazy()
    rejects(rows).sink_csv(out / "rejects.csv")
    master(rows).sink_csv(out / "master.csv")


if __name__ == "__main__":
    main()
