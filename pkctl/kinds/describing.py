"""The layout of `kubectl describe`: lines of tab-separated cells, labels, annotations, conditions, events; and the generic describer.

What a kind says of itself is in its room. Follows kubectl/pkg/describe/describe.go.
"""

from __future__ import annotations

import time

from pkctl.objects import meta, quantities, times
from pkctl.printers import tabwriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Protocol
else:
    Protocol = object

NONE, UNSET = "<none>", "<unset>"
LONGEST_ANNOTATION = 140
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ACRONYMS = frozenset({"API", "URL", "UID", "OSB", "GUID"})
SHORT_RUN = 2
ESCAPES = str.maketrans({"\x1b": "^[", "\r": "\\r"})
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Reader(Protocol):
    """What a describer may ask of the cluster beside the object itself. Objects given are read-only."""

    now: float
    """Epoch seconds, for ages."""

    def get(self, kind: str, namespace: str, name: str) -> meta.Object | None:
        """The object of a kind id, or None."""

    def events(self, obj: meta.Object) -> list[meta.Object] | None:
        """The core events about an object; None when the user asked for none to be shown."""

    def list(self, kind: str, namespace: str | None = None) -> list[meta.Object]:
        """All objects of a kind id in a namespace, or (None) in all, by key."""


class Page:
    """A description in the making. Levels are two spaces each; cells are separated by tabs and aligned by `text`."""

    def __init__(self, parts: list[str] | None = None, indent: int = 0) -> None:
        self._parts = [] if parts is None else parts
        self._indent = indent

    def nested(self, indent: int) -> Page:
        """The same page, every text put some levels deeper."""
        return Page(self._parts, self._indent + indent)

    def put(self, text: str, level: int = 0) -> None:
        """Text without an end of line."""
        self._parts.append("  " * (level + self._indent) + text.translate(ESCAPES))

    def line(self, *cells: object, level: int = 0) -> None:
        """One line of cells."""
        self.put("\t".join(map(str, cells)) + "\n", level)

    def field(self, label: str, value: object, level: int = 0) -> None:
        """`Label:  value`."""
        self.line(f"{label}:", value, level=level)

    def rows(self, titles: Sequence[str], rows: Iterable[Sequence[object]], level: int = 1, rules: Sequence[str] = ()) -> None:
        """A table: titles, their underlines (of the titles' lengths unless given), rows."""
        self.line(*titles, level=level)
        self.line(*(rules or ["-" * len(title) for title in titles]), level=level)
        for row in rows:
            self.line(*row, level=level)

    def raw(self) -> str:
        """Everything put, its columns parted by tabs."""
        return "".join(self._parts)

    def text(self) -> str:
        """Everything put, aligned as text/tabwriter does with a padding of two."""
        return tabwriter.describing().align(self.raw())


def begin(obj: meta.Object, *, namespace: bool = True) -> Page:
    """A page that starts with the name, namespace, labels and annotations of an object."""
    page = Page()
    page.field("Name", meta.name(obj))
    if namespace:
        page.field("Namespace", meta.namespace(obj))
    labels(page, "Labels", meta.labels(obj))
    annotated(page, "Annotations", meta.annotations(obj))
    return page


def end(page: Page, obj: meta.Object, reader: Reader) -> str:
    """The page's text, closed with the object's events."""
    events(page, reader.events(obj), reader.now)
    return page.text()


def column(page: Page, lead: str, lines: Sequence[str], indent: str = "") -> None:
    """`lead:` and then lines below each other in the second column, `<none>` for no line."""
    page.put(f"{lead}:\t")
    for number, line in enumerate(lines or [NONE]):
        if number:
            page.put(indent)
            page.put("\t")
        page.put(f"{line}\n")


def labels(page: Page, title: str, mapping: Mapping[str, str], indent: str = "") -> None:
    """`key=value` lines, sorted."""
    column(page, f"{indent}{title}", [f"{key}={mapping[key]}" for key in sorted(mapping)], indent)


def annotated(page: Page, title: str, mapping: Mapping[str, str]) -> None:
    """`key: value` lines, sorted; a long or many-lined value starts below its key; kubectl's own annotation stays hidden."""
    lines: list[str] = []
    for key in sorted(set(mapping) - {LAST_APPLIED}):
        value = mapping[key].removesuffix("\n")
        if len(key.encode()) + len(value.encode()) + 2 > LONGEST_ANNOTATION or "\n" in value:
            lines += [f"{key}:", *(f"  {_shortened(line)}" for line in value.split("\n"))]
        else:
            lines.append(f"{key}: {value}")
    column(page, title, lines)


def _shortened(text: str) -> str:
    raw, most = text.encode(), LONGEST_ANNOTATION - 2
    return text if len(raw) <= most else raw[:most].decode(errors="replace") + "..."


def joined(mapping: Mapping[str, str] | None) -> str:
    """`a=b,c=d`, or `<none>`."""
    return ",".join(f"{key}={value}" for key, value in sorted((mapping or {}).items())) or NONE


