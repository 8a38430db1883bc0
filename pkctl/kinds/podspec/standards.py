"""The Pod Security Standards: what a pod may not ask for at the levels `baseline` and `restricted`, as each version has it.

Follows k8s.io/pod-security-admission/policy. Not here: which level a namespace wants, and what follows (api/admission/podsecurity).
"""

from __future__ import annotations

from pkctl.kinds.podspec import containers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pkctl.objects.meta import Object

    Found = tuple[str, str] | None
    Check = Callable[[Object, Object], Found]

LATEST = 1 << 30
"""The minor version that stands for `latest`."""

CAPABILITIES = frozenset({
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
    "SETUID", "SYS_CHROOT",
})  # fmt: skip
SYSCTLS = {
    "kernel.shm_rmid_forced": 0, "net.ipv4.ip_local_port_range": 0, "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ping_group_range": 0, "net.ipv4.tcp_syncookies": 0, "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_fin_timeout": 29, "net.ipv4.tcp_keepalive_intvl": 29, "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_keepalive_time": 29, "net.ipv4.tcp_rmem": 32, "net.ipv4.tcp_wmem": 32,
}  # fmt: skip
"""Safe sysctls, by the version that first lets them pass."""

SELINUX = ("", "container_t", "container_init_t", "container_kvm_t")
VOLUMES = ("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret")
BARRED_VOLUMES = (
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder",
    "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "portworxVolume", "scaleIO",
    "storageos",
)  # fmt: skip
PROFILES = ("Localhost", "RuntimeDefault")
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
SECCOMP_POD, SECCOMP_CONTAINER = "seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/"


def violations(level: str, minor: int, metadata: Object, spec: Object) -> list[tuple[str, str]]:
    """(reason, detail) of everything that the level forbids in a pod, in the API server's order; `minor` is LATEST or that of v1.x."""
    if level == "privileged":
        return []
    chosen = {
        id: check
        for id, own, versions in CHECKS
        if own == "baseline" or level == "restricted"
        if (check := _at(versions, minor)) is not None
    }
    hidden = {below for above, below in OVERRIDES.items() if above in chosen}
    return [found for id, check in chosen.items() if id not in hidden and (found := check(metadata, spec))]


def _at(versions: Iterable[tuple[int, Check]], minor: int) -> Check | None:
    """The form of a check that a version has, None when it had none yet."""
    known = [check for first, check in versions if first <= minor]
    return known[-1] if known else None


def shown(found: Iterable[tuple[str, str]]) -> str:
    """Violations as one text."""
    return ", ".join(f"{reason} ({detail})" if detail else reason for reason, detail in found)


def _context(part: Object) -> Object:
    """Of a pod's spec or a container."""
    found: Object = part.get("securityContext") or {}
    return found


def _names(spec: Object, is_bad: Callable[[Object], Any]) -> list[str]:
    return [container["name"] for container in containers.every(spec) if is_bad(container)]


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


def _some(singular: str, names: Iterable[str]) -> str:
    """`container "a"`, `containers "a", "b"`."""
    names = list(names)
    return f"{singular if len(names) == 1 else singular + 's'} {_quoted(names)}"


def _setters(is_pod: Any, names: list[str]) -> str:
    """`pod and container "a"`, "" when nobody is to blame."""
    return " and ".join([*(["pod"] if is_pod else []), *([_some("container", names)] if names else [])])


def _privilege_escalation(_metadata: Object, spec: Object) -> Found:
    bad = _names(spec, lambda each: _context(each).get("allowPrivilegeEscalation") is not False)
    text = f"{_some('container', bad)} must set securityContext.allowPrivilegeEscalation=false"
    return ("allowPrivilegeEscalation != false", text) if bad else None


