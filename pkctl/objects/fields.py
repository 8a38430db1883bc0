"""Validation problems: a field path, the API's reason, and the text in one of Kubernetes' phrases.

Follows apimachinery/pkg/util/validation/field/errors.go.
"""

from __future__ import annotations

from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

OMIT = object()
"""A bad value that the phrase does not show."""


class Problem:
    """One thing wrong with an object; `str()` is `FIELD: MESSAGE`."""

    __slots__ = ("field", "message", "reason")

    def __init__(self, field: str, reason: str, message: str) -> None:
        self.field, self.reason, self.message = field, reason, message

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"

    def __repr__(self) -> str:
        return f"Problem({str(self)!r})"

    def cause(self) -> dict[str, str]:
        """The `details.causes` entry of a Status."""
        return {"reason": self.reason, "message": self.message, "field": self.field}


def shown(value: Any) -> str:
    """A bad value as Go prints it: strings quoted, containers as compact JSON, null for nothing."""
    if isinstance(value, str):
        return quoted(value)
    return texts.escaped(texts.dumps(value, sort=isinstance(value, dict)))


def quoted(text: str) -> str:
    """A string as Go's %q writes it."""
    return texts.quoted(text)


def _with(phrase: str, detail: str) -> str:
    return f"{phrase}: {detail}" if detail else phrase


def required(field: str, detail: str = "") -> Problem:
    """`Required value`."""
    return Problem(field, "FieldValueRequired", _with("Required value", detail))


def invalid(field: str, value: Any, detail: str) -> Problem:
    """`Invalid value: VALUE: DETAIL`."""
    phrase = "Invalid value" if value is OMIT else f"Invalid value: {shown(value)}"
    return Problem(field, "FieldValueInvalid", _with(phrase, detail))


def type_invalid(field: str, value: Any, detail: str) -> Problem:
    """As `invalid`, for a value of the wrong type."""
    return Problem(field, "FieldValueTypeInvalid", _with(f"Invalid value: {shown(value)}", detail))


def unsupported(field: str, value: Any, allowed: Iterable[str]) -> Problem:
    """`Unsupported value: VALUE: supported values: "A", "B"`, in the order given."""
    choices = ", ".join(quoted(choice) for choice in allowed)
    return Problem(
        field, "FieldValueNotSupported", _with(f"Unsupported value: {shown(value)}", f"supported values: {choices}" if choices else "")
    )


def duplicate(field: str, value: Any) -> Problem:
    """`Duplicate value: VALUE`."""
    return Problem(field, "FieldValueDuplicate", f"Duplicate value: {shown(value)}")


def forbidden(field: str, detail: str) -> Problem:
    """`Forbidden: DETAIL`."""
    return Problem(field, "FieldValueForbidden", f"Forbidden: {detail}")


def not_found(field: str, value: Any) -> Problem:
    """`Not found: VALUE`."""
    return Problem(field, "FieldValueNotFound", f"Not found: {shown(value)}")


def too_long(field: str, most: int) -> Problem:
    """`Too long: may not be more than N bytes`."""
    return Problem(field, "FieldValueTooLong", f"Too long: may not be more than {most} bytes")


def too_many(field: str, actual: int, most: int) -> Problem:
    """`Too many: N: must have at most M items`."""
    return Problem(field, "FieldValueTooMany", f"Too many: {actual}: must have at most {most} item{'' if most == 1 else 's'}")
