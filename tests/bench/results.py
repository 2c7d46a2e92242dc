"""Writes RESULTS.md from what bench.py kept, the links from link/, and notes.md, which people
write: what bounds a figure that was missed, and what was tried."""
import pathlib

import common

HERE = pathlib.Path(__file__).resolve().parent
PREFACE = """# Measured

By `make bench`, which writes this page (`ROWS=8000000 make bench` for the full size). A night of
invented exports (DMS, invoice, finance, call center; plain UTF-8, in the page cache) goes through
`yice run --publish none` from a fresh state: all checks, lineage, rejects, returns and report. The
peers do [the plain job](plain/README.md) on the same files: four checks, no lineage. All
contestants take turns in one run; a figure is the median of the repeats that stand beside it.
CPU is user and system time of the process and its children; peak memory is the largest sum of
resident pages, mapped input files included. `fsync` is the time that the program spent in fsync
and syncfs, as run.json tells (it measures around the calls; `strace -f -c` says the same).
"""


def ratio(a, b):
    return a / b if b else float("inf")


def table(*columns):
    return "| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|\n"


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def about(kept, part):
    times = kept[part]["repeats"]
    return f"{kept[part]['header']} Runs of each: {times}.\n\n"


def of_the_plain_job(kept):
    found = kept["plain"]["found"]
    duck = found["duckdb"]
    text = about(kept, "plain") + table("", "wall s", "of it fsync", "CPU s", "peak MiB",
                                        "wall to DuckDB", "CPU to DuckDB", "wall to pandas")
    for name, run in found.items():
        sync = f"{run['sync']:.2f}" if "sync" in run else ""
        text += row(name, f"{run['wall']:.2f}", sync, f"{run['cpu']:.2f}", f"{run['mebibytes']:.0f}",
                    f"{ratio(run['wall'], duck['wall']):.2f}", f"{ratio(run['cpu'], duck['cpu']):.2f}",
                    f"{ratio(run['wall'], found['pandas']['wall']):.3f}")
    return text


def of_agreement(kept):
    found = kept["agree"]["found"]
    (_, plain, ours, both), = found["customers"]
    text = (f"The results of {', '.join(found['peers'])} are {'the same' if found['peers_agree'] else 'NOT the same'} "
            f"to the byte when sorted, rejects and master.\n\nResidents in the master: plain job "
            f"{plain:,}, yice {ours:,}, in both {both:,}. The others, by what yice told of the ID number:\n\n")
    text += table("in", "told", "customers")
    for where, reason, count in found["difference"]:
        text += row(where, reason, f"{count:,}")
    text += "\n" + table("rejects", "plain job", "yice")
    for code, plain, ours in found["rejects"] + found["id_rejects"]:
        text += row(code, f"{plain:,}", f"{ours:,}")
    return text + ("\nyice repairs 15-digit numbers (ID_LENGTH fix), refuses regions and birth dates that "
                   "there are not, gives a number under many names to nobody (SHARED_ID), knows two-character "
                   "surnames (欧阳先生), and judges numbers of documents whose type is missing.\n")


def of_pieces(kept):
    found = kept["pieces"]["found"]
    text = about(kept, "pieces") + table("", "wall s", "CPU s", "MB/s")
    for name, run in found.items():
        if isinstance(run, dict):
            text += row(name, f"{run['wall']:.3f}", f"{run['cpu']:.3f}", f"{found['bytes'] / run['wall'] / 1e6:.0f}")
    return text


def of_pairs(kept):
    names = {"jobs": ("--jobs 1", "--jobs 2"), "packed": ("plain UTF-8", "GB18030 in gzip"),
             "memory": ("default", "--memory 512M"), "again": ("first night", "the same again"),
             "urgent": ("first night", "1,000 urgent rows"), "double": ("rows", "twice the rows")}
    text = table("", "wall s", "fsync", "CPU s", "peak MiB")
    for part, titles in names.items():
        if part not in kept:
            continue
        for title, which in zip(titles, ("first", "second")):
            run = kept[part]["found"][which]
            text += row(title, f"{run['wall']:.2f}", f"{run['sync']:.2f}", f"{run['cpu']:.2f}",
                        f"{run['mebibytes']:.0f}")
    return text


def of_publishing(kept):
    text = about(kept, "publish") + table("at most 400,000 rows, every table", "wall s")
    for name, run in kept["publish"]["found"].items():
        text += row(name, f"{run['wall']:.2f}")
    return text


def pair(kept, part, figure="wall"):
    found = kept[part]["found"]
    return ratio(found["second"][figure], found["first"][figure])


def no_difference(kept, part):
    files = kept[part]["found"]["differing"]
    return "the same bytes" if not files else f"{len(files)} files differ"


