"""What a rule may cost at most, as far as its schema's limits tell, in the units of the API server.

Follows cel-go's checker/cost.go and apiserver/pkg/cel/{library/cost.go,limits.go}. Where upstream would take the worst for granted (the
size of what an expression makes), nothing is: what is found is a lower bound. So only rules are refused that the API server surely
refuses, those beyond a hundred times its budget; nothing is counted while a rule runs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.kinds.customnodes import Node

BUDGET, TOTAL_BUDGET = 10_000_000, 100_000_000
CERTAIN = 100
"""How many times its budget a cost must be for its estimate to be trusted."""

LARGEST_REQUEST = 3 * 1024 * 1024
OBJECT, SCALAR = 2, {"string": 2, "boolean": 4, "integer": 1, "number": 1}
LIST, MAP = 10, 30
ADVICE = "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
OPTIONAL, REPEATED, TEXT, NUMBER, MESSAGE = 1, 3, 9, 3, 11
SYNTAX = {
    "Ident": {"name": (1, TEXT, "")},
    "Constant": {"string_value": (6, TEXT, "")},
    "Select": {"operand": (1, MESSAGE, "Expr"), "field": (2, TEXT, ""), "test_only": (3, NUMBER, "")},
    "Call": {"target": (1, MESSAGE, "Expr"), "function": (2, TEXT, ""), "args": (3, MESSAGE, "*Expr")},
    "Items": {"elements": (1, MESSAGE, "*Expr")},
    "Entry": {"key": (3, MESSAGE, "Expr"), "value": (4, MESSAGE, "Expr")},
    "Struct": {"entries": (2, MESSAGE, "*Entry")},
    "Comprehension": {
        "iter_var": (1, TEXT, ""), "iter_range": (2, MESSAGE, "Expr"), "accu_init": (4, MESSAGE, "Expr"),
        "loop_condition": (5, MESSAGE, "Expr"), "loop_step": (6, MESSAGE, "Expr"),
        "result": (7, MESSAGE, "Expr"), "iter_var2": (8, TEXT, ""),
    },
    "Expr": {
        "const_expr": (3, MESSAGE, "Constant"), "ident_expr": (4, MESSAGE, "Ident"), "select_expr": (5, MESSAGE, "Select"),
        "call_expr": (6, MESSAGE, "Call"), "list_expr": (7, MESSAGE, "Items"), "struct_expr": (8, MESSAGE, "Struct"),
        "comprehension_expr": (9, MESSAGE, "Comprehension"),
    },
    "Checked": {"expr": (4, MESSAGE, "Expr")},
    "Any": {"type_url": (1, TEXT, ""), "value": (2, 12, "")},
}  # fmt: skip
"""As much of cel.expr as costs are made of: a message's fields, each with its number, protobuf's type, and the message's name."""


