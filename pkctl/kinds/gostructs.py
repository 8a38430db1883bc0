"""How a refusal shows a value that is one of the API server's internal structs: as JSON, every field under its Go name and in Go's order.

The structs are those of pkg/apis/*/types.go. Where upstream prints a value that has JSON names, `fields.invalid` does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

STRUCTS = {
    "Affinity": "NodeAffinity?NodeAffinity PodAffinity?PodAffinity PodAntiAffinity?PodAffinity",
    "AppArmorProfile": "Type LocalhostProfile?",
    "Capabilities": "Add? Drop?",
    "Claim": "Name Request",
    "ConfigMapEnvSource": "Name Optional?",
    "Container": "Name Image Command? Args? WorkingDir Ports?ContainerPort EnvFrom?EnvFromSource Env?EnvVar Resources=Resources "
    "ResizePolicy?ResizePolicy RestartPolicy? RestartPolicyRules?RestartRule VolumeMounts?VolumeMount VolumeDevices?VolumeDevice "
    "LivenessProbe?Probe ReadinessProbe?Probe StartupProbe?Probe Lifecycle?Lifecycle TerminationMessagePath TerminationMessagePolicy "
    "ImagePullPolicy SecurityContext?SecurityContext Stdin! StdinOnce! TTY!",
    "ContainerPort": "Name HostPort# ContainerPort# Protocol HostIP",
    "DNSConfig": "Nameservers? Searches? Options?DNSOption",
    "DNSOption": "Name Value?",
    "DownwardFile": "Path FieldRef?FieldRef ResourceFieldRef?ResourceFieldRef Mode?",
    "EnvFromSource": "Prefix ConfigMapRef?ConfigMapEnvSource SecretRef?ConfigMapEnvSource",
    "EnvVar": "Name Value ValueFrom?EnvVarSource",
    "EnvVarSource": "FieldRef?FieldRef ResourceFieldRef?ResourceFieldRef ConfigMapKeyRef?KeyRef SecretKeyRef?KeyRef FileKeyRef?FileKeyRef",
    "Exec": "Command?",
    "ExitCodes": "Operator Values?",
    "FieldRef": "APIVersion FieldPath",
    "FileKeyRef": "VolumeName Path Key Optional?",
    "GRPC": "Port# Service?",
    "HTTPGet": "Path Port# Host Scheme HTTPHeaders?HTTPHeader",
    "HTTPHeader": "Name Value",
    "Handler": "Exec?Exec HTTPGet?HTTPGet TCPSocket?TCPSocket Sleep?Sleep",
    "HostAlias": "IP Hostnames?",
    "KeyRef": "Name Key Optional?",
    "KeyToPath": "Key Path Mode?",
    "Lifecycle": "PostStart?Handler PreStop?Handler StopSignal?",
    "Named": "Name",
    "NodeAffinity": "RequiredDuringSchedulingIgnoredDuringExecution?NodeSelector PreferredDuringSchedulingIgnoredDuringExecution?Preferred",
    "NodeSelector": "NodeSelectorTerms?NodeTerm",
    "NodeTerm": "MatchExpressions?Requirement MatchFields?Requirement",
    "PodAffinity": "RequiredDuringSchedulingIgnoredDuringExecution?PodTerm PreferredDuringSchedulingIgnoredDuringExecution?WeightedTerm",
    "PodResourceClaim": "Name ResourceClaimName? ResourceClaimTemplateName?",
    "PodSecurityContext": "HostNetwork! HostPID! HostIPC! ShareProcessNamespace? HostUsers? SELinuxOptions?SELinux WindowsOptions?Windows "
    "RunAsUser? RunAsGroup? RunAsNonRoot? SupplementalGroups? SupplementalGroupsPolicy? FSGroup? Sysctls?Sysctl FSGroupChangePolicy? "
    "SeccompProfile?SeccompProfile AppArmorProfile?AppArmorProfile SELinuxChangePolicy?",
    "PodSpec": "Volumes?Volume InitContainers?Container Containers?Container EphemeralContainers?EphemeralContainer RestartPolicy "
    "TerminationGracePeriodSeconds? ActiveDeadlineSeconds? DNSPolicy NodeSelector? ServiceAccountName AutomountServiceAccountToken? "
    "NodeName SecurityContext?PodSecurityContext ImagePullSecrets?Named Hostname Subdomain SetHostnameAsFQDN? Affinity?Affinity "
    "SchedulerName Tolerations?Toleration HostAliases?HostAlias PriorityClassName Priority? PreemptionPolicy? DNSConfig?DNSConfig "
    "ReadinessGates?ReadinessGate RuntimeClassName? Overhead? EnableServiceLinks? TopologySpreadConstraints?Spread OS?Named "
    "SchedulingGates?Named ResourceClaims?PodResourceClaim Resources?Resources HostnameOverride? SchedulingGroup?",
    "PodTerm": "LabelSelector? Namespaces? TopologyKey NamespaceSelector? MatchLabelKeys? MismatchLabelKeys?",
    "Preferred": "Weight# Preference=NodeTerm",
    "Probe": "Exec?Exec HTTPGet?HTTPGet TCPSocket?TCPSocket GRPC?GRPC InitialDelaySeconds# TimeoutSeconds# PeriodSeconds# "
    "SuccessThreshold# FailureThreshold# TerminationGracePeriodSeconds?",
    "Projection": "Secret?ProjectedKeys DownwardAPI?ProjectedDownward ConfigMap?ProjectedKeys ServiceAccountToken?Token "
    "ClusterTrustBundle?TrustBundle PodCertificate?",
    "ProjectedDownward": "Items?DownwardFile",
    "ProjectedKeys": "Name Items?KeyToPath Optional?",
    "ReadinessGate": "ConditionType",
    "Requirement": "Key Operator Values?",
    "ResizePolicy": "ResourceName RestartPolicy",
    "ResourceFieldRef": "ContainerName Resource Divisor0",
    "Resources": "Limits? Requests? Claims?Claim",
    "RestartRule": "Action ExitCodes?ExitCodes",
    "SELinux": "User Role Type Level",
    "SeccompProfile": "Type LocalhostProfile?",
    "SecurityContext": "Capabilities?Capabilities Privileged? SELinuxOptions?SELinux WindowsOptions?Windows RunAsUser? RunAsGroup? "
    "RunAsNonRoot? ReadOnlyRootFilesystem? AllowPrivilegeEscalation? ProcMount? SeccompProfile?SeccompProfile "
    "AppArmorProfile?AppArmorProfile",
    "Sleep": "Seconds#",
    "Spread": "MaxSkew# TopologyKey WhenUnsatisfiable LabelSelector? MinDomains? NodeAffinityPolicy? NodeTaintsPolicy? MatchLabelKeys?",
    "Sysctl": "Name Value",
    "TCPSocket": "Port# Host",
    "TrustBundle": "Name? SignerName? LabelSelector? Optional? Path",
    "Token": "Audience ExpirationSeconds# Path",
    "Toleration": "Key Operator Value Effect TolerationSeconds?",
    "Volume": "Name HostPath?HostPath EmptyDir?EmptyDir GCEPersistentDisk?GCEDisk AWSElasticBlockStore?AWSDisk GitRepo?GitRepo "
    "Secret?Secret NFS?NFS ISCSI?ISCSI Glusterfs?Glusterfs PersistentVolumeClaim?VolumeClaim RBD?RBD Quobyte?Quobyte FlexVolume?Flex "
    "Cinder?Cinder CephFS?CephFS Flocker?Flocker DownwardAPI?Downward FC?FC AzureFile?AzureFile ConfigMap?ConfigMap VsphereVolume?Vsphere "
    "AzureDisk?AzureDisk PhotonPersistentDisk?Photon Projected?Projected PortworxVolume?Portworx ScaleIO?ScaleIO StorageOS?StorageOS "
    "CSI?CSI Ephemeral?Ephemeral Image?Image",
    "VolumeAffinity": "Required?NodeSelector",
    "VolumeDevice": "Name DevicePath",
    "VolumeMount": "Name ReadOnly! RecursiveReadOnly? MountPath SubPath MountPropagation? SubPathExpr",
    "WeightedTerm": "Weight# PodAffinityTerm=PodTerm",
    "Windows": "GMSACredentialSpecName? GMSACredentialSpec? RunAsUserName? HostProcess?",
    "AWSDisk": "VolumeID FSType Partition# ReadOnly!",
    "AzureDisk": "DiskName DataDiskURI CachingMode? FSType? ReadOnly? Kind?",
    "AzureFile": "SecretName ShareName ReadOnly!",
    "CSI": "Driver ReadOnly? FSType? VolumeAttributes? NodePublishSecretRef?Named",
    "CephFS": "Monitors? Path User SecretFile SecretRef?Named ReadOnly!",
    "Cinder": "VolumeID FSType ReadOnly! SecretRef?Named",
    "ClaimSpec": "AccessModes? Selector? Resources=ClaimResources VolumeName StorageClassName? VolumeMode? DataSource?TypedReference "
    "DataSourceRef?TypedReferenceInNamespace VolumeAttributesClassName?",
    "ClaimResources": "Limits? Requests?",
    "ConfigMap": "Name Items?KeyToPath DefaultMode? Optional?",
    "Downward": "Items?DownwardFile DefaultMode?",
    "EmptyDir": "Medium SizeLimit?",
    "Ephemeral": "VolumeClaimTemplate?ClaimTemplate",
    "FC": "TargetWWNs? Lun? FSType ReadOnly! WWIDs?",
    "Flex": "Driver FSType SecretRef?Named ReadOnly! Options?",
    "Flocker": "DatasetName DatasetUUID",
    "GCEDisk": "PDName FSType Partition# ReadOnly!",
    "GitRepo": "Repository Revision Directory",
    "Glusterfs": "EndpointsName Path ReadOnly!",
    "HostPath": "Path Type?",
    "ISCSI": "TargetPortal IQN Lun# ISCSIInterface FSType ReadOnly! Portals? DiscoveryCHAPAuth! SessionCHAPAuth! SecretRef?Named "
    "InitiatorName?",
    "Image": "Reference PullPolicy",
    "NFS": "Server Path ReadOnly!",
    "Photon": "PdID FSType",
    "Portworx": "VolumeID FSType ReadOnly!",
    "Projected": "Sources?Projection DefaultMode?",
    "Quobyte": "Registry Volume ReadOnly! User Group Tenant",
    "RBD": "CephMonitors? RBDImage FSType RBDPool RadosUser Keyring SecretRef?Named ReadOnly!",
    "ScaleIO": "Gateway System SecretRef?Named SSLEnabled! ProtectionDomain StoragePool StorageMode VolumeName FSType ReadOnly!",
    "Secret": "SecretName Items?KeyToPath DefaultMode? Optional?",
    "StorageOS": "VolumeName VolumeNamespace FSType ReadOnly! SecretRef?Named",
    "TypedReference": "APIGroup? Kind Name",
    "TypedReferenceInNamespace": "APIGroup? Kind Name Namespace?",
    "VolumeClaim": "ClaimName ReadOnly!",
    "Vsphere": "VolumePath FSType StoragePolicyName StoragePolicyID",
    "SuccessPolicy": "Rules?SuccessRule",
    "SuccessRule": "SucceededIndexes? SucceededCount?",
    "FailurePolicy": "Rules?FailureRule",
    "FailureRule": "Action OnExitCodes?FailureCodes OnPodConditions?FailurePattern",
    "FailureCodes": "ContainerName? Operator Values?",
    "FailurePattern": "Type Status",
    "UncountedTerminatedPods": "Succeeded? Failed?",
    "CSINodeDriver": "Name NodeID TopologyKeys? Allocatable?VolumeNodeResources",
    "Taint": "Key Value Effect TimeAdded?",
    "VolumeNodeResources": "Count?",
    "VolumeAttachmentSpec": "Attacher Source=VolumeAttachmentSource NodeName",
    "VolumeAttachmentSource": "PersistentVolumeName? InlineVolumeSpec?",
    "ParentReference": "Group Resource Namespace Name",
    "ServiceCIDRSpec": "CIDRs?",
    "FlowSchemaSpec": "PriorityLevelConfiguration=Named MatchingPrecedence# DistinguisherMethod?Typed Rules?PolicyRulesWithSubjects",
    "Typed": "Type",
    "PolicyRulesWithSubjects": "Subjects?Subject ResourceRules?ResourcePolicyRule NonResourceRules?NonResourcePolicyRule",
    "Subject": "Kind User?Named Group?Named ServiceAccount?ServiceAccountSubject",
    "ServiceAccountSubject": "Namespace Name",
    "ResourcePolicyRule": "Verbs? APIGroups? Resources? ClusterScope! Namespaces?",
    "NonResourcePolicyRule": "Verbs? NonResourceURLs?",
    "PriorityLevelSpec": "Type Limited?LimitedPriorityLevel Exempt?ExemptPriorityLevel",
    "LimitedPriorityLevel": "NominalConcurrencyShares# LimitResponse=LimitResponse LendablePercent? BorrowingLimitPercent?",
    "LimitResponse": "Type Queuing?Queuing",
    "Queuing": "Queues# HandSize# QueueLengthLimit#",
    "ExemptPriorityLevel": "NominalConcurrencyShares? LendablePercent?",
    "ResourceClaimSpec": "Devices=DeviceClaim",
    "DeviceClaim": "Requests?DeviceRequest Constraints?DeviceConstraint Config?DeviceClaimConfiguration",
    "DeviceRequest": "Name Exactly?ExactDeviceRequest FirstAvailable?DeviceSubRequest",
    "ExactDeviceRequest": "DeviceClassName Selectors?DeviceSelector AllocationMode Count# AdminAccess? Tolerations?DeviceToleration "
    "Capacity?CapacityRequirements",
    "DeviceSubRequest": "Name DeviceClassName Selectors?DeviceSelector AllocationMode Count# Tolerations?DeviceToleration "
    "Capacity?CapacityRequirements",
    "DeviceSelector": "CEL?CELDeviceSelector",
    "CELDeviceSelector": "Expression",
    "DeviceToleration": "Key Operator Value Effect TolerationSeconds?",
    "CapacityRequirements": "Requests?",
    "DeviceConstraint": "Requests? MatchAttribute? DistinctAttribute?",
    "DeviceClaimConfiguration": "Requests? Opaque?OpaqueDeviceConfiguration",
    "OpaqueDeviceConfiguration": "Driver Parameters?",
    "DeviceAttribute": "IntValue? BoolValue? StringValue? VersionValue?",
    "SharedDeviceID": "Driver Pool Device ShareID",
    "Strategy": "Type RollingUpdate?Rolling",
    "Rolling": "MaxUnavailable# MaxSurge#",
    "PartitionedStrategy": "Type RollingUpdate?Partitioned",
    "Partitioned": "Partition# MaxUnavailable?",
    "Event": "InvolvedObject=ObjectReference Reason Message Source=EventSource FirstTimestamp? LastTimestamp? Count# Type EventTime? "
    "Series?EventSeries Action Related?ObjectReference ReportingController ReportingInstance",
    "EventSeries": "Count# LastObservedTime?",
    "EventSource": "Component Host",
    "ObjectReference": "Kind Namespace Name UID APIVersion ResourceVersion FieldPath",
}  # fmt: skip
"""The fields of each struct in Go's order. After a name: nothing for a text, # a number, ! a truth, 0 a quantity, all shown when not
set; ? what is null then; and `=` a struct that always is there. The struct that a field holds, or a list of it, comes last."""

STRUCTS["EphemeralContainer"] = f"{STRUCTS['Container']} TargetContainerName"
ZEROS: dict[str, Any] = {"#": 0, "!": False, "0": "0", "?": None, "=": {}}
NAMES = {
    "CephFS": "cephfs", "CephMonitors": "monitors", "DataDiskURI": "diskURI", "DiscoveryCHAPAuth": "chapAuthDiscovery",
    "EndpointsName": "endpoints", "RBDImage": "image", "RBDPool": "pool", "RadosUser": "user", "SessionCHAPAuth": "chapAuthSession",
    "StorageOS": "storageos", "WWIDs": "wwids", "CIDRs": "cidrs", "BoolValue": "bool", "IntValue": "int", "StringValue": "string",
    "VersionValue": "version", "ReportingController": "reportingComponent",
}  # fmt: skip
"""JSON names that don't follow from Go's."""

SELECTOR = {"matchLabels", "matchExpressions"}
"""The one struct with JSON names among the maps, whose keys Go sorts."""

OF_POD = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")
"""Fields of a PodSpec that Go's own struct keeps in the security context."""


