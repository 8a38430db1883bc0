"""Names of environment variables as kubectl itself judges them, more strictly than the API does now."""

from __future__ import annotations

from pkctl.objects import names

FIRST = "_.-"
TEXT = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit"


def wrong(name: str) -> str:
    """What is wrong with a name, "" for nothing."""
    fits = bool(name) and all(letter.isascii() and (letter.isalnum() or letter in FIRST) for letter in name) and not name[0].isdigit()
    if not fits:
        return names.regex_error(TEXT, "[-._a-zA-Z][-._a-zA-Z0-9]*", "my.env-name", "MY_ENV.NAME", "MyEnvName1")
    if name in (".", "..") or name.startswith(".."):
        return f"must not be '{name}'" if name in (".", "..") else "must not start with '..'"
    return ""
