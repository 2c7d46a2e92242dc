"""Publishing: `yice publish` beside bare COPY of the same CSV files into the same tables."""
import contextlib
import csv
import subprocess

import common
import measure

SERVER = common.ROOT / "tests/store/server"
TABLES = {
    "customer": ["master/customer"], "pending": ["master/pending"], "vehicle": ["master/vehicle"],
    "ownership": ["master/ownership"], "contact": ["master/contact"],
    "relation": ["master/relation"], "cluster": ["resolve/clusters"],
    "lineage": ["master/lineage"], "review": ["master/review"],
    "superseded": ["master/superseded"], "returns": ["report/returns"], "ledger": ["ledger"],
    "quality": ["report/quality"],
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
        return ", ".join(f'"{name}"' for name in next(csv.reader(table)))


def copies(out, indexes):
    """One transaction of psql: the tables as they ship, the rows, at will their indexes."""
    sql = common.ROOT / "schemas/sql"
    yield "BEGIN; DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; SET search_path = bare;"
    yield f"\\i {sql / 'tables.sql'}"
    for table, files in TABLES.items():
        for file in (out / f"{name}.csv" for name in files):
            if file.exists():
                yield f"\\copy {table} ({header(file)}) FROM '{file}' (FORMAT csv, HEADER)"
    if indexes:
        yield f"\\i {sql / 'indexes.sql'}"
    yield "COMMIT;"


def psql(url, script):
    path = common.WORK / "copy.sql"
    path.write_text("\n".join(script) + "\n")
    return measure.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url, "-f", path], **common.QUIET)


def turn(url, out):
    """The server's CPU is not in it: only wall time compares."""
    runs = {"COPY": psql(url, copies(out, False)),
            "COPY and indexes": psql(url, copies(out, True)),
            "yice publish": common.yice("publish", "--in", out, "--to", url)}
    if any(run.status != 0 for run in runs.values()):
        raise SystemExit("publishing failed")
    return {name: {"wall": run.wall, "cpu": run.cpu, "mebibytes": run.mebibytes}
            for name, run in runs.items()}
