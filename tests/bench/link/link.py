"""Links the cleaned records of one generated night with `yice resolve`, Splink and GoldenMatch,
one after the other, and holds each to the truth. Called by tests/bench/link/run.

A night without service records, whose customer is often not who brought the car: all are
scored over the same records.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import common
import measure

PEOPLE = int(os.environ.get("PEOPLE", "100000"))
MINUTES = int(os.environ.get("MINUTES", "30"))
GIBIBYTES = int(os.environ.get("GIBIBYTES", "12"))
LIMITS = {"seconds": 60 * MINUTES, "memory": GIBIBYTES * 2**30}
EXPORTS = "dms_customer,invoice,finance,callcenter,insurance,activity,survey,manual"
WORK = common.WORK / f"link-{PEOPLE}"
HERE = pathlib.Path(__file__).resolve().parent
THRESHOLDS = ["-4", "-2", "0", "2", "3", "4", "6", "8", "10", "12"]
TUNED_UP_TO = 100_000  # people; larger nights take the threshold that was best here
SCORE = re.compile(r"together (\d+).*precision (\S+) recall (\S+)")


def prepare():
    """The night, and its cleaned records for each contestant."""
    common.generate(WORK / "night", PEOPLE, "--dealers", str(max(10, PEOPLE // 3000)), "--days",
                    "3", "--seed", "7", "--rows-mix", EXPORTS)
    if not (WORK / "out" / "records.csv").exists():
        common.say("cleaning")
        common.yice("run", "--inbox", WORK / "night/inbox", "--state", WORK / "state", "--out",
                    WORK / "out", "--date", common.DATE, "--publish", "none")
        subprocess.run([common.PYTHON, "-c", "import duckdb, sys; duckdb.execute(sys.stdin.read())"],
                       stdin=open(HERE / "records.sql"), cwd=WORK / "out", check=True)
        for spent in ("state", "out/master", "out/report", "out/return"):
            shutil.rmtree(WORK / spent)


def score(out):
    shown = subprocess.run([common.BUILD / "tests/truth/compare", "--truth", WORK / "night/truth",
                            "--out", out, "--pairs-only", "--examples", "0"],
                           capture_output=True, text=True).stdout
    precision, recall = map(float, SCORE.search(shown).groups()[1:])
    return {"precision": precision, "recall": recall,
            "f1": 2 * precision * recall / (precision + recall)}


def peer(script, way, limits):
    with open(WORK / f"{script}.log", "w") as log:
        return measure.run([common.PYTHON, HERE / script, WORK / "out/records.csv", WORK, way],
                           **limits, env=common.peers_environment(), stdout=log, stderr=log)


def best_splink_threshold():
    """The threshold of the best F1 by the truth itself: more than its user would know."""
    tuned = common.load("link-splink-threshold.json")
    if PEOPLE > TUNED_UP_TO:
        return tuned or "4"
    common.say("splink: looking for its best threshold (not measured)")
    peer("peer_splink.py", ",".join(THRESHOLDS), {})
    best = max(THRESHOLDS, key=lambda t: score(WORK / t)["f1"])
    common.save("link-splink-threshold.json", best)
    return best


def yice_resolve():
    return common.yice("resolve", "--in", WORK / "out", "--out", WORK / "yice", "--date",
                       common.DATE, **LIMITS)


def contestants():
    """Each with how it runs and where its clusters are; in turn."""
    yield "yice resolve", yice_resolve(), WORK / "yice"
    threshold = best_splink_threshold()
    yield (f"Splink 5.0.0, match weight {threshold}", peer("peer_splink.py", threshold, LIMITS),
           WORK / threshold)
    for way in ("rules", "zero-config"):
        yield f"GoldenMatch 3.22.0, {way}", peer("peer_goldenmatch.py", way, LIMITS), WORK / way


def row_of(name, measured, out):
    row = {"name": name, "ended": measured.ended} | measured.as_dict()
    if measured.status != 0 and not measured.ended:
        row["ended"] = "failed"
    if not row["ended"]:
        row |= score(out)
    common.say(name, f"{measured.wall:.1f} s", row["ended"] or f"F1 {row['f1']:.5f}")
    return row


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    common.install_peers()
    prepare()
    with open(WORK / "out/records.csv") as records:
        count = sum(1 for _ in records) - 1
    rows = []
    for contestant in contestants():
        rows.append(row_of(*contestant))
        common.save(f"link-{PEOPLE}.json", {"header": common.header(), "records": count,
                                            "limits": f"{MINUTES} minutes, {GIBIBYTES} GiB",
                                            "rows": rows})


if __name__ == "__main__":
    main()
