"""`create service clusterip|nodeport|loadbalancer|externalname`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

TYPES = {"clusterip": "ClusterIP", "nodeport": "NodePort", "loadbalancer": "LoadBalancer", "externalname": "ExternalName"}


def run(ctx: Context) -> int:
    """One Service that selects `app=NAME`."""
    kind, name = TYPES[ctx.path.split()[-1]], common.name(ctx)
    headless = ctx.flags.get("clusterip") == "None"
    if not ctx.flags["tcp"] and not headless and kind != "ExternalName":
        raise errors.CommandError("at least one tcp port specifier must be provided")
    if headless and ctx.flags["tcp"] and kind != "ClusterIP":
        raise errors.CommandError("can not map ports with clusterip=None")
    labels = {"app": name}
    spec: dict[str, Any] = {}
    ports = [_port(text, int(ctx.flags.get("node-port", 0))) for text in ctx.flags["tcp"]]
    if ports:
        spec["ports"] = ports
    spec["selector"] = dict(labels)
    if kind == "ClusterIP" and ctx.flags["clusterip"]:
        spec["clusterIP"] = str(ctx.flags["clusterip"])
    spec["type"] = kind
    if kind == "ExternalName":
        spec["externalName"] = _external(str(ctx.flags["external-name"]))
    obj = {
        "kind": "Service", "apiVersion": "v1", "metadata": common.meta(ctx, name, labels=labels), "spec": spec,
        "status": {"loadBalancer": {}},
    }  # fmt: skip
    return common.finish(ctx, obj, failed=f"failed to create {kind} service: ")


def _external(name: str) -> str:
    from pkctl.objects import names

    if names.dns_subdomain(name.rstrip(".")):
        raise errors.CommandError(f"invalid service external name {name}")
    return name


def _port(text: str, node: int) -> dict[str, Any]:
    first, colon, rest = text.partition(":")
    number = _number(first)
    target: int | str = _target(rest.partition(":")[0]) if colon else number
    made = {"name": text.replace(":", "-"), "protocol": "TCP", "port": number, "targetPort": target}
    return {**made, "nodePort": node} if node else made


def _target(text: str) -> int | str:
    if not (text.isascii() and text.isdigit()):
        return _name(text)
    if not 1 <= int(text) <= 0xFFFF:
        raise errors.CommandError("must be between 1 and 65535, inclusive")
    return int(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise errors.CommandError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    number = int(text)
    if number > 0xFFFF:
        raise errors.CommandError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return number


def _name(text: str) -> str:
    from pkctl.objects import names

    wrong = names.port_name(text)
    if wrong:
        raise errors.CommandError(f"{','.join(wrong)}")
    return text
