"""CEL expressions as text: their tokens, the paths they name, places in them, and what went wrong in cel-go's words.

Not here: what an expression means (`customcel`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Token = tuple[str, int]
    Path = tuple[str, int, list[Token]]

TOKEN = (
    r"""//[^\n]*|[rRbB]{0,2}(?:\"{3}(?:.|\n)*?\"{3}|'{3}(?:.|\n)*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|[A-Za-z_]\w*|\d[\w.]*|\.\??|\S"""
)
OPENING, CLOSING = "([{", ")]}"
JOINED = "joinedMap"
"""The function of ours that makes one map of pairs or of maps."""

OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run"
WORDS = (
    (r'Key not found in map.*: "?(.*?)"?', r"no such key: \1"),
    (r"No matching overloads found.*|Applying SELECT to non-message type", "no such overload"),
    (r".*budget exceeded.*", OUT_OF_BUDGET),
    (r"divide by zero", "division by zero"),
    (r"Index error: index=(-?\d+) size=\d+", r"index out of bounds: \1"),
    (r"cannot convert (\w+) to (\w+)|Type conversion error from '(\w+)' to '(\w+)'", r"type conversion error from '\1\3' to '\2\4'"),
    (r"String to (Timestamp|Duration) conversion failed", r"type conversion error from 'string' to 'google.protobuf.\1'"),
    (r"double out of int64 range", "integer overflow"),
)
"""What the library says of a failure, as a pattern, and what cel-go says."""


def tokens(text: str) -> list[Token]:
    """Each token and where it stands; comments are left out, strings are one token."""
    import re

    return [(match.group(), match.start()) for match in re.finditer(TOKEN, text) if not match.group().startswith("//")]


def paths(text: str) -> list[Path]:
    """Each path of an expression: its first identifier, where it stands, and the fields selected on it, each with its dot's place."""
    found: list[Path] = []
    all_tokens = tokens(text)
    for at, (word, start) in enumerate(all_tokens):
        if not word.isidentifier() or (at and all_tokens[at - 1][0] in (".", ".?")):
            continue
        fields, next_at = [], at + 1
        while next_at + 1 < len(all_tokens) and all_tokens[next_at][0] in (".", ".?") and all_tokens[next_at + 1][0].isidentifier():
            if next_at + 2 < len(all_tokens) and all_tokens[next_at + 2][0] == "(":
                break
            fields.append((all_tokens[next_at + 1][0], all_tokens[next_at][1]))
            next_at += 2
        found.append((word, start, fields))
    return found


def words(text: str) -> frozenset[str]:
    """The identifiers that start a path."""
    return frozenset(word for word, _, _ in paths(text))


def closing(all_tokens: Sequence[Token], opening: int) -> int:
    """The number of the token that closes the bracket at `opening`; -1 when none does."""
    depth = 0
    for number in range(opening, len(all_tokens)):
        word = all_tokens[number][0]
        depth += (word in OPENING) - (word in CLOSING)
        if depth == 0:
            return number
    return -1


def with_optionals(text: str) -> str:
    """Calls of functions that give an optional, indexed so: the library lets functions of ours only give lists."""
    if "format." not in text:
        return text
    found, places = tokens(text), []
    for at in range(len(found) - 3):
        is_call = [word for word, _ in found[at : at + 4]]
        if is_call[:3] == [".", "validate", "("]:
            places.append(closing(found, at + 2))
        elif is_call == ["format", ".", "named", "("]:
            places.append(closing(found, at + 3))
    for place in sorted((each for each in places if each >= 0), reverse=True):
        end = found[place][1] + 1
        text = f"{text[:end]}[?0]{text[end:]}"
    return text


def with_maps(text: str) -> str:
    """An expression whose maps are put together by a function of ours, since the library declares one for it but has none to run."""
    while "transformMap" in text:
        found = tokens(text)
        at = max((number for number, (word, _) in enumerate(found) if word in ("transformMap", "transformMapEntry")), default=0)
        end = closing(found, at + 1) if at and found[at - 1][0] == "." and found[at + 1 : at + 2] else -1
        if end < 0:
            return text
        last = max(number for number in range(at + 1, end) if _depth(found, at + 1, number) == 1 and found[number][0] in (",", "("))
        body = text[found[last][1] + 1 : found[end][1]]
        if found[at][0] == "transformMap":
            body = f"[{found[at + 2][0]}, {body}]"
        head = f"{text[: found[at][1]]}transformList{text[found[at][1] + len(found[at][0]) : found[last][1] + 1]}"
        text = f"{head}{body}).{JOINED}(){text[found[end][1] + 1 :]}"
    return text


