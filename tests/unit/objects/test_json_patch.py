"""JSON Patch against what the real kubectl made of the same patches."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from pkctl.objects import patches

RECORDED = json.loads((pathlib.Path(__file__).parents[3] / "testdata" / "recorded" / "json-patches.json").read_text())
DOC = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "x", "labels": {"a": "b"}, "finalizers": ["e.com/a", "e.com/b"]},
    "data": {"k": "v"},
}
KUBECTLS_OWN = "Object to be patched is missing field ("
"""How kubectl words the one fault `doc is missing key` of the library."""


@pytest.mark.parametrize("case", [case for case in RECORDED if "gives" in case], ids=lambda case: json.dumps(case["patch"]))
def test_a_patch_that_fits_gives_what_kubectl_gives(case: Any) -> None:
    assert patches.apply_json(DOC, case["patch"]) == case["gives"]


@pytest.mark.parametrize("case", [case for case in RECORDED if "fails" in case], ids=lambda case: json.dumps(case["patch"]))
def test_a_patch_that_does_not_fit_fails_in_the_librarys_words(case: Any) -> None:
    with pytest.raises(patches.PatchError) as fault:
        patches.apply_json(DOC, case["patch"])
    text = str(fault.value).replace("replace operation does not apply: doc is missing key: ", KUBECTLS_OWN)
    assert (f"{text})" if text.startswith(KUBECTLS_OWN) else text) == case["fails"]


def test_the_document_stays_as_it_was() -> None:
    before = json.dumps(DOC)
    patches.apply_json(DOC, [{"op": "remove", "path": "/metadata/finalizers/0"}])
    assert json.dumps(DOC) == before
