"""KYAML is written to the byte as a real kubectl writes it; `testdata/recorded/kyamls-written.json` holds kubectl 1.37's output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pkctl.printers import kyamls

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parents[3] / "testdata/recorded/kyamls-written.json").read_text())


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_an_object_is_written_as_kubectl_writes_it(case: dict[str, Any]) -> None:
    number = case["text"].rpartition('name: "x')[2].partition('"')[0]
    metadata = {"labels": {"zz": "1"}, "name": f"x{number}"}
    assert kyamls.dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": case["data"]}) == case["text"]
