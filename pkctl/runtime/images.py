"""Images on a node: whether one is there, pulling it, copying it from this machine.

Names are Docker's, as a kubelet reads them: `web` is docker.io/library/web:latest. But what Podman already has under a short name
(localhost/web) is used as it is, so that locally built images need no registry. Upstream: pkg/kubelet/images/image_manager.go.
"""

from __future__ import annotations

import base64
import json
import re

from pkctl import errors
from pkctl.runtime import libpod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import host

    Object = dict[str, Any]

SILENCE = 120.0
REFERENCE = re.compile(
    r"^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?/)?"
    r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
    r"(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$"
)


def pull(node: host.Host, action: Object) -> Object:
    """{"imageID", "pulled"} of the image that containers will be made of; NodeError as the kubelet's image manager words it."""
    name, policy = action["image"], action.get("policy") or "IfNotPresent"
    check(name)
    present = _find(node, name)
    if present and (policy != "Always" or name.startswith("localhost/")):
        return {"imageID": node.image_name(present["Id"], present), "pulled": False}
    if policy == "Never":
        raise errors.NodeError("ErrImageNeverPull", f'Container image "{name}" is not present with pull policy of Never')
    if not (name.startswith("localhost/") and _copy(node, name)):
        try:
            _pull(node, normal(name), action.get("auths") or ())
        except errors.NodeError:
            if name.startswith("localhost/") or not _copy(node, name):
                raise
    found = _find(node, name)
    if not found:
        raise errors.NodeError("ErrImagePull", f'image "{name}" is not there after it was pulled')
    return {"imageID": node.image_name(found["Id"], found), "pulled": True}


def check(name: str) -> None:
    """NodeError kind InvalidImageName for what no registry could have."""
    if not REFERENCE.match(name):
        text = f'Failed to apply default image tag "{name}": couldn\'t parse image name "{name}": invalid reference format'
        raise errors.NodeError("InvalidImageName", text)


def user(node: host.Host, name: str) -> str:
    """The user an image runs as, "" for root or when the image isn't there."""
    found = _find(node, name) or {}
    return str(found.get("Config", {}).get("User") or found.get("User") or "")


def normal(name: str) -> str:
    """The full name of an image, as containerd reads a short one."""
    rest, at, digest = name.partition("@")
    first, slash, _ = rest.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        rest = f"docker.io/{rest}" if slash else f"docker.io/library/{rest}"
    if not digest and ":" not in rest.rpartition("/")[2]:
        rest += ":latest"
    return rest + at + digest


def _find(node: host.Host, name: str) -> Object | None:
    try:
        found: Object = node.api.get(f"/images/{name}/json")
    except libpod.Refused as error:
        if error.status == 404:
            return None
        raise
    return found


def _pull(node: host.Host, name: str, auths: Any) -> None:
    """Try each login that fits the registry, or none."""
    server = name.partition("/")[0]
    fitting = [auth for auth in auths if _host(auth.get("server", "")) == server] or [None]
    for last, auth in enumerate(fitting, 1):
        text = _try(node, name, auth)
        if not text:
            return
        if last == len(fitting):
            raise errors.NodeError("ErrImagePull", text)


def _try(node: host.Host, name: str, auth: Object | None) -> str:
    headers = {}
    if auth:
        login = {"username": auth.get("username", ""), "password": auth.get("password", "")}
        headers["X-Registry-Auth"] = base64.urlsafe_b64encode(json.dumps(login).encode()).decode()
    said = ""
    try:
        # Errors come as lines of an answer that began with success.
        for line in node.api.lines("POST", "/images/pull", {"reference": name, "policy": "always"}, headers=headers, timeout=SILENCE):
            said = line.get("error") or said
    except libpod.Refused as error:
        return error.message
    return said


def _host(server: str) -> str:
    host = server.partition("://")[2] or server
    host = host.partition("/")[0]
    return "docker.io" if host in ("index.docker.io", "registry-1.docker.io") else host


def _copy(node: host.Host, name: str) -> bool:
    """Bring an image of this machine to the node; False when this machine hasn't it either."""
    if node.source is None or _find(node.source, name) is None:
        return False
    link, answer = node.source.api.send("GET", f"/images/{name}/get", {}, b"", SILENCE)
    try:
        if answer.status >= 400:
            return False
        other, loaded = node.api.send("POST", "/images/load", {}, answer, 600)
        try:
            if loaded.status >= 400:
                raise errors.NodeError("ErrImagePull", f"copying {name} to the node: {loaded.read().decode(errors='replace').strip()}")
        finally:
            other.close()
    finally:
        link.close()
    return True
