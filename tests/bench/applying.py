"""A thousand objects from one file: milliseconds an object, and the peak of memory, for the whole process."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.bench import homes, measure
from tests.bench.__main__ import row

COUNT = 1000


def figures() -> Iterator[str]:
    """Rows for the table."""
    with homes.home(PKCTL_NODES="none") as env:
        path = os.path.join(env["HOME"], "many.yaml")
        with open(path, "w") as file:
            for number in range(COUNT):
                file.write(f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: map-{number:04}}}\n")
                file.write(f"data: {{key: value-{number}, other: text}}\n")
        done = [measure.run([homes.PKCTL, "--cluster", f"{path}.{turn}.db", "apply", "-f", path], env) for turn in range(3)]
        each = measure.median(done, "wall") * 1000 / COUNT
        yield row("apply -f of 1,000 ConfigMaps, an object", f"{each:.2f} ms", "", None, "3 ms")
        yield row("apply -f of 1,000 ConfigMaps, peak memory", f"{measure.median(done, 'peak') / 1e6:.0f} MB", "", None, "150 MB")
        again = [measure.run([homes.PKCTL, "--cluster", f"{path}.0.db", "apply", "-f", path], env) for _ in range(3)]
        yield row("the same again, unchanged, an object", f"{measure.median(again, 'wall') * 1000 / COUNT:.2f} ms", "", None, "3 ms")
