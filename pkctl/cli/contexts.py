"""Which cluster and namespace a kubeconfig's context means for pkctl: files, databases, or a server.

A kubeconfig is named by --kubeconfig, PKCTL_CONFIG or KUBECONFIG; kubectl's usual one is never found on its own, pkctl's own is (see
`kubeconfigs.files`). --cluster with a place wins over all of it, and PKCTL_CLUSTER over what only the environment named. Not here:
showing and changing kubeconfigs (`config`).
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli.settings import WITHOUT_USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.settings import Settings

    Object = dict[str, Any]

PLACES = ("sqlite:", "postgresql:", "postgresql+", "postgres:")
"""How a `server` begins that is a store of pkctl's own."""


class ConfigurationError(errors.BareError):
    """A context that can't be used."""


def apply(settings: Settings) -> None:
    """Fill in place and namespace from the context; ConfigurationError for a context that there is not.

    A context on a server is no error yet: `settings.refusal` says so when the cluster is asked for."""
    from pkctl.cli.kubeconfigs import files

    is_asked = bool(settings.context or settings.kubeconfig) or not files.is_named(settings)
    if settings.is_placed or (settings.place and not is_asked):
        return
    name, context, server = found(settings)
    settings.is_configured = True
    if not name and not settings.cluster:
        return
    if "namespace" not in settings.given and context.get("namespace"):
        settings.namespace = context["namespace"]
    settings.place = server if server.startswith(PLACES) else ""
    if settings.place:
        settings.actor = {**actor(settings, _user(settings, context)), **settings.actor}
    if server.startswith(("http://", "https://")):
        settings.refusal = f'context "{name}" is on the server {server}: pkctl has no client for servers yet'
    elif not settings.place:
        cluster = settings.cluster or context.get("cluster") or ""
        settings.refusal = f'cluster "{cluster}" does not exist' if settings.is_direct else f'no server found for cluster "{cluster}"'


def _user(settings: Settings, context: Object) -> str:
    """The name of who acts: `--user`, which is thereby done with when it is known, or the context's."""
    from pkctl.cli.kubeconfigs import files

    named = settings.server_flags.get("user")
    if named and files.entry(files.of(settings), "users", str(named)) is not None:
        return str(settings.server_flags.pop("user"))
    return str(context.get("user") or "")


def need_user(settings: Settings, name: str) -> None:
    """Refuse a user that the chosen kubeconfig does not know."""
    from pkctl.cli.kubeconfigs import files

    if files.entry(files.of(settings), "users", name) is None:
        raise errors.CommandError(f'auth info "{name}" does not exist')


def actor(settings: Settings, user: str) -> Object:
    """Who a kubeconfig's user is on a cluster of our own: whose token it has, and as whom it acts; empty for the cluster's owner.

    CommandError for one who acts with the groups of nobody."""
    from pkctl.cli.kubeconfigs import files

    known = files.entry(files.of(settings), "users", user) or {}
    said = {
        "token": _token(known),
        "user": known.get("as"),
        "groups": known.get("as-groups"),
        "uid": known.get("as-uid"),
        "extra": known.get("as-user-extra"),
    }
    made = {field: value for field, value in said.items() if value}
    if "user" not in made and made.keys() - {"token"}:
        raise errors.CommandError(WITHOUT_USER)
    return made


def _token(user: Object) -> str:
    """A user's token; that in a file counts for more, as in client-go."""
    path = str(user.get("tokenFile") or "")
    if not path:
        return str(user.get("token") or "")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError as error:
        raise errors.CommandError(f"open {path}: {(error.strerror or '').lower()}") from error


def found(settings: Settings) -> tuple[str, Object, str]:
    """(name, context, server) of the current or named context; empty when none is current."""
    from pkctl.cli.kubeconfigs import files

    if settings.kubeconfig and not os.path.exists(settings.kubeconfig):
        raise errors.CommandError(f"stat {settings.kubeconfig}: no such file or directory")
    config = files.of(settings)
    name = settings.context or config["current-context"]
    if not name:
        return "", {}, str((files.entry(config, "clusters", settings.cluster) or {}).get("server") or "") if settings.cluster else ""
    context = files.entry(config, "contexts", name)
    if context is None and settings.is_direct:
        raise errors.CommandError(f'context "{name}" does not exist')
    if context is None:
        raise ConfigurationError(f"Error in configuration: context was not found for specified context: {name}")
    cluster = files.entry(config, "clusters", settings.cluster or context.get("cluster") or "")
    return name, context, str((cluster or {}).get("server") or "")
