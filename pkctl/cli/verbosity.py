"""What `-v` and `--vmodule` tell beside results: configuration read, requests, refusals, in the levels and forms of kubectl's log.

Loaded only when a level asks for it. Not here: the requests themselves (client/tracing).
"""

from __future__ import annotations

import os

from pkctl import errors, setups
from pkctl.cli import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.settings import Settings
    from pkctl.client.base import Client

    Tell = Callable[[str, str], None]


def tell_loaded(settings: Settings, tell: Tell) -> None:
    """Name the kubeconfigs that were read; `tell` takes a place in kubectl's source and a text."""
    from pkctl.cli.kubeconfigs import files

    for place in files.listed(settings):
        if os.path.exists(place):
            tell("loader.go:407", f"Config loaded from file:  {place}")


def level_of(file: str, named: str) -> int:
    """The level that `--vmodule` gives a source file, whose name has no `.go`: that of the first pattern that matches, else 0."""
    from fnmatch import fnmatchcase

    for part in filter(None, named.split(",")):
        pattern, _, level = part.partition("=")
        if int(level) and fnmatchcase(file, pattern):
            return int(level)
    return 0


def traced(client: Client, settings: Settings, level: Callable[[str], int], tell: Tell, clock: Callable[[], float]) -> Client:
    """The client, telling of its requests; `level` is of a source file."""
    from pkctl.client import tracing

    made: Any = tracing.Traced(client, tracing.Log(tell, clock, level, server(settings), _headers(settings.actor)))
    return made  # type: ignore[no-any-return]


def tell_refusal(error: errors.PkctlError, tell: Tell) -> None:
    """Show what the API refused as it answered it; other errors are not shown."""
    import json

    for each in error.errors if isinstance(error, report.Many) else [error]:
        if isinstance(each, errors.StatusError):
            status = json.dumps(each.status(), indent=2, ensure_ascii=False)
            tell("helpers.go:246", f"server response object: %s[{status}]")


def server(settings: Settings) -> str:
    """The cluster's address as a context has it, without a password and what follows the path."""
    from urllib import parse

    place = setups.place(setups.Setup(settings.env, settings.place))
    if "://" not in place:
        return f"sqlite://{place}"
    url = parse.urlsplit(place)
    shown = url.netloc.replace(f":{url.password}@", ":xxxxx@") if url.password else url.netloc
    return f"{url.scheme}://{shown}{url.path}"


def _headers(actor: dict[str, Any]) -> list[tuple[str, str]]:
    """Who acts, as a request says it."""
    found = [("Authorization", "Bearer <masked>")] if actor.get("token") else []
    found += [("Impersonate-User", actor["user"])] if actor.get("user") else []
    found += [("Impersonate-Group", group) for group in actor.get("groups") or ()]
    found += [("Impersonate-Uid", actor["uid"])] if actor.get("uid") else []
    return found + [(f"Impersonate-Extra-{name}", value) for name, values in (actor.get("extra") or {}).items() for value in values]
