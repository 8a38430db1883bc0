"""How the first objects of a cluster are written: without the steps that a user's objects go through, as they are right by construction.

Their uids come from the cluster's id. What they are is in `bootstrap_roles` and `bootstrap_objects`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object


def put(session: Session, objects: Iterable[Object]) -> None:
    """Store objects that are not there yet."""
    for obj in objects:
        row = session.kinds().by_gvk(obj["apiVersion"], obj["kind"])
        assert row is not None
        key = row.key(obj["metadata"].get("namespace", ""), obj["metadata"]["name"])
        session.tx.put(key, session.api.encode(key, obj), 0)


def metadata(place: str, form: str, cluster: str, created: str, **more: Any) -> Object:
    """Metadata of NAME or NAMESPACE/NAME; `form` tells objects of one name apart."""
    import hashlib

    digest = hashlib.sha1(f"{cluster}/{form}/{place}".encode(), usedforsecurity=False).hexdigest()
    namespace, _, name = place.rpartition("/")
    uid = f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
    made: Object = {"name": name, "uid": uid, "creationTimestamp": created, **more}
    return {**made, "namespace": namespace} if namespace else made
