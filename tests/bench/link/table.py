"""Writes LINK.md from the contests at hand."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import common

HERE = pathlib.Path(__file__).resolve().parent
PREFACE = """# Who links records best

Made by `PEOPLE=100000 tests/bench/link/run`: the cleaned records of one generated night, the
truth beside it, each contestant in turn in one run. Every contestant reads the records as CSV and
writes its clusters as CSV. All pairs of records are scored, those of the ID number too.

- `yice resolve`: the stage by hand with the rules as shipped; it also reads what cleaning told of
  failed ID numbers and mobiles (clean/rejects.csv), and judges corrections and reviews.
- Splink (DuckDB): `peer_splink.py`; names at six levels, term frequencies, u sampled, m by
  expectation maximisation. Its threshold is the one of the best F1 by the truth, found on the
  same night (up to 100,000 people; above that the one found there), which favours it; the
  search is not in its time.
- GoldenMatch, rules: `peer_goldenmatch.py`; exact keys with ID number, birth date and name as
  negative evidence: the best of the ways tried (its probabilistic matchkey with the blocking of
  Splink came to F1 0.9865 at best on 10,000 people, in 92 s).
- GoldenMatch, zero-config: what it chooses by itself.
"""
COLUMNS = "| | precision | recall | F1 | wall s | CPU s | peak MiB | wall to yice | CPU to yice |\n" + "|---" * 9 + "|"


def line(row, first):
    quality = row["ended"] + " | | |" if row["ended"] else (
        f"{row['precision']:.5f} | {row['recall']:.5f} | {row['f1']:.5f} |")
    return (f"| {row['name']} | {quality} {row['wall']:.1f} | {row['cpu']:.1f} | "
            f"{row['mebibytes']:.0f} | {row['wall'] / first['wall']:.1f} | {row['cpu'] / first['cpu']:.1f} |")


def main():
    text = PREFACE
    for people in sorted(int(p.stem.split("-")[1]) for p in common.WORK.glob("link-[0-9]*.json")):
        contest = common.load(f"link-{people}.json")
        text += (f"\n## {people:,} people, {contest['records']:,} records\n\n{contest['header']}\n"
                 f"Ended after {contest['limits']}.\n\n{COLUMNS}\n")
        text += "".join(line(row, contest["rows"][0]) + "\n" for row in contest["rows"])
    (HERE / "LINK.md").write_text(text)


if __name__ == "__main__":
    main()
