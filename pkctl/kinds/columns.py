"""A column of a kind's table, as the server's TableColumnDefinition carries it."""

from __future__ import annotations


class Column:
    """`name` as the server spells it (`Ready`, `Up-to-date`), `type` and `format` of OpenAPI, priority 1 for wide-only."""

    __slots__ = ("description", "format", "name", "priority", "type")

    def __init__(self, name: str, type: str = "string", *, priority: int = 0, format: str = "", description: str = "") -> None:
        self.name, self.type, self.priority, self.format, self.description = name, type, priority, format, description