def _depth(all_tokens: Sequence[Token], opening: int, at: int) -> int:
    inside = [word for word, _ in all_tokens[opening : at + 1]]
    return sum((word in OPENING) - (word in CLOSING) for word in inside)


def with_objects(text: str) -> str:
    """An expression that makes an `Object` or a `JSONPatch`, with maps in their place: to the library they are no types."""
    found, out, at = tokens(text), [], 0
    opened: list[bool] = []
    for number, (word, start) in enumerate(found):
        if word in ("Object", "JSONPatch") and (number == 0 or found[number - 1][0] not in (".", ".?")):
            end = _type_end(found, number)
            if end >= 0:
                out.append(text[at:start])
                at = found[end][1]
                opened.append(True)
                continue
        before = found[number - 1][0] if number else ""
        before = found[number - 2][0] if before == "?" and number > 1 else before
        if word == "{" and not (opened and at == start and opened[-1]):
            opened.append(False)
        elif word == "}" and opened:
            opened.pop()
        elif word.isidentifier() and opened and opened[-1] and before in ("{", ",") and _is_key(found, number):
            out += [text[at:start], f'"{word}"']
            at = start + len(word)
    return "".join(out) + text[at:]


def _type_end(all_tokens: Sequence[Token], start: int) -> int:
    """The number of the brace that follows a type's name; -1 when none does."""
    at = start + 1
    while at + 1 < len(all_tokens) and all_tokens[at][0] == "." and all_tokens[at + 1][0].isidentifier():
        at += 2
    return at if at < len(all_tokens) and all_tokens[at][0] == "{" else -1


def _is_key(all_tokens: Sequence[Token], at: int) -> bool:
    """Whether a colon follows a token, and the nearest bracket that is still open before it is a brace."""
    if at + 1 >= len(all_tokens) or all_tokens[at + 1][0] != ":":
        return False
    depth = 0
    for word, _ in reversed(all_tokens[:at]):
        depth += (word in CLOSING) - (word in OPENING)
        if depth < 0:
            return word == "{"
    return False


def pointed(text: str, at: int, problem: str) -> str:
    """A compiler's message, with the line and the place in it."""
    before = text[:at]
    line = (text.splitlines() or [""])[before.count("\n")]
    column = at - (before.rfind("\n") + 1)
    return f"ERROR: <input>:{before.count(chr(10)) + 1}:{column + 1}: {problem}\n | {line}\n | {'.' * column}^"


def message(raised: str, text: str, lines_before: int = 0) -> str:
    """What the library says of an expression as cel-go says it; `lines_before` were put in front of the expression to compile it."""
    import re

    parts = re.split(r"(?m)^ERROR: <input>:", raised.removeprefix("INVALID_ARGUMENT: ").removesuffix(" [INVALID_ARGUMENT]"))[1:]
    shown = []
    for part in parts:
        where = re.match(r"(\d+):(\d+): ([^\n]*)", part)
        if where is None or "*error*" in where[3]:
            continue
        line = int(where[1]) - lines_before
        start = sum(len(each) for each in text.splitlines(keepends=True)[: line - 1]) + int(where[2]) - 1
        shown.append(_worded(text, start, where[3]))
    return "\n".join(dict.fromkeys(shown)) or raised.strip()


def _worded(text: str, at: int, problem: str) -> str:
    """One message; of a path that starts with nothing known, only its start is blamed."""
    import re

    problem = re.sub(r" not found in struct '[^']*'", "", problem.replace("__dot_", "."))
    unknown = re.match(r"undeclared reference to '(\w+)\.", problem)
    if unknown is not None:
        starts = [start for word, start, fields in paths(text) if word == unknown[1] and start <= at]
        at = starts[-1] if starts else at
        problem = f"undeclared reference to '{unknown[1]}' (in container '')"
    return pointed(text, min(at, len(text)), problem)


def failure(text: str) -> str:
    """A failure of evaluation in cel-go's words."""
    import re

    code, _, rest = text.partition(": ")
    rest = rest.removesuffix(f" [{code}]") or code
    for pattern, words in WORDS:
        if found := re.fullmatch(pattern, rest, re.DOTALL):
            return found.expand(words)
    return rest
