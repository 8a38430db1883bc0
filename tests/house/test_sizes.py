"""The house keeps its rooms small: files, functions, door plates."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "pkctl").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 500, 60


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_below_its_limit(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_stays_below_its_limit(path: Path) -> None:
    long = [node.name for node in _functions(ast.parse(path.read_text())) if _length(node) > LONGEST_FUNCTION]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_a_door_plate(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "__init__.py"], ids=lambda path: path.parent.name)
def test_a_package_init_holds_no_code(path: Path) -> None:
    assert len(ast.parse(path.read_text()).body) == 1


def test_the_median_function_is_short() -> None:
    lengths = [_length(node) for path in SOURCES for node in _functions(ast.parse(path.read_text()))]
    assert statistics.median(lengths) <= 10
