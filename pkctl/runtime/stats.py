"""Use of CPU, memory and swap, read from the control groups' files: a tenth of what asking Podman costs."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import reach

    Object = dict[str, Any]

ID = re.compile(r"libpod-([0-9a-f]{64})")
SCRIPT = r"""cd /sys/fs/cgroup; date +now:%s.%N
grep -H . cpuacct/pkctl/pod*/libpod-*/cpuacct.usage memory/pkctl/pod*/libpod-*/memory.usage_in_bytes 2>/dev/null
grep -H . memory/pkctl/pod*/libpod-*/memory.memsw.usage_in_bytes 2>/dev/null
grep -H '^total_inactive_file' memory/pkctl/pod*/libpod-*/memory.stat 2>/dev/null
for group in pkctl/pod*/libpod-* pkctl.slice/pkctl-pod*.slice/libpod-*; do [ -e $group/memory.current ] || continue
grep -H '^usage_usec' $group/cpu.stat; grep -H . $group/memory.current; grep -H . $group/memory.swap.current 2>/dev/null
grep -H '^inactive_file' $group/memory.stat; done
grep '^cpu ' /proc/stat; echo "ticks $(getconf CLK_TCK)"
grep -E '^(MemTotal|MemFree|Cached|Inactive\(file\)|Buffers|SwapTotal|SwapFree):' /proc/meminfo; :
"""


def read(node: reach.Reach, owners: dict[str, tuple[str, str]]) -> list[Object]:
    """base's stats rows for the containers in `owners` (id -> uid, name), the node's row last."""
    lines = node.shell(SCRIPT).decode().splitlines()
    at = next(float(line[4:]) for line in lines if line.startswith("now:"))
    found: dict[str, dict[str, float]] = {}
    for line in lines:
        if match := ID.search(line):
            path, _, text = line.partition(":")
            _add(found.setdefault(match[1], {}), path.rpartition("/")[2], text)
    rows = [_row(owners[id], values, at) for id, values in sorted(found.items()) if id in owners]
    return [*rows, _node(lines, at)]


def _add(values: dict[str, float], name: str, text: str) -> None:
    number = int(text.split()[-1])
    if name == "cpuacct.usage":
        values["cpu"] = number / 1e9
    elif name == "cpu.stat":
        values["cpu"] = number / 1e6
    elif name == "memory.stat":
        values["inactive"] = number
    elif name == "memory.memsw.usage_in_bytes":
        values["both"] = number
    elif name == "memory.swap.current":
        values["swap"] = number
    else:
        values["memory"] = number


def _row(owner: tuple[str, str], values: dict[str, float], at: float) -> Object:
    memory = max(0, int(values.get("memory", 0) - values.get("inactive", 0)))
    swap = int(values.get("swap", max(0, values.get("both", 0) - values.get("memory", 0))))
    return {"uid": owner[0], "container": owner[1], "cpu": values.get("cpu", 0.0), "memory": memory, "swap": swap, "at": at}


def _node(lines: list[str], at: float) -> Object:
    ticks = next(int(line.split()[1]) for line in lines if line.startswith("ticks"))
    spent = next(line.split()[1:] for line in lines if line.startswith("cpu "))
    busy = sum(map(int, spent[:3])) + sum(map(int, spent[5:8]))
    memory = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith(" kB")}
    used = memory["MemTotal"] - memory["MemFree"] - memory.get("Inactive(file)", 0)
    swap = memory.get("SwapTotal", 0) - memory.get("SwapFree", 0)
    return {"uid": "", "container": "", "cpu": busy / ticks, "memory": used, "swap": swap, "at": at}
