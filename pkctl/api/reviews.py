"""Kinds that are only asked, never stored: who am I, may I, may they; and Binding.

Follows pkg/registry/{authentication,authorization} and pkg/apis/authorization/validation. How roles are evaluated is `authorizing`.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import authorizing, metadata, reading, refusals
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

    Answer = Callable[[Session, Object], Object]

ONE = "exactly one of nonResourceAttributes or resourceAttributes must be specified"


def answer(session: Session, row: Row, namespace: str, obj: Object, options: Options) -> Object:
    """The review with its status; a Binding binds its pod."""
    if "create" not in row.verbs:
        raise refusals.not_allowed(row)
    if row.id == "bindings":
        from pkctl.api import subresources

        pods = session.row("pods")
        return subresources.bind(session, pods, namespace, meta.name(obj), meta.at(obj, "target", "name", default=""), obj, options)
    new = reading.decoded(session, row, obj, options)
    if row.namespaced and not new["metadata"].get("namespace"):
        new["metadata"]["namespace"] = namespace
    if found := problems(row, new):
        raise refusals.invalid(row, meta.name(new), found)
    if row.kind == "SelfSubjectReview":
        new["metadata"]["creationTimestamp"] = metadata.now(session)
    return {**new, "status": ANSWERS[row.kind](session, new)}


def problems(row: Row, review: Object) -> list[fields.Problem]:
    """What is wrong with a question about access."""
    if not row.kind.endswith("AccessReview"):
        return []
    spec = review.get("spec") or {}
    resource, url = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    found: list[fields.Problem] = []
    if resource is not None and url is not None:
        found.append(fields.invalid("spec.nonResourceAttributes", url, "cannot be specified in combination with resourceAttributes"))
    elif resource is None and url is None:
        found.append(fields.invalid("spec.resourceAttributes", None, ONE))
    if row.kind != "SelfSubjectAccessReview" and not spec.get("user") and not spec.get("groups"):
        found.append(fields.invalid("spec.user", "", "at least one of user or group must be specified"))
    for name in ("fieldSelector", "labelSelector"):
        if (selector := (resource or {}).get(name)) is not None:
            found += _selector(selector, f"spec.resourceAttributes.{name}", labels=name == "labelSelector")
    own = {field: value for field, value in review["metadata"].items() if field not in ("creationTimestamp", "managedFields")}
    if row.kind == "LocalSubjectAccessReview":
        found += _local(own.pop("namespace", ""), resource, url)
    if own:
        rest = "must be empty except for namespace" if row.namespaced else "must be empty"
        found.append(fields.invalid("metadata", own, rest))
    return found


def _selector(selector: Object, at: str, *, labels: bool) -> list[fields.Problem]:
    """What is wrong with the selector of a request that is asked about: one of two forms, and requirements that make sense."""
    raw, requirements = selector.get("rawSelector") or "", selector.get("requirements") or ()
    found: list[fields.Problem] = []
    if raw and requirements:
        found.append(fields.invalid(f"{at}.rawSelector", raw, "may not specified at the same time as requirements"))
    if not raw and not requirements:
        found.append(fields.required(f"{at}.requirements", f"when {at} is specified, requirements or rawSelector is required"))
    for number, one in enumerate(requirements):
        found += _requirement(one, f"{at}.requirements[{number}]", labels=labels)
    return found


def _requirement(one: Object, at: str, *, labels: bool) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    operator, values = one.get("operator"), one.get("values") or ()
    if operator in ("In", "NotIn") and not values:
        found.append(fields.required(f"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'"))
    if operator in ("Exists", "DoesNotExist") and values:
        found.append(fields.forbidden(f"{at}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    key = one.get("key") or ""
    if labels:
        return [*found, *(fields.invalid(f"{at}.key", key, text) for text in names.qualified_name(key))]
    return found if key else [fields.required(f"{at}.key", "must be specified"), *found]


def _local(namespace: str, resource: Object | None, url: Object | None) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    if resource is not None and (resource.get("namespace") or "") != namespace:
        asked = resource.get("namespace") or ""
        found.append(fields.invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace"))
    if url is not None:
        found.append(fields.invalid("spec.nonResourceAttributes", url, "disallowed on this kind of request"))
    return found


def _who(session: Session, _review: Object) -> Object:
    return {"userInfo": {"username": session.api.user, "groups": list(session.api.groups), **session.api.claims}}


def _may_they(session: Session, review: Object) -> Object:
    spec = review["spec"]
    return _access(session, spec.get("user") or "", spec.get("groups") or (), spec)


def _may_i(session: Session, review: Object) -> Object:
    return _access(session, session.api.user, session.api.groups, review["spec"])


def _access(session: Session, user: str, groups: Sequence[str], spec: Object) -> Object:
    allowed, reason = authorizing.decide(authorizing.Stored(session), attributes(user, groups, spec))
    return {"allowed": allowed, "reason": reason} if reason else {"allowed": allowed}


def attributes(user: str, groups: Sequence[str], spec: Object) -> authorizing.Attributes:
    """The request that a review's spec asks about."""
    if url := spec.get("nonResourceAttributes"):
        return authorizing.Attributes(user, groups, url.get("verb", ""), path=url.get("path", ""))
    asked = spec.get("resourceAttributes") or {}
    parts: dict[str, Any] = {part: asked.get(part) or "" for part in ("group", "resource", "subresource", "namespace", "name")}
    return authorizing.Attributes(user, groups, asked.get("verb") or "", **parts)


def _rules(session: Session, review: Object) -> Object:
    """Everything that the user may do in a namespace."""
    namespace = meta.at(review, "spec", "namespace", default="")
    if not namespace:
        raise errors.BadRequest("no namespace on request")
    api, lacking = session.api, list[str]()
    status: Object = {"resourceRules": [], "nonResourceRules": [], "incomplete": False}
    for _, found in authorizing.granted(authorizing.Stored(session), api.user, api.groups, namespace, lacking):
        for rule in found:
            parts = ("verbs", "nonResourceURLs") if rule.get("nonResourceURLs") else ("verbs", "apiGroups", "resources", "resourceNames")
            place = "nonResourceRules" if rule.get("nonResourceURLs") else "resourceRules"
            status[place].append({part: rule[part] for part in parts if rule.get(part)})
    if lacking:
        status |= {"incomplete": True, "evaluationError": ", ".join(dict.fromkeys(lacking))}
    return status


def _token(session: Session, review: Object) -> Object:
    from pkctl.api import authenticating

    spec = review.get("spec") or {}
    if not spec.get("token"):
        raise errors.BadRequest("token is required for TokenReview in authentication")
    return authenticating.review(session, spec["token"], spec.get("audiences") or ())


ANSWERS: dict[str, Answer] = {
    "LocalSubjectAccessReview": _may_they,
    "SelfSubjectAccessReview": _may_i,
    "SelfSubjectReview": _who,
    "SelfSubjectRulesReview": _rules,
    "SubjectAccessReview": _may_they,
    "TokenReview": _token,
}
