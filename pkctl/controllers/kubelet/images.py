"""Getting a container's image: when to pull, with whose credentials, what to say of it.

Follows pkg/kubelet/images/image_manager.go and pkg/credentialprovider. Kept under "pulls", by image: the back-off and the failure.
"""

from __future__ import annotations

import base64
import binascii
import json

from pkctl.controllers.kubelet import backoff, env
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl import errors
    from pkctl.controllers import plan
    from pkctl.controllers.kubelet import looks
    from pkctl.objects.meta import Object

OWN_WORDS = ("ErrImageNeverPull", "InvalidImageName", "RegistryUnavailable", "SignatureValidationFailed")
"""Failures that are a waiting reason of their own; any other is ErrImagePull."""


def ask(look: looks.Look, container: Object) -> bool:
    """Ask for a container's image; False while a failed pull backs off."""
    image = container["image"]
    known = look.kept("pulls").get(image)
    wait = backoff.left(known, look.now)
    if known and wait > 0:
        _back_off(look, container, known, wait)
        return False
    policy = container.get("imagePullPolicy") or "IfNotPresent"
    if policy == "Always":
        look.say("Normal", "Pulling", f'Pulling image "{image}"', container["name"])
    look.do("pull", image=image, policy=policy, auths=credentials(look.view, look.pod), container=container["name"])
    return True


def _back_off(look: looks.Look, container: Object, known: dict[str, Any], wait: float) -> None:
    image, name = container["image"], container["name"]
    look.later(wait)
    if known["reason"] in OWN_WORDS:
        look.kept("waits")[name] = [known["reason"], known["message"]]
        return
    look.kept("waits")[name] = ["ImagePullBackOff", f'Back-off pulling image "{image}": {known["reason"]}: {known["message"]}']
    stage = f"{known['at']:g}"
    if look.kept("said").get(f"pull/{name}") != stage:
        look.kept("said")[f"pull/{name}"] = stage
        look.say("Normal", "BackOff", f'Back-off pulling image "{image}"', name)
        look.say("Warning", "Failed", "Error: ImagePullBackOff", name)


def failed(look: looks.Look, action: dict[str, Any], error: errors.NodeError) -> None:
    """A pull did not work."""
    image, name = action["image"], action["container"]
    reason = error.kind if error.kind in OWN_WORDS else "ErrImagePull"
    known = look.kept("pulls").get(image)
    entry: dict[str, Any] = dict(backoff.next_entry(known, look.now, look.now))
    look.kept("pulls")[image] = {**entry, "reason": reason, "message": error.message}
    look.kept("waits")[name] = [reason, error.message]
    if reason == "ErrImageNeverPull":
        look.say("Warning", reason, f'Container image "{image}" is not present with pull policy of Never', name)
    elif reason == "InvalidImageName":
        look.say("Warning", "InspectFailed", f'Failed to apply default image tag "{image}": {error.message}', name)
    else:
        if action["policy"] != "Always":
            look.say("Normal", "Pulling", f'Pulling image "{image}"', name)
        look.say("Warning", "Failed", f'Failed to pull image "{image}": {error.message}', name)
    look.say("Warning", "Failed", f"Error: {reason}", name)


def pulled(look: looks.Look, action: dict[str, Any], answer: dict[str, Any]) -> None:
    """An image is there."""
    image, name = action["image"], action["container"]
    look.kept("pulls").pop(image, None)
    look.kept("images")[image] = answer.get("imageID", "")
    if not answer.get("pulled", action["policy"] == "Always"):
        look.say("Normal", "Pulled", f'Container image "{image}" already present on machine and can be accessed by the pod', name)
        return
    if action["policy"] != "Always":
        look.say("Normal", "Pulling", f'Pulling image "{image}"', name)
    seconds = f" in {_lasted(answer['seconds'])} ({_lasted(answer['seconds'])} including waiting)" if "seconds" in answer else ""
    size = f" Image size: {answer['size']} bytes." if answer.get("size") else ""
    end = "." if seconds else ""
    look.say("Normal", "Pulled", f'Successfully pulled image "{image}"{seconds}{end}{size}', name)


def _lasted(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms" if seconds < 1 else f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"


def credentials(view: plan.View, pod: Object) -> list[dict[str, str]]:
    """What the pod's imagePullSecrets say, one row per registry."""
    found: list[dict[str, str]] = []
    for reference in (pod.get("spec") or {}).get("imagePullSecrets") or []:
        secret = view.get("secrets", meta.namespace(pod), reference.get("name") or "")
        if secret is not None:
            found += _logins(env.contents(secret))
    return found


def _logins(held: dict[str, bytes]) -> list[dict[str, str]]:
    try:
        if ".dockerconfigjson" in held:
            entries = json.loads(held[".dockerconfigjson"]).get("auths") or {}
        else:
            entries = json.loads(held.get(".dockercfg") or b"{}")
        return [_login(server, entry) for server, entry in entries.items()]
    except (ValueError, AttributeError, binascii.Error):
        # The kubelet passes over what it can't read: the pull then says what is missing.
        return []


def _login(server: str, entry: dict[str, str]) -> dict[str, str]:
    if entry.get("auth"):
        username, _, password = base64.b64decode(entry["auth"]).decode().partition(":")
    else:
        username, password = entry.get("username", ""), entry.get("password", "")
    return {"server": server, "username": username, "password": password}
