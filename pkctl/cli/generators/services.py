"""`create service clusterip|nodeport|loadbalancer|externalname`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

TYPES = {"clusterip": "ClusterIP", "nodeport": "NodePort", "loadbalancer": "LoadBalancer", "externalname": "ExternalName"}


def run(ctx: Context) -> int:
    """One Service that selects `app=NAME`."""
    kind, name = TYPES[ctx.path.split()[-1]], common.name(ctx, may_be_empty=True)
    headless = ctx.flags.get("clusterip") == "None"
    if not ctx.flags["tcp"] and not headless and kind != "ExternalName":
        raise errors.CommandError("at least one tcp port specifier must be provided")
    external = _external(str(ctx.flags["external-name"])) if kind == "ExternalName" else ""
    labels = {"app": name}
    spec: dict[str, Any] = {}
    ports = [_port(text, int(ctx.flags.get("node-port", 0))) for text in ctx.flags["tcp"]]
    if ports:
        spec["ports"] = ports
    spec["selector"] = dict(labels)
    if kind == "ClusterIP" and ctx.flags["clusterip"]:
        spec["clusterIP"] = str(ctx.flags["clusterip"])
    spec["type"] = kind
    if external:
        spec["externalName"] = external
    obj = {
        "kind": "Service", "apiVersion": "v1", "metadata": common.meta(ctx, name, labels=labels), "spec": spec,
        "status": {"loadBalancer": {}},
    }  # fmt: skip
    return common.finish(ctx, obj, failed=f"failed to create {kind} service: ")


def _external(name: str) -> str:
    from pkctl.objects import names

    if names.dns_subdomain(name):
        raise errors.CommandError(f"invalid service external name {name}")
    return name


def _port(text: str, node: int) -> dict[str, Any]:
    first, *rest = text.split(":")
    number = _number(first)
    target = _target(rest[0]) if rest else number
    made = {"name": text.replace(":", "-"), "protocol": "TCP", "port": number, "targetPort": target}
    node = (node + 2**31) % 2**32 - 2**31
    return {**made, "nodePort": node} if node else made


def _target(text: str) -> int | str:
    from pkctl.objects import names

    digits = text[1:] if text[:1] in ("+", "-") else text
    is_number = digits.isascii() and digits.isdigit() and int(digits) < 2**63
    wrong = names.port_number(int(text)) if is_number else names.port_name(text)
    if wrong:
        raise errors.CommandError(",".join(wrong))
    return int(text) if is_number else text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise errors.CommandError(f"strconv.ParseUint: parsing {texts.quoted(text)}: invalid syntax")
    number = int(text)
    if number > 0xFFFF:
        raise errors.CommandError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return number
