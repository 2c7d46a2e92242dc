"""Runs a command and tells its wall time, its CPU (user and system, children too) and its peak
memory: the sum over its processes, looked at ten times a second. `peak` is what lies in memory,
mapped files too; `private` is what the kernel could not simply drop or write back."""
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass

PAGE = os.sysconf("SC_PAGE_SIZE")
PAUSE = 0.1


@dataclass
class Measured:
    status: int  # exit status; of no meaning where `ended` is told
    wall: float
    cpu: float
    peak: int  # bytes
    private: int  # bytes
    ended: str = ""  # why it was ended before it was done

    def as_dict(self):
        return {"wall": self.wall, "cpu": self.cpu, "mebibytes": self.peak / 2**20,
                "private": self.private / 2**20}


def members(group):
    """The processes of a process group."""
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                yield entry.name
        except ProcessLookupError:
            pass


def memory_of(group):
    """Bytes in memory, and private ones; shared pages count in each process."""
    resident = private = 0
    for process in members(group):
        try:
            with open(f"/proc/{process}/statm") as statm:
                _, pages, shared, *_ = map(int, statm.read().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
        resident += pages * PAGE
        private += (pages - shared) * PAGE
    return resident, private


def limit_of(started, peak, seconds, memory):
    if seconds and time.monotonic() - started > seconds:
        return f"did not finish in {seconds / 60:.0f} minutes"
    if memory and peak > memory:
        return f"did not fit into {memory / 2**30:.0f} GiB"
    return ""


def run(command, seconds=None, memory=None, **popen):
    """`seconds` and `memory` (bytes) end it and all its children."""
    started = time.monotonic()
    child = subprocess.Popen(command, start_new_session=True, **popen)
    finished = select.poll()
    finished.register(os.pidfd_open(child.pid), select.POLLIN)
    peak, private, ended = 0, 0, ""
    while not finished.poll(1000 * PAUSE):
        now = memory_of(child.pid)
        peak, private = max(peak, now[0]), max(private, now[1])
        ended = ended or limit_of(started, peak, seconds, memory)
        if ended:
            os.killpg(child.pid, signal.SIGKILL)
    wall = time.monotonic() - started
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Measured(child.returncode, wall, usage.ru_utime + usage.ru_stime,
                    max(peak, usage.ru_maxrss * 1024), private, ended)
