"""Names of images."""

from __future__ import annotations

import pytest

from pkctl import errors
from pkctl.runtime import images


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("web", "docker.io/library/web:latest"),
        ("web:1", "docker.io/library/web:1"),
        ("me/web", "docker.io/me/web:latest"),
        ("localhost/web:1", "localhost/web:1"),
        ("reg.io/web", "reg.io/web:latest"),
        ("reg:5000/web", "reg:5000/web:latest"),
        ("web@sha256:" + "a" * 64, "docker.io/library/web@sha256:" + "a" * 64),
    ],
)
def test_short_names_are_dockers(name, full):
    assert images.normal(name) == full


@pytest.mark.parametrize("name", ["", "WEB", "web:", "web:a:b", "a//b", "web@x", "-web", "we b"])
def test_impossible_names_are_refused(name):
    with pytest.raises(errors.NodeError) as caught:
        images.check(name)
    assert caught.value.kind == "InvalidImageName"
    assert "invalid reference format" in caught.value.message


@pytest.mark.parametrize("name", ["web", "reg.io:5000/a/b_c/d-e:v1.2", "web:1@sha256:" + "a" * 64])
def test_possible_names_pass(name):
    images.check(name)
