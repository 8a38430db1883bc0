"""The functions that Kubernetes adds to CEL, as an extension of the library: lists, regular expressions, URLs, quantities and, from
their own modules, addresses, versions, formats and authorization.

Follows apiserver/pkg/cel/library. What a function makes (a quantity, an address) is a map when a program runs, told apart by its key;
to the checker it is a type of its own.
"""

from __future__ import annotations

from pkctl.kinds import celaddresses, celauthorizing, celformats, celtexts, celversions, patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Rows = tuple[tuple[str, str, Any], ...]

ESCAPE_KEY = "jsonpatch.escapeKey"
QUANTITY, URL = "kubernetes.Quantity", "kubernetes.URL"
OPAQUE = {
    "q": QUANTITY, "u": URL, "a": celaddresses.ADDRESS, "c": celaddresses.NETWORK, "v": celversions.VERSION, "n": celformats.FORMAT,
    "A": celauthorizing.AUTHORIZER, "P": celauthorizing.PATH, "G": celauthorizing.GROUP, "R": celauthorizing.RESOURCE,
    "C": celauthorizing.DECISION,
}  # fmt: skip
"""The letters of types that are the functions' own."""

SIMPLE = {"b": "bool", "i": "int", "f": "double", "s": "string", "m": "map<string, dyn>", "l": "list<dyn>", "d": "dyn",
          "M": "map<dyn, dyn>",
          "S": "list<string>", "N": "list<list<string>>", "L": f"list<{celformats.FORMAT}>", "Q": "map<string, list<string>>"}  # fmt: skip
ORDERED = ("int", "uint", "double", "string", "bool", "bytes", "timestamp", "duration")
SUMMED = ("int", "uint", "double", "duration")
COMPARED = ("_<_", "_<=_", "_>_", "_>=_")
NUMBERS = ("int", "uint", "double")


def extension(cel: Any, *, is_checking: bool) -> Any:
    """Every function, as an extension of the library `cel`: for the checker with exact types, for programs with what there is to run."""
    rows = (*FUNCTIONS, *celaddresses.FUNCTIONS, *celversions.FUNCTIONS, *celformats.FUNCTIONS, *celauthorizing.FUNCTIONS)
    overloads: dict[str, dict[str, Any]] = {}
    for name, form, function in rows:
        if not is_checking:
            form = "".join("m" if letter in OPAQUE else "l" if letter == "L" else letter for letter in form)
        elif name in (".sum", ".min", ".max", f".{celtexts.JOINED}"):
            continue
        taken, _, given = form.partition(">")
        made = _overload(cel, name, [_type(letter) for letter in taken], _type(given), function)
        overloads.setdefault(name.lstrip("."), {}).setdefault(f"{name[:1] == '.'}{taken}", made)
    if is_checking:
        _add_checked(cel, overloads)
    return cel.CelExtension("kubernetes", [cel.FunctionDecl(name, list(made.values())) for name, made in overloads.items()])


def _type(letter: str) -> str:
    return OPAQUE.get(letter) or SIMPLE[letter]


def _overload(cel: Any, name: str, taken: list[str], given: str, function: Any) -> Any:
    is_member = name.startswith(".")
    made = f"kubernetes {name} {' '.join(taken)}"
    return cel.Overload(made, cel.Type(given), [cel.Type(each) for each in taken], is_member, function)


def _add_checked(cel: Any, overloads: dict[str, dict[str, Any]]) -> None:
    """What the checker knows more exactly than programs need: the items of lists, and numbers of different types to compare."""
    for name, kinds in ((".sum", SUMMED), (".min", ORDERED), (".max", ORDERED)):
        made = {kind: _overload(cel, name, [f"list<{kind}>"], kind, None) for kind in kinds}
        overloads[name.lstrip(".")] = made
    for name in COMPARED:
        pairs = [(one, other) for one in NUMBERS for other in NUMBERS if one != other]
        overloads[name] = {f"{one} {other}": _overload(cel, name, [one, other], "bool", None) for one, other in pairs}


def _pattern(text: str) -> Any:
    found = patterns.compiled_or_none(text)
    if found is None:
        raise ValueError(f"Illegal regex: {patterns.problem(text) or 'not supported by pkctl'}")
    return found


def _find(text: str, pattern: str) -> str:
    match = _pattern(pattern).search(text)
    return str(match.group()) if match else ""


def _find_all(text: str, pattern: str, most: int = -1) -> list[str]:
    found = [match.group() for match in _pattern(pattern).finditer(text)]
    return found if most < 0 else found[:most]


def _is_sorted(items: list[Any]) -> bool:
    from itertools import pairwise

    return all(one <= other for one, other in pairwise(items))


def _sum(items: list[Any]) -> Any:
    from datetime import timedelta

    return sum(items, timedelta()) if items and isinstance(items[0], timedelta) else sum(items)


def _least(items: list[Any]) -> Any:
    if not items:
        raise ValueError("min called on empty list")
    return min(items)


