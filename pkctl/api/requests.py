"""One write on its way through the API's steps."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object


class Request:
    """`verb` is create, update or delete; `new` is what will be stored, changed in place on its way; `old` is read-only.

    `row` is the version that objects are kept in, `asked` the one that the client wrote: fields are owned in it. `subresource` is what
    the request names: steps that only mean whole objects look away when it is set. `is_applied` says that a server-side apply has kept
    account of the fields already.
    """

    __slots__ = ("asked", "is_applied", "namespace", "new", "old", "options", "row", "session", "subresource", "verb")

    def __init__(
        self,
        verb: str,
        session: Session,
        row: Row,
        namespace: str,
        new: Object,
        old: Object | None,
        options: Options,
        subresource: str = "",
        *,
        asked: Row | None = None,
    ) -> None:
        self.verb, self.session, self.row, self.namespace = verb, session, row, namespace if row.namespaced else ""
        self.new, self.old, self.options, self.subresource = new, old, options, subresource
        self.asked, self.is_applied = asked or row, False

    @property
    def name(self) -> str:
        """The object's name; empty while it is still to be generated."""
        return str(self.new["metadata"].get("name") or "")

    @property
    def subject(self) -> str:
        """The kind id with its subresource, as `pods` and `pods/status`."""
        return f"{self.row.id}/{self.subresource}" if self.subresource else self.row.id
