"""What the browser does to the object under its cursor, and what a command line in it means.

Each action takes (browser, namespace, name). Nothing destructive happens without a confirmation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkctl import errors
from pkctl.api import options
from pkctl.objects import meta, selectors
from pkctl.printers import yamls
from pkctl.tui import browser, dialogs, keys, readers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkctl.objects.meta import Object

SCALED = ("deployments.apps", "replicasets.apps", "statefulsets.apps", "replicationcontrollers")
SHELLS = ("sh", "-c", "command -v bash >/dev/null && exec bash || exec sh")


def on_chosen(screen: browser.Browser, action: Callable[[browser.Browser, str, str], None]) -> None:
    """Do something to the chosen object; what fails is said at the foot."""
    chosen = screen.chosen()
    if chosen is None:
        return
    try:
        action(screen, *chosen)
    except errors.PkctlError as error:
        screen.note(str(error))


def command(screen: browser.Browser, text: str) -> None:
    """`:KIND [NAMESPACE]`, `:ns NAME`, `:q`."""
    word, _, rest = text.partition(" ")
    if word in ("q", "quit"):
        screen.app.exit()
        return
    if word in ("ns", "namespace", "namespaces") and rest.strip():
        screen.go(browser.Place(screen.place.row, "" if rest.strip() == "all" else rest.strip()))
        return
    row = screen.client.kinds().find(word)
    if row is None or "list" not in row.verbs:
        screen.note(f"the server doesn't have a resource type {word!r}")
        return
    screen.go(browser.Place(row, rest.strip() or screen.place.namespace))


def open_(screen: browser.Browser, namespace: str, name: str) -> None:
    """Down to what the object selects or runs; a namespace becomes the current one; else describe."""
    row, pods = screen.place.row, screen.client.kinds().find("pods")
    assert pods is not None
    obj = screen.client.get(row, namespace, name)
    if row.id == "namespaces":
        screen.go(browser.Place(pods, name))
    elif row.id == "nodes":
        _deeper(screen, browser.Place(pods, "", fields=f"spec.nodeName={name}", title=f"on {name}"))
    elif labels := _selector(obj):
        _deeper(screen, browser.Place(pods, namespace, labels=labels, title=f"of {row.singular}/{name}"))
    elif row.id == "pods":
        logs(screen, namespace, name)
    else:
        describe(screen, namespace, name)


def _deeper(screen: browser.Browser, place: browser.Place) -> None:
    screen.app.push_screen(browser.Browser(screen.client, place))


def _selector(obj: Object) -> str:
    """The pods that a workload or Service selects, as a label selector's text."""
    selector = meta.at(obj, "spec", "selector")
    if not isinstance(selector, dict) or not selector:
        return ""
    return str(selectors.of(selector) if {"matchLabels", "matchExpressions"} & selector.keys() else selectors.from_map(selector))


def describe(screen: browser.Browser, namespace: str, name: str) -> None:
    """kubectl describe's text."""
    row = screen.place.row
    text = screen.client.describe(row, namespace, name)
    screen.app.push_screen(readers.Reader(f"describe {row.singular}/{name}", text))


def yaml(screen: browser.Browser, namespace: str, name: str) -> None:
    """The object as YAML, without its managed fields."""
    row = screen.place.row
    obj = meta.clone(screen.client.get(row, namespace, name))
    obj["metadata"].pop("managedFields", None)
    screen.app.push_screen(readers.Reader(f"yaml {row.singular}/{name}", yamls.dump(obj)))


def logs(screen: browser.Browser, namespace: str, name: str) -> None:
    """The pod's log, followed."""
    _logs(screen, namespace, name, previous=False)


def previous_logs(screen: browser.Browser, namespace: str, name: str) -> None:
    """The log of the attempt before the last restart."""
    _logs(screen, namespace, name, previous=True)


def _logs(screen: browser.Browser, namespace: str, name: str, *, previous: bool) -> None:
    pod = _a_pod(screen, namespace, name)
    container = pod["spec"]["containers"][0]["name"]

    def lines() -> Iterator[bytes]:
        return screen.client.logs(namespace, meta.name(pod), container=container, follow=not previous, previous=previous, tail_lines=1000)

    screen.app.push_screen(readers.Reader(f"logs {meta.name(pod)}/{container}{' (previous)' if previous else ''}", lines=lines))


def _a_pod(screen: browser.Browser, namespace: str, name: str) -> Object:
    """The chosen pod, or the first one of the chosen workload."""
    client, row = screen.client, screen.place.row
    obj = client.get(row, namespace, name)
    if row.id == "pods":
        return obj
    pods = client.kinds().find("pods")
    labels = _selector(obj)
    assert pods is not None
    found = client.list(pods, namespace, options.Query(labels=labels))["items"] if labels else []
    if not found:
        raise errors.CommandError(f"{row.singular}/{name} has no pods")
    first: Object = found[0]
    return first


def shell_or_scale(screen: browser.Browser, namespace: str, name: str) -> None:
    """A shell in a pod; a new number of replicas for a workload."""
    row = screen.place.row
    if row.id in SCALED:
        now = meta.at(screen.client.get(row, namespace, name), "spec", "replicas", default=1)
        screen.app.push_screen(dialogs.Ask("replicas: ", str(now)), lambda text: _scale(screen, namespace, name, text))
    elif row.id == "pods":
        from pkctl.tui import terminals

        pod = screen.client.get(row, namespace, name)
        with screen.app.suspend():
            terminals.run(screen.client, namespace, name, pod["spec"]["containers"][0]["name"], list(SHELLS))
        screen.refresh()
    else:
        screen.note(f"{row.plural} have no shell")


def _scale(screen: browser.Browser, namespace: str, name: str, text: str | None) -> None:
    if text is None:
        return
    if not text.isdecimal():
        screen.note(f"not a number of replicas: {text!r}")
        return
    patch = {"spec": {"replicas": int(text)}}
    try:
        screen.client.patch(screen.place.row, namespace, name, "merge", patch, options.Options(subresource="scale"))
        screen.note(f"{screen.place.row.singular}/{name} scaled to {text}")
    except errors.PkctlError as error:
        screen.note(str(error))


def edit(screen: browser.Browser, namespace: str, name: str) -> None:
    """The object in $EDITOR, in the real terminal."""
    from pkctl.tui import terminals

    with screen.app.suspend():
        said = terminals.edit(screen.client, screen.place.row, namespace, name)
    screen.note(said)
    screen.refresh()


def delete(screen: browser.Browser, namespace: str, name: str) -> None:
    """Ask, then delete as kubectl does, without waiting."""
    row = screen.place.row
    where = f" in {namespace}" if namespace else ""
    screen.app.push_screen(dialogs.Confirm(f"Delete {row.singular} {name}{where}?"), lambda yes: _delete(screen, namespace, name, yes))


def _delete(screen: browser.Browser, namespace: str, name: str, yes: bool | None) -> None:
    if not yes:
        return
    try:
        screen.client.delete(screen.place.row, namespace, name, options.Options())
        screen.note(f"{screen.place.row.singular}/{name} deleted")
    except errors.PkctlError as error:
        screen.note(str(error))


def show_help(screen: browser.Browser) -> None:
    """Every key and what it does."""
    width = max(len(shown) for _, shown, _, _ in (*keys.BROWSE, *keys.READ))
    lines = ["Rows", *(f"  {shown:<{width}}  {text}" for _, shown, _, text in keys.BROWSE)]
    lines += ["", "Texts", *(f"  {shown:<{width}}  {text}" for _, shown, _, text in keys.READ)]
    screen.app.push_screen(readers.Reader("help", "\n".join(lines)))
