"""Which node and container a stream into a pod goes to, with the API server's refusals.

Follows pkg/registry/core/pod/strategy.go (LogLocation, streamLocation).
"""

from __future__ import annotations

from contextlib import contextmanager

from pkctl import errors
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime


def node(pod: Object, runtime_of: Callable[[str], runtime.Runtime]) -> runtime.Runtime:
    """The runtime of the pod's node; BadRequest for a pod without one."""
    name = meta.at(pod, "spec", "nodeName", default="")
    if not name:
        raise errors.BadRequest(f"pod {meta.name(pod)} does not have a host assigned")
    return runtime_of(name)


@contextmanager
def reaching(pod: Object) -> Iterator[None]:
    """Errors of the pod's node name it."""
    try:
        yield
    except errors.NodeError as error:
        name = f"node {meta.at(pod, 'spec', 'nodeName', default='')}: "
        raise error if error.message.startswith(name) else errors.NodeError(error.kind, name + error.message) from None


def reached(pod: Object, lines: Iterator[bytes]) -> Iterator[bytes]:
    """What comes from the pod's node, whose errors name it."""
    with reaching(pod):
        yield from lines


def container(pod: Object, name: str) -> str:
    """The container meant: the named one, or the only one."""
    known = {kind: [each["name"] for each in meta.at(pod, "spec", kind, default=())] for kind in KINDS}
    if name:
        if any(name in names for names in known.values()):
            return name
        raise errors.BadRequest(f"container {name} is not valid for pod {meta.name(pod)}")
    if len(known["containers"]) == 1:
        return str(known["containers"][0])
    text = f"a container name must be specified for pod {meta.name(pod)}, choose one of: [{' '.join(known['containers'])}]"
    for kind, said in (("initContainers", "init"), ("ephemeralContainers", "ephemeral")):
        if known[kind]:
            text += f" or one of the {said} containers: [{' '.join(known[kind])}]"
    raise errors.BadRequest(text)


KINDS = ("containers", "initContainers", "ephemeralContainers")
