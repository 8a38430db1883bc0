"""How a refusal shows a value that is one of the API server's internal structs: every field, under its Go name, in Go's order.

A shape is a line of `field:kind`, or `field=GoName:kind` where the Go name isn't the field's with a capital. Kinds are `s` string, `i`
number, `b` truth, `*` whatever there is or null, `@NAME` a struct, `*NAME` a struct or null, `[NAME` a list of structs or null.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SHAPES = {
    "CSINodeDriver": "name:s nodeID:s topologyKeys:* allocatable:*VolumeNodeResources",
    "Taint": "key:s value:s effect:s timeAdded:*",
    "VolumeNodeResources": "count:*",
    "VolumeAttachmentSpec": "attacher:s source:@VolumeAttachmentSource nodeName:s",
    "VolumeAttachmentSource": "persistentVolumeName:* inlineVolumeSpec:*",
    "ParentReference": "group:s resource:s namespace:s name:s",
    "ServiceCIDRSpec": "cidrs=CIDRs:*",
    "FlowSchemaSpec": "priorityLevelConfiguration:@Named matchingPrecedence:i distinguisherMethod:*Typed rules:[PolicyRulesWithSubjects",
    "Named": "name:s",
    "Typed": "type:s",
    "PolicyRulesWithSubjects": "subjects:[Subject resourceRules:[ResourcePolicyRule nonResourceRules:[NonResourcePolicyRule",
    "Subject": "kind:s user:*Named group:*Named serviceAccount:*ServiceAccountSubject",
    "ServiceAccountSubject": "namespace:s name:s",
    "ResourcePolicyRule": "verbs:* apiGroups=APIGroups:* resources:* clusterScope:b namespaces:*",
    "NonResourcePolicyRule": "verbs:* nonResourceURLs:*",
    "PriorityLevelSpec": "type:s limited:*LimitedPriorityLevel exempt:*ExemptPriorityLevel",
    "LimitedPriorityLevel": "nominalConcurrencyShares:i limitResponse:@LimitResponse lendablePercent:* borrowingLimitPercent:*",
    "LimitResponse": "type:s queuing:*Queuing",
    "Queuing": "queues:i handSize:i queueLengthLimit:i",
    "ExemptPriorityLevel": "nominalConcurrencyShares:* lendablePercent:*",
    "ResourceClaimSpec": "devices:@DeviceClaim",
    "DeviceClaim": "requests:[DeviceRequest constraints:[DeviceConstraint config:[DeviceClaimConfiguration",
    "DeviceRequest": "name:s exactly:*ExactDeviceRequest firstAvailable:[DeviceSubRequest",
    "ExactDeviceRequest": "deviceClassName:s selectors:[DeviceSelector allocationMode:s count:i adminAccess:* "
    "tolerations:[DeviceToleration capacity:*CapacityRequirements",
    "DeviceSubRequest": "name:s deviceClassName:s selectors:[DeviceSelector allocationMode:s count:i tolerations:[DeviceToleration "
    "capacity:*CapacityRequirements",
    "DeviceSelector": "cel=CEL:*CELDeviceSelector",
    "CELDeviceSelector": "expression:s",
    "DeviceToleration": "key:s operator:s value:s effect:s tolerationSeconds:*",
    "CapacityRequirements": "requests:*",
    "DeviceConstraint": "requests:* matchAttribute:* distinctAttribute:*",
    "DeviceClaimConfiguration": "requests:* opaque:*OpaqueDeviceConfiguration",
    "OpaqueDeviceConfiguration": "driver:s parameters:*",
    "DeviceAttribute": "int=IntValue:* bool=BoolValue:* string=StringValue:* version=VersionValue:*",
    "SharedDeviceID": "driver:s pool:s device:s shareID:s",
}
ZEROS: dict[str, Any] = {"s": "", "i": 0, "b": False}


def of(shape: str, value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The struct of a shape with a value's fields, in order, as `checks.struct` takes it; None for none."""
    if value is None:
        return None
    return dict(_field(part, value) for part in SHAPES[shape].split())


def _field(part: str, value: Mapping[str, Any]) -> tuple[str, Any]:
    names, _, kind = part.rpartition(":")
    field, _, go = names.partition("=")
    return go or field[0].upper() + field[1:], _shown(kind, value.get(field))


def _shown(kind: str, value: Any) -> Any:
    sign, shape = kind[0], kind[1:]
    if sign == "[":
        return [of(shape, each) for each in value] if value else None
    if shape:
        return of(shape, (value or {}) if sign == "@" else value)
    if isinstance(value, dict):
        return dict(sorted(value.items())) or None
    return value if value is not None and value != [] else ZEROS.get(sign)
