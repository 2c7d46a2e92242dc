"""What every benchmark shares: the folders, the night, the program, the peers' environment."""
import datetime
import json
import os
import pathlib
import platform
import shutil
import subprocess

import measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "tests" / "bench"
BUILD = ROOT / os.environ.get("BUILD", "build")
WORK = BUILD / "bench"
PYTHON = WORK / "peers" / "bin" / "python"
YICE = BUILD / "yice"
DATE, NEXT_DATE = "2026-03-03", "2026-03-04"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def say(*words):
    print(datetime.datetime.now().strftime("%H:%M:%S"), *words, flush=True)


def peers_environment():
    """Peers choose their own number of threads and kind of processor, on two processors as
    the program does."""
    return {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}


def install_peers():
    """Once, and again when the list of them changes."""
    wanted = (BENCH / "requirements.txt").read_text()
    done = WORK / "peers" / "installed.txt"
    if done.exists() and done.read_text() == wanted:
        return
    say("installing the peers")
    subprocess.run(["python3", "-m", "venv", "--clear", WORK / "peers"], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", BENCH / "requirements.txt"],
                   check=True)
    done.write_text(wanted)


def generate(folder, people, *options):
    """A night of invented exports; the same options give the same bytes, so it is made once. What
    was ended half-way bears another name."""
    if not folder.exists():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        say(f"making a night of {people:,} people")
        subprocess.run([BUILD / "generate", "--people", str(people), "--date", DATE, *options,
                        "--out", part], check=True, **QUIET)
        part.rename(folder)
    return folder


def machine():
    with open("/proc/cpuinfo") as cpuinfo:
        model = next(line.split(":")[1].strip() for line in cpuinfo if "model name" in line)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, Linux {platform.release()}"


def commit():
    """The last one that touched what is measured."""
    shown = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%h", "--", "pipeline",
                            "include", "rules", "schemas"], capture_output=True, text=True)
    return shown.stdout.strip()


def header():
    today = datetime.date.today().isoformat()
    return f"{machine()}; {today}, commit {commit()}."


def yice(*arguments, **limits):
    """Measures the program; ending with an alert (1) is ending well."""
    measured = measure.run([YICE, *arguments, "--quiet"], **limits, **QUIET)
    if measured.status not in (0, 1) and not measured.ended:
        raise SystemExit(f"yice {' '.join(map(str, arguments))}: exit status {measured.status}")
    return measured


def load(name):
    path = WORK / name
    return json.loads(path.read_text()) if path.exists() else None


def save(name, value):
    (WORK / name).write_text(json.dumps(value, indent=1))
