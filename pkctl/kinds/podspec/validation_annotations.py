"""What may be wrong with the annotations that a pod's node or scheduler reads, and where they must agree with fields.

Follows ValidatePodSpecificAnnotations, validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds.podspec import containers, paths
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MIRROR = "kubernetes.io/config.mirror"
TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations"
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
SECCOMP_POD, SECCOMP = "seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/"
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
PLAIN_SECCOMP = ("runtime/default", "docker/default", "unconfined")
PLAIN_APPARMOR = ("", "runtime/default", "unconfined")
SECCOMP_VALUES: dict[str, tuple[str, ...]] = {"Unconfined": ("unconfined",), "RuntimeDefault": ("runtime/default", "docker/default")}
APPARMOR_VALUES: dict[str, tuple[str, ...]] = {"Unconfined": ("unconfined",), "RuntimeDefault": ("runtime/default",)}
LOCAL = "localhost/"


def judged(metadata: Object, spec: Object, path: str) -> list[Problem]:
    """Problems of the annotations at `path`, each by itself."""
    found = metadata.get("annotations")
    if not found:
        return []
    problems: list[Problem] = []
    if MIRROR in found and not spec.get("nodeName"):
        problems.append(fields.invalid(f"{path}[{MIRROR}]", found[MIRROR], "must set spec.nodeName if mirror pod annotation is set"))
    problems += _tolerations(found[TOLERATIONS], path) if found.get(TOLERATIONS) else []
    if DELETION_COST in found and not _is_cost(found[DELETION_COST]):
        problems.append(fields.invalid(f"{path}[{DELETION_COST}]", found[DELETION_COST], "must be a 32bit integer"))
    for key in [SECCOMP_POD, *sorted(each for each in found if each.startswith(SECCOMP))]:
        problems += _seccomp(found[key], f"{path}.{key}") if key in found else []
    for key in sorted(each for each in found if each.startswith(APPARMOR)):
        problems += _app_armor(key, found[key], spec, f"{path}[{key}]")
    return problems


def _tolerations(text: str, path: str) -> list[Problem]:
    import json

    from pkctl.kinds.podspec import validation_scheduling

    try:
        found = json.loads(text)
    except ValueError as error:
        return [fields.invalid(path, TOLERATIONS, str(error))]
    return validation_scheduling.tolerations(found, f"{path}.{TOLERATIONS}") if isinstance(found, list) else []


def _is_cost(text: str) -> bool:
    """A 32-bit integer without a plus sign or leading zeros."""
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0")
    return is_number and -(2**31) <= int(text) < 2**31


def _seccomp(value: str, path: str) -> list[Problem]:
    if value in PLAIN_SECCOMP:
        return []
    if value.startswith(LOCAL):
        return paths.descending(value.removeprefix(LOCAL), path)
    return [fields.invalid(path, value, "must be a valid seccomp profile")]


def _app_armor(key: str, value: str, spec: Object, path: str) -> list[Problem]:
    name = key.removeprefix(APPARMOR)
    is_known = any(each.get("name") == name for each in containers.every(spec))
    problems = [] if is_known else [fields.invalid(path, name, "container not found")]
    if value not in PLAIN_APPARMOR and not value.startswith(LOCAL):
        problems.append(fields.invalid(path, value, f"invalid AppArmor profile name: {fields.quoted(value)}"))
    return problems


def agreeing(metadata: Object, spec: Object, path: str) -> list[Problem]:
    """Where an annotation says something else than the field that replaced it."""
    found = metadata.get("annotations")
    if not found:
        return []
    context = spec.get("securityContext") or {}
    place = f"{path}.securityContext.seccompProfile"
    problems = _same(found.get(SECCOMP_POD), context.get("seccompProfile"), SECCOMP_VALUES, "seccomp", place)
    for container, at in containers.placed(spec, path):
        own = (container.get("securityContext") or {}).get("seccompProfile")
        place = f"{at}.securityContext.seccompProfile"
        problems += _same(found.get(f"{SECCOMP}{container.get('name')}"), own, SECCOMP_VALUES, "seccomp", place)
    if (spec.get("os") or {}).get("name") == "windows":
        return problems
    for container, at in containers.placed(spec, path):
        own = (container.get("securityContext") or {}).get("appArmorProfile") or context.get("appArmorProfile")
        place = f"{at}.securityContext.appArmorProfile"
        problems += _same(found.get(f"{APPARMOR}{container.get('name')}"), own, APPARMOR_VALUES, "apparmor", place)
    return problems


def _same(said: str | None, profile: Object | None, values: dict[str, tuple[str, ...]], word: str, path: str) -> list[Problem]:
    if said is None or not profile:
        return []
    kind = profile.get("type")
    if kind == "Localhost" and said.startswith(LOCAL):
        is_same = said.removeprefix(LOCAL) == profile.get("localhostProfile")
        return [] if is_same else [fields.forbidden(f"{path}.localhostProfile", f"{word} profile in annotation and field must match")]
    if kind not in ("Localhost", *values) or said in values.get(kind, ()):
        return []
    return [fields.forbidden(f"{path}.type", f"{word} type in annotation and field must match")]
