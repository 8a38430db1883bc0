"""Objects as drivers, operators and clusters in the field write them are right as they are, and stay right when written again."""

from __future__ import annotations

import pathlib

import pytest
import yaml

from pkctl.kinds import generic, table
from pkctl.objects import meta
from tests.unit.kinds import rooms

FILE = pathlib.Path(__file__).parents[3] / "testdata" / "manifests" / "furniture.yaml"
OBJECTS = {f"{each['kind']}/{each['metadata']['name']}": each for each in yaml.safe_load_all(FILE.read_text())}


@pytest.mark.parametrize("name", OBJECTS)
def test_it_is_right_as_it_is(name):
    row = table.BUILTIN.by_gvk(OBJECTS[name]["apiVersion"], OBJECTS[name]["kind"])
    given = meta.clone(OBJECTS[name])
    given["metadata"].update({"namespace": "default"} if row.namespaced else {})
    assert ([*generic.validate_meta(row, given, None)], rooms.created(given)[1]) == ([], [])


@pytest.mark.parametrize("name", OBJECTS)
def test_writing_it_again_changes_nothing_that_is_fixed(name):
    assert rooms.updated(OBJECTS[name], OBJECTS[name]) == []
