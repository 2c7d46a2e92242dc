"""`make bench`: measures the program beside its peers, on the same files, in turn in one run.

    ROWS=400000 PARTS="plain pieces ..." REPEATS=3 tests/bench/run

Each part prints what it finds and keeps it in build/bench/rows-ROWS.json: a part done for this
commit is not done again (FRESH=1 does it again). results.py makes RESULTS.md of what is kept.
"""
import filecmp
import json
import os
import shlex
import shutil
import statistics
import subprocess

import agreement
import common
import measure
import postgres
from common import DATE, QUIET, say

ROWS = int(os.environ.get("ROWS", "400000"))
LARGE = ROWS >= 4_000_000
REPEATS = int(os.environ.get("REPEATS", "1" if LARGE else "3"))
WORK = common.WORK / f"rows-{ROWS}"
KEPT = f"rows-{ROWS}.json"
ROWS_OF_A_PERSON = 2.636
EXPORTS = "dms_customer,invoice,finance,callcenter"
PLAIN = common.BENCH / "plain"
URGENT_ROWS = 1000
PUBLISHED_ROWS = 400_000


def night(rows, seed="1"):
    people = round(rows / ROWS_OF_A_PERSON)
    return common.generate(common.WORK / f"night-{rows}-{seed}", people, "--plain", "--no-truth",
                           "--rows-mix", EXPORTS, "--days", "1", "--seed", seed, "--dealers",
                           str(max(20, people // 20_000))) / "inbox"


def warm(folder):
    """Into the page cache: no contestant pays for the disk."""
    for path in folder.rglob("*.csv*"):
        path.read_bytes()


def summary(runs):
    """Medians of several runs of one command."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def as_dict(measured):
    if measured.status != 0:
        raise SystemExit(f"a peer ended with status {measured.status}")
    return {"wall": measured.wall, "cpu": measured.cpu, "mebibytes": measured.mebibytes}


def run_yice(inbox, *options, state="state", out="out", fresh=True):
    """One `yice run --publish none`; the time in fsync is what run.json says of it."""
    if fresh:
        shutil.rmtree(WORK / state, ignore_errors=True)
    shutil.rmtree(WORK / out, ignore_errors=True)
    measured = common.yice("run", "--inbox", inbox, "--state", WORK / state, "--out", WORK / out,
                           "--date", DATE, "--publish", "none", *options)
    told = json.loads((WORK / out / "run.json").read_text())
    return {"wall": measured.wall, "cpu": measured.cpu, "mebibytes": measured.mebibytes,
            "sync": told["seconds"]["sync"], "rows": told["rows"]}


def run_peer(name, command):
    out = WORK / name
    out.mkdir(parents=True, exist_ok=True)
    return as_dict(measure.run(command, env=common.peers_environment(), **QUIET))


def peers(inbox):
    """The commands of the plain job, the quick ones first."""
    commands = {
        name: [common.PYTHON, PLAIN / f"{name}_job.py", inbox, WORK / name]
        for name in ("duckdb", "polars", "pandas")
    }
    mawk = f"LC_ALL=C exec mawk -v OUT='{WORK / 'mawk'}' -f '{PLAIN / 'plain.awk'}' '{inbox}'/*.csv"
    return commands | {"mawk": ["sh", "-c", mawk]}


def tell(name, run):
    say(f"  {name:28} {run['wall']:8.2f} s  {run['cpu']:8.2f} s CPU  {run['mebibytes']:7.0f} MiB")
    return run


def plain():
    """The whole chain and the plain job of each peer, in turn."""
    inbox = night(ROWS)
    warm(inbox)
    runs = {}
    for _ in range(REPEATS):
        turn = {"yice, --tables final": lambda: run_yice(inbox, "--tables", "final"),
                "yice, every table": lambda: run_yice(inbox)}
        for name, command in peers(inbox).items():
            turn[name] = lambda name=name, command=command: run_peer(name, command)
        for name, run in turn.items():
            runs.setdefault(name, []).append(tell(name, run()))
    return {name: summary(some) for name, some in runs.items()}


def agree():
    """Whether the peers' results are one, and how that of the program differs."""
    inbox = night(ROWS)
    run_yice(inbox, "--tables", "final")
    for name, command in peers(inbox).items():
        if not (WORK / name / "master.csv").exists():
            run_peer(name, command)
    found = agreement.compare(WORK / "out", [WORK / name for name in peers(inbox)])
    say("  peers agree:", found["peers_agree"])
    return found


def shell(command):
    return as_dict(measure.run(["sh", "-c", command], **QUIET))


def of_several(commands):
    runs = [{name: tell(name, shell(command)) for name, command in commands.items()}
            for _ in range(max(REPEATS, 3))]
    return {name: summary([turn[name] for turn in runs]) for name in commands}


def pieces():
    """Reading alone, decoding alone, on the DMS exports in one file."""
    inbox, reader = night(ROWS), common.BUILD / "tests/bench/pieces"
    whole, wide = WORK / "whole.csv", WORK / "whole.gb18030"
    subprocess.run(f"cat '{inbox}'/dms_customer_*.csv >'{whole}' && iconv -f UTF-8 -t GB18030 '{whole}' >'{wide}'",
                   shell=True, check=True)
    same = subprocess.run(["bash", "-c", f"cmp <({reader} decode {wide}) <(iconv -f GB18030 -t UTF-8 {wide})"],
                          **QUIET).returncode == 0
    counting = ("import duckdb, sys; duckdb.sql(\"SELECT count(*) FROM "
                "read_csv('%s', all_varchar = true, header = true)\" % sys.argv[1]).fetchall()")
    found = of_several({
        "wc -l": f"wc -l '{whole}'",
        "yice, rows and fields": f"'{reader}' split '{whole}'",
        "DuckDB, count(*)": shlex.join([str(common.PYTHON), "-c", counting, str(whole)]),
        "iconv": f"iconv -f GB18030 -t UTF-8 '{wide}' >/dev/null",
        "yice, GB18030": f"'{reader}' decode '{wide}' >/dev/null",
    })
    found["identical"] = same
    found["bytes"] = whole.stat().st_size
    whole.unlink()
    wide.unlink()
    return found


def paired(first, second):
    """Two ways of one run in turn, each under its name: their medians."""
    runs = [[tell(name, run()) for name, run in (first, second)] for _ in range(REPEATS)]
    return {"first": summary([a for a, _ in runs]), "second": summary([b for _, b in runs])}


def final(name, inbox, *options, **where):
    return name, lambda: run_yice(inbox, "--tables", "final", *options, **where)


def jobs():
    """One thread, then two."""
    inbox = night(ROWS)
    return paired(final("--jobs 1", inbox, "--jobs", "1"), final("--jobs 2", inbox, "--jobs", "2"))


def double():
    """The rows, then twice the rows."""
    return paired(final("rows", night(ROWS)), final("twice the rows", night(2 * ROWS)))


def packed_night():
    """The same exports in GB18030 and gzip, as most dealers send them."""
    plain_inbox = night(ROWS)
    folder = plain_inbox.parent / "packed"
    if not folder.exists():
        say("packing the night")
        folder.mkdir()
        pack = 'iconv -f UTF-8 -t GB18030 "$1" | gzip >"$2/${1##*/}.gz"'
        subprocess.run(["xargs", "-0", "-P2", "-I{}", "sh", "-c", pack, "sh", "{}", folder], check=True,
                       input=b"\0".join(bytes(path) for path in plain_inbox.glob("*.csv")))
    return folder


def packed():
    """Plain UTF-8, then GB18030 in gzip."""
    folder = packed_night()
    warm(folder)
    return paired(final("plain UTF-8", night(ROWS)), final("GB18030 in gzip", folder))


def differing(a, b):
    """Files of two outputs that are not the same to the byte."""
    names = {str(path.relative_to(folder)) for folder in (a, b) for path in folder.rglob("*")
             if path.is_file() and path.name != "run.json"}
    _, other, missing = filecmp.cmpfiles(a, b, names, shallow=False)
    return sorted(other + missing)


def memory():
    """As much memory as it likes, then 512 MiB."""
    inbox = night(ROWS)
    found = paired(final("default", inbox),
                   final("--memory 512M", inbox, "--memory", "512M", state="state-512M", out="out-512M"))
    found["differing"] = differing(WORK / "out", WORK / "out-512M")
    say("  files that differ:", len(found["differing"]))
    shutil.rmtree(WORK / "out-512M")
    shutil.rmtree(WORK / "state-512M")
    return found


def again():
    """A first night, then the same night once more."""
    inbox = night(ROWS)
    return paired(final("first night", inbox),
                  final("the same again", inbox, fresh=False, out="out-again"))


def urgent_inbox():
    """One file of a thousand rows by people whom the state does not know."""
    folder = WORK / "urgent"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    source = night(20 * URGENT_ROWS, seed="2") / "callcenter_hq_20260303.csv"
    with open(source, encoding="utf-8") as rows:
        lines = [next(rows) for _ in range(URGENT_ROWS + 1)]
    (folder / "callcenter_hq_20260303_urgent.csv").write_text("".join(lines), encoding="utf-8")
    return folder


def both_inboxes(*inboxes):
    folder = WORK / "both"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for inbox in inboxes:
        for path in inbox.glob("*.csv"):
            os.link(path, folder / path.name)
    return folder


def urgent():
    """A first night, then one urgent file on its state: the result of both at once?"""
    inbox, file = night(ROWS), urgent_inbox()
    found = paired(final("first night", inbox),
                   final("urgent rows", file, fresh=False, out="out-urgent"))
    run_yice(both_inboxes(inbox, file), "--tables", "final", state="state-both", out="out-both")
    other = differing(WORK / "out-urgent/master", WORK / "out-both/master")
    found["differing"] = [name for name in other if name != "history.csv"]  # tells of one run
    say("  master tables that differ from a full run:", found["differing"] or "none")
    for folder in ("state-both", "out-both", "both"):
        shutil.rmtree(WORK / folder)
    return found


def publish():
    """The store of PostgreSQL by the program, then the same tables by bare COPY."""
    inbox = night(min(ROWS, PUBLISHED_ROWS))
    run_yice(inbox)
    with postgres.server(WORK / "server") as url:
        runs = [postgres.turn(url, WORK / "out") for _ in range(REPEATS)]
    for name in runs[0]:
        tell(name, summary([turn[name] for turn in runs]))
    return {name: summary([turn[name] for turn in runs]) for name in runs[0]}


def profile():
    """CPU by stage and function, of a run with every table."""
    shown = subprocess.run([common.BENCH / "profile"], capture_output=True, text=True, check=True)
    say("  profiled")
    return shown.stdout


PARTS = [plain, agree, pieces, jobs, packed, memory, again, urgent, double, publish, profile]


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    common.install_peers()
    kept = common.load(KEPT) or {}
    wanted = os.environ.get("PARTS", " ".join(part.__name__ for part in PARTS)).split()
    for part in PARTS:
        name = part.__name__
        done = kept.get(name, {}).get("header") == common.header() and "FRESH" not in os.environ
        if name not in wanted or done:
            continue
        say(f"{name}: {part.__doc__.splitlines()[0]}")
        kept[name] = {"header": common.header(), "repeats": REPEATS, "found": part()}
        common.save(KEPT, kept)


if __name__ == "__main__":
    main()
