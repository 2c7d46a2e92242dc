"""Writes RESULTS.md from what bench.py and link/ kept, and notes.md, which people write: what
bounds a figure that was missed, and what was tried."""
import pathlib
import statistics

import common

HERE = pathlib.Path(__file__).resolve().parent
PREFACE = """# Measured

By `make bench`, which writes this page (`ROWS=8000000 make bench` for the full size). A night of
invented exports (DMS, invoice, finance, call center; plain UTF-8, in the page cache) goes through
`yice run --publish none --tables final` from a fresh state: all checks, lineage, rejects, returns
and report. The peers do [the plain job](plain/README.md) on the same files: four checks, no
lineage. All contestants take turns in one run, and a ratio is taken within a turn; figures are
medians of the turns. CPU is user and system time of the process and its children; peak memory is
the largest sum of resident pages, mapped files included, and private those that are no file's;
fsync is the wall time within
fsync and syncfs, as run.json tells (`strace -f -c -w` says the same).
"""
TITLES = {
    "yice": "**yice run, --tables final**", "every table": "**yice run, every table**",
    "duckdb": "DuckDB, plain job", "polars": "Polars, plain job", "pandas": "pandas, plain job",
    "mawk": "mawk, plain job", "same again": "yice, the same night again",
    "next day": "yice, the same files on the next day",
    "urgent file": "yice, 1,000 urgent rows on that state", "packed": "yice, GB18030 in gzip",
    "one job": "yice, --jobs 1", "little memory": "yice, --memory 512M",
    "twice the rows": "yice, twice the rows",
}
PIECES = {"wc -l": "wc -l", "split": "yice, rows and fields", "duckdb": "DuckDB, count(*), with its start",
          "iconv": "iconv from GB18030", "decode": "yice from GB18030"}


def table(*columns):
    return "| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|\n"


