"""Which Kubernetes we follow, and which pkctl this is."""

from __future__ import annotations

KUBERNETES = ("1", "36")
"""Major and minor version whose rules, types and texts we keep to."""

KUSTOMIZE = "v5.8.1"
"""The kustomize whose results ours are held to."""

PKCTL = "0.1.0"


def git_version() -> str:
    """As `kubectl version` and a node's VERSION show it: the Kubernetes version followed, our own as its build."""
    return f"v{'.'.join(KUBERNETES)}.0+pkctl.{PKCTL}"


def information() -> dict[str, str]:
    """version.Info."""
    import platform

    machine = platform.machine()
    return {
        "major": KUBERNETES[0],
        "minor": KUBERNETES[1],
        "gitVersion": git_version(),
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": f"python{platform.python_version()}",
        "compiler": platform.python_implementation(),
        "platform": f"{platform.system().lower()}/{ {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(machine, machine) }",
    }