def _app_armor(metadata: Object, spec: Object) -> Found:
    def wrong(part: Object) -> str:
        profile = _context(part).get("appArmorProfile")
        return (profile.get("type") or "") if profile and profile.get("type") not in PROFILES else ""

    annotations = metadata.get("annotations") or {}
    said = sorted(
        f'{key}="{value}"'
        for key, value in annotations.items()
        if key.startswith(APPARMOR) and value not in ("", "runtime/default") and not value.startswith("localhost/")
    )
    setters = [each for each in (_setters(wrong(spec), _names(spec, wrong)), _plural("annotation", said) if said else "") if each]
    values = [*sorted({text for part in (spec, *containers.every(spec)) if (text := wrong(part))}), *said]
    detail = f"{' and '.join(setters)} must not set AppArmor profile type to {_quoted(values)}"
    return (_plural("forbidden AppArmor profile", values), detail) if setters else None


def _plural(word: str, counted: list[str]) -> str:
    return word if len(counted) == 1 else f"{word}s"


def _added(container: Object, allowed: Iterable[str]) -> list[str]:
    return [each for each in (_context(container).get("capabilities") or {}).get("add") or () if each not in allowed]


def _not_to_add(spec: Object, allowed: Iterable[str]) -> str:
    bad = _names(spec, lambda each: _added(each, allowed))
    extra = sorted({name for each in containers.every(spec) for name in _added(each, allowed)})
    return f"{_some('container', bad)} must not include {_quoted(extra)} in securityContext.capabilities.add" if bad else ""


def _capabilities(_metadata: Object, spec: Object) -> Found:
    text = _not_to_add(spec, CAPABILITIES)
    return ("non-default capabilities", text) if text else None


def _dropped_capabilities(_metadata: Object, spec: Object) -> Found:
    bad = _names(spec, lambda each: "ALL" not in ((_context(each).get("capabilities") or {}).get("drop") or ()))
    texts = [f'{_some("container", bad)} must set securityContext.capabilities.drop=["ALL"]'] if bad else []
    texts += [text] if (text := _not_to_add(spec, ("NET_BIND_SERVICE",))) else []
    return ("unrestricted capabilities", "; ".join(texts)) if texts else None


def _host_namespaces(_metadata: Object, spec: Object) -> Found:
    used = [name for name in ("hostIPC", "hostNetwork", "hostPID") if spec.get(name)]
    return ("host namespaces", ", ".join(used)) if used else None


def _host_paths(_metadata: Object, spec: Object) -> Found:
    bad = [each["name"] for each in spec.get("volumes") or () if each.get("hostPath") is not None]
    return ("hostPath volumes", _some("volume", bad)) if bad else None


def _host_ports(_metadata: Object, spec: Object) -> Found:
    def ports(container: Object) -> list[str]:
        return [str(each["hostPort"]) for each in container.get("ports") or () if each.get("hostPort")]

    bad = _names(spec, ports)
    used = sorted({port for each in containers.every(spec) for port in ports(each)})
    verb = "uses" if len(bad) == 1 else "use"
    return ("hostPort", f"{_some('container', bad)} {verb} {_plural('hostPort', used)} {', '.join(used)}") if bad else None


def _hosts(container: Object) -> list[str]:
    """Every host that a probe or hook of the container is sent to."""
    lifecycle = container.get("lifecycle") or {}
    senders = [container.get(f"{name}Probe") for name in ("liveness", "readiness", "startup")]
    senders += [lifecycle.get("postStart"), lifecycle.get("preStop")]
    found = [((sender or {}).get(form) or {}).get("host") for sender in senders for form in ("httpGet", "tcpSocket")]
    return [host for host in found if host]


def _probe_hosts(_metadata: Object, spec: Object) -> Found:
    bad = sorted(set(_names(spec, _hosts)))
    used = sorted({host for each in containers.every(spec) for host in _hosts(each)})
    verb = "uses" if len(bad) == 1 else "use"
    detail = f"{_some('container', bad)} {verb} {_some('probe or lifecycle host', used)}"
    return ("probe or lifecycle host", detail) if bad else None


def _privileged(_metadata: Object, spec: Object) -> Found:
    bad = _names(spec, lambda each: _context(each).get("privileged"))
    return ("privileged", f"{_some('container', bad)} must not set securityContext.privileged=true") if bad else None