def line(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def median(turns, key):
    return statistics.median(turn[key] for turn in turns)


def ratio(runs, a, b, figure="wall"):
    """The median over the turns of how a stands to b; None where one of them did not run."""
    pairs = [(x[figure], y[figure]) for x, y in zip(runs.get(a, []), runs.get(b, []))]
    return statistics.median(x / y for x, y in pairs) if pairs else None


def number(value):
    return "" if value is None else f"{value:.3g}"


# ---- the figures that are asked for ----


def at_most(what, limit, value, note=""):
    return value is not None and (what, f"at most {limit}", number(value) + note, value <= limit)


def at_least(what, limit, value, note=""):
    return value is not None and (what, f"at least {limit}", number(value) + note, value >= limit)


def same(runs, name):
    if not all("differing" in run for run in runs.get(name, [])):
        return ", bytes not compared"
    files = [file for run in runs.get(name, []) for file in run.get("differing", [])]
    return f", {len(files)} files DIFFER" if files else ", same bytes"


def to_first(what, limit, runs, name, note=""):
    """A run of the program beside its plain first night."""
    cpu = f" (CPU {number(ratio(runs, name, 'yice', 'cpu'))})"
    return at_most(what, limit, ratio(runs, name, "yice"), cpu + note)


def asked_of_runs(runs):
    spared = [{"wall": run["wall"] - run["sync"]} for run in runs.get("yice", [])]
    without = ratio({"yice": spared, "duckdb": runs.get("duckdb", [])}, "yice", "duckdb")
    yield at_most("--tables final, wall to DuckDB", 0.25, ratio(runs, "yice", "duckdb"),
                  f" ({number(without)} without fsync)")
    yield at_most("--tables final, CPU to DuckDB", 0.25, ratio(runs, "yice", "duckdb", "cpu"))
    yield at_most("--tables final, wall to pandas", 0.03, ratio(runs, "yice", "pandas"))
    yield at_most("every table, wall to DuckDB", 0.7, ratio(runs, "every table", "duckdb"))
    yield at_most("every table, CPU to DuckDB", 0.7, ratio(runs, "every table", "duckdb", "cpu"))
    yield to_first("GB18030 in gzip to plain UTF-8", 1.6, runs, "packed")
    yield at_least("two jobs, times as fast as one", 1.6, ratio(runs, "one job", "yice"))
    yield to_first("twice the rows", 2.2, runs, "twice the rows")
    yield to_first("1,000 urgent rows to the first night", 0.1, runs, "urgent file",
                   same(runs, "urgent file"))
    if runs.get("yice"):
        yield at_most("peak MiB (asked for 8 million rows)", 1536, median(runs["yice"], "mebibytes"),
                      f" ({median(runs['yice'], 'private'):.0f} private)")
    yield to_first("--memory 512M to the default", 2.5, runs, "little memory", same(runs, "little memory"))
    yield to_first("the same night again to the first", 0.35, runs, "same again", same(runs, "same again"))
    yield to_first("the same files on the next day to the first night", 0.35, runs, "next day",
                   same(runs, "next day"))


def by_name(turns):
    return {name: [turn[name] for turn in turns] for name in turns[0]}


def asked_of_extras(extras):
    if "reading" in extras:
        runs = by_name(extras["reading"]["turns"])
        bytes_said = ", identical bytes" if extras["reading"]["identical"] else ", OTHER bytes"
        yield at_most("reading and splitting to wc -l", 3, ratio(runs, "split", "wc -l"),
                      f" (CPU {number(ratio(runs, 'split', 'wc -l', 'cpu'))})")
        yield at_least("GB18030, times as fast as iconv", 3, ratio(runs, "iconv", "decode"),
                       f"{bytes_said} (CPU {number(ratio(runs, 'iconv', 'decode', 'cpu'))})")
    if "publishing" in extras:
        runs = by_name(extras["publishing"])
        yield at_most("PostgreSQL to bare COPY", 1.2, ratio(runs, "yice publish", "COPY"),
                      f" (once more: {number(ratio(runs, 'once more', 'COPY'))})")


def asked_of_links():
    """Resolve alone to Splink, from the largest contest at hand that both finished."""
    people = sorted(int(path.stem.split("-")[1]) for path in common.WORK.glob("link-[0-9]*.json"))
    for size in reversed(people):
        rows = common.load(f"link-{size}.json")["rows"]
        if len(rows) > 1 and not rows[0]["ended"] and not rows[1]["ended"]:
            value, better = rows[0]["wall"] / rows[1]["wall"], rows[0]["f1"] > rows[1]["f1"]
            cpu = number(rows[0]["cpu"] / rows[1]["cpu"])
            yield (f"resolve alone to Splink, {size:,} people", "at most 0.1, better F1",
                   f"{number(value)} (CPU {cpu}), F1 {rows[0]['f1']:.5f} to {rows[1]['f1']:.5f}", value <= 0.1 and better)
            return


def of_asked(kept):
    text = table("asked", "limit", "measured", "met")
    for figure in [*asked_of_runs(kept["runs"]), *asked_of_extras(kept["extras"]), *asked_of_links()]:
        if figure:
            what, limit, value, met = figure
            text += line(what, limit, value, "yes" if met else "**no**")
    return text


# ---- what was measured ----


def of_runs(runs):
    text = table("", "turns", "wall s", "of it fsync", "CPU s", "peak MiB", "private",
                 "wall to DuckDB", "CPU to DuckDB")
    for name, title in TITLES.items():
        turns = runs.get(name)
        if turns:
            sync = f"{median(turns, 'sync'):.2f}" if "sync" in turns[0] else ""
            text += line(title, len(turns), f"{median(turns, 'wall'):.2f}", sync,
                         f"{median(turns, 'cpu'):.2f}", f"{median(turns, 'mebibytes'):.0f}",
                         f"{median(turns, 'private'):.0f}",
                         number(ratio(runs, name, "duckdb")), number(ratio(runs, name, "duckdb", "cpu")))
    return text


def of_agreement(found):
    (_, plain, ours, both), = found["customers"]
    equal = "the same rows" if found["peers_agree"] else "NOT the same"
    text = (f"Rejects and master of {', '.join(found['peers'])} are {equal}. Residents in the master: plain "
            f"job {plain:,}, yice {ours:,}, in both {both:,}; the others by what yice told of the number:\n\n")
    text += table("only in", "told", "customers")
    for where, reason, count in found["difference"]:
        text += line(where, reason, f"{count:,}")
    text += "\n" + table("rejects", "plain job", "yice")
    for code, plain, ours in found["rejects"] + found["id_rejects"]:
        text += line(code, f"{plain:,}", f"{ours:,}")
    return text + ("\nyice repairs 15-digit numbers (ID_LENGTH fix), refuses regions and birth dates that do not "
                   "exist, gives a number under many names to nobody (SHARED_ID), knows surnames of two "
                   "characters (欧阳先生), judges ID numbers where the type is missing, and sees a resident's "
                   "number where the type says passport.\n")


def of_reading(found):
    runs, text = by_name(found["turns"]), table("", "wall s", "CPU s", "MB/s")
    for name, title in PIECES.items():
        wall = median(runs[name], "wall")
        text += line(title, f"{wall:.3f}", f"{median(runs[name], 'cpu'):.3f}", f"{found['bytes'] / wall / 1e6:.0f}")
    return text


def of_publishing(turns):
    text = table("at most 400,000 rows, every table", "wall s")
    for name, runs in by_name(turns).items():
        text += line(name, f"{median(runs, 'wall'):.2f}")
    rows = turns[0]["once more"].get("written", {})
    return text + f"\nRows that the second time writes, by table: {rows}.\n"


SECTIONS = {"agreement": ("Whether they agree", of_agreement), "reading": ("Reading alone", of_reading),
            "publishing": ("Publishing to PostgreSQL", of_publishing), "profile": ("Profile", str)}


def of_size(rows):
    kept = common.load(f"rows-{rows}.json")
    text = f"\n# {rows:,} rows\n\n{kept['header']}\n\n{of_asked(kept)}\n## In turn\n\n{of_runs(kept['runs'])}"
    for name, (title, section) in SECTIONS.items():
        if name in kept["extras"]:
            text += f"\n## {title}\n\n{section(kept['extras'][name])}"
    return text


def main():
    sizes = sorted((int(path.stem.split("-")[1]) for path in common.WORK.glob("rows-*.json")), reverse=True)
    text = PREFACE + "\n" + (HERE / "notes.md").read_text() + "".join(of_size(rows) for rows in sizes)
    (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