def asked(kept):
    """Rows of (what, asked, measured, met)."""
    def at_most(what, limit, value, note=""):
        return (what, f"at most {limit}", f"{value:.3g}{note}", value <= limit)

    def at_least(what, limit, value, note=""):
        return (what, f"at least {limit}", f"{value:.3g}{note}", value >= limit)

    if "plain" in kept:
        found = kept["plain"]["found"]
        duck, pandas = found["duckdb"], found["pandas"]
        final, every = found["yice, --tables final"], found["yice, every table"]
        spared = f" ({ratio(final['wall'] - final['sync'], duck['wall']):.3g} without fsync)"
        yield at_most("--tables final, wall to DuckDB", 0.25, ratio(final["wall"], duck["wall"]), spared)
        yield at_most("--tables final, CPU to DuckDB", 0.25, ratio(final["cpu"], duck["cpu"]))
        yield at_most("--tables final, wall to pandas", 0.03, ratio(final["wall"], pandas["wall"]))
        yield at_most("every table, wall to DuckDB", 0.7, ratio(every["wall"], duck["wall"]))
        yield at_most("every table, CPU to DuckDB", 0.7, ratio(every["cpu"], duck["cpu"]))
        yield at_most("peak memory, MiB (asked for 8 million rows)", 1536, final["mebibytes"])
    if "packed" in kept:
        yield at_most("GB18030 in gzip to plain UTF-8", 1.6, pair(kept, "packed"))
    if "pieces" in kept:
        found = kept["pieces"]["found"]
        yield at_most("reading and splitting to wc -l", 3,
                      ratio(found["yice, rows and fields"]["wall"], found["wc -l"]["wall"]))
        same = ", identical bytes" if found["identical"] else ", OTHER bytes"
        yield at_least("GB18030, times as fast as iconv", 3,
                       ratio(found["iconv"]["wall"], found["yice, GB18030"]["wall"]), same)
    if "publish" in kept:
        found = kept["publish"]["found"]
        yield at_most("PostgreSQL to bare COPY", 1.2, ratio(found["yice publish"]["wall"], found["COPY"]["wall"]),
                      f" ({ratio(found['yice publish']['wall'], found['COPY and indexes']['wall']):.3g} "
                      "to COPY and the same indexes)")
    if "jobs" in kept:
        yield at_least("two jobs, times as fast as one", 1.6, 1 / pair(kept, "jobs"))
    if "double" in kept:
        yield at_most("twice the rows", 2.2, pair(kept, "double"))
    if "urgent" in kept:
        yield at_most("1,000 urgent rows to the first night", 0.1, pair(kept, "urgent"),
                      f", masters: {no_difference(kept, 'urgent')}")
    if "memory" in kept:
        yield at_most("--memory 512M to default", 2.5, pair(kept, "memory"),
                      f", {no_difference(kept, 'memory')}, {kept['memory']['found']['second']['mebibytes']:.0f} MiB")
    if "again" in kept:
        yield at_most("the same night again", 0.35, pair(kept, "again"))


def of_links():
    """Resolve alone to Splink, from the largest contest at hand that both finished."""
    for people in sorted((int(p.stem.split("-")[1]) for p in common.WORK.glob("link-[0-9]*.json")), reverse=True):
        ours, splink = common.load(f"link-{people}.json")["rows"][:2]
        if not splink["ended"] and not ours["ended"]:
            value = ratio(ours["wall"], splink["wall"])
            better = ours["f1"] > splink["f1"]
            yield (f"resolve alone to Splink, {people:,} people", "at most 0.1, better F1",
                   f"{value:.3g}, F1 {ours['f1']:.5f} to {splink['f1']:.5f}", value <= 0.1 and better)
            return


SECTIONS = [("plain", "The whole chain beside the plain job", of_the_plain_job),
            ("agree", "Whether they agree", of_agreement),
            ("pieces", "Reading alone", of_pieces),
            ("jobs", "One run beside another (--tables final)", of_pairs),
            ("publish", "Publishing to PostgreSQL", of_publishing)]


def of_size(rows):
    kept = common.load(f"rows-{rows}.json")
    text = f"\n# {rows:,} rows\n\n" + table("figure of issue 7", "asked", "measured", "met")
    for what, limit, value, met in [*asked(kept), *of_links()]:
        text += row(what, limit, value, "yes" if met else "NO")
    for part, title, section in SECTIONS:
        if part in kept:
            text += f"\n## {title}\n\n{section(kept)}"
    if "profile" in kept:
        text += f"\n## Profile\n\n{kept['profile']['header']}\n\n{kept['profile']['found']}"
    return text


def main():
    sizes = sorted((int(p.stem.split("-")[1]) for p in common.WORK.glob("rows-*.json")), reverse=True)
    text = PREFACE + "\n" + (HERE / "notes.md").read_text() + "".join(of_size(rows) for rows in sizes)
    (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