def _proc_mount(_metadata: Object, spec: Object) -> Found:
    def mount(container: Object) -> str:
        found = _context(container).get("procMount") or "Default"
        return found if found != "Default" else ""

    bad = _names(spec, mount)
    used = sorted({text for each in containers.every(spec) if (text := mount(each))})
    return ("procMount", f"{_some('container', bad)} must not set securityContext.procMount to {_quoted(used)}") if bad else None


def _volume_types(_metadata: Object, spec: Object) -> Found:
    bad = [each for each in spec.get("volumes") or () if not any(each.get(kind) is not None for kind in VOLUMES)]
    kinds = sorted({next((kind for kind in BARRED_VOLUMES if each.get(kind) is not None), "unknown") for each in bad})
    verb = "uses" if len(bad) == 1 else "use"
    detail = f"{_some('volume', (each['name'] for each in bad))} {verb} {_some('restricted volume type', kinds)}"
    return ("restricted volume types", detail) if bad else None


def _run_as_non_root(_metadata: Object, spec: Object) -> Found:
    wanted = _context(spec).get("runAsNonRoot")
    setters = _setters(wanted is False, _names(spec, lambda each: _context(each).get("runAsNonRoot") is False))
    if setters:
        return "runAsNonRoot != true", f"{setters} must not set securityContext.runAsNonRoot=false"
    bad = [] if wanted else _names(spec, lambda each: _context(each).get("runAsNonRoot") is None)
    return ("runAsNonRoot != true", f"pod or {_some('container', bad)} must set securityContext.runAsNonRoot=true") if bad else None


def _run_as_user(_metadata: Object, spec: Object) -> Found:
    setters = _setters(_context(spec).get("runAsUser") == 0, _names(spec, lambda each: _context(each).get("runAsUser") == 0))
    return ("runAsUser=0", f"{setters} must not set runAsUser=0") if setters else None


def _se_linux(types: tuple[str, ...]) -> Check:
    def options(part: Object) -> Object:
        return _context(part).get("seLinuxOptions") or {}

    def is_bad(part: Object) -> bool:
        said = options(part)
        return (said.get("type") or "") not in types or bool(said.get("user") or said.get("role"))

    def check(_metadata: Object, spec: Object) -> Found:
        setters = _setters(is_bad(spec), _names(spec, is_bad))
        parts = [options(each) for each in (spec, *containers.every(spec))]
        wrong = sorted({each["type"] for each in parts if (each.get("type") or "") not in types})
        texts = [_some("type", wrong)] if wrong else []
        texts += [f"{field} may not be set" for field in ("user", "role") if any(each.get(field) for each in parts)]
        detail = f"{setters} set forbidden securityContext.seLinuxOptions: {'; '.join(texts)}"
        return ("seLinuxOptions", detail) if setters else None

    return check


def _old_seccomp(metadata: Object, spec: Object) -> Found:
    annotations = metadata.get("annotations") or {}
    keys = {SECCOMP_POD, *(SECCOMP_CONTAINER + each["name"] for each in containers.every(spec))}
    bad = sorted(
        f'{key}="{value}"'
        for key in keys
        if (value := annotations.get(key)) is not None
        and value not in ("runtime/default", "docker/default")
        and not value.startswith("localhost/")
    )
    return ("seccompProfile", f"forbidden {_plural('annotation', bad)} {', '.join(bad)}") if bad else None


def _seccomp_type(part: Object) -> str | None:
    profile = _context(part).get("seccompProfile")
    return None if profile is None else profile.get("type") or ""


def _seccomp(_metadata: Object, spec: Object) -> Found:
    def is_bad(part: Object) -> bool:
        return _seccomp_type(part) not in (None, *PROFILES)

    setters = _setters(is_bad(spec), _names(spec, is_bad))
    values = sorted({str(_seccomp_type(each)) for each in (spec, *containers.every(spec)) if is_bad(each)})
    detail = f"{setters} must not set securityContext.seccompProfile.type to {_quoted(values)}"
    return ("seccompProfile", detail) if setters else None


