"""Go's ways of writing values into messages, and the errors of this package."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class KustomizeError(errors.CommandError):
    """A kustomization that can't be built; the text is kustomize's own."""

    def under(self, prefix: str) -> KustomizeError:
        """The same error, told from one level further out."""
        return type(self)(f"{prefix}: {self}")


class Malformed(KustomizeError):
    """A file whose text is no YAML: told rather than why no directory of that name could be built."""


class Clashing(errors.CommandError):
    """Keys that stand twice in a mapping: told as it is, wherever the text was read."""

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__("\n  ".join(("map[string]interface {}(nil): yaml: unmarshal errors:", *found)))


class Undelivered(KustomizeError):
    """A URL that names no repository and holds nothing: then no directory of that name is looked for."""


def listed(words: Sequence[str]) -> str:
    """A list of strings as %v shows it."""
    return f"[{' '.join(words)}]"


def quoted(text: str) -> str:
    """A string as %q shows it."""
    import json

    return json.dumps(text, ensure_ascii=False)


def flow(value: Any) -> str:
    """A value on one line, as YAML's flow style has it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return config(value).strip()


def config(value: Any) -> str:
    """A part of a kustomization as YAML, without what is empty."""
    from pkctl.printers import yamls

    return yamls.dump(full(value))


def full(value: Any) -> Any:
    """A value without its empty parts."""
    if not isinstance(value, dict):
        return value
    return {key: full(each) for key, each in value.items() if each not in (None, "", [], {})}
