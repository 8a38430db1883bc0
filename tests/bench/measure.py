"""Timing whole commands: in turns with their peer, so that a drifting machine slows both, and the median of the pairs."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence


class Run:
    """What one finished command cost: wall and CPU seconds, peak memory in bytes."""

    def __init__(self, wall: float, cpu: float, peak: int) -> None:
        self.wall, self.cpu, self.peak = wall, cpu, peak


def run(command: Sequence[str], env: dict[str, str]) -> Run:
    """Run a command to its end, its output thrown away; raises when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}: {said.decode()}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def pairs(ours: Callable[[], Run], peers: Callable[[], Run], count: int = 11) -> tuple[list[Run], list[Run]]:
    """Both in turn, after one uncounted round."""
    ours(), peers()
    rounds = [(ours(), peers()) for _ in range(count)]
    return [mine for mine, _ in rounds], [theirs for _, theirs in rounds]


def median(runs: Sequence[Run], figure: str) -> float:
    """The median of one figure."""
    return statistics.median(getattr(run, figure) for run in runs)


def ratio(ours: Sequence[Run], peers: Sequence[Run], figure: str = "wall") -> float:
    """The median of the pairwise ratios."""
    return statistics.median(getattr(mine, figure) / getattr(theirs, figure) for mine, theirs in zip(ours, peers, strict=True))


def own_cpu() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
