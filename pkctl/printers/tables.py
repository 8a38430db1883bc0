"""A meta.k8s.io/v1 Table, as our API or a real server made it, to the text kubectl prints.

Follows cli-runtime/pkg/printers/tableprinter.go. Knows no kinds; sorting rows and the blank line between kinds are the command's.
"""

from __future__ import annotations

from pkctl.printers import tabwriter, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

EVENT_WIDTH = 8


class Stream:
    """Prints tables of one kind one after the other: headers once, columns never narrower than before."""

    def __init__(
        self,
        *,
        wide: bool = False,
        no_headers: bool = False,
        show_labels: bool = False,
        label_columns: Sequence[str] = (),
        show_namespace: bool = False,
        show_kind: str = "",
    ) -> None:
        """`show_kind` is `kind.group`, put before every name when given; `label_columns` are the labels of `-L`."""
        self._wide, self._headers, self._namespace, self._kind = wide, not no_headers, show_namespace, show_kind.lower()
        self._labels, self._all_labels = tuple(label_columns), show_labels
        self._writer = tabwriter.listing()
        self._columns: Sequence[Mapping[str, Any]] = ()
        self._announced = False

    def text(self, table: Mapping[str, Any], *, event: str = "") -> str:
        """The lines of one table; one without column definitions continues the last; `event` fills an EVENT column in front."""
        columns, rows = table.get("columnDefinitions") or self._columns, table.get("rows") or []
        if columns != self._columns:
            self._columns, self._announced = columns, False
        shown = [number for number, column in enumerate(columns) if self._wide or not column.get("priority")]
        lines = [self._cells(row, shown, event) for row in rows]
        if self._headers and rows and not self._announced:
            lines.insert(0, _padded(self._names(shown, event), lines))
        self._announced = self._announced or bool(rows)
        return self._writer.align("".join("\t".join(map(_shown, line)) + "\n" for line in lines))

    def _names(self, shown: Sequence[int], event: str) -> list[str]:
        front = [*(["Event"] if event else []), *(["Namespace"] if self._namespace else [])]
        back = [label.rpartition("/")[2] for label in self._labels] + (["Labels"] if self._all_labels else [])
        return [name.upper() for name in (*front, *(self._columns[number]["name"] for number in shown), *back)]

    def _cells(self, row: Mapping[str, Any], shown: Sequence[int], event: str) -> list[str]:
        cells, metadata = row.get("cells") or [], (row.get("object") or {}).get("metadata") or {}
        front = [*([event.ljust(EVENT_WIDTH)] if event else []), *([metadata.get("namespace", "")] if self._namespace else [])]
        named = [self._named(number, cells[number]) for number in shown if number < len(cells)]
        back = self._label_cells(metadata.get("labels") or {}) if row.get("object") else [""] * (len(self._labels) + self._all_labels)
        return ["" if cell is None else values.sprint(cell) for cell in (*front, *named, *back)]

    def _named(self, number: int, cell: Any) -> Any:
        column = self._columns[number]
        is_name = column.get("format") == "name" and column.get("type") == "string"
        return f"{self._kind}/{values.sprint(cell)}" if self._kind and is_name else cell

    def _label_cells(self, labels: Mapping[str, str]) -> list[str]:
        cells = [labels.get(label, "") for label in self._labels]
        if self._all_labels:
            cells.append(",".join(f"{key}={labels[key]}" for key in sorted(labels)) or values.NONE)
        return cells


def render(
    table: Mapping[str, Any],
    *,
    wide: bool = False,
    no_headers: bool = False,
    show_labels: bool = False,
    label_columns: Sequence[str] = (),
    show_namespace: bool = False,
    show_kind: str = "",
) -> str:
    """One table by itself; nothing at all when it has no rows."""
    stream = Stream(
        wide=wide,
        no_headers=no_headers,
        show_labels=show_labels,
        label_columns=label_columns,
        show_namespace=show_namespace,
        show_kind=show_kind,
    )
    return stream.text(table)


def _padded(names: list[str], lines: Sequence[list[str]]) -> list[str]:
    """The headers, each but the last as wide as its longest cell in bytes: since 1.37 kubectl sizes columns so, cut cells included."""
    last = len(names) - 1
    widths = [max((len(line[at].encode()) for line in lines if at < len(line)), default=0) for at in range(last)]
    return [*(name.ljust(width) for name, width in zip(names, widths, strict=False)), *names[last:]]


def _shown(cell: str) -> str:
    """A cell cut at its first line end, harmless to a terminal."""
    ends = [at for at in map(cell.find, "\f\n\r") if at >= 0]
    return f"{values.escape(cell[: min(ends)])}..." if ends else values.escape(cell)
