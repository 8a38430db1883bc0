"""Service accounts in real containers: what a pod finds about itself, and whether it is believed."""

from __future__ import annotations

import json

from tests.e2e.conftest import Home, until

PLACE = "/var/run/secrets/kubernetes.io/serviceaccount"
POD = """apiVersion: v1
kind: ServiceAccount
metadata: {name: bot}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  serviceAccountName: bot
  containers:
  - name: web
    image: localhost/pkctl/web:1
    command: [sleep, "1000"]
    volumeMounts: [{name: vault, mountPath: /vault}]
  volumes:
  - name: vault
    projected:
      sources: [{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 600}}]
"""


def review(home: Home, token: str, *audiences: str) -> dict[str, object]:
    spec = {"token": token, "audiences": [*audiences]}
    obj = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": spec}
    status: dict[str, object] = json.loads(home.out("create", "-f", "-", "-o", "json", text=json.dumps(obj)))["status"]
    return status


def held(home: Home, path: str) -> str:
    return home.out("exec", "web", "--", "cat", path)


def test_a_pod_finds_its_account(home: Home) -> None:
    home.out("apply", "-f", "-", text=POD)
    assert until(lambda: home.path("{.status.phase}", "pod", "web") == ["Running"]), home.out("describe", "pod", "web")
    assert held(home, f"{PLACE}/namespace") == "default"
    assert held(home, f"{PLACE}/ca.crt") == home.out("get", "cm", "kube-root-ca.crt", "-o", r"jsonpath={.data.ca\.crt}")
    said = review(home, held(home, f"{PLACE}/token"))
    assert said["user"]["username"] == "system:serviceaccount:default:bot"  # type: ignore[index]
    assert said["user"]["extra"]["authentication.kubernetes.io/pod-name"] == ["web"]  # type: ignore[index]
    assert review(home, held(home, "/vault/token"), "vault")["authenticated"]
    assert "authenticated" not in review(home, held(home, "/vault/token"))
