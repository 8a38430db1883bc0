"""The expressions of admission policies: what they may name, compiling them together with a policy's variables, evaluating them.

Follows apiserver/pkg/admission/plugin/cel. The language and Kubernetes' functions are `customcel` and `customfunctions`. A variable is
bound around the expressions that use it, so that it is evaluated only where it is reached.
"""

from __future__ import annotations

from pkctl.kinds import celtexts, celtypes, customcel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from pkctl.kinds.customnodes import Node

    Variables = Sequence[tuple[str, str]]

CelError = customcel.CelError
NAMES = ("authorizer", "namespaceObject", "object", "oldObject", "params", "request")
"""What programs may name; the checker allows `params` only where a policy has a paramKind, `variables` not in match conditions."""

TEXT = (celtypes.STRING, celtypes.OPTIONAL, "")
TEXTS = (celtypes.STRING, celtypes.REPEATED, "")
ANY = (celtypes.MESSAGE, celtypes.OPTIONAL, celtypes.DYNAMIC)
TIME = (celtypes.MESSAGE, celtypes.OPTIONAL, celtypes.MOMENTS["timestamp"])
NUMBER = (celtypes.INT64, celtypes.OPTIONAL, "")


def _one(name: str) -> tuple[int, int, str]:
    return celtypes.MESSAGE, celtypes.OPTIONAL, f".kubernetes.{name}"


MESSAGES = {
    "GroupVersionKind": dict.fromkeys(("group", "version", "kind"), TEXT),
    "GroupVersionResource": dict.fromkeys(("group", "version", "resource"), TEXT),
    "UserInfo": {"username": TEXT, "uid": TEXT, "groups": TEXTS, "extra": ANY},
    "AdmissionRequest": {
        "kind": _one("GroupVersionKind"), "resource": _one("GroupVersionResource"), "subResource": TEXT,
        "requestKind": _one("GroupVersionKind"), "requestResource": _one("GroupVersionResource"), "requestSubResource": TEXT,
        "name": TEXT, "namespace": TEXT, "operation": TEXT, "userInfo": _one("UserInfo"),
        "dryRun": (celtypes.BOOL, celtypes.OPTIONAL, ""), "options": ANY,
    },
    "NamespaceSpec": {"finalizers": TEXTS},
    "NamespaceStatus": {"conditions": ANY, "phase": TEXT},
    "NamespaceMetadata": {
        **dict.fromkeys(("name", "generateName", "namespace", "UID", "resourceVersion"), TEXT), "labels": ANY, "annotations": ANY,
        "creationTimestamp": TIME, "deletionTimestamp": TIME, "deletionGracePeriodSeconds": NUMBER, "generation": NUMBER,
        "finalizers": TEXTS,
    },
    "Namespace": {"metadata": _one("NamespaceMetadata"), "spec": _one("NamespaceSpec"), "status": _one("NamespaceStatus")},
}  # fmt: skip
"""What is known of the fields of `request` and `namespaceObject`, without a schema."""

NO_PATCHES = "undeclared reference to 'jsonpatch' (in container '')"
OF_VARIABLES = {"bool": celtypes.BOOL, "int": celtypes.INT64, "double": celtypes.DOUBLE, "string": celtypes.STRING, "bytes": celtypes.BYTES}


