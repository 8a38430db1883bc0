"""Editing an object as text: the file with its header, the user's editor, what came back, and the patch it amounts to.

For commands and screens alike; when to open the editor again, and what to say, is the caller's. Upstream: kubectl's cmd/util/editor.
"""

from __future__ import annotations

import os

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pkctl.kinds import table

    Object = dict[str, Any]

APPLIED = """# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
"""
HEADER = """# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
"""


def invoke(body: str, suffix: str, *, env: Mapping[str, str], program: str) -> tuple[str, str]:
    """The text as the editor left it, and the file it is in, which stays; CommandError when the editor fails."""
    import subprocess
    import tempfile

    handle, place = tempfile.mkstemp(prefix=f"{program}-edit-", suffix=suffix)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(body)
    editor = env.get("KUBE_EDITOR") or env.get("EDITOR") or "vi"
    simple = not set(editor) & set(" '\"\\")
    command = [editor, place] if simple else [env.get("SHELL") or "/bin/bash", "-c", f"{editor} {place}"]
    try:
        code = subprocess.run(command, check=False).returncode
    except OSError:
        raise errors.CommandError(f'unable to launch the editor "{editor}"') from None
    if code:
        raise errors.CommandError(f'there was a problem with the editor "{editor}"')
    with open(place, encoding="utf-8", newline="") as stream:
        return stream.read().replace("\r\n", "\n"), place


def stripped(body: str) -> str:
    """The text without the `#` lines that it begins with; others may be part of what an object holds."""
    lines = body.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[start:])


def meaning(body: str) -> Any:
    """What two texts are compared by: what they say, not how it is written; the text itself when it can't be read."""
    from pkctl.objects import yamls

    try:
        return yamls.load_all(stripped(body))
    except yamls.YamlError:
        return stripped(body).strip()


def documents(body: str) -> list[Object]:
    """The objects in an edited text; CommandError when it can't be read, in the words of kubectl's check."""
    from pkctl.objects import yamls

    try:
        found = yamls.load_all(stripped(body))
    except yamls.YamlError as error:
        raise errors.CommandError(str(error).removeprefix("error converting YAML to JSON: ")) from None
    for doc in found or [None]:
        if not isinstance(doc, dict):
            raise errors.CommandError("invalid object to validate")
        missing = [f"{name} not set" for name in ("apiVersion", "kind") if not doc.get(name)]
        if missing:
            raise errors.CommandError(missing[0] if len(missing) == 1 else f"[{', '.join(missing)}]")
    items = [item for doc in found for item in (doc.get("items") or [] if doc.get("kind") == "List" else [doc])]
    return [dict(item) for item in items]


def difference(row: table.Row, old: Object, new: Object) -> tuple[str, Object]:
    """The patch from one object to the other and its form, strategic where the kind has merge keys."""
    from pkctl.kinds import schema
    from pkctl.objects import patches

    shape = None if row.schema is not None else schema.shape(row)
    if shape is None:
        return "merge", patches.create_merge(old, new)
    return "strategic", patches.create_strategic(old, new, shape)