def messages() -> dict[str, Any]:
    """The classes of SYNTAX."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    made = descriptor_pb2.FileDescriptorProto(name="costs.proto", package="costs", syntax="proto2")
    for name, fields in SYNTAX.items():
        message = made.message_type.add(name=name)
        for field, (number, kind, told) in fields.items():
            label = REPEATED if told.startswith("*") else OPTIONAL
            message.field.add(name=field, number=number, type=kind, label=label, type_name=f".costs.{told.lstrip('*')}" if told else None)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(made.SerializeToString())
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"costs.{name}")) for name in ("Any", "Checked")}


def cost(compiled: Any, node: Node, classes: dict[str, Any]) -> int:
    """What one evaluation of a checked expression over `node` costs at most, as far as it is known."""
    wrapped = classes["Any"].FromString(compiled.serialize())
    return _Walk({"self": node, "oldSelf": node}).cost(classes["Checked"].FromString(wrapped.value).expr)


def cardinality(node: Node, above: int | None) -> int:
    """How often a rule of `node` runs for one object; `above` are the items of the limited lists around it, None where one is unlimited."""
    return above if above is not None else LARGEST_REQUEST // (least_size(node) + 1)


def inside(node: Node, above: int | None) -> int | None:
    """`above` for what is in a list or a map."""
    said = _limit(node, "maxItems" if node.type == "array" else "maxProperties")
    return None if above is None or said is None else above * said


def excess(found: int, budget: int) -> str:
    """How far beyond a budget a cost is, in the API server's words; "" while that isn't certain."""
    return "more than 100x" if found > CERTAIN * budget else ""


def least_size(node: Node) -> int:
    """The fewest bytes that a value of a schema takes in JSON."""
    if node.type == "array":
        return OBJECT
    if node.type != "object" or node.extra is not None:
        return SCALAR.get(node.type, 1) if node.type != "object" else OBJECT
    parts = [(name, node.field(name)) for name in node.schema.get("required") or ()]
    return OBJECT + sum(len(name) + 4 + least_size(part) for name, part in parts if part is not None and not part.has_default)


def most(node: Node | None) -> int:
    """How many items, keys or bytes a value can have."""
    if node is None:
        return 1
    if node.type == "array" and node.items is not None:
        said = _limit(node, "maxItems")
        return said if said is not None else (LARGEST_REQUEST - 2) // (least_size(node.items) + 1)
    if node.extra is not None:
        said = _limit(node, "maxProperties")
        return said if said is not None else (LARGEST_REQUEST - 2) // (least_size(node.extra) + 6)
    return _longest(node) if node.type == "string" else 1


def _limit(node: Node, word: str) -> int | None:
    """The smallest limit of a schema and of those that it takes in whole."""
    said = [each[word] for each in (node.schema, *(node.schema.get("allOf") or ())) if each.get(word) is not None]
    return int(min(said)) if said else None


def _longest(node: Node) -> int:
    said, choices = _limit(node, "maxLength"), node.schema.get("enum")
    if choices:
        return max(len(str(each)) for each in choices)
    if node.schema.get("format") in ("date", "date-time", "duration", "byte"):
        return 1
    return said * 4 if said is not None else LARGEST_REQUEST - 2


class _Walk:
    """The cost of an expression, and the place of the schema that each part of it is a value of."""

    def __init__(self, known: dict[str, Node | None]) -> None:
        self._known = known

    def cost(self, expr: Any) -> int:
        """Of this part and all below it."""
        for kind, judge in COSTS.items():
            if expr.HasField(kind):
                return judge(self, getattr(expr, kind))
        return 0

    def place(self, expr: Any) -> Node | None:
        """Where in the schema a value comes from; None for what the expression makes."""
        from pkctl.kinds import celvalues

        if expr.HasField("ident_expr"):
            return self._known.get(expr.ident_expr.name)
        if expr.HasField("select_expr"):
            inside = self.place(expr.select_expr.operand)
            names = (inside.schema.get("properties") or {}) if inside is not None else {}
            own = next((name for name in names if celvalues.escaped(name) == expr.select_expr.field), "")
            return inside.field(own) if inside is not None and (own or inside.extra is not None) else None
        if expr.HasField("call_expr") and expr.call_expr.function == "_[_]":
            inside = self.place(expr.call_expr.args[0])
            return (inside.items or inside.extra) if inside is not None else None
        return None

    def size(self, expr: Any) -> int:
        """How many items or bytes a value has at most, where that is known; else one."""
        if expr.HasField("const_expr"):
            return max(len(expr.const_expr.string_value), 1)
        if expr.HasField("list_expr"):
            return len(expr.list_expr.elements)
        return most(self.place(expr))

    def ident(self, _: Any) -> int:
        """A name."""
        return 1

    def select(self, part: Any) -> int:
        """A field, or the question whether there is one, which is free."""
        return self.cost(part.operand) + (0 if part.test_only else 1)

    def items(self, part: Any) -> int:
        """A list."""
        return LIST + sum(self.cost(each) for each in part.elements)

    def struct(self, part: Any) -> int:
        """A map."""
        return MAP + sum(self.cost(each.key) + self.cost(each.value) for each in part.entries)

    def call(self, part: Any) -> int:
        """A function or an operator."""
        below = [self.cost(each) for each in part.args]
        if part.function == "_?_:_":
            return below[0] + max(below[1:])
        above = self.cost(part.target) if part.HasField("target") else 0
        return above + sum(below) + self._own(part)

    def _own(self, part: Any) -> int:
        sizes = [self.size(each) for each in ([part.target] if part.HasField("target") else []) + list(part.args)]
        if part.function in ("_&&_", "_||_"):
            return 0
        if part.function in ("matches", "find", "findAll"):
            return int((sizes[0] + 1) * 0.1) * max(int(sizes[1] * 0.25), 1)
        if part.function == "contains":
            return int(sizes[0] * 0.1) * max(int(sizes[1] * 0.1), 1)
        if part.function == "@in":
            return sizes[1]
        if part.function in ("_==_", "_!=_"):
            return max(int(min(sizes) * 0.1), 1)
        return 1

    def comprehension(self, part: Any) -> int:
        """A macro: what it does for each item, as often as there are items."""
        around = self.place(part.iter_range)
        inner = (around.items if around.extra is None else None) if around is not None else None
        second = {part.iter_var2: (inner or around.extra) if around is not None else None} if part.iter_var2 else {}
        below = _Walk({**self._known, part.iter_var: None if part.iter_var2 else inner, **second})
        each = below.cost(part.loop_condition) + below.cost(part.loop_step)
        return self.cost(part.iter_range) + self.cost(part.accu_init) + self.size(part.iter_range) * each + below.cost(part.result)


COSTS: dict[str, Callable[[_Walk, Any], int]] = {
    "ident_expr": _Walk.ident,
    "select_expr": _Walk.select,
    "call_expr": _Walk.call,
    "list_expr": _Walk.items,
    "struct_expr": _Walk.struct,
    "comprehension_expr": _Walk.comprehension,
}
"""What each kind of expression costs; all others cost nothing."""
