"""`make bench`: the program and its peers on the same files, in turn in one run.

    ROWS=400000 REPEATS=3 MINUTES=600 PARTS="yice,duckdb,..." tests/bench/run

In each turn every contestant runs once; ratios are taken within a turn. What is measured is kept
at once in build/bench/rows-ROWS.json, and a contestant that has its REPEATS on this commit and
day is not run again (FRESH=1 begins anew), so a run that was ended goes on where it was. Nothing
is begun after MINUTES. results.py makes RESULTS.md of what is kept.
"""
import filecmp
import json
import os
import shutil
import subprocess
import time

import agreement
import common
import measure
import pieces
import postgres
from common import DATE, NEXT_DATE, QUIET, say

ROWS = int(os.environ.get("ROWS", "400000"))
REPEATS = int(os.environ.get("REPEATS", "1" if ROWS >= 4_000_000 else "3"))
DEADLINE = time.monotonic() + 60 * float(os.environ.get("MINUTES", "600"))
WORK = common.WORK / f"rows-{ROWS}"
KEPT = f"rows-{ROWS}.json"
ROWS_OF_A_PERSON = 2.636
EXPORTS = "dms_customer,invoice,finance,callcenter"
PLAIN = common.BENCH / "plain"
URGENT_ROWS = 1000
PUBLISHED_ROWS = 400_000
DISK_OF_A_ROW = 4500  # bytes: the night, the first night's result, beside it one with every table


