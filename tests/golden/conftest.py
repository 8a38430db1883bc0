"""Lets the cases' module find its neighbour whatever the import mode."""

from __future__ import annotations

import importlib.util
import pathlib
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def cluster() -> ModuleType:
    """The module `cluster` beside this file."""
    place = pathlib.Path(__file__).with_name("cluster.py")
    spec = importlib.util.spec_from_file_location("golden_cluster", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
