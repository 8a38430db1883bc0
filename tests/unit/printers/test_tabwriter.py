"""Go's tab writer, with the settings kubectl gives it."""

from __future__ import annotations

import pytest

from pkctl.printers import tabwriter

DESCRIBED = [
    ("Name:\tweb\nNamespace:\tdefault\n", "Name:       web\nNamespace:  default\n"),
    ("Name:\tweb\nLabels:\tapp=web\n\ttier=front\n", "Name:    web\nLabels:  app=web\n         tier=front\n"),
    ("A:\t1\nEvents:\nLong header:\t2\n", "A:  1\nEvents:\nLong header:  2\n"),
    ("A:\t1\n\nLong header:\t2\n", "A:  1\n\nLong header:  2\n"),
    ("a\tb\tc\nlong\tx\naa\tbbb\tcc\n", "a     b  c\nlong  x\naa    bbb  cc\n"),
    ("a\tb\tc\n", "a  b  c\n"),
    ("a\t\n", "a  \n"),
    ("\t\t\n", "    \n"),
    ("no tab", "no tab"),
    ("a\tunfinished", "a  unfinished"),
    ("", ""),
    ("\n\n", "\n\n"),
    ("ü\t1\nab\t2\n", "ü   1\nab  2\n"),
    ("a\vb\fcc\vd\n", "a   b\ncc  d\n"),
]


@pytest.mark.parametrize(("text", "aligned"), DESCRIBED)
def test_describing_pads_two_beyond_the_widest(text: str, aligned: str) -> None:
    assert tabwriter.describing().align(text) == aligned


def test_listing_has_a_least_width_of_six_and_pads_three() -> None:
    assert tabwriter.listing().align("A\tB\na\tb\n") == "A     B\na     b\n"
    assert tabwriter.listing().align("NAME\tB\na\tb\n") == "NAME   B\na      b\n"


def test_listing_remembers_its_widths() -> None:
    writer = tabwriter.listing()
    writer.align("a-long-name\tx\ty\n")
    assert writer.align("a\tb\tc\n") == "a             b     c\n"


def test_widths_can_be_forgotten() -> None:
    writer = tabwriter.listing()
    writer.align("a-long-name\tx\n")
    writer.widths.clear()
    assert writer.align("a\tb\n") == "a     b\n"
