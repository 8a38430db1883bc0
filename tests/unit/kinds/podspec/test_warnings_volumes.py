"""Files of a volume that hide each other, in the API server's words."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds.podspec import warnings

Object = dict[str, Any]


def items(*paths: str) -> list[Object]:
    return [{"key": "k", "path": path} for path in paths]


def projected(*sources: Object) -> Object:
    return {"projected": {"sources": list(sources)}}


CASES: dict[str, tuple[Object, list[str]]] = {
    "apart": ({"configMap": {"name": "m", "items": items("a", "ab", "b/c")}}, []),
    "one path twice": (
        {"configMap": {"name": "m", "items": items("a", "a/")}},
        ['volume "v" (ConfigMap "m"): overlapping paths: "a" with "a"'],
    ),
    "a folder that is a file": (
        {"secret": {"secretName": "s", "items": items("a", "a/b")}},
        ['volume "v" (Secret "s"): overlapping paths: "a/b" with "a"'],
    ),
    "of the pod itself": (
        {"downwardAPI": {"items": items("a/b", "a")}},
        ['volume "v" (DownwardAPI): overlapping paths: "a" with "a/b"'],
    ),
    "an empty source": (projected({}), ['volume "v" (Projected) has no sources provided']),
    "two sources": (
        projected({"secret": {"name": "s", "items": items("a")}}, {"serviceAccountToken": {"path": "a/t"}}),
        ['volume "v" (Projected ServiceAccountToken): overlapping paths: "a/t" with "a"'],
    ),
    "a bundle by its signer": (
        projected({"configMap": {"name": "m", "items": items("a")}}, {"clusterTrustBundle": {"signerName": "x/y", "path": "a"}}),
        ['volume "v" (Projected ClusterTrustBundle "x/y"): overlapping paths: "a" with "a"'],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_hidden_file_is_warned_about(name: str) -> None:
    volume, said = CASES[name]
    assert warnings.pod({"spec": {"volumes": [{"name": "v", **volume}]}}) == said
