"""Which command a line of words names, and the flags that it can't do without. Follows cobra's Find and ValidateRequiredFlags."""

from __future__ import annotations

from pkctl.cli import flagdefs, flags, table

REQUIRED = {
    "autoscale": ("max",),
    "create clusterrolebinding": ("clusterrole",),
    "create cronjob": ("image", "schedule"),
    "create deployment": ("image",),
    "create service externalname": ("external-name",),
    "run": ("image",),
    "scale": ("replicas",),
}
"""Flags that cobra itself asks for before a command starts."""


def command(argv: list[str]) -> tuple[str, list[str]]:
    """The longest command path that the words name, and the command line without those words."""
    path, rest = "", argv
    common = flags.rows(flagdefs.GLOBAL)
    while True:
        row = table.row(path) if path else None
        known = common if row is None else [*common, *flags.rows(row.flags)]
        places = flags.skim(known, rest)
        deeper = table.child(path, rest[places[0]]) if places else None
        if deeper is None:
            return path, rest
        path = deeper
        rest = rest[: places[0]] + rest[places[0] + 1 :]
        found = table.row(path)
        if found is not None and found.use == "own":
            return path, rest
