"""What the history of two nights must be, from the CSV files alone.

history.py ONE TWO        rows of ONE that are not in TWO, rows in both, rows only in TWO
history.py --keys FILE    the rows of a file as psql prints them, sorted
history.py --change FILE...  alters, drops and doubles some rows of each file in place
"""
import csv
import sys


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return [tuple(r) for r in csv.reader(f)]


def main(args):
    if args[0] == "--keys":
        for line in sorted("|".join(r).encode() for r in rows(args[1])[1:]):
            sys.stdout.buffer.write(line + b"\n")
    elif args[0] == "--change":
        for path in args[1:]:
            head, *body = rows(path)
            if "email" in head:
                at = head.index("email")
                body = [r[:at] + ("changed@example.com",) + r[at + 1:] if i % 7 == 0 else r for i, r in enumerate(body)]
            body = [r for i, r in enumerate(body) if i % 11]
            with open(path, "w", encoding="utf-8", newline="") as f:
                csv.writer(f, lineterminator="\n").writerows([head, *body])
    else:
        one, two = set(rows(args[0])[1:]), set(rows(args[1])[1:])
        print(len(one - two), len(one & two), len(two - one))


main(sys.argv[1:])
