"""ServiceAccount. Tokens are the API's `token` subresource."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import describing, secrets
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ACCOUNT_UID = "kubernetes.io/service-account.uid"
COLUMNS = (shared.NAME, shared.AGE)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With its secrets, those that are missing marked."""
    page = describing.begin(obj)
    existing = reader.list("secrets", meta.namespace(obj))
    names = {meta.name(secret) for secret in existing}
    for title, members in (
        ("Image pull secrets:", _names(obj, "imagePullSecrets")),
        ("Mountable secrets: ", _names(obj, "secrets")),
        ("Tokens:            ", [meta.name(secret) for secret in existing if _is_token_of(secret, obj)]),
    ):
        for number, member in enumerate(members or [describing.NONE]):
            lost = members and not title.startswith("Tokens") and member not in names
            page.line(" " * len(title) if number else title, f"{member} (not found)" if lost else member)
    return describing.end(page, obj, reader)


def _names(obj: meta.Object, field: str) -> list[str]:
    return [reference.get("name", "") for reference in obj.get(field) or ()]


def _is_token_of(secret: meta.Object, account: meta.Object) -> bool:
    notes = meta.annotations(secret)
    return (
        secret.get("type") == secrets.ACCOUNT_TOKEN
        and notes.get(secrets.ACCOUNT_NAME) == meta.name(account)
        and notes.get(ACCOUNT_UID) == meta.uid(account)
    )
