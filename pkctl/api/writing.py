"""What every object goes through between being read and being stored, new or changed.

Follows registry/generic/registry/store.go (Create, Update) and rest.BeforeCreate, rest.BeforeUpdate. The verbs that lead here are
`resources`' and `subresources`'; each step is in the room that its call names.
"""

from __future__ import annotations

from pkctl.api import metadata, ownership, storing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.objects.meta import Object


def insert(request: Request) -> Object:
    """The steps that every new object goes through once it has been read."""
    from pkctl.api import judging, reading, rooms
    from pkctl.api.admission import chain

    row, new = request.row, request.new
    metadata.begin(request.session, row, request.namespace, new)
    reading.begin_status(row, new)
    ownership.record(request)
    chain.mutate(request)
    rooms.prepare(row, new, None)
    reading.fill_status(row, new)
    metadata.count(row, new, None)
    judging.check(request)
    judging.warn(request)
    chain.admit(request)
    return storing.create(request)


def replace(request: Request) -> Object:
    """The steps that every change of an object goes through once its new form is known."""
    from pkctl.api import deletion, fences, judging, rooms
    from pkctl.api.admission import chain

    row, new, old = request.row, request.new, request.old
    assert old is not None
    metadata.carry_over(row, request.namespace, old["metadata"]["name"], new, old)
    fences.keep(request)
    ownership.record(request)
    chain.mutate(request)
    if not request.subresource:
        rooms.prepare(row, new, old)
    if request.subresource != "status":
        metadata.count(row, new, old)
    judging.check(request)
    judging.warn(request)
    chain.admit(request)
    if deletion.is_over(request):
        # Who changed the object gets the object, though it is gone.
        deletion.finish(request)
        return new
    return storing.update(request)
