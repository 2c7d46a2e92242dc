"""Runs a command and tells its wall time, its CPU (user and system, children too) and its peak
memory: the sum over its processes, looked at ten times a second, and at least what the
kernel says of the largest."""
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
    ended: str = ""  # why it was ended before it was done

    @property
    def mebibytes(self):
        return self.peak / 2**20


def resident(group):
    """Bytes that the processes of a process group hold; shared pages count in each."""
    total = 0
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            with open(f"/proc/{entry.name}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group:
            total += int(fields[21]) * PAGE
    return total


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
    peak, ended = 0, ""
    while not finished.poll(1000 * PAUSE):
        peak = max(peak, resident(child.pid))
        ended = ended or limit_of(started, peak, seconds, memory)
        if ended:
            os.killpg(child.pid, signal.SIGKILL)
    wall = time.monotonic() - started
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Measured(child.returncode, wall, usage.ru_utime + usage.ru_stime,
                    max(peak, usage.ru_maxrss * 1024), ended)
