"""A container's environment and command: literal, from ConfigMaps and Secrets, from the pod itself, from services; with $(NAME)s filled in.

Follows pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables), pkg/kubelet/envvars, pkg/fieldpath, third_party/forked/golang/expansion.
"""

from __future__ import annotations

import base64
import math
import re

from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkctl.controllers import plan
    from pkctl.objects.meta import Object

SUBSCRIPT = re.compile(r"^metadata\.(labels|annotations)\['(.*)'\]$")


class Missing(Exception):
    """Something a container is to be given is not there; `str()` is the kubelet's message."""


def environment(view: plan.View, pod: Object, container: Object) -> dict[str, str]:
    """Every variable, in the order they are set. Raises Missing."""
    links = service_links(view, pod)
    found: dict[str, str] = {}
    for source in container.get("envFrom") or []:
        found.update(_from_source(view, pod, source))
    for variable in container.get("env") or []:
        value = _value(view, pod, container, variable, {**links, **found})
        if value is not None:
            found[variable["name"]] = value
    return {**found, **{name: value for name, value in links.items() if name not in found}}


def expanded(parts: list[str] | None, known: Mapping[str, str]) -> list[str] | None:
    """A command or its arguments, with variables filled in."""
    return None if parts is None else [expand(part, known) for part in parts]


def expand(text: str, known: Mapping[str, str]) -> str:
    """`$(NAME)` filled in when NAME is known; `$$` is a plain dollar."""
    made, place = [], 0
    while (dollar := text.find("$", place)) >= 0 and dollar + 1 < len(text):
        made.append(text[place:dollar])
        piece, place = _expansion(text, dollar, known)
        made.append(piece)
    return "".join(made) + text[place:]


def _expansion(text: str, dollar: int, known: Mapping[str, str]) -> tuple[str, int]:
    following = text[dollar + 1]
    if following == "$":
        return "$", dollar + 2
    if following != "(":
        return text[dollar : dollar + 2], dollar + 2
    end = text.find(")", dollar)
    if end < 0:
        return "$(", dollar + 2
    name = text[dollar + 2 : end]
    return known.get(name, f"$({name})"), end + 1


def _value(view: plan.View, pod: Object, container: Object, variable: Object, known: Mapping[str, str]) -> str | None:
    source = variable.get("valueFrom") or {}
    if not source:
        return expand(variable.get("value") or "", known)
    if "fieldRef" in source:
        return field(pod, source["fieldRef"]["fieldPath"])
    if "resourceFieldRef" in source:
        return resource(view, pod, source["resourceFieldRef"], container)
    for kind, word in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        if kind in source:
            return _one_key(view, pod, source[kind], word)
    raise Missing(f"environment variable {variable['name']}: {', '.join(source)} is not supported")


def _one_key(view: plan.View, pod: Object, reference: Object, kind: str) -> str | None:
    namespace, name = meta.namespace(pod), reference.get("name", "")
    obj = view.get(f"{kind.lower()}s", namespace, name)
    if obj is not None and (raw := contents(obj).get(reference["key"])) is not None:
        return raw.decode("utf-8", "replace")
    if reference.get("optional"):
        return None
    if obj is None:
        raise Missing(f'{kind.lower()} "{name}" not found')
    raise Missing(f"couldn't find key {reference['key']} in {kind} {namespace}/{name}")


def _from_source(view: plan.View, pod: Object, source: Object) -> dict[str, str]:
    for field_name, kind in (("configMapRef", "configmap"), ("secretRef", "secret")):
        reference = source.get(field_name)
        if reference is None:
            continue
        obj = view.get(f"{kind}s", meta.namespace(pod), reference.get("name", ""))
        if obj is None:
            if reference.get("optional"):
                return {}
            raise Missing(f'{kind} "{reference.get("name", "")}" not found')
        prefix = source.get("prefix") or ""
        return {prefix + key: raw.decode("utf-8", "replace") for key, raw in sorted(contents(obj).items())}
    return {}


def contents(obj: Object) -> dict[str, bytes]:
    """What a ConfigMap or Secret holds, by key."""
    if obj.get("kind") == "Secret":
        return {key: base64.b64decode(text) for key, text in (obj.get("data") or {}).items()}
    found = {key: text.encode() for key, text in (obj.get("data") or {}).items()}
    return found | {key: base64.b64decode(text) for key, text in (obj.get("binaryData") or {}).items()}


def field(pod: Object, path: str) -> str:
    """A downward API field."""
    if found := SUBSCRIPT.match(path):
        return str(meta.at(pod, "metadata", found[1], found[2], default=""))
    if path in ("metadata.labels", "metadata.annotations"):
        entries = meta.at(pod, *path.split("."), default={})
        return "\n".join(f"{key}={_quoted(entries[key])}" for key in sorted(entries))
    if path in ("status.podIPs", "status.hostIPs"):
        return ",".join(one["ip"] for one in meta.at(pod, *path.split("."), default=[]))
    return str(meta.at(pod, *path.split("."), default=""))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


def resource(view: plan.View, pod: Object, reference: Object, container: Object | None = None) -> str:
    """A container's request or limit in units of the divisor, rounded up; what has no limit has the node's."""
    spec = pod.get("spec") or {}
    if reference.get("containerName"):
        every = [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]
        container = next((one for one in every if one["name"] == reference["containerName"]), None)
    if container is None:
        raise Missing(f"container {reference.get('containerName', '')} not found")
    half, _, name = reference["resource"].partition(".")
    resources = container.get("resources") or {}
    text = meta.at(resources, half, name)
    if text is None and half == "limits":
        node = view.get("nodes", "", spec.get("nodeName") or "")
        text = meta.at(node or {}, "status", "allocatable", name)
    divisor = quantities.parse(reference.get("divisor") or "1") or quantities.parse("1")
    return str(math.ceil(quantities.parse(text or 0) / divisor))


def service_links(view: plan.View, pod: Object) -> dict[str, str]:
    """The variables that tell of services: the API's always, those of the pod's namespace unless links are switched off."""
    services = {meta.name(one): one for one in [view.get("services", "default", "kubernetes")] if one is not None}
    if (pod.get("spec") or {}).get("enableServiceLinks", True):
        services |= {meta.name(one): one for one in view.list("services", meta.namespace(pod))}
    found: dict[str, str] = {}
    for name, service in sorted(services.items()):
        address = meta.at(service, "spec", "clusterIP", default="")
        if address not in ("", "None"):
            found |= _links(name.upper().replace("-", "_"), address, meta.at(service, "spec", "ports", default=[]))
    return found


def _links(prefix: str, address: str, ports: list[Object]) -> dict[str, str]:
    if not ports:
        return {}
    found = {f"{prefix}_SERVICE_HOST": address, f"{prefix}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            found[f"{prefix}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    for index, port in enumerate(ports):
        number, protocol = str(port["port"]), str(port.get("protocol") or "TCP")
        url = f"{protocol.lower()}://{address}:{number}"
        if index == 0:
            found[f"{prefix}_PORT"] = url
        stem = f"{prefix}_PORT_{number}_{protocol.upper()}"
        found |= {stem: url, f"{stem}_PROTO": protocol.lower(), f"{stem}_PORT": number, f"{stem}_ADDR": address}
    return found