def _most(items: list[Any]) -> Any:
    if not items:
        raise ValueError("max called on empty list")
    return max(items)


def _index(items: list[Any], item: Any) -> int:
    return items.index(item) if item in items else -1


def _last_index(items: list[Any], item: Any) -> int:
    return len(items) - 1 - items[::-1].index(item) if item in items else -1


def _quantity(text: str) -> dict[str, str]:
    """By its amount alone, since equal amounts are equal quantities however they are written."""
    from pkctl.objects import quantities

    try:
        return {QUANTITY: str(quantities.parse(text))}
    except quantities.QuantityError as error:
        raise ValueError(str(error)) from None


def _is_quantity(text: str) -> bool:
    from pkctl.objects import quantities

    try:
        quantities.parse(text)
    except quantities.QuantityError:
        return False
    return True


def _amount(quantity: Any) -> Any:
    from fractions import Fraction

    return Fraction(quantity[QUANTITY])


def _compare(one: Any, other: Any) -> int:
    """Quantities or versions: when a program runs both are maps."""
    if celversions.VERSION in one:
        return celversions.compare(one, other)
    mine, theirs = _amount(one), _amount(other)
    return int(mine > theirs) - int(mine < theirs)


def _plus(one: Any, other: Any, sign: int) -> dict[str, str]:
    amount = _amount(other) if isinstance(other, dict) else other
    return {QUANTITY: str(_amount(one) + sign * amount)}


def _as_integer(quantity: Any) -> int:
    amount = _amount(quantity)
    if amount.denominator != 1:
        raise ValueError("cannot convert value to integer")
    return int(amount)


def _url(text: str) -> dict[str, str]:
    if not _is_url(text):
        raise ValueError(f'URL parse error during conversion from string: parse "{text}": invalid URI for request')
    return {URL: text}


def _is_url(text: str) -> bool:
    from pkctl.kinds import customformats

    return customformats.is_valid("uri", text)


def _part(name: str) -> Any:
    def read(url: Any) -> Any:
        from urllib.parse import parse_qs, urlsplit

        split = urlsplit(url[URL])
        host = split.netloc.rpartition("@")[2]
        found = {"scheme": split.scheme, "host": host, "hostname": split.hostname or "", "path": split.path}
        if name == "query":
            return parse_qs(split.query, keep_blank_values=True)
        return str(split.port or "") if name == "port" else found[name]

    return read


def _joined(parts: list[Any]) -> dict[Any, Any]:
    """A map of pairs, or of maps; what a key says twice is an error."""
    pairs = [pair for part in parts for pair in (part.items() if isinstance(part, dict) else (part,))]
    made: dict[Any, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"insert failed: key {key} already exists")
        made[key] = value
    return made


FUNCTIONS: Rows = (
    (f".{celtexts.JOINED}", "l>M", _joined),
    (".isSorted", "l>b", _is_sorted),
    (".sum", "l>d", _sum),
    (".min", "l>d", _least),
    (".max", "l>d", _most),
    (".indexOf", "ld>i", _index),
    (".lastIndexOf", "ld>i", _last_index),
    (".find", "ss>s", _find),
    (".findAll", "ss>S", _find_all),
    (".findAll", "ssi>S", _find_all),
    ("quantity", "s>q", _quantity),
    ("isQuantity", "s>b", _is_quantity),
    (".sign", "q>i", lambda one: (_amount(one) > 0) - (_amount(one) < 0)),
    (".isInteger", "q>b", lambda one: _amount(one).denominator == 1),
    (".asInteger", "q>i", _as_integer),
    (".asApproximateFloat", "q>f", lambda one: float(_amount(one))),
    (".isGreaterThan", "qq>b", lambda one, other: _compare(one, other) > 0),
    (".isLessThan", "qq>b", lambda one, other: _compare(one, other) < 0),
    (".compareTo", "qq>i", _compare),
    (".isGreaterThan", "vv>b", lambda one, other: _compare(one, other) > 0),
    (".isLessThan", "vv>b", lambda one, other: _compare(one, other) < 0),
    (".compareTo", "vv>i", _compare),
    (".add", "qq>q", lambda one, other: _plus(one, other, 1)),
    (".add", "qi>q", lambda one, other: _plus(one, other, 1)),
    (".sub", "qq>q", lambda one, other: _plus(one, other, -1)),
    (".sub", "qi>q", lambda one, other: _plus(one, other, -1)),
    (ESCAPE_KEY, "s>s", lambda text: text.replace("~", "~0").replace("/", "~1")),
    ("url", "s>u", _url),
    ("isURL", "s>b", _is_url),
    (".getScheme", "u>s", _part("scheme")),
    (".getHost", "u>s", _part("host")),
    (".getHostname", "u>s", _part("hostname")),
    (".getPort", "u>s", _part("port")),
    (".getEscapedPath", "u>s", _part("path")),
    (".getQuery", "u>Q", _part("query")),
)
"""(name, with a dot for a function on its first argument; argument types `>` result type, a letter each; what it does)."""
