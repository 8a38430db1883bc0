"""`config`'s certificates and keys: base64 as Go reads and writes it."""

from __future__ import annotations

import pathlib

from tests.unit.cli import lines

PROPERTY = "clusters.c.certificate-authority-data"


def test_line_breaks_within_base64_are_left_out(file_sh: lines.Sh, tmp_path: pathlib.Path) -> None:
    place = str(tmp_path / "config")
    file_sh("config", "set", PROPERTY, "YWJj\nZGVm\n", KUBECONFIG=place)
    assert "certificate-authority-data: YWJjZGVm\n" in (tmp_path / "config").read_text()


def test_line_breaks_of_a_file_are_left_out_when_it_is_shown(file_sh: lines.Sh, tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text('clusters: [{name: c, cluster: {certificate-authority-data: "YWJj\\nZGVm\\n"}}]\n')
    assert "data: YWJjZGVm\n" in file_sh("config", "view", "--raw", KUBECONFIG=str(tmp_path / "config")).out
