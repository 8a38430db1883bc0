"""Objects for the tests of kinds that hold a pod, and one way to put them through decoding, defaults and validation."""

from __future__ import annotations

from pkctl.kinds import decoding, generic, table


def pod(*, name="x", labels=None, annotations=None, container=None, containers=None, **spec):
    """A Pod with one good container, changed as told."""
    meta = {"name": name, **({"labels": labels} if labels else {}), **({"annotations": annotations} if annotations else {})}
    found = containers if containers is not None else [{"name": "c", "image": "i", **(container or {})}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": found, **spec}}


def workload(kind, *, api="apps/v1", selector=(("a", "b"),), labels=(("a", "b"),), template=None, name="x", **spec):
    """A workload whose selector finds its template's pods, changed as told; None leaves a part out."""
    body = {"containers": [{"name": "c", "image": "i"}], **(template or {})}
    made = {"metadata": {"labels": dict(labels)} if labels is not None else {}, "spec": body}
    chosen = {"selector": {"matchLabels": dict(selector)}} if selector is not None else {}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": {**chosen, "template": made, **spec}}


def job(template=None, **spec):
    """A Job that runs once."""
    made = workload("Job", api="batch/v1", selector=None, labels=None, template={"restartPolicy": "Never", **(template or {})})
    made["spec"].update(spec)
    return made


def cronjob(schedule="* * * * *", **spec):
    """A CronJob that runs every minute."""
    inner = job()["spec"]
    body = {"schedule": schedule, "jobTemplate": {"spec": inner}, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "x"}, "spec": body}


def stored(obj, old=None, uid="5d798363-0ee2-4fa9-b519-ac9a7f13e89f"):
    """An object as the API holds it before it judges it."""
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    room = table.room(row)
    new, _ = decoding.decode(row, obj)
    new["metadata"].setdefault("namespace", "default")
    new["metadata"].setdefault("uid", uid)
    for step in ("default", "prepare"):
        if hasattr(room, step):
            getattr(room, step)(*((new,) if step == "default" else (new, old)))
    return new


def problems(obj, old=None):
    """What the API would say of an object, one text for each cause."""
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    before = stored(old) if old is not None else None
    new = stored(obj, before)
    return [str(problem) for problem in (*generic.validate_meta(row, new, before), *table.room(row).validate(new, before))]
