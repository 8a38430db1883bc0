"""How `describe` shows containers: image, ports, state, resources, probes, environment, mounts.

Follows describeContainers in kubectl/pkg/describe.
"""

from __future__ import annotations

from pkctl.kinds import cells, describing
from pkctl.objects import fields, meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Part = dict[str, Any]

PROBES = (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"))
PATH_SAFE = "!$&'()*+,;=:@/-._~"


def section(
    page: describing.Page,
    title: str,
    containers: Sequence[Part],
    states: Iterable[Part],
    *,
    space: str = "",
    pod: meta.Object | None = None,
) -> None:
    """All containers of one sort; `pod` lets field references show their values."""
    by_name = {state.get("name"): state for state in states}
    page.line(f"{space}{title}:{'' if containers else ' <none>'}")
    for container in containers:
        state = by_name.get(container.get("name"))
        page.line(f"{' ' if space else ''}{container.get('name', '')}:", level=1)
        _basics(page, container, state)
        for label, field in (("Command", "command"), ("Args", "args")):
            _words(page, label, container.get(field) or ())
        if state is not None:
            _state(page, state)
        resources(page, container.get("resources") or {}, 2)
        for label, field in PROBES:
            if container.get(field):
                page.field(label, probe(container[field]), 2)
        if container.get("envFrom"):
            _env_from(page, container["envFrom"])
        _env(page, container, pod)
        _mounts(page, container)


def _basics(page: describing.Page, container: Part, state: Part | None) -> None:
    if state is not None:
        page.field("Container ID", state.get("containerID", ""), 2)
    page.field("Image", container.get("image", ""), 2)
    if state is not None:
        page.field("Image ID", state.get("imageID", ""), 2)
    ports = container.get("ports") or ()
    for label, field in (("Port", "containerPort"), ("Host Port", "hostPort")):
        text = ", ".join(_port(port, field) for port in ports)
        page.field(f"{label}s" if len(ports) > 1 else label, text or describing.NONE, 2)
    seccomp(page, container.get("securityContext"), 2, 3)


def _port(port: Part, field: str) -> str:
    called = f" ({port['name']})" if port.get("name") else ""
    return f"{port.get(field) or 0}/{port.get('protocol', '')}{called}"


def seccomp(page: describing.Page, context: Part | None, level: int, deeper: int) -> None:
    """The seccomp profile, when there is one."""
    profile = (context or {}).get("seccompProfile")
    if profile:
        page.field("SeccompProfile", profile.get("type", ""), level)
        if profile.get("type") == "Localhost":
            page.field("LocalhostProfile", profile.get("localhostProfile", ""), deeper)


def _words(page: describing.Page, label: str, words: Sequence[str]) -> None:
    if words:
        page.line(f"{label}:", level=2)
    for word in words:
        for line in word.split("\n"):
            page.line(line, level=3)


def _state(page: describing.Page, state: Part) -> None:
    _status(page, "State", state.get("state") or {})
    if meta.at(state, "lastState", "terminated"):
        _status(page, "Last State", state["lastState"])
    page.field("Ready", describing.truth(bool(state.get("ready"))), 2)
    page.field("Restart Count", state.get("restartCount") or 0, 2)


def _status(page: describing.Page, label: str, state: Part) -> None:
    if state.get("running") is not None:
        page.field(label, "Running", 2)
        page.field("Started", describing.moment(state["running"].get("startedAt")), 3)
        return
    ended = state.get("terminated")
    if ended is None:
        page.field(label, "Waiting", 2)
        reason = meta.at(state, "waiting", "reason")
        if reason:
            page.field("Reason", reason, 3)
        return
    page.field(label, "Terminated", 2)
    for title, value in (
        ("Reason", ended.get("reason") or None),
        ("Message", ended.get("message") or None),
        ("Exit Code", ended.get("exitCode") or 0),
        ("Signal", ended.get("signal") or None),
        ("Started", describing.moment(ended.get("startedAt"))),
        ("Finished", describing.moment(ended.get("finishedAt"))),
    ):
        if value is not None:
            page.field(title, value, 3)


def resources(page: describing.Page, found: Part, level: int) -> None:
    """Limits, then requests."""
    for title in ("Limits", "Requests"):
        amounts = found.get(title.lower()) or {}
        if amounts:
            page.line(f"{title}:", level=level)
        for name in sorted(amounts):
            page.field(name, describing.quantity(amounts[name]), level + 1)


def probe(found: Part) -> str:
    """A probe on one line."""
    numbers = (
        f"delay={found.get('initialDelaySeconds') or 0}s timeout={found.get('timeoutSeconds') or 0}s "
        f"period={found.get('periodSeconds') or 0}s #success={found.get('successThreshold') or 0} "
        f"#failure={found.get('failureThreshold') or 0}"
    )
    if found.get("exec") is not None:
        return f"exec {describing.go(found['exec'].get('command') or [])} {numbers}"
    if found.get("httpGet") is not None:
        return f"http-get {_url(found['httpGet'])} {numbers}"
    if found.get("tcpSocket") is not None:
        return f"tcp-socket {found['tcpSocket'].get('host') or ''}:{found['tcpSocket'].get('port')} {numbers}"
    if found.get("grpc") is not None:
        return f"grpc <pod>:{found['grpc'].get('port')} {found['grpc'].get('service') or ''} {numbers}"
    return f"unknown {numbers}"


def _url(get: Part) -> str:
    scheme, path = (get.get("scheme") or "").lower(), get.get("path") or ""
    address = cells.host_port(get.get("host") or "", get.get("port", ""))
    if path and not path.startswith("/"):
        path = f"/{path}"
    escaped = "".join(letter if letter.isascii() and (letter.isalnum() or letter in PATH_SAFE) else _percent(letter) for letter in path)
    return f"{scheme}{':' if scheme else ''}//{address}{escaped}"


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def _env_from(page: describing.Page, sources: Iterable[Part]) -> None:
    page.line("Environment Variables from:", level=2)
    for source in sources:
        kind, reference = ("ConfigMap", source["configMapRef"]) if source.get("configMapRef") else ("Secret", source.get("secretRef") or {})
        what = f"{kind} with prefix '{source['prefix']}'" if source.get("prefix") else kind
        page.line(reference.get("name", ""), what, f"Optional: {_optional(reference)}", level=3)


def _optional(reference: Part) -> str:
    return cells.bool_word(reference.get("optional"))


def _env(page: describing.Page, container: Part, pod: meta.Object | None) -> None:
    variables = container.get("env") or ()
    page.line("Environment:", *(() if variables else (describing.NONE,)), level=2)
    for variable in variables:
        name, source = variable.get("name", ""), variable.get("valueFrom")
        if source is None:
            first, *rest = (variable.get("value") or "").split("\n")
            page.field(name, first, 3)
            for line in rest:
                page.line("", line, level=3)
        elif source.get("fieldRef"):
            reference = source["fieldRef"]
            value = field_value(pod, reference.get("fieldPath", "")) if pod else ""
            page.field(name, f"{value} ({reference.get('apiVersion', '')}:{reference.get('fieldPath', '')})", 3)
        elif source.get("resourceFieldRef"):
            page.field(name, _resource(source["resourceFieldRef"], container), 3)
        elif source.get("secretKeyRef"):
            reference = source["secretKeyRef"]
            text = f"<set to the key '{reference.get('key', '')}' in secret '{reference.get('name', '')}'>"
            page.line(f"{name}:", text, f"Optional: {_optional(reference)}", level=3)
        elif source.get("configMapKeyRef"):
            reference = source["configMapKeyRef"]
            text = f"<set to the key '{reference.get('key', '')}' of config map '{reference.get('name', '')}'>"
            page.line(f"{name}:", text, f"Optional: {_optional(reference)}", level=3)


def field_value(pod: meta.Object, path: str) -> str:
    """What a field reference yields, as far as kubectl looks it up: metadata, node, account, addresses."""
    for bag in ("labels", "annotations"):
        if path.startswith(f"metadata.{bag}['") and path.endswith("']"):
            return str(meta.at(pod, "metadata", bag, default={}).get(path[len(bag) + 11 : -2], ""))
        if path == f"metadata.{bag}":
            found = meta.at(pod, "metadata", bag, default={})
            return "\n".join(f"{key}={fields.quoted(found[key])}" for key in sorted(found))
    known = ("metadata.name", "metadata.namespace", "metadata.uid")
    return str(meta.at(pod, *path.split("."), default="")) if path in known else ""


def _resource(reference: Part, container: Part) -> str:
    what = reference.get("resource", "")
    part, _, name = what.partition(".")
    amount = meta.at(container, "resources", part, default={}).get(name)
    divisor = reference.get("divisor") or "1"
    unit = quantities.parse(divisor) or 1
    value = "0" if amount is None else str(-(-quantities.parse(amount) // unit))
    if value == "0" and what in ("limits.cpu", "limits.memory"):
        value = "node allocatable"
    return f"{value} ({what})"


def _mounts(page: describing.Page, container: Part) -> None:
    mounts, devices = container.get("volumeMounts") or (), container.get("volumeDevices") or ()
    none = () if mounts else (describing.NONE,)
    page.line("Mounts:", *none, level=2)
    for mount in sorted(mounts, key=lambda each: each.get("mountPath", "")):
        flags = "ro" if mount.get("readOnly") else "rw"
        if mount.get("subPath"):
            flags += f",path={fields.quoted(mount['subPath'])}"
        page.line(f"{mount.get('mountPath', '')} from {mount.get('name', '')} ({flags})", level=3)
    if devices:
        page.line("Devices:", *none, level=2)
        for device in sorted(devices, key=lambda each: each.get("devicePath", "")):
            page.line(f"{device.get('devicePath', '')} from {device.get('name', '')}", level=3)
