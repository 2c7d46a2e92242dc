"""Turns `perf script -F ip,sym,dso` of a run of yice into Markdown: CPU by stage, and in each
stage the functions that cost most.

    profile.py PROGRAM <stacks

A sample belongs to the stage whose folder holds the outermost of its frames: a function of
lib/ counts for the stage that called it.
"""
import bisect
import collections
import os
import re
import subprocess
import sys

STAGES = ["extract", "clean", "resolve", "merge", "report", "return", "publish"]
ROOMS = {"golden": "merge"}  # only merge judges values
DOORWAY = {"main.c", "stage.c", "run.c", "pool.c"}
FRAME = re.compile(r"^\s+([0-9a-f]+) (.*) \((.*)\)$")
SHOWN = 12


class Symbols:
    """The functions of the program with their source files, by address: static functions of
    different files may have one name."""

    def __init__(self, program):
        lines = subprocess.run(["nm", "-l", program], capture_output=True, text=True, check=True)
        found = []
        for line in lines.stdout.splitlines():
            parts = line.split()
            if len(parts) >= 3 and parts[1] in "tT":
                ours = "/pipeline/" in parts[-1]
                path = parts[-1].rsplit("/pipeline/", 1)[1].rsplit(":", 1)[0] if ours else None
                found.append((int(parts[0], 16), path))
        found.sort(key=lambda symbol: symbol[0])
        self.addresses = [address for address, _ in found]
        self.paths = [path for _, path in found]

    def path_of(self, address):
        return self.paths[bisect.bisect_right(self.addresses, address) - 1]


def samples(stream, program, symbols):
    """Yields for each sample its frames, innermost first: (name, source file or None)."""
    frames = []
    for line in stream:
        match = FRAME.match(line)
        if match:
            address, name, dso = match.groups()
            if os.path.basename(dso) == os.path.basename(program):
                frames.append((name, symbols.path_of(int(address, 16))))
            else:
                frames.append((library_frame(name, dso), None))
        elif frames:
            yield frames
            frames = []
    if frames:
        yield frames


def library_frame(name, dso):
    library = "kernel" if dso.startswith("[kernel") else os.path.basename(dso).split(".so")[0]
    return library if name == "[unknown]" or library == "kernel" else f"{name} [{library}]"


def stage_of(frames):
    for _, path in reversed(frames):
        if path is None or os.path.basename(path) in DOORWAY:
            continue
        room = path.split("/")[0]
        room = ROOMS.get(room, room)
        if room in STAGES:
            return room
        if "/" not in path:
            break  # the book and the state keep what stages hand over
    return "book, state, rules"


def label(frame):
    name, path = frame
    return f"{name} ({path})" if path else name


def count(stream, program):
    symbols = Symbols(program)
    total = collections.Counter()
    own = collections.defaultdict(collections.Counter)
    below = collections.defaultdict(collections.Counter)
    for frames in samples(stream, program, symbols):
        stage = stage_of(frames)
        total[stage] += 1
        own[stage][label(frames[0])] += 1
        for frame in {label(f) for f in frames if f[1] and os.path.basename(f[1]) not in DOORWAY}:
            below[stage][frame] += 1
    return total, own, below


def cell(counted, i, share):
    return f"{counted[i][0]} | {share(counted[i][1])}" if i < len(counted) else "|"


def main():
    total, own, below = count(sys.stdin, sys.argv[1])
    everything = sum(total.values())

    def share(n):
        return f"{100 * n / everything:.1f} %"

    print("| stage | CPU |\n|---|---|")
    for stage, n in total.most_common():
        print(f"| {stage} | {share(n)} |")
    for stage, _ in total.most_common():
        print(f"\n{stage}:\n\n| in itself | | with what it calls | |\n|---|---|---|---|")
        left, right = own[stage].most_common(SHOWN), below[stage].most_common(SHOWN)
        for i in range(max(len(left), len(right))):
            print(f"| {cell(left, i, share)} | {cell(right, i, share)} |")


if __name__ == "__main__":
    main()
