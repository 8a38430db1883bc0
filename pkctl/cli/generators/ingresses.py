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


def run(ctx: Context) -> int:
    """One Ingress of `host/path=service:port[,tls[=secret]]` rules."""
    name, flags = common.name(ctx), ctx.flags
    if not flags["default-backend"] and not flags["rule"]:
        raise errors.CommandError(NOT_ENOUGH)
    parts = [_parts(text) for text in flags["rule"]]
    meta = common.meta(ctx, name)
    marks = {}
    for text in flags["annotation"]:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise errors.CommandError(f"annotation {text} is invalid and should be in format key=[value]")
        marks[key] = value
    if marks:
        meta["annotations"] = dict(sorted(marks.items()))
    obj = {"kind": "Ingress", "apiVersion": "networking.k8s.io/v1", "metadata": meta, "spec": _spec(ctx, parts)}
    return common.finish(ctx, {**obj, "status": {"loadBalancer": {}}}, failed="failed to create ingress: ")


def _spec(ctx: Context, parts: list[tuple[str, str, str, str | None]]) -> Object:
    spec: Object = {}
    if ctx.flags["class"]:
        spec["ingressClassName"] = str(ctx.flags["class"])
    if ctx.flags["default-backend"]:
        spec["defaultBackend"] = _backend(str(ctx.flags["default-backend"]), "default-backend should be in format servicename:serviceport")
    tls = _tls(parts)
    if tls:
        spec["tls"] = tls
    rules: dict[str, list[Object]] = {}
    for host, path, backend, _ in parts:
        kind = "Prefix" if path.endswith("*") else "Exact"
        shown = path.removesuffix("*")
        rules.setdefault(host, []).append({"path": shown, "pathType": kind, "backend": _backend(backend, f"rule {backend} is invalid")})
    if rules:
        spec["rules"] = [{**({"host": host} if host else {}), "http": {"paths": paths}} for host, paths in rules.items()]
    return spec


def _tls(parts: list[tuple[str, str, str, str | None]]) -> list[Object]:
    found: list[Object] = []
    for host, _, _, secret in parts:
        if secret is None:
            continue
        entry: Object = {"hosts": [host]} if host else {}
        if secret:
            entry["secretName"] = secret
        same = next((each for each in found if each.get("secretName", "") == secret), None)
        if same is None:
            found.append(entry)
        elif host and host not in same.get("hosts", []):
            same.setdefault("hosts", []).append(host)
    return found


def _parts(text: str) -> tuple[str, str, str, str | None]:
    """(host, path, service:port, TLS secret or None); `tls` without a name is ""."""
    wrong = errors.CommandError(f"rule {text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]")
    left, comma, extra = text.partition(",")
    place, equals, backend = left.partition("=")
    host, slash, path = place.partition("/")
    service, colon, port = backend.partition(":")
    if not (equals and slash and colon and service and port):
        raise wrong
    if not comma:
        return host, f"/{path}", backend, None
    word, _, secret = extra.partition("=")
    if word != "tls":
        raise wrong
    return host, f"/{path}", backend, secret


def _backend(text: str, message: str) -> Object:
    service, colon, port = text.partition(":")
    if not (service and colon and port):
        raise errors.CommandError(message)
    return {"service": {"name": service, "port": {"number": int(port)} if port.isdigit() else {"name": port}}}
