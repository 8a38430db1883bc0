"""Whole commands that read a lot: seconds and the peak of memory."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pkctl.api import opening, options, resources
from pkctl.objects import sources
from pkctl.store import sqlite
from tests.bench import api, homes, measure
from tests.bench.__main__ import row

PODS, MAPS = 10_000, 5_000


def figures() -> Iterator[str]:
    """Rows for the table."""
    with homes.home(PKCTL_NODES="none") as env:
        place = os.path.join(env["HOME"], "cluster.db")
        _fill(place)
        for name, argv in ((f"{PODS:,} pods", ["get", "pods", "-A"]), (f"{MAPS:,} ConfigMaps", ["get", "cm", "-A"])):
            done = [measure.run([homes.PKCTL, "--cluster", place, *argv], env) for _ in range(3)]
            yield row(f"{' '.join(argv)}, {name}", f"{measure.median(done, 'wall'):.2f} s", "", None, "")
            yield row(f"{' '.join(argv)}, {name}, peak memory", f"{measure.median(done, 'peak') / 1e6:.0f} MB", "", None, "100 MB")


def _fill(place: str) -> None:
    cluster = opening.api(sqlite.open(place), sources=sources.Sources(), hollow=True)
    with cluster.writing(durable=False) as writing:
        for number in range(PODS):
            resources.create(writing, writing.row("pods"), "default", api.pod(number), options.Options())
        for number in range(MAPS):
            made = {"metadata": {"name": f"map-{number:05}"}, "data": {"key": "value"}}
            resources.create(writing, writing.row("configmaps"), "default", made, options.Options())
    cluster.store.close()
