"""Objects as KYAML, to the byte as `kubectl -o kyaml` writes them: YAML's flow style with every string in double quotes.

Follows sigs.k8s.io/yaml/kyaml, without comments, which objects don't have.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.printers import jsons

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS = frozenset(("", "null", "~", "true", "t", "y", "yes", "on", "false", "f", "n", "no", "off", ".inf", "-.inf", "+.inf", ".nan"))
"""Keys that would read back as something else than a string, in any case; `T` and `F` too."""

INFINITE = frozenset(("inf", "infinity", "nan"))
ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\r": "\\r", "\v": "\\v", "\0": "\\0", "\x1b": "\\e", "\x85": "\\N", "\xa0": "\\_",
    "\u2028": "\\L", "\u2029": "\\P", '"': '\\"', "\\": "\\\\", "\t": "\t",
}  # fmt: skip


def dump(value: Any, *, sort: bool = True) -> str:
    """A value as a document that begins with `---` and ends with a newline; `sort=False` keeps the keys as given, as generators do."""
    return f"---\n{_text(_sorted(value) if sort else value, '')}\n"


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _text(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return _lines(value, indent + "  ") if "\n" in value else f'"{_escaped(value)}"'
    if isinstance(value, dict):
        return _mapping(value, indent)
    if isinstance(value, list):
        return _sequence(value, indent)
    return _number(value) if isinstance(value, float) else jsons.compact(value)


def _mapping(value: dict[str, Any], indent: str) -> str:
    if not value:
        return "{}"
    inner = indent + "  "
    entries = (f"{inner}{_key(key)}: {_text(value[key], inner)},\n" for key in value)
    return f"{{\n{''.join(entries)}{indent}}}"


def _sequence(value: list[Any], indent: str) -> str:
    """Items on lines of their own, but objects and lists side by side."""
    if all(isinstance(item, (dict, list)) for item in value):
        return f"[{', '.join(_text(item, indent) for item in value)}]"
    inner = indent + "  "
    return "[\n" + "".join(f"{inner}{_text(item, inner)},\n" for item in value) + f"{indent}]"


def _number(value: float) -> str:
    text = jsons.number(value)
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].zfill(2)}" if e and len(exponent) < 3 and exponent[0] == "+" else text


def _lines(text: str, indent: str) -> str:
    """A text of several lines, each on its own; the backslashes keep the line ends between them out of it."""
    out = ['"\\\n']
    *lines, last = text.split("\n")
    for line in [f"{line}\n" for line in lines] + ([last] if last else []):
        lead = "\\" if line[0].isspace() and line[0] != "\n" else " "
        shown = _escaped(line.removesuffix("\n"))
        out.append(f"{indent}{lead}{shown}{chr(92) + 'n' if line.endswith(chr(10)) else ''}\\\n")
    return "".join([*out, indent, '"'])


def _escaped(text: str) -> str:
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(map(_escape, text))


def _escape(char: str) -> str:
    if char in ESCAPES:
        return ESCAPES[char]
    if char == "\n":
        return "\\n"
    if char.isprintable():
        return char
    code = ord(char)
    if 0x7F <= code <= 0x9F or code in (0xFFFE, 0xFFFF):
        raise errors.CommandError("error decoding: yaml: control characters are not allowed")
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _key(text: str) -> str:
    return text if _is_plain(text) else f'"{_escaped(text)}"'.replace("\t", "\\t")


def _is_plain(text: str) -> bool:
    """Whether a key needs no quotes: letters, digits and `_`, with `-`, `.` and `/` inside, that can't be taken for anything else."""
    if not text.replace("_", "a").replace("-", "a").replace(".", "a").replace("/", "a").isalnum():
        return False
    if text[0] in "-./" or text[-1] in "-./" or text.lower() in WORDS:
        return False
    bare = text.replace("_", "")
    if bare.lower() in INFINITE:
        return False
    return not (bare[:1].isdigit() and (_is_number(bare) or _is_date(text)))


def _is_number(text: str) -> bool:
    try:
        int(text, 0)
    except ValueError:
        pass
    else:
        return True
    try:
        float.fromhex(text) if text[:2] in ("0x", "0X") and "p" in text.lower() else float(text)
    except ValueError:
        return text[:1] == "0" and len(text) > 1 and set(text) <= set("01234567")
    return True


def _is_date(text: str) -> bool:
    year, _, rest = text.partition("-")
    month, dash, day = rest.partition("-")
    return len(year) == 4 and bool(dash) and all(part.isdigit() and 0 < len(part) < 3 for part in (month, day))