def night(rows, seed="1"):
    people = round(rows / ROWS_OF_A_PERSON)
    return common.generate(common.WORK / f"night-{rows}-{seed}", people, "--plain", "--no-truth",
                           "--rows-mix", EXPORTS, "--days", "1", "--seed", seed, "--dealers",
                           str(max(20, people // 20_000))) / "inbox"


def remove(*folders):
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


# ---- the program ----


def run_yice(inbox, *options, name, keep=False, state=None, date=DATE):
    """One `yice run --publish none` into folders of its name; the time in fsync is what run.json
    says of it. From a fresh state, or from a copy of `state`."""
    place = WORK / name
    remove(place)
    place.mkdir(parents=True)
    if state:
        shutil.copytree(state, place / "state")
    measured = common.yice("run", "--inbox", inbox, "--state", place / "state", "--out",
                           place / "out", "--date", date, "--publish", "none", *options)
    told = json.loads((place / "out/run.json").read_text())
    if not keep:
        remove(place)
    return measured.as_dict() | {"sync": told["seconds"]["sync"], "rows": told["rows"]}


def final(inbox, *options, **where):
    return run_yice(inbox, "--tables", "final", *options, **where)


def differing(a, b):
    """Files of two outputs that are not the same to the byte."""
    names = {str(path.relative_to(folder)) for folder in (a, b) for path in folder.rglob("*")
             if path.is_file() and path.name != "run.json"}
    _, other, missing = filecmp.cmpfiles(a, b, names, shallow=False)
    return sorted(other + missing)


def first_night():
    return final(night(ROWS), name="first", keep=True)


def every_table():
    return run_yice(night(ROWS), name="every")


def one_job():
    return final(night(ROWS), "--jobs", "1", name="one-job")


def twice_the_rows():
    return final(night(2 * ROWS), name="twice")


def packed():
    """The same exports in GB18030 and gzip, as most dealers send them."""
    plain = night(ROWS)
    folder = plain.parent / "packed"
    if not folder.exists():
        say("packing the night")
        part = plain.parent / "packed.part"
        remove(part)
        part.mkdir()
        pack = 'iconv -f UTF-8 -t GB18030 "$1" | gzip >"$2/${1##*/}.gz"'
        subprocess.run(["xargs", "-0", "-P2", "-I{}", "sh", "-c", pack, "sh", "{}", part],
                       check=True, input=b"\0".join(bytes(path) for path in plain.glob("*.csv")))
        part.rename(folder)
    return final(folder, name="packed")


def little_memory():
    run = final(night(ROWS), "--memory", "512M", name="little", keep=True)
    run["differing"] = differing(WORK / "first/out", WORK / "little/out")
    remove(WORK / "little")
    return run


def repeated(name, **options):
    """The night once more on the state that it left; master and resolve are held to the first ones."""
    run = final(night(ROWS), name=name, keep=True, state=WORK / "first/state", **options)
    run["differing"] = [file for folder in ("master", "resolve")
                        for file in differing(WORK / "first/out" / folder, WORK / name / "out" / folder)]
    remove(WORK / name)
    return run


def same_again():
    return repeated("again")


def next_day():
    return repeated("next", date=NEXT_DATE)


def urgent_inbox():
    """One file of a thousand rows by people whom the state does not know."""
    folder = WORK / "urgent-inbox"
    remove(folder)
    folder.mkdir(parents=True)
    source = night(20 * URGENT_ROWS, seed="2") / "callcenter_hq_20260303.csv"
    with open(source, encoding="utf-8") as rows:
        lines = [next(rows) for _ in range(URGENT_ROWS + 1)]
    (folder / "callcenter_hq_20260303_urgent.csv").write_text("".join(lines), encoding="utf-8")
    return folder


def urgent_file():
    """Its masters are held to those of a run that gets the file with all the others. history.csv
    tells of one run only."""
    inbox, both = urgent_inbox(), WORK / "both-inbox"
    run = final(inbox, name="urgent", keep=True, state=WORK / "first/state")
    remove(both)
    shutil.copytree(night(ROWS), both, copy_function=os.link)
    shutil.copytree(inbox, both, dirs_exist_ok=True)
    final(both, name="both", keep=True)
    other = differing(WORK / "urgent/out/master", WORK / "both/out/master")
    run["differing"] = [name for name in other if name != "history.csv"]
    remove(both, WORK / "both", WORK / "urgent")
    return run


# ---- the peers ----


def run_peer(name, command):
    out = WORK / name
    remove(out)
    out.mkdir(parents=True)
    measured = measure.run(command, env=common.peers_environment(), **QUIET)
    if measured.status != 0:
        raise SystemExit(f"{name} ended with status {measured.status}")
    return measured.as_dict()


def python_peer(name):
    return lambda: run_peer(name, [common.PYTHON, PLAIN / f"{name}_job.py", night(ROWS), WORK / name])


def mawk():
    script = f"LC_ALL=C exec mawk -v OUT='{WORK / 'mawk'}' -f '{PLAIN / 'plain.awk'}' '{night(ROWS)}'/*.csv"
    return run_peer("mawk", ["sh", "-c", script])


CONTESTANTS = {
    "yice": first_night,
    "duckdb": python_peer("duckdb"),
    "polars": python_peer("polars"),
    "every table": every_table,
    "pandas": python_peer("pandas"),
    "mawk": mawk,
    "same again": same_again,
    "next day": next_day,
    "urgent file": urgent_file,
    "packed": packed,
    "one job": one_job,
    "little memory": little_memory,
    "twice the rows": twice_the_rows,
}


# ---- beside the turns ----


def agree():
    """Whether the results of the peers that ran are one, and how the program's own differ."""
    peers = [WORK / name for name in ("duckdb", "polars", "pandas", "mawk")]
    return agreement.compare(WORK / "first/out", [peer for peer in peers if peer.exists()])


def reading():
    return pieces.measure_all(night(ROWS), WORK, max(REPEATS, 3))


def publishing():
    run_yice(night(min(ROWS, PUBLISHED_ROWS)), name="published", keep=True)
    with postgres.server(WORK / "server") as url:
        turns = [postgres.turn(url, WORK / "published/out") for _ in range(REPEATS)]
    remove(WORK / "published")
    return turns


def profile():
    """CPU by stage and function, of a run with every table."""
    return subprocess.run([common.BENCH / "profile"], capture_output=True, text=True, check=True).stdout


EXTRAS = {"agreement": agree, "reading": reading, "publishing": publishing, "profile": profile}


def load():
    kept = common.load(KEPT)
    if not kept or kept["header"] != common.header() or "FRESH" in os.environ:
        kept = {"header": common.header(), "runs": {}, "extras": {}}
    return kept


def take_turns(kept, wanted):
    for turn in range(REPEATS):
        for name, contestant in CONTESTANTS.items():
            runs = kept["runs"].setdefault(name, [])
            if name not in wanted or len(runs) > turn or time.monotonic() > DEADLINE:
                continue
            run = contestant()
            say(f"{name:16} {run['wall']:8.2f} s {run['cpu']:8.2f} s CPU {run['mebibytes']:6.0f} MiB, "
                f"{run['private']:6.0f} private")
            runs.append(run)
            common.save(KEPT, kept)


def check_disk():
    needed, free = ROWS * DISK_OF_A_ROW / 1e9, shutil.disk_usage(WORK).free / 1e9
    if free < needed:
        raise SystemExit(f"{ROWS:,} rows need {needed:.0f} GB below {WORK}, {free:.0f} are free")


def main():
    common.install_peers()
    WORK.mkdir(parents=True, exist_ok=True)
    check_disk()
    wanted = os.environ.get("PARTS", ",".join([*CONTESTANTS, *EXTRAS])).split(",")
    for path in night(ROWS).glob("*.csv"):
        path.read_bytes()  # into the page cache: no contestant pays for the disk
    kept = load()
    take_turns(kept, wanted)
    for name, extra in EXTRAS.items():
        if name in wanted and name not in kept["extras"] and time.monotonic() < DEADLINE:
            say(name)
            kept["extras"][name] = extra()
            common.save(KEPT, kept)


if __name__ == "__main__":
    main()