def moment(text: str | None) -> str:
    """A time in RFC 1123 with the local zone's offset; the year 1 for none, as Go's zero time."""
    if not text:
        return "Mon, 01 Jan 0001 00:00:00 +0000"
    local = time.localtime(int(times.parse(text) // 1))
    clock = f"{local.tm_hour:02}:{local.tm_min:02}:{local.tm_sec:02}"
    return f"{DAYS[local.tm_wday]}, {local.tm_mday:02} {MONTHS[local.tm_mon - 1]} {local.tm_year:04} {clock} {time.strftime('%z', local)}"


def go_time(text: str | None) -> str:
    """A time as Go's own String prints it, in the local zone."""
    if not text:
        return "0001-01-01 00:00:00 +0000 UTC"
    local = time.localtime(int(times.parse(text) // 1))
    return f"{time.strftime('%Y-%m-%d %H:%M:%S %z', local)} {local.tm_zone}"


def go(value: Any) -> str:
    """A JSON value as Go's %v prints it."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(map(go, value))}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go(value[key])}' for key in sorted(value))}]"
    return str(value)


def truth(value: bool | None) -> str:
    """`True`, `False`, or `<unset>`."""
    return UNSET if value is None else str(bool(value))


def quantity(value: Any) -> str:
    """A quantity as Go prints it, 0 for none."""
    return "0" if value in (None, "") else quantities.canonical(str(value))


def controlled_by(page: Page, obj: meta.Object) -> None:
    """`Controlled By: ReplicaSet/web`, when somebody does."""
    for owner in meta.at(obj, "metadata", "ownerReferences", default=()):
        if owner.get("controller"):
            page.field("Controlled By", f"{owner['kind']}/{owner['name']}")
            return


def phase(page: Page, obj: meta.Object, now: float) -> None:
    """The Status line of a kind whose deletion may last."""
    deleted = meta.at(obj, "metadata", "deletionTimestamp")
    page.field("Status", f"Terminating (lasts {times.since(deleted, now)})" if deleted else meta.at(obj, "status", "phase", default=""))


def conditions(
    page: Page,
    obj: meta.Object,
    titles: Sequence[str] = ("Type", "Status", "Reason"),
    *,
    gap: Sequence[str] = ("Type",),
    rules: Sequence[str] = (),
) -> None:
    """The status conditions as a table, nothing when there are none; `gap` names the columns printed with a blank behind them."""
    found = meta.at(obj, "status", "conditions", default=())
    if not found:
        return
    page.line("Conditions:")
    page.rows(titles, ([_condition_cell(each, title) + " " * (title in gap) for title in titles] for each in found), rules=rules)


def _condition_cell(condition: Mapping[str, Any], title: str) -> str:
    value = condition.get(title[0].lower() + title[1:], "")
    return moment(value) if title.endswith("Time") else str(value)


def events(page: Page, found: Sequence[meta.Object] | None, now: float) -> None:
    """The Events section by last timestamp, those without one first; nothing when None."""
    if found is None:
        return
    if not found:
        page.field("Events", NONE)
        return
    page.line("Events:")
    rows = [
        (event.get("type", ""), event.get("reason", ""), _interval(event, now), _reporter(event), event.get("message", "").strip())
        for event in sorted(found, key=_last_seen)
    ]
    page.rows(("Type", "Reason", "Age", "From", "Message"), rows, rules=("----", "------", "----", "----", "-------"))


def _reporter(event: meta.Object) -> str:
    return str(meta.at(event, "source", "component") or event.get("reportingComponent", ""))


def _last_seen(event: meta.Object) -> float:
    stamp = event.get("lastTimestamp")
    return times.parse(stamp) if stamp else 0.0


def _interval(event: meta.Object, now: float) -> str:
    first = times.since(event.get("eventTime") or event.get("firstTimestamp") or "", now)
    series = event.get("series")
    if series:
        return f"{times.since(series.get('lastObservedTime') or '', now)} (x{series.get('count', 0)} over {first})"
    if event.get("count", 0) > 1:
        return f"{times.since(event.get('lastTimestamp') or '', now)} (x{event['count']} over {first})"
    return first


def generic(obj: meta.Object, reader: Reader) -> str:
    """Any object, by its field names: for kinds without a describer and custom resources."""
    page = begin(obj)
    shown = {key: value for key, value in obj.items() if key != "metadata"}
    hidden = ("managedFields", "name", "namespace", "labels", "annotations")
    shown["metadata"] = {key: value for key, value in obj.get("metadata", {}).items() if key not in hidden}
    _contents(page, shown, 0)
    return end(page, obj, reader)


def _contents(page: Page, content: Mapping[str, Any], level: int) -> None:
    for name in sorted(content):
        value = content[name]
        if isinstance(value, dict):
            page.line(f"{title(name)}:", level=level)
            _contents(page, value, level + 1)
        elif isinstance(value, list):
            page.line(f"{title(name)}:", level=level)
            for item in value:
                if isinstance(item, dict):
                    _contents(page, item, level + 1)
                else:
                    page.line(go(item), level=level + 1)
        else:
            page.field(title(name), go(value), level)


def title(name: str) -> str:
    """A field name as a title: words of the camel case capitalised; a name with other characters than letters and dashes stays."""
    if not all(letter.isalpha() or letter == "-" for letter in name):
        return name
    return " ".join(part.upper() if part.upper() in ACRONYMS else part[:1].upper() + part[1:] for part in _camel(name))


def _camel(name: str) -> list[str]:
    """Split where the class of letters changes; one or two upper-case letters leave the last to the lower-case word behind them, more
    take that word in."""
    parts: list[str] = []
    kinds: list[str] = []
    for letter in name:
        kind = "lower" if letter.islower() else "upper" if letter.isupper() else "other"
        if kinds and kinds[-1] == kind:
            parts[-1] += letter
        else:
            parts.append(letter)
            kinds.append(kind)
    for place in range(len(parts) - 1):
        if kinds[place] == "upper" and kinds[place + 1] == "lower":
            keep = -1 if len(parts[place]) <= SHORT_RUN else 0
            parts[place], parts[place + 1] = parts[place][:keep], parts[place][keep:] + parts[place + 1]
    return [part for part in parts if part]