class Scope:
    """What the expressions of one policy may name, to the checker; variables are added as they are declared."""

    def __init__(self, *, params: bool, objects: str = "dyn", types: celtypes.Types | None = None) -> None:
        """`objects` is the type of `object` and `oldObject`, in `types`, where one kind's is known."""
        self._types = types or celtypes.Types()
        self._types.add("kubernetes", MESSAGES)
        self._base = {"object": objects, "oldObject": objects, "request": "kubernetes.AdmissionRequest",
                      "namespaceObject": "kubernetes.Namespace", "authorizer": "kubernetes.authorization.Authorizer"}  # fmt: skip
        if params:
            self._base["params"] = "dyn"
        self._variables: dict[str, tuple[int, int, str]] = {}
        self._declared = 0

    @classmethod
    def of(cls, node: Node, *, params: bool) -> Scope:
        """Where `object` is what a schema describes, its metadata included."""
        types = celtypes.Types()
        return cls(params=params, objects=types.signature(node) or "dyn", types=types)

    def check(self, text: str, *wanted: str, early: bool = False, patches: bool = False) -> str:
        """The type that an expression gives; CelError when it doesn't compile or gives none of those `wanted`, where any is.

        `early` expressions, match conditions, know no variables.
        """
        import re

        if not patches and (at := text.find("jsonpatch.")) >= 0 and "jsonpatch" in celtexts.words(text):
            raise CelError(f"compilation failed: {celtexts.pointed(text, at, NO_PATCHES)}")
        known = self._base if early else {**self._base, "variables": self._variables_type()}
        try:
            given = customcel.checked(text, known, self._types)
        except CelError as error:
            raise CelError(re.sub(r"kubernetes\.variables\d+\.Variables", "kubernetes.variables", str(error))) from None
        if wanted and given not in wanted:
            said = wanted[0] if len(wanted) == 1 else f"one of [{' '.join(wanted)}]"
            raise CelError(f"must evaluate to {said} but got {_shown(given)}")
        return given

    def check_patch(self, text: str, kind: str) -> None:
        """CelError when an expression doesn't compile or doesn't make what a mutation of this kind needs; see `celtexts.with_objects`."""
        given = self.check(celtexts.with_objects(text), patches=True)
        is_fit = (
            given.startswith(("list<map<string", "list<dyn"))
            if kind == "JSONPatch"
            else given.startswith(("map<string", "map<dyn")) or given == "dyn"
        )
        if not is_fit:
            wanted = "list(JSONPatch)" if kind == "JSONPatch" else "Object"
            raise CelError(f"must evaluate to {wanted} but got {_shown(given)}")

    def declare(self, name: str, text: str) -> None:
        """Check a variable's expression, and know it from then on; CelError."""
        given = self.check(text)
        if given.startswith("list<"):
            inner = OF_VARIABLES.get(given[5:-1])
            self._variables[name] = (inner, celtypes.REPEATED, "") if inner else (*ANY[:1], celtypes.REPEATED, celtypes.DYNAMIC)
        else:
            kind = OF_VARIABLES.get(given)
            self._variables[name] = (kind, celtypes.OPTIONAL, "") if kind else ANY

    def _variables_type(self) -> str:
        """The message of the variables declared so far; a new one whenever one has been added."""
        package = f"kubernetes.variables{len(self._variables)}"
        if self._declared <= len(self._variables):
            self._types.add(package, {"Variables": self._variables})
            self._declared = len(self._variables) + 1
        return f"{package}.Variables"


def check(text: str, *, wanted: str = "bool", params: bool = False, variables: Variables | None = None) -> None:
    """CelError when an expression doesn't compile or doesn't give the `wanted` type ("" for any); without `variables` it is early."""
    scope = Scope(params=params)
    for name, own in variables or ():
        scope.declare(name, own)
    scope.check(text, *([wanted] if wanted else []), early=variables is None)


def check_patch(text: str, kind: str, *, params: bool, variables: Variables) -> None:
    """CelError when the expression of a mutation is wrong."""
    scope = Scope(params=params)
    for name, own in variables:
        scope.declare(name, own)
    scope.check_patch(text, kind)


def _shown(given: str) -> str:
    return given.replace("<", "(").replace(">", ")")


class Expression:
    """One compiled expression, checked when it was written; its value comes from what `known` gives for `NAMES`."""

    __slots__ = ("_program", "text")

    def __init__(self, text: str, variables: Variables = (), *, names: Sequence[str] = NAMES) -> None:
        """Raises CelError when the text doesn't compile; `names` for expressions that name other things."""
        self.text = text
        self._program = customcel.program(_bound(text, variables), names)

    def value(self, known: Mapping[str, Any], functions: Sequence[Any] = ()) -> Any:
        """What it gives; CelError with the API server's text. `functions` are those that answer for this evaluation alone."""
        try:
            return customcel.result(self._program, known, functions)
        except CelError as error:
            raise CelError(f"expression '{self.text}' resulted in error: {error}") from None


def _bound(text: str, variables: Variables) -> str:
    """The expression with the variables it needs bound around it, the first declared outermost."""
    needed, bound = _used(text), f"{_renamed(text)}\n"
    for name, own in reversed(variables):
        if name in needed:
            bound = f"cel.bind(variables_{name}, ({_renamed(own)}\n),\n{bound})"
            needed |= _used(own)
    return bound


def _used(text: str) -> set[str]:
    return {fields[0][0] for word, _, fields in celtexts.paths(text) if word == "variables" and fields}


def _renamed(text: str) -> str:
    """`variables.a` as an identifier of its own."""
    found = [
        (at, text.index(fields[0][0], fields[0][1]), fields[0][0])
        for word, at, fields in celtexts.paths(text)
        if word == "variables" and fields
    ]
    for start, at, name in reversed(found):
        text = f"{text[:start]}variables_{name}{text[at + len(name) :]}"
    return text
