"""What a request may carry beside its object: write options, and what to list or watch."""

from __future__ import annotations

TRUSTED = "Trusted"
"""In place of a validation: the object is made of what the API gave out, by code of ours, and need not be read field by field."""


class Options:
    """What a request may carry beside its object; the names are the API's query parameters and DeleteOptions."""

    __slots__ = (
        "dry_run", "field_manager", "force", "grace", "orphan", "preconditions", "propagation", "subresource", "validation",
    )  # fmt: skip

    def __init__(
        self,
        *,
        dry_run: bool = False,
        field_manager: str = "pkctl",
        validation: str = "Strict",
        subresource: str = "",
        force: bool = False,
        grace: int | None = None,
        propagation: str = "",
        preconditions: dict[str, str] | None = None,
    ) -> None:
        self.dry_run, self.field_manager, self.validation, self.subresource = dry_run, field_manager, validation, subresource
        self.force, self.grace, self.propagation, self.preconditions = force, grace, propagation, preconditions or {}


class Query:
    """What to list or watch: selectors as their users write them, paging, and the revision to start from.

    `initial` is sendInitialEvents: whether a watch begins with what is there; None leaves it to the revision.
    """

    __slots__ = ("continue_", "fields", "include_object", "initial", "labels", "limit", "match", "revision")

    def __init__(
        self,
        *,
        labels: str = "",
        fields: str = "",
        limit: int = 0,
        continue_: str = "",
        revision: str = "",
        match: str = "",
        include_object: str = "Metadata",
        initial: bool | None = None,
    ) -> None:
        self.labels, self.fields, self.limit, self.continue_ = labels, fields, limit, continue_
        self.revision, self.match, self.include_object, self.initial = revision, match, include_object, initial
