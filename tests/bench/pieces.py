"""Reading alone and decoding alone, on one file of the DMS exports, over and over until it is
large enough that no one's start counts."""
import shlex
import subprocess

import common
import measure

COUNTING = ("import duckdb, sys; duckdb.sql(\"SELECT count(*) FROM "
            "read_csv('%s', all_varchar = true)\" % sys.argv[1]).fetchall()")
LEAST = 400 << 20  # bytes


def same_bytes(reader, wide):
    compared = f"cmp <({reader} decode {wide}) <(iconv -f GB18030 -t UTF-8 {wide})"
    return subprocess.run(["bash", "-c", compared], **common.QUIET).returncode == 0


def commands(reader, whole, wide):
    return {
        "wc -l": f"wc -l {whole}",
        "split": f"{reader} split {whole}",
        "duckdb": shlex.join([str(common.PYTHON), "-c", COUNTING, str(whole)]),
        "iconv": f"iconv -f GB18030 -t UTF-8 {wide} >/dev/null",
        "decode": f"{reader} decode {wide} >/dev/null",
    }


def measure_all(inbox, work, repeats):
    reader = common.BUILD / "tests/bench/pieces"
    whole, wide = work / "whole.csv", work / "whole.gb18030"
    exports = sorted(inbox.glob("dms_customer_*.csv"))
    times = 1 + LEAST // sum(path.stat().st_size for path in exports)
    with open(whole, "wb") as joined:
        for path in exports * times:
            joined.write(path.read_bytes())
    subprocess.run(f"iconv -f UTF-8 -t GB18030 {whole} >{wide}", shell=True, check=True)
    found = {"identical": same_bytes(reader, wide), "bytes": whole.stat().st_size, "turns": []}
    for _ in range(repeats):
        turn = {name: measure.run(["sh", "-c", command], **common.QUIET)
                for name, command in commands(reader, whole, wide).items()}
        found["turns"].append({name: run.as_dict() for name, run in turn.items()})
    whole.unlink()
    wide.unlink()
    return found