def _required_seccomp(metadata: Object, spec: Object) -> Found:
    found = _seccomp(metadata, spec)
    bad = [] if _seccomp_type(spec) in PROFILES else _names(spec, lambda each: _seccomp_type(each) is None)
    if found or not bad:
        return found
    text = f'pod or {_some("container", bad)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    return "seccompProfile", text


def _sysctls(minor: int) -> Check:
    def check(_metadata: Object, spec: Object) -> Found:
        names = [each["name"] for each in _context(spec).get("sysctls") or ()]
        bad = [name for name in names if SYSCTLS.get(name, LATEST) > minor]
        return ("forbidden sysctls", ", ".join(bad)) if bad else None

    return check


def _host_process(_metadata: Object, spec: Object) -> Found:
    def is_bad(part: Object) -> Any:
        return (_context(part).get("windowsOptions") or {}).get("hostProcess")

    setters = _setters(is_bad(spec), _names(spec, is_bad))
    return ("hostProcess", f"{setters} must not set securityContext.windowsOptions.hostProcess=true") if setters else None


def _not_on_windows(check: Check) -> Check:
    """From 1.25 on, Windows pods aren't asked for what Windows lacks."""
    return lambda metadata, spec: None if (spec.get("os") or {}).get("name") == "windows" else check(metadata, spec)


def _not_with_own_users(check: Check) -> Check:
    """From 1.35 on, pods in a user namespace of their own may be root in it."""
    return lambda metadata, spec: None if spec.get("hostUsers") is False else check(metadata, spec)


CHECKS: tuple[tuple[str, str, tuple[tuple[int, Check], ...]], ...] = (
    ("appArmorProfile", "baseline", ((0, _app_armor),)),
    ("capabilities_baseline", "baseline", ((0, _capabilities),)),
    ("hostNamespaces", "baseline", ((0, _host_namespaces),)),
    ("hostPathVolumes", "baseline", ((0, _host_paths),)),
    ("hostPorts", "baseline", ((0, _host_ports),)),
    ("hostProbesAndHostLifecycle", "baseline", ((34, _probe_hosts),)),
    ("privileged", "baseline", ((0, _privileged),)),
    ("procMount_baseline", "baseline", ((0, _proc_mount), (35, _not_with_own_users(_proc_mount)))),
    ("seLinuxOptions", "baseline", ((0, _se_linux(SELINUX)), (31, _se_linux((*SELINUX, "container_engine_t"))))),
    ("seccompProfile_baseline", "baseline", ((0, _old_seccomp), (19, _seccomp))),
    ("sysctls", "baseline", tuple((minor, _sysctls(minor)) for minor in (0, 27, 29, 32))),
    ("windowsHostProcess", "baseline", ((0, _host_process),)),
    ("allowPrivilegeEscalation", "restricted", ((8, _privilege_escalation), (25, _not_on_windows(_privilege_escalation)))),
    ("capabilities_restricted", "restricted", ((22, _dropped_capabilities), (25, _not_on_windows(_dropped_capabilities)))),
    ("procMount_restricted", "restricted", ((0, _proc_mount),)),
    ("restrictedVolumes", "restricted", ((0, _volume_types),)),
    ("runAsNonRoot", "restricted", ((0, _run_as_non_root), (35, _not_with_own_users(_run_as_non_root)))),
    ("runAsUser", "restricted", ((23, _run_as_user), (35, _not_with_own_users(_run_as_user)))),
    ("seccompProfile_restricted", "restricted", ((19, _required_seccomp), (25, _not_on_windows(_required_seccomp)))),
)
"""(name, level, its forms by the minor version that each begins with), in the order that upstream tells them."""

OVERRIDES = {
    "capabilities_restricted": "capabilities_baseline",
    "procMount_restricted": "procMount_baseline",
    "restrictedVolumes": "hostPathVolumes",
    "seccompProfile_restricted": "seccompProfile_baseline",
}
"""Checks of `restricted` that say what one of `baseline` says, so that it is told once."""
