"""What the browser does to the object under its cursor. Each action takes (browser, namespace, name).

The client is asked in threads, so that a node which does not answer holds nothing up. Nothing destructive happens without a confirmation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pkctl import errors
from pkctl.api import options
from pkctl.client import describing
from pkctl.objects import meta, selectors, times
from pkctl.printers import yamls
from pkctl.tui import dialogs, leaving, places, readers

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.objects.meta import Object
    from pkctl.tui import placed

SCALED = ("deployments.apps", "replicasets.apps", "statefulsets.apps", "replicationcontrollers")
RESTARTED = ("deployments.apps", "statefulsets.apps", "daemonsets.apps")
RESTART = "kubectl.kubernetes.io/restartedAt"


def open_(screen: placed.Placed, namespace: str, name: str) -> None:
    """Down to what the object selects or runs; a namespace becomes the current one; a pod shows its log; else describe."""
    row = screen.place.row
    pods = _pods(screen)
    if row.id == "namespaces":
        screen.go(places.Place(pods, name))
    elif row.id == "nodes":
        screen.deeper(places.Place(pods, "", fields=f"spec.nodeName={name}", title=f"on {name}"))
    elif row.id == "pods":
        logs(screen, namespace, name)
    elif row.id == "customresourcedefinitions.apiextensions.k8s.io" and (made := screen.client.kinds().by_id(name)):
        screen.deeper(places.Place(made, screen.place.namespace))
    else:
        screen.ask(lambda: selected(screen.client.get(row, namespace, name)), lambda labels: _drill(screen, namespace, name, labels))


def _drill(screen: placed.Placed, namespace: str, name: str, labels: str) -> None:
    if labels:
        title = f"of {screen.place.row.singular}/{name}"
        screen.deeper(places.Place(_pods(screen), namespace, labels=labels, title=title))
    else:
        describe(screen, namespace, name)


def _pods(screen: placed.Placed) -> Any:
    return screen.client.kinds().by_id("pods")


def selected(obj: Object) -> str:
    """The pods that a workload or Service selects, as a label selector's text; "" for what selects none."""
    selector = meta.at(obj, "spec", "selector")
    if not isinstance(selector, dict) or not selector:
        return ""
    return str(selectors.of(selector) if {"matchLabels", "matchExpressions"} & selector.keys() else selectors.from_map(selector))


def describe(screen: placed.Placed, namespace: str, name: str) -> None:
    """kubectl describe's text."""
    row, clock = screen.place.row, screen.shared.clock
    said = f"describe {row.singular}/{name}"
    screen.app.push_screen(readers.Reader(said, lambda: describing.text(screen.client, row, namespace, name, now=clock.now())))


def yaml(screen: placed.Placed, namespace: str, name: str) -> None:
    """The object as YAML, without its managed fields."""
    row = screen.place.row
    screen.app.push_screen(readers.Reader(f"yaml {row.singular}/{name}", lambda: leaving.shown(screen.client, row, namespace, name)))


def decode(screen: placed.Placed, namespace: str, name: str) -> None:
    """A Secret's values in clear."""
    row = screen.place.row
    if row.id != "secrets":
        screen.note("only Secrets have values to decode")
        return
    screen.app.push_screen(readers.Reader(f"secret/{name}", lambda: decoded(screen.client.get(row, namespace, name))))


def decoded(secret: Object) -> str:
    """A Secret's keys and values as YAML; what is no text is told by its size."""
    import base64

    clear: dict[str, str] = {}
    for field, value in (secret.get("data") or {}).items():
        raw = base64.b64decode(value)
        try:
            clear[field] = raw.decode()
        except UnicodeDecodeError:
            clear[field] = f"<{len(raw)} bytes>"
    return yamls.dump(clear)


def logs(screen: placed.Placed, namespace: str, name: str) -> None:
    """The pod's log, followed."""
    _logs(screen, namespace, name, previous=False)


def previous_logs(screen: placed.Placed, namespace: str, name: str) -> None:
    """The log of the attempt before the last restart."""
    _logs(screen, namespace, name, previous=True)


def _logs(screen: placed.Placed, namespace: str, name: str, *, previous: bool) -> None:
    def opened(pod: Object, container: str) -> None:
        read = readers.Logs(screen.client, namespace, meta.name(pod), container, containers(pod), previous=previous)
        screen.app.push_screen(read)

    screen.ask(lambda: _a_pod(screen, namespace, name), lambda pod: _choose(screen, pod, opened))


