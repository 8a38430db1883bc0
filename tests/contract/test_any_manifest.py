"""Whatever a manifest holds, the API takes it or refuses it with a Status; PKCTL_MANIFESTS sets how many are tried."""

from __future__ import annotations

import contextlib
import json
import os
import random
import traceback
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.kinds import schema, table
from tests import clusters
from tests.contract import manifests

COUNT = int(os.environ.get("PKCTL_MANIFESTS", "3000"))
ROWS = [row for row in table.BUILTIN if {"create"} <= set(row.verbs) and schema.shape(row) is not None]
VALIDATIONS = ("Strict", "Warn", "Ignore")
EACH = max(1, COUNT // len(ROWS))


def tried(cluster: clusters.Cluster, row: table.Row, seed: int) -> str:
    """Send a manifest, and a change of it when it was taken; the traceback of what is no Status, "" when all was well."""
    dice = random.Random(f"{row.id} {seed}")
    namespace = "default" if row.namespaced else ""
    chosen = options.Options(dry_run=seed % 3 > 0, validation=dice.choice(VALIDATIONS), field_manager="fuzz")
    wish = manifests.spoilt(manifests.made(row, dice), dice, dice.randrange(3))
    other = manifests.spoilt(json.loads(json.dumps(wish)), dice, 2)
    try:
        with contextlib.suppress(errors.StatusError):
            made = cluster.client.create(row, namespace, wish, chosen)
            if not chosen.dry_run and "update" in row.verbs:
                changed(cluster, row, namespace, made, other, chosen)
    except Exception:  # noqa: BLE001 - the very thing that is looked for
        return f"{row.id} {seed}: {json.dumps(wish)[:2000]}\n{traceback.format_exc()}"
    return ""


def changed(cluster: clusters.Cluster, row: table.Row, namespace: str, made: Any, other: Any, chosen: options.Options) -> None:
    """Replace, patch, apply and delete what was made."""
    name = made["metadata"]["name"]
    for form in ("merge", "strategic", "apply"):
        with contextlib.suppress(errors.StatusError):
            cluster.client.patch(row, namespace, name, form, other, chosen)
    with contextlib.suppress(errors.StatusError):
        cluster.client.update(row, namespace, name, other, chosen)
    cluster.client.delete(row, namespace, name, options.Options(grace=0))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.id))
def test_any_manifest_is_taken_or_refused(row: table.Row) -> None:
    with clusters.cluster(hollow=True) as cluster:
        faults = [fault for fault in (tried(cluster, row, seed) for seed in range(EACH)) if fault]
    assert not faults, "\n\n".join(faults[:3])
