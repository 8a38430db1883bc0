"""Every describer against what a real kubectl printed of the same objects: `recorded/CASE.json` in, `recorded/CASE.txt` out.

`record.py` beside this file makes the texts again.
"""

from __future__ import annotations

import json
import pathlib
import time

import pytest

from pkctl.kinds import describing, table

RECORDED = pathlib.Path(__file__).parent / "recorded"
CASES = sorted(path.stem for path in RECORDED.glob("*.json"))


class Cluster:
    """A Reader over a list of objects."""

    def __init__(self, objects, now):
        self.objects, self.now = objects, now

    def _of(self, kind):
        rows = [row for row in table.ROWS if row.id == kind]
        return [obj for obj in self.objects if any((obj["apiVersion"], obj["kind"]) == (row.api_version, row.kind) for row in rows)]

    def get(self, kind, namespace, name):
        found = [obj for obj in self._of(kind) if obj["metadata"]["name"] == name and obj["metadata"].get("namespace", "") == namespace]
        return found[0] if found else None

    def list(self, kind, namespace=None):
        found = [obj for obj in self._of(kind) if namespace is None or obj["metadata"].get("namespace", "") == namespace]
        return sorted(found, key=lambda obj: (obj["metadata"].get("namespace", ""), obj["metadata"]["name"]))

    def events(self, obj):
        return [event for event in self._of("events") if event["involvedObject"]["uid"] == obj["metadata"].get("uid")]


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("case", CASES)
def test_a_description_is_kubectls_to_the_byte(case):
    recorded = json.loads((RECORDED / f"{case}.json").read_text())
    obj = recorded["objects"][0]
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    room = table.room(row) if row else None
    describe = getattr(room, "describe", describing.generic)
    assert describe(obj, Cluster(recorded["objects"], recorded["now"])) == (RECORDED / f"{case}.txt").read_text()
