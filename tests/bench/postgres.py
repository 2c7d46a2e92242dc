"""Publishing: `yice publish` into an empty database, then once more, beside bare COPY of the
same CSV files into tables of text; and what the second time writes, by the server's counters.

    python3 tests/bench/postgres.py OUT     beside one run directory, of any size
"""
import contextlib
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import common
import measure

SERVER = common.ROOT / "tests/store/server"
TABLES = {
    "customer": ["master/customer"], "pending": ["master/pending"], "vehicle": ["master/vehicle"],
    "ownership": ["master/ownership"], "contact": ["master/contact"],
    "relation": ["master/relation"], "cluster": ["resolve/clusters"],
    "lineage": ["master/lineage"], "review": ["master/review"],
    "superseded": ["master/superseded"], "history": ["master/history"],
    "returns": ["report/returns"], "ledger": ["ledger"], "quality": ["report/quality"],
    "alerts": ["report/alerts"],
    "reject": ["extract/rejects", "clean/rejects", "resolve/rejects", "master/rejects"],
}


@contextlib.contextmanager
def server(folder):
    started = subprocess.run([SERVER, "start", folder], check=True, capture_output=True, text=True)
    try:
        yield started.stdout.strip()
    finally:
        subprocess.run([SERVER, "stop", folder], check=True)


def header(path):
    with open(path, encoding="utf-8") as table:
        return [f'"{name}"' for name in next(csv.reader(table))]


def copies(out):
    """One transaction of psql."""
    yield "BEGIN; CREATE SCHEMA bare; SET search_path = bare;"
    for table, names in TABLES.items():
        files = [out / f"{name}.csv" for name in names]
        yield f"CREATE TABLE {table} ({', '.join(f'{column} TEXT' for column in header(files[0]))});"
        for file in files:
            yield f"\\copy {table} ({', '.join(header(file))}) FROM '{file}' (FORMAT csv, HEADER)"
    yield "COMMIT;"


def psql(url, *lines):
    path = common.WORK / "copy.sql"
    path.write_text("\n".join(lines) + "\n")
    return measure.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url, "-f", path], **common.QUIET)


def ask(url, query):
    return subprocess.run(["psql", "-qAtX", url, "-c", query], check=True, capture_output=True, text=True).stdout


def written(url):
    """Rows inserted, changed and deleted so far, by table."""
    time.sleep(2)  # sessions that ended have told their counts by then
    lines = ask(url, "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE schemaname = 'yice'")
    return {name: int(rows) for name, rows in (line.split("|") for line in lines.splitlines())}


def turn(url, out):
    """Wall time: the server's CPU is none of the client's."""
    psql(url, "DROP SCHEMA IF EXISTS bare CASCADE;", "DROP SCHEMA IF EXISTS yice CASCADE;", "CHECKPOINT;")
    runs = {"COPY": psql(url, *copies(out)),
            "yice publish": common.yice("publish", "--in", out, "--to", url)}
    before = written(url)
    runs["once more"] = common.yice("publish", "--in", out, "--to", url)
    after = written(url)
    for name, run in runs.items():
        if run.status != 0:
            raise SystemExit(f"publishing: {name} ended with status {run.status}")
    told = {name: run.as_dict() for name, run in runs.items()}
    told["once more"]["written"] = {name: after[name] - before[name] for name in after if after[name] > before[name]}
    return told


def main():
    common.WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o755)
        with server(pathlib.Path(folder) / "server") as url:
            for name, run in turn(url, pathlib.Path(sys.argv[1])).items():
                print(name, json.dumps(run))
            print("rows", ask(url, "SELECT sum(rows) FROM yice.store_table").strip())


if __name__ == "__main__":
    main()
