"""`create ingress`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

NOT_ENOUGH = (
    "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of "
    "rules (which catch specific paths)"
)


RULE = r"[\w*.-]*/.*=[\w-]+:[\w-]+"
"""How a rule has to begin; what follows is read leniently, as kubectl 1.36 does."""


def run(ctx: Context) -> int:
    """One Ingress of `host/path=service:port[,tls[=secret]]` rules."""
    name, flags = common.name(ctx, may_be_empty=True), ctx.flags
    if not flags["default-backend"] and not flags["rule"]:
        raise errors.CommandError(NOT_ENOUGH)
    rules = [_rule(text) for text in flags["rule"]]
    meta = common.meta(ctx, name)
    marks = {}
    for text in flags["annotation"]:
        key, equals, value = text.partition("=")
        if not equals:
            raise errors.CommandError(f"annotation {text} is invalid and should be in format key=[value]")
        marks[key] = value
    if marks:
        meta["annotations"] = dict(sorted(marks.items()))
    obj = {"kind": "Ingress", "apiVersion": "networking.k8s.io/v1", "metadata": meta, "spec": _spec(ctx, rules)}
    return common.finish(ctx, {**obj, "status": {"loadBalancer": {}}}, failed="failed to create ingress: ")


def _spec(ctx: Context, rules: list[tuple[str, Object, str | None]]) -> Object:
    spec: Object = {}
    if ctx.flags["class"]:
        spec["ingressClassName"] = str(ctx.flags["class"])
    backend = str(ctx.flags["default-backend"])
    if backend:
        if backend.count(":") != 1:
            raise errors.CommandError("default-backend should be in format servicename:serviceport")
        spec["defaultBackend"] = _backend(backend)
    tls = _tls({host: secret for host, _, secret in reversed(rules) if secret is not None})
    if tls:
        spec["tls"] = tls
    hosts: dict[str, list[Object]] = {}
    for host, path, _ in rules:
        hosts.setdefault(host, []).append(path)
    if hosts:
        spec["rules"] = [{**({"host": host} if host else {}), "http": {"paths": paths}} for host, paths in hosts.items()]
    return spec


def _tls(secrets: dict[str, str]) -> list[Object]:
    """The TLS entries, one for each secret, of the hosts' secrets, the last host first."""
    found: list[Object] = []
    for host, secret in reversed(secrets.items()):
        same = next((each for each in found if each.get("secretName", "") == secret), None)
        if same is not None:
            same.setdefault("hosts", []).append(host)
        elif host or secret:
            found.append({**({"hosts": [host]} if host else {}), **({"secretName": secret} if secret else {})})
    return found


def _rule(text: str) -> tuple[str, Object, str | None]:
    """(host, path, TLS secret or None); `tls` without a name is ""."""
    import re

    left, *extra = text.split(",")
    place, *backends = left.split("=")
    host, _, path = place.partition("/")
    if not re.match(RULE, text, re.ASCII) or len(backends) != 1 or ":" not in backends[0]:
        raise errors.CommandError(f"rule {text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]")
    kind = "Prefix" if path.endswith("*") else "Exact"
    secret = f"{extra[0]}=".split("=")[1] if len(extra) == 1 else None
    return host, {"path": f"/{path.removesuffix('*')}", "pathType": kind, "backend": _backend(backends[0])}, secret


def _backend(text: str) -> Object:
    service, named = text.split(":")[:2]
    port = common.number_or_name(named)
    return {"service": {"name": service, "port": {"number" if isinstance(port, int) else "name": port} if port else {}}}
