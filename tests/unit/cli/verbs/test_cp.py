"""`cp`: what a file specification means."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

FORMAT = "filespec must match the canonical format: [[namespace/]pod:]file/path"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a b", "one of src or dest must be a remote file specification"),
        ("p:/a q:/b", "one of src or dest must be a local file specification"),
        ("./a:1 p:/b", "one of src or dest must be a local file specification"),
        (":a p:/b", FORMAT),
        ("/tmp/a:1 p:/b", FORMAT),
        ("p: a", "filepath can not be empty"),
        ("nowhere p:/a", "nowhere doesn't exist in local filesystem"),
    ],
)
def test_a_wrong_file_specification_is_refused(sh: lines.Shell, words: str, said: str) -> None:
    assert sh("cp", *words.split()).err == f"error: {said}\n"