def _choose(screen: placed.Placed, pod: Object, then: Callable[[Object, str], None], *, init: bool = True) -> None:
    """The pod's container, or the one that the user picks of several."""
    names = containers(pod) if init else [each["name"] for each in meta.at(pod, "spec", "containers", default=())]
    if len(names) == 1:
        then(pod, names[0])
    else:
        screen.app.push_screen(dialogs.Choose(f"Container of {meta.name(pod)}", names), lambda name: then(pod, name) if name else None)


def containers(pod: Object) -> list[str]:
    """The names of a pod's containers: its own, then those that initialise, then those that debug."""
    kinds = ("containers", "initContainers", "ephemeralContainers")
    return [each["name"] for kind in kinds for each in meta.at(pod, "spec", kind, default=())]


def _a_pod(screen: placed.Placed, namespace: str, name: str) -> Object:
    """The chosen pod, or the first one of the chosen workload."""
    client, row = screen.client, screen.place.row
    obj = client.get(row, namespace, name)
    if row.id == "pods":
        return obj
    labels = selected(obj)
    found = client.list(_pods(screen), namespace, options.Query(labels=labels))["items"] if labels else []
    if not found:
        raise errors.CommandError(f"{row.singular}/{name} has no pods")
    first: Object = found[0]
    return first


def shell_or_scale(screen: placed.Placed, namespace: str, name: str) -> None:
    """A shell in a pod; a new number of replicas for a workload."""
    row = screen.place.row
    if row.id in SCALED:
        screen.ask(
            lambda: meta.at(screen.client.get(row, namespace, name), "spec", "replicas", default=1),
            lambda now: screen.app.push_screen(
                dialogs.Ask(f"replicas of {name}: ", str(now)), lambda text: _scale(screen, namespace, name, text)
            ),
        )
    elif row.id == "pods":
        screen.ask(lambda: screen.client.get(row, namespace, name), lambda pod: _choose(screen, pod, _shell(screen), init=False))
    else:
        screen.note(f"{row.plural} have no shell")


def _shell(screen: placed.Placed) -> Callable[[Object, str], None]:
    def opened(pod: Object, container: str) -> None:
        screen.note(f"opening a shell in {meta.name(pod)}:{container} …")
        screen.ask(
            lambda: screen.client.exec(meta.namespace(pod), meta.name(pod), container, list(leaving.SHELL), stdin=True, tty=True),
            lambda stream: leaving.shell(screen, stream, f"{meta.namespace(pod)}/{meta.name(pod)}:{container}"),
        )

    return opened


def _scale(screen: placed.Placed, namespace: str, name: str, text: str | None) -> None:
    if text is None:
        return
    if not text.isdecimal():
        screen.fail(f"not a number of replicas: {text!r}")
        return
    row, patch = screen.place.row, {"spec": {"replicas": int(text)}}
    screen.ask(
        lambda: screen.client.patch(row, namespace, name, "merge", patch, options.Options(subresource="scale")),
        lambda _: screen.note(f"{row.singular}/{name} scaled to {text}"),
    )


def restart(screen: placed.Placed, namespace: str, name: str) -> None:
    """Ask, then replace a workload's pods, as `rollout restart` does."""
    row = screen.place.row
    if row.id not in RESTARTED:
        screen.note(f"{row.plural} can't be restarted")
        return
    stamp = times.stamp(screen.shared.clock.now())
    patch = {"spec": {"template": {"metadata": {"annotations": {RESTART: stamp}}}}}
    _confirmed(
        screen,
        f"Restart all pods of {row.singular} {name}?",
        lambda: screen.client.patch(row, namespace, name, "merge", patch, options.Options()),
        f"{row.singular}/{name} restarted",
    )


def edit(screen: placed.Placed, namespace: str, name: str) -> None:
    """The object in the user's editor, in the real terminal."""
    row = screen.place.row
    screen.ask(lambda: screen.client.get(row, namespace, name), lambda obj: leaving.edit(screen, row, obj))


def delete(screen: placed.Placed, namespace: str, name: str) -> None:
    """Ask, then delete as kubectl does, without waiting."""
    row = screen.place.row
    where = f" in {namespace}" if namespace else ""
    _confirmed(
        screen,
        f"Delete {row.singular} {name}{where}?",
        lambda: screen.client.delete(row, namespace, name, options.Options()),
        f"{row.singular}/{name} deleted",
    )


def _confirmed(screen: placed.Placed, question: str, work: Callable[[], Any], said: str) -> None:
    def answered(yes: bool | None) -> None:
        if yes:
            screen.ask(work, lambda _: screen.note(said))

    screen.app.push_screen(dialogs.Confirm(question), answered)