def template(found: Object) -> Object:
    """A pod template: its metadata has JSON names even in Go, and what isn't set is left out of it."""
    metadata = {name: value for name, value in (found.get("metadata") or {}).items() if value not in (None, {}, [])}
    return {**metadata, "Spec": shown("PodSpec", found.get("spec") or {})}


def shown(struct: str, found: Object) -> Object:
    """An object of the API as Go's struct of this name, ready to be shown as JSON."""
    if struct == "PodSpec":
        held = {name: found[name] for name in OF_POD if name in found}
        found = {**found, "securityContext": {**(found.get("securityContext") or {}), **held}}
    if struct == "ClaimTemplate":
        return {**(found.get("metadata") or {}), "Spec": shown("ClaimSpec", found.get("spec") or {})}
    return {name: _value(found.get(NAMES.get(name) or _json_name(name)), form, held) for name, form, held in _fields(STRUCTS[struct])}


def same(struct: str, one: Object, other: Object) -> bool:
    """Whether two objects are one struct to Go, where nothing and an empty list or map are the same."""
    return bool(_bare(shown(struct, one)) == _bare(shown(struct, other)))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(each) for name, each in value.items()} or None
    return [_bare(each) for each in value] or None if isinstance(value, list) else value


def _fields(text: str) -> list[tuple[str, str, str]]:
    """(name, form, struct held) of each field."""
    found = []
    for field in text.split():
        cut = next((place for place, char in enumerate(field) if char in ZEROS), len(field))
        found.append((field[:cut], field[cut : cut + 1], field[cut + 1 :]))
    return found


def _value(value: Any, form: str, held: str) -> Any:
    if value is None:
        value = ZEROS.get(form, "")
    if value is None:
        return value
    if not held:
        return dict(sorted(value.items())) if isinstance(value, dict) and not value.keys() & SELECTOR else value
    return [shown(held, each) for each in value] if isinstance(value, list) else shown(held, value)


def _json_name(name: str) -> str:
    """`dnsPolicy` of `DNSPolicy`, `tty` of `TTY`."""
    run = next((place for place, char in enumerate(name) if not char.isupper()), len(name))
    run = run if run in (1, len(name)) else run - 1
    return name[:run].lower() + name[run:]
